"""`captable mcp`: tools for programs that use the Model Context Protocol, over standard input and output."""

from __future__ import annotations

import importlib.util
import logging

import click

from cli import options
from cli.session import clock_in_use
from cli.wiring import reads_from, trading_days
from infrastructure.opening import open_database


@click.command()
@options.calendar
@options.store
def mcp(calendar: str | None, store: str | None) -> None:
    """Answer programs over the Model Context Protocol: tools that read the books and propose facts, and never record any.

    The program starts this command and speaks to it over standard input and output. A proposal is a dry run, with the
    balances before and after, findings and deadlines. Needs the extra "mcp".

    \b
    Example:
      captable mcp --store captable-demo.db
    """
    if importlib.util.find_spec("mcp") is None:
        raise click.UsageError("this needs mcp: pip install 'captable[mcp]'")
    # Imported here: help must not load a server.
    from cli.mcp.server import serve
    from cli.web.desk import Desk
    from cli.web.shelf import Shelf

    # Its log of what fails is for its developers; what a tool cannot answer is said in its answer.
    logging.getLogger("mcp").setLevel(logging.CRITICAL)
    clock = clock_in_use()
    shelf = Shelf(open_database(reads_from(store), create=False, writable=False), clock)
    try:
        serve(Desk(shelf, clock, trading_days(calendar)))
    finally:
        shelf.close()
