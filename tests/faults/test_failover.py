"""A cluster whose leader is killed again and again while facts are recorded: nothing acknowledged is lost."""

from __future__ import annotations

import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import attrs
import pytest

from tests.cli.running import SCRIPT
from tests.faults import books, patroni
from tests.faults.servers import until

FAILOVERS = 5
PATIENCE = 120
"""How many seconds a fact may take to be recorded, failover included."""


@attrs.define(eq=False)
class Clerk:
    """Records one fact after the other, each in a process of its own, and repeats the command until it is acknowledged."""

    url: str
    stopped: threading.Event = attrs.field(factory=threading.Event)
    acknowledged: list[tuple[float, str]] = attrs.field(factory=list)
    seen: Counter[tuple[int, str]] = attrs.field(factory=Counter)

    def work(self) -> None:
        number = 0
        while not self.stopped.is_set():
            number += 1
            self.record(number)

    def record(self, number: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            ran = self.run(number)
            if ran.returncode == 0:
                self.acknowledged.append((time.monotonic(), self.name(number)))
                return
            self.seen[ran.returncode, self.plain(ran.stderr)] += 1
            assert time.monotonic() < deadline, ran.stderr
            time.sleep(0.5)

    @staticmethod
    def name(number: int) -> str:
        return f"clerk/{number}/0/1"

    def run(self, number: int) -> subprocess.CompletedProcess[str]:
        fact = ("record", "placing-completed", "--on", "2024-12-27", "--class", books.SHARE, "--shares", str(number))
        return subprocess.run(
            [str(SCRIPT), *fact, "--command-id", self.name(number), "--by", "clerk", "--store", self.url],
            capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip

    @staticmethod
    def plain(text: str) -> str:
        return text.strip().splitlines()[0] if text.strip() else ""

    @property
    def longest_gap(self) -> float:
        """The longest time between two facts acknowledged one after the other, in seconds."""
        return max(later - earlier for (earlier, _), (later, _) in pairwise(self.acknowledged))


@contextmanager
def at_work(url: str) -> Iterator[Clerk]:
    clerk = Clerk(url)
    thread = threading.Thread(target=clerk.work)
    thread.start()
    try:
        yield clerk
    finally:
        clerk.stopped.set()
        thread.join(2 * PATIENCE)


def lead_passes_on(cluster: patroni.Cluster, clerk: Clerk) -> str:
    """The leader and its Patroni are killed; another one leads, facts are acknowledged again, and the killed one follows."""
    before = cluster.leader()
    assert before is not None
    heard = len(clerk.acknowledged)
    until(lambda: len(clerk.acknowledged) >= heard + 3, 60)
    before.kill()
    killed_at = time.monotonic()
    until(lambda: cluster.leader() not in (None, before), 90)
    until(lambda: clerk.acknowledged[-1][0] > killed_at + 2, 90)
    before.start(cluster.python)
    until(cluster.whole, 120)
    return before.name


@pytest.mark.heavy
def test_a_cluster_whose_leader_is_killed_again_and_again_loses_nothing_that_was_acknowledged():
    with patroni.running() as cluster:
        cluster.run("CREATE DATABASE captable")
        url = cluster.url("captable")
        books.begin(url)
        with at_work(url) as clerk:
            killed = [lead_passes_on(cluster, clerk) for _ in range(FAILOVERS)]
        held = {entry.command_id for entry in books.found_whole(url)}
    lost = {name for _, name in clerk.acknowledged} - held
    print(f"Patroni: leaders killed: {', '.join(killed)}; {len(clerk.acknowledged)} facts acknowledged, {len(lost)} lost")
    print(f"longest time without an acknowledged fact: {clerk.longest_gap:.0f} s; seen meanwhile:")
    for (code, said), times in clerk.seen.most_common():
        print(f"  {times} times exit code {code}: {said}")
    assert lost == set()
    assert len(held) == books.FOUNDING + len(clerk.acknowledged)
    assert {code for code, _ in clerk.seen} <= {2, 3, 5}
    assert not any("Traceback" in said or "unexpected" in said for _, said in clerk.seen)
