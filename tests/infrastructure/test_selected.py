"""Entries that the store looks for by type, day and code, on each engine."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import resources

import pytest

from application.ask import history
from application.entry_pages import EntryFilter, last_kept
from application.record import record
from domain import events
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
    expected = [line for line in history(store, CODE) if EntryFilter(**wanted).keeps(line)]
    assert expected
    assert last_kept(store, CODE, EntryFilter(**wanted)) == expected
    assert last_kept(store, CODE, EntryFilter(**wanted), 2) == expected[-2:]
