"""Processes that write to one book at once, make one store at once, or whose clocks disagree."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from infrastructure import schema
from tests.faults import books
from tests.faults.writers import ROOT

WRITE = """
import json, sys, time
from pathlib import Path
from tests.faults import writers
while not Path(sys.argv[2]).exists():
    time.sleep(0.001)
writers.write(**json.loads(sys.argv[1]))
"""

MAKE = """
import sys, time
from pathlib import Path
from tests.faults import books
rounds = int(sys.argv[2])
for number in range(rounds):
    folder = Path(sys.argv[1]) / str(number)
    # Each waits until the other has come here too.
    (folder / sys.argv[3]).touch()
    while len(list(folder.glob('maker *'))) < 2:
        pass
    books.opened(str(folder / 'book.db'), create=True).close()
"""

DISAGREE = """
import sys
from datetime import UTC, datetime, timedelta
from random import Random
from application.record import record
from domain.errors import Conflict
from infrastructure.event_store import open_store
from tests.faults import books
location, name, batches = sys.argv[1], sys.argv[2], int(sys.argv[3])
random = Random(name)
def clock():
    return datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=random.uniform(-86_400, 86_400))
with open_store(location, clock=clock) as store:
    for number in range(batches):
        while True:
            try:
                record(store, books.ISSUER, books.batch(name, number, [books.purchase(random) for _ in range(2)]))
                break
            except Conflict:
                continue
"""


def started(program: str, *arguments: str) -> Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return Popen([sys.executable, "-c", program, *arguments], cwd=ROOT, env=environment, stdout=PIPE, text=True)


def ended(processes: Sequence[Popen[str]]) -> list[str]:
    """What the processes said, when all have ended well."""
    said = [process.communicate(timeout=600)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return said


def write_at_once(location: str, start: Path, writers: int, batches: int) -> tuple[int, int]:
    """So many processes write; all that they said is there and nothing else. How many entries, and how often one gave up."""
    orders = [{"location": location, "writer": f"w{n}", "batches": batches, "most": 3, "sales": True} for n in range(writers)]
    processes = [started(WRITE, json.dumps(order), str(start)) for order in orders]
    start.touch()
    said = [json.loads(line) for text in ended(processes) for line in text.splitlines()]
    recorded: dict[str, int] = {}
    for each in said:
        assert "failed" not in each, each
        assert not recorded.keys() & each.get("recorded", {}).keys()
        recorded |= each.get("recorded", {})
    entries = books.found_whole(location)
    assert recorded == {entry.command_id: entry.number for entry in entries[books.FOUNDING :]}
    return len(recorded), sum("gave_up" in each for each in said)


@pytest.mark.parametrize(("writers", "batches"), [(4, 6), pytest.param(16, 60, marks=pytest.mark.heavy)])
def test_processes_that_write_to_one_book_leave_no_gap_lose_nothing_and_double_nothing(tmp_path, writers, batches):
    location = str(tmp_path / "book.db")
    books.begin(location)
    entries, gave_up = write_at_once(location, tmp_path / "start", writers, batches)
    print(f"{writers} processes recorded {entries} entries in one book; {gave_up} commands were asked to try again")
    assert entries


@pytest.mark.parametrize(("writers", "batches"), [(3, 5), pytest.param(8, 50, marks=pytest.mark.heavy)])
def test_times_never_go_back_though_the_clocks_of_the_writers_disagree(tmp_path, writers, batches):
    location = str(tmp_path / "book.db")
    books.begin(location)
    ended([started(DISAGREE, location, f"w{n}", str(batches)) for n in range(writers)])
    assert len(books.found_whole(location)) == books.FOUNDING + 2 * writers * batches


@pytest.mark.parametrize("rounds", [10, pytest.param(300, marks=pytest.mark.heavy)])
def test_two_first_time_users_who_begin_at_once_make_one_schema(tmp_path, rounds):
    for number in range(rounds):
        (tmp_path / str(number)).mkdir()
    ended([started(MAKE, str(tmp_path), str(rounds), f"maker {n}") for n in range(2)])
    made = schema.statements(schema.SQLITE)
    expected = sum(text.startswith("CREATE") for text in made) - sum(text.startswith("DROP") for text in made)
    for number in range(rounds):
        location = tmp_path / str(number) / "book.db"
        with closing(sqlite3.connect(location)) as connection:
            assert connection.execute("SELECT count(*) FROM sqlite_master WHERE sql IS NOT NULL").fetchone() == (expected,)
        books.begin(str(location))
        assert len(books.found_whole(str(location))) == books.FOUNDING
