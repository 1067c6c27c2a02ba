"""A return as plain text: tables ruled with hyphens and bars, for a terminal or a message."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate, zip_longest

from infrastructure.renderers.grid import Placed, display_width, placed, row_lines, wrapped
from infrastructure.renderers.layout import DRAFT, Align, Block, Heading, Layout, Page, Paragraph, RuledTable

WIDTH = 148
"""The width of a page in columns; only a number too long for its column makes a table wider."""

STRUCK = "[struck out]"
"""Before a paragraph that other formats print struck through."""


def render(layout: Layout, *, draft: bool) -> bytes:
    """UTF-8, lines ended by a newline. Control characters are printed as escapes, so that no text controls the terminal."""
    pages = (_page(layout, page, number, draft=draft) for number, page in enumerate(layout.pages, start=1))
    lines = (line.rstrip() for page in pages for line in page)
    return ("\n".join(lines) + "\n").encode()


def _page(layout: Layout, page: Page, number: int, *, draft: bool) -> Iterator[str]:
    if layout.head:
        yield layout.head
    for line in (*((DRAFT,) if draft else ()), *layout.draft_lines):
        yield from _aligned(line, "center", WIDTH)
    yield from _blocks(page.blocks)
    mark, beside = layout.marked(number), layout.beside_the_mark
    yield from ("", f"{beside}{mark.rjust(WIDTH - len(beside))}", "=" * WIDTH)


def _blocks(blocks: tuple[Block, ...]) -> Iterator[str]:
    """The lines of blocks. A table and one attached to it share the rule between them."""
    lines: list[str] = []
    for block in blocks:
        first, *rest = _block(block)
        if isinstance(block, RuledTable) and block.attached:
            above = lines.pop()
            first = "".join("+" if "+" in joint else "-" for joint in zip_longest(above, first, fillvalue="-"))
        lines += (first, *rest)
    yield from lines


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield ""
            lines = list(_aligned(text, "center" if level == 1 else "left", WIDTH))
            yield from lines
            if level < 3:
                yield from _aligned(
                    "-" * max(display_width(line.strip()) for line in lines), "center" if level == 1 else "left", WIDTH
                )
        case Paragraph():
            yield ""
            yield from _paragraph(block)
        case RuledTable():
            if not block.attached:
                yield ""
            yield from _table(block)


def _paragraph(paragraph: Paragraph) -> Iterator[str]:
    """The mark stands before the text; later lines and points are indented by as much."""
    indent = 7 if paragraph.mark else 0
    mark = paragraph.mark
    text = f"{STRUCK} {paragraph.text}" if paragraph.struck else paragraph.text
    for line in _aligned(text, paragraph.align, WIDTH - indent):
        yield f"{mark:<{indent}}{line}"
        mark = ""


# --- Words ----------------------------------------------------------------------------------------------------------


def _shown(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() or character == "\n" else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    return " " if unicodedata.category(character) == "Zs" else character.encode("unicode_escape").decode("ascii")


def _aligned(text: str, align: Align, width: int) -> Iterator[str]:
    for line in wrapped(_shown(text), width):
        space = max(0, width - display_width(line))
        yield " " * {"left": 0, "center": space // 2, "right": space}[align] + line


# --- Tables: every cell is placed on a grid, then drawn on a canvas of characters -------------------------------------


def _table(table: RuledTable) -> Iterator[str]:
    cells = tuple(placed(table))
    edges = _edges(_column_widths(table, cells), padding=3)
    lines = {item: list(_aligned(item.cell.text, item.cell.align, _inner(item, edges))) for item in cells}
    heights = row_lines(len(table.rows), {item: len(text) for item, text in lines.items()}, between=1)
    rows = _edges(heights, padding=1)
    canvas = [[" "] * (edges[-1] + 1) for _ in range(rows[-1] + 1)]
    for item, text in lines.items():
        _draw(canvas, item, edges, rows, text)
    return ("".join(line) for line in canvas)


def _column_widths(table: RuledTable, cells: Sequence[Placed]) -> list[int]:
    """Widths of the text in each column: its share of the page, and never less than the longest number in it.

    Where there is room for them, the longest words stay whole too.
    """
    count = len(table.columns)
    room = WIDTH - 1 - 3 * count
    needed = _needed(count, cells, words=True)
    if sum(needed) > room:
        needed = _needed(count, cells, words=False)
    widths = [max(need, room * share // sum(table.columns)) for need, share in zip(needed, table.columns, strict=True)]
    while sum(widths) > room and any(width > need for width, need in zip(widths, needed, strict=True)):
        widest = max(range(count), key=lambda column: widths[column] - needed[column])
        widths[widest] -= 1
    widths[0] += max(0, room - sum(widths))
    return widths


def _needed(count: int, cells: Sequence[Placed], *, words: bool) -> list[int]:
    """The width of the longest number in each column, or of its longest number or word."""
    needed = [3] * count
    for item in cells:
        if item.cell.colspan == 1 and (words or item.cell.value is not None):
            parts = item.cell.text.split() if item.cell.value is None else item.cell.text.split("\n")
            needed[item.column] = max(needed[item.column], *map(display_width, parts), 0)
    return needed


def _edges(sizes: list[int], padding: int) -> list[int]:
    """Where the rules between cells stand, the outer ones included: each size with its rule and the spaces beside it."""
    return list(accumulate((size + padding for size in sizes), initial=0))


def _inner(item: Placed, edges: list[int]) -> int:
    return edges[item.column + item.cell.colspan] - edges[item.column] - 3


def _draw(canvas: list[list[str]], item: Placed, edges: list[int], rows: list[int], text: list[str]) -> None:
    left, right = edges[item.column], edges[item.column + item.cell.colspan]
    top, bottom = rows[item.row], rows[item.row + item.cell.rowspan]
    for y in (top, bottom):
        for x in range(left, right + 1):
            canvas[y][x] = "+" if x in (left, right) or canvas[y][x] == "+" else "-"
    for y in range(top + 1, bottom):
        for x in (left, right):
            canvas[y][x] = "+" if canvas[y][x] == "+" else "|"
    for y, line in enumerate(text, start=top + 1):
        # What is beyond the first column of a wide character is empty.
        columns = line if line.isascii() else [part for each in line for part in (each, "")[: display_width(each)]]
        canvas[y][left + 2 : left + 2 + len(columns)] = columns
