"""How errors end a command: the exit code and the sentence of each, without importing what raises them."""

from __future__ import annotations

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
    "NotThatRun": BAD_INPUT,
    "WorkerDied": BAD_INPUT,
    "BadReceipt": BAD_INPUT,
    "Conflict": REFUSED,
    "StoreDamaged": DAMAGED,
}


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
        return [f"captable: {error.format_message()}", f"Try {error.ctx.command_path} -h for help."]
    if isinstance(error, click.ClickException):
        return [f"captable: {error.format_message()}"]
    if isinstance(error, OSError) and error.filename:
        return [f"captable: {error.filename}: {error.strerror}"]
    if type(error).__name__ in _CODES:
        return [f"captable: {error}"]
    return [f"captable: unexpected {type(error).__name__}: {error}", "Set CAPTABLE_DEBUG=1 to see where; please report it."]
