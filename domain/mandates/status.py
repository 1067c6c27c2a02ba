"""General mandates over a book: the base of each, what stands of it, when it ended, and what was done under it.

A mandate ends at the conclusion of the first annual general meeting after it was granted, when the period for holding that
meeting is over, or when it is revoked (rules 13.36(3), 10.06(1)(c)). The book knows the meeting by what its poll results and
its mandates say of it; another mandate of the same purpose over the same classes takes the place of one granted before. Where
none of this is recorded for twelve months, whether a mandate is in force is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from domain import events
from domain.capital.accounts import (
    EXTENSION,
    HEADROOM,
    ISSUED_EXCLUDING_TREASURY,
    MANDATE,
    RESERVED,
    SHARES,
    TOTAL_ISSUED,
    USED,
    total,
)
from domain.capital.balances import Posted, apply
from domain.capital.entries import Entry
from domain.capital.opening import begins_on
from domain.capital.position import Position
from domain.capital.terms import counted
from domain.events import Event
from domain.law.parameters import TREASURY_REGIME
from domain.mandates.classes import uneven
from domain.mandates.financial_year import annual_meeting_by, months_after, year_end_before, year_end_from
from domain.securities import Mandate
from domain.values import day_text

ISSUE, REPURCHASE = "issue", "repurchase"


@attrs.frozen
class Ended:
    """The day a mandate ended, at the conclusion of a meeting, and in words why; `entry` is the one that says so, if any does."""

    on: date
    entry: int | None
    why: str


@attrs.frozen
class Doubt:
    """Why a mandate may have ended, in words; `entry` is the one whose meeting is not known to be the annual one or another."""

    why: str
    entry: int | None = None


@attrs.frozen
class HeldMeeting:
    """A general meeting by the entries of its day; `annual` is None where none of them says whether it was the annual one."""

    on: date
    name: str
    entry: int
    annual: bool | None


@attrs.frozen
class MandateStatus:
    """What stands of a mandate at a viewpoint, in shares of that day: a subdivision since has multiplied them.

    `book_bases` are what the book has for the base on the day of the meeting, before and after that day's dealings, none where
    the book starts later. A number is None where it depends on what happened before the book begins and that is not recorded:
    `not_known` says what is missing. `ended` is None while no end is known, `in_doubt` says why the mandate may have ended all
    the same, and `latest_end` is the day by which it ends at the latest. Nor is known what a mandate allows that is `uneven`.
    """

    mandate: Mandate
    entry: int
    book_bases: tuple[int, ...]
    extended: int | None
    reserved: int | None
    used: int | None
    headroom: int | None
    ended: Ended | None
    not_known: tuple[str, ...] = ()
    in_doubt: Doubt | None = None
    latest_end: date | None = None

    @property
    def code(self) -> str:
        """The mandate's code in the book."""
        return self.mandate.code

    @property
    def limit(self) -> int | None:
        """The shares it allows in all: the percentage of the base, and what repurchases have added."""
        return None if self.extended is None or self.uneven is not None else self.mandate.limit + self.extended

    @property
    def uneven(self) -> str | None:
        """Why a reorganisation leaves open what the mandate allows; None where none does."""
        return uneven(self.mandate)

    @property
    def base_differs(self) -> bool:
        """Whether the book has another base for the meeting than was recorded."""
        return bool(self.book_bases) and self.mandate.base not in self.book_bases

    def limit_of(self, base: int) -> int:
        """The limit that the mandate's percentage would give on another base."""
        return attrs.evolve(self.mandate, base=base, scaled=Fraction(1)).limit


@attrs.frozen
class Use:
    """Something done under a mandate; `tested_on` is the day of the agreement where one is known, else the day it was done."""

    mandate: str
    entry: Entry
    tested_on: date


@attrs.frozen
class MandateHistory:
    """The mandates of a book up to a day, what was done under them, and the position at the end."""

    standings: Mapping[str, MandateStatus]
    uses: tuple[Use, ...]
    position: Position


