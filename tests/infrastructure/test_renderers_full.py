"""The renderers on returns with every part filled: what is printed where, page breaks, long names, long numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import attrs
import openpyxl
import pypdfium2
import pytest

from domain.returns.cells import BLANK, Figure
from domain.returns.documents import Return
from domain.values import Money, rounded_ratio
from infrastructure.renderers import FORMATS, layout_of, render
from infrastructure.renderers.cells import premium
from infrastructure.renderers.layout import Heading, Page, Paragraph, RuledTable
from tests.infrastructure import full_documents as full

FULL: dict[str, Callable[[], Return]] = {
    "FF301 1.1.1": full.monthly,
    "FF301 1.0.2": lambda: full.monthly("1.0.2"),
    "FF304": lambda: full.next_day("FF304"),
    "FF305": full.next_day,
    "FF301 1.2.1": lambda: attrs.evolve(full.monthly(), form=full.form("FF301", "1.2.1")),
    "FF301 1.0.1": lambda: attrs.evolve(full.monthly("1.0.2"), form=full.form("FF301", "1.0.1")),
    "FF304 1.2.5": lambda: attrs.evolve(full.next_day("FF304"), form=full.form("FF304", "1.2.5")),
}


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [flat(page.get_textpage().get_text_bounded()) for page in document]


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def page_named(document: Return, name: str) -> Page:
    return next(page for page in layout_of(document).pages if page.name == name)


def rows_of(page: Page) -> list[str]:
    """The rows of a page's tables, as lines of cells."""
    tables = [block for block in page.blocks if isinstance(block, RuledTable)]
    return [" | ".join(flat(cell.text) for cell in row) for table in tables for row in table.rows]


def printed(document: Return, name: str) -> list[str]:
    return rows_of(page_named(document, name))


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("draft", [False, True])
def test_a_full_return_renders_in_every_format_to_the_same_bytes(name: str, format_name: str, draft: bool) -> None:
    rendered = render(FULL[name](), format_name, draft=draft)
    assert rendered == render(FULL[name](), format_name, draft=draft)


@pytest.mark.parametrize("name", FULL)
def test_every_word_and_number_of_a_full_return_stands_in_the_pdf_and_the_text(name: str) -> None:
    document = FULL[name]()
    cells = [
        cell
        for page in layout_of(document).pages
        for block in page.blocks
        if isinstance(block, RuledTable)
        for row in block.rows
        for cell in row
    ]
    words = {word for cell in cells for word in cell.text.split()}
    assert words - set(" ".join(pages_of(render(document, "pdf"))).split()) == set()
    assert words - set(render(document, "text").decode().split()) == set()


@pytest.mark.parametrize("name", FULL)
def test_every_table_is_a_full_rectangle(name: str) -> None:
    tables = [block for page in layout_of(FULL[name]()).pages for block in page.blocks if isinstance(block, RuledTable)]
    for table in tables:
        places = sum(cell.colspan * cell.rowspan for row in table.rows for cell in row)
        assert places == len(table.columns) * len(table.rows), [cell.text for cell in table.rows[0]]


# --- FF301 1.1.1 ----------------------------------------------------------------------------------------------------


def test_the_par_value_of_part_i_differs_between_its_rows() -> None:
    rows = printed(full.monthly(), "I")
    assert "Balance at close of preceding month | 1,000,000,000 | HKD | 0.1 | HKD | 100,000,000" in rows
    assert "Increase / decrease (-) | 9,000,000,000 | | | HKD | 0" in [
        row.replace("|  |", "| |").replace("|  |", "| |") for row in rows
    ]
    assert "Balance at close of the month | 10,000,000,000 | HKD | 0.01 | HKD | 100,000,000" in rows


def test_a_cut_of_the_par_value_lowers_the_capital_where_the_number_stands() -> None:
    rows = printed(full.monthly(), "I")
    assert any(row.endswith("| USD | -5,000") for row in rows)
    assert "Total authorised/registered share capital at the end of the month: | USD | 45,000" in rows


