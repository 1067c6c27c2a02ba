"""The tables derived from a book: they answer as the fold does, on every engine, and can be made anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from application import ask
from application.issuers import listed
from application.record import PATIENCE, record
from domain.capital.accounts import HELD, SHARES, UNISSUED, Account
from domain.capital.entries import Entry, Viewpoint
from domain.capital.head import Conflict, StoreDamaged
from domain.events import Event
from domain.restatement import Restatement
from infrastructure import checkpoints
from infrastructure.event_store import SqlEventStore, open_store
from tests.conftest import ticking, worked_issuer
from tests.domain.book_of import draft, drafts, event, set_up
from tests.domain.restated_books import ISSUER, RECORDINGS, recorded_into, totals_by_the_fold, viewpoints

ON = "ordinary"
NOT_YET = datetime.max.replace(tzinfo=UTC)


@pytest.fixture
def store(place: str) -> Iterator[SqlEventStore]:
    with open_store(place, clock=ticking(), create=True) as opened:
        yield opened


def same_as_the_fold(store: SqlEventStore, issuer: str, asked: list[Viewpoint]) -> None:
    entries = list(store.entries(issuer))
    for viewpoint in asked:
        tabled = store.tabled(issuer, viewpoint)
        assert tabled is not None
        assert tabled.totals == totals_by_the_fold(entries, viewpoint), viewpoint


def answers_alike(store: SqlEventStore, issuer: str, viewpoint: Viewpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = ask.position(store, issuer, viewpoint)
    monkeypatch.setattr(ask, "FOLDED", 0)
    found = ask.balances(store, issuer, viewpoint).position
    assert found.balances() == expected.balances()
    facts, wanted = found.terms, expected.terms
    for name in ("issuer", "classes", "schemes", "mandates", "instruments", "agreements", "settings", "signatory"):
        assert getattr(facts, name) == getattr(wanted, name), name


# --- one book after the other on each engine ------------------------------------------------------------------------


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(RECORDINGS)
def test_the_tables_answer_as_the_fold_does_at_every_viewpoint(tmp_path_factory, batches):
    path = tmp_path_factory.mktemp("book") / "book.db"
    with open_store(str(path), clock=ticking(), create=True) as opened, pytest.MonkeyPatch.context() as patch:
        # Runs of few entries, so that a short book has several of each size.
        patch.setattr(checkpoints, "SMALLEST", 4)
        patch.setattr(checkpoints, "FACTOR", 2)
        book = recorded_into(opened, batches)
        same_as_the_fold(opened, ISSUER, viewpoints(book))
        assert opened.compare(ISSUER) == len(book)
        opened.rebuild(ISSUER)
        assert opened.compare(ISSUER) == len(book)
        same_as_the_fold(opened, ISSUER, viewpoints(book))


def test_the_worked_issuer_reads_the_same_from_tables_and_fold(store, monkeypatch):
    record(store, "00020", worked_issuer())
    for day in (date(2021, 12, 29), date(2022, 12, 30), date(2024, 12, 17), date(2026, 1, 1)):
        answers_alike(store, "00020", Viewpoint(day), monkeypatch)
    assert store.compare("00020") == store.reach("00020") == store.head("00020").number


def test_old_viewpoints_stay_true_when_a_subdivision_is_restated(store):
    """500,000 issued; 10 for 1 on 15 July; then 1,000 of 8 July are learnt, and 1,000 more withdrawn again."""
    record(store, ISSUER, drafts(*set_up(), prefix="set-up"))
    record(store, ISSUER, drafts(event("SharesSubdivided", "15 July 2024", into="10"), prefix="split"))
    before = store.head(ISSUER).recorded_at
    record(store, ISSUER, drafts(event("PlacingCompleted", "8 July 2024", share_class=ON, shares="1,000"), prefix="late"))
    after = store.head(ISSUER).recorded_at
    record(store, ISSUER, [draft(event("EntryWithdrawn", "8 July 2024", reason="it did not happen"), "gone", replaces=6)])
    held = {
        (day, known): store.tabled(ISSUER, Viewpoint(date(2024, 7, day), known)).totals[Account(SHARES, ON, HELD)]
        for day in (14, 15)
        for known in (before, after, None)
    }
    assert held == {
        (14, before): 500_000, (14, after): 501_000, (14, None): 500_000,
        (15, before): 5_000_000, (15, after): 5_010_000, (15, None): 5_000_000,
    }  # fmt: skip


def test_what_nobody_knew_yet_has_no_totals(store):
    record(store, ISSUER, drafts(*set_up()))
    early = datetime(2000, 1, 1, tzinfo=UTC)
    tabled = store.tabled(ISSUER, Viewpoint(date(2030, 1, 1), early))
    assert (tabled.totals, tabled.standing) == ({}, ())
    assert store.tabled("09999", Viewpoint(date(2030, 1, 1))).totals == {}


@pytest.mark.parametrize("shares", [2**63 - 1, 2**63, 10**30], ids=["64 bits", "one more", "10^30"])
def test_numbers_of_any_size_are_added_up_exactly(store, shares):
    """Each fits or does not fit 64 bits; the sum of three of them never does."""
    more = [event("AuthorisedCapitalIncreased", "2 July 2024", share_class=ON, shares=str(shares)) for _ in range(3)]
    record(store, ISSUER, drafts(*set_up(authorised="500,000"), *more))
    assert store.tabled(ISSUER, Viewpoint(date(2024, 7, 2))).totals[Account(SHARES, ON, UNISSUED)] == 3 * shares
    assert store.compare(ISSUER) == 7


def filled(store: SqlEventStore, number: int, batch: int) -> None:
    """A book of small placings, some of them late, through the store's own door."""
    told, after = Restatement(()), 0
    facts = [*set_up(authorised="10,000,000,000")]
    facts += [
        event("PlacingCompleted", f"{1 + (7 * step) % 28} August 2024", share_class=ON, shares=str(1 + step))
        for step in range(number - len(facts))
    ]
    while after < number:
        part = drafts(*facts[after : after + batch], prefix=f"from-{after}")
        written = [
            Entry(event=each.event, recorded_by="x", command_id=each.command_id, number=place, recorded_at=NOT_YET)
            for place, each in enumerate(part, after + 1)
        ]
        store.append(ISSUER, after, part, told.take(written))
        after += len(part)


