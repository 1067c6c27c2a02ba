"""Every category on every form: what it moves, and the row that prints it, for new and treasury shares, directors and others."""

from __future__ import annotations

from datetime import date

import pytest

from domain.disclosure.triggers import item_of
from domain.returns import monthly, next_day
from domain.returns.categories import OTHER, category
from domain.returns.filings import NotPrepared
from tests.domain.book_of import at, entries, event, two_classes
from tests.events import EVENT_FILES

CLASS = {"share_class": "B"}
# What the rows rest on, from before the month: treasury shares, shares pending of both kinds, schemes, instruments.
BOOK = [
    *two_classes("1 January 2024"),
    event("SharesRepurchased", "2 January 2024", shares="9,000", intention="treasury", **CLASS),
    event("SharesRepurchased", "3 January 2024", shares="8,000", intention="cancellation", **CLASS),
    event("SharesRedeemed", "4 January 2024", shares="7,000", cancelled="no", **CLASS),
    event("SchemeAdopted", "5 January 2024", scheme="options", particulars="Options", **CLASS),
    event("OptionsGranted", "5 January 2024", scheme="options", options="6,000"),
    event("SchemeAdopted", "5 January 2024", scheme="awards", particulars="Awards", awards="yes", **CLASS),
    event("AwardsGranted", "5 January 2024", scheme="awards", awards="6,000"),
    event("WarrantsIssued", "5 January 2024", instrument="w", description="Warrants", shares="6,000", warrants="6,000", **CLASS),
    event(
        "ConvertiblesIssued", "5 January 2024", instrument="cb", description="Bonds", shares="6,000", amount="HKD 6,000", **CLASS
    ),
]
HELD, TREASURY, PENDING = 576_000, 9_000, 15_000
BEFORE = ("FF304 1.2.5", "FF301 1.0.2")
DAY = "15 February 2024"
BOUGHT = "Repurchase of shares"
BOUGHT_BEFORE = "Repurchase of shares (or other securities)"
REDEEMED = "Redemption of shares"

NEW_SHARES, OUT_OF_TREASURY = (70, 0), (70, -70)
OF_70 = {**CLASS, "shares": "70"}


ROWS = [row for file in EVENT_FILES.values() for row in file.categories]
EVERY_ROW = pytest.mark.parametrize("row", ROWS, ids=str)


def fact(row, day=DAY):
    return event(row.name, day, **row.said)


def instrument(row):
    """The scheme or instrument that the row of a next day return names."""
    codes = {"options": "Options", "awards": "Awards", "w": "Warrants", "cb": "Bonds"}
    return codes.get(row.said.get("scheme") or row.said.get("instrument"))


# A purchase for cancellation changes nothing yet: it stands in the stock pending, not among the changes.
WAITS = ("SharesRepurchased", "SharesRedeemed")


def waits(row):
    return row.name in WAITS and row.moved == (0, 0)


def counted(row, form):
    """What a fact moves of the issued shares of a form: those before June 2024 count the shares in treasury."""
    return sum(row.moved) if form in BEFORE else row.moved[0]


def words(row, form):
    """The words under *Other*; forms before June 2024 have no category for treasury shares."""
    return row.now if form in BEFORE and row.before == OTHER and row.text is None else row.text


@EVERY_ROW
def test_a_fact_has_its_wording_on_each_side_of_june_2024(row):
    found = category(fact(row))
    assert (found.part, found.wording, found.before_june_2024, found.text) == (row.part, row.now, row.before, row.text)
    assert found.mark == row.mark


@EVERY_ROW
def test_a_fact_is_on_its_line_of_the_lists_in_force_on_its_day(row):
    assert [item_of(fact(row, day)).code for day in ("10 June 2024", "11 June 2024")] == [row.listed_before, row.listed]


@EVERY_ROW
def test_a_fact_moves_the_balances_of_its_row(row):
    balance = at(entries(*BOOK, fact(row)), "2024-02-15").balance("B")
    issued, treasury = row.moved
    assert balance.issued_excluding_treasury == HELD + PENDING + issued
    assert balance.treasury == TREASURY + treasury
    assert balance.total_issued == HELD + PENDING + TREASURY + issued + treasury
    assert balance.pending_cancellation == PENDING + row.pending


