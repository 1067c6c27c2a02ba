"""`captable demo`: a store with the worked issuer, recorded through the ordinary use case."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date
from importlib import resources
from typing import Any, cast

import attrs
import click

from application.record import record
from cli import options, output
from cli.recording import acknowledged
from cli.wiring import DEMO_STORE, STORE, is_new, opened
from domain.capital.entries import Draft
from domain.errors import BadInput
from domain.events import BalanceBroughtForward
from infrastructure.readers.records import read_records
from infrastructure.store_url import shown

HISTORY = "sensetime.yaml"


@click.command()
@click.option(
    "--store", envvar="CAPTABLE_STORE", default=DEMO_STORE, show_default=True, metavar="PATH", help="Where to create it."
)
@click.pass_context
def demo(ctx: click.Context, store: str) -> None:
    """Make a store with a real issuer's share capital: SenseTime Group Inc. (00020), listing to December 2024.

    \b
    Example:
      captable demo
    """
    if not is_new(store):
        raise BadInput([f"{shown(store)} exists; move it away, or name another with --store"])
    history = (resources.files("infrastructure.worked_issuer") / HISTORY).read_bytes()
    batch = read_records(HISTORY, history, recorded_by="captable demo")
    with opened(store, create=True, writable=True) as books:
        recorded = acknowledged(record(books, "00020", filings_recorded_from(options.today(), batch.drafts)))
    head = f"Head {recorded.head.number} · {output.short(recorded.head.hash)}"
    output.say(f"{len(recorded.entries)} entries recorded in {shown(store)}. {head}\n")
    from cli.commands.balances import balances

    ctx.invoke(balances, as_of=recorded.entries[-1].event.effective_on, store=store)
    given = "" if store == STORE else f" --store {shlex.quote(shown(store))}"
    output.say(
        "\nTry next:\n"
        f'  captable balances --as-of "23 June 2023"{given}\n'
        f"  captable return next-day --on 2024-12-17 --submitted-on 2024-12-18{given}\n"
        f"  captable return monthly --month 2024-12 --submitted-on 2025-01-06 --format pdf -o monthly.pdf{given}\n"
        f"  captable return next-day --on 2022-12-30 --submitted-on 2022-12-30 --explain{given}\n"
        f"  captable history{given}"
    )


def filings_recorded_from(day: date, history: Sequence[Draft]) -> list[Draft]:
    """A history of which only some filings are public, for a book that records them from a day."""
    openings = {each: cast("Any", each.event) for each in history if isinstance(each.event, BalanceBroughtForward)}
    stated = {each: attrs.evolve(event, filings_recorded_from=day) for each, event in openings.items()}
    return [attrs.evolve(each, event=stated.get(each, each.event)) for each in history]
