"""The worked issuer's balances at every date the public record knows, and what its book says of what it does not know."""

from __future__ import annotations

from datetime import date

import pytest

from domain.capital.entries import Viewpoint
from domain.rulebook import findings
from tests.domain.book_of import at, folded, position_at

# Class A, class B, total; from returns, poll results and announcements.
TABLE = {
    "2021-12-30": (7_528_760_000, 25_753_640_000, 33_282_400_000),  # listing, before the over-allotment option
    "2022-01-20": (7_528_760_000, 25_753_640_000, 33_282_400_000),
    "2022-01-21": (7_528_760_000, 25_978_640_000, 33_507_400_000),
    "2022-06-24": (7_528_760_000, 25_978_640_000, 33_507_400_000),
    "2022-11-30": (7_527_254_580, 25_973_445_420, 33_500_700_000),
    "2022-12-29": (7_527_254_580, 25_973_445_420, 33_500_700_000),
    "2022-12-30": (7_520_115_072, 25_948_809_928, 33_468_925_000),
    "2023-06-23": (7_520_115_072, 25_948_809_928, 33_468_925_000),
    "2024-06-28": (7_520_115_072, 27_622_255_928, 35_142_371_000),  # after the placing, before Amind's conversion
    "2024-11-30": (614_034_470, 34_528_336_530, 35_142_371_000),
    "2024-12-16": (614_034_470, 34_528_336_530, 35_142_371_000),
    "2024-12-17": (614_034_470, 36_393_336_530, 37_007_371_000),
    "2024-12-31": (614_034_470, 36_393_336_530, 37_007_371_000),
}


@pytest.mark.parametrize(("day", "expected"), TABLE.items(), ids=list(TABLE))
def test_the_balances_are_those_of_the_public_record(day, expected, demo_entries):
    position = at(demo_entries, day)
    a, b = position.balance("A"), position.balance("B")
    assert (a.issued_excluding_treasury, b.issued_excluding_treasury) == expected[:2]
    assert a.total_issued + b.total_issued == expected[2]
    assert a.treasury == b.treasury == 0


def test_the_book_is_possible_on_every_day(demo_entries):
    folded(demo_entries)


@pytest.mark.parametrize("day", [*TABLE, "2199-12-31"])
def test_authorised_capital_never_changed(day, demo_entries):
    position = at(demo_entries, day)
    assert (position.balance("A").authorised, position.balance("B").authorised) == (8_000_000_000, 1_992_000_000_000)


@pytest.mark.parametrize(
    ("day", "pending"),
    [("2022-09-25", 0), ("2022-09-26", 31_775_000), ("2022-12-29", 31_775_000), ("2022-12-30", 0), ("2024-12-31", 0)],
)
def test_shares_bought_in_september_2022_waited_until_30_december(day, pending, demo_entries):
    assert at(demo_entries, day).balance("B").pending_cancellation == pending


def test_there_is_no_finding(demo_entries):
    assert findings(demo_entries) == ()


def test_every_published_balance_is_asserted_in_the_book(demo_entries):
    asserted = [each.event for each in demo_entries if type(each.event).__name__ == "BalanceConfirmed"]
    published = ["2022-06-24", "2022-11-30", "2022-12-30", "2023-06-23", "2024-11-30", "2024-12-31"]
    assert [(event.effective_on.isoformat(), event.share_class) for event in asserted] == [
        (day, code) for day in published for code in "BA"
    ]


def test_the_mandates_are_those_the_meetings_granted(demo_entries):
    mandates = position_at(demo_entries, Viewpoint(date(2024, 12, 31))).terms.mandates
    assert {code: mandate.limit for code, mandate in mandates.items()} == {
        "repurchase-2022": 3_350_740_000,
        "repurchase-2023": 3_346_892_500,
        "issue-2023": 6_693_785_000,
        # Of 33,468,925,000; whether the June placing counted is not known.
        "issue-2024": 6_693_785_000,
        "repurchase-2024": 3_346_892_500,
    }