def test_a_book_of_several_checkpoints_answers_as_the_fold_does(place, monkeypatch):
    monkeypatch.setattr(checkpoints, "SMALLEST", 16)
    monkeypatch.setattr(checkpoints, "FACTOR", 4)
    with open_store(place, clock=ticking(step=timedelta(minutes=1)), create=True) as store:
        filled(store, 700, batch=9)
        entries = list(store.entries(ISSUER))
        moments = [entries[place].recorded_at for place in (3, 15, 16, 17, 63, 64, 65, 255, 256, 300, 640, 699)]
        same_as_the_fold(store, ISSUER, [Viewpoint(date(2024, 8, day), known) for day in (1, 9, 28) for known in moments])
        assert store.compare(ISSUER) == 700


@pytest.mark.parametrize(("number", "sealed", "expected"), [
    (0, 99_328, []),
    (511, 99_328, []),
    (512, 99_328, [(1_024, 1_024, 1)]),
    (1_023, 0, []),
    (3_000, 2_048, [(1_024, 1_024, 1), (2_048, 1_024, 1)]),
    (3_000, 3_072, [(1_024, 1_024, 1), (2_048, 1_024, 1), (3_072, 1_024, 1)]),
    (32_768 + 1_500, 99_328, [(16_384, 16_384, 1), (32_768, 16_384, 1), (33_792, 1_024, 1)]),
    (32_768 - 1_500, 99_328, [(16_384, 16_384, 1), (32_768, 16_384, 1), (32_768, 1_024, -1)]),
])  # fmt: skip
def test_the_first_entries_are_few_runs_added_or_taken_away(number, sealed, expected):
    assert checkpoints.runs_of(number, sealed) == expected


