"""Filing deadlines and status: next-day returns, monthly returns, poll results.

Computed from the book. Nothing is submitted, and nothing here is legal advice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import attrs

from domain.capital.entries import Entry
from domain.capital.ledger import Ledger, Passed
from domain.disclosure.corrected import Correction, corrected_since, corrections
from domain.disclosure.register import ALL, MONTHLY, NEXT_DAY, FiledReturn, Register
from domain.disclosure.timeline import DisclosureTimeline, read
from domain.disclosure.triggers import LISTED, Disclosure, ShareChange, disclosures
from domain.law.business_days import HONG_KONG, Calendar, certainty, deadline, next_business_day, nth_business_day_after_month_end
from domain.law.rule import CONFIDENCE, SECONDARY, UNVERIFIED, VERIFIED
from domain.values import count_of_shares, month_end_of

POLL = "poll results"
NAMES = {
    NEXT_DAY: "Next Day Disclosure Return for {on:%-d %B %Y}",
    MONTHLY: "Monthly Return for {on:%B %Y}",
    POLL: "Poll results of {on:%-d %B %Y}",
}

MONTHLY_CONFIDENCE, NIL_CONFIDENCE = VERIFIED, UNVERIFIED
"""How sure we are that a Monthly Return is due, and that it is where nothing moved; the rules about it say the same."""

OPEN, OVERDUE, FILED, FILED_LATE = "open", "overdue", "filed", "filed late"
NOT_NEEDED, ELSEWHERE = "not needed", "not recorded here"
"""The statuses. `open`: no filing is recorded, and the deadline is ahead; `overdue`: it has passed. `not recorded here`: the
deadline passed, and the book does not record filings of that day, or has no way to: nothing is said of whether it was met
(decision 40)."""


@attrs.frozen(kw_only=True)
class Obligation:
    """Something due: what about which day, by when, its status, and through which rule and entries.

    `because` gives the figures; `certainty` is a word where the trading days it was counted in are not yet certain. `filed` is
    the entry of the return with which all was disclosed, `filed_on` its day and `filed_at` its time, where recorded; `lacking`
    says what an earlier return does not have, and which return has it; `in_none` are the entries that no such return lists.
    `nil` marks the Monthly Return of a month in which nothing moved.
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
    filed_at: str | None = None
    lacking: str = ""
    in_none: tuple[int, ...] = ()
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
    passed: Passed | None = None,
) -> tuple[Obligation, ...]:
    """Everything due by the book as it stands at an instant, by deadline; monthly returns ahead up to those due by `until`.

    Events of later days are left out, and filings submitted later. The book of an issuer without a listed class owes nothing.
    Where `about` is given, only what is due about that day and later is sure to be there: a long book is read faster;
    and what of a ledger has `passed` is not posted again.
    """
    today, ledger = now.astimezone(HONG_KONG).date(), Ledger.of(entries, known_at)
    register = Register.of(ledger.book, today)
    reading = read(ledger, today, _disclosed_until(ledger.in_effect, register, about) if about else date.min, passed)
    # A return of before the opening of the ledger has none of the changes that were read.
    since = ledger.opened_on if about else date.min
    monthly = list(_monthly(reading, register, corrections(ledger.book), now, calendar, until or today, since))
    # Those of before the book records filings are taken as published on their last day.
    assumed = [each for each in monthly if each.status == ELSEWHERE]
    published = register.joined_by(FiledReturn(0, MONTHLY, each.about, each.due_at.date(), ALL) for each in assumed)
    found = [*monthly, *_next_day(reading, published, now, calendar), *_polls(reading, now, calendar)]
    return tuple(sorted(found, key=lambda each: (each.due_at, each.about, each.kind)))


def _disclosed_until(ordered: Iterable[Entry], register: Register, day: date) -> date:
    """A day until which all changes are in a return that was out by another; the first of all days if there is none."""
    out = Register(tuple(each for each in register.returns if each.submitted_on <= day), register.replaced)
    last = out.closing_by(day - timedelta(days=1)).last
    if last is None:
        return date.min
    later = [each for each in ordered if each.number > last.prepared_from or each.replaces is not None]
    left = (each.event.effective_on for each in later if type(each.event) in LISTED and out.covering(each) is None)
    return min(last.until, min(left, default=date.max) - timedelta(days=1))


def _status(reading: DisclosureTimeline, about: date, due_at: datetime, met: _Met, now: datetime) -> str:
    if met.by is not None:
        return FILED_LATE if met.by.is_after(due_at) else FILED
    if now <= due_at:
        return OPEN
    return OVERDUE if reading.records(about, due_at) else ELSEWHERE


