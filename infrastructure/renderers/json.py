"""A return as JSON: the typed document itself, its keys the names of its fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import msgspec

from domain.returns.cells import Percentage, PrintedPercentage
from domain.returns.documents import Return
from domain.returns.forms import Form
from domain.values import Money, plain


def render(document: Return, *, draft: bool) -> bytes:
    """UTF-8, two spaces to a level, a newline at the end. Numbers are exact integers; amounts and percentages are text.

    `draft` is true of every draft, whether the book has findings or the return itself gives reasons.
    """
    edition = document.form.edition.number
    content = {"draft": draft or bool(document.draft_reasons), **_plain(document, edition)}
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _plain(value: object, edition: int) -> Any:
    """A value of a document as JSON holds it, without the fields that documents of an edition did not have."""
    kind = type(value), edition
    if kind not in _writers:
        _writers[kind] = _writer(*kind)
    return _writers[kind](value)


_writers: dict[tuple[type, int], Callable[[Any], object]] = {}


def _writer(kind: type, edition: int) -> Callable[[Any], object]:
    for base, write in _WRITERS:
        if issubclass(kind, base):
            return write
    if issubclass(kind, tuple):
        return lambda items: [_plain(item, edition) for item in items]
    if not attrs.has(kind):
        return lambda value: value
    fields = [field for field in attrs.fields(kind) if field.metadata.get("since", 1) <= edition]
    always = [field.name for field in fields if "unless" not in field.metadata]
    sometimes = [field.name for field in fields if "unless" in field.metadata]

    def written(value: object) -> object:
        names = [*always, *(name for name in sometimes if getattr(value, name) is not None)]
        return {name: _plain(getattr(value, name), edition) for name in names}

    return written


# Amounts and percentages are text, as the forms print them, so that no program reads them as binary fractions.
_WRITERS: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (Form, lambda form: {"code": form.code, "version": form.version}),
    (Percentage, lambda value: {"percent": str(value), "base": value.base}),
    (PrintedPercentage, lambda value: {"percent": str(value), "base": None}),
    (Money, str),
    (Decimal, plain),
    (date, lambda day: day.isoformat()),
)
