"""The rows that entries add are the fold, written so that sums of them answer at every viewpoint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings

from domain.capital.accounts import Account
from domain.capital.balances import apply
from domain.capital.entries import Entry
from domain.capital.position import Position
from domain.restatement import Posting, Restatement, additions, differences, restatements
from tests.application.fake_store import FakeStore
from tests.conftest import STARTED
from tests.domain.book_of import entries, entry, event, set_up
from tests.domain.restated_books import ISSUER, RECORDINGS, recorded_into, totals_by_the_fold, viewpoints

ON = "ordinary"


def summed(rows: Iterable[Posting], as_of: date, number: int) -> dict[Account, int]:
    """The totals that rows add up to at close of a day, as known when an entry was the last."""
    totals: Counter[Account] = Counter()
    for row in rows:
        if row.number <= number and row.effective_on <= as_of:
            totals[Account(row.book, row.code, row.name)] += row.delta
    return {account: total for account, total in totals.items() if total}


def same_at_every_viewpoint(book: Sequence[Entry], rows: Sequence[Posting]) -> None:
    for viewpoint in viewpoints(book):
        known = max(each.number for each in book if each.recorded_at <= viewpoint.known_at)
        assert summed(rows, viewpoint.as_of, known) == totals_by_the_fold(book, viewpoint), viewpoint


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(RECORDINGS)
def test_the_rows_of_every_recording_add_up_to_the_fold_at_every_viewpoint(batches):
    store = FakeStore()
    book = recorded_into(store, batches)
    same_at_every_viewpoint(book, store.postings[ISSUER])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(RECORDINGS)
def test_the_rows_of_a_book_read_anew_add_up_to_the_fold_as_well(batches):
    """With a clock that stands still now and then, so that recordings share their instant."""
    readings = iter(range(10**6))
    book = recorded_into(FakeStore(lambda: STARTED + timedelta(seconds=next(readings) // 3)), batches)
    same_at_every_viewpoint(book, [row for _, rows in restatements(book) for row in rows])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(RECORDINGS)
def test_the_short_way_tells_the_same_rows_as_the_definition(batches):
    store = FakeStore()
    book = recorded_into(store, batches)
    known = 0
    for number, rows in restatements(book):
        assert sorted(rows) == sorted(differences(book[:known], book[:number]))
        known = number
    assert known == len(book)


# --- by hand ----------------------------------------------------------------------------------------------------


def changed(book: Sequence[Entry], known: int) -> list[tuple[int, str, str, int]]:
    """What becomes known after an entry: number, day, account and delta of the shares of the one class."""
    rows = Restatement(book[:known]).take(book[known:])
    return sorted((row.number, f"{row.effective_on:%-d %B}", row.name, row.delta) for row in rows)


def test_what_comes_last_adds_its_own_movements():
    book = entries(*set_up(), event("PlacingCompleted", "5 July 2024", share_class=ON, shares="300"))
    assert changed(book, 4) == [(5, "5 July", "held", 300), (5, "5 July", "unissued", -300)]


def test_a_fact_of_before_a_subdivision_learnt_after_it_restates_the_subdivision():
    """300 shares of 5 July become 3,000 on 10 July: 2,700 more, and as many fewer unissued."""
    split = event("SharesSubdivided", "10 July 2024", into="10")
    book = entries(*set_up(), split, event("PlacingCompleted", "5 July 2024", share_class=ON, shares="300"))
    assert changed(book, 5) == [
        (6, "10 July", "held", 2_700),
        (6, "10 July", "unissued", -2_700),
        (6, "5 July", "held", 300),
        (6, "5 July", "unissued", -300),
    ]


def test_a_withdrawal_takes_back_what_it_replaces_on_its_own_day():
    placed = event("PlacingCompleted", "5 July 2024", share_class=ON, shares="300")
    withdrawn = event("EntryWithdrawn", "9 July 2024", reason="it did not happen")
    book = [*entries(*set_up(), placed), entry(6, withdrawn, replaces=5)]
    assert changed(book, 5) == [(6, "5 July", "held", -300), (6, "5 July", "unissued", 300)]


def test_a_correction_takes_back_the_old_movements_and_adds_the_new():
    placed = event("PlacingCompleted", "5 July 2024", share_class=ON, shares="300")
    other = event("PlacingCompleted", "6 July 2024", share_class=ON, shares="500")
    book = [*entries(*set_up(), placed), entry(6, other, replaces=5)]
    assert changed(book, 5) == [
        (6, "5 July", "held", -300),
        (6, "5 July", "unissued", 300),
        (6, "6 July", "held", 500),
        (6, "6 July", "unissued", -500),
    ]


def test_a_subdivision_learnt_late_restates_nothing_but_its_own_day():
    placed = event("PlacingCompleted", "15 July 2024", share_class=ON, shares="300")
    book = entries(*set_up(), placed, event("SharesSubdivided", "10 July 2024", into="2"))
    assert changed(book, 5) == [
        (6, "10 July", "authority", -1_000_000),
        (6, "10 July", "held", 500_000),
        (6, "10 July", "unissued", 500_000),
    ]


def test_what_moves_nothing_adds_no_row():
    book = entries(*set_up(), event("ReturnFiled", "30 June 2024", kind="monthly", submitted_on="3 July 2024"))
    assert changed(book, 4) == []


def test_additions_are_the_movements_of_each_entry_account_by_account():
    brought = set_up(held="5", treasury="3")[3]
    book = entries(*set_up()[:3], brought)
    position = Position()
    posted = [apply(position, each) for each in book]
    assert sorted((row.name, row.delta) for row in additions(posted[3:])) == [("held", 5), ("treasury", 3), ("unissued", -8)]
