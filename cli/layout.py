"""Tables of text: aligned columns, as wide as what they hold or as the page is, and one colour for each word of warning.

On a page that is too narrow heads are folded first, then texts, the widest first, between words; or the last columns, if they
are texts, go below each row, where that takes fewer lines. A number is never cut or folded: where even so there are too many
columns for the page, each row is printed as a list, a value a line.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import TextIO
from unicodedata import category, east_asian_width

import attrs
import click

from cli.colours import coloured, shows_colours
from cli.output import PrintedNumber, day, moment
from domain.events.structured import Trade, amount_text
from domain.values import Money

GAP, INDENT = 2, "    "
SAMPLE = 40
"""So many rows of a table are tried, to find the layout that takes the fewest lines."""


@attrs.frozen
class TextTable:
    """Rows of values under heads; a column of whole numbers or figures is set to the right."""

    heads: Sequence[str]
    rows: Sequence[Sequence[object]]


@attrs.frozen
class Screen:
    """What a text is laid out for: its width in columns, None for as wide as it gets, and whether colours show."""

    width: int | None = None
    colours: bool = False


ENDLESS = Screen()


def page(stream: TextIO) -> Screen:
    """The page that a stream is: a terminal as it is, anything else endless unless COLUMNS says how wide; NO_COLOR is obeyed."""
    terminal = stream.isatty()
    asked = os.environ.get("COLUMNS", "")
    width = shutil.get_terminal_size().columns if terminal or (asked.isdecimal() and int(asked)) else None
    return Screen(width, shows_colours(stream))


# --- words --------------------------------------------------------------------------------------------------------


def shown(value: object) -> str:
    """A value as people read it; nothing in it steers the terminal."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case Money() | Trade():
            return amount_text(value)
        case tuple() | list():
            return ", ".join(map(shown, value))
    return printable(str(value))


def printable(text: str) -> str:
    """A text in which nothing steers the terminal; the ends of its lines stay."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text)


# --- widths -------------------------------------------------------------------------------------------------------


def width(text: str) -> int:
    """How many columns of a terminal a text takes: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return sum(0 if category(each) in ("Mn", "Me", "Cf") else 1 + (east_asian_width(each) in "WF") for each in text)


_WORD = re.compile(r"\s*\S+(?: %(?!\w))?")
"""A word, with its space before it; a percentage is one word with its sign."""


