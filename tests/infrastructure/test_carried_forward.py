"""Positions carried forward: they answer as the fold does at every viewpoint, on every engine, and cannot say anything else."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec import inspect

from application import ask
from application.record import record
from domain.capital import ledger
from domain.capital.accounts import HELD, SHARES, UNISSUED, Account
from domain.capital.entries import Entry, Viewpoint, in_effect
from domain.capital.position import Position
from domain.errors import Conflict, Refused, StoreDamaged
from domain.events import EVENT_TYPES, ReturnFiled, ShareClassCreated
from infrastructure import event_codec, schema
from infrastructure.event_store import SqlEventStore, open_store
from infrastructure.sqlite_database import FileConnection
from infrastructure.store import carried_forward, position_codec, reading
from tests.conftest import ticking, worked_issuer
from tests.domain.book_of import draft, drafts, event, position_at, set_up
from tests.domain.histories import histories
from tests.domain.recorded_books import ISSUER, RECORDINGS, recorded_into, viewpoints
from tests.faults.files import unguarded
from tests.infrastructure.checking import chain_verified, positions_compared

ON = "ordinary"


@pytest.fixture
def store(place: str) -> Iterator[SqlEventStore]:
    with open_store(place, clock=ticking(), create=True) as opened:
        yield opened


def every(entries: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Carry forward after so few entries that a short book has several rows."""
    for module in (ledger, carried_forward):
        monkeypatch.setattr(module, "SPACING", entries)


def same_as_the_fold(store: SqlEventStore, issuer: str, asked: Sequence[Viewpoint]) -> None:
    entries = list(store.entries(issuer))
    for viewpoint in asked:
        expected = position_codec.encode(position_at(entries, viewpoint))
        assert position_codec.encode(ask.position(store, issuer, viewpoint)) == expected, viewpoint


# --- every viewpoint ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spacing", [1, 3, 7])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(RECORDINGS)
def test_every_viewpoint_is_answered_as_the_fold_does(tmp_path_factory, spacing, batches):
    """With a clock that stands still now and then, so that recordings share their instant."""
    path = tmp_path_factory.mktemp("book") / "book.db"
    readings = iter(range(10**6))
    with pytest.MonkeyPatch.context() as patch:
        every(spacing, patch)
        clock = lambda: datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=next(readings) // 2)  # noqa: E731
        with open_store(str(path), clock=clock, create=True) as opened:
            book = recorded_into(opened, batches)
            same_as_the_fold(opened, ISSUER, viewpoints(book))
            positions_compared(opened, ISSUER)
            opened.rebuild(ISSUER)
            positions_compared(opened, ISSUER)
            same_as_the_fold(opened, ISSUER, viewpoints(book))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(histories)
def test_a_position_is_what_its_bytes_say(history):
    position = position_at(_entries(history), Viewpoint(date(2199, 12, 31)))
    kept = position_codec.encode(position)
    read, _ = position_codec.decode(kept)
    assert position_codec.encode(read) == kept
    assert (read.totals, read.tranches, read.reorganisations) == (position.totals, position.tranches, position.reorganisations)
    for name in position.terms.__slots__:
        assert getattr(read.terms, name) == getattr(position.terms, name), name


def _entries(history) -> list[Entry]:
    from tests.domain.book_of import entries

    return entries(*history)


def test_everything_that_a_position_has_is_carried_forward():
    """A position, and the terms in it, have nothing that its bytes leave out; beside it stands the tally of its entries."""
    kept = {field.name for field in attrs.fields(position_codec._Kept)}
    assert kept == {*Position.__slots__, *Position().terms.__slots__, "entries", "replaced", "ahead"} - {"terms"}
    assert EVENT_TYPES


