"""The Monthly Return laid out: FF301, a page for each part."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from domain.returns.documents import (
    AuthorisedCapital,
    BalanceLine,
    IssuedShares,
    MonthlyReturn,
    MonthTotal,
    Options,
    OptionsRow,
    OtherMovement,
    OtherMovements,
)
from infrastructure.renderers import blocks
from infrastructure.renderers.blocks import Captions
from infrastructure.renderers.cells import amount_pair, caption, grouped, head, long_date, number
from infrastructure.renderers.layout import Block, Cell, Heading, Layout, Page, Row, Table


def layout(document: MonthlyReturn) -> Layout:
    """The pages of a Monthly Return."""
    captions = blocks.captions_of(document)
    return blocks.laid_out(document, captions, tuple(Page(part(document, captions)) for part in _PARTS))


def _opening_page(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    head_of_return = Table(
        (18, 46, 14, 22),
        (
            (
                caption(captions["month_ended"]),
                Cell(long_date(document.month_end), bold=True),
                caption(captions["status"]),
                Cell(document.status, bold=True),
            ),
            (caption(captions["to"]), Cell(captions["addressee"], colspan=3)),
            (caption(captions["issuer_name"]), Cell(blocks.issuer_name(document), colspan=3)),
            (caption(captions["date_submitted"]), Cell(long_date(document.submitted_on), colspan=3)),
        ),
    )
    return (Heading(captions["title"], level=1), head_of_return, *_authorised(document, captions))


# --- Parts I and II: balances -------------------------------------------------------------------------------------


def _authorised(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    if document.authorised is None:
        return (blocks.not_applicable(captions["part_1"], captions),)
    capital = (_authorised_block(block, captions) for block in document.authorised)
    label = caption(captions["total_authorised_capital"], align="right")
    total = tuple((label, *amount_pair(money, group=True)) for money in document.total_authorised_capital)
    foot = (Table((80, 6, 14), total),) if total else ()
    return (Heading(captions["part_1"]), *chain.from_iterable(capital), *foot)


def _authorised_block(block: AuthorisedCapital, captions: Captions) -> tuple[Block, ...]:
    heads = (
        caption(""),
        head(captions["authorised_number"]),
        head(captions["par_value"], colspan=2),
        head(captions["authorised_capital"], colspan=2),
    )
    nothing = amount_pair(None)
    rows = (
        (
            caption(captions["balance_opening"]),
            number(block.opening),
            *amount_pair(block.par_value),
            *amount_pair(block.opening_capital, group=True),
        ),
        (caption(captions["balance_movement"]), number(block.movement), *nothing, *_capital_movement(block)),
        (
            caption(captions["balance_closing"]),
            number(block.closing),
            *amount_pair(block.par_value),
            *amount_pair(block.closing_capital, group=True),
        ),
    )
    return blocks.class_head(block.heading, captions), Table((28, 24, 6, 22, 6, 14), (heads, *rows), header_rows=1, attached=True)


def _capital_movement(block: AuthorisedCapital) -> Row:
    """The capital that a movement makes at par value; without a movement the currency stands alone."""
    moved = block.movement.value
    if block.par_value is None:
        return amount_pair(None)
    if moved is None:
        return Cell(block.par_value.currency), Cell(align="right")
    return amount_pair(block.par_value.times(abs(moved)), sign=-1 if moved < 0 else 1, group=True)


def _issued(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    balances = (_issued_block(block, captions) for block in document.issued)
    return (Heading(captions["part_2"]), *chain.from_iterable(balances))


def _issued_block(block: IssuedShares, captions: Captions) -> tuple[Block, ...]:
    heads = (
        caption(""),
        head(captions["issued_number"]),
        head(captions["treasury_number"]),
        head(captions["total_number"]),
    )
    rows = (
        _balance_row(captions["balance_opening"], block.opening),
        _balance_row(captions["balance_movement"], block.movement),
        _balance_row(captions["balance_closing"], block.closing),
    )
    return blocks.class_head(block.heading, captions), Table((28, 24, 24, 24), (heads, *rows), header_rows=1, attached=True)


def _balance_row(label: str, line: BalanceLine) -> Row:
    return (caption(label), number(line.issued), number(line.treasury), number(line.total))


# --- Part III (A): share options ----------------------------------------------------------------------------------


def _options(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    title = Heading(captions["part_3"])
    if not document.options:
        return title, blocks.not_applicable(captions["part_3a"], captions)
    schemes = (_options_block(block, captions) for block in document.options)
    return (title, Heading(captions["part_3a"], level=3), *chain.from_iterable(schemes))


def _options_block(block: Options, captions: Captions) -> tuple[Block, ...]:
    heads = (
        head(captions["option_particulars"]),
        head(captions["options_opening"]),
        head(captions["options_movement"], colspan=2),
        head(captions["options_closing"]),
        head(captions["options_new_shares"]),
        head(captions["options_treasury_shares"]),
        head(captions["options_may_be_issued"]),
        head(captions["options_may_be_granted"]),
    )
    rows = chain.from_iterable(_options_rows(row, captions) for row in block.rows)
    funds = "\n".join(f"{money.currency} {grouped(money.amount)}" for money in block.funds_raised)
    feet = (
        *_class_totals(block, ("options_issued", "options_treasury"), captions),
        (caption(captions["options_funds_raised"], align="right"), Cell(funds, align="right"), Cell()),
    )
    return (
        blocks.class_head(block.heading, captions),
        Table((19, 12, 8, 12, 12, 11, 12, 13, 15), (heads, *rows), header_rows=1, attached=True),
        Table(_FEET, feet, attached=True),
        *blocks.remarks(block.remarks, captions),
    )


def _options_rows(row: OptionsRow, captions: Captions) -> tuple[Row, ...]:
    """A row for each movement of the scheme, beside cells that span them all; under them the general meeting's day."""
    moves = tuple((Cell("\n".join(filter(None, (move.label, move.word)))), number(move.number)) for move in row.movements) or (
        (Cell(), Cell()),
    )
    span = len(moves)
    first = (
        Cell(f"{row.number}). {row.particulars}", rowspan=span),
        number(row.opening, span),
        *moves[0],
        *(
            number(figure, span)
            for figure in (row.closing, row.new_shares, row.treasury_shares, row.may_be_issued, row.may_be_granted)
        ),
    )
    meeting = (caption(captions["general_meeting"]), Cell(long_date(row.general_meeting_on), colspan=8))
    return (first, *moves[1:], meeting)


