"""The Next Day Disclosure Return laid out: FF304 and FF305, which differ in the columns of Section I and in Section III."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain

import attrs

from domain.returns.documents import Change, ClassSection, DatedBalance, NextDayReturn, PendingShares
from infrastructure.renderers import blocks
from infrastructure.renderers.blocks import Captions
from infrastructure.renderers.cells import caption, head, long_date, money, number, percent
from infrastructure.renderers.layout import Block, Cell, Heading, Layout, Page, Paragraph, Row, Table


@attrs.frozen
class Columns:
    """The table of Section I in a form: its widths and heads, and what a balance and an event fill in after the first cell."""

    widths: tuple[int, ...]
    heads: Callable[[Captions], tuple[Row, ...]]
    balance: Callable[[DatedBalance], Row]
    change: Callable[[Change], Row]
    pending: Callable[[PendingShares], Row]


def layout(document: NextDayReturn) -> Layout:
    """The pages of a Next Day Disclosure Return."""
    captions = blocks.captions_of(document)
    columns, sections = _COLUMNS[document.form.code], _SECTIONS[document.form.code]
    first, *further = (sections(section, columns, captions) for section in document.sections)
    pages = (
        Page((*_opening(document, captions), *first)),
        *(Page(section) for section in further),
        Page((*_confirmation_title(captions), *blocks.confirmations(document, captions))),
        Page(blocks.notes(document, captions)),
        Page((*_further_sections(captions), *blocks.remarks(document.remarks, captions), blocks.signature(document, captions))),
    )
    return blocks.laid_out(document, captions, pages)


def _opening(document: NextDayReturn, captions: Captions) -> tuple[Block, ...]:
    head_of_return = Table(
        (18, 46, 14, 22),
        (
            (
                caption(captions["instrument"]),
                Cell(captions["instrument_value"]),
                caption(captions["status"]),
                Cell(document.status, bold=True),
            ),
            (caption(captions["issuer_name"]), Cell(blocks.issuer_name(document), colspan=3)),
            (caption(captions["date_submitted"]), Cell(long_date(document.submitted_on), colspan=3)),
        ),
    )
    return (
        Heading(captions["title"], level=1),
        Paragraph(captions["subtitle"], align="center"),
        head_of_return,
        Paragraph(captions["section_1_instruction"]),
        Heading(captions["section_1"]),
    )


def _confirmation_title(captions: Captions) -> tuple[Block, ...]:
    title = captions["confirmation_title"]
    return (Heading(title),) if title else ()


def _further_sections(captions: Captions) -> tuple[Block, ...]:
    """Sections II and III, not applicable until the book records repurchases by trade and sales of treasury shares."""
    sections = [number for number in (2, 3) if f"section_{number}" in captions]
    parts = (
        (
            Paragraph(captions[f"section_{number}_instruction"]),
            blocks.not_applicable(captions[f"section_{number}"], captions),
        )
        for number in sections
    )
    return tuple(chain.from_iterable(parts))


# --- Section I ----------------------------------------------------------------------------------------------------


def _one_table(section: ClassSection, columns: Columns, captions: Captions) -> tuple[Block, ...]:
    """FF304: shares pending cancellation stand in the one table, outside the closing balance."""
    events = (*_changes(section, columns, captions), *_pending(section, columns, captions))
    return blocks.class_head(section.heading, captions), _balanced(section, columns, captions, events)


def _parts_a_and_b(section: ClassSection, columns: Columns, captions: Captions) -> tuple[Block, ...]:
    """FF305: changes in Part A, shares pending cancellation in Part B."""
    part_a = _balanced(section, columns, captions, _changes(section, columns, captions))
    width = len(columns.widths)
    title_a = Table((1,), ((Cell(captions["part_a"], bold=True, shaded=True),),), attached=True)
    if section.pending:
        title_b = (Cell(captions["part_b"], colspan=width, bold=True, shaded=True),)
        rows = (title_b, *columns.heads(captions), *_pending(section, columns, captions))
        part_b = Table(columns.widths, rows, header_rows=1 + len(columns.heads(captions)))
    else:
        part_b = blocks.not_applicable(captions["part_b"], captions)
    return blocks.class_head(section.heading, captions), title_a, part_a, part_b


def _balanced(section: ClassSection, columns: Columns, captions: Captions, events: tuple[Row, ...]) -> Table:
    heads = columns.heads(captions)
    rows = (
        *heads,
        (_dated(captions["opening_balance"], section.opening), *columns.balance(section.opening)),
        *events,
        (_dated(captions["closing_balance"], section.closing), *columns.balance(section.closing)),
    )
    return Table(columns.widths, rows, header_rows=len(heads), attached=True)


def _dated(label: str, balance: DatedBalance) -> Cell:
    return caption(f"{label} {long_date(balance.on)}")


def _changes(section: ClassSection, columns: Columns, captions: Captions) -> tuple[Row, ...]:
    return tuple((_event(change, captions), *columns.change(change)) for change in section.changes)


def _pending(section: ClassSection, columns: Columns, captions: Captions) -> tuple[Row, ...]:
    return tuple((_event(shares, captions), *columns.pending(shares)) for shares in section.pending)


def _event(event: Change | PendingShares, captions: Captions) -> Cell:
    dated = f"{captions['date_of_changes']} {long_date(event.changed_on)}"
    return Cell("\n".join(filter(None, (f"{event.number}). {event.category}", event.text, dated))))


def _ff304_heads(captions: Captions) -> tuple[Row, ...]:
    keys = ("events", "issued_number", "issued_percent", "price", "market_price", "discount")
    return (tuple(head(captions[key]) for key in keys),)


def _ff305_heads(captions: Captions) -> tuple[Row, ...]:
    return (
        (
            head(captions["events"], rowspan=2),
            head(captions["issued_changes"], colspan=2),
            head(captions["treasury_changes"]),
            head(captions["price"], rowspan=2),
            head(captions["total_number"], rowspan=2),
        ),
        (head(captions["issued_number"]), head(captions["issued_percent"]), head(captions["treasury_number"])),
    )


# FF304's last two columns, the market price and the discount to it, are left for the issuer to fill in.
_FF304 = Columns(
    widths=(34, 14, 16, 12, 12, 12),
    heads=_ff304_heads,
    balance=lambda balance: (number(balance.issued), Cell(), Cell(), Cell(), Cell()),
    change=lambda change: (
        number(change.issued),
        percent(change.percent),
        money(change.price),
        Cell(),
        percent(None),
    ),
    pending=lambda shares: (
        number(shares.shares),
        percent(shares.percent),
        money(shares.price),
        Cell(),
        percent(None),
    ),
)
_FF305 = Columns(
    widths=(34, 15, 16, 12, 10, 13),
    heads=_ff305_heads,
    balance=lambda balance: (
        number(balance.issued),
        Cell(),
        number(balance.treasury),
        Cell(),
        number(balance.total),
    ),
    change=lambda change: (
        number(change.issued),
        percent(change.percent),
        number(change.treasury),
        money(change.price),
        Cell(),
    ),
    pending=lambda shares: (number(shares.shares), percent(shares.percent), Cell(), money(shares.price), Cell()),
)

_COLUMNS: Mapping[str, Columns] = {"FF304": _FF304, "FF305": _FF305}
_SECTIONS: Mapping[str, Callable[[ClassSection, Columns, Captions], tuple[Block, ...]]] = {
    "FF304": _one_table,
    "FF305": _parts_a_and_b,
}
