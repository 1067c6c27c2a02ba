"""Work given to a Dask cluster, through a client of the tests' own: its results, and each way in which a cluster fails."""

from __future__ import annotations

import math
import sys
from concurrent.futures import CancelledError, ThreadPoolExecutor
from types import ModuleType
from typing import Any

import attrs
import pytest

from domain.errors import Refused
from infrastructure.cluster import NoCluster, spread_over
from infrastructure.workers import WorkerDied

ADDRESS = "tcp://10.0.0.1:8786"


class KilledWorker(Exception):
    """What Dask raises for work during which several workers ended."""


@attrs.frozen
class Client:
    """As much of Dask's client as is used: it knows the workers of a scheduler, and its executor is that of threads."""

    address: str
    timeout: float
    set_as_default: bool

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def scheduler_info(self) -> dict[str, Any]:
        return {"workers": {"tcp://10.0.0.2:1": {}} if "10.0.0.1" in self.address else {}}

    def get_executor(self, *, pure: bool) -> ThreadPoolExecutor:
        assert pure is False, "Dask would do equal items once"
        return ThreadPoolExecutor(2)


@pytest.fixture
def dask(monkeypatch):
    module = ModuleType("distributed")
    module.Client, module.KilledWorker = Client, KilledWorker
    monkeypatch.setitem(sys.modules, "distributed", module)
    return module


def test_the_workers_of_a_cluster_do_each_item_once(dask):
    assert sorted(spread_over(ADDRESS, math.sqrt, [0, 1, 4, 4, 9])) == [0, 1, 2, 2, 3]


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (KilledWorker("returns-1"), "several workers ended while they made the same return; out of memory?"),
        (CancelledError(), f"the scheduler at {ADDRESS} ended; run the same command again, it continues where it stopped"),
        (
            ModuleNotFoundError("No module named 'typst'"),
            "a worker of the cluster lacks what this program needs: No module named 'typst'",
        ),
    ],
)
def test_what_ended_the_work_is_named_with_what_to_do(dask, raised, said):
    def work(_: int) -> int:
        raise raised

    with pytest.raises(WorkerDied) as refused:
        list(spread_over(ADDRESS, work, [1]))
    assert str(refused.value) == said


def test_what_the_work_itself_refuses_is_raised_as_it_is(dask):
    def work(_: int) -> int:
        raise Refused("the book is damaged")

    with pytest.raises(Refused, match=r"^the book is damaged$"):
        list(spread_over(ADDRESS, work, [1]))


@pytest.mark.parametrize("raised", [OSError("timed out after 10 s"), ValueError("timed out after 10 s")])
def test_a_scheduler_that_does_not_answer_is_named(dask, raised):
    def client(*_: object, **__: object) -> Client:
        raise raised

    dask.Client = client
    with pytest.raises(NoCluster) as refused:
        list(spread_over(ADDRESS, math.sqrt, [1]))
    assert str(refused.value) == f"no scheduler answers at {ADDRESS}: timed out after 10 s"


def test_a_cluster_without_workers_is_named_with_the_command_that_starts_one(dask):
    with pytest.raises(NoCluster) as refused:
        list(spread_over("tcp://10.0.0.9:8786", math.sqrt, [1]))
    expected = "the cluster of tcp://10.0.0.9:8786 has no workers: start one with dask worker tcp://10.0.0.9:8786"
    assert str(refused.value) == expected


def test_without_dask_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NoCluster) as refused:
        list(spread_over(ADDRESS, math.sqrt, [1]))
    assert str(refused.value) == "--cluster needs Dask: pip install 'captable[cluster]'"
