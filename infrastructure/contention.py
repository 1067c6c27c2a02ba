"""Losing a race: waiting a moment of random length, trying again, and giving up in the end."""

from __future__ import annotations

import random
from collections.abc import Callable
from time import sleep
from typing import TypeVar

from domain.capital.head import Conflict

T = TypeVar("T")

ATTEMPTS = 24
"""How often a transaction is tried that the database itself turned away."""

PAUSE_SECONDS, LONGEST_SECONDS = 0.004, 0.1
"""How long the first pause is at most, and any; each is at most twice as long as the one before."""

MOMENT_SECONDS = 0.001
"""How long the loser of a race waits at most before reading again."""


class Contended(Conflict):
    """The database could not bring transactions in one order and turned this one away; it may well succeed again."""


def outlasted(act: Callable[[], T]) -> T:
    """What a transaction gives, tried again where it was turned away. Raises Conflict where that does not end.

    Where somebody else wrote first, trying the same again cannot help: a writer must read again, and at
    once, for who waits loses to who does not. Only a moment is taken here, so that writers do not meet every time.
    """
    for attempt in range(ATTEMPTS):
        try:
            return act()
        except Contended:
            _pause(attempt)
        except Conflict:
            sleep(random.uniform(0, MOMENT_SECONDS))  # noqa: S311
            raise
    raise Conflict("others keep writing to this store; nothing was written, try again")


def _pause(attempt: int) -> None:
    # Not for secrets: only so that two writers do not wait equally long.
    sleep(random.uniform(0, min(PAUSE_SECONDS * 2**attempt, LONGEST_SECONDS)))  # noqa: S311
