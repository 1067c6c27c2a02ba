"""Returns in the browser: as the book has them and as they were filed, where each is, and which print an entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs
import click

from cli import options
from cli.web.asked import Asked, parameter
from cli.web.desk import BookView, Desk
from cli.web.page import Query, WebPage, about
from domain.capital.entries import Entry
from domain.disclosure.register import MONTHLY, NEXT_DAY
from domain.errors import NotFound
from domain.law.business_days import HONG_KONG
from domain.returns.documents import MonthlyReturn, Return
from domain.returns.explain import explanation
from domain.returns.filed import Filing, as_filed
from domain.returns.filings import NotPrepared
from domain.values import month_end_of
from infrastructure.renderers import layout_of

# --- where a return is --------------------------------------------------------------------------------------------


def filing_address(filing: Filing, asked: Asked, code: str) -> str:
    """The address of a filed return: as filed if it was made from this book, else as the book has it."""
    if filing.made_here:
        return f"/issuers/{code}/filings/{filing.entry.number}{asked.query()}"
    return return_address(code, filing.filed.kind, filing.filed.effective_on, asked, submitted_on=filing.filed.submitted_on)


def return_address(code: str, kind: str, on: date, asked: Asked, **more: object) -> str:
    """The address of a return: monthly by its month, next-day by its day."""
    name = f"monthly/{on:%Y-%m}" if kind == MONTHLY else f"next-day/{on}"
    return f"/issuers/{code}/returns/{name}{asked.query(as_of=None, **more)}"


@attrs.frozen
class Printed:
    """A return that prints an entry, or would: its name, whether it was filed, and its address."""

    name: str
    filed: bool
    href: str


def printed(book: BookView, entry: Entry, asked: Asked) -> Iterator[Printed]:
    """The returns that print an entry: those filed that cover its day, and the return of its month and day."""
    on, found = entry.event.effective_on, []
    for filing in book.filings():
        filed = filing.filed
        first = filed.effective_on.replace(day=1) if filed.kind == MONTHLY else filed.effective_on
        if first <= on <= filed.effective_on:
            found.append((filed.kind, filed.effective_on))
            yield Printed(filing.name, True, _with(filing_address(filing, asked, book.issuer), entry))
    month_end = month_end_of(on)
    if (MONTHLY, month_end) not in found:
        href = return_address(book.issuer, MONTHLY, month_end, asked, entry=entry.number)
        yield Printed(f"Monthly Return for {on:%B %Y}", False, href + "#figure")
    if (NEXT_DAY, on) not in found and book.is_to_be_disclosed(entry):
        href = return_address(book.issuer, NEXT_DAY, on, asked, entry=entry.number)
        yield Printed(f"Next Day Disclosure Return for {on:%-d %B %Y}", False, href + "#figure")


def _with(href: str, entry: Entry) -> str:
    return f"{href}{'&' if '?' in href else '?'}entry={entry.number}#figure"


# --- the pages ------------------------------------------------------------------------------------------------------


def monthly(desk: Desk, code: str, month: str, query: Query) -> WebPage:
    """A Monthly Return in the browser. Raises NotPrepared, NoForm or BadQuery."""
    asked = Asked.of(query)
    book = desk.book(code, asked)
    document = monthly_document(book, month, query, explained=_traced(query))
    return _return_view(book, asked, document, query, f"returns/monthly/{month}")


def _traced(query: Query) -> bool:
    return bool(parameter(query, "traced", click.BOOL))


def monthly_document(book: BookView, month: str, query: Query, *, explained: bool = False) -> Return:
    """The Monthly Return of a month as an address writes it. Raises NotPrepared, NoForm or BadQuery."""
    year, number = parameter({"month": month}, "month", options.Month())
    return book.monthly(year, number, _submitted_on(book, query), explained=explained)


def next_day(desk: Desk, code: str, on: str, query: Query) -> WebPage:
    """A Next Day Disclosure Return in the browser. Raises NotPrepared, NoForm or BadQuery."""
    asked = Asked.of(query)
    book = desk.book(code, asked)
    document = next_day_document(book, on, query, explained=_traced(query))
    return _return_view(book, asked, document, query, f"returns/next-day/{on}")


def next_day_document(book: BookView, on: str, query: Query, *, explained: bool = False) -> Return:
    """The Next Day Disclosure Return of a day as an address writes it. Raises NotPrepared, NoForm or BadQuery."""
    again = bool(parameter(query, "again", click.BOOL))
    day: date = parameter({"on": on}, "on", options.Day())
    return book.next_day(day, _submitted_on(book, query), again=again, explained=explained)


def _submitted_on(book: BookView, query: Query) -> date:
    given: date | None = parameter(query, "submitted_on", options.Day())
    return given or book.desk.clock().astimezone(HONG_KONG).date()


def filing(desk: Desk, code: str, number: int, query: Query) -> WebPage:
    """A return as it was filed. Raises NotFound."""
    asked = Asked.of(query)
    book = desk.book(code, asked)
    filed, document = filed_document(book, number)
    return _return_view(book, asked, document, query, f"filings/{number}", filed)


def filed_document(book: BookView, number: int) -> tuple[Filing, Return]:
    """A filing by its entry, and its document from the entries that it was prepared from. Raises NotFound."""
    found = next((each for each in book.filings() if each.entry.number == number), None)
    if found is None:
        raise NotFound(f"entry {number} of the book of {book.issuer} records no return filed by {book.as_of:%-d %B %Y}")
    try:
        return found, as_filed(book.entries(), found)
    except NotPrepared as error:
        raise NotFound(str(error)) from None


def _return_view(book: BookView, asked: Asked, document: Return, query: Query, name: str, filed: Filing | None = None) -> WebPage:
    found = book.findings_about(document) if filed is None else ()
    given = {} if filed else {"submitted_on": document.submitted_on, "known_at": query.get("known_at", "")}
    return WebPage(
        "return.html",
        {
            **about(book, asked),
            "document": document,
            "layout": layout_of(document),
            "draft": bool(found or document.draft_reasons),
            "about": found,
            "lines": explanation(document),
            "filed": filed,
            "marked": parameter(query, "entry", click.INT),
            "download": f"/v1/issuers/{book.issuer}/{name}",
            "given": {name: value for name, value in given.items() if value},
            "untraced": document.entries_since is not None and filed is None,
            "seconds": book.seconds,
            "name": "Monthly Return" if isinstance(document, MonthlyReturn) else "Next Day Disclosure Return",
        },
    )
