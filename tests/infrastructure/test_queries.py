"""Queries of the user's own: what their tables hold, and that they read nothing else, end in time and fit in memory."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given

from application.record import record
from cli.seen_books import seen_books
from cli.wiring import trading_days
from domain.capital.entries import Viewpoint, in_effect, known
from domain.capital.opening import brought_forward
from domain.errors import StoreDamaged
from domain.rulebook import check
from infrastructure.event_store import open_store
from infrastructure.queries import Found, RefusedQuery, answered, exported
from infrastructure.query_tables import TABLES, QueriedBook, Seen
from tests.cli.running import SCRIPT, script
from tests.conftest import STARTED, ticking
from tests.domain.book_of import draft, drafts, entries, event, position_at, recorded_at, set_up
from tests.domain.histories import books as any_books

ROOT = Path(__file__).parents[2]
ISSUER, ON = "00001", "ordinary"
BALANCES = "issuer, share_class, authorised, issued_excluding_treasury, treasury, total_issued, pending_cancellation"


@pytest.fixture
def filled(place: str) -> str:
    """A store with 500,000 issued and 3,000 treasury shares, 10 of which were placed by mistake, and 20 in the far future."""
    with open_store(place, clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*set_up(treasury="3,000")))
        record(store, ISSUER, drafts(event("PlacingCompleted", "5 July 2024", share_class=ON, shares="10"), prefix="more"))
        record(store, ISSUER, [draft(event("EntryWithdrawn", "5 July 2024", reason="mistake"), "gone", replaces=5)])
        record(store, ISSUER, drafts(event("PlacingCompleted", "5 July 2124", share_class=ON, shares="20"), prefix="later"))
    return place


def asked(place: str, query: str, known_at: datetime | None = None) -> Found:
    with open_store(place, clock=ticking(), writable=False) as store:
        return answered(query, seen_books(store, None, None, known_at, None))


def of_no_book(query: str, **limits: int) -> Found:
    return answered(query, [], **limits)


def seen(as_of: date | None = None) -> Seen:
    return Seen(as_of, STARTED, trading_days)


MISMATCH = event(
    "BalanceConfirmed", "31 July 2024", share_class=ON, issued_excluding_treasury="499,000", treasury="0", document="a return"
)
"""The book has 500,000."""


# --- what the tables hold ---------------------------------------------------------------------------------------------


def test_balances_of_a_day_leave_out_what_is_yet_to_take_effect(filled):
    found = asked(filled, f"select {BALANCES} from balances where '2024-12-17' between as_of and coalesce(changed_on, '9999')")
    assert found.columns == tuple(BALANCES.split(", "))
    assert found.rows == ((ISSUER, ON, 1_000_000, 500_000, 3_000, 503_000, 0),)
    assert not found.more


def test_balances_stand_from_a_day_until_the_next_on_which_they_change(filled):
    query = "select as_of, changed_on, total_issued from balances order by as_of"
    assert asked(filled, query).rows == (("2024-07-01", "2124-07-05", 503_000), ("2124-07-05", None, 503_020))
    # Recording began on 5 January 2026 at 01:00:00 UTC; the placing was known from its first reading of the clock until the next.
    with open_store(filled, clock=ticking(), writable=False) as store:
        before_the_withdrawal = list(store.entries(ISSUER))[4].recorded_at
    assert asked(filled, query, before_the_withdrawal).rows == (
        ("2024-07-01", "2024-07-05", 503_000),
        ("2024-07-05", None, 503_010),
    )


def test_entries_say_what_replaces_them_and_whether_they_are_in_effect(filled):
    query = "select number, event, effective_on, replaces, replaced_by, in_effect from entries where number > 4 order by number"
    assert asked(filled, query).rows == (
        (5, "PlacingCompleted", "2024-07-05", None, 6, 0),
        (6, "EntryWithdrawn", "2024-07-05", 5, None, 0),
        (7, "PlacingCompleted", "2124-07-05", None, None, 1),
    )
    (payload,) = asked(filled, "select payload from entries where number = 5;").rows[0]
    assert payload == '{"effective_on":"2024-07-05","share_class":"ordinary","shares":10}'


def test_movements_are_those_of_the_entries_in_effect(filled):
    query = "select entry, place, effective_on, book, code, source, target, quantity from movements where entry > 3 order by 1, 2"
    assert asked(filled, query).rows == (
        (4, 1, "2024-07-01", "shares", ON, "unissued", "held", 500_000),
        (4, 2, "2024-07-01", "shares", ON, "unissued", "treasury", 3_000),
        (7, 1, "2124-07-05", "shares", ON, "unissued", "held", 20),
    )


def test_filings_are_those_of_the_register(filled):
    with open_store(filled, clock=ticking()) as store:
        filed = event("ReturnFiled", "31 July 2024", kind="monthly", submitted_on="5 August 2024", form="FF301 1.1.1")
        record(store, ISSUER, drafts(filed, prefix="filed"))
    query = "select entry, name, kind, closed_on, submitted_on, form from filings"
    assert asked(filled, query).rows == (
        (8, "Monthly Return for July 2024", "monthly", "2024-07-31", "2024-08-05", "FF301 1.1.1"),
    )


def test_mandates_are_those_of_the_day_asked_for():
    granted = event("MandateGranted", "2 July 2024", mandate="m", purpose="repurchase", percent="10", base="503,000")
    bought = event("SharesRepurchased", "8 July 2024", share_class=ON, shares="300", intention="cancellation", mandate="m")
    book = entries(*set_up(treasury="3,000"), granted, bought)
    query = "select mandate, purpose, granted_on, entry, percent, base, share_limit, used, headroom, ended_on from mandates"
    for day, used in ((date(2024, 7, 5), 0), (date(2024, 7, 8), 300)):
        assert answered(query, [QueriedBook(ISSUER, book, seen(day))]).rows == (
            ("m", "repurchase", "2024-07-02", 5, "10", 503_000, 50_300, used, 50_300 - used, None),
        )


def test_findings_are_those_of_check():
    book = entries(*set_up(), MISMATCH)
    found = answered(
        "select place, code, message, json_array_length(entries) from findings order by place",
        [QueriedBook(ISSUER, book, seen())],
    )
    expected = check(book, now=STARTED, calendar=trading_days())
    assert "499,000" in expected[0].message
    assert found.rows == tuple((place, each.code, each.message, len(each.entries)) for place, each in enumerate(expected, 1))


@given(any_books())
def test_the_balances_of_every_day_and_moment_are_those_of_the_fold(book):
    days = sorted({each.event.effective_on for each in book})
    for known_at in (recorded_at(len(book) // 2), recorded_at(len(book))):
        found = answered("select * from balances order by as_of", [QueriedBook(ISSUER, known(book, known_at), seen())]).rows
        for day in days[:: max(1, len(days) // 5)]:
            rows = {
                row[1]: row[4:] for row in found if row[2] <= day.isoformat() and (row[3] is None or day.isoformat() < row[3])
            }
            begins = brought_forward(in_effect(book, known_at))
            expected = [
                each
                for each in position_at(book, Viewpoint(day, known_at)).balances()
                if each.share_class not in begins or begins[each.share_class].event.effective_on <= day
            ]
            assert rows == {
                each.share_class: (
                    each.authorised, each.issued_excluding_treasury, each.treasury, each.total_issued, each.pending_cancellation
                )
                for each in expected
            }  # fmt: skip


def test_a_class_has_no_balances_before_the_day_on_which_the_book_begins_with_them():
    """What stood on 2 July, when it was created in the book, is not known: it was not nothing."""
    begun = event("BalanceBroughtForward", "31 July 2024", share_class="other", held="7")
    created = event("ShareClassCreated", "2 July 2024", share_class="other", class_label="Others", authorised="no")
    book = entries(*set_up(), created, begun)
    found = answered("select share_class, as_of, total_issued from balances order by 1", [QueriedBook(ISSUER, book, seen())])
    assert found.rows == ((ON, "2024-07-01", 500_000), ("other", "2024-07-31", 7))


def test_a_class_that_was_abolished_has_no_balances_any_more():
    book = entries(
        *set_up(held="0", authorised="100"),
        event("AuthorisedCapitalReduced", "2 July 2024", share_class=ON, shares="100"),
        event("ShareClassAbolished", "3 July 2024", share_class=ON),
    )
    found = answered("select as_of, changed_on, authorised from balances order by as_of", [QueriedBook(ISSUER, book, seen())])
    assert found.rows == (("2024-07-01", "2024-07-02", 100), ("2024-07-02", "2024-07-03", 0))


def test_a_number_beyond_64_bits_is_refused_and_named():
    book = [QueriedBook(ISSUER, entries(*set_up(authorised=str(10**30))), seen())]
    with pytest.raises(
        RefusedQuery, match=r"^movements \(00001, 3, 1\): quantity is 1,000,000.*; a whole number in SQL is below 2\^63$"
    ):
        answered("select * from movements", book)
    assert answered("select count(*) from entries", book).rows == ((4,),)


def test_a_query_sees_what_was_just_written(filled):
    with open_store(filled, clock=ticking()) as store:
        record(store, ISSUER, drafts(event("PlacingCompleted", "6 July 2024", share_class=ON, shares="1"), prefix="new"))
        assert answered("select count(*) from entries", seen_books(store, None, None, None, None)).rows == ((8,),)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_has_its_documented_columns_and_rows_with_a_key_of_their_own(demo_entries, table):
    books = [QueriedBook("00020", demo_entries, seen()), QueriedBook(ISSUER, entries(*set_up(), MISMATCH), seen())]
    found = answered(f"select * from {table.name}", books)
    assert found.columns == tuple(column.name for column in table.columns)
    assert found.rows
    assert len({row[: table.key] for row in found.rows}) == len(found.rows)
    assert {type(value) for row in found.rows for value in row} <= {str, int, type(None)}


def test_only_the_books_of_the_tables_that_are_named_are_read():
    def read():
        raise AssertionError("a book was read")
        yield

    assert answered("select 1 as one", read()).rows == ((1,),)


# --- what a query may not ---------------------------------------------------------------------------------------------

REFUSED = [
    "delete from entries",
    "update entries set source = 'x'",
    "update sqlite_master set sql = ''",
    "insert into movements select * from movements",
    "drop table movements",
    "create table mine (a int)",
    "create temp table mine (a int)",
    "select 1; select 2",
    "select 1; drop table movements",
    "commit; drop table movements",
    "explain select 1; select 2",
    "attach 'other.db' as other",
    "pragma query_only = 0",
    "pragma hard_heap_limit = 0",
    "pragma writable_schema = 1",
    "select * from pragma_table_info('entries')",
    "select load_extension('evil')",
    "vacuum into 'copy.db'",
    "begin immediate",
    "reindex",
    "select zeroblob(1000000000)",
    "",
    " ; ",
    "-- nothing",
    "selec",
    "select * from nothing",
    "select 1\0",
    "select '\udcff'",
    "select cast(x'ff' as text)",
]


@pytest.mark.parametrize("query", REFUSED)
def test_what_does_more_than_read_is_refused(query, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RefusedQuery, match=r"."):
        of_no_book(query)
    assert list(tmp_path.iterdir()) == []


def test_a_query_may_read_the_lists_within_a_column():
    assert of_no_book("select value from json_each('[3, 5]')").rows == ((3,), (5,))


def test_bytes_and_numbers_without_end_are_text():
    assert of_no_book("select x'00ff', 9e999, -9e999, 0.5").rows == (("00ff", "inf", "-inf", 0.5),)


def test_more_rows_than_wanted_are_cut_off_and_that_is_said():
    found = of_no_book("values (1), (2), (3)", limit=2)
    assert (found.rows, found.more) == (((1,), (2,)), True)
    assert not of_no_book("values (1), (2), (3)", limit=3).more


MANY = "with recursive r (n) as (select 1 union all select n + 1 from r)"
TWICE = ", ".join(f"c{n} as (select a.x from c{n - 1} a, c{n - 1} b)" for n in range(1, 40))
FOR_EVER = {
    "rows": f"{MANY} select max(n) from r",
    "one call of a function": "select instr(printf('%.*c', 15000000, 'a'), printf('%.*c', 7000000, 'a') || 'b')",
    "compiling": f"with c0 as (select 1 as x), {TWICE} select * from c39",
}


@pytest.mark.parametrize("what", FOR_EVER)
def test_a_query_ends_when_its_time_is_over(what, tmp_path):
    """As a process of its own, which ends as well, though SQLite may be busy in one of its threads."""
    open_store(str(tmp_path / "captable.db"), clock=ticking(), create=True).close()
    started = time.monotonic()
    ran = script(["query", FOR_EVER[what], "--seconds", "1"], cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "captable: the query took longer than 1 seconds and was stopped; narrow it with WHERE issuer = …\n"
    assert time.monotonic() - started < 10


def test_an_answer_without_end_is_refused():
    with pytest.raises(RefusedQuery, match="the answer is longer than 67,108,864 characters"):
        of_no_book(f"{MANY} select printf('%.*c', 1000000, 'a') || n from r", limit=10**9)


MUCH = """
import sys
from infrastructure import queries
queries.MEMORY = 50 << 20
try:
    queries.answered(sys.argv[1], [], seconds=120)
