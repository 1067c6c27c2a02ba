"""From the rows of a sheet to what each says: fields read from their cells, and every cell that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import attrs

from domain import events
from domain.errors import Message, Worded
from domain.events import Event
from domain.values import Money
from infrastructure.files.spreadsheets import concepts, written
from infrastructure.files.spreadsheets.columns import Match, SheetColumn
from infrastructure.files.spreadsheets.kinds import kind_of, no_kind
from infrastructure.files.spreadsheets.sheets import Sheet, Value, is_blank
from infrastructure.readers import values
from infrastructure.readers.values import quoted

Progress = Callable[[Iterable[int], int], Iterable[int]]
"""Shows how far a count of so many has come."""


@attrs.frozen
class CellProblem:
    """What is wrong in a cell, and how it is put right: cells of one repair are reported together."""

    cell: str
    field: str
    message: Message
    repair: str


@attrs.frozen
class LeftOut:
    """A row that is no fact, counted from 0, and why."""

    row: int
    why: str


@attrs.frozen
class Directions:
    """What is said of a sheet beside it: columns by field (`--map`), values of all rows (`--set`), kind, order of days."""

    given: Mapping[str, str] = attrs.field(factory=dict)
    stated: Mapping[str, str] = attrs.field(factory=dict)
    kind: type[Event] | None = None
    order: str | None = None
    sheet: str | None = None


@attrs.frozen(eq=False)
class ReadRow:
    """A row that says something: its kind of fact, and its values by field."""

    row: int
    kind: type[Event]
    said: Mapping[str, Any]


@attrs.define(eq=False)
class RowReader:
    """Reads the rows of one sheet. `codes` are the classes of the book by stock code; `otherwise` the class meant without one."""

    sheet: Sheet
    match: Match
    directions: Directions
    kind: type[Event] | None
    codes: Mapping[str, str]
    otherwise: str | None
    problems: list[CellProblem] = attrs.field(factory=list)
    left_out: list[LeftOut] = attrs.field(factory=list)
    totals: list[tuple[int, int]] = attrs.field(factory=list)

    def read(self, progress: Progress) -> Iterator[ReadRow]:
        """Every row below the heads that says something; the problems of the others are kept."""
        first, end = self.match.head_row + 1, len(self.sheet.rows)
        columns = {each.field: each for each in self.match.columns if each.field is not None}
        for row in progress(range(first, end), end - first):
            cells = self.sheet.rows[row]
            present = {
                field: (column, cells[column.at])
                for field, column in columns.items()
                if column.at < len(cells) and not _says_nothing(cells[column.at])
            }
            if (said := self._row(row, cells, present)) is not None:
                yield said

    # --- one row ----------------------------------------------------------------------------------------------------

    def _row(self, row: int, cells: Sequence[Value], present: Mapping[str, tuple[SheetColumn, Value]]) -> ReadRow | None:
        day = present.get(concepts.DAY, (None, None))[1]
        if (day is None or (isinstance(day, str) and _is_total(day))) and self._is_no_row(row, cells, present):
            return None
        if (why := self._passed_over(row, present)) is not None:
            self.left_out.append(LeftOut(row, why))
            return None
        before = len(self.problems)
        kind = self._kind(row, present)
        said = {field: value for field, value in self._values(row, kind, present) if value is not None} if kind else {}
        return ReadRow(row, kind, said) if kind is not None and len(self.problems) == before else None

    def _is_no_row(self, row: int, cells: Sequence[Value], present: Mapping[str, tuple[SheetColumn, Value]]) -> bool:
        """Whether a row without a day is none of the table: blank, a total, or words under it."""
        texts = [value for value in cells if not is_blank(value)]
        if not texts:
            return True
        if concepts.SHARES not in present:
            self.left_out.append(LeftOut(row, f"no day and no number: {quoted(str(texts[0])[:40])}"))
            return True
        if any(isinstance(text, str) and _is_total(text) for text in texts[:2]):
            column, value = present[concepts.SHARES]
            total = self._read(row, column, concepts.SHARES, written.whole, value)
            if isinstance(total, int):
                self.totals.append((row, total))
            return True
        return False

    def _passed_over(self, row: int, present: Mapping[str, tuple[SheetColumn, Value]]) -> str | None:
        """Why a row is left out: it was never done, or is of another security."""
        if concepts.STATUS in present:
            column, value = present[concepts.STATUS]
            status = str(value).strip().casefold()
            if status in NOT_DONE:
                return f"{column.head} {quoted(str(value))}"
            if status not in DONE:
                self._wrong(
                    row, column.at, concepts.STATUS, f"expected done or cancelled, got {quoted(str(value))}", REPAIR_STATUS
                )
        if concepts.STOCK_CODE in present and self.codes:
            code = stock_code_of(present[concepts.STOCK_CODE][1])
            if code is not None and code not in self.codes:
                return f"another security, {code}"
        return None

    def _kind(self, row: int, present: Mapping[str, tuple[SheetColumn, Value]]) -> type[Event] | None:
        if concepts.EVENT in present and self.directions.kind is None:
            column, value = present[concepts.EVENT]
            word = self._read(row, column, concepts.EVENT, written.words, value)
            kind = kind_of(word or "")
            if kind is None and word is not None:
                self._wrong(row, column.at, concepts.EVENT, Worded(no_kind, (word,)), _repair(concepts.EVENT, ""))
        else:
            kind = self.kind
            if kind is None:
                self._wrong(row, 0, concepts.EVENT, "expected a kind of fact", REPAIR_EVENT)
        self._check_side(row, kind, present)
        return kind

    def _check_side(self, row: int, kind: type[Event] | None, present: Mapping[str, tuple[SheetColumn, Value]]) -> None:
        if kind is None or concepts.SIDE not in present or kind not in SIDES:
            return
        column, value = present[concepts.SIDE]
        wanted, side = SIDES[kind], _SIDE_WORDS.get(str(value).strip().casefold())
        if side != wanted:
            got = f"expected a {'purchase' if wanted == BUY else 'sale'}, got {quoted(str(value))}"
            self._wrong(row, column.at, concepts.SIDE, got, REPAIR_SIDE)

    def _values(self, row: int, kind: type[Event], present: Mapping[str, tuple[SheetColumn, Value]]) -> Iterator[tuple[str, Any]]:
        """The values of a row by the fields of its kind, and those of a trade that no event has."""
        own = set(present) - ABOUT_ROWS
        for field in own:
            column, value = present[field]
            yield field, self._read(row, column, field, self._reader(row, kind, field, column, present), value)
        for field, text in self.directions.stated.items():
            if field not in own and field not in ABOUT_ROWS:
                yield field, self._read(row, None, field, self._reader(row, kind, field, None, present), text)
        if "share_class" in values.types_of(kind) and "share_class" not in own and "share_class" not in self.directions.stated:
            code = stock_code_of(present[concepts.STOCK_CODE][1]) if concepts.STOCK_CODE in present else None
            yield "share_class", self.codes.get(code or "", self.otherwise)

    def _reader(
        self,
        row: int,
        kind: type[Event],
        field: str,
        column: SheetColumn | None,
        present: Mapping[str, tuple[SheetColumn, Value]],
    ) -> Callable[[Value], Any]:
        if field in (concepts.SHARES, *_AMOUNTS):
            hint: Any = int if field == concepts.SHARES else Money
        else:
            hint = values.types_of(kind).get(field, str)
        if hint is date:
            return partial(written.day, order=self.directions.order)
        if hint is Money:
            return partial(written.money, otherwise=self._currency(row, column, present))
        return _BY_TYPE.get(hint, written.words)

    def _currency(self, row: int, column: SheetColumn | None, present: Mapping[str, tuple[SheetColumn, Value]]) -> str | None:
        """The currency of a row's amounts: its own, that of the head of the column, or the one stated."""
        if concepts.CURRENCY in present:
            its, value = present[concepts.CURRENCY]
            found: str | None = self._read(row, its, concepts.CURRENCY, written.currency, value)
            return found
        return (column.currency if column else None) or self.directions.stated.get(concepts.CURRENCY)

    # --- what cannot be read ----------------------------------------------------------------------------------------

    def _read(self, row: int, column: SheetColumn | None, field: str, reader: Callable[[Value], Any], value: Value) -> Any:
        try:
            return reader(value)
        except ValueError as error:
            self._wrong(row, column.at if column else None, field, str(error), _repair(field, str(error)))
            return None

    def _wrong(self, row: int, at: int | None, field: str, message: Message, repair: str) -> None:
        cell = self.sheet.cell(row, at) if at is not None else f"--set {field}"
        problem = CellProblem(cell, field, message, repair)
        # What is stated for all rows is wrong once.
        if at is not None or problem not in self.problems:
            self.problems.append(problem)


