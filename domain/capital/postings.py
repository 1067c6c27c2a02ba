"""The accounting policy on one screen: which movements each event makes.

A row is a function of the event and of the position at its place in the effective order. Events without a row move
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from domain import events
from domain.capital.accounts import (
    AGREEMENT,
    AUTHORITY,
    AVAILABLE,
    CANCELLED,
    EXERCISED,
    EXTENSION,
    HEADROOM,
    HELD,
    INSTRUMENT,
    ISSUABLE,
    LAPSED,
    MANDATE,
    OUTSTANDING,
    PENDING_CANCELLATION,
    PROVIDERS,
    RESERVED,
    SCHEME,
    SHARES,
    TREASURY,
    UNISSUED,
    USED,
    Movement,
)
from domain.capital.position import Position
from domain.capital.reorganisations import reorganised
from domain.capital.terms import DoesNotFit, unknown
from domain.events import Event

Movements = tuple[Movement, ...]
# What a row takes is the class that stands before it in POSTINGS; the table holds rows of every class.
Posting = Callable[[Any, Position], Movements]
Granted = events.OptionsMovement | events.AwardsMovement
Converted = events.ClassAConvertedToB | events.FullCirculationCompleted
Moved = events.WarrantsExercised | events.WarrantsLapsed | events.ConvertiblesConverted | events.ConvertiblesRedeemed
OnInstrument = events.WarrantsIssued | events.ConvertiblesIssued | Moved


def _shares(source: str, target: str) -> Posting:
    def row(event: events.ClassMovement, _: Position) -> Movements:
        return (Movement(SHARES, event.share_class, source, target, event.shares),)

    return row


def _scheme(source: str, target: str) -> Posting:
    def row(event: Granted, position: Position) -> Movements:
        _check_scheme(event, position)
        moved = Movement(SCHEME, event.scheme, source, target, _granted(event))
        return moved, *_of_service_providers(event, position, source, target)

    return row


def _lapsed(event: events.OptionsLapsed | events.AwardsLapsed, position: Position) -> Movements:
    """What lapses may be granted again, unless the limit was refreshed after it had been granted (rules 17.03B, 17.03C)."""
    gone = event.before_refreshment and position.terms.schemes[event.scheme].refreshed_on is not None
    return _scheme(OUTSTANDING, LAPSED if gone else AVAILABLE)(event, position)


def _of_service_providers(event: Granted, position: Position, source: str, target: str) -> Movements:
    """What a grant to a service provider takes of the limit for them, and a lapse gives back."""
    limited = position.terms.schemes[event.scheme].service_provider_limit is not None
    if AVAILABLE not in (source, target) or not limited or not event.service_provider:
        return ()
    source, target = (AVAILABLE, USED) if source == AVAILABLE else (USED, AVAILABLE)
    return (Movement(PROVIDERS, event.scheme, source, target, _granted(event)),)


def _check_scheme(event: Granted, position: Position) -> None:
    """Options stand in Part III(A), awards in III(D): a scheme holds the one or the other."""
    awards = position.terms.schemes[event.scheme].awards
    if awards != isinstance(event, events.AwardsMovement):
        raise DoesNotFit("scheme", f"scheme {event.scheme} grants {'awards, not options' if awards else 'options, not awards'}")


def _granted(event: Granted) -> int:
    return event.awards if isinstance(event, events.AwardsMovement) else event.options


def _allotted(event: Event, share_class: str, shares: int) -> Movement:
    return Movement(SHARES, share_class, TREASURY if event.treasury_shares else UNISSUED, HELD, shares)


def _uses_mandate(event: Event) -> Movements:
    if event.mandate is None or event.shares is None:
        return ()
    return (Movement(MANDATE, event.mandate, HEADROOM, USED, event.shares),)


def _issue(event: events.IssueOfShares, position: Position) -> Movements:
    allotted = _allotted(event, event.share_class, event.shares)
    if event.agreement is None:
        return allotted, *_uses_mandate(event)
    # An agreement has reserved its mandate's headroom already; completion uses what was reserved.
    agreed = position.terms.agreements[event.agreement]
    if agreed.share_class != event.share_class:
        raise DoesNotFit("share_class", f"agreement {event.agreement} is to issue shares of class {agreed.share_class}")
    completed = Movement(AGREEMENT, event.agreement, OUTSTANDING, EXERCISED, event.shares)
    used = () if agreed.mandate is None else (Movement(MANDATE, agreed.mandate, RESERVED, USED, event.shares),)
    return allotted, completed, *used


def _authorised(source: str, target: str) -> Posting:
    def row(event: events.AuthorisedCapitalMovement, position: Position) -> Movements:
        share = position.terms.classes[event.share_class]
        if not share.authorised or share.registered:
            why = "has no authorised capital" if not share.authorised else "has registered capital, equal to the shares in issue"
            raise DoesNotFit("share_class", f"class {event.share_class} {why}")
        return (Movement(SHARES, event.share_class, source, target, event.shares),)

    return row


def _brought_forward(event: events.BalanceBroughtForward, position: Position) -> Movements:
    for tranche in event.tranches:
        if tranche.mandate is not None and tranche.mandate not in position.terms.mandates:
            raise DoesNotFit("tranches", str(unknown(position.terms, "mandate", tranche.mandate, event.effective_on)))
    opening = {HELD: event.in_members_hands, TREASURY: event.treasury, PENDING_CANCELLATION: event.pending_cancellation}
    return tuple(Movement(SHARES, event.share_class, UNISSUED, account, number) for account, number in opening.items() if number)


def _repurchased(event: events.SharesRepurchased, position: Position) -> Movements:
    target = TREASURY if event.intention == "treasury" else PENDING_CANCELLATION
    return Movement(SHARES, event.share_class, HELD, target, event.shares), *_uses_mandate(event), *_extensions(event, position)


def _extensions(event: events.SharesRepurchased, position: Position) -> Iterator[Movement]:
    """What a repurchase adds to the issue mandates that its own mandate extends, until a tenth of their base is reached."""
    for code, mandate in position.terms.mandates.items() if event.mandate is not None else ():
        if mandate.extended_by == event.mandate:
            # The balance of the extension is minus what was added before.
            room = mandate.most_extended + position.total(MANDATE, code, EXTENSION)
            if (added := min(event.shares, room)) > 0:
                yield Movement(MANDATE, code, EXTENSION, HEADROOM, added)


def _redeemed(event: events.SharesRedeemed, _: Position) -> Movements:
    target = UNISSUED if event.cancelled else PENDING_CANCELLATION
    return (Movement(SHARES, event.share_class, HELD, target, event.shares),)


def _treasury_sold(event: events.TreasurySharesSold, _: Position) -> Movements:
    return Movement(SHARES, event.share_class, TREASURY, HELD, event.shares), *_uses_mandate(event)


def _converted(event: Converted, _: Position) -> Movements:
    into = event.into if isinstance(event, events.ClassAConvertedToB) else None
    return (
        Movement(SHARES, event.from_class, HELD, UNISSUED, event.shares),
        Movement(SHARES, event.to_class, UNISSUED, HELD, event.shares if into is None else into),
    )


# --- schemes ----------------------------------------------------------------------------------------------------


def _scheme_adopted(event: events.SchemeAdopted, _: Position) -> Movements:
    limits = ((SCHEME, event.limit), (PROVIDERS, event.service_provider_limit))
    return tuple(Movement(book, event.scheme, AUTHORITY, AVAILABLE, limit) for book, limit in limits if limit is not None)


def _scheme_brought_forward(event: events.SchemeBalanceBroughtForward, position: Position) -> Movements:
    # Where no limit is known, what is outstanding comes straight from the members' authority.
    source = AUTHORITY if position.terms.schemes[event.scheme].limit is None else AVAILABLE
    opening = {OUTSTANDING: event.outstanding, EXERCISED: event.granted_before}
    used = event.service_providers_before
    if used is not None and position.terms.schemes[event.scheme].service_provider_limit is None:
        raise DoesNotFit("service_providers_before", f"scheme {event.scheme} has no limit for service providers")
    providers = (Movement(PROVIDERS, event.scheme, AVAILABLE, USED, used),) if used else ()
    return *(Movement(SCHEME, event.scheme, source, account, number) for account, number in opening.items() if number), *providers


def _exercised(event: events.OptionsExercised | events.AwardsVested, position: Position) -> Movements:
    _check_scheme(event, position)
    scheme = position.terms.schemes[event.scheme]
    met = Movement(SCHEME, event.scheme, OUTSTANDING, EXERCISED, _granted(event))
    return (met,) if scheme.existing_shares else (met, _allotted(event, scheme.share_class, _granted(event)))


def _set_to(book: str, code: str, account: str, number: int, position: Position) -> Movements:
    """From the members' authority into an account, or back, so that it holds a number."""
    more = number - position.total(book, code, account)
    source, target = (AUTHORITY, account) if more > 0 else (account, AUTHORITY)
    return (Movement(book, code, source, target, abs(more)),) if more else ()


