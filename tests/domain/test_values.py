"""Money and mandates: exact, never rounded but where a rule rounds."""

from __future__ import annotations

import copy
import pickle
from datetime import date
from decimal import Decimal

import pytest

from domain.capital.securities import Mandate
from domain.values import CURRENCIES, Money, month_end_before, month_end_of, plain, sum_of


@pytest.mark.parametrize(
    ("written", "currency", "amount", "printed"),
    [
        ("HKD 1.5", "HKD", Decimal("1.5"), "HKD 1.5"),
        ("HKD 1.50", "HKD", Decimal("1.5"), "HKD 1.5"),
        ("USD 0.000000025", "USD", Decimal("0.000000025"), "USD 0.000000025"),
        ("USD 0.00000000000000000001", "USD", Decimal(1).scaleb(-20), "USD 0.00000000000000000001"),
        ("HKD 1,234,567.89", "HKD", Decimal("1234567.89"), "HKD 1234567.89"),
        ("HKD 49,800", "HKD", Decimal(49800), "HKD 49800"),
        ("HKD 0", "HKD", Decimal(0), "HKD 0"),
        ("HKD 0.00", "HKD", Decimal(0), "HKD 0"),
        ("HKD 100", "HKD", Decimal(100), "HKD 100"),
        ("  CNY  3.10 ", "CNY", Decimal("3.1"), "CNY 3.1"),
        ("RMB 1", "RMB", Decimal(1), "RMB 1"),
    ],
)
def test_money_is_read_as_written_and_printed_without_trailing_zeros(written, currency, amount, printed):
    money = Money.parse(written)
    assert (money.currency, money.amount, str(money)) == (currency, amount, printed)


@pytest.mark.parametrize(
    "written",
    [
        "", "HKD", "1.5", "HKD1.5", "HKD 1.5 each", "HKD -1", "HKD +1", "HKD 1e3", "HKD 1E-9", "HKD .5", "HKD 5.",
        "HKD 1,23", "HKD 12,34.5",
        "HKD 1.234,5", "HKD NaN", "HKD Infinity", "HKD 0x10", "HKD 1_000",
        "HKD １", "HKD 0.000000000000000000001", "1.5 HKD", "HKD\t1",
    ],
)  # fmt: skip
def test_money_that_is_not_a_currency_and_a_plain_number_is_refused(written):
    with pytest.raises(ValueError, match=r"expected a currency and an amount such as HKD 1\.5"):
        Money.parse(written)


@pytest.mark.parametrize("written", ["XXX 1", "hkd 1", "$ 1", "HK$ 1.5"])
def test_an_unknown_currency_is_named(written):
    with pytest.raises(ValueError, match=r"unknown currency .+; expected an ISO code such as HKD, USD or CNY"):
        Money.parse(written)


@pytest.mark.parametrize("amount", ["-0.01", "-1", "NaN", "Infinity", "-Infinity"])
def test_money_is_never_negative_and_always_a_number(amount):
    with pytest.raises(ValueError, match="expected an amount of money that is not negative"):
        Money("HKD", Decimal(amount))


@pytest.mark.parametrize("currency", sorted(CURRENCIES))
def test_every_currency_code_has_three_capital_letters(currency):
    assert len(currency) == 3
    assert currency.isupper()
    assert str(Money.parse(f"{currency} 2.50")) == f"{currency} 2.5"


def test_trailing_zeros_carry_no_meaning():
    long, short = Money.parse("HKD 1.50"), Money.parse("HKD 1.5")
    assert long == short
    assert hash(long) == hash(short)
    assert len({long, short}) == 1


@pytest.mark.parametrize("other", [Money.parse("HKD 1.51"), Money.parse("USD 1.5"), Decimal("1.5"), "HKD 1.5"])
def test_money_differs_in_amount_and_in_currency_and_from_what_is_not_money(other):
    assert Money.parse("HKD 1.5") != other


