"""The rule about the limit of a share scheme, held against each grant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain import events
from domain.capital.accounts import AVAILABLE, SCHEME
from domain.capital.balances import Posted
from domain.capital.position import Position
from domain.law.rule import VERIFIED, Finding, Rule
from domain.values import count_of_shares


def _scheme_limit_exceeded(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    entry = posted.entry
    event: Any = entry.event
    if position.terms.schemes[event.scheme].limit is not None:
        left = position.total(SCHEME, event.scheme, AVAILABLE)
        if left < 0:
            message = (
                f"scheme {event.scheme} is granted {count_of_shares(-left)} beyond its limit on {event.effective_on:%-d %B %Y}"
            )
            yield rule.finding(message, entry.number)


_LIMIT_CLEARS = "Correct the grant or the limit where it is wrong. A larger limit needs the members' approval (17.03C)."

RULES: tuple[Rule, ...] = (
    Rule(
        code="HK401",
        title="Scheme limit exceeded",
        citation="Main Board Rule 17.03B",
        confidence=VERIFIED,
        meaning="Grants under a share scheme stay within its limit; what lapsed may be granted again, what was cancelled not.",
        example="A scheme with a limit of 1,000 has 990 options granted; a grant of 11 is 1 share beyond its limit.",
        clears=_LIMIT_CLEARS,
        of=(events.OptionsGranted, events.AwardsGranted),
        each=_scheme_limit_exceeded,
    ),
)
"""The rules of this module."""
