"""Section I of the Next Day Disclosure Return: balances, numbered events, and shares not yet cancelled.

An event is words, a day and figures in no fixed order: one exhibit prints the figures after the day, the text of a PDF prints
them after the first line of its words, or splits the words around them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

import attrs

from domain.returns.cells import PrintedPercentage
from domain.returns.forms import Form
from infrastructure.files.published.categories import split_category
from infrastructure.files.published.cell import ReadCell, Tree, doubted, doubtful, known, together
from infrastructure.files.published.details import longest_run, runs_of
from infrastructure.files.published.figures import in_order, is_ruled, readings
from infrastructure.files.published.outline import CaptionedText
from infrastructure.files.published.rows import RowAsRead
from infrastructure.files.published.values import CURRENCY, DAY, NUMBER, PER_CENT, Lexeme, Reading, money, whole

_WORDS = re.compile(r"[A-Za-z\u2e80-\u9fff]{3}|\d{1,3}[ \t]*\)[ \t]*\.")


# --- Balances -----------------------------------------------------------------------------------------------------------


def balance(line: CaptionedText | None, form: Form) -> tuple[Tree, int]:
    """An opening or closing balance, and where its line ends: at the first word after its figures."""
    fields = ("issued", "treasury", "total") if form.treasury_shares else ("total",)
    if line is None:
        missing = doubtful(None, "this balance was not found")
        return {"on": missing, **dict.fromkeys(fields, missing)}, 0
    day = next((token for token in readings(line.body)[0] if token.kind == DAY), None)
    start = line.body.start + day.end if day is not None else line.body.start
    rest = attrs.evolve(line.body, start=start)
    words = _WORDS.search(rest.text)
    numbers = rest.part(0, words.start() if words else len(rest.text))
    on = (
        known(day.value, line.body.text[: day.end])
        if day is not None
        else doubtful(None, "no day can be read here", line.body.text)
    )
    if not any(token.kind == NUMBER for token in readings(numbers)[0]):
        return {"on": on, **dict.fromkeys(fields, doubtful(None, "no number can be read here", line.body.text))}, numbers.stop
    alone = is_ruled(numbers)
    cells = {field: attrs.evolve(cell, alone=alone) for field, cell in in_order(numbers, fields).items()}
    return {"on": attrs.evolve(on, alone=is_ruled(line.body)), **cells}, numbers.stop


# --- Events -------------------------------------------------------------------------------------------------------------


@attrs.frozen
class ReadEvent:
    """What can be read of an event: its words, its day, and its figures in every way in which they may be read."""

    category: str
    text: str | None
    day: ReadCell
    figures: Sequence[dict[str, Any]]
    raw: str
    alone: bool
    run_together: bool


def event(row: RowAsRead, words_before: str, form: Form) -> ReadEvent:
    """An event from the text of its row, and words of it that stood before its number."""
    span = row.span
    text = span.text
    first = readings(span)[0]
    dated = _date_of_changes(text, first)
    run = _figures_of(text, first, dated)
    left = _without(text, run, dated)
    category, own = split_category(f"{words_before} {left}".strip(), form)
    ways = list(
        {
            tuple(way.items()): way for way in (_figures(_figures_of(text, reading, dated), form) for reading in readings(span))
        }.values()
    )
    day = (
        known(dated[0].value, text[dated[0].start : dated[0].end], alone=is_ruled(span))
        if dated
        else doubtful(None, "no day can be read here", text)
    )
    run_together = len(_DATES.findall(text)) > 1
    return ReadEvent(category, own, day, ways, text, is_ruled(span), run_together)


_DATES = re.compile(r"Date\s+of\s+changes?", re.IGNORECASE)
_DATED = re.compile(rf"{_DATES.pattern}\s*:?\s*$", re.IGNORECASE)


def _date_of_changes(text: str, reading: Reading) -> tuple[Lexeme, int] | None:
    """The day that stands behind its caption, and where that begins; else the last day of the event."""
    days = [token for token in reading if token.kind == DAY]
    for token in days:
        caption = _DATED.search(text[: token.start])
        if caption is not None:
            return token, caption.start()
    return (days[-1], days[-1].start) if days else None


def _figures_of(text: str, reading: Reading, dated: tuple[Lexeme, int] | None) -> Sequence[Lexeme]:
    """The run of figures of an event: the one with a sign of per cent, behind its day if there is one there."""
    tokens = [token for token in reading if token.kind != DAY]
    after = [token for token in tokens if dated is not None and token.start >= dated[0].end]
    if any(token.kind == PER_CENT for token in after):
        return _with_sign(text, after)
    before = [token for token in tokens if dated is None or token.end <= dated[1]]
    if any(token.kind == PER_CENT for token in before):
        return _with_sign(text, before)
    return longest_run(text, tuple(after or before))


_BETWEEN = re.compile(r"[A-Za-z\u2e80-\u9fff(]")


def _with_sign(text: str, tokens: Sequence[Lexeme]) -> Sequence[Lexeme]:
    """The tokens beside a sign of per cent, with no words between; of several such runs the first."""
    return next(run for run in runs_of(text, tokens, _BETWEEN) if any(token.kind == PER_CENT for token in run))


def _without(text: str, run: Sequence[Lexeme], dated: tuple[Lexeme, int] | None) -> str:
    """The words of an event, without its figures and its day."""
    cut = [(run[0].start, run[-1].end)] if run else []
    cut += [(dated[1], dated[0].end)] if dated is not None else []
    for start, end in sorted(cut, reverse=True):
        text = f"{text[:start]}\n{text[end:]}"
    return "\n".join(" ".join(line.split()) for line in text.replace("\t", " ").split("\n") if line.strip())


# --- The figures of an event --------------------------------------------------------------------------------------------


def _figures(run: Sequence[Lexeme], form: Form) -> dict[str, Any]:
    """Shares and percentage before the sign; behind it treasury shares and a price, or in FF304 prices and a discount."""
    signs = [at for at, token in enumerate(run) if token.kind == PER_CENT]
    before = list(run[: signs[0]]) if signs else list(run)
    number, percent = _shares_and_percentage(before, run[signs[0]] if signs else None)
    behind = list(run[signs[0] + 1 :]) if signs else []
    found: dict[str, Any] = {"shares": number, "percent": percent}
    if not form.treasury_shares:
        discount = _discount(behind)
        amounts = _amounts(behind)
        return {**found, "price": (*amounts, None)[0], "market": (*amounts, None, None)[1], "discount": discount}
    loose = [token for token in _loose(behind) if token.kind == NUMBER]
    return {**found, "treasury": whole(loose[0]) if loose else None, "price": (*_amounts(behind), None)[0]}


def _shares_and_percentage(before: Sequence[Lexeme], sign: Lexeme | None) -> tuple[int | None, PrintedPercentage | None]:
    """Of two numbers before the sign the second is the percentage; a lone one is it if it has decimals or touches the sign."""
    numbers = [token for token in before if token.kind == NUMBER]
    if sign is None or not numbers:
        return (whole(numbers[0]) if numbers else None), None
    last = numbers[-1]
    if len(numbers) > 1:
        return whole(numbers[0]), _percentage(last)
    is_percentage = whole(last) is None
    return (None, _percentage(last)) if is_percentage else (whole(last), None)


def _percentage(token: Lexeme) -> PrintedPercentage | None:
    return PrintedPercentage(abs(token.value)) if isinstance(token.value, Decimal) else None


def _amounts(tokens: Sequence[Lexeme]) -> list[Any]:
    return [
        money(str(token.value), after) for token, after in pairwise(tokens) if token.kind == CURRENCY and after.kind == NUMBER
    ]


def _loose(tokens: Sequence[Lexeme]) -> list[Lexeme]:
    """Tokens that are no amount of a currency."""
    return [token for at, token in enumerate(tokens) if at == 0 or tokens[at - 1].kind != CURRENCY]


def _discount(tokens: Sequence[Lexeme]) -> Decimal | None:
    """The number before the last sign of per cent."""
    signs = [at for at, token in enumerate(tokens) if token.kind == PER_CENT]
    before = [token for token in _loose(tokens[: signs[-1]] if signs else ()) if token.kind == NUMBER]
    value = before[-1].value if before else None
    return value if isinstance(value, Decimal) else None


# --- Their cells --------------------------------------------------------------------------------------------------------


def change(found: ReadEvent, number: int, form: Form) -> Tree:
    """A change of Section I as cells by the fields of its document."""
    names = {"shares": "issued", "percent": "percent", "price": "price"}
    names |= {"treasury": "treasury"} if form.treasury_shares else {"market": "closing_market_price", "discount": "discount"}
    return _tree(found, number, names)


def pending(found: ReadEvent, number: int) -> Tree:
    """Shares not yet cancelled as cells by the fields of their document."""
    return _tree(found, number, {"shares": "shares", "percent": "percent", "price": "price"})


def _tree(found: ReadEvent, number: int, names: dict[str, str]) -> Tree:
    ways = [{name: way.get(key) for key, name in names.items()} for way in found.figures]
    cells: dict[str, ReadCell] = together(ways, found.raw, alone=found.alone)
    tree = {
        "number": known(number),
        "category": known(found.category or None, found.raw),
        "text": known(found.text, found.raw),
        "changed_on": found.day,
        **cells,
    }
    return (
        doubted(tree, "several days of changes stand in this row: two events may have run together")
        if found.run_together
        else tree
    )
