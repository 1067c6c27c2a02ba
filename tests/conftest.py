"""What the tests share: a clock that ticks, stores in a temporary folder, and the worked issuer's book."""

from __future__ import annotations

import decimal
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import settings

from application.record import record
from cli.commands.demo import filings_recorded_from
from domain.capital.entries import Draft, Entry
from infrastructure.event_store import SqlEventStore, open_store
from infrastructure.readers.records import read_records
from tests import postgresql

# Arithmetic on decimals that is left to the default context rounds at 28 digits and says nothing: here it is an error.
decimal.getcontext().traps[decimal.Inexact] = True

# The suite tries the same examples every time; `--hypothesis-profile long` tries many others.
settings.register_profile("suite", max_examples=40, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=1_000, deadline=None, print_blob=True)
settings.load_profile("suite")


def keep_in_memory(folder: str = "/dev/shm") -> None:
    """Temporary files are kept in memory, for this process and those it starts, where there is room and no other place is named.

    The suite makes thousands of stores, and some two hundred databases of three hundred files each.
    """
    if "TMPDIR" not in os.environ and Path(folder).is_dir() and shutil.disk_usage(folder).free > 4 * 10**9:
        os.environ["TMPDIR"] = tempfile.tempdir = folder


keep_in_memory()
# The workers, and the commands that they start by the hundred, need not compile the same modules each time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many workers as processors: many tests wait for a disk, a server or a browser."""
    return 2 * (os.cpu_count() or 1)


STARTED = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def ticking(started: datetime = STARTED, step: timedelta = timedelta(seconds=1)) -> Callable[[], datetime]:
    """A clock that goes one step further at every reading."""
    readings = iter(range(10**9))
    return lambda: started + step * next(readings)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlEventStore]:
    """An empty store in a file of its own."""
    opened = open_store(str(tmp_path / "captable.db"), clock=ticking(), create=True)
    yield opened
    opened.close()


def worked_issuer() -> tuple[Draft, ...]:
    """The drafts of the worked issuer's history, as the demo records them."""
    history = (resources.files("infrastructure.worked_issuer") / "sensetime.yaml").read_bytes()
    batch = read_records("sensetime.yaml", history, recorded_by="demo")
    assert batch.problems == ()
    return tuple(filings_recorded_from(STARTED.date(), batch.drafts))


@pytest.fixture
def server() -> Iterator[str]:
    """An empty database on a PostgreSQL server."""
    yield from postgresql.lent()


@pytest.fixture(scope="session")
def demo_entries(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Entry]:
    """The worked issuer's book, recorded through the ordinary use case into a real store."""
    opened = open_store(str(tmp_path_factory.mktemp("demo") / "captable.db"), clock=ticking(), create=True)
    record(opened, "00020", worked_issuer())
    entries = list(opened.entries("00020"))
    opened.close()
    return entries
