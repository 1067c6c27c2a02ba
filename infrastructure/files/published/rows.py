"""The numbered rows of a part: `1).`, `2).` and so on, each with its text until the next."""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs

from infrastructure.files.published.outline import Span

_NUMBER = re.compile(r"(?<![\d.,(/])(\d{1,3})[ \t]*\)[ \t]*\.")
_MOST_LOST = 5


@attrs.frozen
class RowAsRead:
    """A row with the number it prints, None for one that prints none; `span` is its text after the number."""

    number: int | None
    start: int
    span: Span


def numbered(span: Span) -> list[RowAsRead]:
    """The numbered rows of a span. A number counts as that of a row if it goes on from the one before, or nearly."""
    found: list[tuple[int, int, int]] = []
    last = 0
    for match in _NUMBER.finditer(span.text):
        number = int(match[1])
        if last < number <= last + 1 + _MOST_LOST:
            found.append((number, match.start(), match.end()))
            last = number
    stops = [*(start for _, start, _ in found[1:]), len(span.text)]
    return [
        RowAsRead(number, span.start + start, span.part(end, stop))
        for (number, start, end), stop in zip(found, stops, strict=False)
    ]


def gap(rows: Sequence[RowAsRead]) -> str:
    """What the numbers of rows say is missing; nothing if they run on."""
    numbers = [row.number for row in rows if row.number is not None]
    missing = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
    return f"row {', '.join(map(str, missing))} was not found" if missing else ""
