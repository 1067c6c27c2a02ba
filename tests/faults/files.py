"""A store's file in the hands of somebody who knows how it is made, and changes it past what protects it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from domain.errors import StoreDamaged
from infrastructure import schema
from infrastructure.event_store import open_store
from infrastructure.hash_chain import GENESIS, link
from infrastructure.schema import COLUMNS

GUARDS = [text.split()[2] for text in schema.TRIGGERS]

Rows = list[tuple[Any, ...]]


def rows_of(path: Path) -> Rows:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT * FROM entries ORDER BY number").fetchall()


def put(connection: sqlite3.Connection, rows: Rows) -> None:
    """Write these rows in place of all there are."""
    connection.execute("BEGIN")
    connection.execute("DELETE FROM entries")
    connection.executemany(f"INSERT INTO entries VALUES ({', '.join('?' * len(COLUMNS))})", rows)
    connection.execute("COMMIT")


@contextmanager
def unguarded(path: Path) -> Iterator[sqlite3.Connection]:
    """The file in the hands of somebody who knows how to take the triggers away, and puts them back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for guard in GUARDS:
            connection.execute(f"DROP TRIGGER {guard}")
        yield connection
        for text in schema.TRIGGERS:
            connection.execute(text)


def chained(rows: Rows, number: int, **said: Any) -> Rows:
    """Rows of which one says something else, and every hash from there on fits."""
    result, previous = [], GENESIS
    for row in rows:
        columns = dict(zip(COLUMNS[:-1], row[:-1], strict=True)) | (said if row[1] == number else {})
        previous = link(previous, cast("Any", tuple(columns.values())))
        result.append((*columns.values(), previous))
    return result


def rewrite(path: Path, number: int, **said: Any) -> None:
    """Have an entry say something else, and make every hash fit, and every position carried forward as far as there can be any."""
    rows = rows_of(path)
    with unguarded(path) as connection:
        put(connection, chained(rows, number, **said))
    rebuild(path)


def rebuild(path: Path) -> None:
    """Rebuild the positions carried forward of every book, as somebody who changes a book knows how to do."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM carried_forward")
    with suppress(StoreDamaged), open_store(str(path), clock=lambda: datetime.now(UTC)) as store:
        for issuer in store.issuers():
            store.rebuild(issuer)
