"""`returns-run --cluster`: a Dask scheduler and two worker processes of the test's own, one of which is killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cli import run_worker
from domain.returns.runs import Order
from infrastructure import cluster
from infrastructure.workers import WorkerDied
from tests.cli.running import captable, done
from tests.cli.test_returns_run import ISSUERS, ROOT, RUN, made, market_on_a_server, started, until_some_are_made
from tests.faults.servers import until

__all__ = ["market_on_a_server"]

needs_dask = pytest.mark.skipif(
    subprocess.run([sys.executable, "-c", "import distributed"], capture_output=True).returncode != 0,
    reason="needs Dask: pip install 'captable[cluster]'",
)
BAD = 2


class Cluster:
    """A scheduler, and workers with one thread each."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.processes = folder, list[subprocess.Popen[bytes]]()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.begin("dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port))

    def begin(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", *arguments]
        with (self.folder / f"log-{len(self.processes)}").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=self.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    def joined_by(self, number: int) -> list[subprocess.Popen[bytes]]:
        """Workers that have joined the cluster."""
        from distributed import Client

        workers = [self.begin("dask_worker", self.address, "--nthreads", "1", "--no-nanny") for _ in range(number)]
        with Client(self.address, timeout=60) as client:
            client.wait_for_workers(number, timeout=60)
        return workers

    def end(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait(30)


@pytest.fixture
def dask(tmp_path) -> Iterator[Cluster]:
    begun = Cluster(tmp_path)
    yield begun
    begun.end()


@needs_dask
def test_a_cluster_makes_the_same_returns_though_one_of_its_two_workers_is_killed(dask, folder, market_on_a_server):
    store = ("--store", market_on_a_server)
    done(*RUN, *store, "--workers", "1")
    alone = made()
    shutil.rmtree("december")
    first, _ = dask.joined_by(2)
    process = started(*RUN, *store, "--cluster", dask.address, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until_some_are_made(process, 2)
    first.send_signal(signal.SIGKILL)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err.decode().lstrip()) == (
        0,
        "written to december; run.json there has the result of each issuer\n",
    )
    assert f"{ISSUERS} made, 0 held back" in out.decode()
    assert made() == alone
    # What is there is kept, by any command.
    assert f"0 made, {ISSUERS} kept from before" in done(*RUN, *store, "--cluster", dask.address).out


@needs_dask
def test_a_cluster_without_workers_and_one_that_is_not_there_are_named(dask, folder, market_on_a_server, monkeypatch):
    monkeypatch.setattr(cluster, "SECONDS", 1)
    until(lambda: "Scheduler at" in (dask.folder / "log-0").read_text())
    ran = captable(*RUN, "--store", market_on_a_server, "--cluster", dask.address)
    assert ran.err == f"captable: the cluster of {dask.address} has no workers: start one with dask worker {dask.address}\n"
    dask.end()
    ran = captable(*RUN, "--store", market_on_a_server, "--cluster", dask.address)
    assert (ran.code, ran.err.startswith(f"captable: no scheduler answers at {dask.address}")) == (BAD, True)


def test_without_dask_the_option_says_what_to_install(folder, market_on_a_server, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    ran = captable(*RUN, "--store", market_on_a_server, "--cluster", "tcp://127.0.0.1:1")
    assert (ran.code, ran.err) == (BAD, "captable: --cluster needs Dask: pip install 'captable[cluster]'\n")


@pytest.mark.parametrize("more", [["--workers", "2"], ["--store", "captable.db"]])
def test_a_cluster_has_workers_of_its_own_and_reads_from_a_server(folder, more):
    ran = captable(*RUN, "--cluster", "tcp://127.0.0.1:1", *more)
    assert (ran.code, "--cluster" in ran.err) == (BAD, True)


def test_a_worker_of_another_version_says_so(market_on_a_server):
    job = run_worker.Job(market_on_a_server, Order(date(2024, 12, 31), date(2025, 1, 6), ("json",)), "0.0.1")
    with pytest.raises(WorkerDied, match=r"the run was begun with 0\.0\.1: install the same everywhere"):
        run_worker.made(job, "00001")
    assert market_on_a_server not in repr(job)
