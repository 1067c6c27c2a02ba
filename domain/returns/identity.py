"""A statement that must be true of some cells of a return, and the arithmetic that tests it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs

from domain.returns.cells import Percentage, PrintedPercentage
from domain.values import EXACT, Money, rounded_ratio, sum_of

Test = Callable[[Sequence[Any]], bool | None]
"""Whether a statement is true of the values of its cells, in their order; None if too little is printed to say."""


@attrs.frozen
class Identity:
    """A statement about cells, named by their paths.

    `pins` are the cells to which it leaves one value once the others are given; an order of days pins none. `blames` are those
    that are wrong, one or more of them, where it fails: all, if it names none. One that only `confirms` is usual, not required:
    that it fails says nothing against the return. `lists` are those of which a missing item would make it fail.
    """

    says: str
    cells: tuple[str, ...]
    test: Test
    pins: tuple[str, ...] = ()
    confirms: bool = False
    lists: tuple[str, ...] = ()
    blames: tuple[str, ...] = attrs.field(default=attrs.Factory(lambda self: self.cells, takes_self=True))

    def holds(self, values: Mapping[str, Any]) -> bool | None:
        """Whether it is true of the values of cells by their paths."""
        return self.test([values.get(path) for path in self.cells])


def pinning(says: str, cells: Sequence[str], test: Test, *, confirms: bool = False, lists: tuple[str, ...] = ()) -> Identity:
    """An identity that pins every one of its cells."""
    return Identity(says, tuple(cells), test, tuple(cells), confirms, lists)


# --- Numbers --------------------------------------------------------------------------------------------------------
# A blank cell adds nothing, as `0` does.


def adds_up(values: Sequence[int | Decimal | None]) -> bool:
    """Whether the first is the sum of the others."""
    total, *parts = (Decimal(value or 0) for value in values)
    return sum_of(parts) == total


def adds_up_but_for(sign_of: int) -> Test:
    """Whether the first is the sum of the others; the last `sign_of` of them may be printed as decreases or without a sign."""

    def test(values: Sequence[int | None]) -> bool:
        total, *parts = (value or 0 for value in values)
        added, taken = parts[: len(parts) - sign_of], parts[len(parts) - sign_of :]
        return total in (sum(added) + sum(taken), sum(added) - sum(taken))

    return test


def adds_up_with_decreases(last: int) -> Test:
    """Whether the first is the sum of the others, of which so many at the end are decreases elsewhere, with or without a sign."""

    def test(values: Sequence[int | None]) -> bool:
        total, *parts = (value or 0 for value in values)
        first = len(parts) - last
        return total == sum(parts[:first]) + sum(map(abs, parts[first:]))

    return test


def same(values: Sequence[Any]) -> bool | None:
    """Whether all are the same; None if one is blank."""
    return None if None in values else len(set(values)) == 1


def same_or_blank(values: Sequence[int | None]) -> bool:
    """Whether numbers are the same, a blank counted as 0."""
    return len({value or 0 for value in values}) == 1


def is_the_lesser(values: Sequence[int | None]) -> bool | None:
    """Whether the second of two numbers is not greater than the first."""
    more, less = values
    return None if None in values else (less or 0) <= (more or 0)


# --- Money ----------------------------------------------------------------------------------------------------------


def is_product(values: Sequence[Any]) -> bool | None:
    """Whether a number times a price is an amount: `(number, price, amount)`. A price of 0 says nothing of the number."""
    number, price, amount = values
    if None in values or not price.amount:
        return None
    if price.currency != amount.currency:
        return False
    return bool(EXACT.multiply(price.amount, Decimal(number)) == amount.amount)


def amounts_add_up(values: Sequence[Money | None]) -> bool | None:
    """Whether the first is the sum of those of the others that are in its currency."""
    total, *parts = values
    if total is None:
        return None
    found = [part.amount for part in parts if part is not None and part.currency == total.currency]
    return bool(found) and sum_of(found) == total.amount


def one_of_each_currency(totals: int) -> Test:
    """Whether so many totals are one for each currency of the amounts after them."""

    def test(values: Sequence[Money | None]) -> bool | None:
        first, rest = ([each.currency for each in part if each is not None] for part in (values[:totals], values[totals:]))
        return sorted(first) == sorted(set(rest)) if rest else None

    return test


USUAL_DECIMALS = 4


def is_average(values: Sequence[Any]) -> bool | None:
    """Whether a price is an amount divided by a number, rounded to the decimals it has: `(number, price, amount)`.

    One that is rounded to fewer decimals than prices mostly have may have lost its last digits: of it nothing can be said.
    """
    number, price, amount = values
    if None in values or number <= 0:
        return None
    if price.currency != amount.currency or rounded_ratio(amount.amount, Decimal(number), price.decimals) != price.amount:
        return False
    return True if price.decimals >= USUAL_DECIMALS or is_product(values) else None


def lies_between(values: Sequence[Any]) -> bool | None:
    """Whether an amount lies between a number at its lowest and at its highest price: `(number, highest, lowest, amount)`."""
    number, highest, lowest, amount = values
    if None in values or len({highest.currency, lowest.currency, amount.currency}) > 1:
        return None if None in values else False
    least, most = (EXACT.multiply(price.amount, Decimal(number)) for price in (lowest, highest))
    return bool(lowest.amount <= highest.amount and least <= amount.amount <= most)


def is_premium(values: Sequence[Any]) -> bool | None:
    """Whether a discount is the issue price over the closing price, less one, in per cent: `(issue, closing, discount)`."""
    issue, close, discount = values
    if None in values or not close.amount or issue.currency != close.currency:
        return None
    above = EXACT.subtract(issue.amount, close.amount)
    return bool(rounded_ratio(EXACT.multiply(above, Decimal(100)), close.amount, 2) == discount)


# --- Percentages ----------------------------------------------------------------------------------------------------

FEWEST_DECIMALS = 2


def decimals_of(percentages: Sequence[Percentage | PrintedPercentage | None]) -> int:
    """How many decimals an issuer prints percentages with, as far as those printed show; zeros at the end are not printed."""
    return max([FEWEST_DECIMALS, *(len(str(each).partition(".")[2]) for each in percentages if each is not None)])


def rounds_to(shares: int, base: int, percentage: PrintedPercentage, decimals: int) -> bool:
    """Whether shares are, unsigned, so many per cent of a base."""
    return base > 0 and rounded_ratio(Decimal(100 * abs(shares)), Decimal(base), decimals) == percentage.rounded


# --- Days -----------------------------------------------------------------------------------------------------------


def in_order(values: Sequence[date | None]) -> bool | None:
    """Whether days follow each other, or are the same; those that are blank are passed over."""
    days = [day for day in values if day is not None]
    return None if len(days) < 2 else days == sorted(days)


def last_is(after: timedelta = timedelta()) -> Test:
    """Whether the first is the last of the other days, or so long after it."""

    def test(values: Sequence[date | None]) -> bool | None:
        day, *others = values
        known = [each for each in others if each is not None]
        return None if day is None or not known else day == max(known) + after

    return test
