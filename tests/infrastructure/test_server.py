"""A store on a PostgreSQL server: what the server itself refuses, its roles, many writers, and what is said of trouble."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from application.record import record
from domain.capital.entries import Viewpoint
from domain.errors import Conflict, StoreDamaged, StoreUnusable
from infrastructure import contention, postgresql_errors, schema
from infrastructure.event_store import SqlEventStore, open_store
from infrastructure.opening import open_database
from infrastructure.postgresql import grant
from tests import postgresql
from tests.conftest import ticking, worked_issuer
from tests.domain.book_of import draft, drafts, event, position_at, set_up
from tests.infrastructure.checking import chain_verified, positions_compared
from tests.infrastructure.test_event_store import MAKER

ROOT = Path(__file__).parents[2]
ISSUER, ON = "00001", "ordinary"
ROLE = "captable_app"


def opened(url: str, **options: bool) -> SqlEventStore:
    return open_store(url, clock=ticking(), **options)


@pytest.fixture
def filled(server: str) -> str:
    """The URL of a store with a book of four entries."""
    with opened(server, create=True) as store:
        record(store, ISSUER, drafts(*set_up()))
    return server


def test_a_book_has_the_same_head_on_a_server_as_in_a_file(server: str, tmp_path: Path) -> None:
    heads = []
    for place in (server, str(tmp_path / "book.db")):
        with opened(place, create=True) as store:
            record(store, "00020", worked_issuer())
            heads.append(chain_verified(store, "00020"))
    assert heads[0] == heads[1]


# --- what the server refuses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE entries SET recorded_by = 'somebody' WHERE number = 3", "never changed: record a correction"),
        ("DELETE FROM entries WHERE number = 4", "never removed: withdraw them"),
        ("TRUNCATE entries", "never emptied: withdraw them"),
        ("TRUNCATE entries CASCADE", "never emptied"),
    ],
)
def test_the_server_refuses_to_change_entries_even_to_their_owner(filled: str, statement: str, message: str) -> None:
    with pytest.raises(psycopg.Error, match=message):
        postgresql.run(statement, filled)
    with opened(filled) as store:
        assert chain_verified(store, ISSUER).number == 4


def test_the_server_holds_an_entry_once(filled: str) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        postgresql.run("INSERT INTO entries SELECT * FROM entries WHERE number = 3", filled)


@pytest.mark.parametrize("act", ["DISABLE TRIGGER entries_are_never_changed", "DISABLE TRIGGER ALL"])
def test_a_trigger_switched_off_is_found_by_verify(filled: str, act: str) -> None:
    postgresql.run(f"ALTER TABLE entries {act}", filled)
    with opened(filled) as store, pytest.raises(StoreDamaged, match=r"TRIGGER entries_are_never_changed .* SWITCHED OFF"):
        chain_verified(store, ISSUER)


def test_an_entry_changed_by_an_administrator_is_found(filled: str) -> None:
    postgresql.run("ALTER TABLE entries DISABLE TRIGGER USER", filled)
    postgresql.run("UPDATE entries SET recorded_by = 'somebody' WHERE number = 3", filled)
    postgresql.run("ALTER TABLE entries ENABLE TRIGGER USER", filled)
    with opened(filled) as store, pytest.raises(StoreDamaged, match=r"^entry 3: does not match its hash"):
        chain_verified(store, ISSUER)


# --- roles -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def as_application(filled: str) -> str:
    """The URL of a filled store as the application's role."""
    owner = open_database(filled, create=False, writable=True)
    with owner.writing() as connection:
        grant(connection, ROLE)
    owner.close()
    return filled.replace("//postgres:@", f"//{ROLE}:@")


def test_the_application_s_role_records_reads_and_rebuilds(as_application: str) -> None:
    with opened(as_application) as store:
        record(store, ISSUER, drafts(event("PlacingCompleted", "5 July 2024", share_class=ON, shares="10"), prefix="more"))
        assert store.rebuild(ISSUER) == positions_compared(store, ISSUER) == chain_verified(store, ISSUER).number == 5


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET source = 'x'",
        "DELETE FROM entries",
        "TRUNCATE entries",
        "ALTER TABLE entries DISABLE TRIGGER USER",
        "DROP TABLE entries",
        "UPDATE captable_version SET version_num = '9'",
        "CREATE OR REPLACE FUNCTION captable_refuses() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_s_role_can_neither_change_nor_remove_an_entry(as_application: str, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        postgresql.run(statement, as_application)


def test_a_role_that_could_change_entries_all_the_same_is_refused(filled: str) -> None:
    owner = open_database(filled, create=False, writable=True)
    try:
        with pytest.raises(StoreUnusable, match="the role postgres could change entries"), owner.writing() as connection:
            grant(connection, "postgres")
    finally:
        owner.close()


