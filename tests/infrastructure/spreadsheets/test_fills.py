"""Fills added up to the trades of a day, and rows that are no trade, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from domain.events import SharesRepurchased
from domain.values import Money
from infrastructure.files.spreadsheets import concepts
from infrastructure.files.spreadsheets.fills import DayReports, NoTrade
from infrastructure.files.spreadsheets.rows import ReadRow

MONEY = ("price", "highest", "lowest", "amount")


def row(at=2, on=5, **said):
    values = {name: Money.parse(value) if name in MONEY else value for name, value in said.items()}
    return ReadRow(at, SharesRepurchased, {concepts.DAY: date(2026, 1, on), **values})


def trades(*rows):
    reports = DayReports()
    for each in rows:
        reports.add(each)
    return [[str(trade) for trade in report.trades] for report in reports]


@pytest.mark.parametrize(
    ("said", "trade"),
    [
        ({"price": "HKD 4"}, "100 @ HKD 4 = HKD 400"),
        ({"price": "HKD 4", "amount": "HKD 400"}, "100 @ HKD 4 = HKD 400"),
        ({"highest": "HKD 4.2", "lowest": "HKD 4.1", "amount": "HKD 415"}, "100 @ HKD 4.2 to HKD 4.1 = HKD 415"),
        # One price stands in the column of the highest; of two equal ones there is one price, and no amount is needed.
        ({"highest": "HKD 4", "amount": "HKD 400"}, "100 @ HKD 4 = HKD 400"),
        ({"highest": "HKD 4", "lowest": "HKD 4"}, "100 @ HKD 4 = HKD 400"),
        # An average of three places is rounded by a twentieth of a cent at most, which 100 shares make 5 cents.
        ({"price": "HKD 4.123", "amount": "HKD 412.35"}, "100 @ HKD 4.123 = HKD 412.35"),
    ],
)
def test_a_row_is_a_trade_with_what_was_paid(said, trade):
    assert trades(row(shares=100, **said)) == [[f"On the Exchange: {trade}"]]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"shares": 0, "price": "HKD 4"}, "expected a number of shares above zero, got 0"),
        ({"shares": -5, "price": "HKD 4"}, "expected a number of shares above zero, got -5"),
        ({}, "expected a price, or a highest and a lowest price with the amount paid"),
        ({"highest": "HKD 4"}, "expected a price, or a highest and a lowest price with the amount paid"),
        ({"lowest": "HKD 4", "amount": "HKD 400"}, "expected a price, or a highest and a lowest price with the amount paid"),
        ({"price": "HKD 4", "amount": "RMB 400"}, "expected one currency, got HKD and RMB"),
        ({"highest": "HKD 4.2", "lowest": "HKD 4.1"}, "expected the amount paid beside a highest and a lowest price"),
        ({"highest": "HKD 4.2", "lowest": "HKD 4.1", "amount": "HKD 421"}, "expected an amount between 410.0 and 420.0 for 100 shares, got 421"),
        ({"price": "HKD 4", "amount": "HKD 400.01"}, "expected an amount between 399.995 and 400.005 for 100 shares, got 400.01"),
        ({"price": "HKD 4.123", "amount": "HKD 412.36"}, "expected an amount between 412.2500 and 412.3500 for 100 shares, got 412.36"),
    ],
)  # fmt: skip
def test_a_row_whose_figures_do_not_go_together_is_no_trade(said, expected):
    with pytest.raises(NoTrade) as refused:
        trades(row(**{"shares": 100, **said}))
    assert str(refused.value) == expected


def test_fills_of_a_day_are_one_trade_for_each_method_and_currency():
    assert trades(
        row(2, shares=100, price="HKD 4", method="HKEX"),
        row(3, shares=50, price="HKD 4.2", method="聯交所"),
        row(4, shares=70, price="RMB 3", method="HKEX"),
        row(5, shares=30, price="HKD 4.1", method="London Stock Exchange"),
        row(6, shares=9, price="HKD 4", on=2),
    ) == [
        ["On the Exchange: 9 @ HKD 4 = HKD 36"],
        [
            "On the Exchange: 150 @ HKD 4.2 to HKD 4 = HKD 610",
            "On the Exchange: 70 @ RMB 3 = RMB 210",
            "London Stock Exchange: 30 @ HKD 4.1 = HKD 123",
        ],
    ]


def test_a_report_knows_its_rows_and_how_many_fills_make_each_trade():
    reports = DayReports()
    for at, method in enumerate(("HKEX", "LSE", "HKEX"), 2):
        reports.add(row(at, shares=10, price="HKD 4", method=method))
    (report,) = reports
    assert (report.first, report.last, report.fills) == (2, 4, (2, 1))
    assert report.written()["shares"] == 30
