"""What a field of an event holds that has parts of its own: a trading counter, a day's trades, a purchase, an adjusted price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from domain.values import EXACT, Money, grouped


@attrs.frozen
class Counter:
    """A further trading counter of a listed class, printed as the multi-counter stock code: `80020 RMB`."""

    stock_code: str
    currency: str

    def __str__(self) -> str:
        return f"{self.stock_code} {self.currency}"


@attrs.frozen
class Trade:
    """Shares bought or sold on one day by one method, as the reports of Sections II and III list them.

    Either one `price`, or `highest` and `lowest`; `paid` is the aggregate price paid or received. Raises ValueError if
    the highest is below the lowest, the currencies differ, or what was paid lies outside number × [lowest, highest].
    """

    method: str
    shares: int
    paid: Money
    price: Money | None = None
    highest: Money | None = None
    lowest: Money | None = None

    def __attrs_post_init__(self) -> None:
        if type(self.shares) is not int or self.shares < 1:
            raise ValueError(f"expected a whole number of shares above zero, got {self.shares}")
        if not self.method.strip() or not self.method.isprintable():
            raise ValueError("expected a method such as On the Exchange")
        if (self.price is None) == (self.highest is None) or (self.highest is None) != (self.lowest is None):
            raise ValueError("expected either one price, or a highest and a lowest")
        if self.price is not None and self.price.currency != self.paid.currency:
            raise ValueError(f"expected one currency, got {self.price.currency} and {self.paid.currency}")
        if self.highest is not None and self.lowest is not None:
            _check_range(self.shares, self.lowest, self.highest, self.paid)

    def __str__(self) -> str:
        return f"{self.terms} = {self.paid}"

    @property
    def terms(self) -> str:
        """The method, the shares and the price, without the total paid."""
        prices = f"{self.price}" if self.price is not None else f"{self.highest} to {self.lowest}"
        return f"{self.method}: {self.shares:,} @ {prices}"


def amount_text(value: Money | Trade) -> str:
    """An amount or a trade as people read it, with thousands separated in the total paid too."""
    return grouped(value) if isinstance(value, Money) else f"{value.terms} = {grouped(value.paid)}"


def _check_range(shares: int, lowest: Money, highest: Money, paid: Money) -> None:
    if not lowest.currency == highest.currency == paid.currency:
        raise ValueError(f"expected one currency, got {lowest.currency}, {highest.currency} and {paid.currency}")
    if highest.amount < lowest.amount:
        raise ValueError(f"expected a highest price of at least the lowest, {lowest}, got {highest}")
    # Every trade that is read passes here: its amounts are compared as they are, and made into money only to be shown.
    number = Decimal(shares)
    if not EXACT.multiply(lowest.amount, number) <= paid.amount <= EXACT.multiply(highest.amount, number):
        between = f"between {grouped(lowest.times(shares))} and {grouped(highest.times(shares))}"
        raise ValueError(f"expected an amount paid {between} for {shares:,} shares, got {grouped(paid)}")


@attrs.frozen
class PurchaseBroughtForward:
    """Shares bought for cancellation on one day and not yet cancelled, as a book that starts later takes them over.

    `mandate` is the code of the mandate under which they were bought; it is part of what was used before the book begins.
    """

    bought_on: date
    shares: int
    price: Money | None = None
    mandate: str | None = None

    def __attrs_post_init__(self) -> None:
        if type(self.shares) is not int or self.shares < 1:
            raise ValueError(f"expected a whole number of shares above zero, got {self.shares}")

    def __str__(self) -> str:
        price = f" @ {self.price}" if self.price is not None else ""
        return f"{self.bought_on}: {self.shares:,}{price}" + (f" under {self.mandate}" if self.mandate is not None else "")


@attrs.frozen
class AdjustedPrice:
    """The price of a right to shares after a reorganisation, where the old one does not divide: `cb-2027: HKD 0.3333`."""

    right: str
    price: Money

    def __str__(self) -> str:
        return f"{self.right}: {self.price}"


def names_another_exchange(method: str) -> bool:
    """Whether a method of trading names an exchange other than The Stock Exchange of Hong Kong Limited.

    The note of Section II knows four: the Exchange, another one, which is named, private arrangement and general offer.
    """
    return bool(method) and not any(words in method.lower() for words in _NOT_ANOTHER)


def is_off_market(method: str) -> bool:
    """Whether a method of trading is on no exchange: private arrangement, general offer, or other words for the same."""
    return any(words in method.lower() for words in _OFF_MARKET)


_OFF_MARKET = "private", "offer", "off-market", "off market", "off-exchange", "counter"
_NOT_ANOTHER = "on the exchange", "hong kong", "sehk", *_OFF_MARKET
