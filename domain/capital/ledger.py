"""The ledger: the entries in effect from a viewpoint, and the position at close of every day from that on which it opens.

Like any ledger it is balanced off now and then and carried forward: it may open with the position at close of a day, and then has
only the entries that a later day can depend on. Whatever is asked of a later day is as if it had them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cached_property

import attrs

from domain.capital.balances import apply
from domain.capital.entries import Entry, OrderKey, in_effect, known, order_key
from domain.capital.position import Position

SPACING = 250
"""After how many entries a position is carried forward, at the close of a day."""


@attrs.frozen(eq=False)
class Ledger:
    """The entries of a book that are known at a viewpoint, in order of number, those that others replace included.

    Where it opens with a position carried forward, `opened_on` is the day of it, and entries of days until then may be missing.
    `number` is the last entry known. `opening` is never changed.
    """

    book: tuple[Entry, ...]
    number: int
    opened_on: date = date.min
    opening: Position = attrs.field(factory=Position)

    @classmethod
    def of(cls, entries: Iterable[Entry], known_at: datetime | None = None) -> Ledger:
        """The ledger of a whole book, as known at an instant."""
        book = tuple(known(entries, known_at))
        return cls(book, book[-1].number if book else 0)

    @cached_property
    def ordered(self) -> Sequence[Entry]:
        """The entries in effect after the opening, in the order in which they took effect."""
        return [entry for entry in in_effect(self.book) if entry.event.effective_on > self.opened_on]

    @property
    def last(self) -> OrderKey:
        """The place of the last entry in effect, in effective order: what comes later adds to the end."""
        return order_key(self.ordered[-1]) if self.ordered else (self.opened_on, len(self.ordered), self.number)

    def at(self, day: date) -> Position:
        """The position at close of a day, not before the opening; the caller's own."""
        position = self.opening.copy()
        for entry in self.ordered:
            if entry.event.effective_on > day:
                break
            apply(position, entry)
        return position

    def with_entries(self, entries: Sequence[Entry]) -> Ledger:
        """The ledger with entries that follow, all of days after the opening, and replacing none from before it."""
        return attrs.evolve(self, book=(*self.book, *entries), number=entries[-1].number)


# --- carrying forward -----------------------------------------------------------------------------------------------


@attrs.frozen(eq=False)
class Carried:
    """The position at close of a day for who knows the book up to an entry, the last that says anything of days until then."""

    as_of: date
    number: int
    position: Position


def carried_forward(ledger: Ledger, number: int) -> Iterator[Carried]:
    """The positions that a ledger is to carry forward, `number` being the entry of its opening.

    One at the close of each day at which `SPACING` entries have passed since the one before, until the last day but one: that on
    which the book stands is not over. Raises Impossible where an entry does not fit.
    """
    days = Counter(entry.event.effective_on for entry in ledger.book if entry.event.effective_on > ledger.opened_on)
    replacing = {entry.replaces: entry.number for entry in ledger.book if entry.replaces is not None}
    latest: dict[date, int] = {}
    for entry in ledger.book:
        day = entry.event.effective_on
        latest[day] = max(latest.get(day, 0), entry.number, replacing.get(entry.number, 0))
    position, waiting, passed = ledger.opening.copy(), iter(ledger.ordered), 0
    upcoming = next(waiting, None)
    for day in sorted(days)[:-1]:
        while upcoming is not None and upcoming.event.effective_on <= day:
            apply(position, upcoming)
            upcoming = next(waiting, None)
        passed, number = passed + days[day], max(number, latest[day])
        if passed >= SPACING:
            yield Carried(day, number, position.copy())
            passed = 0
