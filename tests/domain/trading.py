"""Trading days for tests of the arithmetic: every weekday but those named; nothing about Hong Kong."""

from __future__ import annotations

from datetime import date

import attrs


@attrs.frozen
class Weekdays:
    """Open on weekdays, but for `closed`; the three first days are those that a real calendar has."""

    closed: frozenset[date] = frozenset()
    known_from: date = date(2014, 1, 1)
    provisional_from: date = date(2027, 1, 1)
    projected_from: date = date(2028, 1, 1)

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.closed


def closed(*days: str) -> Weekdays:
    return Weekdays(frozenset(date.fromisoformat(day) for day in days))
