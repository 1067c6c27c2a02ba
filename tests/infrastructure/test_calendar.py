"""The trading days of the Exchange, against published dates and against another library's calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.law.business_days import certainty, next_business_day, nth_business_day_after_month_end
from infrastructure.calendar import Overrides, TradingCalendar, closed_days, of_library, read_overrides, trading_calendar
from infrastructure.closed_days import CLOSED_DAYS
from infrastructure.readers.values import UnreadableValue

CALENDAR = TradingCalendar()


@pytest.mark.parametrize(
    ("month_end", "due_on"),
    [
        (date(2022, 11, 30), date(2022, 12, 7)),
        (date(2022, 12, 31), date(2023, 1, 9)),
        (date(2024, 11, 30), date(2024, 12, 6)),
        (date(2024, 12, 31), date(2025, 1, 8)),
        (date(2025, 1, 31), date(2025, 2, 7)),
        (date(2026, 1, 31), date(2026, 2, 6)),
        (date(2026, 2, 28), date(2026, 3, 6)),
        (date(2026, 10, 31), date(2026, 11, 6)),
        (date(2026, 11, 30), date(2026, 12, 7)),
        (date(2026, 12, 31), date(2027, 1, 8)),
    ],
)
def test_the_fifth_business_day_after_a_month(month_end, due_on):
    assert nth_business_day_after_month_end(month_end, CALENDAR) == due_on


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2022, 12, 30), date(2023, 1, 3)),
        (date(2024, 12, 17), date(2024, 12, 18)),
        (date(2024, 6, 28), date(2024, 7, 2)),
        (date(2025, 12, 24), date(2025, 12, 29)),
        (date(2023, 6, 23), date(2023, 6, 26)),
        (date(2023, 8, 31), date(2023, 9, 4)),
        (date(2025, 1, 28), date(2025, 2, 3)),
    ],
)
def test_the_business_day_after_a_day(day, following):
    assert next_business_day(day, CALENDAR) == following


# What it says of its own ways of counting is not about ours.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_another_library_agrees_for_2021_to_2026_but_for_two_closures_that_it_misses():
    # It brings pandas with it, which no other test of this process needs.
    from exchange_calendars import get_calendar

    first, last = date(2021, 1, 1), date(2026, 12, 31)
    theirs = {session.date() for session in get_calendar("XHKG", start="2020-12-01").sessions}
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    differ = [day for day in days if CALENDAR.is_business_day(day) != (day in theirs)]
    # Typhoon Saola and the black rain of the week after: the Exchange closed on both days.
    assert differ == [date(2023, 9, 1), date(2023, 9, 8)]
    assert not any(CALENDAR.is_business_day(day) for day in differ)


@pytest.mark.parametrize(("year", "days"), [(2021, 247), (2022, 246), (2023, 243), (2024, 246), (2025, 246), (2026, 247)])
def test_the_trading_days_of_a_year_are_as_many_as_were_counted(year, days):
    first, following = date(year, 1, 1), date(year + 1, 1, 1)
    every = [first + timedelta(days=number) for number in range((following - first).days)]
    assert sum(CALENDAR.is_business_day(day) for day in every) == days


@pytest.mark.parametrize("day", ["2021-10-13", "2023-07-17", "2023-09-01", "2023-09-08", "2024-09-06"])
def test_days_closed_by_weather_are_no_business_days(day):
    assert not CALENDAR.is_business_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2024-11-14", "2025-09-23", "2025-09-24"])
def test_since_severe_weather_trading_typhoon_days_are_business_days(day):
    assert CALENDAR.is_business_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2024-12-24", "2024-12-31", "2025-01-28", "2025-12-24", "2026-02-16", "2027-02-05"])
def test_half_days_are_business_days(day):
    assert CALENDAR.is_business_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "word"),
    [
        (date(2013, 12, 31), "without holidays"),
        (date(2026, 12, 31), None),
        (date(2027, 1, 1), "provisional"),
        (date(2028, 1, 1), "projection"),
    ],
)
def test_the_calendar_says_how_far_it_is_certain(day, word):
    assert certainty(day, CALENDAR) == word


def test_the_days_that_stand_in_the_program_are_those_of_the_library():
    for year in CLOSED_DAYS:
        assert closed_days(year) == of_library(year), year


# --- the file of other days -------------------------------------------------------------------------------------

FILE = """
# the Exchange's notice
2026-09-10 closed: typhoon signal 10

1 October 2026 open: a special session   # on National Day
2026-09-11 half day: the morning only
confirmed until 2027-12-31
"""


@pytest.fixture(scope="module")
def shown() -> TradingCalendar:
    return TradingCalendar(read_overrides(FILE.splitlines(), "days.txt"))


def test_the_calendar_alone_has_it_otherwise():
    assert [CALENDAR.is_business_day(date(2026, month, day)) for month, day in ((9, 10), (10, 1))] == [True, False]


def test_a_file_closes_and_opens_days(shown):
    assert [shown.is_business_day(date(2026, month, day)) for month, day in ((9, 10), (10, 1), (9, 11))] == [False, True, True]
    assert next_business_day(date(2026, 9, 9), shown) == date(2026, 9, 11)


def test_a_file_confirms_the_days_of_a_year(shown):
    assert certainty(date(2027, 12, 31), shown) is None
    assert certainty(date(2028, 1, 1), shown) == "projection"


def test_a_year_confirmed_ahead_is_no_projection():
    ahead = TradingCalendar(read_overrides(["confirmed until 2028-12-31"], "days.txt"))
    assert certainty(date(2028, 6, 1), ahead) is None
    assert certainty(date(2029, 1, 1), ahead) == "projection"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2026-09-10 shut", "days.txt:1: expected a day and closed, open or half day"),
        ("closed", "days.txt:1: expected a day and closed, open or half day"),
        ("2026-13-10 closed", "days.txt:1: expected a date"),
        ("confirmed until soon", "days.txt:1: expected a date"),
        ("2026-09-10 closed typhoon", "days.txt:1: expected a day and closed, open or half day"),
    ],
)
def test_a_line_that_says_nothing_is_refused_with_its_number(line, message):
    with pytest.raises(UnreadableValue) as refused:
        read_overrides([line], "days.txt")
    assert str(refused.value).startswith(message)


def test_an_empty_file_says_nothing():
    assert read_overrides([], "days.txt") == Overrides()


def test_the_file_named_is_read(tmp_path):
    path = tmp_path / "days.txt"
    path.write_text("2026-09-10 closed\n", encoding="utf-8")
    assert not trading_calendar(str(path)).is_business_day(date(2026, 9, 10))
    assert trading_calendar().is_business_day(date(2026, 9, 10))
