"""The first reason that fits where a cell of a published return and of the book differ, by cells made by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

from domain.returns import next_day
from domain.returns.cells import BLANK, Figure, PrintedPercentage
from domain.returns.likely_reasons import Pair, of_difference
from domain.returns.printed import as_printed
from domain.values import Money
from tests.domain.book_of import entries, event, two_classes

PLACED = event("PlacingCompleted", "6 August 2024", share_class="B", shares="30,000", price="HKD 2")
BOUGHT = [
    event("SharesRepurchased", "6 August 2024", share_class="B", shares="12,000", intention="cancellation", price="HKD 2", mandate="m"),
    event("MandateGranted", "1 July 2024", mandate="m", purpose="repurchase", percent="10", base="600,000"),
]  # fmt: skip
# Opening balances of 600,000 class B and 400,000 class A; 12,000 of class B are pending.
DOCUMENT = as_printed(next_day.prepare(entries(*two_classes(), *BOUGHT, PLACED), date(2024, 8, 6), date(2024, 8, 7)))


def hkd(amount):
    return Money("HKD", Decimal(amount))


def percent(printed):
    return PrintedPercentage(Decimal(printed))


def reason(there, here, path="sections[0].changes[0].issued", document=DOCUMENT):
    return of_difference(Pair(there, here, path, document))


@pytest.mark.parametrize(
    ("there", "here", "said"),
    [
        (None, 5, "blank in the published return"),
        (5, None, "nothing of it in the book"),
        (5, -5, "the sign differs"),
        (12_345, 12_354, "digits swapped"),
        (12_345, 12_945, "one digit differs"),
        (12_345, 1_245, "one digit more"),
        (1_245, 12_345, "one digit less"),
        (12_345, 20_000, "7,655 less than in the book"),
        (20_000, 12_345, "7,655 more than in the book"),
        (hkd("1.52"), hkd("1.25"), "digits swapped"),
        (hkd("1.52"), hkd("15.2"), "the decimal point stands elsewhere"),
        (hkd("1.52"), Money("USD", Decimal("1.52")), "another currency"),
        (hkd("1.52"), hkd("90"), ""),
        (Decimal("-9.64"), Decimal("-9.46"), "digits swapped"),
        (date(2024, 3, 4), date(2023, 3, 4), "another year"),
        (date(2024, 3, 4), date(2024, 4, 3), "day and month swapped"),
        (date(2024, 3, 4), date(2024, 3, 5), ""),
    ],
)
def test_the_reason_follows_from_the_two_cells(there, here, said):
    assert reason(there, here) == said


@pytest.mark.parametrize(
    ("there", "here", "said"),
    [
        (percent("5.01"), percent("5"), "other decimals: 2 instead of 0"),
        (percent("5.3"), percent("5.25"), "other decimals: 1 instead of 2"),
        # 30,000 of 600,000, of 588,000, of 1,000,000 and of 988,000.
        (percent("5"), percent("6.25"), "another base: it is of the opening balance of its class"),
        (percent("5.1"), percent("6.25"), "another base: it is of the opening balance of its class without shares not yet cancelled"),
        (percent("3"), percent("6.25"), "another base: it is of the opening balances of all classes"),
        (percent("3.04"), percent("6.25"), "another base: it is of the opening balances of all classes without shares not yet cancelled"),
        (percent("7.77"), percent("6.25"), ""),
    ],
)  # fmt: skip
def test_a_percentage_has_other_decimals_or_another_base(there, here, said):
    assert reason(there, here, "sections[0].changes[0].percent") == said


def test_the_base_of_a_report_is_that_of_its_own_class_wherever_it_stands():
    """12,000 bought are 2 % of the 600,000 of class B, and 3 % of the 400,000 of class A."""
    turned = attrs.evolve(DOCUMENT, sections=DOCUMENT.sections[::-1])
    path = "repurchases[0].mandate.percent"
    for document in (DOCUMENT, turned):
        (report,) = document.repurchases
        used = attrs.evolve(report, mandate=attrs.evolve(report.mandate, used=Figure(12_000)))
        document = attrs.evolve(document, repurchases=(used,))
        assert reason(percent("2"), percent("6.25"), path, document) == "another base: it is of the opening balance of its class"
        assert reason(percent("3"), percent("6.25"), path, document) == ""


def test_the_base_of_a_class_without_a_section_is_that_of_all_classes_or_unknown():
    only = attrs.evolve(DOCUMENT, sections=DOCUMENT.sections[1:])
    (report,) = only.repurchases
    used = attrs.evolve(report, mandate=attrs.evolve(report.mandate, used=Figure(12_000)))
    document = attrs.evolve(only, repurchases=(used,))
    assert reason(percent("3"), percent("6.25"), "repurchases[0].mandate.percent", document) == (
        "another base: it is of the opening balances of all classes"
    )


def test_the_percentage_of_a_blank_number_has_no_base():
    section = DOCUMENT.sections[0]
    blank = attrs.evolve(section, changes=(attrs.evolve(section.changes[0], issued=BLANK),))
    document = attrs.evolve(DOCUMENT, sections=(blank, *DOCUMENT.sections[1:]))
    assert reason(percent("5"), percent("6.25"), "sections[0].changes[0].percent", document) == ""


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (date(2024, 8, 6), "the opening date slipped: it is the closing date"),
        (date(2023, 7, 31), "another year"),
        (date(2024, 7, 30), ""),
    ],
)
def test_an_opening_date_has_slipped_if_it_is_the_closing_date(there, said):
    assert reason(there, date(2024, 7, 31), "sections[0].opening.on") == said
