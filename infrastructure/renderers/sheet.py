"""A page as a sheet of cells: every heading, paragraph and table on one grid of rows and columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, pairwise

import attrs

from infrastructure.renderers.grid import Placed, display_width, placed, row_lines, wrapped
from infrastructure.renderers.layout import Align, Block, Cell, Heading, Page, Paragraph, RuledTable

# Tables of one page have columns of their own: their rules are set to fiftieths of the width, so that they share columns.
UNITS = 50
_CHARACTERS = 148
_LINE, _PADDING, _HIGHEST = 14, 4, 400


@attrs.frozen
class Style:
    """How a cell looks: `ruled` cells have borders, `size` is in points."""

    align: Align = "left"
    bold: bool = False
    shaded: bool = False
    ruled: bool = False
    struck: bool = False
    size: int = 10


@attrs.frozen
class Area:
    """A cell on the sheet, from its first to its last row and column, all counted from 0."""

    cell: Cell
    style: Style
    top: int
    left: int
    bottom: int
    right: int


@attrs.frozen
class SheetLayout:
    """Widths of columns in characters, heights of rows in points, the areas, and the rows that head each page of paper."""

    widths: tuple[float, ...]
    heights: tuple[int, ...]
    areas: tuple[Area, ...]
    repeated: tuple[int, int] | None


def sheet_of(page: Page) -> SheetLayout:
    """A page laid out on a sheet."""
    rules = _rules(page)
    widths = _widths(page, rules)
    heights: list[int] = []
    areas: list[Area] = []
    headed: list[tuple[RuledTable, int, int]] = []
    for block in page.blocks:
        if heights and not (isinstance(block, RuledTable) and block.attached):
            heights.append(_LINE // 2)
        top = len(heights)
        block_heights, block_areas = _block(block, rules, widths)
        areas += (attrs.evolve(area, top=area.top + top, bottom=area.bottom + top) for area in block_areas)
        heights += block_heights
        # A head of one cell is a title, and names no columns.
        if isinstance(block, RuledTable) and block.header_rows and len(block.rows[block.header_rows - 1]) > 1:
            ends = [area.bottom for item, area in zip(placed(block), block_areas, strict=True) if item.row < block.header_rows]
            headed.append((block, top, top + max(ends)))
    return SheetLayout(widths, tuple(heights), tuple(areas), _repeated(headed))


def _repeated(headed: list[tuple[RuledTable, int, int]]) -> tuple[int, int] | None:
    """The rows repeated on each page of paper: the head of the first table, if all others have the same columns."""
    if len({table.rows[table.header_rows - 1] for table, _, _ in headed}) != 1:
        return None
    _, first, last = headed[0]
    return first, last


# --- The grid -------------------------------------------------------------------------------------------------------


def _edges(table: RuledTable) -> list[int]:
    return [round(UNITS * edge / sum(table.columns)) for edge in accumulate(table.columns, initial=0)]


def _rules(page: Page) -> tuple[int, ...]:
    """The columns of all the page's tables; a page of text alone has some too, as a sheet scales by columns."""
    edges = {edge for block in page.blocks if isinstance(block, RuledTable) for edge in _edges(block)}
    return tuple(sorted(edges or range(0, UNITS + 1, 5)))


def _widths(page: Page, rules: tuple[int, ...]) -> tuple[float, ...]:
    """The share of each column, and as much more as its longest number needs: a number never prints as a row of hashes."""
    widths = [_CHARACTERS * (right - left) / UNITS for left, right in pairwise(rules)]
    tables = (block for block in page.blocks if isinstance(block, RuledTable))
    for table in tables:
        for item in placed(table):
            if item.cell.value is not None:
                left, right = _columns(item, table, rules)
                short = display_width(item.cell.text) + 4 - sum(widths[left : right + 1])
                for column in range(left, right + 1):
                    widths[column] += max(0.0, short) / (right + 1 - left)
    return tuple(widths)


def _columns(item: Placed, table: RuledTable, rules: tuple[int, ...]) -> tuple[int, int]:
    edges = _edges(table)
    return rules.index(edges[item.column]), rules.index(edges[item.column + item.cell.colspan]) - 1


# --- Blocks ---------------------------------------------------------------------------------------------------------


def _block(block: Block, rules: tuple[int, ...], widths: tuple[float, ...]) -> tuple[list[int], list[Area]]:
    """The heights of a block's rows and its areas, counted from its first row."""
    match block:
        case Heading(text, level):
            style = Style("center" if level == 1 else "left", bold=True, size=(13, 12, 10)[level - 1])
            return _line(text, style, widths)
        case Paragraph(text, mark, align, struck):
            return _line(f"{mark} {text}".strip(), Style(align, struck=struck), widths)
        case RuledTable():
            return _table(block, rules, widths)


def _line(text: str, style: Style, widths: tuple[float, ...]) -> tuple[list[int], list[Area]]:
    heights = list(_split(_height(_lines(text, sum(widths) * 10 / style.size))))
    return heights, [Area(Cell(text, align=style.align), style, 0, 0, len(heights) - 1, len(widths) - 1)]


def _table(table: RuledTable, rules: tuple[int, ...], widths: tuple[float, ...]) -> tuple[list[int], list[Area]]:
    cells = {item: _columns(item, table, rules) for item in placed(table)}
    lines = {item: _lines(item.cell.text, sum(widths[left : right + 1])) for item, (left, right) in cells.items()}
    parts = [list(_split(_height(count))) for count in row_lines(len(table.rows), lines)]
    tops = list(accumulate((len(part) for part in parts), initial=0))
    areas = [
        Area(item.cell, _style(item.cell), tops[item.row], left, tops[item.row + item.cell.rowspan] - 1, right)
        for item, (left, right) in cells.items()
    ]
    return [height for part in parts for height in part], areas


def _style(cell: Cell) -> Style:
    return Style(cell.align, bold=cell.bold, shaded=cell.shaded, ruled=True)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes; some room is left, as a sheet's letters differ in width."""
    return sum(1 for _ in wrapped(text, max(1, int(width * 0.92) - 1)))


def _height(lines: int) -> int:
    return lines * _LINE + _PADDING


def _split(height: int) -> Iterator[int]:
    """A row of a sheet is at most 409 points high: what is higher takes several."""
    while height > _HIGHEST:
        yield _HIGHEST
        height -= _HIGHEST
    yield height
