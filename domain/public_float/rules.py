"""The rules about the public float: before a purchase, at each confirmation, and for each month's end without one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from domain import events
from domain.capital.balances import Posted
from domain.capital.opening import begins_on
from domain.capital.position import Position
from domain.law.business_days import HONG_KONG
from domain.law.outcome import NO, NOT_CHECKED
from domain.law.parameters import FLOAT_TRADING_DAYS, ONGOING_FLOAT, TREASURY_REGIME
from domain.law.rule import NOTICE, SECONDARY, UNVERIFIED, Finding, Rule, View, version_of
from domain.public_float.status import FIRST_STATEMENT, alternative_open, first_listed, requirement_met
from domain.values import day_text, month_end_of

BELOW, NOT_CONFIRMED, TOO_EARLY, NOT_RECORDED = "HK312", "HK615", "HK330", "HK331"

# The fifth business day is a week after the month's end at the earliest: a book begun by then still owes that return.
RETURN_DUE = timedelta(days=7)


def _below(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    event = posted.entry.of(events.PublicFloatConfirmed)
    answer, words = requirement_met(position, event)
    if answer == NO:
        message = f"the public float of class {event.share_class} at {day_text(event.effective_on)} is too small: {words}"
        yield rule.finding(message, posted.entry.number)


def _not_recorded(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    event = posted.entry.of(events.PublicFloatConfirmed)
    code = event.share_class
    if code not in position.terms.float_required:
        yield rule.finding(f"the public float required of class {code} is not recorded", posted.entry.number)
        return
    answer, words = requirement_met(position, event)
    if answer == NOT_CHECKED:
        message = f"whether the public float of class {code} at {day_text(event.effective_on)} is enough is not known: {words}"
        yield rule.finding(message, posted.entry.number)


# --- the book as a whole ------------------------------------------------------------------------------------------


def _as_a_whole(view: View) -> Iterator[Finding]:
    """Month ends without a confirmation, and an alternative threshold chosen too early."""
    recorded = [entry.event for entry in view.entries]
    confirmed = {(each.share_class, each.effective_on) for each in recorded if isinstance(each, events.PublicFloatConfirmed)}
    listings = [each for each in recorded if isinstance(each, _LISTINGS)]
    for month_end in _month_ends(view):
        rule = version_of(RULES, NOT_CONFIRMED, month_end)
        for code in _listed_at(listings, month_end):
            if rule and (code, month_end) not in confirmed:
                yield rule.finding(f"the public float of class {code} is not confirmed for {day_text(month_end)}")
    yield from _chosen_too_early(view)


def _month_ends(view: View) -> Iterator[date]:
    """The month ends that the book covers: those with facts on or after them, and while it is being kept those gone by.

    As for deadlines there are none if no instant is given: a return says itself what its month lacks.
    """
    if view.now is None or not view.entries:
        return
    last, month_end = max(view.as_of, view.now.astimezone(HONG_KONG).date()), FIRST_STATEMENT
    begun = min(each.recorded_at for each in view.entries).astimezone(HONG_KONG).date()
    starts = begins_on(view.entries) or date.min
    while month_end <= last:
        if month_end > starts and (month_end <= view.as_of or begun <= month_end + RETURN_DUE):
            yield month_end
        month_end = month_end_of(month_end + timedelta(days=1))


_LISTINGS = (events.ShareClassCreated, events.ShareClassDetailsChanged, events.GlobalOfferingCompleted)


def _listed_at(listings: list[Any], day: date) -> list[str]:
    """The classes that are listed at close of a day; dealings begin with the global offering where there is one."""
    listed: dict[str, bool] = {}
    offered: dict[str, date] = {}
    for event in listings:
        if isinstance(event, events.GlobalOfferingCompleted):
            offered.setdefault(event.share_class, event.effective_on)
        elif event.effective_on <= day and event.listed is not None:
            listed[event.share_class] = event.listed
    return [code for code, is_listed in listed.items() if is_listed and offered.get(code, day) <= day]


def _chosen_too_early(view: View) -> Iterator[Finding]:
    for entry in view.entries:
        event = entry.event
        if not isinstance(event, events.PublicFloatRequirementSet) or event.test != "alternative":
            continue
        rule = version_of(RULES, TOO_EARLY, event.effective_on)
        listed = first_listed(view.entries)
        if rule and listed and alternative_open(listed, event.effective_on, view.calendar) is False:
            days = FLOAT_TRADING_DAYS.at(event.effective_on)
            words = f"the alternative threshold is chosen on {day_text(event.effective_on)}, within {days} trading days"
            yield rule.finding(f"{words} of the listing on {day_text(listed.on)}", entry.number)


_CONFIRM = "captable record public-float-confirmed --class CODE --on DATE, with --percent, --shares or --met."
_PRESCRIBED = (
    "Read rule 8.08(1) and the prospectus or waiver: which percentage was prescribed for the issuer, and of which shares."
)
_FLOAT: dict[str, Any] = {
    "code": BELOW,
    "title": "Public float",
    "clears": "Buy fewer shares; record what is required of the issuer (captable record public-float-requirement-set).",
}
_ONGOING: dict[str, Any] = {
    "citation": "Main Board Rules 13.32A to 13.32F, as accounts describe them",
    "confidence": SECONDARY,
    "in_force_from": ONGOING_FLOAT,
}

RULES: tuple[Rule, ...] = (
    Rule(
        **_FLOAT,
        citation="Main Board Rule 8.08(1)",
        confidence=UNVERIFIED,
        to_confirm=_PRESCRIBED,
        meaning="The public holds at least 25 % of the issued shares of all classes, or the percentage prescribed for it.",
        example="Of 1,000 shares 260 are in public hands; 13 may be bought back from it, 14 may not.",
        in_force_until=TREASURY_REGIME,
    ),
    Rule(
        **_FLOAT,
        citation="Main Board Rule 8.08(1)",
        confidence=UNVERIFIED,
        to_confirm=_PRESCRIBED,
        meaning="The public holds at least 25 % of the issued shares of all classes, treasury shares left out, or the percentage "
        "prescribed for the issuer.",
        example="Of 1,000 shares, none in treasury, 260 are in public hands; 13 may be bought back from it, 14 may not.",
        in_force_from=TREASURY_REGIME,
        in_force_until=ONGOING_FLOAT,
    ),
    Rule(
        **{**_FLOAT, **_ONGOING},
        meaning="The public holds at least the percentage of the listed class, treasury shares left out, that was prescribed at "
        "listing; or, where the issuer has announced that choice, 10 % of it with a market value of HKD 1,000 million. The H "
        "shares of an A+H issuer in public hands are at least 5 % of all A and H shares, or have that market value. Below that "
        "the issuer announces it and reports monthly; a significant shortfall is marked -PF, and ends the listing after 18 "
        "months (GEM: 12).",
        example="Of 1,000 shares 250 are in public hands, and 25 % is prescribed: enough. With 249 it is not, unless the "
        "alternative threshold was chosen and they are worth HKD 1,000 million.",
        of=(events.PublicFloatConfirmed,),
        each=_below,
    ),
    Rule(
        code=TOO_EARLY,
        title="Alternative threshold of the public float",
        **_ONGOING,
        meaning="The alternative threshold is not open to an issuer whose shares have traded for fewer than 125 trading days "
        "since the listing, nor to an A+H issuer.",
        example="Listed on 2 January 2026: at close of 9 July 2026 the shares have traded for 125 days.",
        clears="Record the choice of the threshold on the day on which it was announced.",
        check=_as_a_whole,
    ),
    Rule(
        code=NOT_RECORDED,
        title="Requirement of the public float",
        **_ONGOING,
        severity=NOTICE,
        meaning="Whether the public float is enough follows from the percentage prescribed at listing or the threshold that the "
        "issuer has chosen, and for a market value from a price. Where one of them is missing the answer is not known.",
        example="20 % is confirmed, and nothing says whether 25 % or 15 % was prescribed.",
        clears="captable record public-float-requirement-set --class CODE --percent 25, or --test alternative or A+H; for a "
        "market value correct the confirmation with --shares and --price, or --market-value.",
        of=(events.PublicFloatConfirmed,),
        each=_not_recorded,
    ),
    Rule(
        code=NOT_CONFIRMED,
        title="Public float of a month",
        **{**_ONGOING, "in_force_from": FIRST_STATEMENT},
        severity=NOTICE,
        meaning="Each Monthly Return confirms the public float of the listed class at the month's end, first the return for "
        "January 2026.",
        example="On 1 February 2026 nothing is recorded of the public float at 31 January 2026.",
        clears=_CONFIRM,
        check=_as_a_whole,
    ),
)
"""The rules of this module."""
