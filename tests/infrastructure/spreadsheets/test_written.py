"""Numbers, days and money as people and workbooks write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from domain.values import Money
from infrastructure.files.spreadsheets import written
from infrastructure.readers.values import UnreadableValue


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1,865,000,000", 1_865_000_000), ("1865000000", 1_865_000_000), (1_865_000_000.0, 1_865_000_000), (700, 700),
        ("700,000 shares", 700_000), ("(700,000)", -700_000), (" 5 ", 5), (2.0**53, 9_007_199_254_740_992),
        ("1992000000000001", 1_992_000_000_000_001),
    ],
)  # fmt: skip
def test_a_whole_number_is_read_as_it_is_written(value, number):
    assert written.whole(value) == number


@pytest.mark.parametrize(
    "value", [5.5, "5.5", 2.0**53 + 2, 1e300, float("inf"), float("nan"), "1.865.000", "1e9", "12,34", True, None, ""]
)
def test_what_is_no_exact_whole_number_is_refused(value):
    with pytest.raises((UnreadableValue, OverflowError)):
        written.whole(value)


@pytest.mark.parametrize(
    ("value", "order", "day"),
    [
        ("17/12/2024", "dmy", (2024, 12, 17)), ("12/17/2024", "mdy", (2024, 12, 17)), ("03/04/2025", "dmy", (2025, 4, 3)),
        ("03/04/2025", "mdy", (2025, 3, 4)), ("03.04.25", "dmy", (2025, 4, 3)), ("2024-12-17", None, (2024, 12, 17)),
        ("2024/12/17", None, (2024, 12, 17)), ("20241217", None, (2024, 12, 17)), (20241217, None, (2024, 12, 17)),
        ("17-Dec-24", None, (2024, 12, 17)), ("17 December 2024", None, (2024, 12, 17)), ("2024年12月17日", None, (2024, 12, 17)),
        ("2024-12-17 09:31:05", None, (2024, 12, 17)), (datetime(2024, 12, 17, 9, 31), None, (2024, 12, 17)),
        (date(2024, 12, 17), None, (2024, 12, 17)),
    ],
)  # fmt: skip
def test_a_day_is_read_as_it_is_written(value, order, day):
    assert written.day(value, order) == date(*day)


@pytest.mark.parametrize("value", ["17/12/2024", "03/04/2025", "17.12.2024"])
def test_a_day_in_numbers_is_refused_without_a_stated_order(value):
    with pytest.raises(UnreadableValue, match="whose order is stated"):
        written.day(value)


@pytest.mark.parametrize(
    ("value", "order"), [("31/02/2025", "dmy"), ("17/12/2024", "mdy"), (45643.0, None), (45643, None), ("soon", None)]
)
def test_what_is_no_day_is_refused(value, order):
    with pytest.raises(UnreadableValue):
        written.day(value, order)


@pytest.mark.parametrize(
    ("value", "otherwise", "money"),
    [
        ("HK$1.62", None, "HKD 1.62"), ("HKD 1,120,000", "USD", "HKD 1120000"), (1.62, "HKD", "HKD 1.62"), (0.1 + 0.2, "HKD", "HKD 0.3"),
        ("2.50", "HKD", "HKD 2.5"), (2, "GBP", "GBP 2"),
    ],
)  # fmt: skip
def test_money_is_read_with_its_currency(value, otherwise, money):
    assert written.money(value, otherwise) == Money.parse(money)


@pytest.mark.parametrize("value", ["2.50", 2.5, "$2.50"])
def test_an_amount_without_a_currency_is_refused(value):
    with pytest.raises(UnreadableValue):
        written.money(value, None)


def test_a_price_keeps_the_digits_that_a_workbook_shows():
    assert written.decimal(1.6012) == Decimal("1.6012")
    assert written.decimal(0.000000025) == Decimal("0.000000025")
