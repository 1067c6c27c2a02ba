"""Purchases of an issuer's own shares, day by day, as a broker, the book and the returns that were published have them.

The Exchange publishes every morning what was reported to it in Section II of Next Day Disclosure Returns: a row for each issuer,
stock code and trading day. Three records of one day must say the same; each may be missing, or say something else.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from domain.events import SharesRepurchased
from domain.events.structured import Trade
from domain.values import Money, rounded_ratio, sum_of

BROKER, BOOK, PUBLISHED = "broker", "book", "published"

Amounts = tuple[Money, ...]
"""An amount in each currency, in the order of their codes."""


@attrs.frozen
class Bought:
    """What one record says was bought of a class on a day. None is what it does not say.

    `used` are the shares bought under the mandate until that day, `base` the issued shares when it was granted, both shares;
    `percent` is what a published record prints of them.
    """

    shares: int
    highest: Amounts | None = None
    lowest: Amounts | None = None
    paid: Amounts | None = None
    used: int | None = None
    base: int | None = None
    percent: Decimal | None = None


Day = tuple[date, str]
"""A trading day, and the code of a class."""


@attrs.frozen
class PurchaseRecord:
    """One record of purchases: which of the three, what it says of each day, and the days of which it would say something."""

    name: str
    bought: Mapping[Day, Bought]
    days: Container[date] | None = None

    def lacks(self, day: Day) -> bool:
        """Whether it should say something of a day and does not."""
        return day not in self.bought and (self.days is None or day[0] in self.days)


@attrs.frozen
class ComparedDay:
    """A day's purchases of a class: what each record says, what is missing, and the figures that differ, with their values."""

    on: date
    share_class: str
    bought: Mapping[str, Bought]
    missing: tuple[str, ...]
    differs: Mapping[str, Mapping[str, Any]]

    @property
    def agrees(self) -> bool:
        """Whether every record that should say something says the same."""
        return not self.missing and not self.differs


def bought(trades: Iterable[Trade]) -> Bought:
    """A day's trades as one purchase: all shares, and the highest, the lowest and the whole amount in each currency."""
    every = list(trades)
    by_currency = {
        code: [each for each in every if each.paid.currency == code] for code in {each.paid.currency for each in every}
    }

    def amounts(of: Any) -> Amounts:
        return tuple(Money(code, of(each)) for code, each in sorted(by_currency.items()))

    return Bought(
        shares=sum(each.shares for each in every),
        highest=amounts(lambda trades: max((each.price or each.highest).amount for each in trades)),
        lowest=amounts(lambda trades: min((each.price or each.lowest).amount for each in trades)),
        paid=amounts(lambda trades: sum_of(each.paid.amount for each in trades)),
    )


def in_the_book(events: Sequence[SharesRepurchased]) -> Bought:
    """The purchases of a day that a book has. If one of them has no trades, only the number of shares is known."""
    if all(event.trades for event in events):
        return bought(trade for event in events for trade in event.trades)
    return Bought(sum(event.shares for event in events))


# --- What they say together -----------------------------------------------------------------------------------------

_ALONE = {
    (PUBLISHED, frozenset({BOOK})): ("in a return, and not in the book",),
    (PUBLISHED, frozenset({BOOK, BROKER})): ("in a return, and not bought",),
}
_MISSING = {
    PUBLISHED: "bought, and in no return",
    BOOK: "bought, and not in the book",
    BROKER: "not in the broker's sheet",
}


def compared(records: Sequence[PurchaseRecord]) -> tuple[ComparedDay, ...]:
    """Every day of a class of which two records say something, or should."""
    days = sorted({day for record in records for day in record.bought})
    found = (_compared(day, records) for day in days)
    return tuple(each for each in found if len(each.bought) > 1 or each.missing)


def _compared(day: Day, records: Sequence[PurchaseRecord]) -> ComparedDay:
    said = {record.name: record.bought[day] for record in records if day in record.bought}
    lacking = [record.name for record in records if record.lacks(day)]
    alone = (next(iter(said)), frozenset(lacking)) if len(said) == 1 else None
    missing = (
        _ALONE.get(alone) or tuple(_MISSING[name] for name in lacking) if alone else tuple(_MISSING[name] for name in lacking)
    )
    return ComparedDay(*day, said, missing, dict(_differing(said)))


def _differing(said: Mapping[str, Bought]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The figures of which two records that give them say something else."""
    for figure in ("shares", "highest", "lowest", "paid", "used"):
        values = {name: value for name, each in said.items() if (value := getattr(each, figure)) is not None}
        if len(set(values.values())) > 1:
            yield figure, values
    percents = {name: value for name, each in said.items() if (value := _percent(each, said)) is not None}
    if len(set(percents.values())) > 1:
        yield "percent", percents


def _percent(record: Bought, said: Mapping[str, Bought]) -> Decimal | None:
    """The percentage of the issued shares that were bought, to the decimals that the published record prints."""
    printed = next((each.percent for each in said.values() if each.percent is not None), None)
    if record.percent is not None or printed is None or record.used is None or not record.base:
        return record.percent
    exponent = printed.as_tuple().exponent
    return rounded_ratio(Decimal(100 * record.used), Decimal(record.base), -exponent if isinstance(exponent, int) else 0)
