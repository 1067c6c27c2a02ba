"""`captable balances`: the share capital at close of a day, as known at a moment."""

from __future__ import annotations

from datetime import date, datetime

import attrs
import click

from application import ask
from cli import options, output
from cli.wiring import book
from domain.history import Viewpoint
from domain.securities import ShareClass
from infrastructure.readers.values import quoted


@click.command()
@options.as_of
@options.known_at
@click.option("--class", "share_class", metavar="CODE", help="Only this class.")
@options.as_json
@options.issuer
@options.store
def balances(
    as_of: date | None, known_at: datetime | None, share_class: str | None, as_json: bool, issuer: str | None, store: str | None
) -> None:
    """Authorised, issued and treasury shares of every class at close of a day.

    \b
    Examples:
      captable balances --as-of 2024-12-17
      captable balances --as-of "31 Dec 2022" --known-at 2023-01-03T08:30
    """
    viewpoint = Viewpoint(as_of or options.today(), known_at)
    with book(store, issuer) as (books, code):
        found = ask.balances(books, code, viewpoint)
    classes = found.facts.classes
    if share_class is not None and share_class not in classes:
        there = f"classes: {', '.join(classes) or 'none'}"
        raise ask.NotFound(f"no class {quoted(share_class)} at close of {output.day(viewpoint.as_of)}; {there}")
    rows = [balance for balance in found.balances() if share_class in (None, balance.share_class)]
    if as_json:
        known = known_at.isoformat() if known_at else None
        found_classes = [attrs.asdict(row) for row in rows]
        output.as_json({"issuer": code, "as_of": viewpoint.as_of, "known_at": known, "classes": found_classes})
        return
    _print(viewpoint, rows, classes)


def _print(viewpoint: Viewpoint, rows: list, classes: dict[str, ShareClass]) -> None:  # type: ignore[type-arg]
    known = f"as known at {output.moment(viewpoint.known_at)}" if viewpoint.known_at else "as known now"
    title = f"At close of {output.day(viewpoint.as_of)}, {known}"
    if not rows:
        click.echo(f"{title}: no shares; the book holds no class yet")
        return
    click.echo(title)
    heads = ["class", "", "", "authorised", "issued excl. treasury", "treasury", "total issued"]
    pending = any(row.pending_cancellation for row in rows)
    heads += ["of which pending cancellation"] if pending else []
    output.table(heads, [_row(row, classes[row.share_class], pending=pending) for row in rows], right=range(3, 8))


def _row(row: object, share: ShareClass, *, pending: bool) -> list[str]:
    codes = [share.stock_code, *(f"{counter.stock_code} {counter.currency}" for counter in share.counters)]
    listing = " / ".join(code for code in codes if code) if share.listed else "unlisted"
    columns = ["authorised", "issued_excluding_treasury", "treasury", "total_issued"]
    columns += ["pending_cancellation"] if pending else []
    label = share.class_label + ("" if share.type_label == "Not applicable" else f" {share.type_label}")
    return [share.code, label, listing, *(output.number(getattr(row, column)) for column in columns)]
