"""Input at the ends of what can be written: each is refused in a sentence that names it, with a true exit code."""

from __future__ import annotations

import difflib
import json
import os
import sqlite3
from pathlib import Path

import pytest

import application.record
from domain.capital.balances import apply
from infrastructure import taken_in
from tests import postgresql
from tests.cli.running import FOUNDING, LAST, Ran, captable, done, fact, write

DIGEST = "ab" * 32


@pytest.fixture
def books(folder: Path) -> None:
    """A book of nine entries in a file."""
    done("record", "--file", write("founding.jsonl", *FOUNDING))


@pytest.fixture(params=["file", "server"])
def each_engine(request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """The same book on each engine."""
    url = postgresql.database() if request.param == "server" else None
    if url:
        monkeypatch.setenv("CAPTABLE_STORE", url)
        done("admin", "init", url)
    done("record", "--file", write("founding.jsonl", *FOUNDING))
    yield
    if url:
        postgresql.drop(url)


def refused(*arguments: str) -> Ran:
    ran = captable(*arguments)
    assert ran.code in (2, 3), ran
    assert "cannot be used" not in ran.err, ran.err
    assert "cannot be reached" not in ran.err, ran.err
    return ran


# --- numbers ------------------------------------------------------------------------------------------------------

NUMBERS = ("-1", "2147483648", "9" * 60)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_entry_has_such_a_number(each_engine, number):
    assert f"there is no entry {int(number)} in the book of 00020" in refused("show", "--", number).err
    assert f"there is no entry {int(number)}" in refused("withdraw", "--reason", "x", "--", number).err
    assert f"there is no entry {int(number)}" in refused("correct", number, "--shares", "5").err if int(number) > 0 else True
    assert "no filing" in refused("filings", "show", "--", number).err
    placing = ("record", "placing-completed", "--class", "B", "--shares", "5", "--on", "2024-03-01", f"--replaces={number}")
    assert refused(*placing).err.startswith("--replaces: ")
    assert done("verify", "--json").json["00020"]["entries"] == LAST


@pytest.mark.parametrize("written", ["NaN", "-Infinity", "1e999", '"Infinity"', "1" * 5000])
def test_what_is_no_number_of_shares_is_refused_in_its_line(books, written):
    Path("f.jsonl").write_text(json.dumps(fact()).replace("1000", written) + "\n")
    ran = refused("record", "--file", "f.jsonl")
    assert ran.err.startswith("f.jsonl:1: "), ran.err
    assert len(ran.err) < 300


@pytest.mark.parametrize("price", ["HKD Infinity", "HKD NaN", "HKD 1e400", f"HKD {'9' * 5000}"])
def test_what_is_no_price_is_refused(books, price):
    ran = refused("record", "placing-completed", "--class", "B", "--shares", "5", "--on", "2024-03-01", "--price", price)
    assert ran.err.startswith("--price: expected a currency and an amount"), ran.err


# --- names and command ids ----------------------------------------------------------------------------------------


def test_a_command_id_has_at_most_200_characters(books):
    placing = ("record", "placing-completed", "--class", "B", "--shares", "5", "--on", "2024-03-01", "--command-id")
    assert refused(*placing, "x" * 201).err.startswith("--command-id: expected an identifier of at most 200 printable characters")
    said = refused("record", "--file", write("f.jsonl", fact(), fact(command_id="x" * 201, shares=2))).err
    assert said.startswith("f.jsonl:2: command_id: expected an identifier of at most 200 printable characters"), said
    done(*placing, "x" * 200)


UNPRINTABLE = {
    "a zero byte": "a\x00b",
    "an escape": "a\x1b[2Jb",
    "a mark that turns text round": "a\u202eb",
    "half a character": "\ud800",
    "a byte that is no text": "\udcff",
}


@pytest.mark.parametrize("name", UNPRINTABLE.values(), ids=UNPRINTABLE)
def test_what_cannot_be_printed_is_no_name_and_is_not_printed(books, name):
    for arguments in (
        ("balances", "--issuer", name),
        ("balances", "--class", name),
        ("record", "placing-completed", "--class", name, "--shares", "5", "--on", "2024-03-01"),
        ("record", "placing-completed", "--class", "B", "--shares", "5", "--on", "2024-03-01", "--by", name),
        ("record", "placing-completed", "--class", "B", "--shares", "5", "--on", "2024-03-01", "--source", name),
        ("record", "placing-completed", "--class", "B", "--shares", "5", "--on", "2024-03-01", "--command-id", name),
    ):
        ran = refused(*arguments)
        assert all(each.isprintable() or each == "\n" for each in ran.err), (arguments, ran.err)
        assert name not in ran.err
    assert done("verify", "--json").json["00020"]["entries"] == LAST


# --- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"2026-09-10 closed\n\x80\n", bytes(range(256))])
def test_a_calendar_that_is_no_text_is_refused_by_name(books, content):
    Path("days").write_bytes(content)
    for command in (("due",), ("check",)):
        assert "days:" in refused(*command, "--calendar", "days").err
    assert "days:" in captable("doctor", "--calendar", "days").out
    assert captable("doctor", "--calendar", "days").code == 1


def test_what_is_recorded_stays_so_though_the_calendar_cannot_be_read(books, monkeypatch):
    Path("days").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setenv("CAPTABLE_CALENDAR", "days")
    ran = done("record", "placing-completed", "--class", "B", "--shares", "5", "--on", "2024-06-03")
    assert "Due: not computed, days:1: expected text in UTF-8" in ran.out


RECEIPTS = {
    "a number beyond any": {"number": 10**30},
    "a number beyond 2^31": {"number": 2**31},
    "a number that is text": {"number": "5"},
    "a code with a zero byte": {"issuer": "000\x0020"},
    "a code of half a character": {"issuer": "\ud800"},
    "a time before all time": {"recorded_at": "0001-01-01T00:00:00+14:00"},
    "a time after all time": {"recorded_at": "9999-12-31T23:59:59-14:00"},
    "a time without a zone": {"recorded_at": "2024-01-01T00:00:00"},
}
MADE_AT = {"made at no time": "0001-01-01T00:00:00+14:00", "made at no zone": "2024-01-01T00:00:00"}


@pytest.mark.parametrize("what", [*RECEIPTS, *MADE_AT, "deep"])
def test_a_receipt_that_none_can_be_is_refused_by_name(books, what):
    head = {"issuer": "00020", "number": 5, "hash": DIGEST, "recorded_at": None, **RECEIPTS.get(what, {})}
    made_at = MADE_AT.get(what, "2024-01-01T00:00:00+00:00")
    receipt = json.dumps({"kind": "captable head receipt", "made_at": made_at, "heads": [head]})
    Path("receipt").write_text("[" * 200_000 if what == "deep" else receipt)
    assert refused("verify", "--head", "receipt").err == "captable: receipt is not a head receipt, as captable head makes it\n"


def test_files_are_read_up_to_a_stated_size_and_no_further(books, monkeypatch):
    for kind in ("RECORDS", "DOCUMENT", "SETTINGS"):
        monkeypatch.setattr(taken_in, kind, 1024 * 1024)
    for name in ("large", *OF_KINDS):
        with Path(name).open("wb") as large:
            large.truncate(2**40)
    for command in (
        ("record", "--file", "large"),
        ("due", "--calendar", "large"),
        ("verify", "--head", "large"),
        ("head", "--key-file", "large"),
        ("meeting", "table", "large"),
        ("meeting", "check", "large"),
        ("offering", "check", "large", "--price", "HKD 1", "--on", "2024-01-02"),
        ("reconcile", "large"),
        ("start", "large"),
        ("take-in", "large"),
        *(("record", "--file", name) for name in OF_KINDS),
        ("reconcile", "large.pdf"),
        ("reconcile", "--repurchases", "large.xlsx"),
    ):
        assert f"{next(word for word in command if 'large' in word)}: expected at most " in refused(*command).err, command


OF_KINDS = ("large.jsonl", "large.yaml", "large.csv", "large.xlsx", "large.pdf")


def names_looked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of which the nearest is looked for, from now on."""
    looked: list[str] = []
    nearest = difflib.get_close_matches
    monkeypatch.setattr(
        difflib, "get_close_matches", lambda name, *rest, **how: looked.append(name) or nearest(name, *rest, **how)
    )
    return looked


@pytest.mark.parametrize("wrong", [{"event": "PlacingCompletd"}, {"shars": 5}], ids=["event", "field"])
def test_of_a_wrong_name_in_twelve_thousand_lines_the_nearest_is_looked_for_once(books, monkeypatch, wrong):
    looked = names_looked_for(monkeypatch)
    said = refused("record", "--file", write("f.jsonl", *[{**fact(), **wrong}] * 12_000)).err.splitlines()
    assert said[0].startswith("f.jsonl:1: ")
    assert "Did you mean " in said[0]
    assert said[100:] == ["and 11,900 more problems", "nothing was recorded"]
    assert len(looked) <= 1


PLACINGS = [{**fact(), "event": f"Placing{n}Completd"} for n in range(12_000)]
WRONG_NAMES = {
    "events.jsonl": "\n".join(map(json.dumps, PLACINGS)),
    "events.yaml": "".join(f"- {json.dumps(each)}\n" for each in PLACINGS),
    "events.csv": "\n".join([",".join(fact()), *(",".join(map(str, each.values())) for each in PLACINGS)]),
    "fields.jsonl": "\n".join(json.dumps({**fact(), f"sharez{n}": 5}) for n in range(12_000)),
}


@pytest.mark.parametrize("name", WRONG_NAMES)
def test_of_twelve_thousand_different_wrong_names_what_was_meant_is_looked_for_where_it_is_shown(books, monkeypatch, name):
    looked = names_looked_for(monkeypatch)
    Path(name).write_text(WRONG_NAMES[name])
    said = refused("record", "--file", name).err
    assert "Did you mean " in said
    assert said.splitlines()[-2] == ("  and 11,992 more" if name.endswith(".csv") else "and 11,900 more problems")
    assert len(looked) <= 100


@pytest.mark.parametrize(
    ("wrong", "code", "first"),
    [
        pytest.param({"share_class": "K{}"}, 2, 'share_class: unknown class "K0"', id="classes"),
        pytest.param({"mandate": "issue-{}"}, 2, 'mandate: unknown mandate "issue-0"', id="mandates"),
        pytest.param({"replaces": "9{}000"}, 3, "replaces: there is no entry", id="replaces"),
        pytest.param({"command_id": "one", "shares": "{}1"}, 3, "command_id: one is the command id of an earlier", id="ids"),
        pytest.param({"effective_on": "2190-01-01", "shares": "{}1"}, 2, "effective_on: expected a day until today", id="days"),
    ],
)
def test_of_two_thousand_facts_that_the_book_cannot_take_each_is_tried_once_and_what_was_meant_looked_for_where_it_is_shown(
    books, monkeypatch, wrong, code, first
):
    applied: list[object] = []
    looked = names_looked_for(monkeypatch)
    monkeypatch.setattr(application.record, "apply", lambda position, entry: applied.append(entry) or apply(position, entry))
    lines = [{**fact(), **{field: value.format(n) for field, value in wrong.items()}} for n in range(2_000)]
    ran = refused("record", "--file", write("facts.jsonl", *lines))
    assert ran.code == code
    assert first in ran.err.splitlines()[0]
    assert ran.err.splitlines()[-2].endswith(" more problems")
    assert len(applied) <= len(lines) + LAST
    assert len(looked) <= 100


@pytest.mark.parametrize(
    "command",
    [("meeting", "table"), ("reconcile",), ("record", "--file"), ("verify", "--head"), ("due", "--calendar")],
    ids=" ".join,
)
def test_a_url_in_the_place_of_a_file_shows_no_password(books, command):
    said = refused(*command, "postgresql://me:s3cr3t@127.0.0.1:1/book").err
    assert "s3cr3t" not in said
    assert "me:" not in said


# --- what a PDF cannot show ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["return", "file"])
def test_a_letter_that_the_font_does_not_have_is_named_with_its_field(folder, command):
    founding = [{**each, "name": "Example กา Limited"} if "name" in each else each for each in FOUNDING]
    done("record", "--file", write("founding.jsonl", *founding))
    ran = captable(command, "monthly", "--month", "2024-12", "--submitted-on", "2025-01-06", "--format", "pdf", "-o", "mr.pdf")
    assert ran.code == 2
    assert ran.err.splitlines()[-1] == (
        "captable: the font of the PDF does not have ก (U+0E01 THAI CHARACTER KO KAI), in issuer name: Example กา Limited; "
        "write it differently, or use another format"
    )
    assert not Path("mr.pdf").exists()


# --- databases ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_server_that_cannot_hold_every_name_is_refused(folder, encoding):
    name = f"encoded{os.getpid()}"
    postgresql.run(f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    url = postgresql.of_database(name)
    try:
        for command in (("admin", "init", url), ("balances", "--store", url), ("verify", "--store", url)):
            ran = captable(*command)
            assert (ran.code, f"keeps text as {encoding}; a store needs a database made with ENCODING 'UTF8'" in ran.err) == (
                2,
                True,
            )
    finally:
        postgresql.drop(url)


@pytest.mark.parametrize("number", ["'abc'", "x'00ff'", "1e999", "9223372036854775807"])
def test_an_entry_number_that_is_none_is_damage_of_the_store(book, number):
    connection = sqlite3.connect(book)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(f"UPDATE entries SET number = {number} WHERE number = 7")
    for _, sql in triggers:
        connection.execute(sql)
    connection.commit()
    connection.close()
    for command in (("verify",), ("history",), ("show", "9"), ("check",), ("export",)):
        ran = captable(*command)
        assert ran.code == 4, (command, ran)
