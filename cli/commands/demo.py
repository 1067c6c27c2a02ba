"""`captable demo`: a store with the worked issuer, recorded through the ordinary use case."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import click

from application.record import record
from cli import options, output
from cli.errors import BadInput
from cli.wiring import DEMO_STORE, opened
from infrastructure.readers.records import read_records

HISTORY = "sensetime.yaml"


@click.command()
@click.option("--store", envvar="CAPTABLE_STORE", default=DEMO_STORE, show_default=True, metavar="PATH", help="Where to make it.")
@click.pass_context
def demo(ctx: click.Context, store: str) -> None:
    """Make a store with a real issuer's share capital: SenseTime Group Inc. (00020), listing to December 2024."""
    if Path(store).exists():
        raise BadInput([f"{store} is there already; remove it, or name another with --store"])
    history = (resources.files("infrastructure.worked_issuer") / HISTORY).read_bytes()
    batch = read_records(HISTORY, history, recorded_by="captable demo")
    with opened(store, create=True, writable=True) as books:
        recorded = record(books, "00020", batch.drafts)
    output.say(f"{len(recorded.entries)} entries recorded in {store}. Head {recorded.head.number} · {output.short(recorded.head.hash)}\n")
    from cli.commands.balances import balances

    ctx.invoke(balances, as_of=recorded.entries[-1].event.effective_on, known_at=None, share_class=None, as_json=False, issuer=None, store=store)
    given = "" if store == "captable.db" else f" --store {store}"
    output.say(
        "\nTry next:\n"
        f'  captable balances --as-of "23 June 2023"{given}\n'
        f"  captable return next-day --on 2024-12-17 --submitted-on 2024-12-18{given}\n"
        f"  captable return monthly --month 2024-12 --submitted-on 2025-01-06 --format pdf -o monthly.pdf{given}\n"
        f"  captable return next-day --on 2022-12-30 --submitted-on 2022-12-30 --explain{given}\n"
        f"  captable history{given}"
    )
