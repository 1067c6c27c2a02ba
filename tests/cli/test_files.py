"""Files that commands write: whole or not at all, never over a store, in the format that their name says."""

from __future__ import annotations

import os
import resource
import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests.cli.running import SCRIPT, captable, done, script

MONTH = ("--month", "2024-12", "--submitted-on", "2025-01-06")


def folder_of(path: Path) -> set[str]:
    return {each.name for each in path.iterdir()}


WRITING = {
    "return": ("return", "monthly", *MONTH, "--overwrite"),
    "file": ("file", "monthly", *MONTH, "--overwrite"),
    "export": ("export", "--overwrite"),
    "head": ("head", "--overwrite"),
    "due": ("due",),
}


@pytest.mark.parametrize("command", [name for name in WRITING if name != "due"])
def test_a_result_takes_the_place_of_a_file_and_leaves_nothing_beside_it(demo, command):
    Path("out").write_text("before")
    Path("out").chmod(0o640)
    done(*WRITING[command], "-o", "out")
    assert Path("out").read_bytes()[:6] != b"before"
    assert Path("out").stat().st_mode & 0o777 == 0o640
    assert folder_of(demo.parent) == {"captable.db", "out"}


@pytest.mark.parametrize("command", WRITING)
@pytest.mark.parametrize(
    "target", ["captable.db", "captable.db-wal", "captable.db-shm", "captable.db-journal", "link", "link-wal"]
)
def test_no_result_takes_the_place_of_a_store_or_what_belongs_to_it(demo, command, target):
    Path("link").symlink_to("captable.db")
    if target == "link-wal":
        Path("link-wal").symlink_to("captable.db-wal")
    before = demo.read_bytes()
    ran = captable(*WRITING[command], "--ics" if command == "due" else "-o", target)
    assert (ran.code, "database; it is not overwritten" in ran.err) == (2, True), ran.err
    assert demo.read_bytes() == before
    assert done("verify", "--json").json["00020"]["entries"] == done("head", "--json").json["heads"][0]["number"]


LEAST = 32 * 1024
"""As much as SQLite writes beside a store that it only reads."""


