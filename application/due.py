"""Ask what is due: the obligations of a book at an instant, those worth showing, and what a recording makes due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from application.ports import EventStore
from domain import events
from domain.capital.entries import Entry
from domain.capital.ledger import Passed
from domain.disclosure.deadlines import NOT_NEEDED, OPEN, OVERDUE, Obligation, obligations
from domain.disclosure.triggers import LISTED
from domain.law.business_days import HONG_KONG, Calendar
from domain.law.rule import VERIFIED

DAYS_BACK, DAYS_AHEAD = timedelta(days=30), timedelta(days=45)
"""How far back and ahead deadlines are shown where nothing else is asked for."""


def at_close(day: date) -> datetime:
    """The last instant of a day in Hong Kong."""
    return datetime.combine(day, time.max, HONG_KONG)


def due(
    store: EventStore, issuer: str, now: datetime, calendar: Calendar, known_at: datetime | None = None
) -> tuple[Obligation, ...]:
    """Every obligation of an issuer at an instant, by deadline, and the monthly returns ahead."""
    return obligations(store.entries(issuer), now, calendar, known_at, now.astimezone(HONG_KONG).date() + DAYS_AHEAD)


def worth_showing(found: Iterable[Obligation], now: datetime, since: date | None = None) -> list[Obligation]:
    """The obligations whose deadline is near, or has passed since a day; what is open or overdue always."""
    start = since or now.astimezone(HONG_KONG).date() - DAYS_BACK
    return [each for each in found if each.due_at.astimezone(HONG_KONG).date() >= start or is_pressing(each)]


def is_pressing(each: Obligation) -> bool:
    """Whether somebody has yet to act: it is open or overdue."""
    return each.status in (OPEN, OVERDUE)


# --- after a recording ------------------------------------------------------------------------------------------


LINES = 5
"""Beyond this many, a list of deadlines hides the next one."""


def newly_due(
    entries: Iterable[Entry], recorded: Sequence[Entry], calendar: Calendar, now: datetime, passed: Passed | None = None
) -> list[Obligation]:
    """What recorded entries make due and no filing yet answers; nothing is counted where none of them could.

    A fact of a day ahead is looked at from the close of its day. What of a ledger has `passed` is not posted again.
    """
    causes = [entry for entry in recorded if type(entry.event) in LISTED or isinstance(entry.event, events.PollResultDeclared)]
    if not causes:
        return []
    numbers = {entry.number for entry in causes}
    seen_from = max(now, at_close(max(entry.event.effective_on for entry in causes)))
    found = obligations(entries, seen_from, calendar, about=min(entry.event.effective_on for entry in causes), passed=passed)
    return [each for each in found if numbers & set(each.entries) and each.status != NOT_NEEDED and each.filed is None]


def due_after(
    entries: Iterable[Entry], recorded: Sequence[Entry], calendar: Calendar, now: datetime, passed: Passed | None = None
) -> list[str]:
    """A line for each thing that recorded entries make due, the latest first where there are many."""
    found = newly_due(entries, recorded, calendar, now, passed)
    lines = [line_of(each) for each in (found if len(found) <= LINES else found[: -LINES - 1 : -1])]
    return [*lines, *([f"  and {len(found) - LINES:,} earlier: captable due --all"] if len(found) > LINES else [])]


def line_of(each: Obligation) -> str:
    """An obligation in a line: what, by when, by which rule, and how sure that is."""
    what = each.name.partition(" for ")[0].partition(" of ")[0]
    mark = "" if each.confidence == VERIFIED else f"; {each.confidence}"
    overdue = ", overdue" if each.status == OVERDUE else ""
    return f"  Due: {what}, {moment(each)}{overdue} ({each.citation}{mark})"


def moment(each: Obligation) -> str:
    """A deadline as people read it, marked where the calendar is not certain: Wed 18 December 2024 08:30 HKT."""
    return f"{each.due_at:%a %-d %B %Y %H:%M} HKT" + (f", {each.certainty}" if each.certainty else "")