@pytest.mark.parametrize(
    ("mandate", "day", "left"),
    [
        ("repurchase-2022", "2022-12-31", 3_350_740_000 - 6_700_000 - 31_775_000),
        ("issue-2023", "2024-06-27", 6_693_785_000),
        ("issue-2023", "2024-06-28", 6_693_785_000 - 1_673_446_000),
        ("issue-2024", "2024-12-31", 6_693_785_000 - 1_865_000_000),
    ],
)
def test_what_was_used_of_a_mandate_is_no_longer_left(mandate, day, left, demo_entries):
    assert at(demo_entries, day).total("mandate", mandate, "headroom") == left


def test_the_two_conversions_of_2022_keep_the_proportion_of_class_a_from_rising():
    """Rule 8A.15: the shares converted are those cancelled times the proportion of class A, rounded up."""
    assert -(-7_528_760_000 * 6_700_000 // 33_507_400_000) == 1_505_420
    assert -(-7_527_254_580 * 31_775_000 // 33_500_700_000) == 7_139_508


# What the public record gives without a day.
NO_DAY = [
    ("IssuerRegistered", "2021-12-29"),
    ("SignatoryAppointed", "2021-12-29"),
    ("ShareClassCreated", "2021-12-29"),
    ("AuthorisedCapitalIncreased", "2021-12-29"),
    ("OverAllotmentOptionExercised", "2022-01-21"),
    ("SharesRepurchased", "2022-07-19"),
    ("RepurchasedSharesCancelled", "2022-08-31"),
    ("ClassAConvertedToB", "2022-08-31"),
    ("ShareClassDetailsChanged", "2023-06-19"),
    ("IssuerDetailsChanged", "2024-06-11"),
    ("PlacingCompleted", "2024-06-28"),
    ("ClassAConvertedToB", "2024-07-31"),
]


def recorded(entries, name, day):
    return [each for each in entries if type(each.event).__name__ == name and each.event.effective_on.isoformat() == day]


@pytest.mark.parametrize(("name", "day"), NO_DAY, ids=[f"{name} {day}" for name, day in NO_DAY])
def test_where_the_record_gives_no_day_the_source_says_that_it_is_assumed(name, day, demo_entries):
    found = recorded(demo_entries, name, day)
    assert found
    assert all("assumed" in each.source for each in found)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("BalanceBroughtForward", "2021-12-29"),
        ("SchemeBalanceBroughtForward", "2024-11-30"),
        ("SchemeSharesMoved", "2024-12-31"),
        ("SharesRepurchased", "2022-09-26"),
        ("SchemeAdopted", "2021-12-29"),
    ],
)
def test_where_a_fact_is_booked_on_another_day_than_its_own_the_source_says_so(name, day, demo_entries):
    found = recorded(demo_entries, name, day)
    words = ("assumed", "booked on", "before the book starts")
    assert found
    assert all(any(word in each.source for word in words) for each in found)


def test_the_base_of_the_mandates_of_2024_is_assumed_and_says_so(demo_entries):
    granted = recorded(demo_entries, "MandateGranted", "2024-06-26")
    assert [each.event.base for each in granted] == [33_468_925_000] * 2
    assert all("base assumed" in each.source for each in granted)


def test_every_filing_whose_submission_day_is_not_known_says_that_it_is_assumed(demo_entries):
    filings = [each for each in demo_entries if type(each.event).__name__ == "ReturnFiled"]
    unknown = [each for each in filings if each.event.form is None]
    assert [each.event.submitted_on.isoformat() for each in unknown] == ["2022-12-07", "2024-12-06", "2024-12-17"]
    assert all("assumed" in each.source for each in unknown)


def test_every_entry_says_where_it_comes_from(demo_entries):
    assert all(each.source for each in demo_entries)