def test_a_month_without_a_movement_of_capital_prints_the_currency_alone() -> None:
    document = full.monthly()
    assert document.authorised is not None
    still = attrs.evolve(
        document.authorised[1], opening_par=Money.parse("USD 0.000009"), opening_capital=Money.parse("USD 45000")
    )
    rows = printed(attrs.evolve(document, authorised=(still,)), "I")
    assert any(re.fullmatch(r"Increase / decrease \(-\) \| +\| +\| +\| USD \| ?", row) for row in rows)


def test_a_class_created_in_the_month_has_no_opening_capital_to_compare() -> None:
    document = full.monthly()
    assert document.authorised is not None
    created = attrs.evolve(
        document.authorised[0], opening=BLANK, movement=Figure(10_000_000_000), opening_par=None, opening_capital=None
    )
    rows = printed(attrs.evolve(document, authorised=(created,)), "I")
    assert any(re.fullmatch(r"Increase / decrease \(-\) \| 10,000,000,000 \| +\| +\| HKD \| ?", row) for row in rows)


def test_warrants_are_counted_and_convertibles_are_amounts_of_their_currency() -> None:
    warrants, convertibles = printed(full.monthly(), "III(B)"), printed(full.monthly(), "III(C)")
    assert (
        "1). Warrants to subscribe for ordinary shares, expiring on 30 June 2027 |  | 12,000,000 | Exercised | -250,000 "
        "| 11,750,000 | 150,000 | 100,000 | 11,750,000"
    ) in warrants
    assert "Stock code of the Warrants (if listed on the Exchange) (Note 1) | 04321" in warrants
    assert "Subscription price | HKD 8.88" in warrants
    assert "Increase in issued shares (excluding treasury shares): | 150,000 | Ordinary shares (BB1)" in warrants
    assert "Decrease in treasury shares: | 100,000 | Ordinary shares (BB2)" in warrants
    assert (
        "1). 3 % convertible notes due 2028 | USD | 250,000,000.5 | Converted | -1,250,000.25 | 248,750,000 | 1,000,000 |  "
        "| 193,074,626"
    ) in convertibles
    assert "Redeemed | -0.25" in convertibles
    assert "Subscription/Conversion price | HKD 10.05" in convertibles
    assert "Increase in issued shares (excluding treasury shares): | 1,000,000 | Ordinary shares (CC1)" in convertibles


def test_agreements_have_a_row_each_with_new_and_treasury_shares() -> None:
    rows = printed(full.monthly(), "III(D)")
    assert "1). Awards under the 2024 share award plan | 20 June 2024 | 100,000 | 300,000 | 6,500,000" in rows
    assert "2). Over-allotment option At price (if applicable) HKD 12.3456 |  | 300,000 |  | 0" in rows
    assert "Decrease in treasury shares: | 300,000 | Ordinary shares (DD2)" in rows


def test_the_totals_of_the_month_run_from_aa_to_ee() -> None:
    rows = printed(full.monthly(), "III(E)")
    first, second = (row for row in rows if "Total of AA" in row)
    assert first.endswith("(i.e. Total of AA1 to EE1): | 1,770,000 | Ordinary shares")
    assert second.endswith("(i.e. Total of AA2 to EE2): | 1,550,000 | Ordinary shares")


def test_depositary_receipts_and_the_public_float_print_as_given() -> None:
    document = full.monthly()
    text = render(document, "text").decode()
    assert "Each depositary receipt represents ten ordinary shares; 1,200,000 are outstanding." in text
    assert "The applicable threshold is 25 %; it was met at the close of the month." in text
    names = [page.name for page in layout_of(document).pages]
    assert names.index("Public float") + 1 == names.index("V")
    assert "Public float" not in [page.name for page in layout_of(attrs.evolve(document, public_float=None)).pages]


def test_blanks_print_the_text_the_issuer_prefers() -> None:
    empty = attrs.evolve(
        full.monthly(),
        authorised=None,
        options=(),
        warrants=(),
        convertibles=(),
        agreements=(),
        other_movements=(),
        depositary_receipts=None,
        confirms=False,
    )
    rows = [row for page in layout_of(empty).pages for row in rows_of(page)]
    assert [row.rpartition(" | ")[2] for row in rows if row.endswith(("| Nil", "| Not applicable"))] == ["Nil"] * 8


