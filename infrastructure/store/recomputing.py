"""The positions carried forward of a book, compared with what its entries make: which there are, and every column of each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date

from domain.capital.balances import apply
from domain.capital.entries import Entry, order_key
from domain.capital.ledger import Ledger, carried_forward
from domain.capital.position import Position
from domain.capital.tally import Replacements, Tally
from domain.errors import StoreDamaged
from domain.events import BOOKKEEPING
from infrastructure.connection import Connection
from infrastructure.stamps import stamped_day
from infrastructure.store import position_codec
from infrastructure.store.rows import (
    OPENING_DAY,
    REBUILD,
    ROW,
    CarriedRow,
    chained,
    expected_digest,
    opening_digest,
)


def rows_of(connection: Connection, issuer: str) -> list[CarriedRow]:
    """Every row of a book."""
    return [CarriedRow(*row) for row in connection.rows(ROW + "ORDER BY c.as_of, c.number", issuer=issuer)]


def compare(issuer: str, entries: Sequence[Entry], kept: Sequence[CarriedRow] | None) -> None:
    """Compare the rows of a book with its entries; `kept` None if a store has none. Raises StoreDamaged, Impossible.

    The book is folded in any case.
    """
    due = list(carried_forward(Ledger.of(entries), 0))
    if kept is None:
        return
    try:
        _check(entries, [(each.as_of, each.number, position_codec.encode(each.position, each.tally)) for each in due], kept)
    except (TypeError, ValueError, AttributeError) as error:
        raise StoreDamaged(f"{issuer}: a position carried forward cannot be read; {REBUILD}") from error
    except _Other as other:
        raise StoreDamaged(f"{issuer}: {other}; {REBUILD}") from other


class _Other(Exception):
    """A row that is not what the entries make; the message says which."""


def _check(entries: Sequence[Entry], due: Sequence[tuple[date, int, bytes]], kept: Sequence[CarriedRow]) -> None:
    if bool(kept) != bool(entries):
        raise _Other("there are no positions carried forward" if entries else "positions are carried forward of no entries")
    for opening in kept[:1]:
        _check_rows(entries, due, opening, kept[1:])


def _check_rows(
    entries: Sequence[Entry], due: Sequence[tuple[date, int, bytes]], opening: CarriedRow, rows: Sequence[CarriedRow]
) -> None:
    ended = sorted((row for row in rows if row.ended_by is not None), key=lambda row: (row.ended_by, row.as_of, row.number))
    _check_opening(opening, ended)
    for row in rows:
        if row.digest != expected_digest(row):
            raise _Other(f"the position carried forward at {row.as_of} (entry {row.number}) does not match its digest")
    there = [(row.as_of, row.number, row.position) for row in rows if row.ended_by is None]
    wanted = [(stamped_day(on), number, position) for on, number, position in due]
    for found, expected in zip(there, wanted, strict=False):
        if found != expected:
            raise _Other(f"the position carried forward at {found[0]} is not the one that the entries make at {expected[0]}")
    if len(there) != len(wanted):
        raise _Other(f"{len(there):,} positions are carried forward, and the entries make {len(wanted):,}")
    if ended:
        past = _Past(entries)
        for row in rows:
            past.check(row)


def _check_opening(opening: CarriedRow, ended: Sequence[CarriedRow]) -> None:
    digest = opening_digest(opening.issuer)
    for row in ended:
        digest = chained(digest, row.digest)
    empty = position_codec.encode(Position())
    wanted = (OPENING_DAY, 0, None, empty, digest)
    if (opening.as_of, opening.number, opening.ended_by, opening.position, opening.digest) != wanted:
        raise _Other("the first row is not the opening of the book, or rows that were ended are missing or others")


class _Past:
    """The entries of a book by day, to fold a few days as they were known when some entry was the last; rows come by day."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._by_day = sorted(entries, key=order_key)
        self._days = [entry.event.effective_on for entry in self._by_day]
        everything = Replacements.of(entries)
        self._day_of, self._replaced_by = everything.days, everything.replaced_by
        self._reaches = [self._reach(entry) for entry in entries]
        self._before: list[CarriedRow] = []

    def _reach(self, entry: Entry) -> date:
        own = entry.event.effective_on
        return own if entry.replaces is None else min(own, self._entries[entry.replaces - 1].event.effective_on)

    def check(self, row: CarriedRow) -> None:
        """Compare a row that was ended, from the row before it that was known with it; and keep it for those after it."""
        day = date.fromisoformat(row.as_of)
        if row.ended_by is not None:
            last = len(self._entries)
            if not 0 < row.number < row.ended_by <= last or not self._spans(day, row.number, row.ended_by):
                raise _Other(
                    f"the position carried forward at {row.as_of} was not known from entry {row.number} to {row.ended_by}"
                )
            if position_codec.encode(*self._made(day, row.number)) != row.position:
                raise _Other(f"the position carried forward at {row.as_of} (entry {row.number}) is not what its entries make")
        self._before.append(row)

    def _spans(self, day: date, number: int, ended_by: int) -> bool:
        """Whether two entries say something of days until one, and no entry between them does."""
        between = self._reaches[number : ended_by - 1]
        return self._reaches[number - 1] <= day and self._reaches[ended_by - 1] <= day and all(each > day for each in between)

    def _made(self, day: date, number: int) -> tuple[Position, Tally]:
        """The position at close of a day as known with an entry, and the tally of the entries until then."""
        start = next((row for row in reversed(self._before) if _known(row, number) and row.as_of < day.isoformat()), None)
        position, tally = position_codec.decode(start.position) if start else (Position(), Tally())
        after = date.fromisoformat(start.as_of) if start else date.min
        between = [entry for entry in self._between(after, day) if entry.number <= number]
        replaced = {each.number: by for each in between if (by := self._replaced_by.get(each.number, number + 1)) <= number}
        tally.count(between, Replacements(self._day_of, replaced))
        for entry in between:
            if entry.number not in replaced and not isinstance(entry.event, BOOKKEEPING):
                apply(position, entry)
        return position, tally

    def _between(self, after: date, until: date) -> Iterator[Entry]:
        return map(self._by_day.__getitem__, range(bisect_right(self._days, after), bisect_right(self._days, until)))


def _known(row: CarriedRow, number: int) -> bool:
    return row.number <= number and (row.ended_by is None or row.ended_by > number)
