"""The fold as rows: what each entry adds to which account on which day, so that sums of rows are the fold's totals.

A row's `delta` counts from its effective day on, for who knows its entry. What an entry changes about days that had
been told before is told by rows of its own number: a purchase made before a subdivision and recorded after it
restates the subdivision. So the total of an account at close of D, as known when entry N was the last, is the sum of
its rows with `effective_on <= D` and `number <= N`, and no row ever has to change.

Entries recorded at one instant become known together; only the sums over all of them mean anything.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import attrs

from domain import events
from domain.accounts import Account, Movement, account_of
from domain.balances import Posted, apply
from domain.facts import ESTABLISH, Facts
from domain.history import Entry, OrderKey, in_effect, order_key
from domain.position import Position
from domain.postings import POSTINGS


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


STANDING = frozenset({*ESTABLISH, events.BalanceBroughtForward} - {events.ReturnFiled, events.PublicFloatConfirmed})
"""The event types that establish what there is and from when it is known: few in every book. Returns filed and public floats
confirmed are many, and are read on their own."""

# Facts that no movement depends on: to learn them late changes no row.
_NEUTRAL = (
    events.IssuerDetailsChanged,
    events.SignatoryAppointed,
    events.ReturnSettingsChanged,
    events.ReturnFiled,
    events.PublicFloatRequirementSet,
    events.PublicFloatConfirmed,
)
_STATEFUL = frozenset(ESTABLISH.keys() - set(_NEUTRAL))


class _Watched(dict[Account, int]):
    """Totals that note of which accounts somebody asked; to look at all of them at once is not foreseen."""

    def __init__(self, totals: Mapping[Account, int] | None = None) -> None:
        super().__init__(totals or {})
        self.asked: dict[Account, int] = {}

    def __getitem__(self, account: Account) -> int:
        self.asked[account] = self.held(account)
        return super().__getitem__(account)

    def get(self, account: Account, default: Any = None) -> Any:
        """The total of an account, noted."""
        self.asked[account] = self.held(account)
        return super().get(account, default)

    def held(self, account: Account) -> int:
        """The total of an account, unnoted; zero where nothing ever moved."""
        return super().get(account, 0)

    def __contains__(self, account: object) -> bool:
        raise NotImplementedError("a posting asks for a total, which is zero where nothing ever moved")

    def __iter__(self) -> Iterator[Account]:
        raise NotImplementedError("a posting may ask for accounts by name only")

    def keys(self) -> Any:
        """As iteration."""
        return iter(self)

    values = items = keys


@attrs.define
class _Dependant:
    """An entry in effect whose movements depend on balances: the facts and balances that it found, what it moved."""

    key: OrderKey
    entry: Entry
    facts: Facts
    found: dict[Account, int]
    movements: tuple[Movement, ...]


class _Unforeseen(Exception):
    """What changed changes other entries in a way that the short way does not follow."""


class Restatement:
    """A book folded so that what becomes known next is told in rows without folding it again, wherever it belongs.

    A movement depends on the standing facts at its place; some, as those of a reorganisation, on balances there too. So
    an ordinary fact of the past changes its own accounts, and those entries after it that depend on them. Where facts that
    others stand on are learnt late, or one that depends on balances, the book is folded twice, by the definition.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries: list[Entry] = []
        self._begin(entries)

    def _begin(self, entries: Sequence[Entry]) -> None:
        self._entries.extend(entries)
        self._totals = _Watched()
        self._last: OrderKey | None = None
        self._dependants: list[_Dependant] = []
        self._places: list[OrderKey] = []
        self._facts = [Facts()]
        for entry in in_effect(self._entries):
            self._follow(entry)

    @property
    def number(self) -> int:
        """The last entry taken in."""
        return self._entries[-1].number if self._entries else 0

    def take(self, batch: Sequence[Entry]) -> list[Posting]:
        """The rows of entries that become known together, in order of number, after all those taken before."""
        try:
            rows = self._taken(batch)
        except _Unforeseen:
            before = tuple(self._entries)
            self._begin(batch)
            return differences(before, self._entries)
        self._entries.extend(batch)
        return rows

    def _taken(self, batch: Sequence[Entry]) -> list[Posting]:
        rows, new, last = _Rows(), in_effect(batch), batch[-1].number
        late = [entry for entry in new if self._last is not None and order_key(entry) < self._last]
        gone = [self._entries[each.replaces - 1] for each in batch if each.replaces and each.replaces <= self.number]
        changes = [(entry, last, -1) for entry in gone] + [(entry, entry.number, 1) for entry in late]
        if changes:
            self._restate(rows, changes, last)
        for entry in new[len(late) :]:
            rows.add(entry.number, entry.event.effective_on, self._follow(entry))
        return rows.listed()

    def _follow(self, entry: Entry) -> tuple[Movement, ...]:
        """Take in an entry that comes after all others in effective order."""
        kind, key = type(entry.event), order_key(entry)
        self._last = key
        if kind in _STATEFUL:
            facts = self._facts[-1].copy()
            ESTABLISH[kind](facts, entry.event)
            self._places.append(key)
            self._facts.append(facts)
        movements, found = _moved(entry, self._facts[-1], self._totals)
        if found:
            self._dependants.append(_Dependant(key, entry, self._facts[-1], found, movements))
        _shift(self._totals, movements)
        return movements

    def _restate(self, rows: _Rows, changes: list[tuple[Entry, int, int]], last: int) -> None:
        """Take in what is added to the past (1) or no longer happened in it (-1), each told by the entry of a number."""
        waiting = sorted(changes, key=lambda change: order_key(change[0]), reverse=True)
        shift = _Watched()
        for dependant in (*self._dependants, None):
            while waiting and (dependant is None or order_key(waiting[-1][0]) <= dependant.key):
                entry, number, sign = waiting.pop()
                movements = self._moved_at_its_place(entry)
                rows.add(number, entry.event.effective_on, movements, sign)
                _shift(shift, movements, sign)
            if dependant is not None and any(shift.held(account) for account in dependant.found):
                _move_again(rows, dependant, shift, last)
        for account, delta in dict.items(shift):
            self._totals[account] = self._totals.held(account) + delta

    def _moved_at_its_place(self, entry: Entry) -> tuple[Movement, ...]:
        """The movements of an entry of the past that depends on nothing but facts. Raises _Unforeseen for another."""
        if type(entry.event) in _STATEFUL:
            raise _Unforeseen
        movements, found = _moved(entry, self._facts[bisect_left(self._places, order_key(entry))], _Watched())
        if found:
            raise _Unforeseen
        return movements


