"""Stores on the command line: queries, tables rebuilt, upgrades, servers and replicas."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from domain.capital import ledger
from infrastructure.query_tables import TABLES
from infrastructure.store import carried_forward
from tests.cli.running import CODE, FOUNDING, LAST, balances, captable, done, fact, write

OLD = Path(__file__).parents[1] / "infrastructure" / "fixtures" / "store-v1.sqlite"
BAD = 2


# --- query and rebuild ------------------------------------------------------------------------------------------------


def test_a_query_is_answered_as_a_table_as_json_and_as_csv(book):
    query = "select number, event from entries where number in (1, 9) order by number"
    assert done("query", query).out.split() == ["number", "event", "1", "IssuerRegistered", "9", "TreasurySharesSold"]
    assert done("query", query, "--json").json == [
        {"number": 1, "event": "IssuerRegistered"},
        {"number": 9, "event": "TreasurySharesSold"},
    ]
    assert done("query", query, "--csv").out == "number,event\n1,IssuerRegistered\n9,TreasurySharesSold\n"


def test_a_query_that_gives_more_than_its_limit_says_so(book):
    ran = done("query", "select number from entries", "--limit", "3")
    assert (len(ran.out.split()), ran.err) == (4, "there are more rows; --limit gives more than 3\n")


def test_a_query_that_writes_is_refused(book):
    ran = captable("query", "delete from entries")
    assert (ran.code, ran.out) == (BAD, "")
    assert ran.err == "captable: a query only reads: one SELECT over the tables that captable query -h lists\n"


def test_a_query_asks_as_known_at_a_moment_and_of_one_issuer(book):
    assert done("query", "select count(*) as n from entries", "--known-at", "2000-01-01", "--json").json == [{"n": 0}]
    assert done("query", "select count(*) as n from entries", "--issuer", CODE, "--json").json == [{"n": LAST}]
    assert "no book of issuer 00021" in captable("query", "select * from entries", "--issuer", "00021").err


def test_the_help_of_query_says_what_every_column_means():
    shown = done("query", "-h").out
    for table in TABLES:
        assert f"  {table.name}: {table.meaning}\n" in shown
        assert [each.name for each in table.columns if f"{each.name:<26}{each.meaning}\n" not in shown] == []


def test_the_tables_are_exported_as_they_are_asked(book):
    ran = done("export", "--sqlite", "tables.sqlite")
    assert (ran.out, ran.err) == ("", f"the tables of {LAST} entries written to tables.sqlite\n")
    with closing(sqlite3.connect("tables.sqlite")) as connection:
        exported = connection.execute("SELECT * FROM balances").fetchall()
    assert [tuple(row.values()) for row in done("query", "select * from balances", "--json").json] == exported
    # The first class has two rows: 700 shares were bought into treasury and sold again.
    assert len(exported) == 4


def test_an_export_replaces_no_store(book):
    ran = captable("export", "--sqlite", "captable.db")
    assert (ran.code, "is not an export of captable" in ran.err) == (BAD, True)
    assert done("verify", "--json").json[CODE]["entries"] == LAST


@pytest.mark.parametrize("options", [["-o", "book.jsonl", "--sqlite", "tables.sqlite"], ["--as-of", "2024-03-01"]])
def test_options_of_export_that_do_not_go_together_are_refused(book, options):
    assert captable("export", *options).code == BAD


def test_what_would_steer_a_terminal_is_shown_as_a_mark(book):
    assert "\N{REPLACEMENT CHARACTER}[31m" in done("query", "select char(27) || '[31m' as colour").out


def test_derived_tables_are_rebuilt(book):
    assert done("rebuild").out == f"{CODE}: positions are carried forward from 9 entries\n"
    assert done("rebuild", "--issuer", CODE).out == f"{CODE}: positions are carried forward from 9 entries\n"


def test_a_book_with_positions_carried_forward_answers_as_one_without_them_does(book, monkeypatch):
    asked = [("--as-of", "2024-02-01"), ("--as-of", "2024-05-08"), ("--known-at", "2000-01-01")]
    expected = [balances(*each) for each in asked]
    for module in (ledger, carried_forward):
        monkeypatch.setattr(module, "SPACING", 1)
    done("rebuild")
    assert [balances(*each) for each in asked] == expected
    assert expected[0]["B"]["treasury"] == 700


# --- earlier versions -------------------------------------------------------------------------------------------------


def test_a_store_of_version_1_is_read_and_upgraded_as_its_message_says(folder):
    shutil.copy(OLD, "captable.db")
    asked = ("balances", "--issuer", "00001", "--as-of", "2024-07-31", "--json")
    before = done(*asked).json
    assert before["classes"][0]["issued_excluding_treasury"] == 5_130_000
    ran = captable("record", "--issuer", "00001", "--file", write("f.jsonl", fact(share_class="ordinary")))
    assert (ran.code, "captable admin upgrade upgrades it" in ran.err) == (BAD, True)
    assert done("admin", "upgrade").out == "captable.db: from version 1 to 5\n"
    assert done("admin", "upgrade").out == "captable.db is of version 5 already\n"
    assert done(*asked).json == before


# --- servers ------------------------------------------------------------------------------------------------------------


def test_a_book_is_recorded_on_a_server_and_read_from_it(server, folder):
    done("record", "--file", write("founding.jsonl", *FOUNDING), "--store", server)
    assert balances("--store", server, "--as-of", "2024-03-01")["B"]["treasury"] == 700
    assert done("verify", "--json", "--store", server).json[CODE]["entries"] == LAST
    assert done("query", "select count(*) as n from entries", "--json", "--store", server).json == [{"n": LAST}]
    assert list(folder.glob("*.db")) == []


def test_facts_that_cannot_stand_make_no_store_on_a_server(server):
    ran = captable("record", "--file", write("bad.jsonl", FOUNDING[0], fact(share_class="X")), "--store", server)
    assert ran.code == BAD
    assert "there is no captable store" in captable("balances", "--store", server).err


def test_the_owner_makes_the_schema_and_the_role_that_the_program_uses(server):
    ran = done("admin", "init", server, "--app-role", "captable_clerk")
    assert ran.out.splitlines()[0].endswith("is a store of version 5")
    assert "may read and record, but not change or remove entries" in ran.out
    done("admin", "init", server, "--app-role", "captable_clerk")
    clerk = server.replace("//postgres:@", "//captable_clerk:@")
    done("record", "--file", write("founding.jsonl", *FOUNDING), "--store", clerk)
    assert balances("--store", clerk)["A"]["total_issued"] == 5_000


def test_a_file_has_no_roles(folder):
    ran = captable("admin", "init", "captable.db", "--app-role", "clerk")
    assert (ran.code, "a file has no roles" in ran.err) == (BAD, True)


def test_a_store_made_beforehand_takes_the_first_issuer(folder):
    done("admin", "init", "captable.db")
    done("record", "--file", write("founding.jsonl", *FOUNDING))
    assert balances()["A"]["total_issued"] == 5_000


def test_no_message_shows_a_password(folder):
    for command in (["balances"], ["verify"], ["query", "select 1"], ["admin", "upgrade"], ["rebuild"]):
        ran = captable(*command, "--store", "postgresql://me:secret@127.0.0.1:1/book?password=secret")
        assert (ran.code, "secret" in ran.err + ran.out) == (BAD, False)
        assert "postgresql://me@127.0.0.1:1/book cannot be reached" in ran.err


def test_reads_go_to_the_replica_and_writes_to_the_store(book, monkeypatch):
    shutil.copy(book, "replica.db")
    placing = write("more.jsonl", fact(effective_on="2024-06-03", shares=5))
    monkeypatch.setenv("CAPTABLE_READ_STORE", "replica.db")
    done("record", "--file", placing)
    assert balances()["B"]["total_issued"] == 50_000
    assert balances("--read-store", "captable.db")["B"]["total_issued"] == 50_005
    assert done("query", "select count(*) as n from entries", "--json").json == [{"n": LAST}]


# --- what a command imports -----------------------------------------------------------------------------------------

IMPORTS = """
import sys
from cli.main import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
slow = {"sqlalchemy", "eventsourcing", "alembic", "psycopg", "rich"} & set(sys.modules)
print(sorted(slow), file=sys.stderr)
"""


RECORDS = ["record", "placing-completed", "--on", "2024-12-17", "--class", "B", "--shares", "5", "--dry-run"]
DRAWING_UP = {"domain.returns.documents"}


@pytest.mark.parametrize(
    ("arguments", "without"),
    [(["balances", "--json"], DRAWING_UP), (["query", "select 1", "--csv"], set()), (RECORDS, DRAWING_UP)],
)
def test_what_an_answer_does_not_need_is_not_imported(book, arguments, without):
    """The libraries of servers and, where no return was filed, what draws up returns."""
    root = Path(__file__).parents[2]
    program = IMPORTS.replace('"rich"', '"rich", ' + ", ".join(map(repr, without))) if without else IMPORTS
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments, "--store", str(book)], cwd=root, capture_output=True, text=True, check=True
    )
    assert ran.stderr == "[]\n"


@pytest.mark.parametrize("line", [["balances", "{}"], ["{}"], ["show", "{}"], ["balances", "--as-of", "{}"], ["record", "{}"]])
@pytest.mark.parametrize(
    "url", ["postgresql://me:secret@127.0.0.1:1/book", "postgres:/me:sec ret@x/b", "postgresql+psycopg://a/b?password=secret"]
)
def test_a_url_in_the_wrong_place_shows_no_password_either(folder, line, url):
    ran = captable(*(word.format(url) for word in line))
    assert (ran.code, "sec" in ran.out + ran.err) == (BAD, False), ran.err
