"""A return as a workbook: a sheet for each part, numbers as numbers, closing balances and totals as formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from typing import Any

import attrs
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from domain.values import EXACT, plain
from infrastructure.renderers.layout import DRAFT, Layout, Page, Paragraph
from infrastructure.renderers.sheet import Area, Style, sheet_of

# A workbook keeps numbers as binary fractions of 64 bits, which hold any 15 digits exactly and not any 16. Longer numbers
# are written as text, with every digit.
_EXACT_DIGITS = 15

_LONGEST_TEXT = 32_767
_MOST_ROWS = 1_048_576
_MOST_ARGUMENTS = 255
_NUMBER = re.compile(r"(?P<before>\D*?)(?P<number>-?[\d,]*\d(?:\.(?P<decimals>\d+))?)(?P<after>\D*)")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


def render(layout: Layout, *, draft: bool) -> bytes:
    """The workbook, dated by the submission date. Raises ValueError for a text longer than a cell holds."""
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties(
        {
            "title": f"{layout.form} {layout.title}",
            "author": "".join(character if character.isprintable() else " " for character in layout.issuer),
            "created": datetime.combine(layout.dated, time()),
        }
    )
    formats: dict[tuple[Style, str], Any] = {}
    for page in layout.pages:
        _write_page(book, page, layout, formats, draft=draft)
    book.close()
    return buffer.getvalue()


def table(heads: Sequence[str], rows: Sequence[Sequence[str | int | None]]) -> bytes:
    """A workbook of one sheet with a head that stays in sight: numbers as numbers, texts never as formulas.

    The same rows give the same bytes. Raises ValueError for more rows, or a longer text, than a sheet holds.
    """
    if len(rows) >= _MOST_ROWS:
        raise ValueError(f"a sheet holds {_MOST_ROWS - 1:,} rows under its head; there are {len(rows):,}")
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime(2000, 1, 1)})
    target, bold = book.add_worksheet(), book.add_format({"bold": True})
    target.freeze_panes(1, 0)
    for column, head in enumerate(heads):
        target.write_string(0, column, head, bold)
        target.set_column(column, column, min(60, 2 + max(len(str(row[column])) for row in (heads, *rows))))
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write_plain(target, at, column, value)
    book.close()
    return buffer.getvalue()


def _write_plain(target: Any, row: int, column: int, value: str | int | None) -> None:
    if isinstance(value, int) and _held_exactly(value):
        target.write_number(row, column, value)
    elif value is not None:
        text = str(value)
        if len(text) > _LONGEST_TEXT:
            raise ValueError(f"a workbook's cell holds {_LONGEST_TEXT:,} characters; a text of row {row} has {len(text):,}")
        target.write_string(row, column, text)


def _write_page(book: Any, page: Page, layout: Layout, formats: dict[tuple[Style, str], Any], *, draft: bool) -> None:
    reasons = tuple(Paragraph(line, align="center") for line in layout.draft_lines)
    sheet = sheet_of(attrs.evolve(page, blocks=(*reasons, *page.blocks)))
    target = book.add_worksheet(_FORBIDDEN.sub(" ", page.name)[:31])
    _set_up(target, layout, draft=draft or bool(reasons))
    for column, width in enumerate(sheet.widths):
        target.set_column(column, column, width)
    for row, height in enumerate(sheet.heights):
        target.set_row(row, height)
    if sheet.repeated:
        target.repeat_rows(*sheet.repeated)
    keyed = {area.cell.key: area for area in sheet.areas if area.cell.key}
    for area in sheet.areas:
        mask = number_format(area)
        kind = (area.style, mask)
        if kind not in formats:
            formats[kind] = book.add_format(_properties(*kind))
        _write(target, area, formats[kind], is_number=bool(mask), formula=formula(area, keyed) if mask else "")
    target.ignore_errors({"number_stored_as_text": "A1:" + xl_rowcol_to_cell(len(sheet.heights), len(sheet.widths))})


def _set_up(target: Any, layout: Layout, *, draft: bool) -> None:
    """A4 landscape, as wide as the paper, with the form's marks at the foot of each page."""
    target.set_landscape()
    target.set_paper(9)
    target.fit_to_pages(1, 0)
    target.set_margins(left=0.5, right=0.5, top=1.0 if draft else 0.7, bottom=0.7)
    target.hide_gridlines(2)
    marks = layout.page_mark.format(page="&P", pages="&N")
    beside, head = (f"&L{text}" if text else "" for text in (layout.beside_the_mark, layout.head))
    target.set_footer(f"{beside}&R{marks} {layout.version_mark}")
    if header := head + (f'&C&"Calibri,Bold"&28{DRAFT}' if draft else ""):
        target.set_header(header)


