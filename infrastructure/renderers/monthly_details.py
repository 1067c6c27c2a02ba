"""Part III of the Monthly Return: options, warrants, convertibles, other agreements, other movements, and their totals."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Sized
from decimal import Decimal
from itertools import chain, count
from typing import Generic, TypeVar

import attrs

from domain.returns.documents import (
    AgreementRow,
    Agreements,
    InstrumentRow,
    Instruments,
    MonthlyReturn,
    MonthTotal,
    Options,
    OptionsRow,
    OtherMovement,
    OtherMovements,
)
from infrastructure.renderers import blocks
from infrastructure.renderers.blocks import Captions
from infrastructure.renderers.cells import amount_pair, caption, grouped, head, long_date, money, number, quantity
from infrastructure.renderers.columns import LayoutColumn, drawn, heads, standing, widths
from infrastructure.renderers.layout import Block, Cell, Heading, Row, RuledTable

R = TypeVar("R")
Moves = Sequence[tuple[str, int | Decimal | None]]
B = TypeVar("B", bound=Options | Instruments | Agreements | OtherMovements)
Foot = Options | Instruments | Agreements | OtherMovements | MonthTotal


@attrs.frozen
class OutstandingPart(Generic[R]):
    """The table of part (A), (B) or (C): what is outstanding at the opening, its movements, the close, shares issued on it.

    Columns stand on either side of the movements; `under` are the lines under each row, captions and cells.
    """

    before: tuple[LayoutColumn[R], ...]
    movement: str
    movements: Callable[[R], Moves]
    after: tuple[LayoutColumn[R], ...]
    under: Callable[[R], tuple[tuple[str, Cell], ...]]


# --- The parts ------------------------------------------------------------------------------------------------------


def options(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    """Part III(A), under the title of Part III."""
    kind = _OPTIONS[document.form.edition.words_below]
    part = _part(document.options, "a", "options", lambda each: _outstanding(each, each.rows, kind, captions), document, level=3)
    return Heading(captions["part_3"]), *part


def warrants(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    """Part III(B)."""
    kind = _INSTRUMENTS["warrants"]
    return _part(document.warrants, "b", "warrants", lambda each: _outstanding(each, each.rows, kind, captions), document)


def convertibles(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    """Part III(C)."""
    kind = _INSTRUMENTS["convertibles"]
    return _part(document.convertibles, "c", "convertibles", lambda each: _outstanding(each, each.rows, kind, captions), document)


def agreements(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    """Part III(D)."""
    return _part(document.agreements, "d", "agreements", lambda each: _agreements(each, captions), document)


def other_movements(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    """Part III(E), and the totals of Part III."""
    part = _part(document.other_movements, "e", "other", lambda each: _others(each, captions), document, head="event")
    names = blocks.class_names(document)
    totals = tuple(chain.from_iterable(_feet(total, "month", captions, names[total.heading.code]) for total in document.totals))
    return (*part, RuledTable(_FEET, totals)) if totals else part


def _part(
    found: Sequence[B],
    letter: str,
    kind: str,
    table: Callable[[B], RuledTable],
    document: MonthlyReturn,
    *,
    level: int = 2,
    head: str = "issuable",
) -> tuple[Block, ...]:
    """A part class by class: the head of the class, the table of its rows, its feet and its remarks."""
    captions = document.form.captions
    title = captions[f"part_3{letter}"]
    if not found:
        return (blocks.not_applicable(title, document),)
    names = blocks.class_names(document)
    parts: list[Block] = []
    for each in found:
        feet = (*_feet(each, kind, captions, names[each.heading.code]), *_raised(each, captions))
        parts += blocks.class_head(each.heading, captions, head), table(each), RuledTable(_FEET, feet, attached=True)
        parts += blocks.remarks(each.remarks, captions)
    return Heading(title, level), *parts


# --- (A) to (C): what is outstanding ---------------------------------------------------------------------------------


def _outstanding(block: Options | Instruments, rows: tuple[R, ...], part: OutstandingPart[R], captions: Captions) -> RuledTable:
    """A row for each movement, beside cells that span them all; under them the row's further particulars."""
    before, after = standing(part.before, captions), standing(part.after, captions)
    titles = (*heads(before, captions), head(captions[part.movement], colspan=2), *heads(after, captions))
    columns = (*widths(before), *_MOVEMENT, *widths(after))
    lines: list[Row] = []
    for number_of_row, row in enumerate(rows, start=1):
        key = f"{block.heading.number}.{number_of_row}"
        moves = _movements(part.movements(row), key)
        span = len(moves)
        lines += ((*drawn(before, row, key, span), *moves[0], *drawn(after, row, key, span)), *moves[1:])
        lines += (
            (caption(captions[name], colspan=2), attrs.evolve(cell, colspan=len(columns) - 2)) for name, cell in part.under(row)
        )
    return RuledTable(columns, (titles, *lines), header_rows=1, attached=True)


