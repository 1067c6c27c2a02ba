"""The event store, on a file and on a server: what it keeps, what it refuses, and what it notices."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest

from domain.capital.entries import Draft, Entry
from domain.capital.head import Head
from domain.errors import Conflict, MayBeRecorded, StoreDamaged, StoreUnusable
from domain.events import EntryWithdrawn, IssuerRegistered, PlacingCompleted
from infrastructure import book_reader
from infrastructure.event_codec import TYPE_NAMES
from infrastructure.event_store import SqlEventStore, open_store
from infrastructure.hash_chain import link
from infrastructure.schema import COLUMNS, TRIGGERS
from infrastructure.store import reading
from tests.infrastructure.checking import chain_verified

NOON = datetime(2024, 12, 17, 4, 0, tzinfo=UTC)
ISSUER = "00020"


def placing(number: int, replaces: int | None = None, source: str | None = "announcement") -> Draft:
    event = PlacingCompleted(effective_on=date(2024, 12, 1) + timedelta(number), share_class="B", shares=number)
    return Draft(event=event, recorded_by="secretary", command_id=f"c{number}", replaces=replaces, source=source)


def entry(draft: Draft, number: int, recorded_at: datetime = NOON) -> Entry:
    return draft.entered(number, recorded_at)


class Clock:
    """Tells the times it is given, one after the other, and the last one from then on."""

    def __init__(self, *times: datetime) -> None:
        self.times = list(times)
        self.readings = 0

    def __call__(self) -> datetime:
        self.readings += 1
        return self.times.pop(0) if len(self.times) > 1 else self.times[0]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.db"


@pytest.fixture
def store(place: str) -> Iterator[SqlEventStore]:
    with open_store(place, clock=Clock(NOON), create=True) as opened:
        yield opened


@pytest.fixture
def filled(path: Path) -> Path:
    """A closed store with a book of twenty entries, the fifth of which is replaced by the twelfth."""
    with open_store(str(path), clock=Clock(NOON), create=True) as opened:
        opened.append(ISSUER, 0, [placing(n, replaces=5 if n == 12 else None) for n in range(1, 21)])
    return path


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def opened(path: Path, **options: bool) -> SqlEventStore:
    return open_store(str(path), clock=Clock(NOON), **options)


def tamper(path: Path, statement: str, *parameters: object) -> None:
    """Change the file as somebody would who knows how: triggers dropped, and restored afterwards."""
    with closing(sqlite3.connect(path)) as connection:
        for trigger in TRIGGERS:
            connection.execute(f"DROP TRIGGER {trigger.split()[2]}")
        assert connection.execute(statement, parameters).rowcount == 1
        for trigger in TRIGGERS:
            connection.execute(trigger)
        connection.commit()


# --- writing and reading ------------------------------------------------------------------------------------------


def test_what_is_appended_is_read_back(store: SqlEventStore) -> None:
    drafts = [placing(1), placing(2, source=None), placing(3, replaces=1)]
    expected = [entry(draft, number) for number, draft in enumerate(drafts, 1)]
    assert store.append(ISSUER, 0, drafts) == expected
    assert list(store.entries(ISSUER)) == expected
    assert list(store.entries(ISSUER, after=2)) == expected[2:]
    assert list(store.entries(ISSUER, after=3)) == []
    assert list(store.entries(ISSUER, after=9)) == []


def test_what_is_appended_is_there_when_the_store_is_opened_again(path: Path, filled: Path) -> None:
    with opened(filled) as again:
        assert [read.event for read in again.entries(ISSUER)] == [placing(n).event for n in range(1, 21)]
        again.append(ISSUER, 20, [placing(21)])
        assert chain_verified(again, ISSUER).number == 21
    assert names_in(path.parent) == ["book.db"]


def test_each_issuer_has_a_book_of_its_own(store: SqlEventStore) -> None:
    assert store.issuers() == []
    store.append("09888", 0, [placing(1)])
    store.append("00020", 0, [placing(1), placing(2)])
    assert store.issuers() == ["00020", "09888"]
    assert [read.number for read in store.entries("09888")] == [1]
    assert store.head("00020").number == 2


def test_an_empty_book_has_an_empty_head(store: SqlEventStore) -> None:
    assert store.head(ISSUER) == chain_verified(store, ISSUER) == Head(0, "", None)
    assert list(store.entries(ISSUER)) == []


def test_appending_nothing_writes_nothing(store: SqlEventStore) -> None:
    assert store.append(ISSUER, 0, []) == []
    assert store.issuers() == []


def test_the_hash_of_the_first_entry_is_as_documented(store: SqlEventStore) -> None:
    event = IssuerRegistered(effective_on=date(2021, 12, 7), issuer=ISSUER, name="SenseTime Group Inc.")
    store.append(ISSUER, 0, [Draft(event=event, recorded_by="secretary", command_id="c1", source="poll results")])
    columns = (
        b"00020", b"1", b"00020", b"1", b"captable.IssuerRegistered.v1",
        b'{"effective_on":"2021-12-07","issuer":"00020","name":"SenseTime Group Inc."}',
        b"2021-12-07", b"2024-12-17T04:00:00.000000Z", b"secretary", b"poll results", None, b"c1",
    )  # fmt: skip
    lengths = b"".join((-1 if column is None else len(column)).to_bytes(4, "big", signed=True) for column in columns)
    expected = sha256(bytes(32) + lengths + b"".join(column or b"" for column in columns)).hexdigest()
    assert store.head(ISSUER) == Head(1, expected, NOON)


def test_a_reader_that_stops_halfway_does_not_hold_up_a_writer(store: SqlEventStore) -> None:
    store.append(ISSUER, 0, [placing(n) for n in range(1, 4)])
    reading = store.entries(ISSUER)
    assert next(reading).number == 1
    store.append(ISSUER, 3, [placing(4)])
    assert [read.number for read in reading] == [2, 3]


def test_many_thousand_entries_are_read_in_order(store: SqlEventStore) -> None:
    event = placing(1).event
    for after in range(0, 5000, 1000):
        numbers = range(after + 1, after + 1001)
        store.append(ISSUER, after, [Draft(event=event, recorded_by="import", command_id=f"row {n}") for n in numbers])
    assert [read.number for read in store.entries(ISSUER)] == list(range(1, 5001))
    assert chain_verified(store, ISSUER) == store.head(ISSUER)


# --- time -----------------------------------------------------------------------------------------------------------


def test_recorded_at_never_goes_back_with_the_clock(place: str) -> None:
    clock = Clock(NOON, NOON - timedelta(days=1), NOON + timedelta(microseconds=1))
    with open_store(place, clock=clock, create=True) as store:
        for number in range(3):
            store.append(ISSUER, number, [placing(number + 1)])
        assert [read.recorded_at for read in store.entries(ISSUER)] == [NOON, NOON, NOON + timedelta(microseconds=1)]


def test_a_batch_is_written_at_one_time(place: str) -> None:
    clock = Clock(NOON, NOON + timedelta(seconds=1))
    with open_store(place, clock=clock, create=True) as store:
        assert {written.recorded_at for written in store.append(ISSUER, 0, [placing(1), placing(2)])} == {NOON}
    assert clock.readings == 1


def test_times_are_kept_in_utc_whatever_zone_the_clock_is_in(path: Path) -> None:
    hong_kong = datetime(2024, 12, 17, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    with open_store(str(path), clock=Clock(hong_kong), create=True) as store:
        (written,) = store.append(ISSUER, 0, [placing(1)])
        assert written.recorded_at == hong_kong
        assert written.recorded_at.tzinfo is UTC
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT recorded_at FROM entries").fetchall() == [("2024-12-17T04:00:00.000005Z",)]


def test_a_clock_without_a_time_zone_is_refused(place: str) -> None:
    with open_store(place, clock=Clock(datetime(2024, 12, 17)), create=True) as store:
        with pytest.raises(ValueError, match="time zone"):
            store.append(ISSUER, 0, [placing(1)])
        assert store.issuers() == []


class Explaining:
    """A connection that notes how SQLite means to answer each query."""

    def __init__(self, driver: sqlite3.Connection) -> None:
        self._driver, self.plans = driver, list[str]()

    def rows(self, query: str, **given: object) -> list[tuple[object, ...]]:
        self.plans += [row[3] for row in self._driver.execute(f"EXPLAIN QUERY PLAN {query}", given)]
        return self._driver.execute(query, given).fetchall()


def test_some_entries_are_found_without_reading_the_whole_book(filled: Path) -> None:
    """Each is looked up by its number, and the numbers in an index: `issuer=?` alone would be every entry of the book."""
    with closing(sqlite3.connect(filled)) as driver:
        asked = Explaining(driver)
        reading.ledger(asked, ISSUER, 20, date(2024, 12, 1), date(2024, 12, 31), ())  # type: ignore[arg-type]
        book_reader.of_types(asked, ISSUER, list(TYPE_NAMES.values()))  # type: ignore[arg-type]
        reading.waiting(asked, ISSUER, 20)  # type: ignore[arg-type]
        book_reader.replacing(asked, ISSUER, list(range(1, 400)))  # type: ignore[arg-type]
        book_reader.recorded(asked, ISSUER, ["c1", "c2"])  # type: ignore[arg-type]
    searches = [plan for plan in asked.plans if plan.startswith(("SEARCH e", "SCAN e"))]
    assert searches
    assert [plan for plan in searches if plan.startswith("SCAN") or "(issuer=?)" in plan] == []


# --- conflicts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [0, 1, 3])
def test_appending_elsewhere_than_at_the_end_is_a_conflict(store: SqlEventStore, after: int) -> None:
    store.append(ISSUER, 0, [placing(1), placing(2)])
    with pytest.raises(Conflict, match="ends at entry 2"):
        store.append(ISSUER, after, [placing(3)])
    assert store.head(ISSUER).number == 2


@pytest.mark.parametrize(
    "third",
    [placing(1), Draft(event=placing(9).event, recorded_by="x", command_id="c9", replaces=1)],
    ids=["command", "replaces"],
)
def test_a_batch_is_written_whole_or_not_at_all(store: SqlEventStore, third: Draft) -> None:
    store.append(ISSUER, 0, [placing(1), placing(2, replaces=1)])
    before = store.head(ISSUER)
    with pytest.raises(Conflict, match="taken"):
        store.append(ISSUER, 2, [placing(3), placing(4), third, placing(5), placing(6)])
    assert store.head(ISSUER) == before
    assert chain_verified(store, ISSUER) == before


def test_a_withdrawal_is_kept_with_what_it_replaces(store: SqlEventStore) -> None:
    store.append(ISSUER, 0, [placing(1)])
    withdrawn = EntryWithdrawn(effective_on=date(2024, 12, 2), reason="recorded twice")
    store.append(ISSUER, 1, [Draft(event=withdrawn, recorded_by="x", command_id="w1", replaces=1)])
    assert [read.replaces for read in store.entries(ISSUER)] == [None, 1]
    assert chain_verified(store, ISSUER).number == 2


def test_recorded_gives_the_entries_that_carry_command_ids(store: SqlEventStore) -> None:
    store.append("09888", 0, [placing(1200)])
    for after in (0, 600):
        drafts = [Draft(event=placing(1).event, recorded_by="x", command_id=f"c{n}") for n in range(after + 1, after + 601)]
        store.append(ISSUER, after, drafts)
    asked = ["absent", *(f"c{n}" for n in range(1, 1101)), "' OR 1=1 --"]
    found = store.recorded(ISSUER, asked)
    assert {each: entry.number for each, entry in found.items()} == {f"c{n}": n for n in range(1, 1101)}
    assert {entry.event for entry in found.values()} == {placing(1).event}
    assert store.recorded(ISSUER, []) == {}
    assert store.recorded("09888", ["c1"]) == {}


def test_threads_that_append_at_once_lose_nothing(store: SqlEventStore) -> None:
    def write(writer: int) -> None:
        written = 0
        while written < 20:
            draft = Draft(event=placing(1).event, recorded_by="x", command_id=f"{writer}/{written}")
            try:
                store.append(ISSUER, store.head(ISSUER).number, [draft])
            except Conflict:
                continue
            written += 1

    threads = [Thread(target=write, args=(writer,)) for writer in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert chain_verified(store, ISSUER).number == 100


# --- what the database itself refuses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE entries SET recorded_by = 'somebody' WHERE number = 3", "never changed"),
        ("DELETE FROM entries WHERE number = 20", "never removed"),
        ("INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE number = 3", "never overwritten"),
        ("REPLACE INTO entries SELECT issuer, 21, 'x', 1, type, payload, effective_on, recorded_at, recorded_by, source, 19, "
         "command_id, hash FROM entries WHERE number = 20", "never overwritten"),
    ],
    ids=["update", "delete", "replace", "replace by another key"],
)  # fmt: skip
def test_the_database_refuses_to_change_entries(filled: Path, statement: str, message: str) -> None:
    with closing(sqlite3.connect(filled)) as connection, pytest.raises(sqlite3.IntegrityError, match=message):
        connection.execute(statement)
    with opened(filled) as store:
        assert chain_verified(store, ISSUER).number == 20


# --- damage ---------------------------------------------------------------------------------------------------------

CHANGED: dict[str, object] = {
    "issuer": "00021",
    "number": 120,
    "stream": "other",
    "version": 99,
    "type": "captable.OpenOfferCompleted.v1",
    "payload": b'{"effective_on":"2024-12-13","share_class":"B","shares":13}',
    "effective_on": "2024-12-14",
    "recorded_at": "2024-12-17T04:00:00.000001Z",
    "recorded_by": "secretarz",
    "source": None,
    "replaces": 6,
    "command_id": "c99",
    "hash": bytes(32),
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_in_any_column_is_found_and_the_entry_named(filled: Path, column: str) -> None:
    tamper(filled, f"UPDATE entries SET {column} = ? WHERE number = 12", CHANGED[column])
    with opened(filled) as store:
        read: list[int] = []
        with pytest.raises(StoreDamaged, match=r"^entry 12: "):
            read.extend(one.number for one in store.entries(ISSUER))
        with pytest.raises(StoreDamaged, match=r"^entry 12: "):
            chain_verified(store, ISSUER)


@pytest.mark.parametrize("column", [name for name in COLUMNS if name not in {"number", "version", "replaces"}])
@pytest.mark.parametrize("value", [b"\xff\xfe", "", 7], ids=["bytes", "empty", "number"])
def test_a_value_of_another_type_is_found(filled: Path, column: str, value: object) -> None:
    tamper(filled, f"UPDATE entries SET {column} = ? WHERE number = 12", value)
    with opened(filled) as store, pytest.raises(StoreDamaged, match=r"^entry 12: "):
        list(store.entries(ISSUER))


def test_the_same_text_as_a_blob_is_found(filled: Path) -> None:
    tamper(filled, "UPDATE entries SET recorded_by = CAST(recorded_by AS BLOB) WHERE number = 12")
    with opened(filled) as store, pytest.raises(StoreDamaged, match=r"^entry 12: a column holds what is not of its type"):
        list(store.entries(ISSUER))


def test_text_that_is_not_utf_8_is_found(filled: Path) -> None:
    tamper(filled, "UPDATE entries SET recorded_by = CAST(x'ff41' AS TEXT) WHERE number = 12")
    with opened(filled) as store, pytest.raises(StoreDamaged, match="entry 12"):
        list(store.entries(ISSUER))


def test_a_missing_entry_is_named(filled: Path) -> None:
    tamper(filled, "DELETE FROM entries WHERE number = 12")
    with opened(filled) as store:
        with pytest.raises(StoreDamaged, match=r"^entry 12: missing"):
            list(store.entries(ISSUER))
        with pytest.raises(StoreDamaged, match=r"^entry 13: does not match its hash"):
            list(store.entries(ISSUER, after=12))


def test_a_cut_tail_shows_in_the_head_only(filled: Path) -> None:
    with opened(filled) as store:
        kept = store.head(ISSUER)
    tamper(filled, "DELETE FROM entries WHERE number = 20")
    with opened(filled) as store:
        assert chain_verified(store, ISSUER) == store.head(ISSUER) != kept


def rewrite(path: Path, **changes: object) -> None:
    """Change the last entry and give it the hash that fits: what only a check beyond the chain can find."""
    with closing(sqlite3.connect(path)) as connection:
        row = dict(zip(COLUMNS, connection.execute("SELECT * FROM entries WHERE number = 20").fetchone(), strict=True))
        (previous,) = connection.execute("SELECT hash FROM entries WHERE number = 19").fetchone()
    row.update(changes)
    row.pop("hash")
    parts = [None if value is None else value if isinstance(value, bytes) else str(value).encode() for value in row.values()]
    lengths = b"".join((-1 if part is None else len(part)).to_bytes(4, "big", signed=True) for part in parts)
    row["hash"] = sha256(previous + lengths + b"".join(part or b"" for part in parts)).digest()
    assignments = ", ".join(f"{name} = ?" for name in row)
    tamper(path, f"UPDATE entries SET {assignments} WHERE number = 20", *row.values())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"effective_on": "2024-12-20"}, "effective_on says 2024-12-20, the event 2024-12-21"),
        ({"recorded_at": "2024-12-17T03:59:59.000000Z"}, "before that of the entry before"),
        ({"recorded_at": "2024-12-17 04:00"}, "not a time in UTC"),
        ({"recorded_at": "noon"}, "not a time in UTC"),
        ({"replaces": 20}, "not an earlier one"),
        ({"replaces": 0}, "not an earlier one"),
        ({"type": "captable.Nothing.v1"}, "unknown type of event"),
        ({"payload": b"{}"}, "effective_on"),
        ({"payload": b'{"effective_on":"2024-12-21","share_class":"B","shares":20,"x":1}'}, "a field that it does not have"),
        ({"payload": b'{"effective_on":"2024-12-21","share_class":"B","shares":' + b"[" * 9999 + b"]" * 9999 + b"}"}, "captable.PlacingCompleted.v1"),
    ],
)  # fmt: skip
def test_verify_finds_what_fits_its_hash_but_cannot_have_been_written(
    filled: Path, changes: dict[str, object], message: str
) -> None:
    rewrite(filled, **changes)
    with opened(filled) as store, pytest.raises(StoreDamaged, match=f"^entry 20: .*{message}"):
        chain_verified(store, ISSUER)


def test_a_time_that_cannot_be_read_stops_reading_and_writing(filled: Path) -> None:
    rewrite(filled, recorded_at="noon")
    with opened(filled) as store:
        for act in (
            lambda: list(store.entries(ISSUER)),
            lambda: store.head(ISSUER),
            lambda: store.append(ISSUER, 20, [placing(21)]),
        ):
            with pytest.raises(StoreDamaged, match=r"^entry 20: "):
                act()


def test_a_flipped_byte_in_the_file_is_found(filled: Path) -> None:
    content = filled.read_bytes()
    place = content.index(b"secretary", content.index(b'"shares":12}'))
    filled.write_bytes(content[:place] + b"S" + content[place + 1 :])
    with opened(filled) as store, pytest.raises(StoreDamaged, match=r"^entry "):
        chain_verified(store, ISSUER)


def test_a_flipped_byte_in_an_index_is_found_by_verify(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        page_size = connection.execute("PRAGMA page_size").fetchone()[0]
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_entries_3'"
        start = (connection.execute(query).fetchone()[0] - 1) * page_size
    content = filled.read_bytes()
    place = content.index(b"c17", start)
    assert place < start + page_size
    filled.write_bytes(content[:place] + b"x" + content[place + 1 :])
    with opened(filled) as store, pytest.raises(StoreDamaged, match="is damaged"):
        chain_verified(store, ISSUER)


def test_a_broken_page_is_damage_and_no_error_of_the_driver(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'entries'").fetchone()[0]
        page_size = connection.execute("PRAGMA page_size").fetchone()[0]
    content = bytearray(filled.read_bytes())
    content[(root - 1) * page_size : root * page_size] = b"\xa5" * page_size
    filled.write_bytes(content)
    with opened(filled) as store:
        for act in (lambda: list(store.entries(ISSUER)), lambda: chain_verified(store, ISSUER),
                    lambda: store.append(ISSUER, 20, [placing(21)])):  # fmt: skip
            with pytest.raises(StoreDamaged):
                act()


# --- what is not a store ----------------------------------------------------------------------------------------------


def other_application(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE places (url TEXT)")


def other_identity(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 1234")


NOT_STORES: dict[str, Callable[[Path], object]] = {
    "another application's file": other_application,
    "a file of another identity": other_identity,
    "a text file": lambda path: path.write_text("effective_on,event\n2024-12-17,PlacingCompleted\n" * 100),
    "a folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("create", [False, True], ids=["open", "create"])
@pytest.mark.parametrize("kind", NOT_STORES)
def test_what_is_not_a_store_is_refused_and_left_as_it_is(path: Path, kind: str, create: bool) -> None:
    NOT_STORES[kind](path)
    before = path.read_bytes() if path.is_file() else None
    for writable in (True, False):
        with pytest.raises(StoreUnusable, match=r"book\.db is (not a captable store|a folder)"):
            opened(path, create=create, writable=writable)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert names_in(path.parent) == ["book.db"]


def test_an_empty_file_is_not_a_store_but_can_become_one(path: Path) -> None:
    path.touch()
    with pytest.raises(StoreUnusable, match="not a captable store"):
        opened(path)
    with opened(path, create=True) as store:
        assert store.issuers() == []


def test_a_missing_store_is_named(path: Path) -> None:
    with pytest.raises(StoreUnusable, match=r"no store at .*book\.db"):
        opened(path)
    assert not path.exists()


def test_a_store_is_not_made_in_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="there is no folder"):
        opened(tmp_path / "absent" / "book.db", create=True)


def test_making_a_store_that_is_there_opens_it(filled: Path) -> None:
    with opened(filled, create=True) as store:
        assert store.head(ISSUER).number == 20


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER evil AFTER INSERT ON entries BEGIN SELECT load_extension('evil'); END",
        "CREATE VIEW evil AS SELECT 1",
        "CREATE TABLE evil (a)",
        "CREATE INDEX evil ON entries (recorded_by)",
        "DROP TRIGGER entries_are_never_removed",
        "ALTER TABLE entries ADD COLUMN evil TEXT",
        "ALTER TABLE entries RENAME TO other",
    ],
)
def test_a_store_with_a_changed_schema_is_refused(filled: Path, statement: str) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute(statement)
    with pytest.raises(StoreUnusable, match="tables or triggers were changed"):
        opened(filled)


def test_a_store_that_was_analysed_and_vacuumed_still_opens(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("ANALYZE")
        connection.execute("VACUUM")
    with opened(filled) as store:
        assert chain_verified(store, ISSUER).number == 20


def test_a_store_of_a_later_version_is_refused(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("PRAGMA user_version = 6")
    with pytest.raises(StoreUnusable, match="store of version 6; this program reads version 5"):
        opened(filled)


def test_the_schema_is_the_one_that_stores_already_have(filled: Path) -> None:
    """Stores are compared with it when they are opened, so that a change here must come with a new version."""
    with closing(sqlite3.connect(filled)) as connection:
        (table,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'entries'").fetchone()
    assert " ".join(table.split()) == (
        "CREATE TABLE entries ( issuer TEXT NOT NULL, number INTEGER NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL, "
        "type TEXT NOT NULL, payload BLOB NOT NULL, effective_on TEXT NOT NULL, recorded_at TEXT NOT NULL, "
        "recorded_by TEXT NOT NULL, source TEXT, replaces INTEGER, command_id TEXT NOT NULL, hash BLOB NOT NULL, "
        "CONSTRAINT entry_number PRIMARY KEY (issuer, number), CONSTRAINT entry_version UNIQUE (issuer, stream, version), "
        "CONSTRAINT entry_command UNIQUE (issuer, command_id), CONSTRAINT entry_replaces UNIQUE (issuer, replaces) ) "
        "WITHOUT ROWID"
    )


@pytest.mark.parametrize("prefix", ["sqlite:///", "sqlite+pysqlite:///"])
def test_a_store_is_also_opened_by_url(filled: Path, prefix: str) -> None:
    with open_store(f"{prefix}{filled}", clock=Clock(NOON)) as store:
        assert store.head(ISSUER).number == 20


@pytest.mark.parametrize(
    "location", ["", "a\0b", "sqlite://", "mysql://me:secret@host/book", "://", "sqlite:///x.db?mode=memory"]
)
def test_a_location_that_is_none_is_refused_without_showing_a_password(location: str) -> None:
    with pytest.raises(StoreUnusable, match="expected") as caught:
        open_store(location, clock=Clock(NOON))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["a b.db", "a?mode=memory.db", "a#b.db", "a%20b.db", "總帳.db"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    with opened(tmp_path / name, create=True) as store:
        store.append(ISSUER, 0, [placing(1)])
    assert names_in(tmp_path) == [name]


# --- files that cannot be written ---------------------------------------------------------------------------------


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of somebody whom permission bits bind, as whom the test then runs."""
    folder = Path(tempfile.mkdtemp())
    root = os.geteuid() == 0
    if root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_file_without_write_permission_is_read_but_not_written(filled: Path) -> None:
    filled.chmod(0o444)
    with pytest.raises(StoreUnusable, match="is read-only"):
        opened(filled)
    with opened(filled, writable=False) as store:
        assert chain_verified(store, ISSUER).number == 20
        with pytest.raises(StoreUnusable, match="is read-only"):
            store.append(ISSUER, 20, [placing(21)])


