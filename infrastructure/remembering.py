"""A store for one command: it reads each entry once, however often the command asks for the book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from domain.capital.entries import Entry
from infrastructure.database import Database
from infrastructure.event_store import SqlEventStore


class RememberingStore(SqlEventStore):
    """A store that keeps the book it read last, and reads from the database only what was added to it since.

    Entries never change, so what was read and checked once is still true. A book is held whole, as whoever folds it would
    hold it; a store that stays open, or goes through many books, is better off without.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        super().__init__(database, clock)
        self._issuer = ""
        self._entries: list[Entry] = []

    def entries(self, issuer: str, after: int = 0) -> Iterator[Entry]:
        """As of any store; the whole book is read, and found sound, before its first entry is given."""
        if issuer != self._issuer:
            self._issuer, self._entries = issuer, []
        self._entries.extend(super().entries(issuer, len(self._entries)))
        yield from self._entries[after:]
