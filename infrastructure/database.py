"""A database that holds books: transactions that read, transactions that write, and errors in the project's words.

What one kind of database does in its own way is joined here; the rest of the store knows SQLAlchemy Core only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import QueuePool

from domain.book import StoreDamaged, StoreUnusable
from infrastructure import sqlite_errors, sqlite_file, tables


@attrs.frozen(eq=False)
class Database:
    """An open database. `name` is what messages call it; `driver_error` is the root of its driver's exceptions.

    `explain` turns such an exception into Conflict, StoreDamaged or StoreUnusable; `examine` yields what the
    database itself finds wrong with its storage; `insert` is the statement that adds a row of `tables.COLUMNS`.
    """

    name: str
    engine: Engine
    driver_error: type[Exception]
    explain: Callable[[BaseException, str], Exception]
    examine: Callable[[Connection], Iterator[str]]
    insert: str = attrs.field(init=False)

    @insert.default
    def _compiled_insert(self) -> str:
        # Compiled once: at a thousand rows a batch, building the statement anew would cost as much as running it.
        return str(tables.entries.insert().compile(dialect=self.engine.dialect))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database throughout."""
        with self.explained(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the right to write from its start, so that what it reads stays true."""
        with self.explained(), self.engine.execution_options(writes=True).begin() as connection:
            yield connection

    @contextmanager
    def explained(self) -> Iterator[None]:
        """No exception of the driver or of SQLAlchemy passes."""
        try:
            yield
        except DBAPIError as error:
            raise self.explain(error.orig or error, self.name) from error
        except self.driver_error as error:
            raise self.explain(error, self.name) from error

    def examined(self) -> None:
        """Raises StoreDamaged where the database finds its own storage broken."""
        with self.reading() as connection:
            for finding in self.examine(connection):
                raise StoreDamaged(f"{self.name} is damaged: {finding}")

    def close(self) -> None:
        """Give the connections back; the database is not to be used afterwards."""
        self.engine.dispose()


def open_database(location: str, *, create: bool, writable: bool) -> Database:
    """The database at a path or a `sqlite:///` URL. Raises StoreUnusable or StoreDamaged where it is not a store."""
    path = _path(location)
    engine = create_engine(
        "sqlite://",
        creator=sqlite_file.prepare(path, create=create, writable=writable or create),
        poolclass=QueuePool,
        max_overflow=-1,
    )
    event.listen(engine, "begin", _begin_sqlite)
    return Database(str(path), engine, sqlite3.Error, sqlite_errors.explain, _examine_sqlite)


def _path(location: str) -> Path:
    if "://" not in location:
        if not location or "\0" in location:
            raise StoreUnusable(f"expected the path of a store, got {location!r}")
        return Path(location)
    try:
        url = make_url(location)
    except ArgumentError:
        raise StoreUnusable("expected a path or a URL such as sqlite:///captable.db") from None
    if url.get_backend_name() != "sqlite" or not url.database or url.query:
        raise StoreUnusable(f"expected a path or a URL such as sqlite:///captable.db, got {url.render_as_string()}")
    return Path(url.database)


def _begin_sqlite(connection: Connection) -> None:
    # Python's driver begins a transaction only before a write, too late for a number read from the head to stay true.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _examine_sqlite(connection: Connection) -> Iterator[str]:
    for (finding,) in connection.exec_driver_sql("PRAGMA integrity_check(1)"):
        if finding != "ok":
            yield finding
