"""The rules that an act is held against before it is done, as dated rows; `domain.clearance.clear` applies them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from domain import events
from domain.clearance.moratoria import breaches
from domain.law.parameters import SHARE_SCHEMES, TREASURY_REGIME
from domain.law.rule import SECONDARY, UNVERIFIED, VERIFIED, Finding, Rule, View, version_of
from domain.schemes.limits import exceeded, expiry_not_recorded, granted_when_over, service_providers

PLACING_PRICE = date(2018, 7, 3)
"""From this day rule 13.36(5) is as it is built here; the earlier text is not yet checked."""


def _barred(view: View) -> Iterator[Finding]:
    """What is recorded of days on which it was barred: HK308, HK309 and HK311."""
    for each in breaches(view.entries):
        rule = version_of(RULES, each.code, each.on)
        if rule is not None:
            yield rule.finding(each.message, *each.entries)


def _above_a_tenth(view: View) -> Iterator[Finding]:
    """HK404: limits of schemes that together came to more than a tenth of the class when the last was approved."""
    for found, number in exceeded(view):
        rule = version_of(RULES, "HK404", found.approved_on)
        if rule is not None:
            yield rule.finding(str(found), number)


def _outlived(view: View) -> Iterator[Finding]:
    """HK408: schemes that must have expired, and no expiry is recorded."""
    rule = version_of(RULES, "HK408", view.as_of)
    if rule is not None:
        yield from expiry_not_recorded(rule, view)


_DEALING = "Wait, or ask the Exchange; rerun captable can for another day."
_BARRED = (
    "Before: wait, or ask the Exchange; rerun captable can for another day. Recorded: correct the day where it is wrong "
    "(captable correct); an approval by the Exchange does not remove the finding."
)
_PRICE = "Deal at another price, or check the closing prices given."

_INDIVIDUAL: dict[str, Any] = {
    "code": "HK402",
    "title": "Individual limit",
    "citation": "Main Board Rule 17.03D",
    "confidence": SECONDARY,
    "clears": "Grant less, or put the grant to the members, the grantee abstaining.",
}
_MORATORIUM: dict[str, Any] = {
    "code": "HK308",
    "title": "Moratorium after a purchase",
    "citation": "Main Board Rule 10.06(3)",
    "confidence": SECONDARY,
    "clears": _BARRED,
    "check": _barred,
}
_BLACKOUT: dict[str, Any] = {
    "code": "HK310",
    "title": "Blackout before results",
    "confidence": UNVERIFIED,
    "to_confirm": "Read rule 10.06(2)(e): whether the period is one month or 30 days, from which two days the earlier counts, "
    "and whether it covers sales of treasury shares.",
    "clears": _DEALING,
}
_EARLIER = (
    "the earlier of the board meeting for its results and the deadline for publishing them, until they are announced. Annual "
    "results are due three months after the year, interim ones two months after the half-year (13.49)."
)
_ALL_SCHEMES: dict[str, Any] = {
    "code": "HK404",
    "title": "Limits of all schemes",
    "citation": "Main Board Rule 17.03B(1)",
    "confidence": VERIFIED,
    "clears": "Record the limit of every scheme over the class (captable correct); a smaller limit, or none for an ended scheme.",
    "check": _above_a_tenth,
}
_CARVED_OUT = (
    "Carved out are the exercise of warrants and the conversion of convertibles that were outstanding before the purchase, and "
    "share schemes"
)

RULES: tuple[Rule, ...] = (
    Rule(
        code="HK301",
        title="Price cap of a purchase",
        citation="Main Board Rule 10.06(2)(a)",
        confidence=SECONDARY,
        meaning="Shares are bought back below 105 % of the average closing price of the five trading days before; 5 % above "
        "the average is too much.",
        example="With an average of HKD 1.50, HKD 1.574 is allowed and HKD 1.575 is not.",
        clears=_PRICE,
    ),
    Rule(
        code="HK307",
        title="Discount of a placing",
        citation="Main Board Rule 13.36(5), read in its GEM twin 17.42B",
        confidence=VERIFIED,
        meaning="Shares issued for cash under a general mandate are not priced at a discount of 20 % or more to the higher of "
        "the close on the day of the agreement and the average close of the five trading days before.",
        example="With a close of HKD 1.60 and an average of HKD 1.50, HKD 1.281 is allowed and HKD 1.28 is not.",
        clears=_PRICE,
        in_force_from=PLACING_PRICE,
    ),
    Rule(
        **_MORATORIUM,
        meaning="For 30 days after any purchase of its own shares an issuer issues no new ones, agrees to no issue and announces "
        f"none. {_CARVED_OUT}.",
        example="Bought on 1 March: no issue until 31 March has passed.",
        in_force_until=TREASURY_REGIME,
    ),
    Rule(
        **_MORATORIUM,
        meaning="For 30 days after any purchase of its own shares an issuer issues no new ones, sells or transfers no treasury "
        f"shares, and agrees to neither and announces neither. {_CARVED_OUT}, and capitalisation issues and scrip dividends.",
        example="Bought on 1 March: no issue and no sale of treasury shares until 31 March has passed.",
        in_force_from=TREASURY_REGIME,
    ),
    Rule(
        code="HK309",
        title="Moratorium after a sale",
        citation="Main Board Rule 10.06(3), as accounts describe it",
        confidence=SECONDARY,
        meaning="For 30 days after a sale of treasury shares on the Exchange an issuer buys none back there.",
        example="Sold on 1 March: no purchase until 31 March has passed.",
        clears=_BARRED,
        in_force_from=TREASURY_REGIME,
        check=_barred,
    ),
    Rule(
        **_BLACKOUT,
        citation="Main Board Rule 10.06(2)(e)",
        meaning=f"An issuer does not buy its shares back from one month before {_EARLIER}",
        example="Results on 28 August: no purchase from 28 July to 28 August.",
        in_force_until=TREASURY_REGIME,
    ),
    Rule(
        **_BLACKOUT,
        citation="Main Board Rule 10.06(2)(e); for treasury shares as accounts describe it",
        meaning=f"An issuer neither buys its shares back nor sells treasury shares from 30 days before {_EARLIER}",
        example="Results on 28 August: no purchase and no sale from 29 July to 28 August. Results on 10 September, due by 31 "
        "August: none from 1 August to 10 September.",
        in_force_from=TREASURY_REGIME,
    ),
    Rule(
        code="HK311",
        title="Six months after listing",
        citation="Main Board Rule 10.08",
        confidence=VERIFIED,
        meaning="Within six months of the listing no new shares or rights to them are issued and no issue is agreed. Carved out "
        "are share schemes, capitalisation issues, the over-allotment option and what was agreed before the "
        "listing; captable can checks none of these exceptions.",
        example="Listed on 30 December: no issue until 30 June has passed.",
        clears=_BARRED,
        check=_barred,
    ),
    Rule(
        code="HK313",
        title="Price of a treasury sale",
        citation="Main Board Rule 13.36(5A), read in its GEM twin 17.42BB",
        confidence=VERIFIED,
        meaning="Treasury shares are not sold on the Exchange at a discount of 20 % or more to the higher of the previous "
        "close and the average close of the five trading days before. The sale is reported by rule 10.06B (FF305 Section III).",
        example="With a previous close of HKD 1.60 and an average of HKD 1.50, HKD 1.281 is allowed and HKD 1.28 is not.",
        clears=_PRICE,
        in_force_from=TREASURY_REGIME,
    ),
    Rule(
        code="HK314",
        title="Enough shares",
        citation="the book: no account below zero",
        confidence=VERIFIED,
        meaning="What is bought is in members' hands, what is sold is in treasury, what is issued is authorised and unissued.",
        example="Of 1,000 authorised shares 900 are issued; 101 cannot be.",
        clears="Deal in fewer shares; authorised capital is increased by the members.",
    ),
    Rule(
        **_INDIVIDUAL,
        meaning="Grants to one person in twelve months, without lapsed ones, are at most 1 % of the class in issue.",
        example="Of 1,000 shares in issue 10 may be granted to one person in twelve months.",
        in_force_from=SHARE_SCHEMES,
        in_force_until=TREASURY_REGIME,
    ),
    Rule(
        **_INDIVIDUAL,
        meaning="Grants to one person in twelve months, without lapsed ones, are at most 1 % of the class in issue, "
        "treasury shares left out.",
        example="Of 1,000 shares in issue, 100 in treasury, 9 may be granted to one person in twelve months.",
        in_force_from=TREASURY_REGIME,
    ),
    Rule(
        code="HK403",
        title="Vesting period",
        citation="Main Board Rule 17.03F",
        confidence=VERIFIED,
        meaning="Options and awards vest after twelve months at the earliest; those of employee participants sooner in "
        "circumstances that the scheme sets out.",
        example="Granted on 2 January 2026: nothing vests before 2 January 2027, for a service provider without exception.",
        clears="Vest later, or see that the grantee is an employee participant and the scheme allows the shorter period.",
        in_force_from=SHARE_SCHEMES,
    ),
    Rule(
        **_ALL_SCHEMES,
        meaning="What may be granted under all schemes of the issuer together is at most 10 % of the class in issue on the day "
        "on which the last of them was approved.",
        example="Two schemes of 60 and 40 shares over 1,000 in issue; with 41 they are one share too large.",
        in_force_from=SHARE_SCHEMES,
        in_force_until=TREASURY_REGIME,
    ),
    Rule(
        **_ALL_SCHEMES,
        meaning="What may be granted under all schemes of the issuer together is at most 10 % of the class in issue, treasury "
        "shares left out, on the day on which the last of them was approved.",
        example="Two schemes of 60 and 40 shares over 1,000 in issue, none in treasury; with 41 they are one share too large.",
        in_force_from=TREASURY_REGIME,
    ),
    Rule(
        code="HK405",
        title="Limit for service providers",
        citation="Main Board Rule 17.03B(2)",
        confidence=VERIFIED,
        meaning="What may be granted to service providers stays within a limit of its own, which the members approve separately "
        "within that of the scheme. Lapsed grants may be made again, cancelled ones not.",
        example="Of a limit of 1,000 shares at most 100 are for service providers; 101 are 1 share beyond it.",
        clears="Correct the grant, or record the limit with the scheme (service_provider_limit), and what was used of it before "
        "the book with the balance brought forward (service_providers_before).",
        in_force_from=SHARE_SCHEMES,
        of=(events.OptionsGranted, events.AwardsGranted),
        each=service_providers,
    ),
    Rule(
        code="HK408",
        title="Scheme that has expired",
        citation="Main Board Rule 17.03(11)",
        confidence=UNVERIFIED,
        to_confirm="Read rule 17.03(11) and the rules of the scheme: how long it lasts, and what may still be granted at its "
        "end.",
        meaning="No grant is made under a scheme from the day of its expiry or termination; outstanding grants remain. A "
        "scheme lasts for ten years at most.",
        example="A scheme of 8 May 2015 with an expiry on 8 May 2025: options may be granted on 7 May 2025 and not on 8 May.",
        clears="Correct the day of the grant or of the expiry. Where a scheme of more than ten years has no expiry, record it: "
        "captable correct ENTRY --expires-on DATE, or captable record scheme-expired.",
        of=(events.OptionsGranted, events.AwardsGranted),
        each=granted_when_over,
        check=_outlived,
    ),
)
"""The rules of this module. Those with a `check` are held against what is recorded, the others only before a dealing."""