def issued(position: Position, day: date, codes: Iterable[str] | None = None) -> int:
    """The issued shares that percentages are of on a day: all classes, or some; treasury excluded since 11 June 2024."""
    accounts = ISSUED_EXCLUDING_TREASURY if day >= TREASURY_REGIME else TOTAL_ISSUED
    return sum(total(position.totals, SHARES, code, accounts) for code in codes or position.terms.classes)


def history(ordered: Iterable[Entry], as_of: date | None = None) -> MandateHistory:
    """The mandates of entries in effective order (`domain.capital.entries.in_effect`), up to a day (all of them where None)."""
    entries = list(ordered)
    reading = MandateTracker(begins_on(entries))
    for _ in reading.through(entry for entry in entries if as_of is None or entry.event.effective_on <= as_of):
        pass
    return reading.history(as_of)


class MandateTracker:
    """Where a pass over the book stands."""

    def __init__(self, starts: date | None) -> None:
        self.position = Position()
        self.starts = starts or date.min
        self.day = date.min
        self.meetings: dict[date, HeldMeeting] = {}
        # Reserved by agreements at close of the day on which the book begins.
        self.reserved_at_start: dict[str, int] | None = None
        self.granted: dict[str, int] = {}
        # Granted on the day at which the pass stands.
        self.granted_today: list[Mandate] = []
        self.bases: dict[str, list[int]] = {}
        self.ended: dict[str, Ended] = {}
        self.uses: list[Use] = []

    def history(self, as_of: date | None = None) -> MandateHistory:
        """What was seen so far, as it stands at close of a day: the last one seen where None."""
        day = as_of or self.day
        return MandateHistory({code: self.standing(code, day) for code in self.granted}, tuple(self.uses), self.position)

    def through(self, ordered: Iterable[Entry]) -> Iterator[Posted]:
        """What entries in effective order post, each given while the position is as it left it. Raises Impossible."""
        for entry in ordered:
            if entry.event.effective_on > self.day:
                self.close()
                self.day = entry.event.effective_on
            yield self.take(entry)
        self.close()

    def take(self, entry: Entry) -> Posted:
        """Take in an entry; what it posted."""
        posted = apply(self.position, entry)
        self.uses += [Use(code, entry, tested_on(entry.event)) for code in draws_on(posted)]
        _READ.get(type(entry.event), _nothing)(self, entry)
        return posted

    def close(self) -> None:
        """Shares dealt in on the day of a meeting may have come before or after it: the base at close counts as well."""
        if self.day <= self.starts:
            self.reserved_at_start = {code: self.position.total(MANDATE, code, RESERVED) for code in self.granted}
        for mandate in self.granted_today:
            self.count(mandate.code, mandate.granted_on, begun=self.starts <= mandate.granted_on)
        self.granted_today.clear()

    def count(self, code: str, day: date, *, begun: bool) -> None:
        """Take the issued shares of now as a base by the book, where the book has begun and has any."""
        bases = self.bases.setdefault(code, [])
        classes = counted(self.position.terms, self.position.terms.mandates[code])
        if begun and (base := issued(self.position, day, classes)):
            bases.append(base)

    def end(self, entry: Entry, codes: Iterable[str], why: str) -> None:
        """Mandates end with an entry, unless they had ended before."""
        for code in codes:
            self.ended.setdefault(code, Ended(entry.event.effective_on, entry.number, why))

    def held(self, entry: Entry, name: str, *, annual: bool | None) -> None:
        """A meeting was held; of several entries of its day, the first that says whether it was the annual one decides."""
        on = entry.event.effective_on
        known = self.meetings.get(on)
        if known is None or (known.annual is not True and annual is not None):
            self.meetings[on] = HeldMeeting(on, name, entry.number, annual)

    def standing(self, code: str, day: date) -> MandateStatus:
        """What stands of a mandate now, at close of a day."""
        moved = {name: self.position.total(MANDATE, code, name) for name in (EXTENSION, RESERVED, USED, HEADROOM)}
        mandate = self.position.terms.mandates[code]
        missing = dict(self.missing(mandate, day))
        ended, latest = self.ended_by(mandate, day), self.latest_end(mandate)
        return MandateStatus(
            mandate=mandate,
            entry=self.granted[code],
            book_bases=tuple(dict.fromkeys(self.bases[code])),
            extended=None if EXTENSION in missing else -moved[EXTENSION],
            reserved=None if RESERVED in missing else moved[RESERVED],
            used=None if USED in missing or mandate.uneven_on else moved[USED],
            headroom=None if missing or mandate.uneven_on else moved[HEADROOM],
            ended=ended,
            not_known=tuple(missing.values()),
            in_doubt=None if ended else self.in_doubt(mandate, day),
            latest_end=latest,
        )

    # --- what happened before the book begins -------------------------------------------------------------------------

    def missing(self, mandate: Mandate, day: date) -> Iterator[tuple[str, str]]:
        """What is not known of a mandate that is older than the book: the account, and in words what is missing."""
        if mandate.granted_on > self.starts:
            return
        agreed = (self.reserved_at_start or {}).get(mandate.code, 0)
        for account, words, number in _before_the_book(mandate):
            if (gap := _gap(mandate, number, self.starts, day)) is not None:
                begins = f"the book begins at close of {day_text(self.starts)}"
                yield account, f"{begins}; what was {words} under {mandate.code} {gap}"
            elif account == RESERVED and number != agreed:
                reserved = f"{number:,} were reserved under {mandate.code} when the book begins"
                yield account, f"{reserved}, and its agreements reserve {agreed:,}"

    # --- when a mandate ends ------------------------------------------------------------------------------------------

    def ended_by(self, mandate: Mandate, day: date) -> Ended | None:
        """How a mandate ended by close of a day, the earliest end there is; None where none is known."""
        annual = [each for each in self.meetings_since(mandate) if each.annual]
        ends = [self.ended[mandate.code]] if mandate.code in self.ended else []
        ends += [Ended(each.on, each.entry, "annual general meeting held") for each in annual[:1]]
        latest = self.latest_end(mandate)
        if latest is not None and latest < day:
            ends.append(Ended(latest, None, "the last day for the annual general meeting of the next financial year"))
        return min(ends, key=lambda each: each.on, default=None)

    def meetings_since(self, mandate: Mandate) -> list[HeldMeeting]:
        """The meetings held after the one that granted a mandate, the first one first."""
        return [each for each in self.meetings.values() if each.on > mandate.granted_on]

    def latest_end(self, mandate: Mandate) -> date | None:
        """The last day for the annual general meeting at which a mandate ends; None where no financial year-end is recorded."""
        days = self._meeting_days(mandate)
        return days[-1] if days else None

    def _meeting_days(self, mandate: Mandate) -> list[date]:
        """The days by which that meeting is due: two where it is not known whether this year's had been held already."""
        issuer = self.position.terms.issuer
        if issuer is None or issuer.financial_year_end is None:
            return []
        year_end = year_end_before(issuer.financial_year_end, mandate.granted_on)
        this_year = annual_meeting_by(year_end)
        next_year = annual_meeting_by(year_end_from(issuer.financial_year_end, mandate.granted_on))
        held = any(each.annual and year_end < each.on <= mandate.granted_on for each in self.meetings.values())
        if held or this_year < mandate.granted_on:
            return [next_year]
        granted_at = self.meetings[mandate.granted_on]
        return [this_year] if granted_at.annual is False else [this_year, next_year]

    def in_doubt(self, mandate: Mandate, day: date) -> Doubt | None:
        """Why a mandate without a known end may have ended by close of a day; None where it is in force."""
        unsaid = next((each for each in self.meetings_since(mandate) if each.annual is None), None)
        if unsaid is not None:
            why = f"whether the meeting of {day_text(unsaid.on)} was the annual general meeting is not recorded"
            return Doubt(why, unsaid.entry)
        if day > months_after(mandate.granted_on, 12):
            return Doubt(f"no annual general meeting is recorded in the twelve months after {day_text(mandate.granted_on)}")
        days = self._meeting_days(mandate)
        if len(days) > 1 and day > days[0]:
            granted_at = self.meetings[mandate.granted_on]
            meeting = f"the meeting of {day_text(granted_at.on)} was the annual general meeting, due by {day_text(days[0])},"
            return Doubt(f"whether {meeting} is not recorded", granted_at.entry)
        return None