_NOTHING = frozenset(("n/a", "-", "–", "—"))


def _says_nothing(value: Value) -> bool:
    """Whether a cell is blank, or says that there is nothing to say."""
    return is_blank(value) or (isinstance(value, str) and value.strip().casefold() in _NOTHING)


# --- words ----------------------------------------------------------------------------------------------------------

BUY, SELL = "buy", "sell"
SIDES: Mapping[type[Event], str] = {events.SharesRepurchased: BUY, events.TreasurySharesSold: SELL}
_SIDE_WORDS: Mapping[str, str] = {
    **dict.fromkeys(
        ("b", "buy", "bot", "bought", "purchase", "purchased", "repurchase", "買", "买", "買入", "买入", "買進", "购回", "購回"),
        BUY,
    ),
    **dict.fromkeys(("s", "sell", "sld", "sold", "sale", "賣", "卖", "賣出", "卖出", "沽", "沽出"), SELL),
}
DONE = frozenset((
    "done", "filled", "executed", "fully filled", "partially filled", "partial fill", "complete", "completed", "settled",
    "confirmed", "matched",
    "ok", "成交", "已成交", "全部成交", "部分成交", "完成", "已完成",
))  # fmt: skip
NOT_DONE = frozenset((
    "cancelled", "canceled", "cancel", "rejected", "expired", "busted", "void", "voided", "deleted",
    "unfilled", "pending", "new", "open",
    "已取消", "取消", "已撤銷", "已撤销", "撤單", "撤单", "未成交", "待成交",
))  # fmt: skip

