"""A full disk is said in a sentence, nothing is half written, and recording goes on once there is room."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from subprocess import PIPE, run

import pytest

from application.record import record
from domain.errors import StoreUnusable
from tests.faults import books
from tests.faults.writers import ROOT

FULL = r"the disk is full|cannot be (read or )?written"

LIMITED = """
import resource, sqlite3, sys
from random import Random
from application.record import record
from domain.errors import StoreUnusable
from domain.errors import MayBeRecorded
from tests.faults import books
location, how, room = sys.argv[1], sys.argv[2], int(sys.argv[3])
if how == 'pages':
    from infrastructure import sqlite_file
    class Connection(sqlite3.Connection):
        def __init__(self, *given, **options):
            super().__init__(*given, **options)
            # Not what is made in memory to compare the file with.
            if not given[0].startswith('file:'):
                return
            pages = self.execute('PRAGMA page_count').fetchone()[0]
            self.execute(f'PRAGMA max_page_count = {pages + room}')
    connect = sqlite3.connect
    sqlite3.connect = lambda *given, **options: connect(*given, factory=Connection, **options)
else:
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
random = Random(room)
with books.opened(location) as store:
    for number in range(10_000):
        drafts = books.batch('w', number, [books.purchase(random) for _ in range(random.randint(1, 40))])
        try:
            record(store, books.ISSUER, drafts)
        except (StoreUnusable, MayBeRecorded) as error:
            print(f'failed {error}')
            break
        print(*(draft.command_id for draft in drafts), flush=True)
"""


def filled(location: str, how: str, room: int) -> tuple[set[str], str]:
    """What a process recorded until there was no room left, and what it then said."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    shown = run(
        [sys.executable, "-c", LIMITED, location, how, str(room)], cwd=ROOT, env=environment, stdout=PIPE, text=True, check=True
    )
    *lines, last = shown.stdout.splitlines()
    assert last.startswith("failed "), last
    return {command for line in lines for command in line.split()}, last.removeprefix("failed ")


def held(location: str) -> set[str]:
    return {entry.command_id for entry in books.found_whole(location)[books.FOUNDING :]}


@pytest.mark.parametrize(
    "rooms", [(300_000, 333_333, 500_001), pytest.param(range(200_000, 600_000, 4_001), marks=pytest.mark.heavy)]
)
def test_a_limit_that_strikes_in_the_midst_of_a_write_leaves_the_store_whole(tmp_path, rooms):
    """The system refuses to make any file longer, the log or the store, wherever in a write that falls."""
    for room in rooms:
        location = str(tmp_path / f"{room}.db")
        books.begin(location)
        recorded, said = filled(location, "size", room)
        assert "cannot be read or written" in said or "the disk is full" in said
        assert held(location) == recorded
        books.record_one_more(location)


@pytest.mark.parametrize("rooms", [(0, 3), pytest.param(range(60), marks=pytest.mark.heavy)])
def test_the_error_of_a_full_disk_says_so_and_leaves_the_store_whole(tmp_path, rooms):
    """SQLite itself learns that there is room for so many pages and no more: its error is that of a full disk."""
    for room in rooms:
        location = str(tmp_path / f"{room}.db")
        books.begin(location)
        recorded, said = filled(location, "pages", room)
        assert said == f"{location} cannot be written: the disk is full"
        assert held(location) == recorded
        books.record_one_more(location)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "mount") or libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, b"size=2m"):
        pytest.skip(f"a file system cannot be mounted here: {os.strerror(ctypes.get_errno())}")
    yield folder
    libc.umount(str(folder).encode())


def test_a_disk_that_fills_up_is_said_to_be_full_and_goes_on_once_there_is_room(small_disk):
    location, ballast, random = str(small_disk / "book.db"), small_disk / "ballast", Random(7)
    books.begin(location)
    ballast.write_bytes(bytes(200_000))
    recorded: set[str] = set()

    def record_for_ever() -> None:
        with books.opened(location) as store:
            for number in count():
                drafts = books.batch("w", number, [books.purchase(random) for _ in range(40)])
                record(store, books.ISSUER, drafts)
                recorded.update(draft.command_id for draft in drafts)

    with pytest.raises(StoreUnusable, match=FULL):
        record_for_ever()
    assert recorded
    assert held(location) == recorded
    ballast.unlink()
    books.record_one_more(location)


def test_a_disk_on_which_there_is_no_room_for_a_store_leaves_none_behind_that_cannot_be_used(small_disk):
    (small_disk / "ballast").write_bytes(bytes(2 * 1024 * 1024 - 16 * 1024))
    location = small_disk / "book.db"
    with pytest.raises(StoreUnusable, match=FULL):
        books.begin(str(location))
    (small_disk / "ballast").unlink()
    books.begin(str(location))
    assert len(books.found_whole(str(location))) == books.FOUNDING
