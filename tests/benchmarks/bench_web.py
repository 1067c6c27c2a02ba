"""How fast the page and the API answer over a large book: `python -m tests.benchmarks.bench_web [ENTRIES or STORE]`.

First views are those that nobody asked for before; a view asked for again comes from memory. Nothing here passes or fails.
"""

from __future__ import annotations

import gc
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
from tests.benchmarks.timing import seconds
from tests.cli.web.running import running

NOW = datetime.combine(STARTED + timedelta(days=DAYS), datetime.min.time(), UTC)
READERS, EACH = 50, 20
BOOK = f"/issuers/{ISSUER}"


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


def views(client: httpx2.Client, last: date) -> None:
    """Each view for the first time and again, the median of several days; then what goes through the whole book."""
    day = last - timedelta(days=20)
    month = (last.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    of_days = {
        "issuer": "",
        "part: due": "/parts/due",
        "part: findings": "/parts/findings",
        "part: mandates": "/parts/mandates",
    }
    for name, address in of_days.items():
        days = [last - timedelta(days=97 * step) for step in range(20)]
        first = sorted(took(lambda d=each, a=address: client.get(f"{BOOK}{a}?as_of={d}").raise_for_status()) for each in days)
        again = took(lambda a=address: client.get(f"{BOOK}{a}?as_of={last}").raise_for_status())
        print(f"  {name:<28}{first[10]} median of 20 days, {first[-1]} slowest; {again} again")
    addresses = {
        "front": "/",
        "entries": f"{BOOK}/entries",
        "entries, page 20": f"{BOOK}/entries?page=20",
        "entries, an event": f"{BOOK}/entries?event=shares-repurchased",
        "entries, a month": f"{BOOK}/entries?since={day - timedelta(days=30)}&until={day}",
        "entry": f"{BOOK}/entries/{500}",
        "monthly return": f"{BOOK}/returns/monthly/{month}?submitted_on={last}",
        "next-day return": f"{BOOK}/returns/next-day/{day}?submitted_on={last}",
        "rule": "/rules/HK302",
        "API: balances": f"/v1{BOOK}/balances?as_of={day}",
        "API: series of two years": f"/v1{BOOK}/series?since={last - timedelta(days=730)}",
        "API: findings of a month": f"/v1{BOOK}/findings?since={last - timedelta(days=30)}",
        "entries, a text": f"{BOOK}/entries?text=nothing",
        "whole book: days": f"{BOOK}?all=days",
        "whole book: due": f"{BOOK}/parts/due?all=due",
        "whole book: findings": f"{BOOK}/parts/findings?all=findings",
    }
    for name, address in addresses.items():
        first, again = (took(lambda a=address: client.get(a).raise_for_status()) for _ in range(2))
        print(f"  {name:<28}{first} first, {again} again", flush=True)


def crowd(base: str, last: date) -> None:
    """Fifty readers at once, each going through the same views twenty times."""
    found: list[float] = []
    earlier = f"{BOOK}?as_of={last - timedelta(days=1000)}"
    addresses = [BOOK, f"{BOOK}/entries", f"/v1{BOOK}/balances", earlier]
    with httpx2.Client(base_url=base, timeout=600) as client:
        for address in addresses:
            client.get(address).raise_for_status()

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


def main(place: str) -> None:
    gc.set_threshold(500_000, 20, 100)  # as the command line does
    shelf = Shelf(open_database(place, create=False, writable=False), lambda: NOW)
    number = shelf.head(ISSUER).number
    bounds = shelf.contents(ISSUER, number).bounds()
    last = bounds[1] if bounds else STARTED
    now = datetime.combine(last + timedelta(days=1), datetime.min.time(), UTC)
    desk = Desk(shelf, lambda: now, wiring.trading_days())
    app = application(desk, Policy(hosts=LOCAL, rate=Rate(10**9, 10**9)))
    print(f"{number:,} entries")
    print(f"  what is asked for first       {took(lambda: desk.warm(lambda: False))}, when the server starts")
    with running(app) as (host, port):
        base = f"http://{host}:{port}"
        crowd(base, last)
        with httpx2.Client(base_url=base, timeout=600) as client:
            views(client, last)
    shelf.close()


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else "100,000"
    if Path(asked).exists():
        main(asked)
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(made(Path(folder), int(asked.replace(",", ""))))
