"""Files that are there whole or not at all, on disks that have no links, beside databases, and after a killed process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from infrastructure import whole_file
from infrastructure.whole_file import STORE_MARK, NotWritten, put


def part(folder, process):
    left = folder / f".captable-{process}-{'0' * 32}.part"
    left.write_bytes(b"part")
    return left


@pytest.fixture
def ended():
    """The number of a process that has ended."""
    gone = subprocess.Popen([sys.executable, "-S", "-c", ""])
    gone.wait(30)
    return gone.pid


def without_links(monkeypatch):
    def link(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)


@pytest.mark.parametrize("links", [True, False])
def test_a_file_gets_its_name_if_that_is_free_and_never_the_place_of_another(tmp_path, monkeypatch, links):
    if not links:
        without_links(monkeypatch)
    passing, target = tmp_path / "passing", tmp_path / "book.db"
    passing.write_bytes(b"new")
    assert whole_file.settle(passing, target) is True
    assert (target.read_bytes(), passing.exists()) == (b"new", False)
    passing.write_bytes(b"newer")
    assert whole_file.settle(passing, target) is False
    assert (target.read_bytes(), passing.read_bytes()) == (b"new", b"newer")


def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path, monkeypatch):
    target = tmp_path / "return.pdf"
    target.write_bytes(b"before")
    # The tests may run as a user who is allowed everything.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(NotWritten, match="cannot be written: it is read-only"):
        put(target, b"after")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("return.pdf", b"before")]


@pytest.mark.parametrize("synced", [True, False])
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path, synced):
    target = tmp_path / "return.pdf"
    target.write_bytes(b"before")
    target.chmod(0o640)
    put(target, iter([b"af", b"ter"]), synced=synced)
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"after", 0o640)


def test_a_database_and_what_belongs_to_one_are_not_replaced(tmp_path):
    database = tmp_path / "book.db"
    database.write_bytes(STORE_MARK)
    for name, reason in (
        ("book.db", "a database"),
        ("book.db-wal", "part of a database"),
        ("book.db-journal", "part of a database"),
    ):
        with pytest.raises(NotWritten, match=f"{name} is {reason}; it is not overwritten"):
            put(tmp_path / name, b"")
    assert whole_file.kept_from(tmp_path / "other.db-wal") is None


def test_a_database_cannot_have_a_name_of_which_another_would_be_a_part(tmp_path):
    (tmp_path / "book.db-wal").write_bytes(STORE_MARK)
    assert whole_file.taken_for_part(tmp_path / "book.db") == "the name of which book.db-wal would be a part"
    assert whole_file.taken_for_part(tmp_path / "other.db") is None


def test_no_folder_is_made_that_has_the_name_of_a_part_of_a_database(tmp_path):
    (tmp_path / "book.db").write_bytes(STORE_MARK)
    with pytest.raises(NotWritten, match=r"cannot be made: book\.db-wal is part of a database"):
        whole_file.make_folder(tmp_path / "book.db-wal" / "december")
    whole_file.make_folder(tmp_path / "returns" / "december")
    assert (tmp_path / "returns" / "december").is_dir()


def test_the_passing_files_of_processes_that_have_ended_are_removed_and_no_others(tmp_path, ended):
    left = part(tmp_path, ended), part(tmp_path, 10**30)
    kept = part(tmp_path, 1), tmp_path / "return.part"
    kept[1].write_bytes(b"")
    whole_file.remove_left_parts(tmp_path)
    assert [each.exists() for each in (*left, *kept)] == [False, False, True, True]


def test_the_process_of_somebody_else_runs(monkeypatch):
    def kill(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "kill", kill)
    assert whole_file._runs(1) is True
    assert whole_file._runs(os.getpid()) is False


def test_a_second_name_of_a_file_is_removed_if_its_process_has_ended_and_waited_for_otherwise(tmp_path, ended):
    path = tmp_path / "book.db"
    path.write_bytes(b"book")
    other = part(tmp_path, ended - 1)
    for process, under_way in ((ended, False), (1, True)):
        name = tmp_path / f".captable-{process}-{'f' * 32}.part"
        os.link(path, name)
        assert whole_file.forget_passing_names(path) is under_way
        assert name.exists() is under_way
    assert other.exists()
