"""Questions in plain SQL on a connection of SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import attrs
from sqlalchemy import Connection, TextClause, text

parsed: Callable[[str], TextClause] = lru_cache(maxsize=256)(text)
"""A statement in plain SQL as SQLAlchemy takes it."""


@attrs.frozen
class CoreAsking:
    """Questions within a transaction of SQLAlchemy's; `streamed` runs a query of any number of rows."""

    connection: Connection
    streamed: Callable[[Connection, str, dict[str, object]], Iterable[Sequence[Any]]]

    def ask(self, query: str, **given: object) -> Sequence[Sequence[Any]]:
        """The rows of a query, of which there are few."""
        return self.connection.execute(parsed(query), given).all()

    def stream(self, query: str, **given: object) -> Iterable[Sequence[Any]]:
        """The rows of a query one after the other, however many there are."""
        return self.streamed(self.connection, query, given)


def compiled(connection: Connection, query: str) -> str:
    """A query in the driver's own way of naming parameters."""
    return str(parsed(query).compile(dialect=connection.dialect))
