"""From what people write to what a field holds: one strict parser per type, each saying what it expected.

Numbers are plain: digits 0 to 9, thousands set apart by commas if at all. `1e9`, `5.5` shares, digits of other scripts
and `NaN` are refused, never rounded or guessed. Days and amounts are read as people write them (`notation`), where that can
mean one thing only.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, cast, get_args, get_origin, get_type_hints

import attrs

from domain import errors
from domain.events import Event
from domain.events.fields import DIGITS, LARGEST, STOCK_CODE, FieldError, shown
from domain.events.structured import AdjustedPrice, Counter, PurchaseBroughtForward, Trade
from domain.events.votes import ClassVotes
from domain.meetings.poll import ScrutineerCount
from domain.stock_codes import is_stock_code, near_stock_code
from domain.values import CURRENCIES, Money
from infrastructure.readers import names, notation

LONGEST_SHOWN = 60

_WHOLE = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3}){1,19}|[0-9]{1,60})")
_DECIMAL = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,19}|[0-9]{1,60})(?:\.[0-9]{1,20})?")
_COUNTER = re.compile(r"(\S+) ([A-Z]{3})")

# Beyond these no Hong Kong company has a date, and the calendar's own ends would be in reach of the arithmetic.
FIRST_YEAR, LAST_YEAR = 1841, 2199

A_DATE = "a date such as 2024-12-17 or 17 Dec 2024"
SOME_MONEY = "a currency and an amount such as HKD 1.5"
LONGEST_MONEY = 100


class UnreadableValue(errors.BadInput, ValueError):
    """Text that a type cannot hold; the message says what was expected and what came."""


def quoted(value: object) -> str:
    """A value as a message shows it: as it was written where that is short and plain, else in quotation marks."""
    plain = isinstance(value, str) and 0 < len(value) <= LONGEST_SHOWN and value.isascii() and value.isprintable()
    return str(value) if plain else shown(value)


def _expected(what: str, value: object, near: Iterable[str] = ()) -> UnreadableValue:
    """The error for a value that is not `what`, with what was probably meant."""
    meant = " or ".join(near)
    return UnreadableValue(f"expected {what}, got {quoted(value)}" + (f". Did you mean {meant}?" if meant else ""))


def whole(value: object) -> int:
    """A whole number: 1865000000 or 1,865,000,000; of at most 60 digits."""
    if type(value) is int and -LARGEST <= value <= LARGEST:
        return value
    if type(value) is int:
        raise UnreadableValue(f"expected a whole number of at most {DIGITS} digits")
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value.strip().replace(",", ""))
    raise _expected("a whole number", value, _near(notation.suggested_wholes, value))


def decimal(value: object) -> Decimal:
    """A plain decimal number: 20 or 0.25."""
    if type(value) is int:
        return Decimal(whole(value))
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        return Decimal(value.strip().replace(",", ""))
    raise _expected("a plain decimal number such as 20 or 0.25", value)


def percent(value: object) -> Decimal:
    """A percentage: 10, 0.25, 10% or 10 %."""
    return decimal(notation.percent_of(value) if isinstance(value, str) else value)


def day(value: object) -> date:
    """A day: 2024-12-17, 17 Dec 2024, 17-Dec-2024 and the like; 3/12/2024 is refused, as it may be two days."""
    found = notation.day_of(value) if isinstance(value, str) else value
    if type(found) is date and FIRST_YEAR <= found.year <= LAST_YEAR:
        return found
    if type(found) is date:
        raise _expected(f"{A_DATE}, of the years {FIRST_YEAR} to {LAST_YEAR}", value)
    if isinstance(value, str) and value.strip().lower() in ("today", "yesterday"):
        raise _expected("the day itself, since a file may be read on another day", value)
    raise _expected(A_DATE, value, _near(notation.suggested_days, value))


def year_day(value: object) -> str:
    """A day of every year: 31 December, 31 Dec or Dec 31. Other text is left to the field, which refuses it."""
    text = words(value)
    return notation.year_day_of(text) or text


def _near(suggested: Callable[[str], tuple[str, ...]], value: object) -> tuple[str, ...]:
    return suggested(value) if isinstance(value, str) else ()


def flag(value: object) -> bool:
    """Yes or no: yes, no, true, false, or a JSON boolean."""
    words = {"yes": True, "true": True, "no": False, "false": False}
    if type(value) is bool:
        return value
    if isinstance(value, str) and value.strip().lower() in words:
        return words[value.strip().lower()]
    raise _expected("yes or no", value)


def flag_or(word: str, value: object) -> bool | str:
    """Yes, no, or a word that is neither."""
    if type(value) is str and value.strip().lower() == word:
        return word
    try:
        return flag(value)
    except UnreadableValue:
        raise _expected(f"yes, no or {word}", value) from None


def words(value: object) -> str:
    """Text as it is written."""
    if isinstance(value, str):
        return value
    raise _expected("text in quotation marks", value)


def money(value: object) -> Money:
    """A currency and an amount: HKD 1.5, HK$1.5 or 1.5 HKD."""
    if isinstance(value, Money):
        return value
    text = str(value) if type(value) is int else words(value)
    if len(text) > LONGEST_MONEY:
        raise _expected(SOME_MONEY, value)
    if near := notation.suggested_money(text):
        raise _expected(SOME_MONEY, value, near)
    try:
        return Money.parse(notation.money_of(text) or text)
    except ValueError as error:
        raise UnreadableValue(str(error)) from None


def counter(value: object) -> Counter:
    """A trading counter: 80020 RMB, or an object of stock_code and currency, as a book is exported."""
    if isinstance(value, Counter):
        return value
    if isinstance(value, Mapping) and value.keys() == {"stock_code", "currency"}:
        value = f"{value['stock_code']} {value['currency']}"
    match = _COUNTER.fullmatch(words(value).strip())
    if match is None or match[2] not in CURRENCIES:
        raise _expected("a stock code and a currency such as 80020 RMB", value)
    return Counter(stock_code(match[1]), match[2])


def stock_code(text: str) -> str:
    """A stock code of the Exchange, of five digits. Raises UnreadableValue with the one probably meant."""
    if is_stock_code(text):
        return text
    near = near_stock_code(text)
    suggested = f". Did you mean {near}?" if near else ""
    raise UnreadableValue(f"expected a stock code of five digits such as 00020, got {quoted(text)}{suggested}")


_TRADE = re.compile(r"(?P<method>[^:]+): (?P<shares>[0-9,]+) @ (?P<price>.+?)(?: to (?P<lowest>.+?))? = (?P<paid>.+)")
A_TRADE = "a trade such as On the Exchange: 700,000 @ HKD 1.62 to HKD 1.58 = HKD 1,120,000"
A_TRANCHE = "a purchase such as 2024-12-03: 700,000 @ HKD 1.62, or with under repurchase-2024 behind it"


def trade(value: object) -> Trade:
    """A trade in words, or as an object of its fields: method, shares, paid, and price or highest and lowest.

    In words, amounts that name no currency are in that of the first.
    """
    if isinstance(value, Trade):
        return value
    if isinstance(value, Mapping):
        return cast("Trade", _record(Trade, value))
    match = _TRADE.fullmatch(words(value).strip())
    if match is None:
        raise _expected(A_TRADE, value)
    price, lowest, paid = (_in_currency_of(match["price"], amount) for amount in match.group("price", "lowest", "paid"))
    prices = {"highest": price, "lowest": lowest} if lowest else {"price": price}
    written = {"method": match["method"].strip(), "shares": match["shares"], "paid": paid, **prices}
    return cast("Trade", _record(Trade, written))


def _in_currency_of(first: str, amount: str | None) -> str | None:
    known = notation.money_of(first)
    bare = amount is not None and amount.strip()[:1].isdecimal() and notation.money_of(amount) is None
    return f"{known.partition(' ')[0]} {amount}" if known and bare else amount


def purchase_brought_forward(value: object) -> PurchaseBroughtForward:
    """A purchase that a book takes over, in words or as an object of its fields: bought_on, shares, price."""
    if isinstance(value, Mapping):
        return cast("PurchaseBroughtForward", _record(PurchaseBroughtForward, value))
    bought_on, _, rest = words(value).partition(": ")
    bought, _, mandate = rest.partition(" under ")
    shares, _, price = bought.partition(" @ ")
    if not rest:
        raise _expected(A_TRANCHE, value)
    written = {"bought_on": bought_on, "shares": shares, "price": price or None, "mandate": mandate or None}
    return cast("PurchaseBroughtForward", _record(PurchaseBroughtForward, written))


AN_ADJUSTED_PRICE = "a new price such as cb-2027: HKD 0.3333"


def adjusted_price(value: object) -> AdjustedPrice:
    """The price of a right after a reorganisation, in words or as an object of its fields: right, price."""
    if isinstance(value, Mapping):
        return cast("AdjustedPrice", _record(AdjustedPrice, value))
    right, _, price = words(value).rpartition(": ")
    if not right:
        raise _expected(AN_ADJUSTED_PRICE, value)
    return AdjustedPrice(right.strip(), money(price))


_VOTES = re.compile(
    r"(?P<share_class>\S.*?):? +(?P<shares_for>[0-9,]+) for, *(?P<shares_against>[0-9,]+) against"
    r"(?:, *(?P<shares_voted>[0-9,]+) voted)?(?: +at +(?P<votes_per_share>[0-9,]+) votes?)?"
)
SOME_VOTES = "shares voted such as B 9,040,397,120 for, 131,000 against; with at 10 votes behind it where a share has several"


def counted(value: object) -> ScrutineerCount:
    """The shares of a class that voted, in words or as an object of its fields."""
    if isinstance(value, Mapping):
        return cast("ScrutineerCount", _record(ScrutineerCount, value))
    match = _VOTES.fullmatch(words(value).strip())
    if match is None:
        raise _expected(SOME_VOTES, value)
    return cast("ScrutineerCount", _record(ScrutineerCount, match.groupdict()))


def class_votes(value: object) -> ClassVotes:
    """The votes of a class on a resolution, one vote a share unless it says otherwise."""
    if isinstance(value, ClassVotes):
        return value
    read = counted(value)
    votes = ClassVotes(read.share_class, read.shares_for, read.shares_against, read.votes_per_share or 1)
    if read.shares_voted not in (None, votes.shares_voted):
        raise UnreadableValue(f"expected {votes.shares_voted:,} voted, as for and against make it, got {read.shares_voted:,}")
    return votes


def _record(kind: type[Any], written: Mapping[Any, object]) -> object:
    """An object within a field, its own fields read by their types."""
    types = {name: _bare(hint) for name, hint in get_type_hints(kind).items()}
    if unknown := [quoted(str(name)) for name in written if name not in types]:
        raise UnreadableValue(f"unknown field {unknown[0]}; expected {', '.join(types)}")
    missing = [field.name for field in attrs.fields(kind) if field.default is attrs.NOTHING and written.get(field.name) is None]
    if missing:
        raise UnreadableValue(f"expected {' and '.join(missing)}")
    try:
        return kind(**{name: read(types[name], value) for name, value in written.items() if value is not None})
    except ValueError as error:
        raise UnreadableValue(str(error)) from None


PARSERS: dict[Any, Callable[[object], Any]] = {
    int: whole, Decimal: percent, date: day, bool: flag, str: words, Money: money, Counter: counter, Trade: trade,
    PurchaseBroughtForward: purchase_brought_forward, AdjustedPrice: adjusted_price, ScrutineerCount: counted,
    ClassVotes: class_votes,
}  # fmt: skip
"""By the type of a field; every decimal of an event is a percentage."""

PARSERS_BY_UNIT: dict[str, Callable[[object], Any]] = {"day of the year": year_day}
"""Of fields whose unit says more than their type."""


@cache
def field_types(kind: type[Event]) -> Mapping[str, Any]:
    """The type of each field of an event, without its `None`."""
    return {name: _bare(hint) for name, hint in get_type_hints(kind).items()}


def types_of(kind: type[Event]) -> Mapping[str, Any]:
    """The same, for a kind of event that is not known before."""
    # A type checker takes the hash of an attrs class for that of its instances.
    return field_types(cast("Any", kind))


def _bare(hint: Any) -> Any:
    options = [option for option in get_args(hint) if option is not NoneType]
    is_optional = NoneType in get_args(hint)
    return options[0] if is_optional and len(options) == 1 else hint


def _items(kind: Any, value: object) -> Iterable[object]:
    """The items of a list, or of a text with semicolons between them; between codes, commas too."""
    items = value if isinstance(value, list | tuple) else [part for part in str(value).split(";") if part.strip()]
    if kind is not str:
        return items
    # A code has no comma.
    return [part for item in items for part in (map(str.strip, item.split(",")) if isinstance(item, str) else [item])]


def read(hint: Any, value: object) -> Any:
    """One value as the type of its field. Raises UnreadableValue."""
    if get_origin(hint) is tuple:
        kind = get_args(hint)[0]
        return tuple(read(kind, item) for item in _items(kind, value))
    if get_origin(hint) is typing.Literal:
        return words(value).strip()
    if bool in get_args(hint):
        return flag_or(get_args(get_args(hint)[1])[0], value)
    return PARSERS[hint](value)


Wrong = tuple[str, errors.Message]
"""A field, and what is wrong with it."""


def build(
    kind: type[Event], written: Mapping[str, object], beside: tuple[str, ...] = (), kept: Event | None = None
) -> tuple[Event | None, list[Wrong]]:
    """An event from what was written for its fields, or every problem with it.

    `beside` are the names that may stand beside the fields, for the message about a name that is none. Fields that are not
    written are those of `kept`, an event that was recorded before; a field written as None has its default.
    """
    fields = {field.name: field for field in attrs.fields(cast("type[attrs.AttrsInstance]", kind))}
    types = types_of(kind)
    known = (*fields, *beside)
    problems: list[Wrong] = [
        (quoted(name), errors.Worded(_unknown_field, (name, known))) for name in written if name not in fields
    ]
    values: dict[str, Any] = {}
    if kept is not None:
        values = {name: value for name, value in kept.values().items() if name not in written}
    for name, field in fields.items():
        value = written.get(name)
        try:
            if value is not None:
                by_unit = PARSERS_BY_UNIT.get(field.metadata["unit"])
                values[name] = by_unit(value) if by_unit else read(types[name], value)
            elif field.default is attrs.NOTHING and name not in values:
                problems.append((name, f"missing; expected {_wanted(types[name], field)}"))
        except UnreadableValue as error:
            problems.append((name, _with_unit(str(error), field)))
    problems += _no_stock_codes([field for name, field in fields.items() if name in written], values)
    if not problems:
        try:
            return kind(**values), []
        except FieldError as error:
            problems = [(error.field, str(error))]
    # An event stops at the first field it cannot hold; someone who mends a file wants them all.
    return None, list(dict.fromkeys([*problems, *_unfit(fields, values)]))


def _no_stock_codes(fields: list[Any], values: dict[str, Any]) -> Iterator[Wrong]:
    """The fields just written that should hold a stock code and do not, taken out of the values."""
    for field in fields:
        unless = field.metadata.get("unless")
        if field.metadata["unit"] == STOCK_CODE and field.name in values and not values.get(unless):
            try:
                stock_code(values[field.name])
            except UnreadableValue as error:
                del values[field.name]
                yield field.name, f"{error} ({unless}: yes takes a code of your own)" if unless else str(error)


def _unfit(fields: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[Wrong]:
    for name, value in values.items():
        try:
            fields[name].validator(None, fields[name], value)
        except FieldError as error:
            yield error.field, str(error)


def _with_unit(message: str, field: Any) -> str:
    unit = field.metadata.get("unit", "")
    return message.replace("a whole number,", f"a whole number of {unit},")


def _wanted(hint: Any, field: Any) -> str:
    unit: str = field.metadata["unit"]
    if unit.startswith("one of "):
        return unit.removeprefix("one of ").replace(", ", " or ")
    return {date: A_DATE, Money: SOME_MONEY}.get(hint) or str(field.metadata["meaning"])


def _unknown_field(name: str, known: tuple[str, ...]) -> str:
    if name.isdecimal():
        return 'no field is a number; in YAML between { and } a number with commas is in quotation marks: "1,000"'
    near = names.near_field(name, known)
    return f"unknown field; expected one of {', '.join(known)}." + (f" Did you mean {near}?" if near else "")
