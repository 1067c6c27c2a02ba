"""A spreadsheet read as facts: its sheet and columns found, its rows read, the fills of a day made one report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from domain import events
from domain.capital.entries import Draft
from domain.errors import Message
from domain.events import Event
from domain.events.buy_backs import TradedShares
from infrastructure.files.spreadsheets import concepts
from infrastructure.files.spreadsheets.columns import Match, match, plain
from infrastructure.files.spreadsheets.fills import DayReport, DayReports, NoTrade
from infrastructure.files.spreadsheets.remembered import Remembered
from infrastructure.files.spreadsheets.rows import (
    CellProblem,
    Directions,
    LeftOut,
    Progress,
    ReadRow,
    RowReader,
    lacking,
    missing,
)
from infrastructure.files.spreadsheets.sheets import NoSheet, Sheet, read_sheets
from infrastructure.readers import values


@attrs.frozen(eq=False)
class ReadSheet:
    """What a sheet says: its columns, the facts with the row of each, what was assumed and left out, and what is wrong.

    `kind_because` says why its rows are taken for one kind of fact; None if each says its own, or it was stated.
    """

    sheet: Sheet
    match: Match
    kind: type[Event] | None
    kind_because: str | None
    assumed: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    reports: tuple[DayReport, ...]
    drafts: tuple[Draft, ...]
    places: tuple[str, ...]
    problems: tuple[CellProblem, ...]
    rows: int


def _counted(rows: Iterable[int], _: int) -> Iterable[int]:
    return rows


def read_facts(
    name: str,
    content: bytes,
    directions: Directions,
    *,
    recorded_by: str,
    classes: Mapping[str, str | None],
    remembered: Remembered,
    progress: Progress = _counted,
) -> ReadSheet:
    """The facts of a spreadsheet. `classes` are those of the book, with their stock codes. Raises NoSheet."""
    sheet, columns = found_in(name, read_sheets(name, content), directions, remembered)
    kind, because = _kind(sheet, columns, directions)
    codes = {code: share_class for share_class, code in classes.items() if code}
    otherwise = next(iter(classes)) if len(classes) == 1 else None
    reader = RowReader(sheet, columns, directions, kind, codes, otherwise)
    read = list(reader.read(progress))
    problems = reader.problems
    reports, single = _sorted_out(sheet, columns, read, problems)
    drafts = list(_drafts(name, sheet, reports, single, recorded_by, problems))
    _check_totals(sheet, columns, reader, read)
    return ReadSheet(
        sheet=sheet,
        match=columns,
        kind=kind,
        kind_because=because,
        assumed=(*_assumed(columns, directions, read, otherwise), *_hidden(sheet, read)),
        left_out=tuple(sorted(reader.left_out, key=lambda each: each.row)),
        reports=tuple(reports),
        drafts=tuple(draft for draft, _ in drafts),
        places=tuple(place for _, place in drafts),
        problems=tuple(problems),
        rows=len(read),
    )


# --- the sheet and its columns --------------------------------------------------------------------------------------


def found_in(name: str, sheets: Sequence[Sheet], directions: Directions, remembered: Remembered) -> tuple[Sheet, Match]:
    """The sheet that is meant, with its columns. Raises NoSheet if there is none, or several."""
    meant = [each for each in sheets if directions.sheet in (None, each.name)]
    if not meant:
        raise NoSheet(f"{name}: there is no sheet {directions.sheet}; sheets: {', '.join(each.name for each in sheets)}")
    matched = [(each, found) for each in meant if (found := match(each, directions.given, remembered)) is not None]
    fitting = [(each, found) for each, found in matched if found.column(concepts.SHARES) or found.undecided] or matched
    if not fitting:
        raise NoSheet(f"{name}: no row has the heads of columns, such as Trade date, Quantity and Price")
    if len(fitting) > 1:
        raise NoSheet(f"{name}: several sheets have facts; choose with --sheet: {', '.join(each.name for each, _ in fitting)}")
    if undecided := fitting[0][1].undecided:
        raise NoSheet([f"{fitting[0][0].file}: {line}" for line in undecided])
    return fitting[0]


_OF_PURCHASES = ("bought", "purchas", "repurchas", "buy back", "buyback", "購回", "购回", "回購", "回购")


def _kind(sheet: Sheet, columns: Match, directions: Directions) -> tuple[type[Event] | None, str | None]:
    """The kind of fact that all rows are, and why that is thought; None if each row says, or nothing does."""
    if directions.kind is not None:
        return directions.kind, None
    if columns.column(concepts.EVENT) is not None:
        return None, None
    if (side := columns.column(concepts.SIDE)) is not None:
        return events.SharesRepurchased, f"column {side.letters} says which were bought"
    above = (value for row in sheet.rows[: columns.head_row] for value in row if isinstance(value, str))
    for text in (*(each.head for each in columns.columns), *above):
        if any(word in plain(text) for word in _OF_PURCHASES):
            return events.SharesRepurchased, f'the sheet says "{text.strip()[:60]}"'
    return None, None


# --- from rows to facts ---------------------------------------------------------------------------------------------


def _sorted_out(
    sheet: Sheet, columns: Match, read: Sequence[ReadRow], problems: list[CellProblem]
) -> tuple[list[DayReport], list[ReadRow]]:
    """The rows of trades as reports of their days, and the others as they are."""
    reports, single = DayReports(), []
    for row in read:
        if not issubclass(row.kind, TradedShares):
            single.append(row)
            continue
        if unsaid := [field for field in (concepts.DAY, concepts.SHARES) if field not in row.said]:
            problems.extend(lacking(sheet, columns, row.row, field) for field in unsaid)
            continue
        try:
            reports.add(row)
        except NoTrade as error:
            column = columns.column(concepts.AMOUNT) or columns.column(concepts.PRICE) or columns.column(concepts.SHARES)
            cell = sheet.cell(row.row, column.at if column else 0)
            problems.append(CellProblem(cell, "trade", str(error), "correct the number, the price or the amount of these rows"))
    return list(reports), single


def _drafts(
    name: str,
    sheet: Sheet,
    reports: Iterable[DayReport],
    single: Iterable[ReadRow],
    recorded_by: str,
    problems: list[CellProblem],
) -> Iterator[tuple[Draft, str]]:
    for report in reports:
        try:
            said = report.written()
        except ValueError as error:
            repair = "correct the prices and amounts of this day"
            problems.append(CellProblem(sheet.cell(report.first, 0), "trades", str(error), repair))
            continue
        rows = f"row {report.first + 1}" if report.first == report.last else f"rows {report.first + 1} to {report.last + 1}"
        yield from _draft(name, sheet, report.kind, said, report.first, rows, recorded_by, problems)
    for row in single:
        said = dict(row.said)
        quantity = _quantity_field(row.kind)
        if concepts.SHARES in said and quantity not in (None, concepts.SHARES):
            said[str(quantity)] = said.pop(concepts.SHARES)
        known = values.types_of(row.kind)
        said = {field: value for field, value in said.items() if field in (*known, "source")}
        yield from _draft(name, sheet, row.kind, said, row.row, f"row {row.row + 1}", recorded_by, problems)


def _quantity_field(kind: type[Event]) -> str | None:
    """The field of an event that holds its number: shares, options, awards."""
    known = values.types_of(kind)
    return next(
        (field for field in ("shares", "options", "awards", "warrants", "number", "shares_taken") if field in known), None
    )


def _draft(
    name: str,
    sheet: Sheet,
    kind: type[Event],
    said: Mapping[str, Any],
    row: int,
    rows: str,
    recorded_by: str,
    problems: list[CellProblem],
) -> Iterator[tuple[Draft, str]]:
    said = dict(said)
    source = said.pop("source", None)
    event, wrong = values.build(kind, said)
    if event is None:
        cell = sheet.cell(row, 0)
        problems.extend(
            CellProblem(cell, field, message, missing(field) if _is_missing(message) else f"correct {field} in these rows")
            for field, message in wrong
        )
        return
    place = f"{sheet.file}:{row + 1}"
    yield Draft(event=event, recorded_by=recorded_by, source=source or f"{name.rpartition('/')[2]}, {rows}"), place


def _is_missing(message: Message) -> bool:
    return isinstance(message, str) and message.startswith("missing")


# --- what is said of it ---------------------------------------------------------------------------------------------


def _check_totals(sheet: Sheet, columns: Match, reader: RowReader, read: Sequence[ReadRow]) -> None:
    """A total under the rows is compared with their sum, from the total before or from all of them."""
    column = columns.column(concepts.SHARES)
    before = -1
    for row, total in reader.totals:
        sums = {
            sum(each.said.get(concepts.SHARES, 0) for each in read if start < each.row < row)
            for start in (before, columns.head_row)
        }
        before = row
        if total in sums:
            reader.left_out.append(LeftOut(row, f"a total, {total:,}, equal to the sum of its rows"))
        elif not reader.problems and column is not None:
            cell = sheet.cell(row, column.at)
            found = " or ".join(f"{each:,}" for each in sorted(sums))
            message = f"expected a total of {found}, as the rows come to, got {total:,}"
            reader.problems.append(CellProblem(cell, concepts.SHARES, message, "look for a row that is missing or counted twice"))


def _hidden(sheet: Sheet, read: Sequence[ReadRow]) -> Iterator[str]:
    if rows := [row.row + 1 for row in read if row.row in sheet.hidden]:
        yield f"rows that the sheet hides count too: {', '.join(map(str, rows[:MOST]))}{' and more' if len(rows) > MOST else ''}"


MOST = 8
"""Of more hidden rows, the first are named."""


def _assumed(columns: Match, directions: Directions, read: Sequence[ReadRow], otherwise: str | None) -> Iterator[str]:
    kinds = {row.kind for row in read}
    traded = any(issubclass(kind, TradedShares) for kind in kinds)
    said = {each.field for each in columns.columns} | set(directions.stated)
    if traded and "method" not in said:
        yield "traded on the Exchange, as no column says how"
    if otherwise and "share_class" not in said and any("share_class" in values.types_of(kind) for kind in kinds):
        yield f"class {otherwise}, the only one of the book"
