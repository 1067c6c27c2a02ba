"""`captable completion`: what lets a shell complete commands, options and what the store holds."""

from __future__ import annotations

import click

from cli.completing import SHELLS
from cli.main import COMPLETING, cli


@click.command()
@click.argument("shell", type=click.Choice(list(SHELLS)))
def completion(shell: str) -> None:
    """Print what lets a shell complete commands, events, options, and from the store: codes, entry numbers, filing days.

    Install it with one line, then open a new shell. The options of a command are kept in ~/.cache/captable after the first
    time.

    \b
    Examples:
      captable completion bash > ~/.local/share/bash-completion/completions/captable
      captable completion zsh > "${fpath[1]}/_captable"
      captable completion fish > ~/.config/fish/completions/captable.fish
    """
    click.echo(SHELLS[shell](cli, {}, "captable", COMPLETING).source())
