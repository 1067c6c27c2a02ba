"""Figures with the entries they come from: balances at a day, and movements over a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from domain.capital.accounts import ISSUED_EXCLUDING_TREASURY, SHARES, TOTAL_ISSUED, TREASURY, change
from domain.capital.balances import Posted
from domain.capital.ledger import Period
from domain.returns.cells import BLANK, Figure
from domain.returns.documents import BalanceLine
from domain.values import EXACT, Money

TREASURY_SHARES = (TREASURY,)


def moved(posted: Iterable[Posted], names: tuple[str, ...], code: str, book: str = SHARES) -> Figure:
    """By how much postings change a named sum, and which entries do; a figure of zero keeps its entries."""
    changes = {each.entry.number: change(each.movements, book, code, names) for each in posted}
    return Figure(sum(changes.values()), tuple(number for number, delta in changes.items() if delta))


def opening(period: Period, names: tuple[str, ...], code: str, book: str = SHARES) -> Figure:
    """A named sum at the opening of a period, with the entries before it that it comes from."""
    value = period.opening.total(book, code, *names)
    return Figure(value, moved(period.moved_before.get((book, code), ()), names, code, book).entries)


def closing(period: Period, names: tuple[str, ...], code: str, book: str = SHARES) -> Figure:
    """A named sum at the close of a period, with all the entries that it comes from."""
    return in_a_period(period, names, code, book)[2]


def in_a_period(period: Period, names: tuple[str, ...], code: str, book: str = SHARES) -> tuple[Figure, Figure, Figure]:
    """A named sum at the opening of a period, by how much it moved, and at its close."""
    before, movement = opening(period, names, code, book), moved(period.moving.get((book, code), ()), names, code, book)
    return before, movement, Figure((before.value or 0) + (movement.value or 0), (*before.entries, *movement.entries))


def blank_if_zero(figure: Figure, *, zeros: bool = False) -> Figure:
    """As the forms print movements: nothing rather than 0, unless the issuer prints `zeros`."""
    return figure if figure.value or zeros else BLANK


def balance_lines(period: Period, code: str) -> tuple[BalanceLine, BalanceLine, BalanceLine]:
    """Issued, treasury and total of a class: at the opening of a period, by how much they moved, and at its close."""
    before, movement, after = zip(*(in_a_period(period, names, code) for names in _SUMS), strict=True)
    return BalanceLine(*before), BalanceLine(*movement), BalanceLine(*after)


_SUMS = (ISSUED_EXCLUDING_TREASURY, TREASURY_SHARES, TOTAL_ISSUED)


def by_currency(amounts: Iterable[Money | None]) -> tuple[Money, ...]:
    """Amounts of money added up, one sum for each currency in order of appearance."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for amount in amounts:
        if amount is not None:
            sums[amount.currency] = EXACT.add(sums[amount.currency], amount.amount)
    return tuple(Money(currency, total) for currency, total in sums.items())
