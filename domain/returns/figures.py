"""Figures with the entries they come from: balances at a day, and movements over a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import attrs

from domain.capital.accounts import AUTHORISED, ISSUED_EXCLUDING_TREASURY, SHARES, TOTAL_ISSUED, TREASURY, change
from domain.capital.balances import Posted
from domain.capital.ledger import Period
from domain.returns.cells import BLANK, Figure
from domain.returns.documents import BalanceLine, DatedBalance
from domain.values import EXACT, Money

TREASURY_SHARES = (TREASURY,)


def moved(posted: Iterable[Posted], names: tuple[str, ...], code: str, book: str = SHARES) -> Figure:
    """By how much postings change a named sum, and which entries do; a figure of zero keeps its entries."""
    changes = {each.entry.number: change(each.movements, book, code, names) for each in posted}
    return _summed(changes)


def opening(period: Period, names: tuple[str, ...], code: str, book: str = SHARES) -> Figure:
    """A named sum at the opening of a period, with the entries before it that it comes from."""
    changes: dict[int, int] = {}
    for number, (_, _, source, target, quantity) in period.moves_before.get((book, code), ()):
        # Spelled out rather than asked of `change`: a book goes through here several times for a return.
        if delta := quantity * ((target in names) - (source in names)):
            changes[number] = changes.get(number, 0) + delta
    return attrs.evolve(_summed(changes), value=period.opening.total(book, code, *names))


def _during(period: Period, names: tuple[str, ...], code: str, book: str = SHARES) -> Figure:
    return moved(period.moving.get((book, code), ()), names, code, book)


def closing(period: Period, names: tuple[str, ...], code: str, book: str = SHARES) -> Figure:
    """A named sum at the close of a period, with all the entries that it comes from."""
    return _together(opening(period, names, code, book), _during(period, names, code, book))


def _summed(changes: Mapping[int, int]) -> Figure:
    return Figure(sum(changes.values()), tuple(number for number, delta in changes.items() if delta))


def _together(first: Figure, second: Figure) -> Figure:
    return Figure((first.value or 0) + (second.value or 0), (*first.entries, *second.entries))


def blank_if_zero(figure: Figure, *, zeros: bool = False) -> Figure:
    """As the forms print movements: nothing rather than 0, unless the issuer prints `zeros`."""
    return figure if figure.value or zeros else BLANK


def balance_lines(period: Period, code: str) -> tuple[BalanceLine, BalanceLine, BalanceLine]:
    """Issued, treasury and total of a class: at the opening of a period, by how much they moved, and at its close."""
    before, movement, after = zip(*(_in_a_period(period, names, code) for names in _SUMS), strict=True)
    return BalanceLine(*before), BalanceLine(*movement), BalanceLine(*after)


_SUMS = (ISSUED_EXCLUDING_TREASURY, TREASURY_SHARES, TOTAL_ISSUED)


def authorised_figures(period: Period, code: str) -> tuple[Figure, Figure, Figure]:
    """Authorised shares of a class: at the opening of a period, by how much they moved, and at its close."""
    return _in_a_period(period, AUTHORISED, code)


def _in_a_period(period: Period, names: tuple[str, ...], code: str) -> tuple[Figure, Figure, Figure]:
    before, movement = opening(period, names, code), _during(period, names, code)
    return before, movement, _together(before, movement)


def dated(line: BalanceLine, on: date) -> DatedBalance:
    """A balance line with its day, as the Next Day Disclosure Return opens and closes."""
    return DatedBalance(on, line.issued, line.treasury, line.total)


def by_currency(amounts: Iterable[Money | None]) -> tuple[Money, ...]:
    """Amounts of money added up, one sum for each currency in order of appearance."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for amount in amounts:
        if amount is not None:
            sums[amount.currency] = EXACT.add(sums[amount.currency], amount.amount)
    return tuple(Money(currency, total) for currency, total in sums.items())