def test_a_store_opened_for_reading_is_not_written(filled: Path) -> None:
    with opened(filled, writable=False) as store:
        with pytest.raises(StoreUnusable, match="is read-only"):
            store.append(ISSUER, 20, [placing(21)])
        assert store.head(ISSUER).number == 20
    assert names_in(filled.parent) == ["book.db"]


def test_a_store_in_a_read_only_folder_is_read_but_not_written(unprivileged: Path) -> None:
    path = unprivileged / "book.db"
    with opened(path, create=True) as store:
        store.append(ISSUER, 0, [placing(1)])
    path.chmod(0o444)
    unprivileged.chmod(0o555)
    with opened(path, writable=False) as store:
        assert chain_verified(store, ISSUER).number == 1
    with pytest.raises(StoreUnusable, match="is read-only"):
        opened(path)
    path.chmod(0o644)
    with pytest.raises(StoreUnusable, match=r"cannot be opened|is read-only"):
        opened(path).append(ISSUER, 1, [placing(2)])


def test_entries_that_only_the_log_holds_are_not_passed_over_in_a_read_only_folder(unprivileged: Path) -> None:
    source, copy = unprivileged / "source.db", unprivileged / "book.db"
    with opened(source, create=True) as store:
        store.append(ISSUER, 0, [placing(1)])
        shutil.copy(source, copy)
        shutil.copy(f"{source}-wal", f"{copy}-wal")
    for mode in (0o644, 0o444):
        unprivileged.chmod(0o755)
        copy.chmod(mode)
        unprivileged.chmod(0o555)
        with pytest.raises(StoreUnusable, match=r"its last entries are in book\.db-wal"):
            opened(copy, writable=False)


