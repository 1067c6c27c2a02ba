"""An act that is being thought about: what would be done, what is known of prices and days, and the answers it gets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import attrs

from domain.capital.entries import Entry
from domain.capital.ledger import Ledger
from domain.capital.position import Position
from domain.events import fields
from domain.events.base import checked as with_checked_fields
from domain.law.business_days import Calendar
from domain.law.outcome import NO, NOT_CHECKED
from domain.mandates.status import ISSUE, REPURCHASE, MandateHistory
from domain.public_float.status import ListingDate
from domain.values import Money

BUY_BACK, PLACE, SELL_TREASURY, GRANT = "repurchase", "place", "sell-treasury", "grant"
PLACE_WEIGHTED = "place weighted shares"
"""A placing of a class with weighted voting rights, of which further rules speak."""

PURPOSE: dict[str, str] = {BUY_BACK: REPURCHASE, PLACE: ISSUE, SELL_TREASURY: ISSUE}
"""The purpose of the mandate that an act is done under."""

EMPLOYEE, RELATED_ENTITY, SERVICE_PROVIDER = "employee", "related-entity", "service-provider"
PARTICIPANTS = (EMPLOYEE, RELATED_ENTITY, SERVICE_PROVIDER)
"""To whom a share scheme grants (rule 17.03A): directors are employee participants."""

FIVE = 5
"""Averages of closing prices are over this many trading days."""


@with_checked_fields
class Proposal:
    """An act under consideration. What is left out is not known, and what depends on it is not checked.

    `closes` are the closing prices of the five trading days before, the oldest first; `close` is that of the day of the
    agreement. `public_float` is the number of shares in public hands before the act, `granted_before` what one grantee was
    granted in the twelve months before. Raises FieldError for what cannot be.
    """

    kind: str = fields.choice("what would be done", (BUY_BACK, PLACE, SELL_TREASURY, GRANT))
    on: date = fields.day("day of the act: of the trade, the agreement or the grant")
    shares: int = fields.whole("number of shares")
    share_class: str | None = fields.name("code of the class of shares", default=None)
    price: Money | None = fields.money("price of one share", default=None)
    closes: tuple[Money, ...] = fields.many("closing prices of the five trading days before", Money, "closing prices", default=())
    close: Money | None = fields.money("closing price on the day of the agreement", default=None)
    mandate: str | None = fields.name("code of the mandate", default=None)
    scheme: str | None = fields.name("code of the share scheme", default=None)
    results_on: tuple[date, ...] = fields.many("days on which the board meets to approve results", date, "dates", default=())
    deadline: date | None = fields.day("day by which the next results are to be published", default=None)
    public_float: int | None = fields.whole("shares in public hands", minimum=0, default=None)
    float_percent: Decimal | None = fields.percentage("prescribed minimum of the public float", default=None)
    granted_before: int | None = fields.whole("shares granted to the grantee in twelve months", minimum=0, default=None)
    vests_on: date | None = fields.day("first day of vesting", default=None)
    participant: str | None = fields.choice("who the grantee is", PARTICIPANTS, default=None)

    def __attrs_post_init__(self) -> None:
        if len(self.closes) not in (0, FIVE):
            days = "the five trading days before, the oldest first"
            raise fields.FieldError("closes", f"expected the closing prices of {days}, got {len(self.closes)}")
        prices = [("price", self.price), ("close", self.close), *(("closes", each) for each in self.closes)]
        given = [(name, money) for name, money in prices if money is not None]
        for name, money in given:
            if not money.amount:
                raise fields.FieldError(name, f"expected a price above zero, got {money}")
            if money.currency != given[0][1].currency:
                raise fields.FieldError(name, f"expected {given[0][1].currency}, the currency of {given[0][1]}, got {money}")


@attrs.frozen
class Circumstances:
    """What the book knows on the day of an act, and that act. `starts` is the day whose closing balance the book begins with.

    `recorded` are the entries in effect until close of the day; `calendar` the trading days, None if they are not known.
    """

    proposal: Proposal
    entries: MandateHistory
    starts: date | None
    ledger: Ledger
    recorded: Sequence[Entry]
    traded: tuple[Traded, ...]
    listed: ListingDate | None
    calendar: Calendar | None = None

    @property
    def position(self) -> Position:
        """The position at close of the day."""
        return self.entries.position

    @property
    def year_end(self) -> str | None:
        """The last day of the issuer's financial year, such as 31 December; None if it is not recorded."""
        issuer = self.position.terms.issuer
        return issuer.financial_year_end if issuer else None


@attrs.frozen
class Traded:
    """Own shares bought, or treasury shares sold on the Exchange, on a day; `entry` is its number in the book."""

    on: date
    entry: int
    bought: bool


@attrs.frozen
class CheckResult:
    """What one check says of an act: ok, no, or not checked, with its working, its rule, and how sure we are of that rule."""

    rule: str
    check: str
    answer: str
    working: str
    citation: str
    confidence: str


@attrs.frozen
class ClearanceSheet:
    """All answers about an act, and beside them what is worth knowing but forbids nothing."""

    proposal: Proposal
    answers: tuple[CheckResult, ...]
    notes: tuple[str, ...]

    @property
    def forbidden(self) -> bool:
        """Whether any check says no."""
        return any(each.answer == NO for each in self.answers)

    @property
    def not_checked(self) -> int:
        """How many checks could not be made."""
        return sum(each.answer == NOT_CHECKED for each in self.answers)
