"""What a worker of a run does, in this process, in another one of this machine, or on another machine."""

from __future__ import annotations

import threading
from functools import partial
from importlib.metadata import version

import attrs

from application.ports import StoreUnusable
from application.returns_run import Made, make
from cli import wiring
from domain.returns.runs import Order
from infrastructure.event_store import SqlEventStore, open_store
from infrastructure.renderers import render
from infrastructure.run_folder import described
from infrastructure.workers import WorkerDied


@attrs.frozen
class Job:
    """What a worker needs to know of a run: the store, what is asked for, and the version of the program that asks."""

    store: str = attrs.field(repr=False)
    order: Order
    program: str


_own = threading.local()


def made(job: Job, issuer: str) -> Made:
    """The return of one issuer, with the content of its documents. Raises StoreUnusable, and WorkerDied for another version."""
    if (here := version("captable")) != job.program:
        raise WorkerDied(f"a worker has captable {here}, and the run was begun with {job.program}: install the same everywhere")
    try:
        return make(_store(job.store), issuer, job.order, render=render, describe=partial(described, job.order))
    except StoreUnusable:
        # Perhaps it is only the connection, and the next run finds another.
        close()
        raise


def _store(location: str) -> SqlEventStore:
    """The store, opened once by each thread: to open one takes as long as to make a return."""
    if getattr(_own, "location", None) != location:
        close()
        _own.store, _own.location = open_store(location, clock=wiring.clock, writable=False), location
    store: SqlEventStore = _own.store
    return store


def close() -> None:
    """Let go of the store of this thread, if it has one."""
    if getattr(_own, "location", None) is not None:
        _own.location = None
        _own.store.close()
