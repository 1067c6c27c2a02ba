"""Writing to a book: numbered, timed and chained rows, and the positions carried forward, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import uuid4

import attrs

from domain.capital.entries import Draft
from domain.capital.head import Head
from domain.errors import Conflict
from infrastructure import book_reader
from infrastructure.connection import Connection
from infrastructure.database import Database
from infrastructure.event_codec import TYPE_NAMES, encode
from infrastructure.hash_chain import GENESIS, link
from infrastructure.schema import COLUMNS
from infrastructure.stamps import stamp, stamped_day
from infrastructure.store import carried_forward


class Stored(NamedTuple):
    """An event as stored: the stream it belongs to, its version there, the name of its type, its bytes."""

    stream: str
    version: int
    type: str
    payload: bytes


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
        return cls(stamped_day(draft.event.effective_on), draft.recorded_by, draft.source, draft.replaces, draft.command_id)

    @classmethod
    def made_up(cls, stamped: str) -> Envelope:
        """An envelope for a stored event that comes without one: of the day on which it is recorded."""
        return cls(stamped[:10], "unknown", None, None, str(uuid4()))


@attrs.frozen
class Appended:
    """What one transaction wrote: the number of its first entry, and the time of all of them."""

    first: int
    recorded_at: datetime


@attrs.frozen(eq=False)
class BookWriter:
    """Writes to the book of one issuer. `clock` must have a time zone."""

    database: Database
    issuer: str
    clock: Callable[[], datetime]

    def write(
        self,
        stored: Sequence[Stored],
        envelopes: Iterable[Envelope] | None = None,
        after: int | None = None,
    ) -> Appended:
        """Write events in one transaction and at one time, which is never before that of the entry they follow.

        Raises Conflict if the book does not end at `after` or a key is taken, and StoreUnusable or StoreDamaged.
        """
        kept = None if envelopes is None else tuple(envelopes)
        return self.database.in_turn(self.issuer, lambda connection: self._write(connection, stored, kept, after))

    def _write(
        self, connection: Connection, stored: Sequence[Stored], envelopes: Sequence[Envelope] | None, after: int | None
    ) -> Appended:
        head = book_reader.head(connection, self.issuer)
        if after is not None and after != head.number:
            raise Conflict(f"the book {self.issuer} ends at entry {head.number}, not at {after}")
        now = self._now(head)
        rows = self._rows(stored, envelopes, head, now)
        connection.insert("entries", COLUMNS, rows)
        written = [carried_forward.WrittenEntry(row[1], row[6], row[10]) for row in rows]
        carried_forward.bring_on(connection, self.issuer, written)
        return Appended(head.number + 1, now)

    def _now(self, head: Head) -> datetime:
        now = self.clock()
        if now.tzinfo is None:
            raise ValueError("expected a clock with a time zone")
        return max(now.astimezone(UTC), head.recorded_at or now.astimezone(UTC))

    def _rows(
        self, stored: Sequence[Stored], envelopes: Sequence[Envelope] | None, head: Head, now: datetime
    ) -> list[tuple[Any, ...]]:
        """Rows as inserted, numbered on from the head, each with the hash that links it to the one before."""
        number, previous, stamped = head.number, bytes.fromhex(head.hash) or GENESIS, stamp(now)
        rows: list[tuple[Any, ...]] = []
        if envelopes is None:
            envelopes = [Envelope.made_up(stamped) for _ in stored]
        for (stream, version, kind, payload), envelope in zip(stored, envelopes, strict=True):
            number += 1
            effective_on, recorded_by, source, replaces, command_id = envelope
            row = (
                self.issuer, number, stream, version, kind, payload,
                effective_on, stamped, recorded_by, source, replaces, command_id,
            )  # fmt: skip
            previous = link(previous, row)
            rows.append((*row, previous))
        return rows


def append(writer: BookWriter, after: int, drafts: Sequence[Draft]) -> Appended:
    """Write facts after entry `after`."""
    stored = [
        Stored(writer.issuer, number, TYPE_NAMES[type(draft.event)], encode(draft.event))
        for number, draft in enumerate(drafts, after + 1)
    ]
    return writer.write(stored, map(Envelope.of, drafts), after)
