"""Stores of every earlier version are read, and brought on: from a stored file of version 1, and on a server."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, text

from application import ask
from application.record import record
from domain.capital.entries import Viewpoint
from domain.capital.head import Head
from domain.errors import StoreUnusable
from infrastructure import schema
from infrastructure.event_store import SqlEventStore, open_store
from infrastructure.postgresql import make
from infrastructure.sqlite_file import APPLICATION_ID
from infrastructure.upgrading import upgraded
from tests.conftest import ticking
from tests.domain.book_of import drafts, event
from tests.domain.recorded_books import viewpoints
from tests.infrastructure.checking import chain_verified, positions_compared
from tests.infrastructure.test_carried_forward import same_as_the_fold

OLD = Path(__file__).parent / "fixtures" / "store-v1.sqlite"
"""Two books as version 1 kept them: 00001 with a late placing, a correction and a withdrawal around a subdivision."""

HEADS = {
    "00001": "bc285016431f849a38a9e8918a4995c802bb06c912c55a9694b3574f068f04e6",
    "00020": "0724f5bdc2107506fc0ed705e016524822c2ba77a0ff5638e2081e91785f71d9",
}
"""Where its books ended on the day on which it was made, as it was shown then."""

ON = "ordinary"


@pytest.fixture
def old(tmp_path: Path) -> str:
    copy = tmp_path / "book.db"
    shutil.copy(OLD, copy)
    return str(copy)


def opened(place: str, **options: bool) -> SqlEventStore:
    return open_store(place, clock=ticking(), **options)


def check_upgraded(place: str) -> None:
    """512,000 issued and 1,000 learnt late, ten for one: 5,130,000; what was bought back never happened."""
    with opened(place) as store:
        for issuer, digest in HEADS.items():
            head: Head = chain_verified(store, issuer)
            assert (head.hash, positions_compared(store, issuer)) == (digest, head.number)
            same_as_the_fold(store, issuer, viewpoints(list(store.entries(issuer))))
        balance = ask.balances(store, "00001", Viewpoint(date(2024, 7, 31))).position.balance(ON)
        assert (balance.issued_excluding_treasury, balance.treasury, balance.authorised) == (5_130_000, 0, 10_000_000)
        record(store, "00001", drafts(event("PlacingCompleted", "1 August 2024", share_class=ON, shares="5"), prefix="more"))
        assert positions_compared(store, "00001") == 11


def test_a_file_of_version_1_is_read_without_being_changed(old: str) -> None:
    before = Path(old).read_bytes()
    with opened(old, writable=False) as store:
        assert {issuer: chain_verified(store, issuer).hash for issuer in store.issuers()} == HEADS
        assert positions_compared(store, "00001") == 10
        balance = ask.balances(store, "00001", Viewpoint(date(2024, 7, 31))).position.balance(ON)
        assert balance.issued_excluding_treasury == 5_130_000
    assert Path(old).read_bytes() == before


def test_a_file_of_version_1_is_not_written_and_the_message_says_how_to_upgrade(old: str) -> None:
    for create in (False, True):
        with pytest.raises(StoreUnusable, match="is a store of version 1, which is read and not written; captable admin upgrade"):
            opened(old, create=create)


def test_a_file_of_version_1_is_brought_on_with_its_entries_as_they_were(old: str) -> None:
    assert upgraded(old) == 1
    check_upgraded(old)
    assert upgraded(old) == schema.VERSION


def test_an_upgraded_file_has_the_schema_of_a_new_one(old: str, tmp_path: Path) -> None:
    upgraded(old)
    opened(str(tmp_path / "new.db"), create=True).close()
    assert schema_of(old) == schema_of(str(tmp_path / "new.db"))


def schema_of(place: str) -> set[tuple[str, ...]]:
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute("SELECT version_num FROM captable_version").fetchall() == [("5",)]
        rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    return {(*row[:3], "".join(str(row[3]).split()).lower()) for row in rows}


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(schema._STEPS, 5, (*schema._STEPS[5], "CREATE TABLE entries (again INTEGER)"))
    with pytest.raises(StoreUnusable):
        upgraded(old)
    monkeypatch.undo()
    with opened(old, writable=False) as store:
        assert chain_verified(store, "00001").hash == HEADS["00001"]
    assert upgraded(old) == 1


def test_a_read_only_file_is_not_upgraded(old: str) -> None:
    Path(old).chmod(0o444)
    with pytest.raises(StoreUnusable, match="is read-only"):
        upgraded(old)


def earlier_file(path: Path, version: int, derived: str) -> str:
    """A file as a version made it, with the entries of the stored file, and a row of what that version derived from them."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in schema.statements(schema.SQLITE, version):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.executemany(f"INSERT INTO entries VALUES ({', '.join('?' * 13)})", old_rows())
        connection.execute(derived)
        connection.commit()
    return str(path)


