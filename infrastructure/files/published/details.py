"""Part III of the Monthly Return: options, warrants, convertibles, other agreements and other movements, row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from domain.returns.forms import Form
from infrastructure.files.published.categories import first_category, split_category
from infrastructure.files.published.cell import BLANK, ReadCell, Tree, doubted, doubtful, known, together
from infrastructure.files.published.columns import ColumnTitles
from infrastructure.files.published.figures import (
    SEVERAL,
    all_money_in,
    day_in_line,
    day_of,
    foot_in,
    money_in,
    money_of,
    number_of,
    placements,
    readings,
)
from infrastructure.files.published.movements import moved_in_order, movements_of
from infrastructure.files.published.outline import Block, CaptionedText, Span
from infrastructure.files.published.rows import RowAsRead, gap, numbered
from infrastructure.files.published.top import one_line, remarks
from infrastructure.files.published.values import CURRENCY, DAY, MOST_READINGS, NUMBER, Lexeme, Reading, money_and_rest, whole

_FOOT = ("issued_total", "treasury_total", "funds_raised", "remarks")
DOUBTS = "doubts"
"""The key of a tree under which stand the doubts about its lists, by field."""


@attrs.frozen
class PartKind:
    """A part with rows: its field, the beginning of its captions' keys, the columns with a number, and how a row is read."""

    field: str
    prefix: str
    words: str
    counts: Mapping[str, str]
    row: Callable[[RowAsRead, ClassTable], Tree]

    @property
    def titles(self) -> tuple[str, ...]:
        """The keys of the titles of its columns."""
        others = ("opening", "movement", "closing", "currency")
        return (self.words, *self.counts, *(f"{self.prefix}_{key}" for key in others), "event_date", "general_meeting", "price")


@attrs.frozen
class ClassTable:
    """The table of a class in a part: its block, and the columns of the part on the version of the form."""

    kind: PartKind
    columns: ColumnTitles
    block: Block
    form: Form

    @property
    def counts(self) -> dict[str, str]:
        """The columns with a number that the version of the form has."""
        return {key: field for key, field in self.kind.counts.items() if key in self.form.captions}

    def under(self, row: RowAsRead, key: str) -> CaptionedText | None:
        """The line with a caption within a row."""
        return next((line for line in self.block.lines_of(key) if row.start <= line.caption.start < row.span.stop), None)

    def before_lines(self, row: RowAsRead, *keys: str) -> Span:
        """The text of a row until the first of the lines under it."""
        starts = [line.caption.start for key in keys if (line := self.under(row, key)) is not None]
        return attrs.evolve(row.span, stop=min(starts, default=row.span.stop))

    def day_under(self, row: RowAsRead, key: str) -> ReadCell:
        """The day of a line under a row."""
        line = self.under(row, key)
        return BLANK if line is None else day_in_line(line)


def block(table: ClassTable) -> Tree:
    """A block of a part: its rows, its feet and its remarks."""
    found, kind = table.block, table.kind
    rows = rows_of(table)
    feet = {
        foot: _foot(found.line(f"{kind.prefix}_{foot}_total"))
        for foot in ("issued", "treasury")
        if foot == "issued" or table.form.treasury_shares
    }
    missing = gap(rows)
    read: dict[str, Any] = {
        "rows": tuple({"number": known(row.number or at), **_row(row, table)} for at, row in enumerate(rows, 1)),
        **feet,
        "remarks": tuple(cell for line in found.lines_of("remarks") for cell in remarks(line.body)),
        DOUBTS: {"rows": missing} if missing else {},
    }
    if kind.field == "options":
        read["funds_raised"] = tuple(cell for line in found.lines_of("options_funds_raised") for cell in all_money_in(line.body))
    return read


def _row(row: RowAsRead, table: ClassTable) -> Tree:
    """The cells of a row. If several numbers stand in one of its columns, no figure of it is sure to be its own."""
    read = table.kind.row(row, table)
    run_together = any(isinstance(cell, ReadCell) and cell.doubt == SEVERAL for cell in read.values())
    return doubted(read, SEVERAL) if run_together else read


def _foot(line: CaptionedText | None) -> ReadCell:
    return doubtful(None, "the foot of this part was not found") if line is None else foot_in(line.body)


