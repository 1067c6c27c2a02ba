"""From what people write to what a field holds: one strict parser per type, each saying what it expected.

Numbers are plain: digits 0 to 9, thousands set apart by commas if at all. `1e9`, `5.5` shares, digits of other scripts
and `NaN` are refused, never rounded or guessed.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import attrs

from domain.events import Event
from domain.fields import FieldError, shown
from domain.securities import BoughtTranche, Counter, Money, Trade

_WHOLE = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,60})")
_DECIMAL = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,60})(?:\.[0-9]{1,20})?")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDED_DATE = re.compile(r"[0-9]{1,2} [A-Za-z]{3,9} [0-9]{4}")
_COUNTER = re.compile(r"([0-9]{5}) ([A-Z]{3})")

A_DATE = "a date such as 2024-12-17 or 17 Dec 2024"


class Unreadable(ValueError):
    """Text that a type cannot hold; the message says what was expected and what came."""


def _expected(what: str, value: object) -> Unreadable:
    return Unreadable(
        f"expected {what}, got {value if isinstance(value, str) and value.isascii() and value.isprintable() and value else shown(value)}"
    )


def whole(value: object) -> int:
    """A whole number: 1865000000 or 1,865,000,000."""
    if type(value) is int:
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value.strip().replace(",", ""))
    raise _expected("a whole number", value)


def decimal(value: object) -> Decimal:
    """A plain decimal number: 20 or 0.25."""
    if type(value) is int:
        return Decimal(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        return Decimal(value.strip().replace(",", ""))
    raise _expected("a plain decimal number such as 20 or 0.25", value)


def day(value: object) -> date:
    """A day: 2024-12-17, 17 Dec 2024 or 17 December 2024."""
    if type(value) is date:
        return value
    if isinstance(value, str):
        text = " ".join(value.split())
        for pattern, formats in ((_ISO_DATE, ("%Y-%m-%d",)), (_WORDED_DATE, ("%d %b %Y", "%d %B %Y"))):
            for form in formats if pattern.fullmatch(text) else ():
                try:
                    return datetime.strptime(text, form).date()
                except ValueError:
                    continue
    raise _expected(A_DATE, value)


def flag(value: object) -> bool:
    """Yes or no: yes, no, true, false, or a JSON boolean."""
    words = {"yes": True, "true": True, "no": False, "false": False}
    if type(value) is bool:
        return value
    if isinstance(value, str) and value.strip().lower() in words:
        return words[value.strip().lower()]
    raise _expected("yes or no", value)


def words(value: object) -> str:
    """Text as it is written."""
    if isinstance(value, str):
        return value
    raise _expected("text in quotation marks", value)


def money(value: object) -> Money:
    """A currency and an amount: HKD 1.5."""
    if isinstance(value, Money):
        return value
    try:
        return Money.parse(words(value))
    except ValueError as error:
        raise Unreadable(str(error)) from None


def counter(value: object) -> Counter:
    """A trading counter: 80020 RMB."""
    match = _COUNTER.fullmatch(words(value).strip())
    if match is None:
        raise _expected("a stock code and a currency such as 80020 RMB", value)
    return Counter(match[1], match[2])


_TRADE = re.compile(r"(?P<method>[^:]+): (?P<shares>[0-9,]+) @ (?P<price>.+?)(?: to (?P<lowest>.+?))? = (?P<paid>.+)")
A_TRADE = "a trade such as On the Exchange: 700,000 @ HKD 1.62 to HKD 1.58 = HKD 1,120,000"
A_TRANCHE = "a purchase such as 2024-12-03: 700,000 @ HKD 1.62"


def trade(value: object) -> Trade:
    """A trade in words, or as a record of its fields: method, shares, paid, and price or highest and lowest."""
    if isinstance(value, Mapping):
        return _record(Trade, value)
    match = _TRADE.fullmatch(words(value).strip())
    if match is None:
        raise _expected(A_TRADE, value)
    prices = {"highest": match["price"], "lowest": match["lowest"]} if match["lowest"] else {"price": match["price"]}
    return _record(Trade, {"method": match["method"].strip(), "shares": match["shares"], "paid": match["paid"], **prices})


def bought_tranche(value: object) -> BoughtTranche:
    """A purchase that a book takes over, in words or as a record: bought_on, shares, price."""
    if isinstance(value, Mapping):
        return _record(BoughtTranche, value)
    bought_on, _, rest = words(value).partition(": ")
    shares, _, price = rest.partition(" @ ")
    if not rest:
        raise _expected(A_TRANCHE, value)
    return _record(BoughtTranche, {"bought_on": bought_on, "shares": shares, **({"price": price} if price else {})})


def _record(kind: type[Any], written: Mapping[Any, object]) -> Any:
    """A record within a field, its own fields read by their types."""
    types = {name: _bare(hint) for name, hint in get_type_hints(kind).items()}
    if unknown := [str(name) for name in written if name not in types]:
        raise Unreadable(f"unknown field {unknown[0]}; expected {', '.join(types)}")
    if missing := [
        field.name for field in attrs.fields(kind) if field.default is attrs.NOTHING and written.get(field.name) is None
    ]:
        raise Unreadable(f"expected {missing[0]}")
    try:
        return kind(**{name: read(types[name], value) for name, value in written.items() if value is not None})
    except ValueError as error:
        raise Unreadable(str(error)) from None


PARSERS: dict[Any, Callable[[object], Any]] = {
    int: whole, Decimal: decimal, date: day, bool: flag, str: words, Money: money, Counter: counter, Trade: trade,
    BoughtTranche: bought_tranche,
}  # fmt: skip


@cache
def field_types(kind: type[Event]) -> Mapping[str, Any]:
    """The type of each field of an event, without its `None`."""
    return {name: _bare(hint) for name, hint in get_type_hints(kind).items()}


def _bare(hint: Any) -> Any:
    options = [option for option in get_args(hint) if option is not NoneType]
    is_optional = NoneType in get_args(hint)
    return options[0] if is_optional and len(options) == 1 else hint


def read(hint: Any, value: object) -> Any:
    """One value as the type of its field. Raises Unreadable."""
    if get_origin(hint) is tuple:
        items = value if isinstance(value, list | tuple) else [part for part in str(value).split(";") if part.strip()]
        return tuple(read(get_args(hint)[0], item) for item in items)
    if get_origin(hint) is typing.Literal:
        return words(value).strip()
    return PARSERS[hint](value)


def build(kind: type[Event], written: Mapping[str, object]) -> tuple[Event | None, list[tuple[str, str]]]:
    """An event from what was written for its fields, or the problems with it as (field, message), all that were found."""
    fields = {field.name: field for field in attrs.fields(kind)}
    problems = [(name, _unknown_field(name, list(fields))) for name in written if name not in fields]
    values: dict[str, Any] = {}
    for name, field in fields.items():
        value = written.get(name)
        if value is None:
            if field.default is attrs.NOTHING:
                problems.append((name, f"missing; expected {_wanted(kind, name, field)}"))
            continue
        try:
            values[name] = read(field_types(kind)[name], value)
        except Unreadable as error:
            problems.append((name, _with_unit(str(error), field)))
    if problems:
        return None, problems
    try:
        return kind(**values), []
    except FieldError as error:
        return None, [(error.field, str(error))]


def _with_unit(message: str, field: Any) -> str:
    unit = field.metadata.get("unit", "")
    return message.replace("a whole number,", f"a whole number of {unit},")


def _wanted(kind: type[Event], name: str, field: Any) -> str:
    example = {date: A_DATE, Money: "a currency and an amount such as HKD 1.5"}.get(field_types(kind)[name])
    return example or str(field.metadata.get("meaning", name))


def _unknown_field(name: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, n=1)
    return f"unknown field; expected one of {', '.join(known)}." + (f" Did you mean {near[0]}?" if near else "")