def test_par_value_times_number_is_exact_to_the_last_of_twenty_places():
    assert str(Money.parse("USD 0.000000025").times(1_992_000_000_000)) == "USD 49800"
    assert str(Money.parse("USD 0.000000025").times(8_000_000_000)) == "USD 200"
    assert str(Money.parse("USD 0.00000000000000000003").times(10**30 + 1)) == "USD 30000000000.00000000000000000003"
    assert str(Money.parse("HKD 1.5").times(0)) == "HKD 0"


def test_one_hundred_and_twenty_digits_are_kept():
    assert Money("HKD", Decimal("0.1")).times(10**100 + 1).amount == Decimal("1" + "0" * 98 + "0.1")


def test_an_amount_given_with_an_exponent_is_held_and_printed_plainly():
    assert str(Money("HKD", Decimal("1E+3"))) == "HKD 1000"
    assert str(Money("HKD", Decimal("2.5E-8"))) == "HKD 0.000000025"


def test_more_than_twenty_decimal_places_are_refused_wherever_the_amount_comes_from():
    with pytest.raises(ValueError, match="20"):
        Money("HKD", Decimal(1).scaleb(-21))


def test_a_zero_has_no_sign():
    assert str(Money("HKD", Decimal("-0"))) == "HKD 0"


def test_money_cannot_be_changed_but_copied():
    money = Money.parse("HKD 1.5")
    with pytest.raises(AttributeError):
        money.amount = Decimal(2)
    assert copy.deepcopy(money) == money
    assert pickle.loads(pickle.dumps(money)) == money
    assert repr(money) == "Money('HKD 1.5')"


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        ("100", "100"),
        ("1.50", "1.5"),
        ("0.10", "0.1"),
        ("0.0", "0"),
        ("1E+2", "100"),
        ("1E-9", "0.000000001"),
        ("10.00", "10"),
        ("-1.0", "-1"),
    ],
)
def test_a_decimal_is_printed_without_exponent_or_trailing_zeros(number, printed):
    assert plain(Decimal(number)) == printed


@pytest.mark.parametrize(
    ("percent", "base", "limit"),
    [
        ("20", 33_468_925_000, 6_693_785_000),  # resolution 7 of 23 June 2023
        ("10", 33_468_925_000, 3_346_892_500),  # resolution 6 of 23 June 2023
        ("10", 33_507_400_000, 3_350_740_000),  # annual general meeting of 24 June 2022
        ("20", 4, 0),
        ("20", 5, 1),
        ("20", 9, 1),
        ("10", 1, 0),
        ("33.33", 100, 33),
        ("0.01", 9_999, 0),
        ("0.01", 10_000, 1),
        ("100", 7, 7),
        ("33.333333333333333333", 3, 0),
        ("99.99999999999999999999", 10**22, 9_999_999_999_999_999_999_999),
        ("20", 10**60 + 4, 2 * 10**59),
    ],
)
def test_a_mandate_allows_its_percentage_rounded_down_to_whole_shares(percent, base, limit):
    assert Mandate("m", "issue", Decimal(percent), base, date(2023, 6, 23)).limit == limit


def test_a_sum_of_amounts_loses_no_digit():
    """The 28 digits of usual arithmetic end before the last of these."""
    assert sum_of([Decimal(10**28), Decimal("0.00000000000000000001"), Decimal(1)]) == Decimal(
        "10000000000000000000000000001.00000000000000000001"
    )
    assert sum_of([]) == 0


@pytest.mark.parametrize(
    ("day", "last", "before"),
    [
        (date(2024, 2, 1), date(2024, 2, 29), date(2024, 1, 31)),
        (date(2023, 2, 28), date(2023, 2, 28), date(2023, 1, 31)),
        (date(2024, 12, 31), date(2024, 12, 31), date(2024, 11, 30)),
        (date(2025, 1, 6), date(2025, 1, 31), date(2024, 12, 31)),
        (date(2024, 4, 1), date(2024, 4, 30), date(2024, 3, 31)),
        (date(2100, 2, 1), date(2100, 2, 28), date(2100, 1, 31)),
    ],
)
def test_a_month_ends_on_its_last_day_and_the_one_before_it_the_day_before_its_first(day, last, before):
    assert (month_end_of(day), month_end_before(day)) == (last, before)
