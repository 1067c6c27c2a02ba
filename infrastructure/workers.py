"""Work spread over the processes of this machine; `gathered` takes any executor, so a cluster's as well."""

from __future__ import annotations

import gc
import itertools
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context, parent_process
from typing import TypeVar

from domain import errors

Item = TypeVar("Item")
Result = TypeVar("Result")

FEWEST = 8
"""With fewer items than this a process would take longer to start than to do its share."""

COLLECTED = 16
"""After how many items a process looks for garbage, of which an item leaves next to none."""


class WorkerDied(errors.BadInput):
    """A process of the run ended unexpectedly, or cannot do the work; the message says which, and what to do."""


def processors() -> int:
    """How many processes this machine runs at once, as far as this one may use them."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(work: Callable[[Item], Result], items: Sequence[Item], *, workers: int) -> Iterator[Result]:
    """The results of some work on items, in the order in which they come, from several processes of this machine.

    `work` must be a function that another process can import. With one worker, or few items, all is done in this process.
    Raises what the work raises, and WorkerDied.
    """
    if workers < 2 or len(items) < FEWEST:
        yield from map(work, items)
        return
    # Not forked: a database connection and the threads of a library would be torn in the copy.
    pool = ProcessPoolExecutor(min(workers, len(items)), get_context("spawn"), _begin)
    try:
        yield from gathered(pool, partial(_one, work), items)
    except BrokenProcessPool as error:
        raise WorkerDied("a process that made returns ended unexpectedly; out of memory? Try fewer --workers") from error


def gathered(executor: Executor, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    """The results of some work on items, in the order in which they come; the executor is shut down afterwards."""
    try:
        with _undisturbed():
            waiting = {executor.submit(work, item) for item in items}
        for done in as_completed(waiting):
            # Let go of, for a result may be large.
            waiting.discard(done)
            yield done.result()
    except KeyboardInterrupt:
        # What is done, or under way, is not thrown away: it is said first, so that nobody has to do it again.
        _stop(executor, waiting)
        yield from (each.result() for each in waiting if not each.cancelled() and not each.exception())
        raise
    finally:
        _stop(executor, waiting)


def _stop(executor: Executor, waiting: Iterable[Future[Result]]) -> None:
    for each in waiting:
        each.cancel()
    executor.shutdown()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits meanwhile; and for the processes started here it waits for ever.

    It is this process that stops the run and says so: what the others would say, be it while they start, is noise.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # One process for each processor: threads of the typesetter would only wait for each other.
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    # Only what items leave behind is looked through, and between items rather than within.
    gc.disable()


def _end_with_parent() -> None:
    """End this process when the one that started it has, however it ended: nobody would hear of its work."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


_items = itertools.count(1)


def _one(work: Callable[[Item], Result], item: Item) -> Result:
    try:
        return work(item)
    finally:
        done = next(_items)
        if done % COLLECTED == 0:
            gc.collect()
        if done == 1:
            # What the first item loaded stays.
            gc.freeze()
