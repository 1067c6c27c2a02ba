"""A return as a PDF for filing: A4 landscape, tagged, PDF/A-2a, the same bytes on every run."""

from __future__ import annotations

import json
import re
import string
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, time
from functools import cache, lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import typst
from pylopdf_fonts_zh_cn import sans_path

from infrastructure.renderers.layout import DRAFT, Block, Cell, Heading, Layout, NotPrintable, Paragraph, RuledTable

# With a standard asked for, typst refuses a character without a glyph; without one it would drop it in silence.
_STANDARDS: list[Any] = ["a-2a", "ua-1"]

_TEMPLATES = Path(__file__).with_name("templates")


_NOT_DISPLAYED = re.compile(r'the text `"(?P<characters>.+?)"` could not be displayed')


def _not_printable(error: typst.TypstError) -> NotPrintable:
    match = _NOT_DISPLAYED.search(error.message)
    characters = match["characters"] if match else ""
    named = " and ".join(f"{each} (U+{ord(each):04X} {unicodedata.name(each, 'without a name')})" for each in characters)
    return NotPrintable(f"the font of the PDF does not have {named or 'a character of the document'}", characters)


def render(layout: Layout, *, draft: bool) -> bytes:
    """The PDF, dated by the return's submission date. Raises NotPrintable for a character without a glyph."""
    dated = datetime.combine(layout.dated, time(), UTC)
    sheet = json.dumps(_sheet(layout, draft=draft), ensure_ascii=False)
    try:
        rendered = _compiler().compile(_source(sheet), pdf_standards=_STANDARDS, timestamp=dated)
    except typst.TypstError as error:
        if "could not be displayed" in error.message:
            raise _not_printable(error) from error
        raise
    if not isinstance(rendered, bytes):
        raise TypeError(f"expected one PDF, got {type(rendered).__name__}")
    return rendered


@cache
def _compiler() -> typst.Compiler:
    """The compiler, made once for the process, since it loads the fonts."""
    return typst.Compiler(root=_TEMPLATES, font_paths=[sans_path().parent], ignore_system_fonts=True)


def _source(sheet: str) -> bytes:
    """A sheet of JSON as a literal. As an input of the compiler it would make typst discard its cached layout for each return.

    In JSON only quotation marks and backslashes still need an escape, which is the same in typst.
    """
    literal = sheet.replace("\\", "\\\\").replace('"', '\\"')
    return f'#import "/sheet.typ": draw\n#draw(json(bytes("{literal}")))\n'.encode()


# --- The layout as the template reads it ------------------------------------------------------------------------------


def _sheet(layout: Layout, *, draft: bool) -> dict[str, object]:
    return {
        "title": f"{layout.form} {layout.title}: {layout.issuer}",
        "issuer": layout.issuer,
        "version_mark": layout.version_mark,
        "page_mark": layout.page_mark,
        "dated": [layout.dated.year, layout.dated.month, layout.dated.day],
        "beside": layout.beside_the_mark,
        "head": layout.head,
        "reasons": list(layout.draft_lines),
        "draft": DRAFT if draft or layout.reasons else "",
        "pages": [list(_blocks(page.blocks)) for page in layout.pages],
    }


def _blocks(blocks: tuple[Block, ...]) -> Iterator[dict[str, object]]:
    """Consecutive numbered paragraphs become one list; a table says whether another is attached to it."""
    followed = {id(block) for block, after in pairwise(blocks) if isinstance(after, RuledTable) and after.attached}
    for listed, group in groupby(blocks, key=lambda block: isinstance(block, Paragraph) and block.mark != ""):
        if listed:
            items = [block for block in group if isinstance(block, Paragraph)]
            yield {
                "kind": "items",
                "marks": [item.mark for item in items],
                "texts": [item.text for item in items],
                "struck": [item.struck for item in items],
            }
        else:
            yield from (_block(block, followed=id(block) in followed) for block in group)


def _block(block: Block, *, followed: bool) -> dict[str, object]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
        case Paragraph(text, _, align, _):
            return {"kind": "paragraph", "text": text, "align": align}
        case RuledTable(columns, rows, header_rows, attached):
            return {
                "kind": "table",
                "columns": columns,
                "rows": [[_cell(cell, columns) for cell in row] for row in rows],
                "header_rows": header_rows,
                "attached": attached,
                "followed": followed,
            }


def _cell(cell: Cell, columns: tuple[int, ...]) -> dict[str, object]:
    number = cell.value is not None
    # Measuring text is slow in typst: only text that may be too wide for its column is measured.
    wide = max(map(_width, [cell.text] if number else cell.text.split()), default=0) > _room(columns, cell.colspan)
    return {
        "text": cell.text,
        "colspan": cell.colspan,
        "rowspan": cell.rowspan,
        "align": cell.align,
        "bold": cell.bold,
        "shaded": cell.shaded,
        "fitted": number and wide,
        "narrowed": not number and wide,
    }


# As the template sets them, in tenths of a point: a line of the page, what a cell leaves free of its width, and the letters.
_LINE, _FREE, _SIZE = 7_625, 80, 85

_SLIM = frozenset(string.ascii_letters + string.digits + string.punctuation) - frozenset("&@%mwDGHMNOQUW")


def at_most(letter: str) -> int:
    """The greatest width of a character in the PDF's fonts, in hundredths of the font size."""
    return 66 if letter in _SLIM else 100 if letter.isascii() else 300


@cache
def _room(columns: tuple[int, ...], span: int) -> int:
    """The width of a cell that spans so many columns, at their narrowest, in hundredths of the font size."""
    narrowest = min(sum(columns[at : at + span]) for at in range(len(columns) - span + 1))
    return (_LINE * narrowest // sum(columns) - _FREE) * 100 // _SIZE


@lru_cache(maxsize=4096)
def _width(word: str) -> int:
    return sum(map(at_most, word))
