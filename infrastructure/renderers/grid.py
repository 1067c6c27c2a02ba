"""Positions of the cells of a table and widths of text, for formats that draw their own tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

import attrs

from infrastructure.renderers.layout import Cell, RuledTable


@attrs.frozen
class Placed:
    """A cell, with the row and column of its upper left corner, counted from 0."""

    cell: Cell
    row: int
    column: int


def placed(table: RuledTable) -> Iterator[Placed]:
    """The cells of a table with their positions. A row leaves out positions that a cell above or before it spans."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(table.rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            taken |= {(row + down, column + right) for down in range(cell.rowspan) for right in range(cell.colspan)}
            yield Placed(cell, row, column)


def display_width(text: str) -> int:
    """The columns a text takes in a fixed width: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def wrapped(text: str, width: int) -> Iterator[str]:
    """Lines broken between words; a word too long for a line is broken where the line ends."""
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            joined = f"{line} {word}" if line else word
            if display_width(joined) <= width:
                line = joined
                continue
            if line:
                yield line
            *full, line = _chopped(word, width)
            yield from full
        yield line


def _chopped(word: str, width: int) -> list[str]:
    pieces, room = [""], width
    for character in word:
        if display_width(character) > room:
            pieces.append("")
            room = width
        pieces[-1] += character
        room -= display_width(character)
    return pieces


def row_lines(count: int, lines: Mapping[Placed, int], between: int = 0) -> list[int]:
    """The lines of text that each row of a table needs; a cell over several rows stretches the last of them.

    `between` is how many lines a rule between two rows takes, which a cell that spans both may use.
    """
    heights = [1] * count
    for item in sorted(lines, key=lambda item: item.cell.rowspan):
        rows = range(item.row, item.row + item.cell.rowspan)
        room = sum(heights[row] for row in rows) + between * (len(rows) - 1)
        heights[rows[-1]] += max(0, lines[item] - room)
    return heights
