"""FF301, cell by cell, where the published return of the worked issuer has nothing to show."""

from __future__ import annotations

import sys
from datetime import date

import pytest

from domain import rulebook
from domain.returns import monthly
from domain.returns.cells import BLANK, Figure
from domain.returns.filed import form_named
from domain.values import Money
from tests.domain.book_of import bought, entries, event, set_up, two_classes

JULY, AUGUST = date(2024, 7, 31), date(2024, 8, 31)


def august(*what, book=None):
    return monthly.prepare(entries(*(book or set_up(treasury="50,000", pending="3,000")), *what), AUGUST, date(2024, 9, 5))


def cancelled(on, shares, **said):
    return event("RepurchasedSharesCancelled", on, share_class="ordinary", shares=shares, **said)


def rows(document):
    return [
        (row.category, row.issued.value, row.treasury.value, row.pending.value)
        for block in document.other_movements
        for row in block.rows
    ]


def feet(document):
    return [(total.heading.code, total.issued.value, total.treasury.value) for total in document.totals]


def test_a_month_without_movements_prints_its_balances_and_nothing_else():
    document = august(book=set_up(treasury="50,000"))
    (block,) = document.issued
    assert (block.opening.issued.value, block.opening.treasury.value, block.opening.total.value) == (500_000, 50_000, 550_000)
    assert block.movement == type(block.movement)(BLANK, BLANK, BLANK)
    assert block.closing == block.opening
    assert (document.options, document.other_movements, document.totals) == ((), (), ())


def test_authorised_capital_is_number_times_par_value():
    increase = event("AuthorisedCapitalIncreased", "15 August 2024", share_class="ordinary", shares="250,000")
    document = august(increase)
    (block,) = document.authorised
    assert (block.opening.value, block.movement, block.closing.value) == (1_000_000, Figure(250_000, (5,)), 1_250_000)
    assert (block.opening_capital, block.closing_capital) == (Money.parse("HKD 100,000"), Money.parse("HKD 125,000"))
    assert document.total_authorised_capital == (Money.parse("HKD 125,000"),)


def test_authorised_capital_is_added_up_currency_by_currency():
    classes = [
        event("ShareClassCreated", "2 July 2024", share_class=code, class_label="Other", par_value=par)
        for code, par in (("C", "HKD 0.5"), ("D", "USD 1"), ("E", None))
    ]
    increases = [event("AuthorisedCapitalIncreased", "2 July 2024", share_class=code, shares="10") for code in "CDE"]
    document = august(book=[*set_up(), *classes, *increases])
    assert document.total_authorised_capital == (Money.parse("HKD 100,005"), Money.parse("USD 10"))
    assert [block.closing_capital for block in document.authorised][-1] is None


def test_part_one_is_not_applicable_where_no_class_has_authorised_capital():
    book = [
        event("IssuerRegistered", "1 July 2024", issuer="00001", name="Example Limited"),
        event("ShareClassCreated", "1 July 2024", share_class="ordinary", class_label="Ordinary shares", authorised="no"),
        event("BalanceBroughtForward", "1 July 2024", share_class="ordinary", held="500,000"),
    ]
    document = august(book=book)
    assert (document.authorised, document.total_authorised_capital) == (None, ())


def test_shares_bought_for_cancellation_stand_in_the_stock_pending_not_among_the_movements():
    document = august(bought("5 August 2024", "700"))
    assert rows(document) == [
        ("Repurchase of shares (shares repurchased for cancellation but not yet cancelled)", None, None, -3_700)
    ]
    assert document.issued[0].movement.issued == BLANK
    assert document.issued[0].closing.issued.value == 503_000
    assert document.other_movements[0].rows[0].pending.entries == (4, 5)


def test_the_stock_pending_is_that_of_earlier_months_too_and_one_number():
    document = august(bought("5 July 2024", "700"), cancelled("6 August 2024", "3,100"), bought("7 August 2024", "11"))
    assert rows(document) == [
        ("Repurchase of shares (shares repurchased and cancelled)", -3_100, None, None),
        ("Repurchase of shares (shares repurchased for cancellation but not yet cancelled)", None, None, -611),
    ]
    assert feet(document) == [("ordinary", -3_100, None)]


