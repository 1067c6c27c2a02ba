"""Amounts payable on application: every row of a published table, rates by day, and rounding half up to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.law.parameters import NotInForce
from domain.offerings.application_money import (
    PrintedAmount,
    amount_payable,
    application_table,
    cents,
    check_table,
    ladder,
    misprints,
)
from domain.values import Money

DAY = date(2021, 12, 20)
PRICE = Money.parse("HKD 3.99")
TABLE = Path(__file__).parents[2] / "filed" / "offering-2021-12-20" / "amounts.txt"
MISPRINTED = {2_000: "8,060.42", 20_000: "80,604.14", 200_000: "806,041.45"}


def printed_table() -> dict[int, str]:
    """The table as printed, read here by hand: four pairs to a line, the last number of shares with a footnote mark."""
    words = [word.rstrip('"') for line in TABLE.read_text().splitlines()[5:] for word in line.split()]
    return {int(shares.replace(",", "")): amount for shares, amount in zip(words[::2], words[1::2], strict=True)}


@pytest.mark.parametrize(("shares", "printed"), printed_table().items())
def test_every_row_of_the_published_table_reproduces_but_for_its_three_misprints(shares, printed):
    expected = MISPRINTED.get(shares, printed)
    assert cents(amount_payable(shares, PRICE, DAY).payable) == expected
    assert (printed != expected) == (shares in MISPRINTED)


def test_the_published_table_has_the_usual_steps_of_its_board_lot():
    assert sorted(printed_table()) == list(ladder(1_000, 75_000_000))
    assert len(printed_table()) == 48


def test_an_amount_shows_its_parts():
    amount = amount_payable(2_000, PRICE, DAY)
    assert str(amount) == "8,060.42 = 7,980.00 + 79.80 + 0.22 + 0.40"
    assert [charge.rate for charge in amount.charges] == [1, Decimal("0.0027"), Decimal("0.005"), 0]


# 75,000,000 shares at 3.99 are 299,250,000.00: brokerage 2,992,500.00, SFC levy 0.0027 % 8,079.75 (0.003 %: 8,977.50),
# fee 0.005 % 14,962.50 (0.00565 %: 16,907.625), AFRC levy 0.00015 % 448.875.
@pytest.mark.parametrize(
    ("day", "payable"),
    [
        (date(2010, 10, 1), "302,266,440.00"),
        (date(2014, 10, 31), "302,266,440.00"),
        (date(2014, 11, 1), "302,265,542.25"),
        (date(2021, 12, 31), "302,265,542.25"),
        (date(2022, 1, 1), "302,265,991.13"),
        (date(2022, 12, 31), "302,265,991.13"),
        (date(2023, 1, 1), "302,267,936.26"),
    ],
)
def test_the_rates_are_those_of_the_day(day, payable):
    assert cents(amount_payable(75_000_000, PRICE, day).payable) == payable


def test_a_day_whose_rates_are_not_known_is_refused():
    with pytest.raises(NotInForce, match="SFC transaction levy is known before 1 October 2010"):
        amount_payable(1_000, PRICE, date(2010, 9, 30))


# At HKD 1 the fee of 0.005 % on 100 shares is exactly half a cent; on 99 just below it.
@pytest.mark.parametrize(("shares", "fee"), [(99, "0"), (100, "0.01"), (101, "0.01"), (299, "0.01"), (300, "0.02")])
def test_half_a_cent_is_rounded_up_and_what_is_just_below_is_not(shares, fee):
    assert amount_payable(shares, Money.parse("HKD 1"), DAY).charges[2].amount.amount == Decimal(fee)


def test_each_part_is_rounded_on_its_own():
    """At 6,000 shares the parts before rounding come to 24,181.2438 dollars: one rounding would print 24,181.24."""
    assert cents(amount_payable(6_000, PRICE, DAY).payable) == "24,181.25"


def test_the_price_of_the_shares_is_rounded_to_the_cent_too():
    amount = amount_payable(3, Money.parse("HKD 0.255"), DAY)
    assert (str(amount.consideration), cents(amount.payable)) == ("HKD 0.77", "0.78")


shares_up_to_a_quadrillion = st.integers(1, 10**15)
prices = st.decimals(Decimal("0.0001"), 10_000, places=4).map(lambda amount: Money("HKD", amount))
days = st.dates(date(2010, 10, 1), date(2030, 12, 31))


def rounded(exact: Fraction) -> Fraction:
    """Half up to the cent, by whole numbers."""
    return Fraction((exact * 200 + 1) // 2, 100)


@given(shares_up_to_a_quadrillion, prices, days)
def test_an_amount_is_exactly_the_sum_of_its_parts_each_rounded_half_up(shares, price, day):
    amount = amount_payable(shares, price, day)
    exact = Fraction(price.amount) * shares
    parts = [rounded(exact), *(rounded(exact * Fraction(charge.rate) / 100) for charge in amount.charges)]
    assert [Fraction(amount.consideration.amount), *(Fraction(charge.amount.amount) for charge in amount.charges)] == parts
    assert Fraction(amount.payable.amount) == sum(parts)
    assert all(type(part.amount) is Decimal for part in (amount.consideration, amount.payable))


@given(shares_up_to_a_quadrillion, prices, days)
def test_more_shares_never_cost_less(shares, price, day):
    assert amount_payable(shares, price, day).payable.amount <= amount_payable(shares + 1, price, day).payable.amount


@pytest.mark.parametrize("shares", [0, -1_000, True, 1_000.0, "1000"])
def test_what_is_no_whole_number_of_shares_above_zero_is_refused(shares):
    with pytest.raises(ValueError, match="expected a whole number of shares above zero"):
        amount_payable(shares, PRICE, DAY)


def test_an_offer_price_of_nothing_is_refused():
    with pytest.raises(ValueError, match="expected an offer price above zero"):
        amount_payable(1_000, Money.parse("HKD 0"), DAY)


@pytest.mark.parametrize(
    ("shares", "near"), [(500, "1,000"), (1_500, "1,000 and 2,000"), (12_000, "10,000 and 15,000"), (76_000_000, "75,000,000")]
)
def test_shares_that_are_no_number_of_the_table_are_refused_with_the_nearest_that_are(shares, near):
    with pytest.raises(ValueError, match=f"{shares:,} shares cannot be applied for; the nearest numbers are {near}$"):
        amount_payable(shares, PRICE, DAY, ladder(1_000, 75_000_000))


def test_a_number_too_long_to_compute_with_is_refused_not_rounded():
    with pytest.raises(ValueError, match="too many digits"):
        amount_payable(int("7" * 60), Money("HKD", Decimal("3" * 370)), DAY)


@pytest.mark.parametrize(
    ("board_lot", "maximum", "expected"),
    [
        (1_000, 1_000, (1_000,)),
        (500, 2_000, (500, 1_000, 1_500, 2_000)),
        (100, 1_300, (*range(100, 1_001, 100), 1_300)),
        (100, 2_000, (*range(100, 1_001, 100), 1_500, 2_000)),
    ],
)
def test_the_ladder_ends_with_the_maximum(board_lot, maximum, expected):
    assert ladder(board_lot, maximum) == expected


@pytest.mark.parametrize(("board_lot", "maximum"), [(0, 1_000), (-1, 5), (1_000, 0), (1_000, 1_500), (1_000, 100_001_000)])
def test_a_maximum_that_is_no_number_of_board_lots_is_refused(board_lot, maximum):
    with pytest.raises(ValueError, match=r"expected a maximum of 1 to 100,000 board lots"):
        ladder(board_lot, maximum)


def test_a_table_keeps_the_order_of_its_lots():
    assert [row.shares for row in application_table(PRICE, DAY, (3_000, 1_000))] == [3_000, 1_000]


def row(shares: int | None, amount: str | None, line: int = 1) -> PrintedAmount:
    text = amount or "8006,041.45"
    return PrintedAmount(f"{shares}", text, line, shares, None if amount is None else Decimal(amount))


def test_rows_are_checked_by_rising_shares_and_every_difference_is_reported():
    rows = [row(None, "1.00", 9), row(200_000, None, 8), row(2_000, "8000.42", 7), row(1_000, "4030.21", 6)]
    checked = check_table(rows, PRICE, DAY)
    assert [each.agrees for each in checked] == [True, False, False, False]
    assert [(finding.code, finding.message) for finding in misprints(checked)] == [
        ("HK701", "line 7: 2,000 shares: printed 8000.42; expected 8,060.42 = 7,980.00 + 79.80 + 0.22 + 0.40"),
        (
            "HK701",
            "line 8: 200,000 shares: printed 8006,041.45, which is no number; "
            "expected 806,041.45 = 798,000.00 + 7,980.00 + 21.55 + 39.90",
        ),
        ("HK701", "line 9: None beside 1.00 is not a number of shares"),
    ]
    assert {finding.confidence for finding in misprints(checked)} == {"verified"}


@pytest.mark.parametrize(("amount", "agrees"), [("4030.20", False), ("4030.21", True), ("4030.22", False)])
def test_a_cent_more_or_less_is_a_misprint(amount, agrees):
    assert [each.agrees for each in check_table([row(1_000, amount)], PRICE, DAY)] == [agrees]


def test_a_number_of_shares_given_twice_is_reported():
    checked = check_table([row(1_000, "4030.21", 3), row(1_000, "4030.21", 4)], PRICE, DAY)
    assert [finding.message for finding in misprints(checked)] == ["1,000 shares stand in 2 rows"]
