"""Renderings of the returns: a typed document becomes JSON, text, HTML, PDF or a workbook.

JSON writes the document itself. The other formats draw one layout per form (`monthly_layout`, `next_day_layout`), a
page model of headings, paragraphs and ruled tables (`layout`) that knows nothing of the format.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from domain.returns.documents import MonthlyReturn, Return
from infrastructure.renderers import monthly_layout, next_day_layout
from infrastructure.renderers.layout import Layout


def layout_of(document: Return) -> Layout:
    """The pages of a return, as its form rules them."""
    if isinstance(document, MonthlyReturn):
        return monthly_layout.layout(document)
    return next_day_layout.layout(document)


# A format's libraries are loaded only when it is asked for: printing text needs neither Jinja2, typst nor xlsxwriter.


def _json(document: Return, *, draft: bool) -> bytes:
    from infrastructure.renderers import json

    return json.render(document, draft=draft)


def _text(document: Return, *, draft: bool) -> bytes:
    from infrastructure.renderers import text

    return text.render(layout_of(document), draft=draft)


def _html(document: Return, *, draft: bool) -> bytes:
    from infrastructure.renderers import html

    return html.render(layout_of(document), draft=draft)


def _pdf(document: Return, *, draft: bool) -> bytes:
    from infrastructure.renderers import pdf

    return pdf.render(layout_of(document), draft=draft)


def _xlsx(document: Return, *, draft: bool) -> bytes:
    from infrastructure.renderers import xlsx

    return xlsx.render(layout_of(document), draft=draft)


class _Renderer(Protocol):
    def __call__(self, document: Return, *, draft: bool) -> bytes: ...


RENDERERS: Mapping[str, _Renderer] = {"json": _json, "text": _text, "html": _html, "pdf": _pdf, "xlsx": _xlsx}

FORMATS: tuple[str, ...] = tuple(RENDERERS)
"""The names of the formats a return can be rendered to."""


def render(document: Return, format_name: str, *, draft: bool = False) -> bytes:
    """A return in one of FORMATS, the same bytes on every run; text formats are UTF-8.

    A draft is marked as such on every page. Raises ValueError for an unknown format, for a character that the PDF's font
    cannot show, and for a text longer than a cell of a workbook holds.
    """
    if format_name not in RENDERERS:
        raise ValueError(f"unknown format {format_name!r}; expected one of {', '.join(FORMATS)}")
    return RENDERERS[format_name](document, draft=draft)
