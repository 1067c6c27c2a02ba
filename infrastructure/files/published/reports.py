"""Sections II and III: trades day by day, their totals, and what was done under the mandate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs

from domain.returns.cells import PrintedPercentage
from domain.returns.forms import Form
from infrastructure.files.published import figures
from infrastructure.files.published.cell import BLANK, ReadCell, Tree, doubtful, known, together
from infrastructure.files.published.columns import ColumnTitles
from infrastructure.files.published.figures import count_in, day_in_line, is_ruled, money_of, number_of, readings, with_one
from infrastructure.files.published.outline import Block, CaptionedText, OutlinePart, Span
from infrastructure.files.published.values import DAY, NUMBER, Reading, money_and_rest, whole

_NO_LINE = "this line was not found"
_ROW_NUMBER = re.compile(r"\s*\d{1,3}\s*\)\s*\.\s*$")
_PER_CENT = re.compile(r"(?<![\d.,])(\d+(?:\.\d+)?)\s*%")
_EXPLANATORY = re.compile(r"Explanatory\s+Statement\s+dated\s+", re.IGNORECASE)

_TITLES = ("traded_on", "number", "method", "price", "lowest", "total")


def reports(part: OutlinePart | None, section: str, form: Form) -> list[tuple[Block, Tree]]:
    """The reports of a section, a block for each class; none if it is not applicable."""
    if part is None:
        return []
    columns = ColumnTitles.of(part.lines, [f"{section}_{title}" for title in _TITLES])
    found = [block for block in part.blocks if block.head or block.line(f"{section}_total_number")]
    statements = _explanatory_statements(part)
    return [
        (block, _report(block, section, columns, form, statements[min(at, len(statements) - 1)] if statements else BLANK))
        for at, block in enumerate(found)
    ]


def _explanatory_statements(part: OutlinePart) -> list[ReadCell]:
    found = _EXPLANATORY.search(part.span.text)
    if found is None:
        return []
    after = part.span.part(found.end(), min(found.end() + 200, len(part.span.text)))
    sentence = attrs.evolve(after, stop=after.start + len(after.text.split(" which ")[0]))
    return [known(token.value, sentence.text) for token in readings(sentence)[0] if token.kind == DAY]


def _report(block: Block, section: str, columns: ColumnTitles, form: Form, statement: ReadCell) -> Tree:
    total = block.line(f"{section}_total_number")
    region = Span(block.span.stream, block.span.start, _end_of_rows(block, section))
    captions = form.captions
    return {
        "rows": tuple(_trade(row, section, columns) for row in _rows(region)),
        "shares": _count(total),
        "totals": tuple(_aggregates(block, section, total)),
        **{
            name: _count(block.line(f"{section}_{name}"))
            for name in ("for_cancellation", "for_treasury")
            if f"{section}_{name}" in captions
        },
        "mandate": _mandate(block, section, statement, form),
    }


_AFTER_ROWS = (
    "total_number",
    "for_cancellation",
    "for_treasury",
    "part_b",
    "granted_on",
    "limit",
    "used",
    "confirmation",
    "note",
)


def _end_of_rows(block: Block, section: str) -> int:
    feet = [line.caption.start for key in _AFTER_ROWS for line in block.lines_of(f"{section}_{key}")]
    return min(feet, default=block.span.stop)


def _count(line: CaptionedText | None) -> ReadCell:
    """The number after a caption, or within one of several lines."""
    return doubtful(None, _NO_LINE) if line is None else count_in(with_one(NUMBER, line))


def _aggregates(block: Block, section: str, total: CaptionedText | None) -> Iterator[ReadCell]:
    """The amounts after the total number: their caption is that of the column over them."""
    for line in block.lines:
        after = total is None or line.caption.start > total.caption.start
        if line.key in (f"{section}_total", f"{section}_aggregate") and after:
            yield from figures.all_money_in(line.body)


# --- Trades -----------------------------------------------------------------------------------------------------------


def _rows(region: Span) -> list[Span]:
    """The rows of a report: each begins with its day, and with its number where it prints one."""
    starts = [token.start for token in readings(region)[0] if token.kind == DAY]
    stops = [*(_before_number(region.text, start) for start in starts[1:]), len(region.text)]
    return [region.part(start, stop) for start, stop in zip(starts, stops, strict=False)]


def _before_number(text: str, start: int) -> int:
    numbered = _ROW_NUMBER.search(text[max(0, start - 12) : start])
    return start - len(numbered[0]) if numbered else start


def _trade(row: Span, section: str, columns: ColumnTitles) -> Tree:
    day = next(token for token in readings(row)[0] if token.kind == DAY)
    traded_on = known(day.value, row.text[: day.end], alone=is_ruled(row))
    placed = columns.cells(row)
    if placed is None or not placed.get(f"{section}_number"):
        return {"traded_on": traded_on, **_in_order(row)}
    cells = {title: placed.get(f"{section}_{title}") for title in _TITLES}
    method = " ".join(" ".join(each.text for each in cells["method"] or ()).split())
    return {
        "traded_on": traded_on,
        "shares": number_of(cells["number"]),
        "method": known(method or None),
        **{field: money_of(cells[field]) for field in ("price", "lowest", "total")},
    }


def _in_order(row: Span) -> dict[str, ReadCell]:
    """A trade that has no columns: its number, its method in words, and up to three amounts."""
    ways = [_figures(reading) for reading in readings(row)]
    unique = list({tuple(way.items()): way for way in ways}.values())
    words = row.text
    for token in sorted(readings(row)[0], key=lambda token: -token.start):
        words = f"{words[: token.start]} {words[token.end :]}"
    return {**together(unique, row.text), "method": known(" ".join(words.split()).strip(" |") or None, row.text)}


def _figures(reading: Reading) -> dict[str, Any]:
    """The last of up to three amounts is the total, those before it are the price and the lowest price."""
    amounts, rest = money_and_rest(reading)
    numbers = [whole(token) for token in rest if token.kind == NUMBER]
    *prices, total = amounts[:3] or [None]
    price, lowest = (*prices, None, None)[:2]
    return {"shares": (*numbers, None)[0], "price": price, "lowest": lowest, "total": total}


# --- The mandate --------------------------------------------------------------------------------------------------------


def _mandate(block: Block, section: str, statement: ReadCell, form: Form) -> Tree | None:
    """What was done under the mandate; None if the block asks nothing about one."""
    found = {name: block.line(f"{section}_{name}") for name in ("granted_on", "limit", "used", "percent", "moratorium")}
    if not any(found[name] for name in ("granted_on", "limit", "used", "percent")):
        return None
    asked = {name for name in found if f"{section}_{name}" in form.captions}
    read = {
        "granted_on": _day(found["granted_on"]),
        "limit": _count(found["limit"]),
        "used": _count(found["used"]),
        "percent": _percentage(found["used"], found["percent"]),
        "moratorium_until": _day(block.line("up_to") or found["moratorium"]),
    }
    keys = {"moratorium_until": "moratorium"}
    kept = {field: cell for field, cell in read.items() if keys.get(field, field) in asked}
    return {**kept, "explanatory_statement_on": statement}


def _day(line: CaptionedText | None) -> ReadCell:
    return doubtful(None, _NO_LINE) if line is None else day_in_line(line)


def _percentage(used: CaptionedText | None, percent: CaptionedText | None) -> ReadCell:
    """The percentage stands behind its caption, or in the text of some PDFs before it: behind what was used."""
    if percent is None:
        return doubtful(None, _NO_LINE)
    start = used.body.start if used is not None else percent.caption.start
    span = Span(percent.body.stream, start, percent.body.stop)
    found = _PER_CENT.search(span.text)
    value = PrintedPercentage(Decimal(found[1])) if found else None
    return known(value, percent.body.text, alone=is_ruled(percent.body))
