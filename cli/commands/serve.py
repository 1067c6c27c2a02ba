"""`captable serve`: the page and the API of a store, for a browser and for programs."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable

import click

from cli import options, output
from cli.session import clock_in_use
from cli.wiring import location, reads_from, trading_days, user
from domain.law.business_days import Calendar
from infrastructure.database import Database
from infrastructure.opening import open_database

HOST, PORT = "127.0.0.1", 8020
PATIENCE = 1
"""Seconds for which the end waits for what is being computed."""
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104
NEEDED = ("starlette", "uvicorn")


@click.command()
@click.option("--host", default=HOST, show_default=True, help="The address to listen on; the default is this machine only.")
@click.option("--port", type=click.IntRange(0, 65_535), default=PORT, show_default=True, help="The port; 0 takes a free one.")
@click.option("--host-name", "names", multiple=True, metavar="NAME", help="Host name that clients use.")
@click.option("--allow-write", is_flag=True, help="Let the API record facts.")
@options.calendar
@options.store
def serve(host: str, port: int, names: tuple[str, ...], allow_write: bool, calendar: str | None, store: str | None) -> None:
    """Show the books of a store in a browser: balances over time, mandates, deadlines, findings, entries, returns.

    Nothing is fetched from elsewhere, and nothing can be changed unless it is allowed. Ctrl-C ends it. On another
    address or under another name than this machine's own, everybody needs a token (captable admin token). Needs the extra "web".

    \b
    Examples:
      captable serve
      captable serve --store captable-demo.db --port 8080
      captable serve --host 192.0.2.10 --host-name captable.example.com
    """
    if missing():
        raise click.UsageError(f"this needs {' and '.join(missing())}: pip install 'captable[web]'")
    # Through a proxy everybody comes from this machine: then the names that they ask for say that they are others.
    if host in ANYWHERE and not names:
        raise click.UsageError(
            f"--host {host} accepts connections on every address: add --host-name for each name that clients use"
        )
    place = location(store, create=False) if allow_write else reads_from(store)
    database, days = open_database(place, create=False, writable=allow_write), trading_days(calendar)
    _run(database, days, host, port, frozenset(names), allow_write, lambda url: output.say(_begun(url, place, allow_write)))


def missing() -> list[str]:
    """What the pages need and is not installed."""
    return [name for name in NEEDED if importlib.util.find_spec(name) is None]


def _run(
    database: Database,
    days: Calendar,
    host: str,
    port: int,
    names: frozenset[str],
    allow_write: bool,
    began: Callable[[str], None],
) -> None:
    """Serve until interrupted; meanwhile compute what is asked for first."""
    # Imported here: help must not load a server.
    from cli.web.app import LOCAL, application
    from cli.web.desk import Desk
    from cli.web.guards import Policy
    from cli.web.holders import READ, WRITE, Holder
    from cli.web.server import run
    from cli.web.shelf import Shelf

    clock = clock_in_use()
    shelf, local = Shelf(database, clock), host.lower() in LOCAL and not names
    policy = Policy(
        hosts=frozenset({*(name.lower() for name in names), host.lower(), *(LOCAL if local else ())}),
        writable=allow_write,
        local=Holder(user(), None, WRITE if allow_write else READ),
        holders=None if local else shelf.holder,
    )
    desk, stop = Desk(shelf, clock, days), threading.Event()
    warming = threading.Thread(target=desk.warm, args=(stop.is_set,), daemon=True)

    def listening(url: str) -> None:
        warming.start()
        began(url)

    try:
        run(application(desk, policy), host, port, listening)
    finally:
        stop.set()
        if warming.is_alive():
            warming.join(PATIENCE)
        shelf.close()


def _begun(url: str, place: str, allow_write: bool) -> str:
    return f"captable shows {place} at {url}{', and records there' if allow_write else ''}   (Ctrl-C stops it)"