SAID = {
    "_Kept": "entries replaced ahead issuer signatory settings remarks classes schemes mandates instruments agreements float_required "
    "float_confirmed totals tranches reorganisations grants meetings day began_on",
    "Issuer": "code name chinese_name incorporated_in financial_year_end",
    "ReturnSettings": "percent_decimals mandate_decimals price_decimals denominator pending_counted struck_out not_applicable "
    "public_float depositary_receipts chinese_name join_days every_class part_b_row part_e_text pending_percent print_zeros "
    "inapplicable_confirmations",
    "ShareClass": "code class_label type_label created_on par_value authorised registered abolished_on votes_per_share listed "
    "stock_code counters description votes_exemption capital_per_share",
    "Counter": "stock_code currency",
    "Scheme": "code share_class particulars adopted_on general_meeting_on limit existing_shares awards service_provider_limit "
    "providers_counted expires_on refreshed_on",
    "Mandate": "code purpose percent base granted_on extended_by used_before reserved_before extended_before counted_on "
    "explanatory_statement_on classes scaled uneven_on",
    "Instrument": "code share_class description currency type_label price price_terms floor bounded stock_code "
    "general_meeting_on mandate",
    "Agreement": "code share_class description price price_terms mandate general_meeting_on",
    "PublicFloatRequirementSet": "effective_on share_class test percent with_class",
    "PublicFloatConfirmed": "effective_on share_class percent shares price market_value met statement",
    "PendingPurchase": "entry bought_on lot redeemed mandate",
    "Lot": "shares price paid",
    "Reorganisations": "on issued mandates ratios",
    "MandateBefore": "mandate used extended",
    "Grant": "entry base base_at_close reserved_at_start ended drawn_on",
    "Ended": "on entry why",
    "HeldMeeting": "on name entry annual",
}
"""What a position says, and each part of it, in the rows of version 5 of the schema."""


def test_a_position_that_says_something_else_is_of_another_version_of_the_schema():
    """A store's rows would not be those that `verify` makes. With a new field comes a new version, and its row in operations.md."""
    found: dict[str, str] = {}
    _gather(inspect.type_info(position_codec._Kept), found)
    assert (schema.VERSION, found) == (5, SAID)


def _gather(kind: Any, found: dict[str, str]) -> None:
    """The fields of a type, and of every type that one of them has."""
    if isinstance(kind, inspect.DataclassType):
        if kind.cls.__name__ in found:
            return
        found[kind.cls.__name__] = " ".join(field.name for field in kind.fields)
        parts = [field.type for field in kind.fields]
    else:
        beside = [getattr(kind, name, None) for name in ("item_type", "key_type", "value_type")]
        parts = [each for each in (*getattr(kind, "types", ()), *getattr(kind, "item_types", ()), *beside) if each is not None]
    for part in parts:
        _gather(part, found)


def test_the_worked_issuer_is_carried_forward(store, monkeypatch):
    every(5, monkeypatch)
    record(store, "00020", worked_issuer())
    days = (date(2021, 12, 29), date(2022, 12, 30), date(2024, 12, 17), date(2026, 1, 1))
    same_as_the_fold(store, "00020", [Viewpoint(day) for day in days])
    assert positions_compared(store, "00020") == store.head("00020").number


def test_old_viewpoints_stay_true_when_a_fact_of_before_a_subdivision_is_learnt(store, monkeypatch):
    """500,000 issued; 10 for 1 on 15 July; then 1,000 of 8 July are learnt, and withdrawn again."""
    every(1, monkeypatch)
    record(store, ISSUER, drafts(*set_up(), prefix="set-up"))
    record(store, ISSUER, drafts(event("SharesSubdivided", "15 July 2024", into="10"), prefix="split"))
    record(
        store, ISSUER, drafts(event("ReturnFiled", "31 July 2024", kind="monthly", submitted_on="2 August 2024"), prefix="filed")
    )
    before = store.head(ISSUER).recorded_at
    record(store, ISSUER, drafts(event("PlacingCompleted", "8 July 2024", share_class=ON, shares="1,000"), prefix="late"))
    after = store.head(ISSUER).recorded_at
    record(store, ISSUER, [draft(event("EntryWithdrawn", "8 July 2024", reason="it did not happen"), "gone", replaces=7)])
    held = {
        (day, known): ask.position(store, ISSUER, Viewpoint(date(2024, 7, day), known)).totals[Account(SHARES, ON, HELD)]
        for day in (14, 15)
        for known in (before, after, None)
    }
    assert held == {
        (14, before): 500_000, (14, after): 501_000, (14, None): 500_000,
        (15, before): 5_000_000, (15, after): 5_010_000, (15, None): 5_000_000,
    }  # fmt: skip
    positions_compared(store, ISSUER)


def test_what_nobody_knew_yet_is_empty(store):
    record(store, ISSUER, drafts(*set_up()))
    assert ask.position(store, ISSUER, Viewpoint(date(2030, 1, 1), datetime(2000, 1, 1, tzinfo=UTC))).totals == {}
    assert ask.position(store, "09999", Viewpoint(date(2030, 1, 1))).totals == {}


