"""`captable correct` and `captable withdraw`: an entry is never changed; another one takes its place."""

from __future__ import annotations

from typing import Any

import click

from application import ask
from application.ask import HistoryLine
from cli import options
from cli.answers import Answer, recording
from cli.entries import fact_in
from cli.errors import worded
from cli.event_options import command_name, field_options, words
from cli.recording import draft_of, report, single
from cli.wiring import opened
from domain import events
from domain.events import Event


@click.command(context_settings={"ignore_unknown_options": True})
@options.entry
@click.argument("fields", nargs=-1, type=click.UNPROCESSED, metavar="[--field VALUE ...]")
@options.source("Source of the corrected fact.")
@recording
@click.pass_context
def correct(
    ctx: click.Context, number: int, fields: tuple[str, ...], source: str | None, recorded_by: str | None, dry_run: bool,
    at: options.BookAt,
) -> Answer:  # fmt: skip
    """Correct an entry: give the fields that were wrong, with the options of its event (captable record EVENT -h).

    The corrected fact is written as a new entry that replaces the old one. An answer with an earlier --known-at stays the
    same. An empty value, such as --mandate "", clears a field.

    \b
    Examples:
      captable correct 12 --shares 7,139,508 --source "registrar's letter of 3 March"
      captable correct 12 --on "30 December 2022" --dry-run
    """
    with opened(at.store, writable=not dry_run) as books:
        code = ask.which_issuer(books, at.issuer)
        wrong = fact_in(_to_replace(ctx, ask.entry(books, code, number)))
        given = _given(ctx, wrong, list(fields))
        written = {name: None if value in ("", ("",)) else value for name, value in given.items()}
        draft = draft_of(type(wrong), written, {"source": source, "replaces": number}, recorded_by, kept=wrong)
        if draft.event == wrong:
            ctx.fail(f"entry {number} already says that; give what was wrong")
        return report(books, single(draft, "correct"), code, dry_run=dry_run)


def _to_replace(ctx: click.Context, line: HistoryLine) -> Event:
    event, number = line.entry.event, line.entry.number
    if isinstance(event, events.EntryWithdrawn):
        proposed = line.replaced.event if line.replaced else None
        corrected = proposed.corrects if isinstance(proposed, events.FactProposed) else None
        undone = f"correct entry {corrected}" if corrected else f"record the fact again with --replaces {number}"
        ctx.fail(f"entry {number} is a withdrawal: to undo it, {undone}")
    return event


def _given(ctx: click.Context, wrong: Event, fields: list[str]) -> dict[str, Any]:
    """The fields given for a correction, parsed with the options of the entry's own event type."""
    if not fields:
        ctx.fail("give the fields that were wrong, such as --shares 7,139,508")
    kind = type(wrong)
    parser = click.Command(command_name(kind), params=[*field_options(kind, required=False)])
    try:
        inner = parser.make_context(f"record {command_name(kind)}", fields, parent=ctx.parent)
    except click.UsageError as error:
        said = f"entry {ctx.params['number']} is of type {words(kind)}: {worded(error)}"
        raise click.UsageError(said, error.ctx) from None
    return {name: value for name, value in inner.params.items() if value not in (None, ())}


@click.command()
@options.entry
@click.option("--reason", required=True, metavar="TEXT", help="Why the entry is withdrawn.")
@options.source("Source of that.")
@recording
@click.pass_context
def withdraw(
    ctx: click.Context, number: int, reason: str, source: str | None, recorded_by: str | None, dry_run: bool,
    at: options.BookAt,
) -> Answer:  # fmt: skip
    """Withdraw an entry that records something that did not happen; it is kept in the history.

    \b
    Example:
      captable withdraw 12 --reason "the placing was called off"
    """
    with opened(at.store, writable=not dry_run) as books:
        code = ask.which_issuer(books, at.issuer)
        withdrawn = _to_replace(ctx, ask.entry(books, code, number))
        written = {"effective_on": withdrawn.effective_on, "reason": reason}
        draft = draft_of(events.EntryWithdrawn, written, {"source": source, "replaces": number}, recorded_by)
        return report(books, single(draft, "withdraw"), code, dry_run=dry_run)
