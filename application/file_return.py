"""File a return: record that it was submitted, with everything needed to make the same document again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import attrs

from application.ports import Conflict, EventStore
from application.record import Grown, Recorded, record
from domain import errors, events
from domain.capital.entries import Draft, Entry
from domain.returns import monthly, next_day
from domain.returns.documents import MonthlyReturn, Return
from domain.returns.filed import Filing, as_filed, filings
from domain.returns.filings import NotPrepared
from domain.returns.forms import MONTHLY

Render = Callable[[Return, str], bytes]
"""The bytes of a document in a rendering."""

Keep = Callable[[Return, bytes], None]
"""Puts a document where it is wanted, before it is recorded; called again where the book has grown since."""

ATTEMPTS = 100


class NotFiled(errors.NotFound):
    """There is no such filing, or it cannot be made again; the message says why."""


@attrs.frozen
class Filed:
    """A return as submitted: the document, its bytes, and the entry that records it."""

    document: Return
    content: bytes
    recorded: Recorded


def file_return(
    store: EventStore,
    issuer: str,
    kind: str,
    on: date,
    submitted_on: date,
    *,
    render: Render,
    keep: Keep = lambda *_: None,
    rendering: str,
    recorded_by: str,
    again: bool = False,
) -> Filed:
    """Prepare a return from the whole book, render and keep its document, and record that it was submitted.

    `on` is the month end of a Monthly Return, or the last day that a Next Day Disclosure Return is about; `again` submits the
    one of that day once more, as a whole. Where the book grows meanwhile, all is done again with what it holds then. Raises
    NotPrepared, NoForm, CannotStand or Conflict; then nothing is recorded.
    """
    for _ in range(ATTEMPTS):
        entries = list(store.entries(issuer))
        document = _prepared(entries, kind, on, submitted_on, again=again)
        content = render(document, rendering)
        keep(document, content)
        filed = _filed(document, content, submitted_on, len(entries), rendering)
        before = _filed_before(entries, filed) or _filed_otherwise(entries, document, filed)
        draft = before or Draft(event=filed, recorded_by=recorded_by, source="filed from this book")
        try:
            return Filed(document, content, record(store, issuer, [draft], ends_at=len(entries)))
        except Grown:
            continue
    raise Conflict(f"others kept writing to the book of {issuer}; nothing was recorded, try again")


def _prepared(entries: list[Entry], kind: str, on: date, submitted_on: date, *, again: bool) -> Return:
    document: Return = (
        monthly.prepare(entries, on, submitted_on)
        if kind == MONTHLY
        else next_day.prepare(entries, on, submitted_on, again=again)
    )
    if submitted_on < closing_of(document):
        raise NotPrepared(f"a return that closes on {closing_of(document):%-d %B %Y} cannot have been submitted before that day")
    return document


def _filed(document: Return, content: bytes, submitted_on: date, book_number: int, rendering: str) -> events.ReturnFiled:
    return events.ReturnFiled(
        effective_on=closing_of(document),
        kind="monthly" if isinstance(document, MonthlyReturn) else "next-day",
        submitted_on=submitted_on,
        form=str(document.form),
        status=document.status,
        book_number=book_number,
        digest=hashlib.sha256(content).hexdigest(),
        rendering=rendering,
        edition=document.form.edition.number,
    )


def _filed_before(entries: list[Entry], filed: events.ReturnFiled) -> Entry | None:
    """The entry that already records this filing: the same document, whatever state of the book it was prepared from."""
    known = (each for each in entries if isinstance(each.event, events.ReturnFiled) and _document(each.event) == _document(filed))
    return next(known, None)


def _filed_otherwise(entries: list[Entry], document: Return, filed: events.ReturnFiled) -> Entry | None:
    """The entry that records this return in another rendering: one submission, however many files show it."""
    same_day = (filed.kind, filed.effective_on, filed.submitted_on)
    for each in filings(entries):
        event = each.filed
        if each.made_here and (event.kind, event.effective_on, event.submitted_on) == same_day:
            with suppress(NotPrepared):
                if as_filed(entries, each) == document:
                    return each.entry
    return None


def _document(filed: events.ReturnFiled) -> tuple[object, ...]:
    return filed.kind, filed.effective_on, filed.submitted_on, filed.digest


def closing_of(document: Return) -> date:
    """The month end of a Monthly Return, the closing date of a Next Day Disclosure Return."""
    return document.month_end if isinstance(document, MonthlyReturn) else document.sections[0].closing.on


def filing(entries: list[Entry], number: int) -> Filing:
    """The filing that an entry records. Raises NotFiled where it records none."""
    found = [each for each in filings(entries) if each.entry.number == number]
    if not found:
        there = ", ".join(str(each.entry.number) for each in filings(entries))
        raise NotFiled(
            f"entry {number} records no filing; filings are entries {there}" if there else "no filing is recorded in this book"
        )
    return found[0]


def rebuild(store: EventStore, issuer: str, number: int, *, render: Render) -> tuple[Filing, bytes]:
    """The document that was filed, byte for byte, from the entries it was prepared from.

    Raises NotFiled where its bytes are not those filed: the program that renders it has changed since.
    """
    entries = list(store.entries(issuer))
    found = filing(entries, number)
    content = render(as_filed(entries, found), found.filed.rendering or "json")
    if found.filed.digest is not None and hashlib.sha256(content).hexdigest() != found.filed.digest:
        raise NotFiled(
            f"{found.name} has the same figures but not the same bytes: it was rendered by another version of this program. "
            f"Filed: SHA-256 {found.filed.digest}"
        )
    return found, content
