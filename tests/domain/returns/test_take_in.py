"""What a later return calls for, row by row: each movement of it once, and none that the book has."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from domain.returns import monthly, next_day
from domain.returns.proposals import BY_HAND, Known
from domain.returns.recorded_rows import OTHERWISE
from domain.returns.take_in import ALIKE, RESTATED, facts_called_for
from tests.domain.book_of import entries, event, set_up, two_classes

DAY, MONTH_END = "6 August 2024", "31 August 2024"
SCHEMES = [
    event("SchemeAdopted", "1 July 2024", scheme=f"s{year}", share_class="ordinary", particulars=f"Share option scheme of {year}", limit="90,000")
    for year in (2014, 2024)
]  # fmt: skip
BOOK = [
    *set_up(),
    *SCHEMES,
    *(event("SchemeBalanceBroughtForward", "1 July 2024", scheme=each.scheme, outstanding="5,000") for each in SCHEMES),
]


def exercised(scheme, options, on=DAY, price="HKD 1.5"):
    return event("OptionsExercised", on, scheme=scheme, options=options, price=price)


def placed(on, price):
    return event("PlacingCompleted", on, share_class="ordinary", shares="100", price=price)


def bought(on, shares="100", intention="treasury", price="HKD 1"):
    return event("SharesRepurchased", on, share_class="ordinary", shares=shares, intention=intention, price=price)


def redeemed(shares, cancelled):
    return event("SharesRedeemed", DAY, share_class="ordinary", shares=shares, cancelled=cancelled)


def of_the_day(*facts, book=BOOK, on=date(2024, 8, 6)):
    """The return of a day with these facts, as it was published."""
    return next_day.prepare(entries(*book, *facts), on, date(2024, 8, 30))


def of_the_month(*facts, book=BOOK):
    """The Monthly Return with these facts, as it was published."""
    return monthly.prepare(entries(*book, *facts), date(2024, 8, 31), date(2024, 9, 4))


def called_for(document, *known, book=BOOK):
    return facts_called_for(document, Known([*book, *known]))


def facts(*arguments, **more):
    return [each.event for each in called_for(*arguments, **more)]


# Facts of one day or month of which every one is a row of its own.
ROWS_ALIKE = [
    pytest.param(of_the_day, [exercised("s2014", "100"), exercised("s2024", "100")], id="of two schemes"),
    pytest.param(of_the_day, [placed(DAY, "HKD 1"), placed(DAY, "HKD 2")], id="of one day at two prices"),
    pytest.param(of_the_day, [bought(DAY, "70", "cancellation"), bought(DAY, "30", "cancellation")], id="pending"),
    pytest.param(of_the_day, [bought(DAY, "100", "cancellation"), bought(DAY)], id="for two ends"),
    pytest.param(of_the_month, [placed(DAY, "HKD 1"), placed(DAY, "HKD 2")], id="of one day, in a Monthly Return"),
    pytest.param(of_the_month, [bought("5 August 2024"), bought(DAY), bought("7 August 2024")], id="of one number each day"),
]


@pytest.mark.parametrize(("published", "both"), ROWS_ALIKE)
def test_rows_that_are_alike_are_a_fact_each(published, both):
    assert facts(published(*both)) == both


@pytest.mark.parametrize(("published", "both"), ROWS_ALIKE)
def test_of_rows_that_are_alike_the_book_lacks_those_that_it_has_no_fact_for(published, both):
    for known in both:
        rest = [each for each in both if each is not known]
        found = facts(published(*both), known)
        assert [(each.effective_on, each.shares or each.options) for each in found] == [
            (each.effective_on, each.shares or each.options) for each in rest
        ]
    assert facts(published(*both), *both) == []


def test_options_of_two_schemes_that_lapse_in_one_month_are_a_fact_each():
    lapsed = [event("OptionsLapsed", MONTH_END, scheme=scheme, options="100") for scheme in ("s2014", "s2024")]
    assert facts(of_the_month(*lapsed)) == lapsed


def test_a_row_names_its_scheme_by_its_year():
    assert facts(of_the_day(exercised("s2024", "100"))) == [exercised("s2024", "100")]


@pytest.mark.parametrize("published", [of_the_day, of_the_month])
def test_several_facts_of_a_day_that_stand_in_one_row_are_known(published):
    both = exercised("s2014", "60"), exercised("s2014", "40")
    assert facts(published(*both), *both) == []


def test_a_fact_in_two_currencies_stands_in_two_rows_and_is_known():
    trades = "On the Exchange: 60 @ HKD 1 = HKD 60; On the Exchange: 40 @ RMB 1 = RMB 40"
    both = event("SharesRepurchased", DAY, share_class="ordinary", shares="100", intention="treasury", trades=trades)
    document = of_the_day(both)
    assert [row.issued.value for row in document.sections[0].changes] == [-60, -40]
    assert facts(document, both) == []


def test_what_is_left_pending_of_a_purchase_cancelled_in_part_is_known():
    purchase = bought("5 August 2024", "100", "cancellation")
    cancelled = event("RepurchasedSharesCancelled", DAY, share_class="ordinary", shares="40")
    document = of_the_day(purchase, cancelled)
    assert [row.shares.value for row in document.sections[0].pending] == [60]
    assert facts(document, purchase) == [cancelled]


def test_what_was_pending_when_the_book_began_is_no_purchase_of_it():
    book = set_up(pending="60")
    document = of_the_day(placed(DAY, "HKD 1"), book=book)
    assert [row.shares.value for row in document.sections[0].pending] == [60]
    assert facts(document, book=book) == [placed(DAY, "HKD 1")]


def test_rows_of_days_before_the_book_begins_are_in_its_balances():
    document = of_the_day(placed("5 August 2024", "HKD 1"), placed(DAY, "HKD 2"))
    assert facts(document, book=set_up("5 August 2024")) == [placed(DAY, "HKD 2")]


def test_a_row_that_holds_all_of_the_month_is_known():
    """A published return may print the purchases of a month in one row, with its last day."""
    purchases = [bought("5 August 2024", "60"), bought("6 August 2024", "40")]
    document = of_the_month(bought("7 August 2024", "100"))
    assert facts(document, *purchases) == []


def test_a_fact_that_reads_like_another_is_left_to_be_recorded_by_hand():
    """Recorded with the first it would be taken for it, and the book would lack 100 shares."""
    first, second = called_for(of_the_day(placed(DAY, "HKD 1"), placed(DAY, "HKD 1")))
    assert first.event == placed(DAY, "HKD 1")
    assert (second.event, second.note, second.path) == (None, ALIKE, "sections[0].changes[1]")


# --- Redemptions --------------------------------------------------------------------------------------------------------


def test_redeemed_shares_are_no_purchase():
    both = redeemed("70", "no"), redeemed("20", "yes")
    assert facts(of_the_day(*both)) == list(both)
    assert facts(of_the_day(*both), *both) == []


def test_redeemed_shares_that_were_pending_are_cancelled_and_not_redeemed_again():
    before = redeemed("70", "no")
    cancelled = event("RedeemedSharesCancelled", "7 August 2024", share_class="ordinary", shares="70")
    document = of_the_day(before, cancelled, on=date(2024, 8, 7))
    assert facts(document, before) == [cancelled]
    assert facts(document, before, cancelled) == []


# --- Conversions of one class into another ------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [1, -1])
def test_a_conversion_of_classes_is_one_fact_read_from_the_class_that_grows(order):
    document = of_the_day(converted := event("ClassAConvertedToB", DAY, shares="300"), book=two_classes())
    assert sorted(row.issued.value for each in document.sections for row in each.changes) == [-300, 300]
    turned = attrs.evolve(document, sections=document.sections[::order])
    assert facts(turned, book=two_classes()) == [converted]
    assert facts(turned, converted, book=two_classes()) == []


def test_a_conversion_in_a_monthly_return_is_one_fact_too():
    document = of_the_month(converted := event("ClassAConvertedToB", DAY, shares="300"), book=two_classes())
    assert facts(document, book=two_classes()) == [converted]
    assert facts(document, converted, book=two_classes()) == []


def test_a_conversion_goes_from_the_class_that_shrinks_to_the_one_that_grows():
    """Some issuers call the weighted shares Class B and list Class A: 300 of B become 300 of A."""
    converted = event("ClassAConvertedToB", DAY, shares="300", from_class="B", to_class="A")
    for document in (of_the_day(converted, book=two_classes()), of_the_month(converted, book=two_classes())):
        assert facts(document, book=two_classes()) == [converted]
        assert facts(document, converted, book=two_classes()) == []


def test_a_row_from_which_no_fact_follows_is_recorded_by_hand():
    subdivided = event("SharesSubdivided", DAY, share_class="ordinary", into="2")
    (proposed,) = called_for(of_the_day(subdivided))
    assert (proposed.event, proposed.note) == (None, BY_HAND)


# --- Rows that say otherwise than the book ------------------------------------------------------------------------------


@pytest.mark.parametrize("published", [of_the_day, of_the_month])
def test_a_row_of_another_number_than_the_book_has_is_no_further_fact(published):
    """A resubmission says 120 where the book has 100: 220 were bought on no account."""
    (proposed,) = called_for(published(bought(DAY, "120")), bought(DAY, "100"))
    assert (proposed.event, proposed.note) == (None, OTHERWISE)


def test_a_row_without_a_day_is_no_further_fact_beside_another_number_of_its_month():
    published = of_the_month(bought(DAY, "120"))
    (block,) = published.other_movements
    (row,) = block.rows
    undated = attrs.evolve(block, rows=(attrs.evolve(row, occurred_on=None),))
    (proposed,) = called_for(attrs.evolve(published, other_movements=(undated,)), bought("9 August 2024", "100"))
    assert (proposed.event, proposed.note) == (None, OTHERWISE)


@pytest.mark.parametrize(("reorganised", "bought_before"), [
    (event("SharesSubdivided", "8 August 2024", into="4"), "100"),
    (event("SharesConsolidated", "8 August 2024", shares="10"), "1,000"),
])  # fmt: skip
def test_what_is_pending_is_known_in_the_shares_of_after_a_reorganisation(reorganised, bought_before):
    """Of 100 shares bought 400 are pending after a subdivision into four; of 1,000, 100 after a consolidation of ten."""
    before, after = (
        bought(DAY, bought_before, intention="cancellation"),
        bought("9 August 2024", "70", intention="cancellation"),
    )
    published = of_the_day(before, reorganised, after, on=date(2024, 8, 9))
    assert facts(published, before, reorganised) == [after]
    missing, known = called_for(published, reorganised)
    assert (missing.event, missing.note, known.event) == (None, RESTATED, after)
    # Nor is it bought again while the reorganisation is still to be recorded by hand.
    assert [each for each in facts(published, before) if each is not None] == [after]


def test_a_month_of_a_reorganisation_that_the_book_has_calls_for_nothing():
    subdivided = event("SharesSubdivided", "8 August 2024", into="4", text="Subdivision of each share into four")
    published = of_the_month(subdivided)
    assert facts(published, subdivided) == []
    assert {each.event for each in called_for(published)} == {None}


def test_trades_of_a_day_are_those_of_each_purpose():
    """600 shares were bought for cancellation and 200 into treasury on one day, each at its own prices."""

    def traded(shares, intention, paid):
        trades = f"On the Exchange: {shares} @ HKD 3 to HKD 2 = HKD {paid}"
        return event("SharesRepurchased", DAY, share_class="ordinary", shares=shares, intention=intention, trades=trades)

    both = [traded("600", "cancellation", "1,500"), traded("200", "treasury", "450")]
    assert facts(of_the_day(*both)) == both
    alike = [traded("600", "cancellation", "1,500"), traded("600", "treasury", "1,450")]
    assert [each.trades for each in facts(of_the_day(*alike))] == [(), ()]
