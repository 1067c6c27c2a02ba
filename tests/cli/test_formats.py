"""Every answer as text, JSON, CSV and XLSX, by the same options, with the same plain values."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cli.answers import FORMATS, Answer, as_csv, as_json, as_text, as_xlsx
from domain.errors import BadInput
from tests.cli.running import FOUNDING, captable, done, write

COMMANDS = (
    "balances", "history", "mandates", "due", "check", "filings", "issuers", "doctor", "rule",
    "query 'select * from balances'", "filings diff", "rebuild", "admin token list",
    "offering check table.txt --price 'HKD 3.99' --on 2021-12-20", "can repurchase --class B --shares 1 --on 2024-12-18",
    "offering table --price 'HKD 3.99' --on 2021-12-20 --maximum 20,000",
)  # fmt: skip


def answer(*rows, columns=(), **more):
    return Answer(content=list(rows), rows=rows, columns=columns, text=lambda: ["a", "b"], **more)


def sheet(content):
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def test_text_is_the_lines_and_json_the_whole():
    assert as_text(answer()) == "a\nb\n"
    assert json.loads(as_json(answer({"name": "商湯"}))) == [{"name": "商湯"}]


def test_an_answer_without_rows_has_its_heads():
    assert as_csv(answer(columns=("code", "message"))) == b"\xef\xbb\xbfcode,message\r\n"
    assert sheet(as_xlsx(answer(columns=("code", "message")))) == [["code", "message"]]


def test_csv_has_every_key_and_no_formula():
    rows = ({"shares": 1865000000, "by": "=cmd()"}, {"shares": None, "entries": (3, 4), "of": [{"x": 1}]})
    lines = as_csv(answer(*rows)).decode("utf-8-sig").split("\r\n")
    assert lines == ["shares,by,entries,of", "1865000000,'=cmd(),,", ',,3 4,"[{""x"": 1}]"', ""]


def test_a_workbook_keeps_every_digit_and_every_text():
    # 9,007,199,254,740,993 is 2^53 + 1, which no binary fraction of 64 bits holds.
    rows = ({"shares": 1992000000000, "by": "=cmd()"}, {"shares": 9007199254740993, "by": "true"})
    assert sheet(as_xlsx(answer(*rows))) == [["shares", "by"], [1992000000000, "=cmd()"], ["9007199254740993", "true"]]
    assert as_xlsx(answer(*rows)) == as_xlsx(answer(*rows))


def test_a_text_that_no_cell_holds_is_bad_input_and_names_its_row():
    with pytest.raises(BadInput, match=r"a text of row 1 has 40,000; --format csv holds it"):
        as_xlsx(answer({"remarks": "x" * 40_000}))


@pytest.mark.parametrize("command", COMMANDS)
def test_csv_and_workbook_have_the_rows_of_the_json(command, demo, tmp_path):
    Path("table.txt").write_text("1,000 4,030.20 3,000 12,090.61\n", encoding="utf-8")

    def run(*options):
        return captable(*shlex.split(command), *options)

    found = run("--json").json
    rows = found if isinstance(found, list) else next(value for value in found.values() if isinstance(value, list))
    listed = list(csv.DictReader(io.StringIO(run("--format", "csv").out.removeprefix("\ufeff"))))
    assert len(listed) == len(rows)
    run("-o", str(tmp_path / "answer.xlsx"))
    heads, *cells = sheet((tmp_path / "answer.xlsx").read_bytes())
    assert len(cells) == len(rows)
    for row, in_csv, in_book in zip(rows, listed, cells, strict=True):
        for key, value in row.items():
            if type(value) is int:
                assert in_csv[key] == str(value)
                assert dict(zip(heads, in_book, strict=True))[key] == value


def test_balances_in_csv_are_the_published_numbers(demo):
    lines = done("balances", "--as-of", "2024-12-31", "--store", demo, "--format", "csv").out.splitlines()
    assert "B,1992000000000,36393336530,0,36393336530,0" in lines


NESTED = {
    "series --class B --since 2024-12-01": ["B,2024-12-17,1992000000000,36393336530,0,36393336530,0,41"],
    "wvr": ["A,,614034470,10,2021-12-29,,6140344700", "B,,36393336530,1,2021-12-29,,36393336530"],
    "verify": ["00020,"],
    "head --json": ['  "kind": "captable head receipt",'],
}


@pytest.mark.parametrize("command", NESTED)
def test_what_is_a_tree_in_json_has_a_row_for_each_leaf(command, demo):
    found = captable(*command.split(), *([] if "--json" in command else ["--format", "csv"])).out.splitlines()
    for row in NESTED[command]:
        assert any(line.startswith(row) for line in found), found


def test_csv_has_the_mark_of_its_encoding_in_a_file_and_not_in_a_pipe(demo):
    assert done("issuers", "--format", "csv").out.startswith("issuer,")
    done("issuers", "-o", "issuers.csv")
    assert Path("issuers.csv").read_bytes().startswith(b"\xef\xbb\xbfissuer,")
    assert done("query", "select 1 as a", "--csv").out == done("query", "select 1 as a", "--format", "csv").out == "a\n1\n"
    assert "expected --csv or --format json, got both" in captable("query", "select 1", "--csv", "--format", "json").err


def test_what_a_recording_changed_comes_in_every_format(demo):
    fact = ["record", "placing-completed", "--class", "B", "--shares", "1,000", "--on", "3 Jan 2025", "--dry-run"]
    number = len(done("history", "--json").json) + 1
    assert done(*fact, "--json").json["would_record"] == [number]
    head, row = done(*fact, "--format", "csv").out.splitlines()
    assert head.startswith("entry,recorded_at,event,effective_on,")
    assert row.startswith(f"{number},")
    assert ",PlacingCompleted,2025-01-03,B,1000," in row


def test_the_exit_code_does_not_depend_on_the_format(demo, tmp_path):
    codes = {captable("check", "--format", fmt, "-o", str(tmp_path / fmt), "--store", demo).code for fmt in (*FORMATS, "github")}
    assert codes == {captable("check", "--store", demo).code}


def test_two_formats_are_refused(demo):
    assert "expected --json or --format csv, got both" in captable("due", "--json", "--format", "csv", "--store", demo).err


@pytest.mark.parametrize(
    ("command", "path", "names"),
    [
        ("balances", "b.docx", ".txt, .json, .csv or .xlsx"),
        ("balances", "b.XLS", ".txt, .json, .csv or .xlsx"),
        ("check", "c.pdf", ".txt, .json, .csv or .xlsx"),
        ("return monthly --month 2024-12", "m.csv", ".json, .txt, .html, .pdf or .xlsx"),
        ("return monthly --month 2024-12 --explain", "m.pdf", ".txt or .json"),
        ("return monthly --month 2024-12 --format sheet", "m.xlsx", ".txt, .html or .pdf"),
        ("file monthly --month 2024-12", "m.doc", ".json, .txt, .html, .pdf or .xlsx"),
        ("withdraw 41 --reason x", "w.pdf", ".txt, .json, .csv or .xlsx"),
        ("tonight", "t.docx", ".txt, .html or .pdf"),
    ],
)
def test_nothing_is_written_under_a_name_that_promises_another_format(demo, command, path, names):
    ran = captable(*shlex.split(command), "-o", path)
    assert (ran.code, f"{path}: expected a file named {names}, got {Path(path).suffix.lower()}" in ran.err) == (2, True), ran.err
    assert not Path(path).exists()
    assert "48 entries" in done("verify").out


def test_a_return_as_filed_is_not_written_under_a_name_that_promises_another_format(demo):
    number = done("file", "monthly", "--month", "2024-12", "--submitted-on", "2025-01-06", "-o", "filed.pdf").out.split()[2]
    ran = captable("filings", "show", number, "-o", "again.txt")
    assert (ran.code, "again.txt: expected a file named .pdf, got .txt" in ran.err) == (2, True)


def test_a_name_without_a_format_takes_the_one_otherwise_meant(demo):
    done("balances", "-o", "b.out")
    assert Path("b.out").read_text().startswith("At close of")


def test_a_class_that_a_book_does_not_have_has_no_series(demo):
    ran = captable("series", "--class", "Z")
    assert (ran.code, ran.err) == (2, "captable: no class Z in the book of 00020; classes: B, A\n")


@pytest.mark.parametrize("command", ["balances", "chart"])
def test_a_book_of_no_class_has_no_shares(folder, command):
    done("record", "--file", write("facts.jsonl", FOUNDING[0]))
    assert "no shares; the book holds no class yet" in done(command).out


def test_a_financial_year_is_asked_for_if_the_book_does_not_have_its_end(demo):
    ran = captable("annual")
    said = "captable: --ends: expected the last day of a financial year: the book does not say when the issuer's ends\n"
    assert (ran.code, ran.err) == (2, said)


def test_a_year_without_purchases_says_so(demo):
    """The worked issuer bought nothing back in 2024."""
    out = done("annual", "--ends", "2024-12-31").out
    assert re.search(r"Purchases[^\n]*\n  none\n", out)