# --- what a filing meets ------------------------------------------------------------------------------------------

_Disclosed = Iterable[tuple[Entry, FiledReturn | None]]
"""Facts, each with the first return that lists it; None if none does."""


@attrs.frozen
class _Met:
    """The return with which an obligation is met, what an earlier return does not have in words, and what is in none."""

    by: FiledReturn | None = None
    lacking: str = ""
    in_none: tuple[int, ...] = ()

    @property
    def said(self) -> dict[str, Any]:
        """The filing and what is lacking, as an obligation has them."""
        by = self.by
        filed = {"filed": by.entry, "filed_on": by.submitted_on, "filed_at": by.submitted_at} if by else {}
        return {"lacking": self.lacking, "in_none": self.in_none, **filed}


def _met(disclosed: _Disclosed, passed_over: _Disclosed) -> _Met:
    """An obligation is met once every fact is in a return: by the last of the returns that it takes."""
    listed_in = {entry.number: filed for entry, filed in disclosed}
    returns = list(listed_in.values())
    listed = [filed for filed in returns if filed is not None]
    by = max(listed, key=lambda each: each.submission) if listed and len(listed) == len(returns) else None
    without: dict[tuple[FiledReturn, FiledReturn | None], list[int]] = {}
    for entry, filed in passed_over:
        if filed is not None:
            without.setdefault((filed, listed_in.get(entry.number)), []).append(entry.number)
    in_none = tuple(sorted(number for number, filed in listed_in.items() if filed is None))
    return _Met(by, "; ".join(_not_in(numbers, filed, later) for (filed, later), numbers in without.items()), in_none)


def _not_in(numbers: list[int], filed: FiledReturn, later: FiledReturn | None) -> str:
    which = f"entry {numbers[0]} is" if len(numbers) == 1 else f"entries {', '.join(map(str, numbers))} are"
    return f"{which} not in the return filed on {filed.submitted_on:%-d %B %Y} (entry {filed.entry}){_but_in(later)}"


def _but_in(later: FiledReturn | None) -> str:
    """Which return has what an earlier one does not; it may be of another day, or of the other kind."""
    if later is None or not later.entry:
        return ""
    return f", but in the {later.name} filed on {later.submitted_on:%-d %B %Y} (entry {later.entry})"


def _monthly(
    reading: DisclosureTimeline,
    register: Register,
    corrected: Sequence[Correction],
    now: datetime,
    calendar: Calendar,
    until: date,
    since: date,
) -> Iterator[Obligation]:
    moved = Counter(month_end_of(each.on) for each in reading.changes)
    for month_end in _month_ends(reading, since, until):
        due_on = nth_business_day_after_month_end(month_end, calendar)
        filed = [each for each in register.of_month(month_end) if each.until == month_end]
        if due_on > until and not filed and month_end > now.astimezone(HONG_KONG).date():
            return
        met = _met_monthly(register, filed, reading.printed[month_end])
        yield Obligation(
            kind=MONTHLY,
            about=month_end,
            due_at=deadline(due_on),
            status=_status(reading, month_end, deadline(due_on), met, now),
            because="; ".join(("fifth business day after the month", _counted(moved[month_end]), *_no_longer(filed, corrected))),
            citation="13.25B",
            confidence=MONTHLY_CONFIDENCE if moved[month_end] else NIL_CONFIDENCE,
            nil=not moved[month_end],
            certainty=certainty(due_on, calendar),
            **met.said,
        )


def _met_monthly(register: Register, filed: Sequence[FiledReturn], terms: Iterable[Entry]) -> _Met:
    """The Monthly Return of a month is met by the first one filed, and once more for each fact that one did not know."""
    later = [each for each in terms if filed and not register.knows(filed[0], each)]
    if not later:
        return _Met(filed[0] if filed else None)
    return _met([(each, register.monthly(each)) for each in later], [(each, filed[0]) for each in later])


def _no_longer(filed: Sequence[FiledReturn], corrected: Sequence[Correction]) -> Iterator[str]:
    """The changes that the last Monthly Return of a month has, and the month has not any more, as each was corrected since."""
    for last in filed[-1:]:
        for each in corrected_since(last, corrected):
            if month_end_of(each.was.event.effective_on) == last.until and (
                each.on is None or month_end_of(each.on) != last.until
            ):
                what = (
                    f"entry {each.was.number}, which the return filed on {last.submitted_on:%-d %B %Y} (entry {last.entry}) has,"
                )
                yield f"{what} is no change of the month any more (entry {each.last.number})"


