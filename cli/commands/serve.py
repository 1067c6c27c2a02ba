"""`captable serve`: the page and the API of a store, for a browser and for programs."""

from __future__ import annotations

import importlib.util

import click

from cli import options, output, wiring
from cli.wiring import location, reads_from, trading_days, user
from infrastructure.opening import open_database

HOST, PORT = "127.0.0.1", 8020
NEEDED = ("starlette", "uvicorn")


@click.command()
@click.option("--host", default=HOST, show_default=True, help="The address to listen on; this machine only by default.")
@click.option("--port", type=click.IntRange(0, 65_535), default=PORT, show_default=True, help="The port; 0 takes a free one.")
@click.option("--host-name", "names", multiple=True, metavar="NAME", help="A name under which others may ask for the server.")
@click.option("--allow-write", is_flag=True, help="Let the API record facts.")
@options.calendar
@options.store
def serve(host: str, port: int, names: tuple[str, ...], allow_write: bool, calendar: str | None, store: str | None) -> None:
    """Show the books of a store in a browser: balances over time, mandates, deadlines, findings, entries, returns.

    Nothing is fetched from elsewhere, and nothing can be changed unless it is allowed. Ctrl-C ends it. Needs
    the extra "web".

    \b
    Examples:
      captable serve
      captable serve --store captable-demo.db --port 8080
    """
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise click.UsageError(f"this needs {' and '.join(missing)}: pip install 'captable[web]'")
    # Imported here: help must not load a server.
    from cli.web.app import LOCAL, application
    from cli.web.desk import Desk
    from cli.web.guards import Policy
    from cli.web.holders import READ, WRITE, Holder
    from cli.web.server import run
    from cli.web.shelf import Shelf

    local = host.lower() in LOCAL
    if not local:
        raise click.UsageError("--host: only this machine's own address for now: 127.0.0.1, ::1 or localhost")
    place = location(store, create=False) if allow_write else reads_from(store)
    shelf = Shelf(open_database(place, create=False, writable=allow_write), wiring.clock)
    policy = Policy(
        hosts=frozenset({*(name.lower() for name in names), host.lower(), *(LOCAL if local else ())}),
        writable=allow_write,
        local=Holder(user(), None, WRITE if allow_write else READ),
    )
    try:
        desk = Desk(shelf, wiring.clock, trading_days(calendar))
        run(application(desk, policy), host, port, lambda url: output.say(_begun(url, place, allow_write)))
    finally:
        shelf.close()


def _begun(url: str, place: str, allow_write: bool) -> str:
    return f"captable shows {place} at {url}{', and records there' if allow_write else ''}   (Ctrl-C ends it)"
