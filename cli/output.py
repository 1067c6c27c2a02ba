"""How a result reaches its reader: numbers and days as the forms print them, files written whole, talk on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from cli.colours import coloured, shows_colours
from cli.options import OVERWRITE
from cli.session import reader_left
from domain.errors import BadInput
from domain.law.business_days import HONG_KONG
from infrastructure.whole_file import kept_from, put


class PrintedNumber(str):
    """A number as it is printed, or the words in its place: set to the right in a table, and never folded."""

    __slots__ = ()


def number(value: int | None, blank: str = "not applicable") -> PrintedNumber:
    """A number of shares with its thousands set apart."""
    return PrintedNumber(blank if value is None else f"{value:,}")


def day(value: date) -> str:
    """A day as the forms print it, without the leading zero: 6 January 2025."""
    return f"{value:%-d %B %Y}"


def moment(value: datetime) -> str:
    """An instant in Hong Kong, to the second."""
    return f"{value.astimezone(HONG_KONG):%Y-%m-%d %H:%M:%S} HKT"


def give(content: bytes | Iterable[bytes], path: str | None, said: str) -> None:
    """Write a result to a file, whole or not at all, and say so; to standard output where none is named.

    Raises BadInput if a file of other content would be replaced and `--overwrite` was not given, and NotWritten if the
    file is a store or cannot be written.
    """
    if path in (None, "-"):
        sys.stdout.flush()
        for part in (content,) if isinstance(content, bytes) else content:
            sys.stdout.buffer.write(part)
            if reader_left():
                return
        return
    keep_others({Path(str(path)): content}, "file")
    put(Path(str(path)), content)
    say(f"{said} written to {path}")


def keep_others(files: Mapping[Path, bytes | Iterable[bytes]], place: str) -> None:
    """Raises BadInput naming each file that is there with other content, unless the command was given `--overwrite`.

    An empty file is nobody's; what is written part by part is taken for other content. A store is refused by `put`.
    """
    context = click.get_current_context(silent=True)
    if context is None or context.meta.get(OVERWRITE):
        return
    there = [file for file, content in files.items() if _has_other_content(file, content)]
    if there:
        lines = [f"{file} exists with other content; add --overwrite, or give another {place}" for file in there]
        raise BadInput(lines if len(lines) > 1 else lines[0])


def _has_other_content(file: Path, content: bytes | Iterable[bytes]) -> bool:
    try:
        return file.is_file() and not kept_from(file) and file.read_bytes() not in (b"", content)
    except OSError:
        return True


BINARY = ("pdf", "xlsx")
"""What a terminal cannot show; text and the like may go to it."""


def check_place(fmt: str, path: str | None) -> None:
    """Raises UsageError for a document or a workbook that would be written on a terminal."""
    if fmt in BINARY and path in (None, "-") and sys.stdout.isatty():
        raise click.UsageError(f"a terminal cannot show {fmt.upper()}: add -o FILE.{fmt}")


SUFFIXES = {".txt": "text", ".text": "text", ".htm": "html"}
"""The suffixes of files that are not the name of their format."""

_OF_OTHERS = {"doc", "docx", "jsonl", "ods", "odt", "rtf", "sqlite", "tsv", "xls", "xlsb", "xlsm", "xml", "yaml", "yml", "zip"}
"""Suffixes that name a format: under one of them a file in another format does not open."""


def _written() -> set[str]:
    """The formats in which this program writes files."""
    from cli.answers import FORMATS as ANSWERS
    from infrastructure.renderers import FORMATS as DOCUMENTS

    return {*ANSWERS, *DOCUMENTS, "svg"}


def format_of(given: str | None, path: str | None, known: Collection[str], otherwise: str) -> str:
    """The format of a result: the one given, else that of the file's suffix, else `otherwise`.

    Raises a usage error if the suffix names a format that the result does not come in.
    """
    suffix = Path(path or "").suffix.lower()
    named = SUFFIXES.get(suffix, suffix.removeprefix("."))
    if given is None and named and named not in known and named in (written := _written()) | _OF_OTHERS:
        *most, last = ["." + each.replace("text", "txt") for each in known if each in written]
        raise click.UsageError(f"{path}: expected a file named {', '.join(most) + ' or ' if most else ''}{last}, got {suffix}")
    return given or (named if named in known else otherwise)


def as_json(value: Any) -> None:
    """Print a result as JSON, names in their own script."""
    click.echo(json_text(value))


def json_text(value: Any) -> str:
    """A result as JSON, names in their own script."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def stored(text: str) -> bytes:
    """A text as the bytes of a file. A name of bytes that are no text is written with their codes, as JSON does."""
    return text.encode("utf-8", "backslashreplace")


def say(message: str) -> None:
    """Talk: what is not the result goes to standard error."""
    click.echo(coloured(message) if shows_colours(sys.stderr) else message, err=True)


def drafts(reasons: Sequence[str]) -> None:
    """Say why a return is a draft, for the reasons that it prints itself."""
    for reason in reasons:
        say(f"marked DRAFT: {reason}")


def short(digest: str) -> str:
    """A hash short enough to compare by eye."""
    return f"{digest[:8]}…{digest[-4:]}" if digest else "none"
