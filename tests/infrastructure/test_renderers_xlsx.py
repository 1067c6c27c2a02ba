"""The workbook of a return: numbers, formulas and their cached values, inert text, and the same bytes on every run."""

from __future__ import annotations

import functools
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO

import attrs
import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.merge import MergedCellRange
from openpyxl.worksheet.worksheet import Worksheet

from domain.returns.cells import Figure
from domain.returns.documents import MonthlyReturn, Return
from domain.values import Money
from infrastructure.renderers import layout_of, render
from tests.cli.running import in_place_of
from tests.infrastructure import full_documents as full
from tests.infrastructure import sample_documents as samples

DOCUMENTS: dict[str, Callable[[], Return]] = {
    "FF301 1.1.1": full.monthly,
    "FF301 1.0.2": lambda: full.monthly("1.0.2"),
    "FF304": lambda: full.next_day("FF304"),
    "FF305": full.next_day,
    "a published FF301": samples.monthly_december_2024,
    "a published FF304": samples.next_day_december_2022,
    "a published FF305": samples.next_day_december_2024,
}


@functools.cache
def book(document: Return, *, cached: bool = False, draft: bool = False) -> openpyxl.Workbook:
    # Reading a workbook takes longest, most of it to spread borders over merged cells; the tests only look at what was written.
    with in_place_of(MergedCellRange, "format", lambda _: None):
        return openpyxl.load_workbook(BytesIO(render(document, "xlsx", draft=draft)), data_only=cached)


def cells(sheet: Worksheet) -> Iterator[Cell]:
    return (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)


def right_of(sheet: Worksheet, caption: str, nth: int = 1) -> Cell:
    """The nth filled cell to the right of the first cell that begins with a caption."""
    start = next(cell for cell in cells(sheet) if str(cell.value).startswith(caption))
    filled = [cell for cell in sheet[start.row] if cell.column > start.column and cell.value is not None]
    return filled[nth - 1]


def evaluated(formula: str, sheet: Worksheet) -> Decimal:
    """The value of a SUM of cells and ranges, each a formula or a number."""
    arguments = re.fullmatch(r"=SUM\((.+)\)", formula)
    assert arguments, formula
    found = [sheet[part] for part in arguments[1].split(",")]
    summed = [cell for part in found for cell in (part if isinstance(part, tuple) else ((part,),))]
    return sum((value(cell, sheet) for row in summed for cell in row), Decimal(0))


def value(cell: Cell, sheet: Worksheet) -> Decimal:
    if isinstance(cell.value, str) and cell.value.startswith("="):
        return evaluated(cell.value, sheet)
    assert cell.value is None or cell.data_type == "n", cell.value
    return Decimal(str(cell.value or 0))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_formula_evaluates_to_its_cached_value(name: str) -> None:
    formulas, values = book(DOCUMENTS[name]()), book(DOCUMENTS[name](), cached=True)
    found = 0
    for sheet in formulas:
        for cell in cells(sheet):
            if cell.data_type == "f":
                found += 1
                assert evaluated(str(cell.value), sheet) == Decimal(str(values[sheet.title][cell.coordinate].value))
    assert found > 1


def test_closing_balances_totals_and_feet_are_formulas() -> None:
    workbook = book(full.monthly())
    for name, caption, nth in (
        ("I", "Balance at close of the month", 1),
        ("I", "Balance at close of the month", 5),
        ("I", "Total authorised/registered share capital", 2),
        ("II", "Balance at close of preceding month", 3),
        ("II", "Balance at close of the month", 1),
        ("II", "Balance at close of the month", 3),
        ("III(A)", "1). 2015", 4),
        ("III(A)", "Increase in issued shares", 1),
        ("III(C)", "1). 3 %", 5),
        ("III(D)", "Decrease in treasury shares", 1),
        ("III(E)", "Increase/ decrease (-) in treasury shares:", 1),
    ):
        assert right_of(workbook[name], caption, nth).data_type == "f", (name, caption)
    day = book(full.next_day())
    assert right_of(day["Section I"], "Closing balance").data_type == "f"
    assert right_of(day["Section II"], "Total number of shares repurchased").data_type == "f"