def test_shares_redeemed_and_not_cancelled_are_a_stock_of_their_own():
    redeemed = event("SharesRedeemed", "5 August 2024", share_class="ordinary", shares="40", cancelled="no")
    assert [(row[0], row[3]) for row in rows(august(redeemed))] == [
        ("Repurchase of shares (shares repurchased for cancellation but not yet cancelled)", -3_000),
        ("Redemption of shares (shares redeemed but not yet cancelled)", -40),
    ]


def test_shares_bought_into_treasury_leave_one_column_for_the_other():
    document = august(bought("5 August 2024", "700", "treasury", price="HKD 1.25"), book=set_up(treasury="50,000"))
    assert rows(document) == [("Repurchase of shares (shares held as treasury shares)", -700, 700, None)]
    assert document.other_movements[0].rows[0].price == Money.parse("HKD 1.25")
    assert [line.total.value for line in (document.issued[0].opening, document.issued[0].closing)] == [550_000, 550_000]


@pytest.mark.parametrize(
    ("what", "row"),
    [
        (
            event("TreasurySharesSold", "5 August 2024", share_class="ordinary", shares="700"),
            ("Sale of treasury shares", 700, -700, None),
        ),
        (
            event("TreasurySharesCancelled", "5 August 2024", share_class="ordinary", shares="700"),
            ("Cancellation of treasury shares", None, -700, None),
        ),
        (
            event("PlacingCompleted", "5 August 2024", share_class="ordinary", shares="700", treasury_shares="yes"),
            ("Placing/subscription - treasury shares involved", 700, -700, None),
        ),
        (
            event("SharesRedeemed", "5 August 2024", share_class="ordinary", shares="700"),
            ("Redemption of shares (shares redeemed and cancelled)", -700, None, None),
        ),
    ],
)
def test_each_fact_fills_its_columns(what, row):
    document = august(what, book=set_up(treasury="50,000"))
    assert rows(document) == [row]
    assert feet(document) == [("ordinary", row[1], row[2])]


def test_a_conversion_stands_in_the_blocks_of_both_classes_and_the_total_does_not_change():
    document = august(event("ClassAConvertedToB", "5 August 2024", shares="700", text="Conversion"), book=two_classes())
    assert [(block.heading.code, [row.issued.value for row in block.rows]) for block in document.other_movements] == [
        ("B", [700]),
        ("A", [-700]),
    ]
    assert [row.text for block in document.other_movements for row in block.rows] == ["Conversion", "Conversion"]
    assert feet(document) == [("B", 700, None), ("A", -700, None)]


def test_the_table_specifies_other_where_the_fact_does_not():
    document = august(event("ClassAConvertedToB", "5 August 2024", shares="700"), book=two_classes())
    assert document.other_movements[0].rows[0].text == "Conversion of shares of one class into another"


def test_the_general_meeting_is_that_of_the_mandate_or_the_facts_own():
    mandate = event("MandateGranted", "26 July 2024", mandate="m", purpose="issue", percent="20", base="500,000")
    placings = [
        event("PlacingCompleted", "5 August 2024", share_class="ordinary", shares="1", mandate="m"),
        event("PlacingCompleted", "6 August 2024", share_class="ordinary", shares="2", general_meeting_on="1 August 2024"),
        event("PlacingCompleted", "7 August 2024", share_class="ordinary", shares="3"),
    ]
    document = august(mandate, *placings, book=set_up())
    days = [(row.occurred_on, row.general_meeting_on) for row in document.other_movements[0].rows]
    assert days == [(date(2024, 8, 5), date(2024, 7, 26)), (date(2024, 8, 6), date(2024, 8, 1)), (date(2024, 8, 7), None)]


SCHEME = event("SchemeAdopted", "2 July 2024", scheme="2024", share_class="ordinary", particulars="Options", limit="10,000")
GRANTED = event("OptionsGranted", "3 July 2024", scheme="2024", options="5,000")


def moved(kind, on, options, **said):
    return event(kind, on, scheme="2024", options=options, **said)


