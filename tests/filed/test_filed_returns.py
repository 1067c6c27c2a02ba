"""The published returns of the worked issuer, cell by cell: what was filed against what the book prints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from domain.capital.entries import Entry
from domain.returns import monthly, next_day
from domain.returns.documents import Return
from infrastructure.renderers import layout_of
from infrastructure.renderers.layout import Heading, RuledTable

FILED = Path(__file__).parent
CHINESE_NAME = "商汤集团股份有限公司"


def december_2024(entries: Sequence[Entry]) -> Return:
    return monthly.prepare(entries, date(2024, 12, 31), submitted_on=date(2025, 1, 6))


def the_17th_december_2024(entries: Sequence[Entry]) -> Return:
    return next_day.prepare(entries, date(2024, 12, 17), submitted_on=date(2024, 12, 18))


def the_30th_december_2022(entries: Sequence[Entry]) -> Return:
    return next_day.prepare(entries, date(2022, 12, 30), submitted_on=date(2022, 12, 30))


def printed(document: Return) -> list[str]:
    """Every row of every table and every heading below the title, as a line of cells."""
    lines = []
    for page in layout_of(document).pages:
        for block in page.blocks:
            if isinstance(block, RuledTable):
                lines += [line_of([cell.text for cell in row]) for row in block.rows]
            elif isinstance(block, Heading) and block.level > 1:
                lines.append("#" * block.level + " " + block.text)
    return lines


def line_of(cells: Sequence[str]) -> str:
    return (
        " | ".join(" ".join(cell.split()) for cell in cells)
        .replace(f" {CHINESE_NAME}", "")
        .replace("|  |", "| |")
        .replace("|  |", "| |")
        .strip()
    )


def filed(name: str) -> list[str]:
    lines = [line for line in (FILED / name).read_text().splitlines() if line and not line.startswith("# ")]
    return [line.removeprefix("OURS ") for line in lines if not line.startswith("FILED ")]


@pytest.mark.parametrize(
    ("prepare", "name"),
    [
        pytest.param(december_2024, "monthly-return-2024-12.txt", id="Monthly Return for December 2024"),
        pytest.param(
            the_17th_december_2024, "next-day-return-2024-12-17.txt", id="Next Day Disclosure Return of 17 December 2024"
        ),
        pytest.param(
            the_30th_december_2022, "next-day-return-2022-12-30.txt", id="Next Day Disclosure Return of 30 December 2022"
        ),
    ],
)
def test_the_book_prints_what_was_filed_cell_by_cell(prepare, name, demo_entries):
    assert printed(prepare(demo_entries)) == filed(name)


def test_the_one_difference_from_the_filings_is_the_opening_date_of_class_a_in_2022():
    differences = {path.name: path.read_text().count("\nFILED ") for path in FILED.glob("*.txt")}
    assert differences == {
        "monthly-return-2024-12.txt": 0,
        "next-day-return-2024-12-17.txt": 0,
        "next-day-return-2022-12-30.txt": 1,
    }


def test_the_remarks_state_the_facts_of_the_filed_ones(demo_entries):
    cancellation, conversion = the_30th_december_2022(demo_entries).remarks
    for fact in (
        "31,775,000",
        "16, 19, 20, 21, 22, 23 and 26 September 2022",
        "cancelled on 30 December 2022",
        "on the Exchange",
    ):
        assert fact in cancellation
    for fact in ("Infinity Vision Enterprise Inc.", "7,139,508", "8A.21", "8A.13", "8A.15", "one for one"):
        assert fact in conversion
    (held,) = december_2024(demo_entries).options[0].remarks
    for fact in (
        "2,005,153,999",
        "SenseTalent Management Limited",
        "1,649,643,767",
        "Pre-IPO ESOP",
        "355,510,232",
        "Pre-IPO RSU Plan",
    ):
        assert fact in held


def test_every_figure_that_is_not_blank_carries_the_entries_it_comes_from(demo_entries):
    section = the_17th_december_2024(demo_entries).sections[0]
    by_number = {entry.number: entry for entry in demo_entries}
    (placing,) = section.changes
    (number,) = placing.issued.entries
    assert type(by_number[number].event).__name__ == "PlacingCompleted"
    assert by_number[number].event.shares == 1_865_000_000
    assert set(section.closing.issued.entries) == {*section.opening.issued.entries, number}


def test_the_page_marks_of_the_monthly_return_run_to_ten(demo_entries):
    layout = layout_of(december_2024(demo_entries))
    assert [layout.marked(page) for page in (1, 10)] == ["Page 1 of 10 v 1.1.1", "Page 10 of 10 v 1.1.1"]
    assert len(layout.pages) == 10
