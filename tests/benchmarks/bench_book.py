"""How fast one book is recorded, read and asked, on this machine: `python -m tests.benchmarks.bench_book`.

Prints a table of medians over several runs. Nothing here passes or fails: machines differ, and a figure is read beside
the others of the same run.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

from application.record import record
from domain import events
from domain.capital.entries import Draft, Viewpoint
from domain.values import Money
from infrastructure.event_store import SqlEventStore, open_store
from tests.benchmarks.timing import seconds
from tests.domain.book_of import position_at

RUNS = 5
STARTED = date(2021, 12, 30)
CAPTABLE = str(Path(sys.executable).with_name("captable"))


def history(number: int) -> list[Draft]:
    """A book of a number of entries: set-up, then placings, purchases, cancellations and treasury sales, day after day."""
    price, day = Money.parse("HKD 1.5"), STARTED
    facts: list[events.Event] = [
        events.IssuerRegistered(effective_on=day, issuer="00001", name="Benchmark Limited"),
        events.ShareClassCreated(
            effective_on=day, share_class="ordinary", class_label="Ordinary shares", listed=True, stock_code="00001"
        ),
        events.AuthorisedCapitalIncreased(effective_on=day, share_class="ordinary", shares=10**15),
        events.BalanceBroughtForward(effective_on=day, share_class="ordinary", held=10**12),
    ]
    for step in range(number - len(facts)):
        day = STARTED + timedelta(days=1 + step * 1_700 // number)
        kind = step % 4
        moved = {"effective_on": day, "share_class": "ordinary", "shares": 1_000 + step % 997, "price": price}
        facts.append(
            events.PlacingCompleted(**moved)
            if kind == 0
            else events.SharesRepurchased(**moved, intention="treasury")
            if kind == 1
            else events.SharesRepurchased(**moved, intention="cancellation")
            if kind == 2
            else events.TreasurySharesSold(**{**moved, "shares": 500})
        )
    return [Draft(event=fact, recorded_by="benchmark", command_id=f"c{index}") for index, fact in enumerate(facts)]


def fresh(folder: Path, name: str) -> SqlEventStore:
    """An empty store of its own."""
    return open_store(str(folder / f"{name}.db"), clock=lambda: datetime.now(UTC), create=True)


def batched(folder: Path, run: int, drafts: Sequence[Draft]) -> float:
    """Entries a second in batches of 1,000, through the use case: checked, folded, chained, synced."""
    store, book = fresh(folder, f"batched{run}"), None

    def act() -> None:
        nonlocal book
        for start in range(0, len(drafts), 1_000):
            book = record(store, "00001", drafts[start : start + 1_000], book=book).book

    return len(drafts) / seconds(act)


def one_by_one(folder: Path, run: int, drafts: Sequence[Draft]) -> float:
    """Entries a second, each in a transaction of its own."""
    store, book = fresh(folder, f"single{run}"), None

    def act() -> None:
        nonlocal book
        for draft in drafts:
            book = record(store, "00001", [draft], book=book).book

    return len(drafts) / seconds(act)


def folded(store: SqlEventStore, number: int) -> float:
    """Entries a second read, checked against the chain, decoded and folded to a balance."""
    return number / seconds(lambda: position_at(store.entries("00001"), Viewpoint(date(2030, 1, 1))))


def cold(*arguments: str) -> float:
    """How long a command takes as a process of its own."""
    return seconds(lambda: subprocess.run([CAPTABLE, *arguments], check=True, capture_output=True))


def middle(measure: Callable[[int], float]) -> float:
    """The median of several runs."""
    return median(measure(run) for run in range(RUNS))


def filled(folder: Path, number: int) -> str:
    """The path of a store that holds a book of a number of entries."""
    store = fresh(folder, f"filled{number}")
    record(store, "00001", history(number))
    store.close()
    return str(folder / f"filled{number}.db")


def main() -> None:
    """Measure and print."""
    gc.set_threshold(50_000, 20, 100)  # as the command line does
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drafts, few = history(20_000), history(1_500)
        paths = {number: filled(folder, number) for number in (1_000, 10_000, 100_000)}
        demo = str(folder / "demo.db")
        cold("demo", "--store", demo)
        big = open_store(paths[100_000], clock=lambda: datetime.now(UTC))
        pdf = ["return", "monthly", "--month", "2024-12", "--format", "pdf", "-o", str(folder / "m.pdf"), "--store", demo]
        rows = [
            ("recording in batches of 1,000", f"{middle(lambda run: batched(folder, run, drafts)):>10,.0f} entries/s"),
            ("recording one by one", f"{middle(lambda run: one_by_one(folder, run, few)):>10,.0f} entries/s"),
            ("reading, checking and folding 100,000", f"{middle(lambda _: folded(big, 100_000)):>10,.0f} entries/s"),
            ("captable --help, cold", f"{middle(lambda _: cold('--help')):>10.3f} s"),
            *(
                (
                    f"captable balances at {number:,} entries, cold",
                    f"{middle(lambda _, path=path: cold('balances', '--store', path)):>10.3f} s",
                )
                for number, path in paths.items()
            ),
            ("a Monthly Return as PDF, cold", f"{middle(lambda _: cold(*pdf)):>10.3f} s"),
        ]
    print(f"medians of {RUNS} runs, SQLite, synchronous=FULL")
    for what, figure in rows:
        print(f"{what:<48}{figure}")


if __name__ == "__main__":
    main()
