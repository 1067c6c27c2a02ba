"""The first steps: where there is no book yet, which codes are taken, yes and no, and what a message asks for."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest

from application.record import record
from cli.errors import BEGINNINGS, explained
from cli.event_options import COMMANDS as EVENTS
from cli.event_options import YesOrNo, field_options
from cli.main import COMMANDS, cli
from domain import events
from domain.capital.entries import Draft
from infrastructure.event_store import open_store
from tests import postgresql
from tests.cli.running import CODE, captable, done, fact, write
from tests.conftest import ticking

BAD = 2
PLACING = ["record", "placing-completed", "--class", "B", "--shares", "5", "--on", "2024-06-03"]


# --- where there is no book yet -----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["balances"], ["due"], ["history"], ["verify"], ["withdraw", "5", "--reason", "x"], PLACING])
def test_without_a_store_the_ways_to_begin_are_named(command):
    ran = captable(*command)
    assert (ran.code, ran.out) == (BAD, "")
    assert ran.err.startswith("captable: there is no store at captable.db\nTo begin:\n")
    assert [line.strip().partition("  ")[0] for line in ran.err.splitlines()[2:]] == list(BEGINNINGS)


def test_every_way_to_begin_is_a_command_that_exists():
    for way in BEGINNINGS:
        assert way.split()[1] in COMMANDS
    assert "Usage: captable record issuer-registered" in done(*shlex.split("record issuer-registered -h")).out
    assert "--file" in done("record", "-h").out


def test_beside_the_demo_its_store_is_named_and_how_a_book_of_ones_own_begins(demo_file):
    Path("captable-demo.db").write_bytes(demo_file.read_bytes())
    ran = captable("balances")
    assert (ran.code, "add --store captable-demo.db" in ran.err) == (BAD, True)
    assert "  captable record --file FILE " in ran.err
    assert "  captable demo " not in ran.err


def test_an_empty_store_on_a_server_names_how_a_book_begins():
    url = postgresql.database()
    done("admin", "init", url)
    for command in (["balances"], PLACING, ["balances", "--issuer", CODE]):
        ran = captable(*command, "--store", url)
        assert (ran.code, "this store is empty" in ran.err) == (BAD, True)
        assert "  captable record issuer-registered -h " in ran.err
    postgresql.drop(url)


# --- stock codes --------------------------------------------------------------------------------------------------


def test_a_stock_code_without_its_zeros_makes_no_second_book(book):
    ran = captable("record", "issuer-registered", "--issuer", "20", "--name", "Example Limited", "--on", "2024-01-02")
    assert (ran.code, ran.out) == (BAD, "")
    assert "--issuer: expected a stock code of five digits such as 00020, got 20. Did you mean 00020?" in ran.err
    assert [row["issuer"] for row in done("issuers", "--json").json] == [CODE]


@pytest.mark.parametrize(
    "command", [["balances"], ["check"], ["mandates"], ["show", "1"], ["withdraw", "1", "--reason", "x"], PLACING]
)
def test_a_command_asked_for_a_code_without_its_zeros_suggests_the_book_that_is_there(command, book):
    ran = captable(*command, "--issuer", "20")
    assert (ran.code, "no book of issuer 20; this store has: 00020. Did you mean 00020?" in ran.err) == (BAD, True)


def test_a_code_of_ones_own_names_a_book_where_it_is_said_to_be_none_of_the_exchange():
    registered = ["record", "issuer-registered", "--issuer", "lantern", "--name", "Example Lantern Limited", "--on", "2024-01-02"]
    assert captable(*registered).code == BAD
    assert not Path("captable.db").exists()
    done(*registered, "--own-code")
    assert done("balances", "--json").json["issuer"] == "lantern"


@pytest.fixture
def old_book(folder: Path) -> str:
    """A book recorded before stock codes were checked: its code is 1234, and the stock code of its class is 20."""
    day = {"effective_on": date(2024, 1, 2)}
    facts = [
        events.IssuerRegistered(**day, issuer="1234", name="Example Limited"),
        events.ShareClassCreated(**day, share_class="B", class_label="Ordinary shares", listed=True, stock_code="20"),
    ]
    with open_store("captable.db", clock=ticking(), create=True) as store:
        record(store, "1234", [Draft(event=each, recorded_by="secretary") for each in facts])
    return "1234"


def test_a_book_with_a_code_of_before_opens_and_is_corrected_field_by_field(old_book):
    assert (
        done("balances", "--json").json["issuer"] == done("balances", "--issuer", old_book, "--json").json["issuer"] == old_book
    )
    done("correct", "1", "--name", "Example Holdings Limited")
    done("correct", "2", "--class-label", "Shares")
    shown = done("show", "4", "--json").json
    assert (shown["class_label"], shown["stock_code"], shown["replaces"]) == ("Shares", "20", 2)
    ran = captable("correct", "4", "--stock-code", "2O")
    assert (ran.code, "--stock-code: expected a stock code of five digits such as 00020, got 2O" in ran.err) == (BAD, True)
    done("correct", "4", "--stock-code", "00020")
    assert {"issuer": old_book, "entries": 5} in [
        {name: row[name] for name in ("issuer", "entries")} for row in done("issuers", "--json").json
    ]
    assert done("verify").code == 0


# --- yes and no ---------------------------------------------------------------------------------------------------

FLAGS = [
    (name, option.name, option)
    for name, kind in EVENTS.items()
    for option in field_options(kind, required=False)
    if isinstance(option, YesOrNo)
]


@pytest.mark.parametrize(("event", "field", "option"), FLAGS, ids=[f"{event} {field}" for event, field, _ in FLAGS])
def test_every_flag_of_every_event_is_said_as_files_say_it_and_as_options_do(event, field, option):
    (flag,) = option.opts

    def said(*arguments: str) -> object:
        parser = click.Command(event, params=[*field_options(EVENTS[event], required=False)])
        return parser.make_context(event, list(arguments)).params[field]

    assert [said(flag), said(flag, "yes"), said(f"{flag}=yes"), said(flag, "--on", "2024-01-01")] == ["yes"] * 4
    assert [said(flag, "no"), said(f"{flag}=no"), said(option.negative), said(flag, option.negative)] == ["no"] * 4
    assert said() is None
    assert f"{flag} {option.metavar}, {option.negative} " in done("record", event, "-h").out.replace("\n", " ")


def test_there_are_flags():
    assert len(FLAGS) > 15


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("--listed yes", True),
        ("--listed", True),
        ("--listed=true", True),
        ("--listed no", False),
        ("--no-listed", False),
        ("", False),
    ],
)
def test_yes_and_no_are_recorded_as_written(written, listed, book):
    done("record", "share-class-created", "--class", "C", *written.split(), "--class-label", "Shares", "--on", "2024-06-03")
    assert done("show", "10", "--json").json.get("listed", False) is listed


@pytest.mark.parametrize("written", ["--listed no", "--no-listed", "--listed=no"])
def test_yes_is_corrected_to_no(written, book):
    done("record", "share-class-created", "--class", "C", "--listed", "--class-label", "Shares", "--on", "2024-06-03")
    done("correct", "10", *written.split())
    assert "listed" not in done("show", "11", "--json").json


@pytest.mark.parametrize("written", ["maybe", "1", "ja"])
def test_what_is_neither_yes_nor_no_is_refused(written, book):
    ran = captable(
        "record", "share-class-created", "--class", "C", "--listed", written, "--class-label", "x", "--on", "2024-06-03"
    )
    assert (ran.code, f"--listed: expected yes or no, got {written}" in ran.err) == (BAD, True)


# --- what a message asks for --------------------------------------------------------------------------------------


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below a group with its path, but those of events, whose fields are missed in a way of their own."""
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group) and name != "record":
            yield from commands(command, (*path, name))