_MOVEMENT = (10, 12)


def _movements(moves: Moves, key: str) -> tuple[Row, ...]:
    figures = count()
    keys = ("" if moved is None else f"{key}.moved.{next(figures)}" for _, moved in moves)
    rows = tuple((Cell(label), quantity(moved, key=name)) for (label, moved), name in zip(moves, keys, strict=True))
    return rows or ((Cell(), Cell(align="right")),)


def _closing(key: str, moves: Sized) -> tuple[str, ...]:
    return (f"{key}.opening", *(f"{key}.moved.{at}" for at in range(len(moves))))


def _options_closing(row: OptionsRow, key: str) -> tuple[str, ...]:
    """What the closing number is the sum of; of nothing on the page where the opening one is not known."""
    return () if row.opening.value is None else _closing(key, row.movements)


def _words_beside(row: OptionsRow) -> Moves:
    return tuple(("\n".join(filter(None, (move.label, move.word))), move.number.value) for move in row.movements)


def _words_below(row: OptionsRow) -> Moves:
    """The word of an `Others` movement, on a line below: the figure is beside the label."""
    pairs = (((move.label, move.number.value), (move.word, None)) for move in row.movements)
    return tuple((label, figure) for pair in pairs for label, figure in pair if label)


_OPTIONS_PART = OutstandingPart[OptionsRow](
    before=(
        LayoutColumn("option_particulars", 19, lambda row, _, span: Cell(f"{row.number}). {row.particulars}", rowspan=span)),
        LayoutColumn("options_opening", 12, lambda row, key, span: number(row.opening, span, f"{key}.opening")),
    ),
    movement="options_movement",
    movements=_words_beside,
    after=(
        LayoutColumn("options_closing", 12, lambda row, key, span: number(row.closing, span, sum_of=_options_closing(row, key))),
        LayoutColumn("options_new_shares", 11, lambda row, key, span: number(row.new_shares, span, f"{key}.issued")),
        LayoutColumn("options_treasury_shares", 12, lambda row, key, span: number(row.treasury_shares, span, f"{key}.treasury")),
        LayoutColumn("options_may_be_issued", 13, lambda row, _, span: number(row.may_be_issued, span)),
        LayoutColumn("options_may_be_granted", 15, lambda row, _, span: number(row.may_be_granted, span)),
    ),
    under=lambda row: (("general_meeting", Cell(long_date(row.general_meeting_on))),),
)
_OPTIONS = {False: _OPTIONS_PART, True: attrs.evolve(_OPTIONS_PART, movements=_words_below)}


def _instrument_part(kind: str) -> OutstandingPart[InstrumentRow]:
    return OutstandingPart[InstrumentRow](
        before=(
            LayoutColumn(f"{kind}_description", 18, lambda row, _, span: Cell(f"{row.number}). {row.description}", rowspan=span)),
            LayoutColumn(f"{kind}_currency", 7, lambda row, _, span: Cell(row.currency or "", rowspan=span)),
            LayoutColumn(f"{kind}_opening", 13, lambda row, key, span: quantity(row.opening, span, f"{key}.opening")),
        ),
        movement=f"{kind}_movement",
        movements=lambda row: row.movements,
        after=(
            LayoutColumn(
                f"{kind}_closing", 13, lambda row, key, span: quantity(row.closing, span, sum_of=_closing(key, row.movements))
            ),
            LayoutColumn(f"{kind}_new_shares", 12, lambda row, key, span: number(row.new_shares, span, f"{key}.issued")),
            LayoutColumn(
                f"{kind}_treasury_shares", 13, lambda row, key, span: number(row.treasury_shares, span, f"{key}.treasury")
            ),
            LayoutColumn(f"{kind}_may_be_issued", 14, lambda row, _, span: number(row.may_be_issued, span)),
        ),
        under=lambda row: (
            (f"{kind}_type", Cell(row.type_label or "")),
            (f"{kind}_stock_code", Cell(row.stock_code or "")),
            (f"{kind}_price", _price(row)),
            ("general_meeting", Cell(long_date(row.general_meeting_on))),
        ),
    )


def _price(row: InstrumentRow) -> Cell:
    """The price, and its terms where they are in words."""
    cell = attrs.evolve(money(row.price), align="left")
    return attrs.evolve(cell, text="\n".join(filter(None, (cell.text, row.price_terms))))


_INSTRUMENTS = {kind: _instrument_part(kind) for kind in ("warrants", "convertibles")}