def _before_the_book(mandate: Mandate) -> Iterator[tuple[str, str, int | None]]:
    """What a mandate older than the book has to say of the time before: the account, in words, and the number recorded."""
    yield USED, "used", mandate.used_before
    if mandate.purpose == ISSUE:
        yield RESERVED, "reserved", mandate.reserved_before
    if mandate.extended_by is not None:
        yield EXTENSION, "added by repurchases", mandate.extended_before


def use_not_known(mandate: Mandate, begins: date | None, day: date) -> str | None:
    """Why it is not known how many shares were used under a mandate by close of a day, in a book that begins on one."""
    if begins is None or mandate.granted_on > begins or (gap := _gap(mandate, mandate.used_before, begins, day)) is None:
        return None
    return f"the book begins at close of {day_text(begins)}; what was used under {mandate.code} {gap}"


def _gap(mandate: Mandate, number: int | None, starts: date, day: date) -> str | None:
    """Why a number of the time before the book is not known at close of a day; None where it is."""
    if day < starts:
        return f"by {day_text(day)} is not known"
    if number is None:
        return "before is not recorded"
    return None if mandate.counted_on == starts else f"was counted on {mandate.counted_on:%-d %B %Y}"


_GOVERNING = (events.MandateGranted, events.MandateRevoked)
DRAWING = tuple(kind for kind in events.EVENT_TYPES if hasattr(kind, "mandate") and kind not in _GOVERNING)
"""The events that name the mandate they are done under. Completing an agreement takes what the agreement had reserved, adjusting
its terms reserves for it as it was made, and a reorganisation only counts in other shares what was reserved before."""