ABOUT_ROWS = frozenset((concepts.CURRENCY, concepts.SIDE, concepts.STOCK_CODE, concepts.EVENT, concepts.STATUS))
"""What says something of a row, and is no value of its fact."""

_AMOUNTS = (concepts.PRICE, concepts.HIGHEST, concepts.LOWEST, concepts.AMOUNT)
_BY_TYPE: Mapping[Any, Callable[[Value], Any]] = {int: written.whole, Decimal: written.decimal}
_TOTALS = (
    "total",
    "sub-total",
    "subtotal",
    "sub total",
    "grand total",
    "合計",
    "合计",
    "總計",
    "总计",
    "小計",
    "小计",
    "總數",
    "总数",
)


def _is_total(text: str) -> bool:
    return text.strip().casefold().startswith(_TOTALS)


def stock_code_of(value: Value) -> str | None:
    """The five digits of a stock code as brokers write it: 20, 0020.HK, 20 HK Equity, HKG:0020. None if it is none."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    digits = [word for word in text.upper().replace(".", " ").replace(":", " ").replace("-", " ").split() if word.isdecimal()]
    return digits[0].zfill(5) if len(digits) == 1 and digits[0].isascii() and len(digits[0]) <= 5 else None


# --- repairs --------------------------------------------------------------------------------------------------------

REPAIR_STATUS = "remove these rows, or write whether they were done"
REPAIR_SIDE = "remove these rows, or say what they are with --event"
REPAIR_EVENT = "say what happened with --event, such as --event shares-repurchased, or name its column with --map event=…"
_REPAIRS: Mapping[str, str] = {
    written.NO_ORDER: "say in which order days are written: --dates dmy, --dates mdy or --dates ymd",
    written.NO_CURRENCY: "say in which currency: --set currency=HKD",
}


def _repair(field: str, message: str) -> str:
    return next((repair for said, repair in _REPAIRS.items() if message.startswith(said)), f"correct {field} in these cells")


def lacking(sheet: Sheet, columns: Match, row: int, field: str) -> CellProblem:
    """The message for a field that a row lacks: its cell is empty, or no column has it."""
    if (column := columns.column(field)) is not None:
        return CellProblem(sheet.cell(row, column.at), field, "empty", f"fill in {field} in these cells; {_OF_A_FORMULA}")
    return CellProblem(sheet.cell(row, 0), field, "missing", missing(field))


def missing(field: str) -> str:
    """How a field is given that no row has."""
    return f"say it for all rows with --set {field}=…, or name its column with --map {field}=…"


_OF_A_FORMULA = "a formula has a value once a spreadsheet program has saved the file"
