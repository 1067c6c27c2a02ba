"""The event store: books of entries in a database, one per issuer, written once and checked whenever they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Self

from domain.capital.entries import Draft, Entry, Viewpoint
from domain.capital.head import Head
from domain.restatement import Postings, Tabled
from infrastructure import book_reader, book_writer, checkpoints, event_codec, posting_table, rebuilding, schema
from infrastructure.book_writer import BookWriter
from infrastructure.database import Database
from infrastructure.opening import open_database
from infrastructure.stamps import stamp, stamped_day


def open_store(location: str, *, clock: Callable[[], datetime], create: bool = False, writable: bool = True) -> SqlEventStore:
    """The store at a path, or at a `sqlite:///` or `postgresql://` URL; `create` makes it where there is none.

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
        with self._database.asking() as asking:
            return book_reader.issuers(asking)

    def entries(self, issuer: str, after: int = 0) -> Iterator[Entry]:
        """The entries of a book with numbers above `after`, in order of number, each checked against the hash chain.

        Raises StoreDamaged at the first entry that does not fit its hash.
        """
        with self._database.asking() as asking:
            yield from book_reader.entries(self._database, asking, issuer, after)

    def head(self, issuer: str) -> Head:
        """The head of a book's hash chain, as its last entry says."""
        with self._database.asking() as asking:
            return book_reader.head(asking, issuer)

    def recorded(self, issuer: str, command_ids: Sequence[str]) -> dict[str, Entry]:
        """The entries of a book that carry these command ids, by id. Raises StoreDamaged where one does not fit its hash."""
        with self._database.asking() as asking:
            return book_reader.recorded(asking, issuer, command_ids)

    def identity(self, draft: Draft) -> str:
        """The command id that is made from what a fact says: its event, and the entry that it replaces."""
        return event_codec.identity(draft.event, draft.replaces)

    def append(self, issuer: str, after: int, drafts: Sequence[Draft], postings: Postings | None = None) -> Sequence[Entry]:
        """Write the drafts as entries `after + 1` and on, all in one transaction or none, with the rows that they add.

        Without `postings` the book's table of them stays behind until it is built anew. The store sets the time: never
        earlier than the entry before. Raises Conflict where the book no longer ends at `after`, or a command or a
        replaced entry is taken; StoreUnusable where it cannot be written.
        """
        if not drafts:
            return []
        batch = book_writer.append(BookWriter(self._database, issuer, self._clock), after, drafts, postings)
        return [draft.entered(number, batch.recorded_at) for number, draft in enumerate(drafts, batch.first)]

    def alone(self, issuer: str) -> AbstractContextManager[Self]:
        """The store within one transaction in which nobody else writes to the book of an issuer; for a moment only.

        What is appended is there once it ends. Raises Conflict where the database turns it away.
        """
        return self._alone(issuer)

    @contextmanager
    def _alone(self, issuer: str) -> Iterator[Self]:
        with self._database.alone(issuer) as held:
            yield type(self)(held, self._clock)

    def tabled(self, issuer: str, viewpoint: Viewpoint) -> Tabled | None:
        """What the tables say of a viewpoint; None where they are behind, and the book is to be folded instead."""
        if self._database.version < schema.VERSION:
            return None
        known_at = None if viewpoint.known_at is None else stamp(viewpoint.known_at)
        with self._database.asking() as asking:
            reach, sealed = checkpoints.reach(asking, issuer)
            number = posting_table.last_known(asking, issuer, known_at)
            if number > reach:
                return None
            as_of = stamped_day(viewpoint.as_of)
            totals = posting_table.totals(self._database, asking, issuer, as_of, number, sealed)
            standing = book_reader.picked(asking, issuer, posting_table.standing_in_effect(asking, issuer, number))
        return Tabled(totals, tuple(standing))

    def verified(self) -> dict[str, Head]:
        """The head of every book, after all of them were verified and the database found its own storage sound.

        Raises StoreDamaged.
        """
        self._database.examined()
        with self._database.asking() as asking:
            book_reader.no_strays(asking)
        return {issuer: self._verified(issuer) for issuer in self.issuers()}

    def verify(self, issuer: str) -> Head:
        """The head of a book after everything about it was recomputed.

        Beyond what `entries` checks: payloads are canonical, the columns copied from them agree, times never go back,
        only earlier entries are replaced, and the database finds its own storage sound. Raises StoreDamaged.
        """
        self._database.examined()
        return self._verified(issuer)

    def _verified(self, issuer: str) -> Head:
        with self._database.asking() as asking:
            return book_reader.verified_head(self._database, asking, issuer)

    def compare(self, issuer: str) -> int:
        """Up to which entry the tables derived from a book are there, after each row was compared with the fold.

        0 for a store of an earlier version, which has none. Raises StoreDamaged where a row is another.
        """
        if self._database.version < schema.VERSION:
            return 0
        return rebuilding.compared(self._database, issuer)

    def reach(self, issuer: str) -> int:
        """Up to which entry the tables derived from a book are there."""
        if self._database.version < schema.VERSION:
            return 0
        with self._database.asking() as asking:
            return checkpoints.reach(asking, issuer)[0]

    def rebuild(self, issuer: str) -> int:
        """Make the tables derived from a book anew, in one transaction; the last entry that they reach."""
        return rebuilding.rebuilt(self._database, issuer)
