"""How fast the page and the API answer over a large book, on this machine: `python -m tests.benchmarks.bench_web [ENTRIES]`.

First views are those that nobody asked for before; a view asked for again comes from memory. Nothing here passes or fails.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import httpx2

from cli import wiring
from cli.web.app import LOCAL, application
from cli.web.desk import Desk
from cli.web.guards import Policy, Rate
from cli.web.shelf import Shelf
from infrastructure.event_store import open_store
from infrastructure.opening import open_database
from tests.benchmarks.big_books import DAYS, ISSUER, STARTED, fill
from tests.cli.web.running import running

NOW = datetime.combine(STARTED + timedelta(days=DAYS), datetime.min.time(), UTC)
READERS, EACH = 50, 20
BOOK = f"/issuers/{ISSUER}"


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


class Took(NamedTuple):
    """How long something took: processor time of this process, which others' work does not lengthen, and time that passed."""

    processor: float
    passed: float

    def __str__(self) -> str:
        return f"{self.processor:>8.3f} s ({self.passed:.3f} s passed)"


def took(act: Callable[[], object]) -> Took:
    started = time.process_time()
    passed = seconds(act)
    return Took(time.process_time() - started, passed)


def made(folder: Path, number: int) -> str:
    """A store with one book of a number of entries."""
    place = str(folder / "big.db")
    with open_store(place, clock=lambda: NOW, create=True) as store:
        fill(store, number)
    return place


def views(client: httpx2.Client) -> None:
    """Each view for the first time and again; then the page on twenty days that nobody asked for before."""
    addresses = {
        "issuer": BOOK,
        "part: due": f"{BOOK}/parts/due",
        "part: findings": f"{BOOK}/parts/findings",
        "part: mandates": f"{BOOK}/parts/mandates",
        "entries": f"{BOOK}/entries",
        "entries, a text": f"{BOOK}/entries?text=nothing",
        "entry": f"{BOOK}/entries/{5_000}",
        "monthly return": f"{BOOK}/returns/monthly/2024-10?submitted_on=2024-11-05",
        "API: balances": f"/v1{BOOK}/balances?as_of=2020-06-30",
        "API: series": f"/v1{BOOK}/series?since=2024-01-01",
        "front": "/",
    }
    for name, address in addresses.items():
        first, again = (took(lambda a=address: client.get(a).raise_for_status()) for _ in range(2))
        print(f"  {name:<18}{first} first {again} again")
    days = [date(2018, 1, 5) + timedelta(days=97 * step) for step in range(20)]
    moved = sorted(took(lambda d=day: client.get(f"{BOOK}?as_of={d}").raise_for_status()) for day in days)
    print(f"  the slider on 20 new days: median {moved[10]}, slowest {moved[-1]}")


def crowd(base: str) -> None:
    """Fifty readers at once, each going through the same views twenty times."""
    found: list[float] = []
    addresses = [BOOK, f"{BOOK}/entries", f"/v1{BOOK}/balances", f"{BOOK}?as_of=2020-06-30"]

    def reader() -> None:
        with httpx2.Client(base_url=base, timeout=60) as client:
            asked = (addresses[step % len(addresses)] for step in range(EACH))
            found.extend(seconds(lambda a=address: client.get(a).raise_for_status()) for address in asked)

    threads = [threading.Thread(target=reader) for _ in range(READERS)]
    whole = seconds(lambda: [[thread.start() for thread in threads], [thread.join() for thread in threads]])
    ordered = sorted(found)
    print(
        f"  {READERS} readers at once: {len(found) / whole:,.0f} answers a second, median {ordered[len(found) // 2]:.3f} s, "
        f"p99 {ordered[len(found) * 99 // 100]:.3f} s"
    )


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = made(Path(folder), number)
        shelf = Shelf(open_database(place, create=False, writable=False), lambda: NOW)
        desk = Desk(shelf, lambda: NOW, wiring.trading_days())
        app = application(desk, Policy(hosts=LOCAL, rate=Rate(10**9, 10**9)))
        print(f"{number:,} entries")
        print(f"  read into memory  {took(lambda: list(shelf.entries(ISSUER)))}, once")
        with running(app) as (host, port):
            base = f"http://{host}:{port}"
            with httpx2.Client(base_url=base, timeout=120) as client:
                views(client)
            crowd(base)
        shelf.close()


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 100_000)
