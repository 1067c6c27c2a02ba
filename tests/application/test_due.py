"""Which deadlines are shown, and what a recording makes due."""

from __future__ import annotations

from datetime import date, datetime

import attrs
import pytest

from application.due import at_close, due, due_after, line_of, worth_showing
from domain.law.business_days import HONG_KONG
from infrastructure.calendar import TradingCalendar
from tests.domain.book_of import drafts, entries, event, set_up

CALENDAR = TradingCalendar()
NOW = datetime(2024, 12, 17, 18, tzinfo=HONG_KONG)


class NoCalendar:
    """A calendar that nobody may ask."""

    def __getattr__(self, name):
        raise AssertionError(f"asked for {name}")


def live(*what, begun="2024-07-01T09:00"):
    moment = datetime.fromisoformat(begun).replace(tzinfo=HONG_KONG)
    return [attrs.evolve(each, recorded_at=moment) for each in entries(*set_up(), *what)]


def placing(on="17 December 2024"):
    return event("PlacingCompleted", on, share_class="ordinary", shares="10")


def test_a_store_is_asked(store):
    store.append("00001", 0, drafts(*set_up(), placing()))
    found = due(store, "00001", NOW, CALENDAR)
    # The book is begun in 2026: everything of 2024 was due before it.
    assert [each.status for each in found if each.kind == "next-day"] == ["open"]
    assert found[-1].due_at.date() == date(2025, 1, 8)


def shown(now, since=None):
    with_filing = (placing("2 July 2024"), event("ReturnFiled", "2 July 2024", kind="next-day", submitted_on="5 July 2024"))
    book = live(*with_filing, placing())
    from domain.disclosure.deadlines import obligations

    found = obligations(book, now, CALENDAR, until=date(2025, 1, 31))
    return [(each.kind, each.about.isoformat(), each.status) for each in worth_showing(found, now, since)]


def test_deadlines_of_the_last_thirty_days_are_shown_and_what_is_pressing_always():
    found = shown(NOW)
    # Filed late in July: a closed matter; the monthly returns never filed: not.
    assert ("next-day", "2024-07-02", "filed late") not in found
    assert ("monthly", "2024-07-31", "overdue") in found
    assert found[-1] == ("monthly", "2024-12-31", "open")


def test_deadlines_since_a_day_are_shown():
    assert ("next-day", "2024-07-02", "filed late") in shown(NOW, date(2024, 7, 3))
    assert ("next-day", "2024-07-02", "filed late") not in shown(NOW, date(2024, 7, 4))


def test_a_day_ends_at_its_close():
    assert at_close(date(2024, 12, 17)).isoformat() == "2024-12-17T23:59:59.999999+08:00"


# --- after a recording ------------------------------------------------------------------------------------------


def test_a_placing_makes_a_next_day_return_due():
    book = live(placing())
    assert due_after(book, book[-1:], CALENDAR, NOW) == [
        "  Due: Next Day Disclosure Return, Wed 18 December 2024 08:30 HKT (13.25A(2)(a)(i))"
    ]


def test_what_depends_on_an_unverified_rule_says_so():
    book = live(
        event("BalanceBroughtForward", "1 July 2024", share_class="ordinary", held="0", pending_cancellation="20"),
        event("RepurchasedSharesCancelled", "17 December 2024", share_class="ordinary", shares="20"),
        placing(),
    )
    assert due_after(book, book[-1:], CALENDAR, NOW) == [
        "  Due: Next Day Disclosure Return, Wed 18 December 2024 08:30 HKT "
        "(13.25A(2)(a)(i), 13.25A(2)(b)(vi), 13.25A(3); secondary)"
    ]


def test_an_overdue_return_is_said_to_be_overdue():
    book = live(placing("2 July 2024"))
    assert due_after(book, book[-1:], CALENDAR, NOW) == [
        "  Due: Next Day Disclosure Return, Wed 3 July 2024 08:30 HKT, overdue (13.25A(2)(a)(i))"
    ]


def test_a_future_fact_gives_its_deadline_and_says_that_the_calendar_is_provisional():
    book = live(placing("31 December 2026"))
    assert due_after(book, book[-1:], CALENDAR, NOW) == [
        "  Due: Next Day Disclosure Return, Mon 4 January 2027 08:30 HKT, provisional (13.25A(2)(a)(i))"
    ]


def test_poll_results_are_due_too():
    polled = event(
        "PollResultDeclared", "17 December 2024", meeting="extraordinary general meeting", resolution="1", subject="x",
        votes=["ordinary: 900 for, 100 against"],
    )  # fmt: skip
    book = live(polled)
    assert due_after(book, book[-1:], CALENDAR, NOW) == ["  Due: Poll results, Wed 18 December 2024 08:30 HKT (13.39(5))"]


@pytest.mark.parametrize(
    "what",
    [
        event("MandateGranted", "17 December 2024", mandate="m", purpose="issue", percent="20", base="500,000"),
        event("ReturnFiled", "30 November 2024", kind="monthly", submitted_on="6 December 2024"),
    ],
    ids=["mandate", "filing"],
)
def test_where_nothing_can_be_due_no_calendar_is_opened(what):
    book = live(what)
    assert due_after(book, book[-1:], NoCalendar(), NOW) == []


def test_what_is_filed_already_or_too_small_is_not_said():
    small = (
        event("SchemeAdopted", "1 July 2024", scheme="s", share_class="ordinary", particulars="Options"),
        event("SchemeBalanceBroughtForward", "1 July 2024", scheme="s", outstanding="100"),
        event("OptionsExercised", "17 December 2024", scheme="s", options="10"),
    )
    book = live(*small)
    assert due_after(book, book[-1:], CALENDAR, NOW) == []
    filed = live(placing(), event("ReturnFiled", "17 December 2024", kind="next-day", submitted_on="17 December 2024"))
    assert due_after(filed, filed[-2:-1], CALENDAR, NOW) == []


def test_of_many_the_latest_are_said():
    book = live(*[placing(f"{day} July 2024") for day in range(1, 10)])
    lines = due_after(book, book[4:], CALENDAR, NOW)
    assert len(lines) == 6
    assert lines[0].startswith("  Due: Next Day Disclosure Return, Wed 10 July 2024 08:30 HKT")
    assert lines[-1] == "  and 3 earlier: captable due --all"


def test_a_line_names_no_day_but_the_deadline():
    book = live(placing())
    from application.due import newly_due

    (found,) = newly_due(book, book[-1:], CALENDAR, NOW)
    assert found.name not in line_of(found)
