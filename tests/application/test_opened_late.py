"""A ledger that opens with a position carried forward answers as the whole book does, for whatever is said of a recording."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from application import ask, prepare_return
from application.due import at_close, due, due_after
from application.effects import before_and_after, effects, filings_touched, headroom_changes, ledger_with, new_findings
from application.recent import due_since, findings_since
from application.record import record
from domain.capital import ledger as ledgers
from domain.capital.entries import Entry, Viewpoint
from domain.capital.ledger import Ledger, NotOpen
from domain.errors import Refused
from domain.events import Event
from domain.mandates.status import history
from domain.returns import monthly, next_day
from domain.returns.documents import Return
from domain.returns.filed import touched
from domain.returns.filings import NotPrepared
from domain.returns.findings import about
from domain.rulebook import check, findings
from domain.values import month_end_of
from infrastructure.calendar import trading_calendar
from infrastructure.event_store import SqlEventStore, open_store
from infrastructure.renderers import render
from infrastructure.store import carried_forward
from tests.conftest import ticking
from tests.domain.book_of import draft, drafts, event, set_up
from tests.domain.histories import recordings, standing
from tests.domain.recorded_books import ISSUER, RECORDINGS, recorded_into

NOW = datetime(2026, 1, 6, tzinfo=UTC)


def carried_forward_every(entries: int, patch: pytest.MonkeyPatch, look_back: timedelta) -> None:
    for module in (ledgers, carried_forward):
        patch.setattr(module, "SPACING", entries)
    patch.setattr(ask, "LOOK_BACK", look_back)
    for module in (ledgers, prepare_return):
        patch.setattr(module, "TRACED", 0)


def said(store: SqlEventStore, ledger: Ledger, recorded) -> dict[str, object]:
    changed = before_and_after(ledger, recorded)
    return {
        "effects": effects(changed),
        "headroom": tuple(headroom_changes(changed)),
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


@contextmanager
def opening_late(folders: pytest.TempPathFactory, recorded: Sequence[Event]) -> Iterator[tuple[SqlEventStore, list[Entry]]]:
    """A store that opens a ledger two months before a day at most, into which facts were recorded one by one, and its entries."""
    path = folders.mktemp("book") / "book.db"
    with pytest.MonkeyPatch.context() as patch, open_store(str(path), clock=ticking(), create=True) as store:
        carried_forward_every(4, patch, timedelta(days=62))
        record(store, ISSUER, drafts(*recorded[: len(standing())], prefix="set-up"))
        for command in drafts(*recorded[len(standing()) :]):
            with suppress(Refused):
                record(store, ISSUER, [command])
        yield store, list(store.entries(ISSUER))


@settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(recordings())
def test_a_return_reads_the_same_wherever_the_ledger_opens(tmp_path_factory, recorded):
    """And the findings that mark it as a draft. In a long book no balance at its opening names entries, wherever it was read from."""
    with opening_late(tmp_path_factory, recorded) as (store, book):
        last = max(each.event.effective_on for each in book)
        # The month after the last fact lists nothing but what is pending, and opens with all the rest.
        for day in (last, last + timedelta(days=31)):
            check_month(store, book, day.year, day.month)
            check_day(store, book, day)


def check_month(store: SqlEventStore, book: list[Entry], year: int, month: int) -> None:
    asked = (store, ISSUER, year, month, NOW.date())
    month_end = month_end_of(date(year, month, 1))
    try:
        whole = monthly.prepare(book, month_end, NOW.date())
    except NotPrepared:
        with pytest.raises(NotPrepared):
            prepare_return.monthly_return(*asked)
        return
    late = prepare_return.monthly_return(*asked)
    assert late == whole
    assert late.entries_since == month_end.replace(day=1)
    explained = prepare_return.monthly_return(*asked, explained=True)
    assert (explained.entries_since, render(explained, "text")) == (None, render(whole, "text"))
    assert_findings_are_those_of_the_whole_book(store, book, late)
    assert prepare_return.monthly_with_findings(*asked) == (late, prepare_return.findings_about(store, ISSUER, late))


def assert_findings_are_those_of_the_whole_book(store: SqlEventStore, book: list[Entry], document: Return) -> None:
    found = prepare_return.findings_about(store, ISSUER, document)
    assert sorted(map(str, found)) == sorted(map(str, about(document, book, findings(book))))


def check_day(store: SqlEventStore, book: list[Entry], on: date) -> None:
    for again in (False, True):
        asked = (store, ISSUER, on, NOW.date())
        try:
            whole = next_day.prepare(book, on, NOW.date(), again=again)
        except NotPrepared as refused:
            with pytest.raises(NotPrepared, match=re.escape(str(refused))):
                prepare_return.next_day_return(*asked, again=again)
            continue
        late = prepare_return.next_day_return(*asked, again=again)
        assert late == whole
        assert_findings_are_those_of_the_whole_book(store, book, late)


@settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(recordings())
def test_what_is_found_and_due_of_late_is_what_the_whole_book_says_of_it(tmp_path_factory, recorded):
    calendar = trading_calendar(None)
    with opening_late(tmp_path_factory, recorded) as (store, book):
        last = max(each.event.effective_on for each in book)
        for as_of, since in ((last, last - timedelta(days=9)), (last + timedelta(days=99), last + timedelta(days=70))):
            now = at_close(as_of)
            named = {each.number for each in book if each.event.effective_on >= since}
            found = findings_since(store, ISSUER, since, as_of, None, now=now, calendar=calendar)
            whole = check(book, as_of, now=now, calendar=calendar)
            assert [each for each in found if each.entries] == [each for each in whole if not named.isdisjoint(each.entries)]
            assert {each for each in found if not each.entries} <= set(whole)
            expected = tuple(each for each in due(store, ISSUER, now, calendar) if each.about >= since)
            assert due_since(store, ISSUER, since, now, calendar) == expected


def subdivided_alone(purpose: str, percent: str) -> list[Event]:
    """An issuer of 1,000 shares of A and of B, and a mandate over both; then A is subdivided two for one, and B is not."""
    on = "31 December 2023"
    listed = {"class_label": "Shares", "listed": "yes", "authorised": "no"}
    return [
        event("IssuerRegistered", on, issuer=ISSUER, name="Example Limited"),
        *(event("ShareClassCreated", on, share_class=code, **listed) for code in "AB"),
        *(event("BalanceBroughtForward", on, share_class=code, held="1,000") for code in "AB"),
        event("MandateGranted", "2 January 2024", mandate=purpose, purpose=purpose, percent=percent, base="2,000"),
        event("SharesSubdivided", "10 January 2024", share_class="A", into="2"),
    ]


def test_what_was_done_under_a_mandate_since_an_uneven_reorganisation_is_named_however_long_ago(tmp_path, monkeypatch):
    """A is subdivided two for one in January and B is not; shares are placed in February and, two months and more later, in May."""
    carried_forward_every(2, monkeypatch, timedelta(days=30))
    placed = {"share_class": "A", "shares": "10", "price": "HKD 1", "mandate": "issue"}
    with open_store(str(tmp_path / "book.db"), clock=ticking(), create=True) as store:
        facts = [
            *subdivided_alone("issue", "20"),
            event("PlacingCompleted", "5 February 2024", **placed),
            *(event("OtherSharesIssued", f"{day} March 2024", share_class="B", shares="5") for day in (4, 5, 6)),
            event("PlacingCompleted", "20 May 2024", **placed),
        ]
        record(store, ISSUER, drafts(*facts))
        document = prepare_return.monthly_return(store, ISSUER, 2024, 5, date(2024, 6, 4))
        found = prepare_return.findings_about(store, ISSUER, document)
        assert [each.entries for each in found if each.code == "HK322"] == [(6, 8, 12)]
        assert_findings_are_those_of_the_whole_book(store, list(store.entries(ISSUER)), document)


def test_a_return_is_marked_by_what_is_found_of_a_purchase_still_pending_however_long_ago_it_was_made(tmp_path, monkeypatch):
    """Bought in July under no mandate, and shares issued within thirty days of it; the return of the next May lists it yet.

    What happened in December has nothing to do with it, and is not read.
    """
    carried_forward_every(2, monkeypatch, timedelta(days=62))
    read: list[Ledger] = []
    monkeypatch.setattr(prepare_return, "opened", lambda *asked, **days: read.append(ask.opened(*asked, **days)) or read[-1])
    bought = {"share_class": "ordinary", "price": "HKD 1.50", "intention": "cancellation"}
    placed = {"share_class": "ordinary", "shares": "10", "price": "HKD 1.50", "general_meeting_on": "20 June 2024"}
    with open_store(str(tmp_path / "book.db"), clock=ticking(), create=True) as store:
        facts = [
            event("SharesRepurchased", "5 July 2024", shares="100", **bought),
            event("PlacingCompleted", "25 July 2024", **placed),
            *(event("PlacingCompleted", f"{day} December 2024", **placed) for day in (2, 3, 4, 5, 6)),
            event("PlacingCompleted", "20 May 2025", **placed),
        ]
        record(store, ISSUER, drafts(*set_up(), *facts))
        document = prepare_return.monthly_return(store, ISSUER, 2025, 5, date(2025, 6, 4))
        found = prepare_return.findings_about(store, ISSUER, document)
        assert sorted((each.code, each.entries) for each in found) == [("HK308", (5, 6)), ("HK341", (5,))]
        assert_findings_are_those_of_the_whole_book(store, list(store.entries(ISSUER)), document)
        assert all({7, 8, 9}.isdisjoint(entry.number for entry in ledger) for ledger in read)


def test_what_marks_a_return_names_every_use_of_a_mandate_though_one_of_them_is_a_purchase_still_pending(tmp_path, monkeypatch):
    """A is subdivided two for one in January and B is not; A shares are bought a fortnight later, and in July."""
    carried_forward_every(2, monkeypatch, timedelta(days=30))
    bought = {"share_class": "A", "shares": "10", "price": "HKD 1", "intention": "cancellation", "mandate": "repurchase"}
    with open_store(str(tmp_path / "book.db"), clock=ticking(), create=True) as store:
        facts = [
            *subdivided_alone("repurchase", "10"),
            event("SharesRepurchased", "25 January 2024", **bought),
            *(event("OtherSharesIssued", f"{day} March 2024", share_class="B", shares="5") for day in (18, 19, 20)),
            event("SharesRepurchased", "22 July 2024", **bought),
        ]
        record(store, ISSUER, drafts(*facts))
        document = prepare_return.monthly_return(store, ISSUER, 2024, 7, date(2024, 8, 5))
        found = prepare_return.findings_about(store, ISSUER, document)
        assert [each.entries for each in found if each.code == "HK322"] == [(6, 8, 12)]
        assert_findings_are_those_of_the_whole_book(store, list(store.entries(ISSUER)), document)


def test_what_was_traded_under_a_mandate_is_counted_since_its_grant_however_long_ago_that_was(tmp_path, monkeypatch):
    """Under one mandate 30 shares are placed and 20 sold on the Exchange in the year before 10 more are sold."""
    carried_forward_every(2, monkeypatch, timedelta(days=30))
    sold = {"share_class": "ordinary", "mandate": "issue"}
    with open_store(str(tmp_path / "book.db"), clock=ticking(), create=True) as store:
        facts = [
            *set_up(treasury="90"),
            event("MandateGranted", "2 July 2024", mandate="issue", purpose="issue", percent="20", base="500,000"),
            event("PlacingCompleted", "3 July 2024", **sold, shares="30"),
            event("TreasurySharesSold", "4 July 2024", **sold, shares="20", trades="On the Exchange: 20 @ HKD 2 = HKD 40"),
            *(event("OtherSharesIssued", f"{day} September 2024", share_class="ordinary", shares="5") for day in (3, 4, 5)),
        ]
        record(store, ISSUER, drafts(*facts))
        filed = event("ReturnFiled", "5 September 2024", kind="next-day", submitted_on="6 September 2024")
        record(store, ISSUER, drafts(filed, prefix="filed"))
        last = event("TreasurySharesSold", "20 May 2025", **sold, shares="10", trades="On the Exchange: 10 @ HKD 2 = HKD 20")
        record(store, ISSUER, drafts(last, prefix="last"))
        document = prepare_return.next_day_return(store, ISSUER, date(2025, 5, 20), date(2025, 5, 21))
        (report,) = document.treasury_sales
        assert report.mandate is not None
        assert (report.shares.value, report.mandate.used.value) == (10, 30)
        assert document == next_day.prepare(list(store.entries(ISSUER)), date(2025, 5, 20), date(2025, 5, 21))


def test_a_return_is_marked_where_it_opens_elsewhere_however_long_ago_what_was_corrected_took_effect(tmp_path, monkeypatch):
    """100 were bought in July; in May it is found that 80 were. The Monthly Return for April closed at 500,030 less 100."""
    carried_forward_every(2, monkeypatch, timedelta(days=30))
    bought = event(
        "SharesRepurchased", "5 July 2024", share_class="ordinary", shares="100", price="HKD 1", intention="treasury",
        general_meeting_on="20 June 2024",
    )  # fmt: skip
    with open_store(str(tmp_path / "book.db"), clock=ticking(), create=True) as store:
        facts = [
            bought,
            *(event("BonusIssueCompleted", f"{day} March 2025", share_class="ordinary", shares="10") for day in (3, 4, 5)),
            event("ReturnFiled", "30 April 2025", kind="monthly", submitted_on="7 May 2025"),
            event("BonusIssueCompleted", "20 May 2025", share_class="ordinary", shares="10"),
        ]
        record(store, ISSUER, drafts(*set_up(), *facts))
        record(store, ISSUER, [draft(attrs.evolve(bought, shares=80), "corrected", replaces=5)])
        for document in (
            prepare_return.monthly_return(store, ISSUER, 2025, 5, date(2025, 6, 4)),
            prepare_return.next_day_return(store, ISSUER, date(2025, 5, 20), date(2025, 5, 20)),
        ):
            (found,) = prepare_return.findings_about(store, ISSUER, document)
            assert found.code == "HK618"
            assert "closed at 499,930 issued shares of class ordinary and 100 treasury shares" in found.message
            assert "opens at 499,950 and 80: entry 5" in found.message
            assert_findings_are_those_of_the_whole_book(store, list(store.entries(ISSUER)), document)


def test_an_opening_balance_counts_facts_twice_that_are_older_than_the_ledger_is_opened(tmp_path, monkeypatch):
    """100 preference shares were issued on 2 July; positions are carried forward since, so that 12 July is looked at alone."""
    carried_forward_every(2, monkeypatch, timedelta(days=3))
    preference = [
        event("ShareClassCreated", "1 July 2024", share_class="p", class_label="Preference shares", authorised="no"),
        event("OtherSharesIssued", "2 July 2024", share_class="p", shares="100", text="Issue of preference shares"),
    ]
    placed = [event("PlacingCompleted", f"{day} July 2024", share_class="ordinary", shares="10") for day in (3, 4, 5, 6, 7, 8, 9)]
    with open_store(str(tmp_path / "book.db"), clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*set_up(), *preference, *placed))
        balance = event("BalanceBroughtForward", "12 July 2024", share_class="p", held="100")
        assert ask.opened(store, ISSUER, date(2024, 7, 12)).opened_on > date(2024, 7, 2)
        with pytest.raises(Refused, match="class p of days until 12 July 2024 are recorded, and would count twice"):
            record(store, ISSUER, drafts(balance, prefix="balance"))
