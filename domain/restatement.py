"""The fold as rows: what each entry adds to which account on which day, so that sums of rows are the fold's totals.

A row's `delta` counts from its effective day on, for who knows its entry. What an entry changes about days that had
been told before is told by rows of its own number: a purchase made before a subdivision and recorded after it
restates the subdivision. So the total of an account at close of D, as known when entry N was the last, is the sum of
its rows with `effective_on <= D` and `number <= N`, and no row ever has to change.

Entries recorded at one instant become known together; only the sums over all of them mean anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import attrs

from domain import events
from domain.capital.accounts import Account, Movement, account_of
from domain.capital.balances import Posted, apply
from domain.capital.entries import Entry, OrderKey, in_effect, order_key
from domain.capital.position import Position
from domain.capital.terms import APPLY_TERMS, Terms


class Posting(NamedTuple):
    """By how much an account is more from a day on, for who knows entry `number`; in the account's own unit."""

    number: int
    effective_on: date
    book: str
    code: str
    name: str
    delta: int


Postings = Sequence[Posting]
_Key = tuple[int, date, Account]


class _Rows:
    """Rows in the making: one for each entry, day and account."""

    def __init__(self) -> None:
        self._sums: defaultdict[_Key, int] = defaultdict(int)

    def add(self, number: int, on: date, movements: Iterable[Movement], sign: int = 1) -> None:
        """Movements of a day, told by an entry; with `sign` -1 they no longer happened."""
        for book, code, source, target, quantity in movements:
            self._sums[number, on, account_of(book, code, source)] -= sign * quantity
            self._sums[number, on, account_of(book, code, target)] += sign * quantity

    def listed(self) -> list[Posting]:
        """The rows that say anything."""
        return [Posting(number, on, *account, delta) for (number, on, account), delta in self._sums.items() if delta]


def additions(posted: Iterable[Posted]) -> list[Posting]:
    """The rows of entries that come after everything else in effective order: just their movements."""
    rows: list[Posting] = []
    for entry, movements in ((each.entry, each.movements) for each in posted):
        # One movement cannot name an account twice; several may, and are added up.
        if len(movements) == 1:
            number, on, (book, code, source, target, quantity) = entry.number, entry.event.effective_on, movements[0]
            if quantity:
                rows.append(Posting(number, on, book, code, source, -quantity))
                rows.append(Posting(number, on, book, code, target, quantity))
        elif movements:
            sums = _Rows()
            sums.add(entry.number, entry.event.effective_on, movements)
            rows += sums.listed()
    return rows


def differences(before: Sequence[Entry], after: Sequence[Entry]) -> list[Posting]:
    """The rows that lead from the fold of a book to that of the same book grown, whatever changed: the definition.

    Both in order of number. A new entry tells its own movements; the last one tells what became of those that were
    known: the replaced ones, and the reorganisations that found other balances.
    """
    known, last = before[-1].number if before else 0, after[-1].number
    rows, old = _Rows(), {each.entry.number: each for each in _folded(before)}
    for each in _folded(after):
        number, on = each.entry.number, each.entry.event.effective_on
        if number > known:
            rows.add(number, on, each.movements)
        elif (was := old.pop(number)).movements != each.movements:
            rows.add(last, on, was.movements, sign=-1)
            rows.add(last, on, each.movements)
    for gone in old.values():
        rows.add(last, gone.entry.event.effective_on, gone.movements, sign=-1)
    return rows.listed()


def _folded(entries: Iterable[Entry]) -> Iterator[Posted]:
    position = Position()
    return (apply(position, entry) for entry in in_effect(entries))


def restatements(entries: Sequence[Entry]) -> Iterator[tuple[int, list[Posting]]]:
    """The rows of a whole book from its first entry on, instant by instant, each with the last entry recorded then."""
    told = Restatement(())
    for _, together in groupby(entries, key=attrgetter("recorded_at")):
        rows = told.take(list(together))
        yield told.number, rows


STANDING = frozenset({*APPLY_TERMS, events.BalanceBroughtForward} - {events.ReturnFiled, events.PublicFloatConfirmed})
"""The event types that establish what there is and from when it is known: few in every book. Returns filed and public floats
confirmed are many, and are read on their own."""


class Restatement:
    """A book folded so that the rows of what becomes known next can be written: what comes last adds its own movements.

    What takes effect earlier, or replaces an entry, folds the book again, by the definition.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = list(entries)
        self._position = Position()
        self._last: OrderKey | None = None
        self._fold()

    def _fold(self) -> None:
        self._position, self._last = Position(), None
        for entry in in_effect(self._entries):
            apply(self._position, entry)
            self._last = order_key(entry)

    @property
    def number(self) -> int:
        """The last entry taken in."""
        return self._entries[-1].number if self._entries else 0

    def take(self, batch: Sequence[Entry]) -> list[Posting]:
        """The rows of entries that become known together, in order of number, after all those taken before."""
        before, new = tuple(self._entries), in_effect(batch)
        self._entries.extend(batch)
        comes_last = self._last is None or not new or order_key(new[0]) >= self._last
        if comes_last and all(entry.replaces is None for entry in batch):
            rows = additions([apply(self._position, entry) for entry in new])
            self._last = order_key(new[-1]) if new else self._last
            return rows
        self._fold()
        return differences(before, self._entries)


# --- reading the rows -------------------------------------------------------------------------------------------


@attrs.frozen
class Tabled:
    """What rows say of a viewpoint: the totals that they add up to, and the entries in effect that establish facts.

    `standing` may hold entries that take effect later on.
    """

    totals: dict[Account, int]
    standing: tuple[Entry, ...]


def facts_of(standing: Iterable[Entry], as_of: date) -> Terms:
    """What entries in effect that establish facts have established by close of a day; the rest is not needed."""
    terms = Terms()
    for entry in sorted(standing, key=order_key):
        if entry.event.effective_on <= as_of and type(entry.event) in APPLY_TERMS:
            APPLY_TERMS[type(entry.event)](terms, entry.event)
    return terms