def test_a_schemes_row_opens_moves_and_closes():
    document = august(
        moved("OptionsGranted", "1 August 2024", "100"),
        moved("OptionsExercised", "2 August 2024", "20", price="HKD 0.9"),
        moved("OptionsExercised", "3 August 2024", "5", price="HKD 0.5", treasury_shares="yes"),
        moved("OptionsLapsed", "4 August 2024", "3"),
        moved("OptionsCancelled", "5 August 2024", "2"),
        moved("OptionsGranted", "6 August 2024", "1"),
        book=[*set_up(treasury="50,000"), SCHEME, GRANTED],
    )
    (block,) = document.options
    (row,) = block.rows
    assert [(each.label, each.number.value) for each in row.movements] == [
        ("Granted", 101), ("Exercised", -25), ("Lapsed", -3), ("Cancelled", -2),
    ]  # fmt: skip
    assert (row.opening.value, row.closing.value, row.new_shares.value, row.treasury_shares.value) == (5_000, 5_071, 20, 5)
    # Granted 5,101 of 10,000; the 3 that lapsed may be granted again.
    assert (row.may_be_issued.value, row.may_be_granted.value) == (5_071, 4_902)
    assert block.funds_raised == (Money.parse("HKD 20.5"),)
    assert feet(document) == [("ordinary", 25, -5)]


def test_nothing_may_be_granted_under_a_scheme_beyond_its_limit():
    """Of 10,000, 5,000 are granted before August: 6,000 more are 1,000 too many; once 1,200 have lapsed, 200 are left."""
    granted = moved("OptionsGranted", "1 August 2024", "6,000")
    left = august(granted, book=[*set_up(), SCHEME, GRANTED]).options[0].rows[0].may_be_granted
    assert left == Figure(0, (5, 6, 7))
    lapsed = moved("OptionsLapsed", "5 August 2024", "1,200")
    assert august(granted, lapsed, book=[*set_up(), SCHEME, GRANTED]).options[0].rows[0].may_be_granted.value == 200
    book = entries(*set_up(), SCHEME, GRANTED, granted)
    first = monthly.prepare(book, AUGUST, date(2024, 9, 5), form=form_named("FF301 1.1.1", 1))
    assert first.options[0].rows[0].may_be_granted.value == -1_000


def test_the_funds_raised_are_left_open_if_the_price_of_an_exercise_is_not_recorded():
    """20 options raised HKD 18, what another 8 raised is not known: HKD 18 is not the total. A price of nothing is a price."""
    scheme = [*set_up(treasury="50,000"), SCHEME, GRANTED]
    priced = moved("OptionsExercised", "2 August 2024", "20", price="HKD 0.9")
    free = moved("OptionsExercised", "3 August 2024", "2", price="HKD 0")
    unpriced = [
        moved("OptionsExercised", f"{day} August 2024", "4", treasury_shares=said) for day, said in ((5, "yes"), (6, "no"))
    ]
    document = august(priced, *unpriced, free, book=scheme)
    assert document.options[0].funds_raised == ()
    said = "total funds raised from exercises of options under scheme 2024 is not known: no price is recorded for 5 August 2024, 6 August 2024"
    assert said in document.draft_reasons
    document = august(priced, free, book=scheme)
    assert document.options[0].funds_raised == (Money.parse("HKD 18"),)
    assert document.draft_reasons == ("no signatory",)


def test_the_first_edition_adds_up_the_funds_that_are_known():
    form = form_named("FF301 1.1.1", 1)
    facts = [moved("OptionsExercised", f"{day} August 2024", "20", **said) for day, said in ((2, {"price": "HKD 0.9"}), (3, {}))]
    document = monthly.prepare(entries(*set_up(), SCHEME, GRANTED, *facts), AUGUST, date(2024, 9, 5), form=form)
    assert document.options[0].funds_raised == (Money.parse("HKD 18"),)


def test_the_feet_of_part_three_a_are_what_part_two_moves():
    exercised = moved("OptionsExercised", "2 August 2024", "20", treasury_shares="yes")
    document = august(exercised, book=[*set_up(treasury="50,000"), SCHEME, GRANTED])
    (block,) = document.options
    # The foot's own caption says that it is a decrease.
    assert (block.issued.value, block.treasury.value) == (20, 20)
    assert (document.issued[0].movement.issued.value, document.issued[0].movement.treasury.value) == (20, -20)


