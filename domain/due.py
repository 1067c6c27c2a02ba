"""What is due to the exchange and by when: next-day returns, monthly returns, poll results; and what became of each.

A computation from what the book holds. Nothing here is submitted, and none of it is legal advice.
"""

from __future__ import annotations

import calendar as months
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import attrs

from domain import events
from domain.disclosure import Change, Disclosure, Published, disclosures
from domain.due_reading import Filing, Reading, read
from domain.history import Entry, in_effect
from domain.rules import CONFIDENCE, SECONDARY, UNVERIFIED, VERIFIED
from domain.trading_days import HONG_KONG, Calendar, certainty, deadline, next_business_day, nth_business_day_after_month_end

NEXT_DAY, MONTHLY, POLL = "next-day", "monthly", "poll results"
NAMES = {
    NEXT_DAY: "Next Day Disclosure Return for {on:%-d %B %Y}",
    MONTHLY: "Monthly Return for {on:%B %Y}",
    POLL: "Poll results of {on:%-d %B %Y}",
}

MONTHLY_CONFIDENCE, NIL_CONFIDENCE = VERIFIED, UNVERIFIED
"""How sure we are that a Monthly Return is due, and that it is where nothing moved; the rules about it say the same."""

OPEN, FILED, LATE, NOT_NEEDED, UNRECORDED = "open", "filed", "late", "not needed", "no filing recorded"
STATUSES = (OPEN, FILED, LATE, NOT_NEEDED, UNRECORDED)
"""`late`: filed after its deadline, or overdue while the book was being kept. `no filing recorded`: the deadline passed
before the book was begun, or the book has no way to record that it was met; nothing is said of whether it was."""


@attrs.frozen(kw_only=True)
class Obligation:
    """Something due: what about which day, by when, what became of it, and through which rule and entries.

    `because` gives the figures; `certainty` is a word where the trading days it was counted in are not yet certain.
    `filed` is the entry that records the filing and `filed_on` its day. `nil` marks the Monthly Return of a month in which
    nothing moved.
    """

    kind: str
    about: date
    due_at: datetime
    status: str
    because: str
    citation: str
    confidence: str
    entries: tuple[int, ...] = ()
    certainty: str | None = None
    filed: int | None = None
    filed_on: date | None = None
    only_gross: bool = False
    nil: bool = False

    @property
    def name(self) -> str:
        """What is due, as people name it: Monthly Return for December 2024."""
        return NAMES[self.kind].format(on=self.about)

    @property
    def uid(self) -> str:
        """What names it for good: kind and day."""
        return f"{self.kind.replace(' ', '-')}-{self.about.isoformat()}"


# --- the obligations --------------------------------------------------------------------------------------------


def obligations(
    entries: Iterable[Entry],
    now: datetime,
    calendar: Calendar,
    known_at: datetime | None = None,
    until: date | None = None,
    about: date | None = None,
) -> tuple[Obligation, ...]:
    """Everything due by the book as it stands at an instant, by deadline; monthly returns ahead up to those due by `until`.

    Events of later days are left out, and filings submitted later. The book of an issuer without a listed class owes nothing.
    Where `about` is given, only what is due about that day and later is sure to be there: a long book is read faster.
    """
    today = now.astimezone(HONG_KONG).date()
    ordered = in_effect(entries, known_at)
    reading = read(ordered, today, _disclosed_until(ordered, about) if about else date.min)
    reading.filings = [filed for filed in reading.filings if filed.submitted_on <= today]
    monthly = list(_monthly(reading, now, calendar, until or today))
    published = _published(reading, monthly)
    found = [*monthly, *_next_day(reading, published, now, calendar), *_polls(reading, now, calendar)]
    return tuple(sorted(found, key=lambda each: (each.due_at, each.about, each.kind)))


def _disclosed_until(ordered: Iterable[Entry], day: date) -> date:
    """The day until which all changes are in a return that was out by a day; the first of all days where there is none."""
    filed = (entry.event for entry in ordered if isinstance(entry.event, events.ReturnFiled))
    return max((each.effective_on for each in filed if each.submitted_on <= day and each.effective_on < day), default=date.min)


def _status(reading: Reading, due_at: datetime, filed: Filing | None, now: datetime) -> str:
    if filed is not None:
        # Only the day of submission is known: on the day of the deadline itself it is taken as in time.
        return FILED if filed.submitted_on <= due_at.date() else LATE
    if now <= due_at:
        return OPEN
    return LATE if reading.begun_at <= due_at else UNRECORDED


def _filed_in(filed: Filing | None) -> dict[str, Any]:
    return {"filed": filed.entry, "filed_on": filed.submitted_on} if filed else {}


def _monthly(reading: Reading, now: datetime, calendar: Calendar, until: date) -> Iterator[Obligation]:
    moved = Counter((each.on.year, each.on.month) for each in reading.changes)
    for month_end in _month_ends(reading, until):
        due_on = nth_business_day_after_month_end(month_end, calendar)
        filed = _first(each for each in reading.filings if each.kind == MONTHLY and each.until == month_end)
        if due_on > until and filed is None and month_end > now.astimezone(HONG_KONG).date():
            return
        count = moved[month_end.year, month_end.month]
        yield Obligation(
            kind=MONTHLY,
            about=month_end,
            due_at=deadline(due_on),
            status=_status(reading, deadline(due_on), filed, now),
            because=f"fifth business day after the month; {_counted(count)}",
            citation="13.25B",
            confidence=MONTHLY_CONFIDENCE if count else NIL_CONFIDENCE,
            nil=not count,
            certainty=certainty(due_on, calendar),
            **_filed_in(filed),
        )


