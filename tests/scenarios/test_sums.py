"""The sums of scenarios are followed, and not only read."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.scenarios.sums import chained, summed


@pytest.mark.parametrize(
    ("words", "first", "result"),
    [
        ("345,000,000 - 3,500,000 cancelled = 341,500,000", 345_000_000, 341_500_000),
        ("0 + 3,000,000 + 2,000,000 bought on two days (22 and 23 April) = 5,000,000", 0, 5_000_000),
        ("300,000,000 × 20 / 100 = 60,000,000", 300_000_000, 60_000_000),
        ("2.4 × 2 / 3 + 1.5 / 3 = 2.1", Fraction(24, 10), Fraction(21, 10)),
        ("1,783,000,003 / 10 = 178,300,000 rounded down", 1_783_000_003, 178_300_000),
        ("15,000,000 = 15,000,000", 15_000_000, 15_000_000),
    ],
)
def test_a_sum_in_words_gives_the_figure_it_begins_with_and_its_result(words, first, result):
    assert summed(words) == (first, result)


@pytest.mark.parametrize("words", ["2 + 2 bought = 5", "10 / 4 = 2", "0 - 1 = 1"])
def test_a_sum_that_does_not_come_out_is_refused(words):
    with pytest.raises(AssertionError, match="it comes to"):
        summed(words)


def test_a_sum_that_does_not_begin_where_the_one_before_ended_is_refused():
    with pytest.raises(AssertionError, match="May: 4 - 1 = 3 begins with another figure than 5"):
        dict(chained({"March": "2 + 3 = 5", "May": "4 - 1 = 3"}))
