"""Set-up: the issuer, its classes, what a book starts from, and form preferences."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events import fields
from domain.events.base import Event, checked
from domain.events.structured import Counter, PurchaseBroughtForward
from domain.values import Money


@checked
class IssuerRegistered(Event):
    """The issuer whose capital this book keeps; the first entry of every book."""

    issuer: str = fields.stock_code("code of the book, which is the issuer's stock code: 00020", unless="own_code")
    name: str = fields.text("name as the returns print it")
    chinese_name: str | None = fields.text("Chinese name", default=None)
    incorporated_in: str | None = fields.text("place of incorporation", default=None)
    financial_year_end: str | None = fields.year_end("last day of the financial year: 31 December", default=None)
    own_code: bool = fields.flag("whether the code is one of your own, no stock code, as before a listing", default=False)


@checked
class IssuerDetailsChanged(Event):
    """The issuer's name as printed, or its financial year, changed from this day; what is omitted stays as it was."""

    name: str | None = fields.text("new name as the returns print it", default=None)
    chinese_name: str | None = fields.text("new Chinese name", default=None)
    financial_year_end: str | None = fields.year_end("last day of the financial year: 31 December", default=None)

    def __attrs_post_init__(self) -> None:
        if self.name is None and self.chinese_name is None and self.financial_year_end is None:
            raise fields.FieldError("name", "expected a new name, Chinese name or financial year-end")


@checked
class SignatoryAppointed(Event):
    """The person who signs the returns submitted from this day on."""

    name: str = fields.text("name printed after Submitted by")
    title: str = fields.text("title: Director, Secretary or other Duly Authorised Officer")


@checked
class ReturnSettingsChanged(Event):
    """Form preferences from this day; what is omitted stays as it was.

    They apply to returns that close on or after the day; earlier returns keep theirs.
    """

    percent_decimals: int | None = fields.whole(
        "decimals of percentages, 2 to 6", unit="decimals", minimum=2, maximum=6, default=None
    )
    mandate_decimals: int | None = fields.whole(
        "decimals of the percentage in the mandate block, 2 to 6", unit="decimals", minimum=2, maximum=6, default=None
    )
    price_decimals: int | None = fields.whole(
        "decimals of volume-weighted average prices, 2 to 20; one below 0.01 has four digits or more",
        unit="decimals",
        minimum=2,
        maximum=20,
        default=None,
    )
    denominator: Literal["class", "all classes"] | None = fields.choice(
        "issued shares that percentages are of", ("class", "all classes"), default=None
    )
    pending_counted: bool | None = fields.flag("whether those issued shares include the ones pending cancellation", default=None)
    struck_out: str | None = fields.text("confirmations that do not apply, by numeral, or none: iii, vii, viii", default=None)
    not_applicable: str | None = fields.text("text printed where a part is blank", default=None)
    public_float: str | None = fields.text("the public float statement of the Monthly Return, or none", default=None)
    depositary_receipts: str | None = fields.text("text of FF301 Part IV, or none", default=None)
    chinese_name: bool | None = fields.flag(
        "whether returns print the issuer's Chinese name after the English one; no unless said", default=None
    )
    join_days: bool | None = fields.flag(
        "whether a Next Day Disclosure Return joins exercises under one scheme or instrument on several days in one row; "
        "a row for each day unless said",
        default=None,
    )
    every_class: bool | None = fields.flag(
        "whether a Next Day Disclosure Return has a block of every class; unless said, of those that are listed, have weighted "
        "votes or changed",
        default=None,
    )
    part_b_row: Literal["see part b", "not applicable"] | None = fields.choice(
        "what FF305 Part A says of shares newly listed in Part B: a row See Part B, beside other events too, or Not applicable "
        "where there is no other event; see part b unless said",
        ("see part b", "not applicable"),
        default=None,
    )
    part_e_text: bool | None = fields.flag(
        "whether FF301 Part III(E) prints the text of facts under every category, not only under Other (please specify) and "
        "where several rows are of one category; yes unless said",
        default=None,
    )
    pending_percent: bool | None = fields.flag(
        "whether shares not yet cancelled are listed with a percentage: in FF305 Part B, and in FF304 those disclosed for the "
        "first time; yes unless said",
        default=None,
    )
    print_zeros: bool | None = fields.flag(
        "whether 0 is printed where nothing moved, in the rows Increase / decrease (-) of FF301 and the treasury column of FF305 "
        "Part A; left blank unless said",
        default=None,
    )
    inapplicable_confirmations: Literal["struck out", "removed"] | None = fields.choice(
        "how the confirmations that do not apply are shown: struck out, or removed and the others renumbered; struck out unless "
        "said",
        ("struck out", "removed"),
        default=None,
    )


@checked
class ShareClassCreated(Event):
    """A class of shares came into being, with what the forms print in its heading (FF301 Part I)."""

    share_class: str = fields.name("code of the class in this book: A, B, ordinary")
    class_label: str = fields.text("class of shares as the forms print it: WVR ordinary shares, Ordinary shares")
    type_label: str = fields.text("type of shares as the forms print it: A, B, H", default="Not applicable")
    par_value: Money | None = fields.money("par value of one share; omitted if shares have none", default=None, above_zero=True)
    authorised: bool | Literal["registered"] = fields.flag_or(
        "whether the issuer has authorised capital; no for one incorporated in Hong Kong, and registered for a company of the "
        "PRC, whose registered capital is what is in issue",
        "registered",
        default=True,
    )
    votes_per_share: int = fields.whole(
        "votes of one share on a poll; 0 for shares without votes", unit="votes", minimum=0, default=1
    )
    listed: bool = fields.flag("whether the class is listed on the Exchange", default=False)
    stock_code: str | None = fields.stock_code("five-digit stock code of a listed class", default=None)
    counters: tuple[Counter, ...] = fields.many("further trading counters: 80020 RMB", Counter, "counters", default=())
    description: str | None = fields.text("description, for Other class", default=None)
    votes_exemption: str | None = fields.text(
        "why a share may have more votes than rule 8A.10 allows: in place before chapter 8A", default=None
    )
    capital_per_share: Money | None = fields.money(
        "capital of one share, where the articles state the capital in another currency than the par value: HKD 0.078",
        default=None,
        above_zero=True,
    )

    def __attrs_post_init__(self) -> None:
        if self.capital_per_share is not None and (
            self.par_value is None or self.par_value.currency == self.capital_per_share.currency
        ):
            expected = f"another currency than the par value, {self.par_value}" if self.par_value else "a par value beside it"
            raise fields.FieldError("capital_per_share", f"expected {expected}")


