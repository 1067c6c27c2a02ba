"""`captable serve`: the page and the API of a store, for a browser and for programs."""

from __future__ import annotations

import importlib.util

import click

from cli import options, output, wiring
from cli.wiring import reads_from, trading_days
from infrastructure.opening import open_database

HOST, PORT = "127.0.0.1", 8020
NEEDED = ("starlette", "uvicorn")


@click.command()
@click.option("--host", default=HOST, show_default=True, help="The address to listen on; this machine only by default.")
@click.option("--port", type=click.IntRange(0, 65_535), default=PORT, show_default=True, help="The port; 0 takes a free one.")
@options.calendar
@options.store
def serve(host: str, port: int, calendar: str | None, store: str | None) -> None:
    """Show the books of a store in a browser: balances over time, mandates, deadlines, findings, entries, returns.

    Nothing is fetched from elsewhere and nothing can be changed. Ctrl-C ends it. Needs the extra "web".

    \b
    Examples:
      captable serve
      captable serve --store captable-demo.db --port 8080
    """
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise click.UsageError(f"this needs {' and '.join(missing)}: pip install 'captable[web]'")
    # Imported here: help must not load a server.
    from cli.web.app import application
    from cli.web.desk import Desk
    from cli.web.server import run
    from cli.web.shelf import Shelf

    place = reads_from(store)
    shelf = Shelf(open_database(place, create=False, writable=False), wiring.clock)
    try:
        run(
            application(Desk(shelf, wiring.clock, trading_days(calendar))), host, port, lambda url: output.say(_begun(url, place))
        )
    finally:
        shelf.close()


def _begun(url: str, place: str) -> str:
    return f"captable shows {place} at {url}   (Ctrl-C ends it)"
