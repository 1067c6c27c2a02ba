"""What a book contains, found in its indexes: days, types, numbers of entries, and balances at the positions carried forward.

Nothing of an entry is decoded, so that a page over a long book does not read it; whatever is shown of an entry is read, and
checked against the hash chain, by its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import attrs
import msgspec

from domain.capital.accounts import Totals, account_of
from domain.events import Event
from infrastructure import schema
from infrastructure.book_reader import of_columns
from infrastructure.connection import Connection
from infrastructure.database import Database
from infrastructure.event_codec import EVENT_CLASSES, TYPE_NAMES
from infrastructure.stamps import stamped_day
from infrastructure.store.rows import ROW, CarriedRow, made_of

# The plus keeps the engines to the index over days: a book has few entries of a day, and many up to a number.
_OF_DAYS = "FROM entries WHERE issuer = :issuer AND +number <= :number AND effective_on "
_EARLIER, _LATER = "ORDER BY effective_on DESC, number DESC LIMIT 1", "ORDER BY effective_on, number LIMIT 1"
_NEXT_TYPE = (
    "SELECT type FROM entries WHERE issuer = :issuer AND type > :last AND +number <= :number ORDER BY type, number LIMIT 1"
)
_NOT_REPLACED = "NOT EXISTS (SELECT 1 FROM entries r WHERE r.issuer = e.issuer AND r.replaces = e.number AND r.number <= :number)"
_CARRIED = (
    "SELECT as_of, MAX(number) FROM carried_forward WHERE issuer = :issuer AND as_of > :after AND as_of <= :until AND number > 0 "
    "AND number <= :number AND (ended_by IS NULL OR ended_by > :number) GROUP BY as_of ORDER BY as_of"
)
_THE_ROW = ROW + "AND c.as_of = :as_of AND c.number = :number"


@attrs.frozen(kw_only=True)
class Wanted:
    """Entries by what their columns say; what is left out restricts nothing. `numbers` of none restrict nothing either."""

    kinds: frozenset[type[Event]] = frozenset()
    since: date | None = None
    until: date | None = None
    standing: bool = False
    numbers: frozenset[int] = frozenset()


@attrs.frozen
class BalanceCarried:
    """The balances at close of a day, as they were carried forward."""

    as_of: date
    totals: Totals


@attrs.frozen(eq=False)
class Contents:
    """The contents of a book as known when entry `number` was the last."""

    database: Database
    issuer: str
    number: int

    def bounds(self) -> tuple[date, date] | None:
        """The first and last effective day of an entry; None for a book without one."""
        first, last = self._day("> ''", _LATER), self._day("> ''", _EARLIER)
        return (first, last) if first and last else None

    def day_before(self, day: date) -> date | None:
        """The last day before another of which there is an entry."""
        return self._day("< :day", _EARLIER, day=stamped_day(day))

    def day_after(self, day: date) -> date | None:
        """The first day after another of which there is an entry."""
        return self._day("> :day", _LATER, day=stamped_day(day))

    def reaching_back(self, until: date, entries: int) -> date | None:
        """The day of the entry so many entries before the last one of a day; None where there are fewer."""
        return self._day("<= :day", f"{_EARLIER} OFFSET {int(entries)}", day=stamped_day(until))

    def _day(self, which: str, order: str, **given: object) -> date | None:
        rows = self._rows(f"SELECT effective_on {_OF_DAYS} {which} {order}", **given)
        return date.fromisoformat(rows[0][0]) if rows else None

    def kinds(self) -> frozenset[type[Event]]:
        """The types of the events."""
        names = [""]
        # From one type to the next: DISTINCT would read every entry.
        while rows := self._rows(_NEXT_TYPE, last=names[-1]):
            names.append(rows[0][0])
        return frozenset(EVENT_CLASSES[name] for name in names if name in EVENT_CLASSES)

    def page(self, wanted: Wanted, skipped: int, size: int) -> tuple[int, Sequence[int]]:
        """How many entries are wanted, and the numbers of so many of them after those skipped, the last recorded first."""
        if wanted == Wanted():
            return self.number, range(self.number - skipped, max(self.number - skipped - size, 0), -1)
        where, given = _conditions(self.database.kind, wanted)
        ((total,),) = self._rows(f"SELECT COUNT(*) FROM entries e WHERE {where}", **given)  # noqa: S608
        # Sorted by what is no column: an engine that went by the numbers would read entries until enough of them are wanted.
        chosen = f"SELECT number FROM entries e WHERE {where} ORDER BY +number DESC LIMIT {int(size)} OFFSET {int(skipped)}"  # noqa: S608
        return total, [number for (number,) in self._rows(chosen, **given)]

    def carried(self, after: date, until: date, at_most: int) -> Iterator[BalanceCarried]:
        """Balances carried forward at days after one until another, spread evenly where there are more. Raises StoreDamaged."""
        if self.database.version < schema.VERSION:
            return
        given = {"issuer": self.issuer, "number": self.number, "after": stamped_day(after), "until": stamped_day(until)}
        with self.database.reading() as connection:
            rows = connection.rows(_CARRIED, **given)
            for as_of, number in rows[:: max(-(-len(rows) // at_most), 1)]:
                yield _carried(connection, self.issuer, as_of, number)

    def _rows(self, query: str, **given: object) -> Sequence[Any]:
        with self.database.reading() as connection:
            return connection.rows(query, issuer=self.issuer, number=self.number, **given)


def _conditions(engine: str, wanted: Wanted) -> tuple[str, dict[str, object]]:
    conditions, given = of_columns(engine, sorted(TYPE_NAMES[kind] for kind in wanted.kinds), wanted.since, wanted.until)
    conditions.append("e.issuer = :issuer AND e.number <= :number")
    if wanted.standing:
        conditions.append(_NOT_REPLACED)
    if wanted.numbers:
        conditions.append(f"e.number IN ({', '.join(str(int(each)) for each in sorted(wanted.numbers))})")
    return " AND ".join(conditions), given


class _CarriedTotals(msgspec.Struct):
    """What of a position its balances are made of."""

    totals: list[tuple[str, str, str, int]]


_totals = msgspec.json.Decoder(_CarriedTotals).decode


def _carried(connection: Connection, issuer: str, as_of: str, number: int) -> BalanceCarried:
    (found,) = connection.rows(_THE_ROW, issuer=issuer, as_of=as_of, number=number)
    carried = made_of(issuer, CarriedRow(*found), _totals)
    totals = {account_of(book, code, name): total for book, code, name, total in carried.totals}
    return BalanceCarried(date.fromisoformat(as_of), totals)