def test_a_role_without_the_right_to_make_tables_is_refused(server: str, as_application: str) -> None:
    empty = postgresql.database()
    try:
        with pytest.raises(StoreUnusable, match="this role may not do that"):
            opened(empty.replace("//postgres:@", f"//{ROLE}:@"), create=True)
    finally:
        postgresql.drop(empty)


# --- opening -----------------------------------------------------------------------------------------------------------


def test_a_database_without_a_store_is_reported_with_how_to_make_one(server: str) -> None:
    with pytest.raises(StoreUnusable, match=r"there is no captable store at postgresql://.*; captable admin init makes one"):
        opened(server)


def test_a_store_of_a_later_version_is_refused(filled: str) -> None:
    postgresql.run("UPDATE captable_version SET version_num = '6'", filled)
    with pytest.raises(StoreUnusable, match="store of version 6; this program reads version 5"):
        opened(filled)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:secret@127.0.0.1:1/book",
        "postgresql://me:secret@/book?host=/nowhere",
        "postgres://me:secret@127.0.0.1:1/book?password=secret",
        "postgresql+psycopg://me:secret@127.0.0.1:port/book",
        "postgresql://me:secret@127.0.0.1:1/book?nonsense=secret",
        "postgresql://me:secret@host",
    ],
)
def test_an_unreachable_server_is_reported_without_the_password(url: str) -> None:
    with pytest.raises(StoreUnusable) as caught:
        opened(url)
    assert "secret" not in str(caught.value)


def test_a_wrong_database_name_is_reported(server: str) -> None:
    with pytest.raises(StoreUnusable, match="/absent cannot be reached: "):
        opened(postgresql.of_database("absent"))


def test_a_store_opened_for_reading_can_be_a_replica_that_takes_no_writes(filled: str) -> None:
    postgresql.run(f"ALTER DATABASE {filled.partition('?')[0].rpartition('/')[2]} SET default_transaction_read_only = on", filled)
    with opened(filled, writable=False) as store:
        assert chain_verified(store, ISSUER).number == 4
        with pytest.raises(StoreUnusable, match="is read-only"):
            store.append(ISSUER, 4, drafts(event("MandateRevoked", "5 July 2024", mandate="m"), prefix="more"))


# --- several at once -----------------------------------------------------------------------------------------------------


def test_processes_that_make_the_same_store_at_once_share_it(server: str) -> None:
    makers = [subprocess.Popen([sys.executable, "-c", MAKER, server, str(n)], cwd=ROOT) for n in range(4)]
    assert [maker.wait(120) for maker in makers] == [0] * 4
    with opened(server) as store:
        assert chain_verified(store, "00020").number == 40


@pytest.mark.parametrize("isolation", ["read committed", "serializable"])
def test_writers_to_one_book_lose_nothing_and_leave_its_tables_right(isolation: str) -> None:
    url = postgresql.database(default_transaction_isolation=isolation)
    failures: list[Exception] = []
    with opened(url, create=True) as store:
        record(store, ISSUER, drafts(*set_up()))

        def write(writer: int) -> None:
            for number in range(10):
                placed = event("PlacingCompleted", "5 July 2024", share_class=ON, shares="1")
                try:
                    record(store, ISSUER, [draft(placed, f"{writer}/{number}")])
                except Exception as error:
                    failures.append(error)

        threads = [Thread(target=write, args=(writer,)) for writer in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert chain_verified(store, ISSUER).number == positions_compared(store, ISSUER) == 64
        held = position_at(store.entries(ISSUER), Viewpoint(date(2024, 7, 31))).balance(ON).issued_excluding_treasury
        assert held == 500_060
    postgresql.drop(url)


def test_a_transaction_that_is_turned_away_is_tried_again_and_in_the_end_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contention, "LONGEST_SECONDS", 0)
    tried = []

    def turned_away(times: int) -> str:
        tried.append(times)
        if len(tried) <= times:
            raise postgresql_errors.store_error(psycopg.errors.SerializationFailure("could not serialize"), "book")
        return "done"

    assert contention.outlasted(lambda: turned_away(3)) == "done"
    assert len(tried) == 4
    with pytest.raises(Conflict, match="nothing was written, try again"):
        contention.outlasted(lambda: turned_away(10**9))
    assert len(tried) == 4 + contention.ATTEMPTS


def test_nothing_is_sent_that_engines_of_the_same_protocol_lack() -> None:
    sent = [path.read_text() for path in (ROOT / "infrastructure").rglob("*.py")] + list(schema.statements(schema.POSTGRESQL))
    for text in sent:
        for word in ("LOCK TABLE", "LISTEN ", "NOTIFY ", "pg_advisory", "EXCLUDE USING", "SERIAL "):
            assert word not in text
