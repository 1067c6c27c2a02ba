"""Work spread over processes: every result once, errors as they are, and what is done is given before an interruption."""

from __future__ import annotations

import gc
import itertools
import math
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from infrastructure import workers
from infrastructure.workers import FEWEST, WorkerDied, gathered, spread

SQUARES = [number * number for number in range(FEWEST)]
ROOTS = [float(number) for number in range(FEWEST)]


def test_with_one_worker_or_few_items_all_is_done_in_this_process_in_order():
    here = [os.getpid()] * FEWEST
    assert list(spread(lambda _: os.getpid(), range(FEWEST), workers=1)) == here
    assert list(spread(lambda _: os.getpid(), range(FEWEST - 1), workers=2)) == here[:-1]
    assert list(spread(math.sqrt, SQUARES[1:], workers=8)) == ROOTS[1:]


def test_several_processes_do_each_item_once():
    assert sorted(spread(math.sqrt, SQUARES, workers=2)) == ROOTS


def test_a_process_that_ends_is_named_with_what_to_do():
    with pytest.raises(
        WorkerDied, match=r"^a process that made returns ended unexpectedly; out of memory\? Try fewer --workers$"
    ):
        list(spread(os._exit, [3] * FEWEST, workers=2))


def test_what_the_work_raises_is_raised_and_the_rest_is_not_begun():
    """Another item may be under way when the first fails, and ends once the executor is shut down."""
    begun, shut_down = [], threading.Event()

    class OneThread(ThreadPoolExecutor):
        def shutdown(self, *, wait: bool = True, cancel_futures: bool = False) -> None:
            shut_down.set()
            super().shutdown(wait, cancel_futures=cancel_futures)

    def work(number: int) -> int:
        begun.append(number)
        return 12 // number if number == 0 else shut_down.wait(60)

    executor = OneThread(1)
    with pytest.raises(ZeroDivisionError):
        list(gathered(executor, work, range(1_000)))
    assert (begun[0], len(begun) <= 2) == (0, True)
    with pytest.raises(RuntimeError, match="cannot schedule new futures after shutdown"):
        executor.submit(work, 1)


def test_an_interruption_comes_after_the_results_of_what_is_done_or_under_way():
    """Of three items the first is done when Ctrl-C comes, the second is under way, and the third waits for its turn."""
    under_way, go_on = threading.Event(), threading.Event()

    def work(number: int) -> int:
        if number == 2:
            under_way.set()
            go_on.wait(30)
        return number

    results = gathered(ThreadPoolExecutor(1), work, [1, 2, 3])
    assert next(results) == 1
    assert under_way.wait(30)
    threading.Timer(0.05, go_on.set).start()
    assert results.throw(KeyboardInterrupt) == 2
    with pytest.raises(KeyboardInterrupt):
        next(results)


def test_a_process_of_a_run_looks_for_garbage_now_and_then_and_keeps_what_the_first_item_loaded(monkeypatch):
    looked = []
    monkeypatch.setattr(gc, "collect", lambda: looked.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: looked.append("freeze"))
    monkeypatch.setattr(workers, "_items", itertools.count(1))
    assert [workers._one(abs, -number) for number in range(32)] == list(range(32))
    assert looked == ["freeze", "collect", "collect"]


def test_the_processors_are_those_that_this_process_may_use(monkeypatch):
    assert workers.processors() == len(os.sched_getaffinity(0))
    monkeypatch.delattr(os, "sched_getaffinity")
    for number, expected in ((6, 6), (None, 1)):
        monkeypatch.setattr(os, "cpu_count", lambda number=number: number)
        assert workers.processors() == expected


def test_where_signals_cannot_be_held_back_the_work_is_done_all_the_same(monkeypatch):
    monkeypatch.delattr("signal.pthread_sigmask")
    assert sorted(gathered(ThreadPoolExecutor(2), math.sqrt, SQUARES)) == ROOTS