@pytest.mark.parametrize("shares", [2**63 - 1, 2**63, 10**30], ids=["64 bits", "one more", "10^30"])
def test_numbers_of_any_size_are_carried_forward_exactly(store, shares, monkeypatch):
    every(1, monkeypatch)
    more = [event("AuthorisedCapitalIncreased", f"{day} July 2024", share_class=ON, shares=str(shares)) for day in (2, 3, 4)]
    record(store, ISSUER, drafts(*set_up(authorised="500,000"), *more))
    assert ask.position(store, ISSUER, Viewpoint(date(2024, 7, 4))).totals[Account(SHARES, ON, UNISSUED)] == 3 * shares
    assert positions_compared(store, ISSUER) == 7


# --- which rows there are -------------------------------------------------------------------------------------------


def rows(store: SqlEventStore) -> list[tuple[str, int, int | None]]:
    with store._database.reading() as connection:
        return [
            tuple(row) for row in connection.rows("SELECT as_of, number, ended_by FROM carried_forward ORDER BY as_of, number")
        ]


def placings(*days: str) -> list:
    return [event("PlacingCompleted", f"{day} July 2024", share_class=ON, shares="10") for day in days]


OPENING = ("0001-01-01", 0, None)


def test_a_position_is_carried_forward_once_its_day_is_over(store, monkeypatch):
    """Four facts on 1 July, then one a day: a row is due after every two entries, and none of the day on which the book stands."""
    every(2, monkeypatch)
    record(store, ISSUER, drafts(*set_up()))
    assert rows(store) == [OPENING]
    record(store, ISSUER, drafts(*placings("2"), prefix="a"))
    assert rows(store) == [OPENING, ("2024-07-01", 4, None)]
    record(store, ISSUER, drafts(*placings("3", "4"), prefix="b"))
    assert rows(store) == [OPENING, ("2024-07-01", 4, None), ("2024-07-03", 6, None)]


def test_a_late_fact_ends_what_it_reaches_back_to_and_new_rows_follow(store, monkeypatch):
    every(2, monkeypatch)
    record(store, ISSUER, drafts(*set_up(), *placings("2", "3", "4")))
    record(store, ISSUER, drafts(*placings("2"), prefix="late"))
    assert rows(store) == [
        OPENING, ("2024-07-01", 4, None), ("2024-07-02", 8, None), ("2024-07-03", 6, 8),
    ]  # fmt: skip
    assert positions_compared(store, ISSUER) == 8


def test_a_withdrawal_reaches_back_to_the_day_of_what_it_withdraws(store, monkeypatch):
    every(2, monkeypatch)
    record(store, ISSUER, drafts(*set_up(), *placings("2", "3", "4")))
    withdrawn = event("EntryWithdrawn", "9 July 2024", reason="it did not happen")
    record(store, ISSUER, [draft(withdrawn, "gone", replaces=6)])
    assert ("2024-07-03", 6, 8) in rows(store)
    assert ("2024-07-03", 8, None) in rows(store)
    assert positions_compared(store, ISSUER) == 8


# --- rows that say something else -----------------------------------------------------------------------------------

CHANGES = {
    "a day": "UPDATE carried_forward SET as_of = '2024-07-02' WHERE as_of = '2024-07-03' AND ended_by IS NULL",
    "a number": "UPDATE carried_forward SET number = 5 WHERE as_of = '2024-07-04' AND ended_by IS NULL",
    "an end": "UPDATE carried_forward SET ended_by = 9 WHERE as_of = '2024-07-03' AND ended_by = 8",
    "an end taken away": "UPDATE carried_forward SET ended_by = NULL WHERE ended_by = 8 AND as_of = '2024-07-04'",
    "an end that was not": "UPDATE carried_forward SET ended_by = 9 WHERE as_of = '2024-07-01'",
    "a position": "UPDATE carried_forward SET position = (SELECT position FROM carried_forward WHERE as_of = '2024-07-01') "
    "WHERE as_of = '2024-07-03' AND ended_by IS NULL",
    "a digest": "UPDATE carried_forward SET digest = position WHERE as_of = '2024-07-01'",
    "a lost row": "DELETE FROM carried_forward WHERE as_of = '2024-07-04' AND ended_by IS NULL",
    "a lost row that was ended": "DELETE FROM carried_forward WHERE ended_by = 8 AND as_of = '2024-07-04'",
    "a lost opening": "DELETE FROM carried_forward WHERE number = 0",
    "all rows lost": "DELETE FROM carried_forward",
    "a row too many": "INSERT INTO carried_forward SELECT issuer, '2024-07-02', 5, NULL, position, digest FROM carried_forward "
    "WHERE as_of = '2024-07-01'",
    "a row beyond the book": "INSERT INTO carried_forward SELECT issuer, '2030-01-01', 99, NULL, position, digest "
    "FROM carried_forward WHERE as_of = '2024-07-01'",
    "an opening that ended": "UPDATE carried_forward SET ended_by = 3 WHERE number = 0",
}  # fmt: skip