@pytest.mark.parametrize("sealed", [0, 1_024, 999_424, 1_000_448])
def test_the_runs_of_a_number_end_at_its_edge_and_are_all_there(sealed):
    for number in range(0, 1_001_500, 1_499):
        runs, ends = checkpoints.runs_of(number, sealed), checkpoints.edge(number, sealed)
        assert sum(size * sign for _, size, sign in runs) == ends
        assert all(last <= sealed and last % size == 0 for last, size, _ in runs)


def test_the_past_of_a_million_entries_is_two_dozen_runs_and_half_a_run_of_rows():
    numbers = range(0, 1_000_000, 127)
    assert max(len(checkpoints.runs_of(number, 1_000_448)) for number in numbers) <= 24
    assert max(abs(number - checkpoints.edge(number, 1_000_448)) for number in numbers) <= 512


def test_all_of_a_million_entries_are_three_dozen_runs_and_less_than_one_of_rows():
    ends = {number: number // 1_024 * 1_024 for number in range(950_000, 1_100_000, 127)}
    assert max(len(checkpoints.runs_of(number, sealed)) for number, sealed in ends.items()) <= 36
    assert max(abs(number - checkpoints.edge(number, sealed)) for number, sealed in ends.items()) < 1_024


# --- tables that are behind, or wrong -------------------------------------------------------------------------------


def test_what_is_written_without_rows_leaves_the_tables_behind_until_they_are_made_anew(store):
    record(store, ISSUER, drafts(*set_up()))
    known = store.head(ISSUER).recorded_at
    placed = event("PlacingCompleted", "5 July 2024", share_class=ON, shares="300")
    store.append(ISSUER, 4, [draft(placed, "by itself")])
    record(store, ISSUER, [draft(placed, "and again")])
    assert store.tabled(ISSUER, Viewpoint(date(2024, 7, 31))) is None
    assert store.tabled(ISSUER, Viewpoint(date(2024, 7, 31), known)) is not None
    assert ask.balances(store, ISSUER, Viewpoint(date(2024, 7, 31))).position.balance(ON).issued_excluding_treasury == 500_600
    assert store.compare(ISSUER) == 4
    assert store.rebuild(ISSUER) == 6
    assert store.tabled(ISSUER, Viewpoint(date(2024, 7, 31))).totals[Account(SHARES, ON, HELD)] == 500_600


CHANGES = {
    "a delta": "UPDATE postings SET delta = delta + 1 WHERE number = 4 AND name = 'held'",
    "a day": "UPDATE postings SET effective_on = '2024-07-02' WHERE number = 4 AND name = 'held'",
    "a lost row": "DELETE FROM postings WHERE number = 4 AND name = 'held'",
    "a row of nobody": "INSERT INTO postings VALUES ('00001', 99, 'shares', 'ordinary', 'held', '2024-07-02', 1, NULL)",
    "a standing entry": "DELETE FROM standing WHERE number = 2",
    "a checkpoint": "UPDATE checkpoints SET total = '1' WHERE name = 'held' AND last = 4",
    "an account": "DELETE FROM accounts WHERE name = 'held'",
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_table_is_found_and_made_anew(place, change, monkeypatch):
    monkeypatch.setattr(checkpoints, "SMALLEST", 2)
    with open_store(place, clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*set_up()))
        with store._database.writing() as connection:
            assert connection.exec_driver_sql(CHANGES[change]).rowcount >= 1
        with pytest.raises(StoreDamaged, match="captable rebuild makes the tables anew"):
            store.compare(ISSUER)
        assert store.verify(ISSUER).number == 4
        store.rebuild(ISSUER)
        assert store.compare(ISSUER) == 4


@pytest.mark.parametrize("change", ["a delta", "a day", "a lost row"])
def test_a_changed_row_of_a_balance_shows_when_it_is_asked_for(place, change, monkeypatch):
    monkeypatch.setattr(ask, "FOLDED", 0)
    with open_store(place, clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*set_up()))
        with store._database.writing() as connection:
            assert connection.exec_driver_sql(CHANGES[change]).rowcount == 1
        with pytest.raises(StoreDamaged, match="00001 do not balance in shares ordinary; captable rebuild makes them anew"):
            ask.balances(store, ISSUER, Viewpoint(date(2024, 7, 1)))
        assert [book.damage for book in listed(store)] == [None]


