"""The clock by which facts are recorded: no fact takes effect on a day to come, and no entry was recorded at a time to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

import attrs

from domain import errors, events
from domain.capital.entries import Draft, Entry, in_effect
from domain.capital.head import Head
from domain.events import Event
from domain.law.business_days import HONG_KONG
from domain.law.rule import MISMATCH, VERIFIED, Finding, Rule
from domain.values import day_text

SLACK = timedelta(minutes=1)
"""How far the clocks of two machines that record into one book may differ."""

LAST_YEAR = 2199
"""The last year in which a fact can take effect, or be recorded."""

DECIDED_AHEAD: tuple[type[Event], ...] = (
    events.SignatoryAppointed,
    events.ReturnSettingsChanged,
    events.ReturnRemarkChanged,
    events.ReleaseRequirementSet,
    *events.BOOKKEEPING,
)
"""Facts that may be recorded before their day: they say how the book is kept, or its returns are filled in, from a day on, which
the issuer decides, or repeat the day of the entry that they withdraw or release. Every other fact is one only once its day has
come."""


class ClockDoubted(errors.Refused):
    """The clock contradicts the book; nothing is recorded by it until someone says why it is right."""


@attrs.frozen
class Clock:
    """The instant at which something is recorded. `accepted` is why it is right, though the book was recorded later."""

    now: datetime
    accepted: str | None = None

    @property
    def today(self) -> date:
        """The day it is in Hong Kong."""
        return self.now.astimezone(HONG_KONG).date()

    def ahead(self, event: Event) -> tuple[str, str] | None:
        """Why a fact cannot be recorded yet: the field that says a day to come, and what was expected; else None."""
        dated = {} if isinstance(event, DECIDED_AHEAD) else {"effective_on": event.effective_on}
        if isinstance(event, events.ReturnFiled):
            dated["submitted_on"] = event.submitted_on
        for field, day in dated.items():
            if day > self.today:
                return field, f"expected a day until today, {day_text(self.today)} in Hong Kong, got {day_text(day)}"
        return None

    def vouched(self, head: Head, drafts: Iterable[Draft]) -> list[Draft]:
        """Facts as they are recorded after a head: with the reason for which a clock behind it is accepted.

        Raises ClockDoubted if there is no such reason.
        """
        if self.today.year > LAST_YEAR:
            raise ClockDoubted(f"the clock of this machine says {_moment(self.now)}: set it; nothing was recorded")
        if head.recorded_at is None or head.recorded_at <= self.now + SLACK:
            return list(drafts)
        if self.accepted is None:
            raise ClockDoubted(
                f"the clock of this machine says {_moment(self.now)}, but entry {head.number:,} was recorded at "
                f"{_moment(head.recorded_at)}; set the clock, or give the reason why it is right with --accept-clock REASON; "
                "nothing was recorded"
            )
        said = f"clock accepted: {self.accepted}"
        return [attrs.evolve(draft, source=f"{draft.source}; {said}" if draft.source else said) for draft in drafts]


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(HONG_KONG):%Y-%m-%d %H:%M:%S} HKT"


RULES: tuple[Rule, ...] = (
    Rule(
        code="HK120",
        title="Future facts",
        citation="design of this program",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning="No fact takes effect, and no return is submitted, on a future day.",
        example="PlacingCompleted: effective_on is 30 June 2150, after today, 2 December 2026.",
        clears="Correct the day of the entry (captable correct ENTRY --on DAY), or withdraw it until the fact is one.",
    ),
    Rule(
        code="HK121",
        title="Entries with a future time",
        citation="design of this program",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning="No entry has a recording time later than now. Recording times never go back: after an entry "
        "recorded by a fast clock, all others get its time until that time has come.",
        example="Entry 12 was recorded at 2030-01-01 09:00:00 HKT, and it is 2 December 2026.",
        clears="Set the clock of this machine where it is behind. Where the clock was ahead at the recording, record with "
        "--accept-clock REASON until then; each entry keeps the reason.",
    ),
)
_DAYS_TO_COME, _TIMES_TO_COME = RULES


def ahead_of_clock(entries: Iterable[Entry], clock: Clock) -> Iterator[Finding]:
    """What of a book lies ahead of the clock: facts in effect, one by one, and the entries recorded later, together."""
    book = list(entries)
    for entry in in_effect(book):
        if ahead := clock.ahead(entry.event):
            field, _ = ahead
            day = day_text(entry.event.values()[field])
            yield _DAYS_TO_COME.finding(
                f"{type(entry.event).__name__}: {field} is {day}, after today, {day_text(clock.today)}", entry.number
            )
    later = [entry for entry in book if entry.recorded_at > clock.now + SLACK]
    if later:
        said = f"recorded at {_moment(later[0].recorded_at)}, and the clock says {_moment(clock.now)}"
        yield _TIMES_TO_COME.finding(said, *(entry.number for entry in later[:1]))
