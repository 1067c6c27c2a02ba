"""A connection within one transaction, in plain SQL: one text for every engine; parameters are named, as in `:issuer`.

On a file it needs nothing but the driver, for SQLAlchemy takes longer to import than most commands to run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

Row = Sequence[Any]


class Connection(Protocol):
    """What a transaction is asked and made to do. `explain` puts an exception, of root `driver_error`, in the project's words."""

    @property
    def driver_error(self) -> type[Exception]:
        """The root of the driver's exceptions."""

    def rows(self, query: str, **given: object) -> Sequence[Row]:
        """The rows of a query, of which there are few."""

    def stream(self, query: str, **given: object) -> Iterable[Row]:
        """The rows of a query one after the other, however many there are."""

    def do(self, statement: str, **given: object) -> int:
        """Run a statement; how many rows it was about."""

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Add rows to a table, given the names of their columns."""

    def explain(self, error: BaseException, name: str) -> Exception:
        """What an error means for what is called `name`: Conflict, StoreDamaged or StoreUnusable."""

    def commit(self) -> None:
        """Make what was written last; only `Database.writing` does so."""
