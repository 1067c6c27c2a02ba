"""Queries of the user's own: they only read, end in time, and are told in a sentence where they cannot be run."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from application.record import record
from infrastructure import schema
from infrastructure.event_store import open_store
from infrastructure.queries import BadQuery, answered
from tests.conftest import ticking
from tests.domain.book_of import draft, drafts, event, set_up

ISSUER, ON = "00001", "ordinary"


@pytest.fixture
def filled(place: str) -> str:
    """A store with 500,000 issued and 3,000 treasury shares, 10 of which were placed by mistake, and 20 in the far future."""
    with open_store(place, clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*set_up(treasury="3,000")))
        record(store, ISSUER, drafts(event("PlacingCompleted", "5 July 2024", share_class=ON, shares="10"), prefix="more"))
        record(store, ISSUER, [draft(event("EntryWithdrawn", "5 July 2024", reason="mistake"), "gone", replaces=5)])
        record(store, ISSUER, drafts(event("PlacingCompleted", "5 July 2124", share_class=ON, shares="20"), prefix="later"))
    return place


def test_balances_today_leave_out_what_is_yet_to_take_effect(filled: str) -> None:
    found = answered(filled, "select * from v_balances_today")
    assert found.columns == (
        "issuer", "share_class", "authorised", "issued_excluding_treasury", "treasury", "total_issued", "pending_cancellation",
    )  # fmt: skip
    assert found.rows == ((ISSUER, ON, 1_000_000, 500_000, 3_000, 503_000, 0),)
    assert not found.more


def test_entries_say_what_replaces_them_and_whether_they_are_in_effect(filled: str) -> None:
    query = "select number, event, effective_on, replaces, replaced_by, in_effect from v_entries where number > 4 order by number"
    assert answered(filled, query).rows == (
        (5, "PlacingCompleted", "2024-07-05", None, 6, 0),
        (6, "EntryWithdrawn", "2024-07-05", 5, None, 0),
        (7, "PlacingCompleted", "2124-07-05", None, None, 1),
    )
    (payload,) = answered(filled, "select payload from v_entries where number = 5;").rows[0]
    assert payload == '{"effective_on":"2024-07-05","share_class":"ordinary","shares":10}'


def test_postings_are_what_each_entry_adds(filled: str) -> None:
    query = "select number, effective_on, book, code, name, delta from v_postings where number in (5, 6) order by number, name"
    assert answered(filled, query).rows == (
        (5, "2024-07-05", "shares", ON, "held", 10),
        (5, "2024-07-05", "shares", ON, "unissued", -10),
        (6, "2024-07-05", "shares", ON, "held", -10),
        (6, "2024-07-05", "shares", ON, "unissued", 10),
    )


def test_sums_beyond_64_bits_are_exact_or_not_told(place: str) -> None:
    with open_store(place, clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*set_up(authorised=str(10**30))))
    (total,) = answered(place, "select total from v_accounts_today where name = 'unissued'").rows[0]
    assert total == (None if place.endswith(".db") else 10**30 - 500_000)


def test_more_rows_than_wanted_are_cut_off_and_that_is_said(filled: str) -> None:
    found = answered(filled, "select number from v_entries order by number", limit=2)
    assert (found.rows, found.more) == (((1,), (2,)), True)
    assert not answered(filled, "select number from v_entries", limit=7).more


@pytest.mark.parametrize("view", schema.VIEWS)
def test_every_view_can_be_asked(filled: str, view: str) -> None:
    assert answered(filled, f"select * from {view}").rows


REFUSED = [
    "delete from entries",
    "update entries set source = 'x'",
    "insert into postings select * from postings",
    "drop table postings",
    "create table mine (a int)",
    "select 1; select 2",
    "select 1; drop table postings",
    "commit; drop table postings",
    "",
    " ; ",
    "selec",
    "select * from nothing",
    "select 1\0",
]


@pytest.mark.parametrize("query", REFUSED)
def test_what_does_more_than_read_is_refused(filled: str, query: str) -> None:
    with pytest.raises(BadQuery, match=r"."):
        answered(filled, query)
    with open_store(filled, clock=ticking()) as store:
        assert store.verify(ISSUER).number == store.compare(ISSUER) == 7


FILE_ONLY = [
    "attach 'other.db' as other",
    "pragma query_only = 0",
    "pragma writable_schema = 1",
    "select * from pragma_table_info('entries')",
    "select load_extension('evil')",
    "vacuum into 'copy.db'",
    "begin immediate",
    "reindex",
    "select zeroblob(1000000000)",
    "explain select 1; select 2",
]


@pytest.mark.parametrize("query", FILE_ONLY)
def test_a_file_gives_a_query_nothing_but_its_tables(tmp_path: Path, query: str) -> None:
    path = tmp_path / "book.db"
    open_store(str(path), clock=ticking(), create=True).close()
    with pytest.raises(BadQuery):
        answered(str(path), query)
    assert [each.name for each in tmp_path.iterdir()] == ["book.db"]


SERVER_ONLY = [
    "insert into entries select * from entries returning 1",
    "with gone as (delete from postings returning 1) select * from gone",
    "select set_config('transaction_read_only', 'off', false)",
    "copy entries to '/tmp/copy'",
    "lock table entries",
    "select nextval('nothing')",
]


@pytest.mark.parametrize("query", SERVER_ONLY)
def test_a_server_gives_a_query_a_transaction_that_only_reads(server: str, query: str) -> None:
    open_store(server, clock=ticking(), create=True).close()
    with pytest.raises(BadQuery):
        answered(server, query)


FOR_EVER = "with recursive r (n) as (select 1 union all select n + 1 from r) select max(n) from r"


def test_a_query_ends_when_its_time_is_over(filled: str) -> None:
    with pytest.raises(BadQuery, match="took longer than 1 seconds"):
        answered(filled, FOR_EVER, seconds=1)


def test_a_query_sees_what_was_just_written(filled: str) -> None:
    with open_store(filled, clock=ticking()) as store:
        record(store, ISSUER, drafts(event("PlacingCompleted", "6 July 2024", share_class=ON, shares="1"), prefix="new"))
        assert answered(filled, "select count(*) from v_entries").rows == ((8,),)


def test_a_damaged_file_is_told_as_such(tmp_path: Path) -> None:
    from domain.book import StoreDamaged

    path = tmp_path / "book.db"
    with open_store(str(path), clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*set_up()))
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'entries'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    content = bytearray(path.read_bytes())
    content[(root - 1) * size : root * size] = b"\xa5" * size
    path.write_bytes(content)
    with pytest.raises(StoreDamaged):
        answered(str(path), "select * from v_entries")


def test_today_is_the_day_it_is_in_hong_kong() -> None:
    """At 16:00 UTC the next day begins there."""
    with closing(sqlite3.connect(":memory:")) as connection:
        expression = schema._EXPRESSIONS[schema.SQLITE]["today"].replace("'now'", "'2024-12-16 16:00:00'")
        assert connection.execute(f"SELECT {expression}").fetchone() == (date(2024, 12, 17).isoformat(),)
