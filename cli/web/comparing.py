"""A published return beside the book: read from the file that somebody drops on the page, and compared."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from application.reconcile import reconciled
from cli.web.asked import Asked
from cli.web.desk import Desk
from cli.web.page import WebPage, about
from cli.web.returns import return_address
from domain.capital.entries import Entry
from domain.errors import BadInput
from domain.returns.documents import MonthlyReturn, Return, closing_of
from domain.returns.filings import NotPrepared
from domain.returns.reconcile import Reconciled
from domain.returns.succession import name_of
from infrastructure.files.published import ReadReturn, read_returns

LONGEST_NAME = 200


@attrs.frozen
class Compared:
    """A published return and what the comparison found; `missing` says why the book has no such return. `href` leads to ours."""

    name: str
    read: ReadReturn
    found: Reconciled | None
    missing: str
    href: str


def comparison(desk: Desk, code: str, body: bytes, file: str) -> WebPage:
    """What a file holds, beside the book as of its last entry. Raises BadInput or NotFound."""
    asked = Asked()
    book = desk.book(code, asked)
    entries = book.entries()
    results = [_compared(entries, each, book.issuer, asked) for each in _read(body, file)]
    return WebPage("compared.html", {**about(book, asked), "file": file, "results": results})


def _read(body: bytes, file: str) -> Sequence[ReadReturn]:
    if not body:
        raise BadInput("expected a return in PDF, HTML or text, got an empty file")
    if not file.isprintable() or not 0 < len(file) <= LONGEST_NAME:
        raise BadInput(f"expected a file name of 1 to {LONGEST_NAME} printable characters")
    return list(read_returns(body, file))


def _compared(entries: Sequence[Entry], read: ReadReturn, code: str, asked: Asked) -> Compared:
    found, missing = None, ""
    try:
        found = reconciled(entries, read.document)
    except NotPrepared as reason:
        missing = str(reason)
    return Compared(name_of(read.document), read, found, missing, _address(read.document, code, asked))


def _address(document: Return, code: str, asked: Asked) -> str:
    kind = "monthly" if isinstance(document, MonthlyReturn) else "next-day"
    return return_address(code, kind, closing_of(document), asked, submitted_on=document.submitted_on)
