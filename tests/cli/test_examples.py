"""What help, docs, schema and messages give as an example is taken by the parser that it is an example for."""

from __future__ import annotations

import contextlib
import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import click
import msgspec
import pytest

from cli.event_options import PLACEHOLDERS, _placeholder, example, flag_of
from cli.main import COMMANDS, cli
from domain.capital.terms import _numerals
from domain.events import EVENT_TYPES
from infrastructure.event_codec import TYPE_NAMES, decode, encode, json_schema
from infrastructure.readers import values
from tests.cli.running import done
from tests.samples import SAMPLES, made

FIELDS = [(kind, field) for kind in EVENT_TYPES for field in attrs.fields(kind) if field.metadata["unit"] != "yes or no"]
LISTS = [(kind, field) for kind, field in FIELDS if str(field.type).startswith("tuple[")]


def named(each: Any) -> str:
    kind, field = each
    return f"{kind.__name__}.{field.name}"


def taken(kind: Any, field: Any, words: str) -> Any:
    """A value as the reader of a field takes it, checked by the field itself."""
    value = values.read(values.field_types(kind)[field.name], words)
    field.validator(None, field, value)
    return value


@pytest.mark.parametrize("of", FIELDS, ids=named)
def test_the_placeholder_of_an_option_is_a_value_that_it_takes(of):
    kind, field = of
    (words,) = shlex.split(_placeholder(field)[1])
    taken(kind, field, words)


def exemplified(field: Any) -> bool:
    """Whether an example stands behind the meaning. Where there are choices, their names stand there."""
    return ": " in field.metadata["meaning"] and not field.metadata["unit"].startswith("one of ")


@pytest.mark.parametrize("of", [each for each in FIELDS if exemplified(each[1])], ids=named)
def test_the_example_behind_a_meaning_is_a_value_that_the_field_takes(of):
    kind, field = of
    words = field.metadata["meaning"].partition(": ")[2]
    for each in words.split(", ") if field.metadata["unit"] == "name" else [words]:
        taken(kind, field, each)
    if field.name == "struck_out":
        assert _numerals(words) == (3, 7, 8)


@pytest.mark.parametrize("kind", EVENT_TYPES, ids=lambda kind: kind.__name__)
def test_the_example_command_of_an_event_builds_it(kind):
    words = shlex.split(example(kind))[3:]
    fields = {
        next(field.name for field in attrs.fields(kind) if flag == flag_of(field.name)): value
        for flag, value in _pairs(words)
        if flag != "--replaces"
    }
    built, problems = values.build(kind, fields)
    assert (problems, type(built)) == ([], kind)


def _pairs(words: list[str]) -> Iterator[tuple[str, str]]:
    return zip(words[::2], words[1::2], strict=True)


@pytest.mark.parametrize(
    ("parser", "message"),
    [
        (values.trade, values.A_TRADE),
        (values.purchase_brought_forward, values.A_TRANCHE),
        (values.counted, values.SOME_VOTES),
        (values.day, values.A_DATE),
        (values.money, values.SOME_MONEY),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_what_an_error_message_expects_is_taken(parser, message):
    words = re.split(r"; |, or | or ", message.partition("such as ")[2])[0]
    parser(words)


@pytest.mark.parametrize("of", LISTS, ids=named)
def test_the_schema_gives_the_list_that_is_stored_as_an_example(of):
    kind, field = of
    words = field.metadata["meaning"].partition(": ")[2]
    examples = json_schema()["$defs"][TYPE_NAMES[kind]]["properties"][field.name]["examples"]
    assert len(examples) == (1 if words else 0)
    for each in examples:
        assert msgspec.json.decode(msgspec.json.encode(each)) == each
        sample = {**msgspec.json.decode(encode(made(kind.__name__, SAMPLES[kind.__name__]))), field.name: each}
        sample |= {"shares": 700_000} if field.name == "trades" else {}
        sample |= {"pending_cancellation": 700_000} if field.name == "tranches" else {}
        sample = {name: value for name, value in sample.items() if name not in ("price", "reserved")}
        assert getattr(decode(TYPE_NAMES[kind], msgspec.json.encode(sample)), field.name) == taken(kind, field, words)


def test_help_writes_tranches_as_they_are_taken():
    words = "2024-12-03: 700,000 @ HKD 1.62"
    assert words in PLACEHOLDERS["purchases"][1]
    assert words in " ".join(done("record", "balance-brought-forward", "-h").out.split())
    assert str(values.purchase_brought_forward(words)) == words


# --- the examples of the commands -----------------------------------------------------------------------------------


def examples(name: str) -> list[str]:
    """The command lines under Example or Examples in the help of a command and its subcommands; a line that goes on is joined."""
    found = cli.get_command(click.Context(cli), name)
    helps = [inspect.cleandoc(str(each.help)) for each in (found, *getattr(found, "commands", {}).values())]
    lines = [line for text in helps for line in re.sub(r"\\\n +", "", text).splitlines() if line.startswith("  captable ")]
    # What stands behind three spaces says in words what the line does.
    return [line.strip().partition("   ")[0] for line in lines]


ALL = sorted({line for name in COMMANDS for line in examples(name)})


@pytest.mark.parametrize("line", ALL, ids=str)
def test_the_options_of_every_example_in_help_are_taken(line, folder):
    """Each command of the line parses what follows it; nothing runs, and no store is opened."""
    command, words = cli, shlex.split(re.split(r" [|>] ", line)[0])[1:]
    for name in re.findall(r"[\w-]+\.(?:txt|yaml|jsonl|db|json|pdf|csv|xlsx?)", line):
        Path(name).touch()
    Path("published").mkdir()
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        _, found, words = command.resolve_command(click.Context(command), words)
        assert found is not None
        command = found
    parent = click.Context(cli, **cli.context_settings)
    with contextlib.suppress(click.exceptions.Exit), command.make_context("captable", words, parent=parent) as parsed:
        assert parsed.command is command


def test_there_are_examples_to_take():
    assert len(ALL) > len(COMMANDS)