def _counted(count: int) -> str:
    return f"{count:,} change{'' if count == 1 else 's'} recorded" if count else "no change recorded, a nil return is due too"


def _month_ends(reading: Reading, until: date) -> Iterator[date]:
    """The ends of the months at which the issuer was listed, from the first after the book starts until one that is ahead."""
    if not reading.listings:
        return
    month_end = _month_end(max(min(each.since for each in reading.listings), reading.starts_on))
    if month_end == reading.starts_on:
        month_end = _month_end(month_end + timedelta(days=1))
    while month_end <= _month_end(until):
        if any(each.since <= month_end < (each.until or date.max) for each in reading.listings):
            yield month_end
        month_end = _month_end(month_end + timedelta(days=1))


def _month_end(day: date) -> date:
    return day.replace(day=months.monthrange(day.year, day.month)[1])


def _first(filings: Iterable[Filing]) -> Filing | None:
    return min(filings, key=lambda filed: filed.submitted_on, default=None)


def _published(reading: Reading, monthly: Sequence[Obligation]) -> Published:
    """The returns that were out, and when; those due before the book was begun are taken as published on their last day."""
    assumed = [(each.about, each.due_at.date()) for each in monthly if each.status == UNRECORDED]
    return [*assumed, *((filed.until, filed.submitted_on) for filed in reading.filings)]


def _next_day(reading: Reading, published: Published, now: datetime, calendar: Calendar) -> Iterator[Obligation]:
    listed = [each for each in reading.changes if reading.listed_on(each.on)]
    covers = [(filed, _opening(filed, published)) for filed in reading.filings if filed.kind == NEXT_DAY]
    for found in disclosures(listed, published):
        due_on = next_business_day(found.on, calendar)
        filed = _first(filed for filed, opening in covers if opening < found.on <= filed.until)
        yield _return(found, due_on, reading, filed if found.needed else None, now, calendar)


def _opening(filed: Filing, published: Published) -> date:
    """The day at which a next-day return opens: where the last return out by then closed."""
    return max((until for until, out_on in published if out_on <= filed.submitted_on and until < filed.until), default=date.min)


def _return(
    found: Disclosure, due_on: date, reading: Reading, filed: Filing | None, now: datetime, calendar: Calendar
) -> Obligation:
    changes = (*found.events, *found.pending)
    # The 5 % test and what brings pending changes along are known from accounts of the rule.
    marks = [each.item.confidence for each in changes] + ([SECONDARY] if found.pending else [])
    return Obligation(
        kind=NEXT_DAY,
        about=found.on,
        due_at=deadline(due_on),
        status=_status(reading, deadline(due_on), filed, now) if found.needed else NOT_NEEDED,
        because=_because(found),
        citation=_citation(found),
        confidence=max(marks, key=CONFIDENCE.index, default=VERIFIED),
        entries=tuple(sorted(each.entry.number for each in changes)),
        certainty=certainty(due_on, calendar),
        only_gross=found.only_gross,
        **_filed_in(filed),
    )


def _citation(found: Disclosure) -> str:
    cited = dict.fromkeys(each.item.citation for each in (*found.events, *found.pending))
    return ", ".join([*cited, *(["13.25A(3)"] if found.pending else [])])


def _because(found: Disclosure) -> str:
    named = _titles(found.events)
    if not found.pending:
        return named
    if found.events:
        return f"{named}; it brings along {_titles(found.pending)}"
    size = f"{found.gross:,} shares, {percent(found.gross, found.base)} % of {found.base:,}"
    if found.only_gross:
        return f"{_titles(found.pending)}: {size}, gross; set off {percent(found.net, found.base)} %, under 5 %"
    outcome = "5 % or more" if found.needed else "under 5 %, and no (a) event brings it along"
    return f"{_titles(found.pending)}: {size}, {outcome}"


def _titles(changes: Iterable[Change]) -> str:
    return ", ".join(dict.fromkeys(f"{each.item.title} ({each.item.code})" for each in changes))


def percent(shares: int, base: int) -> str:
    """A percentage to four decimals, rounded down so that what is under a limit never reads as the limit."""
    if not base:
        return "100"
    whole, rest = divmod(shares * 10**6 // base, 10**4)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".")


def _polls(reading: Reading, now: datetime, calendar: Calendar) -> Iterator[Obligation]:
    held = [entry for entry in reading.polls if reading.listed_on(entry.event.effective_on)]
    for day, group in groupby(held, key=lambda entry: entry.event.effective_on):
        due_on = next_business_day(day, calendar)
        yield Obligation(
            kind=POLL,
            about=day,
            due_at=deadline(due_on),
            status=OPEN if now <= deadline(due_on) else UNRECORDED,
            because="next business day after the meeting; a book holds no record of announcements",
            citation="13.39(5)",
            confidence=VERIFIED,
            entries=tuple(entry.number for entry in group),
            certainty=certainty(due_on, calendar),
        )
