"""What a terminal shows of work that takes longer than a moment: a bar where its length is known, the seconds otherwise."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

Item = TypeVar("Item")

QUIET_SECONDS = 1
"""How long nothing is shown: what is over by then needs no bar."""

BAR = 24
ERASED = "\r\033[K"


def with_progress(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """The items as they come, with a bar on standard error where that is a terminal."""
    started = drawn = time.monotonic()
    shown = False
    try:
        for done, each in enumerate(items, 1):
            yield each
            now = time.monotonic()
            if now - started > QUIET_SECONDS and (not shown or now - drawn > QUIET_SECONDS / 5) and sys.stderr.isatty():
                shown, drawn = True, now
                _draw(bar(what, done, total, now - started))
    finally:
        if shown:
            _draw("")


def bar(what: str, done: int, total: int, seconds: float) -> str:
    """How much is done, and about how long the rest takes."""
    total = max(total, done)
    left = round(seconds * (total - done) / done)
    return f"{what} [{'#' * (BAR * done // total):<{BAR}}] {done:,} of {total:,}, {left:,} s left"


@contextmanager
def waited(what: str = "working") -> Iterator[None]:
    """While something is done, the seconds that it takes, on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    over = threading.Event()
    ticking = threading.Thread(target=_tick, args=(over, what), daemon=True)
    ticking.start()
    try:
        yield
    finally:
        over.set()
        ticking.join()


def _tick(over: threading.Event, what: str) -> None:
    seconds = 0
    while not over.wait(1):
        seconds += 1
        _draw(f"{what}, {seconds:,} s")
    if seconds:
        _draw("")


def _draw(text: str) -> None:
    click.echo(ERASED + text, nl=False, err=True, color=True)
