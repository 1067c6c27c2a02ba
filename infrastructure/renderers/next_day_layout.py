"""The Next Day Disclosure Return laid out: FF304 and FF305, which differ in the columns of Section I and in Section III."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain

import attrs

from domain.returns.documents import Change, ClassSection, DatedBalance, NextDayReturn, PendingShares
from infrastructure.renderers import blocks, trade_reports
from infrastructure.renderers.blocks import Captions
from infrastructure.renderers.cells import caption, head, long_date, money, number, percent_cell, premium
from infrastructure.renderers.layout import Block, Cell, Heading, Layout, Page, Paragraph, Row, RuledTable


@attrs.frozen
class SectionIColumns:
    """The table of Section I in a form: its widths and heads, and the cells of a balance and of a change after the first one.

    `balance` and `change` take the name of their line; `balance` also takes the names of the lines that it adds up.
    """

    widths: tuple[int, ...]
    heads: Callable[[Captions], tuple[Row, ...]]
    balance: Callable[[DatedBalance, str, tuple[str, ...]], Row]
    change: Callable[[Change, str], Row]
    pending: Callable[[PendingShares], Row]


def layout(document: NextDayReturn) -> Layout:
    """The pages of a Next Day Disclosure Return."""
    captions = document.form.captions
    columns, sections = _COLUMNS[document.form.code], _SECTIONS[document.form.code]
    first, *further = (sections(section, columns, document, captions) for section in document.sections)
    reports = trade_reports.sections(document, captions)
    pages = (
        Page((*_opening(document, captions), *first), "Section I"),
        *(Page(section, f"Section I, class {number}") for number, section in enumerate(further, start=2)),
        Page((*_confirmation_title(captions), *blocks.confirmations(document, captions)), "Confirmation"),
        Page(blocks.notes(document, captions), "Notes"),
        *(Page(report.blocks, report.name) for report in reports if report.filled),
        Page(_closing(document, captions, reports), "Signature"),
    )
    return blocks.laid_out(document, captions, pages)


def _closing(document: NextDayReturn, captions: Captions, reports: tuple[trade_reports.Section, ...]) -> tuple[Block, ...]:
    """The sections that are not applicable, the remarks and the signature."""
    empty = chain.from_iterable(report.blocks for report in reports if not report.filled)
    return (*empty, *blocks.remarks(document.remarks, captions), blocks.signature(document, captions))


def _opening(document: NextDayReturn, captions: Captions) -> tuple[Block, ...]:
    return (
        Heading(captions["title"], level=1),
        Paragraph(captions["subtitle"], align="center"),
        blocks.head_of_return(document, (caption(captions["instrument"]), Cell(captions["instrument_value"]))),
        Paragraph(captions["section_1_instruction"]),
        Heading(captions["section_1"]),
    )


def _confirmation_title(captions: Captions) -> tuple[Block, ...]:
    title = captions["confirmation_title"]
    return (Heading(title),) if title else ()


# --- Section I ----------------------------------------------------------------------------------------------------


def _one_table(section: ClassSection, columns: SectionIColumns, _: NextDayReturn, captions: Captions) -> tuple[Block, ...]:
    """FF304: shares pending cancellation stand in the one table, outside the closing balance."""
    events = (*_changes(section, columns, captions), *_pending(section, columns, captions))
    return blocks.class_head(section.heading, captions), _balanced(section, columns, captions, events)


def _parts_a_and_b(
    section: ClassSection, columns: SectionIColumns, document: NextDayReturn, captions: Captions
) -> tuple[Block, ...]:
    """FF305: changes in Part A, shares pending cancellation in Part B."""
    part_a = _balanced(section, columns, captions, _changes(section, columns, captions))
    width = len(columns.widths)
    title_a = RuledTable((1,), ((Cell(captions["part_a"], bold=True, shaded=True),),), attached=True)
    if section.pending:
        title_b = (Cell(captions["part_b"], colspan=width, bold=True, shaded=True),)
        heads = () if document.form.edition.pending_as_filed else columns.heads(captions)
        rows = (title_b, *heads, *_pending(section, columns, captions))
        part_b = RuledTable(columns.widths, rows, header_rows=1 + len(heads))
    else:
        part_b = blocks.not_applicable(captions["part_b"], document)
    return blocks.class_head(section.heading, captions), title_a, part_a, part_b


def _balanced(section: ClassSection, columns: SectionIColumns, captions: Captions, events: tuple[Row, ...]) -> RuledTable:
    heads = columns.heads(captions)
    moved = ("opening", *(str(at) for at in range(1, len(section.changes) + 1)))
    rows = (
        *heads,
        (_dated(captions["opening_balance"], section.opening), *columns.balance(section.opening, "opening", ())),
        *events,
        (_dated(captions["closing_balance"], section.closing), *columns.balance(section.closing, "closing", moved)),
    )
    return RuledTable(columns.widths, rows, header_rows=len(heads), attached=True)


def _dated(label: str, balance: DatedBalance) -> Cell:
    return caption(f"{label} {long_date(balance.on)}")


def _changes(section: ClassSection, columns: SectionIColumns, captions: Captions) -> tuple[Row, ...]:
    rows = enumerate(section.changes, start=1)
    return tuple((_event(change, captions), *columns.change(change, str(at))) for at, change in rows)


def _pending(section: ClassSection, columns: SectionIColumns, captions: Captions) -> tuple[Row, ...]:
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


def _ff304_balance(balance: DatedBalance, line: str, sum_of: tuple[str, ...]) -> Row:
    return number(balance.total, key=line, sum_of=sum_of), Cell(), Cell(), Cell(), Cell()


def _ff304_change(change: Change, line: str) -> Row:
    return (
        number(change.issued, key=line),
        percent_cell(change.percent),
        money(change.price),
        money(change.closing_market_price),
        premium(change.discount),
    )


def _ff305_balance(balance: DatedBalance, line: str, sum_of: tuple[str, ...]) -> Row:
    issued, treasury = (tuple(f"{each}.{kind}" for each in sum_of) for kind in ("issued", "treasury"))
    return (
        number(balance.issued, key=f"{line}.issued", sum_of=issued),
        Cell(),
        number(balance.treasury, key=f"{line}.treasury", sum_of=treasury),
        Cell(),
        number(balance.total, sum_of=(f"{line}.issued", f"{line}.treasury")),
    )


def _ff305_change(change: Change, line: str) -> Row:
    return (
        number(change.issued, key=f"{line}.issued"),
        percent_cell(change.percent),
        number(change.treasury, key=f"{line}.treasury"),
        money(change.price),
        Cell(),
    )


_FF304 = SectionIColumns(
    widths=(34, 14, 16, 12, 12, 12),
    heads=_ff304_heads,
    balance=_ff304_balance,
    change=_ff304_change,
    pending=lambda shares: (number(shares.shares), percent_cell(shares.percent), money(shares.price), Cell(), premium(None)),
)
_FF305 = SectionIColumns(
    widths=(34, 15, 16, 12, 10, 13),
    heads=_ff305_heads,
    balance=_ff305_balance,
    change=_ff305_change,
    pending=lambda shares: (number(shares.shares), percent_cell(shares.percent), Cell(), money(shares.price), Cell()),
)

_COLUMNS: Mapping[str, SectionIColumns] = {"FF304": _FF304, "FF305": _FF305}
_SECTIONS: Mapping[str, Callable[[ClassSection, SectionIColumns, NextDayReturn, Captions], tuple[Block, ...]]] = {
    "FF304": _one_table,
    "FF305": _parts_a_and_b,
}
