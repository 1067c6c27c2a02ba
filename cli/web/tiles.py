"""The tile of each class of shares: its balance, and the drawing of how it changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

import attrs

from application.ask import HistoryLine
from application.series import Level
from cli.event_options import words
from cli.web import charts, register
from cli.web.asked import Asked
from cli.web.charts import Noted, Timeline
from cli.web.desk import BookView
from cli.web.returns import filing_address
from domain.capital.accounts import ClassBalance
from domain.capital.entries import Entry
from domain.returns.filed import Filing
from domain.securities import ShareClass


@attrs.frozen
class Tile:
    """A class of shares: its balance at the viewpoint (None before `known_from`), and how it changed over time."""

    share: ShareClass
    balance: ClassBalance | None
    known_from: date | None
    wide: Timeline | None
    narrow: Timeline | None
    levels: Sequence[Level]


def tiles(book: BookView, asked: Asked) -> Iterator[Tile]:
    """Every class of a book at the viewpoint, in order of creation."""
    found = book.balances()
    then, now = book.series(book.known_at), book.series(book.head.recorded_at) if asked.known_at else {}
    shown = charts.window(book.as_of)
    for share in found.position.terms.classes.values():
        later = found.later.get(share.code)
        known_from = later.event.effective_on if later else None
        balance = None if later or share.abolished_on else found.position.balance(share.code)
        lines = None if later or share.code not in then else then[share.code]
        drawn: list[Timeline | None] = [None, None]
        if lines is not None:
            changes, filed = _changes(book, lines.between(*shown), asked), _filed(book, asked)
            drawn = [
                charts.timeline(lines, now.get(share.code), shown, width, changes, filed)
                for width in (charts.WIDE, charts.NARROW)
            ]
        yield Tile(share, balance, known_from, drawn[0], drawn[1], lines.between(*shown) if lines else ())


def _changes(book: BookView, levels: Sequence[Level], asked: Asked) -> list[Noted]:
    """What moved shares of a class, day by day."""
    lines = book.lines()
    return [
        Noted(level.on, partial(_said, level, lines), partial(_leads_to, book.issuer, level.entries, asked)) for level in levels
    ]


def _said(level: Level, lines: Sequence[HistoryLine]) -> str:
    named = ", ".join(_in_words(lines[number - 1].entry) for number in level.entries[: charts.NAMED])
    more = f" and {len(level.entries) - charts.NAMED:,} more" if len(level.entries) > charts.NAMED else ""
    return f"{level.on:%-d %B %Y}: {named}{more}"


def _in_words(entry: Entry) -> str:
    number = register.quantity(entry.event)
    return words(type(entry.event)) + (f" {number:,}" if number is not None else "") + f" (entry {entry.number})"


def _leads_to(code: str, numbers: Sequence[int], asked: Asked) -> str:
    if len(numbers) == 1:
        return f"/issuers/{code}/entries/{numbers[0]}{asked.query()}"
    return f"/issuers/{code}/entries{asked.query(entries=register.listed(tuple(numbers)))}"


def _filed(book: BookView, asked: Asked) -> list[Noted]:
    return [
        Noted(each.filed.submitted_on, partial(_filing, each), partial(filing_address, each, asked, book.issuer))
        for each in book.filings()
    ]


def _filing(each: Filing) -> str:
    return f"{each.name}, filed {each.filed.submitted_on:%-d %B %Y}"