def _counted(count: int) -> str:
    return f"{count:,} change{'' if count == 1 else 's'} recorded" if count else "no change recorded, a nil return is due too"


def _month_ends(reading: DisclosureTimeline, since: date, until: date) -> Iterator[date]:
    """The ends of the months at which the issuer was listed, from the first after the book starts until one that is ahead.

    None that lies before the day `since`.
    """
    if not reading.listings:
        return
    month_end = month_end_of(max(min(each.since for each in reading.listings), reading.starts_on, since))
    if month_end == reading.starts_on:
        month_end = month_end_of(month_end + timedelta(days=1))
    while month_end <= month_end_of(until):
        if any(each.since <= month_end < (each.until or date.max) for each in reading.listings):
            yield month_end
        month_end = month_end_of(month_end + timedelta(days=1))


def _next_day(reading: DisclosureTimeline, published: Register, now: datetime, calendar: Calendar) -> Iterator[Obligation]:
    def published_on(entry: Entry) -> date | None:
        filed = published.covering(entry)
        return None if filed is None else filed.submitted_on

    listed = [each for each in reading.changes if reading.listed_on(each.on)]
    for found in disclosures(listed, published_on):
        met = _met_next_day(published, found) if found.needed else _Met()
        yield _return(found, next_business_day(found.on, calendar), reading, met, now, calendar)


def _met_next_day(published: Register, found: Disclosure) -> _Met:
    """What happened on the day is in a Next Day Disclosure Return; what was pending before it may be in a Monthly Return too."""
    entries = [each.entry for each in (*found.events, *found.pending)]
    disclosed = [
        (each, published.listing(each) if each.event.effective_on == found.on else published.covering(each)) for each in entries
    ]
    return _met(disclosed, [(each, published.passed_over_by(each)) for each in entries])


def _return(
    found: Disclosure, due_on: date, reading: DisclosureTimeline, met: _Met, now: datetime, calendar: Calendar
) -> Obligation:
    changes = (*found.events, *found.pending)
    # The 5 % test and the disclosure of pending (b) events are known from accounts of the rule.
    marks = [each.item.confidence for each in changes] + ([SECONDARY] if found.pending else [])
    return Obligation(
        kind=NEXT_DAY,
        about=found.on,
        due_at=deadline(due_on),
        status=_status(reading, found.on, deadline(due_on), met, now) if found.needed else NOT_NEEDED,
        because=_because(found),
        citation=_citation(found),
        confidence=max(marks, key=CONFIDENCE.index, default=VERIFIED),
        entries=tuple(sorted(each.entry.number for each in changes)),
        certainty=certainty(due_on, calendar),
        only_gross=found.only_gross,
        **met.said,
    )


def _citation(found: Disclosure) -> str:
    cited = dict.fromkeys(each.item.citation for each in (*found.events, *found.pending))
    return ", ".join([*cited, *(["13.25A(3)"] if found.pending else [])])


def _because(found: Disclosure) -> str:
    named = _titles(found.events)
    if not found.pending:
        return named
    if found.events:
        return f"{named}; also to disclose: {_titles(found.pending)}"
    size = f"{count_of_shares(found.gross)}, {percent_rounded_down(found.gross, found.base)} % of {found.base:,}"
    if found.only_gross:
        return f"{_titles(found.pending)}: {size}, gross; set off {percent_rounded_down(found.net, found.base)} %, under 5 %"
    outcome = "5 % or more" if found.needed else "under 5 %, and no (a) event"
    return f"{_titles(found.pending)}: {size}, {outcome}"


def _titles(changes: Iterable[ShareChange]) -> str:
    return ", ".join(dict.fromkeys(f"{each.item.title} ({each.item.code})" for each in changes))


def percent_rounded_down(shares: int, base: int) -> str:
    """A percentage to four decimals, rounded down so that what is under a limit never reads as the limit."""
    if not base:
        return "100"
    whole, rest = divmod(shares * 10**6 // base, 10**4)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".")


def _polls(reading: DisclosureTimeline, now: datetime, calendar: Calendar) -> Iterator[Obligation]:
    held = [entry for entry in reading.polls if reading.listed_on(entry.event.effective_on)]
    for day, group in groupby(held, key=lambda entry: entry.event.effective_on):
        due_on = next_business_day(day, calendar)
        yield Obligation(
            kind=POLL,
            about=day,
            due_at=deadline(due_on),
            status=OPEN if now <= deadline(due_on) else ELSEWHERE,
            because="next business day after the meeting; a book holds no record of announcements",
            citation="13.39(5)",
            confidence=VERIFIED,
            entries=tuple(entry.number for entry in group),
            certainty=certainty(due_on, calendar),
        )
