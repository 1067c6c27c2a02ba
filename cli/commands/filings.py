"""`captable file` and `captable filings`: what was submitted, the same document again, and what no longer matches."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast

import attrs
import click

from application import ask
from application.file_return import PREPARED_HERE, Filed, PublishedDocument, file_return, filing, rebuild
from application.record import CannotStand
from cli import options, output
from cli.answers import Answer, answering
from cli.entries import described
from cli.errors import FINDINGS
from cli.layout import TextTable, echo
from cli.output import PrintedNumber
from cli.recording import acknowledged
from cli.wiring import book, opened, recording_clock, user
from domain import events
from domain.errors import Refused
from domain.returns.documents import Return
from domain.returns.explain import entries_in_words
from domain.returns.filed import ChangedField, Filing, changed_since, filings, in_no_return, submitted_again
from domain.returns.forms import MONTHLY, NEXT_DAY
from domain.returns.succession import name_of
from domain.values import month_end_of
from infrastructure import taken_in
from infrastructure.renderers import FORMATS, render

source = options.source("Source of the submission.")


SUBMISSION = (
    click.option("--reference", metavar="TEXT", help="The reference that the Exchange's system confirmed."),
    click.option(
        "--submitted-at", type=options.TimeOfDay(), metavar="HH:MM", help="The time in Hong Kong that it confirmed: 17:45."
    ),
    options.submitted_on(),
)


def _shared(command: Any) -> Any:
    for add in (
        options.store,
        options.issuer,
        options.by,
        options.output,
        options.rendering(FORMATS, "pdf"),
        click.option(
            "--as-published", metavar="REASON", help="File it although the published document differs; give the reason."
        ),
        click.option(
            "--published",
            type=click.Path(exists=True, dir_okay=False),
            metavar="FILE",
            help="The document as published: compared with the book first, and its SHA-256 recorded.",
        ),
        *SUBMISSION,
        options.status,
        source,
        options.dry_run,
        options.as_json,
    ):
        command = add(command)
    return command


@click.group(name="file", invoke_without_command=True)
@click.option("--due", "everything", is_flag=True, help="Prepare, show and record every return that is open or overdue.")
@click.option("--yes", is_flag=True, help="With --due: record what is shown, without asking.")
@click.option(
    "-o", "--output", "folder", default=".", metavar="FOLDER", help="With --due: where the documents are written (default: here)."
)
@options.rendering(FORMATS, "pdf")
@SUBMISSION[0]
@SUBMISSION[1]
@SUBMISSION[2]
@source
@options.overwrite
@options.calendar
@options.by
@options.dry_run
@options.as_json
@options.of_a_book
@click.pass_context
def file(ctx: click.Context, /, everything: bool, **given: Any) -> None:
    """Record that a return was submitted to the exchange, with everything needed to make the same document again.

    captable does not submit anything itself: it records what you submitted. --due does a day's filing in one command: it
    prepares every return that is open or overdue, shows them, and on confirmation writes the documents and records them together.

    \b
    Examples:
      captable file monthly --month 2024-12 --submitted-on 2025-01-06 -o monthly-2024-12.pdf
      captable file next-day --on 2024-12-17 --submitted-on 2024-12-18
      captable file next-day --on 2024-12-17 --published next-day-2024-12-17.pdf
      captable file --due -o returns
    """
    if ctx.invoked_subcommand is not None:
        if everything:
            ctx.fail("--due files every return that is due; leave out " + ctx.invoked_subcommand)
    elif everything:
        from cli.filing_due import file_due

        file_due(**given)
    else:
        click.echo(ctx.get_help())


@file.command(name="monthly", short_help="A Monthly Return (FF301).")
@click.option("--month", type=options.Month(), required=True, help="The month: 2024-12.")
@_shared
def file_monthly(month: tuple[int, int], **given: Any) -> None:
    """Record that the Monthly Return of a month was submitted.

    \b
    Example:
      captable file monthly --month 2024-12 --submitted-on 2025-01-06 -o monthly-2024-12.pdf
    """
    _file(MONTHLY, month_end_of(date(*month, 1)), **given)


@file.command(name="next-day", short_help="A Next Day Disclosure Return (FF305, FF304).")
@click.option("--on", type=options.Day(), required=True, help="The return discloses what changed until close of this day.")
@_shared
def file_next_day(on: date, **given: Any) -> None:
    """Record that the Next Day Disclosure Return of what changed until a day was submitted.

    It lists what no return filed before has, so that a second return of one day does not repeat the first.

    \b
    Examples:
      captable file next-day --on 2024-12-17 --submitted-on 2024-12-18 -o next-day-2024-12-17.pdf
      captable file next-day --on 2024-12-17 --submitted-on 2024-12-19 --status resubmission
    """
    _file(NEXT_DAY, on, **given)


def _file(
    kind: str,
    on: date,
    fmt: str | None,
    submitted_on: date | None,
    path: str | None,
    recorded_by: str | None,
    issuer: str | None,
    store: str | None,
    published: str | None,
    as_published: str | None,
    source: str | None,
    dry_run: bool,
    as_json: bool,
    status: str | None,
    submitted_at: str | None,
    reference: str | None,
) -> None:
    if as_published is not None and published is None:
        raise click.UsageError("--as-published goes with --published FILE")
    compared = _published(published, as_published) if published is not None else None
    submitted = submitted_on or (compared.document.submitted_on if compared else options.today())
    rendering, to_file = output.format_of(fmt, path, FORMATS, "pdf") if path else None, path not in (None, "-")

    def keep(document: Return, content: bytes) -> None:
        if to_file:
            output.give(content, path, str(document.form))

    with opened(store, writable=not dry_run) as books:
        code = ask.which_issuer(books, issuer)
        try:
            filed = file_return(
                books, code, kind, on, submitted, published=compared,
                render=render, keep=keep, rendering=rendering, recorded_by=recorded_by or user(), status=status,
                clock=recording_clock(), source=source or PREPARED_HERE, dry_run=dry_run,
                submitted_at=submitted_at, reference=reference,
            )  # fmt: skip
        except CannotStand as refused:
            raise _refused(refused, path if to_file else None) from None
    _report(filed, path, dry_run=dry_run, as_json=as_json)


def _refused(refused: CannotStand, path: str | None) -> Refused:
    written = [f"{path} was written, but is not recorded as filed"] if path else []
    return Refused([*(f"refused: {problem.message}" for problem in refused.problems), *written])


def _report(filed: Filed, path: str | None, *, dry_run: bool, as_json: bool) -> None:
    if not dry_run:
        acknowledged(filed.recorded)
    if path == "-" and filed.content is not None:
        output.give(filed.content, path, str(filed.document.form))
    if as_json:
        output.as_json(summary(filed, dry_run=dry_run))
    else:
        _tell(filed, dry_run=dry_run)


def summary(filed: Filed, *, dry_run: bool) -> dict[str, Any]:
    """What was recorded of a filing, or would be, as JSON has it."""
    numbers = [entry.number for entry in filed.recorded.entries]
    return {
        "return": name_of(filed.document),
        "form": str(filed.document.form),
        "status": filed.document.status,
        "draft": list(filed.document.draft_reasons),
        "digest": None if filed.content is None else hashlib.sha256(filed.content).hexdigest(),
        "recorded": [] if dry_run else numbers,
        "would_record": numbers if dry_run else [],
        "already_recorded": [number for _, number in filed.recorded.already],
        "head": {"number": filed.recorded.head.number, "hash": filed.recorded.head.hash},
    }


def _published(path: str, as_published: str | None) -> PublishedDocument:
    """The document as published. Raises UnreadableValue if it cannot be read as one return."""
    from infrastructure.files.published import read_return

    content = taken_in.content(Path(path))
    return PublishedDocument(read_return(content, path).document, hashlib.sha256(content).hexdigest(), as_published)


def _tell(filed: Filed, *, dry_run: bool) -> None:
    output.drafts(filed.document.draft_reasons)
    for _, number in filed.recorded.already:
        output.say(f"already recorded as entry {number}")
    echo(_said(filed, dry_run=dry_run))


def _said(filed: Filed, *, dry_run: bool) -> Iterator[str]:
    for entry in filed.recorded.entries:
        event = entry.of(events.ReturnFiled)
        yield f"{'Would record' if dry_run else 'Recorded'} entry {entry.number}   {_described(Filing(entry, event))}"
        if event.digest:
            yield f"  SHA-256 {filed_digest(event)}"
        if event.published_digest:
            yield f"  SHA-256 {event.published_digest} (as published)"
        elif not event.digest and not dry_run:
            yield f"  No document was written, and no digest recorded: captable filings show {entry.number} -o FILE writes it"
    if not dry_run:
        yield f"  Head {filed.recorded.head.number} · {output.short(filed.recorded.head.hash)}"


def filed_digest(event: events.ReturnFiled) -> str:
    """The digest of what was filed, with the rendering that it is of."""
    return f"{event.digest} ({event.rendering})"


def _described(each: Filing) -> str:
    submitted = f"submitted {output.day(each.filed.submitted_on)}"
    return "   ".join([each.name, each.filed.form or "form not recorded", each.filed.status, submitted])


@click.group(name="filings", invoke_without_command=True)
@answering()
@options.of_a_book
@click.pass_context
def register(ctx: click.Context, at: options.BookAt) -> Answer | None:
    """The filing register: which returns were submitted, when, and from which state of the book.

    After the list come the changes that are in no return; the next Next Day Disclosure Return discloses them.

    \b
    Examples:
      captable filings                          the list
      captable filings show 52 -o filed.pdf     the document as it was filed, byte for byte
      captable filings diff                     which filed returns no longer match the book, and why
    """
    if ctx.invoked_subcommand is not None:
        return None
    with book(*at) as (books, code):
        entries = list(books.entries(code))
    found = filings(entries)
    rows = [{"entry": each.entry.number, "return": each.name, **attrs.asdict(cast("Any", each.filed))} for each in found]
    table = TextTable(_HEADS, [_row(each) for each in found])
    left_out = [f"In no return: {described(entry)}" for entry in in_no_return(entries)] if found else []
    return Answer(content=rows, rows=rows, columns=("entry", "return"), text=lambda: [table, *left_out])


_HEADS = ("entry", "return", "form", "status", "submitted", "recorded", "by", "from entry")


def _row(each: Filing) -> list[object]:
    filed, entry = each.filed, each.entry
    made_here = "" if filed.book_number is None else str(filed.book_number)
    number, when = PrintedNumber(entry.number), entry.recorded_at
    return [number, each.name, filed.form, filed.status, filed.submitted_on, when, entry.recorded_by, made_here]


@register.command(name="show")
@options.entry
@options.output
@options.of_a_book
def show_filed(number: int, path: str | None, at: options.BookAt) -> None:
    """Make the document of a filing again, from the entries it was prepared from, and check it against its digest.

    \b
    Example:
      captable filings show 52 -o filed.pdf
    """

    def rendering(filed: str | None) -> str:
        return output.format_of(None, path, (filed,) if filed else FORMATS, filed or "text")

    with book(*at) as (books, code):
        found, content = rebuild(books, code, number, render=render, rendering=rendering)
    digest = (
        f"SHA-256 {filed_digest(found.filed)}, as filed" if found.filed.digest else "no digest was recorded when it was filed"
    )
    output.say(f"{_described(found)}\n{digest}")
    output.give(content, path, found.name)


@register.command(name="diff")
@click.argument("number", type=int, metavar="[ENTRY]", required=False)
@answering()
@options.of_a_book
def diff_filed(number: int | None, at: options.BookAt) -> Answer:
    """Which filed returns no longer match what the book holds now: field by field, and through which entries.

    Exit code 1 if there is one: it may call for a resubmission. One that was submitted again since is compared only if its
    entry is given.

    \b
    Examples:
      captable filings diff
      captable filings diff 52 --json
    """
    with book(*at) as (books, code):
        entries = list(books.entries(code))
    found = filings(entries) if number is None else [filing(entries, number)]
    again = submitted_again(found)
    wanted = [each for each in found if each.entry.number not in again]
    compared = [each for each in wanted if each.made_here or number is not None]
    changed = [(each, fields) for each in compared if (fields := changed_since(entries, each))]
    content: list[dict[str, Any]] = [
        {"entry": each.entry.number, "return": each.name, "fields": [attrs.asdict(field) for field in fields]}
        for each, fields in changed
    ]
    return Answer(
        content=content,
        rows=[{"entry": each["entry"], "return": each["return"], **field} for each in content for field in each["fields"]],
        columns=("entry", "return", "field"),
        text=lambda: _differences(changed),
        said=(*_compared(wanted, compared, changed), *_left_out(again)),
        code=FINDINGS if changed else 0,
    )


def _compared(wanted: Sequence[Filing], compared: Sequence[Filing], changed: Sequence[object]) -> Iterator[str]:
    """How many filed returns no longer match, and which cannot be compared."""
    if compared or not wanted:
        returns, match = "return" + "s" * (len(compared) != 1), "matches" if len(changed) == 1 else "match"
        yield f"{len(changed)} of {len(compared)} filed {returns} no longer {match}"
    if elsewhere := [each.entry.number for each in wanted if each not in compared]:
        which = f"{_filed_returns(elsewhere)} not prepared from this book, and not compared with it"
        yield f"{which}: {entries_in_words(elsewhere)} (captable reconcile FILE compares one)"


def _left_out(again: Collection[int]) -> Iterator[str]:
    """Which filed returns are not compared, because they were submitted again."""
    if numbers := sorted(again):
        one = f"captable filings diff {numbers[0]} compares {'it' if len(numbers) == 1 else 'one'}"
        yield f"{_filed_returns(numbers)} submitted again since, and not compared: {entries_in_words(numbers)} ({one})"


def _filed_returns(numbers: Sequence[int]) -> str:
    return "1 filed return" if len(numbers) == 1 else f"{len(numbers)} filed returns"


def _differences(changed: Sequence[tuple[Filing, Sequence[ChangedField]]]) -> Iterator[str | TextTable]:
    for each, found in changed:
        yield f"{each.name} (entry {each.entry.number})"
        yield TextTable(("  field", "as filed", "now", "through"), [_difference(field) for field in found])


def _difference(field: ChangedField) -> list[object]:
    return [f"  {field.field}", _figure(field.then), _figure(field.now), entries_in_words(field.entries)]


def _figure(value: str) -> str:
    return PrintedNumber(value) if re.fullmatch(r"-?[\d,.]+", value) else value or "blank"
