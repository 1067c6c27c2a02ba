"""Recording by the clock of this machine: what of it is refused, how one goes on, and what check and doctor say of a book."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgresql
from tests.cli.running import FOUNDING, LAST, at, captable, done, fact, write

NOW, TODAY, TOMORROW = "2026-11-26T09:00+08:00", "2026-11-26", "2026-11-27"
PLACING = ("record", "placing-completed", "--class", "B", "--shares", "5")
EXPECTED = "expected a day until today, 26 November 2026 in Hong Kong, got 27 November 2026"


@pytest.fixture(params=["file", "server"])
def recorded(request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A book of nine entries, recorded on 26 November 2026, on each engine."""
    url = postgresql.database() if request.param == "server" else None
    if url:
        monkeypatch.setenv("CAPTABLE_STORE", url)
        done("admin", "init", url)
    with at(NOW):
        done("record", "--file", write("founding.jsonl", *FOUNDING))
    yield
    if url:
        postgresql.drop(url)


def entries() -> int:
    return len(done("export").out.splitlines())


def test_a_fact_of_a_day_to_come_is_refused_by_its_option(recorded):
    with at(NOW):
        ran = captable(*PLACING, "--on", TOMORROW)
        assert (ran.code, ran.err) == (2, f"--on: {EXPECTED}\nnothing was recorded\n")
        assert captable(*PLACING, "--on", TOMORROW, "--dry-run").code == 2
        assert entries() == LAST
        done(*PLACING, "--on", TODAY)


def test_in_a_file_the_line_and_the_field_are_named(recorded):
    file = write("facts.jsonl", fact(), fact(effective_on=TOMORROW), fact(effective_on="2150-06-30"))
    with at(NOW):
        ran = captable("record", "--file", file)
    assert ran.code == 2
    assert ran.err.splitlines()[:2] == [f"facts.jsonl:{line}: effective_on: {EXPECTED.replace('27 November 2026', day)}"
        for line, day in ((2, "27 November 2026"), (3, "30 June 2150"))]  # fmt: skip
    assert entries() == LAST


def test_a_return_is_not_filed_as_submitted_on_a_day_to_come(recorded):
    with at(NOW):
        ran = captable("file", "monthly", "--month", "2024-12", "--submitted-on", TOMORROW, "--format", "json")
        assert (ran.code, f"refused: {EXPECTED}" in ran.err) == (3, True), ran.err
        done("return", "monthly", "--month", "2024-12", "--submitted-on", TOMORROW)
        assert entries() == LAST


@pytest.mark.parametrize("year", ["2200-01-01", "9999-12-31", "10000-01-01"])
def test_a_year_beyond_2199_is_refused_before_anything_is_written(folder, year):
    ran = captable("record", "issuer-registered", "--issuer", "00020", "--name", "Example Limited", "--on", year)
    assert (ran.code, "expected a date such as 2024-12-17" in ran.err) == (2, True)
    assert list(folder.iterdir()) == []


def test_by_a_clock_of_2200_nothing_is_written(folder):
    with at("2200-01-01T09:00+08:00"):
        ran = captable("record", "--file", write("founding.jsonl", *FOUNDING))
    assert (ran.code, "the clock of this machine says 2200-01-01 09:00:00 HKT: set it" in ran.err) == (3, True)
    assert [each.name for each in folder.iterdir()] == ["founding.jsonl"]


BEHIND = "2026-11-26T08:58:59+08:00"
COMMANDS = {
    "record": (*PLACING, "--on", "2024-06-03"),
    "a file": ("record", "--file", "facts.jsonl"),
    "correct": ("correct", "8", "--shares", "800"),
    "withdraw": ("withdraw", "9", "--reason", "not sold"),
    "file": ("file", "monthly", "--month", "2024-12", "--submitted-on", "2025-01-06", "--format", "json"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_by_a_clock_behind_the_last_entry_nothing_is_recorded_without_a_reason(recorded, command):
    write("facts.jsonl", fact())
    with at(BEHIND):
        ran = captable(*COMMANDS[command])
        assert ran.code == 3
        assert f"says 2026-11-26 08:58:59 HKT, but entry {LAST} was recorded at 2026-11-26 09:00:00 HKT; set the clock" in ran.err
        assert entries() == LAST
        done(*COMMANDS[command], "--accept-clock", "the last entry came from a server set an hour ahead")
        entry = done("show", str(LAST + 1), "--json").json
        assert entry["source"].endswith("clock accepted: the last entry came from a server set an hour ahead")
        assert entry["recorded_at"] == "2026-11-26T01:00:00+00:00"
        done("verify")


def test_a_clock_less_than_a_minute_behind_is_believed(recorded):
    with at("2026-11-26T08:59+08:00"):
        done(*COMMANDS["record"])
        assert done("show", str(LAST + 1), "--json").json["source"] is None


def test_a_reason_is_words_that_can_be_printed(recorded):
    with at(BEHIND):
        ran = captable(*COMMANDS["record"], "--accept-clock", "a\tb")
    assert (ran.code, "'--accept-clock': expected printable text" in ran.err) == (2, True), ran.err


def test_check_and_doctor_say_so_of_a_book_that_lies_ahead_of_the_clock(recorded):
    with at(NOW):
        assert "HK12" not in captable("check").out
        assert not [each for each in captable("doctor", "--json").json if each["name"] == "clock"]
    with at("2026-11-25T09:00+08:00"):
        ran = captable("check")
        assert (ran.code, "HK121 recorded at 2026-11-26 09:00:00 HKT, and the clock says 2026-11-25" in ran.out) == (1, True)
        found = captable("doctor", "--json")
        assert found.code == 1
        (clock,) = [each for each in found.json if each["name"] == "clock"]
        assert clock["state"] == "trouble"
        assert clock["value"].startswith(f"00020: entry {LAST} was recorded at 2026-11-26 09:00:00 HKT")
    with at("2024-05-01T09:00+08:00"):
        assert (
            f"HK120 TreasurySharesSold: effective_on is 8 May 2024, after today, 1 May 2024  (entry {LAST})"
            in captable("check").out
        )
