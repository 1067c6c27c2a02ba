"""The tile of each class of shares: its balance, and the drawing of how it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, partial
from itertools import pairwise

import attrs

from application.series import Level, Series
from cli.entries import quantity_of
from cli.event_options import words
from cli.web import charts, register
from cli.web.asked import Asked
from cli.web.charts import Noted, Timeline
from cli.web.desk import BookView
from cli.web.returns import filing_address
from domain.capital.accounts import ClassBalance
from domain.capital.entries import Entry
from domain.capital.securities import ShareClass
from domain.returns.filed import Filing


@attrs.frozen
class Tile:
    """A class of shares: its balance at the viewpoint (None before `known_from`), and how it changed over time."""

    share: ShareClass
    balance: ClassBalance | None
    known_from: date | None
    wide: Timeline | None
    narrow: Timeline | None
    levels: Sequence[Level]


def tiles(book: BookView, asked: Asked, *, whole: bool = False) -> Iterator[Tile]:
    """Every class of a book at the viewpoint, in order of creation; of a long book every day is drawn if `whole`."""
    found = book.balances()
    then = book.drawn(whole=whole)
    now = book.drawn(book.head.recorded_at, whole=whole) if asked.known_at else {}
    shown, named = charts.window(book.as_of), _named(book, then)
    for share in found.position.terms.classes.values():
        later = found.later.get(share.code)
        known_from = later.event.effective_on if later else None
        balance = None if later or share.abolished_on else found.position.balance(share.code)
        lines = None if later or share.code not in then else then[share.code]
        drawn: list[Timeline | None] = [None, None]
        if lines is not None:
            changes, filed = list(_changes(book, lines.between(*shown), asked, named)), _filed(book, asked)
            drawn = [
                charts.timeline(lines, now.get(share.code), shown, width, changes, filed)
                for width in (charts.WIDE, charts.NARROW)
            ]
        yield Tile(share, balance, known_from, drawn[0], drawn[1], lines.between(*shown) if lines else ())


_Named = Callable[[], Mapping[int, Entry]]


def _named(book: BookView, drawn: Mapping[str, Series]) -> _Named:
    """The entries that marks may name, read once where a mark is drawn."""

    @cache
    def read() -> Mapping[int, Entry]:
        levels = (level for each in drawn.values() for level in each.between(*charts.window(book.as_of)))
        numbers = sorted({number for level in levels for number in level.entries[: charts.NAMED]})
        return {line.entry.number: line.entry for line in book.numbered(numbers)}

    return read


def _changes(book: BookView, levels: Sequence[Level], asked: Asked, named: _Named) -> Iterator[Noted]:
    """What moved shares of a class, day by day; of days of which only balances carried forward are drawn, which these are."""
    for before, level in pairwise((None, *levels)):
        if level is not None and level.entries:
            yield Noted(level.on, partial(_said, level, named), partial(_leads_to, book.issuer, level.entries, asked))
        elif level is not None and before is not None:
            since = before.on + timedelta(days=1)
            href = f"/issuers/{book.issuer}/entries{asked.query(since=since, until=level.on)}"
            yield Noted(level.on, partial(_until, since, level.on), partial(str, href))


def _until(since: date, day: date) -> str:
    return f"entries of {since:%-d %B %Y} to {day:%-d %B %Y}"


def _said(level: Level, named: _Named) -> str:
    entries = named()
    said = ", ".join(_in_words(entries[number]) for number in level.entries[: charts.NAMED])
    more = f" and {len(level.entries) - charts.NAMED:,} more" if len(level.entries) > charts.NAMED else ""
    return f"{level.on:%-d %B %Y}: {said}{more}"


def _in_words(entry: Entry) -> str:
    number = quantity_of(entry.event)
    return words(type(entry.event)) + (f" {number:,}" if number is not None else "") + f" (entry {entry.number})"


def _leads_to(code: str, numbers: Sequence[int], asked: Asked) -> str:
    if len(numbers) == 1:
        return f"/issuers/{code}/entries/{numbers[0]}{asked.query()}"
    return f"/issuers/{code}/entries{asked.query(entries=register.runs_joined(tuple(numbers)))}"


def _filed(book: BookView, asked: Asked) -> list[Noted]:
    return [
        Noted(each.filed.submitted_on, partial(_filing, each), partial(filing_address, each, asked, book.issuer))
        for each in book.filings()
    ]


def _filing(each: Filing) -> str:
    return f"{each.name}, filed {each.filed.submitted_on:%-d %B %Y}"
