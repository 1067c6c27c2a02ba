"""Purchases as a sheet has them: a broker's file, or the Exchange's list of what issuers reported that they bought back.

The list has a row for each issuer, stock code and trading day; what it adds of the mandate stands in two columns of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs

from domain.events import SharesRepurchased
from domain.returns.purchases import Bought, Day, bought
from infrastructure.files.spreadsheets import concepts, written
from infrastructure.files.spreadsheets.columns import Match, SheetColumn, plain
from infrastructure.files.spreadsheets.fills import DayReport, DayReports, NoTrade
from infrastructure.files.spreadsheets.reading import found_in
from infrastructure.files.spreadsheets.rows import CellProblem, Directions, RowReader, lacking
from infrastructure.files.spreadsheets.sheets import NoSheet, Sheet, Value, read_sheets

_CALLED = {concepts.DAY: "trading days", concepts.SHARES: "numbers of shares"}


@attrs.frozen(eq=False)
class PurchaseSheet:
    """What a sheet says was bought of the classes of one issuer on each day, and of which days it would say something."""

    file: str
    match: Match
    bought: Mapping[Day, Bought]
    days: frozenset[date]
    others: int
    problems: tuple[CellProblem, ...]


def read_purchases(name: str, content: bytes, classes: Mapping[str, str | None], order: str | None = None) -> PurchaseSheet:
    """The purchases in a sheet of the classes of a book, given with their stock codes. Raises NoSheet.

    `order` is that of days written in numbers: dmy, mdy or ymd.

    A sheet with rows of other issuers is of the day that most of its rows are of, for some report late; one that is of one issuer
    is of every day from its first to its last.
    """
    directions = Directions(kind=SharesRepurchased, order=order)
    sheet, columns = found_in(name, read_sheets(name, content), directions, {})
    for field in (concepts.DAY, concepts.SHARES):
        if columns.column(field) is None:
            seen = "; ".join(f"{each.head} ({each.why})" for each in columns.columns)
            raise NoSheet(f"{sheet.file}: expected a column of {_CALLED[field]}; columns: {seen}")
    codes = {code: share_class for share_class, code in classes.items() if code}
    reader = RowReader(sheet, columns, directions, SharesRepurchased, codes, next(iter(classes)) if len(classes) == 1 else None)
    reports, problems, by_row = DayReports(), reader.problems, {}
    for row in reader.read(lambda rows, _: rows):
        unsaid = [field for field in (concepts.DAY, concepts.SHARES, "share_class") if row.said.get(field) is None]
        problems += [lacking(sheet, columns, row.row, field) for field in unsaid]
        if not unsaid:
            try:
                reports.add(row)
            except NoTrade as error:
                problems.append(CellProblem(sheet.cell(row.row, 0), "trade", str(error), "correct the figures of these rows"))
            by_row[row.said[concepts.DAY], row.said["share_class"]] = row.row
    by_day = dict(_by_day(list(reports)))
    said = {day: attrs.evolve(each, **_of_the_mandate(sheet, columns, by_row[day])) for day, each in by_day.items()}
    others = [each.row for each in reader.left_out if each.why.startswith("another security")]
    return PurchaseSheet(sheet.file, columns, said, _days_of(sheet, columns, others, said, order), len(others), tuple(problems))


def _by_day(reports: Sequence[DayReport]) -> Iterator[tuple[Day, Bought]]:
    days = dict.fromkeys((each.on, dict(each.further)["share_class"]) for each in reports)
    for day in days:
        own = [each for each in reports if (each.on, dict(each.further)["share_class"]) == day]
        yield day, bought(trade for each in own for trade in each.trades)


def _days_of(
    sheet: Sheet, columns: Match, others: Sequence[int], said: Mapping[Day, Bought], order: str | None
) -> frozenset[date]:
    own = sorted({on for on, _ in said})
    if not others:
        return frozenset(own[0] + timedelta(days=each) for each in range((own[-1] - own[0]).days + 1)) if own else frozenset()
    counted = Counter(day for row in others if (day := _day(sheet, columns, row, order)) is not None)
    counted.update(on for on, _ in said)
    most = max(counted.values(), default=0)
    return frozenset((*own, *(day for day, count in counted.items() if count == most)))


def _day(sheet: Sheet, columns: Match, row: int, order: str | None) -> date | None:
    column = columns.column(concepts.DAY)
    try:
        return written.day(_value(sheet, row, column), order) if column is not None else None
    except ValueError:
        return None


# --- What was bought under the mandate ------------------------------------------------------------------------------


# In the list of eleven columns, and in that of fourteen with treasury shares; secondary: both as public programs read them.
_OF_THE_MANDATE = ("resolution", "year to date", "under the repurchase mandate")


def _of_the_mandate(sheet: Sheet, columns: Match, row: int) -> dict[str, Any]:
    """The shares bought since the resolution, and their percentage, where the sheet has columns of them."""
    found: dict[str, Any] = {}
    for column in columns.columns:
        head, value = plain(column.head), _value(sheet, row, column)
        if not any(said in head for said in _OF_THE_MANDATE):
            continue
        try:
            if head.startswith(("percent", "of number")) or "percent" in head.split():
                found["percent"] = Decimal(written.decimal(value.strip(" %") if isinstance(value, str) else value))
            else:
                found["used"] = written.whole(value)
        except ValueError:
            continue
    return found


def _value(sheet: Sheet, row: int, column: SheetColumn | None) -> Value:
    cells = sheet.rows[row]
    return cells[column.at] if column is not None and column.at < len(cells) else None
