"""`captable record`: one subcommand per event type, made from the event classes, and whole files."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import attrs
import click

from application import ask
from application.record import Recorded, Refused, effects, new_findings
from application.record import record as record_facts
from cli import options, output
from cli.errors import BAD_INPUT, REFUSED, BadInput, NotRecorded
from cli.main import no_such
from cli.wiring import opened, user
from domain import events
from domain.accounts import HEADROOM, MANDATE
from domain.balances import position_at
from domain.events import EVENT_TYPES, Event
from domain.history import Draft, Entry, Viewpoint
from infrastructure.event_store import SqlEventStore
from infrastructure.readers.records import Batch, identified, read_records
from infrastructure.readers.values import build

# The options that every reader of a book knows, for the fields that every event has.
FLAGS = {"share_class": "--class", "effective_on": "--on"}


def command_name(kind: type[Event]) -> str:
    """The subcommand of an event type: PlacingCompleted is placing-completed."""
    letters = ("-" + letter.lower() if letter.isupper() else letter for letter in kind.__name__)
    return "".join(letters).lstrip("-")


def words(kind: type[Event]) -> str:
    """The event type in words: Placing completed."""
    return command_name(kind).replace("-", " ").capitalize()


COMMANDS: dict[str, type[Event]] = {command_name(kind): kind for kind in EVENT_TYPES}


def field_options(kind: type[Event], *, required: bool = True) -> list[click.Option]:
    """An option for every field of an event type, with its meaning and whether it must be given."""
    return [_field_option(field, required=required) for field in sorted(attrs.fields(kind), key=lambda f: f.default is not attrs.NOTHING)]


def _field_option(field: Any, *, required: bool) -> click.Option:
    flag = FLAGS.get(field.name, "--" + field.name.replace("_", "-"))
    needed = required and field.default is attrs.NOTHING
    shown = None if field.default in (attrs.NOTHING, None, (), False) else field.default
    meaning = field.metadata["meaning"] + (f"  [{shown}]" if shown is not None and shown is not True else "")
    if isinstance(field.default, bool) or field.metadata["unit"] == "yes or no":
        return click.Option([f"{flag}/--no-{flag[2:]}", field.name], default=None, help=meaning)
    metavar = {"date": "DATE", "money": "'HKD 1.5'", "percent": "PERCENT"}.get(field.metadata["unit"], field.name.upper())
    several = field.default == ()
    return click.Option([flag, field.name], help=meaning + ("  [required]" if needed else ""), metavar=metavar, multiple=several)


ENVELOPE = (
    click.Option(["--source"], metavar="TEXT", help="Where the fact comes from: a document, a person, a day."),
    click.Option(["--replaces"], type=int, metavar="ENTRY", help="The entry that this one corrects."),
    click.Option(["--command-id"], metavar="ID", help="Tells a second, equal fact from the first recorded twice."),
)


class RecordGroup(click.Group):
    """`record` with a subcommand for every event type, made when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The event types, in the order of the vocabulary."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The subcommand of an event type; None where there is none."""
        kind = COMMANDS.get(cmd_name)
        return None if kind is None else event_command(kind)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The subcommand called, or an error with the nearest event type."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(no_such("event", args[0], COMMANDS))
        return super().resolve_command(ctx, args)


def event_command(kind: type[Event]) -> click.Command:
    """The subcommand that records one event type from its options."""
    shared: list[click.Parameter] = [*field_options(kind), *ENVELOPE]
    names = {option.name for option in shared}
    command = click.Command(
        command_name(kind), params=shared, callback=_callback(kind), help=kind.__doc__, short_help=(kind.__doc__ or "").split(".")[0]
    )
    for add in (options.by, options.dry_run, options.as_json, options.issuer, options.store):
        if add is not options.issuer or "issuer" not in names:
            command = add(command)
    command.params.sort(key=lambda parameter: "[required]" not in (getattr(parameter, "help", "") or ""))
    return command


def _callback(kind: type[Event]) -> Any:
    def run(store: str | None, recorded_by: str | None, dry_run: bool, as_json: bool, issuer: str | None = None, **given: Any) -> None:  # noqa: FBT001
        written = {name: value for name, value in given.items() if name not in ("source", "replaces", "command_id") and value not in (None, ())}
        if kind is events.IssuerRegistered and issuer is not None:
            written["issuer"] = issuer
        draft = draft_of(kind, written, recorded_by, given["source"], given["replaces"], given["command_id"])
        batch = Batch((draft,), (command_name(kind),), ())
        with opened(store, create=kind is events.IssuerRegistered, writable=True) as books:
            report(books, batch, issuer, dry_run=dry_run, as_json=as_json)

    return run


