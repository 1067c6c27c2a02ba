"""The trading days of the Exchange: from the `holidays` library, and from a file of what it does not know.

Loaded a year at a time and only when asked, as a command that needs no date should not wait for it. Days when all sessions
were cancelled for weather are closed; since severe-weather trading began on 23 September 2024 there are none. What a
library of today cannot know, a typhoon tomorrow or a special closure, is said in a file of one line a day:

    # the Exchange's notice of 10 September 2026
    2026-09-10 closed: typhoon signal 10
    2026-12-24 open
    2027-02-05 half day: eve of Lunar New Year
    confirmed until 2027-12-31
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path

import attrs

from infrastructure.closed_days import CLOSED_DAYS
from infrastructure.readers.values import UnreadableValue, day, quoted
from infrastructure.taken_in import text

CLOSED, OPEN, HALF_DAY = "closed", "open", "half day"

CONFIRMED_UNTIL = date(2026, 12, 31)
"""The last day for which the Exchange's own list of trading days was available."""

PROJECTED_FROM = date(2028, 1, 1)
"""From this day the general holidays too are computed ahead; those of the year before follow the gazette."""

KNOWN_FROM = date(2014, 1, 1)
"""The first day for which holidays are known."""

SATURDAY = 5


@attrs.frozen
class Overrides:
    """The days that a file overrides, and the day until which it confirms the calendar."""

    days: dict[date, str] = attrs.Factory(dict)
    confirmed_until: date | None = None


_DAY = re.compile(rf"(?P<day>.+?)\s+(?P<what>{CLOSED}|{OPEN}|{HALF_DAY})\s*(?::.*)?")
_CONFIRMED = re.compile(r"confirmed until (?P<day>.+)")


def read_overrides(lines: Iterable[str], name: str) -> Overrides:
    """The days that lines say otherwise of. Raises UnreadableValue at the first line that is none, with its number."""
    found = Overrides()
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        try:
            found = _with(found, text) if text else found
        except UnreadableValue as error:
            raise UnreadableValue(f"{name}:{number}: {error}") from None
    return found


def _with(found: Overrides, text: str) -> Overrides:
    if confirmed := _CONFIRMED.fullmatch(text):
        return attrs.evolve(found, confirmed_until=day(confirmed["day"]))
    said = _DAY.fullmatch(text)
    if said is None:
        expected = f"expected a day and {CLOSED}, {OPEN} or {HALF_DAY}, as in 2026-09-10 closed: typhoon"
        raise UnreadableValue(f"{expected}, got {quoted(text)}")
    return attrs.evolve(found, days={**found.days, day(said["day"]): said["what"]})


class TradingCalendar:
    """The Exchange's trading days, with the days that a file says otherwise of."""

    def __init__(self, overrides: Overrides | None = None) -> None:
        self._overrides = overrides or Overrides()

    def __repr__(self) -> str:
        said = len(self._overrides.days)
        return f"<TradingCalendar: confirmed until {self.provisional_from - timedelta(days=1)}, {said:,} days from a file>"

    @cached_property
    def provisional_from(self) -> date:
        """The first day for which no list of the Exchange was available."""
        confirmed = self._overrides.confirmed_until
        return max(CONFIRMED_UNTIL, confirmed or CONFIRMED_UNTIL) + timedelta(days=1)

    @cached_property
    def projected_from(self) -> date:
        """The first day for which the holidays themselves are computed ahead."""
        return max(PROJECTED_FROM, self.provisional_from)

    @property
    def known_from(self) -> date:
        """The first day for which holidays are known."""
        return KNOWN_FROM

    def is_business_day(self, day: date) -> bool:
        """Whether the Exchange is open for dealing on a day, if only for the morning."""
        said = self._overrides.days.get(day)
        if said:
            return said != CLOSED
        return day.weekday() < SATURDAY and day not in closed_days(day.year)


@cache
def closed_days(year: int) -> frozenset[date]:
    """The weekdays of a year on which the Exchange is closed."""
    if year in CLOSED_DAYS:
        return frozenset(date(year, int(day[:2]), int(day[2:])) for day in CLOSED_DAYS[year].split())
    return of_library(year)


def of_library(year: int) -> frozenset[date]:
    """The same as the `holidays` library has them."""
    # Imported here: it costs more than all else that most commands do.
    from holidays import financial_holidays

    return frozenset(financial_holidays("XHKG", years=year))


def trading_calendar(path: str | None = None) -> TradingCalendar:
    """The calendar, with the days of an override file where one is named. Raises OSError or UnreadableValue."""
    if path is None:
        return TradingCalendar()
    return TradingCalendar(read_overrides(text(Path(path)).splitlines(), path))
