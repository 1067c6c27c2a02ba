"""What `captable doctor` says of an installation and a store: each state with what to do about it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import pytest

from application.record import record
from infrastructure import diagnosis, schema
from infrastructure.calendar import TradingCalendar
from infrastructure.diagnosis import Diagnosis, examined
from infrastructure.event_store import open_store
from tests.conftest import ticking
from tests.domain.book_of import drafts, event

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def of(name, location, now=NOW):
    found = examined(str(location), clock=lambda: now, calendar=TradingCalendar)
    return [each for each in found if each.name == name]


@pytest.fixture
def store(tmp_path):
    """A store with the books of twelve issuers."""
    opened = open_store(str(tmp_path / "books.db"), clock=ticking(NOW), create=True)
    for number in range(12):
        code = f"{number:05}"
        record(opened, code, drafts(event("IssuerRegistered", "1 July 2024", issuer=code, name=f"Issuer {code} Limited")))
    opened.close()
    return tmp_path / "books.db"


def test_a_store_without_books_says_how_one_begins(tmp_path):
    open_store(str(tmp_path / "empty.db"), clock=ticking(), create=True).close()
    assert of("issuers", tmp_path / "empty.db") == [
        Diagnosis("issuers", "none", "note", "captable record issuer-registered begins a book")
    ]


def test_the_heads_of_many_books_are_not_all_listed(store):
    assert of("issuers", store) == [Diagnosis("issuers", "12, 12 entries")]
    *listed, more = of("head", store)
    assert len(listed) == diagnosis.MOST_HEADS
    assert more == Diagnosis("head", f"and {12 - diagnosis.MOST_HEADS} more", advice="captable head prints them all")


def test_a_store_of_an_older_schema_can_be_read_and_upgraded(store, monkeypatch):
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    assert of("schema", store) == [
        Diagnosis("schema", f"version {schema.VERSION - 1}", "note", "read only; captable admin upgrade upgrades it")
    ]


def test_a_clock_that_is_behind_the_last_entry_is_trouble(store):
    (*_, last) = of("clock", store, NOW - timedelta(days=1))
    assert (last.state, last.advice) == ("trouble", "set it; if it is right, record with --accept-clock REASON")
    assert of("clock", store, NOW + timedelta(days=1)) == []


@pytest.mark.parametrize("path", [None, "/nowhere/at/all.ttf"])
def test_without_the_fonts_no_pdf_can_be_made(tmp_path, monkeypatch, path):
    if path is None:
        monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    else:
        monkeypatch.setattr("pylopdf_fonts_zh_cn.sans_path", lambda: path)
    assert of("fonts", tmp_path / "none.db") == [
        Diagnosis("fonts", "missing", "trouble", "no PDF can be made: install pylopdf-fonts-zh-cn again")
    ]


def test_a_program_that_is_not_installed_as_a_package_has_no_version():
    assert diagnosis._version("captable-of-nobody") == "not installed as a package"


def test_a_calendar_that_cannot_be_read_says_why(tmp_path):
    def calendar():
        raise ValueError("days.yaml:3: expected a day")

    found = examined(str(tmp_path / "none.db"), clock=lambda: NOW, calendar=calendar)
    assert Diagnosis("calendar", "cannot be read", "trouble", "days.yaml:3: expected a day") in found
