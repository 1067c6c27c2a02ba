"""Answers are computed once for each state of a book, are never out of date, and are the same however many ask."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import attrs
import pytest

from cli.web import answers
from cli.web import desk as desk_module
from cli.web.asked import Asked, written
from cli.web.memory import Memory
from cli.web.shelf import Shelf
from domain.law.business_days import HONG_KONG
from domain.mandates.status import history
from infrastructure.opening import open_database
from tests.cli.running import at, done
from tests.cli.web.conftest import BETWEEN, NOW, desk_of


def test_many_who_ask_at_once_wait_for_one_computation():
    memory, counted, everybody = Memory(4), [], threading.Barrier(8)

    def ask(_):
        everybody.wait()
        return memory("key", lambda: (counted.append(1), time.sleep(0.05), "answer")[-1])

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {"answer"}
    assert counted == [1]


def test_an_error_is_not_kept():
    memory = Memory(4)
    with pytest.raises(ZeroDivisionError):
        memory("key", lambda: 1 // 0)
    assert not memory.has("key")
    assert memory("key", lambda: 2) == 2


def test_the_answers_least_recently_asked_for_go_first():
    memory = Memory(2)
    for key in ("a", "b", "a", "c"):
        memory(key, str)
    assert [memory.has(key) for key in ("a", "b", "c")] == [True, False, True]


def test_a_book_is_read_once_and_then_only_what_was_added(store, monkeypatch):
    asked = []

    class Watched(Shelf):
        def head(self, issuer):
            asked.append("head")
            return super().head(issuer)

    shelf = Watched(open_database(store, create=False, writable=False), lambda: datetime.fromisoformat(NOW))
    first, again = list(shelf.entries("00020")), list(shelf.entries("00020"))
    assert len(first) == 11
    assert all(one is other for one, other in zip(first, again, strict=True))
    with at(NOW):
        done("record", "placing-completed", "--class", "B", "--shares", "500", "--on", "2025-01-20", "--store", store)
    grown = list(shelf.entries("00020", 10))
    assert (len(grown), grown[0] is first[10]) == (2, True)
    shelf.close()


def test_a_view_of_a_book_does_not_see_what_is_recorded_after_it_was_taken(store):
    desk = desk_of(store)
    before = desk.book("00020", Asked())
    with at("2025-01-21T07:30+08:00"):
        done("record", "placing-completed", "--class", "B", "--shares", "500", "--on", "2025-01-20", "--store", store)
    assert before.balances().position.balance("B").total_issued == 54_000
    assert len(before.entries()) == 11
    assert desk.book("00020", Asked()).balances().position.balance("B").total_issued == 54_500
    desk.store.close()


def test_what_depends_on_deadlines_is_asked_again_when_one_has_passed(store):
    """The Monthly Return for January is due on 7 February at 08:30: open until then, overdue from then on."""
    tags, statuses = [], []
    for now in ("2025-02-07T08:29:59+08:00", "2025-02-07T08:30+08:00", "2025-02-07T08:30:01+08:00", "2025-02-08T07:00+08:00"):
        desk = desk_of(store, now)
        book = desk.book("00020", Asked())
        tags.append(book.tag)
        statuses.append(next(each.status for each in book.obligations() if each.about.isoformat() == "2025-01-31"))
        desk.store.close()
    assert statuses == ["open", "open", "overdue", "overdue"]
    assert tags[0] == tags[1]
    assert len(set(tags)) == 3


def test_everything_that_is_asked_for_first_is_computed_beforehand(store):
    desk = desk_of(store)
    desk.warm(lambda: False)
    book = desk.book("00020", Asked())
    assert all(desk.memory.has(book._key(name, *book._depend(name))) for name in ("obligations", "findings", "mandates"))
    desk.store.close()


@pytest.mark.parametrize("moment", ["2024-12-17", "2024-12-18T08:30", "2024-12-18T08:30:15", "2024-12-18T08:30:15.250000"])
def test_an_instant_in_an_address_is_read_as_it_was_written(moment):
    read = Asked.of({"known_at": moment}).known_at
    assert Asked.of({"known_at": written(read)}).known_at == read
    assert read.tzinfo is not None
    assert written(Asked.of({"known_at": BETWEEN}).known_at) == BETWEEN
    assert written(read.astimezone(HONG_KONG)) == written(read)


@pytest.mark.parametrize("day", ["2022-12-31", "2023-06-23", "2024-12-17", "2026-01-31"])
def test_mandates_are_those_of_the_whole_book_folded(demo, day):
    """They are read off the position carried forward, so that a long book is not folded for them."""
    desk = desk_of(str(demo))
    book = desk.book("00020", Asked.of({"as_of": day}))
    assert list(book.mandates()) == list(history(book.entries(), book.as_of).standings.values())
    desk.store.close()


@pytest.mark.parametrize("since", ["2022-12-30", "2023-06-15", "2024-12-17"])
def test_balances_over_time_of_a_long_book_are_those_of_the_whole_book(demo, monkeypatch, since):
    """Every day since the last few entries; before that, only the days whose balances were carried forward."""
    asked = desk_of(str(demo))
    view, query = asked.book("00020", Asked()), {"since": since}
    exact = answers.series(view, query)
    assert exact.every_day_since is None
    monkeypatch.setattr(desk_module, "SMALL", 0)
    assert answers.series(view, {**query, "all": "true"}) == exact
    monkeypatch.setattr(desk_module, "FOLDED", 5)
    found = answers.series(view, query)
    every_day = found.every_day_since or date.fromisoformat(since)
    for code in ("A", "B"):
        shown, whole = ([row for row in each.levels if row.share_class == code] for each in (found, exact))
        assert balance(shown[0]) == balance(whole[0], shown[0].on)
        assert [row for row in shown if row.on > every_day] == [row for row in whole if row.on > every_day]
    asked.store.close()


def balance(row, on=None):
    return attrs.evolve(row, entries=(), on=on or row.on)
