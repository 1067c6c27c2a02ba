"""Every rule this program knows, and what a book shows by them: all findings, always."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from domain import errors
from domain.capital import clock
from domain.capital import rules as capital
from domain.capital.balances import Cut, Period, Posted
from domain.capital.entries import Entry, in_effect, known
from domain.capital.opening import begins_on
from domain.capital.position import Position
from domain.clearance import authority, listing, open_rules
from domain.clearance import rules as clearance
from domain.disclosure import rules as disclosure
from domain.events import Event
from domain.law.business_days import Calendar
from domain.law.rule import Check, Finding, Rule, View, version_of
from domain.mandates import rules as mandates
from domain.mandates.status import MandateTracker
from domain.meetings import rules as meetings
from domain.offerings import rules as offerings
from domain.public_float import rules as public_float
from domain.schemes import rules as schemes
from domain.wvr import rules as wvr

RULES: tuple[Rule, ...] = (
    *capital.RULES,
    *clock.RULES,
    *mandates.RULES,
    *schemes.RULES,
    *clearance.RULES,
    *authority.RULES,
    *listing.RULES,
    *disclosure.RULES,
    *wvr.RULES,
    *meetings.RULES,
    *offerings.RULES,
    *public_float.RULES,
    *open_rules.RULES,
)
"""Every version of every rule, gathered from the modules that check them."""


class UnknownRule(errors.NotFound, ValueError):
    """There is no rule of this code."""


def versions(code: str) -> tuple[Rule, ...]:
    """Every version of a rule, the earliest first. Raises UnknownRule."""
    found = sorted((rule for rule in RULES if rule.code == code), key=lambda rule: rule.in_force_from)
    if not found:
        raise UnknownRule(code)
    return tuple(found)


def codes() -> tuple[str, ...]:
    """The code of every rule, in order."""
    return tuple(sorted({rule.code for rule in RULES}))


def in_force(day: date) -> tuple[Rule, ...]:
    """The version of every rule that applies to an event of a day, in order of code; a rule not in force has none."""
    found = (version_of(RULES, code, day) for code in codes())
    return tuple(rule for rule in found if rule is not None)


def findings(entries: Iterable[Entry], as_of: date | None = None) -> tuple[Finding, ...]:
    """Every finding in a book, in effective order, up to a day (all of it where None); deadlines are left to `check`."""
    return check(entries, as_of)


def check(
    entries: Iterable[Entry],
    as_of: date | None = None,
    known_at: datetime | None = None,
    *,
    now: datetime | None = None,
    calendar: Calendar | None = None,
) -> tuple[Finding, ...]:
    """Every finding from a viewpoint: entry by entry in effective order, then what the book shows as a whole.

    Deadlines are looked at from the instant `now`, where it and a calendar are given.
    """
    book = known(entries, known_at)
    everything = in_effect(book)
    ordered = [entry for entry in everything if as_of is None or entry.event.effective_on <= as_of]
    reading = MandateTracker(begins_on(everything))
    found = tuple(_entry_by_entry(reading.through(ordered), reading.position))
    return (*found, *_as_a_whole(ordered, book, reading, as_of, now, calendar))


def examined(entries: Iterable[Entry], opened_on: date, closed_on: date) -> tuple[Period, tuple[Finding, ...]]:
    """A period of a book, and every finding in the whole book, from one pass over it."""
    book = list(entries)
    ordered = in_effect(book)
    reading, cut = MandateTracker(begins_on(ordered)), Cut(ordered, opened_on, closed_on)
    passing = cut.through(reading.through(ordered), reading.position)
    found = tuple(_entry_by_entry(passing, reading.position))
    return cut.period(), (*found, *_as_a_whole(ordered, book, reading))


def _as_a_whole(
    ordered: list[Entry],
    book: list[Entry],
    reading: MandateTracker,
    as_of: date | None = None,
    now: datetime | None = None,
    calendar: Calendar | None = None,
) -> Iterator[Finding]:
    last = as_of or max((entry.event.effective_on for entry in ordered), default=date.min)
    view = View(tuple(ordered), last, reading.history(as_of), now, calendar, tuple(book))
    # Several rows may share a check: it is made once.
    for check_of in dict.fromkeys(rule.check for rule in RULES if rule.check):
        yield from check_of(view)


def _entry_by_entry(passing: Iterable[Posted], position: Position) -> Iterator[Finding]:
    """What the rules find entry by entry, on the one pass over the book that the mandates are read on too."""
    for posted in passing:
        event = posted.entry.event
        # The rules in force change on few days: between two of those, every event of a type is asked the same.
        asked = bisect_right(_CHANGES, event.effective_on), type(event)
        if asked not in _CHECKS:
            _CHECKS[asked] = _checks(event)
        for rule, each in _CHECKS[asked]:
            yield from each(rule, position, posted)


_CHANGES = sorted({day for rule in RULES for day in (rule.in_force_from, rule.in_force_until) if day is not None})


_CHECKS: dict[tuple[int, type], tuple[tuple[Rule, Check], ...]] = {}


def _checks(event: Event) -> tuple[tuple[Rule, Check], ...]:
    return tuple((rule, rule.each) for rule in in_force(event.effective_on) if rule.each and isinstance(event, rule.of))
