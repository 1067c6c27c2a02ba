"""Shares bought or redeemed for cancellation, tranche by tranche, until they are cancelled."""

from __future__ import annotations

import functools
from datetime import date
from typing import Any

import attrs

from domain import events
from domain.events import Event
from domain.facts import Unfit
from domain.securities import EXACT, Money, rounded_quotient

# The decimals at which the price of a day's trades is averaged: enough that no printed average is rounded twice visibly.
PRICE_DECIMALS = 12


@attrs.frozen
class Tranche:
    """What is left, in shares, of one purchase pending cancellation; `redeemed` tells redemptions from repurchases."""

    entry: int
    bought_on: date
    shares: int
    price: Money | None = None
    redeemed: bool = False
    mandate: str | None = None


Tranches = tuple[Tranche, ...]


def bought(number: int, event: Any, shares: int) -> Tranches:
    """The tranches that an event adds to those pending: one, or those that a book which starts later takes over."""
    if isinstance(event, events.BalanceBroughtForward) and event.tranches:
        return tuple(Tranche(number, each.bought_on, each.shares, each.price) for each in event.tranches)
    redeemed = isinstance(event, events.SharesRedeemed)
    mandate = getattr(event, "mandate", None)
    return (Tranche(number, event.effective_on, shares, price_of(event), redeemed, mandate),)


def price_of(event: Any, decimals: int = PRICE_DECIMALS) -> Money | None:
    """The price that an event gives for a share, or the volume-weighted average of its trades."""
    price: Money | None = getattr(event, "price", None)
    trades = getattr(event, "trades", ())
    if price is not None or not trades:
        return price
    if len(trades) == 1 and trades[0].price is not None:
        only: Money = trades[0].price
        return only
    return average_paid(trades, decimals)


def average_paid(trades: Any, decimals: int) -> Money:
    """What was paid for all the shares of some trades, divided by their number, rounded half up to `decimals` places."""
    paid = functools.reduce(EXACT.add, (trade.paid.amount for trade in trades))
    return Money(trades[0].paid.currency, rounded_quotient(paid, sum(trade.shares for trade in trades), decimals))


def taken(tranches: Tranches, event: Event, shares: int) -> tuple[Tranches, Tranches]:
    """What a cancellation takes, and what it leaves: the days it names, or the oldest first.

    Raises Unfit where the days named hold fewer shares, or its price is in another currency than theirs.
    """
    named: tuple[date, ...] = getattr(event, "bought_on", ())
    took: list[Tranche] = []
    left: list[Tranche] = []
    for tranche in tranches:
        part = min(tranche.shares, shares) if not named or tranche.bought_on in named else 0
        shares -= part
        took += [attrs.evolve(tranche, shares=part)] if part else []
        left += [attrs.evolve(tranche, shares=tranche.shares - part)] if tranche.shares > part else []
    if named and shares:
        raise Unfit("bought_on", f"the shares bought on the days named and still pending are {shares:,} too few")
    _check_currency(took, event)
    return tuple(took), tuple(left)


def _check_currency(took: list[Tranche], event: Event) -> None:
    price: Money | None = getattr(event, "price", None)
    for tranche in took if price else []:
        if price and tranche.price and tranche.price.currency != price.currency:
            raise Unfit("price", f"expected {tranche.price.currency}, in which the shares were bought, got {price.currency}")


def scaled(tranches: Tranches, times: int, by: int) -> Tranches:
    """Tranches after a subdivision or consolidation; rounded so that they still add up to the account's balance."""
    result, before, after = [], 0, 0
    for tranche in tranches:
        before += tranche.shares
        whole = before * times // by - after
        after += whole
        result += [attrs.evolve(tranche, shares=whole)] if whole else []
    return tuple(result)