def rows_of(table: ClassTable) -> list[RowAsRead]:
    """The rows of a block; one that prints no number begins with a category, or after the titles of the columns."""
    found, kind, form = table.block, table.kind, table.form
    feet = [line.caption.start for line in found.lines if line.key.endswith(_FOOT) or line.key.startswith("month_")]
    region = Span(found.span.stream, found.span.start, min(feet, default=found.span.stop))
    rows = numbered(region)
    if rows:
        return rows
    titles = [line.caption.stop for line in (*found.head, *found.lines) if line.key in kind.titles or line in found.head]
    rest = Span(region.stream, min(max(titles, default=region.start), region.stop), region.stop)
    if kind.field == "other_movements" and (place := first_category(rest.text, form)) is not None:
        return [RowAsRead(None, rest.start + place, rest.part(place, len(rest.text)))]
    has_figures = any(token.kind in (NUMBER, DAY) for token in readings(rest)[0])
    return [RowAsRead(None, rest.start, rest)] if has_figures else []


# --- Rows -----------------------------------------------------------------------------------------------------------


def _options(row: RowAsRead, table: ClassTable) -> Tree:
    span = table.before_lines(row, "general_meeting")
    placed = table.columns.cells(span)
    if placed is not None and placed.get(table.kind.words):
        words, movements = _words(placed[table.kind.words]), movements_of(placed.get("options_movement", []))
        cells = {field: number_of(placed.get(key)) for key, field in {**_OUTSTANDING, **table.counts}.items()}
    else:
        words, movements, cells = moved_in_order(span, ("closing", *table.counts.values()))
    return {
        "particulars": words,
        "movements": tuple({"label": label, "number": number, "word": word} for label, number, word in movements),
        **cells,
        "general_meeting_on": table.day_under(row, "general_meeting"),
    }


_OUTSTANDING = {"options_opening": "opening", "options_closing": "closing"}


def _words(spans: Sequence[Span]) -> ReadCell:
    raw = " ".join(span.text for span in spans)
    return known(one_line(raw) or None, raw, alone=True)


def _instrument(row: RowAsRead, table: ClassTable) -> Tree:
    under = tuple(f"{table.kind.prefix}_{key}" for key in ("type", "stock_code", "price"))
    span = table.before_lines(row, *under, "general_meeting")
    placed = table.columns.cells(span)
    fields = table.counts
    if placed is not None and placed.get(table.kind.words):
        movements = movements_of(placed.get(f"{table.kind.prefix}_movement", []), decimals=True)
        currencies = placed.get(f"{table.kind.prefix}_currency", [])
        read: dict[str, Any] = {
            "description": _words(placed[table.kind.words]),
            "currency": known(next(filter(None, map(_currency, currencies)), None)),
            "opening": number_of(placed.get(f"{table.kind.prefix}_opening"), decimals=True),
            "closing": number_of(placed.get(f"{table.kind.prefix}_closing"), decimals=True),
            **{field: number_of(placed.get(key)) for key, field in fields.items()},
        }
    else:
        words, movements, cells = moved_in_order(span, ("closing", *fields.values()), decimals=True)
        read = {"description": words, "currency": known(_currency(span)), **cells}
    kind, code, price = (table.under(row, key) for key in under)
    return {
        **read,
        "movements": tuple((label, number) for label, number, _ in movements),
        "type_label": BLANK if kind is None else _words([kind.body]),
        "stock_code": BLANK if code is None else _code_in(code.body),
        **(_price_and_terms(price.body) if price is not None else {}),
        "general_meeting_on": table.day_under(row, "general_meeting"),
    }


def _currency(span: Span) -> Any:
    return next((token.value for token in readings(span)[0] if token.kind == CURRENCY), None)


def _price_and_terms(span: Span) -> dict[str, ReadCell]:
    """A price with the words under it, or words alone: an amount within them is not the price."""
    reading = readings(span)[0]
    priced = len(reading) > 1 and (reading[0].kind, reading[1].kind) == (CURRENCY, NUMBER)
    end = reading[1].end if priced and not span.text[: reading[0].start].strip(" :\t\n") else 0
    return {"price": money_in(span.part(0, end)), "price_terms": _words([span.part(end, len(span.text))])}


_CODE = re.compile(r"(?<!\d)\d{4,5}(?!\d)")


def _code_in(span: Span) -> ReadCell:
    found = _CODE.search(span.text)
    return known(found[0] if found else None, span.text)


def _agreement(row: RowAsRead, table: ClassTable) -> Tree:
    priced = table.under(row, "price")
    fields = table.counts
    placed = table.columns.cells(row.span)
    described = "agreements_description"
    if placed is not None and placed.get("general_meeting"):
        words = [each for key in (described, table.kind.words) for each in placed.get(key, [])]
        cut = [attrs.evolve(each, stop=min(each.stop, priced.caption.start) if priced else each.stop) for each in words]
        return {
            "description": _words(cut or [_first_line(row.span)]),
            **(_price_and_terms(_rest_of_cell(priced, words)) if priced is not None else {}),
            "general_meeting_on": day_of(placed["general_meeting"]),
            **{field: number_of(placed.get(key)) for key, field in fields.items()},
        }
    return _in_a_run(row.span, {"general_meeting_on": DAY}, tuple(fields.values()), "description")


