"""A return as other issuers' copies of it look: the same cells in other order, with other edges, on one line or each on its own."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

import attrs

from domain.returns.documents import Return
from infrastructure.renderers import html, layout_of, text
from infrastructure.renderers.grid import placed, wrapped
from infrastructure.renderers.layout import Block, Cell, Heading, Layout, Page, Paragraph, Row, RuledTable

Rows = Sequence[Sequence[str]]
"""Rows of cells; a paragraph is a row of one."""

Laid = Callable[[Layout], str]


def rows_of(layout: Layout) -> Iterator[list[list[str]]]:
    """The pages of a return as rows of cells."""
    for number, page in enumerate(layout.pages, 1):
        rows = [[layout.head or layout.form]]
        for block in page.blocks:
            rows += _rows(block)
        yield [*rows, [layout.marked(number)]]


def _rows(block: Block) -> list[list[str]]:
    match block:
        case Heading(words, _):
            return [[words]]
        case Paragraph(words, mark, _, struck):
            return [[" ".join(filter(None, (mark, text.STRUCK if struck else "", words)))]]
        case RuledTable():
            return [[cell.text for cell in row] for row in block.rows]


def one_line_a_page(layout: Layout) -> str:
    """An exhibit that holds the pages as pictures, each with its text in one line; the page mark stands first."""
    lines = []
    for rows in rows_of(layout):
        head, *others, mark = rows
        words = [*head, *mark, *(cell for row in others for cell in row)]
        lines.append(" ".join(" ".join(words).split()))
    return "\n\n".join(lines)


def run_together(layout: Layout) -> str:
    """The same, with nothing between a cell and the next: `Date of changes` `21 July 2025` without a space."""
    pages = []
    for rows in rows_of(layout):
        cells = [" ".join(row[0].split()) + "".join(_spaced(row[at], row[at + 1]) for at in range(len(row) - 1)) for row in rows]
        pages.append(" ".join(cells))
    return "\n".join(pages)


def _spaced(before: str, after: str) -> str:
    """Two figures are never run together: no reader could tell them apart."""
    cell = " ".join(after.split())
    apart = (before[-1:].isdigit() and cell[:1].isdigit()) or cell[:1] in "-%" or before[-1:] in "%"
    return f" {cell}" if apart or not cell else cell


def a_line_a_cell(layout: Layout) -> str:
    """Every cell on a line of its own; blank ones leave nothing."""
    return "\n".join(line for rows in rows_of(layout) for row in rows for cell in row for line in cell.split("\n") if line)


def tabbed(layout: Layout) -> str:
    """A row a line, with a tab between cells."""
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for rows in rows_of(layout) for row in rows)


def barred(layout: Layout) -> str:
    """A row a line, with bars between cells, as notes in Markdown have them."""
    return "\n".join(
        "| " + " | ".join(" ".join(cell.split()) for cell in row) + " |" if len(row) > 1 else row[0]
        for rows in rows_of(layout)
        for row in rows
    )


_WIDTH = 150


def text_of_a_pdf(layout: Layout) -> str:
    """The lines of a page as they lie beside each other: the lines of a cell stand between those of its neighbours."""
    lines = []
    for number, page in enumerate(layout.pages, 1):
        lines.append(layout.head or layout.form)
        for block in page.blocks:
            lines += (
                _lines_of_table(block)
                if isinstance(block, RuledTable)
                else [line for row in _rows(block) for line in row[0].split("\n")]
            )
        lines.append(layout.marked(number))
    return "\n".join(lines)


def _lines_of_table(table: RuledTable) -> Iterator[str]:
    total = sum(table.columns)
    for row, cells in _by_row(table).items():
        del row
        wrapped_cells = []
        for column, cell in cells:
            width = _WIDTH * sum(table.columns[column : column + cell.colspan]) // total
            wrapped_cells.append(list(wrapped(cell.text, max(4, width))) if cell.text else [])
        height = max(map(len, wrapped_cells), default=0)
        for line in range(height):
            parts = []
            for lines, (_, cell) in zip(wrapped_cells, cells, strict=True):
                offset = (height - len(lines)) // 2 if cell.shaded else 0
                if 0 <= line - offset < len(lines):
                    parts.append(lines[line - offset])
            yield " ".join(parts)


def _by_row(table: RuledTable) -> Mapping[int, list[tuple[int, Cell]]]:
    found: dict[int, list[tuple[int, Cell]]] = {}
    for item in placed(table):
        found.setdefault(item.row, []).append((item.column, item.cell))
    return found


def with_spacer_cells(layout: Layout) -> str:
    """HTML of a filing agent: tables within tables, empty cells between the others, a currency in a cell of its own."""
    parts = ["<html><body><p>EX-99.1</p>"]
    for number, page in enumerate(layout.pages, 1):
        parts.append(f"<div><p>{escape(layout.head or layout.form)}</p>")
        parts += [
            _spaced_table(each) if isinstance(each, RuledTable) else f"<p>{escape(_rows(each)[0][0])}</p>" for each in page.blocks
        ]
        parts.append(f"<p>{escape(layout.marked(number))}</p><hr></div>")
    return "\n".join([*parts, "</body></html>"])


def _spaced_table(table: RuledTable) -> str:
    rows = []
    for row in table.rows:
        cells = [
            f'<td colspan="{3 * cell.colspan - 1}" rowspan="{cell.rowspan}" style="font-size:8pt"><p>{_lines(cell)}</p></td>'
            f'<td rowspan="{cell.rowspan}">&nbsp;</td>'
            for cell in row
        ]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f'<table><tr><td><table cellpadding="0">{"".join(rows)}</table></td></tr></table>'


def _lines(cell: Cell) -> str:
    return "<br>".join(escape(line) for line in cell.text.split("\n"))


LAYOUTS: Mapping[str, Laid] = {
    "text, ruled": lambda layout: text.render(layout, draft=False).decode(),
    "HTML": lambda layout: html.render(layout, draft=False).decode(),
    "HTML, spacer cells": with_spacer_cells,
    "a line a page": one_line_a_page,
    "run together": run_together,
    "a line a cell": a_line_a_cell,
    "tabs": tabbed,
    "bars": barred,
    "text of a PDF": text_of_a_pdf,
}


def laid_out(document: Return, name: str) -> str:
    """A return in one of LAYOUTS."""
    return LAYOUTS[name](layout_of(document))


# --- Columns that have moved ---------------------------------------------------------------------------------------------


def with_moved_cells(layout: Layout, chance: random.Random) -> Layout:
    """The return with two neighbouring cells of one row exchanged, or the same two in every row of one table."""
    tables = [(p, b) for p, page in enumerate(layout.pages) for b, block in enumerate(page.blocks) if _has_figures(block)]
    if not tables:
        return layout
    page_number, block_number = chance.choice(tables)
    table = layout.pages[page_number].blocks[block_number]
    assert isinstance(table, RuledTable)
    rows = [at for at, row in enumerate(table.rows) if _pairs(row)]
    at = chance.choice(rows)
    first = chance.choice(_pairs(table.rows[at]))
    moved = rows if chance.random() < 0.3 else [at]
    changed = tuple(_exchanged(row, first) if number in moved else row for number, row in enumerate(table.rows))
    return _with_block(layout, page_number, block_number, attrs.evolve(table, rows=changed))


def _has_figures(block: Block) -> bool:
    return isinstance(block, RuledTable) and any(map(_pairs, block.rows))


def _pairs(row: Row) -> list[int]:
    """The places of cells that may be exchanged with the next: neither is a caption, one of them holds a figure."""
    return [
        at
        for at in range(len(row) - 1)
        if not row[at].shaded and not row[at + 1].shaded and any(any(map(str.isdigit, each.text)) for each in row[at : at + 2])
    ]


def _exchanged(row: Row, first: int) -> Row:
    if first + 1 >= len(row) or row[first].shaded or row[first + 1].shaded:
        return row
    one, other = row[first], row[first + 1]
    return (*row[:first], attrs.evolve(one, text=other.text), attrs.evolve(other, text=one.text), *row[first + 2 :])


def _with_block(layout: Layout, page: int, block: int, changed: Block) -> Layout:
    blocks = layout.pages[page].blocks
    pages = list(layout.pages)
    pages[page] = Page((*blocks[:block], changed, *blocks[block + 1 :]), layout.pages[page].name)
    return attrs.evolve(layout, pages=tuple(pages))