DERIVED = {
    2: "INSERT INTO postings VALUES ('00001', 4, 'shares', 'ordinary', 'held', '2024-07-01', 1, NULL)",
    # A position in the words of an earlier version is not one in those of today.
    3: "INSERT INTO carried_forward VALUES ('00001', '2024-07-01', 4, NULL, '{}', 'of version 3')",
    4: "INSERT INTO carried_forward VALUES ('00001', '2024-07-01', 4, NULL, '{}', 'of version 4')",
}


@pytest.mark.parametrize("version", DERIVED)
def test_a_file_of_an_earlier_version_is_brought_on_and_what_it_derived_is_made_from_its_entries(version, tmp_path) -> None:
    path = earlier_file(tmp_path / "book.db", version, DERIVED[version])
    assert upgraded(path) == version
    check_upgraded(path)
    opened(str(tmp_path / "new.db"), create=True).close()
    assert schema_of(path) == schema_of(str(tmp_path / "new.db"))


def test_positions_of_version_3_are_not_read_and_the_way_on_is_shown(tmp_path: Path) -> None:
    path = earlier_file(tmp_path / "book.db", 3, DERIVED[3])
    with opened(path, writable=False) as store:
        assert {issuer: head.hash for issuer, head in store.verified().items()} == HEADS
        balance = ask.balances(store, "00001", Viewpoint(date(2024, 7, 31))).position.balance(ON)
        assert balance.issued_excluding_treasury == 5_130_000
    with pytest.raises(StoreUnusable, match="is a store of version 3, which is read and not written; captable admin upgrade"):
        opened(path)


@pytest.mark.parametrize("version", DERIVED)
def test_a_server_s_store_of_an_earlier_version_is_brought_on(server: str, version: int) -> None:
    old_store(server, version)
    assert upgraded(server) == version
    check_upgraded(server)


# --- on a server ----------------------------------------------------------------------------------------------------


def old_rows() -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(OLD)) as connection:
        return connection.execute("SELECT * FROM entries ORDER BY issuer, number").fetchall()


@pytest.fixture
def old_server(server: str) -> str:
    """A server's store as version 1 would have made it, with the entries of the stored file."""
    return old_store(server, 1)


def old_store(server: str, version: int) -> str:
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        make(connection, version)
    engine.dispose()
    with psycopg.connect(server) as connection, connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO entries VALUES ({', '.join(['%s'] * 13)})".encode(), old_rows())
    return server


def test_a_server_s_store_of_version_1_is_read_and_not_written(old_server: str) -> None:
    with opened(old_server, writable=False) as store:
        assert {issuer: chain_verified(store, issuer).hash for issuer in store.issuers()} == HEADS
    with pytest.raises(StoreUnusable, match="captable admin upgrade upgrades it"):
        opened(old_server)


def test_a_server_s_store_of_version_1_is_brought_on(old_server: str) -> None:
    assert upgraded(old_server) == 1
    check_upgraded(old_server)


CATALOGUE = """
    SELECT table_name, column_name, data_type, is_nullable, collation_name
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT viewname, '', definition, '', '' FROM pg_views WHERE schemaname = 'public'
    UNION ALL SELECT event_object_table, trigger_name, action_statement, event_manipulation, '' FROM information_schema.triggers
"""


def test_an_upgraded_server_has_the_schema_of_a_new_one(old_server: str) -> None:
    from tests import postgresql

    fresh = postgresql.database()
    opened(fresh, create=True).close()
    upgraded(old_server)
    found = []
    for url in (old_server, fresh):
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.connect() as connection:
            found.append(sorted(map(str, connection.execute(text(CATALOGUE)))))
        engine.dispose()
    postgresql.drop(fresh)
    assert found[0] == found[1]


def test_entries_have_the_columns_in_which_rows_are_written() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in schema.statements(schema.SQLITE):
            connection.execute(statement)
        assert tuple(row[1] for row in connection.execute("PRAGMA table_info(entries)")) == schema.COLUMNS
