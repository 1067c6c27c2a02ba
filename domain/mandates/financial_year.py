"""The issuer's financial year, and the days that follow from its end: the annual general meeting and the results.

A period of months that begins at the end of a month ends with a month: six months after 30 June are over on 31 December.
"""

from __future__ import annotations

from datetime import date, datetime

import attrs

from domain.values import month_end_of, months_after

ANNUAL_MEETING = 6
"""An annual general meeting is held within this many months of the financial year's end (Appendix A1, paragraph 14(1))."""

ANNUAL_RESULTS, HALF_YEAR, INTERIM_RESULTS = 3, 6, 2
"""Annual results are due three months after the year, interim ones two months after its first six (rules 13.49(1), 13.49(6))."""


def period_end(day: date, months: int) -> date:
    """The last day of a period of months after a day; a period that begins at a month's end ends with a month."""
    end = months_after(day, months)
    return month_end_of(end) if day == month_end_of(day) else end


def year_end_before(year_end: str, day: date) -> date:
    """The last financial year-end before a day; `year_end` is a day of the year such as 31 December."""
    this_year = _in_year(year_end, day.year)
    return this_year if this_year < day else _in_year(year_end, day.year - 1)


def year_end_from(year_end: str, day: date) -> date:
    """The first financial year-end on or after a day."""
    this_year = _in_year(year_end, day.year)
    return this_year if this_year >= day else _in_year(year_end, day.year + 1)


def _in_year(year_end: str, year: int) -> date:
    # 29 February is the end of February in every year.
    found = datetime.strptime(f"{year_end} 2000", "%d %B %Y").date()
    return date(year, found.month, min(found.day, month_end_of(date(year, found.month, 1)).day))


def annual_meeting_by(year_end: date) -> date:
    """The last day for the annual general meeting of the financial year that ended on a day."""
    return period_end(year_end, ANNUAL_MEETING)


@attrs.frozen
class ResultsDue:
    """Results to be published: of the period that ends on `period_end`, by `by`; `annual` or interim."""

    by: date
    period_end: date
    annual: bool


def results_due(year_end: str, day: date) -> ResultsDue:
    """The results whose deadline is the first on or after a day: annual three months, interim two months after the period."""
    return min((each for each in _results(year_end, day) if each.by >= day), key=lambda each: each.by)


def results_of(year_end: str, day: date) -> ResultsDue:
    """The results of the last period that ended before a day: those that a board meeting of that day approves."""
    return max((each for each in _results(year_end, day) if each.period_end < day), key=lambda each: each.period_end)


def _results(year_end: str, day: date) -> list[ResultsDue]:
    ended = year_end_before(year_end, day)
    years = (year_end_before(year_end, ended), ended, year_end_from(year_end, day))
    halves = [period_end(end, HALF_YEAR) for end in years]
    annual = [ResultsDue(period_end(end, ANNUAL_RESULTS), end, annual=True) for end in years]
    return [*annual, *(ResultsDue(period_end(half, INTERIM_RESULTS), half, annual=False) for half in halves)]
