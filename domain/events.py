"""The vocabulary: every legal fact this book can hold, grouped by subject, ended by EVENT_TYPES.

An event is a fact with the day it took effect. It is immutable, checks itself when made, and knows nothing of
storage. Numbers are whole shares unless a field says otherwise; prices are exact decimals with their currency.
A new event is one class here, one row in `postings.POSTINGS`, one row in `returns.categories.CATEGORIES`, one
sample and one scenario in the tests: nothing else.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import attrs

from domain import fields
from domain.securities import Counter, Money

event = attrs.frozen(kw_only=True)


@event
class Event:
    """A fact with the day on which it took legal effect, at any time of that Hong Kong day."""

    effective_on: date = fields.day("the day on which the fact took effect")


@event
class Disclosed(Event):
    """A fact that returns print, with words of its own for the row and for the return's remarks."""

    text: str | None = fields.text("free text printed under the category", default=None)
    remarks: str | None = fields.text("words printed among the return's remarks", default=None)


@event
class ClassMovement(Disclosed):
    """A fact that moves a number of shares of one class."""

    share_class: str = fields.name("code of the class of shares")
    shares: int = fields.whole("number of shares")


# --- set-up ---------------------------------------------------------------------------------------------------


@event
class IssuerRegistered(Event):
    """The issuer whose capital this book keeps; the first entry of every book."""

    issuer: str = fields.name("code of the book, usually the stock code: 00020")
    name: str = fields.text("name as the returns print it")
    chinese_name: str | None = fields.text("Chinese name", default=None)
    incorporated_in: str | None = fields.text("place of incorporation", default=None)


@event
class IssuerDetailsChanged(Event):
    """The issuer's name as printed changed from this day; what is left out stays as it was."""

    name: str | None = fields.text("new name as the returns print it", default=None)
    chinese_name: str | None = fields.text("new Chinese name", default=None)

    def __attrs_post_init__(self) -> None:
        if self.name is None and self.chinese_name is None:
            raise fields.FieldError("name", "expected a new name or a new Chinese name")


@event
class SignatoryAppointed(Event):
    """The person who signs the returns submitted from this day on."""

    name: str = fields.text("name printed after Submitted by")
    title: str = fields.text("title: Director, Secretary or other Duly Authorised Officer")


@event
class ShareClassCreated(Event):
    """A class of shares came into being, with what the forms print in its heading (FF301 Part I)."""

    share_class: str = fields.name("code of the class in this book: A, B, ordinary")
    class_label: str = fields.text("class of shares as the forms print it: WVR ordinary shares, Ordinary shares")
    type_label: str = fields.text("type of shares as the forms print it: A, B, H", default="Not applicable")
    par_value: Money | None = fields.money("par value of one share; left out where shares have none")
    authorised: bool = fields.flag("whether the issuer has authorised capital; no for one incorporated in Hong Kong", True)
    votes_per_share: int = fields.whole("votes of one share on a poll", unit="votes", default=1)
    listed: bool = fields.flag("whether the class is listed on the Exchange")
    stock_code: str | None = fields.name("five-digit stock code of a listed class", default=None)
    counters: tuple[Counter, ...] = fields.many("further trading counters: 80020 RMB", Counter, "counters")
    description: str | None = fields.text("description, for Other class", default=None)


@event
class ShareClassDetailsChanged(Event):
    """What the forms print in the heading of a class changed from this day; what is left out stays as it was."""

    share_class: str = fields.name("code of the class of shares")
    class_label: str | None = fields.text("new class of shares as the forms print it", default=None)
    type_label: str | None = fields.text("new type of shares as the forms print it", default=None)
    listed: bool | None = fields.flag("whether the class is listed on the Exchange from this day", None)
    stock_code: str | None = fields.name("new stock code", default=None)
    counters: tuple[Counter, ...] = fields.many("all trading counters from this day: 80020 RMB", Counter, "counters")


@event
class BalanceBroughtForward(Event):
    """The balances of a class with which the book starts, at close of a day, from a published document."""

    share_class: str = fields.name("code of the class of shares")
    held: int = fields.whole("issued shares in members' hands, excluding treasury and pending cancellation", minimum=0)
    treasury: int = fields.whole("treasury shares", minimum=0, default=0)
    pending_cancellation: int = fields.whole("shares repurchased but not yet cancelled", minimum=0, default=0)


# --- authorised capital ---------------------------------------------------------------------------------------


@event
class AuthorisedCapitalMovement(Event):
    """A change of the number of shares that the issuer may issue (FF301 Part I)."""

    share_class: str = fields.name("code of the class of shares")
    shares: int = fields.whole("number of authorised shares")
    general_meeting_on: date | None = fields.day("day of the general meeting that resolved it", default=None)


