"""How long something takes."""

from __future__ import annotations

import time
from collections.abc import Callable


def seconds(act: Callable[[], object]) -> float:
    """How long an act takes, by the wall clock."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
