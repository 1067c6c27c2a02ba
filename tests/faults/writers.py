"""Processes that record until they are killed: `python -m tests.faults.writers`, who learn what to do on standard input.

The process loads everything once; for each order, a line of JSON, it forks one that writes. That one says on standard
output first who it is, and then of each command that it is recorded: what it has said must never be lost.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen
from typing import Any

from application.record import record
from domain.errors import Conflict, MayBeRecorded, Refused, StoreUnusable
from tests.faults import books

ROOT = Path(__file__).parents[2]


def say(**said: Any) -> None:
    """One line, in one write: a line is there whole or not at all."""
    os.write(1, (json.dumps(said) + "\n").encode())


def write(location: str, writer: str, batches: int, most: int, sales: bool) -> None:
    """Record batches of facts of random size, each said when it is recorded; what the book refuses is left out."""
    random, book = Random(writer), None
    with books.opened(location) as store:
        for number in range(batches):
            makers = [books.sale if sales and random.random() < 0.4 else books.purchase for _ in range(random.randint(1, most))]
            drafts = books.batch(writer, number, [make(random) for make in makers])
            try:
                recorded = record(store, books.ISSUER, drafts, book=book)
            except Refused:
                book = None
                continue
            except Conflict:
                say(gave_up=number)
                book = None
                continue
            except (StoreUnusable, MayBeRecorded) as error:
                say(failed=str(error))
                return
            book = recorded.book
            say(recorded={entry.command_id: entry.number for entry in recorded.entries})


def serve() -> None:
    """Fork a writer for each order, and say when it has ended."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            # Whatever happens, the child must not go on with this loop.
            try:
                say(pid=os.getpid())
                write(**json.loads(line))
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        say(ended=os.waitstatus_to_exitcode(status))


class Writers:
    """The other end: writers in turn are asked to write, and answer."""

    def __init__(self, process: Popen[str]) -> None:
        self.process = process

    def begin(self, **order: Any) -> int:
        """Start a writer; the number of its process."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self.heard()["pid"])

    def heard(self) -> dict[str, Any]:
        """The next thing that is said."""
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def until_the_end(self) -> list[dict[str, Any]]:
        """All that the writer says until it has ended, however it ends; the last is how."""
        said = [self.heard()]
        while "ended" not in said[-1]:
            said.append(self.heard())
        return said


@contextmanager
def writers() -> Iterator[Writers]:
    """A process that writers are forked from."""
    with listening("tests.faults.writers") as process:
        yield Writers(process)


@contextmanager
def listening(module: str, **environment: str) -> Iterator[Popen[str]]:
    """A process that runs a module of the tests, which takes orders on standard input until that is closed."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    with Popen([sys.executable, "-m", module], cwd=ROOT, env=given, stdin=PIPE, stdout=PIPE, text=True) as process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(30)


if __name__ == "__main__":
    serve()
