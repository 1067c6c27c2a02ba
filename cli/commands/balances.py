"""`captable balances`: the share capital at close of a day, as known at a moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import attrs
import click

from application import ask
from cli import options, output
from cli.answers import Answer, answering, instant
from cli.entries import wait_for_release
from cli.layout import TextTable
from cli.wiring import book
from domain.capital.accounts import ClassBalance
from domain.capital.entries import Entry, Viewpoint
from domain.capital.opening import not_known
from domain.capital.securities import ShareClass
from domain.errors import NotFound
from infrastructure.readers.values import quoted


@click.command()
@options.as_of
@options.known_at
@options.share_class
@answering()
@options.of_a_book
def balances(as_of: date | None, known_at: datetime | None, share_class: str | None, at: options.BookAt) -> Answer:
    """Authorised, issued and treasury shares of every class at close of a day.

    Nothing is known of a class before the day on which the book brings its balance forward. If that holds for every class,
    the answer is refused as text; in every other format each number is null or blank.

    \b
    Examples:
      captable balances --as-of 2024-12-17
      captable balances --as-of "31 Dec 2022" --known-at 2023-01-03T08:30
    """
    viewpoint = Viewpoint(as_of or options.today(), known_at)
    with book(*at) as (books, code):
        found = ask.balances(books, code, viewpoint)
        left_out = [each for each in books.waiting(code, known_at) if each.event.effective_on <= viewpoint.as_of]
        first = books.numbered(code, [1]) if known_at and not found.position.terms.classes else []
    classes = found.position.terms.classes
    if share_class is not None and share_class not in {*classes, *found.later}:
        there = f"classes: {', '.join(classes) or 'none'}"
        raise NotFound(f"no class {quoted(share_class)} at close of {output.day(viewpoint.as_of)}; {there}")
    rows = [each for each in found.position.balances() if share_class in (None, each.share_class)]
    begins = {each: entry.event.effective_on for each, entry in found.later.items() if share_class in (None, each)}
    plain = _plain(rows, begins)

    def text() -> Iterator[str | TextTable]:
        if found.later and classes.keys() <= found.later.keys():
            raise NotFound(str(not_known(found.later.values(), viewpoint.as_of)))
        yield from _text(viewpoint, rows, classes, begins, first)
        if left_out:
            yield f"{wait_for_release(left_out)} (captable waiting)"

    content = {"issuer": code, "as_of": viewpoint.as_of, "known_at": instant(known_at), "classes": plain}
    if left_out:
        content["waiting"] = [each.number for each in left_out]
    return Answer(content=content, rows=plain, columns=tuple(each.name for each in attrs.fields(ClassBalance)), text=text)


def _plain(rows: list[ClassBalance], begins: Mapping[str, date]) -> list[dict[str, Any]]:
    """The numbers of each class; null with `known_from` where the class is brought forward on a later day."""
    numbers = [name.name for name in attrs.fields(ClassBalance) if name.name != "share_class"]
    known = [attrs.asdict(row) for row in rows if row.share_class not in begins]
    return [*known, *({"share_class": each, **dict.fromkeys(numbers), "known_from": on} for each, on in begins.items())]


def _text(
    viewpoint: Viewpoint,
    rows: list[ClassBalance],
    classes: Mapping[str, ShareClass],
    begins: Mapping[str, date],
    first: Sequence[Entry],
) -> Iterator[str | TextTable]:
    known = f"as known at {output.moment(viewpoint.known_at)}" if viewpoint.known_at else "as known now"
    title = f"At close of {output.day(viewpoint.as_of)}, {known}"
    if not rows:
        yield f"{title}: no shares; {_nothing_yet(viewpoint, first)}"
        return
    yield title
    heads = ["class", "", "", "authorised", "issued excl. treasury", "treasury", "total issued"]
    pending = any(row.pending_cancellation for row in rows)
    heads += ["of which pending cancellation"] if pending else []
    yield TextTable(heads, [_row(row, classes[row.share_class], begins, pending=pending) for row in rows])
    for code, on in begins.items():
        yield f"Class {code} is not known before {output.day(on)}, when its balance was brought forward"


def _nothing_yet(viewpoint: Viewpoint, first: Sequence[Entry]) -> str:
    """Why there is no class: nothing was recorded by the moment asked about, or no class has been."""
    if viewpoint.known_at and first and first[0].recorded_at > viewpoint.known_at:
        return f"nothing was recorded by then. The first entry was recorded on {output.moment(first[0].recorded_at)}"
    return "the book holds no class yet"


def _row(row: ClassBalance, share: ShareClass, begins: Mapping[str, date], *, pending: bool) -> list[object]:
    columns = ["authorised", "issued_excluding_treasury", "treasury", "total_issued"]
    columns += ["pending_cancellation"] if pending else []
    known = row.share_class not in begins
    numbers = (output.number(getattr(row, column)) if known else output.PrintedNumber("not known") for column in columns)
    return [share.code, share.label, share.listing, *numbers]
