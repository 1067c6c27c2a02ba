"""Balances over time: each class of shares day by day, from one pass over a book."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

import attrs

from application.ports import EventStore
from domain.capital.accounts import SHARES, ClassBalance, class_balance
from domain.capital.balances import apply
from domain.capital.entries import Entry, in_effect
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
    levels: dict[str, list[Level]] = {}
    position, begins = Position(), {code: each.event.effective_on for code, each in brought_forward(ordered).items()}
    for day, together in groupby(ordered, key=lambda entry: entry.event.effective_on):
        for code, numbers in _moved(position, together).items():
            if day >= begins.get(code, day):
                levels.setdefault(code, []).append(Level(day, _balance(position, code), tuple(numbers)))
    return {code: Series(code, tuple(levels[code])) for code in position.terms.classes if code in levels}


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
