"""Exact amounts of money, percentages and days: as the forms and our sentences write them, and months from one to another."""

from __future__ import annotations

import calendar
import functools
import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact
from fractions import Fraction

# Arithmetic on money must be exact: a context that refuses to round, wide enough for sums of any number of shares that a
# field holds times a price of as many digits and twenty decimal places.
_WIDE = 400
EXACT = Context(prec=_WIDE, traps=[Inexact])

CURRENCIES = frozenset([
    "AED", "AUD", "BRL", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "HKD", "IDR", "ILS",
    "INR", "JPY", "KRW", "KZT", "MOP", "MXN", "MYR", "NOK", "NZD", "PHP", "PKR", "PLN",
    "RMB", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "VND", "ZAR",
])  # fmt: skip
"""Currency codes accepted: ISO 4217, and `RMB` as the exchange's forms print it."""

MOST_DECIMALS = 20
_AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,20})?")


class Money:
    """An exact amount of a currency, written as the forms print it: `HKD 1.5`, `USD 0.000000025`.

    Never negative, at most 20 decimal places; trailing zeros carry no meaning (`HKD 1.50` equals `HKD 1.5`).
    Raises ValueError if the text is not a known currency, a space and a plain decimal number.
    """

    __slots__ = ("amount", "currency")
    currency: str
    amount: Decimal

    def __init__(self, currency: str, amount: Decimal) -> None:
        if currency not in CURRENCIES:
            raise ValueError(f"unknown currency {currency!r}; expected an ISO code such as HKD, USD or CNY")
        if not amount.is_finite() or amount < 0:
            raise ValueError(f"expected an amount of money that is not negative, got {amount}")
        # Nothing but digits is written as it should be; most amounts that are read are.
        if not str(amount).isdigit():
            # copy_abs keeps every digit; abs would round to those of the default context.
            digits = plain(amount.copy_abs())
            if len(digits.partition(".")[2]) > MOST_DECIMALS:
                raise ValueError(f"expected an amount of at most {MOST_DECIMALS} decimal places, got {digits}")
            amount = Decimal(digits)
        object.__setattr__(self, "currency", currency)
        object.__setattr__(self, "amount", amount)

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read `HKD 1.5`; thousands may be set apart by commas. Raises ValueError otherwise."""
        currency, _, amount = text.strip().partition(" ")
        if not _AMOUNT.fullmatch(amount.strip()):
            raise ValueError(f"expected a currency and an amount such as HKD 1.5, got {text!r}")
        return cls(currency, Decimal(amount.strip().replace(",", "")))

    def times(self, number: int) -> Money:
        """The amount multiplied by a whole number, exactly."""
        return Money(self.currency, EXACT.multiply(self.amount, Decimal(number)))

    def divided(self, number: int) -> Money:
        """The amount divided by a whole number, exactly. Raises ValueError if it does not divide."""
        try:
            return Money(self.currency, EXACT.divide(self.amount, Decimal(number)))
        except Inexact:
            raise ValueError(f"{self} does not divide by {number:,}") from None

    @property
    def decimals(self) -> int:
        """How many decimal places the amount has; those that are zero at its end do not count."""
        return len(plain(self.amount).partition(".")[2])

    def hundredths(self) -> int:
        """The amount in hundredths of its currency. Raises ValueError if it has more than two decimal places."""
        scaled = EXACT.multiply(self.amount, Decimal(100))
        if scaled != scaled.to_integral_value():
            raise ValueError(f"expected an amount of at most two decimal places, got {self}")
        return int(scaled)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("Money is immutable")

    def __reduce__(self) -> tuple[object, ...]:
        return Money, (self.currency, self.amount)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Money) and (self.currency, self.amount) == (other.currency, other.amount)

    def __hash__(self) -> int:
        return hash((self.currency, self.amount))

    def __str__(self) -> str:
        return f"{self.currency} {plain(self.amount)}"

    def __repr__(self) -> str:
        return f"Money({str(self)!r})"


def plain(number: Decimal) -> str:
    """A decimal without exponent or trailing zeros, as the forms print prices and par values: 0.000000025."""
    digits = format(number, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


_DIVISION = Context(prec=_WIDE)


def grouped(amount: Money) -> str:
    """An amount as people write it: HKD 1,120,000."""
    return f"{amount.currency} {amount.amount:,f}"


def sum_of(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of amounts, exactly."""
    return functools.reduce(EXACT.add, amounts, Decimal(0))


def rounded_quotient(amount: Decimal, number: int, decimals: int) -> Decimal:
    """An amount divided by a whole number, rounded once, half up, to `decimals` places."""
    return rounded_ratio(amount, Decimal(number), decimals)


def rounded_ratio(amount: Decimal, by: Decimal, decimals: int) -> Decimal:
    """One amount divided by another, rounded half up to `decimals` places; the wide division before it rounds nothing away."""
    return _DIVISION.divide(amount, by).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _DIVISION)


def percent(value: Fraction, limit: Fraction | None = None, places: int = 1) -> str:
    """A fraction rounded half up, with as many decimals as it takes not to be written as a limit that it is not."""
    rounded = _rounded(value, places)
    while limit is not None and value != limit and Fraction(rounded) == limit:
        places += 1
        rounded = _rounded(value, places)
    return f"{rounded:f}"


def _rounded(value: Fraction, places: int) -> Decimal:
    scaled = value * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-places, EXACT)


def count_of_shares(number: int) -> str:
    """A number of shares as sentences say it: 1 share, 2,000 shares."""
    return f"{number:,} share" + ("" if number == 1 else "s")


def left_text(shares: int) -> str:
    """What is left of a limit: `2,000`, or `exceeded by 2,000`."""
    return f"exceeded by {-shares:,}" if shares < 0 else f"{shares:,}"


def day_text(day: date) -> str:
    """A day as the forms and our sentences write it, without a leading zero: 6 January 2025."""
    return f"{day:%-d %B %Y}"


def months_after(day: date, months: int) -> date:
    """The corresponding day some months later, or earlier; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = month_end_of(date(year, month + 1, 1))
    return last.replace(day=min(day.day, last.day))


@functools.lru_cache(maxsize=1024)
def month_end_of(day: date) -> date:
    """The last day of the month of a day."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_end_before(day: date) -> date:
    """The last day of the month before that of a day."""
    return day.replace(day=1) - timedelta(days=1)