def small(most: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


@pytest.mark.parametrize("command", [(*WRITING["return"], "--format", "pdf"), WRITING["return"]])
def test_a_file_that_cannot_be_finished_leaves_the_one_that_was_there(demo, command):
    Path("out").write_text("before")
    # A process that measures the coverage of the tests writes more than it may.
    ran = script([*command, "-o", "out"], {"COVERAGE_PROCESS_CONFIG": ""}, preexec_fn=partial(small, LEAST))
    assert (ran.returncode, ran.stderr) == (2, "captable: out cannot be written: File too large\n")
    assert Path("out").read_text() == "before"
    assert [name for name in folder_of(demo.parent) if name.endswith(".part")] == []


def test_a_device_is_written_to_as_it_is(demo):
    done("export", "-o", "/dev/null")
    ran = captable("export", "-o", "/dev/full")
    assert (ran.code, ran.err) == (2, "captable: /dev/full cannot be written: No space left on device\n")


def test_a_link_to_a_file_stays_a_link(demo):
    Path("real.json").write_text("before")
    Path("link.json").symlink_to("real.json")
    done("head", "-o", "link.json", "--overwrite")
    assert Path("link.json").is_symlink()
    assert Path("real.json").read_text().startswith("{")


def test_a_folder_is_no_file(demo):
    Path("here").mkdir()
    ran = captable("export", "-o", "here")
    assert (ran.code, ran.err) == (2, "captable: here cannot be written: Is a directory\n")


@pytest.mark.parametrize(
    "command",
    [
        ("return", "monthly", *MONTH, "-o"), ("file", "monthly", *MONTH, "-o"), ("export", "-o"), ("head", "-o"),
        ("balances", "-o"), ("query", "select * from entries", "-o"), ("tonight", "--on", "2024-12-17", "-o"),
        ("due", "--ics"), ("chart", "--svg"),
    ],
    ids=lambda command: command[0],
)  # fmt: skip
def test_no_file_of_other_content_is_replaced_unless_that_is_meant(demo, command):
    Path("out").write_text("before")
    ran = captable(*command, "out")
    assert (ran.code, Path("out").read_text()) == (2, "before")
    assert "captable: out exists with other content; add --overwrite, or give another file" in ran.err
    assert captable(*command, "out", "--overwrite").code in (0, 1)
    written = Path("out").read_bytes()
    assert written != b"before"
    if command[0] in ("return", "export", "balances"):
        # The same result again takes nobody's place.
        assert captable(*command, "out").code == 0
        assert Path("out").read_bytes() == written


# --- the format follows the name ----------------------------------------------------------------------------------

BEGINNINGS = {"pdf": b"%PDF", "xlsx": b"PK", "html": b"<!", "json": b"{", "txt": None, "unknown": None}


@pytest.mark.parametrize("suffix", BEGINNINGS)
def test_the_format_of_a_return_follows_the_suffix_of_its_file(demo, suffix):
    done("return", "monthly", *MONTH, "-o", f"mr.{suffix.upper()}")
    expected = BEGINNINGS[suffix]
    if expected is None:
        assert Path(f"mr.{suffix.upper()}").read_bytes() == done("return", "monthly", *MONTH).out.encode()
    else:
        assert Path(f"mr.{suffix.upper()}").read_bytes().startswith(expected)


def test_a_format_that_is_named_wins_over_the_suffix(demo):
    done("return", "monthly", *MONTH, "--format", "json", "-o", "mr.pdf")
    assert Path("mr.pdf").read_bytes().startswith(b"{")


def test_what_is_filed_is_a_pdf_unless_its_file_says_otherwise(demo):
    done("file", "monthly", *MONTH, "-o", "mr.xlsx")
    assert "(xlsx)" in done("filings", "show", "49", "-o", "again.xlsx").err
    assert Path("again.xlsx").read_bytes() == Path("mr.xlsx").read_bytes()


# --- stores -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("balances",), ("verify",), ("record", "return-filed", "--help"), ("history",)])
def test_a_store_with_a_second_name_is_refused(book, command):
    os.link(book, "second.db")
    for name in ("captable.db", "second.db"):
        ran = captable(*command, "--store", name)
        if "--help" not in command:
            assert (ran.code, f"{name} has a second name (a hard link)" in ran.err) == (2, True), ran.err
    Path("second.db").unlink()
    done("balances")


def test_a_copy_is_never_made_under_the_name_of_a_log(book):
    Path("captable.db-journal").unlink(missing_ok=True)
    ran = captable("backup", "captable.db-journal")
    assert (ran.code, "captable.db-journal is part of a database" in ran.err) == (2, True), ran.err


@pytest.mark.parametrize("suffix", ["-journal", "-wal", "-shm"])
def test_no_store_is_made_under_the_name_of_a_log_nor_beside_a_store_that_has_one(book, suffix):
    """SQLite took such a store for the log of the other, and entries were lost."""
    book.with_name(f"captable.db{suffix}").unlink(missing_ok=True)
    ran = captable("demo", "--store", f"captable.db{suffix}")
    assert (ran.code, f"captable.db{suffix} is part of a database; name another file" in ran.err) == (2, True), ran.err
    done("demo", "--store", f"other.db{suffix}")
    ran = captable("demo", "--store", "other.db")
    assert (ran.code, f"of which other.db{suffix} would be a part; name another file" in ran.err) == (2, True), ran.err
    assert not Path("other.db").exists()
    assert "chain intact" in done("verify").out


@pytest.mark.parametrize(
    "command",
    [("man",), ("returns-run", "--month", "2024-12", "-o"), ("export", "--site")],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("folder_of_it", ["captable.db-journal", "captable.db-wal/below"])
def test_no_folder_is_made_under_the_name_of_a_log(book, command, folder_of_it):
    """SQLite opens no database beside which a folder has the name of its journal: the whole book was out of reach."""
    for left in ("captable.db-wal", "captable.db-shm", "captable.db-journal"):
        Path(left).unlink(missing_ok=True)
    ran = captable(*command, folder_of_it)
    assert (ran.code, f"{Path(folder_of_it).parts[0]} is part of a database" in ran.err) == (2, True), ran.err
    assert not Path(folder_of_it).parent.joinpath("below").exists()
    assert done("verify")


@pytest.mark.parametrize("name", [b"\xff\xfe.db", b"a%20b?c#d.db", "\u80a1\u672c.db".encode(), b"new\nline.db"])
def test_a_store_and_its_files_may_have_any_name(folder, name):
    def run(*arguments: bytes) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([bytes(SCRIPT), *arguments], capture_output=True, timeout=60, check=False)

    assert run(b"demo", b"--store", name).returncode == 0
    assert run(b"verify", b"--store", name).returncode == 0
    for command in (b"export", b"head"):
        assert run(command, b"--store", name, b"-o", name + b"." + command).returncode == 0
    assert run(b"backup", name + b".copy", b"--store", name).returncode == 0
    assert run(b"record", b"--file", name + b".head", b"--store", name + b".copy").returncode == 2
    assert run(b"doctor", b"--store", name).returncode == 0
    # Only a name that is no text has ever been more than one format could write.
    for suffix in (b"txt", b"json", b"csv", b"xlsx") if b"\xff" in name else (b"json",):
        ran = run(b"doctor", b"--store", name, b"-o", b"doctor." + suffix)
        assert ran.returncode == 0, ran.stderr
    assert Path(os.fsdecode(name)).exists()
