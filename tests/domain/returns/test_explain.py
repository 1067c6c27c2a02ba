"""An explanation names every figure of every part, with the entries behind it."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from domain.returns import monthly, next_day
from domain.returns.cells import Figure, Percentage
from domain.returns.documents import MandateBlock
from domain.returns.explain import Explained, explain, explanation
from tests.domain.book_of import entries, event, set_up
from tests.samples import sample, sample_book

# Every sample of a month in it, of new and of treasury shares.
VARIANTS = [
    sample("AwardsVested", effective_on="8 August 2024", treasury_shares="yes", awards="31"),
    sample("WarrantsExercised", effective_on="12 August 2024", treasury_shares="yes", shares="37", warrants="18"),
    sample("ConvertiblesConverted", effective_on="14 August 2024", treasury_shares="yes", shares="41", amount="HKD 123"),
    sample("OptionsExercised", effective_on="15 August 2024", treasury_shares="yes", options="29", price="HKD 0.5"),
    sample("SharesRepurchased", effective_on="20 August 2024"),
    sample("TreasurySharesSold", effective_on="21 August 2024"),
]
BOOK = entries(*sorted([*sample_book(), *VARIANTS], key=lambda event: event.effective_on))
DOCUMENTS = {
    "monthly": monthly.prepare(BOOK, date(2024, 8, 31), date(2024, 9, 5)),
    "next-day": next_day.prepare(BOOK, date(2024, 8, 31), date(2024, 9, 2)),
    "before June 2024": next_day.prepare(BOOK, date(2024, 8, 31), date(2024, 6, 10)),
}
EVERY_DOCUMENT = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=list(DOCUMENTS))


def values(value):
    """Every figure and percentage within a document that prints something."""
    if isinstance(value, Figure):
        return [value] if value.value is not None else []
    if isinstance(value, Percentage):
        return [value]
    if isinstance(value, tuple):
        return [found for item in value for found in values(item)]
    if attrs.has(type(value)):
        return [found for field in attrs.fields(type(value)) for found in values(getattr(value, field.name))]
    return []


EVERY_FIGURE = [pytest.param(document, id=name) for name, document in DOCUMENTS.items()]


@pytest.mark.parametrize("document", EVERY_FIGURE)
def test_every_figure_is_explained_with_its_entries(document):
    shown = {(line.value, line.entries) for line in explanation(document)}
    figures = [figure for part in _without_totals(document) for figure in values(part) if isinstance(figure, Figure)]
    assert figures
    assert [figure for figure in figures if (f"{figure.value:,}", figure.entries) not in shown] == []


def _without_totals(document):
    """The parts of a document but the foot of Part III, which repeats the movements of Part II."""
    return [getattr(document, field.name) for field in attrs.fields(type(document)) if field.name != "totals"]


@EVERY_DOCUMENT
def test_every_percentage_is_explained_by_its_division(document):
    shown = {(line.value, line.because.partition(":")[0]) for line in explanation(document)}
    for percentage in values(document):
        if isinstance(percentage, Percentage):
            assert (f"{percentage} %", f"{abs(percentage.shares):,} ÷ {percentage.base:,}") in shown


@EVERY_DOCUMENT
def test_an_entry_behind_a_figure_is_in_the_book(document):
    numbers = {number for line in explanation(document) for number in line.entries}
    assert numbers <= {entry.number for entry in BOOK}
    assert numbers


@EVERY_DOCUMENT
def test_the_text_has_a_line_for_every_line_and_none_ends_in_spaces(document):
    lines = explain(document)
    assert len(lines) == len(explanation(document))
    assert all(line == line.rstrip() for line in lines)


def test_amounts_of_instruments_are_explained_in_their_currency():
    shown = explanation(DOCUMENTS["monthly"])
    labels = {line.label: line.value for line in shown if line.value.startswith("HKD")}
    # 21,000,000 less 2,875,600, at HKD 2.8, and 123 converted and 3,084,000.50 redeemed.
    assert (labels["Converted"], labels["Redeemed"]) == ("HKD -2,875,723.00", "HKD -3,084,000.50")
    assert labels["Outstanding at close of the month"] == "HKD 15,040,276.50"
    # 29 options at HKD 0.5.
    assert labels["Funds raised"] == "HKD 14.5"


def test_a_heading_has_no_value():
    headings = [line for line in explanation(DOCUMENTS["monthly"]) if line.label.startswith("Part ")]
    assert [line.label for line in headings if line.label.endswith("class B")] == [
        f"Part {part}, class B" for part in ("I", "II", "III(A)", "III(B)", "III(C)", "III(D)", "III(E)")
    ]
    assert all(line == Explained(line.label) for line in headings)


def test_remarks_that_stand_are_explained_with_their_part():
    remark = event("ReturnRemarkChanged", "1 July 2024", part="III(A)", remark="Options are over ADSs too.")
    document = monthly.prepare(entries(*set_up(), remark), date(2024, 8, 31), date(2024, 9, 5))
    said = [" ".join(line.split()) for line in explain(document)]
    assert said[-2:] == ["Remarks that stand until they change", "Part III(A) Options are over ADSs too. return-remark-changed"]


def test_of_a_mandate_only_what_is_known_is_explained():
    """What a mandate allows and its percentage are not known: what was used under it is."""
    bought = event("SharesRepurchased", "5 August 2024", share_class="ordinary", shares="700", intention="treasury")
    document = next_day.prepare(entries(*set_up(), bought), date(2024, 8, 5), date(2024, 8, 6))
    (report,) = document.repurchases
    reported = attrs.evolve(report, mandate=MandateBlock(date(2024, 5, 23), None, Figure(700, (5,)), None, None))
    said = [" ".join(line.split()) for line in explain(attrs.evolve(document, repurchases=(reported,)))]
    assert "used 700 entry 5" in said
    assert not any(line.startswith(("Mandate", "% of issued shares")) for line in said)
