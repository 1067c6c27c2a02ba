"""The tutorial is true: its commands run in order, print what it shows, and come to what was worked out by hand."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests import update_docs
from tests.update_docs import Run

# Those that end with another exit code than 0: returns that no longer match, findings, and 6 for what `can` could not check.
WITH_FINDINGS = ["filings diff", "can", "mandates", "check", "reconcile", "annual"]


@cache
def shown() -> tuple[str, list[Run]]:
    return update_docs.with_outputs(update_docs.TUTORIAL.read_text(encoding="utf-8"))


def printed_by(start: str) -> list[str]:
    return [run.output for run in shown()[1] if run.command.startswith(f"$ captable {start}")]


def test_the_tutorial_shows_what_its_commands_print():
    assert update_docs.TUTORIAL.read_text(encoding="utf-8").splitlines() == shown()[0].splitlines(), (
        "run python -m tests.update_docs, and read the difference"
    )


def test_every_command_ends_well_but_those_that_have_something_to_say():
    ended = [run.command.removeprefix("$ captable ") for run in shown()[1] if run.code]
    assert {run.code for run in shown()[1]} == {0, 1, 6}
    assert [next(name for name in WITH_FINDINGS if each.startswith(name)) for each in ended] == WITH_FINDINGS


def test_what_is_run_and_not_shown_is_the_filing_of_returns_alone():
    unseen = re.findall(r"<!-- meanwhile\n(.*?)^-->$", shown()[0], re.DOTALL | re.MULTILINE)
    commands = [line for block in unseen for line in block.splitlines() if line.startswith("$")]
    assert commands
    assert [command for command in commands if not command.startswith("$ captable file ")] == []


def test_a_return_is_filed_for_every_month_and_for_may_a_second_time():
    months = [found[1] for run in shown()[1] if (found := re.search(r"file monthly --month (\S+)", run.command))]
    assert sorted(months) == sorted([*(f"2025-{month:02}" for month in range(1, 13)), "2025-05"])
    assert ["Resubmission" in output for output in printed_by("file monthly --month 2025-05")] == [False, True]


@pytest.mark.parametrize(
    ("which", "authorised", "issued", "treasury"),
    [
        (0, "2,000,000,000", "800,000,000", "2,000,000"),
        # 800,000,000 - 300,000 + 200,000 - 500,000 - 700,000 + 4,123,456 = 802,823,456, and 2,000,000 + 300,000 + 700,000
        # in treasury; each four times.
        (1, "8,000,000,000", "3,211,293,824", "12,000,000"),
    ],
)
def test_the_balances_are_those_worked_out_by_hand(which, authorised, issued, treasury):
    (row,) = [line for line in printed_by("balances")[which].splitlines() if line.startswith("ordinary")]
    assert row.split()[-4:-1] == [authorised, issued, treasury]


def test_the_correction_names_every_return_filed_since_the_day_of_the_fact():
    (said,) = printed_by("correct")
    assert re.findall(r"Filed return affected: (.+?) \(captable", said) == [
        "Next Day Disclosure Return of 15 May 2025",
        "Monthly Return for May 2025",
        "Next Day Disclosure Return of 20 June 2025",
        "Next Day Disclosure Return of 2 July 2025",
        "Monthly Return for June 2025",
        "Next Day Disclosure Return of 10 July 2025",
        "Next Day Disclosure Return of 10 July 2025",
        "Monthly Return for July 2025",
        "Monthly Return for August 2025",
    ]


def test_the_second_return_of_a_day_lists_what_the_first_could_not():
    (listed,) = printed_by("return next-day --on 2025-07-10")
    # 3,211,293,824 - 1,000,000, which the first return lists, and 60,000 less.
    rows = re.findall(r"^(Opening balance|Repurchase of shares|Closing balance) .*? (-?[\d,]+)  ", listed, re.MULTILINE)
    assert rows == [
        ("Opening balance", "3,210,293,824"),
        ("Repurchase of shares", "-60,000"),
        ("Closing balance", "3,210,233,824"),
    ]
    assert "In no return: 36 " in printed_by("filings")[0]


def test_the_registrars_statement_and_the_corrected_book_agree():
    assert "HK101" in printed_by("record balance-confirmed")[0]
    assert "HK101" not in printed_by("check")[0]


def test_the_mandates_of_the_year_are_left_with_what_was_not_used():
    rows = {line.split()[0]: line for line in printed_by("mandates")[-1].splitlines() if "20" in line[:16]}
    # 20 and 10 per cent of 798,700,000, four times; 1,060,000 bought in July.
    assert "638,960,000" in rows["issue-2025"]
    assert "318,420,000" in rows["repurchase-2025"]


def test_what_is_not_known_is_no_yes():
    (sheet,) = printed_by("can repurchase")
    assert [line.split()[1] for line in sheet.splitlines() if line.startswith("?")] == ["HK302", "HK310", "HK312"]
