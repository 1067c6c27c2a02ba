"""The eventsourcing library's recorder on one issuer's book.

A stored event's originator is the entry's stream and its version there; a notification's id is the entry's number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias, cast
from uuid import UUID, uuid4

import attrs
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
)
from sqlalchemy import Column, Select, select

from domain.book import Conflict, Head
from domain.history import Draft
from infrastructure import book_reader
from infrastructure.database import Database
from infrastructure.hash_chain import GENESIS, link
from infrastructure.subscription import PollingSubscription
from infrastructure.tables import entries

_Query: TypeAlias = "Select[*tuple[Any, ...]]"

_STORED = (entries.c.stream, entries.c.version, entries.c.type, entries.c.payload)


def stamp(moment: datetime) -> str:
    """An instant in UTC as stored: to the microsecond and of fixed width, so that order of text is order of time."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


class Envelope(NamedTuple):
    """What the columns of an entry say beside its event; a Draft without the event itself."""

    effective_on: str
    recorded_by: str
    source: str | None
    replaces: int | None
    command_id: str

    @classmethod
    def of(cls, draft: Draft) -> Envelope:
        """The envelope of a fact about to be written."""
        return cls(draft.event.effective_on.isoformat(), draft.recorded_by, draft.source, draft.replaces, draft.command_id)

    @classmethod
    def made_up(cls, stamped: str) -> Envelope:
        """An envelope for a stored event that comes without one: of the day on which it is recorded."""
        return cls(stamped[:10], "unknown", None, None, str(uuid4()))


@attrs.frozen
class Batch:
    """What one transaction wrote: the number of its first entry, and the time of all of them."""

    first: int
    recorded_at: datetime


class SqlRecorder(ApplicationRecorder):
    """Records and selects the stored events of one issuer's book; meant for any number of threads."""

    def __init__(self, database: Database, issuer: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._issuer = issuer
        self._clock = clock

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Write events at the end of the book, all or none, and return their numbers.

        `envelopes`: one Envelope per event, made up where left out. `after`: the number with which the book must end.
        Raises IntegrityError where it ends elsewhere or a key is taken.
        """
        try:
            batch = self.record(stored_events, kwargs.get("envelopes"), kwargs.get("after"))
        except Conflict as conflict:
            raise IntegrityError(str(conflict)) from conflict
        return list(range(batch.first, batch.first + len(stored_events)))

    def record(
        self, stored_events: Sequence[StoredEvent], envelopes: Iterable[Envelope] | None = None, after: int | None = None
    ) -> Batch:
        """Write events in one transaction and at one time, which is never before that of the entry they follow.

        Raises Conflict where the book does not end at `after` or a key is taken, and StoreUnusable or StoreDamaged.
        """
        with self._database.writing() as connection:
            head = book_reader.head(connection, self._issuer)
            if after is not None and after != head.number:
                raise Conflict(f"the book {self._issuer} ends at entry {head.number}, not at {after}")
            now = self._now(head)
            rows = self._rows(stored_events, envelopes, head, now)
            if rows:
                connection.exec_driver_sql(self._database.insert, rows)
        return Batch(head.number + 1, now)

    def _now(self, head: Head) -> datetime:
        now = self._clock()
        if now.tzinfo is None:
            raise ValueError("expected a clock that tells its time zone")
        return max(now.astimezone(UTC), head.recorded_at or now.astimezone(UTC))

    def _rows(
        self, stored_events: Sequence[StoredEvent], envelopes: Iterable[Envelope] | None, head: Head, now: datetime
    ) -> list[tuple[Any, ...]]:
        """Rows as inserted, numbered on from the head, each with the hash that links it to the one before."""
        number, previous, stamped = head.number, bytes.fromhex(head.hash) or GENESIS, stamp(now)
        rows: list[tuple[Any, ...]] = []
        if envelopes is None:
            envelopes = (Envelope.made_up(stamped) for _ in stored_events)
        for stored, envelope in zip(stored_events, envelopes, strict=True):
            number += 1
            effective_on, recorded_by, source, replaces, command_id = envelope
            row = (
                self._issuer, number, cast("str", stored.originator_id), stored.originator_version, stored.topic, stored.state,
                effective_on, stamped, recorded_by, source, replaces, command_id,
            )  # fmt: skip
            previous = link(previous, row)
            rows.append((*row, previous))
        return rows

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The stored events of one stream, in order of version; not checked against the hash chain."""
        version = entries.c.version
        query: _Query = select(*_STORED).where(entries.c.issuer == self._issuer, entries.c.stream == originator_id)
        query = _within(query, version, gt, lte).order_by(version.desc() if desc else version).limit(limit)
        with self._database.reading() as connection:
            return [StoredEvent(*row) for row in connection.execute(query)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """At most `limit` notifications from `start` to `stop`, in order of number, of these types where any is named."""
        number = entries.c.number
        query: _Query = select(*_STORED, number).where(entries.c.issuer == self._issuer).order_by(number).limit(limit)
        query = _within(query, number, None if start is None else start - inclusive_of_start, stop)
        if topics:
            query = query.where(entries.c.type.in_(topics))
        with self._database.reading() as connection:
            return [Notification(*row) for row in connection.execute(query)]

    def max_notification_id(self) -> int | None:
        """The number of the last entry; None for a book without entries."""
        with self._database.reading() as connection:
            return book_reader.head(connection, self._issuer).number or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Notifications with numbers above `gt`, those of entries yet to come included, as they come."""
        return PollingSubscription(self, gt=gt, topics=topics)


def _within(query: _Query, column: Column[int], gt: int | None, lte: int | None) -> _Query:
    if gt is not None:
        query = query.where(column > gt)
    return query if lte is None else query.where(column <= lte)
