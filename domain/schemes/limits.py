"""Limits of share schemes: all schemes together when one is approved or refreshed, those for service providers, and expiry.

`domain.clearance.grants` asks before a grant; the rules HK404, HK405 and HK408 hold what is recorded against the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import attrs

from domain import events
from domain.capital.accounts import AVAILABLE, PROVIDERS, SCHEME
from domain.capital.balances import Posted
from domain.capital.entries import Entry
from domain.capital.ledger import Ledger
from domain.capital.position import Position
from domain.capital.securities import Scheme
from domain.capital.terms import Terms
from domain.law.rule import NOTICE, Finding, Rule, View
from domain.values import months_after

PARTS = 10
"""All limits together are at most a tenth of the class (rule 17.03B(1))."""

LONGEST_LIFE = 120
"""Months for which a scheme may last at most (rule 17.03(11))."""

Approving = events.SchemeAdopted | events.SchemeLimitRefreshed
"""Events by which the members approve a limit."""


@attrs.frozen
class Approval:
    """The limits of all schemes over a class on the day on which one was approved, None if one is not recorded.

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


def over_class(terms: Terms, share_class: str, day: date) -> list[Scheme]:
    """The schemes over a class under which shares may be granted on a day, to be issued or transferred out of treasury.

    Those met from existing shares are none, nor are those that have expired.
    """
    schemes = terms.schemes.values()
    return [each for each in schemes if each.share_class == share_class and not each.existing_shares and not each.is_over(day)]


def approval(entries: Iterable[Entry], event: Approving) -> Approval:
    """What stood when a scheme or its refreshed limit was approved, in shares of that day."""
    ledger = Ledger.of(entries)
    approved_on = event.general_meeting_on or event.effective_on
    terms = ledger.at(event.effective_on).terms
    share_class = terms.schemes[event.scheme].share_class
    limits = {each.code: each.limit for each in over_class(terms, share_class, event.effective_on)}
    begins = ledger.begins_on
    known = (begins is None or begins <= approved_on) and terms.classes[share_class].listed
    base = ledger.at(approved_on).issued(approved_on, [share_class]) if known else None
    return Approval(event.scheme, share_class, approved_on, limits, base)


def last_approval(entries: Iterable[Entry], on: date, schemes: Sequence[Scheme]) -> Approval:
    """The last approval by a day of a limit of some schemes, of which there is one at least."""
    ledger = Ledger.of(entries)
    codes = {scheme.code for scheme in schemes}
    return approval(ledger, [event for _, event in _approving(ledger.until(on)) if event.scheme in codes][-1])


def _approving(entries: Iterable[Entry]) -> Iterator[tuple[int, Approving]]:
    for entry in entries:
        if isinstance(entry.event, Approving):
            yield entry.number, entry.event


def exceeded(view: View) -> Iterator[tuple[Approval, int]]:
    """The approvals at which the limits of all schemes came to more than a tenth of their class, with the entry of each."""
    schemes = view.mandates.position.terms.schemes
    # Of several approvals of one day the last says it for all.
    last: dict[tuple[date, str], tuple[int, Approving]] = {}
    for number, event in _approving(view.entries):
        scheme = schemes[event.scheme]
        if event.limit is not None and not scheme.existing_shares and event.effective_on > view.ledger.opened_on:
            last[event.effective_on, scheme.share_class] = number, event
    for number, event in last.values():
        found = approval(view.ledger, event)
        if found.exceeded:
            yield found, number


def providers_left(position: Position, scheme: Scheme) -> int | None:
    """What may still be granted to service providers under a scheme; None if it is not known."""
    if scheme.service_provider_limit is None or not scheme.providers_counted:
        return None
    return position.total(PROVIDERS, scheme.code, AVAILABLE)


def service_providers(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    """HK405: a grant to a service provider is within the limit for them; a notice where that is not known."""
    event = posted.entry.of(events.SchemeMovement)
    if not event.service_provider:
        return
    scheme, granted = position.terms.schemes[event.scheme], f"granted to a service provider on {event.effective_on:%-d %B %Y}"
    if scheme.is_over(event.effective_on):
        return
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


# --- expiry -------------------------------------------------------------------------------------------------------


def granted_when_over(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    """HK408: nothing is granted under a scheme from the day of its expiry on."""
    event = posted.entry.of(events.SchemeMovement)
    scheme = position.terms.schemes[event.scheme]
    if scheme.is_over(event.effective_on):
        number, what = (event.awards, "award") if isinstance(event, events.AwardsMovement) else (event.options, "option")
        granted = f"{number:,} {what}{' was' if number == 1 else 's were'} granted on {event.effective_on:%-d %B %Y}"
        message = f"{granted} under scheme {scheme.code}, which expired on {scheme.expires_on:%-d %B %Y}"
        yield rule.finding(message, posted.entry.number)


def outlived(scheme: Scheme, day: date) -> date | None:
    """The day on which the longest life of a scheme was over by a day, where no expiry is recorded; None if it was not."""
    ends = months_after(scheme.adopted_on, LONGEST_LIFE)
    return ends if scheme.expires_on is None and ends <= day else None


def expiry_not_recorded(rule: Rule, view: View) -> Iterator[Finding]:
    """HK408, a notice: schemes older than a scheme may be, with something left to grant and no expiry recorded."""
    position = view.mandates.position
    numbers = {event.scheme: number for number, event in _approving(view.entries) if isinstance(event, events.SchemeAdopted)}
    for scheme in position.terms.schemes.values():
        left = position.total(SCHEME, scheme.code, AVAILABLE)
        if left > 0 and not scheme.existing_shares and (ended := outlived(scheme, view.as_of)) is not None:
            message = (
                f"scheme {scheme.code} of {scheme.adopted_on:%-d %B %Y} still has {left:,} shares to grant; no expiry is "
                f"recorded, and its ten years were over on {ended:%-d %B %Y}"
            )
            yield attrs.evolve(rule.finding(message, numbers[scheme.code]), severity=NOTICE)


# --- refreshed limits ---------------------------------------------------------------------------------------------


def lapsed_since(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    """HK409: whether what lapses counted against the refreshed limit, or against the one before."""
    event = posted.entry.event
    assert isinstance(event, events.OptionsLapsed | events.AwardsLapsed)  # noqa: S101
    refreshed_on = position.terms.schemes[event.scheme].refreshed_on
    if refreshed_on is not None and event.before_refreshment is None:
        number = event.awards if isinstance(event, events.AwardsLapsed) else event.options
        lapsed = f"{number:,} lapsed on {event.effective_on:%-d %B %Y} under scheme {event.scheme} and count as free again"
        message = f"{lapsed}; whether they were granted before the refreshment of {refreshed_on:%-d %B %Y} is not recorded"
        yield rule.finding(message, posted.entry.number)
