"""`captable record --file` with spreadsheets: what is understood is shown first, all of a sheet or nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.running import captable, done

HEADS = "Trade Date,Settlement Date,Side,Qty,Price (HK$),Commission"
ROWS = ('13 Mar 2025,15 Mar 2025,B,"2,000",2.48,9', '13 Mar 2025,15 Mar 2025,B,"3,000",2.52,9')
STATED = ("--set", "intention=cancellation", "--set", "class=B")


def sheet(*rows: str, name: str = "broker.csv", heads: str = HEADS) -> str:
    Path(name).write_text("\n".join([heads, *rows]) + "\n", encoding="utf-8")
    return name


def numbers() -> int:
    return len(done("history", "--json").json)


def test_columns_that_nobody_confirmed_are_shown_and_nothing_is_recorded(book):
    before = numbers()
    ran = done("record", "--file", sheet(*ROWS), *STATED)
    assert "B         Settlement Date  another date" in ran.err
    assert "5,000 @ HKD 2.52 to HKD 2.48, on average HKD 2.504 = HKD 12,520 (2 fills)" in ran.err
    assert "Would record entry" in ran.out
    assert "pending cancellation" in ran.out
    assert "nothing was recorded: --yes" in ran.err
    assert numbers() == before
    assert not Path("captable-columns.json").exists()


def test_what_was_confirmed_once_is_recorded_at_once_afterwards(book):
    done("record", "--file", sheet(*ROWS), *STATED, "--yes")
    assert json.loads(Path("captable-columns.json").read_text())["sheets"][0]["columns"]["shares"] == "qty"
    ran = done("record", "--file", sheet("14 Mar 2025,18 Mar 2025,B,100,2.5,1"), *STATED)
    assert "Recorded entry" in ran.out
    assert "remembered" in ran.err
    again = done("record", "--file", "broker.csv", *STATED)
    assert "already recorded as entry" in again.err


def test_a_dry_run_of_confirmed_columns_records_nothing(book):
    done("record", "--file", sheet(*ROWS), *STATED, "--yes")
    before = numbers()
    assert "Would record" in done("record", "--file", sheet("14 Mar 2025,18 Mar 2025,B,100,2.5,1"), *STATED, "--dry-run").out
    assert numbers() == before


def test_a_sheet_that_grew_in_the_afternoon_is_no_second_purchase(book):
    done("record", "--file", sheet(*ROWS[:1]), *STATED, "--yes")
    ran = captable("record", "--file", sheet(*ROWS), *STATED)
    assert ran.code == 3
    assert (
        "13 March 2025: shares repurchased: entry 10 has 2,000, this sheet 5,000; correct the entry, or record both with --beside"
        in ran.err
    )
    assert "Recorded entry 11" in done("record", "--file", "broker.csv", *STATED, "--beside").out


def test_every_bad_cell_is_named_and_those_of_one_repair_stand_together(book):
    before = numbers()
    rows = (
        "13/03/2025,15/03/2025,B,5.5,2.48,9", "14/03/2025,15/03/2025,S,200,2.52,9", "15/03/2025,17/03/2025,B,x,2.52,9",
        "16/03/2025,18/03/2025,B,300,2.52,9",
    )  # fmt: skip
    ran = captable("record", "--file", sheet(*rows), *STATED, "--yes")
    assert ran.code == 2
    assert "say in which order days are written: --dates dmy, --dates mdy or --dates ymd (4 cells)" in ran.err
    assert "  broker.csv:A2: effective_on: expected a day whose order is stated, got 13/03/2025" in ran.err
    assert "  broker.csv:D2: shares: expected a whole number, got 5.5" in ran.err
    assert "  broker.csv:D4: shares: expected a whole number, got x" in ran.err
    assert "  broker.csv:C3: side: expected a purchase, got S" in ran.err
    assert "nothing was recorded" in ran.err
    assert numbers() == before


def test_an_empty_cell_of_a_column_that_is_known_is_named_itself(book):
    ran = captable("record", "--file", sheet(*ROWS, "13 Mar 2025,15 Mar 2025,B,,2.5,9"), *STATED)
    assert ran.code == 2
    assert "broker.csv:D4: shares: empty" in ran.err
    assert (
        "fill in shares in these cells; a formula has a value once a spreadsheet program has saved the file (1 cell)" in ran.err
    )
    assert "--set shares" not in ran.err


def test_two_columns_of_one_head_are_named_by_their_letters(book):
    name = sheet(*(f"{row},7" for row in ROWS), heads=f"{HEADS},Qty")
    ran = captable("record", "--file", name, *STATED)
    assert (ran.code, "D and G may both be it; decide with --map shares=D or --map shares=G" in ran.err) == (2, True), ran.err
    by_head = captable("record", "--file", name, *STATED, "--map", "shares=Qty")
    assert "--map shares: several columns have the head Qty; --map shares=D or --map shares=G" in by_head.err
    assert "5,000 @ HKD 2.52 to HKD 2.48" in done("record", "--file", name, *STATED, "--map", "shares=D").err


def test_a_total_that_its_rows_do_not_come_to_is_an_error_of_its_cell(book):
    ran = captable("record", "--file", sheet(*ROWS, 'Total,,,"5,100",,'), *STATED, "--yes")
    assert ran.code == 2
    assert "broker.csv:D4: shares: expected a total of 5,000, as the rows come to, got 5,100" in ran.err


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("--map", "shars=Qty"), "--map: unknown field shars. Did you mean shares?"),
        (("--map", "shares=Quantity"), "--map shares: no column has the head Quantity"),
        (("--set", "intention"), "--set: expected a field and what it is"),
        (("--event", "share-repurchased"), "--event: there is no event 'share-repurchased'. Did you mean shares-repurchased?"),
        (("--sheet", "Fills"), "there is no sheet Fills"),
        ((), "intention: missing; expected cancellation or treasury"),
    ],
)
def test_what_is_said_of_a_sheet_is_checked(book, given, says):
    ran = captable("record", "--file", sheet(*ROWS), "--set", "class=B", *given)
    assert ran.code == 2
    assert says in ran.err


def test_a_sheet_of_two_workbook_pages_asks_which(book):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        for name in ("January", "February"):
            page = workbook.add_worksheet(name)
            page.write_row(0, 0, ["Trade date", "Shares bought", "Price (HKD)"])
            page.write_row(1, 0, ["2025-03-13", 2000, 2.5])
    Path("broker.xlsx").write_bytes(target.getvalue())
    ran = captable("record", "--file", "broker.xlsx", *STATED)
    assert ran.code == 2
    assert "several sheets have facts; choose with --sheet: January, February" in ran.err
    assert "Recorded entry 10" in done("record", "--file", "broker.xlsx", *STATED, "--sheet", "February", "--yes").out


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.xlsx", b"PK\x03\x04 not a workbook", "x.xlsx: expected an Excel workbook"),
        ("x.xls", b"nothing of the kind", "x.xls: expected an Excel workbook"),
        ("x.xlsx", b"", "x.xlsx: expected an Excel workbook"),
        ("x.csv", b"\xa4\xe9\xb4\xc1,\xbc\xc6", "x.csv:1: expected text in UTF-8; in Excel save it as CSV UTF-8"),
        ("x.csv", b"", "x.csv: no row has the heads of columns"),
        ("x.csv", b"Trade date,Qty bought,Price (HKD)\n", "x.csv: holds no facts below row 1"),
        ("x.csv", b'Trade date,Qty\n"2025', "x.csv: expected comma-separated values"),
    ],
)
def test_what_is_no_spreadsheet_is_said_in_a_sentence(book, name, content, says):
    Path(name).write_bytes(content)
    ran = captable("record", "--file", name)
    assert ran.code == 2
    assert says in ran.err


def test_options_of_spreadsheets_are_refused_for_other_files(book):
    Path("x.jsonl").write_text("{}\n")
    ran = captable("record", "--file", "x.jsonl", "--yes")
    assert ran.code == 2
    assert "are for spreadsheets" in ran.err
