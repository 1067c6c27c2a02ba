"""The tables of an annual report about shares: a financial year's movements, and its purchases month by month.

Rule 10.06(4)(b) asks for the purchases of each month: number, price or highest and lowest price, and what was paid in all.
Both tables come from the book, as the twelve Monthly Returns do; a month's return that was filed is compared with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import attrs

from domain.capital.accounts import ISSUED_EXCLUDING_TREASURY
from domain.capital.balances import Posted
from domain.capital.ledger import Ledger, Period
from domain.events import Event, SharesRepurchased
from domain.returns import monthly
from domain.returns.cells import Figure
from domain.returns.documents import BalanceLine, MonthlyReturn
from domain.returns.figures import TREASURY_SHARES, balance_lines, moved
from domain.returns.filed import Filing, as_filed, filings
from domain.returns.filings import NotPrepared, check_book_covers
from domain.returns.forms import MONTHLY
from domain.returns.purchases import Bought, in_the_book
from domain.values import month_end_of

COLUMNS = {"issued": ISSUED_EXCLUDING_TREASURY, "treasury": TREASURY_SHARES}
"""Issued shares excluding treasury shares, and treasury shares, as the Monthly Return has them."""


@attrs.frozen
class CapitalLine:
    """A line of the movements of a class, in shares: a kind of event with what it changed; opening and closing have none."""

    kind: type[Event] | None
    issued: Figure
    treasury: Figure


@attrs.frozen
class ClassYear:
    """A class over a financial year: opening + movements = closing, in both columns."""

    share_class: str
    opening: CapitalLine
    movements: tuple[CapitalLine, ...]
    closing: CapitalLine


@attrs.frozen
class MonthOfPurchases:
    """What was bought back of a class in a month, with the entries. A price that an entry does not have is not known."""

    month_end: date
    share_class: str
    bought: Bought
    entries: tuple[int, ...]


@attrs.frozen
class MonthAgreed:
    """A whole month beside its Monthly Return: why it was not compared, or what does not agree with the book."""

    month_end: date
    not_compared: str | None
    differs: tuple[str, ...] = ()


@attrs.frozen
class AnnualTables:
    """The tables of a financial year, from the day after `opened_on` until `ends`, of the classes that it had."""

    opened_on: date
    ends: date
    classes: tuple[ClassYear, ...]
    purchases: tuple[MonthOfPurchases, ...]
    months: tuple[MonthAgreed, ...]


def tables(ledger: Ledger, ends: date) -> AnnualTables:
    """The tables of the financial year that ends on a day. Raises NotPrepared if the book begins within it or after it."""
    opened_on = _day_before_the_year(ends)
    year = ledger.period(opened_on, ends)
    check_book_covers(year)
    there = [
        each.code for each in year.closing.terms.classes.values() if not (each.abolished_on and each.abolished_on <= opened_on)
    ]
    classes = tuple(_class_year(year, code) for code in there)
    months = list(_month_ends(opened_on, ends))
    return AnnualTables(opened_on, ends, classes, tuple(_purchases(year, months)), tuple(_agreed(ledger, months)))


def _day_before_the_year(ends: date) -> date:
    """The last day of the financial year before, a year before the one that ends on a day."""
    following = ends + timedelta(days=1)
    return following.replace(year=following.year - 1) - timedelta(days=1)


def _month_ends(opened_on: date, ends: date) -> Iterator[date]:
    """The last day of each month of a year; the last may end in the midst of one."""
    day = opened_on + timedelta(days=1)
    while day <= ends:
        month_end = min(month_end_of(day), ends)
        yield month_end
        day = month_end + timedelta(days=1)


# --- Movements ----------------------------------------------------------------------------------------------------------


def _class_year(year: Period, code: str) -> ClassYear:
    by_kind: defaultdict[type[Event], list[Posted]] = defaultdict(list)
    for posted in year.during:
        by_kind[type(posted.entry.event)].append(posted)
    lines = [CapitalLine(kind, *(moved(posted, names, code) for names in COLUMNS.values())) for kind, posted in by_kind.items()]
    before, _, after = (CapitalLine(None, line.issued, line.treasury) for line in balance_lines(year, code))
    return ClassYear(code, before, tuple(line for line in lines if line.issued.entries or line.treasury.entries), after)


# --- Purchases ----------------------------------------------------------------------------------------------------------


def _purchases(year: Period, months: list[date]) -> Iterator[MonthOfPurchases]:
    """The purchases of each month and class, in the order of the months."""
    found: defaultdict[tuple[date, str], list[tuple[int, SharesRepurchased]]] = defaultdict(list)
    for posted in year.during:
        event = posted.entry.event
        if isinstance(event, SharesRepurchased):
            month_end = next(each for each in months if event.effective_on <= each)
            found[month_end, event.share_class].append((posted.entry.number, event))
    for (month_end, code), entries in sorted(found.items()):
        bought = in_the_book([event for _, event in entries])
        yield MonthOfPurchases(month_end, code, bought, tuple(number for number, _ in entries))


# --- The twelve returns -------------------------------------------------------------------------------------------------


def _agreed(ledger: Ledger, months: list[date]) -> Iterator[MonthAgreed]:
    """Each month with its Monthly Return as it was filed last; the month's movements of the book are compared with it.

    A return is of a whole month, though the financial year may begin or end in the midst of one.
    """
    whole = [month_end_of(day) for day in months]
    around = ledger.period(monthly.opened_on(whole[0]), whole[-1])
    filed = {each.filed.effective_on: each for each in filings(ledger) if each.filed.kind == MONTHLY}
    for month_end in whole:
        filing = filed.get(month_end)
        if filing is None:
            yield MonthAgreed(month_end, NOT_FILED)
        elif not filing.made_here:
            yield MonthAgreed(month_end, NOT_FROM_HERE)
        else:
            yield _compared(ledger, around, filing)


NOT_FILED = "no filing recorded"
NOT_FROM_HERE = "filed, and not prepared from this book: compare its document with captable reconcile"


def _compared(ledger: Ledger, around: Period, filing: Filing) -> MonthAgreed:
    month_end = filing.filed.effective_on
    try:
        document = as_filed(ledger, filing)
    except NotPrepared as reason:
        return MonthAgreed(month_end, str(reason))
    assert isinstance(document, MonthlyReturn)  # noqa: S101
    return MonthAgreed(month_end, None, tuple(_differences(around, document)))


def _differences(around: Period, document: MonthlyReturn) -> Iterator[str]:
    month_end = document.month_end
    first = monthly.opened_on(month_end)
    during = [posted for posted in around.during if first < posted.entry.event.effective_on <= month_end]
    in_return = {block.heading.code: block.movement for block in document.issued}
    for code in around.closing.terms.classes:
        for column, names in COLUMNS.items():
            printed = _printed(in_return, code, column)
            now = moved(during, names, code).value or 0
            if printed != now:
                yield f"class {code}, {column}: {printed:,} as filed, {now:,} in the book now"


def _printed(blocks: Mapping[str, BalanceLine], code: str, column: str) -> int:
    """The movement that a return prints; a class that it does not name, and a blank cell, did not move."""
    if (block := blocks.get(code)) is None:
        return 0
    figure = block.issued if column == "issued" else block.treasury
    return figure.value or 0
