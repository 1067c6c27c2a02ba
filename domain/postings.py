"""The accounting policy on one screen: which movements each event stands for.

A row is a function of the event and of the standing facts at its place in the effective order. Events without a
row move nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain import events
from domain.accounts import (
    AUTHORITY,
    AVAILABLE,
    CANCELLED,
    EXERCISED,
    HEADROOM,
    HELD,
    MANDATE,
    OUTSTANDING,
    PENDING_CANCELLATION,
    SCHEME,
    SHARES,
    TREASURY,
    UNISSUED,
    USED,
    Movement,
)
from domain.events import Event
from domain.facts import Facts

Movements = tuple[Movement, ...]
Posting = Callable[[Any, Facts], Movements]


def _shares(source: str, target: str) -> Posting:
    return lambda event, _: (Movement(SHARES, event.share_class, source, target, event.shares),)


def _scheme(source: str, target: str) -> Posting:
    return lambda event, _: (Movement(SCHEME, event.scheme, source, target, event.options),)


def _uses_mandate(event: Any) -> Movements:
    return () if event.mandate is None else (Movement(MANDATE, event.mandate, HEADROOM, USED, event.shares),)


def _issue(event: events.IssueOfShares, _: Facts) -> Movements:
    source = TREASURY if event.treasury_shares else UNISSUED
    return Movement(SHARES, event.share_class, source, HELD, event.shares), *_uses_mandate(event)


def _brought_forward(event: events.BalanceBroughtForward, _: Facts) -> Movements:
    opening = {HELD: event.held, TREASURY: event.treasury, PENDING_CANCELLATION: event.pending_cancellation}
    return tuple(Movement(SHARES, event.share_class, UNISSUED, account, number) for account, number in opening.items() if number)


def _repurchased(event: events.SharesRepurchased, _: Facts) -> Movements:
    target = TREASURY if event.intention == "treasury" else PENDING_CANCELLATION
    return Movement(SHARES, event.share_class, HELD, target, event.shares), *_uses_mandate(event)


def _redeemed(event: events.SharesRedeemed, _: Facts) -> Movements:
    target = UNISSUED if event.cancelled else PENDING_CANCELLATION
    return (Movement(SHARES, event.share_class, HELD, target, event.shares),)


def _treasury_sold(event: events.TreasurySharesSold, _: Facts) -> Movements:
    return Movement(SHARES, event.share_class, TREASURY, HELD, event.shares), *_uses_mandate(event)


def _converted(event: events.ClassAConvertedToB, _: Facts) -> Movements:
    return (
        Movement(SHARES, event.from_class, HELD, UNISSUED, event.shares),
        Movement(SHARES, event.to_class, UNISSUED, HELD, event.shares),
    )


def _scheme_adopted(event: events.SchemeAdopted, _: Facts) -> Movements:
    return () if event.limit is None else (Movement(SCHEME, event.scheme, AUTHORITY, AVAILABLE, event.limit),)


def _exercised(event: events.OptionsExercised, facts: Facts) -> Movements:
    scheme = facts.schemes[event.scheme]
    issue = Movement(SHARES, scheme.share_class, TREASURY if event.treasury_shares else UNISSUED, HELD, event.options)
    return Movement(SCHEME, event.scheme, OUTSTANDING, EXERCISED, event.options), *(() if scheme.existing_shares else (issue,))


def _scheme_shares_moved(event: events.SchemeSharesMoved, _: Facts) -> Movements:
    return (Movement(SCHEME, event.scheme, AUTHORITY, OUTSTANDING, event.shares),)


def _mandate_granted(event: events.MandateGranted, facts: Facts) -> Movements:
    return (Movement(MANDATE, event.mandate, AUTHORITY, HEADROOM, facts.mandates[event.mandate].limit),)


POSTINGS: dict[type[Event], Posting] = {
    events.BalanceBroughtForward: _brought_forward,
    events.AuthorisedCapitalIncreased: _shares(AUTHORITY, UNISSUED),
    events.AuthorisedCapitalReduced: _shares(UNISSUED, AUTHORITY),
    events.PlacingCompleted: _issue,
    events.GlobalOfferingCompleted: _issue,
    events.OverAllotmentOptionExercised: _issue,
    events.ConsiderationSharesIssued: _issue,
    events.RightsIssueCompleted: _issue,
    events.OpenOfferCompleted: _issue,
    events.BonusIssueCompleted: _issue,
    events.ScripDividendIssued: _issue,
    events.OtherSharesIssued: _issue,
    events.SharesRepurchased: _repurchased,
    # A cancelled share goes back to the authorised but unissued ones: cancellation does not reduce the authority.
    events.RepurchasedSharesCancelled: _shares(PENDING_CANCELLATION, UNISSUED),
    events.SharesRedeemed: _redeemed,
    events.TreasurySharesSold: _treasury_sold,
    events.TreasurySharesCancelled: _shares(TREASURY, UNISSUED),
    events.ClassAConvertedToB: _converted,
    events.SchemeAdopted: _scheme_adopted,
    events.OptionsGranted: _scheme(AVAILABLE, OUTSTANDING),
    events.OptionsExercised: _exercised,
    # A lapsed option may be granted again, a cancelled one may not (rule 17.03B).
    events.OptionsLapsed: _scheme(OUTSTANDING, AVAILABLE),
    events.OptionsCancelled: _scheme(OUTSTANDING, CANCELLED),
    events.SchemeSharesMoved: _scheme_shares_moved,
    events.MandateGranted: _mandate_granted,
}
