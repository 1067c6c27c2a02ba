"""A store in an SQLite file, as a Database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from infrastructure import schema, sqlite_errors, sqlite_file
from infrastructure.asking import Asking, FileAsking
from infrastructure.database import Database
from infrastructure.store.carried_forward import opening_row
from infrastructure.store_url import Place

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


def opened(place: Place, *, create: bool, writable: bool) -> Database:
    """The database in a file. Raises StoreUnusable or StoreDamaged where it is not a store."""
    connect, version = sqlite_file.prepare(cast("Path", place.path), create=create, writable=writable or create)
    return _database(place, connect, version)


def _database(place: Place, connect: sqlite_file.Connect, version: int) -> Database:
    readers = _Readers(connect)
    return Database(
        place.name, schema.SQLITE, version, sqlite3.Error, sqlite_errors.explain, _examine, _insert,
        partial(_engine, connect), readers.asking, _asked_of, _queue, readers.close,
    )  # fmt: skip


@contextmanager
def altering(place: Place) -> Iterator[tuple[Database, Connection]]:
    """A store of any version, and a transaction in which its schema is changed."""
    connect, _ = sqlite_file.prepare(cast("Path", place.path), create=False, writable=True, any_version=True)
    database = _database(place, connect, 0)
    try:
        with database.writing() as connection:
            database.version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            yield database, connection
    finally:
        database.close()


class _Readers:
    """Connections for questions, kept open from one to the next; meant for any number of threads."""

    def __init__(self, connect: sqlite_file.Connect) -> None:
        self._connect = connect
        self._idle: list[sqlite3.Connection] = []

    @contextmanager
    def asking(self, _: Database) -> Iterator[Asking]:
        connection = self._idle.pop() if self._idle else self._connect()
        try:
            connection.execute("BEGIN")
            yield FileAsking(connection)
            connection.execute("ROLLBACK")
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


def _engine(connect: sqlite_file.Connect) -> Engine:
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import QueuePool

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, max_overflow=-1)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    # Python's driver begins a transaction only before a write, too late for a number read from the head to stay true.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _examine(asking: Asking) -> Iterator[str]:
    for (finding,) in asking.ask("PRAGMA integrity_check(1)"):
        if finding != "ok":
            yield finding


def _asked_of(connection: Connection) -> Asking:
    return FileAsking(cast("sqlite3.Connection", connection.connection.driver_connection))


def _queue(connection: Connection, issuer: str) -> None:
    """Begin a book where there is none; a transaction that writes has the whole file to itself from its start."""
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    driver.execute("INSERT OR IGNORE INTO carried_forward VALUES (?, ?, ?, ?, ?, ?)", opening_row(issuer))


def _insert(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    marks = ", ".join("?" * len(columns))
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    driver.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608