def test_a_total_over_other_sheets_is_a_number() -> None:
    total = right_of(book(full.monthly())["III(E)"], "Total increase/ decrease (-) in issued shares")
    assert (total.data_type, total.value) == ("n", 1_770_000)


def test_a_number_that_is_not_the_sum_it_should_be_stays_a_number() -> None:
    document = full.monthly()
    wrong = attrs.evolve(document.issued[0], closing=attrs.evolve(document.issued[0].closing, issued=Figure(1)))
    sheet = book(attrs.evolve(document, issued=(wrong,)))["II"]
    assert right_of(sheet, "Balance at close of the month").value == 1


def test_numbers_are_numbers_under_formats_that_show_every_decimal() -> None:
    day = book(full.next_day())["Section I"]
    shown = {(cell.value, cell.number_format) for cell in cells(day) if cell.data_type == "n"}
    assert (200_000, "#,##0") in shown
    assert (0.005, '0.000" %"') in shown
    assert (2.345678, '"HKD "0.000000') in shown
    assert (-1_600_000, "#,##0") in shown
    part_1 = book(full.monthly())["I"]
    assert (0.000009, "0.000000") in {(cell.value, cell.number_format) for cell in cells(part_1)}
    report = book(full.next_day())["Section II"]
    assert (2737020.5, '"HKD "#,##0.0') in {(cell.value, cell.number_format) for cell in cells(report)}


def with_issued(number: int) -> MonthlyReturn:
    document = full.monthly()
    closing = attrs.evolve(document.issued[0].closing, issued=Figure(number))
    return attrs.evolve(document, issued=(attrs.evolve(document.issued[0], closing=closing),))


@pytest.mark.parametrize("number", [10**30, 10**15, 9_999_999_999_999_999, -(10**15) - 1])
def test_a_number_of_more_than_15_digits_is_text_with_every_digit(number: int) -> None:
    cell = right_of(book(with_issued(number))["II"], "Balance at close of the month")
    assert (cell.data_type, cell.value) == ("s", f"{number:,d}")


def test_a_number_of_15_digits_is_a_number() -> None:
    cell = right_of(book(with_issued(999_999_999_999_999))["II"], "Balance at close of the month")
    assert (cell.data_type, cell.value) == ("n", 999_999_999_999_999)


def test_a_par_value_of_twenty_places_keeps_them() -> None:
    document = full.monthly()
    assert document.authorised is not None
    for par, expected in (("USD 0.00000000000000000001", 1e-20), ("USD 1.00000000000000000001", "1.00000000000000000001")):
        block = attrs.evolve(document.authorised[0], closing_par=Money.parse(par))
        cell = right_of(book(attrs.evolve(document, authorised=(block,)))["I"], "Balance at close of the month", 3)
        assert cell.value == expected


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("http://example.com")', "{=1}", "http://example.com"]
)
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    workbook = book(
        attrs.evolve(full.monthly(), issuer_name=text, chinese_name=None, submitted_by=text, depositary_receipts=text)
    )
    for name in ("I", "IV", "V"):
        found = [cell for cell in cells(workbook[name]) if cell.value == text]
        assert [(cell.data_type, cell.hyperlink) for cell in found] == [("s", None)]


def test_control_characters_do_not_break_the_workbook() -> None:
    workbook = book(attrs.evolve(full.monthly(), issuer_name="Example\x1b[31m\x00 Limited"))
    assert workbook.sheetnames[0] == "I"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_part_has_its_sheet(name: str) -> None:
    workbook = book(DOCUMENTS[name]())
    assert workbook.sheetnames == [page.name for page in layout_of(DOCUMENTS[name]()).pages]
    for sheet in workbook:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_the_head_of_a_table_is_repeated_on_paper() -> None:
    workbook = book(full.next_day())
    for name, head in (("Section I", "Events"), ("Section II", "Trading date"), ("Section III", "Trading date")):
        sheet = workbook[name]
        first = int(re.findall(r"\d+", sheet.print_title_rows)[0])
        assert head in [cell.value for cell in sheet[first]]
    assert book(full.monthly())["II"].print_title_rows


