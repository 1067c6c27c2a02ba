"""`captable due`: filing deadlines and status."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from application import ask
from application import due as use
from cli import options, output, wiring
from cli.answers import Answer, answering
from cli.errors import FINDINGS
from cli.layout import TextTable
from cli.table import fields_of
from cli.wiring import book, trading_days
from domain.capital.entries import Viewpoint
from domain.disclosure.deadlines import OVERDUE, Obligation
from domain.law.business_days import HONG_KONG
from domain.law.rule import NO_ADVICE


@click.command()
@options.as_of
@options.known_at
@click.option("--since", type=options.Day(), help="Deadlines since this day (default: 30 days ago).")
@click.option("--all", "everything", is_flag=True, help="All deadlines since the book starts.")
@answering()
@click.option("--ics", metavar="FILE", help="Write the deadlines to a calendar file; - is standard output.")
@options.calendar
@options.of_a_book
def due(
    as_of: date | None,
    known_at: datetime | None,
    since: date | None,
    everything: bool,
    ics: str | None,
    calendar: str | None,
    at: options.BookAt,
) -> Answer | None:
    """Filing deadlines and status.

    Next Day Disclosure Returns, Monthly Returns and poll results: deadlines of the last 30 days and the next 45, and whatever
    is open or overdue. The exit code is 1 if a return is overdue: its deadline has passed and no filing is recorded. The calendar
    file has what is open or overdue, with alarms. Not legal advice; nothing is submitted.

    \b
    Examples:
      captable due
      captable due --as-of "17 Dec 2024" --since 2024-12-01
      captable due --ics deadlines.ics
    """
    now = use.at_close(as_of) if as_of else wiring.clock()
    with book(*at) as (books, code):
        found = use.due(books, code, now, trading_days(calendar), known_at)
        begins = ask.before_the_book(books, code, Viewpoint(now.astimezone(HONG_KONG).date(), known_at))
    shown = list(found) if everything else use.worth_showing(found, now, since)
    if ics is not None:
        _write_calendar(shown, code, ics)
        return None
    rows = [_plain(each) for each in shown]
    return Answer(
        content={"issuer": code, "at": now.isoformat(), "due": rows, "notice": NO_ADVICE},
        rows=rows,
        columns=("kind", "name"),
        text=lambda: _text(shown, found, now),
        aside=NO_ADVICE,
        said=begins,
        code=FINDINGS if any(each.status == OVERDUE for each in shown) else None,
    )


def _write_calendar(shown: list[Obligation], code: str, path: str) -> None:
    from infrastructure.renderers.icalendar import icalendar

    pressing = [each for each in shown if use.is_pressing(each)]
    named = f"{len(pressing)} deadline" + "s" * (len(pressing) != 1)
    output.give(icalendar(pressing, code, wiring.clock()), path, named)


def _plain(each: Obligation) -> dict[str, Any]:
    said = fields_of(
        each, "kind", "name", "about", "status", "because", "lacking", "citation", "confidence", "entries", "certainty", "filed",
        "filed_on", "filed_at",
    )  # fmt: skip
    return {**said, "due_at": each.due_at.isoformat()}


def _text(shown: list[Obligation], found: tuple[Obligation, ...], now: datetime) -> list[str | TextTable]:
    if not found:
        return ["nothing is due: no class of this book is listed yet, or nothing happened since"]
    if not shown:
        return [f"nothing is due at {output.moment(now)}; captable due --all lists {len(found):,} earlier"]
    return [TextTable(("status", "due", "what", "because"), [_row(each) for each in shown])]


def _row(each: Obligation) -> list[str]:
    when = "in full on" if each.lacking else "on"
    became = (
        each.status
        if each.filed_on is None
        else f"{each.status}, {when} {output.day(each.filed_on)}{f' at {each.filed_at}' if each.filed_at else ''}"
    )
    because = "; ".join(filter(None, (each.because, each.lacking)))
    return [became, use.moment(each), each.name, f"{because}  [{each.citation}; {each.confidence}]"]
