"""The rules about the limit of a share scheme, held against each grant and lapse."""

from __future__ import annotations

from collections.abc import Iterator

from domain import events
from domain.capital.accounts import AVAILABLE, SCHEME
from domain.capital.balances import Posted
from domain.capital.position import Position
from domain.law.rule import NOTICE, UNVERIFIED, VERIFIED, Finding, Rule
from domain.schemes.limits import lapsed_since
from domain.values import count_of_shares


def _scheme_limit_exceeded(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    entry = posted.entry
    event = entry.of(events.SchemeMovement)
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
    Rule(
        code="HK409",
        title="Lapse after a refreshment",
        citation="Main Board Rule 17.03C",
        confidence=UNVERIFIED,
        severity=NOTICE,
        to_confirm="Read rule 17.03C: what no longer counts against a limit that is refreshed, and whether what lapses counts"
        " again.",
        meaning="Once the limit of a scheme is refreshed, what was granted before no longer counts against it: where that "
        "lapses, nothing is free again. What was granted since and lapses may be granted again.",
        example="The limit is refreshed to 80,000,000 on 12 June. Of options granted in May 1,000 lapse in July: 80,000,000 may "
        "be granted, not 80,001,000.",
        clears="Say which they were: captable correct ENTRY --before-refreshment, or --no-before-refreshment.",
        of=(events.OptionsLapsed, events.AwardsLapsed),
        each=lapsed_since,
    ),
)
"""The rules of this module."""
