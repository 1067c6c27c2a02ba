"""How errors end a command: the exit code and the sentence of each, without importing what raises them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

DONE, FINDINGS, BAD_INPUT, REFUSED, DAMAGED, INTERRUPTED = "done", "findings", "bad input", "refused", "damaged", "interrupted"
EXIT_CODES: dict[str, int] = {DONE: 0, FINDINGS: 1, BAD_INPUT: 2, REFUSED: 3, DAMAGED: 4, INTERRUPTED: 130}

MEANINGS: dict[str, str] = {
    DONE: "done; or there was nothing to do, because it is recorded already",
    FINDINGS: "done, and there are findings",
    BAD_INPUT: "bad input or usage: a message names file, line and field; nothing was recorded",
    REFUSED: "refused: the book would become impossible, or somebody else wrote to it; nothing was recorded",
    DAMAGED: "the store is damaged: what it holds is not what was written",
    INTERRUPTED: "interrupted; the store is whole",
}


class BadInput(Exception):
    """What was written cannot be read; a line for every problem. Nothing was recorded."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


class NotRecorded(Exception):
    """The book cannot hold what was written; a line for every problem. `code` is the exit code's word."""

    def __init__(self, lines: Sequence[str], code: str = REFUSED) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)
        self.code = code


# By name, so that telling of an error does not import the module that raises it.
_CODES: dict[str, str] = {
    "BadInput": BAD_INPUT,
    "Unreadable": BAD_INPUT,
    "NotFound": BAD_INPUT,
    "BadQuery": BAD_INPUT,
    "NotPrepared": BAD_INPUT,
    "NotFiled": BAD_INPUT,
    "NoForm": BAD_INPUT,
    "StoreUnusable": BAD_INPUT,
    "NoStore": BAD_INPUT,
    "NoBook": BAD_INPUT,
    "NotThatRun": BAD_INPUT,
    "WorkerDied": BAD_INPUT,
    "NoCluster": BAD_INPUT,
    "BadReceipt": BAD_INPUT,
    "Conflict": REFUSED,
    "StoreDamaged": DAMAGED,
}


BEGINNINGS: dict[str, str] = {
    "captable demo": "a real issuer's book, to look at",
    "captable record issuer-registered -h": "a book of your own, fact by fact",
    "captable record --file FILE": "a book of your own from a file (captable help files)",
}
"""The ways to begin."""

_OWN = tuple(BEGINNINGS)[1:]
# Which of them are open where an error ends a command.
_WAYS_ON: dict[str, Sequence[str]] = {"NoStore": tuple(BEGINNINGS), "NoBook": _OWN}


def exit_code_of(error: Exception) -> int:
    """The exit code that an error ends a command with; an error nobody foresaw counts as bad input."""
    if isinstance(error, NotRecorded):
        return EXIT_CODES[error.code]
    if isinstance(error, click.ClickException):
        return error.exit_code
    return EXIT_CODES[_CODES.get(type(error).__name__, BAD_INPUT)]


def told(error: Exception) -> list[str]:
    """The lines that tell of an error."""
    if isinstance(error, BadInput | NotRecorded):
        return [*error.lines, "nothing was recorded"]
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return [f"captable: {error.format_message()}", *_example(error), f"Try {error.ctx.command_path} -h for help."]
    if isinstance(error, click.ClickException):
        return [f"captable: {error.format_message()}"]
    if isinstance(error, OSError) and error.filename:
        return [f"captable: {error.filename}: {error.strerror}"]
    if type(error).__name__ in _CODES:
        return [f"captable: {error}", *_ways_on(type(error).__name__)]
    return [f"captable: unexpected {type(error).__name__}: {error}", "Set CAPTABLE_DEBUG=1 to see where; please report it."]


_COMMAND = re.compile(r"^ *(captable (?:[^\n]*\\\n)*[^\n]*?)(?:  .*)?$", re.MULTILINE)


def _example(error: click.UsageError) -> list[str]:
    """Where something was left out, the first example of the command's help that has it."""
    if not isinstance(error, click.MissingParameter) or error.param is None or error.ctx is None:
        return []
    options = set(error.param.opts) if isinstance(error.param, click.Option) else set()
    examples = [found.replace("\\\n", " ").split() for found in _COMMAND.findall(error.ctx.command.help or "")]
    fitting = [" ".join(words) for words in examples if not options or options & set(words)]
    return [f"For example: {example}" for example in fitting[:1]]


def _ways_on(error: str) -> list[str]:
    ways = _WAYS_ON.get(error, ())
    return ["To begin:", *(f"  {way:<38}{BEGINNINGS[way]}" for way in ways)] if ways else []
