"""`captable chart`: issued and treasury shares over time, in the terminal or as a drawing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter

import click

from application import series as use
from application.series import Series
from cli import blocks, options, output
from cli.wiring import book
from domain.errors import NotFound
from infrastructure.readers.values import quoted

WIDEST = 120
"""How many columns a line of blocks fills at most."""


@click.command()
@click.option("--since", type=options.Day(), help="From the close of this day (default: the start of the book).")
@click.option("--until", type=options.Day(), help="Until the close of this day (default: the last change, or today).")
@options.known_at
@options.share_class
@click.option("--svg", metavar="FILE", help="Draw to this file instead; - is standard output.")
@options.overwrite
@options.of_a_book
def chart(
    since: date | None,
    until: date | None,
    known_at: datetime | None,
    share_class: str | None,
    svg: str | None,
    at: options.BookAt,
) -> None:
    """Draw issued and treasury shares of each class over time: a line of blocks, or SVG.

    Each line has its own scale, from the lowest number shown to the highest; both stand beside it. A dot is a day before the
    class is known.

    \b
    Examples:
      captable chart
      captable chart --class B --since 2024-01-01
      captable chart --svg capital.svg
    """
    with book(*at) as (books, code):
        found = use.series(books, code, known_at)
    if share_class is not None and share_class not in found:
        raise NotFound(f"no class {quoted(share_class)} in the book of {code}; classes: {', '.join(found) or 'none'}")
    chosen = [each for each in found.values() if share_class in (None, each.share_class)]
    if not chosen:
        click.echo("no shares; the book holds no class yet")
        return
    first = since or min(each.levels[0].on for each in chosen)
    last = until or max(options.today(), *(each.levels[-1].on for each in chosen))
    if last < first:
        raise click.UsageError(f"expected days in order, got {output.day(first)} to {output.day(last)}")
    if svg is not None:
        from cli.drawn import drawing

        output.give(drawing(code, chosen, first, last).encode(), svg, "chart")
        return
    click.echo(f"{output.day(first)} to {output.day(last)}")
    click.echo("\n".join(_lines(chosen, first, last)))


_SHOWN: Mapping[str, str] = {"issued excl. treasury": "issued_excluding_treasury", "treasury": "treasury"}


def _lines(chosen: Sequence[Series], first: date, last: date) -> Iterator[str]:
    """A line of blocks for the issued shares of each class, and one for its treasury shares where it had any."""
    drawn = [(each, name) for each in chosen for name in _SHOWN if name != "treasury" or _had(each, first, last)]
    heads = [f"{each.share_class} {name}" for each, name in drawn]
    ends = [_ends([getattr(level.balance, _SHOWN[name]) for level in each.between(first, last)]) for each, name in drawn]
    wide, far = max(map(len, heads)), max(map(len, ends))
    room = max(min(shutil.get_terminal_size().columns, WIDEST) - wide - far - 4, 10)
    for (each, name), head, end in zip(drawn, heads, ends, strict=True):
        numbers = blocks.sampled(each, first, last, room, attrgetter(_SHOWN[name]))
        yield f"{head:<{wide}}  {blocks.line(numbers)}  {end:>{far}}"


def _had(each: Series, first: date, last: date) -> bool:
    return any(level.balance.treasury for level in each.between(first, last))


def _ends(numbers: Sequence[int]) -> str:
    if not numbers:
        return "not known"
    low, high = min(numbers), max(numbers)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
