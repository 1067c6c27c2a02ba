"""Balances over time: each class of shares day by day, from one pass over a book."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, groupby

import attrs

from application.ports import EventStore
from domain.capital.accounts import SHARES, ClassBalance, Totals, class_balance
from domain.capital.balances import apply
from domain.capital.entries import Entry, in_effect
from domain.capital.ledger import Ledger
from domain.capital.opening import brought_forward
from domain.capital.position import Position


@attrs.frozen
class Level:
    """The balance of a class at close of a day, which holds until the next level; `entries` moved its shares on that day."""

    on: date
    balance: ClassBalance
    entries: tuple[int, ...]


@attrs.frozen
class Series:
    """The levels of a class by day. Before the first one nothing is known of it, or it did not exist."""

    share_class: str
    levels: tuple[Level, ...]

    def at(self, day: date) -> ClassBalance | None:
        """The balance at close of a day; None before the first level."""
        place = bisect_right(self.levels, day, key=_day)
        return self.levels[place - 1].balance if place else None

    def between(self, since: date, until: date) -> tuple[Level, ...]:
        """The levels of two days and those between them, with the one in force on the first of them."""
        first = max(bisect_right(self.levels, since, key=_day) - 1, 0)
        return self.levels[first : bisect_right(self.levels, until, key=_day)]


def _day(level: Level) -> date:
    return level.on


def series(store: EventStore, issuer: str, known_at: datetime | None = None) -> Mapping[str, Series]:
    """Every class of a book by its code, in order of creation, from the entries known at an instant."""
    return series_of(in_effect(store.entries(issuer), known_at))


def series_of(ordered: Sequence[Entry]) -> Mapping[str, Series]:
    """The series of entries in effective order (`domain.capital.entries.in_effect`)."""
    position = Position()
    levels = _joined(position, ordered, brought_forward(ordered))
    return {code: Series(code, tuple(levels[code])) for code in position.terms.classes if code in levels}


def series_from(ledger: Ledger, carried: Iterable[tuple[date, Totals]] = (), until: date = date.max) -> Mapping[str, Series]:
    """The series from the opening of a ledger on, until a day; of days before and after, only the balances carried forward.

    `carried` are days and balances in order. The ledger has what brings balances forward.
    """
    ordered, position = [each for each in ledger.ordered if each.event.effective_on <= until], ledger.opening.copy()
    opening = [] if ledger.opened_on == date.min else [(ledger.opened_on, dict(position.totals))]
    begun = brought_forward(ledger.in_effect)
    every_day = _joined(position, ordered, begun)
    before = _levels(position, [*(each for each in carried if each[0] < ledger.opened_on), *opening], begun)
    after = _levels(position, [each for each in carried if each[0] > max(until, ledger.opened_on)], begun)
    parts = {code: [each.get(code, []) for each in (before, every_day, after)] for code in position.terms.classes}
    return {code: Series(code, tuple(chain(*each))) for code, each in parts.items() if any(each)}


def _levels(position: Position, carried: Iterable[tuple[date, Totals]], begun: Mapping[str, Entry]) -> Mapping[str, list[Level]]:
    """The levels of balances carried forward, of the classes that a position has."""
    levels: dict[str, list[Level]] = {}
    for day, totals in carried:
        there = {account.code for account in totals if account.book == SHARES}
        for code, share in position.terms.classes.items():
            if code in there and not (code in begun and day < begun[code].event.effective_on):
                levels.setdefault(code, []).append(Level(day, class_balance(totals, code, authorised=share.authorised), ()))
    return levels


def _joined(position: Position, ordered: Iterable[Entry], begun: Mapping[str, Entry]) -> Mapping[str, list[Level]]:
    """The levels of every day of some entries, which are applied to a position."""
    levels: dict[str, list[Level]] = {}
    for day, together in groupby(ordered, key=lambda entry: entry.event.effective_on):
        for code, numbers in _moved(position, together).items():
            if not (code in begun and day < begun[code].event.effective_on):
                levels.setdefault(code, []).append(Level(day, _balance(position, code), tuple(sorted(numbers))))
    return levels


def _moved(position: Position, together: Iterable[Entry]) -> Mapping[str, list[int]]:
    """The entries of a day that move shares of a class, by class, after they were applied."""
    moved: dict[str, list[int]] = {}
    for entry in together:
        for code in dict.fromkeys(move.code for move in apply(position, entry).movements if move.book == SHARES):
            moved.setdefault(code, []).append(entry.number)
    return moved


def _balance(position: Position, code: str) -> ClassBalance:
    # Not `Position.balance`: a class that is abolished still has its past.
    return class_balance(position.totals, code, authorised=position.terms.classes[code].authorised)
