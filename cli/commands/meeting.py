"""`captable meeting`: the poll table of a general meeting, published tables checked, and results recorded."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import Any

import attrs
import click

from application import ask
from application import meeting as meetings
from cli import options, output
from cli.answers import Answer, answering, recording
from cli.layout import TextTable
from cli.output import PrintedNumber
from cli.provenance import finding_lines, finding_rows, sourced
from cli.recording import report
from cli.wiring import book, opened, user
from domain.capital.entries import Viewpoint
from domain.errors import BadInput
from domain.events.fields import FieldError
from domain.events.votes import Polled
from domain.law.rule import NO_ADVICE
from domain.meetings.announcement import PrintedResolution, PublishedPoll, computed
from domain.meetings.poll import Meeting, NotCounted, PollTable
from infrastructure.event_store import SqlEventStore
from infrastructure.readers.meetings import read_meeting
from infrastructure.readers.poll_results import read_poll_results
from infrastructure.readers.records import Batch
from infrastructure.renderers.poll_results import FORMATS, polled_content, render
from infrastructure.taken_in import named


@click.group(invoke_without_command=True)
@click.pass_context
def meeting(ctx: click.Context) -> None:
    """Polls at general meetings (rules 13.39, 8A.24): the table of results, its check, its record. Not legal advice.

    \b
    Examples:
      captable meeting table agm.yaml --format pdf -o results.pdf
      captable meeting check announcement.txt --on 2023-06-23
      captable meeting record agm.yaml --dry-run

    \b
    A meeting in agm.yaml:
      - meeting: annual general meeting
        on: 23 June 2023
        annual: yes
      - resolution: 6
        subject: Mandate to repurchase up to 10 % of the issued shares
        votes:
          - A 7,520,115,072 for, 0 against
          - B 9,040,397,120 for, 131,000 against
        mandate: repurchase-2023
        purpose: repurchase
        percent: 10
      - resolution: 10
        subject: New articles of association
        special: yes
        reserved: yes
        votes: ...
    Votes are counted in shares. What a share carries comes from the book, and is one vote on a reserved matter; where
    shares of a class carry different votes, say which: A 614,034,470 for, 0 against at 10 votes. A resolution that adds
    repurchases to a mandate to issue says extends: issue-2023 and extended_by: repurchase-2023. A mandate counts all classes
    with votes, unless it names some: classes: H.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _meeting(file: str) -> tuple[str, Meeting]:
    name, content = named(file)
    read = read_meeting(name, content)
    if read.meeting is None:
        raise BadInput([str(problem) for problem in read.problems])
    return name, read.meeting


def _table(store: SqlEventStore, issuer: str, name: str, held: Meeting, known_at: datetime | None = None) -> PollTable:
    try:
        return meetings.poll_table(store, issuer, held, known_at)
    except NotCounted as error:
        raise BadInput([f"{name}: {objection}" for objection in error.objections]) from None


@meeting.command(short_help="The table of results, from resolutions and the shares that voted.")
@click.argument("file", metavar="FILE")
@options.rendering(FORMATS, "text")
@options.as_json
@options.output
@options.known_at
@options.of_a_book
def table(file: str, fmt: str | None, as_json: bool, path: str | None, known_at: datetime | None, at: options.BookAt) -> None:
    """The table of poll results that rule 13.39(5) asks for; the shares entitled to vote come from the book.

    \b
    Examples:
      captable meeting table agm.yaml
      captable meeting table agm.yaml --format pdf -o results.pdf
    """
    wanted = output.format_of("json" if as_json else fmt, path, FORMATS, "text")
    output.check_place(wanted, path)
    name, held = _meeting(file)
    with book(*at) as (books, code):
        results = _table(books, code, name, held, known_at)
        issuer_name = ask.position(books, code, Viewpoint(held.on, known_at)).terms.issuer
    output.give(render(results, issuer_name.name if issuer_name else code, wanted), path, "Poll results")


