"""What must be true of numbers that stand together: products and sums of money, by hand."""

from __future__ import annotations

import pytest

from domain.returns.identity import amounts_add_up, is_product, is_the_lesser
from domain.values import Money


def money(text):
    return None if text is None else Money.parse(text)


@pytest.mark.parametrize(
    ("number", "price", "amount", "holds"),
    [
        (60, "HKD 2", "HKD 120", True),
        (60, "HKD 2", "HKD 121", False),
        (60, "HKD 2", "USD 120", False),
        (3, "HKD 0.3333", "HKD 0.9999", True),
        # A price of 0 says nothing, and neither does what is not printed.
        (60, "HKD 0", "HKD 120", None),
        (None, "HKD 2", "HKD 120", None),
        (60, None, "HKD 120", None),
        (60, "HKD 2", None, None),
    ],
)
def test_a_number_times_a_price_is_an_amount_of_its_currency(number, price, amount, holds):
    assert is_product((number, money(price), money(amount))) is holds


@pytest.mark.parametrize(
    ("total", "parts", "holds"),
    [
        ("HKD 120", ["HKD 20", "HKD 100"], True),
        ("HKD 120", ["HKD 20", "HKD 101"], False),
        ("HKD 120", ["HKD 120", "USD 5", None], True),
        ("HKD 120", ["USD 120"], False),
        ("HKD 0", [], False),
        (None, ["HKD 20"], None),
    ],
)
def test_a_total_is_the_sum_of_what_is_in_its_currency(total, parts, holds):
    assert amounts_add_up([money(total), *map(money, parts)]) is holds


@pytest.mark.parametrize(
    ("values", "holds"), [((5, 5), True), ((5, 4), True), ((4, 5), False), ((None, 5), None), ((5, None), None)]
)
def test_the_second_of_two_numbers_is_not_the_greater(values, holds):
    assert is_the_lesser(values) is holds
