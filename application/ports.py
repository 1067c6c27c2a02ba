"""What the use cases need of the world, as Protocols: met by shape in `infrastructure`, joined in `cli`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from domain.book import Conflict, Head, StoreDamaged, StoreUnusable
from domain.history import Draft, Entry

__all__ = ["Conflict", "EventStore", "Head", "StoreDamaged", "StoreUnusable"]


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

    def recorded(self, issuer: str, command_ids: Sequence[str]) -> dict[str, int]:
        """Which of these commands the book already holds, and as which entry."""

    def append(self, issuer: str, after: int, drafts: Sequence[Draft]) -> Sequence[Entry]:
        """Write the drafts as entries `after + 1` and on, all in one transaction or none.

        The store sets the time: never earlier than the entry before. Raises Conflict where the book no longer ends at
        `after`, StoreUnusable where it cannot be written.
        """
