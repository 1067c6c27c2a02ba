"""Lots: shares with what is known of their price, as events give it, and the average of several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

import attrs

from domain.events import Event
from domain.events.structured import Trade
from domain.values import EXACT, MOST_DECIMALS, Money, rounded_quotient, sum_of


@attrs.frozen
class Lot:
    """Shares with what is known of their price: the price of one as it was given, or what was paid for all of them."""

    shares: int
    price: Money | None = None
    paid: Money | None = None

    def part(self, shares: int) -> Lot:
        """Some of the shares, with their part of what was paid."""
        if self.paid is None:
            return Lot(shares, self.price)
        paid = rounded_quotient(EXACT.multiply(self.paid.amount, Decimal(shares)), self.shares, MOST_DECIMALS)
        return Lot(shares, self.price, Money(self.paid.currency, paid))

    @property
    def currency(self) -> str | None:
        """The currency of its price, or of what was paid for it; None if neither is known."""
        known = self.paid or self.price
        return known.currency if known else None

    @property
    def total(self) -> Money | None:
        """What was paid for the lot; None if neither is known."""
        return self.paid or (self.price and self.price.times(self.shares))


def lots_of(event: Event, shares: int, rate: Money | None = None) -> tuple[Lot, ...]:
    """Shares with the price that their event gives, or with what its trades add up to; `rate` where it gives neither.

    Trades in several currencies are a lot in each: they have no average.
    """
    if event.price is not None or not event.trades:
        return (Lot(shares, event.price or rate),)
    apart: dict[str, list[Trade]] = {}
    for trade in event.trades:
        apart.setdefault(trade.paid.currency, []).append(trade)
    return tuple(_lot_of(each) for each in apart.values())


def _lot_of(trades: Sequence[Trade]) -> Lot:
    price = trades[0].price if len(trades) == 1 else None
    return Lot(sum(trade.shares for trade in trades), price, None if price else total_paid(trades))


def total_paid(trades: Sequence[Trade]) -> Money:
    """What was paid in some trades, all in one currency."""
    return Money(trades[0].paid.currency, sum_of(trade.paid.amount for trade in trades))


T = TypeVar("T")


def priced(
    items: Iterable[T], lot: Callable[[T], Lot], decimals: int, *, apart: bool, small: bool
) -> list[tuple[list[T], Money | None]]:
    """Items with the average price of a share; where `apart`, those of each currency, since together they have none."""
    found = list(items)
    currencies = [lot(item).currency for item in found]
    groups = [found]
    if apart and len(set(currencies) - {None}) > 1:
        groups = [
            [item for item, its in zip(found, currencies, strict=True) if its == each] for each in dict.fromkeys(currencies)
        ]
    return [(group, average_price(map(lot, group), decimals, small=small)) for group in groups]


def average_price(lots: Iterable[Lot], decimals: int, *, small: bool = False) -> Money | None:
    """The volume-weighted average price of a share: the price given where there is one, else rounded half up to `decimals`.

    If `small`, one below `LOWEST` has `FEWEST_DIGITS` instead: `decimals` may leave nothing of it. None if there is no lot, a
    lot has no price, or the currencies differ: an average of what is not known is not known.
    """
    found = list(lots)
    given = {lot.price for lot in found}
    if len(given) == 1 and None not in given:
        return found[0].price
    totals = [lot.total for lot in found if lot.total is not None]
    if not found or len(totals) < len(found) or len({total.currency for total in totals}) > 1:
        return None
    paid, shares = sum_of(total.amount for total in totals), sum(lot.shares for lot in found)
    if small and paid and paid < EXACT.multiply(LOWEST, Decimal(shares)):
        first = rounded_quotient(paid, shares, _FAR).adjusted()
        decimals = max(decimals, min(FEWEST_DIGITS - 1 - first, MOST_DECIMALS))
    return Money(totals[0].currency, rounded_quotient(paid, shares, decimals))


LOWEST = Decimal("0.01")
"""No share is quoted below this on the Exchange; options are exercised at less, and shares are bought elsewhere."""
FEWEST_DIGITS = 4
"""Of an average that is lower, without the zeros that it begins with: 0.00001235."""
# Places enough to find the first digit of any amount of money divided by any number of shares.
_FAR = 200
