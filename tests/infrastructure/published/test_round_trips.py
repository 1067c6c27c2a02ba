"""Every return that is rendered reads back to an equal document, from PDF, HTML and text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from domain.events import Event
from domain.returns import monthly, next_day
from domain.returns.cells import BLANK, ClassHeading, Figure, PrintedPercentage
from domain.returns.documents import MonthlyReturn, NextDayReturn, PendingShares, Remark, Return
from domain.returns.filings import NotPrepared
from domain.returns.forms import FORMS, MONTHLY, Form
from domain.returns.printed import REMARKED, as_printed, cells
from domain.values import month_end_of
from infrastructure.files.published import read_return, read_returns
from infrastructure.files.published.settle import FIGURES
from infrastructure.renderers import render
from tests.domain.book_of import entries
from tests.domain.histories import OPENED, histories
from tests.infrastructure import full_documents as full
from tests.infrastructure import sample_documents as sample
from tests.infrastructure.published.other_layouts import LAYOUTS, laid_out

KINDS = ("pdf", "html", "text")


def every_part(form: Form) -> Return:
    """A return on a version of a form with every part filled."""
    if form.kind == MONTHLY:
        return attrs.evolve(full.monthly("1.1.1" if form.treasury_shares else "1.0.2"), form=full.form(form.code, form.version))
    return attrs.evolve(full.next_day(form.code), form=full.form(form.code, form.version))


PUBLISHED: dict[str, Callable[[], Return]] = {
    "FF301 of December 2024": sample.monthly_december_2024,
    "FF304 of 30 December 2022": sample.next_day_december_2022,
    "FF305 of 17 December 2024": sample.next_day_december_2024,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS, ids=str)
def test_every_version_with_every_part_filled_reads_back(form: Form, kind: str) -> None:
    document = every_part(form)
    assert read_return(render(document, kind), "a return").document == as_printed(document)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", PUBLISHED)
def test_published_returns_read_back_whether_drafts_or_not(name: str, kind: str) -> None:
    document = PUBLISHED[name]()
    for draft in (False, True):
        assert read_return(render(document, kind, draft=draft), name).document == as_printed(document)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", PUBLISHED)
def test_the_figures_of_copies_in_other_layouts_read_back(name: str, layout: str) -> None:
    document = PUBLISHED[name]()
    read = read_return(laid_out(document, layout).encode(), name)
    assert figures_of(read.document) == figures_of(as_printed(document))


def figures_of(document: Return) -> dict[str, object]:
    return {path: cell.value for path, cell in cells(document).items() if cell.kind in FIGURES}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", ["FF304", "FF305"])
def test_sixty_pending_tranches_read_back(code: str, kind: str) -> None:
    document = with_tranches(full.next_day(code), 60)
    assert read_return(render(document, kind), "tranches").document == as_printed(document)


def with_tranches(document: NextDayReturn, count: int) -> NextDayReturn:
    """A return with so many tranches not yet cancelled; FF304 numbers them on from the changes."""
    section = document.sections[0]
    first = section.pending[0]
    numbered_on = 0 if document.form.treasury_shares else len(section.changes)
    tranches = tuple(
        PendingShares(
            numbered_on + number,
            first.category,
            None if number % 3 else f"Bought on day {number}",
            section.opening.on + timedelta(days=number // 3),
            Figure(1_000 * number),
            first.percent,
            first.price,
        )
        for number in range(1, count + 1)
    )
    return attrs.evolve(document, sections=(attrs.evolve(section, pending=tranches), *document.sections[1:]))


@pytest.mark.parametrize("kind", KINDS)
def test_four_classes_read_back(kind: str) -> None:
    for document in (sample.monthly_december_2024(), sample.next_day_december_2024(), sample.next_day_december_2022()):
        four = with_four_classes(document)
        assert read_return(render(four, kind), "four classes").document == as_printed(four)


def with_four_classes(document: MonthlyReturn | NextDayReturn) -> Return:
    """A return with two more classes, each a copy of the second under another name."""
    blocks = ("authorised", "issued") if isinstance(document, MonthlyReturn) else ("sections",)
    changed = {}
    for field in blocks:
        found = getattr(document, field)
        more = [attrs.evolve(found[1], heading=named(found[1].heading, number)) for number in (3, 4)]
        changed[field] = (*found, *more)
    return attrs.evolve(document, **changed)


def named(heading: ClassHeading, number: int) -> ClassHeading:
    kind = "CD"[number - 3]
    return attrs.evolve(heading, number=number, code=kind, type_label=kind)


# --- What stands in words ----------------------------------------------------------------------------------------------


def with_terms(document: MonthlyReturn) -> MonthlyReturn:
    """A return whose instruments have a type, and prices in words, beside an amount or alone."""
    warrants = tuple(
        rows_with(each, type_label="Options", price_terms="as adjusted, HKD 3 at most") for each in document.warrants
    )
    terms = "80 % of the average closing price, at least HKD 1.2"
    convertibles = tuple(rows_with(each, type_label="Bonds", price=None, price_terms=terms) for each in document.convertibles)
    agreements = tuple(rows_with(each, price_terms="less any dividend paid") for each in document.agreements)
    return attrs.evolve(document, warrants=warrants, convertibles=convertibles, agreements=agreements)


def rows_with(block: Any, **changed: object) -> Any:
    return attrs.evolve(block, rows=tuple(attrs.evolve(row, **changed) for row in block.rows))


def with_remarks(document: MonthlyReturn) -> MonthlyReturn:
    """A return with a standing remark under every part."""
    return attrs.evolve(document, remarks=tuple(Remark(part, f"A remark on {part}, of 1,000 shares.") for part in REMARKED))


WORDED: dict[str, Callable[[], MonthlyReturn]] = {
    "terms": lambda: with_terms(full.monthly()),
    "remarks under every part": lambda: with_remarks(full.monthly()),
    "remarks under parts without blocks": lambda: with_remarks(sample.monthly_december_2024()),
    "remarks on FF301 1.0.2": lambda: with_remarks(full.monthly("1.0.2")),
    "remarks on FF301 1.2.1": lambda: with_remarks(attrs.evolve(full.monthly(), form=full.form("FF301", "1.2.1"))),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", WORDED)
def test_types_terms_and_standing_remarks_read_back(name: str, kind: str) -> None:
    document = WORDED[name]()
    assert read_return(render(document, kind), name).document == as_printed(document)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", [form for form in FORMS if form.code in ("FF304", "FF305")], ids=str)
def test_a_mandate_of_which_nothing_is_said_and_a_large_percentage_read_back(form: Form, kind: str) -> None:
    document = every_part(form)
    assert isinstance(document, NextDayReturn)
    report = document.repurchases[0]
    assert report.mandate is not None
    unknown = attrs.evolve(report.mandate, used=BLANK, percent=None, limit=None)
    large = attrs.evolve(report.mandate, percent=PrintedPercentage(Decimal("3962968.56")))
    for mandate in (unknown, large):
        changed = attrs.evolve(document, repurchases=(attrs.evolve(report, mandate=mandate), *document.repurchases[1:]))
        assert read_return(render(changed, kind), "a return").document == as_printed(changed)


# --- Random histories --------------------------------------------------------------------------------------------------

FORM = st.sampled_from(FORMS)
PATIENT = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    # A history that fails is no clearer for being a little shorter, and looking for a shorter one takes minutes.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


@settings(PATIENT, max_examples=40)
@given(histories, FORM, st.integers(0, 400), st.sampled_from(["html", "text"]))
def test_returns_of_random_histories_read_back_from_html_and_text(history: list[Event], form: Form, days: int, kind: str) -> None:
    document = prepared(history, form, OPENED + timedelta(days=days))
    assert read_return(render(document, kind), "a return").document == as_printed(document)


@settings(PATIENT, max_examples=15)
@given(histories, FORM, st.integers(0, 400))
def test_returns_of_random_histories_read_back_from_pdf(history: list[Event], form: Form, days: int) -> None:
    document = prepared(history, form, OPENED + timedelta(days=days))
    assert read_return(render(document, "pdf"), "a return").document == as_printed(document)


def prepared(history: list[Event], form: Form, on: date) -> Return:
    """A return of a history, on that version of its form if the version has the same columns."""
    book = entries(*history)
    try:
        if form.kind == MONTHLY:
            month_end = month_end_of(on)
            document: Return = monthly.prepare(book, month_end, month_end + timedelta(days=3))
        else:
            document = next_day.prepare(book, on, on + timedelta(days=1))
    except NotPrepared:
        assume(False)
    same_columns = (document.form.code, document.form.treasury_shares) == (form.code, form.treasury_shares)
    return attrs.evolve(document, form=form) if same_columns else document


# --- What else a file may hold -----------------------------------------------------------------------------------------


def test_each_return_of_a_file_with_several_is_read() -> None:
    documents = [sample.next_day_december_2022(), sample.next_day_december_2022()]
    content = b"\n".join(render(each, "text") for each in documents)
    assert [each.document for each in read_returns(content, "two")] == [as_printed(each) for each in documents]


def test_a_copy_without_page_marks_is_known_by_its_captions_and_its_day() -> None:
    document = sample.next_day_december_2024()
    bare = render(document, "text").decode().replace("FF305", "").replace("v1.3.0", "")
    assert read_return(bare.encode(), "without marks").document.form.code == "FF305"
