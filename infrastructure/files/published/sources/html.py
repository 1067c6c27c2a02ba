"""HTML as pieces: cells of its innermost tables, and paragraphs. Exhibits nest tables and set single cells for a currency."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import count

import attrs

from infrastructure.files.published.sources.pieces import STRUCK, Piece, Source
from infrastructure.readers.values import UnreadableValue

_LOOKS = re.compile(r"<\s*(?:html|body|table|div|p|!doctype html)\b", re.IGNORECASE)
_KEEPS_LINES = re.compile(r"white-space\s*:\s*pre")
_STRIKES = re.compile(r"line-through")
_HIDES = re.compile(r"display\s*:\s*none")

_BLOCKS = frozenset([
    "p", "div", "section", "header", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "hr", "center", "body",
    "form", "fieldset",
])  # fmt: skip
_STRUCK = frozenset(("s", "strike", "del"))
_UNSHOWN = frozenset(("style", "script", "title"))
_EMPTY = frozenset(["br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "embed", "source", "track"])

WIDEST = 1_000
"""A cell spans at most so many columns or rows: browsers allow as many."""
MOST_PIECES = 200_000


def looks_like_html(text: str) -> bool:
    """Whether a text begins as a page of HTML, or as a part of one."""
    return bool(_LOOKS.search(text[:4_000]))


def read(text: str, name: str) -> Source:
    """The pieces of a page. Raises UnreadableValue for one with more cells than any return has."""
    page = _HtmlPage(name, keeps_lines=bool(_KEEPS_LINES.search(text)))
    page.feed(text)
    page.close()
    return Source(tuple(page.finished()))


@attrs.define
class _Table:
    """A table being read: the number of its row, its next column, and the columns that cells above still fill, with rows left."""

    row: int = -1
    column: int = 0
    filled: dict[int, int] = attrs.field(factory=dict)
    cell: tuple[int, int] | None = None

    def begin_row(self, row: int) -> None:
        self.row, self.column = row, 0
        self.filled = {column: left - 1 for column, left in self.filled.items() if left > 1}

    def begin_cell(self, columns: int, rows: int) -> None:
        while self.column in self.filled:
            self.column += 1
        self.cell = (self.column, self.column + columns)
        if rows > 1:
            # This row counts too: it is taken away where the next one begins.
            self.filled |= dict.fromkeys(range(self.column, self.column + columns), rows)
        self.column += columns


class _HtmlPage(HTMLParser):
    def __init__(self, name: str, *, keeps_lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.name, self.keeps_lines = name, keeps_lines
        self.rows = count()
        self.pieces: list[Piece] = []
        self.words: list[str] = []
        self.tables: list[_Table] = []
        self.open: list[tuple[str, bool, bool]] = []

    # --- what the parser calls --------------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        style = next((value or "" for key, value in attributes if key == "style"), "")
        if tag not in _EMPTY:
            hidden = tag in _UNSHOWN or bool(_HIDES.search(style))
            self.open.append((tag, hidden, tag in _STRUCK or bool(_STRIKES.search(style))))
            if self.open[-1][2]:
                self.words.append(f"{STRUCK} ")
        if tag == "br":
            self.words.append("\n")
        elif tag in ("table", "tr", "td", "th"):
            self._table(tag, {key: value or "" for key, value in attributes})
        elif tag in _BLOCKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        # A page may close what it never opened, and leave open what it opened.
        at = next((at for at in range(len(self.open) - 1, -1, -1) if self.open[at][0] == tag), None)
        if at is not None:
            del self.open[at:]
        if tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self.tables:
            self._end_cell()
            self.tables.pop()
        elif tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if any(hidden for _, hidden, _ in self.open):
            return
        self.words.append(data if self.keeps_lines and self.tables else re.sub(r"\s+", " ", data))

    # --- tables and paragraphs --------------------------------------------------------------------------------------

    def _table(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            # What holds a table is no cell itself: its own words are a paragraph.
            self._paragraph()
            self.tables.append(_Table())
        elif self.tables:
            self._end_cell()
            if tag == "tr":
                self.tables[-1].begin_row(next(self.rows))
            else:
                self.tables[-1].begin_cell(_span(attributes.get("colspan")), _span(attributes.get("rowspan")))

    def _break(self) -> None:
        if self.tables and self.tables[-1].cell is not None:
            self.words.append("\n")
        else:
            self._paragraph()

    def _end_cell(self) -> None:
        if not self.tables:
            return
        cell = self.tables[-1].cell
        if cell is None:
            self._paragraph()
        else:
            self._add(self._taken(), self.tables[-1].row, *cell)
            self.tables[-1].cell = None

    def _paragraph(self) -> None:
        if text := self._taken():
            self._add(text, next(self.rows))

    def _taken(self) -> str:
        lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in "".join(self.words).split("\n"))
        self.words.clear()
        return "\n".join(filter(None, lines))

    def _add(self, text: str, row: int, left: float = 0, right: float = 0) -> None:
        if len(self.pieces) >= MOST_PIECES:
            raise UnreadableValue(f"{self.name}: expected a return, got a page of more than {MOST_PIECES:,} cells")
        self.pieces.append(Piece(text, row, left, right))

    def finished(self) -> list[Piece]:
        """All pieces, with what stood last."""
        self._end_cell()
        self._paragraph()
        return self.pieces


def _span(text: str | None) -> int:
    return min(WIDEST, max(1, int(text))) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1
