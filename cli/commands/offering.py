"""`captable offering`: the arithmetic of a global offering. It reads no book and writes none."""

from __future__ import annotations

import click

from cli.commands.application_amounts import check, table
from cli.commands.tranches import reallocate, structure


@click.group(invoke_without_command=True)
@click.pass_context
def offering(ctx: click.Context) -> None:
    """The arithmetic of a global offering: amounts payable, tranches, clawback, the facts it records. Not legal advice.

    \b
    Examples:
      captable offering table --price "HKD 3.99" --on 2021-12-20 --maximum 75,000,000
      captable offering check announcement.txt --price "HKD 3.99" --on 2021-12-20
      captable offering reallocate --shares 1,500,000,000 --public 150,000,000 --on 2021-12-20 --multiple 5.18
      captable offering structure --shares 1,500,000,000 --public 150,000,000 --on 2021-12-20 --over-allotment 225,000,000
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for command in (table, check, reallocate, structure):
    offering.add_command(command)
