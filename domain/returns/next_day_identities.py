"""What must be true of the cells of a Next Day Disclosure Return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from domain.law.parameters import MORATORIUM
from domain.returns.documents import Change, ClassSection, NextDayReturn, PendingShares, TradeReport
from domain.returns.identity import (
    Identity,
    Test,
    adds_up,
    amounts_add_up,
    decimals_of,
    in_order,
    is_average,
    is_premium,
    is_product,
    is_the_lesser,
    last_is,
    lies_between,
    one_of_each_currency,
    pinning,
    rounds_to,
    same,
)

USUAL_MANDATE = 10
"""The percentage of the issued shares that a mandate to repurchase allows at most, and mostly does (rule 10.06(1)(c))."""


def of(document: NextDayReturn) -> Iterator[Identity]:
    """The identities of a Next Day Disclosure Return, in the order of its sections."""
    yield from _same_days(document)
    for number, section in enumerate(document.sections):
        yield from _balances(document, section, f"sections[{number}]")
        yield from _days(section, f"sections[{number}]")
        yield from _prices(section, f"sections[{number}]")
    yield from _percentages(document)
    for field in ("repurchases", "treasury_sales"):
        for number, report in enumerate(getattr(document, field)):
            yield from _report(report, f"{field}[{number}]")
            yield from _mandate(report, f"{field}[{number}]")
            yield from _disclosed_in_section_1(document, report, f"{field}[{number}]")
    yield from _stock_codes(document)


# --- Section I --------------------------------------------------------------------------------------------------------


def _same_days(document: NextDayReturn) -> Iterator[Identity]:
    sections = range(len(document.sections))
    for when in ("opening", "closing") if len(sections) > 1 else ():
        yield pinning(f"every class has the same {when} date", [f"sections[{each}].{when}.on" for each in sections], same)
    yield Identity("the return is submitted after its closing date", ("sections[0].closing.on", "submitted_on"), in_order)


def _balances(document: NextDayReturn, section: ClassSection, path: str) -> Iterator[Identity]:
    treasury = document.form.treasury_shares
    moved = range(len(section.changes))
    for column, change in (("issued", "issued"), ("treasury", "treasury")) if treasury else (("total", "issued"),):
        cells = [f"{path}.closing.{column}", f"{path}.opening.{column}", *(f"{path}.changes[{each}].{change}" for each in moved)]
        yield pinning("closing balance = opening balance + changes", cells, adds_up, lists=(f"{path}.changes",))
    for when in ("opening", "closing") if treasury else ():
        cells = [f"{path}.{when}.{column}" for column in ("total", "issued", "treasury")]
        yield pinning("total issued = issued excluding treasury + treasury", cells, adds_up)
        yield Identity("no more shares are held in treasury than are outside of it", tuple(cells[1:]), is_the_lesser)


def _days(section: ClassSection, path: str) -> Iterator[Identity]:
    changes = [f"{path}.changes[{each}].changed_on" for each in range(len(section.changes))]
    for day in changes:
        yield Identity(
            "changes lie between the opening and the closing date", (f"{path}.opening.on", day, f"{path}.closing.on"), in_order
        )
    pending = [f"{path}.pending[{each}].changed_on" for each in range(len(section.pending))]
    yield Identity("shares not yet cancelled are listed oldest first", (*pending, f"{path}.closing.on"), in_order)
    listed = [*changes, *pending]
    days = [each.changed_on for each in _rows(section)]
    last = [cell for cell, day in zip(listed, days, strict=True) if day == max(days)]
    closing = f"{path}.closing.on"
    yield Identity(
        "the closing date is that of the last event", (closing, *listed), last_is(), pins=(closing, *last), confirms=True
    )


def _rows(section: ClassSection) -> tuple[Change | PendingShares, ...]:
    return (*section.changes, *section.pending)


def _prices(section: ClassSection, path: str) -> Iterator[Identity]:
    for each in range(len(section.changes)):
        cells = [f"{path}.changes[{each}].{cell}" for cell in ("price", "closing_market_price", "discount")]
        # Rounded to two decimals, it confirms no price to its last digit.
        yield Identity("discount = (issue price − closing price) ÷ closing price", tuple(cells), is_premium, pins=(cells[2],))


def _percentages(document: NextDayReturn) -> Iterator[Identity]:
    """A percentage is of the opening balance of its class or of all, with or without shares not yet cancelled."""
    column = "issued" if document.form.treasury_shares else "total"
    openings = [f"sections[{number}].opening.{column}" for number in range(len(document.sections))]
    pending = [
        [f"sections[{number}].pending[{each}].shares" for each in range(len(section.pending))]
        for number, section in enumerate(document.sections)
    ]
    waiting = [cell for cells in pending for cell in cells]
    counts = [len(cells) for cells in pending]
    decimals = decimals_of([row.percent for section in document.sections for row in _rows(section)])
    for number, section in enumerate(document.sections):
        rows: list[tuple[str, str, int | None]] = [
            (f"sections[{number}].changes[{each}]", "issued", None) for each in range(len(section.changes))
        ]
        rows += [(f"sections[{number}].pending[{each}]", "shares", each) for each in range(len(section.pending))]
        pairs = [(f"{row}.percent", f"{row}.{shares}") for row, shares, _ in rows]
        for pair, (_, _, place) in zip(pairs, rows, strict=True):
            test = _of_one_base(number, counts, decimals, [place])
            cells = (*pair, *openings, *waiting)
            yield Identity("a percentage is of one base", cells, test, pins=pair[:1], blames=pair)
        printed = tuple(percent for (percent, _), row in zip(pairs, _rows(section), strict=True) if row.percent is not None)
        together = _of_one_base(number, counts, decimals, [place for _, _, place in rows])
        cells = (*(cell for pair in pairs for cell in pair), *openings, *waiting)
        yield Identity("the percentages of a class are of one base", cells, together, pins=printed, confirms=True)


def _of_one_base(own: int, pending: Sequence[int], decimals: int, places: Sequence[int | None]) -> Test:
    """True where all percentages are of one and the same base, None if several would do.

    `places` are the rows among those not yet cancelled of the class, None for a change: purchases made before may be left out.
    """

    def test(values: Sequence[Any]) -> bool | None:
        first, last = 2 * len(places), 2 * len(places) + len(pending)
        openings, waiting = values[first:last], iter(values[last:])
        held = [[next(waiting) or 0 for _ in range(count)] for count in pending]
        rows = [(*values[2 * at : 2 * at + 2], place) for at, place in enumerate(places)]
        known = [row for row in rows if None not in row[:2]]
        if not known or openings[own] is None:
            return None
        bases = zip(*(_bases(own, openings, held, place) for _, _, place in known), strict=True)
        fitting = {
            each
            for each in bases
            if all(rounds_to(shares, base, percent, decimals) for (percent, shares, _), base in zip(known, each, strict=True))
        }
        return None if len(fitting) > 1 else len(fitting) == 1

    return test


def _bases(own: int, openings: Sequence[int | None], held: Sequence[Sequence[int]], place: int | None) -> list[int]:
    """What a percentage may be of: its own class or all; less what is not yet cancelled, or what was bought before it."""
    one, every = openings[own] or 0, sum(opening or 0 for opening in openings)
    before = sum(held[own][:place]) if place is not None else 0
    return [one, one - sum(held[own]), one - before, every, every - sum(map(sum, held)), every - before]


# --- Sections II and III ----------------------------------------------------------------------------------------------


def _report(report: TradeReport, path: str) -> Iterator[Identity]:
    rows = [f"{path}.rows[{each}]" for each in range(len(report.rows))]
    numbers = [f"{path}.shares", *(f"{row}.shares" for row in rows)]
    yield pinning("total number = sum of the rows", numbers, adds_up, lists=(f"{path}.rows",))
    totals = [f"{path}.totals[{at}]" for at in range(len(report.totals))]
    # Where the price of a row is left open, so is the total.
    if totals or all(row.total is not None for row in report.rows):
        amounts, complete = (*totals, *(f"{row}.total" for row in rows)), one_of_each_currency(len(totals))
        yield Identity("what was paid has a total in each currency", amounts, complete, lists=(f"{path}.totals",))
    for at in range(len(report.totals)):
        cells = [f"{path}.totals[{at}]", *(f"{row}.total" for row in rows)]
        yield pinning("aggregate price = sum of the rows", cells, amounts_add_up)
    if path.startswith("repurchases") and report.for_treasury.value is not None:
        cells = [f"{path}.{cell}" for cell in ("shares", "for_cancellation", "for_treasury")]
        yield pinning("total number = for cancellation + to be held as treasury shares", cells, adds_up)
    for row, trade in zip(rows, report.rows, strict=True):
        number, price, lowest, total = (f"{row}.{cell}" for cell in ("shares", "price", "lowest", "total"))
        if trade.lowest is not None:
            between = (number, price, lowest, total)
            yield Identity("what was paid lies between the lowest and the highest price", between, lies_between)
        else:
            yield pinning("number × price = amount paid", [number, price, total], is_product, confirms=True)
            yield Identity("price = amount paid ÷ number", (number, price, total), is_average, pins=(price,))


def _mandate(report: TradeReport, path: str) -> Iterator[Identity]:
    if report.mandate is None:
        return
    mandate, traded = f"{path}.mandate", [f"{path}.rows[{each}].traded_on" for each in range(len(report.rows))]
    if path.startswith("repurchases"):
        days = [row.traded_on for row in report.rows]
        last = [cell for cell, day in zip(traded, days, strict=True) if day == max(days)]
        until = f"{mandate}.moratorium_until"
        yield Identity(
            "the moratorium ends 30 days after the last trade", (until, *traded), last_is(MORATORIUM), pins=(until, *last)
        )
    # Usual, not required: a trade may be under another mandate or none, and what was used follows a consolidation.
    used, granted = (f"{path}.shares", f"{mandate}.used"), (f"{mandate}.granted_on", *traded)
    yield Identity("what was used under the mandate includes the trades", used, _at_most, confirms=True)
    yield Identity("the mandate was granted before the trades", granted, _before_all, confirms=True)
    cells = tuple(f"{mandate}.{cell}" for cell in ("percent", "used", "limit"))
    yield Identity("what was used, of ten times the mandate", cells, _of_the_usual_mandate, pins=cells[:1], confirms=True)


def _at_most(values: Sequence[Any]) -> bool | None:
    shares, used = values
    return None if None in values else shares <= used


def _before_all(values: Sequence[Any]) -> bool | None:
    granted, *traded = values
    known = [day for day in traded if day is not None]
    return None if granted is None or not known else granted <= min(known)


def _of_the_usual_mandate(values: Sequence[Any]) -> bool | None:
    percent, used, limit = values
    if None in values:
        return None
    base = limit * 100 // USUAL_MANDATE
    return any(rounds_to(used, each, percent, decimals_of([percent])) for each in (base, base + 9))


def _disclosed_in_section_1(document: NextDayReturn, report: TradeReport, path: str) -> Iterator[Identity]:
    """Trades stand in Section I too: their day, their number, and their average price."""
    listed = [
        (f"sections[{number}].{rows}[{each}]", row.changed_on)
        for number, section in enumerate(document.sections)
        if section.heading.code == report.heading.code
        for rows in ("pending", "changes")
        for each, row in enumerate(getattr(section, rows))
    ]
    days = [row.traded_on for row in report.rows]
    for each, row in enumerate(report.rows):
        if days.count(row.traded_on) > 1:
            continue
        trade = f"{path}.rows[{each}]"
        for where, day in listed:
            if day == row.traded_on:
                shares = f"{where}.shares" if ".pending" in where else f"{where}.issued"
                cells = [f"{trade}.traded_on", f"{where}.changed_on", f"{trade}.shares", shares]
                yield pinning("a trade stands in Section I with its day and number", cells, _same_trade, confirms=True)
                priced = (f"{trade}.shares", f"{where}.price", f"{trade}.total")
                yield Identity("the price in Section I is the average paid", priced, is_average, pins=priced[1:2], confirms=True)


def _same_trade(values: Sequence[Any]) -> bool | None:
    traded, listed, shares, number = values
    return None if None in values else (traded, shares) == (listed, abs(number)) and shares > 0


def _stock_codes(document: NextDayReturn) -> Iterator[Identity]:
    blocks = [
        (block.heading.code, f"{field}[{number}].heading.stock_code")
        for field in ("sections", "repurchases", "treasury_sales")
        for number, block in enumerate(getattr(document, field))
    ]
    for code in dict.fromkeys(code for code, _ in blocks):
        paths = [path for each, path in blocks if each == code]
        if len(paths) > 1:
            yield pinning("a class has one stock code", paths, same)
