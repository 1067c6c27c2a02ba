"""A page to draw: its template and values, and what the head of every page of a book shows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

import attrs

from cli.web.asked import Asked
from cli.web.desk import BookView

Query = Mapping[str, str]


@attrs.frozen
class WebPage:
    """A page to draw: the template, and the values that it shows."""

    template: str
    values: Mapping[str, Any]
    status: int = 200


def about(book: BookView, asked: Asked) -> dict[str, Any]:
    """What the head of every page of a book shows."""
    days = book.days()
    place = bisect_left(days, book.as_of)
    return {
        "asked": asked,
        "code": book.issuer,
        "issuer": book.named(),
        "head": book.head,
        "as_of": book.as_of,
        "known_at": asked.known_at,
        "now": book.now,
        "first": days[0] if days else book.as_of,
        "last": max(days[-1] if days else book.as_of, book.as_of),
        "before": days[place - 1] if place else None,
        "after": next((day for day in days[place : place + 2] if day > book.as_of), None),
    }
