"""Text as pieces: tables ruled with hyphens and bars are cells, all else is paragraphs set apart by empty lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count, groupby, pairwise
from operator import itemgetter

from infrastructure.files.published.sources.pieces import Piece, Source
from infrastructure.files.published.sources.ruled import Box, RuledLine, boxes
from infrastructure.renderers.grid import display_width

_LEVEL = re.compile(r"\+(?:-*\+)+")
_TABLE = re.compile(r"[ ]*[+|].*[+|][ ]*")
_BETWEEN = re.compile(r"[\s=-]*")
_LONGEST_RULED = 2_000
_BORDER = 2
"""From the edge of a cell to its text: the rule and a space."""


def read(text: str) -> Source:
    """The pieces of a text."""
    rows = count()
    pieces: list[Piece] = []
    for ruled, lines in _blocks(text):
        pieces += _cells(lines, rows) if ruled else _paragraphs(lines, rows)
    return Source(tuple(pieces))


def _blocks(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Runs of lines that belong to ruled tables, and runs of others."""
    for looks_ruled, group in groupby(text.splitlines(), lambda line: bool(_TABLE.fullmatch(line))):
        lines = list(group)
        yield looks_ruled and any(map(_LEVEL.search, lines)) and max(map(len, lines)) <= _LONGEST_RULED, lines


# --- Paragraphs -----------------------------------------------------------------------------------------------------


def _paragraphs(lines: Sequence[str], rows: Iterator[int]) -> Iterator[Piece]:
    """Lines between empty or underlining ones; a bar is the edge of a cell, as a tab is."""
    for between, group in groupby(lines, lambda line: bool(_BETWEEN.fullmatch(line))):
        if not between:
            yield Piece("\n".join(line.strip(" ").replace("|", "\t") for line in group), next(rows))


# --- Ruled tables ---------------------------------------------------------------------------------------------------


def _cells(lines: Sequence[str], rows: Iterator[int]) -> Iterator[Piece]:
    """The cells of the tables drawn in these lines, each row of cells with a number of its own."""
    canvas = [_columns(line) for line in lines]
    level = [
        RuledLine(height, found.start(), found.end() - 1)
        for height, drawn in enumerate(canvas)
        for found in _LEVEL.finditer("".join(drawn if all(drawn) else [character or " " for character in drawn]))
    ]
    upright = list(_upright(canvas, level))
    for _, cells in groupby(boxes(level, upright), lambda box: box.top):
        row = next(rows)
        for box in cells:
            yield Piece(_text(canvas, box), row, box.left, box.right)


def _columns(line: str) -> list[str]:
    """What stands in each column: a wide character fills two, the second of which holds nothing."""
    return [part for character in line for part in (character, "")[: display_width(character)] or [character]]


def _upright(canvas: Sequence[list[str]], level: Sequence[RuledLine]) -> Iterator[RuledLine]:
    """Bars from joint to joint, in columns where a level rule has a joint."""
    joints = {
        column for rule in level for column in range(int(rule.start), int(rule.end) + 1) if canvas[int(rule.at)][column] == "+"
    }
    for column in sorted(joints):
        drawn = [_at(canvas, height, column) in ("|", "+") for height in range(len(canvas))]
        for barred, group in groupby(enumerate(drawn), itemgetter(1)):
            heights = [height for height, _ in group]
            if barred and len(heights) > 1:
                yield RuledLine(column, heights[0], heights[-1])


def _at(canvas: Sequence[list[str]], height: int, column: int) -> str:
    return canvas[height][column] if column < len(canvas[height]) else ""


def _text(canvas: Sequence[list[str]], box: Box) -> str:
    """The lines of a cell; where one ended only because the next word did not fit, they are one."""
    left, right = int(box.left) + _BORDER, int(box.right) - 1
    lines = ["".join(canvas[height][left:right]).strip() for height in range(int(box.top) + 1, int(box.bottom))]
    lines = list(filter(None, lines))
    ends = (_end(line, after, right - left) for line, after in pairwise([*lines, ""]))
    return "".join(line + end for line, end in zip(lines, ends, strict=True)).strip()


def _end(line: str, after: str, width: int) -> str:
    """What stood between two lines: nothing within a word longer than the cell, else a space or a line's own end."""
    filled, word = display_width(line), after.split(" ", 1)[0]
    if filled == width and " " not in line:
        return " " if line.isascii() and line.isalpha() and _is_a_word(word) else ""
    return " " if filled + 1 + display_width(word) > width else "\n"


def _is_a_word(letters: str) -> bool:
    """Whether letters behind a word as wide as its cell are the next word: too many for its end, or a word of their own."""
    return letters.isascii() and letters.isalpha() and (len(letters) > _LONGEST_END or letters.lower() in _SHORT_WORDS)


_LONGEST_END = 3
_SHORT_WORDS = frozenset(("a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "out", "per", "the", "to"))
