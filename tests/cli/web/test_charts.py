"""Charts in pixels, by hand: a gauge, a strip of more days than it has pixels, and marks of days that are drawn alone."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from application.series import Level
from cli.web import charts, tiles
from cli.web.asked import Asked
from cli.web.charts import Gauge, gauge
from domain.capital.accounts import ClassBalance


@pytest.mark.parametrize(
    ("limit", "used", "reserved", "drawn"),
    [
        (200, 50, 100, Gauge(75, 150, known=True)),
        (200, 0, 0, Gauge(0, 0, known=True)),
        # However little was used is seen; and what goes beyond the limit fills the gauge.
        (1_000_000, 1, 0, Gauge(2, 0, known=True)),
        (200, 250, 50, Gauge(300, 0, known=True)),
        (200, 100, 150, Gauge(150, 150, known=True)),
        (0, 0, 0, Gauge(0, 0, known=True)),
        (None, 50, 0, Gauge()),
        (200, None, 0, Gauge()),
        (200, 50, None, Gauge()),
    ],
)
def test_a_gauge_is_three_hundred_pixels_for_the_limit(limit, used, reserved, drawn):
    assert gauge(limit, used, reserved) == drawn


def level(on, entries=(1,)):
    return Level(on, ClassBalance("B", None, 1_000, 0, 1_000, 0), entries)


def test_a_strip_has_a_level_for_each_pixel_at_most():
    """A hundred days in ten pixels: the level in force on each tenth day."""
    first = date(2024, 1, 1)
    levels = [level(first + timedelta(days=day)) for day in range(101)]
    scale = charts._Scale(first, levels[-1].on, 0, 1_000, 0, 10, 0, 10)
    assert [(each.on - first).days for each in charts._a_day_a_pixel(levels, scale)] == list(range(0, 101, 10))
    assert charts._a_day_a_pixel(levels[:10], scale) == levels[:10]


def test_days_of_which_only_the_balance_is_known_lead_to_the_entries_since_the_last():
    levels = [level(date(2024, 7, 1)), level(date(2024, 7, 9), ()), level(date(2024, 7, 31), ())]
    noted = list(tiles._changes(SimpleNamespace(issuer="00020"), levels, Asked(), dict))
    assert [each.on for each in noted] == [each.on for each in levels]
    assert [each.says() for each in noted[1:]] == [
        "entries of 2 July 2024 to 9 July 2024",
        "entries of 10 July 2024 to 31 July 2024",
    ]
    assert noted[1].href() == "/issuers/00020/entries?since=2024-07-02&until=2024-07-09"


def test_the_first_day_shown_of_which_only_the_balance_is_known_has_no_mark():
    assert list(tiles._changes(SimpleNamespace(issuer="00020"), [level(date(2024, 7, 9), ())], Asked(), dict)) == []
