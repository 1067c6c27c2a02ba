"""The event store: books of entries in a database, one per issuer, written once and checked whenever they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from eventsourcing.persistence import StoredEvent
from sqlalchemy import func, select

from domain.book import Head
from domain.history import Draft, Entry
from infrastructure import book_reader
from infrastructure.database import Database, open_database
from infrastructure.event_codec import TYPE_NAMES, encode
from infrastructure.recorder import Envelope, SqlRecorder
from infrastructure.tables import entries as table

COMMANDS_PER_QUERY = 500
"""How many command ids one query asks for; databases limit the number of parameters."""


def open_store(location: str, *, clock: Callable[[], datetime], create: bool = False, writable: bool = True) -> SqlEventStore:
    """The store at a path or a `sqlite:///` URL; `create` makes it where there is none.

    `clock` tells the time of recording and must tell its time zone. Raises StoreUnusable where there is no store, the
    file is not one, or it cannot be written though `writable`; StoreDamaged where the file is broken.
    """
    return SqlEventStore(open_database(location, create=create, writable=writable), clock)


class SqlEventStore:
    """Books of entries, one per issuer, that are only ever added to; see `application.ports.EventStore`."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def __enter__(self) -> SqlEventStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database; the store is not to be used afterwards."""
        self._database.close()

    def issuers(self) -> Sequence[str]:
        """The codes of the issuers that have a book here, in order of their codes."""
        found = [""]
        with self._database.reading() as connection:
            # From one code to the next: DISTINCT would read every entry of every book.
            while code := connection.scalar(select(func.min(table.c.issuer)).where(table.c.issuer > found[-1])):
                found.append(code)
        return found[1:]

    def entries(self, issuer: str, after: int = 0) -> Iterator[Entry]:
        """The entries of a book with numbers above `after`, in order of number, each checked against the hash chain.

        Raises StoreDamaged at the first entry that does not fit its hash.
        """
        with self._database.reading() as connection:
            yield from book_reader.entries(self._database, connection, issuer, after)

    def head(self, issuer: str) -> Head:
        """The head of a book's hash chain, as its last entry says."""
        with self._database.reading() as connection:
            return book_reader.head(connection, issuer)

    def recorded(self, issuer: str, command_ids: Sequence[str]) -> dict[str, int]:
        """Which of these commands the book already holds, and as which entry."""
        columns = select(table.c.command_id, table.c.number).where(table.c.issuer == issuer)
        found: dict[str, int] = {}
        remaining = iter(command_ids)
        with self._database.reading() as connection:
            while chunk := list(islice(remaining, COMMANDS_PER_QUERY)):
                found.update(tuple(row) for row in connection.execute(columns.where(table.c.command_id.in_(chunk))))
        return found

    def append(self, issuer: str, after: int, drafts: Sequence[Draft]) -> Sequence[Entry]:
        """Write the drafts as entries `after + 1` and on, all in one transaction or none.

        The store sets the time: never earlier than the entry before. Raises Conflict where the book no longer ends at
        `after`, or a command or a replaced entry is taken; StoreUnusable where it cannot be written.
        """
        if not drafts:
            return []
        stored = [
            StoredEvent(issuer, number, TYPE_NAMES[type(draft.event)], encode(draft.event))
            for number, draft in enumerate(drafts, after + 1)
        ]
        batch = SqlRecorder(self._database, issuer, self._clock).record(stored, map(Envelope.of, drafts), after)
        return [_entry(draft, number, batch.recorded_at) for number, draft in enumerate(drafts, batch.first)]

    def verify(self, issuer: str) -> Head:
        """The head of a book after everything about it was recomputed.

        Beyond what `entries` checks: payloads are canonical, the columns copied from them agree, times never go back,
        only earlier entries are replaced, and the database finds its own storage sound. Raises StoreDamaged.
        """
        with self._database.reading() as connection:
            head = book_reader.verified_head(self._database, connection, issuer)
        self._database.examined()
        return head


def _entry(draft: Draft, number: int, recorded_at: datetime) -> Entry:
    return Entry(
        event=draft.event, recorded_by=draft.recorded_by, command_id=draft.command_id, source=draft.source,
        replaces=draft.replaces, number=number, recorded_at=recorded_at,
    )  # fmt: skip