# --- Confirmations --------------------------------------------------------------------------------------------------


def test_confirmations_that_do_not_apply_are_struck_out() -> None:
    document = full.monthly()
    text, html = render(document, "text").decode(), render(document, "html").decode()
    assert [line[:20] for line in text.splitlines() if "[struck out]" in line] == [
        "(iii)  [struck out] ",
        "(vii)  [struck out] ",
        "(viii) [struck out] ",
    ]
    assert re.findall(r"<span>(\([ivx]+\))</span><s>", html) == ["(iii)", "(vii)", "(viii)"]
    assert "<s>" not in render(attrs.evolve(document, struck_out=()), "html").decode()


def test_a_struck_out_item_is_crossed_by_a_line_in_the_pdf() -> None:
    def drawn(struck: tuple[int, ...]) -> bytes:
        page = pypdfium2.PdfDocument(render(attrs.evolve(full.monthly(), struck_out=struck), "pdf"))[9]
        return page.render(scale=1).to_numpy().tobytes()

    plain, crossed = drawn(()), drawn((3,))
    assert plain != crossed
    assert len(plain) == len(crossed)


def confirmed(document: Return) -> list[str]:
    return [
        f"{block.mark} {block.text}"
        for page in layout_of(document).pages
        for block in page.blocks
        if isinstance(block, Paragraph) and block.mark.startswith("(")
    ]


@pytest.mark.parametrize(
    ("inapplicable", "starts", "ends"),
    [
        ((), ["(i) all money", "(ii) all pre-conditions", "(viii) the trust deed"], [";", ";", "."]),
        ((8,), ["(i) all money", "(ii) all pre-conditions", "(vii) completion has"], [";", ";", "."]),
        ((1, 2, 3, 5, 6, 7), ["(i) all the securities of each class", "(ii) the trust deed"], ["; and", "."]),
        ((1, 2, 3, 5, 6, 7, 8), ["(i) all the securities of each class"], ["."]),
        ((1, 2, 3, 4, 5, 6, 7, 8), [], []),
    ],
)
def test_confirmations_that_do_not_apply_are_removed_and_the_others_renumbered(inapplicable, starts, ends) -> None:
    found = confirmed(attrs.evolve(full.next_day(), struck_out=inapplicable, removed=True))
    assert len(found) == 8 - len(inapplicable)
    shown = [*found[:2], *found[2:][-1:]]
    assert [text[: len(start)] for text, start in zip(shown, starts, strict=True)] == starts
    assert [text[-len(end) :] for text, end in zip(shown, ends, strict=True)] == ends
    assert [text.endswith("; and") for text in found] == [len(found) > 1 and at == len(found) - 2 for at in range(len(found))]


# --- Drafts ---------------------------------------------------------------------------------------------------------

REASONS = ("wording of FF301 1.2.1 not verified", "no signatory")
LINES = [f"DRAFT: {reason}" for reason in REASONS]


def of_2026() -> Return:
    return attrs.evolve(full.monthly(), form=full.form("FF301", "1.2.1"), draft_reasons=REASONS)


def test_the_reasons_of_a_draft_stand_on_every_page_of_the_pdf() -> None:
    pages = pages_of(render(of_2026(), "pdf"))
    assert len(pages) == 10
    assert [page for page in pages if not all(line in page for line in LINES)] == []
    assert not any("DRAFT" in page for page in pages_of(render(full.monthly(), "pdf")))


def test_the_reasons_of_a_draft_stand_at_the_head_of_every_sheet() -> None:
    sheets = list(openpyxl.load_workbook(BytesIO(render(of_2026(), "xlsx"))))
    assert len(sheets) == 10
    for sheet in sheets:
        assert [value for (value,) in sheet.iter_rows(max_row=4, max_col=1, values_only=True) if value] == LINES[: len(LINES)]
        assert sheet.oddHeader.center.text == "DRAFT"