def draft_of(
    kind: type[Event], written: dict[str, Any], recorded_by: str | None, source: str | None, replaces: int | None, command_id: str | None
) -> Draft:
    """A draft from what the options say. Raises BadInput with a line for every problem."""
    event, problems = build(kind, written)
    if event is None:
        lines = [f"{FLAGS.get(field, '--' + field.replace('_', '-'))}: {message}" for field, message in problems]
        raise BadInput([*lines, f"Try captable record {command_name(kind)} -h for help."])
    draft = Draft(event=event, recorded_by=recorded_by or user(), command_id=command_id or "", source=source, replaces=replaces)
    return identified(draft, Counter())


@click.group(cls=RecordGroup, invoke_without_command=True, subcommand_metavar="[EVENT --field VALUE ...]")
@click.option("--file", "-f", "file", type=click.Path(), metavar="FILE", help="Record all facts of a .jsonl or .yaml file; - is standard input.")
@click.option("--allow-empty", is_flag=True, help="Let a file without facts pass.")
@options.by
@options.dry_run
@options.as_json
@options.issuer
@options.store
@click.pass_context
def record(
    ctx: click.Context, file: str | None, allow_empty: bool, recorded_by: str | None, dry_run: bool, as_json: bool,
    issuer: str | None, store: str | None,
) -> None:  # fmt: skip
    """Record facts: one by its options, or many from a file; all of a file or nothing.

    \b
    Examples:
      captable record placing-completed --class B --shares 1,865,000,000 \\
          --on "17 Dec 2024" --price "HKD 1.5" --mandate issue-2024
      captable record --file capital.yaml --dry-run
      captable record shares-repurchased -h      the options of one kind of fact
    """
    if ctx.invoked_subcommand is not None:
        if file is not None:
            ctx.fail("give either an event or --file, not both")
        return
    if file is None:
        click.echo(ctx.get_help())
        return
    batch = read_records(file_name(file), contents(file), recorded_by=recorded_by or user())
    if batch.problems:
        raise BadInput([str(problem) for problem in batch.problems])
    if not batch.drafts and not allow_empty:
        raise BadInput([f"{file_name(file)}: holds no facts; give --allow-empty if that is meant"])
    founded = any(isinstance(draft.event, events.IssuerRegistered) for draft in batch.drafts)
    with opened(store, create=founded, writable=True) as books:
        report(books, batch, issuer, dry_run=dry_run, as_json=as_json)


def file_name(file: str) -> str:
    """A file as messages name it."""
    return "standard input" if file == "-" else file


def contents(file: str) -> bytes:
    """The bytes of a file, or of standard input for `-`."""
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def report(store: SqlEventStore, batch: Batch, issuer: str | None, *, dry_run: bool, as_json: bool) -> Recorded:
    """Record a batch and say what it changed. Raises NotRecorded with a line for every problem."""
    code = founded_issuer(batch) or (ask.which_issuer(store, issuer) if batch.drafts else issuer or "")
    if not batch.drafts:
        return _nothing(store)
    try:
        recorded = record_facts(store, code, batch.drafts, dry_run=dry_run)
    except Refused as refused:
        raise _not_recorded(refused, batch) from None
    (_print_json if as_json else _print)(store, code, recorded, dry_run=dry_run)
    return recorded


def founded_issuer(batch: Batch) -> str | None:
    """The issuer that a batch registers, if it does."""
    return next((draft.event.issuer for draft in batch.drafts if isinstance(draft.event, events.IssuerRegistered)), None)


def _nothing(store: SqlEventStore) -> Any:
    output.say("the file holds no facts; nothing was recorded")
    return store


def _not_recorded(refused: Refused, batch: Batch) -> NotRecorded:
    lines = []
    for problem in refused.problems:
        place = batch.places[problem.index] if 0 <= problem.index < len(batch.places) else "refused"
        single = len(batch.places) == 1 and not any(character in place for character in ":.")
        if problem.field:
            flag = FLAGS.get(problem.field, "--" + problem.field.replace("_", "-"))
            lines.append(f"{flag}: {problem.message}" if single else f"{place}: {problem.field}: {problem.message}")
        else:
            lines.append(f"refused: {problem.message}" if single or place == "refused" else f"{place}: refused: {problem.message}")
    named = all(problem.field not in (None, "replaces", "event") for problem in refused.problems)
    return NotRecorded(lines, BAD_INPUT if named else REFUSED)


