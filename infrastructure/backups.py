"""Copies of a store's file: made while others write to it, and kept only once the copy was read and found whole."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from domain.capital.head import Head
from domain.errors import StoreDamaged, StoreUnusable
from infrastructure import sqlite_errors, sqlite_file, store_url
from infrastructure.event_store import open_store
from infrastructure.head_receipts import Receipt, compared
from infrastructure.schema import SQLITE
from infrastructure.whole_file import BESIDE, kept_from, passing_name, settle


def copied(source: str, target: str, *, clock: Callable[[], datetime]) -> dict[str, Head]:
    """Copy the store at one place to a file where none is, and give the heads of the copy.

    The copy is one state of the store, with all that was recorded before. Every hash of it is recomputed, and the store
    it was made from must hold its heads; otherwise nothing is left. Raises StoreUnusable and StoreDamaged.
    """
    taken_from, put_at = _file_of(source), _file_of(target)
    if os.path.lexists(put_at):
        raise StoreUnusable(f"{put_at} exists; move it away, or name another file")
    if kept_from(put_at):
        raise StoreUnusable(f"{put_at} is part of a database; name another file")
    if not put_at.absolute().parent.is_dir():
        raise StoreUnusable(f"{put_at} cannot be made: there is no folder {put_at.absolute().parent}")
    passing = passing_name(put_at)
    try:
        _copy(taken_from, passing)
        heads = _verified(str(passing), source, clock)
        if not settle(passing, put_at):
            raise StoreUnusable(f"{put_at} exists; move it away, or name another file")
    except sqlite3.Error as error:
        raise sqlite_errors.store_error(error, str(put_at)) from error
    except OSError as error:
        raise StoreUnusable(f"{put_at} cannot be written: {error.strerror}") from error
    finally:
        for left in (passing, *(Path(f"{passing}{suffix}") for suffix in BESIDE)):
            left.unlink(missing_ok=True)
    return heads


def _file_of(location: str) -> Path:
    place = store_url.parsed(location)
    if place.kind != SQLITE or place.path is None:
        raise StoreUnusable(f"{place.name} is on a server: back it up with the server's own means, pg_dump or its archive")
    return place.path


def _copy(source: Path, target: Path) -> None:
    # Not as a file: the last entries may be in the log beside it, and somebody may be writing. What is not a store of
    # ours is refused here.
    connect, _ = sqlite_file.connector(source, create=False, writable=False)
    with closing(connect()) as taken_from, closing(sqlite3.connect(target)) as put_at:
        put_at.execute("PRAGMA synchronous = FULL")
        # In one step, under one lock for reading: in several, each write of somebody else would begin it again.
        taken_from.backup(put_at, pages=-1)


def _verified(copy: str, source: str, clock: Callable[[], datetime]) -> dict[str, Head]:
    """The heads of a copy, every entry of which was read again and which the store it was made from holds as well."""
    with open_store(copy, clock=clock, writable=False) as store:
        try:
            heads = store.verified()
        except StoreDamaged as error:
            raise StoreDamaged(f"{error}; what is damaged is not copied") from error
    for comparison in compared(source, [Receipt(heads, clock())]):
        if comparison.wrong:
            raise StoreDamaged(f"the copy is not what {store_url.shown(source)} holds: {comparison.wrong}")
    return heads