def _limit_refreshed(event: events.SchemeLimitRefreshed, position: Position) -> Movements:
    refreshed = _set_to(SCHEME, event.scheme, AVAILABLE, event.limit, position)
    if event.service_provider_limit is None:
        return refreshed
    return *refreshed, *_set_to(PROVIDERS, event.scheme, AVAILABLE, event.service_provider_limit, position)


def _options_adjusted(event: events.OptionTermsAdjusted, position: Position) -> Movements:
    return _set_to(SCHEME, event.scheme, OUTSTANDING, event.outstanding, position)


def _scheme_shares_moved(event: events.SchemeSharesMoved, _: Position) -> Movements:
    source, target = (AUTHORITY, OUTSTANDING) if event.shares > 0 else (OUTSTANDING, AUTHORITY)
    return (Movement(SCHEME, event.scheme, source, target, abs(event.shares)),)


# --- mandates, instruments and agreements -----------------------------------------------------------------------


def _mandate_granted(event: events.MandateGranted, position: Position) -> Movements:
    granted = Movement(MANDATE, event.mandate, AUTHORITY, HEADROOM, position.terms.mandates[event.mandate].limit)
    before = ((HEADROOM, USED, event.used_before), (EXTENSION, HEADROOM, event.extended_before))
    return granted, *(Movement(MANDATE, event.mandate, source, target, number) for source, target, number in before if number)


