"""Shares bought or redeemed for cancellation, tranche by tranche: the days named, or the oldest first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.capital.balances import Impossible, replay
from domain.capital.entries import in_effect
from domain.capital.lots import Lot, average_price
from domain.capital.position import Position
from domain.values import Money
from tests.domain.book_of import bought, entries, event, folded, set_up

HKD = Money.parse


def left(*what, brought_forward="0", **more):
    book = entries(*set_up(pending=brought_forward, **more), *what)
    return [(each.entry, each.shares) for each in folded(book).tranches.get("ordinary", ())]


def lots(*what, tranches=(), pending="0"):
    """The day, number and price to four decimals of every tranche left."""
    book = entries(*brought_forward(tranches, pending), *what)
    tranches_left = folded(book).tranches.get("ordinary", ())
    return [(each.bought_on, each.shares, average_price([each.lot], 4)) for each in tranches_left]


def brought_forward(tranches, pending):
    opening = event(
        "BalanceBroughtForward", "1 July 2024", share_class="ordinary", held="500,000", pending_cancellation=pending,
        tranches=list(tranches),
    )  # fmt: skip
    return [*set_up()[:3], opening]


def taken(*what, book=None):
    """What the last fact cancels, day by day."""
    *_, last = replay(in_effect(entries(*(book or set_up()), *what)), Position())
    return [(each.bought_on.day, each.shares) for each in last.cancelled]


def redeemed(on, shares, **said):
    return event("SharesRedeemed", on, share_class="ordinary", shares=shares, cancelled="no", **said)


def cancelled(on, shares, **said):
    return event("RepurchasedSharesCancelled", on, share_class="ordinary", shares=shares, **said)


def redeemed_cancelled(on, shares, **said):
    return event("RedeemedSharesCancelled", on, share_class="ordinary", shares=shares, **said)


def refusal(*what, book=None):
    with pytest.raises(Impossible) as refused:
        folded(entries(*(book or set_up()), *what))
    return refused.value.field, str(refused.value)


# --- oldest first -----------------------------------------------------------------------------------------------


def test_every_purchase_is_a_tranche_until_it_is_cancelled():
    assert left(bought("3 July 2024", "100"), bought("4 July 2024", "200")) == [(5, 100), (6, 200)]


def test_a_cancellation_takes_the_oldest_first_and_may_end_within_a_tranche():
    purchases = bought("3 July 2024", "100"), bought("4 July 2024", "200"), bought("5 July 2024", "300")
    assert left(*purchases, cancelled("8 July 2024", "99")) == [(5, 1), (6, 200), (7, 300)]
    assert left(*purchases, cancelled("8 July 2024", "100")) == [(6, 200), (7, 300)]
    assert left(*purchases, cancelled("8 July 2024", "101")) == [(6, 199), (7, 300)]
    assert left(*purchases, cancelled("8 July 2024", "600")) == []


def test_the_oldest_is_the_one_bought_first_not_the_one_recorded_first():
    assert left(bought("4 July 2024", "200"), bought("3 July 2024", "100"), cancelled("8 July 2024", "150")) == [(5, 150)]


def test_what_is_bought_and_cancelled_on_one_day_may_be_recorded_in_any_order():
    assert left(cancelled("3 July 2024", "60"), bought("3 July 2024", "100")) == [(6, 40)]


def test_shares_bought_into_treasury_wait_for_nothing():
    assert left(bought("3 July 2024", "100", "treasury")) == []


def test_another_class_has_tranches_of_its_own():
    other = [
        event("ShareClassCreated", "2 July 2024", share_class="other", class_label="Other", authorised="no"),
        event("BalanceBroughtForward", "2 July 2024", share_class="other", held="9", pending_cancellation="5"),
    ]
    assert left(*other, bought("3 July 2024", "100")) == [(7, 100)]


def test_a_copied_position_keeps_its_tranches_when_the_other_goes_on():
    position = folded(entries(*set_up(), bought("3 July 2024", "100")))
    twin = position.copy()
    twin.tranches["ordinary"] = ()
    assert [each.shares for each in position.tranches["ordinary"]] == [100]


# --- days named -------------------------------------------------------------------------------------------------

THREE_DAYS = bought("3 July 2024", "100"), bought("4 July 2024", "200"), bought("5 July 2024", "300")


@pytest.mark.parametrize(
    ("shares", "days", "took", "remaining"),
    [
        ("200", ["2024-07-04"], [(4, 200)], [(5, 100), (7, 300)]),
        ("150", ["2024-07-04"], [(4, 150)], [(5, 100), (6, 50), (7, 300)]),
        ("350", ["2024-07-03", "2024-07-05"], [(3, 100), (5, 250)], [(6, 200), (7, 50)]),
        # The days may be written in any order; the oldest of them still comes first.
        ("350", ["2024-07-05", "2024-07-03"], [(3, 100), (5, 250)], [(6, 200), (7, 50)]),
        ("600", ["2024-07-03", "2024-07-04", "2024-07-05"], [(3, 100), (4, 200), (5, 300)], []),
    ],
)
def test_a_cancellation_takes_the_days_it_names(shares, days, took, remaining):
    cancellation = cancelled("8 July 2024", shares, bought_on=days)
    assert taken(*THREE_DAYS, cancellation) == took
    assert left(*THREE_DAYS, cancellation) == remaining


@pytest.mark.parametrize(
    ("shares", "days", "too_few"),
    [("101", ["2024-07-03"], "1"), ("600", ["2024-07-03", "2024-07-04"], "300"), ("1,300", ["2024-07-02"], "1,300")],
)
def test_days_that_hold_fewer_shares_than_are_cancelled_are_refused(shares, days, too_few):
    said = f"shares bought on the days named and not yet cancelled: {too_few} too few"
    assert refusal(*THREE_DAYS, cancelled("8 July 2024", shares, bought_on=days)) == ("bought_on", said)


def test_two_purchases_of_one_day_are_both_meant_by_it():
    twice = bought("3 July 2024", "100"), bought("3 July 2024", "50")
    assert taken(*twice, cancelled("8 July 2024", "120", bought_on=["2024-07-03"])) == [(3, 100), (3, 20)]


# --- brought forward --------------------------------------------------------------------------------------------


def begun(**said):
    return event("BalanceBroughtForward", "1 July 2024", share_class="ordinary", **said)


def test_what_a_return_prints_as_issued_is_brought_forward_with_those_pending_among_it():
    as_printed = begun(issued_excluding_treasury="500,060", treasury="7", pending_cancellation="60")
    in_hands = begun(held="500,000", treasury="7", pending_cancellation="60")
    balances = [folded(entries(*set_up()[:3], each)).balance("ordinary") for each in (as_printed, in_hands)]
    assert balances[0] == balances[1]
    assert (balances[0].issued_excluding_treasury, balances[0].total_issued) == (500_060, 500_067)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, "expected issued_excluding_treasury or held, got neither"),
        ({"held": "1", "issued_excluding_treasury": "1"}, "expected issued_excluding_treasury or held, not both"),
        (
            {"issued_excluding_treasury": "59", "pending_cancellation": "60"},
            "expected at least the 60 pending cancellation, which are issued until they are cancelled, got 59",
        ),
    ],
    ids=["neither", "both", "fewer than are pending"],
)
def test_a_balance_is_brought_forward_as_printed_or_without_those_pending(said, reason):
    with pytest.raises(AssertionError, match=reason):
        begun(**said)


def test_every_share_brought_forward_may_be_pending():
    assert begun(issued_excluding_treasury="60", pending_cancellation="60").in_members_hands == 0


def test_what_was_brought_forward_without_its_purchases_is_one_tranche_of_that_day():
    assert left(bought("3 July 2024", "100"), cancelled("4 July 2024", "60"), brought_forward="50") == [(5, 90)]


BROUGHT = ["2024-06-03: 60 @ HKD 1.5", "2024-06-05: 40"]


def test_purchases_brought_forward_keep_their_days_and_prices():
    assert lots(tranches=BROUGHT, pending="100") == [
        (date(2024, 6, 3), 60, HKD("HKD 1.5")),
        (date(2024, 6, 5), 40, None),
    ]


def test_purchases_brought_forward_are_cancelled_before_later_ones():
    later, half = bought("3 July 2024", "100"), cancelled("4 July 2024", "70")
    assert [(day.day, shares) for day, shares, _ in lots(later, half, tranches=BROUGHT, pending="100")] == [(5, 30), (3, 100)]


def test_purchases_brought_forward_stand_oldest_first_however_they_were_written():
    found = lots(tranches=BROUGHT[::-1], pending="100")
    assert [day for day, *_ in found] == [date(2024, 6, 3), date(2024, 6, 5)]


# --- redeemed apart from repurchased ----------------------------------------------------------------------------


def test_redeemed_shares_not_cancelled_are_a_tranche():
    assert left(redeemed("3 July 2024", "70")) == [(5, 70)]


def test_the_cancellation_of_redeemed_shares_takes_no_repurchased_ones_and_the_other_way_round():
    both = bought("3 July 2024", "100"), redeemed("3 July 2024", "70"), bought("4 July 2024", "30"), redeemed("5 July 2024", "7")
    assert left(*both, redeemed_cancelled("8 July 2024", "72")) == [(5, 100), (7, 30), (8, 5)]
    assert left(*both, cancelled("8 July 2024", "101")) == [(6, 70), (7, 29), (8, 7)]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (redeemed_cancelled, "shares redeemed and not yet cancelled: 1 too few"),
        (cancelled, "shares repurchased and not yet cancelled: 1 too few"),
    ],
)
def test_what_is_pending_of_the_other_kind_does_not_help(make, said):
    both = bought("3 July 2024", "100"), redeemed("3 July 2024", "100")
    assert refusal(*both, make("8 July 2024", "101")) == ("shares", said)


# --- prices -----------------------------------------------------------------------------------------------------


def test_a_price_in_another_currency_than_the_purchase_is_refused():
    purchase = bought("3 July 2024", "100", price="HKD 1.5")
    said = "expected HKD, in which the shares were bought, got USD"
    assert refusal(purchase, cancelled("8 July 2024", "100", price="USD 1.5")) == ("price", said)
    assert left(purchase, cancelled("8 July 2024", "100", price="HKD 1.6")) == []


def test_only_the_tranches_taken_must_be_in_the_currency_of_the_cancellation():
    two = bought("3 July 2024", "100", price="HKD 1.5"), bought("4 July 2024", "100", price="USD 2")
    assert left(*two, cancelled("8 July 2024", "100", price="HKD 1.5")) == [(6, 100)]
    assert refusal(*two, cancelled("8 July 2024", "101", price="HKD 1.5"))[0] == "price"


def test_a_part_of_a_tranche_keeps_its_price():
    traded = bought("3 July 2024", "300", trades="On the Exchange: 300 @ HKD 1.5 to HKD 1 = HKD 400")
    half = cancelled("8 July 2024", "200")
    assert lots(traded, half) == [(date(2024, 7, 3), 100, HKD("HKD 1.3333"))]


def test_the_parts_of_a_lot_are_of_its_price():
    lot = Lot(300, None, HKD("HKD 400"))
    assert (lot.part(100).shares, str(lot.part(100).paid)) == (100, "HKD 133.33333333333333333333")
    assert lot.part(300).paid == HKD("HKD 400")
    assert Lot(300, HKD("HKD 2")).part(7) == Lot(7, HKD("HKD 2"))


# --- reorganisations --------------------------------------------------------------------------------------------


def subdivided(on, into):
    return event("SharesSubdivided", on, into=into)


def consolidated(on, shares):
    return event("SharesConsolidated", on, shares=shares, fractions="cancelled")


def test_a_tranche_is_multiplied_by_a_subdivision_and_its_price_divided():
    purchases = bought("3 July 2024", "100", price="HKD 1.5"), bought("4 July 2024", "200", price="HKD 2")
    assert lots(*purchases, subdivided("5 July 2024", "4")) == [
        (date(2024, 7, 3), 400, HKD("HKD 0.375")),
        (date(2024, 7, 4), 800, HKD("HKD 0.5")),
    ]


def test_a_purchase_found_late_but_made_before_the_subdivision_is_multiplied_by_it():
    late = subdivided("5 July 2024", "2"), bought("8 July 2024", "30"), bought("4 July 2024", "100")
    assert left(*late, authorised="1,000,000", held="400,000") == [(7, 200), (6, 30)]


def test_tranches_consolidated_still_add_up_to_what_is_pending():
    """5, 5 and 5 by 4: 15 make 3 and a fraction; 5 make 1, 10 make 2, so that the three have 1, 1 and 1."""
    purchases = [bought(f"{day} July 2024", "5", price="HKD 1") for day in (3, 4, 5)]
    assert left(*purchases, consolidated("8 July 2024", "4")) == [(5, 1), (6, 1), (7, 1)]
    assert left(*purchases, consolidated("8 July 2024", "6")) == [(6, 1), (7, 1)]


def test_a_cancellation_after_a_subdivision_is_of_new_shares():
    purchase, doubled = bought("3 July 2024", "100", price="HKD 3"), subdivided("5 July 2024", "2")
    assert taken(purchase, doubled, cancelled("8 July 2024", "150")) == [(3, 150)]
    assert lots(purchase, doubled, cancelled("8 July 2024", "150")) == [(date(2024, 7, 3), 50, HKD("HKD 1.5"))]


# --- average prices ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "decimals", "price"),
    [
        # One price is printed as it was given, whatever the setting.
        ([Lot(100, HKD("HKD 1.23456789"))], 2, "HKD 1.23456789"),
        ([Lot(100, HKD("HKD 1.23456789")), Lot(7, HKD("HKD 1.23456789"))], 2, "HKD 1.23456789"),
        # An average is rounded once, half up: 1 at 1.00005 over 1, and 1 and 2 at prices a hundredth apart.
        ([Lot(1, HKD("HKD 1")), Lot(1, HKD("HKD 1.0001"))], 4, "HKD 1.0001"),
        ([Lot(1, HKD("HKD 1")), Lot(1, HKD("HKD 1.0001"))], 5, "HKD 1.00005"),
        ([Lot(2, HKD("HKD 1")), Lot(1, HKD("HKD 1.0001"))], 4, "HKD 1"),
        ([Lot(1, HKD("HKD 1")), Lot(2, HKD("HKD 1.01"))], 2, "HKD 1.01"),
        ([Lot(3, None, HKD("HKD 10"))], 2, "HKD 3.33"),
        ([Lot(3, None, HKD("HKD 20"))], 2, "HKD 6.67"),
        ([Lot(3, None, HKD("HKD 20"))], 20, "HKD 6.66666666666666666667"),
        ([Lot(8, None, HKD("HKD 1"))], 2, "HKD 0.13"),
        ([Lot(8, None, HKD("HKD 1"))], 3, "HKD 0.125"),
        ([Lot(30_000, HKD("HKD 5.1")), Lot(10_000, HKD("HKD 5.25"))], 4, "HKD 5.1375"),
        ([Lot(10, HKD("HKD 2")), Lot(10, None, HKD("HKD 10"))], 4, "HKD 1.5"),
    ],
)
def test_an_average_is_weighted_by_volume_and_rounded_half_up_once(found, decimals, price):
    assert str(average_price(found, decimals)) == price


@pytest.mark.parametrize(
    ("found", "decimals", "price"),
    [
        # 1 and 3 for a millionth each, and a day's purchase at one price for which only the total is known.
        ([Lot(1, HKD("HKD 0.000001")), Lot(1, HKD("HKD 0.000003"))], 4, "HKD 0.000002"),
        ([Lot(1_234_567_890_123_457, None, HKD("HKD 1,234,567.890123457"))], 4, "HKD 0.000000001"),
        ([Lot(1_000_000_000, None, HKD("HKD 1"))], 2, "HKD 0.000000001"),
        # Four digits, rounded half up: 1 / 3,000 is 0.000333…, and 1 / 1,600,000 is 0.000000625 whole.
        ([Lot(3_000, None, HKD("HKD 1"))], 2, "HKD 0.0003333"),
        ([Lot(3_000, None, HKD("HKD 2"))], 2, "HKD 0.0006667"),
        ([Lot(1_600_000, None, HKD("HKD 1"))], 2, "HKD 0.000000625"),
        # As the setting has it from a cent on, where it asks for more, and as far as amounts of money go.
        ([Lot(30, None, HKD("HKD 1"))], 2, "HKD 0.03"),
        ([Lot(1, HKD("HKD 0.01")), Lot(2, HKD("HKD 0.0101"))], 2, "HKD 0.01"),
        ([Lot(3_000, None, HKD("HKD 1"))], 9, "HKD 0.000333333"),
        ([Lot(1, HKD("HKD 0.00000000000000000001")), Lot(2, HKD("HKD 0.00000000000000000002"))], 4, "HKD 0.00000000000000000002"),
        ([Lot(1, HKD("HKD 0")), Lot(2, None, HKD("HKD 0"))], 4, "HKD 0"),
    ],
)
def test_an_average_below_any_quoted_price_has_four_digits(found, decimals, price):
    assert str(average_price(found, decimals, small=True)) == price


def test_the_first_edition_prints_small_averages_with_the_decimals_of_the_setting():
    assert str(average_price([Lot(3_000, None, HKD("HKD 1"))], 4)) == "HKD 0.0003"


@pytest.mark.parametrize(
    "found",
    [[], [Lot(100)], [Lot(100, HKD("HKD 1")), Lot(1)], [Lot(1, HKD("HKD 1")), Lot(1, HKD("USD 1"))]],
    ids=["nothing", "no price", "a lot without a price", "two currencies"],
)
def test_an_average_of_what_is_not_known_is_not_known(found):
    assert average_price(found, 4) is None


def test_an_average_of_very_many_shares_is_exact():
    found = [Lot(10**30, HKD("HKD 1")), Lot(10**30, HKD("HKD 3"))]
    assert average_price(found, 2).amount == Decimal(2)
