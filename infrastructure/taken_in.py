"""Files that people bring, read up to a stated size: what is larger is no such file, and is not read to its end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

from infrastructure.readers.values import UnreadableValue

MEBIBYTE = 1024 * 1024

RECORDS = 256 * MEBIBYTE
"""How large a file of facts may be: some million facts."""

DOCUMENT = 64 * MEBIBYTE
"""How large a receipt, a published return, or another document may be."""

SETTINGS = MEBIBYTE
"""How large a file of trading days, or of a key, may be."""


def content(path: Path, most: int = DOCUMENT) -> bytes:
    """The bytes of a file. Raises UnreadableValue if they are more than `most`, and OSError."""
    with path.open("rb") as opened:
        return _up_to(opened, str(path), most)


def named(file: str, most: int = DOCUMENT) -> tuple[str, bytes]:
    """The name and the bytes of a file; `-` is standard input. Raises UnreadableValue and OSError."""
    if file == "-":
        return "standard input", _up_to(sys.stdin.buffer, "standard input", most)
    return file, content(Path(file), most)


def text(path: Path, most: int = SETTINGS) -> str:
    """The text of a file in UTF-8. Raises UnreadableValue if it is none or too long, and OSError."""
    found = content(path, most)
    try:
        return found.decode()
    except UnicodeDecodeError as error:
        line = found[: error.start].count(b"\n") + 1
        raise UnreadableValue(f"{path}:{line}: expected text in UTF-8") from None


def _up_to(opened: BinaryIO, name: str, most: int) -> bytes:
    found = opened.read(most + 1)
    if len(found) > most:
        raise UnreadableValue(f"{name}: expected at most {most // MEBIBYTE:,} MiB")
    return found
