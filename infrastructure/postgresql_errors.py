"""What the errors of PostgreSQL mean for a store, in sentences that say what to do."""

from __future__ import annotations

import re

from domain.errors import Conflict, StoreDamaged, StoreUnreachable, StoreUnusable
from infrastructure.contention import Contended

try:
    import psycopg
    from psycopg.conninfo import make_conninfo as make_conninfo
except ImportError as error:
    raise StoreUnusable("a store on PostgreSQL needs the driver psycopg: pip install 'captable[postgresql]'") from error

DRIVER_ERROR: type[Exception] = psycopg.Error
"""The root of the driver's exceptions."""

ALREADY_THERE = {"42P07", "42710", "42P06", "23505", "42723"}
"""What is said where somebody else has just made the same table, type or function."""

_TROUBLES: dict[str, tuple[type[Exception], str]] = {
    "23505": (Conflict, "{error}; the number, version, command or replacement is taken"),
    "40001": (Contended, "{error}"),
    "40P01": (Contended, "{error}"),
    "25006": (StoreUnusable, "{name} is read-only"),
    "42501": (StoreUnusable, "{name}: this role may not do that: {error}"),
    "42P01": (StoreUnusable, "{name}: {error}"),
    "23001": (StoreUnusable, "{name}: {error}"),
    "53100": (StoreUnusable, "{name} cannot be written: the disk of the server is full"),
    "53300": (StoreUnusable, "{name} has too many connections; try again later"),
    "57014": (StoreUnusable, "{name}: it took too long and was stopped"),
    "XX001": (StoreDamaged, "{name} is damaged: {error}"),
    "XX002": (StoreDamaged, "{name} is damaged: {error}"),
}


def sqlstate(error: BaseException | None) -> str:
    """The five characters by which PostgreSQL names an error; empty if there are none."""
    return getattr(error, "sqlstate", None) or ""


_HOST = re.compile(r"- host: '(?P<host>[^']*)', port: '(?P<port>[^']*)'[^:]*(?:: '[^']*')?: (?P<said>.*)")


def _each_host(error: BaseException) -> list[str]:
    """What each host of several answered."""
    found = map(_HOST.fullmatch, str(error).splitlines())
    return [f"{match['host']}:{match['port']}: {match['said']}" for match in found if match]


RACED = {"entry_number", "progress_of_book", "posting"}
"""Keys that are taken only where somebody else wrote to the same book in between, and never by what is written."""


def store_error(error: BaseException, name: str) -> Exception:
    """What an error means for the store called `name`: Conflict, StoreDamaged or StoreUnusable."""
    state = sqlstate(error)
    if state == "23505" and getattr(getattr(error, "diag", None), "constraint_name", None) in RACED:
        return Contended("somebody else wrote to this book in between")
    said = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if not state or state.startswith(("08", "57P", "28", "3D", "40003")):
        return StoreUnreachable(f"{name} cannot be reached: {'; '.join(_each_host(error)) or said}")
    kind, sentence = _TROUBLES.get(state, (StoreUnusable, "{name} cannot be used: {error}"))
    return kind(sentence.format(name=name, error=said))