@meeting.command(short_help="A published table recomputed: exit code 1 if it is wrong.")
@click.argument("file", metavar="FILE")
@click.option("--on", type=options.Day(), help="Day of the meeting: compare the table with the book of that day too.")
@answering()
@options.of_a_book
def check(file: str, on: date | None, at: options.BookAt) -> Answer:
    """Recompute every number of a published table of poll results, and report what is wrong.

    \b
    Examples:
      captable meeting check announcement.txt
      captable meeting check announcement.txt --on 2023-06-23
    """
    poll = read_poll_results(*named(file))
    with ExitStack() as stack:
        books, code = (None, None) if on is None else stack.enter_context(book(*at))
        found = meetings.mistakes(poll, books, code, on)
    recomputed = [computed(each) for each in poll.resolutions]
    rows = [_as_printed(printed, each) for printed, each in zip(poll.resolutions, recomputed, strict=True) if each]
    return Answer(
        content=sourced({"resolutions": rows, "findings": finding_rows(found)}),
        rows=rows,
        text=lambda: [_recomputed(poll, recomputed), *finding_lines(found), NO_ADVICE],
        findings=found,
    )


def _as_printed(printed: PrintedResolution, each: Polled) -> dict[str, Any]:
    """A resolution as JSON holds it; what shares voted, and with how many votes each, only where the table prints it."""
    content = polled_content(each)
    if not printed.says_shares:
        content["total"]["shares_voted"] = None
        for row in content["rows"]:
            row |= {"votes_per_share": None, "shares_voted": None}
    return content


_HEADS = ("resolution", "", "votes for", "", "votes against", "", "votes cast", "shares voted", "result")


def _recomputed(poll: PublishedPoll, recomputed: list[Polled | None]) -> TextTable:
    rows: list[tuple[object, ...]] = []
    for printed, each in zip(poll.resolutions, recomputed, strict=True):
        if each is None:
            rows.append((PrintedNumber(printed.number), "cannot be recomputed", *[""] * 7))
            continue
        total, result = each.total, "passed" if each.passed else "not passed"
        kinds = (("special", printed.special), ("one vote a share", each.resolution.reserved))
        kind = ", ".join(word for word, holds in kinds if holds)
        numbers = (total.votes_for, PrintedNumber(total.percent_for), total.votes_against, PrintedNumber(total.percent_against))
        shares = total.shares_voted if printed.says_shares else "not printed"
        rows.append((PrintedNumber(printed.number), kind, *numbers, total.votes_cast, shares, result))
    return TextTable(_HEADS, rows)


@meeting.command(short_help="Record the results, and the mandates that were carried.")
@click.argument("file", metavar="FILE")
@options.source("Source of the facts (default: the file's name).")
@recording
def record(file: str, source: str | None, recorded_by: str | None, at: options.BookAt, dry_run: bool) -> Answer:
    """Record the result of every resolution, and the mandates of those that were carried, on the book's own base.

    \b
    Example:
      captable meeting record agm.yaml --source "poll results of 23 June 2023"
    """
    name, held = _meeting(file)
    with opened(at.store, writable=not dry_run) as books:
        code = ask.which_issuer(books, at.issuer)
        results = _table(books, code, name, held)
        batch = _batch(results, name, recorded_by or user(), source or f"meeting file {Path(name).name}")
        found = report(books, batch, code, dry_run=dry_run)
    lost = [f"mandate {mandate} was not carried and is not recorded" for mandate in meetings.lost_mandates(results)]
    return attrs.evolve(found, said=lost)


def _batch(results: PollTable, name: str, recorded_by: str, source: str) -> Batch:
    try:
        found = list(meetings.facts(results, recorded_by, source))
    except FieldError as error:
        raise BadInput([f"{name}: {error.field}: {error}"]) from None
    return Batch(
        tuple(draft for _, draft in found), tuple(f"{name}: resolution {result.resolution.number}" for result, _ in found), ()
    )
