"""The recorder passes the library's own tests, and keeps what ours ask beyond them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from threading import Thread
from uuid import uuid4

import pytest
from eventsourcing.persistence import EventStore, IntegrityError, StoredEvent
from eventsourcing.tests import persistence as library

from domain.events import MandateRevoked, SchemeAdopted
from infrastructure.database import Database
from infrastructure.entry_mapper import EntryMapper, StreamEvent
from infrastructure.opening import open_database
from infrastructure.recorder import Envelope, SqlRecorder
from tests import postgresql

NOON = datetime(2024, 12, 17, 4, 0, tzinfo=UTC)


class TestLibrary(library.ApplicationRecorderTestCase[SqlRecorder]):
    """The library's tests, on a file."""

    def place(self) -> str:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return f"{folder.name}/book.db"

    def setUp(self) -> None:
        self.database = open_database(self.place(), create=True, writable=True)
        self.addCleanup(self.database.close)

    def create_recorder(self) -> SqlRecorder:
        return SqlRecorder(self.database, "00020", lambda: datetime.now(UTC))

    def new_originator_id(self) -> str:
        # A stream is a name, usually the issuer's code, so the column is text: it cannot give back a UUID.
        return str(uuid4())

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestOnAServer(TestLibrary):
    """The library's tests, on a PostgreSQL server."""

    def place(self) -> str:
        url = postgresql.database()
        self.addCleanup(postgresql.drop, url)
        return url


@pytest.fixture
def database(place: str) -> Iterator[Database]:
    opened = open_database(place, create=True, writable=True)
    yield opened
    opened.close()


@pytest.fixture
def recorder(database: Database) -> SqlRecorder:
    return SqlRecorder(database, "00020", lambda: NOON)


def stored(version: int, stream: str = "00020") -> StoredEvent:
    return StoredEvent(stream, version, "captable.MandateRevoked.v1", b'{"effective_on":"2024-12-17","mandate":"m"}')


def test_numbers_are_without_gaps_for_each_issuer_on_its_own(database: Database, recorder: SqlRecorder) -> None:
    other = SqlRecorder(database, "09888", lambda: NOON)
    assert recorder.insert_events([stored(1), stored(2)]) == [1, 2]
    assert other.insert_events([stored(1)]) == [1]
    assert recorder.insert_events([stored(3)]) == [3]
    assert recorder.max_notification_id() == 3
    assert other.max_notification_id() == 1


def test_a_refused_insert_leaves_no_gap(recorder: SqlRecorder) -> None:
    recorder.insert_events([stored(1)])
    with pytest.raises(IntegrityError):
        recorder.insert_events([stored(2), stored(1)])
    assert recorder.insert_events([stored(2)]) == [2]


def test_an_insert_after_a_number_that_is_not_the_last_is_refused(recorder: SqlRecorder) -> None:
    recorder.insert_events([stored(1)], after=0)
    with pytest.raises(IntegrityError, match="ends at entry 1, not at 0"):
        recorder.insert_events([stored(2)], after=0)


def test_envelopes_fill_the_columns(database: Database, recorder: SqlRecorder) -> None:
    envelope = Envelope("2024-12-17", "company secretary", "board minutes", None, "c1")
    recorder.insert_events([stored(1)], envelopes=[envelope])
    with database.reading() as connection:
        (row,) = connection.rows("SELECT effective_on, recorded_by, source, replaces, command_id FROM entries")
    assert tuple(row) == ("2024-12-17", "company secretary", "board minutes", None, "c1")


def test_as_many_envelopes_as_events_are_needed(recorder: SqlRecorder) -> None:
    with pytest.raises(ValueError, match="shorter"):
        recorder.insert_events([stored(1), stored(2)], envelopes=[Envelope("2024-12-17", "x", None, None, "c1")])
    assert recorder.max_notification_id() is None


def test_inserting_nothing_changes_nothing(recorder: SqlRecorder) -> None:
    assert recorder.insert_events([]) == []
    assert recorder.max_notification_id() is None


def test_the_library_s_event_store_reads_and_writes_through_the_mapper(recorder: SqlRecorder) -> None:
    events: EventStore[str] = EventStore(EntryMapper(), recorder)
    revoked = StreamEvent("00020", 1, MandateRevoked(effective_on=date(2024, 6, 28), mandate="issue-2023"))
    adopted = StreamEvent(
        "00020", 2, SchemeAdopted(effective_on=date(2024, 6, 28), scheme="2024", share_class="B", particulars="2024 Scheme")
    )
    events.put([revoked, adopted])  # type: ignore[list-item]
    assert list(events.get("00020")) == [revoked, adopted]
    assert list(events.get("00020", gt=1)) == [adopted]
    assert list(events.get("00020", desc=True, limit=1)) == [adopted]


def test_a_waiting_subscription_is_ended_from_another_thread(recorder: SqlRecorder) -> None:
    seen: list[int] = []
    subscription = recorder.subscribe()
    waiting = Thread(target=lambda: seen.extend(notification.id for notification in subscription))
    waiting.start()
    recorder.insert_events([stored(1)])
    while not seen and waiting.is_alive():
        waiting.join(0.01)
        if recorder.max_notification_id() == 1:
            break
    subscription.stop()
    waiting.join(5)
    assert not waiting.is_alive()