def test_a_folder_that_cannot_be_entered_is_unusable(unprivileged: Path) -> None:
    unprivileged.chmod(0)
    with pytest.raises(StoreUnusable, match="cannot be opened: Permission denied"):
        opened(unprivileged / "book.db")
    with pytest.raises(StoreUnusable, match="cannot be opened: Permission denied"):
        opened(unprivileged / "book.db", create=True)


def test_a_full_disk_is_said_and_nothing_is_written(filled: Path) -> None:
    with opened(filled) as store:
        store.append(ISSUER, 20, [placing(21)])
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (Path(f"{filled}-wal").stat().st_size + 4096, hard))
        try:
            with pytest.raises((StoreUnusable, MayBeRecorded), match=r"cannot be (read or )?written"):
                store.append(ISSUER, 21, [placing(n) for n in range(22, 200)])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert chain_verified(store, ISSUER).number == 21
        store.append(ISSUER, 21, [placing(22)])
        assert chain_verified(store, ISSUER).number == 22


def test_a_store_that_another_program_writes_to_is_in_use(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infrastructure.sqlite_file.BUSY_SECONDS", 0)
    with opened(filled) as store, closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnusable, match="in use by another program"):
            store.append(ISSUER, 20, [placing(21)])
        assert len(list(store.entries(ISSUER))) == 20
        other.execute("ROLLBACK")
        store.append(ISSUER, 20, [placing(21)])


