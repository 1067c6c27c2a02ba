"""Every rule this program knows, and what a book shows by them: all findings, always."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby

from domain import act_rules, due_rules, entry_rules, mandate_rules, offering_rules, poll_rules, weighted_rules
from domain.history import Entry, in_effect
from domain.mandates import Reading, starts_on
from domain.rules import Finding, Rule, View, version_of
from domain.trading_days import Calendar

RULES: tuple[Rule, ...] = (
    *entry_rules.RULES,
    *mandate_rules.RULES,
    *act_rules.RULES,
    *weighted_rules.RULES,
    *due_rules.RULES,
    *poll_rules.RULES,
    *offering_rules.RULES,
)
"""Every version of every rule, gathered from the modules that check them."""


class UnknownRule(ValueError):
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
    ordered = [entry for entry in in_effect(entries, known_at) if as_of is None or entry.event.effective_on <= as_of]
    last = as_of or max((entry.event.effective_on for entry in ordered), default=date.min)
    reading = Reading(starts_on(ordered))
    found = tuple(_entry_by_entry(ordered, reading))
    view = View(tuple(ordered), last, reading.history(), now, calendar)
    # Several rows may share a check: it is made once.
    checks = dict.fromkeys(rule.check for rule in RULES if rule.check)
    return (*found, *(finding for make in checks for finding in make(view)))


def _entry_by_entry(ordered: list[Entry], reading: Reading) -> Iterator[Finding]:
    """What the rules find entry by entry, on the one pass over the book that the mandates are read on too."""
    for day, of_the_day in groupby(reading.through(ordered), key=lambda posted: posted.entry.event.effective_on):
        checks = [(rule, rule.each) for rule in _checked(day) if rule.each]
        for posted in of_the_day:
            for rule, each in checks:
                yield from each(rule, reading.position, posted)


def _checked(day: date) -> tuple[Rule, ...]:
    # The rules in force change on few days: between two of those, every day has the same.
    since = max((start for start in _CHANGES if start <= day), default=date.min)
    if since not in _IN_FORCE:
        _IN_FORCE[since] = in_force(since)
    return _IN_FORCE[since]


_CHANGES = sorted({day for rule in RULES for day in (rule.in_force_from, rule.in_force_until) if day is not None})
_IN_FORCE: dict[date, tuple[Rule, ...]] = {}
