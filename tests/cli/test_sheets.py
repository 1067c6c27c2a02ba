"""The typing sheet and the page for the evening before: every field once, and what is not known said."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pypdfium2
import pytest

from domain.returns.printed import as_printed, cells
from domain.returns.typing_sheet import typing_sheet
from tests.cli.running import captable, done
from tests.infrastructure import full_documents

NEXT_DAY = ("return", "next-day", "--on", "2024-12-17", "--submitted-on", "2024-12-18", "--format", "sheet")
MONTHLY = ("return", "monthly", "--month", "2024-12", "--submitted-on", "2025-01-06", "--format", "sheet")
EVENING = ("tonight", "--on", "2024-12-17")


def squeezed(text: str) -> str:
    return " ".join(re.sub(r"[|+]|-{3,}", " ", text).split())


@pytest.mark.parametrize(
    "document",
    [*(full_documents.monthly(version) for version in ("1.0.1", "1.0.2", "1.1.0", "1.1.1")),
     *(full_documents.next_day(code) for code in ("FF304", "FF305"))],
    ids=lambda document: str(document.form),
)  # fmt: skip
def test_every_cell_of_a_return_is_a_field_of_its_sheet_once(document):
    """But the numbers of rows, which the e-form gives, and what only those who prepare it read."""
    left_out = {"submitted_on", "not_applicable", "struck_out", "removed", "confirms", "draft_reasons"}
    paths = [path for path in cells(as_printed(document)) if not path.endswith(".number") and path.split("[")[0] not in left_out]
    parts = typing_sheet(document)
    fields = [field for part in parts for field in part.fields]
    added = sum("Part B, shares pending" in each.name or "items that do not apply" in each.name for each in fields)
    assert len(fields) - added == len(paths)
    assert len({(part.title, each.name) for part in parts for each in part.fields}) == len(fields)


def test_the_sheet_says_what_to_type_with_the_entries_behind_it(demo):
    sheet = squeezed(done(*NEXT_DAY).out)
    # As published on 18 December 2024.
    assert "□ class B, opening balance: number of issued shares, treasury 34,528,336,530 7, 10" in sheet
    assert "□ class B, event 1: number of issued shares, treasury excluded 1,865,000,000 41" in sheet
    assert "□ class B, event 1: per cent of existing shares 5.4 %" in sheet
    assert "□ class B, event 1: price per share HKD 1.5" in sheet
    assert "□ class B, closing balance: as at 17 December 2024" in sheet


def test_what_stays_empty_is_said_to(demo):
    sheet = squeezed(done(*NEXT_DAY).out)
    assert "□ class B, event 1: number of treasury shares leave empty" in sheet
    assert "□ class B: Part B, shares pending cancellation leave empty" in sheet
    assert "Section II. Repurchase report" in sheet
    assert "□ not applicable: the whole part stays empty" in sheet


def test_the_sheet_ends_with_the_digest_of_the_return(demo):
    whole = done(*NEXT_DAY[:-1], "json").out.encode()
    assert f"SHA-256 of the return as JSON: {hashlib.sha256(whole).hexdigest()}" in done(*NEXT_DAY).out


@pytest.mark.parametrize("command", [NEXT_DAY, MONTHLY], ids=["next day", "monthly"])
def test_the_sheet_is_a_page_of_html_or_a_pdf_by_the_suffix_of_its_file(demo, command):
    done(*command, "-o", "sheet.pdf")
    done(*command, "-o", "sheet.html")
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument("sheet.pdf"))
    assert "What to type into the e-form" in text
    assert "36,393,336,530" in text
    assert "36,393,336,530" in Path("sheet.html").read_text(encoding="utf-8")


def test_the_evening_page_is_one_page_with_what_may_be_bought(demo):
    # The average of 1.49, 1.50, 1.50, 1.51 and 1.50 is 1.50; 105 % of it is 1.575.
    closes = ("--closes", "1.49,1.50,1.50,1.51,1.50")
    page = squeezed(done(*EVENING, *closes).out)
    assert "For 08:30 on 18 December 2024, prepared on the evening of 17 December 2024" in page
    assert "highest price below HKD 1.575 (105 % of the average of five closes)" in page
    assert "highest number 3,346,892,500 of class B, left under repurchase-2024" in page
    assert "HK312 public float ?" in page
    assert "issue-2024 issue 26 June 2024 4,828,785,000" in page
    assert "Approved by" in page
    done(*EVENING, *closes, "-o", "tonight.pdf")
    assert len(pypdfium2.PdfDocument("tonight.pdf")) == 1


def test_what_is_not_known_in_the_evening_is_said(demo):
    page = squeezed(done(*EVENING).out)
    assert "highest price ? not known: no closing prices given (--closes)" in page
    assert "Draft of the Next Day Disclosure Return none: what changed until this day is in a return already" in page


def test_a_return_that_is_due_stands_on_the_evening_page_with_its_draft(book):
    done("record", "shares-repurchased", "--class", "B", "--shares", "300", "--on", "2025-03-13", "--intention", "cancellation",
         "--price", "HKD 2.5")  # fmt: skip
    page = squeezed(done("tonight", "--on", "2025-03-13", "--class", "B").out)
    assert "pending cancellation, bought 13 March 2025 300 HKD 2.5" in page
    # As HK302 says on the same page: whether there is a mandate that nobody recorded is not known.
    assert "highest number ? not known: no mandate to repurchase is recorded" in page


@pytest.mark.parametrize(
    ("closes", "says"),
    [("1.49,1.50", "expected the closing prices of five trading days, got 2"), ("a,b,c,d,e", "--closes: expected")],
)
def test_closing_prices_are_checked(demo, closes, says):
    ran = captable(*EVENING, "--closes", closes)
    assert ran.code == 2
    assert says in ran.err


def test_the_evening_page_lists_what_is_due_by_the_next_morning(demo):
    done("record", "placing-completed", "--class", "B", "--shares", "500", "--price", "HKD 2", "--on", "2025-03-13",
         "--mandate", "issue-2024")  # fmt: skip
    page = squeezed(done("tonight", "--on", "2025-03-13").out)
    assert "Due by then" in page
    assert "Fri 14 Mar 2025 08:30 Next Day Disclosure Return for 13 March 2025, placing (a.i) open" in page


@pytest.mark.parametrize(
    ("share_class", "said"),
    [((), "no class is listed"), (("--class", "Z"), 'unknown class "Z" on 4 June 2024. Classes: A, B.')],
)
def test_what_cannot_be_bought_is_said_instead_of_the_checks(book, share_class, said):
    page = squeezed(done("tonight", "--on", "2024-06-03", *share_class).out)
    assert f"To buy back on 4 June 2024 checks ? {said}" in page


def test_what_is_left_of_a_mandate_older_than_the_book_is_not_known_in_the_evening(book):
    """Granted before the book begins, and what was used of it before is not recorded."""
    done("record", "mandate-granted", "--mandate", "rep", "--purpose", "repurchase", "--percent", "10", "--base", "55,000", "--on", "2023-06-23")  # fmt: skip
    page = squeezed(done("tonight", "--on", "2024-03-04", "--class", "B").out)
    assert "highest number ? not known: what is left of the mandate is not known, or it may have ended" in page