# --- FF304 and FF305 --------------------------------------------------------------------------------------------

NEXT_DAY = [("FF304 1.2.5", date(2024, 2, 16)), ("FF305 1.3.0", date(2024, 6, 11))]


@pytest.mark.parametrize(("form", "submitted_on"), NEXT_DAY, ids=[form for form, _ in NEXT_DAY])
@EVERY_ROW
def test_a_fact_is_a_row_of_the_next_day_return(row, form, submitted_on):
    document = next_day.prepare(entries(*BOOK, fact(row)), date(2024, 2, 15), submitted_on)
    assert str(document.form) == form
    before = form.startswith("FF304")
    section = document.sections[0]
    issued, treasury, pending = counted(row, form), row.moved[1], PENDING + row.pending
    if before and row.name == "SharesRepurchased" and treasury:
        # Bought into treasury, they are not cancelled.
        assert (section.changes, section.pending[-1].category) == ((), f"{BOUGHT_BEFORE} but not cancelled")
        pending += treasury
    elif waits(row):
        # In FF304 the row of what is pending stands in the table itself, and no other with it.
        leads = [] if before else [(OTHER, "See Part B", None, None)]
        assert [(each.category, each.text, each.issued.value, each.percent) for each in section.changes] == leads
    else:
        (change,) = section.changes
        assert (change.category, change.issued.value, change.treasury.value or 0) == (
            row.before if before else row.now,
            issued,
            treasury,
        )
        assert change.changed_on == date(2024, 2, 15)
        assert words(row, form) is None or change.text == words(row, form)
        assert change.text == instrument(row) or instrument(row) is None
    assert sum(each.shares.value for each in section.pending) == pending
    for column, moved in (("issued", issued), ("treasury", treasury)):
        assert getattr(section.opening, column).value + moved == getattr(section.closing, column).value
    beside = 0 if before else section.closing.treasury.value
    assert section.closing.total.value == section.closing.issued.value + beside


@pytest.mark.parametrize(("form", "submitted_on"), NEXT_DAY, ids=[form for form, _ in NEXT_DAY])
def test_pending_rows_continue_the_numbers_in_ff304_and_start_again_in_part_b_of_ff305(form, submitted_on):
    document = next_day.prepare(entries(*BOOK, event("PlacingCompleted", DAY, **OF_70)), date(2024, 2, 15), submitted_on)
    assert [each.number for each in document.sections[0].pending] == ([2, 3] if form.startswith("FF304") else [1, 2])


def test_no_two_rows_of_the_one_table_of_ff304_have_one_number_where_shares_are_only_pending():
    bought = event("SharesRepurchased", DAY, intention="cancellation", **OF_70)
    (section, _) = next_day.prepare(entries(*BOOK, bought), date(2024, 2, 15), date(2024, 2, 16)).sections
    numbers = [each.number for each in (*section.changes, *section.pending)]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(("form", "submitted_on"), NEXT_DAY, ids=[form for form, _ in NEXT_DAY])
def test_what_is_pending_is_named_by_what_it_was(form, submitted_on):
    document = next_day.prepare(entries(*BOOK, event("PlacingCompleted", DAY, **OF_70)), date(2024, 2, 15), submitted_on)
    named = [(each.category, each.changed_on.day, each.shares.value) for each in document.sections[0].pending]
    before = [(f"{BOUGHT_BEFORE} but not cancelled", 3, 8_000), (f"{REDEEMED} but not cancelled", 4, 7_000)]
    now = [
        ("Shares repurchased for cancellation but not yet cancelled", 3, 8_000),
        ("Shares redeemed but not yet cancelled", 4, 7_000),
    ]
    assert named == (before if form.startswith("FF304") else now)


@pytest.mark.parametrize("name", ["OptionsGranted", "OptionsLapsed", "OptionsCancelled"])
def test_what_moves_options_alone_is_no_row_of_a_next_day_return(name):
    with pytest.raises(NotPrepared):
        next_day.prepare(entries(*BOOK, event(name, DAY, scheme="options", options="7")), date(2024, 2, 15), date(2024, 2, 16))


