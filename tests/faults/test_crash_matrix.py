"""The crash matrix: every command that writes × a kill, SIGTERM, Ctrl-C, a full disk, and nobody who reads what it prints.

What befalls a command line falls at one of its writes, chosen at random. Afterwards every store is whole; what was acknowledged is
there, what was denied is not, and what was neither is there wholly or not at all; a file under a name that was asked for is
whole; and the same command line, run again, ends well.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import attrs
import psycopg
import pytest

from application.record import record
from domain import events
from infrastructure.event_store import open_store
from infrastructure.renderers import render
from tests import postgresql
from tests.application.test_take_in import year_of_returns
from tests.cli.running import captable, write
from tests.conftest import ticking
from tests.faults import books
from tests.faults.crashing import Crashing, Ended, Fault, crashing
from tests.infrastructure.test_upgrading import DERIVED, earlier_file, old_store

FULL, CLOSED = "a full disk", "closed output"
SIGNALS = {"kill -9": signal.SIGKILL, "SIGTERM": signal.SIGTERM, "Ctrl-C": signal.SIGINT}
FAULTS = (*SIGNALS, FULL, CLOSED)
OK, BAD, REFUSED, UNCERTAIN, INTERRUPTED = 0, 2, 3, 5, 130
ROOM = 32
"""Megabytes of the disk that fills up."""

State = Mapping[str, Any]
"""Of each store and file, what it holds; what is not there is left out."""


@attrs.frozen
class Case:
    """A command line, what is in its folder before, and which files and stores it writes."""

    name: str
    arguments: Sequence[str]
    prepare: Callable[[Path], object]
    files: Sequence[str] = ()
    stores: Sequence[str] = ("captable.db",)


# --- what is there before -------------------------------------------------------------------------------------------------

SOME, MORE = 600, 200


def a_book(location: str) -> None:
    """A book of some six hundred purchases, of which the last days are carried forward."""
    books.begin(location)
    random = Random(3)
    with books.opened(location) as store:
        record(store, books.ISSUER, books.batch("before", 0, [books.purchase(random) for _ in range(SOME)]))


def facts(folder: Path) -> None:
    """A file of purchases, each with a command id that says of how many it is."""
    os.chdir(folder)
    day = {"event": "SharesRepurchased", "effective_on": "2024-12-20", "share_class": "B", "intention": "treasury"}
    write("facts.jsonl", *({**day, "shares": n, "command_id": f"more/0/{n - 1}/{MORE}"} for n in range(1, MORE + 1)))


def book(folder: Path) -> None:
    a_book(str(folder / "captable.db"))


def book_and_facts(folder: Path) -> None:
    book(folder)
    facts(folder)


def returns(folder: Path) -> None:
    """The first six returns of a year, as published, and no book."""
    with open_store(str(folder / "original.db"), clock=ticking(), create=True) as store:
        for number, document in enumerate(year_of_returns(store)[:6]):
            (folder / f"{number}.html").write_bytes(render(document, "html"))
    (folder / "original.db").unlink()


def begun(location: str, folder: Path) -> None:
    """The same, and a book that begins with the first three."""
    returns(folder)
    assert captable("start", *(str(folder / f"{number}.html") for number in range(3)), "--yes", "--store", location).code == 0


def a_book_where_two_wait(location: str) -> None:
    """A book that requires release, with two facts that another person recorded."""
    a_book(location)
    random = Random(4)
    required = events.ReleaseRequirementSet(effective_on=books.BEGUN)
    with books.opened(location) as store:
        record(store, books.ISSUER, books.batch("required", 0, [required]))
        record(store, books.ISSUER, books.batch("maker", 0, [books.purchase(random) for _ in range(2)]))


WAITING = [str(books.FOUNDING + SOME + number) for number in (2, 3)]


def copy(folder: Path) -> None:
    a_book(str(folder / "copy.db"))


def of_version_3(folder: Path) -> None:
    earlier_file(folder / "captable.db", 3, DERIVED[3])


def two_books(folder: Path) -> None:
    book(folder)
    with books.opened(str(folder / "captable.db")) as store:
        for code in ("00021", "00022", "00023"):
            begun = [attrs.evolve(entry.event, **({"issuer": code} if entry.number == 1 else {})) for entry in founding(store)]
            record(store, code, books.batch(code, 0, begun))


def founding(store: Any) -> list[Any]:
    return list(store.entries(books.ISSUER))[: books.FOUNDING]


FILED = ["file", "monthly", "--month", "2024-12", "--submitted-on", "2025-01-06", "--format", "json", "-o", "filed.json"]
RUN = ["returns-run", "--month", "2024-12", "--submitted-on", "2025-01-06", "--format", "json", "--drafts", "-o", "run"]
CASES = (
    Case("record", ["record", "--file", "facts.jsonl"], book_and_facts),
    Case("withdraw", ["withdraw", "10", "--reason", "a mistake"], book),
    Case("correct", ["correct", "10", "--shares", "1,234", "--source", "a broker's note"], book),
    Case("release", ["release", *WAITING], lambda folder: a_book_where_two_wait(str(folder / "captable.db"))),
    Case("file", FILED, book, files=["filed.json"]),
    Case("start", ["start", "0.html", "1.html", "2.html", "--yes"], returns),
    Case(
        "take-in", ["take-in", "3.html", "4.html", "5.html", "--yes"], lambda folder: begun(str(folder / "captable.db"), folder)
    ),
    Case("returns-run", RUN, two_books, files=[*(f"run/0002{n}-monthly-2024-12.json" for n in range(4)), "run/run.json"]),
    Case("export", ["export", "-o", "book.jsonl"], book, files=["book.jsonl"]),
    Case("backup", ["backup", "copy.db"], book, stores=["captable.db", "copy.db"]),
    Case("restore", ["restore", "copy.db"], copy, stores=["captable.db", "copy.db"]),
    Case("upgrade", ["admin", "upgrade"], of_version_3),
    Case("rebuild", ["rebuild"], book),
)
ON_A_SERVER = {
    "record": lambda url, folder: (a_book(url), facts(folder)),
    "withdraw": lambda url, folder: a_book(url),
    "correct": lambda url, folder: a_book(url),
    "release": lambda url, folder: a_book_where_two_wait(url),
    "take-in": begun,
    "file": lambda url, folder: a_book(url),
    "upgrade": lambda url, folder: old_store(url, 3),
    "rebuild": lambda url, folder: a_book(url),
}


# --- what is there afterwards -----------------------------------------------------------------------------------------------


def held(location: str) -> Any:
    """What a store holds, after all of it was verified: its version, and of each entry the fact and what stands beside it."""
    with open_store(location, clock=books.now, writable=False) as store:
        heads = store.verified()
        found = {
            issuer: [(each.number, each.event, each.command_id, each.replaces) for each in store.entries(issuer)]
            for issuer in heads
        }
        return (store._database.version, found) if found else None


def state(case: Case, folder: Path, url: str | None = None) -> State:
    files = {name: (folder / name).read_bytes() for name in case.files if (folder / name).exists()}
    stores = [url] if url else [str(folder / name) for name in case.stores if (folder / name).exists()]
    contents = {location.rpartition("/")[2] if not url else "store": held(location) for location in stores}
    return {**files, **{name: content for name, content in contents.items() if content is not None}}


def judge(case: Case, fault: Fault, ended: Ended, before: State, after: State, done: State) -> None:
    """Hold what is there against what was said. Raises AssertionError."""
    assert "Traceback" not in ended.err
    assert "unexpected" not in ended.err
    signalled = {-signal.SIGKILL, -signal.SIGTERM} & {-fault.sends}
    assert ended.code in {OK, BAD, REFUSED, UNCERTAIN, *signalled, *({INTERRUPTED} if fault.sends == signal.SIGINT else ())}
    for name in {*case.files, *after}:
        # The report of a run is written more than once.
        whole = name.endswith("run.json") or after.get(name) in (before.get(name), done.get(name))
        assert whole, f"{name} is neither as it was nor as it is to be"
    acknowledged = ended.code == OK or ended.out.startswith("Recorded") or "recorded as entr" in ended.err
    if acknowledged:
        changed = [name for name in done if after.get(name) != done[name] and not name.endswith("run.json")]
        assert not changed, f"{changed} is not as was said"
    if ended.code in (BAD, REFUSED):
        stores = [name for name in case.stores if case.name != "returns-run" and after.get(name) != before.get(name)]
        assert not stores, f"{stores} changed, and that was denied"
        assert ended.err.strip()
    if fault.name == CLOSED:
        assert ended.code == OK, ended


# --- the matrix -------------------------------------------------------------------------------------------------------------


@attrs.define
class Matrix:
    """Command lines of one case, each befallen once in a folder of its own."""

    crashing: Crashing
    place: Path
    disk: Path | None
    case: Case
    counts: Counter[str] = attrs.field(factory=Counter)
    wrong: list[str] = attrs.field(factory=list)

    def tries(self, random: Random, runs: int) -> None:
        template = self.place / "before"
        template.mkdir()
        self.case.prepare(template)
        before, done, largest = self._undisturbed(template)
        writes = self.crashing.writes()
        for number in range(runs):
            name = FAULTS[number % len(FAULTS)]
            with self._folder(template, name, random) as folder:
                fault = a_fault(name, random, writes, largest + 4_096 if folder.parent != self.disk else None)
                self._try(fault, folder, before, done)

    def _undisturbed(self, template: Path) -> tuple[State, State, int]:
        folder = self.place / "undisturbed"
        shutil.copytree(template, folder)
        before = state(self.case, folder)
        ended = self.crashing.run([*self.case.arguments], folder, Fault())
        assert ended.code in (0, 1), ended
        return before, state(self.case, folder), max(each.stat().st_size for each in folder.rglob("*"))

    @contextmanager
    def _folder(self, template: Path, name: str, random: Random) -> Iterator[Path]:
        on_the_disk = self.disk is not None and name == FULL and random.random() < 0.5
        folder = (self.disk if on_the_disk and self.disk else self.place) / "work"
        shutil.copytree(template, folder)
        ballast = folder.parent / "ballast"
        if on_the_disk:
            free = shutil.disk_usage(folder).free
            ballast.write_bytes(bytes(max(free - random.randint(0, 600_000), 0)))
        try:
            yield folder
        finally:
            shutil.rmtree(folder)
            ballast.unlink(missing_ok=True)

    def _try(self, fault: Fault, folder: Path, before: State, done: State) -> None:
        ended = self.crashing.run([*self.case.arguments], folder, fault)
        # Where the disk is full there is room again before anything is looked at.
        (folder.parent / "ballast").unlink(missing_ok=True)
        try:
            after = state(self.case, folder)
            judge(self.case, fault, ended, before, after, done)
            self.counts["as before" if after == before else "done" if after == done else "in part"] += 1
            if after != done:
                again = self.crashing.run([*self.case.arguments], folder, Fault())
                assert again.code in (0, 1), f"run again: {again}"
                assert state(self.case, folder) == done, "run again, it is not done"
        except Exception as error:
            self.wrong.append(
                f"{self.case.name}, {fault}: {error!r:.600} {ended.code} {ended.out[-300:]!r} {ended.err[-1500:]!r}"
            )


def a_fault(name: str, random: Random, writes: int, largest: int | None) -> Fault:
    """A fault of a kind. Files may not grow beyond some length up to the largest in place of a disk that is full."""
    if name in SIGNALS:
        return Fault(name, SIGNALS[name], random.randint(1, writes), random.choice((0, 0, 0.2, 1, 3)))
    longest = random.randint(4_096, largest) if name == FULL and largest is not None else None
    return Fault(name, longest=longest, reads=name != CLOSED)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path | None]:
    """A small file system; None if none can be mounted: then files may not grow beyond a size."""
    folder = tmp_path / "disk"
    folder.mkdir()
    libc = ctypes.CDLL(None, use_errno=True)
    mounted = hasattr(libc, "mount") and not libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, f"size={ROOM}m".encode())
    yield folder if mounted else None
    if mounted:
        libc.umount(str(folder).encode())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
@pytest.mark.parametrize("runs", [pytest.param(50, marks=pytest.mark.heavy)])
def test_what_befalls_a_command_on_a_file_leaves_it_true(tmp_path, disk, case, runs):
    (tmp_path / "said").mkdir()
    with crashing(tmp_path / "said") as running:
        matrix = Matrix(running, tmp_path, disk, case)
        matrix.tries(Random(case.name), runs)
    print(f"{case.name}: {runs} runs, {dict(matrix.counts)}, {len(matrix.wrong)} wrong", *matrix.wrong, sep="\n  ")
    assert matrix.wrong == []


def settled(url: str) -> None:
    """Wait until nobody is connected: a server may be at a commit of which the client was killed."""
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(postgresql.server(), autocommit=True) as connection:
        for _ in range(200):
            row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [name]).fetchone()
            if row == (0,):
                return
            time.sleep(0.05)


@pytest.mark.parametrize("name", ON_A_SERVER)
@pytest.mark.parametrize("runs", [pytest.param(20, marks=pytest.mark.heavy)])
def test_what_befalls_a_command_on_a_server_leaves_it_true(tmp_path, name, runs):
    case = next(case for case in CASES if case.name == name)
    pristine, template, random = postgresql.database(), tmp_path / "before", Random(name)
    for folder in (template, tmp_path / "said"):
        folder.mkdir()
    ON_A_SERVER[name](pristine, template)
    wrong: list[str] = []
    counts: Counter[str] = Counter()
    with crashing(tmp_path / "said") as running:

        def tried(fault: Fault, place: Path, url: str) -> Ended:
            ended = running.run([*case.arguments, "--store", url], place, fault)
            settled(url)
            return ended

        url, folder = postgresql.copied(pristine), tmp_path / "undisturbed"
        shutil.copytree(template, folder)
        before = state(case, folder, url)
        assert tried(Fault(), folder, url).code == 0
        done, writes = state(case, folder, url), running.writes()
        postgresql.drop(url)
        for number in range(runs):
            url, folder = postgresql.copied(pristine), tmp_path / f"work {number}"
            shutil.copytree(template, folder)
            fault = a_fault(FAULTS[number % len(FAULTS)], random, writes, 60_000)
            ended = tried(fault, folder, url)
            try:
                after = state(case, folder, url)
                judge(attrs.evolve(case, stores=["store"]), fault, ended, before, after, done)
                counts["as before" if after == before else "done" if after == done else "in part"] += 1
                assert tried(Fault(), folder, url).code == 0 or after == done
                assert state(case, folder, url) == done, "run again, it is not done"
            except Exception as error:
                wrong.append(f"{name}, {fault}: {error!r:.600} {ended.code} {ended.out[-300:]!r} {ended.err[-1500:]!r}")
            postgresql.drop(url)
    postgresql.drop(pristine)
    print(f"{name} on a server: {runs} runs, {dict(counts)}, {len(wrong)} wrong", *wrong, sep="\n  ")
    assert wrong == []