def begun(store: SqlEventStore) -> None:
    """Rows for 1, 3 and 4 July, those of 3 and 4 July once ended by a late fact and made again."""
    record(store, ISSUER, drafts(*set_up(), *placings("2", "3", "3", "4", "4", "5")))
    store.append(ISSUER, 10, drafts(*placings("3"), prefix="late"))
    record(store, ISSUER, drafts(*placings("6"), prefix="last"))


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_row_is_found_by_verify_and_never_answers_wrongly(place, change, monkeypatch):
    every(2, monkeypatch)
    with open_store(place, clock=ticking(), create=True) as store:
        begun(store)
        entries = list(store.entries(ISSUER))
        positions_compared(store, ISSUER)
        with store._database.writing() as connection:
            changed = CHANGES[change].replace("= 8", "= 11")
            assert connection.do(changed) >= 1
        with pytest.raises(StoreDamaged, match="captable rebuild makes the positions carried forward again"):
            positions_compared(store, ISSUER)
        for day in range(1, 8):
            viewpoint = Viewpoint(date(2024, 7, day))
            try:
                found = ask.position(store, ISSUER, viewpoint)
            except StoreDamaged:
                continue
            assert found.totals == position_at(entries, viewpoint).totals
        assert chain_verified(store, ISSUER).number == 12
        store.rebuild(ISSUER)
        positions_compared(store, ISSUER)
        same_as_the_fold(store, ISSUER, [Viewpoint(date(2024, 7, day)) for day in range(1, 8)])


def test_rows_of_an_issuer_without_entries_are_damage(store):
    record(store, ISSUER, drafts(*set_up()))
    with store._database.writing() as connection:
        connection.do(
            "INSERT INTO carried_forward SELECT '00009', as_of, number, ended_by, position, digest FROM carried_forward"
        )
    with pytest.raises(StoreDamaged, match="00009"):
        store.verified()


# --- taking turns ---------------------------------------------------------------------------------------------------


def test_a_late_fact_is_checked_and_written_while_nobody_else_writes(place):
    """Another writer begins once the book was read; its fact comes after the late one, and is in no answer before that is."""
    with open_store(place, clock=ticking(), create=True) as mine, open_store(place, clock=ticking()) as theirs:
        record(mine, ISSUER, drafts(*set_up()))
        placed = event("PlacingCompleted", "9 July 2024", share_class=ON, shares="1")
        rival = Thread(target=record, args=(theirs, ISSUER, [draft(placed, "theirs")]))

        class Contested(SqlEventStore):
            """A store to which somebody else begins to write just before each append."""

            def append(self, issuer, after, what):
                rival.start()
                rival.join(0.2)
                assert (rival.is_alive(), mine.head(issuer).number) == (True, 4)
                return super().append(issuer, after, what)

        late = event("PlacingCompleted", "2 July 2024", share_class=ON, shares="100")
        found = record(Contested(mine._database, ticking()), ISSUER, [draft(late, "late")])
        rival.join(60)
        assert [each.number for each in found.entries] == [5]
        assert chain_verified(mine, ISSUER).number == positions_compared(mine, ISSUER) == 6
        total = ask.position(mine, ISSUER, Viewpoint(date(2024, 7, 31))).totals[Account(SHARES, ON, HELD)]
        assert total == 500_101


def test_what_is_refused_in_a_turn_is_not_written(place):
    def twice(held):
        for _ in range(2):
            held.append(ISSUER, 4, drafts(event("MandateRevoked", "5 July 2024", mandate="m"), prefix="more"))

    with open_store(place, clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*set_up()))
        with pytest.raises(Conflict):
            store.in_turn(ISSUER, twice)
        assert chain_verified(store, ISSUER).number == 4
        positions_compared(store, ISSUER)


