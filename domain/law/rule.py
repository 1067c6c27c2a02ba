"""A rule as a row of dated law, and a finding as a value: a breach or inconsistency, by which rule, and what clears it.

A new version of a rule is a new row with the same code and a later first day; no row is ever edited, so that an old event
keeps the rule of its day. The modules that check rules list theirs in a tuple RULES; `domain.rulebook` gathers them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

import attrs

from domain import errors
from domain.law.parameters import CONFIDENCE, SECONDARY, UNVERIFIED, VERIFIED

if TYPE_CHECKING:
    from domain.capital.balances import Posted
    from domain.capital.entries import Entry
    from domain.capital.ledger import Ledger, Passed
    from domain.capital.position import Position
    from domain.events import Event
    from domain.law.business_days import Calendar
    from domain.mandates.status import MandateHistory

__all__ = ["CONFIDENCE", "SECONDARY", "UNVERIFIED", "VERIFIED"]

NO_ADVICE = "Not legal advice; nothing is submitted to the exchange."
"""What is said wherever a rule is applied."""

MAIN_BOARD_RULES = "https://en-rules.hkex.com.hk/rulebook/main-board-listing-rules"
"""The Exchange's own text of the Main Board Listing Rules. The addresses of its single rules do not follow from their numbers."""

BREACH, LATE, MISMATCH, NOTICE = "breach", "late", "mismatch", "notice"
SEVERITIES = (BREACH, LATE, MISMATCH, NOTICE)
"""A limit passed; a day missed; two records that differ; something to look at."""

COMMANDS = CHECK, WVR, OFFERING = "check", "wvr", "offering"
"""The commands that name the rules which they do not check; `can` does so for each kind of act."""


class UnknownRule(errors.NotFound, ValueError):
    """There is no rule of this code."""


@attrs.frozen
class Finding:
    """A breach or inconsistency: a stable code, a sentence, the entries that it comes from, its rule and how sure we are of it.

    `severity` is one of SEVERITIES; `clears` says what would clear the finding.
    """

    code: str
    message: str
    entries: tuple[int, ...]
    citation: str
    confidence: str
    severity: str = BREACH
    clears: str = ""


@attrs.frozen
class View:
    """What a rule is checked against: the entries in effect up to a day, in effective order, and where it is looked from.

    `ledger` has every entry that is known, replaced ones too: what a return filed earlier was prepared from.
    `mandates` is what a pass over them saw of the mandates, `passed` what it posted. `now` is the instant of looking and
    `calendar` the trading days; rules about deadlines are silent where they are None.
    """

    entries: tuple[Entry, ...]
    as_of: date
    mandates: MandateHistory
    ledger: Ledger
    now: datetime | None = None
    calendar: Calendar | None = None
    passed: Passed | None = None


Check = Callable[["Rule", "Position", "Posted"], Iterable[Finding]]
"""What a rule finds in an entry, by the position after it and what it posted."""


@attrs.frozen(kw_only=True)
class Rule:
    """One version of a rule, in force from its first day until the day before `in_force_until`; None is without end.

    `each` is called with this rule, the position after an entry, and what the entry posted, for every entry of a day on which
    the version is in force and of one of the types `of`, those derived from them included. `check` is called once with the
    whole view, however many rows name it, and picks the version by the day of each event itself (`version_of`). Both may be
    left out: a rule may be there to be read, or be applied by another command. `asked_by` are the commands, and the acts of
    `can`, that a reader expects to apply the rule and that do not: they name it as not checked. `to_confirm` is
    what a lawyer should read, and look for, before anyone relies on an unverified rule; other rules have none. Raises ValueError
    for marks that are not known, for `to_confirm` missing or not needed, and for `each` without `of` or the other way about.
    """

    code: str
    title: str
    citation: str
    confidence: str
    meaning: str
    example: str
    clears: str
    severity: str = BREACH
    in_force_from: date = date.min
    in_force_until: date | None = None
    of: tuple[type[Event], ...] = ()
    each: Check | None = None
    check: Callable[[View], Iterable[Finding]] | None = None
    asked_by: tuple[str, ...] = ()
    to_confirm: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.confidence not in CONFIDENCE or self.severity not in SEVERITIES:
            raise ValueError(f"{self.code}: unknown mark {self.confidence!r} or {self.severity!r}")
        if (self.confidence == UNVERIFIED) != (self.to_confirm is not None):
            raise ValueError(f"{self.code}: expected `to_confirm` of an unverified rule, and of no other")
        if bool(self.of) != (self.each is not None):
            raise ValueError(f"{self.code}: expected the types of events together with what is asked of each")
        if self.in_force_until is not None and self.in_force_until <= self.in_force_from:
            raise ValueError(f"{self.code}: expected an end after {self.in_force_from}")

    def finding(self, message: str, *entries: int) -> Finding:
        """A finding by this rule, with its citation and marks."""
        return Finding(
            self.code, message, tuple(dict.fromkeys(entries)), self.citation, self.confidence, self.severity, self.clears
        )

    def in_force(self, day: date) -> bool:
        """Whether this version applies to an event of a day."""
        return self.in_force_from <= day and (self.in_force_until is None or day < self.in_force_until)


def version_of(rules: Iterable[Rule], code: str, day: date) -> Rule | None:
    """The version of a rule that applies to an event of a day: of those in force the one with the latest first day."""
    versions = [rule for rule in rules if rule.code == code and rule.in_force(day)]
    return max(versions, key=lambda rule: rule.in_force_from, default=None)


def rule_of(rules: Iterable[Rule], code: str, day: date = date.max) -> Rule:
    """The version of a rule that applies to an event of a day, or the last one. Raises ValueError if there is none."""
    if (rule := version_of(rules, code, day)) is None:
        raise ValueError(f"{code} has no version on {day}")
    return rule


def not_checked(rules: Iterable[Rule], day: date, *asked: str) -> tuple[Rule, ...]:
    """The rules in force on a day that a command, or an act of `can`, is expected to speak of and does not check."""
    return tuple(rule for rule in rules if rule.in_force(day) and not set(asked).isdisjoint(rule.asked_by))
