"""The rules that an act is held against before it is done, as dated rows; `domain.permissions` applies them."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.parameters import SHARE_SCHEMES, TREASURY_REGIME
from domain.rules import SECONDARY, UNVERIFIED, VERIFIED, Rule

PLACING_PRICE = date(2018, 7, 3)
"""From this day rule 13.36(5) is as it is built here; what held before was not read."""

ONGOING_FLOAT = date(2026, 1, 1)
"""From this day the public float has an ongoing test with an alternative."""

_DEALING = "Wait, or ask the Exchange; captable can answers anew for another day."
_PRICE = "Deal at another price, or check the closing prices given."

_FLOAT: dict[str, Any] = {
    "code": "HK312",
    "title": "Public float",
    "clears": "Buy fewer shares; give the issuer's own prescribed percentage where it is another.",
}
_INDIVIDUAL: dict[str, Any] = {
    "code": "HK402",
    "title": "Individual limit",
    "citation": "Main Board Rule 17.03D",
    "confidence": UNVERIFIED,
    "clears": "Grant less, or put the grant to the members, the grantee abstaining.",
}
_MORATORIUM: dict[str, Any] = {
    "code": "HK308",
    "title": "Moratorium after a purchase",
    "citation": "Main Board Rule 10.06(3)",
    "confidence": UNVERIFIED,
    "clears": _DEALING,
}
_BLACKOUT: dict[str, Any] = {"code": "HK310", "title": "Blackout before results", "clears": _DEALING}

RULES: tuple[Rule, ...] = (
    Rule(
        code="HK301",
        title="Price cap of a purchase",
        citation="Main Board Rule 10.06(2)(a)",
        confidence=UNVERIFIED,
        meaning="Shares are bought back below 105 % of the average closing price of the five trading days before; 5 % above "
        "the average is too much.",
        example="With an average of HKD 1.50, HKD 1.574 is allowed and HKD 1.575 is not.",
        clears=_PRICE,
    ),
    Rule(
        code="HK307",
        title="Discount of a placing",
        citation="Main Board Rule 13.36(5)",
        confidence=SECONDARY,
        meaning="Shares issued for cash under a general mandate are not priced at a discount of 20 % or more to the higher of "
        "the close on the day of the agreement and the average close of the five trading days before.",
        example="With a close of HKD 1.60 and an average of HKD 1.50, HKD 1.281 is allowed and HKD 1.28 is not.",
        clears=_PRICE,
        in_force_from=PLACING_PRICE,
    ),
    Rule(
        **_MORATORIUM,
        meaning="For 30 days after any purchase of its own shares an issuer issues no new ones and announces no issue.",
        example="Bought on 1 March: no issue until 31 March has passed.",
        in_force_until=TREASURY_REGIME,
    ),
    Rule(
        **_MORATORIUM,
        meaning="For 30 days after any purchase of its own shares an issuer issues no new ones, sells or transfers no "
        "treasury shares, and announces neither.",
        example="Bought on 1 March: no issue and no sale of treasury shares until 31 March has passed.",
        in_force_from=TREASURY_REGIME,
    ),
    Rule(
        code="HK309",
        title="Moratorium after a sale",
        citation="Main Board Rule 10.06B",
        confidence=SECONDARY,
        meaning="For 30 days after a sale of treasury shares on the Exchange an issuer buys none back there.",
        example="Sold on 1 March: no purchase until 31 March has passed.",
        clears=_DEALING,
        in_force_from=TREASURY_REGIME,
    ),
    Rule(
        **_BLACKOUT,
        citation="Main Board Rule 10.06(2)(e)",
        confidence=SECONDARY,
        meaning="An issuer does not buy its shares back from one month before its results until they are announced.",
        example="Results on 28 August: no purchase from 28 July to 28 August.",
        in_force_until=TREASURY_REGIME,
    ),
    Rule(
        **_BLACKOUT,
        citation="Main Board Rules 10.06(2)(e), 10.06B",
        confidence=UNVERIFIED,
        meaning="An issuer neither buys its shares back nor sells treasury shares from 30 days before its results until they "
        "are announced.",
        example="Results on 28 August: no purchase and no sale from 29 July to 28 August.",
        in_force_from=TREASURY_REGIME,
    ),
    Rule(
        code="HK311",
        title="Six months after listing",
        citation="Main Board Rule 10.08",
        confidence=VERIFIED,
        meaning="Within six months of the listing no new shares are issued and no issue is agreed. Exceptions, such as "
        "schemes and agreements disclosed in the listing document, are not looked at.",
        example="Listed on 30 December: no issue until 30 June has passed.",
        clears=_DEALING,
    ),
    Rule(
        **_FLOAT,
        citation="Main Board Rule 8.08(1)",
        confidence=UNVERIFIED,
        meaning="The public holds at least 25 % of the issued shares of all classes.",
        example="Of 1,000 shares 260 are in public hands; 13 may be bought back from it, 14 may not.",
        in_force_until=TREASURY_REGIME,
    ),
    Rule(
        **_FLOAT,
        citation="Main Board Rule 8.08(1)",
        confidence=UNVERIFIED,
        meaning="The public holds at least 25 % of the issued shares of all classes, treasury shares left out.",
        example="Of 1,000 shares, none in treasury, 260 are in public hands; 13 may be bought back from it, 14 may not.",
        in_force_from=TREASURY_REGIME,
        in_force_until=ONGOING_FLOAT,
    ),
    Rule(
        **_FLOAT,
        citation="Main Board Rules on the ongoing public float, since 1 January 2026; the numbers were not read",
        confidence=SECONDARY,
        meaning="The public holds at least the prescribed percentage of the listed class, treasury shares left out; or 10 % "
        "of it with a market value of HKD 1 billion. 25 % is taken unless another is given.",
        example="Of 1,000 shares 260 are in public hands; 13 may be bought back from it, and from the fourteenth on the "
        "market value decides.",
        in_force_from=ONGOING_FLOAT,
    ),
    Rule(
        code="HK313",
        title="Price of a treasury sale",
        citation="Main Board Rule 10.06B",
        confidence=SECONDARY,
        meaning="Treasury shares are not sold on the Exchange at a discount of 20 % or more to the higher of the previous "
        "close and the average close of the five trading days before.",
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
        meaning="What one person is granted in twelve months, lapsed grants left out, is at most 1 % of the class in issue.",
        example="Of 1,000 shares in issue 10 may be granted to one person in twelve months.",
        in_force_from=SHARE_SCHEMES,
        in_force_until=TREASURY_REGIME,
    ),
    Rule(
        **_INDIVIDUAL,
        meaning="What one person is granted in twelve months, lapsed grants left out, is at most 1 % of the class in issue, "
        "treasury shares left out.",
        example="Of 1,000 shares in issue, 100 in treasury, 9 may be granted to one person in twelve months.",
        in_force_from=TREASURY_REGIME,
    ),
    Rule(
        code="HK403",
        title="Vesting period",
        citation="Main Board Rule 17.03F",
        confidence=UNVERIFIED,
        meaning="Options and awards vest after twelve months at the earliest, but for circumstances that the scheme sets out.",
        example="Granted on 2 January 2026: nothing vests before 2 January 2027.",
        clears="Vest later, or see that the scheme allows the shorter period.",
        in_force_from=SHARE_SCHEMES,
    ),
)
"""The rules of this module: for an act that is thought about; no book is searched for what broke them."""
