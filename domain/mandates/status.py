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

import attrs

from domain.capital.accounts import EXTENSION, HEADROOM, MANDATE, RESERVED, USED
from domain.capital.balances import Posted
from domain.capital.entries import Entry
from domain.capital.granted import Ended, HeldMeeting, draws_on
from domain.capital.ledger import Ledger
from domain.capital.opening import gap_before
from domain.capital.position import Position
from domain.capital.securities import Mandate
from domain.capital.terms import classes_counted
from domain.events import Event
from domain.mandates.financial_year import annual_meeting_by, year_end_before, year_end_from
from domain.values import day_text, months_after

ISSUE, REPURCHASE = "issue", "repurchase"


@attrs.frozen
class Doubt:
    """Why a mandate may have ended, in words; `entry` is the one whose meeting is not known to be the annual one or another."""

    why: str
    entry: int | None = None


@attrs.frozen
class MandateStatus:
    """What stands of a mandate at a viewpoint, in shares of that day: a subdivision since has multiplied them.

    `book_bases` are what the book has for the base on the day of the meeting, before and after that day's dealings, none where
    the book starts later. A number is None if it depends on what happened before the book begins and that is not recorded:
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
        return None if self.extended is None or self.mandate.uneven is not None else self.mandate.limit + self.extended

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


def history(entries: Iterable[Entry], as_of: date | None = None) -> MandateHistory:
    """The mandates of a ledger, or of the entries of a whole book, at close of a day; at its end where None."""
    ledger = Ledger.of(entries)
    day, position = as_of or ledger.last_day, ledger.opening.copy()
    posted = list(ledger.passing(position, day))
    return seen_at(ledger, position, posted, day)


def seen_at(ledger: Ledger, position: Position, posted: Iterable[Posted], day: date) -> MandateHistory:
    """The mandates at a position, which is that of a ledger at close of a day, with what was done under them until then."""
    tracker = MandateTracker(position, ledger.begins_on or date.min)
    drawn = ((code, each.entry) for each in posted for code in draws_on(each.entry, each.movements))
    uses = [Use(code, entry, tested_on(entry.event)) for code, entry in drawn]
    return MandateHistory({code: tracker.standing(code, day) for code in position.grants}, tuple(uses), position)


@attrs.frozen
class MandateTracker:
    """A position, and the day on which the book begins: what stands of each mandate is a function of the two."""

    position: Position
    starts: date

    def bases(self, mandate: Mandate) -> tuple[int, ...]:
        """The issued shares on the day of the meeting, where the book had begun and had any: before and after its dealings."""
        grant, on = self.position.grants[mandate.code], mandate.granted_on
        at_close = grant.base_at_close
        if at_close is None:
            at_close = self.position.issued(on, classes_counted(self.position.terms, mandate))
        found = [grant.base] if self.starts < on else []
        found += [at_close] if self.starts <= on else []
        return tuple(dict.fromkeys(base for base in found if base))

    def reserved_at_start(self, code: str) -> int:
        """What agreements had reserved under a mandate at close of the day on which the book begins."""
        if self.position.day == self.position.began_on:
            return self.position.total(MANDATE, code, RESERVED)
        return self.position.grants[code].reserved_at_start

    def standing(self, code: str, day: date) -> MandateStatus:
        """What stands of a mandate now, at close of a day."""
        moved = {name: self.position.total(MANDATE, code, name) for name in (EXTENSION, RESERVED, USED, HEADROOM)}
        mandate = self.position.terms.mandates[code]
        missing = dict(self.missing(mandate, day))
        ended, latest = self.ended_by(mandate, day), self.latest_end(mandate)
        return MandateStatus(
            mandate=mandate,
            entry=self.position.grants[code].entry,
            book_bases=self.bases(mandate),
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
        agreed = self.reserved_at_start(mandate.code)
        for account, words, number in _before_the_book(mandate):
            if (gap := gap_before(mandate, number, self.starts, day)) is not None:
                begins = f"the book begins at close of {day_text(self.starts)}"
                yield account, f"{begins}; what was {words} under {mandate.code} {gap}"
            elif account == RESERVED and number != agreed:
                reserved = f"{number:,} were reserved under {mandate.code} when the book begins"
                yield account, f"{reserved}, and its agreements reserve {agreed:,}"

    # --- when a mandate ends ------------------------------------------------------------------------------------------

    def ended_by(self, mandate: Mandate, day: date) -> Ended | None:
        """How a mandate ended by close of a day, the earliest end there is; None if none is known."""
        annual = [each for each in self.meetings_since(mandate) if each.annual]
        recorded = self.position.grants[mandate.code].ended
        ends = [recorded] if recorded else []
        ends += [Ended(each.on, each.entry, "annual general meeting held") for each in annual[:1]]
        latest = self.latest_end(mandate)
        if latest is not None and latest < day:
            ends.append(Ended(latest, None, "the last day for the annual general meeting of the next financial year"))
        return min(ends, key=lambda each: each.on, default=None)

    def meetings_since(self, mandate: Mandate) -> list[HeldMeeting]:
        """The meetings held after the one that granted a mandate, the first one first."""
        return [each for each in self.position.meetings.values() if each.on > mandate.granted_on]

    def latest_end(self, mandate: Mandate) -> date | None:
        """The last day for the annual general meeting at which a mandate ends; None if no financial year-end is recorded."""
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
        held = any(each.annual and year_end < each.on <= mandate.granted_on for each in self.position.meetings.values())
        if held or this_year < mandate.granted_on:
            return [next_year]
        granted_at = self.position.meetings[mandate.granted_on]
        return [this_year] if granted_at.annual is False else [this_year, next_year]

    def in_doubt(self, mandate: Mandate, day: date) -> Doubt | None:
        """Why a mandate without a known end may have ended by close of a day; None if it is in force."""
        unsaid = next((each for each in self.meetings_since(mandate) if each.annual is None), None)
        if unsaid is not None:
            why = f"whether the meeting of {day_text(unsaid.on)} was the annual general meeting is not recorded"
            return Doubt(why, unsaid.entry)
        if day > months_after(mandate.granted_on, 12):
            return Doubt(f"no annual general meeting is recorded in the twelve months after {day_text(mandate.granted_on)}")
        days = self._meeting_days(mandate)
        if len(days) > 1 and day > days[0]:
            granted_at = self.position.meetings[mandate.granted_on]
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


def tested_on(event: Event) -> date:
    """The day whose mandate counts for an act: that of the agreement where it is recorded, else its own."""
    return event.agreed_on or event.effective_on