def six_facts() -> list[Event]:
    """With runs of two entries, what comes after the fifth reads it again."""
    return [*set_up(), *(event("PlacingCompleted", f"{day} July 2024", share_class=ON, shares="10") for day in (5, 6))]


ACTS = {
    "asking": lambda store: store.tabled(ISSUER, Viewpoint(date(2024, 7, 31))),
    "comparing": lambda store: store.compare(ISSUER),
    "recording": lambda store: record(store, ISSUER, drafts(*six_facts())),
}
ALL = tuple(ACTS)
# What is put where a number should be, and what then reads it: on either engine, and what only a file takes.
ON_BOTH = {
    "postings that are not there": ("UPDATE progress SET number = 3", ("asking", "comparing")),
    "checkpoints that are not there": ("UPDATE progress SET sealed = 6", ("asking", "comparing")),
    "checkpoints of half a run": ("UPDATE progress SET sealed = 3", ALL),
    "checkpoints before the first": ("UPDATE progress SET sealed = -2", ALL),
    "no delta": ("UPDATE postings SET delta = NULL, big = NULL", ("comparing", "recording")),
    "no number": ("UPDATE postings SET delta = NULL, big = 'NaN'", ALL),
    "a delta without end": ("UPDATE postings SET delta = NULL, big = 'Infinity'", ALL),
    "half a share": ("UPDATE postings SET delta = NULL, big = 500000.5", ALL),
    "a checkpoint of words": ("UPDATE checkpoints SET total = 'many'", ("asking", "comparing")),
    "a checkpoint of half a share": ("UPDATE checkpoints SET total = '500000.5'", ("asking", "comparing")),
    "a checkpoint in another script": ("UPDATE checkpoints SET total = '٥٠٠٠٠٠'", ("asking", "comparing")),
}  # fmt: skip
IN_A_FILE = {
    "a delta of words": ("UPDATE postings SET delta = 'many'", ("comparing", "recording")),
    "a delta of half a share": ("UPDATE postings SET delta = delta + 0.5", ("comparing", "recording")),
    "a delta beyond all numbers": ("UPDATE postings SET delta = 9e999", ("comparing", "recording")),
    "a day of bytes": ("UPDATE postings SET effective_on = x'00'", ("comparing",)),
    "postings up to a word": ("UPDATE progress SET number = 'far'", ("asking", "comparing")),
    "checkpoints up to a word": ("UPDATE progress SET sealed = 'far'", ALL),
    "checkpoints beyond all numbers": ("UPDATE progress SET sealed = 9e999", ALL),
}  # fmt: skip


def told_and_made_anew(place: str, change: str, act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "SMALLEST", 2)
    with open_store(place, clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*six_facts()[:5]))
        with store._database.writing() as connection:
            assert connection.exec_driver_sql(change).rowcount >= 1
        with pytest.raises(StoreDamaged, match="cannot be read; captable rebuild makes them anew"):
            ACTS[act](store)
        assert store.verify(ISSUER).number == 5
        store.rebuild(ISSUER)
        record(store, ISSUER, drafts(*six_facts()))
        assert store.compare(ISSUER) == 6
        same_as_the_fold(store, ISSUER, [Viewpoint(date(2024, 7, 31))])


def each_act(changes: dict[str, tuple[str, tuple[str, ...]]]) -> list[Any]:
    return [pytest.param(change, act, id=f"{what}, {act}") for what, (change, acts) in changes.items() for act in acts]


@pytest.mark.parametrize(("change", "act"), each_act(ON_BOTH))
def test_what_is_no_number_in_a_table_is_told_and_made_anew(place, change, act, monkeypatch):
    told_and_made_anew(place, change, act, monkeypatch)