def test_a_book_of_which_the_first_facts_are_refused_is_not_begun(place):
    with open_store(place, clock=ticking(), create=True) as store:
        with pytest.raises(Refused):
            record(store, ISSUER, drafts(event("MandateRevoked", "5 July 2024", mandate="m")))
        assert record(store, ISSUER, []).entries == ()
        assert store.verified() == {}


# --- what is read, and what is missing ------------------------------------------------------------------------------


def test_a_viewpoint_of_long_ago_looks_at_nothing_recorded_since(tmp_path, monkeypatch):
    """A later day as known earlier: what the database does to answer is the same when the book has grown to ten times its size."""
    every(5, monkeypatch)
    path = tmp_path / "book.db"
    with open_store(str(path), clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*set_up(), *placings(*map(str, range(2, 31)))))
        known = store.head(ISSUER).number
        before = work(path, known)
        growth = [event("PlacingCompleted", f"{1 + n % 28} August 2024", share_class=ON, shares="1") for n in range(330)]
        record(store, ISSUER, drafts(*growth, prefix="growth"))
        # Of the positions carried forward since, only their keys are looked through.
        assert work(path, known) < 2 * before


def work(path, number: int) -> int:
    """How many tens of steps SQLite takes to read the ledger of 2024 as known when an entry was the last."""
    steps = []
    with closing(sqlite3.connect(path)) as driver:
        driver.set_progress_handler(lambda: steps.append(10), 10)
        reading.ledger(FileConnection(driver), ISSUER, number, date(2024, 12, 1), date(2024, 12, 31), ())
    return len(steps)


DAYS = {
    "moved behind the opening": "UPDATE entries SET effective_on = '2024-07-01' WHERE number = {}",
    "moved to later": "UPDATE entries SET effective_on = '2024-09-01' WHERE number = {}",
    "without a day": "UPDATE entries SET effective_on = x'00' WHERE number = {}",
    "removed": "DELETE FROM entries WHERE number = {}",
    "exchanged for one before it": "UPDATE entries SET effective_on = iif(number = 5, '2024-07-09', '2024-07-02') "
    "WHERE number IN (5, {})",
}


@pytest.mark.parametrize("number", [9, 12], ids=["recorded before the last that the opening knows", "recorded since"])
@pytest.mark.parametrize("change", DAYS)
def test_an_entry_since_the_opening_cannot_be_passed_over(tmp_path, change, number, monkeypatch):
    """The last position is of 3 July, and known with entry 11, a late one: entries 9, 10, 12 and 13 are of later days."""
    every(2, monkeypatch)
    path = tmp_path / "book.db"
    with open_store(str(path), clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*set_up(), *placings("2", "3", "3", "3", "9", "9")))
        record(store, ISSUER, drafts(*placings("3", "9", "9"), prefix="late"))
        assert rows(store)[-1] == ("2024-07-03", 11, None)
    with unguarded(path) as driver:
        driver.execute(DAYS[change].format(number))
    with open_store(str(path), clock=ticking()) as store, pytest.raises(StoreDamaged):
        ask.position(store, ISSUER, Viewpoint(date(2024, 7, 31)))


# --- what only a column of an entry leads to ------------------------------------------------------------------------


def entangled(store: SqlEventStore) -> None:
    """A row after every two entries or so, and across their days: a withdrawal (11), a correction to an earlier day (12), a fact
    that waits (13) and one that no longer does (14, turned down by 15), a return filed (16) and one withdrawn (17, by 18).
    """
    record(store, ISSUER, drafts(*set_up(), *placings("2", "3", "4", "5", "6", "7")))
    filed = event("ReturnFiled", "2 July 2024", kind="next-day", submitted_on="3 July 2024")
    again = event("ReturnFiled", "3 July 2024", kind="next-day", submitted_on="4 July 2024")
    waits = event("FactProposed", "3 July 2024", fact=event_codec.in_a_line(placings("3")[0]))
    beside = [
        (event("EntryWithdrawn", "20 July 2024", reason="a mistake"), 6), (*placings("2"), 9), (waits, None), (waits, None),
        (event("EntryWithdrawn", "21 July 2024", reason="not so"), 14), (filed, None), (again, None),
        (event("EntryWithdrawn", "21 July 2024", reason="a mistake"), 17),
    ]  # fmt: skip
    for number, (what, replaces) in enumerate(beside, 11):
        store.append(ISSUER, number - 1, [draft(what, f"beside-{number}", replaces=replaces)])
    record(store, ISSUER, drafts(*placings("22", "23", "24", "25"), prefix="last"))


