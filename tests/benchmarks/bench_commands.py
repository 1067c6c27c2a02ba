"""How long each command takes as the past grows: `python -m tests.benchmarks.bench_commands [ENTRIES ...]`.

Every book has the same last year, some 400 entries; what differs is how much lies before it. So a column that grows
is a command that reads what it does not need. Prints the best of several runs in processes of their own; nothing here passes or fails.
"""

from __future__ import annotations

import gc
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

from application import ask
from application.record import record
from domain import events
from domain.capital.entries import Draft, Viewpoint
from domain.events import Event
from domain.values import Money
from infrastructure.event_store import open_store
from tests.domain.book_of import position_at

SIZES = (1_000, 10_000, 100_000, 1_000_000)
RUNS, ASKED, BATCH = 3, 400, 1_000
ISSUER, SHARE, SCHEME = "00001", "ordinary", "2015"
STARTED, LAST_YEAR, TODAY = date(2006, 1, 3), date(2025, 11, 1), date(2026, 10, 31)
RECENT = 400
ROOT = Path.cwd()
COMMAND = "import sys; from cli.main import main; main()"


def founding() -> list[Event]:
    """An issuer with one listed class, a scheme, and more of everything than the history can use up."""
    on = {"effective_on": STARTED}
    return [
        events.IssuerRegistered(**on, issuer=ISSUER, name="Benchmark Limited", financial_year_end="31 December"),
        events.ShareClassCreated(**on, share_class=SHARE, class_label="Ordinary shares", listed=True, stock_code=ISSUER),
        events.AuthorisedCapitalIncreased(**on, share_class=SHARE, shares=10**15),
        events.BalanceBroughtForward(**on, share_class=SHARE, held=10**13),
        events.SchemeAdopted(**on, scheme=SCHEME, share_class=SHARE, particulars="2015 Scheme"),
        events.SchemeBalanceBroughtForward(**on, scheme=SCHEME, outstanding=10**12),
    ]


def meeting(year: int) -> list[Event]:
    """What the annual general meeting of a year leaves: a mandate to issue and one to repurchase."""
    on = {"effective_on": date(year, 6, 25), "annual": True, "base": 10**13, "counted_on": None}
    return [
        events.MandateGranted(**on, mandate=f"issue-{year}", purpose="issue", percent=Decimal(20)),
        events.MandateGranted(**on, mandate=f"repurchase-{year}", purpose="repurchase", percent=Decimal(10)),
    ]


def dealings(first: date, last: date, number: int, chance: random.Random) -> Iterator[Event]:
    """Exercises of options and purchases for cancellation, day after day, with a cancellation after each few."""
    price = Money.parse("HKD 1.5")
    days = (last - first).days
    waiting = 0
    for step in range(number):
        day, shares = first + timedelta(days=step * days // number), chance.randrange(1_000, 50_000)
        mandate = f"repurchase-{day.year if day >= date(day.year, 6, 26) else day.year - 1}"
        moved = {"effective_on": day, "share_class": SHARE}
        if step % 10 == 9:
            yield events.RepurchasedSharesCancelled(**moved, shares=waiting)
            waiting = 0
        elif step % 10 in (2, 5, 7):
            waiting += shares
            yield events.SharesRepurchased(
                **moved,
                shares=shares,
                price=price,
                intention="cancellation",
                mandate=mandate if day.year > STARTED.year + 1 else None,
            )
        else:
            yield events.OptionsExercised(effective_on=day, scheme=SCHEME, options=shares, price=price)


def facts(number: int) -> Iterator[Event]:
    """A book of a number of entries, in order of day: the past, and the last year that all books share."""
    chance, begun = random.Random(20), founding()
    meetings = [each for year in range(STARTED.year + 1, TODAY.year + 1) for each in meeting(year)]
    past = number - len(begun) - len(meetings) - RECENT
    moved = [
        *dealings(STARTED + timedelta(days=1), LAST_YEAR, past, chance),
        *dealings(LAST_YEAR, TODAY, RECENT, chance),
    ]
    yield from begun
    yield from sorted([*moved, *meetings], key=lambda each: each.effective_on)


def filled(path: Path, number: int) -> float:
    """Seconds to record a book in batches of a thousand."""
    drafts = (Draft(event=each, recorded_by="benchmark", command_id=f"c{count}") for count, each in enumerate(facts(number)))
    started, book = time.perf_counter(), None
    with open_store(str(path), clock=_clock(), create=True) as store:
        while part := list(islice(drafts, BATCH)):
            book = record(store, ISSUER, part, book=book).book
    return time.perf_counter() - started


def _clock() -> Callable[[], datetime]:
    """A clock that goes on by a minute at every reading, so that there are moments between."""
    readings = iter(range(10**9))
    return lambda: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=next(readings))


