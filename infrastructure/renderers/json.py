"""A return as JSON: the typed document itself, its keys the names of its fields."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, cast

import attrs

from domain.returns.documents import Percentage, Return
from domain.returns.forms import Form
from domain.securities import Money, plain


def render(document: Return, *, draft: bool) -> bytes:
    """UTF-8, two spaces to a level, a newline at the end. Numbers are exact integers; amounts and percentages are text."""
    content = {"draft": draft, **_fields(document)}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _fields(value: attrs.AttrsInstance) -> dict[str, object]:
    return {field.name: _plain(getattr(value, field.name)) for field in attrs.fields(type(value))}


def _plain(value: object) -> object:
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    return _fields(cast("attrs.AttrsInstance", value)) if attrs.has(type(value)) else value


# An amount and a percentage are written as the forms print them: no reader turns them into a binary fraction.
_WRITERS: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (Form, lambda form: {"code": form.code, "version": form.version}),
    (Percentage, lambda value: {"percent": str(value), "base": value.base}),
    (Money, str),
    (Decimal, plain),
    (date, lambda day: day.isoformat()),
    (tuple, lambda items: [_plain(item) for item in items]),
)
