"""Man pages: one for every command and event, with the words of the help."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.event_options import COMMANDS as EVENTS
from cli.main import COMMANDS
from cli.man_pages import escaped
from tests.cli.running import done


@pytest.fixture
def pages(folder: Path) -> Path:
    ran = done("man", "man1")
    assert re.fullmatch(r"\d+ man pages written to man1\n", ran.err)
    return folder / "man1"


def test_every_command_and_every_event_has_a_page(pages):
    names = {path.name.removesuffix(".1") for path in pages.iterdir()}
    assert names >= {f"captable-{name}" for name in COMMANDS}
    assert names >= {f"captable-record-{name}" for name in EVENTS}
    assert {"captable", "captable-return-monthly", "captable-filings-diff"} <= names


def test_a_page_has_the_words_of_the_help(pages):
    page = (pages / "captable-record-placing-completed.1").read_text()
    assert page.startswith('.TH "CAPTABLE-RECORD-PLACING-COMPLETED" "1"')
    assert "captable\\-record\\-placing\\-completed \\- A placing or subscription was completed and its shares allotted\n" in page
    assert "\\fB\\-h, \\-\\-help\\fR\nShow this message and exit." in page
    assert "\\fB\\-\\-shares NUMBER\\fR\nNumber of shares" in page
    assert "captable record placing\\-completed \\-\\-on" in page.split(".SH EXAMPLE")[1]
    balances = (pages / "captable-balances.1").read_text()
    assert 'captable balances \\-\\-as\\-of "31 Dec 2022" \\-\\-known\\-at 2023\\-01\\-03T08:30\n.fi' in balances


def test_no_text_is_taken_for_a_request():
    assert escaped(".jsonl or 'quoted' \\b, FILE…") == "\\&.jsonl or 'quoted' \\eb, FILE\\[u2026]"
    assert escaped("'tis") == "\\&'tis"


@pytest.mark.skipif(shutil.which("groff") is None, reason="no groff on this machine")
def test_troff_finds_nothing_to_complain_of(pages):
    ran = subprocess.run(
        ["groff", "-ww", "-man", "-Tutf8", *sorted(map(str, pages.iterdir()))],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert ran.stderr == ""
    assert "captable start [OPTIONS] FILE…" in re.sub(r"\x1b\[\d*m|.\x08", "", ran.stdout)
