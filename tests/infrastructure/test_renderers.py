"""The renderers: three published returns in every format, and what must hold of any return."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import attrs
import pypdfium2
import pytest

from domain.returns.cells import BLANK, Figure, Percentage
from domain.returns.documents import MonthlyReturn, OptionMovement, Return
from domain.values import Money
from infrastructure.renderers import FORMATS, layout_of, render
from infrastructure.renderers.cells import amount_pair, long_date, number, percent_cell
from tests.infrastructure import sample_documents as samples

ROOT = Path(__file__).resolve().parents[2]
SAMPLES: dict[str, Callable[[], Return]] = {
    "FF301": samples.monthly_december_2024,
    "FF304": samples.next_day_december_2022,
    "FF305": samples.next_day_december_2024,
}
# Figures and words as the published returns print them.
PUBLISHED = {
    "FF301": (
        "31 December 2024",
        "06 January 2025",
        "1,992,000,000,000",
        "0.000000025",
        "49,800",
        "50,000",
        "34,528,336,530",
        "36,393,336,530",
        "614,034,470",
        "2,025,689,829",
        "-20,535,830",
        "2,005,153,999",
        "26 June 2024",
        "80020",
        "New Submission",
        "(iv) ",
    ),
    "FF304": (
        "25,973,445,420",
        "-31,775,000",
        "0.09 %",
        "7,139,508",
        "0.02 %",
        "25,948,809,928",
        "7,527,254,580",
        "7,520,115,072",
        "Class B",
        "Listed on SEHK (Note 11)",
    ),
    "FF305": (
        "Resubmission",
        "18 December 2024",
        "34,528,336,530",
        "1,865,000,000",
        "5.4 %",
        "HKD 1.5",
        "36,393,336,530",
        "Date of changes 17 December 2024",
        "N/A",
    ),
}


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded() for page in document]


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def with_name(name: str, chinese: str | None = None) -> MonthlyReturn:
    return attrs.evolve(samples.monthly_december_2024(), issuer_name=name, chinese_name=chinese)


@pytest.mark.parametrize("code", SAMPLES)
@pytest.mark.parametrize("format_name", FORMATS)
def test_every_form_renders_in_every_format(code: str, format_name: str) -> None:
    rendered = render(SAMPLES[code](), format_name)
    assert rendered == render(SAMPLES[code](), format_name)
    assert len(rendered) > 1000


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown format 'docx'; expected one of json, text, html, pdf, xlsx"):
        render(samples.next_day_december_2024(), "docx")


@pytest.mark.parametrize("code", SAMPLES)
def test_the_published_figures_stand_in_the_text_and_the_pdf(code: str) -> None:
    text = flat(render(SAMPLES[code](), "text").decode())
    pdf = flat(" ".join(pages_of(render(SAMPLES[code](), "pdf"))))
    assert [words for words in PUBLISHED[code] if words not in text] == []
    assert [words for words in PUBLISHED[code] if words not in pdf] == []


# --- What the cells print -------------------------------------------------------------------------------------------


def test_an_empty_figure_is_blank_and_a_zero_is_zero() -> None:
    assert [number(figure).text for figure in (BLANK, Figure(0), Figure(-31_775_000))] == ["", "0", "-31,775,000"]


def test_a_missing_percentage_prints_a_bare_sign() -> None:
    assert percent_cell(None).text == "%"
    assert percent_cell(Percentage(5, 0)).text == "%"
    assert percent_cell(Percentage(0, 10)).text == "0 %"
    assert percent_cell(Percentage(-31_775_000, 33_500_700_000)).text == "0.09 %"


def test_capital_sets_thousands_apart_and_keeps_its_sign() -> None:
    assert amount_pair(Money.parse("USD 49800"), group=True)[1].text == "49,800"
    assert amount_pair(Money.parse("USD 0.5"), sign=-1, group=True)[1].text == "-0.5"
    assert amount_pair(Money.parse("USD 0.000000025"))[1].text == "0.000000025"


def test_a_day_of_the_month_has_two_digits() -> None:
    assert long_date(date(2025, 1, 6)) == "06 January 2025"


# --- The forms' pages -----------------------------------------------------------------------------------------------


def test_each_part_of_the_monthly_return_has_its_page() -> None:
    pages = pages_of(render(samples.monthly_december_2024(), "pdf"))
    assert len(pages) == 10
    assert all(f"Page {number} of 10 v 1.1.1" in flat(page) for number, page in enumerate(pages, start=1))
    assert all("FF301" in page for page in pages)


def test_parts_without_entries_are_not_applicable() -> None:
    pages = pages_of(render(samples.monthly_december_2024(), "pdf"))
    assert [number for number, page in enumerate(pages, start=1) if "Not applicable" in page] == [4, 5, 6, 8]


def test_without_authorised_capital_part_i_is_not_applicable() -> None:
    document = attrs.evolve(samples.monthly_december_2024(), authorised=None)
    assert "Share Capital Not applicable" in flat(pages_of(render(document, "pdf"))[0])


def test_a_month_without_shares_issued_confirms_nothing() -> None:
    document = attrs.evolve(samples.monthly_december_2024(), confirms=False)
    page = flat(pages_of(render(document, "pdf"))[8])
    assert "V. Confirmations Not applicable" in page
    assert "Submitted by: Xu Li" in page
    assert "all money due" not in page


def test_each_movement_of_options_has_a_row_and_its_word_under_the_label() -> None:
    document = samples.monthly_december_2024()
    block = document.options[0]
    row = attrs.evolve(
        block.rows[0],
        movements=(OptionMovement("Granted", Figure(500)), OptionMovement("Others", Figure(-20_535_830), "Sold")),
    )
    document = attrs.evolve(document, options=(attrs.evolve(block, rows=(row,)),))
    text = render(document, "text").decode()
    assert re.search(r"\| Granted +\| +500 \|", text)
    assert re.search(r"\| Others +\| +-20,535,830 \|", text)
    assert re.search(r"\| Sold +\| +\|", text)


def test_only_ff304_writes_class_before_the_type_of_a_weighted_voting_share() -> None:
    old, new = (flat(render(make(), "text").decode()) for make in list(SAMPLES.values())[1:])
    assert "1. Type of shares | WVR ordinary shares | Class of shares | Class B" in old
    assert "1. Class of shares | WVR ordinary shares | Type of shares | B" in new


def test_an_unlisted_class_has_no_stock_code_on_ff304_and_na_on_ff305() -> None:
    assert "N/A" not in render(samples.next_day_december_2022(), "text").decode()
    assert "| Stock code (if listed) | N/A" in flat(render(samples.next_day_december_2024(), "text").decode())


def test_shares_pending_cancellation_stand_in_part_b_of_ff305() -> None:
    document = samples.next_day_december_2024()
    tranche = samples.pending(1, "Shares repurchased for cancellation but not yet cancelled", 4_321_000)
    sections = (attrs.evolve(document.sections[0], pending=(tranche,)), document.sections[1])
    page = flat(pages_of(render(attrs.evolve(document, sections=sections), "pdf"))[0])
    after_closing = page.partition("Closing balance")[2]
    assert "Date of changes 16 September 2022 4,321,000 0.43 % HKD 1.2345" in after_closing
    assert "Not applicable" not in page


def test_shares_pending_cancellation_stand_before_the_closing_balance_of_ff304() -> None:
    document = samples.next_day_december_2022()
    tranche = samples.pending(3, "Repurchase of shares (or other securities) but not cancelled", 4_321_000)
    sections = (attrs.evolve(document.sections[0], pending=(tranche,)), document.sections[1])
    page = flat(pages_of(render(attrs.evolve(document, sections=sections), "pdf"))[0])
    assert "4,321,000" in page.partition("Closing balance")[0]


def test_remarks_print_a_paragraph_each() -> None:
    document = attrs.evolve(samples.next_day_december_2022(), remarks=("First remark.", "Second remark."))
    assert "Remarks:\n\nFirst remark.\n\nSecond remark.\n" in render(document, "text").decode()


def test_a_draft_is_marked_on_every_page() -> None:
    document = samples.next_day_december_2024()
    assert all("DRAFT" in page for page in pages_of(render(document, "pdf", draft=True)))
    assert not any("DRAFT" in page for page in pages_of(render(document, "pdf")))
    assert render(document, "text", draft=True).decode().count("DRAFT") == len(layout_of(document).pages)
    assert b">DRAFT<" in render(document, "html", draft=True)
    assert json.loads(render(document, "json", draft=True))["draft"] is True


# --- PDF ------------------------------------------------------------------------------------------------------------

DIGEST = """
import hashlib, sys
from infrastructure.renderers import render
from tests.infrastructure.sample_documents import monthly_december_2024
print(hashlib.sha256(render(monthly_december_2024(), sys.argv[1])).hexdigest())
"""


@pytest.mark.parametrize("format_name", ["pdf", "xlsx"])
def test_two_processes_make_the_same_bytes(format_name: str) -> None:
    run = subprocess.run([sys.executable, "-c", DIGEST, format_name], cwd=ROOT, capture_output=True, text=True, check=True)
    here = hashlib.sha256(render(samples.monthly_december_2024(), format_name)).hexdigest()
    assert run.stdout.strip() == here


@pytest.mark.parametrize("code", SAMPLES)
def test_the_pdf_is_tagged_and_marked_as_pdf_a_and_dated_by_its_submission(code: str) -> None:
    document = SAMPLES[code]()
    pdf = render(document, "pdf")
    assert b"/StructTreeRoot" in pdf
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert f"D:{document.submitted_on:%Y%m%d}".encode() in pdf


def test_a_chinese_name_stands_after_the_name_and_can_be_copied_from_the_pdf() -> None:
    page = pages_of(render(with_name("Example Holdings Limited", samples.CHINESE), "pdf"))[0]
    assert f"Example Holdings Limited {samples.CHINESE}" in flat(page)


MARKUP = r"#panic() $x$ *star* _low_ `tick` \back @ref <label> [a] // -- ~ = 1. /* x"
# What would end the literal in which a sheet reaches typst.
LITERAL = r'"))) #panic() \" \\" \\\" \u{41} \n \.'


@pytest.mark.parametrize("name", [MARKUP, LITERAL])
@pytest.mark.parametrize("format_name", ["text", "pdf"])
def test_markup_in_a_name_prints_as_it_is_written(format_name: str, name: str) -> None:
    rendered = render(with_name(name), format_name)
    text = rendered.decode() if format_name == "text" else " ".join(pages_of(rendered))
    assert name in flat(text)


def test_a_character_without_a_glyph_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="the font of the PDF does not have"):
        render(with_name("Example \U0001f680 Limited"), "pdf")


def test_a_long_table_repeats_its_heads_on_each_page() -> None:
    document = samples.next_day_december_2024()
    change = document.sections[0].changes[0]
    changes = tuple(attrs.evolve(change, number=number) for number in range(1, 41))
    sections = (attrs.evolve(document.sections[0], changes=changes), document.sections[1])
    pages = pages_of(render(attrs.evolve(document, sections=sections), "pdf"))
    with_events = [page for page in pages if "Placing/subscription" in page]
    assert len(with_events) > 1
    assert all("Total number of issued" in page for page in with_events)


def test_a_number_of_any_length_stays_whole() -> None:
    document = samples.monthly_december_2024()
    huge = attrs.evolve(document.issued[0].closing, issued=Figure(10**30))
    issued = (attrs.evolve(document.issued[0], closing=huge), document.issued[1])
    document = attrs.evolve(document, issued=issued)
    printed = f"{10**30:,d}"
    assert printed in render(document, "text").decode()
    assert printed in "".join(pages_of(render(document, "pdf")))
    assert json.loads(render(document, "json"))["issued"][0]["closing"]["issued"]["value"] == 10**30


# --- HTML, text, JSON -----------------------------------------------------------------------------------------------


def test_html_escapes_what_the_issuer_writes() -> None:
    page = render(with_name("<script>alert('x')</script> & Sons"), "html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; Sons" in page


def test_html_needs_no_other_file() -> None:
    page = render(samples.monthly_december_2024(), "html").decode()
    assert not re.search(r"""(src|href)\s*=|url\(|@import""", page)


def test_html_captions_head_their_columns_and_rows() -> None:
    page = render(samples.next_day_december_2024(), "html").decode()
    assert '<th scope="colgroup" colspan="2" class="center">Changes in issued shares (excluding treasury shares)</th>' in page
    assert '<th scope="row" class="left">Stock code (if listed)</th>' in page
    assert "Page 1 of 5 v1.3.0" in page


def test_text_shows_control_characters_as_escapes() -> None:
    text = render(with_name("Example\x1b[31m Limited"), "text").decode()
    assert "\x1b" not in text
    assert r"Example\x1b[31m Limited" in text


@pytest.mark.parametrize("code", SAMPLES)
def test_text_keeps_within_its_width(code: str) -> None:
    assert max(map(len, render(SAMPLES[code](), "text").decode().splitlines())) <= 150


def test_text_needs_no_library_of_the_other_formats() -> None:
    script = (
        "import sys; from infrastructure.renderers import render; from tests.infrastructure import sample_documents as s; "
        "render(s.monthly_december_2024(), 'text'); "
        "print([name for name in ('typst', 'jinja2', 'xlsxwriter') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_json_writes_the_fields_of_the_document() -> None:
    rendered = render(samples.next_day_december_2024(), "json")
    content = json.loads(rendered)
    placing = content["sections"][0]["changes"][0]
    assert rendered.endswith(b"}\n")
    assert content["form"] == {"code": "FF305", "version": "1.3.0"}
    assert content["submitted_on"] == "2024-12-18"
    assert placing["issued"] == {"value": 1_865_000_000, "entries": [12]}
    assert placing["percent"] == {"percent": "5.4", "base": 34_528_336_530}
    assert placing["price"] == "HKD 1.5"
    assert placing["treasury"] == {"value": None, "entries": []}
    assert content["sections"][1]["changes"][0]["percent"] is None