def test_captions_are_shaded_and_cells_are_ruled() -> None:
    sheet = book(full.monthly())["II"]
    caption = next(cell for cell in cells(sheet) if cell.value == "Balance at close of the month")
    assert caption.fill.fgColor.rgb == "FFE4E4E4"
    assert caption.border.left.style == "thin"
    assert right_of(sheet, "Balance at close of the month").fill.fill_type is None


def test_struck_out_confirmations_are_crossed_through() -> None:
    struck = [str(cell.value)[:5] for cell in cells(book(full.monthly())["V"]) if cell.font.strike]
    assert struck == ["(iii)", "(vii)", "(viii"]


def test_a_draft_is_marked_at_the_head_of_every_sheet() -> None:
    assert {sheet.oddHeader.center.text for sheet in book(full.monthly(), draft=True)} == {"DRAFT"}
    assert {sheet.oddHeader.center.text for sheet in book(full.monthly())} == {None}


def test_every_sheet_carries_the_form_at_its_head_and_its_version_at_its_foot() -> None:
    marks = {(sheet.oddHeader.left.text, sheet.oddFooter.left.text, sheet.oddFooter.right.text) for sheet in book(full.monthly())}
    assert marks == {("FF301", None, "Page &P of &N v 1.1.1")}


def test_the_workbook_is_dated_by_the_submission_and_by_nothing_else() -> None:
    rendered = render(full.monthly(), "xlsx")
    assert book(full.monthly()).properties.created == datetime(2025, 8, 5)
    assert {entry.date_time[0] for entry in zipfile.ZipFile(BytesIO(rendered)).infolist()} == {1980}


def test_a_text_too_long_for_one_row_takes_several() -> None:
    document = full.monthly()
    (block,) = document.options
    particulars = "A scheme with many particulars. " * 200
    row = attrs.evolve(block.rows[0], particulars=particulars)
    sheet = book(attrs.evolve(document, options=(attrs.evolve(block, rows=(row,)),)))["III(A)"]
    cell = next(cell for cell in cells(sheet) if str(cell.value).startswith("1). A scheme"))
    (area,) = (area for area in sheet.merged_cells.ranges if cell.coordinate in area)
    heights = [sheet.row_dimensions[at].height for at in range(area.min_row, area.max_row + 1)]
    wide = sum(
        sheet.column_dimensions[openpyxl.utils.get_column_letter(at)].width for at in range(area.min_col, area.max_col + 1)
    )
    assert max(heights) <= 409
    assert sum(heights) >= len(particulars) / wide * 13


def test_a_text_longer_than_a_cell_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="a workbook's cell holds 32,767 characters; a text of the return has 32,768"):
        render(attrs.evolve(full.monthly(), depositary_receipts="x" * 32_768), "xlsx")


def test_no_number_is_wider_than_its_columns() -> None:
    for name, make in DOCUMENTS.items():
        for sheet in book(make()):
            spans = {area.start_cell.coordinate: (area.min_col, area.max_col) for area in sheet.merged_cells.ranges}
            for page_cell in cells(sheet):
                if page_cell.data_type == "n":
                    first, last = spans.get(page_cell.coordinate, (page_cell.column, page_cell.column))
                    letters = [openpyxl.utils.get_column_letter(at) for at in range(first, last + 1)]
                    wide = sum(sheet.column_dimensions[letter].width for letter in letters)
                    assert wide > len(f"{page_cell.value:,}") + 1, (name, sheet.title, page_cell.coordinate)
