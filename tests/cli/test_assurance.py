"""`captable head`, `verify --head`, `backup`, `restore` and `doctor` on the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from infrastructure.schema import COLUMNS
from tests.cli.running import CODE, LAST, at, captable, done, head
from tests.faults.files import put, rebuild, rewrite, rows_of, unguarded

FINDINGS, BAD, DAMAGED = 1, 2, 4


def cut(path: Path, left: int) -> None:
    rows = rows_of(path)
    with unguarded(path) as connection:
        put(connection, rows[:left])
    rebuild(path)


def test_the_head_of_every_book_is_printed(book):
    shown = done("head").out
    assert CODE in shown
    assert head()[CODE]["hash"] in shown
    shown = done("head", "--json").json
    assert [(each["issuer"], each["number"], each["hash"]) for each in shown["heads"]] == [(CODE, LAST, head()[CODE]["hash"])]


def test_a_receipt_kept_elsewhere_is_still_held_by_a_book_that_has_grown(book):
    assert done("head", "-o", "head.json").err == "the heads of 1 book written to head.json\n"
    done("record", "shares-repurchased", "--class", "B", "--shares", "1", "--on", "2024-06-01", "--intention", "treasury")
    ran = done("verify", "--head", "head.json")
    assert f"{CODE}: {LAST + 1} entries, chain intact" in ran.out
    assert f"{CODE}: still holds entry {LAST} of the receipt of" in ran.out


def test_a_cut_tail_is_damage_though_the_chain_is_whole(book):
    done("head", "-o", "head.json")
    cut(book, LAST - 2)
    assert captable("verify").code == 0
    ran = captable("verify", "--head", "head.json")
    assert ran.code == DAMAGED
    assert f"the book of {CODE} is cut off: it ends at entry {LAST - 2}, and entries {LAST - 1} to {LAST} are gone" in ran.err
    shown = captable("verify", "--head", "head.json", "--json").json
    assert shown["receipts"][0]["wrong"].startswith("the book of")


def test_a_rewritten_history_is_found_between_two_receipts(book):
    done("head", "-o", "late.json")
    early = json.loads(Path("late.json").read_text())
    early["heads"][0] |= {"number": 3, "hash": rows_of(book)[2][-1].hex()}
    Path("early.json").write_text(json.dumps(early))
    rewrite(book, 6, recorded_by="somebody")
    assert captable("verify").code == 0
    ran = captable("verify", "--head", "early.json", "--head", "late.json")
    assert ran.code == DAMAGED
    assert "was rewritten after entry 3, which is unchanged, and up to entry 9, whose hash differs" in ran.err
    assert f"{CODE}: still holds entry 3" in ran.out


def test_a_book_that_is_gone_is_missed(book):
    done("head", "-o", "head.json")
    cut(book, 0)
    ran = captable("verify", "--head", "head.json")
    assert (ran.code, f"the book of {CODE} is gone: it had {LAST} entries" in ran.err) == (DAMAGED, True)


def test_a_signed_receipt_is_checked_with_its_key(book):
    Path("key").write_text("a key that nobody else has\n")
    Path("other").write_text("a key that somebody else has\n")
    done("head", "--key-file", "key", "-o", "head.json")
    assert done("verify", "--head", "head.json", "--key-file", "key").code == 0
    ran = captable("verify", "--head", "head.json", "--key-file", "other")
    assert ran.code == BAD
    assert "was not signed with this key, or was changed since" in ran.err


def test_a_missing_or_invalid_receipt_is_reported(book):
    Path("other.json").write_text("{}")
    ran = captable("verify", "--head", "other.json")
    assert (ran.code, ran.err) == (BAD, "captable: other.json is not a head receipt, as captable head makes it\n")
    ran = captable("verify", "--head", "absent.json")
    assert (ran.code, "absent.json" in ran.err) == (BAD, True)


# --- backup and restore ---------------------------------------------------------------------------------------------


def test_a_backup_is_verified_and_restored_as_the_same_book(book):
    before = head()
    ran = done("backup", "copy.db")
    assert ran.out.startswith(f"copy.db: 1 book, {LAST} entries, chain intact\n  {CODE}   Head {LAST} · ")
    book.unlink()
    shown = done("restore", "copy.db", "--json").json
    assert shown == {"file": "captable.db", "books": before}
    assert head() == before
    assert done("balances", "--json").json["issuer"] == CODE


def test_a_backup_and_a_restored_store_take_no_others_place(book):
    done("backup", "copy.db")
    for command in (["backup", "copy.db"], ["restore", "copy.db"]):
        ran = captable(*command)
        assert (ran.code, ran.out) == (BAD, "")
        assert "exists; move it away, or name another file" in ran.err


def test_a_damaged_backup_is_not_restored(book):
    done("backup", "copy.db")
    with unguarded(Path("copy.db")) as connection:
        connection.execute("UPDATE entries SET source = 'x' WHERE number = 5")
    ran = captable("restore", "copy.db", "--store", "new.db")
    assert (ran.code, ran.out) == (DAMAGED, "")
    assert "entry 5: does not match its hash; what is damaged is not copied" in ran.err
    assert not Path("new.db").exists()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"issuer": ""}, "entry 1 is of no issuer"),
        ({"number": 0, "version": 0, "command_id": "stray"}, "entry 0: the entries of a book begin with number 1"),
    ],
)
def test_an_entry_that_belongs_to_no_book_is_found(book, said, why):
    rows = rows_of(book)
    stray = {**dict(zip(COLUMNS, rows[0], strict=True)), **said}
    with unguarded(book) as connection:
        put(connection, [*rows, tuple(stray.values())])
    ran = captable("verify")
    assert (ran.code, why in ran.err) == (DAMAGED, True)


# --- doctor ---------------------------------------------------------------------------------------------------------


def text(name: str, line: str) -> str:
    Path(name).write_text(line + "\n")
    return name


def seen(*arguments: str) -> dict[str, dict[str, str]]:
    return {each["name"]: each for each in captable("doctor", "--json", *arguments).json}


def test_the_doctor_finds_a_whole_store_well(book):
    ran = done("doctor")
    assert "TROUBLE" not in ran.out
    found = seen()
    assert found["store"]["value"] == str(book)
    assert found["schema"]["state"] == found["writable"]["state"] == found["fonts"]["state"] == "ok"
    assert found["journal"]["value"] == "wal"
    assert found["issuers"]["value"] == f"1, {LAST} entries"
    assert head()[CODE]["hash"] in found["head"]["value"]


def test_the_doctor_says_until_when_the_trading_days_are_confirmed(book):
    days = text("days.txt", "confirmed until 2099-12-31")
    found = seen("--calendar", days)["calendar"]
    assert (found["value"], found["state"]) == ("confirmed until 31 December 2099", "ok")


@pytest.mark.parametrize(("today", "state"), [(16, "ok"), (17, "note")])
def test_the_doctor_notes_that_trading_days_will_soon_not_be_confirmed(book, today, state):
    with at(f"2026-11-{today}T00:00+00:00"):
        found = seen()["calendar"]
    assert (found["value"], found["state"]) == ("confirmed until 31 December 2026", state)


def test_the_doctor_says_that_a_file_of_trading_days_cannot_be_read(book):
    ran = captable("doctor", "--calendar", text("days.txt", "2026-09-10 perhaps"))
    assert ran.code == FINDINGS
    assert "TROUBLE  calendar" in ran.out
    assert "days.txt:1: expected a day and closed, open or half day" in ran.out


def test_the_doctor_says_how_to_begin_where_there_is_no_store(folder):
    ran = done("doctor")
    assert "captable demo makes one to look at" in ran.out


def test_the_doctor_looks_at_the_demo_where_there_is_nothing_else(folder, demo_file):
    shutil.copy(demo_file, "captable-demo.db")
    assert seen()["store"]["value"].endswith("captable-demo.db")


@pytest.mark.parametrize("content", [b"", b"not a store at all, but text"])
def test_the_doctor_says_what_is_wrong_with_what_is_no_store(folder, content):
    Path("captable.db").write_bytes(content)
    ran = captable("doctor")
    assert ran.code == FINDINGS
    assert "TROUBLE  store" in ran.out
    assert "is not a captable store" in ran.out


def test_the_doctor_says_that_a_store_is_read_only(book):
    book.chmod(0o444)
    assert seen()["writable"]["state"] == "note"


def test_the_doctor_sees_damage_at_the_end_of_a_book(book):
    rewrite(book, LAST, recorded_at="never")
    ran = captable("doctor")
    assert ran.code == FINDINGS
    assert f"entry {LAST}: " in ran.out
    assert "restore the last backup" in ran.out


def test_a_backup_that_is_not_there_is_no_store_to_begin(folder):
    ran = captable("restore", "nothing.db", "--store", "captable.db")
    assert (ran.code, ran.err) == (2, "captable: there is no backup at nothing.db\n")


def test_a_token_for_a_book_that_is_not_there_is_made_and_said_to_be_for_none(demo):
    ran = done("admin", "token", "create", "Ms Chan", "--issuer", "00021")
    assert "there is no book of 00021 here yet; this store has: 00020" in ran.err
    assert "there is no book" not in done("admin", "token", "create", "Ms Chan", "--issuer", "00020").err
