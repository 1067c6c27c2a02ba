"""From a file to its cells: CSV by the standard library, workbooks of Excel by calamine."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from typing import IO, Any, cast

import attrs

from domain import errors

Value = str | int | float | bool | date | datetime | time | timedelta | None
"""What a cell may hold. An empty one is None or an empty text."""

WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".xlsb")

LARGEST_UNPACKED = 600_000_000
"""A workbook is a ZIP: one that unpacks to more bytes than this is refused before it is."""

MOST_ROWS = 1_048_576
"""As many rows as a sheet of Excel has."""

MOST_CELLS = 40_000_000
"""A sheet is kept whole, from its first cell to the last row and the last column of any."""

_DELIMITERS = ",;\t|"


class NoSheet(errors.BadInput):
    """A file that is not a spreadsheet, or has no such sheet."""


@attrs.frozen(eq=False)
class Sheet:
    """The rows of a sheet as they are numbered on the screen, from 1. `file` is what messages call it: `trades.xlsx:Fills`.

    `hidden` are rows, counted from 0, that are not shown, as where a filter is set: only a workbook in XML (.xlsx) says which.
    """

    file: str
    name: str
    rows: Sequence[Sequence[Value]]
    hidden: frozenset[int] = frozenset()

    def cell(self, row: int, column: int) -> str:
        """A cell as people name it: `trades.xlsx:Fills!B7`, or `trades.csv:B7`. Both are counted from 0."""
        return f"{self.file}{'!' if self.name else ':'}{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """The letters over a column, counted from 0: A, Z, AA."""
    high, low = divmod(column, 26)
    return (letters(high - 1) if high else "") + chr(ord("A") + low)


def is_blank(value: Value) -> bool:
    """Whether a cell has nothing in it."""
    return value is None or (isinstance(value, str) and not value.strip())


def read_sheets(name: str, content: bytes) -> list[Sheet]:
    """The sheets of a file that a reader sees; the one of a CSV has no name. Raises NoSheet."""
    if PurePath(name).suffix.lower() in WORKBOOKS:
        return list(_workbook(name, content))
    return [Sheet(name, "", _csv(name, content))]


def _csv(name: str, content: bytes) -> list[list[str]]:
    # What Excel calls Unicode text begins with this mark.
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NoSheet(f"{name}:{line}: expected text in UTF-8; in Excel save it as CSV UTF-8, or give the workbook") from None
    try:
        return list(_bounded(name, csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)))
    except csv.Error as error:
        raise NoSheet(f"{name}: expected comma-separated values: {error}") from None


def _bounded(name: str, rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The rows of a file, as far as a sheet goes. Raises NoSheet."""
    cells = 0
    for number, row in enumerate(rows, 1):
        cells += len(row)
        _check_extent(name, number, cells)
        yield row


def _check_extent(name: str, rows: int, cells: int) -> None:
    if rows > MOST_ROWS:
        raise NoSheet(f"{name}: expected at most {MOST_ROWS:,} rows, as many as a sheet of Excel has")
    if cells > MOST_CELLS:
        raise NoSheet(f"{name}: expected at most {MOST_CELLS:,} cells; delete what is far below the table or beside it")


def _delimiter(text: str) -> str:
    """The character that parts most of the first lines into most cells."""
    head = text.splitlines()[:30]
    return max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in head))


def _workbook(name: str, content: bytes) -> Iterator[Sheet]:
    _check_size(name, content)
    hidden = _hidden_rows(content)
    # Its library is needed for workbooks alone.
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [
            each.name
            for each in book.sheets_metadata
            if each.visible == SheetVisibleEnum.Visible and each.typ == SheetTypeEnum.WorkSheet
        ]
        for each in shown:
            rows = book.get_sheet_by_name(each).to_python(skip_empty_area=False)
            yield Sheet(f"{name}:{each}", each, rows, hidden.get(each, frozenset()))
    except (CalamineError, ValueError, OSError) as error:
        raise NoSheet(f"{name}: expected an Excel workbook, without a password: {error}") from None


def _check_size(name: str, content: bytes) -> None:
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(each.file_size for each in packed.infolist())
            if unpacked > LARGEST_UNPACKED:
                raise NoSheet(f"{name}: unpacks to {unpacked:,} bytes; a workbook may have {LARGEST_UNPACKED:,}")
            binary = _binary_parts(packed)
            for each in packed.infolist():
                with io.BufferedReader(cast("Any", packed.open(each)), _AT_ONCE) as sheet:
                    _check_extent(name, *(_binary_extent(sheet) if each.filename in binary else _extent(sheet)))
    except _NO_ZIP as error:
        raise NoSheet(f"{name}: expected an Excel workbook: {error}") from None


