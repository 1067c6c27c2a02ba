"""Tables of text: how they fit a page, what has a colour, and that no answer of the demo is wider than its terminal."""

from __future__ import annotations

import io
import os
import pty
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from cli import progress
from cli.layout import Screen, TextTable, folded, laid_out, page, width
from cli.output import PrintedNumber
from tests.cli.running import SCRIPT, captable, done, shown_on

POLL = Path(__file__).parents[1] / "filed" / "poll-results-2023-06-23"

HEADS = ("class", "name", "issued excl. treasury", "from")
ROWS = ((1, "Ordinary shares of one vote each", 36_393_336_530, date(2024, 12, 17)),)


def lines(*parts, wide=None, colours=False):
    return list(laid_out(parts, Screen(wide, colours)))


# --- a page that is wide enough, and narrower ones ----------------------------------------------------------------


def test_a_table_is_as_wide_as_what_it_holds_where_nothing_bounds_it():
    assert lines(TextTable(HEADS, ROWS)) == [
        "class  name                              issued excl. treasury  from",
        "    1  Ordinary shares of one vote each         36,393,336,530  17 December 2024",
    ]


def test_heads_are_folded_first_and_then_the_widest_text():
    assert lines(TextTable(HEADS[1:3], [row[1:3] for row in ROWS]), wide=48) == [
        "name                                issued excl.",
        "                                        treasury",
        "Ordinary shares of one vote each  36,393,336,530",
    ]
    assert lines(TextTable(("n", "name"), [(36_393_336_530, "Ordinary shares of one vote")]), wide=30) == [
        "             n  name",
        "36,393,336,530  Ordinary",
        "                shares of one",
        "                vote",
    ]


@pytest.mark.parametrize("wide", range(28, 90))
def test_no_number_is_cut_or_folded_and_no_line_too_long_on_any_page(wide):
    rows = [*ROWS, (2, "A", 1_992_000_000_000, date(2021, 12, 29))]
    found = lines(TextTable(HEADS, rows), wide=wide)
    assert all(width(line) <= wide for line in found)
    words = " ".join(found).split()
    assert "36,393,336,530" in words
    assert "1,992,000,000,000" in words


def test_texts_at_the_end_go_below_their_row_where_that_takes_fewer_lines():
    table = TextTable(("entry", "event", "because"), [(PrintedNumber(7), "Placing", "one two three four five six seven")])
    assert lines(table, wide=26) == [
        "entry  event",
        "    7  Placing",
        "    because one two three",
        "    four five six seven",
    ]


def test_columns_that_fit_in_no_way_are_a_list_of_each_row():
    table = TextTable(("used", "", "left"), [(38_475_000, "x", 3_312_265_000), (0, "", 7)])
    assert lines(table, wide=20) == ["used  38,475,000", "      x", "left  3,312,265,000", "", "used  0", "left  7"]


def test_a_word_that_is_wider_than_the_page_is_broken_and_a_percentage_keeps_its_sign():
    assert folded("abcdefgh ij", 4) == ["abcd", "efgh", "ij"]
    assert folded("of 6.3 % now", 6) == ["of", "6.3 %", "now"]


def test_a_chinese_character_takes_two_columns():
    assert width("商湯 a") == 6
    assert lines(TextTable(("name", "n"), [("商湯", 1), ("abcd", 2)])) == ["name  n", "商湯  1", "abcd  2"]


def test_sentences_are_folded_with_an_indent_and_only_where_there_is_a_width():
    assert lines("  one two three", wide=11) == ["  one two", "    three"]
    assert lines("one " * 50) == ["one " * 50]


def test_what_would_steer_the_terminal_is_not_printed():
    assert lines("a\x1b[31mb", TextTable(("x",), [("\x1b]0;t\x07",)])) == ["a\ufffd[31mb", "x", "\ufffd]0;t\ufffd"]


# --- the page that a stream is ------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_pipe_is_endless_unless_columns_says_how_wide(monkeypatch):
    assert page(io.StringIO()) == Screen(None, colours=False)
    monkeypatch.setenv("COLUMNS", "72")
    assert page(io.StringIO()) == Screen(72, colours=False)


@pytest.mark.parametrize(
    ("name", "value", "colours"), [("TERM", "xterm", True), ("TERM", "dumb", False), ("NO_COLOR", "1", False)]
)
def test_a_terminal_has_colours_unless_it_is_asked_for_none(monkeypatch, name, value, colours):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "90")
    assert page(Terminal()) == Screen(90, colours=colours)


def test_late_refused_and_unknown_have_a_colour_beside_their_word():
    table = TextTable(("status", "left"), [("filed late, on 6 January 2025", PrintedNumber("?")), ("open", 1)])
    shown = lines(table, "refused: no shares", "not checked: HK318", colours=True)
    assert shown == [
        "\x1b[1mstatus                         left\x1b[0m",
        "\x1b[31mfiled late\x1b[0m, on 6 January 2025     \x1b[33m?\x1b[0m",
        "open                              1",
        "\x1b[31mrefused\x1b[0m: no shares",
        "\x1b[33mnot checked\x1b[0m: HK318",
    ]
    assert "\x1b" not in "".join(lines(table, "refused: no shares"))


