"""The event store: books of entries in a database, one per issuer, written once and checked whenever they are read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Self, TypeVar

import attrs

from domain.capital.entries import Draft, Entry
from domain.capital.head import Head
from domain.capital.ledger import Ledger
from domain.capital.position import Position
from domain.events import Event, FactProposed
from infrastructure import book_reader, book_writer, event_codec, schema
from infrastructure.book_writer import BookWriter
from infrastructure.database import Database
from infrastructure.opening import open_database
from infrastructure.stamps import stamp
from infrastructure.store import carried_forward, reading, recomputing

T = TypeVar("T")


def open_store(location: str, *, clock: Callable[[], datetime], create: bool = False, writable: bool = True) -> SqlEventStore:
    """The store at a path, or at a `sqlite:///` or `postgresql://` URL; `create` makes it if there is none.

    `clock` gives the time of recording and must have a time zone. Raises StoreUnusable if there is no store, the
    file is not one, or it cannot be written though `writable`; StoreDamaged where the file is broken.
    """
    return SqlEventStore(open_database(location, create=create, writable=writable), clock)


class SqlEventStore:
    """Books of entries, one per issuer, that are only ever added to; see `application.ports.EventStore`."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def __repr__(self) -> str:
        return f"<SqlEventStore {self._database.name}>"

    def __enter__(self) -> SqlEventStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database; the store is not to be used afterwards."""
        self._database.close()

    def issuers(self) -> Sequence[str]:
        """The codes of the issuers that have a book here, in order of their codes."""
        with self._database.reading() as connection:
            return book_reader.issuers(connection)

    def entries(self, issuer: str, after: int = 0) -> Iterator[Entry]:
        """The entries of a book with numbers above `after`, in order of number, each checked against the hash chain.

        Raises StoreDamaged at the first entry that does not match its hash.
        """
        with self._database.reading() as connection:
            yield from book_reader.entries(connection, issuer, after)

    def head(self, issuer: str) -> Head:
        """The head of a book's hash chain, as its last entry says."""
        with self._database.reading() as connection:
            return book_reader.head(connection, issuer)

    def recorded(self, issuer: str, command_ids: Sequence[str]) -> dict[str, Entry]:
        """The entries of a book that carry these command ids, by id. Raises StoreDamaged if one does not match its hash."""
        with self._database.reading() as connection:
            return book_reader.recorded(connection, issuer, command_ids)

    def identity(self, draft: Draft) -> str:
        """The command id that is made from what a fact says: its event, and the entry that it replaces."""
        return event_codec.identity(draft.event, draft.replaces)

    def stored(self, event: Event) -> str:
        """A fact as it is stored, in a line: its stored name and its JSON."""
        return event_codec.in_a_line(event)

    def fact(self, proposed: FactProposed) -> Event:
        """The fact that waits. Raises ValueError where what is written is none."""
        return event_codec.fact_of(proposed)

    def waiting(self, issuer: str, known_at: datetime | None = None) -> list[Entry]:
        """The entries of a book that wait for release, as known at an instant. Raises StoreDamaged as `numbered` does."""
        with self._database.reading() as connection:
            number = book_reader.last_known(connection, issuer, None if known_at is None else stamp(known_at))
            if self._database.version < schema.VERSION:
                return book_reader.waiting(connection, issuer, number)
            return reading.waiting(connection, issuer, number)

    def append(self, issuer: str, after: int, drafts: Sequence[Draft]) -> Sequence[Entry]:
        """Write the drafts as entries `after + 1` and on, all in one transaction or none, and carry positions forward.

        The store sets the time: never earlier than the entry before. Raises Conflict if the book no longer ends at
        `after`, or a command or a replaced entry is taken; StoreUnusable where it cannot be written.
        """
        if not drafts:
            return []
        batch = book_writer.append(BookWriter(self._database, issuer, self._clock), after, drafts)
        return [draft.entered(number, batch.recorded_at) for number, draft in enumerate(drafts, batch.first)]

    def in_turn(self, issuer: str, act: Callable[[Self], T]) -> T:
        """What `act` gives, done with the store within one transaction in which nobody else writes to the book of an issuer.

        What is appended is there once it ends. Where the database turns the transaction away `act` is done again; raises Conflict
        where that does not end.
        """
        return self._database.in_turn(issuer, lambda held: act(type(self)(self._database.within(held), self._clock)))

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
        with self._database.reading() as connection:
            known = book_reader.last_known(connection, issuer, None if known_at is None else stamp(known_at))
            number = known if number is None else min(known, number)
            if self._database.version < schema.VERSION:
                entries = book_reader.entries(connection, issuer, 0)
                return Ledger.of(entry for entry in entries if entry.number <= number)
            found = reading.ledger(connection, issuer, number, since, until, types)
        return attrs.evolve(found, earlier=lambda day: self._position(issuer, day, found.number))

    def _position(self, issuer: str, day: date, number: int) -> Position:
        following = day if day == date.max else day + timedelta(days=1)
        return self.ledger(issuer, since=following, until=day, number=number).at(day)

    def numbered(self, issuer: str, numbers: Sequence[int]) -> list[Entry]:
        """Some entries of a book, and those that replace them. Raises StoreDamaged if one does not match its hash."""
        with self._database.reading() as connection:
            found = [*book_reader.picked(connection, issuer, numbers), *book_reader.replacing(connection, issuer, numbers)]
        return list({entry.number: entry for entry in found}.values())

    def of_types(self, issuer: str, kinds: Sequence[type[Event]]) -> list[Entry]:
        """The entries of some types, and those that replace them, in order of number.

        Raises StoreDamaged if one does not match its hash, or is missing from those that the positions carried forward count.
        """
        with self._database.reading() as connection:
            if self._database.version < schema.VERSION:
                return book_reader.of_types(connection, issuer, [event_codec.TYPE_NAMES[kind] for kind in kinds])
            return reading.of_kinds(connection, issuer, kinds)

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

        They are of some types and of days from one until another. Entries whose text lacks a code to name are left out.
        """
        names = [event_codec.TYPE_NAMES[kind] for kind in kinds]
        with self._database.reading() as connection:
            return book_reader.selected(
                connection, self._database.kind, issuer, below, most, types=names, since=since, until=until, naming=naming
            )

    def verified(self) -> dict[str, Head]:
        """The head of every book, after everything about its entries was recomputed, and the database found its storage sound.

        Beyond what `entries` checks: payloads are canonical, the columns copied from them agree, times never go back, only
        earlier entries are replaced, and each position carried forward is that of the fold; a store of an earlier version has
        none. Raises StoreDamaged, and Impossible if a book does not fold.
        """
        self._database.examined()
        with self._database.reading() as connection:
            book_reader.no_strays(connection, self._database.version)
        return {issuer: self._compared(issuer) for issuer in self.issuers()}

    def _compared(self, issuer: str) -> Head:
        with self._database.reading() as connection:
            head, entries = book_reader.verified(connection, issuer)
            kept = None if self._database.version < schema.VERSION else recomputing.rows_of(connection, issuer)
        recomputing.compare(issuer, entries, kept)
        return head

    def rebuild(self, issuer: str) -> int:
        """Rebuild the positions that a book carries forward, in one transaction; how many entries it has."""
        with self._database.writing() as connection:
            return carried_forward.rebuilt(connection, issuer)
