"""Running the application: uvicorn, on one address, until it is interrupted."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from domain.capital.head import StoreUnusable


def run(app: ASGIApp, host: str, port: int, began: Callable[[str], None]) -> None:
    """Serve until interrupted; `began` is called with the address once connections are accepted. Raises StoreUnusable."""
    listening = _listening(host, port)
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, timeout_keep_alive=10)
    shown = f"[{host}]" if ":" in host else host
    began(f"http://{shown}:{listening.getsockname()[1]}/")
    uvicorn.Server(config).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise StoreUnusable(f"cannot listen on {host} port {port}: {error.strerror or error}") from None
    listening.listen(128)
    return listening
