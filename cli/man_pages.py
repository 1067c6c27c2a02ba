"""Man pages, made from the same help that `-h` prints: one for captable, one for each command, one for each event."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import click

from cli.event_options import EventCommand, example
from cli.main import COMMANDS, JOBS, cli

SECTION = "1"
_ESCAPES = {"\\": "\\e", "-": "\\-"}


def pages() -> Iterator[tuple[str, str]]:
    """Every page: its file name, and its text as troff."""
    # With its settings, for a command keeps the option of help that it was first asked for.
    root = click.Context(cli, info_name="captable", **cli.context_settings)
    yield _named(["captable"]), _page(root, cli, ["captable"], "the share capital of a Hong Kong-listed issuer")
    for name, (_, line) in COMMANDS.items():
        command = cli.get_command(root, name)
        if command is not None:
            yield from _pages_of(root, command, ["captable", name], line)


def _pages_of(parent: click.Context, command: click.Command, words: Sequence[str], line: str) -> Iterator[tuple[str, str]]:
    context = click.Context(command, info_name=words[-1], parent=parent)
    yield _named(words), _page(context, command, words, line)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            if (under := command.get_command(context, name)) is not None and not under.hidden:
                yield from _pages_of(context, under, [*words, name], under.get_short_help_str(200))


def _named(words: Sequence[str]) -> str:
    return f"{'-'.join(words)}.{SECTION}"


def _page(context: click.Context, command: click.Command, words: Sequence[str], line: str) -> str:
    usage = " ".join([*words, *command.collect_usage_pieces(context)])
    parts = [
        f'.TH "{"-".join(words).upper()}" "{SECTION}"',
        ".SH NAME",
        f"{escaped('-'.join(words))} \\- {escaped(line.rstrip('.'))}",
        ".SH SYNOPSIS",
        f"\\fB{escaped(' '.join(words))}\\fR{escaped(usage.removeprefix(' '.join(words)))}",
        ".SH DESCRIPTION",
        *_described(command),
        *_example(command),
        *_options(context, command),
        *_commands(context, command),
    ]
    return "\n".join(parts) + "\n"


def _described(command: click.Command) -> Iterator[str]:
    """The paragraphs of the help; those that it sets line by line stay so."""
    for paragraph in re.split(r"\n\s*\n", (command.help or "").strip()):
        lines = [line.strip() for line in paragraph.splitlines()]
        if lines[0] == "\b":
            yield from (".PP", ".nf", *(escaped(line.removeprefix("    ")) for line in paragraph.splitlines()[1:]), ".fi")
        else:
            yield from (".PP", escaped(" ".join(lines)))


def _example(command: click.Command) -> Iterator[str]:
    if isinstance(command, EventCommand):
        yield from (".SH EXAMPLE", ".nf", escaped(example(command.kind)), ".fi")


def _options(context: click.Context, command: click.Command) -> Iterator[str]:
    found = (each.get_help_record(context) for each in command.get_params(context) if isinstance(each, click.Option))
    records = [record for record in found if record]
    if records:
        yield ".SH OPTIONS"
    for names, meaning in records:
        yield from (".TP", f"\\fB{escaped(names)}\\fR", escaped(meaning))


def _commands(context: click.Context, command: click.Command) -> Iterator[str]:
    if command is cli:
        for job, commands in JOBS.items():
            yield f".SH {escaped(job.upper())}"
            yield from _listed((name, line) for name, (_, line) in commands.items())
    elif isinstance(command, click.Group):
        yield ".SH COMMANDS"
        found = ((name, command.get_command(context, name)) for name in command.list_commands(context))
        yield from _listed((name, each.get_short_help_str(200)) for name, each in found if each and not each.hidden)


def _listed(rows: Iterator[tuple[str, str]]) -> Iterator[str]:
    for name, line in rows:
        yield from (".TP", f"\\fB{escaped(name)}\\fR", escaped(line))


def escaped(text: str) -> str:
    """Text that troff prints as it is written: no backslash, hyphen or leading dot of it is a request."""
    plain = "".join(_ESCAPES.get(letter) or (letter if letter.isascii() else f"\\[u{ord(letter):04X}]") for letter in text)
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain
