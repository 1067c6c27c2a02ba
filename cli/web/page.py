"""A page to draw: its template and values, and what the head of every page of a book shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from cli.web.asked import Asked
from cli.web.desk import BookView

Query = Mapping[str, str]


@attrs.frozen
class View:
    """A page to draw: the template, and the values that it shows."""

    template: str
    values: Mapping[str, Any]
    status: int = 200


def about(book: BookView, asked: Asked) -> dict[str, Any]:
    """What the head of every page of a book shows."""
    days = sorted({line.entry.event.effective_on for line in book.lines()})
    return {
        "asked": asked,
        "code": book.issuer,
        "issuer": book.named(),
        "head": book.head,
        "as_of": book.as_of,
        "known_at": asked.known_at,
        "now": book.now,
        "first": days[0] if days else book.as_of,
        "last": max([*days, book.as_of]),
        "before": max((day for day in days if day < book.as_of), default=None),
        "after": min((day for day in days if day > book.as_of), default=None),
    }
