"""A store in an SQLite file: finding out whether it is one, making it, and connecting to it.

A store may come from anybody, so nothing in the file may choose code: a file whose schema holds anything but what
this module makes is refused before its table is read.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from time import sleep
from urllib.parse import quote

from domain.errors import NoStore, StoreDamaged, StoreUnusable
from infrastructure import schema, whole_file
from infrastructure.schema import SQLITE
from infrastructure.sqlite_errors import store_error

APPLICATION_ID = 0x63617074
"""What the header of every store says at byte 68: `capt`."""

BUSY_SECONDS = 10
"""How long a writer waits for another one."""

# What ANALYZE leaves behind: numbers about the indexes, which choose no code.
STATISTICS = {
    ("table", f"sqlite_stat{n}", f"sqlite_stat{n}", f"createtablesqlite_stat{n}({columns})")
    for n, columns in ((1, "tbl,idx,stat"), (4, "tbl,idx,neq,nlt,ndlt,sample"))
}

_NO_PLACE_FOR_LOG = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}

PRAGMAS = ("synchronous = FULL", "trusted_schema = OFF", "cell_size_check = ON", "cache_size = -32000")

Connect = Callable[[], sqlite3.Connection]


def connector(path: Path, *, create: bool, writable: bool, any_version: bool = False) -> tuple[Connect, int]:
    """A function that connects to the store in a file, which has been checked, or made where `create` says so; its version.

    Raises StoreUnusable if there is none, it is not ours, or it cannot be written, which a store of an earlier version
    cannot unless `any_version`; StoreDamaged where it is broken.
    """
    try:
        _check_path(path, create=create, writable=writable)
        if create:
            _make(path)
        connect = partial(_connect, path, "mode=rw") if writable else _reading(path)
        version = _check_contents(path, connect)
    except sqlite3.Error as error:
        raise store_error(error, str(path)) from error
    except UnicodeError as error:
        # SQLite quotes what it cannot read in its message, and Python cannot read that.
        raise StoreDamaged(f"{path} is damaged: its schema is no text") from error
    except OSError as error:
        raise StoreUnusable(f"{path} cannot be opened: {error.strerror}") from error
    if writable and version < schema.VERSION and not any_version:
        raise StoreUnusable(schema.OLDER.format(name=path, version=version))
    return connect, version


# --- before connecting --------------------------------------------------------------------------------------------


def _check_path(path: Path, *, create: bool, writable: bool) -> None:
    if path.is_dir():
        raise StoreUnusable(f"{path} is a folder, not a captable store")
    if path.exists():
        if writable and not _may_write(path):
            raise StoreUnusable(f"{path} is read-only")
        # SQLite keeps the last entries in a file named after the store: through another name they are not seen, and lost.
        if path.is_file() and _has_a_second_name(path):
            raise StoreUnusable(f"{path} has a second name (a hard link): through two names entries are lost; remove one")
    elif not create:
        raise NoStore(f"there is no store at {path}")
    elif not path.absolute().parent.is_dir():
        raise StoreUnusable(f"{path} cannot be made: there is no folder {path.absolute().parent}")
    elif reason := whole_file.kept_from(path) or whole_file.taken_for_part(path):
        # A store under the name of another's journal or log is taken for it, and entries are lost.
        raise StoreUnusable(f"{path} is {reason}; name another file")


def _has_a_second_name(path: Path) -> bool:
    """Whether a file has another name than the passing one under which it was made."""
    for _ in range(BUSY_SECONDS * 20):
        if path.stat().st_nlink == 1:
            return False
        if not whole_file.forget_passing_names(path):
            break
        sleep(1 / 20)
    return path.stat().st_nlink > 1


def _may_write(path: Path) -> bool:
    # The permission bits are asked as well, because they bind everybody but root.
    return bool(path.stat().st_mode & 0o222) and os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _connect(path: Path, options: str, pragmas: tuple[str, ...] = ()) -> sqlite3.Connection:
    address = f"file:{quote(os.fsencode(path.absolute()))}?{options}"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        for pragma in PRAGMAS + pragmas:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _reading(path: Path) -> Connect:
    """How to read: a read-only connection leaves its log file behind, so only where writing is not permitted."""
    if _may_write(path) and _may_write(path.absolute().parent):
        return partial(_connect, path, "mode=rw", ("query_only = ON",))
    connect = partial(_connect, path, "mode=ro")
    try:
        _read_header(connect)
    except sqlite3.OperationalError as error:
        log = Path(f"{path}-wal")
        if error.sqlite_errorcode & 0xFF not in _NO_PLACE_FOR_LOG:
            raise
        if log.exists() and log.stat().st_size:
            raise StoreUnusable(
                f"{path} cannot be read here: its last entries are in {log.name} and the folder is read-only; copy both elsewhere"
            ) from error
        # In a folder that cannot be written SQLite finds no place for its index of the log; without a log none is needed.
        return partial(_connect, path, "mode=ro&immutable=1")
    return connect


# --- what is in the file --------------------------------------------------------------------------------------------

Schema = set[tuple[str, str, str, str]]


def _schema(connection: sqlite3.Connection) -> Schema:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    return {(kind, name, table, schema.plain(str(sql or ""))) for kind, name, table, sql in rows}


@cache
def _expected_schema(version: int) -> frozenset[tuple[str, str, str, str]]:
    connection = sqlite3.connect(":memory:")
    try:
        for statement in schema.statements(SQLITE, version):
            connection.execute(statement)
        return frozenset(_schema(connection))
    finally:
        connection.close()


def _identity(connection: sqlite3.Connection) -> tuple[int, int]:
    application, version = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    return application, version


def _read_header(connect: Connect) -> tuple[int, int]:
    connection = connect()
    try:
        return _identity(connection)
    finally:
        connection.close()


def _check_contents(path: Path, connect: Connect) -> int:
    connection = connect()
    try:
        application, version = _identity(connection)
        if application != APPLICATION_ID:
            raise StoreUnusable(f"{path} is not a captable store")
        if not 1 <= version <= schema.VERSION:
            raise StoreUnusable(f"{path} is a store of version {version}; this program reads version {schema.VERSION}")
        if _schema(connection) - STATISTICS != _expected_schema(version):
            raise StoreUnusable(f"{path} is not a captable store as it was made: its tables or triggers were changed")
        return version
    finally:
        connection.close()


def _make(path: Path) -> None:
    """Make a store if there is none, under a passing name, so that no half of one is ever there; or fill an empty file."""
    if path.exists():
        _fill(path)
        return
    # A symbolic link to nothing stays one: the store is made where it leads.
    target = Path(os.path.realpath(path))
    passing = whole_file.passing_name(target)
    try:
        _fill(passing)
        # Where another process was faster, its store is the one.
        whole_file.settle(passing, target)
    finally:
        for left in ("", *whole_file.BESIDE):
            Path(f"{passing}{left}").unlink(missing_ok=True)


def _fill(path: Path) -> None:
    """Write the schema into an empty file; where another process is doing so, wait until it has."""
    connection = _connect(path, "mode=rwc")
    try:
        if not _is_blank(connection):
            return
        connection.execute("BEGIN IMMEDIATE")
        if _is_blank(connection):
            for statement in schema.statements(SQLITE):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {schema.VERSION}")
        connection.execute("COMMIT")
        # Not before: on a full disk the schema would stay in the log, which has no name of its own.
        _use_write_ahead_log(connection)
    finally:
        connection.close()


def _is_blank(connection: sqlite3.Connection) -> bool:
    return _identity(connection)[0] == 0 and not _schema(connection)


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    # SQLite does not wait here for others who do the same, whatever its timeout.
    for _ in range(BUSY_SECONDS * 20):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            sleep(1 / 20)
        else:
            return