HIDDEN = {
    "a withdrawal": ("replaces = NULL", 11),
    "a withdrawal of another entry": ("replaces = 7", 11),
    "a correction to an earlier day": ("replaces = NULL", 12),
    "a fact that waits": ("type = 'captable.PlacingCompleted.v1'", 13),
    "what ended the wait of a fact": ("replaces = NULL", 15),
    "a return filed": ("type = 'captable.PlacingCompleted.v1'", 16),
    "the withdrawal of a return filed": ("replaces = NULL", 18),
    "the beginning of a class": ("type = 'captable.PlacingCompleted.v1'", 2),
    "a class of a later day": ("effective_on = '2024-07-23'", 2),
    "the time of the last entry known": ("recorded_at = '2199-12-31T00:00:00.000000Z'", 12),
    "the time of the entry after it": ("recorded_at = '2026-01-01T00:00:00.000000Z'", 13),
}


def questions(store: SqlEventStore, instant: datetime) -> Iterator[tuple[object, Callable[[], object]]]:
    """What depends on an entry that has to be looked for, each under a name."""
    for day in range(1, 27):
        viewpoint = Viewpoint(date(2024, 7, day))
        yield day, lambda viewpoint=viewpoint: position_codec.encode(ask.position(store, ISSUER, viewpoint))
        yield (
            ("since", day),
            lambda day=viewpoint.as_of: [
                entry.number for entry in store.ledger(ISSUER, since=day, types=ledger.LANDMARKS).in_effect
                if type(entry.event) in ledger.LANDMARKS
            ],
        )  # fmt: skip
    yield "waiting", lambda: [entry.number for entry in store.waiting(ISSUER)]
    yield "filed", lambda: [entry.number for entry in in_effect(store.of_types(ISSUER, [ReturnFiled]))]
    yield "classes", lambda: store.of_types(ISSUER, [ShareClassCreated])
    yield "known", lambda: store.ledger(ISSUER, known_at=instant).number


@pytest.mark.parametrize("change", HIDDEN)
def test_an_entry_that_a_column_leads_to_cannot_be_hidden(tmp_path, change, monkeypatch):
    """Somebody changed the column by which it is found; the row itself is not among those that the days asked about hold."""
    every(2, monkeypatch)
    path = tmp_path / "book.db"
    with open_store(str(path), clock=ticking(), create=True) as store:
        entangled(store)
        positions_compared(store, ISSUER)
        instant = next(entry.recorded_at for entry in store.entries(ISSUER) if entry.number == 12)
        right = {name: asked() for name, asked in questions(store, instant)}
        assert (right["waiting"], right["filed"], right["known"]) == ([13], [16], 12)
    said, number = HIDDEN[change]
    with unguarded(path) as driver:
        driver.execute(f"UPDATE entries SET {said} WHERE number = {number}")
    refused = 0
    with open_store(str(path), clock=ticking()) as store:
        for name, asked in questions(store, instant):
            try:
                found = asked()
            except StoreDamaged:
                refused += 1
                continue
            assert found == right[name], name
    assert refused


@pytest.mark.parametrize("number", range(5, 11))
@pytest.mark.parametrize("command_id", ["", "another"])
def test_a_fact_is_not_recorded_twice_though_its_command_id_was_changed(tmp_path, number, command_id, monkeypatch):
    """The fact is not found by its id. But to record it, its day is read, and there the row does not fit its hash."""
    every(2, monkeypatch)
    path = tmp_path / "book.db"
    facts = drafts(*set_up(), *placings("2", "3", "3", "4", "9", "9"))
    with open_store(str(path), clock=ticking(), create=True) as store:
        record(store, ISSUER, facts)
    with unguarded(path) as driver:
        driver.execute("UPDATE entries SET command_id = ? WHERE number = ?", (command_id, number))
    with open_store(str(path), clock=ticking()) as store:
        with pytest.raises(StoreDamaged, match=f"entry {number}: does not match its hash"):
            record(store, ISSUER, [facts[number - 1]])
        assert store.head(ISSUER).number == 10