def _moved(entry: Entry, facts: Facts, totals: _Watched) -> tuple[tuple[Movement, ...], dict[Account, int]]:
    """The movements of an entry, and the balances that they depend on."""
    posting = POSTINGS.get(type(entry.event))
    if posting is None:
        return (), {}
    totals.asked = {}
    return posting(entry.event, Position(facts, totals)), totals.asked


def _move_again(rows: _Rows, dependant: _Dependant, shift: _Watched, last: int) -> None:
    """Move once more what depends on balances that have shifted, and shift what comes after it."""
    found = {account: total + shift.held(account) for account, total in dependant.found.items()}
    movements, asked = _moved(dependant.entry, dependant.facts, _Watched(found))
    if not asked.keys() <= found.keys():
        raise _Unforeseen
    for moved, sign in ((dependant.movements, -1), (movements, 1)):
        rows.add(last, dependant.entry.event.effective_on, moved, sign)
        _shift(shift, moved, sign)
    dependant.found, dependant.movements = found, movements


def _shift(totals: _Watched, movements: Iterable[Movement], sign: int = 1) -> None:
    for book, code, source, target, quantity in movements:
        for name, delta in ((source, -quantity), (target, quantity)):
            account = account_of(book, code, name)
            totals[account] = totals.held(account) + sign * delta


# --- reading the rows -------------------------------------------------------------------------------------------


@attrs.frozen
class Tabled:
    """What rows say of a viewpoint: the totals that they add up to, and the entries in effect that establish facts.

    `standing` may hold entries that take effect later on.
    """

    totals: dict[Account, int]
    standing: tuple[Entry, ...]


def facts_of(standing: Iterable[Entry], as_of: date) -> Facts:
    """What entries in effect that establish facts have established by close of a day; the rest is not needed."""
    facts = Facts()
    for entry in sorted(standing, key=order_key):
        if entry.event.effective_on <= as_of and type(entry.event) in ESTABLISH:
            ESTABLISH[type(entry.event)](facts, entry.event)
    return facts
