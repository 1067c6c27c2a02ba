"""A global offering: tranches, clawback at and around every step, limits, and the facts that it records."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import GlobalOfferingCompleted, OverAllotmentOptionExercised
from domain.events.fields import FieldError
from domain.law.parameters import NotInForce
from domain.offerings.offering import (
    INTERNATIONAL,
    Offering,
    clawback_steps,
    events_of,
    mechanisms_on,
    not_verified,
    offering_findings,
    over_allotment_limit,
    reallocated,
    stabilisation_ends_on,
    subscription_multiple,
    voluntarily_reallocated,
    voluntary_limit,
)
from domain.values import Money

BEFORE, SINCE = date(2025, 8, 3), date(2025, 8, 4)
LOW, HIGH = Money.parse("HKD 3.85"), Money.parse("HKD 3.99")


def offering(**changes: Any) -> Offering:
    """The offering of December 2021, as its announcement describes it, with some fields changed."""
    described: dict[str, Any] = {
        "shares": 1_500_000_000,
        "public": 150_000_000,
        "international": 1_350_000_000,
        "mechanism": "PN18",
        "document_on": date(2021, 12, 20),
        "over_allotment": 225_000_000,
        "lowest_price": LOW,
        "maximum_price": HIGH,
        "applications_close_on": date(2021, 12, 23),
        "listed_on": date(2021, 12, 30),
    }
    return Offering(**{**described, **changes})


def reformed(mechanism: str, percent: int, **changes: Any) -> Offering:
    """An offering of a million shares since 4 August 2025, so many percent of them for the public."""
    return Offering(
        shares=1_000_000,
        public=10_000 * percent,
        international=1_000_000 - 10_000 * percent,
        mechanism=mechanism,
        **{"document_on": SINCE, **changes},
    )


def codes(found: Any) -> list[str]:
    return [finding.code for finding in found]


def test_the_offering_of_2021_is_as_its_announcement_says():
    offered = offering()
    assert (offered.percent(offered.public), offered.percent(offered.international)) == ("10.00", "90.00")
    assert offered.pool == 75_000_000
    assert voluntary_limit(offered) == 300_000_000
    assert over_allotment_limit(offered) == 225_000_000
    assert stabilisation_ends_on(offered) == date(2022, 1, 22)
    assert offering_findings(offered) == ()


@pytest.mark.parametrize(
    ("shares", "percent"),
    [
        (40_000, "40.00"),
        (39_999, "39.999"),
        (15_001, "15.001"),
        (12_345, "12.35"),
        (1, "0.001"),
        (0, "0.00"),
        (100_000, "100.00"),
    ],
)
def test_a_part_of_the_offering_is_never_written_as_a_whole_percentage_that_it_is_not(shares, percent):
    """39,999 of 100,000 is below 40 %, and not 40.00 %."""
    assert offering(shares=100_000, public=10_000, international=90_000).percent(shares) == percent


@pytest.mark.parametrize(
    ("public", "board_lot", "largest"), [(5_001, 1, 2_500), (5_000, 1_000, 2_000), (6_000, 1_000, 3_000), (1_000, 1_000, 0)]
)
def test_the_largest_application_is_half_the_public_tranche_in_whole_board_lots(public, board_lot, largest):
    assert offering(shares=100_000, public=public, international=100_000 - public, board_lot=board_lot).pool == largest


def test_a_public_offer_taken_up_5_18_times_moves_nothing():
    result = reallocated(offering(), Fraction("5.18"))
    assert (result.public, result.international, result.moved, result.percent) == (150_000_000, 1_350_000_000, 0, None)


def test_the_clawback_reported_for_an_offering_of_2020():
    """1,385.8 million shares applied for of 40 million, about 34.64 times: the public tranche became 120 million, 30 %."""
    offered = Offering(
        shares=400_000_000, public=40_000_000, international=360_000_000, mechanism="PN18", document_on=date(2020, 6, 30)
    )
    result = reallocated(offered, subscription_multiple(offered, 1_385_800_000))
    assert (result.public, result.international, result.moved, result.percent) == (120_000_000, 280_000_000, 80_000_000, 30)


JUST = Fraction(1, 10**15)
PN18_STEPS = [(15, 10, 30), (50, 30, 40), (100, 40, 50)]
A_STEPS = [(15, 5, 15), (50, 15, 25), (100, 25, 35)]


@pytest.mark.parametrize(("step", "below", "at"), PN18_STEPS)
def test_pn18_steps_up_at_fifteen_fifty_and_a_hundred_times_and_not_just_below(step, below, at):
    shares = [reallocated(offering(), multiple).public for multiple in (step - JUST, Fraction(step), step + JUST)]
    assert shares == [15_000_000 * below, 15_000_000 * at, 15_000_000 * at]


@pytest.mark.parametrize(("step", "below", "at"), A_STEPS)
def test_mechanism_a_steps_up_at_fifteen_fifty_and_a_hundred_times_and_not_just_below(step, below, at):
    shares = [reallocated(reformed("A", 5), multiple).public for multiple in (step - JUST, Fraction(step), step + JUST)]
    assert shares == [10_000 * below, 10_000 * at, 10_000 * at]


@pytest.mark.parametrize(("applied", "public"), [(2_249_999_999, 150_000_000), (2_250_000_000, 450_000_000)])
def test_one_share_applied_for_decides(applied, public):
    offered = offering()
    assert reallocated(offered, subscription_multiple(offered, applied)).public == public


@pytest.mark.parametrize("multiple", [0, 1, 15, 50, 100, 5_000])
def test_mechanism_b_moves_nothing_however_many_apply(multiple):
    result = reallocated(reformed("B", 20), Fraction(multiple))
    assert (result.public, result.international, result.percent) == (200_000, 800_000, None)
    assert clawback_steps(reformed("B", 20)) == ()


@given(
    st.integers(1, 10**15),
    st.integers(1, 10**15),
    st.fractions(0, 10**6),
    st.sampled_from([("PN18", BEFORE), ("A", SINCE), ("B", SINCE)]),
    st.integers(1, 5_000),
)
def test_the_tranches_always_make_up_the_offering_and_the_public_one_never_shrinks(public, other, multiple, rule, board_lot):
    offered = Offering(
        shares=public + other, public=public, international=other, mechanism=rule[0], document_on=rule[1], board_lot=board_lot
    )
    result = reallocated(offered, multiple)
    assert result.public + result.international == offered.shares
    assert public <= result.public <= offered.shares
    assert all(type(shares) is int for shares in (result.public, result.international, result.moved))
    if result.percent is not None:
        assert result.public * 100 >= int(result.percent) * offered.shares or result.public == offered.shares


@pytest.mark.parametrize(("step", "below", "at"), [(10, 50_000, 100_000), (50, 100_000, 200_000), (100, 200_000, 200_000)])
def test_chapter_18c_steps_up_at_ten_and_fifty_times_and_not_just_below(step, below, at):
    shares = [reallocated(reformed("18C", 5), multiple).public for multiple in (step - JUST, Fraction(step), step + JUST)]
    assert shares == [below, at, at]


@pytest.mark.parametrize(
    ("offered", "public"), [(offering(), 600_000_000), (reformed("A", 5), 250_000), (reformed("18C", 5), 200_000)]
)
@pytest.mark.parametrize("short", [Fraction(0), 1 - JUST])
def test_without_a_fully_subscribed_international_tranche_there_is_no_clawback(offered, public, short):
    assert reallocated(offered, Fraction(50), Fraction(1)).public == public
    nothing = reallocated(offered, Fraction(50), short)
    assert (nothing.public, nothing.percent, nothing.moved, nothing.not_checked) == (offered.public, None, 0, ())


def test_a_clawback_is_not_checked_where_demand_for_the_international_tranche_is_not_known():
    assert reallocated(offering(), Fraction(50)).not_checked == (INTERNATIONAL,)
    assert reallocated(offering(), Fraction(50), Fraction(1)).not_checked == ()
    # No clawback, no condition.
    assert reallocated(offering(), 15 - JUST).not_checked == ()
    assert reallocated(reformed("B", 20), Fraction(50)).not_checked == ()


def test_whether_mechanism_a_allows_more_than_five_per_cent_is_not_verified():
    assert not_verified(reformed("A", 5)) == ()
    assert not_verified(reformed("A", 10)) == ("whether a public tranche of more than 5 % is allowed initially under A",)
    assert not_verified(offering(public=150_000_001, international=1_349_999_999)) == ()
    assert not_verified(reformed("B", 20)) == ()


def test_a_larger_initial_public_tranche_stands():
    offered = offering(public=600_000_000, international=900_000_000)
    assert reallocated(offered, Fraction(15)).moved == 0
    assert reallocated(offered, Fraction(100)).public == 750_000_000


@pytest.mark.parametrize(("board_lot", "public"), [(1, 31), (10, 40), (200, 101)])
def test_a_part_of_a_share_or_of_a_board_lot_is_rounded_up(board_lot, public):
    """30 % of 101 shares are 30.3."""
    offered = Offering(shares=101, public=11, international=90, mechanism="PN18", document_on=BEFORE, board_lot=board_lot)
    assert reallocated(offered, Fraction(15)).public == public


def test_pn18_ends_on_3_august_2025_and_the_mechanisms_begin_the_day_after():
    assert (mechanisms_on(BEFORE), mechanisms_on(SINCE)) == (("PN18", "18C"), ("A", "18C", "B"))
    assert reformed("A", 5).mechanism == "A"
    assert mechanisms_on(date(2023, 3, 30)) == ("PN18",)
    assert mechanisms_on(date(2023, 3, 31)) == ("PN18", "18C")
    with pytest.raises(FieldError, match="expected A or 18C or B on 4 August 2025, got PN18"):
        reformed("PN18", 10)
    for mechanism in ("A", "B"):
        with pytest.raises(FieldError, match=f"expected PN18 or 18C on 3 August 2025, got {mechanism}"):
            reformed(mechanism, 10, document_on=BEFORE)


@pytest.mark.parametrize(
    ("offered", "found"),
    [
        (offering(), []),
        (offering(public=149_999_999, international=1_350_000_001), ["HK703"]),
        (offering(over_allotment=225_000_001), ["HK702"]),
        (offering(over_allotment=0), []),
        (reformed("A", 5), []),
        (reformed("A", 4), ["HK703"]),
        (reformed("18C", 5), []),
        (reformed("18C", 4), ["HK703"]),
        (reformed("B", 9), ["HK703"]),
        (reformed("B", 10), []),
        (reformed("B", 60), []),
        (reformed("B", 61), ["HK703"]),
        (reformed("B", 10, bookbuilding=400_000), []),
        (reformed("B", 10, bookbuilding=399_999), ["HK704"]),
        (offering(bookbuilding=1), []),
        (reformed("A", 4, bookbuilding=0, over_allotment=150_001), ["HK702", "HK703", "HK704"]),
    ],
)
def test_what_departs_from_the_rules_is_found_just_outside_each_limit_and_not_just_inside(offered, found):
    assert codes(offering_findings(offered)) == found


def test_findings_say_how_sure_the_rule_is():
    marks = {
        finding.code: finding.confidence
        for finding in offering_findings(reformed("A", 4, bookbuilding=0, over_allotment=150_001))
    }
    assert marks == {"HK702": "unverified", "HK703": "secondary", "HK704": "secondary"}
    (finding,) = offering_findings(reformed("B", 61))
    assert finding.message == "the initial public tranche of 610,000 shares is not 10 % to 60 % of 1,000,000"


def test_an_over_allotment_limit_is_rounded_down():
    """15 % of 101 shares are 15.15."""
    offered = Offering(shares=101, public=11, international=90, mechanism="PN18", document_on=BEFORE, over_allotment=15)
    assert over_allotment_limit(offered) == 15
    assert offering_findings(offered) == ()


@pytest.mark.parametrize(
    ("moved", "price", "found"),
    [
        (150_000_000, LOW, []),
        (150_000_001, LOW, ["HK705"]),
        (150_000_000, HIGH, ["HK706"]),
        (150_000_001, HIGH, ["HK705", "HK706"]),
        (1, None, []),
    ],
)
def test_a_voluntary_reallocation_at_most_doubles_the_public_tranche_at_the_bottom_of_the_range(moved, price, found):
    result = voluntarily_reallocated(offering(), moved, price)
    assert (result.public, result.international) == (150_000_000 + moved, 1_350_000_000 - moved)
    assert codes(result.findings) == found
    assert {finding.confidence for finding in result.findings} <= {"secondary"}


@pytest.mark.parametrize("moved", [0, -1, 1_350_000_001, 1.5, True])
def test_a_voluntary_reallocation_of_shares_that_are_not_there_is_refused(moved):
    with pytest.raises(ValueError, match="expected 1 to 1,350,000,000 shares to move"):
        voluntarily_reallocated(offering(), moved)


@pytest.mark.parametrize("document_on", [date(2017, 12, 31), SINCE])
def test_no_limit_is_made_up_where_none_is_known(document_on):
    mechanism = "A" if document_on == SINCE else "PN18"
    changes = {"document_on": document_on, "mechanism": mechanism, "applications_close_on": None, "listed_on": None}
    with pytest.raises(NotInForce, match="voluntary reallocation limit"):
        voluntarily_reallocated(offering(**changes), 1)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        (
            {"international": 1_349_999_999},
            "international",
            "expected tranches that make up 1,500,000,000 shares, got 150,000,000 and 1,349,999,999",
        ),
        ({"public": 0, "international": 1_500_000_000}, "public", "expected a whole number of shares above zero, got 0"),
        ({"shares": -5}, "shares", "expected a whole number of shares above zero, got -5"),
        ({"over_allotment": -1}, "over_allotment", "expected a whole number of shares of zero or more, got -1"),
        ({"over_allotment": 1.5}, "over_allotment", "expected a whole number of shares of zero or more, got 1.5"),
        ({"bookbuilding": 1_350_000_001}, "bookbuilding", "at most the international tranche of 1,350,000,000 shares"),
        ({"mechanism": "C"}, "mechanism", "expected PN18 or A or 18C or B, got 'C'"),
        ({"board_lot": 0}, "board_lot", "expected a whole number of shares above zero, got 0"),
        ({"offer_price": Money.parse("HKD 3.84")}, "offer_price", "got HKD 3.85, HKD 3.84, HKD 3.99"),
        ({"offer_price": Money.parse("HKD 4")}, "offer_price", "expected lowest, final and maximum price to rise"),
        ({"offer_price": Money.parse("USD 3.9")}, "offer_price", "expected prices in one currency"),
        ({"lowest_price": Money.parse("HKD 0")}, "offer_price", "expected prices above zero"),
        ({"listed_on": date(2021, 12, 22)}, "listed_on", "got 20 December 2021, 23 December 2021, 22 December 2021"),
    ],
)
def test_an_offering_that_cannot_be_is_refused_and_the_field_named(changes, field, message):
    with pytest.raises(FieldError) as refused:
        offering(**changes)
    assert refused.value.field == field
    assert message in str(refused.value)


@pytest.mark.parametrize("applied", [-1, 1.5, True])
def test_applications_for_less_than_nothing_are_refused(applied):
    with pytest.raises(ValueError, match="shares applied for of zero or more"):
        subscription_multiple(offering(), applied)


def test_a_multiple_below_zero_is_refused():
    with pytest.raises(ValueError, match="multiple of subscription of zero or more, got -1/2"):
        reallocated(offering(), Fraction(-1, 2))


def test_stabilisation_needs_the_last_day_for_applications():
    with pytest.raises(FieldError, match="expected the last day for applications"):
        stabilisation_ends_on(offering(applications_close_on=None))


def test_the_completed_offering_of_2021_records_its_shares_and_those_of_its_option():
    assert events_of(offering(offer_price=LOW), [(date(2022, 1, 21), 225_000_000)]) == (
        GlobalOfferingCompleted(
            effective_on=date(2021, 12, 30),
            share_class="B",
            shares=1_500_000_000,
            price=LOW,
            text="Global offering, listing on the Exchange",
        ),
        OverAllotmentOptionExercised(
            effective_on=date(2022, 1, 21),
            share_class="B",
            shares=225_000_000,
            price=LOW,
            text="Exercise of the over-allotment option in full",
        ),
    )


def test_an_option_exercised_in_part_is_not_said_to_be_exercised_in_full():
    days = [(date(2022, 1, 5), 100_000_000), (date(2022, 1, 21), 125_000_000)]
    issued, *exercised = events_of(offering(offer_price=LOW), days)
    assert isinstance(issued, GlobalOfferingCompleted)
    assert [
        (event.effective_on, event.shares, event.text) for event in exercised if isinstance(event, OverAllotmentOptionExercised)
    ] == [(day, shares, "Exercise of the over-allotment option") for day, shares in days]


@pytest.mark.parametrize(
    ("changes", "exercises", "field"),
    [
        ({}, [], "offer_price"),
        ({"offer_price": LOW, "listed_on": None}, [], "listed_on"),
        ({"offer_price": LOW}, [(date(2021, 12, 29), 1)], "exercises"),
        ({"offer_price": LOW}, [(date(2022, 1, 21), 225_000_001)], "exercises"),
        ({"offer_price": LOW}, [(date(2022, 1, 5), 225_000_000), (date(2022, 1, 21), 1)], "exercises"),
        ({"offer_price": LOW}, [(date(2022, 1, 21), 0)], "shares"),
    ],
)
def test_an_offering_that_is_not_completed_records_nothing(changes, exercises, field):
    with pytest.raises(FieldError) as refused:
        events_of(offering(**changes), exercises)
    assert refused.value.field == field