def cold(path: Path, *arguments: str, runs: int = RUNS) -> float:
    """How long a command takes as a process of its own, at best of several runs."""
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", COMMAND, *arguments, "--store", str(path)], cwd=ROOT, capture_output=True)
        taken.append(time.perf_counter() - started)
        # A finding and a check that could not be made are answers (docs/commands.md).
        if done.returncode not in (0, 1, 6):
            return float("nan")
    return min(taken)


def commands(number: int) -> dict[str, Sequence[str]]:
    """The commands that are measured, by the name of their row."""
    closes = "1.49,1.50,1.50,1.51,1.50"
    return {
        "balances": ("balances",),
        "balances in the past": ("balances", "--as-of", "2016-06-30"),
        "show": ("show", str(number - 5)),
        "mandates": ("mandates",),
        "can repurchase": ("can", "repurchase", "--class", SHARE, "--shares", "5000", "--price", "HKD 1.5", "--closes", closes),
        "return monthly, JSON": ("return", "monthly", "--month", "2026-09", "--format", "json"),
        "history": ("history",),
        "check": ("check",),
        "verify": ("verify",),
        "record, dry run": (
            "record",
            "options-exercised",
            "--scheme",
            SCHEME,
            "--options",
            "1,234",
            "--on",
            str(TODAY),
            "--dry-run",
        ),
    }


def recorded(path: Path, on: date) -> float:
    """How long recording a fact of a day takes: another fact at each run."""
    return min(
        cold(path, "record", "options-exercised", "--scheme", SCHEME, "--options", f"{run + 7}", "--on", str(on), runs=1)
        for run in range(RUNS)
    )


def asked(path: Path) -> tuple[float, float]:
    """Median and 99th percentile of balances at random viewpoints in one process, in milliseconds."""
    chance, taken = random.Random(3), []
    with open_store(str(path), clock=_clock(), writable=False) as store:
        first, last = datetime(2024, 1, 1, tzinfo=UTC), store.head(ISSUER).recorded_at or datetime.now(UTC)
        for _ in range(ASKED):
            day = STARTED + timedelta(days=chance.randrange((TODAY - STARTED).days))
            viewpoint = Viewpoint(day, first + (last - first) * chance.random())
            started = time.perf_counter()
            ask.balances(store, ISSUER, viewpoint)
            taken.append(1_000 * (time.perf_counter() - started))
    taken.sort()
    return taken[ASKED // 2], taken[ASKED * 99 // 100]


def folded(path: Path, number: int) -> float:
    """Entries a second read, checked against the chain and folded."""
    with open_store(str(path), clock=_clock(), writable=False) as store:
        started = time.perf_counter()
        position_at(store.entries(ISSUER), Viewpoint(TODAY))
        return number / (time.perf_counter() - started)


def column(path: Path, number: int) -> Iterator[tuple[str, str]]:
    """The rows of a book, as they come."""
    yield "recording it in batches of 1,000, entries/s", f"{number / filled(path, number):,.0f}"
    yield "size of the store, MiB", f"{path.stat().st_size / 1024 / 1024:,.1f}"
    yield "reading, checking, folding, entries/s", f"{folded(path, number):,.0f}"
    middle, slow = asked(path)
    yield "balances in process, median and p99, ms", f"{middle:.1f} {slow:.1f}"
    for name, arguments in commands(number).items():
        slow_command = number > 100_000 and name in ("history", "check", "verify")
        yield f"{name}, s", f"{cold(path, *arguments, runs=1 if slow_command else RUNS):.2f}"
    yield "record a fact of today, s", f"{recorded(path, TODAY):.2f}"
    yield "record a fact a month late, s", f"{recorded(path, TODAY - timedelta(days=30)):.2f}"


def main() -> None:
    """Measure and print."""
    gc.set_threshold(50_000, 20, 100)  # as the command line does
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    with tempfile.TemporaryDirectory() as name:
        for size in sizes:
            print(f"\na book of {size:,} entries, of which {RECENT} in the last year")
            for what, figure in column(Path(name) / f"{size}.db", size):
                print(f"{what:<52}{figure:>16}", flush=True)


if __name__ == "__main__":
    main()
