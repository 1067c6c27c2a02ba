"""FF304 and FF305, row by row, where the published returns of the worked issuer have nothing to show."""

from __future__ import annotations

from datetime import date

import pytest

from domain.returns import next_day
from domain.returns.categories import OTHER
from domain.returns.cells import BLANK
from domain.returns.explain import entries_in_words, explain
from domain.values import Money
from tests.domain.book_of import bought, entries, event, recorded_at, set_up, two_classes

BEFORE, FROM = date(2024, 6, 10), date(2024, 6, 11)


def prepared(*what, on=date(2024, 8, 15), submitted_on=date(2024, 8, 16), book=None):
    return next_day.prepare(entries(*(book or set_up()), *what), on, submitted_on)


def changes(document, section=0):
    return [
        (row.category, row.issued.value, str(row.percent) if row.percent else None, row.treasury.value)
        for row in document.sections[section].changes
    ]


def test_a_purchase_for_cancellation_leaves_part_a_and_stands_in_part_b():
    document = prepared(bought("5 August 2024", "700", price="HKD 1.25", text="Bought on the Exchange"))
    (section,) = document.sections
    assert changes(document) == [(OTHER, None, None, None)]
    assert section.changes[0].text == "See Part B"
    assert (section.opening.issued.value, section.closing.issued.value) == (500_000, 500_000)
    (row,) = section.pending
    assert (row.category, row.changed_on, row.shares.value, str(row.percent), row.price, row.text) == (
        "Shares repurchased for cancellation but not yet cancelled", date(2024, 8, 5), 700, "0.14",
        Money.parse("HKD 1.25"), "Bought on the Exchange",
    )  # fmt: skip


def test_every_tranche_pending_is_listed_again_oldest_first():
    document = prepared(bought("5 August 2024", "700"), bought("6 August 2024", "800"), book=set_up(pending="60"))
    assert [(row.number, row.changed_on.day, row.shares.value) for row in document.sections[0].pending] == [
        (1, 1, 60),
        (2, 5, 700),
        (3, 6, 800),
    ]


def test_a_cancellation_can_be_disclosed_alone_and_stands_in_the_next_return_with_what_else_happened():
    cancelled = event("RepurchasedSharesCancelled", "6 August 2024", share_class="ordinary", shares="60")
    alone = prepared(cancelled, book=set_up(pending="60"))
    assert (changes(alone)[0][1], alone.sections[0].closing.on) == (-60, date(2024, 8, 6))
    document = prepared(cancelled, bought("7 August 2024", "9"), book=set_up(pending="60"))
    assert changes(document) == [
        ("Repurchase of shares (shares repurchased and cancelled)", -60, "0.01", None),
        (OTHER, None, None, None),
    ]
    assert [row.shares.value for row in document.sections[0].pending] == [9]


def test_shares_bought_into_treasury_stand_in_part_a_alone():
    document = prepared(bought("5 August 2024", "5,000", "treasury"))
    assert changes(document) == [("Repurchase of shares (shares held as treasury shares)", -5_000, "1", 5_000)]
    (section,) = document.sections
    assert section.pending == ()
    assert [(line.issued.value, line.treasury.value, line.total.value) for line in (section.opening, section.closing)] == [
        (500_000, 0, 500_000), (495_000, 5_000, 500_000),
    ]  # fmt: skip


def test_every_row_of_a_class_has_the_same_denominator():
    placings = [event("PlacingCompleted", f"{day} August 2024", share_class="ordinary", shares="50,000") for day in (5, 6)]
    assert [row[2] for row in changes(prepared(*placings))] == ["10", "10"]


def test_the_denominator_is_the_class_from_june_2024_and_the_whole_issuer_before():
    conversion = event("ClassAConvertedToB", "5 March 2024", shares="6,000")
    books = {"book": two_classes("1 January 2024"), "on": date(2024, 3, 5)}
    assert [changes(prepared(conversion, submitted_on=FROM, **books), section)[0][2] for section in (0, 1)] == ["1", "1.5"]
    assert [changes(prepared(conversion, submitted_on=BEFORE, **books), section)[0][2] for section in (0, 1)] == ["0.6", "0.6"]


def test_before_june_2024_shares_pending_cancellation_are_out_of_the_denominator():
    placing = event("PlacingCompleted", "5 March 2024", share_class="ordinary", shares="1,000")
    books = {"book": set_up("1 January 2024", held="100,000", pending="100,000"), "on": date(2024, 3, 5)}
    assert changes(prepared(placing, submitted_on=BEFORE, **books))[0][2] == "1"
    assert changes(prepared(placing, submitted_on=FROM, **books))[0][2] == "0.5"


def test_before_june_2024_pending_purchases_are_numbered_on_after_the_changes():
    what = event("PlacingCompleted", "5 March 2024", share_class="ordinary", shares="1"), bought("6 March 2024", "2")
    document = prepared(*what, book=set_up("1 January 2024"), on=date(2024, 3, 6), submitted_on=BEFORE)
    (row,) = document.sections[0].pending
    assert (row.number, row.category) == (2, "Repurchase of shares (or other securities) but not cancelled")


