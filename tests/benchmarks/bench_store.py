"""How fast a store is, on a file and on a server, beside what bounds it: `python -m tests.benchmarks.bench_store [SIZE ...]`.

Prints tables; nothing here passes or fails, for machines differ. A figure is read beside the others of the same run:
raw inserts of the same rows into the same tables, a bare fold of `json.loads`, and `ledger` and `hledger` on the same
history where they are installed.
"""

from __future__ import annotations

import gc
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import attrs
import psycopg

from application import ask
from application.record import read_book, record
from domain.capital.balances import replay
from domain.capital.entries import Draft, Viewpoint, in_effect
from domain.capital.position import Position
from infrastructure import schema
from infrastructure.event_store import SqlEventStore, open_store
from tests import postgresql
from tests.benchmarks.big_books import DAYS, ISSUER, STARTED, drafts, fill, founding
from tests.benchmarks.timing import seconds
from tests.domain.book_of import position_at

SIZES = (10_000, 100_000, 1_000_000)
RUNS, ENTRIES, SINGLE, ASKED = 7, 50_000, 500, 400
ROOT = Path(__file__).parents[2]
COMMAND = "import sys; from cli.main import main; main()"


def clock() -> datetime:
    return datetime.now(UTC)


def paired(ours: Callable[[int], float], floor: Callable[[int], float]) -> tuple[str, str]:
    """Entries a second of the two, run in turn: both medians, and the median of the shares of each pair.

    A machine that others use is fast at one time and slow at another; only what ran side by side compares.
    """
    # Each goes first half of the time.
    pairs = [(ours(run), floor(run)) if run % 2 else (floor(run), ours(run))[::-1] for run in range(RUNS)]
    share = median(mine / bound for mine, bound in pairs)
    return f"{median(mine for mine, _ in pairs):,.0f} ({share:.0%})", f"{median(bound for _, bound in pairs):,.0f}"


def say(what: str, figure: str = "") -> None:
    print(f"{what:<74}{figure:>16}", flush=True)


# --- recording ------------------------------------------------------------------------------------------------------


def batches(what: Sequence[Draft], size: int) -> Iterator[Sequence[Draft]]:
    return (what[start : start + size] for start in range(0, len(what), size))


def recorded(place: str, what: Sequence[Draft], size: int) -> float:
    """Entries a second through the use case: checked, folded, chained, posted, synced."""
    with open_store(place, clock=clock, create=True) as store:

        def act() -> None:
            book = None
            for part in batches(what, size):
                book = record(store, ISSUER, part, book=book).book

        return len(what) / seconds(act)


Rows = dict[str, list[tuple[Any, ...]]]

# Every table that grows with the book, and the place of the column that says by which entry a row came.
GROWING = {"entries": 1, "carried_forward": 2}


