"""Counting in trading days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from domain.law.business_days import certainty, deadline, next_business_day, nth_business_day_after_month_end
from tests.domain.trading import Weekdays, closed

FRIDAY, MONDAY, TUESDAY = date(2024, 11, 1), date(2024, 11, 4), date(2024, 11, 5)


def test_the_next_business_day_is_the_day_after():
    assert next_business_day(MONDAY, Weekdays()) == TUESDAY


def test_a_weekend_is_passed_over():
    assert next_business_day(FRIDAY, Weekdays()) == MONDAY


def test_a_closed_day_after_a_weekend_is_passed_over():
    assert next_business_day(FRIDAY, closed("2024-11-04")) == TUESDAY


def test_a_day_that_is_no_business_day_itself_is_counted_from_all_the_same():
    assert next_business_day(date(2024, 11, 3), Weekdays()) == MONDAY


def test_the_fifth_business_day_is_counted_from_the_day_after_the_month():
    # November 2024 begins on a Friday: 1, 4, 5, 6, 7.
    assert nth_business_day_after_month_end(date(2024, 10, 31), Weekdays()) == date(2024, 11, 7)


def test_every_closed_day_on_the_way_puts_the_fifth_off():
    assert nth_business_day_after_month_end(date(2024, 10, 31), closed("2024-11-01", "2024-11-07")) == date(2024, 11, 11)


def test_a_deadline_is_half_past_eight_in_hong_kong():
    assert deadline(date(2024, 12, 18)) == datetime(2024, 12, 18, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "word"),
    [
        (date(2013, 12, 31), "without holidays"),
        (date(2014, 1, 1), None),
        (date(2026, 12, 31), None),
        (date(2027, 1, 1), "provisional"),
        (date(2027, 12, 31), "provisional"),
        (date(2028, 1, 1), "projection"),
    ],
)
def test_a_day_says_how_sure_it_is(day, word):
    assert certainty(day, Weekdays()) == word
