"""`captable record`: one subcommand per event type, made from the event classes, and whole files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from cli import options
from cli.answers import Answer, answering, format_options, recording
from cli.event_options import COMMANDS, EventCommand, command_name, field_options, no_event, summary
from domain import events
from domain.errors import BadInput
from domain.events import SUBJECTS, Event
from infrastructure.readers.names import event_type

ENVELOPE = (
    click.Option(["--source"], metavar="TEXT", help="Source of the fact: a document, a person, a day."),
    click.Option(["--replaces"], type=int, metavar="ENTRY", help="The entry that this one corrects."),
    click.Option(["--command-id"], metavar="ID", help="Reference for a genuine identical event."),
)


class RecordGroup(click.Group):
    """`record` with a subcommand for every event type, made when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The event types, in the order of the vocabulary."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The subcommand of an event type; None if there is none."""
        kind = event_type(cmd_name)
        return None if kind is None else event_command(kind)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The subcommand called, or an error with the nearest event type."""
        if event_type(args[0]) is None and not args[0].startswith("-"):
            ctx.fail(no_event(args[0]))
        name, command, rest = super().resolve_command(ctx, args)
        return name, command, [*_handed_down(ctx), *rest]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The event types by subject."""
        for subject, kinds in SUBJECTS.items():
            with formatter.section(subject):
                formatter.write_dl([(command_name(kind), summary(kind)) for kind in kinds], col_max=32)


def _handed_down(ctx: click.Context) -> list[str]:
    """The options given before the event, which mean the same after it: a --dry-run there must not be passed over."""
    given: list[str] = []
    for parameter in ctx.command.get_params(ctx):
        name = parameter.name or ""
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE and ctx.params.get(name) not in (None, False):
            given += [parameter.opts[-1]] if ctx.params[name] is True else [parameter.opts[-1], str(ctx.params[name])]
    return given


def event_command(kind: type[Event]) -> click.Command:
    """The subcommand that records one event type from its options."""
    of_the_fact = field_options(kind)
    command: click.Command = EventCommand(kind, params=[*of_the_fact, *ENVELOPE], callback=_callback(kind))
    names = {option.name for option in of_the_fact}
    issuer = () if "issuer" in names else (options.issuer,)
    for add in (options.by, options.dry_run, *format_options(), *issuer, options.store):
        command = add(command)
    return command


def _callback(kind: type[Event]) -> Any:
    @answering()
    def run(*, store: str | None, recorded_by: str | None, dry_run: bool, **given: Any) -> Answer:
        from cli.recording import draft_of, keep, single

        beside = {name: given.pop(name) for name in ("source", "replaces", "command_id")}
        # The issuer is a field of the event that registers it, and otherwise says which book is meant.
        issuer = None if kind is events.IssuerRegistered else given.pop("issuer")
        written = {name: value for name, value in given.items() if value not in (None, ())}
        draft = draft_of(kind, written, beside, recorded_by)
        return keep(single(draft, command_name(kind)), store, issuer, dry_run=dry_run)

    return run


def _of_a_spreadsheet(command: Any) -> Any:
    for add in (
        click.option("--beside", is_flag=True, help="Record these trades in addition to those of another broker that day."),
        click.option("--yes", is_flag=True, help="Record the facts shown, and remember the columns."),
        click.option("--sheet", metavar="NAME", help="The sheet of the workbook; required if several have facts."),
        options.dates,
        click.option("--event", "kind", metavar="EVENT", help="Event of every row: shares-repurchased."),
        click.option(
            "--set", "stated", multiple=True, metavar="FIELD=VALUE", help="A value of every row: intention=cancellation."
        ),
        click.option("--map", "given", multiple=True, metavar="FIELD=COLUMN", help='The column of a field: shares="Qty bought".'),
    ):
        command = add(command)
    return command


SPREADSHEETS = (".csv", ".tsv", ".xlsx", ".xls", ".xlsm", ".xlsb")


@click.group(cls=RecordGroup, invoke_without_command=True, subcommand_metavar="[EVENT --field VALUE ...]")
@click.option(
    "--file", "-f", "file", metavar="FILE", help="Record all facts of a .jsonl, .yaml, .csv or .xlsx file; - is standard input."
)
@click.option("--allow-empty", is_flag=True, help="Accept an empty file.")
@_of_a_spreadsheet
@recording
@click.pass_context
def record(
    ctx: click.Context, /, file: str | None, allow_empty: bool, recorded_by: str | None, at: options.BookAt, **how: Any
) -> Answer | None:
    """Record facts: one by its options, or many from a file, which is recorded whole or not at all.

    \b
    Examples:
      captable record placing-completed --class B --shares 1,865,000,000 \\
          --on "17 Dec 2024" --price "HKD 1.5" --mandate issue-2024
      captable record --file capital.yaml --dry-run
      captable record --file broker.xlsx --set intention=cancellation
      captable record shares-repurchased -h      the options of one kind of fact
    """
    if ctx.invoked_subcommand is not None:
        if file is not None:
            ctx.fail("give either an event or --file, not both")
    elif file is None:
        click.echo(ctx.get_help())
    else:
        return record_file(file, at, recorded_by, allow_empty=allow_empty, **how)
    return None


def record_file(
    file: str, at: options.BookAt, recorded_by: str | None, *, allow_empty: bool, dry_run: bool, **of_a_spreadsheet: Any
) -> Answer | None:
    """Record all facts of a file. Raises BadInput with a line for every problem."""
    # Help on an event loads no store: so what needs one is imported here.
    from cli.recording import keep
    from cli.wiring import opened, user
    from infrastructure.readers.records import read_records
    from infrastructure.taken_in import RECORDS, named

    name, content = named(file, RECORDS)
    if Path(name).suffix.lower() in SPREADSHEETS:
        from cli.spreadsheets import Said, record_sheet

        said = Said(**of_a_spreadsheet)
        return record_sheet(name, content, said, *at, recorded_by or user(), dry_run=dry_run)
    if any(of_a_spreadsheet.values()):
        raise BadInput([f"{name}: --map, --set, --event, --dates, --sheet, --yes and --beside are for spreadsheets"])
    batch = read_records(name, content, recorded_by=recorded_by or user())
    if batch.problems:
        raise BadInput(batch.problems)
    if batch.drafts:
        return keep(batch, *at, dry_run=dry_run)
    if not allow_empty:
        raise BadInput([f"{name}: holds no facts; give --allow-empty if intended"])
    with opened(at.store):
        click.echo(f"{name}: holds no facts; nothing was recorded", err=True)
    return None
