"""What this installation and a store are like: each finding with what to do about it. Nothing here fails."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import attrs

from domain.capital.clock import SLACK
from domain.capital.head import Head
from domain.errors import StoreDamaged, StoreUnusable
from domain.law.business_days import HONG_KONG
from infrastructure import schema, store_url
from infrastructure.calendar import TradingCalendar
from infrastructure.database import Database
from infrastructure.event_store import SqlEventStore
from infrastructure.opening import open_database

State = Literal["ok", "note", "trouble"]

LITTLE_DISK = 100 * 1024 * 1024
MOST_HEADS = 10
AHEAD = timedelta(days=45)
"""How far ahead deadlines are looked at; that far the trading days should be certain."""


@attrs.frozen
class Diagnosis:
    """One thing looked at: what it is like, whether that is well, and what to do where it is not."""

    name: str
    value: str
    state: State = "ok"
    advice: str = ""


def examined(location: str, *, clock: Callable[[], datetime], calendar: Callable[[], TradingCalendar]) -> list[Diagnosis]:
    """Everything about this installation, its trading days and the store at a place, whether or not there is one."""
    return [*_installation(), _calendar(calendar, clock().astimezone(HONG_KONG).date()), *_store(location, clock)]


# --- the installation -----------------------------------------------------------------------------------------------


def _installation() -> Iterator[Diagnosis]:
    yield Diagnosis("captable", _version("captable"))
    yield Diagnosis("python", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield Diagnosis("sqlite", sqlite3.sqlite_version)
    yield Diagnosis("sqlalchemy", _version("sqlalchemy"))
    yield _fonts()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed as a package"


def _fonts() -> Diagnosis:
    try:
        from pylopdf_fonts_zh_cn import sans_path

        path = Path(sans_path())
    except ImportError:
        path = Path()
    if path.is_file():
        return Diagnosis("fonts", path.name)
    return Diagnosis("fonts", "missing", "trouble", "no PDF can be made: install pylopdf-fonts-zh-cn again")


def _calendar(calendar: Callable[[], TradingCalendar], today: date) -> Diagnosis:
    try:
        until = calendar().provisional_from - timedelta(days=1)
    except (OSError, ValueError) as error:
        return Diagnosis("calendar", "cannot be read", "trouble", str(error))
    value = f"confirmed until {until:%-d %B %Y}"
    if today + AHEAD <= until:
        return Diagnosis("calendar", value)
    return Diagnosis(
        "calendar", value, "note", "later deadlines may change: upgrade, or list the days in a file (captable help calendar)"
    )


# --- the store ------------------------------------------------------------------------------------------------------


def _store(location: str, clock: Callable[[], datetime]) -> Iterator[Diagnosis]:
    try:
        place = store_url.parsed(location)
        yield Diagnosis("store", str(place.path.absolute()) if place.path else place.name)
        if place.path and not os.path.lexists(place.path):
            yield Diagnosis(
                "store",
                "not there",
                "note",
                "captable demo makes one to look at; captable record issuer-registered begins a book",
            )
            return
        database = open_database(location, create=False, writable=False)
    except (StoreUnusable, StoreDamaged) as error:
        yield Diagnosis("store", "cannot be opened", "trouble", str(error))
        return
    try:
        yield from _schema(database)
        if place.path:
            yield from _file(database, place.path)
        yield from _books(SqlEventStore(database, clock), clock)
    except (StoreUnusable, StoreDamaged, OSError) as error:
        yield Diagnosis("store", "cannot be read", "trouble", f"{error}; run captable verify, and restore the last backup")
    finally:
        database.close()


def _schema(database: Database) -> Iterator[Diagnosis]:
    if database.version == schema.VERSION:
        yield Diagnosis("schema", f"version {database.version}")
    else:
        yield Diagnosis("schema", f"version {database.version}", "note", "read only; captable admin upgrade upgrades it")


def _file(database: Database, path: Path) -> Iterator[Diagnosis]:
    with database.reading() as connection:
        mode = str(connection.rows("PRAGMA journal_mode")[0][0])
    slow = "" if mode == "wal" else "readers wait for writers; PRAGMA journal_mode = WAL with the sqlite3 program fixes it"
    yield Diagnosis("journal", mode, "note" if slow else "ok", slow)
    yield _writable(path)
    free = shutil.disk_usage(path.absolute().parent).free
    little = free < max(LITTLE_DISK, path.stat().st_size // 10)
    advice = "free some space: a full disk stops recording, though nothing is lost"
    yield Diagnosis("free disk", f"{free // 1024 // 1024:,} MiB", "trouble" if little else "ok", advice if little else "")


def _writable(path: Path) -> Diagnosis:
    permitted = bool(path.stat().st_mode & 0o222) and os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)
    return (
        Diagnosis("writable", "yes")
        if permitted
        else Diagnosis("writable", "no", "note", "the file or its folder is read-only: it can be read, not recorded in")
    )


def _books(store: SqlEventStore, clock: Callable[[], datetime]) -> Iterator[Diagnosis]:
    codes = store.issuers()
    if not codes:
        yield Diagnosis("issuers", "none", "note", "captable record issuer-registered begins a book")
        return
    heads = {code: store.head(code) for code in codes}
    yield Diagnosis("issuers", f"{len(codes):,}, {sum(head.number for head in heads.values()):,} entries")
    for code in codes[:MOST_HEADS]:
        yield Diagnosis("head", f"{code}: {heads[code].number:,} · {heads[code].hash}")
    if len(codes) > MOST_HEADS:
        yield Diagnosis("head", f"and {len(codes) - MOST_HEADS:,} more", advice="captable head prints them all")
    yield from _clock(heads, clock())


def _clock(heads: Mapping[str, Head], now: datetime) -> Iterator[Diagnosis]:
    for code, head in heads.items():
        if head.recorded_at is not None and head.recorded_at > now + SLACK:
            said = f"{code}: entry {head.number:,} was recorded at {_moment(head.recorded_at)}, and the clock says {_moment(now)}"
            yield Diagnosis("clock", said, "trouble", "set it; if it is right, record with --accept-clock REASON")


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(HONG_KONG):%Y-%m-%d %H:%M:%S} HKT"
