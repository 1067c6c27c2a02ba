"""How many entries of each kind say something of the days until one, and how many of them are replaced.

Who finds entries by their day, their kind or what they replace compares what was found with it: an entry that is passed over is
missed, whatever has become of the column or index by which it should have been found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from domain.capital.entries import Entry
from domain.events import Event


@attrs.frozen(eq=False)
class Replacements:
    """Of a book, as known with some entry: the days of its entries, and the entry that replaces each that is replaced."""

    days: Mapping[int, date]
    replaced_by: Mapping[int, int]

    @classmethod
    def of(cls, book: Iterable[Entry]) -> Replacements:
        """Those of the entries given."""
        known = list(book)
        return cls(
            {entry.number: entry.event.effective_on for entry in known},
            {entry.replaces: entry.number for entry in known if entry.replaces is not None},
        )


@attrs.define
class Tally:
    """Of the entries until close of a day: how many there are of each kind, and how many of each are replaced.

    They may be replaced by entries of later days; `ahead` is how many of them replace an entry of a later day.
    """

    entries: Counter[type[Event]] = attrs.field(factory=Counter)
    replaced: Counter[type[Event]] = attrs.field(factory=Counter)
    ahead: int = 0

    def copy(self) -> Tally:
        """The same, to be counted on from."""
        return Tally(self.entries.copy(), self.replaced.copy(), self.ahead)

    def count(self, entries: Iterable[Entry], among: Replacements) -> None:
        """Count the entries of the days that follow. What lies before all that is `among` is of an earlier day."""
        for entry in entries:
            kind, day = type(entry.event), entry.event.effective_on
            self.entries[kind] += 1
            if (by := among.replaced_by.get(entry.number)) is not None:
                self.replaced[kind] += 1
                self.ahead -= among.days[by] < day
            if entry.replaces is not None:
                self.ahead += among.days.get(entry.replaces, date.min) > day
