"""`captable correct` and `captable withdraw`: an entry is never changed; another one takes its place."""

from __future__ import annotations

from typing import Any

import attrs
import click

from application import ask
from cli import options
from cli.commands.record import command_name, draft_of, field_options, report
from cli.wiring import opened, user
from domain import events
from domain.history import Draft
from infrastructure.readers.records import Batch


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("number", type=int, metavar="ENTRY")
@click.argument("fields", nargs=-1, type=click.UNPROCESSED, metavar="[--field VALUE ...]")
@click.option("--source", metavar="TEXT", help="Where the right fact comes from.")
@options.by
@options.dry_run
@options.as_json
@options.issuer
@options.store
@click.pass_context
def correct(
    ctx: click.Context, number: int, fields: tuple[str, ...], source: str | None, recorded_by: str | None, dry_run: bool,
    as_json: bool, issuer: str | None, store: str | None,
) -> None:  # fmt: skip
    """Correct an entry: give the fields that were wrong, with the options of its event (captable record EVENT -h).

    The corrected fact is written as a new entry that replaces the old one. Every earlier viewpoint still answers what it
    answered then.

    \b
    Example:
      captable correct 12 --shares 7,139,508 --source "registrar's letter of 3 March"
    """
    with opened(store, writable=not dry_run) as books:
        code = ask.which_issuer(books, issuer)
        wrong = ask.entry(books, code, number).entry
        kind = type(wrong.event)
        if kind is events.EntryWithdrawn:
            ctx.fail(f"entry {number} is a withdrawal; record the fact again with --replaces {number}")
        values = {**_fields_of(wrong.event), **_given(ctx, kind, list(fields))}
        draft = draft_of(kind, values, recorded_by, source, number, None)
        report(books, Batch((draft,), (command_name(kind),), ()), code, dry_run=dry_run, as_json=as_json)


def _fields_of(event: events.Event) -> dict[str, Any]:
    return attrs.asdict(event, recurse=False, filter=lambda _, value: value not in (None, ()))


def _given(ctx: click.Context, kind: type[events.Event], fields: list[str]) -> dict[str, Any]:
    """The fields given for a correction, parsed with the options of the entry's own event type."""
    if not fields:
        ctx.fail("give the fields that were wrong, such as --shares 7,139,508")
    parser = click.Command(command_name(kind), params=[*field_options(kind, required=False)])
    inner = parser.make_context(f"captable correct {ctx.params['number']}", fields, parent=ctx.parent)
    return {name: value for name, value in inner.params.items() if value not in (None, ())}


@click.command()
@click.argument("number", type=int, metavar="ENTRY")
@click.option("--reason", required=True, metavar="TEXT", help="Why the entry is taken back.")
@click.option("--source", metavar="TEXT", help="Where that is known from.")
@options.by
@options.dry_run
@options.as_json
@options.issuer
@options.store
def withdraw(
    number: int, reason: str, source: str | None, recorded_by: str | None, dry_run: bool, as_json: bool,
    issuer: str | None, store: str | None,
) -> None:  # fmt: skip
    """Take back an entry that records something that did not happen; it stays in the book, withdrawn.

    \b
    Example:
      captable withdraw 12 --reason "the placing was called off"
    """
    with opened(store, writable=not dry_run) as books:
        code = ask.which_issuer(books, issuer)
        withdrawn = ask.entry(books, code, number).entry
        written = {"effective_on": withdrawn.event.effective_on, "reason": reason}
        draft: Draft = draft_of(events.EntryWithdrawn, written, recorded_by or user(), source, number, None)
        report(books, Batch((draft,), ("withdraw",), ()), code, dry_run=dry_run, as_json=as_json)
