"""What the text of a line holds besides words: days, amounts of money, percentages and numbers.

A number may be read in several ways: a cell cut at its edge, or two that overlap, leave `614,` beside `614,034,470`, or `50`
beside `0,000`. What is written as a number should be is taken as it is; the rest as what it may be, the likeliest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import attrs

from domain.values import CURRENCIES, MOST_DECIMALS, Money
from infrastructure.files.published.letters import latin

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAY = re.compile(rf"(?<!\d)(\d{{1,2}})[ \t]*\n?[ \t]*({'|'.join(_MONTHS)})[ \t]*,?[ \t]*(\d{{4}})(?!\d)", re.IGNORECASE)
_CURRENCY = re.compile(rf"(?<![A-Z])(?:{'|'.join(sorted(CURRENCIES))})(?![A-Za-z])")
# In a copied text the letters of a currency may stand apart.
_SCATTERED = re.compile(r"(?<![A-Za-z])h[\s.]{0,3}k[\s.]{0,3}d(?![A-Za-z])", re.IGNORECASE)
_NUMBER = re.compile(r"-?[\d,.]*\d[\d,.]*|(?<=[\d,])[,.]")
_PER_CENT = re.compile(r"%")
# Numbers that belong to words: of notes, of the columns A1 to EE2, of days written with strokes or hyphens.
_OF_WORDS = re.compile(
    r"\bNotes?[ \t]*\d{1,2}(?:[ \t]*(?:,|and|to|&)[ \t]*\d{1,2})*|\b[A-E]{1,2}[12]\b"
    r"|\d{1,4}[ \t]*/[ \t]*\d{1,2}[ \t]*/[ \t]*\d{1,4}"
    r"|(?<![\d,.-])\d{4}-\d{2}-\d{2}(?![\d,.])"
)
_WRITTEN = re.compile(r"-?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?")
_LONGEST_NUMBER = 40

MOST_READINGS = 24
MOST_NUMBERS = 40


@attrs.frozen
class Lexeme:
    """A day, the code of a currency, a sign of per cent or a number, with where it begins and ends in the text."""

    kind: str
    start: int
    end: int
    value: date | str | Decimal | None = None


DAY, CURRENCY, PER_CENT, NUMBER = "day", "currency", "per cent", "number"

Reading = tuple[Lexeme, ...]


_FIGURES = r"(?: +(?:-?[\d,.]+|%|[A-Z]{3}))+"
_BROKEN_DAY = re.compile(
    rf"(?<![\d,.])(\d{{1,2}}(?: +(?:{'|'.join(_MONTHS)}))?)({_FIGURES})\n *((?:[A-Z][a-z]+ +)?\d{{4}})(?= *(?:\n|$))",
    re.IGNORECASE,
)


def with_whole_days(text: str) -> str:
    """A text in which no figures stand within a day: the end of a day that has a line of its own joins the day."""

    def joined(match: re.Match[str]) -> str:
        day = f"{match[1]} {match[3]}"
        return f"{day}{match[2]}" if _DAY.fullmatch(day) else match[0]

    return _BROKEN_DAY.sub(joined, text)


def readings(text: str, *, ruled: bool = False) -> list[Reading]:
    """The ways in which a text may be read, the likeliest first; in a ruled table a number ends where its cell ends."""
    plain = latin(text)
    fixed = list(_fixed(plain))
    blank = list(_OF_WORDS.sub(lambda match: "\n" * len(match[0]), plain))
    for token in fixed:
        blank[token.start : token.end] = "\n" * (token.end - token.start)
    found = [sorted((*fixed, *numbers), key=lambda token: token.start) for numbers in _numbers("".join(blank), ruled=ruled)]
    return [tuple(tokens) for tokens in found]


def _fixed(text: str) -> Iterator[Lexeme]:
    """What can be read in one way alone: days, currencies, signs of per cent."""
    for match in _DAY.finditer(text):
        day = _day(match)
        if day is not None:
            yield Lexeme(DAY, match.start(), match.end(), day)
    currencies = list(_CURRENCY.finditer(text)) or list(_SCATTERED.finditer(text))
    for match in currencies:
        yield Lexeme(CURRENCY, match.start(), match.end(), re.sub(r"[\s.]", "", match[0]).upper())
    for match in _PER_CENT.finditer(text):
        yield Lexeme(PER_CENT, match.start(), match.end())


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[3]), _MONTHS.index(match[2].lower()) + 1, int(match[1]))
    except ValueError:
        return None


# --- Numbers --------------------------------------------------------------------------------------------------------


def _numbers(text: str, *, ruled: bool) -> list[list[Lexeme]]:
    """The ways to read the numbers of a text: each run of digits on its own, joined with the next, or laid over it."""
    parts = [(match.start(), match.end(), match[0]) for match in _NUMBER.finditer(text)][:MOST_NUMBERS]
    ways: list[list[Lexeme]] = [[]]
    at = 0
    while at < len(parts):
        here, used = _ways_of(parts, at, text, ruled=ruled)
        ways = [[*way, *more] for more in here for way in ways][:MOST_READINGS]
        at += used
    return ways


Part = tuple[int, int, str]


def _ways_of(parts: Sequence[Part], at: int, text: str, *, ruled: bool) -> tuple[list[list[Lexeme]], int]:
    """The ways to read a run of digits with those that lean on it, and how many they are."""
    start, end, digits = parts[at]
    if at + 1 < len(parts) and not (ruled and "\t" in text[end : parts[at + 1][0]]):
        after = parts[at + 1]
        between = text[end : after[0]]
        if _leans(digits, between, after[2]):
            joined = [value for value in _joins(digits, after[2]) if _WRITTEN.fullmatch(value)]
            if joined:
                return [[_token(start, after[1], value)] for value in joined], 2
        if _repeats(digits, between, after[2]):
            apart = [_token(start, end, digits), _token(*after)]
            return [apart, [_token(start, after[1], max(digits, after[2], key=len))]], 2
    return [[_token(start, end, digits)]], 1


_WIDEST_GAP = 4


def _leans(digits: str, between: str, after: str) -> bool:
    """Whether a run of digits goes on in the next: they stand side by side, and not both are written as numbers are."""
    if len(between) > _WIDEST_GAP or between.strip(" \t!'") or len(digits) + len(after) > _LONGEST_NUMBER:
        return False
    return not (_WRITTEN.fullmatch(digits) and _WRITTEN.fullmatch(after))


def _repeats(digits: str, between: str, after: str) -> bool:
    """Whether the next cell repeats what this one ends with, or this one what the next begins with: cells that overlap."""
    apart = between.strip(" ")
    return apart == "\t" and min(len(digits), len(after)) > 1 and (digits.endswith(after) or after.startswith(digits))


def _joins(first: str, second: str) -> Iterator[str]:
    """Two parts as one number: one after the other, or over each other where one ends as the other begins."""
    for length in range(min(len(first), len(second)), -1, -1):
        if first[len(first) - length :] == second[:length]:
            yield first[: len(first) - length] + second


def _token(start: int, end: int, digits: str) -> Lexeme:
    """A number; without a value if it is not written as numbers are."""
    bare = digits if _WRITTEN.fullmatch(digits) else digits.strip(",.")
    return Lexeme(NUMBER, start, end, Decimal(bare.replace(",", "")) if _WRITTEN.fullmatch(bare) else None)


# --- What tokens mean together ------------------------------------------------------------------------------------------


def money_and_rest(reading: Sequence[Lexeme]) -> tuple[list[Money | None], list[Lexeme]]:
    """Amounts of money, each a currency with the number beside it, and the tokens that belong to none.

    A currency without a number is None: an amount left blank. A decrease is no amount of money.
    """
    found: list[Money | None] = []
    rest: list[Lexeme] = []
    waiting: str | None = None
    for token in reading:
        amount = money(waiting, token) if waiting is not None and token.kind == NUMBER else None
        if waiting is not None:
            found.append(amount)
        waiting = str(token.value) if token.kind == CURRENCY else None
        if amount is None and token.kind != CURRENCY:
            rest.append(token)
    if waiting is not None:
        found.append(None)
    return found, rest


def money(currency: str, token: Lexeme) -> Money | None:
    """An amount of a currency; None for a number that is none."""
    amount = token.value
    if not isinstance(amount, Decimal) or amount < 0 or -_exponent(amount) > MOST_DECIMALS:
        return None
    return Money(currency, amount)


def _exponent(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def whole(token: Lexeme) -> int | None:
    """A number of shares; None for one that is not whole."""
    value = token.value
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else None


def figure(token: Lexeme, *, decimals: bool) -> int | Decimal | None:
    """A number of shares, or one that may have `decimals`; None for one that cannot be read."""
    if decimals:
        return token.value if isinstance(token.value, Decimal) else None
    return whole(token)


def counts(tokens: Sequence[Lexeme]) -> list[int | None]:
    """The whole numbers among tokens; None for one that cannot be read."""
    return [whole(token) for token in tokens if token.kind == NUMBER]