def _first_line(span: Span) -> Span:
    return attrs.evolve(span, stop=span.start + len(span.text.split("\t")[0]))


def _rest_of_cell(line: CaptionedText, cells: Sequence[Span]) -> Span:
    stop = next((cell.stop for cell in cells if cell.start <= line.body.start <= cell.stop), line.body.stop)
    return attrs.evolve(line.body, stop=max(line.body.start, stop))


def _other(row: RowAsRead, table: ClassTable) -> Tree:
    fields = table.counts
    placed = table.columns.cells(row.span)
    if placed is not None and placed.get(table.kind.words):
        category, text = split_category(" ".join(each.text for each in placed[table.kind.words]), table.form)
        return {
            "category": known(category),
            "text": known(text),
            "price": money_of(placed.get("price")),
            "occurred_on": day_of(placed.get("event_date")),
            "general_meeting_on": day_of(placed.get("general_meeting")),
            **{field: number_of(placed.get(key)) for key, field in fields.items()},
        }
    read = _in_a_run(row.span, {"occurred_on": DAY, "general_meeting_on": DAY}, tuple(fields.values()), "category")
    category, text = split_category(str(read["category"].values[0] or ""), table.form)
    return {**read, "category": known(category or None), "text": known(text)}


def _in_a_run(span: Span, days: Mapping[str, str], counts: Sequence[str], words: str) -> dict[str, ReadCell]:
    """A row that has no columns: its figures follow each other without words, wherever its words stand."""
    ways: list[dict[str, Any]] = []
    text = span.text
    for reading in readings(span):
        run = _from_price_or_day(longest_run(text, reading))
        amounts, rest = money_and_rest(run)
        known_days = [token.value for token in run if token.kind == DAY]
        dated = dict(zip(days, known_days, strict=False))
        priced = next((amount for amount in amounts if amount is not None), None)
        numbers = [whole(token) for token in rest if token.kind == NUMBER]
        ways += [
            {"price": priced, **{day: dated.get(day) for day in days}, **dict(zip(counts, way, strict=True))}
            for way in placements(numbers, len(counts))
        ]
    run = _from_price_or_day(longest_run(text, readings(span)[0]))
    left = text[: run[0].start] + " " + text[run[-1].end :] if run else text
    unique = list({tuple(way.items()): way for way in ways}.values())
    return {**together(unique[:MOST_READINGS], text), words: known(one_line(left) or None, left)}


def _from_price_or_day(run: Sequence[Lexeme]) -> Sequence[Lexeme]:
    """A run from its first currency on, or else from its first day: what stands before belongs to the words of the row."""
    for kind in (CURRENCY, DAY):
        at = next((at for at, token in enumerate(run) if token.kind == kind), None)
        if at is not None:
            return run[at:]
    return run


def longest_run(text: str, reading: Reading) -> tuple[Lexeme, ...]:
    """The tokens of a reading that follow each other without a word between them; of several such runs the longest."""
    runs = runs_of(text, reading, _A_WORD)
    longest = max(map(len, runs), default=0)
    return next((tuple(run) for run in runs if len(run) == longest), ())


def runs_of(text: str, tokens: Sequence[Lexeme], between: re.Pattern[str]) -> list[list[Lexeme]]:
    """Tokens in runs that end where something stands `between` two of them."""
    runs: list[list[Lexeme]] = []
    for token in tokens:
        if runs and not between.search(text[runs[-1][-1].end : token.start]):
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


_A_WORD = re.compile(r"[A-Za-z\u2e80-\u9fff]{2}")


# --- The parts ------------------------------------------------------------------------------------------------------


def _issued(prefix: str) -> dict[str, str]:
    return {f"{prefix}_{key}": key for key in ("new_shares", "treasury_shares", "may_be_issued")}


KINDS = (
    PartKind(
        "options", "options", "option_particulars", {**_issued("options"), "options_may_be_granted": "may_be_granted"}, _options
    ),
    PartKind("warrants", "warrants", "warrants_description", _issued("warrants"), _instrument),
    PartKind("convertibles", "convertibles", "convertibles_description", _issued("convertibles"), _instrument),
    PartKind("agreements", "agreements", "description", _issued("agreements"), _agreement),
    PartKind(
        "other_movements",
        "other",
        "events",
        {"other_issued": "issued", "other_treasury": "treasury", "other_pending": "pending"},
        _other,
    ),
)
