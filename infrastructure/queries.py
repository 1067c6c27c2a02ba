"""Queries of the user's own: SQL that can only read, for a limited time, for a limited number of rows.

The views of `schema.VIEWS` are what they are meant for, and stay as they are from version to version.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from time import monotonic
from typing import Any, cast

import attrs

from infrastructure import sqlite_errors, sqlite_file, store_url
from infrastructure.schema import SQLITE

SECONDS = 10
"""How long a query may take."""

ROWS = 10_000
"""How many rows it gives, unless more are asked for."""

LONGEST = 1_000_000
"""The longest text or statement, in bytes, that SQLite may make for a query."""

STEPS = 10_000
"""After how many of its steps SQLite asks whether the time is over."""


class BadQuery(Exception):
    """A query that cannot be run, or may not; the message says why."""


@attrs.frozen
class Answer:
    """The names of the columns, the rows, and whether there were more than asked for."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool


def answered(location: str, query: str, *, limit: int = ROWS, seconds: int = SECONDS) -> Answer:
    """What a query says of a store. Raises BadQuery, StoreUnusable or StoreDamaged."""
    place = store_url.parsed(location)
    if not query.strip(" ;\t\r\n"):
        raise BadQuery("expected a query such as: select * from v_balances_today")
    if "\0" in query:
        raise BadQuery("a query holds no zero bytes")
    if place.kind == SQLITE:
        return _of_file(cast("Path", place.path), query, limit, seconds)
    return _of_server(place, query.strip().rstrip(";"), limit, seconds)


def _answer(columns: Sequence[str], rows: Sequence[Sequence[Any]], limit: int) -> Answer:
    plain = tuple(tuple(_plain(value) for value in row) for row in rows[:limit])
    return Answer(tuple(columns), plain, len(rows) > limit)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


# --- SQLite -------------------------------------------------------------------------------------------------------

_READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
_BARRED = {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"}


def _permitted(action: int, _: str | None, name: str | None, __: str | None, ___: str | None) -> int:
    barred = action not in _READS or (action == sqlite3.SQLITE_FUNCTION and (name or "").lower() in _BARRED)
    return sqlite3.SQLITE_DENY if barred else sqlite3.SQLITE_OK


def _of_file(path: Path, query: str, limit: int, seconds: int) -> Answer:
    connect, _ = sqlite_file.prepare(path, create=False, writable=False)
    with closing(connect()) as connection:
        connection.execute("PRAGMA query_only = ON")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.set_authorizer(_permitted)
        connection.set_progress_handler(_over(seconds), STEPS)
        try:
            cursor = connection.execute(query)
            rows = cursor.fetchmany(limit + 1)
        except (sqlite3.Error, sqlite3.Warning, UnicodeError) as error:
            raise _told(error, str(path), seconds) from error
        if cursor.description is None:
            raise BadQuery(_ONLY_READS)
        return _answer([column[0] for column in cursor.description], rows, limit)


def _over(seconds: int) -> Callable[[], int]:
    end = monotonic() + seconds
    return lambda: int(monotonic() > end)


_ONLY_READS = "a query only reads: one SELECT over the views, such as v_entries or v_balances_today"
_TOO_LONG = "the query took longer than {seconds} seconds and was ended; narrow it with WHERE issuer = …"
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY}


def _told(error: Exception, name: str, seconds: int) -> Exception:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code == sqlite3.SQLITE_INTERRUPT:
        return BadQuery(_TOO_LONG.format(seconds=seconds))
    if code in (sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY) or "not authorized" in str(error) or "prohibited" in str(error):
        return BadQuery(_ONLY_READS)
    if code in _BROKEN:
        return sqlite_errors.explain(error, name)
    if "one statement" in str(error):
        return BadQuery("expected one query, got several")
    return BadQuery(f"the query cannot be run: {error}")


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


def _of_server(place: store_url.Place, query: str, limit: int, seconds: int) -> Answer:
    from infrastructure import postgresql
    from infrastructure.postgresql_errors import DRIVER_ERROR, sqlstate

    database = postgresql.opened(place, create=False, writable=False)
    try:
        with database.reading() as connection:
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{int(seconds)}s'")
            try:
                with postgresql.cursor(connection, "captable_query") as driver:
                    driver.execute(query)
                    rows = driver.fetchmany(limit + 1)
                    columns = [column.name for column in driver.description or ()]
            except DRIVER_ERROR as error:
                if sqlstate(error) == "57014":
                    raise BadQuery(_TOO_LONG.format(seconds=seconds)) from error
                if sqlstate(error)[:2] in ("42", "22", "25", "0A"):
                    raise BadQuery(f"the query cannot be run: {str(error).splitlines()[0]}") from error
                raise
    finally:
        database.close()
    return _answer(columns, rows, limit)
