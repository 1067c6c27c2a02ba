"""Sections II and III of the Next Day Disclosure Return: repurchases, and sales of treasury shares, day by day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain

import attrs

from domain.returns.documents import MandateBlock, NextDayReturn, TradeReport, TradeRow
from domain.values import Money
from infrastructure.renderers import blocks
from infrastructure.renderers.blocks import Captions
from infrastructure.renderers.cells import caption, head, long_date, money, number, percent_cell, quantity
from infrastructure.renderers.layout import Block, Cell, Heading, Paragraph, Row, RuledTable


@attrs.frozen
class Section:
    """A section laid out; one that is not `filled` says that it is not applicable."""

    name: str
    filled: bool
    blocks: tuple[Block, ...]


def sections(document: NextDayReturn, captions: Captions) -> tuple[Section, ...]:
    """Sections II and III, as far as the form has them."""
    reports = (("2", "Section II", document.repurchases), ("3", "Section III", document.treasury_sales))
    return tuple(
        Section(name, bool(rows), _section(mark, rows, document, captions))
        for mark, name, rows in reports
        if f"section_{mark}" in captions
    )


def _section(mark: str, reports: tuple[TradeReport, ...], document: NextDayReturn, captions: Captions) -> tuple[Block, ...]:
    instruction = Paragraph(captions[f"section_{mark}_instruction"])
    if not reports:
        return instruction, blocks.not_applicable(captions[f"section_{mark}"], document)
    section = f"section_{mark}"
    drawn = (_report(report, section, captions) for report in reports)
    before = (Paragraph(captions[f"{section}_line"]),) if f"{section}_line" in captions else ()
    title, note = Heading(captions[f"{section}_title"]), Paragraph(captions[f"{section}_note"])
    return (instruction, *before, title, *chain.from_iterable(drawn), *_confirmation(reports, section, captions), note)


def _confirmation(reports: tuple[TradeReport, ...], section: str, captions: Captions) -> tuple[Block, ...]:
    """What an issuer confirms of trades under a mandate; of other exchanges only where it traded there."""
    mandates = [report.mandate for report in reports if report.mandate is not None]
    if not mandates or f"{section}_confirmation" not in captions:
        return ()
    dates = dict.fromkeys(long_date(mandate.explanatory_statement_on) or blocks.TO_FILL_IN for mandate in mandates)
    confirmed = captions[f"{section}_confirmation"].format(explanatory_statement_on=" and ".join(dates))
    elsewhere = captions.get(f"{section}_elsewhere") if any(report.elsewhere for report in reports) else None
    return (Paragraph(" ".join(filter(None, (confirmed, elsewhere)))),)


def _report(report: TradeReport, section: str, captions: Captions) -> tuple[Block, ...]:
    title = RuledTable((1,), ((Cell(captions[f"{section}_part_a"], bold=True, shaded=True),),), attached=True)
    mandate = () if report.mandate is None else (_mandate(report.mandate, section, captions),)
    return (blocks.class_head(report.heading, captions, section), title, _trades(report, section, captions), *mandate)


# --- The trades -----------------------------------------------------------------------------------------------------

_HEADS = ("traded_on", "number", "method", "price", "lowest", "total")
_WIDTHS = (16, 18, 20, 16, 14, 16)


def _trades(report: TradeReport, section: str, captions: Captions) -> RuledTable:
    titles = tuple(head(captions[f"{section}_{key}"]) for key in _HEADS)
    mark = captions.get(f"{section}_row", "")
    rows = (_trade(row, mark.format(number=at), f"{report.heading.number}.{at}") for at, row in enumerate(report.rows, start=1))
    feet = (*_totals(report, section, captions), *_intentions(report, section, captions))
    return RuledTable(_WIDTHS, (titles, *rows, *feet), header_rows=1, attached=True)


def _trade(row: TradeRow, mark: str, key: str) -> Row:
    return (
        Cell(mark + long_date(row.traded_on)),
        number(row.shares, key=f"{key}.shares"),
        Cell(row.method or ""),
        money(row.price),
        money(row.lowest),
        money(row.total, group=True, key=f"{key}.total"),
    )


def _totals(report: TradeReport, section: str, captions: Captions) -> tuple[Row, ...]:
    """The total number, and the total of each currency on a line of its own."""
    keys = tuple(f"{report.heading.number}.{at}" for at in range(1, len(report.rows) + 1))
    shares = number(report.shares, max(1, len(report.totals)), sum_of=tuple(f"{key}.shares" for key in keys))
    paid = tuple(
        (
            caption(captions[f"{section}_aggregate"], colspan=3, align="right"),
            money(total, group=True, sum_of=_paid_in(total, report)),
        )
        for total in report.totals or (None,)
    )
    return (caption(captions[f"{section}_total_number"], rowspan=len(paid)), shares, *paid[0]), *paid[1:]


def _paid_in(total: Money | None, report: TradeReport) -> tuple[str, ...]:
    return tuple(
        f"{report.heading.number}.{at}.total"
        for at, row in enumerate(report.rows, start=1)
        if total is not None and row.total is not None and row.total.currency == total.currency
    )


def _intentions(report: TradeReport, section: str, captions: Captions) -> tuple[Row, ...]:
    figures = (("for_cancellation", report.for_cancellation), ("for_treasury", report.for_treasury))
    return tuple(
        (caption(captions[f"{section}_{key}"], colspan=5, align="right"), number(figure))
        for key, figure in figures
        if f"{section}_{key}" in captions
    )


# --- Block B --------------------------------------------------------------------------------------------------------


def _mandate(mandate: MandateBlock, section: str, captions: Captions) -> RuledTable:
    """What was done under the mandate; the lines that the form asks for, numbered."""
    asked = ((captions[f"{section}_{key}"], draw) for key, draw in _LINES.items() if f"{section}_{key}" in captions)
    lines = ((caption(f"{at}). {label}"), draw(mandate, captions)) for at, (label, draw) in enumerate(asked, start=1))
    title = Cell(captions[f"{section}_part_b"], colspan=2, bold=True, shaded=True)
    return RuledTable((76, 24), ((title,), *lines))


def _until(mandate: MandateBlock, captions: Captions) -> Cell:
    until = mandate.moratorium_until
    return Cell("" if until is None else f"{captions['up_to']} {long_date(until)}")


_LINES: Mapping[str, Callable[[MandateBlock, Captions], Cell]] = {
    "granted_on": lambda mandate, _: Cell(long_date(mandate.granted_on)),
    "limit": lambda mandate, _: quantity(mandate.limit),
    "used": lambda mandate, _: number(mandate.used),
    "percent": lambda mandate, _: percent_cell(mandate.percent),
    "moratorium": _until,
}
