"""A server in a thread of the tests, on a free port of this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp

from cli.web import server


@contextmanager
def running(app: ASGIApp) -> Iterator[tuple[str, int]]:
    """Where an application answers, for a while."""
    accepting = server.listening("127.0.0.1", 0)
    serving = server.server_of(app)
    thread = threading.Thread(target=serving.run, kwargs={"sockets": [accepting]}, daemon=True)
    thread.start()
    try:
        yield accepting.getsockname()
    finally:
        serving.should_exit = True
        thread.join(10)
