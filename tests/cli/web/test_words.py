"""Words of the pages: how long until a deadline, and what is said of an error that nobody foresaw."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest

from cli.web.problems import problem_of
from cli.web.views import countdown
from tests.cli.web.conftest import NOW

NOON = datetime.fromisoformat(NOW)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=3, hours=5), "in 3 days"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(days=1, hours=23, minutes=59), "in 47 h 59 min"),
        (timedelta(hours=1), "in 1 h 0 min"),
        (timedelta(minutes=59, seconds=59), "in 59 min"),
        (timedelta(0), "in 0 min"),
        (-timedelta(minutes=7), "7 min ago"),
        (-timedelta(hours=2, minutes=10), "2 h 10 min ago"),
        (-timedelta(days=5), "5 days ago"),
    ],
)
def test_a_deadline_is_ahead_or_past_by_days_hours_or_minutes(left, said):
    assert countdown(NOON + left, NOON) == said


def test_an_error_that_nobody_foresaw_is_logged_and_its_words_are_not_shown(caplog):
    with caplog.at_level(logging.ERROR):
        problem = problem_of(ZeroDivisionError("password=hunter2"))
    assert (problem.code, problem.status, problem.title) == ("unexpected", 500, "Unexpected error")
    assert problem.detail == "It is in the server's log; please report it."
    assert [each.getMessage() for each in caplog.records] == ["unexpected ZeroDivisionError"]
