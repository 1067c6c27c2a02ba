"""Every rule this program knows, and what a book shows by them: all findings, always."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from domain.capital import clock
from domain.capital import rules as capital
from domain.capital.balances import Posted
from domain.capital.entries import Entry
from domain.capital.ledger import Ledger, Passed
from domain.capital.position import Position
from domain.clearance import authority, listing, open_rules
from domain.clearance import rules as clearance
from domain.disclosure import rules as disclosure
from domain.law.business_days import Calendar
from domain.law.rule import Check, Finding, Rule, UnknownRule, View, version_of
from domain.mandates import rules as mandates
from domain.mandates.status import seen_at
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
    start: Passed | None = None,
) -> tuple[Finding, ...]:
    """Every finding from a viewpoint: entry by entry in effective order, then what the book shows as a whole.

    Deadlines are looked at from the instant `now`, where it and a calendar are given. With a `start`, what has passed until a day
    before the last, entries until that day are not looked at one by one.
    """
    ledger = Ledger.of(entries, known_at)
    start = start or ledger.passed(ledger.opened_on)
    last, position, passed = as_of or ledger.last_day, start.position.copy(), list(start.postings)
    found = tuple(_entry_by_entry(_kept(ledger.passing(position, last, start.until), passed), position))
    seen, gone_through = seen_at(ledger, position, passed, last), Passed(last, tuple(passed), position)
    view = View(tuple(ledger.until(last)), last, seen, ledger, now, calendar, gone_through)
    # Several rows may share a check: it is made once.
    checks = dict.fromkeys(rule.check for rule in RULES if rule.check)
    return (*found, *(finding for check_of in checks for finding in check_of(view)))


def entry_findings(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """What the rules find entry by entry until a day."""
    position = ledger.opening.copy()
    return _entry_by_entry(ledger.passing(position, as_of), position)


def _kept(passing: Iterable[Posted], passed: list[Posted]) -> Iterator[Posted]:
    for posted in passing:
        passed.append(posted)
        yield posted


def _entry_by_entry(passing: Iterable[Posted], position: Position) -> Iterator[Finding]:
    """What the rules find entry by entry, on one pass over a book."""
    for posted in passing:
        day, kind = posted.entry.event.effective_on, type(posted.entry.event)
        # The rules in force change on few days: between two of those, every event of a type is asked the same.
        asked = bisect_right(_CHANGES, day), kind
        if asked not in _CHECKS:
            _CHECKS[asked] = tuple((rule, rule.each) for rule in in_force(day) if rule.each and issubclass(kind, rule.of))
        for rule, each in _CHECKS[asked]:
            yield from each(rule, position, posted)


_CHANGES = sorted({day for rule in RULES for day in (rule.in_force_from, rule.in_force_until) if day is not None})


_CHECKS: dict[tuple[int, type], tuple[tuple[Rule, Check], ...]] = {}