def folded(text: str, most: int) -> list[str]:
    """The lines of a text, broken between words, and within one only if it is wider than a line by itself."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in _WORD.findall(paragraph):
            rest = word
            if line and width(line + word) > most:
                lines.append(line.rstrip())
                line, rest = "", word.lstrip()
            while width(line + rest) > most:
                fits = next(at for at in range(len(rest), 0, -1) if at == 1 or width(line + rest[:at]) <= most)
                lines.append(line + rest[:fits])
                line, rest = "", rest[fits:]
            line += rest
        lines.append(line.rstrip())
    return lines


def widths(
    heads: Sequence[str], columns: Sequence[Sequence[str]], least: Sequence[int], most: int | None, gap: int = GAP
) -> list[int] | None:
    """How wide each column is, at least so wide, so that all fit; None if they cannot."""
    contents = [max((width(line) for cell in column for line in cell.split("\n")), default=0) for column in columns]
    found = [max(width(head), content) for head, content in zip(heads, contents, strict=True)]
    left = sum(found) if most is None else most - gap * (len(heads) - 1)
    while sum(found) > left:
        # A head that is wider than what is under it goes before a text.
        folding = [(now > contents[at], now, at) for at, now in enumerate(found) if now > least[at]]
        if not folding:
            return None
        found[max(folding)[2]] -= 1
    # A head that is folded takes no more than its lines do.
    return [
        max(min(content, now), *map(width, folded(head, now))) for content, head, now in zip(contents, heads, found, strict=True)
    ]


def _longest_word(text: str) -> int:
    return max((width(word.strip()) for word in _WORD.findall(text)), default=0)


def _least(head: str, values: Sequence[object], column: Sequence[str]) -> int:
    """How narrow a column can be: as its longest word, and as its longest number."""
    cells = (width(cell) if _is_number(value) else _longest_word(cell) for value, cell in zip(values, column, strict=True))
    return max((_longest_word(head), *cells))


def _is_number(value: object) -> bool:
    return isinstance(value, int | PrintedNumber) and not isinstance(value, bool)


# --- lines --------------------------------------------------------------------------------------------------------


def laid_out(parts: Iterable[str | TextTable], on: Screen = ENDLESS) -> Iterator[str]:
    """The lines of a text of tables and sentences on a page."""
    for part in parts:
        yield from _table(part, on) if isinstance(part, TextTable) else _sentence(printable(part), on)


def _sentence(text: str, on: Screen) -> Iterator[str]:
    for paragraph in text.split("\n"):
        indent = " " * (len(paragraph) - len(paragraph.lstrip()))
        if on.width is None or width(paragraph) <= on.width:
            lines = [paragraph]
        else:
            first, *rest = folded(paragraph.strip(), on.width - len(indent) - GAP)
            lines = [indent + first, *(f"{indent}{'':{GAP}}{line}" for line in rest)]
        yield from (coloured(line) if on.colours and not at else line for at, line in enumerate(lines))


@attrs.frozen
class _Layout:
    """The first columns of a table, each so wide, and the others below each row; without any, a list of each row."""

    wide: Sequence[int] = ()
    gap: int = GAP


def _table(table: TextTable, on: Screen) -> Iterator[str]:
    heads, cells = table.heads, [[shown(value) for value in row] for row in table.rows]
    values = [[row[at] for row in table.rows] for at in range(len(heads))]
    right = [any(map(_is_number, column)) for column in values]
    layouts = list(_layouts(heads, cells, values, right, on.width))
    best = layouts[0] if len(layouts) == 1 else min(
        layouts, key=lambda each: sum(1 for _ in _laid(each, heads, cells[:SAMPLE], right, on))
    )  # fmt: skip
    yield from _laid(best, heads, cells, right, on)


def _layouts(
    heads: Sequence[str],
    cells: Sequence[Sequence[str]],
    values: Sequence[Sequence[object]],
    right: Sequence[bool],
    most: int | None,
) -> Iterator[_Layout]:
    """The layouts that fit, the whole table first."""
    columns = [[row[at] for row in cells] for at in range(len(heads))]
    least = list(map(_least, heads, values, columns))
    fits = False
    for many in range(len(heads), 1, -1):
        if wide := widths(heads[:many], columns[:many], least[:many], most):
            fits = True
            yield _Layout(wide)
        if most is None or right[many - 1]:
            break
    if not fits:
        close = widths(heads, columns, least, most, gap=1)
        yield _Layout(close, gap=1) if close else _Layout()


def _laid(
    layout: _Layout, heads: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[bool], on: Screen
) -> Iterator[str]:
    if not layout.wide:
        yield from _stacked(heads, cells, on)
        return
    many = len(layout.wide)
    if any(heads[:many]):
        head = _row(heads[:many], layout, right)
        yield from (click.style(line, bold=True) if on.colours else line for line in head)
    for row in cells:
        yield from _row(row[:many], layout, right, colours=on.colours)
        below = "  ".join(f"{head} {cell}".strip() for head, cell in zip(heads[many:], row[many:], strict=True) if cell)
        if below:
            yield from (INDENT + line for line in folded(below, (on.width or 0) - len(INDENT)))


def _row(row: Sequence[str], layout: _Layout, right: Sequence[bool], *, colours: bool = False) -> Iterator[str]:
    columns = [_cell(cell, most) for cell, most in zip(row, layout.wide, strict=True)]
    for lines in zip_longest(*columns, fillvalue=""):
        line = ""
        for text, most, to_right in zip(lines, layout.wide, right, strict=False):
            blank = " " * (most - width(text))
            said = coloured(text) if colours else text
            line += (blank + said if to_right else said + blank) + " " * layout.gap
        yield line.rstrip()


def _cell(text: str, most: int) -> list[str]:
    """The lines of a cell, all as far from its edge as the first."""
    if width(text) <= most and "\n" not in text:
        return [text]
    indent = " " * (len(text) - len(text.lstrip()))
    return [indent + line for line in folded(text.strip(), most - len(indent))]


def _stacked(heads: Sequence[str], cells: Sequence[Sequence[str]], on: Screen) -> Iterator[str]:
    """Each row as a list: the heads at the left, the values beside them, and an empty line between two rows."""
    both = max((on.width or 0) - GAP, 2)
    longest = max((_longest_word(cell) for row in cells for cell in row), default=0)
    # Captions are folded before anything beside them is.
    at_left = min(max(map(width, heads)), max(both - longest, max(map(_longest_word, heads))))
    layout = _Layout([at_left, max(both - at_left, 1)])
    for place, row in enumerate(cells):
        if place:
            yield ""
        for head, cell in zip(heads, row, strict=True):
            if cell:
                yield from _row([head, cell], layout, [False, False], colours=on.colours)


def echo(parts: Iterable[str | TextTable], *, err: bool = False) -> None:
    """Print a text on standard output, or on standard error, as the page that it is."""
    for line in laid_out(parts, page(sys.stderr if err else sys.stdout)):
        click.echo(line, err=err, color=True)
