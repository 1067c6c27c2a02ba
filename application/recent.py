"""What a book shows of late: findings and deadlines of days since one, from a ledger that opens late.

A long book is read in part. Whatever is said of the days since then is what the whole book says of them.
"""

from __future__ import annotations

from datetime import date, datetime

from application.ask import opened
from application.due import DAYS_AHEAD
from application.ports import EventStore
from domain import rulebook
from domain.disclosure.deadlines import Obligation, obligations
from domain.law.business_days import HONG_KONG, Calendar
from domain.law.rule import Finding


def findings_since(
    store: EventStore, issuer: str, since: date, as_of: date, known_at: datetime | None, *, now: datetime, calendar: Calendar
) -> tuple[Finding, ...]:
    """The findings up to a day that name an entry of the days since another, or none."""
    ledger = opened(store, issuer, since, known_at, until=as_of)
    found = rulebook.check(ledger, as_of, now=now, calendar=calendar)
    recent = {entry.number for entry in ledger if entry.event.effective_on >= since}
    return tuple(each for each in found if not each.entries or not recent.isdisjoint(each.entries))


def due_since(
    store: EventStore, issuer: str, since: date, now: datetime, calendar: Calendar, known_at: datetime | None = None
) -> tuple[Obligation, ...]:
    """The obligations about the days since one, by deadline, and the monthly returns ahead."""
    today = now.astimezone(HONG_KONG).date()
    ledger = opened(store, issuer, since, known_at, until=today)
    found = obligations(ledger, now, calendar, until=today + DAYS_AHEAD, about=since)
    return tuple(each for each in found if each.about >= since)
