"""Field makers for events: each field says what it means, in which unit, and refuses what it cannot hold.

The metadata feeds the command line's options, the JSON Schema, the documentation and the error messages.
"""

from __future__ import annotations

import calendar
import functools
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from domain import errors
from domain.values import Money

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/&()-]{0,58}[A-Za-z0-9._/&()-])?")
# What must not stand in a printed line: control characters, line and paragraph separators, and the marks that
# reorder text, with which a name could be made to read as another.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
LONGEST_TEXT = 4_000
# Wide enough for any number of shares, narrow enough for sums and products of a few to stay exact.
DIGITS = 60
"""Of how many digits a number of shares, or the whole part of an amount of money, may be."""
LARGEST = 10**DIGITS - 1
# Decimals compare with each other in an eighth of the time that they take with whole numbers.
_LARGEST = Decimal(LARGEST)

Check = Callable[[Any], str | None]


class FieldError(errors.BadInput, ValueError):
    """A value that a field cannot hold: `field` names it, the message says what was expected and what came."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _validator(check: Check, *, optional: bool) -> Callable[[Any, Any, Any], None]:
    """Refuse what the check does not allow; None is allowed where it is the default. Every entry that is read passes here."""

    def validate(_: Any, attribute: Any, value: Any) -> None:
        if value is None and optional:
            return
        expected = check(value)
        if expected is not None:
            raise FieldError(attribute.name, f"expected {expected}, got {shown(value)}")

    return validate


def shown(value: object) -> str:
    """A value as an error message quotes it: short, on one line."""
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    text = f"{value:,}" if type(value) is int else str(value) if isinstance(value, date | Decimal) else repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def make(check: Check, meaning: str, unit: str, default: Any = attrs.NOTHING, **further: Any) -> Any:
    """A field with a check, a meaning for help and documentation, and the unit its value is in."""
    validator = _validator(check, optional=default is None)
    return attrs.field(default=default, validator=validator, metadata={"meaning": meaning, "unit": unit, **further})


def whole(
    meaning: str, unit: str = "shares", minimum: int | None = 1, maximum: int | None = None, default: Any = attrs.NOTHING
) -> Any:
    """A whole number, never a float or a bool; `minimum` None allows decreases but not zero."""
    wanted = {None: "other than zero", 0: "of zero or more", 1: "above zero"}.get(minimum, f"of at least {minimum}")
    if maximum is not None:
        wanted = f"from {minimum} to {maximum}"

    def check(value: Any) -> str | None:
        allowed = type(value) is int and (value != 0 if minimum is None else value >= minimum)
        if allowed and not -LARGEST <= value <= LARGEST:
            return f"a whole number of at most {DIGITS} digits"
        return None if allowed and (maximum is None or value <= maximum) else f"a whole number of {unit} {wanted}"

    return make(check, meaning, unit, default)


def name(meaning: str, default: Any = attrs.NOTHING) -> Any:
    """A short code by which the book refers to a class, scheme, mandate or issuer."""
    return make(_a_name, meaning, "name", default)


def _a_name(value: Any) -> str | None:
    good = isinstance(value, str) and _named(value)
    return None if good else "a short name of letters, digits, spaces and . _ / & ( ) -"


STOCK_CODE = "stock code"
"""The unit of a field that holds a stock code."""


def stock_code(meaning: str, unless: str | None = None, default: Any = attrs.NOTHING) -> Any:
    """A stock code of the Exchange. `unless` is the flag of the same event that says the code is another kind of name.

    The field itself takes any name, so that what was recorded before still reads: that a stock code has five digits is
    checked where a new fact is read (`infrastructure.readers.values`).
    """
    return make(_a_name, meaning, STOCK_CODE, default, unless=unless)


def identity(meaning: str, default: Any = attrs.NOTHING) -> Any:
    """An identifier that is compared, never printed on a form: at most 200 printable characters, or none yet."""

    def check(value: Any) -> str | None:
        # Of every entry that is read this is asked, and most are plain ASCII: that is seen in a quarter of the time.
        plain = isinstance(value, str) and value.isascii() and value.isprintable()
        good = isinstance(value, str) and len(value) <= 200 and (plain or not _UNPRINTABLE.search(value))
        return None if good else "an identifier of at most 200 printable characters"

    return make(check, meaning, "identifier", default)


def text(meaning: str, default: Any = attrs.NOTHING) -> Any:
    """Words that are printed: no control characters, at most 4,000 characters."""

    def check(value: Any) -> str | None:
        good = isinstance(value, str) and _printable(value)
        return None if good else f"printable text of 1 to {LONGEST_TEXT:,} characters on one line"

    return make(check, meaning, "text", default)


def fact(meaning: str) -> Any:
    """Another fact as it is stored: its stored name, a space, and its JSON on one line."""

    def check(value: Any) -> str | None:
        good = isinstance(value, str) and _FACT.match(value) and not _UNPRINTABLE.search(value)
        return None if good else 'a fact as it is stored: captable.PlacingCompleted.v1 {"effective_on":...}'

    return make(check, meaning, "fact")


_FACT = re.compile(r"captable\.[A-Za-z]+\.v[0-9]+ \{")


# Remembered, since the same few names and words stand in every entry of a book: its classes, who recorded it, from what.
@functools.lru_cache(maxsize=1024)
def _named(value: str) -> bool:
    return _NAME.fullmatch(value) is not None


@functools.lru_cache(maxsize=1024)
def _printable(value: str) -> bool:
    return bool(value.strip()) and len(value) <= LONGEST_TEXT and not _UNPRINTABLE.search(value)


def day(meaning: str, default: Any = attrs.NOTHING) -> Any:
    """A calendar day in Hong Kong between 1841 and 2199."""

    def check(value: Any) -> str | None:
        return None if type(value) is date and 1841 <= value.year < 2200 else "a date such as 2024-12-17 or 17 Dec 2024"

    return make(check, meaning, "date", default)


_MONTHS = tuple(calendar.month_name)


def year_end(meaning: str, default: Any = attrs.NOTHING) -> Any:
    """A day of every year, written as 31 December: the last of a financial year."""

    def check(value: Any) -> str | None:
        return None if isinstance(value, str) and _is_day_of_year(value) else "a day and a month such as 31 December"

    return make(check, meaning, "day of the year", default)


def _is_day_of_year(value: str) -> bool:
    number, _, month = value.partition(" ")
    # In a leap year, so that 29 February is one.
    days = calendar.monthrange(2000, _MONTHS.index(month))[1] if month in _MONTHS[1:] else 0
    return number.isascii() and number.isdecimal() and not number.startswith("0") and int(number) <= days


def clock_time(meaning: str, default: Any = attrs.NOTHING) -> Any:
    """A time of a day to the minute, as a clock shows it: 17:45."""

    def check(value: Any) -> str | None:
        right = isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII)
        return None if right else "a time of 24 hours such as 17:45"

    return make(check, meaning, "time", default)


def money(meaning: str, default: Any = attrs.NOTHING, *, above_zero: bool = False) -> Any:
    """An amount of a currency, such as HKD 1.5."""
    wanted = "a currency and an amount" + (" above zero" if above_zero else "") + " such as HKD 1.5"

    def check(value: Any) -> str | None:
        good = isinstance(value, Money) and value.amount <= _LARGEST and (value.amount > 0 or not above_zero)
        return None if good else wanted

    return make(check, meaning, "money", default)


def principal(meaning: str, default: Any = attrs.NOTHING) -> Any:
    """An amount of a currency of at most two decimal places, above zero: what convertibles are counted in."""

    def check(value: Any) -> str | None:
        good = isinstance(value, Money) and 0 < value.amount <= _LARGEST and value.decimals <= 2
        return None if good else "an amount above zero of at most two decimal places, such as HKD 1,000,000"

    return make(check, meaning, "money", default)


def percentage(meaning: str, default: Any = attrs.NOTHING) -> Any:
    """A percentage above 0 and at most 100, as a decimal: 20 is 20 %."""

    def check(value: Any) -> str | None:
        good = isinstance(value, Decimal) and value.is_finite() and 0 < value <= 100
        return None if good else "a percentage above 0 and at most 100"

    return make(check, meaning, "percent", default)


def flag(meaning: str, default: Any = attrs.NOTHING) -> Any:
    """Yes or no."""
    return make(lambda v: None if type(v) is bool else "yes or no", meaning, "yes or no", default)


def flag_or(meaning: str, word: str, default: Any = attrs.NOTHING) -> Any:
    """Yes, no, or a word that is neither."""
    return make(lambda v: None if type(v) is bool or v == word else f"yes, no or {word}", meaning, f"yes, no or {word}", default)


def choice(meaning: str, values: tuple[str, ...], default: Any = attrs.NOTHING) -> Any:
    """One of a few words."""
    return make(lambda v: None if v in values else " or ".join(values), meaning, "one of " + ", ".join(values), default)


def many(meaning: str, kind: type, unit: str, default: Any = attrs.NOTHING) -> Any:
    """Any number of values of one kind, in order."""

    def check(value: Any) -> str | None:
        return None if isinstance(value, tuple) and all(type(item) is kind for item in value) else f"a list of {unit}"

    return make(check, meaning, unit, default, several=True)
