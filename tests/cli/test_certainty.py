"""What was recorded is never denied, and what was not is never acknowledged, whatever happens to what a command prints."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli import recording
from tests.cli.running import LAST, SCRIPT, captable, done, fact, write

PLACING = ("record", "placing-completed", "--class", "B", "--shares", "5", "--on", "2024-06-03")


def run(*arguments: str, **streams: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(SCRIPT), *arguments], timeout=60, check=False, **streams)


def entries() -> int:
    return len(done("export").out.splitlines())


def full(*arguments: str) -> tuple[int, str]:
    with Path("/dev/full").open("wb") as out:
        ran = run(*arguments, stdout=out, stderr=subprocess.PIPE)
    return ran.returncode, ran.stderr.decode()


def broken(*arguments: str) -> tuple[int, str]:
    reader, writer = os.pipe()
    os.close(reader)
    ran = run(*arguments, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    return ran.returncode, ran.stderr.decode()


def closed(*arguments: str) -> tuple[int, str]:
    ran = run(*arguments, stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1))
    return ran.returncode, ran.stderr.decode()


OUTPUTS: dict[str, Callable[..., tuple[int, str]]] = {"full": full, "broken": broken, "closed": closed}
RECORDING = {
    "record": PLACING,
    "record as json": (*PLACING, "--json"),
    "record a file": ("record", "--file", "facts.jsonl"),
    "correct": ("correct", "8", "--shares", "800"),
    "withdraw": ("withdraw", "9", "--reason", "not sold"),
}


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("command", RECORDING)
def test_a_fact_that_was_recorded_is_not_denied_where_nothing_can_be_printed(book, command, output):
    write("facts.jsonl", fact(shares=7))
    code, said = OUTPUTS[output](*RECORDING[command])
    assert (code, entries()) == (0, LAST + 1), said
    if output != "broken":
        assert "standard output cannot be written" in said
        assert f"recorded as entry {LAST + 1}" in said


@pytest.mark.parametrize("output", ["full", "closed"])
@pytest.mark.parametrize("command", [("balances",), ("history",), ("export",), ("check", "--json"), ("--help",)])
def test_an_answer_that_cannot_be_printed_is_an_error(book, command, output):
    code, said = OUTPUTS[output](*command)
    assert (code, "captable: standard output cannot be written: " in said) == (2, True), said


def test_no_output_at_all_changes_no_exit_code(book):
    def ended(*arguments: str) -> int:
        with Path("/dev/full").open("wb") as out:
            return run(*arguments, stdout=out, stderr=out).returncode

    assert ended(*PLACING) == 0
    assert ended("record", "placing-completed", "--class", "Z", "--shares", "5", "--on", "2024-06-03") == 2
    assert ended("withdraw", "1", "--reason", "x") in (2, 3)
    with book.open("r+b") as store:
        store.seek(4096)
        store.write(b"\xff" * 8192)
    assert ended("verify") == broken("verify")[0] == 4


def test_findings_are_findings_when_nobody_reads_them(demo):
    expected = captable("check").code
    assert broken("check")[0] == expected


def test_an_error_after_the_recording_does_not_deny_it(book, monkeypatch):
    def fails(*_: Any) -> None:
        raise ValueError("no room for a thought")

    monkeypatch.setattr(recording, "before_and_after", fails)
    from tests.cli import running

    with pytest.raises(AssertionError, match="unexpected ValueError") as caught:
        captable(*PLACING)
    assert f"recorded as entry {LAST + 1}" in str(caught.value)
    monkeypatch.undo()
    monkeypatch.chdir(book.parent)
    assert running.done("head", "--json").json["heads"][0]["number"] == LAST + 1


# --- filing -------------------------------------------------------------------------------------------------------

FILE = ("file", "monthly", "--month", "2024-12", "--submitted-on", "2025-01-06")


@pytest.mark.parametrize("path", ["nowhere/mr.pdf", "captable.db", "/dev/full"])
def test_a_return_whose_document_cannot_be_written_is_not_filed(demo, path):
    before = entries()
    assert captable(*FILE, "-o", path).code == 2
    assert entries() == before


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_filing_is_not_denied_where_nothing_can_be_printed(demo, output):
    before = entries()
    assert OUTPUTS[output](*FILE, "-o", "mr.pdf")[0] == 0
    assert (entries(), Path("mr.pdf").read_bytes()[:4]) == (before + 1, b"%PDF")


def test_three_filings_at_once_are_one_new_submission(demo):
    formats = ("json", "html", "text")
    running = [
        subprocess.Popen(
            [str(SCRIPT), "file", "monthly", "--month", "2025-01", "--submitted-on", "2025-02-05", "-o", f"mr.{fmt}"],
            stdout=subprocess.DEVNULL,
        )
        for fmt in formats
    ]
    assert [each.wait(timeout=120) for each in running] == [0, 0, 0]
    (filed,) = [each for each in done("filings", "--json").json if each["submitted_on"] == "2025-02-05"]
    assert filed["status"] == "New Submission"
    done("filings", "show", str(filed["entry"]), "-o", "again")
    assert Path("again").read_bytes() == Path(f"mr.{filed['rendering']}").read_bytes()
