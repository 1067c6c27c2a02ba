"""What the use cases need of the world, as Protocols: met by shape in `infrastructure`, joined in `cli`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, Self

from domain.capital.entries import Draft, Entry, Viewpoint
from domain.capital.head import Conflict, Head, NoBook, StoreDamaged, StoreUnusable
from domain.restatement import Postings, Tabled

__all__ = ["Conflict", "EventStore", "Head", "NoBook", "StoreDamaged", "StoreUnusable"]


class EventStore(Protocol):
    """Books of entries, one per issuer, that are only ever added to."""

    def issuers(self) -> Sequence[str]:
        """The codes of the issuers that have a book here, in order of their codes."""

    def entries(self, issuer: str, after: int = 0) -> Iterator[Entry]:
        """The entries of a book with numbers above `after`, in order of number, each checked against the hash chain.

        Raises StoreDamaged at the first entry that does not fit its hash.
        """

    def head(self, issuer: str) -> Head:
        """The head of a book's hash chain."""

    def recorded(self, issuer: str, command_ids: Sequence[str]) -> dict[str, Entry]:
        """The entries of a book that carry these command ids, by id. Raises StoreDamaged where one does not fit its hash."""

    def identity(self, draft: Draft) -> str:
        """The command id that is made from what a fact says: its event, and the entry that it replaces."""

    def append(self, issuer: str, after: int, drafts: Sequence[Draft], postings: Postings | None = None) -> Sequence[Entry]:
        """Write the drafts as entries `after + 1` and on, all in one transaction or none, with the rows that they add.

        Without `postings` the book's table of them stays behind until it is built anew. The store sets the time: never
        earlier than the entry before. Raises Conflict where the book no longer ends at `after`, StoreUnusable where it
        cannot be written.
        """

    def alone(self, issuer: str) -> AbstractContextManager[Self]:
        """The store within one transaction in which nobody else writes to the book of an issuer; for a moment only.

        What is appended is there once it ends. Raises Conflict where the database turns it away.
        """

    def tabled(self, issuer: str, viewpoint: Viewpoint) -> Tabled | None:
        """What the tables say of a viewpoint; None where they are behind, and the book is to be folded instead."""
