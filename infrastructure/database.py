"""A database that holds books: transactions that ask, read and write, and errors in the project's words.

What one kind of database does in its own way is joined here; the rest of the store knows SQL and SQLAlchemy Core.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from domain.errors import MayBeRecorded, StoreDamaged, StoreUnreachable
from infrastructure import contention
from infrastructure.asking import Asking

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Row = Sequence[Any]
T = TypeVar("T")


@attrs.define(eq=False, slots=False)
class Database:
    """An open database. `name` is what messages call it; `kind` is the engine and `version` that of its schema.

    `explain` turns an exception of the driver, whose root is `driver_error`, into Conflict, StoreDamaged or
    StoreUnusable; `examine` yields what the database itself finds wrong with its storage; `insert` adds rows to a
    table, given names of columns; `asked_of` asks within a transaction of `reading` or `writing`; `queue` makes a
    transaction wait for others that write to the same book.
    """

    name: str
    kind: str
    version: int
    driver_error: type[Exception]
    explain: Callable[[BaseException, str], Exception]
    examine: Callable[[Asking], Iterator[str]]
    insert: Callable[[Connection, str, Sequence[str], Sequence[Row]], None]
    _make_engine: Callable[[], Engine]
    _asking: Callable[[Database], AbstractContextManager[Asking]]
    asked_of: Callable[[Connection], Asking]
    queue: Callable[[Connection, str], None]
    _close: Callable[[], None] = lambda: None

    @cached_property
    def engine(self) -> Engine:
        """SQLAlchemy's engine, made when it is first needed."""
        return self._make_engine()

    @contextmanager
    def asking(self) -> Iterator[Asking]:
        """A transaction for questions, which sees one state of the database throughout."""
        try:
            with self._asking(self) as asking:
                yield asking
        except self.driver_error as error:
            raise self.explain(error, self.name) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database throughout, for SQLAlchemy Core."""
        with self.explained(), self.engine.execution_options(reads=True).connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction in which what was read is still true when it ends; otherwise it ends in Conflict."""
        engine = self.engine.execution_options(writes=True)
        with self.explained(), engine.connect() as connection, connection.begin() as transaction:
            yield connection
            with self._committing():
                transaction.commit()

    @contextmanager
    def _committing(self) -> Iterator[None]:
        """Where the connection is lost now, only the database knows whether the transaction took place."""
        try:
            with self.explained():
                yield
        except StoreUnreachable as error:
            raise MayBeRecorded(f"{error}, during the commit: it may have been recorded; run the same command again") from error

    def outlasting(self, act: Callable[[], T]) -> T:
        """What a transaction of its own gives, tried again where the database turned it away."""
        return contention.outlasted(act)

    @contextmanager
    def alone(self, issuer: str) -> Iterator[Database]:
        """The database within one transaction, in which nobody else writes to the book of an issuer."""
        with self.writing() as connection:
            self.queue(connection, issuer)
            yield HeldDatabase(connection=connection, **{name.lstrip("_"): getattr(self, name) for name in _FIELDS})

    def do(self, connection: Connection, statement: str, **given: object) -> int:
        """Run a statement within a transaction of `writing`; how many rows it was about."""
        from infrastructure.core_asking import parsed

        return connection.execute(parsed(statement), given).rowcount

    @contextmanager
    def explained(self) -> Iterator[None]:
        """No exception of the driver or of SQLAlchemy passes."""
        from sqlalchemy.exc import DBAPIError

        try:
            yield
        except DBAPIError as error:
            raise self.explain(error.orig or error, self.name) from error
        except self.driver_error as error:
            raise self.explain(error, self.name) from error

    def examined(self) -> None:
        """Raises StoreDamaged where the database finds its own storage broken."""
        with self.asking() as asking:
            for finding in self.examine(asking):
                raise StoreDamaged(f"{self.name} is damaged: {finding}")

    def close(self) -> None:
        """Give the connections back; the database is not to be used afterwards."""
        if "engine" in self.__dict__:
            self.engine.dispose()
        self._close()


_FIELDS = tuple(field.name for field in attrs.fields(Database))


@attrs.define(eq=False, slots=False, kw_only=True)
class HeldDatabase(Database):
    """A database within one transaction that somebody else began and ends."""

    connection: Connection

    @contextmanager
    def asking(self) -> Iterator[Asking]:
        """The transaction itself."""
        yield self.asked_of(self.connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The transaction itself."""
        yield self.connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The transaction itself."""
        yield self.connection

    def outlasting(self, act: Callable[[], T]) -> T:
        """Once only: what was turned away takes the whole transaction with it."""
        return act()