def test_an_answer_has_colours_on_a_terminal_and_never_in_a_pipe_or_a_file(demo):
    command = ["can", "repurchase", "--class", "B", "--shares", "1", "--on", "2024-12-18", "--store", str(demo)]
    on_terminal = {"TERM": "xterm", "COLUMNS": "80"}
    assert "\x1b[33m?\x1b[0m   HK301" in terminal([*command], on_terminal)
    assert "\x1b" not in terminal(command, {**on_terminal, "NO_COLOR": "1"})
    terminal([*command, "-o", "sheet.txt"], on_terminal)
    assert "\x1b" not in Path("sheet.txt").read_text(encoding="utf-8")
    assert "\x1b" not in captable(*command).out


@pytest.mark.parametrize("command", ["due", "return monthly --month 2024-12"])
def test_a_workbook_is_refused_on_a_terminal_and_goes_through_a_pipe(command, demo):
    words = [*command.split(), "--format", "xlsx"]
    assert "captable: a terminal cannot show XLSX: add -o FILE.xlsx" in terminal(words, {"TERM": "xterm"})
    piped = subprocess.run([SCRIPT, *words], capture_output=True, timeout=60, check=True)
    assert piped.stdout.startswith(b"PK")


def terminal(arguments, environment, program=SCRIPT):
    """What a command shows on a terminal."""
    master, slave = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM", "COLUMNS")}
    process = subprocess.Popen([program, *arguments], env={**kept, **environment}, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    shown = shown_on(master)
    process.wait(timeout=60)
    return shown


# --- what takes long ----------------------------------------------------------------------------------------------


def test_a_bar_says_how_much_is_done_and_how_long_the_rest_takes():
    # A quarter of 24 marks; 15 more at 2 seconds each.
    assert progress.bar("returns", 5, 20, 10.0) == "returns [######                  ] 5 of 20, 30 s left"


def test_work_of_unknown_length_shows_its_seconds_on_a_terminal_and_leaves_nothing_there():
    program = "import time\nfrom cli.progress import waited\nwith waited():\n    time.sleep(1.5)\nprint('done')"
    shown = terminal(["-c", program], {"TERM": "xterm"}, program=sys.executable)
    assert "working, 1 s" in shown
    assert shown.endswith("\r\x1b[Kdone\r\n")


def test_nothing_is_counted_in_a_pipe(capfd, monkeypatch):
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0)
    assert list(progress.with_progress(iter([1, 2]), 2, "files")) == [1, 2]
    assert capfd.readouterr() == ("", "")


# --- 80 columns ---------------------------------------------------------------------------------------------------

OFFERING = "--shares 1,500,000,000 --public 150,000,000 --on 2021-12-20"
CLOSES = "--closes 1.49,1.50,1.50,1.51,1.50"
ANSWERS = (
    "issuers", "balances", "balances --as-of 2022-09-30", "history", "mandates", "mandates --as-of 2024-06-27", "due --all",
    "check", "filings", "filings diff", "head", "verify", "doctor", "series", "chart", "wvr", "wvr --as-of 2022-12-30",
    "wvr --as-of 2022-12-29 --cancel 31,775,000", "rule", "rule HK302", "show 7", "show 18", "show 40", "admin token list",
    "backup copy.db", "rebuild", "query 'select * from entries'", "query 'select * from balances'", "query 'select * from mandates'",
    f"can repurchase --class B --shares 5000000 --price 'HKD 1.62' {CLOSES} --on 2024-12-18",
    f"can place --class B --shares 1865000000 --price 'HKD 1.5' --close 1.60 {CLOSES} --on 2024-12-11",
    f"can sell-treasury --class B --shares 700,000 --price 'HKD 1.58' {CLOSES} --on 2024-12-18",
    "can grant --scheme pre-IPO --shares 1,000,000 --on 2026-01-02 --granted-before 0 --vests-on 2027-01-02",
    "offering table --price 'HKD 3.99' --on 2021-12-20 --maximum 75,000,000",
    f"offering reallocate {OFFERING} --multiple 50 --international-multiple 8.61",
    f"offering structure {OFFERING} --over-allotment 225,000,000 --offer-price 'HKD 3.85' --listed-on 2021-12-30",
    "record placing-completed --class B --shares 1,000 --on '3 Jan 2025' --price 'HKD 1.5' --mandate issue-2024 --dry-run",
    "return next-day --on 2024-12-17 --explain", "withdraw 41 --reason 'called off' --dry-run",
    "reconcile return.txt --doubtful", "take-in return.txt", "meeting check poll.txt",
)  # fmt: skip


@pytest.fixture
def at_80_columns(demo, monkeypatch):
    done("return", "monthly", "--month", "2024-12", "--submitted-on", "2025-01-06", "--final", "-o", "return.txt")
    poll = (POLL / "table.txt").read_text(encoding="utf-8").replace("84,241,547,840", "84,241,547,841")
    Path("poll.txt").write_text(poll, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("line", ANSWERS)
def test_no_answer_is_wider_than_80_columns(line, at_80_columns):
    ran = captable(*shlex.split(line))
    assert ran.code in (0, 1, 6), ran.err
    assert ran.out or ran.err
    assert [each for each in (ran.out + ran.err).splitlines() if width(each) > 80] == []
