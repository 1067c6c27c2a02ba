"""Renderings of the returns: a typed document becomes JSON, text, HTML, PDF or a workbook.

JSON writes the document itself. The other formats draw one layout per form (`monthly_layout`, `next_day_layout`), a
page model of headings, paragraphs and ruled tables (`layout`) that knows nothing of the format.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import attrs

from domain.returns.documents import MonthlyReturn, Return
from infrastructure.renderers import monthly_layout, next_day_layout
from infrastructure.renderers.layout import Layout, NotPrintable


def layout_of(document: Return) -> Layout:
    """The pages of a return, laid out by its form."""
    if isinstance(document, MonthlyReturn):
        return monthly_layout.layout(document)
    return next_day_layout.layout(document)


def _standing(document: Return, characters: str) -> str:
    """The fields of a document that have one of the characters, and their text."""
    return next((f", in {field}: {said}" for field, said in _texts(document) if characters and characters in said), "")


def _texts(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a document with the path to its field."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value, 1):
            yield from _texts(each, f"{field} {number}")
    elif attrs.has(type(value)):
        for each in attrs.fields(type(value)):
            yield from _texts(getattr(value, each.name), f"{field}, {each.name}".strip(", ").replace("_", " "))


def suffix_of(format_name: str) -> str:
    """The suffix of a file in a format: txt for text."""
    return "txt" if format_name == "text" else format_name


FORMATS: tuple[str, ...] = ("json", "text", "html", "pdf", "xlsx")
"""The names of the formats a return can be rendered to."""


def render(document: Return, format_name: str, *, draft: bool = False) -> bytes:
    """A return in one of FORMATS, the same bytes on every run; text formats are UTF-8.

    A draft is marked as such on every page. Raises ValueError for an unknown format, for a character that the PDF's font
    cannot show, and for a text longer than a cell of a workbook holds.
    """
    if format_name not in FORMATS:
        raise ValueError(f"unknown format {format_name!r}; expected one of {', '.join(FORMATS)}")
    if format_name == "json":
        from infrastructure.renderers import json

        return json.render(document, draft=draft)
    try:
        return render_layout(layout_of(document), format_name, draft=draft)
    except NotPrintable as error:
        where = _standing(document, error.characters)
        raise NotPrintable(f"{error}{where}; write it differently, or use another format") from None


SHEET_FORMATS: tuple[str, ...] = ("text", "html", "pdf")
"""The formats of a typing sheet."""


def render_typing_sheet(document: Return, format_name: str, *, draft: bool = False) -> bytes:
    """What to type into the e-form of a return, in one of SHEET_FORMATS, the same bytes on every run."""
    import hashlib

    from infrastructure.renderers import typing_layout

    digest = hashlib.sha256(render(document, "json", draft=draft)).hexdigest()
    return render_layout(typing_layout.layout(document, digest), format_name, draft=draft)


def render_layout(layout: Layout, format_name: str, *, draft: bool = False) -> bytes:
    """Pages in a format other than JSON."""
    # Its libraries are loaded only when it is asked for: printing text needs neither Jinja2, typst nor xlsxwriter.
    rendered: bytes = import_module(f"infrastructure.renderers.{format_name}").render(layout, draft=draft)
    return rendered
