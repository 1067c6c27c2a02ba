"""A line of blocks: how a number of shares changed over some days, in one line of a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from application.series import Series
from domain.capital.accounts import ClassBalance

BLOCKS = "▁▂▃▄▅▆▇█"
UNKNOWN = "·"
"""Where nothing is known of a class yet."""


def sampled(series: Series, since: date, until: date, width: int, of: Callable[[ClassBalance], int]) -> list[int | None]:
    """The number at close of the last day of each of `width` equal stretches of days; None before the class is known."""
    days = (until - since).days + 1
    ends = (since + timedelta(days=max(-(-days * place // width), 1) - 1) for place in range(1, width + 1))
    return [of(balance) if (balance := series.at(day)) is not None else None for day in ends]


def line(numbers: Sequence[int | None]) -> str:
    """The numbers as blocks, the lowest of those shown the smallest and the highest the tallest; all alike stand half high."""
    known = [number for number in numbers if number is not None]
    if not known:
        return UNKNOWN * len(numbers)
    low, span = min(known), max(known) - min(known)
    top = len(BLOCKS) - 1
    return "".join(
        UNKNOWN if number is None else BLOCKS[top * (number - low) // span if span else top // 2] for number in numbers
    )
