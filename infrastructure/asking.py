"""Questions to a database in plain SQL, one text for every engine; parameters are named, as in `:issuer`.

What is asked often or by short-lived commands goes this way, for on a file it needs nothing but the driver: SQLAlchemy
takes longer to import than the whole question to answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import attrs


class Asking(Protocol):
    """A transaction in which questions are asked."""

    def ask(self, query: str, **given: object) -> Sequence[Sequence[Any]]:
        """The rows of a query, of which there are few."""

    def stream(self, query: str, **given: object) -> Iterable[Sequence[Any]]:
        """The rows of a query one after the other, however many there are."""


@attrs.frozen
class FileAsking:
    """Questions to an SQLite file, on the driver's own connection."""

    connection: sqlite3.Connection

    def ask(self, query: str, **given: object) -> Sequence[Sequence[Any]]:
        """The rows of a query, of which there are few."""
        return self.connection.execute(query, given).fetchall()

    def stream(self, query: str, **given: object) -> Iterable[Sequence[Any]]:
        """The rows of a query one after the other, however many there are."""
        return self.connection.execute(query, given)