def test_the_reasons_of_a_draft_stand_on_every_page_of_the_text_and_the_web_page() -> None:
    pages = render(of_2026(), "text").decode().split("=" * 148)[:-1]
    assert [[line.strip() for line in page.splitlines() if "DRAFT" in line] for page in pages] == [LINES] * 10
    html = render(of_2026(), "html").decode()
    assert [html.count(f"<p>{line}</p>") for line in LINES] == [10, 10]
    assert html.count('<div class="draft">DRAFT</div>') == 10


def test_json_gives_the_reasons_of_a_draft_and_says_that_it_is_one() -> None:
    content = json.loads(render(of_2026(), "json"))
    assert (content["draft"], content["draft_reasons"]) == (True, list(REASONS))
    found = json.loads(render(full.monthly(), "json", draft=True))
    assert (found["draft"], found["draft_reasons"]) == (True, [])


def test_a_draft_for_both_the_book_and_a_reason_says_both() -> None:
    (first, *_) = render(of_2026(), "text", draft=True).decode().split("=" * 148)
    assert [line.strip() for line in first.splitlines() if "DRAFT" in line] == ["DRAFT", *LINES]


def test_json_of_the_first_edition_has_the_keys_that_it_had() -> None:
    first, second = (json.loads(render(full.monthly("1.1.1", edition), "json")) for edition in (1, 2))
    assert set(second) - set(first) == {"draft_reasons", "removed", "remarks"}
    first, second = (json.loads(render(full.next_day("FF305", edition), "json")) for edition in (1, 2))
    assert set(second["repurchases"][0]["mandate"]) - set(first["repurchases"][0]["mandate"]) == {"explanatory_statement_on"}


def test_the_public_float_stands_in_part_ii_of_the_form_of_2026_and_is_left_open_where_it_is_not_given() -> None:
    title = Heading("Public float sufficiency confirmation", level=3)
    stated = Paragraph("The applicable threshold is 25 %; it was met at the close of the month.")
    assert page_named(of_2026(), "II").blocks[-2:] == (title, stated)
    assert page_named(attrs.evolve(of_2026(), public_float=None), "II").blocks[-2:] == (title, Paragraph("____________"))
    assert "Public float" not in [page.name for page in layout_of(of_2026()).pages]


# --- FF301 1.0.2 ----------------------------------------------------------------------------------------------------


def test_the_form_before_june_2024_knows_no_treasury_shares() -> None:
    cells = [
        cell.text
        for page in layout_of(full.monthly("1.0.2")).pages
        for block in page.blocks
        if isinstance(block, RuledTable)
        for row in block.rows
        for cell in row
    ]
    assert [text for text in cells if "treasury" in text.lower()] == []


def test_the_form_before_june_2024_has_one_column_and_one_foot_a_class() -> None:
    document = full.monthly("1.0.2")
    assert "Balance at close of preceding month | 4,000,000,000" in printed(document, "II")
    assert "Total A (Ordinary shares): | 320,000" in printed(document, "III(A)")
    assert "Total B (Ordinary shares): | 150,000" in printed(document, "III(B)")
    other = printed(document, "III(E)")
    assert (
        "Type of Issue | At price (if applicable) | Issue and allotment date (Note 5 and 6) | General Meeting approval date (if "
        "applicable) | No. of new shares of issuer issued during the month pursuant thereto (E) | No. of new shares of issuer "
        "which may be issued pursuant thereto as at close of the month"
    ) in other
    assert "Total E (Ordinary shares): | 1,500,000" in other
    assert "Total increase / decrease (-) in Ordinary shares during the month (i.e. Total of A to E): | 3,370,000" in other
    assert "1. Class of shares issuable (Note 5 and 6) | Ordinary shares | Type of shares | Not applicable" in other[0]


# --- FF304 and FF305 ------------------------------------------------------------------------------------------------


def test_ff304_prints_the_market_price_and_the_discount_to_it_with_its_sign() -> None:
    rows = printed(full.next_day("FF304"), "Section I")
    assert any(row.endswith("| HKD 2.345678 | HKD 9.6 | -75.57 %") for row in rows)
    assert [premium(Decimal(text)).text for text in ("-30.2", "12.345", "-0.0049", "0.005")] == [
        "-30.2 %",
        "12.35 %",
        "0 %",
        "0.01 %",
    ]
    assert premium(None).text == "%"