NEEDED = [(path, command, each) for path, command in commands(cli) for each in command.params if each.required]


@pytest.mark.parametrize(
    ("path", "command", "missing"), NEEDED, ids=[f"{' '.join(path)} {missing.name}" for path, _, missing in NEEDED]
)
def test_what_must_be_given_and_is_not_is_asked_for_by_an_example(path, command, missing):
    lines = explained(click.MissingParameter(ctx=click.Context(command), param=missing))
    (asked,) = [line for line in lines if line.startswith("For example: ")]
    assert asked.startswith(f"For example: captable {' '.join(path)} ")
    assert isinstance(missing, click.Argument) or {*missing.opts} & {*asked.split()}


def test_a_withdrawal_asks_for_its_reason_by_an_example(book):
    ran = captable("withdraw", "5")
    assert (ran.code, ran.out) == (BAD, "")
    assert 'For example: captable withdraw 12 --reason "the placing was called off"\n' in ran.err


def test_recording_a_withdrawal_without_its_reason_names_the_option(book):
    ran = captable("record", "entry-withdrawn", "--on", "2024-06-03", "--replaces", "9")
    assert (ran.code, "--reason: missing; expected why it is withdrawn" in ran.err) == (BAD, True)
    ran = captable("record", "--file", write("f.jsonl", fact("EntryWithdrawn", effective_on="2024-06-03", replaces=9)))
    assert (ran.code, "f.jsonl:1: reason: missing; expected why it is withdrawn" in ran.err) == (BAD, True)
