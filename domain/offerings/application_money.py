"""What an applicant pays for shares of a public offer, and whether a published table of it says the same.

The price of the shares, and on it brokerage, levies and fee at the rates of the day: each is rounded half up to the cent on
its own, and the amount payable is their sum.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import attrs

from domain.law.parameters import AFRC_LEVY, BROKERAGE, SFC_LEVY, TRADING_FEE, Parameter, weakest
from domain.law.rule import Finding
from domain.values import EXACT, Money, rounded_ratio, sum_of

CHARGES: tuple[Parameter[Decimal], ...] = (BROKERAGE, SFC_LEVY, TRADING_FEE, AFRC_LEVY)
"""What is payable beside the price of the shares, in percent of it."""

CENTS = 2


@attrs.frozen
class Charge:
    """One charge on an application: what it is, its rate in percent, its amount in cents."""

    parameter: Parameter[Decimal]
    rate: Decimal
    amount: Money


@attrs.frozen
class ApplicationAmount:
    """What is payable on application for a number of shares, part by part."""

    shares: int
    consideration: Money
    charges: tuple[Charge, ...]

    @property
    def payable(self) -> Money:
        """The sum of the parts."""
        parts = (self.consideration.amount, *(charge.amount.amount for charge in self.charges))
        return Money(self.consideration.currency, sum_of(parts))

    def __str__(self) -> str:
        parts = (self.consideration, *(charge.amount for charge in self.charges))
        return f"{cents(self.payable)} = {' + '.join(cents(part) for part in parts if part.amount)}"


def cents(amount: Money) -> str:
    """An amount as the table prints it, without its currency: 8,060.42."""
    return f"{amount.amount:,.2f}"


def amount_payable(shares: int, price: Money, day: date, lots: Sequence[int] | None = None) -> ApplicationAmount:
    """What is payable for shares at a price of one, at the rates of a day; lots are the numbers that may be applied for.

    Raises ValueError if shares is no whole number above zero or none of the lots, the price is zero, a number is too long
    to compute with, or a rate of the day is not known.
    """
    if type(shares) is not int or shares < 1:
        raise ValueError(f"expected a whole number of shares above zero, got {shares}")
    if lots is not None and shares not in lots:
        raise ValueError(f"{shares:,} shares cannot be applied for; the nearest numbers are {_nearest(shares, lots)}")
    if not price.amount:
        raise ValueError("expected an offer price above zero")
    try:
        exact = price.times(shares)
        charges = tuple(_charge(parameter, exact, day) for parameter in CHARGES)
        return ApplicationAmount(shares, _percent(exact, Decimal(100)), charges)
    except ArithmeticError:
        raise ValueError("the number of shares or the price has too many digits") from None


def _nearest(shares: int, lots: Sequence[int]) -> str:
    below, above = [lot for lot in lots if lot < shares], [lot for lot in lots if lot > shares]
    return " and ".join(f"{lot:,}" for lot in (*([max(below)] if below else []), *([min(above)] if above else [])))


def _charge(parameter: Parameter[Decimal], consideration: Money, day: date) -> Charge:
    rate = parameter.at(day)
    return Charge(parameter, rate, _percent(consideration, rate))


def _percent(consideration: Money, rate: Decimal) -> Money:
    scaled = EXACT.multiply(consideration.amount, rate)
    return Money(consideration.currency, rounded_ratio(scaled, Decimal(100), CENTS))


# The ladder of the published table: up to so many board lots, in steps of so many.
LADDER = ((10, 1), (50, 5), (100, 10), (1_000, 100), (10_000, 1_000), (100_000, 10_000))


def ladder(board_lot: int, maximum: int) -> tuple[int, ...]:
    """The numbers of shares that may be applied for, in the pattern common to published tables, ended by the maximum.

    Raises ValueError if the maximum is no multiple of the board lot, or above 100,000 of them.
    """
    if board_lot < 1 or maximum < 1 or maximum % board_lot or maximum > board_lot * LADDER[-1][0]:
        raise ValueError(f"expected a maximum of 1 to {LADDER[-1][0]:,} board lots of {board_lot:,}, got {maximum:,} shares")
    starts = (0, *(upto for upto, _ in LADDER))
    lots = (lots for start, (upto, step) in zip(starts, LADDER, strict=False) for lots in range(start + step, upto + 1, step))
    return (*(board_lot * lot for lot in lots if board_lot * lot < maximum), maximum)


def application_table(price: Money, day: date, lots: Iterable[int]) -> tuple[ApplicationAmount, ...]:
    """The whole table, in the order of the lots. Raises ValueError as amount_payable does."""
    return tuple(amount_payable(shares, price, day) for shares in lots)


@attrs.frozen
class PrintedAmount:
    """A row of a published table, as printed on a line of its text; None is what cannot be read as a number."""

    shares_text: str
    text: str
    line: int
    shares: int | None
    amount: Decimal | None


@attrs.frozen
class CheckedRow:
    """A printed row beside what the computation expects; None if the number of shares cannot be read."""

    printed: PrintedAmount
    expected: ApplicationAmount | None

    @property
    def agrees(self) -> bool:
        """Whether the row reproduces."""
        return self.expected is not None and self.printed.amount == self.expected.payable.amount


def check_table(rows: Iterable[PrintedAmount], price: Money, day: date) -> tuple[CheckedRow, ...]:
    """Every row of a printed table beside what is expected of it, by rising shares, the unreadable last."""
    ordered = sorted(rows, key=lambda row: (row.shares is None, row.shares or 0, row.line))
    return tuple(CheckedRow(row, None if row.shares is None else amount_payable(row.shares, price, day)) for row in ordered)


def misprints(checked: Iterable[CheckedRow]) -> tuple[Finding, ...]:
    """A finding for every row that does not reproduce, and for every number of shares that stands twice."""
    rows = tuple(checked)
    found = [_misprint(row) for row in rows if not row.agrees]
    times = Counter(row.printed.shares for row in rows if row.printed.shares is not None)
    found += [_finding(f"{shares:,} shares stand in {count} rows") for shares, count in times.items() if count > 1]
    return tuple(found)


def _misprint(row: CheckedRow) -> Finding:
    printed = row.printed
    if row.expected is None:
        return _finding(f"line {printed.line}: {printed.shares_text} beside {printed.text} is not a number of shares")
    said = printed.text if printed.amount is not None else f"{printed.text}, which is no number"
    return _finding(f"line {printed.line}: {row.expected.shares:,} shares: printed {said}; expected {row.expected}")


def _finding(message: str) -> Finding:
    citation, confidence = "application-amount table", weakest(CHARGES)
    return Finding(code="HK701", message=message, entries=(), citation=citation, confidence=confidence)