def _amount(event: OnInstrument, position: Position) -> int:
    """What moves of the instrument itself: warrants, or hundredths of its currency. Raises Unfit for another currency."""
    currency = position.terms.instruments[event.instrument].currency
    if isinstance(event, events.WarrantsIssued | events.WarrantsExercised | events.WarrantsLapsed):
        if currency is not None:
            raise DoesNotFit(
                "instrument", f"instrument {event.instrument} is a convertible in {currency}, not a number of warrants"
            )
        return event.warrants
    if event.amount.currency != currency:
        wanted = f"an amount in {currency}" if currency else "a number of warrants"
        raise DoesNotFit("amount", f"expected {wanted}, got {event.amount}")
    return event.amount.hundredths()


def _instrument_issued(event: events.WarrantsIssued | events.ConvertiblesIssued, position: Position) -> Movements:
    issued = Movement(INSTRUMENT, event.instrument, AUTHORITY, OUTSTANDING, _amount(event, position))
    issuable = Movement(ISSUABLE, event.instrument, AUTHORITY, OUTSTANDING, event.shares)
    return (issued, issuable, *_uses_mandate(event)) if event.shares else (issued,)


def _instrument(target: str) -> Posting:
    def row(event: Moved, position: Position) -> Movements:
        share_class = position.terms.instruments[event.instrument].share_class
        amount = _amount(event, position)
        moves = [
            Movement(INSTRUMENT, event.instrument, OUTSTANDING, target, amount),
            *_issuable(event, target, position, amount),
            *([_allotted(event, share_class, event.shares)] if target == EXERCISED else []),
        ]
        return tuple(move for move in moves if move.quantity)

    return row


def _issuable(event: events.InstrumentMovement, target: str, position: Position, amount: int) -> Iterator[Movement]:
    """What may be issued on an instrument falls by what was issued, and by what can no longer be.

    Once nothing of the instrument is outstanding, nothing may be issued on it; what floats may be issued at the floor price.
    """
    instrument = position.terms.instruments[event.instrument]
    if not instrument.bounded:
        return
    yield Movement(ISSUABLE, event.instrument, OUTSTANDING, target, event.shares)
    gone = event.no_longer_issuable if isinstance(event, events.InstrumentMet) else 0
    left = position.total(INSTRUMENT, event.instrument, OUTSTANDING) - amount
    issuable = position.total(ISSUABLE, event.instrument, OUTSTANDING) - event.shares - gone
    most = instrument.most_shares(left) if left else 0
    gone += max(issuable - most, 0) if most is not None else 0
    yield Movement(ISSUABLE, event.instrument, OUTSTANDING, LAPSED, gone)


