"""Readers of files stop at a stated size, and say which: a small file can be made that unpacks, or spreads, without end."""

from __future__ import annotations

import io
import struct
import zipfile

import pypdfium2
import pytest
import xlsxwriter

from domain.errors import BadInput
from infrastructure.files.published.sources import html, source_of
from infrastructure.files.spreadsheets import sheets
from infrastructure.files.spreadsheets.sheets import read_sheets
from infrastructure.readers import poll_results
from infrastructure.readers.records import read_records

BESIDE = (20_000, 16_383)
"""The row and the column of a lone cell, counted from 0: XFD20001. To it a sheet has 20,001 × 16,384 = 327,696,384 cells."""


def workbook(*far: tuple[int, int]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet("Fills")
        page.write_row(0, 0, ["Trade date", "Quantity", "Price"])
        for place in far:
            page.write(*place, "x")
    return content.getvalue()


def binary_workbook(*cells: tuple[int, int]) -> bytes:
    """A workbook of Excel's binary format, made of the records of MS-XLSB 2.4: 7.5 in each cell, by its row and column from 0."""
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    of_sheets = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    relation = f'<Relationship Id="rId1" Type="{of_sheets}" Target="worksheets/sheet1.bin"/>'
    named = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Fills")
    book = [_record(131), _record(143), _record(156, named), _record(144), _record(132)]
    written = [(_record(0, struct.pack("<I13x", row)), _record(5, struct.pack("<IId", column, 0, 7.5))) for row, column in cells]
    sheet = [_record(129), _record(148, bytes(16)), _record(145), *(part for each in written for part in each), _record(146)]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{relations}">{relation}</Relationships>')
        packed.writestr("xl/workbook.bin", b"".join(book))
        packed.writestr("xl/worksheets/sheet1.bin", b"".join(sheet))
    return content.getvalue()


def _record(kind: int, said: bytes = b"") -> bytes:
    return (bytes([kind]) if kind < 128 else bytes([kind % 128 + 128, kind // 128])) + bytes([len(said)]) + said


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def test_a_binary_workbook_is_read():
    """A sheet of 101 rows to column KO: the number of a column, and the length of a record, may take more than one byte."""
    (sheet,) = read_sheets("f.xlsb", binary_workbook((0, 0), (100, 300)))
    assert (sheet.name, len(sheet.rows), len(sheet.rows[0]), sheet.rows[100][300]) == ("Fills", 101, 301, 7.5)


def with_a_false_size(content: bytes) -> bytes:
    """A workbook whose sheet is said to unpack to ten bytes."""
    false = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        place = content.index(b"xl/worksheets/sheet1.xml", packed.start_dir) - 46
    # The length before packing stands 24 bytes into an entry of the directory.
    struct.pack_into("<I", false, place + 24, 10)
    return bytes(false)


def pdf(pages: int) -> bytes:
    document, content = pypdfium2.PdfDocument.new(), io.BytesIO()
    for _ in range(pages):
        document.new_page(595, 842)
    document.save(content)
    return content.getvalue()


def page(cells: int) -> bytes:
    return b"<html><table><tr>" + b"<td>1</td>" * cells + b"</tr></table></html>"


@pytest.mark.parametrize(
    ("read", "content", "said"),
    [
        pytest.param(
            lambda content: read_sheets("f.csv", content),
            b"a\n" * 1_048_577,
            "f.csv: expected at most 1,048,576 rows, as many as a sheet of Excel has",
            id="rows of a CSV",
        ),
        pytest.param(
            lambda content: read_sheets("f.xlsx", content),
            workbook(BESIDE),
            "f.xlsx: expected at most 40,000,000 cells; delete what is far below the table or beside it",
            id="cells of a workbook",
        ),
        pytest.param(
            lambda content: read_sheets("f.xlsb", content),
            binary_workbook((0, 0), BESIDE),
            "f.xlsb: expected at most 40,000,000 cells; delete what is far below the table or beside it",
            id="cells of a binary workbook",
        ),
        pytest.param(
            lambda content: read_sheets("f.xlsb", content),
            binary_workbook((0, 0), (1_048_576, 0)),
            "f.xlsb: expected at most 1,048,576 rows, as many as a sheet of Excel has",
            id="rows of a binary workbook",
        ),
        pytest.param(
            lambda content: read_sheets("f.xlsx", content),
            with_a_false_size(workbook()),
            "f.xlsx: expected an Excel workbook: Bad CRC-32 for file 'xl/worksheets/sheet1.xml'",
            id="a workbook that is larger than it says",
        ),
        pytest.param(
            lambda content: source_of(content, "f.html"),
            b"<" * 20_000_001,
            "f.html: expected a return of at most 20,000,000 bytes, got 20,000,001",
            id="bytes of a return",
        ),
        pytest.param(
            lambda content: source_of(content, "f.pdf"),
            pdf(501),
            "f.pdf: expected a return of at most 500 pages, got 501",
            id="pages of a PDF",
        ),
        pytest.param(
            lambda content: poll_results.read_poll_results("f.txt", content),
            b" " * 2_000_001,
            "f.txt: expected a text of at most 2,000,000 bytes, got 2,000,001",
            id="bytes of poll results",
        ),
    ],
)
def test_a_file_beyond_the_stated_size_is_refused_with_it(read, content, said):
    with pytest.raises(BadInput) as refused:
        read(content)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("module", "name", "read", "said"),
    [
        pytest.param(
            sheets,
            "MOST_CELLS",
            lambda: read_sheets("f.csv", b"," * 1_000),
            "f.csv: expected at most 1,000 cells; delete what is far below the table or beside it",
            id="cells of a CSV",
        ),
        pytest.param(
            sheets,
            "LARGEST_UNPACKED",
            lambda: read_sheets("f.xlsx", workbook()),
            "a workbook may have 1,000",
            id="bytes of a workbook, unpacked",
        ),
        pytest.param(
            html,
            "MOST_PIECES",
            lambda: source_of(page(1_001), "f.html"),
            "f.html: expected a return, got a page of more than 1,000 cells",
            id="cells of a page",
        ),
    ],
)
def test_a_file_beyond_a_smaller_size_is_refused_with_that(monkeypatch, module, name, read, said):
    monkeypatch.setattr(module, name, 1_000)
    with pytest.raises(BadInput) as refused:
        read()
    assert str(refused.value).endswith(said)


@pytest.mark.parametrize("name", ["f.jsonl", "f.json"])
def test_a_line_of_facts_beyond_the_stated_length_is_a_problem_of_its_line(name):
    (problem,) = read_records(name, b"\n" + b"x" * 1_000_001, recorded_by="clerk").problems
    assert str(problem) == f"{name}:2: expected a line of at most 1,000,000 characters, got 1,000,001"
