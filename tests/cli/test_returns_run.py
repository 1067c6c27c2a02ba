"""`captable returns-run` and `captable issuers`: all issuers of a store, in several processes, interrupted and continued."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from application.record import record
from infrastructure.event_store import open_store
from tests import postgresql
from tests.benchmarks import markets
from tests.cli.running import captable, done, fact, write
from tests.faults.files import rewrite

ROOT = Path(__file__).parents[2]
ISSUERS = 12
RUN = ("returns-run", "--month", "2024-12", "--submitted-on", "2025-01-06", "-o", "december")
FINDINGS, BAD, INTERRUPTED = 1, 2, 130


@pytest.fixture(scope="session")
def market_file(tmp_path_factory) -> Path:
    """A store of twelve issuers with a year of facts each; made once, tests copy it."""
    path = tmp_path_factory.mktemp("market") / "captable.db"
    fill(str(path))
    return path


def fill(place: str) -> None:
    with open_store(place, clock=lambda: datetime.now(UTC), create=True) as store:
        for code in markets.codes(ISSUERS):
            (drafts,) = markets.history(code, 1)
            record(store, code, drafts)


@pytest.fixture
def market(folder, market_file) -> Path:
    shutil.copy(market_file, folder / "captable.db")
    return folder / "captable.db"


@pytest.fixture(scope="module")
def market_on_a_server() -> Iterator[str]:
    """The same twelve issuers in a database; the tests only read it."""
    url = postgresql.database()
    fill(url)
    yield url
    postgresql.drop(url)


def made() -> dict[str, bytes]:
    """The documents of the run in the working folder."""
    return {path.name: path.read_bytes() for path in Path("december").iterdir() if path.name != "run.json"}


def manifest() -> dict[str, dict[str, object]]:
    shown = json.loads(Path("december/run.json").read_text())
    return dict(shown["issuers"])


def confirm_wrongly(issuer: str) -> None:
    said = fact(
        "BalanceConfirmed",
        effective_on="2024-12-30",
        share_class=markets.SHARE,
        issued_excluding_treasury=7,
        document="a statement",
    )
    done("record", "--file", write("wrong.jsonl", said), "--issuer", issuer)


# --- what is made ---------------------------------------------------------------------------------------------------


def test_every_issuer_has_the_return_that_captable_return_would_print(market):
    ran = done(*RUN, "--format", "pdf", "--format", "json", "--workers", "2")
    assert ran.out == "Monthly Returns for December 2024, submitted on 6 January 2025, as pdf and json: 12 made, 0 held back\n"
    # A bar for a terminal may leave an empty line if there is none.
    assert ran.err.lstrip() == "written to december; run.json there has the result of each issuer\n"
    assert len(made()) == 2 * ISSUERS
    for fmt in ("pdf", "json"):
        alone = ("return", "monthly", "--month", "2024-12", "--submitted-on", "2025-01-06", "--format", fmt, "--issuer", "00007")
        done(*alone, "-o", f"alone.{fmt}")
        assert made()[f"00007-monthly-2024-12.{fmt}"] == Path(f"alone.{fmt}").read_bytes()


def test_one_process_makes_the_same_as_several(market):
    done(*RUN, "--format", "json", "--workers", "1")
    alone = made()
    shutil.rmtree("december")
    done(*RUN, "--format", "json", "--workers", "3")
    assert made() == alone


def test_a_market_on_a_server_has_the_same_returns_as_in_a_file(market, market_on_a_server):
    done(*RUN, "--format", "pdf", "--format", "json", "--workers", "2")
    in_a_file = made()
    shutil.rmtree("december")
    ran = done(*RUN, "--format", "pdf", "--format", "json", "--workers", "2", "--store", market_on_a_server)
    assert "12 made, 0 held back" in ran.out
    assert made() == in_a_file


def test_a_run_reads_the_replica_that_is_named(folder, market_on_a_server):
    # There is no captable.db in the folder: whatever read that would fail.
    ran = done(*RUN, "--format", "json", "--read-store", market_on_a_server, "--workers", "2")
    assert "12 made, 0 held back" in ran.out


def test_a_return_held_back_is_reported_with_its_reason_and_the_rest_are_made(market):
    confirm_wrongly("00003")
    rewrite(market, 4, recorded_at="never")
    ran = captable(*RUN, "--format", "json", "--workers", "2")
    # Every book's fourth entry is damaged now; findings are looked for only in what can be read.
    assert ran.code == FINDINGS
    assert "0 made, 12 held back" in ran.out
    assert ran.out.count("damaged") == ISSUERS


def test_a_book_with_findings_is_held_back_unless_drafts_are_asked_for(market):
    confirm_wrongly("00003")
    ran = captable(*RUN, "--format", "json")
    assert ran.code == FINDINGS
    assert "11 made, 1 held back" in ran.out
    assert "HK101" in ran.out
    assert manifest()["00003"]["status"] == "held back"
    assert "00003-monthly-2024-12.json" not in made()
    shutil.rmtree("december")
    ran = captable(*RUN, "--format", "json", "--drafts")
    assert ran.code == FINDINGS
    assert "12 made, 1 of them marked DRAFT, 0 held back" in ran.out
    assert manifest()["00003"]["status"] == "draft"
    assert json.loads(made()["00003-monthly-2024-12.json"])["draft"] is True


def test_the_report_is_also_given_as_json(market):
    confirm_wrongly("00003")
    shown = captable(*RUN, "--format", "json", "--json").json
    assert (shown["made"], shown["kept"], shown["held_back"]) == (11, 0, 1)
    (reason,) = shown["reasons"]
    assert (reason["issuer"], reason["reason"]) == ("00003", "findings")


# --- continued ------------------------------------------------------------------------------------------------------


def test_what_is_there_and_whole_is_not_made_again_unless_its_book_has_grown(market):
    done(*RUN, "--format", "json")
    before = {path: path.stat().st_mtime_ns for path in Path("december").glob("*.json") if path.name != "run.json"}
    done(
        "record",
        "--issuer",
        "00004",
        "--file",
        write("more.jsonl", fact("BonusIssueCompleted", shares=1_000, share_class=markets.SHARE, effective_on="2024-12-31")),
    )
    Path("december/00005-monthly-2024-12.json").write_text("{}")
    Path("december/00006-monthly-2024-12.json").unlink()
    ran = done(*RUN, "--format", "json")
    assert "3 made, 9 kept from before, 0 held back" in ran.out
    again = {path.name for path, changed in before.items() if path.stat().st_mtime_ns != changed}
    assert again == {f"0000{n}-monthly-2024-12.json" for n in (4, 5, 6)}


def test_the_day_of_submission_of_a_run_is_that_of_the_run_continued(market):
    done(*RUN, "--format", "json")
    ran = done("returns-run", "--month", "2024-12", "-o", "december", "--format", "json")
    assert "submitted on 6 January 2025, as json: 0 made, 12 kept from before" in ran.out


def test_another_run_does_not_share_the_folder(market):
    done(*RUN, "--format", "json")
    ran = captable("returns-run", "--month", "2024-11", "--submitted-on", "2024-12-05", "-o", "december")
    assert (ran.code, ran.out) == (BAD, "")
    assert "december holds another run: the Monthly Returns for December 2024" in ran.err


def test_a_store_without_books_is_reported(folder):
    with open_store("captable.db", clock=lambda: datetime.now(UTC), create=True):
        pass
    ran = captable(*RUN)
    assert (ran.code, ran.out) == (BAD, "")
    assert "this store is empty" in ran.err
    assert not Path("december").exists()


# --- interrupted ----------------------------------------------------------------------------------------------------


def started(*arguments: str, **settings: object) -> subprocess.Popen[bytes]:
    program = "from cli.main import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", program, *arguments], env=environment, start_new_session=True, **settings)  # type: ignore[call-overload, no-any-return]


def until_some_are_made(process: subprocess.Popen[bytes], number: int) -> None:
    deadline = time.monotonic() + 60
    while len(list(Path("december").glob("*.pdf"))) < number:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)


def running_in(session: int) -> list[int]:
    """The processes of a session that are alive."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = path.read_text().rpartition(")")
        except OSError:
            continue
        state, _, _, of_session = rest.split()[:4]
        if int(of_session) == session and state != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.mark.parametrize(
    ("ending", "code"), [(signal.SIGINT, INTERRUPTED), (signal.SIGKILL, -signal.SIGKILL)], ids=["Ctrl-C", "kill -9"]
)
@pytest.mark.parametrize("place", ["file", "server"])
def test_a_run_that_is_ended_in_the_midst_goes_on_where_it_stopped(place, request, folder, ending, code):
    store = ("--store", str(request.getfixturevalue("market" if place == "file" else "market_on_a_server")))
    process = started(*RUN, *store, "--workers", "2", stderr=subprocess.PIPE)
    until_some_are_made(process, 2)
    # At the keyboard the whole group hears it; a killer names one.
    (os.killpg if ending == signal.SIGINT else os.kill)(process.pid, ending)
    said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == code
    assert "Traceback" not in said
    deadline = time.monotonic() + 20
    while running_in(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running_in(process.pid) == []
    ran = done(*RUN, *store, "--workers", "1")
    assert "0 held back" in ran.out
    if ending == signal.SIGINT:
        assert "interrupted" in said
        assert "kept from before" in ran.out
    assert {path.name for path in Path("december").iterdir()} == {
        "run.json", *(f"{code}-monthly-2024-12.pdf" for code in markets.codes(ISSUERS))
    }  # fmt: skip
    assert all(content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF") for content in made().values())


def test_progress_is_shown_on_a_terminal_only_and_after_a_moment(market):
    master, slave = pty.openpty()
    program = "import cli.progress; cli.progress.QUIET_SECONDS = 0; from cli.main import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"}
    command = [sys.executable, "-c", program, *RUN, "--format", "json", "--workers", "1"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=slave)
    os.close(slave)
    out = process.communicate(timeout=60)[0]
    shown = os.read(master, 100_000).decode()
    os.close(master)
    assert process.returncode == 0
    assert "returns" in shown
    assert f"1 of {ISSUERS}" in shown
    assert b"\x1b" not in out


# --- captable issuers -----------------------------------------------------------------------------------------------


def test_the_issuers_are_listed_with_name_entries_and_the_last_recording(market):
    listed = done("issuers").out.splitlines()
    assert listed[0].split() == ["issuer", "name", "entries", "last", "recorded"]
    assert len(listed) == 1 + ISSUERS
    first = done("issuers", "--json").json[0]
    assert (first["issuer"], first["name"]) == ("00001", "Issuer 00001 Holdings Limited")
    assert f"  {first['entries']:,}  " in listed[1].replace("   ", "  ") or str(first["entries"]) in listed[1]
    assert first["damage"] is None


def test_a_damaged_book_is_listed_with_its_damage_and_the_others_by_name(market):
    rewrite(market, 1, payload=b"{}")
    ran = captable("issuers")
    assert ran.code == 4
    # The chain of each book breaks at its first entry, or at the second.
    assert len(re.findall(r"entry [12]: ", ran.out)) == ISSUERS
