"""`captable series`: the shares of each class day by day, as known at a moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import attrs
import click

from application import ask
from application import series as use
from application.series import Level, Series
from cli import options, output
from cli.wiring import book


@click.command()
@click.option("--since", type=options.Day(), help="From the close of this day; from the start of the book by default.")
@click.option("--until", type=options.Day(), help="Until the close of this day; to the end of the book by default.")
@options.known_at
@click.option("--class", "share_class", metavar="CODE", help="Only this class.")
@options.as_json
@options.issuer
@options.store
def series(
    since: date | None,
    until: date | None,
    known_at: datetime | None,
    share_class: str | None,
    as_json: bool,
    issuer: str | None,
    store: str | None,
) -> None:
    """Issued, treasury and pending shares of each class, a line for every day on which they changed.

    \b
    Examples:
      captable series --class B --since 2024-06-01
      captable series --known-at 2024-12-18T08:30 --json
    """
    with book(store, issuer) as (books, code):
        found = use.series(books, code, known_at)
    if share_class is not None and share_class not in found:
        raise ask.NotFound(f"no class {share_class} in the book of {code}; classes: {', '.join(found) or 'none'}")
    chosen = [each for each in found.values() if share_class in (None, each.share_class)]
    rows = [(each, each.between(since or date.min, until or date.max)) for each in chosen]
    if as_json:
        known = known_at.isoformat() if known_at else None
        output.as_json({"issuer": code, "known_at": known, "classes": [as_answer(*row) for row in rows]})
        return
    heads = ["class", "from the close of", "issued excl. treasury", "treasury", "of which pending cancellation", "entries"]
    output.table(heads, [_row(each, level) for each, levels in rows for level in levels], right=range(2, 5))


def as_answer(each: Series, levels: tuple[Level, ...]) -> dict[str, Any]:
    """A class as JSON."""
    listed = [{"on": level.on, **_numbers(level), "entries": list(level.entries)} for level in levels]
    return {"share_class": each.share_class, "levels": listed}


def _numbers(level: Level) -> dict[str, Any]:
    return {name: value for name, value in attrs.asdict(level.balance).items() if name != "share_class"}


def _row(each: Series, level: Level) -> list[str]:
    shown = (level.balance.issued_excluding_treasury, level.balance.treasury, level.balance.pending_cancellation)
    return [
        each.share_class,
        output.day(level.on),
        *(output.number(number) for number in shown),
        ", ".join(map(str, level.entries)),
    ]
