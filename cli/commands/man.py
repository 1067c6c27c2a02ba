"""`captable man`: the help as man pages."""

from __future__ import annotations

from pathlib import Path

import click

from cli import output


@click.command()
@click.argument("folder", type=click.Path(file_okay=False))
def man(folder: str) -> None:
    """Write the help as man pages to a folder, which is made if it is not there: one page for each command and event.

    \b
    Example:
      captable man ~/.local/share/man/man1     then: man captable-balances
    """
    # Imported here: every command's help is made, and so loaded.
    from cli.man_pages import pages
    from infrastructure.whole_file import make_folder, put

    make_folder(Path(folder))
    written = 0
    for name, text in pages():
        put(Path(folder) / name, text.encode())
        written += 1
    output.say(f"{written} man pages written to {folder}")
