"""`captable file --due`: a day's filing in one command."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from application import ask
from application import due as use
from application.file_due import PreparedFiling, prepare_due
from application.file_return import PREPARED_HERE
from application.record import record
from cli import options, output, wiring
from cli.recording import acknowledged
from cli.wiring import opened, recording_clock, trading_days, user
from domain.disclosure.deadlines import OVERDUE
from infrastructure.renderers import render, suffix_of
from infrastructure.whole_file import put


def file_due(
    yes: bool, folder: str, fmt: str | None, submitted_on: date | None, source: str | None, calendar: str | None,
    recorded_by: str | None, submitted_at: str | None, reference: str | None, dry_run: bool, as_json: bool,
    at: options.BookAt,
) -> None:  # fmt: skip
    """Prepare every return that is open or overdue, show them, and on confirmation write and record them together."""
    submitted, rendering = submitted_on or options.today(), fmt or "pdf"
    with opened(at.store, writable=not dry_run) as books:
        code = ask.which_issuer(books, at.issuer)
        found = use.due(books, code, wiring.clock(), trading_days(calendar))
        due = prepare_due(
            list(books.entries(code)), found, submitted, render=render, rendering=rendering, recorded_by=recorded_by or user(),
            source=source or PREPARED_HERE, submitted_at=submitted_at, reference=reference,
        )  # fmt: skip
        files = [Path(folder) / f"{each.about.uid}.{suffix_of(rendering)}" for each in due.filings]
        if not as_json:
            _show(due.filings, files)
        recorded = None
        if due.filings and not dry_run and (yes or (sys.stdin.isatty() and click.confirm("Record them as submitted?", err=True))):
            _write(due.filings, files)
            drafts = [each.draft for each in due.filings]
            # Refused if the book has grown since they were prepared.
            recorded = acknowledged(record(books, code, drafts, ends_at=due.ends_at, clock=recording_clock()))
    numbers: list[int | None] = [entry.number for entry in recorded.entries] if recorded else []
    if as_json:
        entries = numbers or [None] * len(files)
        output.as_json([_plain(*each) for each in zip(due.filings, files, entries, strict=True)])
    elif recorded:
        click.echo(f"Recorded entries {', '.join(map(str, numbers))}")
        click.echo(f"  Head {recorded.head.number} · {output.short(recorded.head.hash)}")
    elif due.filings:
        output.say("nothing was recorded" + ("" if dry_run else "; add --yes to record them"))


def _show(filings: tuple[PreparedFiling, ...], files: list[Path]) -> None:
    if not filings:
        click.echo("nothing to file: no return whose day or month has ended is open or overdue")
    for each, file in zip(filings, files, strict=True):
        document = each.document
        due = f"due {use.moment(each.about)}" + (", overdue" if each.about.status == OVERDUE else "")
        click.echo("   ".join([each.about.name, str(document.form), document.status, due]))
        click.echo(f"  {each.about.because}")
        click.echo(f"  {file}")
        output.drafts(document.draft_reasons)


def _write(filings: tuple[PreparedFiling, ...], files: list[Path]) -> None:
    """Write the documents, or none if one would replace a file of other content. Raises BadInput or NotWritten."""
    output.keep_others({file: each.content for each, file in zip(filings, files, strict=True)}, "folder")
    for each, file in zip(filings, files, strict=True):
        file.parent.mkdir(parents=True, exist_ok=True)
        put(file, each.content)


def _plain(each: PreparedFiling, file: Path, number: int | None) -> dict[str, Any]:
    filed: Any = each.draft.event
    return {
        "return": each.about.name,
        "form": filed.form,
        "status": filed.status,
        "due_at": each.about.due_at.isoformat(),
        "draft": list(each.document.draft_reasons),
        "file": str(file),
        "digest": filed.digest,
        "entry": number,
    }