_DRAWING = frozenset(DRAWING)


def draws_on(posted: Posted) -> list[str]:
    """The mandates under which an entry is done, and of which it takes headroom."""
    return takes_of(posted) if type(posted.entry.event) in _DRAWING else []


def takes_of(posted: Posted) -> list[str]:
    """The mandates of which an entry takes headroom."""
    return [
        code
        for book, code, source, target, _ in posted.movements
        if book == MANDATE and source == HEADROOM and target in (USED, RESERVED)
    ]


def tested_on(event: Event) -> date:
    """The day whose mandate counts for an act: that of the agreement where it is recorded, else its own."""
    agreed: date | None = getattr(event, "agreed_on", None)
    return agreed or event.effective_on


def _nothing(reading: MandateTracker, entry: Entry) -> None:
    """Most entries neither grant nor end a mandate."""


def _granted(reading: MandateTracker, entry: Entry) -> None:
    event: Any = entry.event
    reading.granted[event.mandate] = entry.number
    reading.granted_today.append(reading.position.terms.mandates[event.mandate])
    reading.count(event.mandate, event.effective_on, begun=reading.starts < event.effective_on)
    reading.end(entry, _earlier(reading, event), f"{event.mandate} granted")
    reading.held(entry, f"the meeting that granted {event.mandate}", annual=event.annual)


def _earlier(reading: MandateTracker, event: Any) -> list[str]:
    mandates = reading.position.terms.mandates
    granted = mandates[event.mandate]
    return [each.code for each in mandates.values() if each.like(granted) and each.granted_on < granted.granted_on]


def _revoked(reading: MandateTracker, entry: Entry) -> None:
    event: Any = entry.event
    reading.end(entry, [event.mandate], "revoked or expired")


def _polled(reading: MandateTracker, entry: Entry) -> None:
    event: Any = entry.event
    reading.held(entry, event.meeting, annual=event.annual)


_READ = {
    events.MandateGranted: _granted,
    events.MandateRevoked: _revoked,
    events.PollResultDeclared: _polled,
}
