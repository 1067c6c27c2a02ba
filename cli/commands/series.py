"""`captable series`: the shares of each class day by day, as known at a moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import attrs
import click

from application import series as use
from application.series import Level
from cli import options, output
from cli.answers import Answer, answering, instant
from cli.layout import TextTable
from cli.wiring import book
from domain.errors import NotFound


@click.command()
@click.option("--since", type=options.Day(), help="From the close of this day (default: the start of the book).")
@click.option("--until", type=options.Day(), help="Until the close of this day (default: the end of the book).")
@options.known_at
@options.share_class
@answering()
@options.of_a_book
def series(
    since: date | None, until: date | None, known_at: datetime | None, share_class: str | None, at: options.BookAt
) -> Answer:
    """Issued, treasury and pending shares of each class, a line for every day on which they changed.

    \b
    Examples:
      captable series --class B --since 2024-06-01
      captable series --known-at 2024-12-18T08:30 --json
    """
    if since is not None and until is not None and until < since:
        raise click.UsageError(f"expected days in order, got {output.day(since)} to {output.day(until)}")
    with book(*at) as (books, code):
        every = use.series(books, code, known_at)
    if share_class is not None and share_class not in every:
        raise NotFound(f"no class {share_class} in the book of {code}; classes: {', '.join(every) or 'none'}")
    chosen = [each for each in every.values() if share_class in (None, each.share_class)]
    found = {each.share_class: each.between(since or date.min, until or date.max) for each in chosen}
    plain = {name: [_plain(level) for level in levels] for name, levels in found.items()}
    return Answer(
        content={
            "issuer": code,
            "known_at": instant(known_at),
            "classes": [{"share_class": name, "levels": levels} for name, levels in plain.items()],
        },
        rows=[{"share_class": name, **level} for name, levels in plain.items() for level in levels],
        columns=("share_class", "on"),
        text=lambda: [TextTable(_HEADS, [_row(level) for levels in found.values() for level in levels])],
    )


_HEADS = ("class", "from the close of", "issued excl. treasury", "treasury", "of which pending cancellation", "entries")


def _row(level: Level) -> list[object]:
    balance = level.balance
    numbers = (balance.issued_excluding_treasury, balance.treasury, balance.pending_cancellation)
    return [balance.share_class, level.on, *numbers, ", ".join(map(str, level.entries))]


def _plain(level: Level) -> dict[str, Any]:
    numbers = {name: value for name, value in attrs.asdict(level.balance).items() if name != "share_class"}
    return {"on": level.on, **numbers, "entries": list(level.entries)}
