"""The eventsourcing library's recorder on one issuer's book.

A stored event's originator is the entry's stream and its version there; a notification's id is the entry's number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeAlias, cast
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
)
from sqlalchemy import Column, Select, select

from domain.capital.head import Conflict
from infrastructure import book_reader
from infrastructure.book_writer import BookWriter, Envelope, Stored
from infrastructure.database import Database
from infrastructure.subscription import PollingSubscription
from infrastructure.tables import entries

__all__ = ["Envelope", "SqlRecorder"]

_Query: TypeAlias = "Select[*tuple[Any, ...]]"

_STORED = (entries.c.stream, entries.c.version, entries.c.type, entries.c.payload)


class SqlRecorder(ApplicationRecorder):
    """Records and selects the stored events of one issuer's book; meant for any number of threads."""

    def __init__(self, database: Database, issuer: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._issuer = issuer
        self._writer = BookWriter(database, issuer, clock)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Write events at the end of the book, all or none, and return their numbers.

        `envelopes`: one Envelope per event, made up where left out. `after`: the number with which the book must end.
        What is written here is not posted: the book's tables stay behind. Raises IntegrityError where it ends elsewhere
        or a key is taken.
        """
        stored = [
            Stored(cast("str", each.originator_id), each.originator_version, each.topic, each.state) for each in stored_events
        ]
        try:
            batch = self._writer.write(stored, kwargs.get("envelopes"), kwargs.get("after"))
        except Conflict as conflict:
            raise IntegrityError(str(conflict)) from conflict
        return list(range(batch.first, batch.first + len(stored)))

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
        with self._database.asking() as asking:
            return book_reader.head(asking, self._issuer).number or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Notifications with numbers above `gt`, those of entries yet to come included, as they come."""
        return PollingSubscription(self, gt=gt, topics=topics)


def _within(query: _Query, column: Column[int], gt: int | None, lte: int | None) -> _Query:
    if gt is not None:
        query = query.where(column > gt)
    return query if lte is None else query.where(column <= lte)
