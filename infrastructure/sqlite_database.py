"""A store in an SQLite file, as a Database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import attrs

from infrastructure import schema, sqlite_errors, sqlite_file
from infrastructure.connection import Connection, Row
from infrastructure.database import Database
from infrastructure.store_url import Place


def opened(place: Place, *, create: bool, writable: bool) -> Database:
    """The database in a file. Raises StoreUnusable or StoreDamaged if it is not a store."""
    connect, version = sqlite_file.connector(cast("Path", place.path), create=create, writable=writable or create)
    return _database(place, connect, version)


def _database(place: Place, connect: sqlite_file.Connect, version: int) -> Database:
    pool = _Pool(connect)
    return Database(
        place.name, schema.SQLITE, version, sqlite3.Error, sqlite_errors.store_error, _examine, pool.begin, pool.close
    )


@contextmanager
def altering(place: Place) -> Iterator[tuple[Database, Connection]]:
    """A store of any version, and a transaction in which its schema is changed."""
    connect, _ = sqlite_file.connector(cast("Path", place.path), create=False, writable=True, any_version=True)
    database = _database(place, connect, 0)
    try:
        with database.writing() as connection:
            ((database.version,),) = connection.rows("PRAGMA user_version")
            yield database, connection
    finally:
        database.close()


class _Pool:
    """Connections to a file, kept open from one transaction to the next; meant for any number of threads."""

    def __init__(self, connect: sqlite_file.Connect) -> None:
        self._connect = connect
        self._idle: list[sqlite3.Connection] = []

    @contextmanager
    def begin(self, *, writes: bool) -> Iterator[Connection]:
        connection = self._idle.pop() if self._idle else self._connect()
        try:
            # A transaction that is to write has the file to itself from its start: what it reads stays true until it ends.
            connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            yield FileConnection(connection)
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


@attrs.frozen
class FileConnection:
    """A transaction of an SQLite file, on the driver's own connection."""

    driver: sqlite3.Connection
    driver_error: type[Exception] = sqlite3.Error

    def rows(self, query: str, **given: object) -> Sequence[Row]:
        """The rows of a query, of which there are few."""
        return self.driver.execute(query, given).fetchall()

    def stream(self, query: str, **given: object) -> Iterable[Row]:
        """The rows of a query one after the other, however many there are."""
        return self.driver.execute(query, given)

    def do(self, statement: str, **given: object) -> int:
        """Run a statement; how many rows it was about."""
        return self.driver.execute(statement, given).rowcount

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add rows to a table, given the names of their columns."""
        marks = ", ".join("?" * len(columns))
        self.driver.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608

    def explain(self, error: BaseException, name: str) -> Exception:
        """What an error of SQLite means for what is called `name`."""
        return sqlite_errors.store_error(error, name)

    def commit(self) -> None:
        """Make what was written last."""
        self.driver.execute("COMMIT")


def _examine(connection: Connection) -> Iterator[str]:
    for (finding,) in connection.rows("PRAGMA integrity_check(1)"):
        if finding != "ok":
            yield finding
