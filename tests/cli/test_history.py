"""`captable history`: filters in every format, and the pager of a terminal."""

from __future__ import annotations

import csv
import io
import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import SCRIPT, captable, done, fact, shown_on, write


def numbers(*options: str) -> list[int]:
    return [each["entry"] for each in done("history", "--json", *options).json]


def entries_where(keep) -> list[int]:
    """The numbers of the entries that a condition keeps, from the whole book as it is exported."""
    return [each["entry"] for each in done("history", "--all", "--json").json if keep(each)]


CONDITIONS = {
    "a class": (["--class", "B"], lambda each: each.get("share_class") == "B" or each["event"] == "ClassAConvertedToB"),
    "an event as commands spell it": (["--event", "placing-completed"], lambda each: each["event"] == "PlacingCompleted"),
    "an event as files spell it": (["--event", "PlacingCompleted"], lambda each: each["event"] == "PlacingCompleted"),
    "two events": (
        ["--event", "issuer_registered", "--event", "MandateGranted"],
        lambda each: each["event"] in ("IssuerRegistered", "MandateGranted"),
    ),
    "since a day": (["--since", "1 Dec 2024"], lambda each: each["effective_on"] >= "2024-12-01"),
    "on a day": (["--on", "2024-12-17"], lambda each: each["effective_on"] == "2024-12-17"),
    "a mandate": (["--class", "issue-2024"], lambda each: each.get("mandate") == "issue-2024"),
    "all at once": (
        ["--class", "B", "--event", "PlacingCompleted", "--since", "2024-12-01", "--all"],
        lambda each: (each["event"], each.get("share_class")) == ("PlacingCompleted", "B") and each["effective_on"] > "2024-12",
    ),
}


@pytest.mark.parametrize(("options", "keep"), CONDITIONS.values(), ids=CONDITIONS)
def test_a_filter_keeps_the_same_entries_in_every_format(demo, options, keep):
    expected = entries_where(keep)
    assert expected
    assert numbers(*options) == expected
    rows = csv.DictReader(io.StringIO(done("history", "--format", "csv", *options).out))
    assert [int(row["entry"]) for row in rows] == expected
    text = done("history", *options).out.splitlines()
    assert [int(line.split()[0]) for line in text[1:]] == expected


def test_a_filtered_history_shows_its_last_fifty_entries(book):
    """Nine entries that found the book, and fifty-one placings after them, of which the first is left out."""
    done("record", "--file", write("more.jsonl", *(fact(text=f"the {number}th", shares=100) for number in range(51))))
    shown = done("history", "--event", "placing-completed", "--since", "2024-03-01", "--json")
    found = [each["entry"] for each in shown.json]
    assert (len(found), found[-1]) == (50, 60)
    assert shown.err == "earlier matches are not shown; --all shows every one\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--event", "placing-complete"], "there is no event 'placing-complete'. Did you mean placing-completed?"),
        (["--class", "b"], 'unknown class "b". Classes: B, A. Did you mean B?'),
        (["--since", "2024-12-01", "--on", "2024-12-17"], "expected --since or --on, got both"),
    ],
)
def test_a_filter_that_names_nothing_is_refused(demo, options, said):
    ran = captable("history", *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_code_of_the_book_that_no_entry_of_a_day_names_is_no_error(demo):
    ran = done("history", "--class", "A", "--on", "2024-12-17")
    assert (ran.out, ran.err) == ("", "no entry matches\n")


# --- the pager ----------------------------------------------------------------------------------------------------


def on_a_terminal(folder: Path, *arguments: str) -> str:
    """What a command prints on a terminal of 24 lines, whose pager puts a mark before each line."""
    pager = folder / "pager"
    pager.write_text("#!/bin/sh\nexec sed 's/^/paged: /'\n")
    pager.chmod(0o755)
    ours, theirs = pty.openpty()
    settings = {**os.environ, "PAGER": str(pager), "LINES": "24", "COLUMNS": "200", "TERM": "xterm"}
    with subprocess.Popen([SCRIPT, *arguments], stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, env=settings) as running:
        os.close(theirs)
        printed = shown_on(ours)
        assert running.wait(timeout=120) == 0
    return printed


def test_a_long_history_goes_through_the_pager_of_a_terminal(demo, folder):
    assert on_a_terminal(folder, "history", "--all").count("paged: ") > 24


@pytest.mark.parametrize("options", [["--on", "2024-12-17"], ["--all", "--json"], ["--all", "--format", "csv"]])
def test_a_short_history_and_what_programs_read_go_through_no_pager(demo, folder, options):
    assert "paged: " not in on_a_terminal(folder, "history", *options)
