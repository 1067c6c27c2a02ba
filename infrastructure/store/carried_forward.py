"""Positions carried forward: rows that spare a reader the entries before a day, written in the transaction of the entries.

A row is the position at close of `as_of` for a reader who knows entry `number` and does not know entry `ended_by` yet: the first
one after it that reaches back to that day or before it, by its own day or by that of the entry which it replaces. Rows without
an end are where `domain.capital.ledger.carried_forward` puts them, so they are a function of the entries alone. Writers of one
book wait for each other on its first row.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from domain.capital.balances import Impossible
from domain.capital.ledger import SPACING, Carried, Ledger, carried_forward
from domain.capital.position import Position
from domain.errors import StoreDamaged
from infrastructure import book_reader
from infrastructure.connection import Connection
from infrastructure.stamps import stamped_day
from infrastructure.store import position_codec
from infrastructure.store.reading import Opening, read, since_opening
from infrastructure.store.rows import (
    COLUMNS,
    OPENING_DAY,
    REBUILD,
    ROW,
    TABLE,
    CarriedRow,
    chained,
    digest_of,
    ended_digest,
    opening_digest,
)  # fmt: skip

_OPEN = (
    "SELECT as_of, number, digest FROM carried_forward "
    "WHERE issuer = :issuer AND as_of >= :as_of AND number > 0 AND ended_by IS NULL"
)
_END = (
    "UPDATE carried_forward SET ended_by = :ended_by, digest = :digest "
    "WHERE issuer = :issuer AND as_of = :as_of AND number = :number"
)
_FIRST = "SELECT digest FROM carried_forward WHERE issuer = :issuer AND number = 0"
_CHAIN = "UPDATE carried_forward SET digest = :digest WHERE issuer = :issuer AND number = 0"
_HASH = "SELECT hash FROM entries WHERE issuer = :issuer AND number = :number"
_LAST = ROW + "AND c.number > 0 AND c.number <= :number AND c.ended_by IS NULL ORDER BY c.as_of DESC LIMIT 1"
_LATEST_DAY = "SELECT MAX(effective_on) FROM entries WHERE issuer = :issuer"
_PASSED = (
    "SELECT COUNT(*) FROM entries "
    "WHERE issuer = :issuer AND effective_on > :as_of AND effective_on < :latest AND +number <= :number"
)
_CLEAR = (
    "DELETE FROM carried_forward WHERE issuer = :issuer "
    "OR NOT EXISTS (SELECT 1 FROM entries e WHERE e.issuer = carried_forward.issuer)"
)
_WRITTEN = "SELECT number, effective_on, replaces, recorded_at FROM entries WHERE issuer = :issuer ORDER BY number"


class WrittenEntry(NamedTuple):
    """What the rows of a book depend on of an entry that was written: its number, its day, the entry that it replaces."""

    number: int
    effective_on: str
    replaces: int | None


def opening_row(issuer: str) -> tuple[Any, ...]:
    """The first row of a book of which no row was ended."""
    return issuer, OPENING_DAY, 0, None, position_codec.encode(Position()), opening_digest(issuer)


_WAIT = (
    "INSERT INTO carried_forward VALUES (:issuer, :as_of, :number, :ended_by, :position, :digest) "
    "ON CONFLICT (issuer, as_of, number) DO UPDATE SET digest = carried_forward.digest"
)


def wait(connection: Connection, issuer: str) -> None:
    """Wait until nobody else writes to a book; begin it if there is none.

    Every writer changes the first row, if only to what it was: who would write by what it read before another wrote is turned
    away by the database, whatever its isolation.
    """
    connection.do(_WAIT, **dict(zip(COLUMNS, opening_row(issuer), strict=True)))


def bring_on(connection: Connection, issuer: str, batch: Sequence[WrittenEntry], latest: str = "") -> str:
    """End the rows that a batch of entries reaches back to, and carry forward what has become due; the day of the last row.

    The entries are there already. `latest` is the last day that they and those before them speak of, where others follow them.
    """
    _end(connection, issuer, _reaches(connection, issuer, batch))
    return _carry(connection, issuer, batch[-1].number, latest or connection.rows(_LATEST_DAY, issuer=issuer)[0][0])


def rebuilt(connection: Connection, issuer: str) -> int:
    """Rebuild the rows of a book, as they would have come about, and remove those of no book; how many entries it has."""
    connection.do(_CLEAR, issuer=issuer)
    written = connection.rows(_WRITTEN, issuer=issuer)
    if not written:
        return 0
    connection.insert(TABLE, COLUMNS, [opening_row(issuer)])
    waiting, carried_on, latest = list[WrittenEntry](), OPENING_DAY, ""
    for _, together in groupby(written, key=itemgetter(3)):
        batch = [WrittenEntry(*row[:3]) for row in together]
        # What reaches back behind the last row comes by itself, for what is known before it had rows of its own.
        back = any(each.replaces is not None or each.effective_on <= carried_on for each in batch)
        if waiting and (back or len(waiting) >= SPACING):
            carried_on = bring_on(connection, issuer, waiting, latest)
            waiting = []
        waiting += batch
        latest = max(latest, *(each.effective_on for each in batch))
    bring_on(connection, issuer, waiting, latest)
    return len(written)


def _reaches(connection: Connection, issuer: str, batch: Sequence[WrittenEntry]) -> list[tuple[int, str]]:
    """The entries of a batch with the day to which each reaches back."""
    replaced = book_reader.days_of(connection, issuer, [each.replaces for each in batch if each.replaces is not None])
    return [(each.number, min(each.effective_on, replaced.get(each.replaces or 0, each.effective_on))) for each in batch]


def _end(connection: Connection, issuer: str, reaches: Sequence[tuple[int, str]]) -> None:
    first = min(day for _, day in reaches)
    ended = []
    for as_of, number, digest in connection.rows(_OPEN, issuer=issuer, as_of=first):
        by = next(each for each, day in reaches if day <= as_of)
        ended.append((by, as_of, number, ended_digest(digest, by, connection.rows(_HASH, issuer=issuer, number=by)[0][0])))
    if not ended:
        return
    digests = _first_digest(connection, issuer)
    for by, as_of, number, digest in sorted(ended):
        connection.do(_END, issuer=issuer, as_of=as_of, number=number, ended_by=by, digest=digest)
        digests = chained(digests, digest)
    connection.do(_CHAIN, issuer=issuer, digest=digests)


def _first_digest(connection: Connection, issuer: str) -> bytes:
    for (digest,) in connection.rows(_FIRST, issuer=issuer):
        if isinstance(digest, bytes):
            return digest
    raise StoreDamaged(f"{issuer}: the first of the positions carried forward is missing; {REBUILD}")


def _carry(connection: Connection, issuer: str, number: int, latest: str) -> str:
    last = [CarriedRow(*row) for row in connection.rows(_LAST, issuer=issuer, number=number)]
    as_of = last[0].as_of if last else OPENING_DAY
    if connection.rows(_PASSED, issuer=issuer, as_of=as_of, latest=latest, number=number)[0][0] < SPACING:
        return as_of
    opening = read(issuer, last[0]) if last else Opening()
    found = since_opening(connection, issuer, number, opening, None)
    book = tuple(book_reader.decoded(found[each] for each in sorted(found)))
    due = _due(Ledger(book, number, opening.on, opening.position, opening.tally), opening.number)
    hashes = book_reader.hashes_of(connection, issuer, [each.number for each in due])
    rows = [_row(issuer, each, hashes[each.number]) for each in due]
    if rows:
        connection.insert(TABLE, COLUMNS, rows)
    return rows[-1][1] if rows else as_of


def _due(found: Ledger, number: int) -> list[Carried]:
    """The positions to be carried forward, until an entry that does not fit: nothing can be said of days after it."""
    due: list[Carried] = []
    with suppress(Impossible):
        for each in carried_forward(found, number):
            due.append(each)  # noqa: PERF402 what came before the one that does not fit is kept
    return due


def _row(issuer: str, carried: Carried, entry_hash: bytes) -> tuple[Any, ...]:
    as_of, position = stamped_day(carried.as_of), position_codec.encode(carried.position, carried.tally)
    return issuer, as_of, carried.number, None, position, digest_of(as_of, carried.number, position, entry_hash)