_NO_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What reading a ZIP raises where it is damaged, packed in an unknown way, or has a password."""

_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,7})["']""")
_AT_ONCE = 2**20
_LONGEST_CELL = 32
"""A cell's name may lie across the end of what is read at once."""


def _extent(sheet: IO[bytes]) -> tuple[int, int]:
    """How many rows a sheet has to its last cell, and how many cells to the last row and column: two cells make a sheet large."""
    rows = columns = 0
    rest = b""
    while part := sheet.read(_AT_ONCE):
        found = _CELL.findall(rest + part)
        rows = max(rows, *map(int, {row for _, row in found}), 0)
        columns = max(columns, *map(_column, {letters for letters, _ in found}), 0)
        rest = part[-_LONGEST_CELL:]
    return rows, rows * columns


_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHEET, _LINK, _SHEET_ROW = (re.compile(rb"<(?:\w+:)?" + tag + rb"\b[^<>]*>") for tag in (b"sheet", b"Relationship", b"row"))
_TRUE = (b"1", b"true")
_LONGEST_TAG = 2**12
"""The tag of a row may lie across the end of what is read at once."""


def _hidden_rows(content: bytes) -> dict[str, frozenset[int]]:
    """The rows, counted from 0, that each sheet of a workbook in XML does not show, by the name of the sheet."""
    if not content.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = set(packed.namelist())
        if not {_BOOK, _LINKS} <= names:
            return {}
        links = {_said(tag, b"Id"): _said(tag, b"Target").decode(errors="replace") for tag in _LINK.findall(packed.read(_LINKS))}
        found = {}
        for tag in _SHEET.findall(packed.read(_BOOK)):
            target = links.get(_said(tag, rb"\w+:id"), "")
            part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            if part in names:
                with io.BufferedReader(cast("Any", packed.open(part)), _AT_ONCE) as sheet:
                    found[html.unescape(_said(tag, b"name").decode(errors="replace"))] = frozenset(_hidden(sheet))
    return found


def _hidden(sheet: IO[bytes]) -> Iterator[int]:
    rest = b""
    while part := sheet.read(_AT_ONCE):
        text = rest + part
        for tag in _SHEET_ROW.findall(text):
            if _said(tag, b"hidden") in _TRUE and (number := _said(tag, b"r")).isdigit():
                yield int(number) - 1
        begun = text.rfind(b"<", -_LONGEST_TAG)
        rest = text[begun:] if begun > text.rfind(b">", -_LONGEST_TAG) else b""


def _said(tag: bytes, attribute: bytes) -> bytes:
    """What a tag says of an attribute; nothing where it has none."""
    found = re.search(rb"""\s""" + attribute + rb"""\s*=\s*["']([^"']*)["']""", tag)
    return found[1] if found is not None else b""


_RELATIONS = "xl/_rels/workbook.bin.rels"
_TARGET = re.compile(rb"""\bTarget\s*=\s*["']/?([^"']+)["']""")
_ROW, _CELLS = 0, range(1, 12)
"""Records of a binary sheet (MS-XLSB 2.3): one begins a row and has its number, the others are its cells with their columns."""


def _binary_parts(packed: zipfile.ZipFile) -> frozenset[str]:
    """The parts of a binary workbook (.xlsb) that its sheets may be in."""
    names = packed.namelist()
    if _RELATIONS not in names:
        return frozenset()
    targets = tuple(each.decode(errors="replace") for each in _TARGET.findall(packed.read(_RELATIONS)))
    return frozenset(each for each in names if each.endswith(targets) and not each.endswith(".xml"))


def _binary_extent(sheet: IO[bytes]) -> tuple[int, int]:
    """As `_extent`, of a binary sheet."""
    rows = columns = 0
    for kind, said in _records(sheet):
        place = int.from_bytes(said[:4], "little") + 1
        if kind == _ROW:
            rows = max(rows, place)
        elif kind in _CELLS:
            columns = max(columns, place)
    return rows, rows * columns


def _records(part: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The records of a binary part, by kind: before each stand its kind and its length, in bytes of seven bits each."""
    while first := part.read(1):
        kind = first[0] if first[0] < _MORE else first[0] - _MORE + (int.from_bytes(part.read(1)) << 7)
        length = 0
        for place in range(4):
            byte = int.from_bytes(part.read(1))
            length += byte % _MORE << 7 * place
            if byte < _MORE:
                break
        yield kind, part.read(length)


_MORE = 128


def _column(letters: bytes) -> int:
    """The number of a column, counted from 1, by its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