def test_a_scheme_of_existing_shares_issues_nothing():
    book = [
        *set_up(),
        event(
            "SchemeAdopted", "2 July 2024", scheme="nominee", share_class="ordinary", particulars="Nominee", existing_shares="yes"
        ),
        event("SchemeSharesMoved", "2 July 2024", scheme="nominee", shares="9,000", word="Brought forward"),
    ]
    document = august(
        event("SchemeSharesMoved", "2 August 2024", scheme="nominee", shares="-400", word="Sold"),
        event("SchemeSharesMoved", "3 August 2024", scheme="nominee", shares="-50", word="Sold"),
        event("SchemeSharesMoved", "4 August 2024", scheme="nominee", shares="7", word="Transferred in"),
        book=book,
    )
    (row,) = document.options[0].rows
    assert [(each.label, each.word, each.number.value) for each in row.movements] == [
        ("Others", "Sold", -450),
        ("Others", "Transferred in", 7),
    ]
    assert (row.opening.value, row.closing.value, row.may_be_issued.value, row.may_be_granted) == (9_000, 8_557, 0, BLANK)
    assert feet(document) == [("ordinary", None, None)]


def test_remarks_stand_with_the_part_of_their_facts():
    document = august(
        moved("OptionsLapsed", "2 August 2024", "1", remarks="One option lapsed."),
        event("PlacingCompleted", "3 August 2024", share_class="ordinary", shares="1", remarks="One share was placed."),
        book=[*set_up(), SCHEME, GRANTED],
    )
    assert document.options[0].remarks == ("One option lapsed.",)
    assert document.other_movements[0].remarks == ("One share was placed.",)


def test_two_facts_that_undo_each_other_leave_part_two_blank_and_their_rows_standing():
    document = august(
        bought("5 August 2024", "700", "treasury"),
        event("TreasurySharesSold", "6 August 2024", share_class="ordinary", shares="700"),
        book=set_up(),
    )
    assert document.issued[0].movement.issued == BLANK
    assert [row[1] for row in rows(document)] == [-700, 700]
    assert feet(document) == [("ordinary", None, None)]


def test_the_signatory_is_the_one_in_office_at_the_month_end_or_nobody():
    signatory = event("SignatoryAppointed", "15 August 2024", name="Chan Tai Man", title="Company Secretary")
    assert (august().submitted_by, august().title) == (None, None)
    assert (august(signatory).submitted_by, august(signatory).title) == ("Chan Tai Man", "Company Secretary")


def test_what_was_learnt_later_is_not_in_a_return_as_it_was_known():
    book = entries(*set_up(), event("PlacingCompleted", "5 August 2024", share_class="ordinary", shares="1"))
    then = monthly.prepare(book, AUGUST, date(2024, 9, 5), known_at=book[3].recorded_at)
    assert (then.issued[0].closing.issued.value, then.other_movements) == (500_000, ())


def many_classes(number):
    day, classes = "1 July 2024", [f"C{each}" for each in range(number)]
    yield event("IssuerRegistered", day, issuer="00001", name="Example Limited")
    for code in classes:
        yield event("ShareClassCreated", day, share_class=code, class_label="Ordinary shares", par_value="HKD 0.1")
        yield event("AuthorisedCapitalIncreased", day, share_class=code, shares="1,000,000")
        yield event("BalanceBroughtForward", day, share_class=code, held="500,000", pending_cancellation="1,000")
    for code in classes:
        yield event("PlacingCompleted", "15 August 2024", share_class=code, shares="7", price="HKD 1")


def calls(make):
    """How many functions are called, or go on, in making something."""
    made = []

    def count(_frame, what, _):
        if what == "call":
            made.append(1)

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        make()
    finally:
        sys.setprofile(before)
    return len(made)


def test_a_return_of_twice_as_many_classes_takes_twice_the_work():
    few, many = (entries(*many_classes(number)) for number in (40, 80))
    assert len(monthly.prepare(many, AUGUST, date(2024, 9, 5)).issued) == 80
    for make in (
        lambda book: monthly.prepare(book, AUGUST, date(2024, 9, 5)),
        lambda book: rulebook.findings(book, AUGUST),
    ):
        # Once before it is counted: what is remembered of names and types is there.
        make(many)
        assert calls(lambda make=make: make(many)) < 2.2 * calls(lambda make=make: make(few))
