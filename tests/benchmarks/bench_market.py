"""How long a market takes, on this machine: `python -m tests.benchmarks.bench_market [issuers] [years] [workers]`.

Makes up a market, records it, and makes the Monthly Returns of all its issuers for one month. A market of 2,650 issuers
over ten years has about two million entries, a store of two gigabytes, and takes some ten minutes to record.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen

from application.prepare_return import monthly_return
from application.record import record
from infrastructure.event_store import SqlEventStore, open_store
from infrastructure.renderers import render
from infrastructure.workers import processors
from tests.benchmarks import markets
from tests.benchmarks.timing import seconds

ISSUERS, YEARS = 100, 10
RUN = ("returns-run", "--month", "2024-12", "--submitted-on", "2025-01-06")
ROOT = Path(__file__).parents[2]
MEBIBYTE = 1024 * 1024


def fill(store: SqlEventStore, issuers: int, years: int) -> tuple[int, float, float]:
    """Record a market year by year: its entries, the seconds of making it up and those of recording it."""
    entries, making, recording = 0, 0.0, 0.0
    for code in markets.codes(issuers):
        begun = time.perf_counter()
        history = [drafts for drafts in markets.history(code, years) if drafts]
        making += time.perf_counter() - begun
        begun, book = time.perf_counter(), None
        for drafts in history:
            book = record(store, code, drafts, book=book).book
            entries += len(drafts)
        recording += time.perf_counter() - begun
    return entries, making, recording


# --- memory ---------------------------------------------------------------------------------------------------------


def family(process: int) -> Iterator[int]:
    """A process and all that it started."""
    yield process
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            for child in path.read_text().split():
                yield from family(int(child))


def memory(process: int) -> int:
    """The bytes of memory of a process and its children; what they share counts once."""
    total = 0
    for each in family(process):
        with suppress(OSError):
            for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                total += int(line.split()[1]) * 1024 if line.startswith("Pss:") else 0
    return total


@contextmanager
def watched(process: int) -> Iterator[list[int]]:
    """The readings of a process's memory, twice a second."""
    readings, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.5):
            readings.append(memory(process))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield readings
    finally:
        ended.set()
        watcher.join()


def run(store: str, folder: str, workers: int, *formats: str) -> tuple[float, float, int, str]:
    """A run in a process of its own: seconds, seconds of processors, most memory, and what it said."""
    options = [word for name in formats for word in ("--format", name)]
    command = [
        "-c",
        "from cli.main import main; main()",
        *RUN,
        "-o",
        folder,
        "--store",
        store,
        "--workers",
        str(workers),
        *options,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    before, begun = os.times(), time.perf_counter()
    with (
        Popen([sys.executable, *command], stdout=PIPE, stderr=DEVNULL, env=environment, text=True) as process,
        watched(process.pid) as readings,
    ):
        said = process.communicate()[0]
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - begun, used, max(readings), said.splitlines()[0] if said else ""


def measured(folder: Path, issuers: int, years: int, workers: int) -> Iterator[tuple[str, str]]:
    """The rows of the table, as they come."""
    path = str(folder / "market.db")
    with open_store(path, clock=lambda: datetime.now(UTC), create=True) as store:
        entries, making, recording = fill(store, issuers, years)
        yield "entries", f"{entries:>12,}"
        yield "making them up", f"{entries / making:>12,.0f} entries/s"
        yield "recording them, year by year", f"{entries / recording:>12,.0f} entries/s"
        yield "size of the store", f"{Path(path).stat().st_size // MEBIBYTE:>12,} MiB"
        codes = [code for code in store.issuers() if store.head(code).number > 50]
        middle = sorted(codes, key=lambda code: store.head(code).number)[len(codes) // 2]
        one = seconds(lambda: render(monthly_return(store, middle, 2024, 12, date(2025, 1, 6)), "pdf"))
        again = seconds(lambda: render(monthly_return(store, codes[0], 2024, 12, date(2025, 1, 6)), "pdf"))
        yield f"one return as PDF, {store.head(middle).number:,} entries", f"{one * 1000:>12,.0f} ms"
        yield f"another, {store.head(codes[0]).number:,} entries", f"{again * 1000:>12,.0f} ms"
    for name, formats in (("json", ("json",)), ("pdf and json", ("pdf", "json"))):
        wall, used, most, _ = run(path, str(folder / name), workers, *formats)
        what = f"the market's returns, {name}, {workers} process{'' if workers == 1 else 'es'}"
        yield what, f"{wall:>12,.1f} s, {used:,.1f} s of processors, {most // MEBIBYTE:,} MiB"
    wall, _, _, said = run(path, str(folder / "pdf and json"), workers, "pdf", "json")
    yield "the same again, nothing to do", f"{wall:>12,.1f} s"
    yield "said", f"  {said.partition(': ')[2]}"


def main() -> None:
    """Measure and print."""
    given = [int(word) for word in sys.argv[1:]]
    issuers, years, workers = (*given, *(ISSUERS, YEARS, processors())[len(given) :])
    print(f"a market of {issuers:,} issuers over {years} years, SQLite, synchronous=FULL, {processors()} processors")
    with tempfile.TemporaryDirectory() as name:
        for what, figure in measured(Path(name), issuers, years, workers):
            print(f"{what:<52}{figure}", flush=True)


if __name__ == "__main__":
    main()
