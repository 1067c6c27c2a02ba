"""What the use cases need of the world, as Protocols: met by shape in `infrastructure`, joined in `cli`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Protocol, Self, TypeVar

from domain.capital.entries import Draft, Entry
from domain.capital.head import Head
from domain.capital.ledger import Ledger
from domain.errors import Conflict, NoBook, StoreDamaged, StoreUnusable
from domain.events import Event, FactProposed

__all__ = ["Conflict", "EventStore", "Head", "NoBook", "StoreDamaged", "StoreUnusable"]


T = TypeVar("T")


class EventStore(Protocol):
    """Books of entries, one per issuer, that are only ever added to."""

    def issuers(self) -> Sequence[str]:
        """The codes of the issuers that have a book here, in order of their codes."""

    def entries(self, issuer: str, after: int = 0) -> Iterator[Entry]:
        """The entries of a book with numbers above `after`, in order of number, each checked against the hash chain.

        Raises StoreDamaged at the first entry that does not match its hash.
        """

    def head(self, issuer: str) -> Head:
        """The head of a book's hash chain."""

    def recorded(self, issuer: str, command_ids: Sequence[str]) -> dict[str, Entry]:
        """The entries of a book that carry these command ids, by id. Raises StoreDamaged if one does not match its hash."""

    def identity(self, draft: Draft) -> str:
        """The command id that is made from what a fact says: its event, and the entry that it replaces."""

    def stored(self, event: Event) -> str:
        """A fact as it is stored, in a line: its stored name and its JSON."""

    def fact(self, proposed: FactProposed) -> Event:
        """The fact that waits. Raises ValueError where what is written is none."""

    def waiting(self, issuer: str, known_at: datetime | None = None) -> list[Entry]:
        """The entries of a book that wait for release, as known at an instant. Raises StoreDamaged as `numbered` does."""

    def ledger(
        self,
        issuer: str,
        *,
        since: date = date.max,
        until: date = date.max,
        known_at: datetime | None = None,
        number: int | None = None,
        types: Sequence[type[Event]] = (),
    ) -> Ledger:
        """The ledger of a book until a day, as known at an instant or when an entry was the last.

        It opens with the last position carried forward from before `since`, and can be asked about that day and later ones. Of
        what lies before it has the entries of some `types`, and whatever later entries replace or take up.
        Raises StoreDamaged if that position, or an entry that is read, does not match its hash.
        """

    def numbered(self, issuer: str, numbers: Sequence[int]) -> list[Entry]:
        """Some entries of a book, and those that replace them. Raises StoreDamaged if one does not match its hash."""

    def of_types(self, issuer: str, kinds: Sequence[type[Event]]) -> list[Entry]:
        """The entries of some types, and those that replace them, in order of number. Raises StoreDamaged as `numbered` does."""

    def selected(
        self,
        issuer: str,
        below: int,
        most: int,
        kinds: Collection[type[Event]] = (),
        since: date | None = None,
        until: date | None = None,
        naming: str | None = None,
    ) -> Sequence[int]:
        """The numbers of the last entries below a number, the last first, at most so many; what is left out restricts nothing.

        They are of some types and of days from one until another. Entries that do not name a code may be among them.
        """

    def append(self, issuer: str, after: int, drafts: Sequence[Draft]) -> Sequence[Entry]:
        """Write the drafts as entries `after + 1` and on, all in one transaction or none, and carry positions forward.

        The store sets the time: never earlier than the entry before. Raises Conflict if the book no longer ends at
        `after`, or a command or a replaced entry is taken; StoreUnusable where it cannot be written.
        """

    def in_turn(self, issuer: str, act: Callable[[Self], T]) -> T:
        """What `act` gives, done with the store within one transaction in which nobody else writes to the book of an issuer.

        What is appended is there once it ends. Where the database turns the transaction away `act` is done again; raises Conflict
        where that does not end.
        """
