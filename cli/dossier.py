"""The pages of a store as a folder of files, made whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import click

from application.ask import which_issuer
from cli import options, output, wiring
from cli.commands.serve import missing
from cli.session import clock_in_use
from domain.errors import BadInput
from infrastructure.opening import open_database
from infrastructure.whole_file import check_folder


def export_site(folder: Path, as_of: date | None, known_at: datetime | None, calendar: str | None, at: options.BookAt) -> None:
    """Write the pages of a store, or of one book, from a viewpoint. Raises BadInput if the folder cannot take them."""
    if missing():
        raise click.UsageError(f"this needs {' and '.join(missing())}: pip install 'captable[web]'")
    # Imported here: help must not load a server.
    from cli.web.asked import Asked
    from cli.web.desk import Desk
    from cli.web.shelf import Shelf
    from cli.web.site import written

    check_folder(folder)
    if folder.exists() and any(folder.iterdir()):
        raise BadInput(f"{folder} is not empty; name a new folder")
    clock = clock_in_use()
    shelf = Shelf(open_database(wiring.reads_from(at.store), create=False, writable=False), clock)
    try:
        only = None if at.issuer is None else frozenset([which_issuer(shelf, at.issuer)])
        desk = Desk(shelf, clock, wiring.trading_days(calendar), only)
        number = _whole(folder, lambda place: written(desk, Asked(as_of=as_of or options.today(), known_at=known_at), place))
    finally:
        shelf.close()
    output.say(f"{number:,} files written to {folder}; open {folder / 'index.html'}")


def _whole(folder: Path, write: Callable[[Path], int]) -> int:
    """What `write` puts into a folder, which appears once all of it is there. Raises BadInput if it cannot be made."""
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.absolute().parent, prefix=".captable-") as beside:
            number = write(Path(beside) / "site")
            if folder.exists():
                folder.rmdir()
            shutil.move(Path(beside) / "site", folder)
    except OSError as error:
        raise BadInput(f"{folder} cannot be written: {error.strerror or error}") from error
    return number
