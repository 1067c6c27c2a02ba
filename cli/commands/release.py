"""`captable release` and `captable waiting`: what one person recorded and another releases."""

from __future__ import annotations

from datetime import datetime

import attrs
import click

from application import ask
from application.effects import once_released
from cli import options, output
from cli.answers import Answer, answering, instant, recording
from cli.entries import fact_in, named
from cli.layout import TextTable
from cli.recording import draft_of, report
from cli.waiting import WaitingRow, changes_in_words, plain_row, waiting_row
from cli.wiring import book, opened
from domain import events
from domain.capital.entries import Entry
from infrastructure.readers.records import Batch


@click.command()
@click.argument("numbers", nargs=-1, type=int, required=True, metavar="ENTRY...")
@options.source("Source that confirms them.")
@recording
def release(numbers: tuple[int, ...], source: str | None, recorded_by: str | None, dry_run: bool, at: options.BookAt) -> Answer:
    """Release entries that another person recorded: from then on they count.

    Each must fit the book as it is now; if one does not, none is released. To reject an entry, withdraw it.

    \b
    Examples:
      captable release 48 49 --by "Chan Siu Ming"
      captable release 48 --dry-run
    """
    with opened(at.store, writable=not dry_run) as books:
        code = ask.which_issuer(books, at.issuer)
        drafts = []
        for number in numbers:
            written = {"effective_on": ask.entry(books, code, number).entry.event.effective_on}
            drafts.append(draft_of(events.EntryReleased, written, {"source": source, "replaces": number}, recorded_by))
        return report(books, Batch(tuple(drafts), ("release",) * len(drafts), ()), code, dry_run=dry_run)


_HEADS = ("entry", "effective", "event", "class", "number", "recorded", "by", "would change")


@click.command()
@options.known_at
@answering()
@options.of_a_book
def waiting(known_at: datetime | None, at: options.BookAt) -> Answer:
    """Entries that wait for release by another person, and count only from then on; with what each would change now.

    \b
    Examples:
      captable waiting
      captable waiting --known-at 2024-12-18T08:30 --json
    """
    with book(*at) as (books, code):
        found = books.waiting(code, known_at)
        rows = [waiting_row(entry, once_released(books, code, entry)) for entry in found]
    plain = [attrs.asdict(row) for row in rows]
    return Answer(
        content={"issuer": code, "known_at": instant(known_at), "waiting": plain},
        rows=[plain_row(row) for row in rows],
        columns=[field.name for field in attrs.fields(WaitingRow)],
        text=lambda: [TextTable(_HEADS, list(map(_row, found, rows)))] if found else (),
        aside=None if found else "no entry waits for release",
    )


def _row(entry: Entry, row: WaitingRow) -> list[object]:
    event = named(fact_in(entry.event)) + (f", correcting entry {row.corrects}" if row.corrects else "")
    number = output.PrintedNumber(row.entry)
    return [number, row.effective_on, event, row.about, row.number, row.recorded_at, row.recorded_by, changes_in_words(row, "; ")]