def _terms_adjusted(event: events.InstrumentTermsAdjusted, position: Position) -> Movements:
    if event.instrument is not None:
        field, book, code = "instrument", INSTRUMENT, event.instrument
    else:
        field, book, code = "agreement", AGREEMENT, str(event.agreement)
    if not position.total(book, code, OUTSTANDING):
        raise DoesNotFit(field, f"nothing of {code} is outstanding: it has no terms to adjust")
    if event.shares is None:
        return ()
    if event.instrument is not None:
        return _set_to(ISSUABLE, event.instrument, OUTSTANDING, event.shares, position)
    moves = _set_to(AGREEMENT, code, OUTSTANDING, event.shares, position)
    mandate = position.terms.agreements[code].mandate
    if mandate is None or not moves:
        return moves
    source, target = (HEADROOM, RESERVED) if moves[0].target == OUTSTANDING else (RESERVED, HEADROOM)
    return *moves, Movement(MANDATE, mandate, source, target, moves[0].quantity)


def _issue_agreed(event: events.IssueAgreed, _: Position) -> Movements:
    reserved = () if event.mandate is None else (Movement(MANDATE, event.mandate, HEADROOM, RESERVED, event.shares),)
    return Movement(AGREEMENT, event.agreement, AUTHORITY, OUTSTANDING, event.shares), *reserved


def _agreement_ended(event: events.IssueAgreementEnded, position: Position) -> Movements:
    mandate = position.terms.agreements[event.agreement].mandate
    freed = () if mandate is None else (Movement(MANDATE, mandate, RESERVED, HEADROOM, event.shares),)
    return Movement(AGREEMENT, event.agreement, OUTSTANDING, LAPSED, event.shares), *freed


POSTINGS: dict[type[Event], Posting] = {
    events.BalanceBroughtForward: _brought_forward,
    events.AuthorisedCapitalIncreased: _authorised(AUTHORITY, UNISSUED),
    events.AuthorisedCapitalReduced: _authorised(UNISSUED, AUTHORITY),
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
    events.RedeemedSharesCancelled: _shares(PENDING_CANCELLATION, UNISSUED),
    events.SharesRedeemed: _redeemed,
    events.TreasurySharesSold: _treasury_sold,
    events.TreasurySharesCancelled: _shares(TREASURY, UNISSUED),
    events.ClassAConvertedToB: _converted,
    events.FullCirculationCompleted: _converted,
    events.SharesSubdivided: reorganised,
    events.SharesConsolidated: reorganised,
    events.SchemeAdopted: _scheme_adopted,
    events.SchemeBalanceBroughtForward: _scheme_brought_forward,
    events.OptionsGranted: _scheme(AVAILABLE, OUTSTANDING),
    events.OptionsExercised: _exercised,
    events.OptionsLapsed: _lapsed,
    # What is cancelled may not be granted again (rule 17.03B).
    events.OptionsCancelled: _scheme(OUTSTANDING, CANCELLED),
    events.AwardsGranted: _scheme(AVAILABLE, OUTSTANDING),
    events.AwardsVested: _exercised,
    events.AwardsLapsed: _lapsed,
    events.AwardsCancelled: _scheme(OUTSTANDING, CANCELLED),
    events.SchemeSharesMoved: _scheme_shares_moved,
    events.SchemeLimitRefreshed: _limit_refreshed,
    events.OptionTermsAdjusted: _options_adjusted,
    events.WarrantsIssued: _instrument_issued,
    events.WarrantsExercised: _instrument(EXERCISED),
    events.WarrantsLapsed: _instrument(LAPSED),
    events.ConvertiblesIssued: _instrument_issued,
    events.ConvertiblesConverted: _instrument(EXERCISED),
    events.ConvertiblesRedeemed: _instrument(CANCELLED),
    events.InstrumentTermsAdjusted: _terms_adjusted,
    events.IssueAgreed: _issue_agreed,
    events.IssueAgreementEnded: _agreement_ended,
    events.MandateGranted: _mandate_granted,
}
