"""Prepare a return: the typed document of a form, from the book and a viewpoint."""

from __future__ import annotations

from datetime import date, datetime

from application.ports import EventStore
from domain.returns import monthly, next_day
from domain.returns.documents import MonthlyReturn, NextDayReturn


def monthly_return(
    store: EventStore, issuer: str, year: int, month: int, submitted_on: date, known_at: datetime | None = None
) -> MonthlyReturn:
    """FF301 for a month, on the version in force on its submission date. Raises NotPrepared or NoForm."""
    return monthly.prepare(store.entries(issuer), monthly.month_end_of(year, month), submitted_on, known_at)


def next_day_return(
    store: EventStore, issuer: str, on: date, submitted_on: date, known_at: datetime | None = None, *, again: bool = False
) -> NextDayReturn:
    """FF304 or FF305 for all changes until a day that no earlier return disclosed; `again` makes the return of that day again.

    Raises NotPrepared or NoForm.
    """
    return next_day.prepare(store.entries(issuer), on, submitted_on, known_at, again=again)
