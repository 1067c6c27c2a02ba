"""Business days of the Exchange, and the deadlines that the Listing Rules count in them.

A business day is a day on which the Exchange is open for dealing (rule 1.01): not Saturdays, not holidays, half days too.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Protocol

HONG_KONG = timezone(timedelta(hours=8), "HKT")
"""Hong Kong has kept one offset since 1979, without summer time."""

BEFORE_DEALINGS = time(8, 30)
"""Thirty minutes before the pre-opening session at 09:00 (rules 13.25A(1), 13.25B, 13.39(5)).

Where the Exchange opens late the rule's own hour is later; this one stays safe.
"""

FIFTH = 5
"""Monthly Returns are due on the fifth business day after the month's end (rule 13.25B)."""

PROVISIONAL, PROJECTION, WITHOUT_HOLIDAYS = "provisional", "projection", "without holidays"


class Calendar(Protocol):
    """The trading days of the Exchange."""

    @property
    def known_from(self) -> date:
        """The first day for which holidays are known."""

    @property
    def provisional_from(self) -> date:
        """The first day for which no list of the Exchange was available: days follow the gazetted general holidays."""

    @property
    def projected_from(self) -> date:
        """The first day for which the holidays themselves are computed ahead."""

    def is_business_day(self, day: date) -> bool:
        """Whether the Exchange is open for dealing on a day, if only for the morning."""


def next_business_day(day: date, calendar: Calendar) -> date:
    """The first business day after a day."""
    return nth_business_day_after(day, 1, calendar)


def nth_business_day_after(day: date, number: int, calendar: Calendar) -> date:
    """The business day that is `number` of them after a day; `number` is 1 or more."""
    while number > 0:
        day += timedelta(days=1)
        number -= calendar.is_business_day(day)
    return day


def nth_business_day_after_month_end(month_end: date, calendar: Calendar, number: int = FIFTH) -> date:
    """The fifth business day after the end of a month, or another one."""
    return nth_business_day_after(month_end, number, calendar)


def deadline(day: date) -> datetime:
    """08:30 in Hong Kong on a day: what is due on it is due by then."""
    return datetime.combine(day, BEFORE_DEALINGS, HONG_KONG)


def certainty(day: date, calendar: Calendar) -> str | None:
    """How sure a date counted up to this day is: None if the Exchange's own list is known, else a word for it."""
    if day < calendar.known_from:
        return WITHOUT_HOLIDAYS
    if day >= calendar.projected_from:
        return PROJECTION
    return PROVISIONAL if day >= calendar.provisional_from else None
