"""Instruments and agreements under which shares may come to be issued: FF301 Parts III(B), (C) and (D)."""

from __future__ import annotations

from datetime import date

from domain.events import fields
from domain.events.base import Event, PrintedFact, checked
from domain.values import Money


@checked
class InstrumentIssued(PrintedFact):
    """An instrument that carries a right to shares was issued."""

    instrument: str = fields.name("code of the instrument in this book: cb-2027")
    share_class: str = fields.name("code of the class of shares it carries a right to")
    description: str = fields.text("description as the return prints it")
    shares: int = fields.whole(
        "shares that may be issued on full exercise or conversion, at the floor price where the price floats; 0 where nothing "
        "bounds them",
        minimum=0,
    )
    type_label: str | None = fields.text("type of the warrants or convertibles as the return prints it", default=None)
    price: Money | None = fields.money("subscription or conversion price of one share", default=None)
    price_terms: str | None = fields.text("the price in words, where it floats: 92 % of the closing price", default=None)
    floor: Money | None = fields.money(
        "lowest price of one share, where the price floats; it bounds the shares that may be issued",
        default=None,
        above_zero=True,
    )
    stock_code: str | None = fields.stock_code("five-digit stock code, where the instrument is listed", default=None)
    general_meeting_on: date | None = fields.day("day of the general meeting that approved it", default=None)
    mandate: str | None = fields.name("code of the general mandate under which it was issued", default=None)
    for_cash: bool = fields.flag("whether it was issued for cash (rules 13.36(6), 13.36(7))", default=True)

    def __attrs_post_init__(self) -> None:
        if not self.shares and self.price_terms is None:
            raise fields.FieldError("shares", "expected a number of shares above zero, or the price in words, price_terms")


@checked
class WarrantsIssued(InstrumentIssued):
    """Warrants to subscribe for shares were issued."""

    warrants: int = fields.whole("number of warrants", unit="warrants")


@checked
class ConvertiblesIssued(InstrumentIssued):
    """Convertible notes or bonds were issued."""

    amount: Money = fields.principal("principal amount, of at most two decimal places")
    benchmark_price: Money | None = fields.money(
        "benchmark of rule 13.36(5) under a general mandate, the higher of the close on the day of the agreement and the average "
        "close of the five trading days before",
        default=None,
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        prices = [price.currency for price in (self.price, self.benchmark_price) if price is not None]
        if len(set(prices)) > 1:
            raise fields.FieldError(
                "benchmark_price", f"expected {prices[0]}, the currency of the price, got {self.benchmark_price}"
            )


@checked
class InstrumentMovement(PrintedFact):
    """A fact that reduces what is outstanding of an instrument, and the shares that may be issued on it."""

    instrument: str = fields.name("code of the instrument")
    shares: int = fields.whole("number of shares issued, or no longer to be issued", minimum=0)


@checked
class InstrumentMet(InstrumentMovement):
    """Shares were allotted on an instrument, or transferred out of treasury."""

    no_longer_issuable: int = fields.whole(
        "shares that can no longer be issued besides, through fractions or a cashless exercise", minimum=0, default=0
    )
    treasury_shares: bool = fields.flag("whether treasury shares were transferred rather than new shares issued", default=False)


@checked
class InstrumentTermsAdjusted(PrintedFact):
    """The terms of an instrument or agreement were adjusted from this day on: price, shares, or both.

    A rights issue below the market price lowers a conversion price, so that more shares may be issued on conversion. Rows
    of returns before the day keep the terms of their own period.
    """

    instrument: str | None = fields.name("code of the instrument", default=None)
    agreement: str | None = fields.name("code of the agreement, instead of an instrument", default=None)
    price: Money | None = fields.money("subscription, conversion or issue price of one share from this day on", default=None)
    price_terms: str | None = fields.text("the price in words, where it floats from this day on", default=None)
    shares: int | None = fields.whole(
        "shares that may be issued on all that is outstanding from this day on", minimum=0, default=None
    )
    floor: Money | None = fields.money("lowest price of one share from this day on", default=None, above_zero=True)
    reason: str | None = fields.text("why: the rights issue of 15 August 2025", default=None)

    def __attrs_post_init__(self) -> None:
        if (self.instrument is None) == (self.agreement is None):
            raise fields.FieldError("instrument", "expected the code of an instrument or of an agreement, one of them")
        if not any(each is not None for each in (self.price, self.price_terms, self.shares, self.floor)):
            raise fields.FieldError("price", "expected what was adjusted: price, price_terms, shares or floor")
        if self.floor is not None and (self.shares is None or self.agreement is not None):
            raise fields.FieldError("floor", "expected an instrument, and the shares that may be issued at the floor price")


@checked
class WarrantsExercised(InstrumentMet):
    """Warrants were exercised and their shares allotted, or transferred out of treasury."""

    warrants: int = fields.whole("number of warrants", unit="warrants")
    price: Money | None = fields.money("subscription price of one share; that of the instrument if omitted", default=None)


@checked
class WarrantsLapsed(InstrumentMovement):
    """Warrants lapsed unexercised."""

    warrants: int = fields.whole("number of warrants", unit="warrants")


@checked
class ConvertiblesConverted(InstrumentMet):
    """Convertibles were converted and their shares allotted, or transferred out of treasury."""

    amount: Money = fields.principal("principal amount converted")
    price: Money | None = fields.money("conversion price of one share; that of the instrument if omitted", default=None)


@checked
class ConvertiblesRedeemed(InstrumentMovement):
    """Convertibles were redeemed or cancelled without conversion."""

    amount: Money = fields.principal("principal amount redeemed")


@checked
class IssueAgreed(PrintedFact):
    """The issuer agreed to issue shares; the agreement reserves them under its mandate until it completes or ends."""

    agreement: str = fields.name("code of the agreement in this book: placing-june")
    share_class: str = fields.name("code of the class of shares")
    description: str = fields.text("description as the return prints it")
    shares: int = fields.whole("shares to be issued")
    price: Money | None = fields.money("issue price of one share", default=None)
    mandate: str | None = fields.name("code of the general mandate it is made under", default=None)
    general_meeting_on: date | None = fields.day("day of the general meeting that approved it, without a mandate", default=None)


@checked
class IssueAgreementEnded(PrintedFact):
    """An agreement to issue shares lapsed or was terminated; shares that it still reserved are no longer reserved."""

    agreement: str = fields.name("code of the agreement")
    shares: int = fields.whole("shares that will not be issued")


EVENTS: tuple[type[Event], ...] = (
    WarrantsIssued,
    ConvertiblesIssued,
    InstrumentTermsAdjusted,
    WarrantsExercised,
    WarrantsLapsed,
    ConvertiblesConverted,
    ConvertiblesRedeemed,
    IssueAgreed,
    IssueAgreementEnded,
)
"""The events of this subject, in reading order."""
