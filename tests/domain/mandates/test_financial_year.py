"""The days that follow from the end of a financial year."""

from __future__ import annotations

from datetime import date

import pytest

from domain.mandates.financial_year import annual_meeting_by, period_end, results_due, results_of, year_end_before, year_end_from


@pytest.mark.parametrize(
    ("day", "before", "following"),
    [
        ("2024-12-30", "2023-12-31", "2024-12-31"),
        ("2024-12-31", "2023-12-31", "2024-12-31"),
        ("2025-01-01", "2024-12-31", "2025-12-31"),
    ],
)
def test_the_year_end_before_a_day_and_the_one_from_it_on(day, before, following):
    on = date.fromisoformat(day)
    assert year_end_before("31 December", on) == date.fromisoformat(before)
    assert year_end_from("31 December", on) == date.fromisoformat(following)


def test_the_29th_of_february_is_the_end_of_february_in_every_year():
    assert year_end_from("29 February", date(2025, 1, 1)) == date(2025, 2, 28)
    assert year_end_from("29 February", date(2024, 1, 1)) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("year_end", "by"),
    [("2024-12-31", "2025-06-30"), ("2024-06-30", "2024-12-31"), ("2025-02-28", "2025-08-31"), ("2024-04-15", "2024-10-15")],
)
def test_the_annual_general_meeting_is_held_within_six_months(year_end, by):
    assert annual_meeting_by(date.fromisoformat(year_end)) == date.fromisoformat(by)


def test_a_period_from_the_middle_of_a_month_ends_on_the_corresponding_day():
    assert period_end(date(2025, 1, 30), 1) == date(2025, 2, 28)
    assert period_end(date(2025, 1, 15), -1) == date(2024, 12, 15)


@pytest.mark.parametrize(
    ("meeting", "ended", "by"),
    [
        ("2025-01-01", "2024-12-31", "2025-03-31"),
        ("2025-06-30", "2024-12-31", "2025-03-31"),
        ("2025-07-01", "2025-06-30", "2025-08-31"),
        ("2025-12-31", "2025-06-30", "2025-08-31"),
    ],
)
def test_a_board_meeting_approves_the_results_of_the_period_that_ended_last(meeting, ended, by):
    found = results_of("31 December", date.fromisoformat(meeting))
    assert (found.period_end, found.by) == (date.fromisoformat(ended), date.fromisoformat(by))


# For a year to 31 December: annual results by 31 March, interim ones (to 30 June) by 31 August.
@pytest.mark.parametrize(
    ("day", "by", "ended", "annual"),
    [
        ("2025-01-01", "2025-03-31", "2024-12-31", True),
        ("2025-03-31", "2025-03-31", "2024-12-31", True),
        ("2025-04-01", "2025-08-31", "2025-06-30", False),
        ("2025-08-31", "2025-08-31", "2025-06-30", False),
        ("2025-09-01", "2026-03-31", "2025-12-31", True),
    ],
)
def test_the_next_results_are_annual_after_three_months_and_interim_after_two(day, by, ended, annual):
    found = results_due("31 December", date.fromisoformat(day))
    assert (found.by, found.period_end, found.annual) == (date.fromisoformat(by), date.fromisoformat(ended), annual)


@pytest.mark.parametrize(
    ("day", "by"), [("2025-04-30", "2025-06-30"), ("2025-07-01", "2025-11-30"), ("2025-12-01", "2026-06-30")]
)
def test_results_of_a_year_to_march_are_due_at_the_end_of_june_and_of_november(day, by):
    assert results_due("31 March", date.fromisoformat(day)).by == date.fromisoformat(by)
