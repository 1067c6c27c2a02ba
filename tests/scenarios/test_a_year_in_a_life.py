"""Twelve months of an invented issuer, filed as they went: what was filed stays, what is known grows, and all of it adds up.

The facts are in `a_year_in_a_life`, a file for each month in the words of `record --file`. They are recorded on the days
before each return is submitted; in September a purchase of May turns out to have been misread, and is corrected, with the
base of the mandates granted after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest

from application.effects import new_findings
from application.file_return import Filed, file_return, rebuild
from application.record import record
from domain import events
from domain.capital.entries import Draft, Viewpoint
from domain.returns import monthly
from domain.returns.filed import Filing, changed_since, filings, touched
from domain.returns.forms import MONTHLY, NEXT_DAY
from domain.rulebook import findings
from domain.values import month_end_of
from infrastructure.event_store import SqlEventStore, open_store
from infrastructure.readers.records import read_records
from infrastructure.renderers import render
from tests.conftest import ticking
from tests.domain.book_of import position_at
from tests.domain.capital.test_properties import check_monthly, check_section
from tests.infrastructure.checking import chain_verified

ISSUER = "02025"
FOLDER = Path(__file__).parent / "a_year_in_a_life"
CORRECTED_ON, RESUBMITTED_ON = date(2025, 9, 10), date(2025, 9, 11)
YEAR = [month_end_of(date(2025, month, 1)) for month in range(1, 13)]

# The day a return is about, and the day on which it is submitted.
MONTHS = dict(zip(YEAR, [
    date(2025, 2, 6), date(2025, 3, 6), date(2025, 4, 7), date(2025, 5, 7), date(2025, 6, 5), date(2025, 7, 7),
    date(2025, 8, 6), date(2025, 9, 4), date(2025, 10, 8), date(2025, 11, 6), date(2025, 12, 4), date(2026, 1, 7),
], strict=True))  # fmt: skip
DAYS = {
    date(2025, 1, 13): date(2025, 1, 14), date(2025, 1, 14): date(2025, 1, 15), date(2025, 1, 15): date(2025, 1, 16),
    date(2025, 3, 11): date(2025, 3, 12), date(2025, 4, 24): date(2025, 4, 25), date(2025, 5, 15): date(2025, 5, 16),
    date(2025, 6, 20): date(2025, 6, 23), date(2025, 7, 2): date(2025, 7, 3), date(2025, 7, 10): date(2025, 7, 11),
    date(2025, 8, 12): date(2025, 8, 13), date(2025, 10, 13): date(2025, 10, 14), date(2025, 10, 14): date(2025, 10, 15),
    date(2025, 10, 15): date(2025, 10, 16), date(2025, 11, 20): date(2025, 11, 21), date(2025, 12, 18): date(2025, 12, 19),
}  # fmt: skip

# Issued excluding treasury, treasury and pending cancellation at each month end, worked out by hand: as it is known at the
# end of the year, and from May to August as it was filed.
BALANCES = {
    1: (800_000_000, 2_300_000, 900_000),
    2: (799_100_000, 2_300_000, 0),
    3: (799_200_000, 2_200_000, 0),
    4: (801_200_000, 2_200_000, 600_000),
    5: (800_480_000, 2_920_000, 600_000),
    6: (804_603_456, 2_920_000, 600_000),
    7: (3_215_013_824, 12_680_000, 0),
    8: (3_217_163_824, 11_180_000, 0),
    9: (3_217_163_824, 11_180_000, 0),
    10: (3_216_063_824, 11_780_000, 800_000),
    11: (3_216_063_824, 11_780_000, 2_000_000),
    12: (3_230_563_824, 11_280_000, 0),
}
AS_FILED = {
    5: (800_500_000, 2_900_000, 600_000),
    6: (804_623_456, 2_900_000, 600_000),
    7: (3_215_093_824, 12_600_000, 0),
    8: (3_217_243_824, 11_100_000, 0),
}
# Outstanding at each month end: options of the schemes of 2019 and 2023, bonds in Hong Kong dollars and in shares.
OUTSTANDING = {
    1: (11_700_000, 6_000_000, 0, 0),
    2: (11_700_000, 6_000_000, 90_000_000, 30_000_000),
    3: (11_700_000, 8_900_000, 90_000_000, 30_000_000),
    4: (11_700_000, 8_900_000, 84_000_000, 28_000_000),
    5: (11_700_000, 8_900_000, 84_000_000, 28_000_000),
    6: (11_200_000, 8_900_000, 84_000_000, 28_000_000),
    7: (44_800_000, 35_600_000, 84_000_000, 112_000_000),
    8: (44_400_000, 35_350_000, 84_000_000, 112_000_000),
    9: (44_400_000, 35_350_000, 54_000_000, 72_000_000),
    10: (44_400_000, 35_350_000, 54_000_000, 72_000_000),
    11: (44_400_000, 34_950_000, 54_000_000, 72_000_000),
    12: (43_900_000, 34_950_000, 42_000_000, 56_000_000),
}
# What the correction touched when it was recorded, in the order of filing.
TOUCHED = [
    "Next Day Disclosure Return of 15 May 2025",
    "Monthly Return for May 2025",
    "Next Day Disclosure Return of 20 June 2025",
    "Next Day Disclosure Return of 2 July 2025",
    "Monthly Return for June 2025",
    "Next Day Disclosure Return of 10 July 2025",
    "Monthly Return for July 2025",
    "Next Day Disclosure Return of 12 August 2025",
    "Monthly Return for August 2025",
]


def facts(name: str) -> Sequence[Draft]:
    batch = read_records(f"{name}.yaml", (FOLDER / f"{name}.yaml").read_bytes(), recorded_by="secretary")
    assert batch.problems == ()
    return batch.drafts


@attrs.define
class Story:
    """The year as a story: the store, what was filed, and what the correction was found to touch."""

    store: SqlEventStore
    waiting: list[Draft]
    filed: list[Filed] = attrs.field(factory=list)
    found_before: list[str] = attrs.field(factory=list)
    ended: tuple[Any, ...] = ()
    touched: list[tuple[Filing, list[Any]]] = attrs.field(factory=list)

    def record_until(self, day: date) -> None:
        """Record what happened before a day."""
        known = [draft for draft in self.waiting if draft.event.effective_on < day]
        self.waiting = [draft for draft in self.waiting if draft not in known]
        record(self.store, ISSUER, known)

    def file(self, kind: str, on: date, submitted_on: date) -> None:
        self.record_until(submitted_on)
        self.filed.append(
            file_return(
                self.store, ISSUER, kind, on, submitted_on,
                render=render, rendering="json", recorded_by="secretary",
            )
        )  # fmt: skip

    def correct(self) -> None:
        self.record_until(CORRECTED_ON)
        self.found_before = [finding.message for finding in findings(self.store.entries(ISSUER))]
        written = record(self.store, ISSUER, facts("correction")).entries
        self.touched = touched(self.store.entries(ISSUER), [entry.number for entry in written])
        self.ended = new_findings(self.store.entries(ISSUER), written)


def story_of(store: SqlEventStore) -> Story:
    """The whole year, recorded in a store and filed from it."""
    names = ["2024-12", *(f"2025-{month:02}" for month in range(1, 13))]
    story = Story(store, [draft for name in names for draft in facts(name)])
    steps: list[tuple[date, Callable[[], None]]] = [
        *((submitted, partial(story.file, NEXT_DAY, on, submitted)) for on, submitted in DAYS.items()),
        *((submitted, partial(story.file, MONTHLY, on, submitted)) for on, submitted in MONTHS.items()),
        (CORRECTED_ON, story.correct),
        (RESUBMITTED_ON, partial(story.file, MONTHLY, date(2025, 5, 31), RESUBMITTED_ON)),
    ]
    for _, step in sorted(steps, key=lambda each: each[0]):
        step()
    return story


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    opened = open_store(str(tmp_path_factory.mktemp("year") / "captable.db"), clock=ticking(), create=True)
    yield story_of(opened)
    opened.close()


def numbered(story: Story) -> dict[int, Filed]:
    return {filed.recorded.entries[0].number: filed for filed in story.filed}


def of_month(story: Story, month: int, submitted_on: date | None = None) -> Any:
    on = YEAR[month - 1]
    wanted = submitted_on or MONTHS[on]
    return next(
        each.document
        for each in story.filed
        if getattr(each.document, "month_end", None) == on and each.document.submitted_on == wanted
    )


def next_days(story: Story) -> list[Any]:
    return [filed.document for filed in story.filed if hasattr(filed.document, "sections")]


def closing(document: Any) -> tuple[int, int]:
    line = document.issued[0].closing
    return line.issued.value, line.treasury.value


# --- as it went -------------------------------------------------------------------------------------------------


def test_everything_that_happened_is_recorded_and_every_return_filed(year):
    assert year.waiting == []
    assert len(year.filed) == len(MONTHS) + len(DAYS) + 1
    by_hand = 1
    assert len(filings(year.store.entries(ISSUER))) == len(year.filed) + by_hand
    assert {filed.document.form.version for filed in year.filed} == {"1.1.1", "1.2.1", "1.3.0"}


@pytest.mark.parametrize("month", BALANCES)
def test_every_month_was_filed_with_the_balances_known_then(month, year):
    assert closing(of_month(year, month)) == AS_FILED.get(month, BALANCES[month])[:2]
    stock = [row.pending.value or 0 for part in of_month(year, month).other_movements for row in part.rows]
    assert -sum(stock) == BALANCES[month][2]


@pytest.mark.parametrize("month", OUTSTANDING)
def test_every_month_was_filed_with_what_was_outstanding(month, year):
    document = of_month(year, month)
    options = [row.closing.value for row in document.options[0].rows]
    bonds = [number for part in document.convertibles for row in part.rows for number in (row.closing, row.may_be_issued.value)]
    assert (*options, *(bonds or (0, 0))) == OUTSTANDING[month]


def test_every_month_opens_where_the_one_before_closed_and_adds_up(year):
    earlier = None
    for month, on in enumerate(YEAR, 1):
        document = of_month(year, month)
        number = next(number for number, filed in numbered(year).items() if filed.document is document)
        known = [entry for entry in year.store.entries(ISSUER) if entry.number < number]
        # The return for September is the first that opens where the corrected book closed.
        check_monthly(document, None if month == 9 else earlier, position_at(known, Viewpoint(on)))
        earlier = document
    assert of_month(year, 9).issued[0].opening.issued.value == BALANCES[8][0]


def test_every_month_as_it_is_known_now_opens_where_the_one_before_closed_and_adds_up(year):
    entries, earlier = list(year.store.entries(ISSUER)), None
    for month, on in enumerate(YEAR, 1):
        document = monthly.prepare(entries, on, date(2026, 1, 8))
        check_monthly(document, earlier, position_at(entries, Viewpoint(on)))
        assert closing(document) == BALANCES[month][:2]
        earlier = document


def test_every_next_day_return_opens_where_the_last_return_closed_and_adds_up(year):
    entries = list(year.store.entries(ISSUER))
    closed = {date(2024, 12, 31): (800_000_000, 2_000_000)}
    for number, filed in numbered(year).items():
        document = filed.document
        if hasattr(document, "issued"):
            if document.submitted_on != RESUBMITTED_ON:
                closed[document.month_end] = closing(document)
            continue
        (section,) = document.sections
        check_section(document, section, position_at(entries[: number - 1], Viewpoint(section.closing.on)))
        # In October the last return published is that for September, which knew of the correction.
        last = max(day for day in closed if day < section.closing.on)
        assert (section.opening.on, section.opening.issued.value, section.opening.treasury.value) == (last, *closed[last])
        closed[section.closing.on] = (section.closing.issued.value, section.closing.treasury.value)


def test_the_capital_stays_when_the_shares_are_subdivided(year):
    (block,) = of_month(year, 7).authorised
    assert (block.opening.value, block.closing.value) == (2_000_000_000, 8_000_000_000)
    assert [str(money) for money in (block.opening_par, block.closing_par)] == ["HKD 0.1", "HKD 0.025"]
    assert block.opening_capital == block.closing_capital


def test_the_prices_of_cancellations_are_the_averages_of_what_is_cancelled(year):
    """2,220,000 for 900,000; 1,620,000 for 2,400,000 subdivided; 375,000 for 500,000; 1,466,000 for 2,000,000."""
    cancelled = {}
    for month in range(1, 13):
        rows = [row for part in of_month(year, month).other_movements for row in part.rows]
        for row in rows:
            if "repurchased and cancelled" in row.category:
                cancelled[month] = str(row.price)
    assert cancelled == {2: "HKD 2.4667", 7: "HKD 0.675", 10: "HKD 0.75", 12: "HKD 0.733"}


def test_the_mandate_block_follows_the_purchases_and_the_subdivision(year):
    blocks = {document.sections[0].closing.on: report.mandate for document in next_days(year) for report in document.repurchases}
    used = {day: (block.limit, block.used.value, str(block.percent)) for day, block in blocks.items()}
    assert used == {
        date(2025, 1, 13): (80_000_000, 500_000, "0.06"),
        date(2025, 1, 14): (80_000_000, 800_000, "0.1"),
        date(2025, 1, 15): (80_000_000, 1_200_000, "0.15"),
        date(2025, 4, 24): (80_000_000, 1_800_000, "0.23"),
        date(2025, 5, 15): (80_000_000, 2_500_000, "0.31"),
        # 10 per cent of 3,202,000,000, four times 800,500,000; corrected in September, of 3,201,920,000.
        date(2025, 7, 10): (320_200_000, 1_000_000, "0.03"),
        date(2025, 10, 13): (320_192_000, 1_800_000, "0.06"),
        date(2025, 10, 14): (320_192_000, 2_400_000, "0.07"),
        date(2025, 10, 15): (320_192_000, 2_900_000, "0.09"),
        # Another 200,000 were bought off the market, on no exchange.
        date(2025, 11, 20): (320_192_000, 3_900_000, "0.12"),
    }
    assert blocks[date(2025, 11, 20)].moratorium_until == date(2025, 12, 20)


def test_the_habits_of_november_are_those_of_the_returns_from_then_on(year):
    percents = {
        document.sections[0].closing.on: str(document.sections[0].changes[0].percent)
        for document in next_days(year)
        if document.sections[0].changes[0].percent is not None
    }
    # 600,000 of 3,217,163,824; 2,000,000 of 3,216,063,824.
    assert (percents[date(2025, 10, 14)], percents[date(2025, 12, 18)]) == ("0.02", "0.0622")
    assert [of_month(year, month).struck_out for month in (10, 11)] == [(), (3, 7, 8)]


# --- the correction ---------------------------------------------------------------------------------------------


def test_the_registrars_statement_did_not_agree_until_the_correction(year):
    said = "the registrar's statement of 29 August 2025 says"
    of = "of class ordinary at close of 29 August 2025"
    assert year.found_before == [
        f"issued excluding treasury {of}: {said} 3,217,163,824, the book 3,217,243,824",
        f"treasury {of}: {said} 11,180,000, the book 11,100,000",
    ]
    # The statement agrees; what is left is that the last Monthly Return, filed before, closed at the balances of that time.
    (left,) = findings(year.store.entries(ISSUER))
    closed = "closed at 3,217,243,824 issued shares of class ordinary and 11,100,000 treasury shares of class ordinary"
    assert (left.code, closed in left.message, "opens at 3,217,163,824 and 11,180,000: " in left.message) == ("HK618", True, True)
    assert year.ended == (left,)


def test_the_correction_touches_what_was_filed_since_the_day_of_the_fact_and_nothing_else(year):
    assert [filing.name for filing, _ in year.touched] == TOUCHED


def test_what_was_filed_before_the_correction_and_touched_reads_differently_ever_after(year):
    entries = list(year.store.entries(ISSUER))
    made_here = [each for each in filings(entries) if each.filed.book_number is not None]
    changed = [each for each in made_here if changed_since(entries, each)]
    assert [each.name for each in changed] == TOUCHED
    assert all(each.filed.submitted_on < CORRECTED_ON for each in changed)


def test_the_differences_of_may_are_the_twenty_thousand_shares_and_their_money(year):
    entries = list(year.store.entries(ISSUER))
    may = next(each for each in filings(entries) if each.name == "Monthly Return for May 2025")
    found = {each.field: (each.then, each.now) for each in changed_since(entries, may)}
    assert found == {
        "Part II, class ordinary, increase or decrease, number of issued shares, treasury excluded": ("-700,000", "-720,000"),
        "Part II, class ordinary, increase or decrease, number of treasury shares": ("700,000", "720,000"),
        "Part II, class ordinary, closing balance, number of issued shares, treasury excluded": ("800,500,000", "800,480,000"),
        "Part II, class ordinary, closing balance, number of treasury shares": ("2,900,000", "2,920,000"),
        "Part III(E), class ordinary, row 1, number of issued shares, treasury excluded": ("-700,000", "-720,000"),
        "Part III(E), class ordinary, row 1, number of treasury shares": ("700,000", "720,000"),
        "Part III(E), class ordinary, number of issued shares, treasury excluded": ("-700,000", "-720,000"),
        "Part III(E), class ordinary, number of treasury shares": ("700,000", "720,000"),
        "Part III, total, class ordinary, number of issued shares, treasury excluded": ("-700,000", "-720,000"),
        "Part III, total, class ordinary, number of treasury shares": ("700,000", "720,000"),
    }
    old, new = (
        entry.number
        for entry in entries
        if entry.event.effective_on == date(2025, 5, 15) and isinstance(entry.event, events.TradedShares)
    )
    assert all(each.entries == (old, new) for each in changed_since(entries, may))


# --- the resubmission -------------------------------------------------------------------------------------------


def test_the_return_for_may_stands_as_it_was_filed_and_as_it_was_filed_again(year):
    first, second = of_month(year, 5), of_month(year, 5, RESUBMITTED_ON)
    assert (first.status, second.status) == ("New Submission", "Resubmission")
    assert (closing(first), closing(second)) == (AS_FILED[5][:2], BALANCES[5][:2])
    entries = list(year.store.entries(ISSUER))
    of_may = [each for each in filings(entries) if each.name == "Monthly Return for May 2025"]
    assert [each.filed.status for each in of_may] == ["New Submission", "Resubmission"]
    assert [bool(changed_since(entries, each)) for each in of_may] == [True, False]


# --- a year later -----------------------------------------------------------------------------------------------


def test_every_return_filed_is_made_again_to_the_byte_at_the_end_of_the_year(year):
    for number, filed in numbered(year).items():
        found, content = rebuild(year.store, ISSUER, number, render=render)
        assert content == filed.content, found.name


@pytest.mark.parametrize("format_name", ["text", "html", "xlsx"])
def test_every_return_filed_prints_in_the_other_formats(format_name, year):
    assert all(render(filed.document, format_name) for filed in year.filed)


def test_the_book_of_the_year_is_whole(year):
    head = chain_verified(year.store, ISSUER)
    assert head.number == len(list(year.store.entries(ISSUER)))


def test_a_day_after_each_filing_nothing_of_a_later_one_was_known(year):
    """Each document is also what a viewpoint of its moment gives, from the whole book of the year."""
    entries = list(year.store.entries(ISSUER))
    for number, filed in numbered(year).items():
        document = filed.document
        if hasattr(document, "month_end"):
            known_at = entries[number - 1].recorded_at - timedelta(microseconds=1)
            assert monthly.prepare(entries, document.month_end, document.submitted_on, known_at) == document
