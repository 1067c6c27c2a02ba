"""Tables of text: aligned columns, as wide as what they hold or as the page is, and one colour for each word of warning.

On a page that is too narrow heads are folded first, then texts, the widest first, between words. A number is never cut or
folded: where even that leaves too many columns for the page, each row is printed as a list, a value a line.
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

from cli.output import Figure, day, moment

GAP = "  "


@attrs.frozen
class Table:
    """Rows of values under heads; a column of whole numbers or figures is set to the right."""

    heads: Sequence[str]
    rows: Sequence[Sequence[object]]


@attrs.frozen
class Page:
    """What a text is laid out for: its width in columns, None for as wide as it gets, and whether colours show."""

    width: int | None = None
    colours: bool = False


ENDLESS = Page()


def page(stream: TextIO) -> Page:
    """The page that a stream is: a terminal as it is, anything else endless unless COLUMNS says how wide; NO_COLOR is obeyed."""
    terminal = stream.isatty()
    asked = os.environ.get("COLUMNS", "")
    width = shutil.get_terminal_size().columns if terminal or (asked.isdecimal() and int(asked)) else None
    return Page(width, terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")


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
        case tuple() | list():
            return ", ".join(map(shown, value))
    return printable(str(value))


def printable(text: str) -> str:
    """A text in which nothing steers the terminal; the ends of its lines stay."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text)


RED, YELLOW = "red", "yellow"
COLOURS = {
    **dict.fromkeys(("late", "overdue", "refused", "revoked", "NO", "FAILS", "TOO FEW", "TROUBLE", "does not hold"), RED),
    **dict.fromkeys(("?", "unknown", "not known", "not checked", "unverified", "expired", "marked DRAFT"), YELLOW),
}
"""Words that have a colour where a cell or a line begins with them: the colour helps to find them, and says nothing more."""

_WARNING = re.compile(rf"\s*({'|'.join(map(re.escape, COLOURS))})(?![\w-])")


def coloured(text: str) -> str:
    """A line with its first words in their colour, where they have one."""
    found = _WARNING.match(text)
    return text if found is None else click.style(found[0], fg=COLOURS[found[1]]) + text[found.end() :]


# --- widths -------------------------------------------------------------------------------------------------------


def width(text: str) -> int:
    """How many columns of a terminal a text takes: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return sum(0 if category(each) in ("Mn", "Me", "Cf") else 1 + (east_asian_width(each) in "WF") for each in text)


_WORD = re.compile(r"\s*\S+(?: %(?!\w))?")
"""A word, with its space before it; a percentage is one word with its sign."""


def folded(text: str, most: int) -> list[str]:
    """The lines of a text, broken between words, and within one only where it is wider than a line by itself."""
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


def widths(heads: Sequence[str], columns: Sequence[Sequence[str]], least: Sequence[int], most: int | None) -> list[int] | None:
    """How wide each column is, at least so wide, so that all fit; None where they cannot."""
    contents = [max((width(line) for cell in column for line in cell.split("\n")), default=0) for column in columns]
    found = [max(width(head), content) for head, content in zip(heads, contents, strict=True)]
    left = sum(found) if most is None else most - len(GAP) * (len(heads) - 1)
    while sum(found) > left:
        # A head that is wider than what is under it goes before a text.
        folding = [(now > contents[at], now, at) for at, now in enumerate(found) if now > least[at]]
        if not folding:
            return None
        found[max(folding)[2]] -= 1
    return found


def _longest_word(text: str) -> int:
    return max((width(word.strip()) for word in _WORD.findall(text)), default=0)


def _least(head: str, values: Sequence[object], column: Sequence[str]) -> int:
    """How narrow a column can be: as its longest word, and as its longest number."""
    cells = (width(cell) if _is_number(value) else _longest_word(cell) for value, cell in zip(values, column, strict=True))
    return max((_longest_word(head), *cells))


def _is_number(value: object) -> bool:
    return isinstance(value, int | Figure) and not isinstance(value, bool)


# --- lines --------------------------------------------------------------------------------------------------------


def laid_out(parts: Iterable[str | Table], on: Page = ENDLESS) -> Iterator[str]:
    """The lines of a text of tables and sentences on a page."""
    for part in parts:
        yield from _table(part, on) if isinstance(part, Table) else _sentence(printable(part), on)


def _sentence(text: str, on: Page) -> Iterator[str]:
    for paragraph in text.split("\n"):
        indent = " " * (len(paragraph) - len(paragraph.lstrip()))
        if on.width is None or width(paragraph) <= on.width:
            lines = [paragraph]
        else:
            first, *rest = folded(paragraph.strip(), on.width - len(indent) - len(GAP))
            lines = [indent + first, *(f"{indent}{GAP}{line}" for line in rest)]
        yield from (coloured(line) if on.colours and not at else line for at, line in enumerate(lines))


def _table(table: Table, on: Page) -> Iterator[str]:
    heads, cells = table.heads, [[shown(value) for value in row] for row in table.rows]
    values = [[row[at] for row in table.rows] for at in range(len(heads))]
    columns = [[row[at] for row in cells] for at in range(len(heads))]
    right = [any(map(_is_number, column)) for column in values]
    wide = widths(heads, columns, list(map(_least, heads, values, columns)), on.width)
    if wide is None:
        yield from _stacked(heads, cells, on)
        return
    if any(heads):
        yield from (click.style(line, bold=True) if on.colours else line for line in _row(heads, wide, right))
    for row in cells:
        yield from _row(row, wide, right, colours=on.colours)


def _row(row: Sequence[str], wide: Sequence[int], right: Sequence[bool], *, colours: bool = False) -> Iterator[str]:
    columns = [folded(cell, most) if width(cell) > most or "\n" in cell else [cell] for cell, most in zip(row, wide, strict=True)]
    for lines in zip_longest(*columns, fillvalue=""):
        line = ""
        for text, most, to_right in zip(lines, wide, right, strict=True):
            blank = " " * (most - width(text))
            said = coloured(text) if colours else text
            line += (blank + said if to_right else said + blank) + GAP
        yield line.rstrip()


def _stacked(heads: Sequence[str], cells: Sequence[Sequence[str]], on: Page) -> Iterator[str]:
    """Each row as a list: the heads at the left, the values beside them, and an empty line between two rows."""
    at_left = max(map(width, heads))
    wide = [at_left, max((on.width or 0) - at_left - len(GAP), 1)]
    for place, row in enumerate(cells):
        if place:
            yield ""
        for head, cell in zip(heads, row, strict=True):
            if cell:
                yield from _row([head, cell], wide, [False, False], colours=on.colours)


def echo(parts: Iterable[str | Table]) -> None:
    """Print a text on standard output, as the page that it is."""
    for line in laid_out(parts, page(sys.stdout)):
        click.echo(line, color=True)
