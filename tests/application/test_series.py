"""Balances over time: each level as arithmetic by hand has it, and the same as the balance of that day."""

from __future__ import annotations

from datetime import date

from hypothesis import given

from application.series import series, series_from, series_of
from domain.capital.entries import Viewpoint, in_effect
from domain.capital.ledger import Ledger
from tests.application.facts import ISSUER, bought, placing, sold
from tests.domain.book_of import drafts, entries, event, position_at, set_up
from tests.domain.histories import books


def levels(found, code="ordinary"):
    return [
        (f"{each.on:%-d %b}", each.balance.issued_excluding_treasury, each.balance.treasury, each.balance.pending_cancellation)
        for each in found[code].levels
    ]


def test_there_is_a_level_for_each_day_on_which_shares_of_a_class_moved():
    book = entries(
        *set_up(treasury="3,000"),
        placing("5 July 2024", "10,000"),
        bought("5 July 2024", "400"),
        event("MandateGranted", "6 July 2024", mandate="m", purpose="issue", percent="20", base="500,000"),
        bought("8 July 2024", "250", intention="cancellation"),
        event("RepurchasedSharesCancelled", "9 July 2024", share_class="ordinary", shares="250"),
    )
    found = series_of(in_effect(book))
    assert levels(found) == [
        ("1 Jul", 500_000, 3_000, 0),
        ("5 Jul", 509_600, 3_400, 0),
        ("8 Jul", 509_600, 3_400, 250),
        ("9 Jul", 509_350, 3_400, 0),
    ]
    assert [each.entries for each in found["ordinary"].levels] == [(3, 4), (5, 6), (8,), (9,)]


def test_nothing_is_known_of_a_class_before_its_balance_was_brought_forward():
    book = entries(*set_up(on="1 July 2024")[:3], *set_up(on="3 July 2024")[3:])
    found = series_of(in_effect(book))["ordinary"]
    assert found.at(date(2024, 7, 2)) is None
    assert found.at(date(2024, 7, 3)).issued_excluding_treasury == 500_000


def test_between_two_days_stands_the_level_in_force_on_the_first_of_them():
    found = series_of(in_effect(entries(*set_up(), placing("5 July 2024", "1"), placing("9 July 2024", "1"))))["ordinary"]
    assert [each.on.day for each in found.between(date(2024, 7, 6), date(2024, 7, 8))] == [5]
    assert [each.on.day for each in found.between(date(2024, 6, 1), date(2024, 7, 5))] == [1, 5]
    assert found.between(date(2024, 6, 1), date(2024, 6, 30)) == ()


def test_what_was_recorded_later_does_not_change_an_earlier_series(book):
    book.append(ISSUER, 4, drafts(placing("5 July 2024", "10,000")))
    then = book.head(ISSUER).recorded_at
    before = levels(series(book, ISSUER, then))
    book.append(ISSUER, 5, drafts(sold("3 July 2024", "1,000"), prefix="late"))
    assert levels(series(book, ISSUER, then)) == before == [("1 Jul", 500_200, 3_000, 200), ("5 Jul", 510_200, 3_000, 200)]
    assert levels(series(book, ISSUER)) == [
        ("1 Jul", 500_200, 3_000, 200),
        ("3 Jul", 501_200, 2_000, 200),
        ("5 Jul", 511_200, 2_000, 200),
    ]


@given(books())
def test_every_level_is_the_balance_of_its_day(book):
    for code, each in series_of(in_effect(book)).items():
        for level in each.levels:
            position = position_at(book, Viewpoint(level.on))
            assert level.balance == position.balance(code)
            assert each.at(level.on) == level.balance


def carried(book, *days):
    """Balances carried forward at close of some days, as a store has them."""
    return [(date.fromisoformat(day), position_at(book, Viewpoint(date.fromisoformat(day))).totals) for day in days]


def test_of_days_after_those_asked_for_only_the_balances_carried_forward_are_levels():
    book = entries(*set_up(), placing("5 July 2024", "10,000"), bought("8 July 2024", "250"), bought("9 July 2024", "50"))
    found = series_from(Ledger.of(book), carried(book, "2024-07-03", "2024-07-09", "2024-07-31"), until=date(2024, 7, 6))
    # 500,000 + 10,000 placed − 300 bought into treasury; what is carried at a day gone through adds nothing.
    assert levels(found) == [
        ("1 Jul", 500_000, 0, 0),
        ("5 Jul", 510_000, 0, 0),
        ("9 Jul", 509_700, 300, 0),
        ("31 Jul", 509_700, 300, 0),
    ]
    assert [each.entries for each in found["ordinary"].levels] == [(3, 4), (5,), (), ()]


def test_nothing_is_carried_of_a_class_before_its_balance_was_brought_forward():
    book = entries(*set_up(on="1 July 2024")[:3], *set_up(on="10 July 2024")[3:])
    found = series_from(Ledger.of(book), carried(book, "2024-07-05", "2024-07-31"), until=date(2024, 7, 2))
    assert levels(found) == [("31 Jul", 500_000, 0, 0)]
