"""Queries of the user's own, in SQL, over tables made in memory: nothing that a query does can reach the store.

The statement is held to reading by SQLite's authorizer, to its time by a thread that is not waited for, to its memory by
SQLite's limit on the heap, and to its answer by a number of rows and bytes.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import attrs

from domain import errors
from infrastructure.query_tables import TABLES, QueriedBook, QueryTable, Row
from infrastructure.whole_file import kept_from, passing_name

SECONDS = 10
"""How long a query may take."""

STEPS = 10_000
"""After how many of its steps SQLite asks whether the time is over."""

ROWS = 10_000
"""How many rows a query gives, unless more are asked for."""

MEMORY = 1 << 30
"""How many bytes SQLite may use for the tables and a query over them. SQLite can only lower it, for the whole process."""

ANSWER = 64 << 20
"""How many bytes the rows of an answer may have."""

_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 16 << 20,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 1_000_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}

EXPORTED = 0x63617071
"""What the header of a file that was exported says at byte 68: `capq`. Such a file is no store."""


Result = TypeVar("Result")


class RefusedQuery(errors.BadInput):
    """A query that cannot be run, or may not; the message says why."""


@attrs.frozen
class Found:
    """The names of the columns, the rows, and whether there were more than asked for."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool


def answered(query: str, books: Iterable[QueriedBook], *, limit: int = ROWS, seconds: int = SECONDS) -> Found:
    """The rows of a query over the tables of some books; those are read only where the query names a table.

    Raises BadQuery, and what reading the books raises.
    """
    if not query.strip(" ;\t\r\n"):
        raise RefusedQuery("expected a query such as: select * from balances")
    if "\0" in query:
        raise RefusedQuery("a query holds no zero bytes")
    try:
        connection = _in_memory()
        named = _within(seconds, connection, lambda: _named(connection, query))
        if named:
            _fill(connection, [table for table in TABLES if table.name in named], books)
        answer = _within(seconds, connection, lambda: _answer(connection, query, limit))
    except MemoryError as error:
        raise RefusedQuery(_TOO_MUCH.format(most=MEMORY >> 20)) from error
    connection.close()
    return answer


def _in_memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    for pragma in (f"hard_heap_limit = {MEMORY}", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    for kind, most in _LIMITS.items():
        connection.setlimit(kind, most)
    _make(connection)
    return connection


# --- the tables -----------------------------------------------------------------------------------------------------


def _make(connection: sqlite3.Connection) -> None:
    for table in TABLES:
        columns = ", ".join(f"{each.name} {each.type}" for each in table.columns)
        key = ", ".join(each.name for each in table.columns[: table.key])
        connection.execute(f"CREATE TABLE {table.name} ({columns}, PRIMARY KEY ({key}))")


def _fill(connection: sqlite3.Connection, tables: Iterable[QueryTable], books: Iterable[QueriedBook]) -> None:
    """Write the rows of some books into tables. Raises BadQuery for a number that SQL cannot hold."""
    connection.set_authorizer(None)
    connection.set_progress_handler(None, STEPS)
    wanted = [(table, f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(table.columns))})") for table in tables]  # noqa: S608
    connection.execute("BEGIN")
    for book in books:
        for table, statement in wanted:
            connection.executemany(statement, _held(table, book))
    connection.execute("COMMIT")


def _held(table: QueryTable, book: QueriedBook) -> Iterator[Row]:
    for row in table.rows(book):
        for column, value in zip(table.columns, row, strict=True):
            if isinstance(value, int) and value.bit_length() > _BITS:
                named = ", ".join(str(each) for each in row[: table.key])
                raise RefusedQuery(
                    f"{table.name} ({named}): {column.name} is {value:,}; a whole number in SQL is below 2^{_BITS}"
                )
        yield row


_BITS = 63


# --- the query ------------------------------------------------------------------------------------------------------

_READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
_BARRED = {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"}


def _permitted(action: int, first: str | None, second: str | None, _: str | None, __: str | None) -> int:
    if action == sqlite3.SQLITE_FUNCTION:
        allowed = (second or "").lower() not in _BARRED
    else:
        # The second is what SQLite asks before it lets json_each be read; to write that table takes a PRAGMA.
        allowed = action in _READS or (action, first) == (sqlite3.SQLITE_UPDATE, "sqlite_master")
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _named(connection: sqlite3.Connection, query: str) -> set[str]:
    """The tables that a query names: it is compiled, and not run."""
    named: set[str] = set()

    def noted(action: int, first: str | None, *rest: str | None) -> int:
        if action == sqlite3.SQLITE_READ:
            named.add(first or "")
        return _permitted(action, first, *rest)

    connection.set_authorizer(noted)
    connection.execute(f"EXPLAIN {query}").close()
    return named


def _answer(connection: sqlite3.Connection, query: str, limit: int) -> Found:
    connection.set_authorizer(_permitted)
    cursor = connection.execute(query)
    columns = tuple(column[0] for column in cursor.description)
    rows: list[tuple[Any, ...]] = []
    size = 0
    for row in cursor:
        if len(rows) == limit:
            return Found(columns, tuple(rows), more=True)
        rows.append(tuple(map(_plain, row)))
        size += sum(len(str(value)) for value in rows[-1])
        if size > ANSWER:
            raise RefusedQuery(f"the answer is longer than {ANSWER:,} characters; select fewer columns or rows")
    return Found(columns, tuple(rows), more=False)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def _within(seconds: int, connection: sqlite3.Connection, work: Callable[[], Result]) -> Result:
    """What some work on a connection gives. It is done in a thread of its own, which is left behind where it does not end.

    Between its steps SQLite asks whether the time is over; within a call of a function, or while it compiles, it does not.
    Raises BadQuery if the work cannot be done, or takes longer.
    """
    over = threading.Event()
    connection.set_progress_handler(over.is_set, STEPS)
    done: Future[Result] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        return done.result(timeout=seconds)
    except TimeoutError:
        raise RefusedQuery(_TOO_LONG.format(seconds=seconds)) from None
    except (sqlite3.Error, sqlite3.Warning, UnicodeError) as error:
        raise RefusedQuery(_said(error)) from error
    finally:
        over.set()


_ONLY_READS = "a query only reads: one SELECT over the tables that captable query -h lists"
_TOO_LONG = "the query took longer than {seconds} seconds and was stopped; narrow it with WHERE issuer = …"
_TOO_MUCH = "the query and its tables need more than {most:,} MB; narrow it, or use captable export --sqlite FILE"


def _said(error: Exception) -> str:
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_AUTH or "not authorized" in str(error):
        return _ONLY_READS
    if "one statement" in str(error):
        return "expected one query, got several"
    lists = (
        "; captable query -h lists the tables and their columns"
        if str(error).startswith(("no such column", "no such table"))
        else ""
    )
    return f"the query cannot be run: {error}{lists}"


# --- a file ---------------------------------------------------------------------------------------------------------


def exported(path: Path, books: Iterable[QueriedBook]) -> int:
    """Write the tables of some books to an SQLite file, whole or not at all; the number of entries.

    An earlier export is replaced. Raises BadQuery if another file is in the way, and OSError.
    """
    if path.exists() and _application_of(path) != EXPORTED:
        raise RefusedQuery(f"{path} exists and is not an export of captable; name another file")
    if not path.exists() and (reason := kept_from(path)):
        raise RefusedQuery(f"{path} is {reason}; name another file")
    beside = passing_name(path)
    try:
        with closing(sqlite3.connect(beside, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA application_id = {EXPORTED}")
            _make(connection)
            _fill(connection, TABLES, books)
            (number,) = connection.execute("SELECT COUNT(*) FROM entries").fetchone()
        beside.replace(path)
    except sqlite3.Error as error:
        raise OSError(getattr(error, "errno", 0) or 0, str(error), str(path)) from error
    finally:
        beside.unlink(missing_ok=True)
        beside.with_name(f"{beside.name}-journal").unlink(missing_ok=True)
    return int(number)


def _application_of(path: Path) -> int | None:
    """What the header of an SQLite file says of the program that made it; None for another file."""
    with path.open("rb") as opened:
        header = opened.read(72)
    return int.from_bytes(header[68:72], "big") if header.startswith(b"SQLite format 3\0") else None
