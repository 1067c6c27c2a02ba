"""Buy-backs: shares bought or redeemed by the issuer, cancelled or held in treasury, and treasury shares sold."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events import fields
from domain.events.base import ClassMovement, Event, checked
from domain.events.structured import Trade
from domain.values import Money


@checked
class TradedShares(ClassMovement):
    """Shares of the issuer that changed hands on one day, with the day's trades, on exchanges of one currency or several."""

    price: Money | None = fields.money(
        "price of one share; the volume-weighted average where there were several in one currency", default=None
    )
    mandate: str | None = fields.name("code of the general mandate it uses", default=None)
    general_meeting_on: date | None = fields.day("day of the general meeting that approved it, without a mandate", default=None)
    trades: tuple[Trade, ...] = fields.many(
        "the day's trades by method: On the Exchange: 700,000 @ HKD 1.62 to HKD 1.58 = HKD 1,120,000", Trade, "trades", default=()
    )

    def __attrs_post_init__(self) -> None:
        if not self.trades:
            return
        traded = sum(trade.shares for trade in self.trades)
        if traded != self.shares:
            raise fields.FieldError("trades", f"expected trades of {self.shares:,} shares in all, got {traded:,}")
        currencies = {trade.paid.currency for trade in self.trades}
        if self.price is not None and currencies != {self.price.currency}:
            paid = " and ".join(sorted(currencies))
            raise fields.FieldError("price", f"expected the average of trades in {paid}, or none, got {self.price}")


@checked
class SharesRepurchased(TradedShares):
    """The issuer bought its own shares back, for cancellation or to be held in treasury (rule 10.06)."""

    intention: Literal["cancellation", "treasury"] = fields.choice(
        "what the shares were bought for", ("cancellation", "treasury")
    )


@checked
class RepurchasedSharesCancelled(ClassMovement):
    """Shares repurchased for cancellation were cancelled; only now do they leave the issued shares.

    `bought_on` names the trading days whose shares are cancelled; if it names none, the oldest are cancelled first.
    """

    price: Money | None = fields.money(
        "volume-weighted average price at which they were bought; computed if omitted", default=None
    )
    mandate: str | None = fields.name("code of the repurchase mandate under which they were bought", default=None)
    bought_on: tuple[date, ...] = fields.many("trading days whose shares are cancelled", date, "dates", default=())


@checked
class SharesRedeemed(ClassMovement):
    """Redeemable shares were redeemed, and cancelled at once or left pending cancellation."""

    price: Money | None = fields.money("redemption price of one share", default=None)
    cancelled: bool = fields.flag("whether the shares were cancelled on redemption", default=True)


@checked
class RedeemedSharesCancelled(ClassMovement):
    """Shares redeemed earlier and pending cancellation were cancelled, the oldest first."""

    price: Money | None = fields.money("redemption price of one share; computed if omitted", default=None)


@checked
class TreasurySharesSold(TradedShares):
    """Treasury shares were sold, on the Exchange or otherwise (rule 10.06B)."""


@checked
class TreasurySharesCancelled(ClassMovement):
    """Treasury shares were cancelled."""


EVENTS: tuple[type[Event], ...] = (
    SharesRepurchased,
    RepurchasedSharesCancelled,
    SharesRedeemed,
    RedeemedSharesCancelled,
    TreasurySharesSold,
    TreasurySharesCancelled,
)
"""The events of this subject, in reading order."""
