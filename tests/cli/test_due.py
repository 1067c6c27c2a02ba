"""`captable due`, and the deadline that recording shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import at, captable, done, fact, write

LISTED = (
    fact("IssuerRegistered", effective_on="2024-07-01", issuer="00020", name="Example Limited"),
    fact("ShareClassCreated", effective_on="2024-07-01", share_class="B", class_label="Ordinary", authorised=False, listed=True),
    fact("BalanceBroughtForward", effective_on="2024-07-01", share_class="B", held=500_000),
)
PLACING = ("record", "placing-completed", "--class", "B", "--shares", "10", "--on", "17 Dec 2024", "--price", "HKD 1.5")


@pytest.fixture
def listed(folder: Path) -> None:
    with at("2024-11-29T12:00:00+08:00"):
        done("record", "--file", write("listed.jsonl", *LISTED))


def test_recording_prints_what_is_now_due(listed):
    with at("2024-12-17T18:00:00+08:00"):
        ran = done(*PLACING)
    assert "  Due: Next Day Disclosure Return, Wed 18 December 2024 08:30 HKT (13.25A(2)(a)(i))\n" in ran.out


def test_recording_as_json_includes_what_is_now_due(listed):
    with at("2024-12-17T18:00:00+08:00"):
        ran = done(*PLACING, "--json", "--dry-run")
    assert ran.json["due"] == ["Due: Next Day Disclosure Return, Wed 18 December 2024 08:30 HKT (13.25A(2)(a)(i))"]


def test_recording_what_makes_nothing_due_prints_no_deadline(listed):
    granted = fact("MandateGranted", effective_on="2024-12-17", mandate="m", purpose="issue", percent=20, base=500_000)
    assert "Due" not in done("record", "--file", write("granted.jsonl", granted)).out


def test_a_calendar_that_cannot_be_read_does_not_undo_a_recording(listed, monkeypatch):
    monkeypatch.setenv("CAPTABLE_CALENDAR", "none.txt")
    ran = done(*PLACING)
    assert "Recorded entry 4" in ran.out
    assert "  Due: not computed, " in ran.out


def test_what_is_due_is_listed_with_its_deadline_and_reason(listed):
    with at("2024-12-17T18:00:00+08:00"):
        done(*PLACING)
        ran = captable("due")
    assert ran.code == 1
    rows = [line.split("  ")[0] for line in ran.out.splitlines()]
    assert rows == ["status", *["overdue"] * 5, "open", "open"]
    assert "Wed 18 December 2024 08:30 HKT" in ran.out
    assert "placing (a.i)  [13.25A(2)(a)(i); verified]" in ran.out
    assert "Not legal advice; nothing is submitted to the exchange" in ran.err


def test_the_worked_issuer_in_december_2024(demo):
    ran = done("due", "--as-of", "2024-12-17", "--since", "2024-12-18")
    lines = [" | ".join(part.strip() for part in line.split("  ") if part.strip()) for line in ran.out.splitlines()]
    assert lines[1:] == [
        "filed, on 17 December 2024 | Wed 18 December 2024 08:30 HKT | Next Day Disclosure Return for 17 December 2024 | "
        "placing (a.i) | [13.25A(2)(a)(i); verified]",
        "open | Wed 8 January 2025 08:30 HKT | Monthly Return for December 2024 | "
        "fifth business day after the month; 1 change recorded | [13.25B; verified]",
    ]


def test_as_json_every_field_is_there(demo):
    ran = done("due", "--as-of", "2023-01-04", "--since", "2023-01-03", "--json").json
    one = ran["due"][0]
    assert ran["issuer"] == "00020"
    assert (one["kind"], one["about"], one["due_at"], one["status"]) == (
        "next-day", "2022-12-30", "2023-01-03T08:30:00+08:00", "filed",
    )  # fmt: skip
    assert (one["confidence"], one["filed_on"]) == ("unverified", "2022-12-30")
    assert "Not legal advice" in ran["notice"]


def test_all_lists_from_the_start(demo):
    short, everything = (done("due", "--as-of", "2024-12-31", "--json", *more).json["due"] for more in ((), ("--all",)))
    assert everything[0]["about"] == "2021-12-31"
    assert len(short) < len(everything)
    assert {each["status"] for each in everything} == {"filed", "open", "not recorded here"}


def test_a_calendar_file_is_written(demo):
    ran = done("due", "--as-of", "2024-12-17", "--ics", "deadlines.ics")
    content = Path("deadlines.ics").read_bytes()
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert content.count(b"BEGIN:VALARM\r\n") == 2 * content.count(b"BEGIN:VEVENT\r\n")
    assert b"UID:00020-next-day-2024-12-17@captable" not in content, "filed on that day"
    assert b"UID:00020-monthly-2024-12-31@captable\r\n" in content
    assert ran.err == "1 deadline written to deadlines.ics\n"


def test_a_file_of_trading_days_moves_a_deadline(demo):
    Path("days.txt").write_text("2024-12-18 closed: a test\n")
    ran = done("due", "--as-of", "2024-12-17", "--calendar", "days.txt", "--json").json
    assert [each["due_at"] for each in ran["due"] if each["kind"] == "next-day"] == ["2024-12-19T08:30:00+08:00"]


def test_a_file_of_trading_days_that_cannot_be_read_is_named_with_its_line(demo):
    Path("days.txt").write_text("2024-12-18 shut\n")
    ran = captable("due", "--calendar", "days.txt")
    assert ran.code == 2
    assert ran.err.startswith("captable: days.txt:1: expected a day and closed, open or half day")
    assert captable("due", "--calendar", "none.txt").code == 2


def test_deadlines_of_2027_are_marked_provisional(demo):
    ran = captable("due", "--as-of", "2026-12-31")
    assert ran.code == 1
    assert "Fri 8 January 2027 08:30 HKT, provisional" in ran.out


def test_a_book_without_a_listed_class_owes_nothing(book):
    assert done("due").out == "nothing is due: no class of this book is listed yet, or nothing happened since\n"


def test_the_help_says_what_the_calendar_file_may_say():
    assert "2026-09-10 closed: typhoon signal 10" in done("help", "calendar").out


# --- check ------------------------------------------------------------------------------------------------------


def test_an_overdue_return_is_a_finding_with_exit_code_1(listed):
    with at("2024-12-17T18:00:00+08:00"):
        done(*PLACING)
    with at("2024-12-18T09:00:00+08:00"):
        ran = captable("check")
    assert ran.code == 1
    assert "HK601 Next Day Disclosure Return for 17 December 2024 was due Wed 18 December 2024 08:30 HKT" in ran.out
    assert "(entry 4) [Main Board Rule 13.25A; (3)–(4) not yet checked; secondary]" in ran.out


def test_check_looks_from_a_viewpoint(listed):
    with at("2024-12-17T18:00:00+08:00"):
        done(*PLACING)
    with at("2024-12-18T09:00:00+08:00"):
        assert "HK601" not in captable("check", "--as-of", "2024-12-17").out
        assert "HK601" not in captable("check", "--known-at", "2024-12-17T17:59").out
        assert "HK601" in captable("check", "--as-of", "2024-12-18").out


def test_check_as_json_has_every_field_of_a_finding(listed):
    with at("2024-12-10T09:00:00+08:00"):
        for arguments in (("--json",), ("--format", "json")):
            ran = captable("check", *arguments)
            late, begun = json.loads(ran.out)
            assert (ran.code, late["code"], late["severity"]) == (1, "HK616", "late")
            assert late["clears"].startswith("File the return")
            assert (begun["code"], begun["severity"]) == ("HK611", "notice")


def test_check_annotates_for_github_with_percent_signs_escaped(listed):
    said = {"share_class": "B", "document": "50 % sure", "issued_excluding_treasury": 1}
    done("record", "--file", write("said.jsonl", fact("BalanceConfirmed", effective_on="2024-07-02", **said)))
    with at("2024-12-10T09:00:00+08:00"):
        lines = captable("check", "--format", "github").out.splitlines()
    assert lines[0].startswith("::warning title=HK101::issued excluding treasury of class B")
    assert "50 %25 sure says 1" in lines[0]
    assert lines[1].startswith("::error title=HK616::5 Monthly Returns are overdue, July 2024 to November 2024")
