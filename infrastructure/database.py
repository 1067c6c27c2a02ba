"""A database that holds books: transactions that read and write, and errors in the project's words.

What one kind of database does in its own way is joined here; the rest of the store knows plain SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

import attrs

from domain.errors import MayBeRecorded, StoreDamaged, StoreUnreachable
from infrastructure import contention, schema
from infrastructure.connection import Connection
from infrastructure.store import carried_forward

T = TypeVar("T")


@attrs.define(eq=False)
class Database:
    """An open database. `name` is what messages call it; `kind` is the engine and `version` that of its schema.

    `begin` begins a transaction, that `writes` or only reads, and takes it back unless it was committed. `explain` turns an
    exception of the driver, whose root is `driver_error`, into Conflict, StoreDamaged or StoreUnusable; `examine` yields what
    the database itself finds wrong with its storage. With `held` everything runs in that transaction.
    """

    name: str
    kind: str
    version: int
    driver_error: type[Exception]
    explain: Callable[[BaseException, str], Exception]
    examine: Callable[[Connection], Iterator[str]]
    begin: Callable[..., AbstractContextManager[Connection]]
    close: Callable[[], None]
    held: Connection | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database throughout."""
        if self.held is not None:
            yield self.held
            return
        with self.explained(), self.begin(writes=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes; it is there once it ends."""
        with self.explained(), self.begin(writes=True) as connection:
            yield connection
            with self._committing():
                connection.commit()

    @contextmanager
    def _committing(self) -> Iterator[None]:
        """Where the connection is lost now, only the database knows whether the transaction took place."""
        try:
            with self.explained():
                yield
        except StoreUnreachable as error:
            raise MayBeRecorded(f"{error}, during the commit: it may have been recorded; run the same command again") from error

    def in_turn(self, issuer: str, act: Callable[[Connection], T]) -> T:
        """What `act` gives, done in one transaction in which nobody else writes to the book of an issuer.

        The only place where a transaction is tried again, with all that was read in it: where the database turned it away.
        Raises Conflict if that does not end.
        """
        if self.held is not None:
            return act(self.held)

        def attempt() -> T:
            with self.writing() as connection:
                carried_forward.wait(connection, issuer)
                return act(connection)

        return contention.outlasted(attempt)

    def within(self, connection: Connection) -> Database:
        """The database within one transaction that somebody else began and ends."""
        return attrs.evolve(self, held=connection)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """No exception of the driver passes."""
        try:
            yield
        except self.driver_error as error:
            raise self.explain(error, self.name) from error

    def examined(self) -> None:
        """Raises StoreDamaged if the database finds its own storage broken."""
        with self.reading() as connection:
            # A store of version 1 says nowhere but in its header which it is.
            if self.version > 1 and [tuple(row) for row in connection.rows(_VERSIONS)] != [(str(self.version),)]:
                raise StoreDamaged(f"{self.name} is damaged: {schema.VERSION_TABLE_NAME} does not say version {self.version}")
            for finding in self.examine(connection):
                raise StoreDamaged(f"{self.name} is damaged: {finding}")


_VERSIONS = f"SELECT version_num FROM {schema.VERSION_TABLE_NAME}"  # noqa: S608
