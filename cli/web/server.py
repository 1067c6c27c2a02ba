"""Running the application: uvicorn, on one address, until it is interrupted."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from cli.web.guards import PATIENCE
from domain.errors import StoreUnusable

KEPT_ALIVE = 10
"""Seconds for which a connection without a request stays open."""
CONNECTIONS = 500
"""How many connections are served at once; more are turned away."""


class Impatient(H11Protocol):
    """Closes a connection whose request does not arrive: uvicorn itself waits for ever for the end of a head."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The time begins with the connection."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """It ends with the head of a request, and begins again with the next one's first byte."""
        super().data_received(data)
        if not self._waiting and self._patience is not None:
            self._patience.cancel()
            self._patience = None
        elif self._waiting and self._patience is None:
            self._wait()

    @property
    def _waiting(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        self._patience = self.loop.call_later(PATIENCE, self._give_up)

    def _give_up(self) -> None:
        if self._waiting:
            self.transport.close()


def run(app: ASGIApp, host: str, port: int, began: Callable[[str], object]) -> None:
    """Serve until interrupted; `began` is called with the address once connections are accepted. Raises StoreUnusable."""
    accepting = listening(host, port)
    shown = f"[{host}]" if ":" in host else host
    began(f"http://{shown}:{accepting.getsockname()[1]}/")
    server_of(app).run(sockets=[accepting])


def server_of(app: ASGIApp) -> uvicorn.Server:
    """The server of an application."""
    return uvicorn.Server(
        uvicorn.Config(
            app, http=Impatient, log_level="warning", access_log=False, server_header=False,
            timeout_keep_alive=KEPT_ALIVE, limit_concurrency=CONNECTIONS,
        )
    )  # fmt: skip


def listening(host: str, port: int) -> socket.socket:
    """A socket that accepts connections; port 0 takes a free one. Raises StoreUnusable."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Its protocol is named, for only then is what is sent not held back until the reader has acknowledged what came before.
    accepting = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    accepting.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        accepting.bind((host, port))
    except OSError as error:
        accepting.close()
        raise StoreUnusable(
            f"cannot listen on {host} port {port}: {error.strerror or error}; --port 0 takes a free one"
        ) from None
    accepting.listen(128)
    return accepting
