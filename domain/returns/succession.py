"""What must be true from one return of an issuer to the next: no book is needed.

Balances open where the last return closed, shares not yet cancelled are listed again until they are, and what was used of a
mandate grows by what each report adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import attrs

from domain.disclosure.register import return_name
from domain.returns.documents import MonthlyReturn, NextDayReturn, PendingShares, Return, closing_of
from domain.returns.printed import in_words
from domain.values import month_end_before


@attrs.frozen
class Break:
    """A statement that does not hold between two returns, by their places in the order given, and what was expected and found."""

    says: str
    before: int
    after: int
    where: str
    expected: str
    found: str


def breaks(returns: Sequence[Return]) -> list[Break]:
    """What does not hold between returns that follow each other; they may be given in any order."""
    order = sorted(range(len(returns)), key=lambda at: (closing_of(returns[at]), returns[at].submitted_on))
    monthly = [at for at in order if isinstance(returns[at], MonthlyReturn)]
    next_day = [at for at in order if isinstance(returns[at], NextDayReturn)]
    found = [each for before, after in pairwise(monthly) for each in _months(returns, before, after)]
    for place, at in enumerate(order):
        if isinstance(returns[at], NextDayReturn) and place:
            found += _opens_where_it_closed(returns, order[:place], at)
    for before, after in pairwise(next_day):
        found += [*_tranches(returns, before, after), *_mandates(returns, before, after)]
    return found


def name_of(document: Return) -> str:
    """Which return it is: `Monthly Return for December 2024`."""
    return return_name(document.form.kind, closing_of(document))


# --- Balances -----------------------------------------------------------------------------------------------------------


def _months(returns: Sequence[Any], before: int, after: int) -> Iterator[Break]:
    """Months that follow each other: each class opens as it closed."""
    one, other = returns[before], returns[after]
    if one.month_end != month_end_before(other.month_end):
        return
    closed = {block.heading.code: block.closing for block in one.issued}
    for block in other.issued:
        if block.heading.code in closed:
            where = f"class {block.heading.code}"
            pairs = _columns(closed[block.heading.code], block.opening)
            yield from _unequal("a month opens where the last one closed", before, after, where, pairs)


def _opens_where_it_closed(returns: Sequence[Any], earlier: Sequence[int], at: int) -> Iterator[Break]:
    """The last return that closes on the opening day of a Next Day Disclosure Return, or before, closes on that day (Note 1)."""
    document = returns[at]
    opened_on = min(section.opening.on for section in document.sections)
    before = earlier[-1]
    closed_on = closing_of(returns[before])
    if closed_on < opened_on:
        return
    if closed_on != opened_on:
        says = "a return opens on the closing day of the last one"
        yield Break(says, before, at, "opening date", in_words(closed_on), in_words(opened_on))
        return
    blocks = returns[before].issued if isinstance(returns[before], MonthlyReturn) else returns[before].sections
    closed = {block.heading.code: block.closing for block in blocks}
    for section in document.sections:
        if section.heading.code in closed:
            pairs = _columns(closed[section.heading.code], section.opening)
            where = f"class {section.heading.code}"
            yield from _unequal("a return opens where the last one closed", before, at, where, pairs)


def _columns(closed: Any, opened: Any) -> Iterator[tuple[str, int | None, int | None]]:
    one, other = _numbers(closed), _numbers(opened)
    return ((column, one[column], other[column]) for column in one)


def _numbers(line: Any) -> Mapping[str, int | None]:
    """The numbers of a balance, by column; FF301 before June 2024 prints one, in which treasury shares count, as FF304 does."""
    issued, treasury, total = line.issued.value, line.treasury.value, line.total.value
    alone = treasury is None and total is None
    return {"issued": None if alone else issued, "treasury": treasury, "total": issued if alone else total}


def _unequal(
    says: str, before: int, after: int, where: str, pairs: Iterator[tuple[str, int | None, int | None]]
) -> Iterator[Break]:
    for column, closed, opened in pairs:
        if closed is not None and opened is not None and closed != opened:
            yield Break(says, before, after, f"{where}, {column}", in_words(closed), in_words(opened))


# --- Shares not yet cancelled -------------------------------------------------------------------------------------------


def _tranches(returns: Sequence[Any], before: int, after: int) -> Iterator[Break]:
    """What was not cancelled before is listed again, or was cancelled since."""
    listed = {section.heading.code: section for section in returns[after].sections}
    for section in returns[before].sections:
        other = listed.get(section.heading.code)
        if other is not None:
            gone = _gone(section.pending, other.pending)
            cancelled = sum(-row.issued.value for row in other.changes if (row.issued.value or 0) < 0)
            if sum(row.shares.value or 0 for row in gone) > cancelled:
                missing = "; ".join(f"{in_words(row.shares)} of {in_words(row.changed_on)}" for row in gone)
                says = "shares not yet cancelled are listed again until they are cancelled"
                where = f"class {section.heading.code}"
                yield Break(
                    says,
                    before,
                    after,
                    where,
                    missing,
                    f"{in_words(cancelled) if cancelled else 'none'} cancelled, and not listed",
                )


def _gone(before: Sequence[PendingShares], after: Sequence[PendingShares]) -> list[PendingShares]:
    """The tranches that are not listed again; one that is listed with fewer shares was cancelled in part."""
    days = [row.changed_on for row in after]
    return [row for row in before if row.changed_on not in days]


# --- Mandates -----------------------------------------------------------------------------------------------------------


def _mandates(returns: Sequence[Any], before: int, after: int) -> Iterator[Break]:
    """What was used under a mandate is what was used before and what is reported since."""
    for field, word in (("repurchases", "bought"), ("treasury_sales", "sold")):
        earlier = {report.heading.code: report for report in getattr(returns[before], field)}
        for report in getattr(returns[after], field):
            last = earlier.get(report.heading.code)
            if last is None or last.mandate is None or report.mandate is None:
                continue
            if (last.mandate.granted_on, last.mandate.limit) == (report.mandate.granted_on, report.mandate.limit):
                expected = (last.mandate.used.value or 0) + (report.shares.value or 0)
                if report.mandate.used.value is not None and report.mandate.used.value != expected:
                    says = f"what was {word} under a mandate grows by each report"
                    where = f"class {report.heading.code}"
                    yield Break(says, before, after, where, in_words(expected), in_words(report.mandate.used))