@event
class AuthorisedCapitalIncreased(AuthorisedCapitalMovement):
    """Authorised shares were added to a class, at creation or by resolution."""


@event
class AuthorisedCapitalReduced(AuthorisedCapitalMovement):
    """Authorised but unissued shares of a class were cancelled."""


# --- issues, each of new or of treasury shares (rule 13.25A(2)(a)) ------------------------------------------------


@event
class IssueOfShares(ClassMovement):
    """Shares came into members' hands: new shares, or treasury shares transferred."""

    price: Money | None = fields.money("issue or selling price of one share")
    mandate: str | None = fields.name("code of the general mandate it uses", default=None)
    general_meeting_on: date | None = fields.day("day of the general meeting that approved it, without a mandate", default=None)
    treasury_shares: bool = fields.flag("whether treasury shares were transferred rather than new shares issued")
    agreed_on: date | None = fields.day("day of the agreement", default=None)


@event
class PlacingCompleted(IssueOfShares):
    """A placing or subscription was completed and its shares allotted."""


@event
class GlobalOfferingCompleted(IssueOfShares):
    """The offer shares of a listing were allotted."""


@event
class OverAllotmentOptionExercised(IssueOfShares):
    """Shares were allotted on the exercise of the over-allotment option of an offering."""


@event
class ConsiderationSharesIssued(IssueOfShares):
    """Shares were issued in consideration for an acquisition."""


@event
class RightsIssueCompleted(IssueOfShares):
    """Shares of a rights issue were allotted."""


@event
class OpenOfferCompleted(IssueOfShares):
    """Shares of an open offer were allotted."""


@event
class BonusIssueCompleted(IssueOfShares):
    """Bonus shares were allotted, credited as fully paid."""


@event
class ScripDividendIssued(IssueOfShares):
    """Shares were allotted in place of a cash dividend."""


@event
class OtherSharesIssued(IssueOfShares):
    """Shares were issued in a way that no other category of the forms names."""


# --- buy-backs ------------------------------------------------------------------------------------------------


@event
class SharesRepurchased(ClassMovement):
    """The issuer bought its own shares back, for cancellation or to be held in treasury (rule 10.06)."""

    intention: Literal["cancellation", "treasury"] = fields.choice(
        "what the shares were bought for", ("cancellation", "treasury")
    )
    price: Money | None = fields.money("price of one share; the volume-weighted average where there were several")
    mandate: str | None = fields.name("code of the repurchase mandate it uses", default=None)


@event
class RepurchasedSharesCancelled(ClassMovement):
    """Shares repurchased for cancellation were cancelled; only now do they leave the issued shares."""

    price: Money | None = fields.money("volume-weighted average price at which they were bought")
    mandate: str | None = fields.name("code of the repurchase mandate under which they were bought", default=None)


@event
class SharesRedeemed(ClassMovement):
    """Redeemable shares were redeemed, and cancelled at once or left pending cancellation."""

    price: Money | None = fields.money("redemption price of one share")
    cancelled: bool = fields.flag("whether the shares were cancelled on redemption", True)


@event
class TreasurySharesSold(ClassMovement):
    """Treasury shares were sold, on the Exchange or otherwise (rule 10.06B)."""

    price: Money | None = fields.money("selling price of one share")
    mandate: str | None = fields.name("code of the issue mandate it uses", default=None)


@event
class TreasurySharesCancelled(ClassMovement):
    """Treasury shares were cancelled."""


# --- classes --------------------------------------------------------------------------------------------------


@event
class ClassAConvertedToB(Disclosed):
    """Shares of one class were converted into as many of another: weighted voting shares to ordinary ones (rule 8A.21)."""

    shares: int = fields.whole("number of shares converted, one for one")
    from_class: str = fields.name("code of the class converted", default="A")
    to_class: str = fields.name("code of the class converted into", default="B")
    holder: str | None = fields.text("who converted", default=None)

    def __attrs_post_init__(self) -> None:
        if self.from_class == self.to_class:
            raise fields.FieldError("to_class", f"expected another class than {self.from_class}")


# --- share schemes (chapter 17) ---------------------------------------------------------------------------------


@event
class SchemeAdopted(Event):
    """A share scheme was adopted: one row of FF301 Part III(A)."""

    scheme: str = fields.name("code of the scheme in this book")
    share_class: str = fields.name("code of the class of shares that options are over")
    particulars: str = fields.text("particulars as the return prints them")
    general_meeting_on: date | None = fields.day("day of the general meeting that approved it", default=None)
    limit: int | None = fields.whole("shares that may be granted under the scheme (rule 17.03B)", default=None)
    existing_shares: bool = fields.flag("whether it is met from issued shares held by a nominee, so that nothing is issued")


