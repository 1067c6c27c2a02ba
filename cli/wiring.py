"""Where the use cases meet the world: the store that a command line means, the clock, who is at the keyboard."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from application import ask
from cli import options
from cli.progress import waited
from cli.session import clock_in_use
from domain.capital.clock import Clock
from domain.errors import NoBook
from infrastructure import store_url
from infrastructure.event_store import SqlEventStore
from infrastructure.opening import open_database

if TYPE_CHECKING:
    from infrastructure.calendar import TradingCalendar

# Every command passes here: what few of them need is imported where it is needed.

STORE = "captable.db"
DEMO_STORE = "captable-demo.db"


def clock() -> datetime:
    """The time now, in UTC; the store never lets it run backwards."""
    return clock_in_use()()


def recording_clock() -> Clock:
    """The clock by which facts are recorded, with the reason given for it (--accept-clock)."""
    context = click.get_current_context(silent=True)
    return Clock(clock(), context.meta.get(options.ACCEPTED_CLOCK) if context else None)


def location(given: str | None, *, create: bool) -> str:
    """The store that is meant: the one given, or captable.db in this folder; the demo's is named, never guessed."""
    if given is not None:
        return given
    if not create and not Path(STORE).exists() and Path(DEMO_STORE).exists():
        raise NoBook(f"there is no {STORE} in this folder, but a {DEMO_STORE}: add --store {DEMO_STORE}")
    return STORE


@contextmanager
def opened(given: str | None, *, create: bool = False, writable: bool = False) -> Iterator[SqlEventStore]:
    """The store of a command, closed afterwards. Raises StoreUnusable if there is none."""
    store = SqlEventStore(open_database(location(given, create=create), create=create, writable=writable), clock)
    try:
        with waited():
            yield store
    finally:
        store.close()


def is_new(given: str | None) -> bool:
    """Whether the store of a command has yet to be made. A server is asked; it may also be that nobody may make one there."""
    place = store_url.parsed(location(given, create=True))
    if place.path is not None:
        return not place.path.exists()
    from infrastructure.postgresql import is_empty

    return is_empty(place)


def reads_from(given: str | None) -> str:
    """The store that is read: the replica that --read-store names, or the one that is meant."""
    context = click.get_current_context(silent=True)
    replica: str | None = context.meta.get(options.READ_STORE) if context else None
    return location(given, create=False) if replica is None else replica


@contextmanager
def rehearsal() -> Iterator[SqlEventStore]:
    """An empty store that is thrown away, to find out whether facts can stand before a real one is made."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder, opened(str(Path(folder) / STORE), create=True, writable=True) as store:
        yield store


@contextmanager
def book(given: str | None, issuer: str | None) -> Iterator[tuple[SqlEventStore, str]]:
    """The store of a command that reads, and the issuer it is about."""
    with opened(reads_from(given)) as store:
        yield store, ask.which_issuer(store, issuer)


def user() -> str:
    """Who is at the keyboard, as this machine knows them."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


CALENDAR = "CAPTABLE_CALENDAR"


def trading_days(given: str | None = None) -> TradingCalendar:
    """The trading days of the Exchange, with the file of other days that is named or set. Raises OSError or UnreadableValue."""
    from infrastructure.calendar import trading_calendar

    return trading_calendar(given or os.environ.get(CALENDAR))