# --- (D) and (E) ------------------------------------------------------------------------------------------------------


def _agreements(block: Agreements, captions: Captions) -> RuledTable:
    columns = standing(_AGREEMENTS, captions)
    titles = (head(captions["agreements_description"]), *heads(columns, captions))
    rows = (
        (_agreement(row, captions), *drawn(columns, row, f"{block.heading.number}.{at}"))
        for at, row in enumerate(block.rows, start=1)
    )
    return RuledTable((32, *widths(columns)), (titles, *rows), header_rows=1, attached=True)


def _agreement(row: AgreementRow, captions: Captions) -> Cell:
    """The part has no column for a price: it stands under the description."""
    price = f"{captions['price']} {row.price}" if row.price else None
    return Cell("\n".join(filter(None, (f"{row.number}). {row.description}", price, row.price_terms))))


_AGREEMENTS: tuple[LayoutColumn[AgreementRow], ...] = (
    LayoutColumn("general_meeting", 14, lambda row, *_: Cell(long_date(row.general_meeting_on))),
    LayoutColumn("agreements_new_shares", 18, lambda row, key, _: number(row.new_shares, key=f"{key}.issued")),
    LayoutColumn("agreements_treasury_shares", 18, lambda row, key, _: number(row.treasury_shares, key=f"{key}.treasury")),
    LayoutColumn("agreements_may_be_issued", 18, lambda row, *_: number(row.may_be_issued)),
)


def _others(block: OtherMovements, captions: Captions) -> RuledTable:
    columns = standing(_OTHER, captions)
    titles = (
        (head(captions["events"], rowspan=2), head(captions["price"], colspan=2), *heads(columns, captions, rowspan=2)),
        (head(captions["currency"]), head(captions["amount"])),
    )
    rows = (
        (_other(row), *amount_pair(row.price), *drawn(columns, row, f"{block.heading.number}.{at}"))
        for at, row in enumerate(block.rows, start=1)
    )
    return RuledTable((24, 7, 8, *widths(columns)), (*titles, *rows), header_rows=2, attached=True)


def _other(row: OtherMovement) -> Cell:
    return Cell("\n".join(filter(None, (f"{row.number}). {row.category}", row.text))))


_OTHER: tuple[LayoutColumn[OtherMovement], ...] = (
    LayoutColumn("event_date", 14, lambda row, *_: Cell(long_date(row.occurred_on))),
    LayoutColumn("general_meeting", 13, lambda row, *_: Cell(long_date(row.general_meeting_on))),
    LayoutColumn("other_issued", 16, lambda row, key, _: number(row.issued, key=f"{key}.issued")),
    LayoutColumn("other_treasury", 14, lambda row, key, _: number(row.treasury, key=f"{key}.treasury")),
    LayoutColumn("other_pending", 16, lambda row, *_: number(row.pending)),
    # Before June 2024 the last column is of shares that may be issued, which no event of this part leaves behind.
    LayoutColumn("other_may_be_issued", 16, lambda *_: Cell(align="right")),
)


# --- The feet of a part, and of Part III ----------------------------------------------------------------------------

_FEET = (62, 16, 22)


def _feet(block: Foot, part: str, captions: Captions, name: str) -> tuple[Row, ...]:
    """The totals of a class in issued and in treasury shares, as far as the version of the form asks for them."""
    rows = () if isinstance(block, MonthTotal) else block.rows
    sums = (tuple(f"{block.heading.number}.{at}.{kind}" for at in range(1, len(rows) + 1)) for kind in ("issued", "treasury"))
    totals = zip(("issued", "treasury"), (block.issued, block.treasury), sums, strict=True)
    return tuple(
        _foot(f"{part}_{kind}", number(figure, sum_of=sum_of), name, captions)
        for kind, figure, sum_of in totals
        if f"{part}_{kind}_total" in captions
    )


def _raised(block: Foot, captions: Captions) -> tuple[Row, ...]:
    """The foot of part (A) alone: the funds raised, a line for each currency."""
    if not isinstance(block, Options):
        return ()
    funds = "\n".join(f"{money.currency} {grouped(money.amount)}" for money in block.funds_raised)
    return ((caption(captions["options_funds_raised"], align="right"), Cell(funds, align="right"), Cell()),)


def _foot(key: str, total: Cell, name: str, captions: Captions) -> Row:
    """The class is named beside its total, or in the caption if the caption has a place for it."""
    label = captions[f"{key}_total"]
    if "{name}" in label:
        return caption(label.format(name=name), align="right"), attrs.evolve(total, colspan=2)
    return caption(label, align="right"), total, Cell(" ".join(filter(None, (name, captions.get(f"{key}_mark")))))