def rows_of(place: str, size: int) -> list[Rows]:
    """The rows of a store by their tables, batch by batch."""
    with closing(sqlite3.connect(place)) as connection:
        (count,) = connection.execute("SELECT COUNT(*) FROM entries").fetchone()
        parts: list[Rows] = [{name: [] for name in GROWING} for _ in range(0, count, size)]
        for name, column in GROWING.items():
            for row in connection.execute(f"SELECT * FROM {name} ORDER BY number"):
                parts[max(row[column] - 1, 0) // size][name].append(row)
    return parts


def insertion(name: str, rows: Sequence[tuple[Any, ...]], mark: str) -> str:
    return f"INSERT INTO {name} VALUES ({', '.join([mark] * len(rows[0]))})"


def raw_file(path: str, parts: Sequence[Rows], count: int) -> float:
    """Entries a second of the same rows into the same tables, by the bare driver: the floor."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")
        for statement in schema.statements(schema.SQLITE):
            connection.execute(statement)

        def act() -> None:
            for part in parts:
                connection.execute("BEGIN IMMEDIATE")
                for name, rows in part.items():
                    if rows:
                        connection.executemany(insertion(name, rows, "?"), rows)
                connection.execute("COMMIT")

        return count / seconds(act)


def raw_server(url: str, parts: Sequence[Rows], count: int) -> float:
    open_store(url, clock=clock, create=True).close()
    with psycopg.connect(url) as connection, connection.cursor() as cursor:

        def act() -> None:
            for part in parts:
                for name, rows in part.items():
                    if rows:
                        cursor.executemany(insertion(name, rows, "%s").encode(), rows)
                connection.commit()

        return count / seconds(act)


def on_server(measure: Callable[[str], float]) -> float:
    url = postgresql.database()
    try:
        return measure(url)
    finally:
        postgresql.drop(url)


def recording(folder: Path) -> None:
    what = list(drafts(ENTRIES))
    print(f"\nrecording, entries a second, medians of {RUNS} pairs of runs; a share is of the raw inserts below it")
    for size, part in ((1, what[:SINGLE]), (1_000, what), (5_000, what)):
        model = str(folder / f"model{size}.db")
        recorded(model, part, size)
        parts = rows_of(model, size)
        ours, raw = paired(
            lambda run, part=part, size=size: recorded(str(folder / f"ours{size}-{run}.db"), part, size),
            lambda run, parts=parts, part=part, size=size: raw_file(str(folder / f"raw{size}-{run}.db"), parts, len(part)),
        )
        say(f"file, in batches of {size:,}", ours)
        say(f"  raw sqlite3, the same rows into the same tables, batches of {size:,}", raw)
        ours, raw = paired(
            lambda _, part=part, size=size: on_server(lambda url: recorded(url, part, size)),
            lambda _, parts=parts, part=part: on_server(lambda url: raw_server(url, parts, len(part))),
        )
        say(f"server, in batches of {size:,}", ours)
        say(f"  raw psycopg, executemany of the same rows, batches of {size:,}", raw)


# --- several writers ------------------------------------------------------------------------------------------------


def write(place: str, issuer: str, name: str, count: int) -> None:
    """Record facts of one day one by one, as a writer among others."""
    day = STARTED + timedelta(days=DAYS)
    what = [attrs.evolve(each, event=attrs.evolve(each.event, effective_on=day)) for each in drafts(count + 9, prefix=name)][9:]
    with open_store(place, clock=clock) as store:
        book = read_book(store, issuer)
        for each in what:
            book = record(store, issuer, [each], book=book).book


def founded(place: str, issuers: Sequence[str]) -> None:
    with open_store(place, clock=clock, create=True) as store:
        for issuer in issuers:
            facts = founding(issuer)
            record(store, issuer, [Draft(event=each, recorded_by="b", command_id=f"f{n}") for n, each in enumerate(facts)])


def written_by(place: str, writers: int, *, one: bool, count: int = 150) -> float:
    issuers = [ISSUER if one else f"{number:05}" for number in range(1, writers + 1)]
    founded(place, sorted(set(issuers)))
    context = get_context("spawn")
    started = [context.Process(target=write, args=(place, issuer, f"w{n}-", count)) for n, issuer in enumerate(issuers)]
    taken = seconds(lambda: [[each.start() for each in started], [each.join() for each in started]])
    with open_store(place, clock=clock, writable=False) as store:
        there = sum(store.head(issuer).number - 9 for issuer in set(issuers))
    assert there == writers * count, (there, writers * count)
    return there / taken


def writing_at_once(folder: Path) -> None:
    print("\nentries a second, each in a transaction of its own, the start of the processes included")
    for writers in (1, 2, 4):
        for one in (True, False):
            where = "one issuer" if one else "an issuer each"
            path = str(folder / f"writers{writers}{one}.db")
            say(f"file, {writers} writers, {where}", f"{written_by(path, writers, one=one):,.0f}")
            say(
                f"server, {writers} writers, {where}",
                f"{on_server(lambda url, w=writers, o=one: written_by(url, w, one=o)):,.0f}",
            )


# --- reading --------------------------------------------------------------------------------------------------------


def asked(store: SqlEventStore) -> tuple[float, float]:
    """Median and 99th percentile of balances at random viewpoints, in milliseconds."""
    chance, first = random.Random(3), next(iter(store.entries(ISSUER))).recorded_at
    last = store.head(ISSUER).recorded_at or first
    taken = []
    for _ in range(ASKED):
        known_at = first + (last - first) * chance.random()
        viewpoint = Viewpoint(STARTED + timedelta(days=chance.randrange(DAYS)), known_at)
        taken.append(1_000 * seconds(lambda viewpoint=viewpoint: ask.balances(store, ISSUER, viewpoint).balances()))
    taken.sort()
    return taken[ASKED // 2], taken[ASKED * 99 // 100]


def cold(*arguments: str) -> float:
    """How long a command takes as a process of its own, at best."""

    def run() -> None:
        subprocess.run(arguments, check=True, capture_output=True, cwd=ROOT)

    return min(seconds(run) for _ in range(5))


def bare_fold(path: str) -> float:
    """Seconds to read every payload with json.loads and add up one number of each: less than any answer needs."""

    def act() -> None:
        totals: defaultdict[str, int] = defaultdict(int)
        with closing(sqlite3.connect(path)) as connection:
            for (payload,) in connection.execute("SELECT payload FROM entries ORDER BY number"):
                shown = json.loads(payload)
                totals[shown.get("share_class", "")] += shown.get("shares", 0)

    return seconds(act)


def journal(path: str, target: Path) -> None:
    """The same postings for ledger and hledger."""
    with open_store(path, clock=clock, writable=False) as store, target.open("w") as out:
        for posted in replay(in_effect(store.entries(ISSUER)), Position()):
            out.write(f"\n{posted.entry.event.effective_on} entry {posted.entry.number}\n")
            for move in posted.movements:
                out.write(
                    f"    {move.code}:{move.source}  {-move.quantity} S\n    {move.code}:{move.target}  {move.quantity} S\n"
                )


def reading(folder: Path, sizes: Sequence[int]) -> None:
    for size in sizes:
        path = str(folder / f"book{size}.db")
        with open_store(path, clock=spread(), create=True) as store:
            fill(store, size)
        print(f"\na book of {size:,} entries, a tenth of them late, one in a hundred withdrawn")
        with open_store(path, clock=clock, writable=False) as store:
            middle, slow = asked(store)
            say("balances at a random viewpoint, file: median, 99th percentile", f"{middle:.2f}, {slow:.2f} ms")
            if size <= 100_000:
                taken = seconds(lambda store=store: position_at(store.entries(ISSUER), Viewpoint(date(2030, 1, 1))))
                say("replay: read, checked against the chain, folded", f"{size / taken:,.0f}/s")
        say("bare json.loads of every payload, summed", f"{size / bare_fold(path):,.0f}/s")
        arguments = ("balances", "--as-of", "2020-06-30", "--store", path)
        say("captable balances, cold process", f"{cold(sys.executable, '-c', COMMAND, *arguments):.3f} s")
        if size <= 100_000:
            others(folder, path)
            say("balances, server: median, 99th percentile", on_filled_server(size))


def spread() -> Callable[[], datetime]:
    """A clock that goes on by a minute at every reading."""
    readings = iter(range(10**9))
    return lambda: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=next(readings))


def on_filled_server(size: int) -> str:
    url = postgresql.database()
    with open_store(url, clock=spread(), create=True) as store:
        fill(store, size)
        middle, slow = asked(store)
    postgresql.drop(url)
    return f"{middle:.2f}, {slow:.2f} ms"


def others(folder: Path, path: str) -> None:
    target = folder / "book.journal"
    journal(path, target)
    for program in ("ledger", "hledger"):
        if shutil.which(program):
            say(
                f"{program} balance on the same postings, cold process",
                f"{cold(program, '-f', str(target), 'bal', '-e', '2020-07-01'):.3f} s",
            )


def main() -> None:
    """Measure and print."""
    gc.set_threshold(50_000, 20, 100)  # as the command line does
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    with tempfile.TemporaryDirectory() as name:
        recording(Path(name))
        writing_at_once(Path(name))
        reading(Path(name), sizes)


if __name__ == "__main__":
    main()