@checked
class ShareClassDetailsChanged(Event):
    """What the forms print in the heading of a class changed from this day; what is omitted stays as it was."""

    share_class: str = fields.name("code of the class of shares")
    class_label: str | None = fields.text("new class of shares as the forms print it", default=None)
    type_label: str | None = fields.text("new type of shares as the forms print it", default=None)
    listed: bool | None = fields.flag("whether the class is listed on the Exchange from this day", default=None)
    stock_code: str | None = fields.stock_code("new five-digit stock code", default=None)
    counters: tuple[Counter, ...] = fields.many("all trading counters from this day: 80020 RMB", Counter, "counters", default=())
    votes_exemption: str | None = fields.text(
        "why a share may have more votes than rule 8A.10 allows: in place before chapter 8A", default=None
    )


@checked
class BalanceBroughtForward(Event):
    """The balances of a class with which the book starts, at close of a day, from a published document.

    The issued shares are given either as a return prints them, or without those pending cancellation.
    """

    share_class: str = fields.name("code of the class of shares")
    issued_excluding_treasury: int | None = fields.whole(
        "issued shares excluding treasury shares, as a return prints them, with those pending cancellation among them",
        minimum=0,
        default=None,
    )
    held: int | None = fields.whole(
        "instead of it, issued shares in members' hands, excluding treasury and pending cancellation", minimum=0, default=None
    )
    treasury: int = fields.whole("treasury shares", minimum=0, default=0)
    pending_cancellation: int = fields.whole("shares repurchased but not yet cancelled", minimum=0, default=0)
    tranches: tuple[PurchaseBroughtForward, ...] = fields.many(
        "purchases that make up those pending: 2024-12-03: 700,000 @ HKD 1.62", PurchaseBroughtForward, "purchases", default=()
    )
    filings_recorded_from: date | None = fields.day(
        "day from which the book records the filing of returns, where that is later than its opening; a return due before it is "
        "never called overdue",
        default=None,
    )

    @property
    def in_members_hands(self) -> int:
        """The issued shares that are neither in treasury nor pending cancellation."""
        return (self.issued_excluding_treasury or 0) - self.pending_cancellation if self.held is None else self.held

    def __attrs_post_init__(self) -> None:
        if (self.held is None) == (self.issued_excluding_treasury is None):
            both = "not both" if self.held is not None else "got neither"
            raise fields.FieldError("issued_excluding_treasury", f"expected issued_excluding_treasury or held, {both}")
        if self.in_members_hands < 0:
            pending = (
                f"at least the {self.pending_cancellation:,} pending cancellation, which are issued until they are cancelled"
            )
            raise fields.FieldError("issued_excluding_treasury", f"expected {pending}, got {self.issued_excluding_treasury:,}")
        listed = sum(tranche.shares for tranche in self.tranches)
        if self.tranches and listed != self.pending_cancellation:
            raise fields.FieldError(
                "tranches", f"expected purchases of {self.pending_cancellation:,} shares in all, got {listed:,}"
            )


@checked
class ShareClassAbolished(Event):
    """A class of shares was taken out of the articles: none is in issue, and none is authorised."""

    share_class: str = fields.name("code of the class of shares")


@checked
class ReturnRemarkChanged(Event):
    """The remark printed under a part of the Monthly Return from this day until it changes, in a nil month too."""

    part: Literal["I", "II", "III(A)", "III(B)", "III(C)", "III(D)", "III(E)", "IV", "V"] = fields.choice(
        "part of FF301", ("I", "II", "III(A)", "III(B)", "III(C)", "III(D)", "III(E)", "IV", "V")
    )
    remark: str = fields.text("words printed under the part; none removes them")


@checked
class AuthorisedCapitalMovement(Event):
    """A change of the number of shares that the issuer may issue (FF301 Part I)."""

    share_class: str = fields.name("code of the class of shares")
    shares: int = fields.whole("number of authorised shares")
    general_meeting_on: date | None = fields.day("day of the general meeting that resolved it", default=None)


@checked
class AuthorisedCapitalIncreased(AuthorisedCapitalMovement):
    """Authorised shares were added to a class, at creation or by resolution."""


@checked
class AuthorisedCapitalReduced(AuthorisedCapitalMovement):
    """Authorised but unissued shares of a class were cancelled."""


EVENTS: tuple[type[Event], ...] = (
    IssuerRegistered,
    IssuerDetailsChanged,
    SignatoryAppointed,
    ReturnSettingsChanged,
    ReturnRemarkChanged,
    ShareClassCreated,
    ShareClassDetailsChanged,
    ShareClassAbolished,
    BalanceBroughtForward,
    AuthorisedCapitalIncreased,
    AuthorisedCapitalReduced,
)
"""The events of this subject, in reading order."""