@pytest.mark.parametrize(("change", "act"), each_act(IN_A_FILE))
def test_what_is_no_number_in_a_table_of_a_file_is_told_and_made_anew(tmp_path, change, act, monkeypatch):
    told_and_made_anew(str(tmp_path / "book.db"), change, act, monkeypatch)


def test_checkpoints_that_nothing_asks_for_are_told(place, monkeypatch):
    monkeypatch.setattr(checkpoints, "SMALLEST", 2)
    with open_store(place, clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*set_up()))
        with store._database.writing() as connection:
            connection.exec_driver_sql("UPDATE progress SET sealed = 2")
        with pytest.raises(StoreDamaged, match="the checkpoint of 2 entries up to 4 is not what"):
            store.compare(ISSUER)


def test_checkpoints_can_be_dropped(place, monkeypatch):
    monkeypatch.setattr(checkpoints, "SMALLEST", 16)
    with open_store(place, clock=ticking(), create=True) as store:
        filled(store, 200, batch=50)
        with store._database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM checkpoints")
            connection.exec_driver_sql("UPDATE progress SET sealed = 0")
        same_as_the_fold(store, ISSUER, [Viewpoint(date(2024, 8, day)) for day in (1, 20)])
        assert store.compare(ISSUER) == 200


def test_a_changed_standing_entry_shows_when_it_is_read(tmp_path, monkeypatch):
    import sqlite3

    from infrastructure.schema import TRIGGERS

    path = tmp_path / "book.db"
    with open_store(str(path), clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*set_up()))
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER entries_are_never_changed")
    connection.execute("UPDATE entries SET recorded_by = 'somebody' WHERE number = 2")
    connection.execute(TRIGGERS[0])
    connection.commit()
    connection.close()
    with open_store(str(path), clock=ticking()) as store, pytest.raises(StoreDamaged, match="entry 2: does not fit its hash"):
        store.tabled(ISSUER, Viewpoint(date(2024, 7, 31)))


# --- taking turns ---------------------------------------------------------------------------------------------------


def test_who_has_lost_several_races_gets_the_book_alone(place):
    """A late fact takes a fold of the whole book; meanwhile others write, again and again."""
    with open_store(place, clock=ticking(), create=True) as mine, open_store(place, clock=ticking()) as theirs:
        record(mine, ISSUER, drafts(*set_up()))
        lost = []

        class Contested(SqlEventStore):
            """A store to which somebody else writes before each append that is not made alone."""

            def append(self, issuer, after, what, postings=None):
                if self._database is mine._database:
                    lost.append(after)
                    placed = event("PlacingCompleted", "9 July 2024", share_class=ON, shares="1")
                    record(theirs, ISSUER, [draft(placed, f"theirs {len(lost)}")])
                return super().append(issuer, after, what, postings)

        late = event("PlacingCompleted", "2 July 2024", share_class=ON, shares="100")
        found = record(Contested(mine._database, ticking()), ISSUER, [draft(late, "late")])
        assert len(lost) == PATIENCE
        assert [each.number for each in found.entries] == [5 + PATIENCE]
        assert mine.verify(ISSUER).number == mine.compare(ISSUER) == 5 + PATIENCE
        assert mine.tabled(ISSUER, Viewpoint(date(2024, 7, 31))).totals[Account(SHARES, ON, HELD)] == 500_100 + PATIENCE


def test_what_is_refused_alone_is_not_written(place):
    with open_store(place, clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*set_up()))
        with pytest.raises(Conflict), store.alone(ISSUER) as held:  # noqa: PT012
            held.append(ISSUER, 4, drafts(event("MandateRevoked", "5 July 2024", mandate="m"), prefix="more"), [])
            held.append(ISSUER, 4, drafts(event("MandateRevoked", "5 July 2024", mandate="m"), prefix="more"), [])
        assert store.verify(ISSUER).number == store.compare(ISSUER) == 4
