"""The fake keeps the promises of the Protocol, as the real store does."""

from __future__ import annotations

import inspect

import pytest

from application.ports import EventStore
from domain.capital.head import Head
from domain.errors import Conflict
from infrastructure.event_store import SqlEventStore
from tests.application.fake_store import FakeStore
from tests.domain.book_of import draft, drafts, set_up

METHODS = [name for name in vars(EventStore) if not name.startswith("_")]


@pytest.mark.parametrize("kind", [FakeStore, SqlEventStore])
@pytest.mark.parametrize("method", METHODS)
def test_a_store_has_every_method_of_the_protocol_with_its_parameters(kind, method):
    assert inspect.signature(getattr(kind, method)) == inspect.signature(getattr(EventStore, method))


@pytest.fixture(params=["in memory", "in a file"])
def either(request, store):
    return store if request.param == "in a file" else FakeStore()


def test_numbers_have_no_gaps_and_times_never_go_back(either):
    first, second = drafts(*set_up()), drafts(*set_up(), prefix="more")
    either.append("00001", 0, first)
    either.append("00001", 4, second)
    found = list(either.entries("00001"))
    assert [each.number for each in found] == list(range(1, 9))
    assert [each.recorded_at for each in found] == sorted(each.recorded_at for each in found)
    assert [each.number for each in either.entries("00001", after=6)] == [7, 8]


def test_who_does_not_know_the_end_of_the_book_writes_nothing(either):
    either.append("00001", 0, drafts(*set_up()))
    for after in (0, 3, 5):
        with pytest.raises(Conflict):
            either.append("00001", after, [draft(set_up()[0], "late")])
    assert either.head("00001").number == 4


def test_a_command_is_found_again_as_the_entry_it_became(either):
    either.append("00001", 0, drafts(*set_up()))
    found = either.recorded("00001", ["fact-3", "fact-9"])
    assert {each: (entry.number, entry.event) for each, entry in found.items()} == {"fact-3": (3, set_up()[2])}
    assert either.recorded("00002", ["fact-3"]) == {}


def test_every_issuer_has_a_book_of_its_own(either):
    either.append("00002", 0, drafts(*set_up()))
    either.append("00001", 0, drafts(*set_up()))
    assert list(either.issuers()) == ["00001", "00002"]
    assert either.head("00003") == Head(0, "", None)
    assert list(either.entries("00003")) == []
