"""What the commands that read answer, and how every command ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from freezegun import freeze_time

from cli import options, wiring
from tests.cli.running import CODE, SCRIPT, at, balances, captable, done, fact, head, script, write

NOON = "2025-01-20T04:00:00Z"

# --- balances -----------------------------------------------------------------------------------------------------


def test_balances_in_json_have_exactly_the_keys_that_others_rely_on(book):
    found = done("balances", "--as-of", "2024-03-31", "--known-at", "2030-01-01T08:30", "--class", "B", "--json").json
    assert found == {
        "issuer": "00020",
        "as_of": "2024-03-31",
        "known_at": "2030-01-01T08:30:59.999999+08:00",
        "classes": [
            {
                "share_class": "B",
                "authorised": 100_000,
                "issued_excluding_treasury": 49_300,
                "treasury": 700,
                "total_issued": 50_000,
                "pending_cancellation": 0,
            }
        ],
    }
    assert done("balances", "--json").json["known_at"] is None


def test_balances_are_those_at_close_of_the_day(demo):
    assert {code: row["issued_excluding_treasury"] for code, row in balances("--as-of", "23 June 2023").items()} == {
        "A": 7_520_115_072,
        "B": 25_948_809_928,
    }
    assert balances("--as-of", "2024-12-16")["B"]["issued_excluding_treasury"] == 34_528_336_530
    assert balances("--as-of", "2024-12-17")["B"]["issued_excluding_treasury"] == 36_393_336_530
    lines = done("balances", "--as-of", "17 Dec 2024").out.splitlines()
    assert lines[0] == "At close of 17 December 2024, as known now"
    assert lines[1].split() == ["class", "authorised", "issued", "excl.", "treasury", "treasury", "total", "issued"]
    assert "00020 / 80020 RMB" in lines[2]
    assert len({len(line) for line in lines[1:]}) == 1


def test_shares_pending_cancellation_have_a_column_when_there_are_any(demo):
    assert "pending cancellation" not in done("balances", "--as-of", "2024-12-17").out
    ran = done("balances", "--as-of", "30 Sep 2022", "--class", "B")
    assert "of which pending cancellation" in ran.out
    assert "31,775,000" in ran.out


def test_today_is_the_day_in_hong_kong(book):
    with freeze_time("2024-05-07T15:59:59Z"):
        assert options.today().isoformat() == "2024-05-07"
    with freeze_time("2024-05-07T16:00:00Z"):
        assert options.today().isoformat() == "2024-05-08"
        assert wiring.clock().isoformat() == "2024-05-07T16:00:00+00:00"
    with at("2024-05-07T16:00:00Z"):
        assert done("balances", "--json").json["as_of"] == "2024-05-08"


# --- returns ------------------------------------------------------------------------------------------------------

RETURNS = {
    "monthly": ["return", "monthly", "--month", "2024-12", "--submitted-on", "2025-01-06"],
    "next-day": ["return", "next-day", "--on", "2024-12-17", "--submitted-on", "2024-12-18"],
    "next-day 2022": ["return", "next-day", "--on", "2022-12-30", "--submitted-on", "2022-12-30"],
}
CLOSING = {"monthly": "36,393,336,530", "next-day": "36,393,336,530", "next-day 2022": "25,948,809,928"}


@pytest.mark.parametrize("name", RETURNS)
def test_a_return_comes_in_every_format(demo, name):
    for fmt in ("text", "html"):
        assert CLOSING[name] in done(*RETURNS[name], "--format", fmt).out
    assert CLOSING[name].replace(",", "") in json.dumps(done(*RETURNS[name], "--format", "json").json)
    ran = done(*RETURNS[name], "--format", "pdf", "-o", "return.pdf")
    assert (ran.out, ran.err.endswith("written to return.pdf\n")) == ("", True)
    assert Path("return.pdf").read_bytes().startswith(b"%PDF")


def test_a_return_as_text_goes_to_a_file_or_to_standard_output(demo):
    done(*RETURNS["monthly"], "-o", "monthly.txt")
    assert Path("monthly.txt").read_text() == done(*RETURNS["monthly"], "-o", "-").out


def test_the_percentage_is_explained_by_its_denominator(demo):
    explained = done(*RETURNS["next-day"], "--explain").out
    (line,) = [line for line in explained.splitlines() if line.startswith("% of existing")]
    assert "5.4 %" in line
    assert "1,865,000,000 ÷ 34,528,336,530" in line
    assert "December 2024" in done(*RETURNS["monthly"], "--explain").out


def test_an_earlier_viewpoint_gives_the_return_as_it_would_have_been(demo):
    ran = captable(*RETURNS["next-day"], "--known-at", "2021-12-31")
    assert ran.code == 2


# --- export, verify, schema ---------------------------------------------------------------------------------------


def test_an_exported_book_recorded_again_is_the_same_book(folder):
    with at(NOON):
        done("demo", "--store", "captable.db")
        done(
            "record",
            "placing-completed",
            "--class",
            "B",
            "--shares",
            "1,000",
            "--on",
            "3 Jan 2025",
            "--source",
            "x",
            "--by",
            "counsel",
        )
        done("correct", "49", "--shares", "2,000")
        done("withdraw", "50", "--reason", "called off")
        ran = done("export", "-o", "book.jsonl")
        left_out = "recording times are not exported; captable backup keeps them\n"
        assert ran.err == f"51 entries written to book.jsonl\n{left_out}"
        assert Path("book.jsonl").read_text() == done("export").out
        done("record", "--file", "book.jsonl", "--store", "copy.db")
        assert done("verify", "--store", "copy.db").out == done("verify").out
        assert done("verify", "--store", "copy.db", "--json").json == head()


def test_verify_prints_the_head_and_the_number_of_entries(book):
    ran = done("verify")
    hash_ = head()[CODE]["hash"]
    assert ran.out == f"00020: 9 entries, chain intact. Head 9 · {hash_}\n"
    assert len(hash_) == 64


def test_a_store_with_two_issuers_asks_which(book):
    other = fact("IssuerRegistered", effective_on="2024-01-02", issuer="09999", name="Other Limited")
    done("record", "--file", write("f.jsonl", other))
    ran = captable("history")
    assert (ran.code, "name one with --issuer: 00020, 09999" in ran.err) == (2, True)
    assert "Other" in done("show", "1", "--issuer", "09999").out
    assert sorted(head()) == ["00020", "09999"]


def test_the_schema_describes_every_event():
    from domain.events import EVENT_TYPES

    schema = done("schema").json
    described = json.dumps(schema)
    for kind in EVENT_TYPES:
        assert f"captable.{kind.__name__}.v1" in described


# --- how commands end ---------------------------------------------------------------------------------------------


def test_an_interruption_leaves_the_store_whole_and_ends_with_130(book, monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = head()
    with monkeypatch.context() as patched:
        patched.setattr("infrastructure.event_store.SqlEventStore.append", interrupted)
        ran = captable("record", "--file", write("f.jsonl", fact()))
    assert (ran.code, ran.err.strip()) == (130, "interrupted; the store is intact")
    assert head() == before


def test_an_interruption_in_the_first_moment_is_no_traceback(monkeypatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("cli.main.unfailing", interrupted)
        ran = captable("balances")
    assert (ran.code, ran.err.strip()) == (130, "interrupted; the store is intact")


def test_an_unforeseen_error_is_reported_without_a_traceback(book, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("nobody foresaw it")

    monkeypatch.setattr("infrastructure.event_store.SqlEventStore.issuers", broken)
    with pytest.raises(AssertionError, match="captable: unexpected ZeroDivisionError: nobody foresaw it"):
        captable("balances")
    monkeypatch.setenv("CAPTABLE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        captable("balances")


def test_the_exit_codes_are_documented():
    from cli.errors import MEANINGS

    shown = done("help", "exit-codes").out.splitlines()
    assert [int(line.split()[0]) for line in shown] == list(MEANINGS) == [0, 1, 2, 3, 4, 5, 6, 130]


def test_a_reader_that_goes_away_is_no_error(demo):
    done("record", "--file", write("many.jsonl", *[fact(effective_on="2025-01-02", shares=n + 1) for n in range(1_000)]))
    left_out = b"recording times are not exported; captable backup keeps them\n"
    for command, said in ((("history", "--all"), b""), (("export",), left_out)):
        running = subprocess.Popen([str(SCRIPT), *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == said
        assert running.wait(60) == 0
        running.stderr.close()


def test_the_script_reads_its_store_from_the_environment_and_writes_results_to_standard_output(demo):
    demo.rename("elsewhere.db")
    ran = script(["balances", "--as-of", "2024-12-31"], {"CAPTABLE_STORE": "elsewhere.db"})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "36,393,336,530" in ran.stdout
    assert "\x1b" not in ran.stdout


def test_a_terminal_without_the_characters_does_not_fail_a_recording(book):
    placing = ["record", "placing-completed", "--class", "B", "--shares", "5", "--on", "2024-06-03"]
    ran = script(placing, {"PYTHONIOENCODING": "cp1252"}, encoding="cp1252")
    assert (ran.returncode, "50,000 ? 50,005" in ran.stdout) == (0, True)


def test_the_user_of_the_machine_records_unless_another_is_named(book, monkeypatch):
    monkeypatch.setenv("LOGNAME", "mei")
    done("record", "--file", write("f.jsonl", fact()))
    assert done("show", "10", "--json").json["recorded_by"] == "mei"
    monkeypatch.setenv("CAPTABLE_BY", "share registrar")
    done("record", "--file", write("f.jsonl", fact(shares=2)))
    assert done("show", "11", "--json").json["recorded_by"] == "share registrar"


def test_python_warnings_do_not_reach_the_user(demo):
    ran = subprocess.run(
        [sys.executable, "-W", "default", str(SCRIPT), "history"],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        timeout=60,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
