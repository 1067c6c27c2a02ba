"""How the forms name each fact: which part of the Monthly Return it stands in, and its wording in each form.

Wording is data with a mark: `verified` was read in a published return or in a form's own notes, `unverified` follows
rule 13.25A(2) in our words and is corrected here, in one line, when a filing shows better.
"""

from __future__ import annotations

import attrs

from domain import events
from domain.events import Event

OTHER = "Other (please specify)"
VERIFIED, UNVERIFIED = "verified", "unverified"

NEW, TREASURY, CANCELLED, PENDING = "new shares", "treasury shares", "cancelled", "not yet cancelled"
DIRECTOR = " for a director"


@attrs.frozen
class Category:
    """The part of FF301 Part III in which a fact stands, and its wording.

    `wording` is that of FF301 1.1 and FF305; `before_june_2024` that of FF304 and FF301 1.0; `text` is printed under
    `Other` when the fact brings no words of its own.
    """

    part: str
    wording: str
    before_june_2024: str
    mark: str
    text: str | None = None

    def worded(self, *, treasury_shares: bool) -> str:
        """The wording on forms with columns for treasury shares, or on those before June 2024."""
        return self.wording if treasury_shares else self.before_june_2024


def _issue(words: str, mark: str = UNVERIFIED, part: str = "E") -> dict[str, Category]:
    return {
        NEW: Category(part, f"{words} - new shares involved", words, mark),
        TREASURY: Category(part, f"{words} - treasury shares involved", words, UNVERIFIED),
    }


def _under_scheme(words: str, part: str) -> dict[str, Category]:
    """Options or awards under a scheme: rule 13.25A(2)(a) names directors apart from other participants."""
    others = _issue(f"{words} under a share scheme by a participant other than a director", part=part)
    directors = _issue(f"{words} under a share scheme by a director", part=part)
    return {**others, **{kind + DIRECTOR: row for kind, row in directors.items()}}


def _other(text: str) -> dict[str, Category]:
    return {kind: Category("E", OTHER, OTHER, VERIFIED, text) for kind in (NEW, TREASURY)}


_BOUGHT = "Repurchase of shares (or other securities)"
_REORGANISED = {NEW: Category("E", "Capital reorganisation", "Capital reorganisation", UNVERIFIED)}

CATEGORIES: dict[type[Event], dict[str, Category]] = {
    events.PlacingCompleted: _issue("Placing/subscription", VERIFIED),
    events.GlobalOfferingCompleted: _other("Global offering"),
    events.OverAllotmentOptionExercised: _other("Exercise of the over-allotment option"),
    events.ConsiderationSharesIssued: _issue("Consideration issue"),
    events.RightsIssueCompleted: _issue("Rights issue"),
    events.OpenOfferCompleted: _issue("Open offer"),
    events.BonusIssueCompleted: _issue("Bonus issue"),
    events.ScripDividendIssued: _issue("Scrip dividend"),
    events.OtherSharesIssued: _other("Issue of shares"),
    events.SharesRepurchased: {
        TREASURY: Category("E", "Repurchase of shares (shares held as treasury shares)", _BOUGHT, VERIFIED),
        PENDING: Category(
            "E",
            "Repurchase of shares (shares repurchased for cancellation but not yet cancelled)",
            f"{_BOUGHT} but not cancelled",
            VERIFIED,
        ),
    },
    events.RepurchasedSharesCancelled: {
        CANCELLED: Category("E", "Repurchase of shares (shares repurchased and cancelled)", f"{_BOUGHT} and cancelled", VERIFIED)
    },
    events.SharesRedeemed: {
        CANCELLED: Category(
            "E", "Redemption of shares (shares redeemed and cancelled)", "Redemption of shares and cancelled", VERIFIED
        ),
        PENDING: Category(
            "E",
            "Redemption of shares (shares redeemed but not yet cancelled)",
            "Redemption of shares but not cancelled",
            VERIFIED,
        ),
    },
    events.RedeemedSharesCancelled: {
        CANCELLED: Category(
            "E", "Redemption of shares (shares redeemed and cancelled)", "Redemption of shares and cancelled", UNVERIFIED
        )
    },
    events.TreasurySharesSold: {TREASURY: Category("E", "Sale of treasury shares", OTHER, UNVERIFIED)},
    events.TreasurySharesCancelled: {TREASURY: Category("E", "Cancellation of treasury shares", OTHER, UNVERIFIED)},
    events.ClassAConvertedToB: {NEW: Category("E", OTHER, OTHER, VERIFIED, "Conversion of shares of one class into another")},
    events.FullCirculationCompleted: {
        NEW: Category("E", OTHER, OTHER, VERIFIED, "Full circulation: conversion of unlisted shares into H shares")
    },
    events.SharesSubdivided: _REORGANISED,
    events.SharesConsolidated: _REORGANISED,
    events.OptionsExercised: _under_scheme("Exercise of options", "A"),
    events.AwardsVested: _under_scheme("Vesting of share awards", "D"),
    events.WarrantsExercised: _issue("Exercise of warrants", part="B"),
    events.ConvertiblesConverted: _issue("Conversion of convertible securities", part="C"),
}


def variant(event: Event) -> str:
    """Which of its categories a fact falls in: by what was moved, for whom, and what the shares were bought for."""
    if len(rows := CATEGORIES.get(type(event), {})) == 1:
        return next(iter(rows))
    match event:
        case events.SharesRepurchased():
            return TREASURY if event.intention == "treasury" else PENDING
        case events.SharesRedeemed():
            return CANCELLED if event.cancelled else PENDING
        case _:
            moved = TREASURY if event.treasury_shares else NEW
            return moved + (DIRECTOR if event.director else "")


def category(event: Event) -> Category:
    """The category of a fact that moves issued or treasury shares. Raises KeyError for other facts."""
    return CATEGORIES[type(event)][variant(event)]


# What stands pending cancellation is named by what it was: bought, or redeemed.
PENDING_CATEGORIES: dict[bool, Category] = {
    False: CATEGORIES[events.SharesRepurchased][PENDING],
    True: CATEGORIES[events.SharesRedeemed][PENDING],
}
PART_B_WORDING: dict[bool, str] = {
    False: "Shares repurchased for cancellation but not yet cancelled",
    True: "Shares redeemed but not yet cancelled",
}