# --- FF301 ------------------------------------------------------------------------------------------------------

MONTHLY = [("FF301 1.0.2", date(2024, 3, 5)), ("FF301 1.1.0", date(2024, 6, 11))]
# What FF301 before June 2024 calls otherwise than FF304.
ITS_OWN = {
    OTHER: "Other (Please specify)",
    f"{BOUGHT_BEFORE} and cancelled": BOUGHT,
    f"{REDEEMED} and cancelled": REDEEMED,
}
PARTS = {"A": "options", "B": "warrants", "C": "convertibles", "D": "agreements", "E": "other_movements"}


def month_of(row, submitted_on):
    return monthly.prepare(entries(*BOOK, fact(row)), date(2024, 2, 29), submitted_on)


@pytest.mark.parametrize(("form", "submitted_on"), MONTHLY, ids=[form for form, _ in MONTHLY])
@EVERY_ROW
def test_a_fact_stands_in_its_part_of_the_monthly_return_and_in_no_other(row, form, submitted_on):
    document = month_of(row, submitted_on)
    assert str(document.form) == form
    before = form in BEFORE
    moved = counted(row, form), row.moved[1]
    stands = any(moved) and not (before and row.part == "E" and not moved[0])
    for part, name in PARTS.items():
        # The feet of parts (A) to (D) print a decrease in treasury shares as a positive number.
        sign = 1 if part == "E" else -1
        blocks = [block for block in getattr(document, name) if block.heading.code == "B"]
        feet = [(block.issued.value or 0, sign * (block.treasury.value or 0)) for block in blocks]
        assert feet in (([moved],) if part == row.part and stands else ([], [(0, 0)]))
    line = document.issued[0]
    assert (line.movement.issued.value or 0, line.movement.treasury.value or 0) == moved
    stood = HELD + PENDING + (TREASURY if before else 0)
    assert (line.closing.issued.value, line.closing.treasury.value) == (stood + moved[0], TREASURY + moved[1])
    assert document.confirms is (row.moved in (NEW_SHARES, OUT_OF_TREASURY))


@EVERY_ROW
def test_the_stock_pending_stands_in_part_e_whatever_happened(row):
    block = month_of(row, date(2024, 6, 11)).other_movements[0]
    assert -sum(each.pending.value or 0 for each in block.rows) == PENDING + row.pending
    assert all(each.issued.value is None for each in block.rows if each.pending.value)


@EVERY_ROW
def test_before_june_2024_there_is_no_column_for_the_stock_pending(row):
    parts = month_of(row, date(2024, 3, 5)).other_movements
    assert [each for part in parts for each in part.rows if each.pending.value] == []


@pytest.mark.parametrize(("form", "submitted_on"), MONTHLY, ids=[form for form, _ in MONTHLY])
@pytest.mark.parametrize("row", [row for row in ROWS if row.part == "E" and not waits(row)], ids=str)
def test_a_row_of_part_e_has_the_wording_of_its_form(row, form, submitted_on):
    blocks = [block for block in month_of(row, submitted_on).other_movements if block.heading.code == "B"]
    rows = [each for block in blocks for each in block.rows if not each.pending.value]
    if not counted(row, form) and form in BEFORE:
        assert rows == []
        return
    (found,) = rows
    assert found.category == (ITS_OWN.get(row.before, row.before) if form == "FF301 1.0.2" else row.now)
    assert (found.issued.value or 0, found.treasury.value or 0) == (counted(row, form), row.moved[1])
    assert found.occurred_on == date(2024, 2, 15)
    assert found.text == words(row, form)


@pytest.mark.parametrize("row", [row for row in ROWS if row.part in "ABC"], ids=str)
def test_a_row_of_what_is_outstanding_has_new_and_treasury_shares_apart(row):
    (found,) = getattr(month_of(row, date(2024, 6, 11)), PARTS[row.part])[0].rows
    new, taken = (None, 70) if row.moved == OUT_OF_TREASURY else (70, None)
    assert (found.new_shares.value, found.treasury_shares.value, found.may_be_issued.value) == (new, taken, 5_930)
