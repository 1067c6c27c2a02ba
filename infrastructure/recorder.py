"""The eventsourcing library's recorder on one issuer's book.

A stored event's originator is the entry's stream and its version there; a notification's id is the entry's number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
)

from domain.errors import Conflict
from infrastructure import book_reader
from infrastructure.book_writer import BookWriter, Envelope, Stored
from infrastructure.database import Database
from infrastructure.subscription import PollingSubscription

__all__ = ["Envelope", "SqlRecorder"]

_STORED = "SELECT stream, version, type, payload FROM entries WHERE issuer = :issuer AND stream = :stream"
_NOTIFIED = "SELECT stream, version, type, payload, number FROM entries WHERE issuer = :issuer"


class SqlRecorder(ApplicationRecorder):
    """Records and selects the stored events of one issuer's book; meant for any number of threads."""

    def __init__(self, database: Database, issuer: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._issuer = issuer
        self._writer = BookWriter(database, issuer, clock)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Write events at the end of the book, all or none, and return their numbers.

        `envelopes`: one Envelope per event, made up if omitted. `after`: the number with which the book must end.
        Raises IntegrityError if it ends elsewhere or a key is taken.
        """
        stored = [
            Stored(cast("str", each.originator_id), each.originator_version, each.topic, each.state) for each in stored_events
        ]
        if not stored:
            return []
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
        given = _given(issuer=self._issuer, stream=str(originator_id), gt=gt, lte=lte, limit=limit)
        query = _STORED + _within("version", given) + f" ORDER BY version{' DESC' if desc else ''}" + _limited(given)
        with self._database.reading() as connection:
            return [StoredEvent(*row) for row in connection.rows(query, **given)]

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
        after = None if start is None else start - inclusive_of_start
        given = _given(issuer=self._issuer, gt=after, lte=stop, limit=limit)
        named = {f"topic{place}": topic for place, topic in enumerate(topics)}
        among = f" AND type IN ({', '.join(f':{name}' for name in named)})" if named else ""
        query = _NOTIFIED + _within("number", given) + among + " ORDER BY number" + _limited(given)
        with self._database.reading() as connection:
            return [Notification(*row) for row in connection.rows(query, **given, **named)]

    def max_notification_id(self) -> int | None:
        """The number of the last entry; None for a book without entries."""
        with self._database.reading() as connection:
            return book_reader.head(connection, self._issuer).number or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Notifications with numbers above `gt`, those of entries yet to come included, as they come."""
        return PollingSubscription(self, gt=gt, topics=topics)


def _given(**given: Any) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _within(column: str, given: Mapping[str, Any]) -> str:
    """Conditions that keep a column above `gt` and up to `lte`, where these are given."""
    return "".join(f" AND {column} {sign} :{name}" for name, sign in (("gt", ">"), ("lte", "<=")) if name in given)


def _limited(given: Mapping[str, Any]) -> str:
    return " LIMIT :limit" if "limit" in given else ""
