"""Losing a race: waiting a moment of random length, trying again, and giving up in the end."""

from __future__ import annotations

import random
from collections.abc import Callable
from time import sleep
from typing import TypeVar

from domain.errors import Conflict

T = TypeVar("T")

ATTEMPTS = 100
"""How often a transaction is tried that the database itself turned away."""

PAUSE_SECONDS, LONGEST_SECONDS = 0.004, 0.1
"""How long the first pause is at most, and any; each is at most twice as long as the one before."""


class Contended(Conflict):
    """The database could not bring transactions in one order and turned this one away; it may well succeed again."""


def outlasted(act: Callable[[], T]) -> T:
    """What a transaction gives, tried again where it was turned away. Raises Conflict if that does not end."""
    for attempt in range(ATTEMPTS):
        try:
            return act()
        except Contended:
            # Not for secrets: only so that two writers do not wait equally long.
            sleep(random.uniform(0, min(PAUSE_SECONDS * 2 ** min(attempt, 9), LONGEST_SECONDS)))  # noqa: S311
    raise Conflict("others keep writing to this store; nothing was written, try again")