def test_a_class_without_a_change_has_the_placeholder_row():
    document = prepared(event("PlacingCompleted", "5 August 2024", share_class="B", shares="6"), book=two_classes())
    (row,) = document.sections[1].changes
    assert (row.number, row.category, row.text, row.changed_on, row.issued.value, row.percent, row.treasury) == (
        1, OTHER, "Not applicable", date(2024, 8, 5), 0, None, BLANK,
    )  # fmt: skip


def test_the_closing_date_is_that_of_the_last_change_not_the_day_asked_for():
    document = prepared(event("PlacingCompleted", "5 August 2024", share_class="ordinary", shares="6"))
    assert document.sections[0].closing.on == date(2024, 8, 5)
    assert document.sections[0].opening.on == date(2024, 7, 31)


def test_what_an_earlier_return_disclosed_is_not_disclosed_again():
    document = prepared(
        event("PlacingCompleted", "5 August 2024", share_class="ordinary", shares="6"),
        event("ReturnFiled", "5 August 2024", kind="next-day", submitted_on="6 August 2024"),
        event("PlacingCompleted", "7 August 2024", share_class="ordinary", shares="7"),
    )
    assert [row[1] for row in changes(document)] == [7]
    assert (document.sections[0].opening.on, document.sections[0].opening.issued.value) == (date(2024, 8, 5), 500_006)


def test_a_return_as_it_was_known_leaves_out_what_was_found_later():
    book = entries(
        *set_up(),
        event("PlacingCompleted", "5 August 2024", share_class="ordinary", shares="6"),
        event("PlacingCompleted", "6 August 2024", share_class="ordinary", shares="7"),
    )
    then = next_day.prepare(book, date(2024, 8, 15), date(2024, 8, 16), known_at=recorded_at(5))
    assert [row[1] for row in changes(then)] == [6]


def test_remarks_are_those_of_its_facts_in_order():
    document = prepared(
        event("PlacingCompleted", "6 August 2024", share_class="ordinary", shares="6", remarks="Second."),
        event("PlacingCompleted", "5 August 2024", share_class="ordinary", shares="6", remarks="First."),
    )
    assert document.remarks == ("First.", "Second.")


def test_an_explanation_names_opening_movement_denominator_and_entries():
    document = prepared(event("PlacingCompleted", "5 August 2024", share_class="ordinary", shares="25,000", price="HKD 1.5"))
    lines = explain(document)
    assert lines[0] == "FF305 1.3.0, New Submission  the form in force on 16 August 2024"
    said = [" ".join(line.split()) for line in lines]
    assert (
        "Opening balance 500,000 31 July 2024, assumed: no return filed before is recorded; "
        "taken from the end of the preceding month; entry 4" in said
    )
    assert "Placing/subscription - new shares involved 25,000 5 August 2024, HKD 1.5; entry 5" in said
    assert (
        "% of existing 5 % 25,000 ÷ 500,000: opening balance of the class, treasury excluded, pending cancellation included (Note 3)"
        in said
    )
    assert "Closing balance 525,000 5 August 2024, opening and movements; entries 4 to 5" in said


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([], ""),
        ([2], "entry 2"),
        ([2, 2], "entry 2"),
        ([2, 3], "entries 2 to 3"),
        ([11, 5, 6, 2, 7, 8, 9], "entries 2, 5 to 9, 11"),
    ],
)
def test_entry_numbers_are_put_in_words(numbers, words):
    assert entries_in_words(numbers) == words


# As printed: issue price, closing price of the business day before, and the discount or premium in per cent.
@pytest.mark.parametrize(
    ("price", "close", "discount"),
    [
        ("HKD 1.5", "HKD 1.66", "-9.64"),
        ("HKD 1.5", "HKD 1.5", "0.00"),
        ("HKD 3", "HKD 2", "50.00"),
        # A third, and a half of a hundredth either side of nothing.
        ("HKD 2", "HKD 3", "-33.33"),
        ("HKD 1.00005", "HKD 1", "0.01"),
        ("HKD 0.99995", "HKD 1", "-0.01"),
        ("HKD 1.00004", "HKD 1", "0.00"),
        # More digits than a decimal is computed with where nobody says otherwise.
        ("HKD 300000000000000000000.00000000000000000001", "HKD 200000000000000000000", "50.00"),
        (None, "HKD 1", None),
        ("HKD 1", None, None),
        ("HKD 1", "USD 1", None),
        ("HKD 1", "HKD 0", None),
    ],
)
def test_the_discount_is_of_the_closing_price_of_the_day_before(price, close, discount):
    placing = event(
        "PlacingCompleted", "5 March 2024", share_class="ordinary", shares="1", price=price, closing_market_price=close
    )
    document = prepared(placing, book=set_up("1 January 2024"), on=date(2024, 3, 5), submitted_on=BEFORE)
    (row,) = document.sections[0].changes
    assert (row.discount if row.discount is None else str(row.discount)) == discount
