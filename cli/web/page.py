"""A page to draw: its template and values, and what the head of every page of a book shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from cli.web.asked import Asked
from cli.web.desk import BookView
from domain.law.business_days import HONG_KONG

Query = Mapping[str, str]


@attrs.frozen
class WebPage:
    """A page to draw: the template, and the values that it shows."""

    template: str
    values: Mapping[str, Any]
    status: int = 200


def about(book: BookView, asked: Asked) -> dict[str, Any]:
    """What the head of every page of a book shows."""
    contents, day, clock = book.contents, book.as_of, book.desk.clock()
    first, last = contents.bounds() or (day, day)
    return {
        "asked": asked,
        "code": book.issuer,
        "issuer": book.named(),
        "head": book.head,
        "as_of": day,
        "known_at": asked.known_at,
        "now": book.now,
        "ahead": day > clock.astimezone(HONG_KONG).date() or (asked.known_at or clock) > clock,
        "first": first,
        "last": max(last, day),
        "before": contents.day_before(day),
        "after": contents.day_after(day),
    }
