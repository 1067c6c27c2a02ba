"""A PDF as pieces: cells where its rules enclose text, and paragraphs of the lines outside of them.

Two libraries must agree: every number that the second one sees on a page has to stand in a cell or a line of the first one's
reading. Where one does not, the pieces are no longer taken for exact.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count, groupby
from typing import Any

import attrs
import pypdfium2
from pypdfium2 import raw

from infrastructure.files.published.sources.pieces import STRUCK, Piece, Source
from infrastructure.files.published.sources.ruled import Box, RuledLine, boxes
from infrastructure.files.published.sources.second_reading import SECOND_READER
from infrastructure.readers.values import UnreadableValue

MOST_PAGES = 500
MOST_RULES = 20_000
"""More rules than any page of a return has; a page of more is read as lines."""

_SHORTEST_RULE, _THICKEST_RULE = 3.0, 2.5
_APART = 2.0
_INSIDE = 1.2
"""How far within its rules the text of a cell begins, in points: letters that touch the next cell are not of this one."""
_PARAGRAPH = 1.35
"""Lines further apart than this, in sizes of their letters, are of different paragraphs."""

_NUMBER = re.compile(r"\d+")


def read(content: bytes, name: str) -> Source:
    """The pieces of a PDF.

    Raises UnreadableValue, naming the file, for one that is damaged, asks for a password, has more than 500 pages or no text.
    """
    document = _opened(content, name)
    try:
        if len(document) > MOST_PAGES:
            raise UnreadableValue(f"{name}: expected a return of at most {MOST_PAGES} pages, got {len(document):,}")
        rows = count()
        pages = [_PdfPage(document[number]).pieces(rows) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise UnreadableValue(f"{name}: expected a whole PDF; a page of it cannot be read") from error
    finally:
        document.close()
    pieces = tuple(piece for page in pages for piece in page)
    if not any(piece.text for piece in pieces):
        raise UnreadableValue(
            f"{name}: expected a PDF with text, got pages of pictures only: a scan has to be made into text first"
        )
    notes = tuple(_disagreements(SECOND_READER.pages(content), pages))
    return Source(pieces, exact=not notes, notes=notes)


def _opened(content: bytes, name: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise UnreadableValue(f"{name}: expected a PDF that opens without a password") from error
        raise UnreadableValue(f"{name}: expected a PDF, got one that is damaged or cut short") from error


def _disagreements(seen: Sequence[str] | None, pages: Sequence[Sequence[Piece]]) -> Iterator[str]:
    """Pages on which the second library sees a number more often than the first one's cells have it, or less often."""
    if seen is None or len(seen) != len(pages):
        yield "a second library cannot read this PDF: no figure of it is confirmed by two readings"
        return
    for number, (text, pieces) in enumerate(zip(seen, pages, strict=True), 1):
        there = Counter(_NUMBER.findall(text))
        placed = Counter(each for piece in pieces for each in _NUMBER.findall(piece.text))
        odd = sorted({*(there - placed), *(placed - there)})
        if odd:
            yield f"page {number}: two libraries read {', '.join(odd[:5])} differently"


# --- A page -----------------------------------------------------------------------------------------------------------


@attrs.frozen
class _Line:
    """A run of text outside of tables, with its base line and the size of its letters."""

    text: str
    base: float
    left: float
    size: float
    struck: bool