# --- Part III (B) to (D), IV: not applicable until the book records such instruments --------------------------------


def _not_applicable(*keys: str) -> Callable[[MonthlyReturn, Captions], tuple[Block, ...]]:
    return lambda _, captions: tuple(blocks.not_applicable(captions[key], captions) for key in keys)


# --- Part III (E): other movements, and the totals of Part III ------------------------------------------------------


def _other_movements(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    if document.other_movements:
        movements = (_other_block(block, captions) for block in document.other_movements)
        part: tuple[Block, ...] = (Heading(captions["part_3e"], level=2), *chain.from_iterable(movements))
    else:
        part = (blocks.not_applicable(captions["part_3e"], captions),)
    totals = chain.from_iterable(_class_totals(total, ("month_issued", "month_treasury"), captions) for total in document.totals)
    rows = tuple(totals)
    return (*part, Table(_FEET, rows)) if rows else part


def _other_block(block: OtherMovements, captions: Captions) -> tuple[Block, ...]:
    heads = (
        (
            head(captions["events"], rowspan=2),
            head(captions["price"], colspan=2),
            *(
                head(captions[key], rowspan=2)
                for key in ("event_date", "general_meeting", "other_issued", "other_treasury", "other_pending")
            ),
        ),
        (head(captions["currency"]), head(captions["amount"])),
    )
    rows = tuple(_other_row(row) for row in block.rows)
    return (
        blocks.class_head(block.heading, captions),
        Table((24, 7, 8, 14, 13, 16, 14, 16), (*heads, *rows), header_rows=2, attached=True),
        Table(_FEET, _class_totals(block, ("other_issued", "other_treasury"), captions), attached=True),
        *blocks.remarks(block.remarks, captions),
    )


def _other_row(row: OtherMovement) -> Row:
    return (
        Cell("\n".join(filter(None, (f"{row.number}). {row.category}", row.text)))),
        *amount_pair(row.price),
        Cell(long_date(row.occurred_on)),
        Cell(long_date(row.general_meeting_on)),
        number(row.issued),
        number(row.treasury),
        number(row.pending),
    )


_FEET = (62, 16, 22)


def _class_totals(block: Options | OtherMovements | MonthTotal, keys: tuple[str, str], captions: Captions) -> tuple[Row, ...]:
    name = blocks.class_name(block.heading, captions)
    return tuple(
        (
            caption(captions[f"{key}_total"], align="right"),
            number(figure),
            Cell(" ".join(filter(None, (name, captions.get(f"{key}_mark"))))),
        )
        for key, figure in zip(keys, (block.issued, block.treasury), strict=True)
    )


# --- Part V -------------------------------------------------------------------------------------------------------


def _confirmations(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    """Part V speaks of shares issued and of treasury shares transferred: without any, it is not applicable."""
    title = captions["confirmation_title"]
    signed = blocks.signature(document, captions)
    if not _shares_issued(document):
        return blocks.not_applicable(title, captions), signed
    return (Heading(title), *blocks.confirmations(document, captions), signed)


def _shares_issued(document: MonthlyReturn) -> bool:
    """Whether shares were issued, or transferred out of treasury, in the month."""
    rows = chain.from_iterable(block.rows for block in document.other_movements)
    exercised = chain.from_iterable(block.rows for block in document.options)
    figures = chain(
        (row.issued for row in rows),
        chain.from_iterable((row.new_shares, row.treasury_shares) for row in exercised),
        (total.issued for total in document.totals),
    )
    return any((figure.value or 0) > 0 for figure in figures)


_PARTS: tuple[Callable[[MonthlyReturn, Captions], tuple[Block, ...]], ...] = (
    _opening_page,
    _issued,
    _options,
    _not_applicable("part_3b"),
    _not_applicable("part_3c"),
    _not_applicable("part_3d"),
    _other_movements,
    _not_applicable("part_4"),
    _confirmations,
    blocks.notes,
)
