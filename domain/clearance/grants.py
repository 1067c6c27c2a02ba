"""Checks of a grant under a share scheme: is it in force, do its limits cover the grant, when may it vest."""

from __future__ import annotations

from datetime import date

from domain.capital.accounts import AVAILABLE, SCHEME
from domain.capital.securities import Scheme
from domain.clearance.proposal import EMPLOYEE, SERVICE_PROVIDER, Circumstances
from domain.law.outcome import NO, NOT_CHECKED, OK, Outcome, within
from domain.schemes.limits import last_approval, outlived, over_class, providers_left
from domain.values import day_text, months_after


def _expired(scheme: Scheme, on: date) -> str | None:
    """In words that a scheme has expired by a day; None if it has not."""
    over = scheme.expires_on
    return f"{scheme.code} expired on {day_text(over)}" if over is not None and scheme.is_over(on) else None


def scheme_in_force(circumstances: Circumstances) -> Outcome:
    """The scheme has not expired; where no expiry is recorded, it is younger than a scheme may become."""
    scheme, on = circumstances.position.terms.schemes[str(circumstances.proposal.scheme)], circumstances.proposal.on
    if (expired := _expired(scheme, on)) is not None:
        return NO, f"{expired}: nothing may be granted under it"
    adopted = f"{scheme.code} was adopted on {day_text(scheme.adopted_on)}"
    if (ended := outlived(scheme, on)) is not None:
        return NOT_CHECKED, f"{adopted}, and its ten years were over on {day_text(ended)}; its expiry is not recorded"
    return (
        OK,
        f"{scheme.code} expires on {day_text(scheme.expires_on)}" if scheme.expires_on else f"{adopted}, not ten years before",
    )


def scheme_limit(circumstances: Circumstances) -> Outcome:
    """What may still be granted under the scheme covers the grant."""
    code, shares = str(circumstances.proposal.scheme), circumstances.proposal.shares
    scheme = circumstances.position.terms.schemes[code]
    if (expired := _expired(scheme, circumstances.proposal.on)) is not None:
        return NO, f"{expired}: 0 left"
    if scheme.existing_shares:
        return NOT_CHECKED, f"{code} uses existing shares; the limit counts new and treasury shares"
    if scheme.limit is None:
        return NOT_CHECKED, f"no limit of {code} is recorded"
    return within(code, scheme.limit, circumstances.position.total(SCHEME, code, AVAILABLE), shares)


def all_schemes(circumstances: Circumstances) -> Outcome:
    """The limits of all schemes over the class were within a tenth of it when the last of them was approved."""
    code = str(circumstances.proposal.scheme)
    scheme = circumstances.position.terms.schemes[code]
    if scheme.existing_shares:
        return NOT_CHECKED, f"{code} uses existing shares; the limit counts new and treasury shares"
    if (expired := _expired(scheme, circumstances.proposal.on)) is not None:
        return NOT_CHECKED, f"{expired}: its limit does not count towards that of all schemes"
    found = last_approval(
        circumstances.ledger,
        circumstances.proposal.on,
        over_class(circumstances.position.terms, scheme.share_class, circumstances.proposal.on),
    )
    if found.base is None:
        begins = circumstances.starts is not None and circumstances.starts > found.approved_on
        early = (
            f"{found.scheme} was approved on {day_text(found.approved_on)}, before the {'book begins' if begins else 'listing'}"
        )
        return NOT_CHECKED, f"{early}: the shares in issue are not known"
    if found.not_recorded:
        return NOT_CHECKED, f"no limit of {', '.join(found.not_recorded)} is recorded"
    return (NO if found.exceeded else OK), str(found)


def service_providers(circumstances: Circumstances) -> Outcome:
    """Grants to service providers stay within a limit of their own, which the members approve separately."""
    participant = circumstances.proposal.participant
    if participant is None:
        return NOT_CHECKED, "the grantee's role is not given"
    if participant != SERVICE_PROVIDER:
        return OK, f"the grantee is no service provider ({participant})"
    scheme, shares = circumstances.position.terms.schemes[str(circumstances.proposal.scheme)], circumstances.proposal.shares
    left = providers_left(circumstances.position, scheme)
    if scheme.service_provider_limit is None:
        return NOT_CHECKED, f"no limit of {scheme.code} for service providers is recorded"
    if left is None:
        return NOT_CHECKED, f"what was used before the book of the limit of {scheme.code} for service providers is not recorded"
    return within(scheme.code, scheme.service_provider_limit, left, shares, " for service providers")


def individual_limit(circumstances: Circumstances) -> Outcome:
    """What one grantee is granted in twelve months stays within 1 % of the class in issue."""
    proposal = circumstances.proposal
    code = circumstances.position.terms.schemes[str(proposal.scheme)].share_class
    most = circumstances.position.issued(proposal.on, [code]) // 100
    if proposal.granted_before is None and proposal.shares <= most:
        return (
            NOT_CHECKED,
            f"what the grantee was granted in the twelve months before is not given; 1 % of class {code} is {most:,}",
        )
    granted = proposal.shares + (proposal.granted_before or 0)
    words = f"{granted:,} in twelve months; 1 % of class {code} is {most:,}"
    return (OK, words) if granted <= most else (NO, f"{words}: more needs the members' separate approval")


def vesting(circumstances: Circumstances) -> Outcome:
    """Nothing vests before twelve months have passed; for employee participants the scheme may allow less."""
    proposal = circumstances.proposal
    if proposal.vests_on is None:
        return NOT_CHECKED, "the first day of vesting is not given"
    earliest = months_after(proposal.on, 12)
    if proposal.vests_on >= earliest:
        return OK, f"vests from {day_text(proposal.vests_on)}, not before {day_text(earliest)}"
    words = f"vests from {day_text(proposal.vests_on)}, before {day_text(earliest)}"
    if proposal.participant is None:
        return NOT_CHECKED, f"{words}: only for an employee participant; the grantee's role is not given"
    if proposal.participant != EMPLOYEE:
        return NO, f"{words}: only for an employee participant"
    return NOT_CHECKED, f"{words}: only in circumstances that the scheme sets out"