class _PdfPage:
    """A page as it is turned: distances from its left and its top. Slanting text, a mark across the page, is taken off."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.turn = _TURNS[page.get_rotation()]
        for mark in [each for each in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=1) if _slants(each)]:
            page.remove_obj(mark)
        self.words = page.get_textpage()

    def pieces(self, rows: Iterator[int]) -> list[Piece]:
        """Cells and paragraphs from the top of the page to its foot."""
        level, upright = _rules(self.page, self.turn)
        cells = boxes(level, upright, _APART) if len(level) + len(upright) <= MOST_RULES else []
        found = [
            (top, [(self._within(box), box.left, box.right) for box in group])
            for top, group in groupby(cells, lambda box: box.top)
        ]
        found += [(line.base - line.size, [(text, 0.0, 0.0)]) for line, text in self._paragraphs(cells, level)]
        pieces = []
        for _, group in sorted(found, key=lambda row: row[0]):
            row = next(rows)
            pieces += [Piece(text, row, left, right) for text, left, right in group]
        return pieces

    def _within(self, box: Box) -> str:
        if min(box.right - box.left, box.bottom - box.top) <= 2 * _INSIDE:
            return ""
        inner = Box(box.left + _INSIDE, box.top + _INSIDE, box.right - _INSIDE, box.bottom - _INSIDE)
        return _lines_of(self.words.get_text_bounded(*_unturned(inner, self.turn)))

    def _paragraphs(self, cells: Sequence[Box], level: Sequence[RuledLine]) -> Iterator[tuple[_Line, str]]:
        """Lines outside of all cells; those as near to each other as lines of one paragraph are one."""
        lines = sorted(self._lines(cells, level), key=lambda line: (round(line.base), line.left))
        together: list[_Line] = []
        for line in lines:
            if together and line.base - together[-1].base > _PARAGRAPH * line.size:
                yield together[0], _paragraph(together)
                together = []
            together.append(line)
        if together:
            yield together[0], _paragraph(together)

    def _lines(self, cells: Sequence[Box], level: Sequence[RuledLine]) -> Iterator[_Line]:
        for number in range(self.words.count_rects()):
            left, bottom, right, top = self.words.get_rect(number)
            box = _turned(left, bottom, right, top, self.turn)
            middle, height = (box.left + box.right) / 2, (box.top + box.bottom) / 2
            if any(cell.left <= middle <= cell.right and cell.top <= height <= cell.bottom for cell in cells):
                continue
            text = _plain(self.words.get_text_bounded(left, bottom, right, top)).replace("\n", " ")
            if text.strip():
                size, base = self._set_in(left, bottom, right, top, box)
                yield _Line(text, base, box.left, size, _is_struck(box, level))

    def _set_in(self, left: float, bottom: float, right: float, top: float, box: Box) -> tuple[float, float]:
        """The size of the letters in a rectangle, and their base line."""
        at = self.words.get_index(left + 1, (bottom + top) / 2, right - left, top - bottom)
        x, y = ctypes.c_double(), ctypes.c_double()
        if at is None or at < 0 or not raw.FPDFText_GetCharOrigin(self.words, at, x, y):
            return box.bottom - box.top, box.bottom
        return raw.FPDFText_GetFontSize(self.words, at) or box.bottom - box.top, self.turn(x.value, y.value)[1]


def _paragraph(lines: Sequence[_Line]) -> str:
    """The text of a paragraph. What is struck through is marked where it begins."""
    text = ""
    for line, before in zip(lines, (None, *lines), strict=False):
        begins = line.struck and not (before is not None and before.struck)
        text += f"{STRUCK} {line.text}" if begins else line.text
        text += "" if text.endswith(" ") else " "
    return " ".join(text.split())


def _is_struck(box: Box, level: Sequence[RuledLine]) -> bool:
    top, bottom = box.top + (box.bottom - box.top) * 0.3, box.bottom - (box.bottom - box.top) * 0.25
    return any(
        top <= rule.at <= bottom and rule.start <= box.left + 2 and rule.end >= box.right - (box.right - box.left) / 10
        for rule in level
    )


# --- Text -------------------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """PDFium writes a hyphen at the end of a line as a mark of its own."""
    return text.replace("\x02", "-").replace("\ufffe", "-").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _lines_of(text: str) -> str:
    """The lines of a cell; one that ends in a space was broken only because the cell is narrow."""
    lines = [line for line in _plain(text).split("\n") if line.strip()]
    return "".join(line if line.endswith(" ") else f"{line}\n" for line in lines).strip()


def _slants(text: Any) -> bool:
    matrix = text.get_matrix()
    return bool(min(abs(matrix.a), abs(matrix.b)) > max(abs(matrix.a), abs(matrix.b)) / 50)


# --- Rules ------------------------------------------------------------------------------------------------------------

Turn = Callable[[float, float], tuple[float, float]]
"""From the coordinates of a PDF, which rise, to distances from the left and from the top of the page as it is turned."""

_TURNS: dict[int, Turn] = {
    0: lambda x, y: (x, -y),
    90: lambda x, y: (y, x),
    180: lambda x, y: (-x, y),
    270: lambda x, y: (-y, -x),
}


def _turned(left: float, bottom: float, right: float, top: float, turn: Turn) -> Box:
    (x, y), (z, w) = turn(left, bottom), turn(right, top)
    return Box(min(x, z), min(y, w), max(x, z), max(y, w))


def _unturned(box: Box, turn: Turn) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a box in the coordinates of the PDF."""
    # Every turn is also its own way back.
    (x, y), (z, w) = turn(box.left, box.top), turn(box.right, box.bottom)
    return min(x, z), min(y, w), max(x, z), max(y, w)


def _rules(page: Any, turn: Turn) -> tuple[list[RuledLine], list[RuledLine]]:
    """The level and the upright rules of a page: lines that are drawn, and the edges of thin rectangles that are filled."""
    level: list[RuledLine] = []
    upright: list[RuledLine] = []
    for path in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4):
        for (x, y), (z, w) in _drawn(path, turn):
            if abs(y - w) < 1 and abs(x - z) >= _SHORTEST_RULE:
                level.append(RuledLine((y + w) / 2, min(x, z), max(x, z)))
            elif abs(x - z) < 1 and abs(y - w) >= _SHORTEST_RULE:
                upright.append(RuledLine((x + z) / 2, min(y, w), max(y, w)))
        if len(level) + len(upright) > MOST_RULES:
            break
    return level, upright


Point = tuple[float, float]


def _drawn(path: Any, turn: Turn) -> Iterator[tuple[Point, Point]]:
    """The straight lines of a path that shows: it is stroked, or so thin that its filling is a line."""
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, filled, stroked)
    lines = list(_straight(path, turn))
    if not stroked.value and lines:
        xs, ys = zip(*(end for line in lines for end in line), strict=True)
        if min(max(xs) - min(xs), max(ys) - min(ys)) > _THICKEST_RULE:
            return
    yield from lines


def _straight(path: Any, turn: Turn) -> Iterator[tuple[Point, Point]]:
    place = _placing(path)
    begun = at = (0.0, 0.0)
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(min(raw.FPDFPath_CountSegments(path), MOST_RULES)):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = turn(*place(x.value, y.value))
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            begun = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield at, point
        at = point
        if raw.FPDFPathSegment_GetClose(segment):
            yield at, begun


def _placing(path: Any) -> Callable[[float, float], Point]:
    """From the coordinates of a path to those of its page, through the forms that hold it."""
    matrix, holder = path.get_matrix(), path.container
    while holder is not None:
        matrix, holder = matrix.multiply(holder.get_matrix()), holder.container
    return lambda x, y: (matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f)
