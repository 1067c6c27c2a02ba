"""How errors end a command: the exit code and the sentence of each."""

from __future__ import annotations

import re

import click

from domain.errors import BadInput, Damaged, Failure, MayBeRecorded, NoBook, NoStore, Refused

DONE, FINDINGS, NOT_KNOWN, INTERRUPTED = 0, 1, 6, 130
BAD_INPUT, REFUSED, DAMAGED, UNCERTAIN = BadInput.exit_code, Refused.exit_code, Damaged.exit_code, MayBeRecorded.exit_code

MEANINGS: dict[int, str] = {
    DONE: "done, or already recorded",
    FINDINGS: "done, and there are findings",
    BAD_INPUT: "bad input or usage: a message names file, line and field; nothing was recorded",
    REFUSED: "refused: the facts contradict the book, or another user wrote to it; nothing was recorded",
    DAMAGED: "the store is damaged: its contents are not what was written",
    UNCERTAIN: "the connection was lost during a commit: it may have been recorded; run the same command again",
    NOT_KNOWN: "`can`: no check failed, but some could not be made for lack of information",
    INTERRUPTED: "interrupted; the store is intact",
}
"""What each exit code of a command means."""

BEGINNINGS: dict[str, str] = {
    "captable demo": "a real issuer's book, to look at",
    "captable new": "a book of your own: it asks for what it needs",
    "captable start FILE": "a book of your own from the last Monthly Return",
    "captable record issuer-registered -h": "a book of your own, fact by fact",
    "captable record --file FILE": "a book of your own from a file (captable help files)",
}
"""The ways to begin."""


def worded(error: click.UsageError) -> str:
    """A usage error in a sentence; for an unknown option, with the closest one."""
    if not isinstance(error, click.NoSuchOption) or error.ctx is None:
        return error.format_message()
    from difflib import get_close_matches

    parameters = error.ctx.command.get_params(error.ctx)
    known = [name for each in parameters for name in (*each.opts, *each.secondary_opts) if name.startswith("--")]
    said = error.option_name
    longer = [name for name in known if name.startswith(f"{said}-")]
    near = [name for name in (*longer, *get_close_matches(said, known, n=1, cutoff=0.75)) if name != "--help"]
    formats = next(
        (each.type.choices for each in parameters if "--format" in each.opts and isinstance(each.type, click.Choice)), ()
    )
    if said.removeprefix("--") in formats:
        near = [f"--format {said.removeprefix('--')}"]
    return f"there is no option {said}." + (f" Did you mean {near[0]}?" if near else "")


def exit_code_of(error: BaseException) -> int:
    """The exit code that an error ends a command with; an error nobody foresaw counts as bad input."""
    return error.exit_code if isinstance(error, Failure | click.ClickException) else BadInput.exit_code


def explained(error: BaseException) -> list[str]:
    """The lines that report an error. What cannot be printed is written as its code."""
    return [_printable(line) for line in _lines(error)]


def _printable(line: str) -> str:
    """A line without control characters and marks that reorder text: a message repeats words as they were written."""
    from unicodedata import category

    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return "".join(repr(each)[1:-1] if category(each) in hidden and each not in "\n\t" else each for each in line)


def _lines(error: BaseException) -> list[str]:
    if isinstance(error, Failure):
        return [*error.lines, "nothing was recorded"] if error.lines else [f"captable: {error}", *_ways_on(error)]
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return [
            f"captable: {_without_urls(worded(error))}",
            *_example(error),
            f"Try {error.ctx.command_path} -h for help.",
        ]
    if isinstance(error, click.ClickException):
        return [f"captable: {_without_urls(error.format_message())}"]
    if isinstance(error, OSError) and error.strerror:
        named = f"{_without_urls(str(error.filename))}: " if error.filename else ""
        return [f"captable: {named}{error.strerror}"]
    return [f"captable: unexpected {type(error).__name__}: {error}", "Set CAPTABLE_DEBUG=1 to see where; please report it."]


_URL = re.compile(r"(postgres\w*(?:\+\w+)?:/+)[^\n]*", re.IGNORECASE)


def _without_urls(message: str) -> str:
    """A message that repeats words as they were written: a URL in the wrong place may hold a password."""
    return _URL.sub(r"\1…", message)


_COMMAND = re.compile(r"^ *(captable (?:[^\n]*\\\n)*[^\n]*?)(?:  .*)?$", re.MULTILINE)


def _example(error: click.UsageError) -> list[str]:
    """Where something was left out, the first example of the command's help that has it."""
    if not isinstance(error, click.MissingParameter) or error.param is None or error.ctx is None:
        return []
    options = set(error.param.opts) if isinstance(error.param, click.Option) else set()
    examples = [found.replace("\\\n", " ").split() for found in _COMMAND.findall(error.ctx.command.help or "")]
    fitting = [" ".join(words) for words in examples if not options or options & set(words)]
    return [f"For example: {example}" for example in fitting[:1]]


def _ways_on(error: Failure) -> list[str]:
    ways = tuple(BEGINNINGS)[1:] if isinstance(error, NoBook) else tuple(BEGINNINGS) if isinstance(error, NoStore) else ()
    return ["To begin:", *(f"  {way:<38}{BEGINNINGS[way]}" for way in ways)] if ways else []
