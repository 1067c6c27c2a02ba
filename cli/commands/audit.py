"""`captable history`, `show` and `export`: what the book holds, entry by entry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from application import ask
from cli import options, output
from cli.answers import Answer, answering
from cli.event_options import attributes, words
from cli.wiring import book, opened, reads_from
from domain.capital.entries import Entry
from domain.events import Event
from infrastructure.event_codec import encode


@click.command()
@options.known_at
@answering()
@options.issuer
@options.store
def history(known_at: datetime | None, issuer: str | None, store: str | None) -> Answer:
    """All entries in the order of recording, the replaced ones too.

    \b
    Examples:
      captable history
      captable history --known-at 2024-12-18T08:30
    """
    with book(store, issuer) as (books, code):
        lines = ask.history(books, code, known_at)
    rows = [{**_entry(line.entry), "replaced_by": line.replaced_by} for line in lines]
    nothing = None if lines else "no entry had been recorded by then"
    return Answer(content=rows, rows=rows, columns=_ENTRY, lines=lambda: _history_lines(lines), aside=nothing)


_ENTRY = ("entry", "recorded_at", "event", "effective_on")
_HEADS = ("entry", "effective", "event", "class", "number", "recorded", "by", "note")


def _history_lines(lines: Sequence[ask.Line]) -> list[str]:
    return output.aligned(_HEADS, [_history_row(line) for line in lines], right=(0, 4)) if lines else []


def _history_row(line: ask.Line) -> list[str]:
    entry, event = line.entry, line.entry.event
    subject = _first_of(event, "share_class", "from_class", "scheme", "mandate")
    quantity = _first_of(event, "shares", "options", "held")
    notes = [
        f"replaces {entry.replaces}" if entry.replaces else "",
        f"replaced by {line.replaced_by}" if line.replaced_by else "",
    ]
    return [
        str(entry.number),
        output.day(event.effective_on),
        words(type(event)),
        subject or "",
        "" if quantity is None else f"{quantity:,}",
        output.moment(entry.recorded_at),
        entry.recorded_by,
        ", ".join(note for note in notes if note),
    ]


def _first_of(event: Event, *fields: str) -> Any:
    return next((value for name in fields if (value := getattr(event, name, None)) is not None), None)


def _entry(entry: Entry) -> dict[str, Any]:
    said = json.loads(encode(entry.event))
    beside = {name: getattr(entry, name) for name in ("source", "replaces", "recorded_by", "command_id")}
    return {
        "entry": entry.number,
        "recorded_at": entry.recorded_at.isoformat(),
        "event": type(entry.event).__name__,
        **said,
        **beside,
    }


@click.command()
@click.argument("number", type=int, metavar="ENTRY")
@options.as_json
@options.issuer
@options.store
def show(number: int, as_json: bool, issuer: str | None, store: str | None) -> None:
    """One entry: its fields, the movements it stands for, where it comes from.

    \b
    Example:
      captable show 12
    """
    with book(store, issuer) as (books, code):
        line = ask.entry(books, code, number)
        moves = ask.movements(books, code, number, line.entry.event.effective_on)
    if as_json:
        output.as_json({**_entry(line.entry), "replaced_by": line.replaced_by, "movements": [move._asdict() for move in moves]})
        return
    rows = [[caption, _plain(value)] for caption, value in _shown(line.entry).items() if value not in (None, "", (), False)]
    rows += [["replaced by", f"entry {line.replaced_by}"]] if line.replaced_by else []
    rows += [["moves", f"{move.quantity:,} {move.book} {move.code}: {move.source} → {move.target}"] for move in moves]
    output.table(("", ""), rows)


def _shown(entry: Entry) -> dict[str, Any]:
    """What is shown of an entry, captioned; the fields in the order of the vocabulary."""
    fields = {field.name.replace("_", " "): getattr(entry.event, field.name) for field in attributes(type(entry.event))}
    return {
        "entry": entry.number,
        "event": words(type(entry.event)),
        **fields,
        "source": entry.source,
        "replaces": f"entry {entry.replaces}" if entry.replaces else None,
        "recorded": f"{output.moment(entry.recorded_at)} by {entry.recorded_by}",
        "command id": entry.command_id,
    }


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_plain(each) for each in value)
    if isinstance(value, date):
        return output.day(value)
    return "yes" if value is True else f"{value:,}" if type(value) is int else str(value)


@click.command()
@click.option(
    "--sqlite",
    "database",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write the tables of captable query to an SQLite file.",
)
@click.option(
    "--as-of", type=options.Day(), help="With --sqlite: mandates and findings at close of this day; of today otherwise."
)
@click.option("--known-at", type=options.Moment(), help="With --sqlite: as known at this moment; now where left out.")
@options.calendar
@options.output
@options.issuer
@options.store
def export(
    database: str | None, as_of: date | None, known_at: datetime | None, calendar: str | None, path: str | None,
    issuer: str | None, store: str | None,
) -> None:  # fmt: skip
    """Write a book as JSON Lines, one entry a line; record --file makes an identical book of it.

    With --sqlite, write the tables of captable query to a file for Datasette, DuckDB or Excel: of all issuers unless one is
    named.

    \b
    Examples:
      captable export -o book.jsonl
      captable record --file book.jsonl --store copy.db
      captable export --sqlite tables.sqlite
    """
    if database is not None:
        if path is not None:
            raise click.UsageError("expected --output or --sqlite, got both")
        _export_tables(database, as_of, known_at, calendar, issuer, store)
        return
    if as_of or known_at:
        raise click.UsageError("--as-of and --known-at go with --sqlite; without it every entry is written")
    with book(store, issuer) as (books, code):
        lines = [json.dumps(_exported(entry), ensure_ascii=False) for entry in books.entries(code)]
    output.give(("\n".join(lines) + "\n").encode(), path, f"{len(lines):,} entries")


def _export_tables(
    database: str, as_of: date | None, known_at: datetime | None, calendar: str | None, issuer: str | None, store: str | None
) -> None:
    from cli.seen_books import seen_books
    from infrastructure.queries import exported

    with opened(reads_from(store)) as books:
        written = exported(Path(database), seen_books(books, issuer, as_of, known_at, calendar))
    output.say(f"the tables of {written:,} entries written to {database}")


def _exported(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in _entry(entry).items() if value is not None and name not in ("entry", "recorded_at")}
