"""Entries that the store looks for by type, day and code, on each engine."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import resources

import pytest

from application.ask import history
from application.entry_pages import EntryFilter, last_kept
from application.record import record
from domain import events
from domain.capital.entries import Draft
from infrastructure.event_store import open_store
from infrastructure.readers.records import read_records

CODE = "00020"
FILTERS = {
    "nothing left out": {},
    "a type": {"kinds": frozenset({events.PlacingCompleted})},
    "two types": {"kinds": frozenset({events.PlacingCompleted, events.MandateGranted})},
    "since": {"since": date(2024, 6, 1)},
    "until": {"until": date(2022, 6, 1)},
    "a class": {"about": "A"},
    "a mandate": {"about": "issue-2024"},
    "a class and a type": {"about": "B", "kinds": frozenset({events.PlacingCompleted}), "since": date(2024, 12, 1)},
}


@pytest.fixture
def store(place):
    """The worked issuer's book of 48 entries."""
    content = (resources.files("infrastructure.worked_issuer") / "sensetime.yaml").read_bytes()
    with open_store(place, clock=lambda: datetime(2026, 11, 26, tzinfo=UTC), create=True) as opened:
        record(opened, CODE, read_records("sensetime.yaml", content, recorded_by="demo").drafts)
        yield opened


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_the_store_finds_what_the_filter_keeps_of_the_whole_book(store, wanted):
    expected = [line for line in history(store, CODE) if EntryFilter(**wanted).keeps(store, line)]
    assert expected
    assert last_kept(store, CODE, EntryFilter(**wanted)) == expected
    assert last_kept(store, CODE, EntryFilter(**wanted), 2) == expected[-2:]


def test_what_waits_is_found_by_what_it_proposes(store):
    """The fact stands in the text of its proposal; so does a code that JSON leaves out because it is the default."""
    scheme = events.SchemeAdopted(
        effective_on=date(2026, 1, 5), scheme="plan-2026", share_class="A", particulars="Plan", limit=10
    )
    for event in (events.ReleaseRequirementSet(effective_on=date(2026, 1, 5)), scheme):
        number = record(store, CODE, [Draft(event=event, recorded_by="maker")]).entries[-1].number
    for wanted in (
        {"about": "A"}, {"about": "plan-2026"}, {"kinds": frozenset({events.SchemeAdopted})},
        {"kinds": frozenset({events.FactProposed})}, {"about": "A", "kinds": frozenset({events.SchemeAdopted})},
    ):  # fmt: skip
        found = last_kept(store, CODE, EntryFilter(**wanted))
        assert found[-1].entry.number == number, wanted
        assert found == [line for line in history(store, CODE) if EntryFilter(**wanted).keeps(store, line)]
    assert number not in [line.entry.number for line in last_kept(store, CODE, EntryFilter(about="B"))]