@event
class SchemeMovement(Disclosed):
    """A fact that moves the number of options outstanding under a scheme."""

    scheme: str = fields.name("code of the scheme")
    options: int = fields.whole("number of options, in shares under option", unit="options")


@event
class OptionsGranted(SchemeMovement):
    """Options were granted under a scheme."""


@event
class OptionsExercised(SchemeMovement):
    """Options were exercised and their shares allotted, or transferred out of treasury."""

    price: Money | None = fields.money("exercise price of one share")
    treasury_shares: bool = fields.flag("whether treasury shares were transferred rather than new shares issued")
    director: bool = fields.flag("whether exercised by a director of the issuer (rule 13.25A(2)(a))")


@event
class OptionsLapsed(SchemeMovement):
    """Options lapsed; under rule 17.03B they may be granted again."""


@event
class OptionsCancelled(SchemeMovement):
    """Options were cancelled; the scheme's limit stays used."""


@event
class SchemeSharesMoved(Disclosed):
    """The number of issued shares that a nominee holds for a scheme changed: no share is issued."""

    scheme: str = fields.name("code of the scheme")
    shares: int = fields.whole("change in the number held for the scheme; a decrease is negative", minimum=None)
    word: str = fields.text("the word the return prints for it: Sold, Transferred in")


# --- mandates and meetings --------------------------------------------------------------------------------------


@event
class MandateGranted(Event):
    """A general meeting granted a mandate to issue (rule 13.36(2)(b)) or to repurchase shares (rule 10.06(1)(c))."""

    mandate: str = fields.name("code of the mandate in this book: issue-2024")
    purpose: Literal["issue", "repurchase"] = fields.choice("what the mandate allows", ("issue", "repurchase"))
    percent: Decimal = fields.percentage("percentage of the issued shares that it allows: 20")
    base: int = fields.whole("issued shares at the meeting, all classes, excluding treasury shares")


@event
class MandateRevoked(Event):
    """A mandate was revoked, or expired at the conclusion of the next annual general meeting."""

    mandate: str = fields.name("code of the mandate")


# --- the book itself --------------------------------------------------------------------------------------------


@event
class BalanceConfirmed(Event):
    """What a filed return or a registrar's statement says of a class at close of a day; a mismatch is a finding."""

    share_class: str = fields.name("code of the class of shares")
    issued_excluding_treasury: int = fields.whole("issued shares excluding treasury shares", minimum=0)
    treasury: int | None = fields.whole("treasury shares", minimum=0, default=None)
    authorised: int | None = fields.whole("authorised shares", minimum=0, default=None)
    document: str = fields.text("the document that says so")


@event
class ReturnFiled(Event):
    """A return was submitted to the exchange; the day in `effective_on` is its closing date or month end."""

    kind: Literal["monthly", "next-day"] = fields.choice("which return", ("monthly", "next-day"))
    submitted_on: date = fields.day("day on which it was submitted")
    form: str | None = fields.text("form and version: FF305 1.3.0", default=None)
    status: str = fields.text("status as printed", default="New Submission")


@event
class EntryWithdrawn(Event):
    """The replaced entry is taken back: it records something that did not happen."""

    reason: str = fields.text("why it is withdrawn")


EVENT_TYPES: tuple[type[Event], ...] = (
    IssuerRegistered,
    IssuerDetailsChanged,
    SignatoryAppointed,
    ShareClassCreated,
    ShareClassDetailsChanged,
    BalanceBroughtForward,
    AuthorisedCapitalIncreased,
    AuthorisedCapitalReduced,
    PlacingCompleted,
    GlobalOfferingCompleted,
    OverAllotmentOptionExercised,
    ConsiderationSharesIssued,
    RightsIssueCompleted,
    OpenOfferCompleted,
    BonusIssueCompleted,
    ScripDividendIssued,
    OtherSharesIssued,
    SharesRepurchased,
    RepurchasedSharesCancelled,
    SharesRedeemed,
    TreasurySharesSold,
    TreasurySharesCancelled,
    ClassAConvertedToB,
    SchemeAdopted,
    OptionsGranted,
    OptionsExercised,
    OptionsLapsed,
    OptionsCancelled,
    SchemeSharesMoved,
    MandateGranted,
    MandateRevoked,
    BalanceConfirmed,
    ReturnFiled,
    EntryWithdrawn,
)
"""Every event type, in the order of this file: the only list of them."""
