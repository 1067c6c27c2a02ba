"""Who asks: the holder of a token, or somebody at this machine, and what they may see and do."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    # What asks a book needs no server: a notebook has none.
    from starlette.requests import Request

READ, WRITE = "read", "write"


@attrs.frozen
class Holder:
    """Who asks. `issuers` are the books that they may see, None for all; `scope` is READ or WRITE."""

    name: str
    issuers: frozenset[str] | None = None
    scope: str = READ


SOMEBODY = Holder("somebody at this machine")

Holders = Callable[[str], Holder | None]
"""Who holds a secret; None if nobody does, or no longer."""


def secret_of(request: Request) -> str | None:
    """The secret that a request gives: as a bearer token, or as the password that a browser asks for."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip() or None
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2] or None
    except (binascii.Error, UnicodeDecodeError):
        return None


def holder_of(request: Request) -> Holder:
    """Who asks, as the guard found."""
    found: Holder = request.state.holder
    return found
