"""What the errors of SQLite mean for a store, in sentences that say what to do."""

from __future__ import annotations

import sqlite3

from domain.errors import Conflict, StoreDamaged, StoreUnreachable, StoreUnusable

_TROUBLES: dict[int, tuple[type[Exception], str]] = {
    sqlite3.SQLITE_CONSTRAINT: (Conflict, "{error}"),
    sqlite3.SQLITE_CORRUPT: (StoreDamaged, "{name} is damaged: {error}"),
    sqlite3.SQLITE_NOTADB: (StoreUnusable, "{name} is not a captable store"),
    sqlite3.SQLITE_FULL: (StoreUnusable, "{name} cannot be written: the disk is full"),
    sqlite3.SQLITE_BUSY: (StoreUnusable, "{name} is in use by another program; try again when it has ended"),
    sqlite3.SQLITE_LOCKED: (StoreUnusable, "{name} is in use by another program; try again when it has ended"),
    sqlite3.SQLITE_READONLY: (StoreUnusable, "{name} is read-only"),
    sqlite3.SQLITE_CANTOPEN: (StoreUnusable, "{name} cannot be opened: it, its folder or its log is not accessible"),
    sqlite3.SQLITE_IOERR: (StoreUnreachable, "{name} cannot be read or written: {error}"),
}


def store_error(error: BaseException, name: str) -> Exception:
    """What an error of SQLite means for the store called `name`: Conflict, StoreDamaged or StoreUnusable."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None and isinstance(error, sqlite3.OperationalError):
        # The driver's own complaint, without a code of SQLite: text that is not UTF-8.
        return StoreDamaged(f"{name} is damaged: {error}")
    kind, sentence = _TROUBLES.get((code or 0) & 0xFF, (StoreUnusable, "{name} cannot be used: {error}"))
    return kind(sentence.format(name=name, error=error))
