"""`captable history`, `show` and `export`: what the book holds, entry by entry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from application import ask
from application.entry_pages import EntryFilter, last_kept
from cli import options, output
from cli.answers import Answer, answering
from cli.entries import COLUMNS, as_row, moved, named, quantity_of, subject_of
from cli.event_options import EventKind, attributes, words
from cli.layout import TextTable, shown
from cli.wiring import book, opened, reads_from
from domain.capital.entries import Entry
from domain.events import Event, FactProposed

LAST = 50
"""How many entries a history shows unless all are asked for."""


@click.command()
@click.option("--all", "everything", is_flag=True, help=f"Every entry (default: the last {LAST}).")
@click.option("--class", "about", metavar="CODE", help="Only entries that name this class, mandate, scheme or instrument.")
@click.option("--event", "kinds", multiple=True, type=EventKind(), metavar="EVENT", help="Only this type of event; repeatable.")
@click.option("--since", type=options.Day(), help="Only entries effective on this day or later.")
@click.option("--on", type=options.Day(), help="Only entries effective on this day.")
@options.known_at
@answering()
@options.of_a_book
def history(
    everything: bool, about: str | None, kinds: Sequence[type[Event]], since: date | None, on: date | None,
    known_at: datetime | None, at: options.BookAt,
) -> Answer:  # fmt: skip
    """The last entries in the order of recording, the replaced ones too.

    \b
    Examples:
      captable history
      captable history --class B --event shares-repurchased --since "1 Dec 2024"
      captable history --all --known-at 2024-12-18T08:30
    """
    if since and on:
        raise click.UsageError("expected --since or --on, got both")
    wanted = EntryFilter(kinds=frozenset(kinds), about=about, since=on or since, until=on)
    filtered = wanted != EntryFilter()
    with book(*at) as (books, code):
        if everything and not filtered:
            lines = ask.history(books, code, known_at)
        else:
            lines = last_kept(books, code, wanted, None if everything else LAST + 1, known_at)
    if not everything and len(lines) > LAST:
        lines = lines[1:]
        # Also where a program reads the answer: it is not the whole book.
        output.say(_left_out(None if filtered else lines[0].entry.number - 1))
    rows = [{**as_row(line.entry), "replaced_by": line.replaced_by} for line in lines]
    nothing = "no entry matches" if filtered else "no entry had been recorded by then"
    return Answer(
        content=rows, rows=rows, columns=COLUMNS, text=lambda: _table(lines), aside=None if lines else nothing, paged=True
    )


def _left_out(earlier: int | None) -> str:
    """What is said of the entries before those shown, whose number is known unless a filter chose them."""
    if earlier is None:
        return "earlier matches are not shown; --all shows every one"
    return f"{earlier:,} earlier entr{'y is' if earlier == 1 else 'ies are'} left out; --all shows every entry"


_HEADS = ("entry", "effective", "event", "class", "number", "recorded", "by", "note")


def _table(lines: Sequence[ask.HistoryLine]) -> list[TextTable]:
    return [TextTable(_HEADS, [_history_row(line) for line in lines])] if lines else []


def waits(line: ask.HistoryLine) -> bool:
    """Whether an entry waits for release."""
    return isinstance(line.entry.event, FactProposed) and line.replaced_by is None


def _history_row(line: ask.HistoryLine) -> list[object]:
    entry, event = line.entry, line.entry.event
    notes = [
        f"replaces {entry.replaces}" if entry.replaces else "",
        f"replaced by {line.replaced_by}" if line.replaced_by else "",
        "waits for release" if waits(line) else "",
    ]
    return [
        output.PrintedNumber(entry.number),
        event.effective_on,
        named(event, line.replaced),
        subject_of(event),
        quantity_of(event),
        entry.recorded_at,
        entry.recorded_by,
        ", ".join(note for note in notes if note),
    ]


@click.command()
@options.entry
@answering()
@options.of_a_book
def show(number: int, at: options.BookAt) -> Answer:
    """One entry: its fields, movements and source.

    \b
    Example:
      captable show 12
    """
    with book(*at) as (books, code):
        line = ask.entry(books, code, number)
        moves = ask.movements(books, code, number, line.entry.event.effective_on)
    content = {**as_row(line.entry), "replaced_by": line.replaced_by, "movements": [move._asdict() for move in moves]}
    state = "waits for release by another person" if waits(line) else None
    captions = {**_shown(line.entry), "state": state, "replaced by": line.replaced_by and f"entry {line.replaced_by}"}
    rows = [(caption, shown(value)) for caption, value in captions.items() if value not in (None, "", (), False)]
    rows += [
        ("moves", f"{moved(move, line.entry.event)} {move.book} {move.code}: {move.source} → {move.target}") for move in moves
    ]
    return Answer(content=content, rows=[content], text=lambda: [TextTable(("", ""), rows)])


def _shown(entry: Entry) -> dict[str, Any]:
    """What is shown of an entry, captioned; the fields in the order of the vocabulary."""
    values = entry.event.values()
    fields = {field.name.replace("_", " "): values[field.name] for field in attributes(type(entry.event))}
    return {
        "entry": entry.number,
        "event": words(type(entry.event)),
        **fields,
        "source": entry.source,
        "replaces": f"entry {entry.replaces}" if entry.replaces else None,
        "recorded": f"{output.moment(entry.recorded_at)} by {entry.recorded_by}",
        "command id": entry.command_id,
    }


@click.command()
@click.option(
    "--sqlite",
    "database",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write the tables of captable query to an SQLite file.",
)
@click.option("--site", type=click.Path(file_okay=False), metavar="FOLDER", help="Write the pages of captable serve as files.")
@options.as_of
@options.known_at
@options.calendar
@options.output
@options.of_a_book
def export(
    database: str | None, site: str | None, as_of: date | None, known_at: datetime | None, calendar: str | None, path: str | None,
    at: options.BookAt,
) -> None:  # fmt: skip
    """Write a book as JSON Lines, one entry a line; record --file makes a book of the same facts from it.

    That book has its own recording times and hashes, so --known-at answers for it from then on. captable backup copies a store
    with its times.

    With --sqlite, write the tables of captable query to a file for Datasette, DuckDB or Excel: of all issuers unless one is
    named. With --site (and the extra "web"), write the pages and their downloads to a new folder, for people who look without
    a server: open index.html.

    \b
    Examples:
      captable export -o book.jsonl
      captable record --file book.jsonl --store copy.db
      captable export --sqlite tables.sqlite
      captable export --site dossier --as-of 2024-12-31
    """
    given = [name for name, value in (("--output", path), ("--sqlite", database), ("--site", site)) if value is not None]
    if len(given) > 1:
        raise click.UsageError(f"expected {' or '.join(given)}, got {'both' if len(given) == 2 else 'all'}")
    if site is not None:
        from cli.dossier import export_site

        export_site(Path(site), as_of, known_at, calendar, at)
        return
    if database is not None:
        _export_tables(database, as_of, known_at, calendar, at)
        return
    if as_of or known_at:
        raise click.UsageError("--as-of and --known-at go with --sqlite or --site; without them every entry is written")
    with book(*at) as (books, code):
        lines = [json.dumps(_exported(entry), ensure_ascii=False) for entry in books.entries(code)]
    output.give(("\n".join(lines) + "\n").encode(), path, f"{len(lines):,} entries")
    output.say("recording times are not exported; captable backup keeps them")


def _export_tables(
    database: str, as_of: date | None, known_at: datetime | None, calendar: str | None, at: options.BookAt
) -> None:
    from cli.seen_books import seen_books
    from infrastructure.queries import exported

    with opened(reads_from(at.store)) as books:
        written = exported(Path(database), seen_books(books, at.issuer, as_of, known_at, calendar))
    output.say(f"the tables of {written:,} entries written to {database}")


def _exported(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in as_row(entry).items() if value is not None and name not in ("entry", "recorded_at")}
