"""The fills of a day as one report: a trade for each method and currency, with what was paid for all of them, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from domain import errors
from domain.capital.lots import Lot, average_price
from domain.events import Event
from domain.events.structured import Trade
from domain.values import EXACT, Money
from infrastructure.files.spreadsheets import concepts
from infrastructure.files.spreadsheets.rows import ReadRow
from infrastructure.readers.values import types_of

ON_THE_EXCHANGE = "On the Exchange"
_ITS_NAMES = frozenset((
    "exchange", "hkex", "sehk", "xhkg", "hk", "hkg", "hong kong", "the exchange", "on the exchange", "on exchange", "on-exchange",
    "on market", "on-market",
    "the stock exchange of hong kong limited", "stock exchange of hong kong", "main board",
    "聯交所", "联交所", "香港聯交所", "香港联交所", "港交所",
))  # fmt: skip

_OF_A_TRADE = frozenset((*("shares", "price", "highest", "lowest", "amount", "method"), concepts.DAY))
_CENT = Decimal("0.005")


class NoTrade(errors.BadInput, ValueError):
    """A row that is no trade; the message says what was expected."""


@attrs.define(eq=False)
class _Sum:
    """Trades of one day, method and currency, added up."""

    shares: int = 0
    paid: Decimal = Decimal(0)
    lowest: Decimal | None = None
    highest: Decimal | None = None
    fills: int = 0

    def add(self, shares: int, lowest: Decimal, highest: Decimal, paid: Decimal) -> None:
        self.shares += shares
        self.paid = EXACT.add(self.paid, paid)
        self.lowest = lowest if self.lowest is None or lowest < self.lowest else self.lowest
        self.highest = highest if self.highest is None or highest > self.highest else self.highest
        self.fills += 1

    def trade(self, method: str, currency: str) -> Trade:
        assert self.lowest is not None  # noqa: S101
        assert self.highest is not None  # noqa: S101
        paid = Money(currency, self.paid)
        if self.lowest == self.highest:
            return Trade(method, self.shares, paid, price=Money(currency, self.lowest))
        return Trade(method, self.shares, paid, highest=Money(currency, self.highest), lowest=Money(currency, self.lowest))


Key = tuple[type[Event], date, tuple[tuple[str, Any], ...]]


@attrs.define(eq=False)
class DayReport:
    """What was traded on a day for one purpose: the first and last of its rows, and its trades by method and currency."""

    kind: type[Event]
    on: date
    further: tuple[tuple[str, Any], ...]
    first: int
    last: int
    sums: dict[tuple[str, str], _Sum] = attrs.field(factory=dict)

    @property
    def fills(self) -> tuple[int, ...]:
        """How many rows make each of its trades."""
        return tuple(each.fills for each in self.sums.values())

    @property
    def trades(self) -> tuple[Trade, ...]:
        """A trade for each method and currency. Raises ValueError if they cannot be one."""
        return tuple(each.trade(*key) for key, each in self.sums.items())

    def written(self) -> dict[str, Any]:
        """The fields of the fact."""
        trades = self.trades
        return {"effective_on": self.on, "shares": sum(each.shares for each in trades), "trades": trades, **dict(self.further)}


def average(trade: Trade) -> Money | None:
    """The volume-weighted price of a share of a trade, rounded half up to six places, or to four digits if it is small."""
    return average_price([Lot(trade.shares, None, trade.paid)], 6, small=True)


class DayReports:
    """The reports of a sheet, by day."""

    def __init__(self) -> None:
        self.by_key: dict[Key, DayReport] = {}

    def add(self, row: ReadRow) -> None:
        """Add a fill, or a day's trades in one row. Raises NoTrade."""
        said = row.said
        shares, lowest, highest, paid, currency = _traded(said)
        known = types_of(row.kind).keys() - _OF_A_TRADE
        further = tuple(sorted((name, value) for name, value in said.items() if name in known))
        key = row.kind, said[concepts.DAY], further
        report = self.by_key.get(key)
        if report is None:
            report = self.by_key[key] = DayReport(row.kind, said[concepts.DAY], further, row.row, row.row)
        report.last = row.row
        its = method_of(said.get("method")), currency
        report.sums.setdefault(its, _Sum()).add(shares, lowest, highest, paid)

    def __iter__(self) -> Iterator[DayReport]:
        return iter(sorted(self.by_key.values(), key=lambda report: report.on))


def method_of(said: str | None) -> str:
    """A method as Section II names it; the Exchange where nothing is said."""
    return ON_THE_EXCHANGE if said is None or said.strip().casefold() in _ITS_NAMES else said.strip()


def _traded(said: Mapping[str, Any]) -> tuple[int, Decimal, Decimal, Decimal, str]:
    """Shares, lowest and highest price, what was paid, and the currency of a row."""
    shares: int = said["shares"]
    if shares < 1:
        raise NoTrade(f"expected a number of shares above zero, got {shares:,}")
    price, highest, lowest, amount = (_money(said, name) for name in ("price", "highest", "lowest", "amount"))
    if highest is not None and lowest is not None:
        # A price beside them is their average.
        price, low, high = None, lowest, highest
    elif (one := price or (highest if amount is not None else None)) is not None:
        # One price for all stands in the column of the highest, where a sheet has no other; the amount must go with it.
        price = low = high = one
    else:
        raise NoTrade("expected a price, or a highest and a lowest price with the amount paid")
    currencies = {each.currency for each in (low, high, amount) if each is not None}
    if len(currencies) > 1:
        raise NoTrade(f"expected one currency, got {' and '.join(sorted(currencies))}")
    return shares, low.amount, high.amount, _paid(shares, low.amount, high.amount, amount, price), low.currency


def _money(said: Mapping[str, Any], name: str) -> Money | None:
    found: Money | None = said.get(name)
    return found


def _paid(shares: int, low: Decimal, high: Decimal, amount: Money | None, price: Money | None) -> Decimal:
    """What was paid: the amount that is given, where it goes with the prices; else number × price."""
    least, most = (EXACT.multiply(each, Decimal(shares)) for each in (low, high))
    if amount is None:
        if least != most:
            raise NoTrade("expected the amount paid beside a highest and a lowest price")
        return least
    if price is not None:
        # An amount is rounded to the cent; and a price of more decimals than two may be an average that is rounded.
        half = EXACT.multiply(EXACT.scaleb(Decimal(5), -(price.decimals + 1)), Decimal(shares)) if price.decimals > 2 else _CENT
        least, most = EXACT.subtract(least, max(_CENT, half)), EXACT.add(most, max(_CENT, half))
    if not least <= amount.amount <= most:
        raise NoTrade(f"expected an amount between {least:,f} and {most:,f} for {shares:,} shares, got {amount.amount:,f}")
    return amount.amount
