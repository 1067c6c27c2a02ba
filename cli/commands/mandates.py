"""`captable mandates`: what stands of each general mandate at close of a day, as known at a moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import click

from application import ask
from cli import options, output
from cli.answers import Answer, answering, instant
from cli.layout import TextTable
from cli.provenance import finding_lines, finding_rows
from cli.wiring import book
from domain import rulebook
from domain.capital.entries import Viewpoint
from domain.law.rule import NO_ADVICE, Finding
from domain.mandates.status import MandateStatus, history
from domain.values import left_text, plain

# How far back a finding is listed: more than from one annual general meeting to the next, as a rule.
A_YEAR = timedelta(days=400)

# What is irregular about mandates; captable check shows the other findings.
CODES = ("HK302", "HK303", "HK304", "HK305", "HK306", "HK320", "HK321", "HK322")


@click.command()
@options.as_of
@options.known_at
@answering()
@options.of_a_book
def mandates(as_of: date | None, known_at: datetime | None, at: options.BookAt) -> Answer:
    """Every general mandate: base, limit, what is reserved, used and left, and when it ends.

    The base is the issued shares of the classes that the mandate counts, since 11 June 2024 without treasury shares. If
    the base recorded at the meeting differs from the book, that is a finding. The limit is rounded down. What is not known
    prints ?, and a finding says how to clear it. Findings about facts more than a year old are listed by captable check.
    Exit code 1 if there is a finding.

    \b
    Examples:
      captable mandates --as-of 2024-12-17
      captable mandates --as-of 2024-06-27 --known-at 2024-07-02T08:30 --json
    """
    viewpoint = Viewpoint(as_of or options.today(), known_at)
    with book(*at) as (books, code):
        ledger = ask.opened(books, code, viewpoint.as_of, known_at, look_back=A_YEAR)
        begins = ask.before_the_book(books, code, viewpoint)
    standings = list(history(ledger, viewpoint.as_of).standings.values())
    found = [each for each in rulebook.check(ledger, viewpoint.as_of) if each.code in CODES]
    rows = [_plain(each) for each in standings]
    content = {
        "issuer": code,
        "as_of": viewpoint.as_of,
        "known_at": instant(known_at),
        "mandates": rows,
        "findings": finding_rows(found),
        "notice": NO_ADVICE,
    }
    return Answer(
        content=content,
        rows=rows,
        columns=("mandate",),
        text=lambda: _text(viewpoint, standings, found),
        said=begins,
        findings=found,
    )


def _text(viewpoint: Viewpoint, standings: Sequence[MandateStatus], found: Sequence[Finding]) -> Iterator[str | TextTable]:
    known = f"as known at {output.moment(viewpoint.known_at)}" if viewpoint.known_at else "as known now"
    title = f"At close of {output.day(viewpoint.as_of)}, {known}"
    if not standings:
        yield f"{title}: no mandate is recorded"
        return
    yield title
    several = len({code for each in standings for code in each.mandate.classes}) > 1
    extended = any(each.mandate.extended_by for each in standings)
    columns = [each for each in _COLUMNS if (several or each != "of class") and (extended or each != "extended by")]
    yield TextTable(columns, [[_cells(standing)[column] for column in columns] for standing in standings])
    yield from finding_lines(found)
    yield NO_ADVICE


_COLUMNS = ("mandate", "to", "granted", "%", "of class", "base", "extended by", "limit", "reserved", "used", "left", "until")


def _cells(standing: MandateStatus) -> dict[str, object]:
    mandate = standing.mandate
    figures = {
        "base": mandate.base_now,
        "extended by": standing.extended,
        "limit": standing.limit,
        "reserved": standing.reserved,
        "used": standing.used,
    }
    return {
        "mandate": standing.code,
        "to": mandate.purpose,
        "granted": mandate.granted_on,
        "%": output.PrintedNumber(plain(mandate.percent)),
        "of class": mandate.classes,
        **{name: output.number(figure, blank="?") for name, figure in figures.items()},
        "left": output.PrintedNumber("?" if standing.headroom is None else left_text(standing.headroom)),
        "until": _until(standing),
    }


def _until(standing: MandateStatus) -> str:
    ended = standing.ended
    if ended is not None:
        return f"ended {output.day(ended.on)}: {ended.why}" + (f" (entry {ended.entry})" if ended.entry else "")
    if standing.in_doubt is not None:
        return f"? {standing.in_doubt.why}"
    latest = f", by {output.day(standing.latest_end)}" if standing.latest_end else ""
    return f"conclusion of the next annual general meeting{latest}"


def _plain(standing: MandateStatus) -> dict[str, Any]:
    mandate, ended = standing.mandate, standing.ended
    return {
        "mandate": standing.code,
        "purpose": mandate.purpose,
        "granted_on": mandate.granted_on,
        "entry": standing.entry,
        "percent": plain(mandate.percent),
        "classes": list(mandate.classes),
        "base": mandate.base_now,
        "recorded_base": mandate.base,
        "book_bases": list(standing.book_bases),
        "extended_by": mandate.extended_by,
        "extended": standing.extended,
        "limit": standing.limit,
        "reserved": standing.reserved,
        "used": standing.used,
        "headroom": standing.headroom,
        "ended_on": ended and ended.on,
        "ended_by": ended and ended.entry,
        "ended_because": ended and ended.why,
        "not_known": [*standing.not_known, *([standing.mandate.uneven] if standing.mandate.uneven else [])],
        "in_doubt": standing.in_doubt and standing.in_doubt.why,
        "latest_end": standing.latest_end,
    }