# --- what is said of a recording ----------------------------------------------------------------------------------


def _print(store: SqlEventStore, issuer: str, recorded: Recorded, *, dry_run: bool) -> None:
    for _, number in recorded.already:
        output.say(f"already recorded as entry {number}; a second, equal fact needs a --command-id of its own")
    if not recorded.entries:
        return
    verb = "Would record" if dry_run else "Recorded"
    if len(recorded.entries) == 1:
        click.echo(f"{verb} entry {_line(recorded.entries[0])}")
    else:
        click.echo(f"{verb} {len(recorded.entries):,} entries, {recorded.entries[0].number} to {recorded.entries[-1].number}, for {issuer}")
    _print_effects([*_before(store, issuer, recorded, dry_run=dry_run)], recorded)
    if not dry_run:
        click.echo(f"  Head {recorded.head.number} · {output.short(recorded.head.hash)}")


def _line(entry: Entry) -> str:
    event: Any = entry.event
    quantity = getattr(event, "shares", None) or getattr(event, "options", None)
    subject = getattr(event, "share_class", None) or getattr(event, "scheme", None) or getattr(event, "mandate", None)
    parts = [str(entry.number), words(type(event)), subject, f"{quantity:,}" if quantity else None, f"effective {output.day(event.effective_on)}"]
    return "   ".join(part for part in parts if part)


def _before(store: SqlEventStore, issuer: str, recorded: Recorded, *, dry_run: bool) -> list[Entry]:
    held = list(store.entries(issuer))
    return [*held, *recorded.entries] if dry_run else held


def _print_effects(entries: list[Entry], recorded: Recorded) -> None:
    rows: list[tuple[str, str]] = []
    for effect in effects(entries, recorded.entries):
        for name, caption in CAPTIONS.items():
            before, after = getattr(effect.before, name, 0), getattr(effect.after, name)
            if before != after and after is not None:
                rows.append((f"  {effect.after.share_class} {caption}", f"{before or 0:,} → {after:,}{_share_of(name, before, after)}"))
    rows += _mandates(entries, recorded)
    if rows:
        output.table(("", ""), rows)
    for finding in new_findings(entries, recorded.entries):
        click.echo(f"  {finding.code} {finding.message}  [{finding.citation}; {finding.confidence}]")


CAPTIONS = {
    "authorised": "authorised",
    "issued_excluding_treasury": "issued (excl. treasury)",
    "treasury": "treasury",
    "pending_cancellation": "pending cancellation",
}


def _share_of(name: str, before: int | None, after: int) -> str:
    if name != "issued_excluding_treasury" or not before:
        return ""
    from domain.returns.documents import Percentage

    sign = "+" if after > before else "-"
    return f"   ({sign}{Percentage(after - before, before, 4)} % of the class)"


def _mandates(entries: list[Entry], recorded: Recorded) -> list[tuple[str, str]]:
    on = max(entry.event.effective_on for entry in recorded.entries)
    numbers = {entry.number for entry in recorded.entries}
    after = position_at(entries, Viewpoint(on)).totals
    before = position_at([entry for entry in entries if entry.number not in numbers], Viewpoint(on)).totals
    left = [account for account in {**before, **after} if account.book == MANDATE and account.name == HEADROOM]
    return [(f"  Mandate {a.code}", f"headroom {before.get(a, 0):,} → {after.get(a, 0):,}") for a in left if before.get(a) != after.get(a)]


def _print_json(store: SqlEventStore, issuer: str, recorded: Recorded, *, dry_run: bool) -> None:
    entries = _before(store, issuer, recorded, dry_run=dry_run)
    output.as_json(
        {
            "issuer": issuer,
            "recorded": [] if dry_run else [entry.number for entry in recorded.entries],
            "would_record": [entry.number for entry in recorded.entries] if dry_run else [],
            "already_recorded": [number for _, number in recorded.already],
            "effects": [attrs.asdict(effect) for effect in effects(entries, recorded.entries)],
            "findings": [attrs.asdict(finding) for finding in new_findings(entries, recorded.entries)],
            "head": {"number": recorded.head.number, "hash": recorded.head.hash},
        }
    )

