"""Options that cannot be, wrong uses, and stores that are none: named, and nothing is recorded."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import FOUNDING, LAST, captable, done, fact, head, script, write

BAD, REFUSED, DAMAGED = 2, 3, 4

# --- one fact by its options --------------------------------------------------------------------------------------

PLACING = {"--class": "B", "--shares": "1,000", "--on": "1 March 2024"}
OPTIONS: dict[str, tuple[dict[str, str], int, str]] = {
    "zero shares": ({"--shares": "0"}, BAD, "--shares: expected a whole number of shares above zero, got 0"),
    "negative shares": ({"--shares": "-5"}, BAD, "--shares: expected a whole number of shares above zero, got -5"),
    "fractional shares": ({"--shares": "5.5"}, BAD, "--shares: expected a whole number of shares, got 5.5"),
    "1e9": ({"--shares": "1e9"}, BAD, "--shares: expected a whole number of shares, got 1e9"),
    "fullwidth digits": ({"--shares": "１"}, BAD, "--shares: expected a whole number of shares, got '１'"),
    "unknown class": ({"--class": "b"}, BAD, '--class: unknown class "b" on 1 March 2024. Classes: A, B. Did you mean B?'),
    "unknown currency": ({"--price": "HKR 1.5"}, BAD, "--price: unknown currency 'HKR'"),
    "impossible date": ({"--on": "31 Feb 2024"}, BAD, "--on: expected a date such as 2024-12-17 or 17 Dec 2024, got 31 Feb 2024"),
    "before the class": ({"--on": "2023-12-31"}, BAD, '--class: unknown class "B" on 31 December 2023'),
    "above authorised": (
        {"--shares": "60,000"},
        REFUSED,
        "refused: issued shares of class B would be 110,000 at close of 1 March 2024",
    ),
    "replaces nothing": ({"--replaces": "99"}, REFUSED, "--replaces: there is no entry 99 to replace; the last entry is 9"),
    "a control character in the source": ({"--source": "a\x07"}, BAD, "--source: expected printable text"),
    "nobody": ({"--by": " "}, BAD, "--by: expected printable text"),
    "another issuer": ({"--issuer": "00021"}, BAD, "no book of issuer 00021; this store has: 00020"),
}


@pytest.mark.parametrize(("options", "code", "said"), OPTIONS.values(), ids=OPTIONS.keys())
def test_an_option_that_cannot_be_is_named(book, options, code, said):
    before = head()
    ran = captable("record", "placing-completed", *[word for pair in {**PLACING, **options}.items() for word in pair])
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert head() == before


def test_missing_options_are_all_named(book):
    ran = captable("record", "shares-repurchased", "--shares", "x")
    assert ran.code == BAD
    for said in (
        "--on: missing",
        "--class: missing",
        "--shares: expected",
        "--intention: missing; expected cancellation or treasury",
    ):
        assert said in ran.err
    assert "Try captable record shares-repurchased -h" in ran.err


USAGE: dict[str, tuple[list[str], str]] = {
    "command": (["recrod"], "there is no command 'recrod'. Did you mean record?"),
    "event": (["record", "placing-complete"], "there is no event 'placing-complete'. Did you mean placing-completed?"),
    "return": (["return", "monthyl"], "monthyl"),
    "option": (["balances", "--as-fo", "2024-01-01"], "--as-of"),
    "topic": (["help", "exit-code"], "there is no topic 'exit-code'. Did you mean exit-codes?"),
    "field": (["record", "placing-completed", "--share", "5"], "--shares"),
    "field of a correction": (
        ["correct", "5", "--share", "5"],
        "entry 5 is of type Authorised capital increased: ",
    ),
    "correction of nothing": (["correct", "5"], "give the fields that were wrong"),
    "correction that changes nothing": (["correct", "5", "--shares", "100,000"], "entry 5 already says that"),
    "entry that is not there": (["show", "99"], "there is no entry 99 in the book of 00020; it ends at entry 9"),
    "entry that is no number": (["show", "x"], "ENTRY"),
    "class": (["balances", "--class", "b"], "no class b at close of"),
    "date": (["balances", "--as-of", "31 Feb 2024"], "--as-of"),
    "a date beyond the calendar": (["balances", "--as-of", "0001-01-01"], "--as-of"),
    "moment": (["balances", "--known-at", "last week"], "--known-at"),
    "a moment that may be a day": (["balances", "--known-at", "20241217"], "--known-at"),
    "a moment beyond the calendar": (["history", "--known-at", "0001-01-01T00:00+14:00"], "--known-at"),
    "month": (["return", "monthly", "--month", "2024-13"], "expected a month such as 2024-12 or Dec 2024, got 2024-13"),
    "first month": (["return", "monthly", "--month", "0000-01"], "expected a month such as 2024-12"),
    "last month": (["return", "monthly", "--month", "9999-12"], "expected a month such as 2024-12"),
    "a return before the book": (["return", "monthly", "--month", "2023-11"], "the book begins at close of 2 January 2024"),
    "a return of nothing": (["return", "next-day", "--on", "2024-06-28"], "there is nothing to disclose"),
    "a return in two ways": (
        ["return", "monthly", "--month", "2024-03", "--explain", "--format", "html"],
        "--explain answers in text",
    ),
    "two ways to record": (["record", "--file", "x.jsonl", "placing-completed"], "give either an event or --file"),
    "withdrawal without a reason": (["withdraw", "5"], "--reason"),
    "export over the store": (["export", "-o", "captable.db"], "captable.db is a database; it is not overwritten"),
    "export into nowhere": (
        ["export", "-o", "nowhere/book.jsonl"],
        "nowhere/book.jsonl cannot be written: No such file or directory",
    ),
}


@pytest.mark.parametrize(("command", "said"), USAGE.values(), ids=USAGE.keys())
def test_a_wrong_use_is_reported_with_the_right_one(book, command, said):
    before = head()
    ran = captable(*command)
    assert (ran.code, ran.out) == (BAD, "")
    assert said in ran.err
    assert head() == before


def test_a_withdrawal_cannot_be_withdrawn_and_the_fact_is_recorded_again(book):
    done("withdraw", str(LAST), "--reason", "not sold")
    ran = captable("withdraw", str(LAST + 1), "--reason", "it was sold")
    assert ran.code == BAD
    assert f"record the fact again with --replaces {LAST + 1}" in ran.err
    done("record", "treasury-shares-sold", "--class", "B", "--shares", "700", "--on", "2024-05-08", "--replaces", str(LAST + 1))
    assert done("balances", "--class", "B", "--json").json["classes"][0]["treasury"] == 0


# --- stores -------------------------------------------------------------------------------------------------------


def text_file(path: Path) -> None:
    path.write_text("minutes of the meeting\n" * 100)


def other_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE entries (a)")
    connection.close()


def other_tables(path: Path) -> None:
    done("record", "--file", write("founding.jsonl", *FOUNDING), "--store", str(path))
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER entries_are_never_changed")
    connection.close()


NOT_STORES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a text file": (text_file, "mine.db is not a captable store"),
    "another database": (other_database, "mine.db is not a captable store"),
    "a store without its triggers": (other_tables, "its tables or triggers were changed"),
    "a folder": (Path.mkdir, "mine.db is a folder"),
    "an empty file": (Path.touch, "mine.db is not a captable store"),
    "nothing": (str, "there is no store at mine.db"),
}


@pytest.mark.parametrize(("make", "said"), NOT_STORES.values(), ids=NOT_STORES.keys())
def test_a_file_that_is_no_store_is_left_as_it_is(make, said):
    path = Path("mine.db")
    make(path)
    before = path.read_bytes() if path.is_file() else None
    for command in (["balances"], ["verify"], ["record", "mandate-revoked", "--mandate", "m", "--on", "2024-01-01"]):
        ran = captable(*command, "--store", "mine.db")
        assert (ran.code, said in ran.err) == (BAD, True), ran.err
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize("location", ["", "postgresql://host/x", "sqlite:///", "no/such/folder/x.db"])
def test_a_place_where_no_store_can_be_is_reported(location):
    for command in (["balances"], ["record", "--file", write("founding.jsonl", *FOUNDING)]):
        ran = captable(*command, "--store", location)
        assert (ran.code, ran.out) == (BAD, "")


def flipped(path: Path, needle: bytes) -> None:
    content = bytearray(path.read_bytes())
    at = content.rindex(needle)
    content[at] ^= 1
    path.write_bytes(content)


def test_a_store_with_one_byte_changed_is_damaged_and_the_entry_named(book):
    flipped(book, b'50000,"share_class":"B"')
    for command in (["verify"], ["balances"], ["history"], ["record", "--file", write("f.jsonl", fact())], ["export"]):
        ran = captable(*command)
        assert (ran.code, ran.out) == (DAMAGED, "")
        assert "entry 7: does not match its hash" in ran.err


def test_a_changed_name_of_who_recorded_shows_as_well(book):
    flipped(book, b"the secretary")
    ran = captable("verify")
    assert (ran.code, "does not match its hash" in ran.err) == (DAMAGED, True)


def test_a_read_only_store_is_read_and_not_written(book):
    before = head()
    book.chmod(0o444)
    ran = captable("record", "--file", write("f.jsonl", fact()))
    assert (ran.code, "captable.db is read-only" in ran.err) == (BAD, True)
    assert "Would record entry 10" in done("record", "--file", "f.jsonl", "--dry-run").out
    assert head() == before


@pytest.mark.parametrize(("name", "said"), [("no.jsonl", "no.jsonl: No such file or directory"), (".", "Is a directory")])
def test_a_path_that_cannot_be_read_is_reported(book, name, said):
    ran = captable("record", "--file", name)
    assert (ran.code, said in ran.err) == (BAD, True)


def test_nothing_is_made_where_the_first_facts_cannot_stand():
    ran = captable("record", "--file", write("f.jsonl", *FOUNDING, fact(shares=100_000)))
    assert ran.code == REFUSED
    assert not Path("captable.db").exists()


def test_a_book_begins_with_its_issuer():
    ran = captable("record", "--file", write("f.jsonl", FOUNDING[1], FOUNDING[0]))
    assert (ran.code, "f.jsonl:1: event: the book is empty; its first entry must be IssuerRegistered" in ran.err) == (
        REFUSED,
        True,
    )
    assert captable("record", "--file", write("f.jsonl", fact())).code == BAD
    assert not Path("captable.db").exists()


def test_the_issuer_that_is_meant_is_the_one_that_the_file_registers():
    ran = captable("record", "--file", write("f.jsonl", *FOUNDING), "--issuer", "00021")
    assert (ran.code, "00021 is not the issuer that is registered here, 00020" in ran.err) == (BAD, True)


def test_the_installed_script_ends_with_the_same_sentences_and_codes(book):
    write("f.jsonl", fact(shares=0))
    ran = script(["record", "--file", "f.jsonl"])
    assert (ran.returncode, ran.stdout) == (BAD, "")
    assert ran.stderr == "f.jsonl:1: shares: expected a whole number of shares above zero, got 0\nnothing was recorded\n"
    assert script(["record", "--file", write("g.jsonl", fact(shares=60_000))]).returncode == REFUSED
    assert script(["balances", "--class", b"\xff"]).returncode == BAD  # type: ignore[list-item]
