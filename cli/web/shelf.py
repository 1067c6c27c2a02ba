"""The store of a server: it keeps the books that it has read and reads only what was added since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Lock

from cli.web.holders import Holder
from domain.capital.entries import Entry
from infrastructure import tokens
from infrastructure.contents import Contents
from infrastructure.database import Database
from infrastructure.event_store import SqlEventStore


class Shelf(SqlEventStore):
    """A store for many threads. Entries never change, so what was read and checked once is still true."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        super().__init__(database, clock)
        self._books: defaultdict[str, list[Entry]] = defaultdict(list)
        self._locks: defaultdict[str, Lock] = defaultdict(Lock)

    def entries(self, issuer: str, after: int = 0) -> Iterator[Entry]:
        """As of any store. A book is read, and found sound, before its first entry is given."""
        with self._locks[issuer]:
            book = self._books[issuer]
            if super().head(issuer).number > len(book):
                book.extend(super().entries(issuer, len(book)))
            end = len(book)
        # The list only grows: what is appended meanwhile lies behind `end`.
        return iter(book[after:end])

    def contents(self, issuer: str, number: int) -> Contents:
        """What a book contains, as known when entry `number` was the last."""
        return Contents(self._database, issuer, number)

    def holder(self, secret: str) -> Holder | None:
        """Who holds a token, if it is good now."""
        token = tokens.of_secret(self._database, secret, self._clock())
        return Holder(token.name, frozenset(token.issuers) or None, token.scope) if token else None
