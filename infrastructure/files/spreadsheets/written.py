"""Numbers, days and money as people and spreadsheets write them. Nothing is rounded, and no day is guessed.

A workbook keeps every number as a float. One that is whole is taken up to 2^53, the last before which each has its own
float; the decimals of a price are those that the workbook shows, of at most 15 digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from domain.values import CURRENCIES, Money
from infrastructure.files.spreadsheets.sheets import Value
from infrastructure.readers import notation, values
from infrastructure.readers.values import FIRST_YEAR, LAST_YEAR, UnreadableValue, quoted

LARGEST_WHOLE_FLOAT = 2**53
SHOWN_DIGITS = 15
"""As many digits as Excel shows of a number, and keeps of one that is typed."""

# --- numbers --------------------------------------------------------------------------------------------------------

_SHARES_UNIT = re.compile(r" *(?:shares?|options?|股)$", re.IGNORECASE)


def whole(value: Value) -> int:
    """A whole number: 1,865,000,000, 1865000000.0, `700,000 shares`, or (700,000) for a decrease. Raises UnreadableValue."""
    if isinstance(value, float):
        return _whole_float(value)
    if isinstance(value, str):
        return values.whole(_negative(_SHARES_UNIT.sub("", value.strip()).removesuffix(".0").removesuffix(".00")))
    return values.whole(value)


def _whole_float(value: float) -> int:
    if not value.is_integer():
        raise UnreadableValue(f"expected a whole number, got {value!r}")
    if abs(value) > LARGEST_WHOLE_FLOAT:
        raise UnreadableValue(f"expected a number of at most {LARGEST_WHOLE_FLOAT:,}, or as text: a workbook rounds {value:,.0f}")
    return int(value)


def _negative(text: str) -> str:
    return f"-{text[1:-1]}" if text.startswith("(") and text.endswith(")") else text


def decimal(value: Value) -> Decimal:
    """A number with its decimals, of zero or more. Raises UnreadableValue."""
    if isinstance(value, float):
        return values.decimal(f"{Decimal(f'{value:.{SHOWN_DIGITS}g}'):f}")
    return values.decimal(value)


# --- money ----------------------------------------------------------------------------------------------------------

SIGNS: Mapping[str, str] = {
    **notation.SIGNS, "HKD": "HKD", "RMB": "RMB", "GBP": "GBP", "港元": "HKD", "港幣": "HKD", "港币": "HKD", "美元": "USD",
    "人民幣": "RMB", "人民币": "RMB",
}  # fmt: skip
"""How currencies are written before an amount or in the head of a column."""

_SIGNED = re.compile(rf"({'|'.join(re.escape(sign) for sign in SIGNS)}|[A-Z]{{3}}) *")


def currency(value: Value) -> str:
    """A currency by its code or sign. Raises UnreadableValue."""
    text = str(value).strip().upper()
    if (found := SIGNS.get(text, text)) in CURRENCIES:
        return found
    raise UnreadableValue(f"expected a currency such as HKD, got {quoted(value)}")


def money(value: Value, otherwise: str | None) -> Money:
    """An amount in the currency that it names, or otherwise in the one of its column. Raises UnreadableValue."""
    if isinstance(value, str) and (signed := _SIGNED.match(value.strip())):
        return Money(currency(signed[1]), values.decimal(value.strip()[signed.end() :]))
    amount = decimal(value)
    if otherwise is None:
        raise UnreadableValue(NO_CURRENCY)
    return Money(otherwise, amount)


NO_CURRENCY = "expected an amount with its currency"

# --- days -----------------------------------------------------------------------------------------------------------

ORDERS: Mapping[str, tuple[int, int, int]] = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}
"""In which order people write a day in numbers; where year, month and day stand in each."""

NO_ORDER = "expected a day whose order is stated"

_NUMBERS = re.compile(r"([0-9]{1,4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})(?:[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})|([0-9]{2})([0-9]{2})|年([0-9]{1,2})月([0-9]{1,2})日)")
_WORDED = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})[ -]([0-9]{4}|[0-9]{2})")
_TIME = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}.*$")


def day(value: Value, order: str | None = None) -> date:
    """A day: a date of a workbook, 2024-12-17, 20241217, 17-Dec-24, 2024年12月17日; 17/12/2024 in a stated order.

    A time of the day is passed over. Raises UnreadableValue.
    """
    if isinstance(value, datetime):
        return values.day(value.date())
    if isinstance(value, bool) or not isinstance(value, str | int):
        return values.day(value)
    return _written_day(str(value), order)


@lru_cache(maxsize=4096)
def _written_day(value: str, order: str | None) -> date:
    """A day in words or numbers; the rows of a sheet repeat few of them."""
    text = _TIME.sub("", value.strip())
    if match := _YEAR_FIRST.fullmatch(text):
        return _day(value, *(int(part) for part in match.groups() if part))
    if match := _WORDED.fullmatch(text):
        year = match[3] if len(match[3]) == 4 else f"20{match[3]}"
        return values.day(f"{match[1]} {match[2]} {year}")
    if match := _NUMBERS.fullmatch(text):
        if order is None:
            raise UnreadableValue(f"{NO_ORDER}, got {quoted(value)}")
        year, month, of_month = (int(match.groups()[at]) for at in ORDERS[order])
        return _day(value, year + 2000 if year < 100 else year, month, of_month)
    return values.day(text)


def _day(value: str, year: int, month: int, of_month: int) -> date:
    try:
        found = date(year, month, of_month)
    except ValueError:
        raise UnreadableValue(f"expected a day, got {quoted(value)}") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise UnreadableValue(f"expected a day, got {quoted(value)}")
    return found


# --- words ----------------------------------------------------------------------------------------------------------


def words(value: Value) -> str:
    """Text as it stands in a cell; a whole number as its digits. Raises UnreadableValue."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return values.words(str(value).strip() if isinstance(value, int | float | str) else value)


def fits(kind: str, value: Value) -> bool:
    """Whether a cell may hold a value of a kind, whatever the order of its day and its currency."""
    try:
        READERS[kind](value)
    except ValueError:
        return False
    return True


READERS: Mapping[str, Callable[[Value], object]] = {
    "whole": whole,
    "money": lambda value: money(value, "HKD"),
    "day": lambda value: day(value, "ymd" if _is_year_first(value) else _any_order(value)),
    "words": words,
}


def _is_year_first(value: Value) -> bool:
    return isinstance(value, str) and bool(_YEAR_FIRST.match(value))


def _any_order(value: Value) -> str:
    """An order in which numbers are a day, if there is one."""
    match = _NUMBERS.match(str(value).strip())
    return "mdy" if match and int(match[2]) > 12 else "dmy"
