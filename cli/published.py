"""Published returns on the command line: files and folders, read, with what is doubtful said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cli.layout import TextTable
from cli.progress import with_progress
from domain.returns.documents import Return
from domain.returns.printed import at_path, in_words
from infrastructure.files.published import CellMark, ReadReturn, read_returns
from infrastructure.readers.values import UnreadableValue
from infrastructure.taken_in import content

SUFFIXES = (".pdf", ".html", ".htm", ".txt", ".text", ".md")
"""The files of a folder that may hold returns."""


def files_of(paths: Sequence[str]) -> list[Path]:
    """Files, and for a folder those of its files that may hold returns. Raises UnreadableValue for an empty folder."""
    found: list[Path] = []
    for path in map(Path, paths):
        inside = sorted(each for each in path.iterdir() if each.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
        if not inside:
            raise UnreadableValue(f"{path}: expected returns in {', '.join(SUFFIXES)}, got a folder without any")
        found += inside
    return found


def read_all(paths: Sequence[str]) -> Iterator[tuple[str, ReadReturn]]:
    """Every return of some files, each with the name of its file. Raises UnreadableValue and OSError."""
    files = files_of(paths)
    for path in with_progress(files, len(files), "files"):
        for read in read_returns(content(path), str(path)):
            yield str(path), read


def doubts(document: Return, marks: Mapping[str, CellMark]) -> TextTable:
    """A row for each doubtful cell: where it stands, what it was taken for, why it is doubtful, and the text that was there."""
    rows = [(f"  {path}", _value(document, path), mark.reason, " ".join(mark.raw.split())[:60]) for path, mark in marks.items()]
    return TextTable(("  doubtful", "taken for", "why", "text"), rows)


def _value(document: Return, path: str) -> str:
    value = at_path(document, path)
    return "" if isinstance(value, tuple) else in_words(value) or "blank"
