"""Figures with the entries they come from: balances at a day, and movements over a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from domain.accounts import AUTHORISED, ISSUED_EXCLUDING_TREASURY, SHARES, TOTAL_ISSUED, TREASURY
from domain.balances import Period, Posted
from domain.returns.documents import BLANK, BalanceLine, DatedBalance, Figure
from domain.securities import EXACT, Money

TREASURY_SHARES = (TREASURY,)


def moved(posted: Iterable[Posted], names: tuple[str, ...], code: str, book: str = SHARES) -> Figure:
    """By how much postings change a named sum, and which entries do; a figure of zero keeps its entries."""
    total, entries = 0, []
    for each in posted:
        # Spelled out rather than asked of `change`: every figure goes through all postings of a book.
        delta = 0
        for moved_book, moved_code, source, target, quantity in each.movements:
            if moved_code == code and moved_book == book:
                delta += quantity * ((target in names) - (source in names))
        if delta:
            total += delta
            entries.append(each.entry.number)
    return Figure(total, tuple(entries))


def blank_if_zero(figure: Figure) -> Figure:
    """As the forms print movements: nothing rather than 0."""
    return figure if figure.value else BLANK


def opening_line(period: Period, code: str) -> BalanceLine:
    """Issued, treasury and total at the opening of a period."""
    return _line(period.before, code)


def closing_line(period: Period, code: str) -> BalanceLine:
    """Issued, treasury and total at the close of a period."""
    return _line((*period.before, *period.during), code)


def movement_line(period: Period, code: str) -> BalanceLine:
    """The movements of Part II: issued and treasury where they changed; the total column stays empty."""
    line = _line(period.during, code)
    return BalanceLine(blank_if_zero(line.issued), blank_if_zero(line.treasury), BLANK)


def _line(posted: tuple[Posted, ...], code: str) -> BalanceLine:
    sums = (ISSUED_EXCLUDING_TREASURY, TREASURY_SHARES, TOTAL_ISSUED)
    issued, treasury, total = (moved(posted, names, code) for names in sums)
    return BalanceLine(issued, treasury, total)


def authorised_figures(period: Period, code: str) -> tuple[Figure, Figure, Figure]:
    """Authorised shares of a class at the opening of a period, their movement (blank where none), and at its close."""
    everything = (*period.before, *period.during)
    opening, movement, closing = (moved(part, AUTHORISED, code) for part in (period.before, period.during, everything))
    return opening, blank_if_zero(movement), closing


def dated(line: BalanceLine, period: Period, *, opening: bool) -> DatedBalance:
    """A balance line with its day, as the Next Day Disclosure Return opens and closes."""
    return DatedBalance(period.opened_on if opening else period.closed_on, line.issued, line.treasury, line.total)


def by_currency(amounts: Iterable[Money | None]) -> tuple[Money, ...]:
    """Amounts of money added up, one sum for each currency in order of appearance."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for amount in amounts:
        if amount is not None:
            sums[amount.currency] = EXACT.add(sums[amount.currency], amount.amount)
    return tuple(Money(currency, total) for currency, total in sums.items())
