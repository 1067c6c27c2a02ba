"""Command lines that something befalls at one of their writes: `python -m tests.faults.crashing` as an order on standard input says.

The process loads everything once; for each order, a line of JSON, it forks one that runs the command line, and says how that
one ended. What counts as a write: a file opened to be written, renamed, linked or removed, and each statement that a database
is given. From the moment of the chosen write a thread waits a little, and then sends the signal.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any

import attrs

from tests.faults.writers import listening

ROOT = Path(__file__).parents[2]
TRACEBACK = 99
"""The exit code of a command line that let an error through."""


@attrs.frozen
class Fault:
    """What befalls a command line: a signal at one of its writes, some milliseconds late; no room; nobody who reads."""

    name: str = "nothing"
    sends: int = 0
    write: int = 0
    late: float = 0
    longest: int | None = None
    reads: bool = True


class _Writes:
    """Counts the writes of this process; at the one that is chosen a signal is on its way."""

    def __init__(self, fault: Fault) -> None:
        self.fault, self.count = fault, 0
        self.reached = threading.Event()
        if fault.sends:
            threading.Thread(target=self._send, daemon=True).start()

    def _send(self) -> None:
        self.reached.wait()
        time.sleep(self.fault.late / 1000)
        os.kill(os.getpid(), self.fault.sends)

    def one_more(self, *_: object) -> None:
        self.count += 1
        if self.count == self.fault.write:
            self.reached.set()

    def audited(self, event: str, given: tuple[Any, ...]) -> None:
        opened = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
        if opened or event in ("os.rename", "os.remove", "os.link", "os.mkdir", "os.truncate"):
            self.one_more()

    def watch(self) -> None:
        import psycopg

        connect, execute, commit = sqlite3.connect, psycopg.Cursor.execute, psycopg.Connection.commit

        def connected(*given: Any, **options: Any) -> sqlite3.Connection:
            connection = connect(*given, **options)
            connection.set_trace_callback(self.one_more)
            return connection

        def executed(*given: Any, **options: Any) -> Any:
            self.one_more()
            return execute(*given, **options)

        def committed(connection: Any) -> None:
            self.one_more()
            commit(connection)

        sqlite3.connect = connected  # type: ignore[assignment]
        psycopg.Cursor.execute, psycopg.Connection.commit = executed, committed  # type: ignore[method-assign]
        sys.addaudithook(self.audited)


def run(arguments: list[str], folder: str, said: str, fault: Fault) -> int:
    """Run a command line in a folder, what it says in files of another; its exit code. The count of its writes is there too."""
    from cli.main import main

    os.chdir(folder)
    streams = [os.open(f"{said}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for name in ("out", "err")]
    if not fault.reads:
        reader, streams[0] = os.pipe()
        os.close(reader)
    for stream, place in zip(streams, (1, 2), strict=True):
        os.dup2(stream, place)
    if fault.longest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (fault.longest, resource.RLIM_INFINITY))
    writes = _Writes(fault)
    writes.watch()
    try:
        main(arguments)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else TRACEBACK
    except BaseException:
        traceback.print_exc()
        code = TRACEBACK
    sys.stderr.flush()
    if fault.name == "nothing":
        Path(said, "writes").write_text(str(writes.count))
    return code


def serve() -> None:
    """Fork a process for each order, and say how it ended."""
    import cli.commands.admin
    import cli.commands.query
    import cli.commands.returns_run
    import cli.commands.take_in  # noqa: F401
    import infrastructure.renderers.json  # noqa: F401

    signal.signal(signal.SIGINT, signal.default_int_handler)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            try:
                os._exit(run(order["arguments"], order["folder"], order["said"], Fault(**order["fault"])))
            except BaseException:
                os._exit(TRACEBACK)
        _, status = os.waitpid(child, 0)
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())


@attrs.frozen
class Ended:
    """How a command line ended, and what it printed."""

    code: int
    out: str
    err: str


@attrs.frozen
class Crashing:
    """The other end: command lines are run one after the other."""

    process: Popen[str]
    said: Path

    def run(self, arguments: list[str], folder: Path, fault: Fault) -> Ended:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {"arguments": arguments, "folder": str(folder), "said": str(self.said), "fault": attrs.asdict(fault)}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        return Ended(code, *((self.said / name).read_text(errors="replace") for name in ("out", "err")))

    def writes(self) -> int:
        """How many writes the last command line made that nothing befell."""
        return int((self.said / "writes").read_text())


@contextmanager
def crashing(said: Path) -> Iterator[Crashing]:
    """A process that runs command lines, what they print in files of a folder."""
    with listening("tests.faults.crashing", CAPTABLE_BY="clerk") as process:
        yield Crashing(process, said)


if __name__ == "__main__":
    serve()
