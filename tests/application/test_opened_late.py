"""A ledger that opens with a position carried forward answers as the whole book does, for whatever is said of a recording."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from application import ask, prepare_return
from application.due import due_after
from application.effects import change, effects, filings_touched, headroom_effects, ledger_with, new_findings
from application.record import Refused, record
from domain.capital import ledger as ledgers
from domain.capital.entries import Entry, Viewpoint
from domain.capital.ledger import Ledger, NotOpen
from domain.law.rule import Finding
from domain.mandates.status import history
from domain.returns.filed import touched
from domain.returns.filings import NotPrepared
from domain.returns.findings import about
from domain.rulebook import findings
from infrastructure.calendar import trading_calendar
from infrastructure.event_store import SqlEventStore, open_store
from infrastructure.renderers import render
from infrastructure.store import carried_forward
from tests.conftest import ticking
from tests.domain.book_of import drafts, event, set_up
from tests.domain.histories import recordings, standing
from tests.domain.recorded_books import ISSUER, RECORDINGS, recorded_into

NOW = datetime(2026, 1, 6, tzinfo=UTC)


def carried_forward_every(entries: int, patch: pytest.MonkeyPatch, look_back: timedelta) -> None:
    for module in (ledgers, carried_forward):
        patch.setattr(module, "SPACING", entries)
    patch.setattr(ask, "LOOK_BACK", look_back)


def said(store: SqlEventStore, ledger: Ledger, recorded) -> dict[str, object]:
    changed = change(ledger, recorded)
    return {
        "effects": effects(changed),
        "headroom": headroom_effects(changed),
        "findings": new_findings(ledger, recorded),
        "due": due_after(ledger, recorded, trading_calendar(None), NOW),
    }


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(recordings())
def test_what_is_said_of_a_recording_does_not_depend_on_where_the_ledger_opens(tmp_path_factory, recorded):
    path = tmp_path_factory.mktemp("book") / "book.db"
    with pytest.MonkeyPatch.context() as patch, open_store(str(path), clock=ticking(), create=True) as store:
        # The rules look back thirty days, and to the month before; a year is for mandates, which these books do not have.
        carried_forward_every(4, patch, timedelta(days=62))
        count = len(standing())
        record(store, ISSUER, drafts(*recorded[:count], prefix="set-up"))
        for command in drafts(*recorded[count:]):
            try:
                entries = record(store, ISSUER, [command]).entries
            except Refused:
                continue
            late, whole = ledger_with(store, ISSUER, entries, dry_run=False), Ledger.of(store.entries(ISSUER))
            assert said(store, late, entries) == said(store, whole, entries), command
            numbers = [entry.number for entry in entries]
            expected = [filing for filing, _ in touched(whole, numbers)]
            assert filings_touched(store, ISSUER, late, entries) == expected


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(RECORDINGS)
def test_what_stands_of_mandates_does_not_depend_on_where_the_ledger_opens(tmp_path_factory, batches):
    path = tmp_path_factory.mktemp("book") / "book.db"
    with pytest.MonkeyPatch.context() as patch, open_store(str(path), clock=ticking(), create=True) as store:
        carried_forward_every(2, patch, timedelta(days=3))
        book = recorded_into(store, batches)
        for day in sorted({entry.event.effective_on for entry in book}):
            late = ask.opened(store, ISSUER, day)
            assert history(late, day).standings == history(book, day).standings
            expected = ask.position(store, ISSUER, Viewpoint(day))
            assert late.at(day).totals == expected.totals
            early = day - timedelta(days=20)
            assert late.at(early).totals == ask.position(store, ISSUER, Viewpoint(early)).totals


def test_a_ledger_opens_after_what_is_too_old_to_matter_and_knows_what_established_terms(tmp_path, monkeypatch):
    """Four facts of 1 July, two of 5 July: what is asked of 20 July opens at close of 5 July, and still knows the class."""
    carried_forward_every(2, monkeypatch, timedelta(days=3))
    with open_store(str(tmp_path / "book.db"), clock=ticking(), create=True) as store:
        placed = [event("PlacingCompleted", f"{day} July 2024", share_class="ordinary", shares="10") for day in (5, 5, 20)]
        record(store, ISSUER, drafts(*set_up(), *placed))
        found = ask.opened(store, ISSUER, date(2024, 7, 20))
        assert (found.opened_on, [entry.number for entry in found]) == (date(2024, 7, 5), [1, 2, 4, 7])
        assert found.begins_on == date(2024, 7, 1)
        with pytest.raises(NotOpen, match="opens at close of 2024-07-05"):
            found.period(date(2024, 7, 1), date(2024, 7, 20))


@settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(recordings())
def test_a_monthly_return_reads_the_same_wherever_the_ledger_opens(tmp_path_factory, recorded):
    """Its text, and the findings that mark it as a draft; what a figure comes from of long before is left out."""
    path = tmp_path_factory.mktemp("book") / "book.db"
    with pytest.MonkeyPatch.context() as patch, open_store(str(path), clock=ticking(), create=True) as store:
        carried_forward_every(4, patch, timedelta(days=62))
        record(store, ISSUER, drafts(*recorded[: len(standing())], prefix="set-up"))
        for command in drafts(*recorded[len(standing()) :]):
            with suppress(Refused):
                record(store, ISSUER, [command])
        book = list(store.entries(ISSUER))
        last = max(each.event.effective_on for each in book)
        # The month after the last fact lists nothing but what is pending, and opens with all the rest.
        for day in (last, last + timedelta(days=31)):
            check_month(store, book, day.year, day.month)


def check_month(store: SqlEventStore, book: list[Entry], year: int, month: int) -> None:
    try:
        traced = prepare_return.monthly_return(store, ISSUER, year, month, NOW.date())
    except NotPrepared:
        with pytest.raises(NotPrepared):
            prepare_return.monthly_return(store, ISSUER, year, month, NOW.date(), traced=False)
        return
    late = prepare_return.monthly_return(store, ISSUER, year, month, NOW.date(), traced=False)
    assert render(late, "text", draft=False) == render(traced, "text", draft=False)
    found = prepare_return.findings_about(store, ISSUER, late)
    assert lines_of(found) == lines_of(about(traced, book, findings(book)))
    assert prepare_return.monthly_with_findings(store, ISSUER, year, month, NOW.date()) == (late, found)


def lines_of(found: Iterable[Finding]) -> list[str]:
    """All but HK322, which names every use of a mandate: a mandate lasts for a year, and the look back here is of two months."""
    return sorted(str(each) for each in found if each.code != "HK322")
