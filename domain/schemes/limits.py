"""Limits of share schemes: all schemes together when one is approved, and what service providers may be granted of one.

`domain.clearance.checks` asks before a grant; the rules HK404 and HK405 hold what is recorded against the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from domain import events
from domain.capital.accounts import AVAILABLE, PROVIDERS
from domain.capital.balances import Posted, position_at
from domain.capital.entries import Entry, Viewpoint
from domain.capital.opening import begins_on
from domain.capital.position import Position
from domain.capital.terms import Terms
from domain.law.rule import NOTICE, Finding, Rule, View
from domain.mandates.status import issued
from domain.securities import Scheme

PARTS = 10
"""All limits together are at most a tenth of the class (rule 17.03B(1))."""


@attrs.frozen
class Approval:
    """The limits of all schemes over a class on the day on which one was approved, None where one is not recorded.

    `base` is the issued shares of the class on that day; None for a day before the book begins, and before the class is listed,
    where those in issue at the listing count.
    """

    scheme: str
    share_class: str
    approved_on: date
    limits: Mapping[str, int | None]
    base: int | None

    @property
    def not_recorded(self) -> list[str]:
        """The schemes whose limit is not recorded."""
        return [code for code, limit in self.limits.items() if limit is None]

    @property
    def together(self) -> int:
        """The limits that are recorded, added up."""
        return sum(limit for limit in self.limits.values() if limit is not None)

    @property
    def exceeded(self) -> bool:
        """Whether they are more than a tenth of the class."""
        return self.base is not None and PARTS * self.together > self.base

    def __str__(self) -> str:
        come_to = f"the limits of {', '.join(self.limits)} come to {self.together:,}"
        tenth = f"10 % of class {self.share_class} at the approval of {self.approved_on:%-d %B %Y} is"
        return f"{come_to}; {tenth} {(self.base or 0) // PARTS:,}"


def over_class(facts: Terms, share_class: str) -> list[Scheme]:
    """The schemes over a class that may issue or transfer shares: those met from existing shares are none."""
    return [each for each in facts.schemes.values() if each.share_class == share_class and not each.existing_shares]


def approval(entries: Sequence[Entry], scheme: Scheme) -> Approval:
    """What stood when a scheme was approved, from all entries in effect, in shares of that day."""
    approved_on = scheme.general_meeting_on or scheme.adopted_on
    adopted = position_at(entries, Viewpoint(scheme.adopted_on))
    limits = {each.code: each.limit for each in over_class(adopted.facts, scheme.share_class)}
    begins = begins_on(entries)
    known = (begins is None or begins <= approved_on) and adopted.facts.classes[scheme.share_class].listed
    base = issued(position_at(entries, Viewpoint(approved_on)), approved_on, [scheme.share_class]) if known else None
    return Approval(scheme.code, scheme.share_class, approved_on, limits, base)


def exceeded(view: View) -> Iterator[tuple[Approval, int]]:
    """The approvals at which the limits of all schemes came to more than a tenth of their class, with the entry of the scheme."""
    schemes = view.mandates.position.facts.schemes
    adopted = ((entry.number, entry.event) for entry in view.entries)
    # Of several schemes of one day the last says it for all.
    last: dict[tuple[date, str], tuple[int, Scheme]] = {}
    for number, event in adopted:
        scheme = schemes[event.scheme] if isinstance(event, events.SchemeAdopted) else None
        if scheme is not None and scheme.limit is not None and not scheme.existing_shares:
            last[scheme.adopted_on, scheme.share_class] = number, scheme
    for number, scheme in last.values():
        found = approval(view.entries, scheme)
        if found.exceeded:
            yield found, number


def providers_left(position: Position, scheme: Scheme) -> int | None:
    """What may still be granted to service providers under a scheme; None where it is not known."""
    if scheme.service_provider_limit is None or not scheme.providers_counted:
        return None
    return position.total(PROVIDERS, scheme.code, AVAILABLE)


def service_providers(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    """HK405: a grant to a service provider is within the limit for them; a notice where that is not known."""
    event: Any = posted.entry.event
    if not event.service_provider:
        return
    scheme, granted = position.facts.schemes[event.scheme], f"granted to a service provider on {event.effective_on:%-d %B %Y}"
    left = providers_left(position, scheme)
    if left is None:
        no_limit = scheme.service_provider_limit is None
        what = "no limit for service providers is" if no_limit else "what service providers were granted before the book is not"
        message = f"scheme {scheme.code}: {what} recorded, and shares were {granted}"
        yield attrs.evolve(rule.finding(message, posted.entry.number), severity=NOTICE)
    elif left < 0:
        message = (
            f"scheme {scheme.code}: {-left:,} share{'' if left == -1 else 's'} beyond the limit for service providers, {granted}"
        )
        yield rule.finding(message, posted.entry.number)