except queries.RefusedQuery as error:
    print(error)
"""


def test_a_query_has_so_much_memory_and_no_more():
    """In a process of its own: what SQLite may use of the heap can only be lowered, for all of a process."""
    hungry = f"{MANY} select count(*) from (select distinct printf('%.*c', 10000, 'a') || n from r)"
    ran = subprocess.run([sys.executable, "-c", MUCH, hungry], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == ("the query and its tables need more than 50 MB; narrow it, or use captable export --sqlite FILE\n"), (
        ran.stderr
    )


def test_ctrl_c_ends_a_query(tmp_path):
    open_store(str(tmp_path / "captable.db"), clock=ticking(), create=True).close()
    query = [str(SCRIPT), "query", FOR_EVER["one call of a function"], "--seconds", "30"]
    started = time.monotonic()
    with subprocess.Popen(query, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as running:
        time.sleep(2)
        running.send_signal(signal.SIGINT)
        assert running.communicate(timeout=20)[1].lstrip() == "interrupted; the store is intact\n"
    assert running.returncode == 130
    assert time.monotonic() - started < 15


def test_a_damaged_file_is_reported_as_such(tmp_path):
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
        asked(str(path), "select * from entries")


# --- a file of the tables ---------------------------------------------------------------------------------------------


def tables_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        return {table.name: connection.execute(f"SELECT * FROM {table.name}").fetchall() for table in TABLES}


def test_a_file_of_the_tables_says_what_queries_say(demo_entries, tmp_path):
    book, path = QueriedBook("00020", demo_entries, seen()), tmp_path / "tables.sqlite"
    assert exported(path, [book]) == len(demo_entries)
    for name, rows in tables_of(path).items():
        assert sorted(map(repr, rows)) == sorted(map(repr, answered(f"select * from {name}", [book]).rows))
    assert list(tmp_path.iterdir()) == [path]


def test_an_earlier_file_of_tables_is_replaced_and_kept_where_the_new_one_fails(demo_entries, tmp_path):
    path = tmp_path / "tables.sqlite"
    exported(path, [])
    exported(path, [QueriedBook("00020", demo_entries, seen())])
    before = path.read_bytes()
    with pytest.raises(RefusedQuery, match="quantity is"):
        exported(path, [QueriedBook(ISSUER, entries(*set_up(authorised=str(10**30))), seen())])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"a letter", b"SQLite format 3\0"])
def test_no_other_file_is_overwritten(tmp_path, content):
    path = tmp_path / "tables.sqlite"
    path.write_bytes(content)
    with pytest.raises(RefusedQuery, match="exists and is not an export of captable"):
        exported(path, [])
    assert path.read_bytes() == content


def test_a_store_is_not_overwritten_and_an_export_is_no_store(tmp_path):
    store, tables = tmp_path / "book.db", tmp_path / "tables.sqlite"
    open_store(str(store), clock=ticking(), create=True).close()
    with pytest.raises(RefusedQuery, match="is not an export of captable"):
        exported(store, [])
    exported(tables, [])
    with pytest.raises(Exception, match="is not a captable store"):
        open_store(str(tables), clock=ticking())
