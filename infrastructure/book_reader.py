"""Reading a book from its table: rows checked against the hash chain, and the entries that they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, select

from domain.book import Head, StoreDamaged
from domain.history import Entry
from infrastructure.database import Database
from infrastructure.event_codec import decode, decode_strictly
from infrastructure.hash_chain import GENESIS, link
from infrastructure.tables import entries as table

StoredRow = tuple[str, int, str, int, str, bytes, str, str, str, str | None, int | None, str, bytes]
"""A row of `tables.COLUMNS`."""

STAMP_LENGTH = len("2024-12-17T09:30:00.000000Z")


def parsed_stamp(stamped: str) -> datetime:
    """The instant that a row says it was recorded at. Raises ValueError where it is none, or is not in UTC."""
    moment = datetime.fromisoformat(stamped)
    if len(stamped) != STAMP_LENGTH or not stamped.endswith("Z"):
        raise ValueError(f"{stamped!r} is not a time in UTC to the microsecond")
    return moment


def head(connection: Connection, issuer: str) -> Head:
    """The head of a book, as its last row says. Raises StoreDamaged where that is not possible."""
    columns = select(table.c.number, table.c.hash, table.c.recorded_at).where(table.c.issuer == issuer)
    row = connection.execute(columns.order_by(table.c.number.desc()).limit(1)).first()
    if row is None:
        return Head(0, "", None)
    try:
        return Head(row.number, row.hash.hex(), parsed_stamp(row.recorded_at))
    except (ValueError, AttributeError, TypeError) as error:
        raise StoreDamaged(f"entry {row.number}: {error}") from error


def checked_rows(database: Database, connection: Connection, issuer: str, after: int) -> Iterator[StoredRow]:
    """The rows of a book with numbers above `after`, in order. Raises StoreDamaged at one that breaks the chain."""
    seed = select(table.c.hash).where(table.c.issuer == issuer, table.c.number == after)
    previous = connection.scalar(seed) or GENESIS
    query = select(table).where(table.c.issuer == issuer, table.c.number > after).order_by(table.c.number)
    number = after
    try:
        # The driver's own cursor: SQLAlchemy's rows would cost as much as all the rest of reading.
        for row in cast("Iterable[StoredRow]", connection.execute(query).cursor):
            number += 1
            if row[1] != number:
                raise StoreDamaged(f"entry {number}: missing, since entry {row[1]} follows entry {number - 1}")
            previous = link(previous, row[:-1])
            if previous != row[-1]:
                raise StoreDamaged(f"entry {number}: does not fit its hash")
            yield row
    except (TypeError, AttributeError, UnicodeError) as error:
        raise StoreDamaged(f"entry {number}: a column holds what is not of its type") from error
    except database.driver_error as error:
        raise database.explain(error, f"entry {number + 1}") from error


def entries(database: Database, connection: Connection, issuer: str, after: int) -> Iterator[Entry]:
    """The entries that the checked rows stand for. Raises StoreDamaged as well where a row stands for none."""
    stamped, recorded_at = "", datetime.min
    for row in checked_rows(database, connection, issuer, after):
        _, number, _, _, name, payload, _, row_stamped, recorded_by, source, replaces, command_id, _ = row
        try:
            # The entries of a batch share their time.
            if row_stamped != stamped:
                stamped, recorded_at = row_stamped, parsed_stamp(row_stamped)
            event = decode(name, payload)
        except ValueError as error:
            raise StoreDamaged(f"entry {number}: {error}") from error
        yield Entry(
            event=event, recorded_by=recorded_by, command_id=command_id, source=source, replaces=replaces,
            number=number, recorded_at=recorded_at,
        )  # fmt: skip


def verified_head(database: Database, connection: Connection, issuer: str) -> Head:
    """The head of a book of which every row was recomputed; see `SqlEventStore.verify`."""
    last, stamped, digest = 0, "", b""
    for row in checked_rows(database, connection, issuer, 0):
        try:
            _check_copies(row, stamped)
        except ValueError as error:
            raise StoreDamaged(f"entry {row[1]}: {error}") from error
        last, stamped, digest = row[1], row[7], row[-1]
    return Head(last, digest.hex(), parsed_stamp(stamped) if last else None)


def _check_copies(row: StoredRow, earlier_stamp: str) -> None:
    """Raises ValueError where a column does not say what the payload or the row before makes it say."""
    _, number, _, _, name, payload, effective_on, stamped, _, _, replaces, _, _ = row
    event = decode_strictly(name, payload)
    parsed_stamp(stamped)
    if effective_on != event.effective_on.isoformat():
        raise ValueError(f"effective_on says {effective_on}, the event {event.effective_on}")
    if stamped < earlier_stamp:
        raise ValueError(f"recorded_at {stamped} is before that of the entry before, {earlier_stamp}")
    if replaces is not None and not 0 < replaces < number:
        raise ValueError(f"replaces entry {replaces}, which is not an earlier one")