def _properties(style: Style, mask: str) -> dict[str, object]:
    return {
        "font_size": style.size,
        "bold": style.bold,
        "font_strikeout": style.struck,
        "align": style.align,
        "valign": "vcenter" if style.ruled else "top",
        "text_wrap": True,
        **({"border": 1} if style.ruled else {}),
        **({"indent": 1} if style.ruled and style.align != "center" else {}),
        **({"bg_color": "#E4E4E4"} if style.shaded else {}),
        **({"num_format": mask} if mask else {}),
    }


def _write(target: Any, area: Area, look: Any, *, is_number: bool, formula: str) -> None:
    """Text is always written as text: a name that begins with = or @ stays a name."""
    cell = area.cell
    if len(cell.text) > _LONGEST_TEXT:
        raise ValueError(f"a workbook's cell holds {_LONGEST_TEXT:,} characters; a text of the return has {len(cell.text):,}")
    if (area.top, area.left) != (area.bottom, area.right):
        target.merge_range(area.top, area.left, area.bottom, area.right, "", look)
    if formula:
        target.write_formula(area.top, area.left, formula, look, cell.value)
    elif is_number:
        target.write_number(area.top, area.left, cell.value, look)
    elif cell.text:
        target.write_string(area.top, area.left, cell.text, look)
    else:
        target.write_blank(area.top, area.left, None, look)


# --- Numbers and formulas -------------------------------------------------------------------------------------------


def number_format(area: Area) -> str:
    """The number format that shows a number as it is printed; empty if the cell is written as text."""
    value, shown = area.cell.value, _NUMBER.fullmatch(area.cell.text)
    if value is None or shown is None or not _held_exactly(value) or Decimal(shown["number"].replace(",", "")) != value:
        return ""
    whole = "#,##0" if isinstance(value, int) or "," in shown["number"] else "0"
    decimals = f".{'0' * len(shown['decimals'])}" if shown["decimals"] else ""
    return f"{_quoted(shown['before'])}{whole}{decimals}{_quoted(shown['after'])}"


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""


def _held_exactly(value: int | Decimal) -> bool:
    digits = plain(Decimal(value)).lstrip("-").replace(".", "").lstrip("0")
    return len(digits) <= _EXACT_DIGITS


def formula(area: Area, keyed: Mapping[str, Area]) -> str:
    """The formula of a sum; empty if its numbers are not all on the sheet or do not add up to it."""
    summed = [keyed[key] for key in area.cell.sum_of if key in keyed]
    if not summed or len(summed) < len(area.cell.sum_of) or not all(_addable(each) for each in summed):
        return ""
    total = Decimal(0)
    for each in summed:
        total = EXACT.add(total, Decimal(each.cell.value or 0))
    arguments = _ranges(summed)
    return f"=SUM({','.join(arguments)})" if total == area.cell.value and len(arguments) <= _MOST_ARGUMENTS else ""


def _addable(area: Area) -> bool:
    return area.cell.text == "" or number_format(area) != ""


def _ranges(areas: list[Area]) -> list[str]:
    """References to cells; those directly below each other become one range."""
    places = sorted({(area.left, area.top) for area in areas})
    runs = groupby(enumerate(places), key=lambda item: (item[1][0], item[1][1] - item[0]))
    ends = [[place for _, place in run] for _, run in runs]
    return [_reference(run[0], run[-1]) for run in ends]


def _reference(first: tuple[int, int], last: tuple[int, int]) -> str:
    start, end = (xl_rowcol_to_cell(row, column) for column, row in (first, last))
    return start if first == last else f"{start}:{end}"
