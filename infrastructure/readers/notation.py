"""Days, months and amounts as people write them.

What can be read in only one way is read. What could be read in two ways, such as 3/12/2024, is never guessed: `suggested`
functions say how to write what was probably meant.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import lru_cache

# --- days -----------------------------------------------------------------------------------------------------------

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if number
} | {"sept": 9}  # fmt: skip
_WEEKDAYS = {name.lower(): number for names in (calendar.day_name, calendar.day_abbr) for number, name in enumerate(names)}

_D, _M, _Y = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?", r"(?P<month>[a-z]{3,9})\.?", r"(?P<year>[0-9]{4})"
_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>[0-9]{4})([-/])(?P<month>[0-9]{2})\2(?P<day>[0-9]{2})",
        rf"(?:(?P<weekday>[a-z]{{3,9}}),? )?{_D}([- ]){_M}\3,?{_Y}",
        rf"(?:(?P<weekday>[a-z]{{3,9}}),? )?{_M} {_D},? {_Y}",
        r"(?P<year>[0-9]{4})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日",
    )
)
_IN_FIGURES = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{2}|[0-9]{4})")
_RUN_TOGETHER = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SHORT_YEAR = re.compile(rf"{_D}([- ]){_M}\2(?P<year>[0-9]{{2}})")


def day_of(text: str) -> date | None:
    """The day that a text names, if it names one and no other: 2024-12-17, 17 Dec 2024, 17-Dec-2024, Dec 17, 2024, 2024/12/17.

    A weekday before it must be that of the day.
    """
    day, weekday = _day_and_weekday(" ".join(text.split()).lower())
    return day if day and weekday in (None, *_names_of(day)) else None


def _day_and_weekday(plain: str) -> tuple[date | None, str | None]:
    for pattern in _DAYS:
        if found := pattern.fullmatch(plain):
            return _day(found["year"], found["month"], found["day"]), found.groupdict().get("weekday")
    return None, None


def _day(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdecimal() else _MONTHS.get(month, 0)
    with suppress(ValueError):
        return date(int(year), number, int(day))
    return None


def _names_of(day: date) -> Iterator[str]:
    return (name for name, number in _WEEKDAYS.items() if number == day.weekday())


def suggested_days(text: str) -> tuple[str, ...]:
    """Days that a text may mean which cannot be read in only one way: 3 Dec 2024 and 12 Mar 2024 for 3/12/2024."""
    plain = " ".join(text.split()).lower()
    if found := _IN_FIGURES.fullmatch(plain):
        first, _, second, year = found.groups()
        year = year if len(year) == 4 else f"20{year}"
        days = [_day(year, second, first), _day(year, first, second)]
    elif found := _RUN_TOGETHER.fullmatch(plain):
        days = [_day(*found.groups())]
    elif found := _SHORT_YEAR.fullmatch(plain):
        days = [_day("20" + found["year"], found["month"], found["day"])]
    elif (of_another_weekday := _day_and_weekday(plain)[0]) is not None:
        return (f"{of_another_weekday:%a %-d %b %Y}",)
    else:
        return ()
    return tuple(dict.fromkeys(f"{day:%-d %b %Y}" for day in days if day))


_MONTH_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{2})",
        rf"{_M}[- ]{_Y}",
        r"(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})",
        r"(?P<year>[0-9]{4})年(?P<month>[0-9]{1,2})月",
    )
)


def month_of(text: str) -> date | None:
    """The first day of the month that a text names: 2024-12, Dec 2024, December 2024, 12/2024."""
    plain = " ".join(text.split()).lower()
    found = next((match for pattern in _MONTH_FORMS if (match := pattern.fullmatch(plain))), None)
    return _day(found["year"], found["month"], "1") if found else None


def year_day_of(text: str) -> str | None:
    """A day of every year as the book holds it, 31 December, from 31 Dec, Dec 31 or 31-Dec."""
    # In a leap year, so that 29 February is one.
    plain = " ".join(text.split())
    day = day_of(f"{plain}-2000") or day_of(f"{plain} 2000")
    return f"{day:%-d %B}" if day else None


# --- amounts --------------------------------------------------------------------------------------------------------

SIGNS = {
    "HK$": "HKD", "US$": "USD", "S$": "SGD", "A$": "AUD", "C$": "CAD", "NT$": "TWD", "NZ$": "NZD", "MOP$": "MOP", "€": "EUR",
    "£": "GBP",
}  # fmt: skip
"""The signs of one currency each; `$` and `¥` alone are of several."""
_TWO_WAYS = {"$": ("HKD", "USD"), "¥": ("RMB", "JPY"), "￥": ("RMB", "JPY"), "": ("HKD",)}
_NUMBER = r"(?P<amount>[0-9][0-9,]*(?:\.[0-9]+)?)"
_AMOUNTS = (
    re.compile(rf"(?P<currency>[A-Z]{{3}}|[A-Z]{{0,3}}[$€£¥￥]) ?{_NUMBER}"),
    re.compile(rf"{_NUMBER} ?(?P<currency>[A-Z]{{3}})"),
    re.compile(rf"(?P<currency>){_NUMBER}"),
)


def money_of(text: str) -> str | None:
    """An amount as a book writes it, HKD 0.10, from HK$0.10, HKD0.10, 0.10 HKD or hkd 0.10; None if its currency is open."""
    found = _amount(text)
    currency = found and SIGNS.get(found["currency"], found["currency"])
    return f"{currency} {found['amount']}" if found and currency and currency.isalpha() else None


def suggested_money(text: str) -> tuple[str, ...]:
    """How to write an amount whose currency is open: HKD 2.50 for 2.50, and HKD 1.5 and USD 1.5 for $1.5."""
    found = _amount(text)
    return tuple(f"{currency} {found['amount']}" for currency in _TWO_WAYS.get(found["currency"], ())) if found else ()


@lru_cache(maxsize=1024)
def _amount(text: str) -> re.Match[str] | None:
    plain = " ".join(text.split()).upper()
    return next((match for pattern in _AMOUNTS if (match := pattern.fullmatch(plain))), None)


_PERCENT = re.compile(r"(?P<number>[0-9.,]+) ?(?:%|percent|per cent)")


def percent_of(text: str) -> str:
    """The number of a percentage: 10 from 10%, 10 % or 10 per cent; other text as it is."""
    found = _PERCENT.fullmatch(" ".join(text.split()).lower())
    return found["number"] if found else text


_MULTIPLES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "b": 9, "billion": 9}
_ROUND = re.compile(r"(?P<number>[0-9]{1,12}(?:\.[0-9]{1,9})?) ?(?P<unit>[a-z]+)")
_WITH_SPACES = re.compile(r"[0-9]{1,3}(?:[ '][0-9]{3})+")


def suggested_wholes(text: str) -> tuple[str, ...]:
    """How to write a whole number that is shortened, or has its thousands set apart otherwise: 1,500,000 for 1.5m."""
    plain = " ".join(text.split()).lower()
    if _WITH_SPACES.fullmatch(plain):
        return (plain.replace(" ", ",").replace("'", ","),)
    found = _ROUND.fullmatch(plain)
    if not found or found["unit"] not in _MULTIPLES:
        return ()
    number = Decimal(found["number"]).scaleb(_MULTIPLES[found["unit"]])
    return (f"{int(number):,}",) if number == int(number) else ()
