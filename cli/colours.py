"""The colours of a terminal: a few words of warning have one, for the eye to find them. The word itself always says it."""

from __future__ import annotations

import os
import re
from typing import TextIO

import click

RED, YELLOW = "red", "yellow"
COLOURS = {
    **dict.fromkeys(("overdue", "filed late", "refused", "revoked", "NO", "FAILS", "TOO FEW", "TROUBLE", "does not hold"), RED),
    **dict.fromkeys(("?", "unknown", "not known", "not checked", "unverified", "expired", "marked DRAFT"), YELLOW),
}
"""The words that have a colour where a cell or a line begins with them."""

_WARNING = re.compile(rf"\s*({'|'.join(map(re.escape, COLOURS))})(?![\w-])")


def coloured(text: str) -> str:
    """A text with its first words in their colour, where they have one."""
    found = _WARNING.match(text)
    return text if found is None else click.style(found[0], fg=COLOURS[found[1]]) + text[found.end() :]


def shows_colours(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colours. NO_COLOR is obeyed (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
