"""Days and instants as stored: text of fixed width, so that order of text is order of time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import lru_cache

# A batch says the same few days thousands of times.
stamped_day: Callable[[date], str] = lru_cache(maxsize=4_096)(date.isoformat)
"""A day as stored."""


def stamp(moment: datetime) -> str:
    """An instant in UTC as stored, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


LENGTH = len(stamp(datetime.max.replace(tzinfo=UTC)))


def parsed_stamp(stamped: str) -> datetime:
    """The instant that a row says it was recorded at. Raises ValueError if it is none, or is not in UTC."""
    with suppress(ValueError):
        if len(stamped) == LENGTH and stamped.endswith("Z"):
            return datetime.fromisoformat(stamped)
    raise ValueError(f"{stamped!r} is not a time in UTC to the microsecond")
