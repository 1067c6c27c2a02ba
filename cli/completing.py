"""What a shell completes: commands and options from the help, and codes, numbers and days from the store.

It runs in a process of its own at every press of the key, so it imports little, and prints nothing if anything is wrong. The
options of a command are kept in the user's cache, since a command imports more than there is time for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from click import Option
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    _resolve_context,
    add_completion_class,
)

from cli import event_names

if TYPE_CHECKING:
    from infrastructure.glance import Suggestion

EVENT = "event"
"""The kind of value that is no part of the store: the name of an event type."""

OPTIONS: Mapping[str, str] = {
    "--class": "class",
    "--classes": "class",
    "--from-class": "class",
    "--to-class": "class",
    "--with-class": "class",
    "--scheme": "scheme",
    "--mandate": "mandate",
    "--extended-by": "mandate",
    "--instrument": "instrument",
    "--agreement": "agreement",
    "--issuer": "issuer",
    "--replaces": "entry",
    "--on": "day",
    "--month": "month",
    "--event": EVENT,
}
"""What is typed after an option."""

ARGUMENTS: Mapping[tuple[str, ...], str] = {
    ("record",): EVENT,
    ("show",): "entry",
    ("correct",): "entry",
    ("withdraw",): "entry",
    ("release",): "entry",
    ("filings", "show"): "entry",
    ("filings", "diff"): "entry",
}
"""What is typed right after a command."""


def asked_for(words: Sequence[str]) -> str | None:
    """The kind of value that is typed after some words of a command line; None if the store has nothing to say of it."""
    return OPTIONS.get(words[-1]) if words and words[-1] in OPTIONS else ARGUMENTS.get(tuple(words))


def from_store(kind: str, words: Sequence[str], begun: str) -> list[Suggestion]:
    """The values of a kind in the book that a command line is about. Raises StoreUnusable or StoreDamaged."""
    # Imported here: the name of a command needs no store.
    from infrastructure import glance

    place = _given(words, "--store") or os.environ.get("CAPTABLE_STORE") or "captable.db"
    with glance.glancing(place) as ask:
        issuer = _given(words, "--issuer") or next(iter(glance.issuers(ask)), "")
        return [each for each in glance.SUGGESTIONS[kind](ask, issuer, begun) if each[0].startswith(begun)]


def _given(words: Sequence[str], option: str) -> str | None:
    """The value of an option, written after it or joined to it."""
    for place, word in enumerate(words):
        if word == option and place + 1 < len(words):
            return words[place + 1]
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return None


# --- the options of a command -------------------------------------------------------------------------------------


def kept_at() -> Path:
    """The file in which the options of commands are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "captable" / "options.json"


def program_stamp() -> str:
    """What changes with the program: where it is, and when the last of the modules that make its options was written."""
    here = Path(__file__).parent
    modules = (path for part in (here, here / "commands", here.parent / "domain" / "events") for path in part.glob("*.py"))
    return f"{here} {max(path.stat().st_mtime_ns for path in modules)}"


def kept() -> dict[str, list[tuple[list[str], str, bool]]]:
    """The options of each command asked before: their names, what they mean, and whether one is given several times."""
    try:
        made_by, options = json.loads(kept_at().read_bytes())
    except (OSError, ValueError):
        return {}
    return options if made_by == program_stamp() else {}


def keep(options: Mapping[str, list[tuple[list[str], str, bool]]]) -> None:
    """Keep options for the next press of the key, whole or not at all."""
    path = kept_at()
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(f".{os.getpid()}")
    written.write_text(json.dumps([program_stamp(), options]))
    written.replace(path)


class Completing(ShellComplete):
    """Completion that asks the store where the command line calls for something that is in it."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """What may be typed next; nothing if the store or the line cannot be read."""
        kind = asked_for(args)
        try:
            if incomplete.startswith("-") and kind in (None, EVENT):
                return self._options(args, incomplete)
            if kind is None:
                return super().get_completions(args, incomplete)
            if kind == EVENT:
                return [CompletionItem(name, help=said) for name, said in event_names.written() if name.startswith(incomplete)]
            return [CompletionItem(value, help=meaning) for value, meaning in from_store(kind, args, incomplete)]
        except Exception:
            # A message would be printed into the line that somebody is typing.
            return []

    def _options(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """The options of the command, without those given already."""
        command, known = " ".join(takewhile(lambda word: not word.startswith("-"), args)), kept()
        if command not in known:
            ctx = _resolve_context(self.cli, self.ctx_args, self.prog_name, list(args))
            if ctx.command_path != f"{self.prog_name} {command}":
                return super().get_completions(args, incomplete)
            options = [each for each in ctx.command.get_params(ctx) if isinstance(each, Option) and not each.hidden]
            known[command] = [([*each.opts, *each.secondary_opts], each.help or "", each.multiple) for each in options]
            with suppress(OSError):
                keep(known)
        given = {word.partition("=")[0] for word in args}
        left = (each for each in known[command] if each[2] or given.isdisjoint(each[0]))
        return [CompletionItem(name, help=said) for names, said, _ in left for name in names if name.startswith(incomplete)]


class Bash(Completing, BashComplete):
    """For bash 4.4 and later."""


class Zsh(Completing, ZshComplete):
    """For zsh."""


class Fish(Completing, FishComplete):
    """For fish."""


SHELLS: Mapping[str, type[ShellComplete]] = {each.name: each for each in (Bash, Zsh, Fish)}
"""The shells by their names."""

for _shell in SHELLS.values():
    add_completion_class(_shell)
