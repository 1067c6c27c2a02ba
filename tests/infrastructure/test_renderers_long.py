"""The renderers on what is long: tables over several pages, names, words and numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal

import attrs
import pypdfium2
import pytest
import typst
from pylopdf_fonts_zh_cn import sans_path

from domain.returns.documents import MonthlyReturn, NextDayReturn, Return
from infrastructure.renderers import pdf, render
from infrastructure.renderers.cells import quantity
from tests.infrastructure import full_documents as full
from tests.infrastructure.test_renderers_full import FULL, pages_of

# --- Tables longer than a page --------------------------------------------------------------------------------------

LONG = 60


def long_monthly() -> MonthlyReturn:
    """Sixty rows in every table of Part III."""
    document = full.monthly()
    (options,), (warrants,), (notes,) = document.options, document.warrants, document.convertibles
    (agreements,), (others,) = document.agreements, document.other_movements
    numbers = range(1, LONG + 1)
    return attrs.evolve(
        document,
        options=(attrs.evolve(options, rows=tuple(attrs.evolve(options.rows[0], number=n) for n in numbers)),),
        warrants=(attrs.evolve(warrants, rows=tuple(attrs.evolve(warrants.rows[0], number=n) for n in numbers)),),
        convertibles=(attrs.evolve(notes, rows=tuple(attrs.evolve(notes.rows[0], number=n) for n in numbers)),),
        agreements=(attrs.evolve(agreements, rows=tuple(attrs.evolve(agreements.rows[0], number=n) for n in numbers)),),
        other_movements=(attrs.evolve(others, rows=tuple(attrs.evolve(others.rows[0], number=n) for n in numbers)),),
    )


def long_next_day() -> NextDayReturn:
    """Sixty events, sixty tranches, sixty trades."""
    document = full.next_day()
    section, *others = document.sections
    report, sale = document.repurchases[0], document.treasury_sales[0]
    changes = tuple(attrs.evolve(section.changes[0], number=n) for n in range(1, LONG + 1))
    tranches = tuple(attrs.evolve(section.pending[0], number=n) for n in range(1, LONG + 1))
    return attrs.evolve(
        document,
        sections=(attrs.evolve(section, changes=changes, pending=tranches), *others),
        repurchases=(attrs.evolve(report, rows=report.rows * 20),),
        treasury_sales=(attrs.evolve(sale, rows=sale.rows * 30),),
    )


# What a row of each table reads, and what the head of its table reads.
BROKEN_MONTHLY = {
    "2015 share option scheme": "upon exercise of all share options to be granted under the scheme",
    "Warrants to subscribe": "Description of the Warrants",
    "3 % convertible notes": "Description of the Convertibles",
    "Awards under the 2024": "pursuant thereto (D1)",
    "Final dividend for 2024": "At price (if applicable)",
}
BROKEN_NEXT_DAY = {
    "Exercise of options under": "relevant event (Note 3)",
    "not yet cancelled Date of changes": "B. Shares redeemed or repurchased for cancellation but not yet cancelled as at",
    "On the London Stock Exchange GBP": "Method of repurchase (Note 1)",
    "HKD 9.9 HKD 9.85": "Method of sale (Note 1)",
}


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize(
    ("document", "row", "head"),
    [(long_monthly, *each) for each in BROKEN_MONTHLY.items()] + [(long_next_day, *each) for each in BROKEN_NEXT_DAY.items()],
)
def test_a_table_that_breaks_across_pages_repeats_its_head(
    document: Callable[[], Return], row: str, head: str, draft: bool
) -> None:
    pages = [page for page in pages_of(render(document(), "pdf", draft=draft)) if row in page]
    assert len(pages) > 1
    assert [page for page in pages if head not in page] == []


def test_the_movements_of_a_scheme_stay_on_one_page() -> None:
    pages = pages_of(render(long_monthly(), "pdf"))
    assert [page.count("Granted") for page in pages] == [page.count("Surrendered") for page in pages]
    assert sum(page.count("Granted") for page in pages) == LONG


# --- Long names and long numbers ------------------------------------------------------------------------------------

LONG_NAME = "Consolidated International Infrastructure " * 12 + "Limited"
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik" * 3


@pytest.mark.parametrize("format_name", ["text", "pdf", "html"])
@pytest.mark.parametrize("name", FULL)
def test_the_longest_names_print_whole(name: str, format_name: str) -> None:
    document = attrs.evolve(FULL[name](), issuer_name=LONG_NAME, submitted_by="Ng " + "Wing Yee " * 20)
    rendered = render(document, format_name)
    text = " ".join(pages_of(rendered)) if format_name == "pdf" else rendered.decode()
    assert text.count("Infrastructure") in (12, 24)
    assert text.count("Wing") == text.count("Yee") == 20


def test_a_word_longer_than_its_column_breaks_within_it() -> None:
    document = full.monthly()
    (block,) = document.options
    row = attrs.evolve(
        block.rows[0], particulars=LONG_WORD, movements=(attrs.evolve(block.rows[0].movements[0], label="Internationalisation"),)
    )
    rendered = pypdfium2.PdfDocument(render(attrs.evolve(document, options=(attrs.evolve(block, rows=(row,)),)), "pdf"))
    text = re.sub(r"[\s\u200b\ufffe\u00ad-]", "", rendered[2].get_textpage().get_text_bounded())
    assert LONG_WORD in text
    assert "Internationalisation" in text


def test_no_character_is_wider_than_it_is_taken_for() -> None:
    measured = (
        '#set text(font: ("Noto Sans SC", "Noto Serif SC"), size: 100pt)\n'
        "#context [#metadata((range(33, 127) + range(160, 0x33ff, step: 7) + (0x2e3a, 0x2e3b, 0x570b)).map(code => "
        "(code, calc.ceil(measure(str.from-unicode(code)).width.pt() - 0.0001)))) <widths>]"
    )
    widths = json.loads(
        typst.query(
            measured.encode(), "<widths>", field="value", one=True, font_paths=[sans_path().parent], ignore_system_fonts=True
        )
    )
    assert len(widths) > 1_900
    assert [chr(code) for code, width in widths if width > pdf.at_most(chr(code))] == []


@pytest.mark.parametrize("number", [10**10, 10**20, 10**40])
def test_a_number_too_wide_for_its_column_stays_on_one_line(number: int) -> None:
    document = full.monthly()
    (block,) = document.options
    row = attrs.evolve(block.rows[0], opening=attrs.evolve(block.rows[0].opening, value=number))
    rendered = render(attrs.evolve(document, options=(attrs.evolve(block, rows=(row,)),)), "pdf")
    assert f"{number:,}" in pypdfium2.PdfDocument(rendered)[2].get_textpage().get_text_bounded()


def test_a_quantity_keeps_every_digit() -> None:
    assert quantity(Decimal("1234567890123456789012.000000001")).text == "1,234,567,890,123,456,789,012.000000001"
    assert quantity(None).text == ""