def test_a_store_is_made_with_the_permissions_that_the_system_gives(path: Path) -> None:
    opened(path, create=True).close()
    assert stat.S_IMODE(path.stat().st_mode) & 0o600 == 0o600


MAKER = """
import sys
from datetime import UTC, date, datetime
from domain.errors import Conflict
from domain.events import MandateRevoked
from domain.capital.entries import Draft
from infrastructure.hash_chain import link
from infrastructure.event_store import open_store
path, me = sys.argv[1:]
with open_store(path, clock=lambda: datetime.now(UTC), create=True) as store:
    written = 0
    while written < 10:
        event = MandateRevoked(effective_on=date(2024, 6, 28), mandate="issue-2023")
        try:
            store.append("00020", store.head("00020").number, [Draft(event=event, recorded_by=me, command_id=f"{me} {written}")])
        except Conflict:
            continue
        written += 1
"""


def test_processes_that_make_the_same_store_at_once_share_it(path: Path) -> None:
    root = Path(__file__).parents[2]
    makers = [subprocess.Popen([sys.executable, "-c", MAKER, str(path), str(n)], cwd=root) for n in range(4)]
    assert [maker.wait(60) for maker in makers] == [0] * 4
    with opened(path) as store:
        assert chain_verified(store, ISSUER).number == 40


def test_an_empty_column_and_none_have_different_hashes() -> None:
    row = (ISSUER, 1, ISSUER, 1, "captable.EntryWithdrawn.v1", b"{}", "2024-12-17", "2024-12-17T04:00:00.000000Z", "secretary")
    assert link(bytes(32), (*row, "", None, "c1")) != link(bytes(32), (*row, None, None, "c1"))