def test_a_published_discount_prints_as_it_was_published() -> None:
    """A return of July 2021: HKD 40.1 against a close of HKD 57.45."""
    # 40.1 is 17.35 below 57.45, and 1735 / 57.45 is 30.20 to two places.
    assert premium(-rounded_ratio(Decimal(1735), Decimal("57.45"), 4)).text == "-30.2 %"


def test_the_repurchase_report_lists_trades_totals_and_intentions() -> None:
    rows = printed(full.next_day(), "Section II")
    assert "1). 21 July 2025 | 1,000,000 | On the Exchange | HKD 9.45 | HKD 9.35 | HKD 9,400,000" in rows
    assert "2). 21 July 2025 | 600,000 | On the London Stock Exchange | GBP 0.9512 |  | GBP 570,720" in rows
    assert "Total number of shares repurchased | 1,900,000 | Aggregate price paid $ | HKD 12,137,020.5" in rows
    assert "Aggregate price paid $ | GBP 570,720" in rows
    assert "Number of shares repurchased for cancellation | 300,000" in rows
    assert "Number of shares repurchased for holding as treasury shares | 1,600,000" in rows


def test_block_b_prints_the_mandate_and_the_moratorium() -> None:
    rows = printed(full.next_day(), "Section II")
    at = rows.index("B. Additional information for issuer who has a primary listing on the Exchange")
    values = [row.rpartition(" | ")[2] for row in rows[at + 1 :]]
    assert values == ["20 June 2025", "400,000,000", "7,654,321", "0.19136 %", "Up to 20 August 2025"]
    assert printed(full.next_day("FF304"), "Section II")[-2:] == [
        "1). Number of such securities purchased on the Exchange in the year to date (since ordinary resolution) (a) | 7,654,321",
        "2). % of number of shares in issue at time ordinary resolution passed acquired on the Exchange since date of "
        "resolution ( (a) x 100 )/ Number of shares in issue | 0.19136 %",
    ]


def test_sales_of_treasury_shares_have_no_moratorium() -> None:
    rows = printed(full.next_day(), "Section III")
    assert "1). 16 July 2025 | 250,000 | On the Exchange | HKD 9.9 | HKD 9.85 | HKD 2,468,750" in rows
    assert "Total number of treasury shares sold | 300,000 | Aggregate amount of funds raised $ | HKD 2,968,750" in rows
    assert not any("oratorium" in row for row in rows)


def test_a_section_without_a_trade_prints_the_text_of_blanks() -> None:
    document = attrs.evolve(full.next_day(), repurchases=(), treasury_sales=())
    assert printed(document, "Signature")[:2] == ["Repurchase report | Nil", "Report of on-market sale of treasury shares | Nil"]
    assert "Section II" not in [page.name for page in layout_of(document).pages]


def test_every_pending_tranche_stands_in_part_b_and_outside_the_balance_of_ff304() -> None:
    rows = printed(full.next_day(), "Section I")
    after = rows[next(at for at, row in enumerate(rows) if row.startswith("B. ")) :]
    assert [row.split(" | ")[1] for row in after if "not yet cancelled Date" in row] == ["100,000", "200,000", "300,000"]
    old = printed(full.next_day("FF304"), "Section I")
    assert [row.split(" | ")[1] for row in old if "but not cancelled" in row] == ["100,000", "200,000", "300,000"]
    assert old[-1].startswith("Closing balance as at (Note 8) 21 July 2023 | 3,998,600,000 |")


def test_json_writes_amounts_and_flags() -> None:
    content = json.loads(render(full.monthly(), "json"))
    notes = content["convertibles"][0]["rows"][0]
    assert notes["opening"] == "250000000.5"
    assert notes["movements"] == [["Converted", "-1250000.25"], ["Redeemed", "-0.25"]]
    assert content["struck_out"] == [3, 7, 8]
    assert json.loads(render(full.next_day("FF304"), "json"))["sections"][0]["changes"][0]["discount"] == "-75.5658541667"
