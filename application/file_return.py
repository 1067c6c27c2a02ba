"""File a return: record that it was submitted, with everything needed to make the same document again."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import attrs

from application.ports import Conflict, EventStore
from application.record import Grown, Recorded, record
from domain import errors, events
from domain.capital.clock import Clock
from domain.capital.entries import Draft, Entry
from domain.returns import monthly, next_day
from domain.returns.documents import MonthlyReturn, Return, closing_of
from domain.returns.filed import Filing, as_filed, filings
from domain.returns.filings import RESUBMISSION, NotPrepared, with_status
from domain.returns.forms import MONTHLY
from domain.returns.reconcile import reconcile
from domain.returns.succession import name_of

Render = Callable[[Return, str], bytes]
"""The bytes of a document in a rendering."""

Keep = Callable[[Return, bytes], None]
"""Puts a document where it is wanted, before it is recorded; called again where the book has grown since."""

ATTEMPTS = 100

PREPARED_HERE = "filed from this book"
"""The source of a filing of which nothing else is said."""


class NotFiled(errors.NotFound):
    """There is no such filing, or it cannot be made again; the message says why."""


class FiledOtherwise(errors.Refused):
    """The filing is recorded without some details of its submission; the message says how to add them."""


class DiffersFromPublished(errors.Refused):
    """The published document and the book differ, and nobody said why the published one is right."""


@attrs.frozen
class PublishedDocument:
    """A return as published, the SHA-256 of its file, and why it is right although the book differs, where somebody said so."""

    document: Return
    digest: str
    as_published: str | None = None

    def check(self, document: Return) -> None:
        """Compare it with the return of the book. Raises DiffersFromPublished."""
        if type(self.document) is not type(document) or closing_of(self.document) != closing_of(document):
            raise DiffersFromPublished(f"expected the {name_of(document)}, got the published {name_of(self.document)}")
        different = reconcile(self.document, document).differences
        if different and self.as_published is None:
            lines = (f"{each.where}: {each.state}; published {each.published or 'blank'}, book {each.book or 'blank'}"
                     f"{f' ({each.reason})' if each.reason else ''}" for each in different)  # fmt: skip
            way_on = 'if the published document is right as it is: --as-published "reason"'
            raise DiffersFromPublished([f"the published document differs from the book in {len(different)}:", *lines, way_on])


@attrs.frozen
class Filed:
    """A return as submitted: the document, its bytes where it was made, and the entry that records it."""

    document: Return
    content: bytes | None
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
    rendering: str | None,
    recorded_by: str,
    status: str | None = None,
    submitted_at: str | None = None,
    reference: str | None = None,
    published: PublishedDocument | None = None,
    clock: Clock | None = None,
    source: str = PREPARED_HERE,
    dry_run: bool = False,
) -> Filed:
    """Prepare a return from the whole book, render and keep its document, and record that it was submitted.

    `on` is the month end of a Monthly Return, or the last day that a Next Day Disclosure Return is about, which the `status`
    Resubmission submits once more. Without a `rendering` no document is made, and no digest recorded. `published` must agree with
    the book, or say why it is right. With `dry_run` nothing is kept or recorded. If the book grows meanwhile, all is done again.
    Raises NotPrepared, NoForm, CannotStand, DiffersFromPublished, FiledOtherwise or Conflict; then nothing is recorded.
    """
    for _ in range(ATTEMPTS):
        entries = list(store.entries(issuer))
        document = prepared(entries, kind, on, submitted_on, status, published)
        content = render(document, rendering) if rendering else None
        filed = filing_of(document, content, submitted_on, len(entries), rendering, published, submitted_at, reference)
        draft = _recorded_before(entries, document, filed) or Draft(event=filed, recorded_by=recorded_by, source=source)
        if content is not None and not dry_run:
            keep(document, content)
        try:
            return Filed(document, content, record(store, issuer, [draft], ends_at=len(entries), clock=clock, dry_run=dry_run))
        except Grown:
            continue
    raise Conflict(f"others kept writing to the book of {issuer}; nothing was recorded, try again")


def _recorded_before(entries: list[Entry], document: Return, filed: events.ReturnFiled) -> Entry | None:
    """The entry that records this filing already. Raises FiledOtherwise if it lacks given details of the submission."""
    before = _filed_before(entries, filed) or _filed_otherwise(entries, document, filed)
    if before is None:
        return None
    _check_known(before, filed)
    return before.entry


def prepared(
    entries: list[Entry],
    kind: str,
    on: date,
    submitted_on: date,
    status: str | None = None,
    published: PublishedDocument | None = None,
) -> Return:
    """The return of a period, from all entries.

    Raises NotPrepared, also for one submitted before its period has ended, and DiffersFromPublished.
    """
    again = status == RESUBMISSION
    document: Return = (
        monthly.prepare(entries, on, submitted_on)
        if kind == MONTHLY
        else next_day.prepare(entries, on, submitted_on, again=again)
    )
    if submitted_on < (closed_on := closing_of(document)):
        raise NotPrepared(f"a return that closes on {closed_on:%-d %B %Y} cannot have been submitted before that day")
    if submitted_on < on:
        raise NotPrepared(f"a return of changes until {on:%-d %B %Y} cannot have been submitted before that day; the last "
                          f"change is of {closed_on:%-d %B %Y}")  # fmt: skip
    document = with_status(document, status)
    if published is not None:
        published.check(document)
    return document


def filing_of(
    document: Return,
    content: bytes | None,
    submitted_on: date,
    book_number: int,
    rendering: str | None,
    published: PublishedDocument | None = None,
    submitted_at: str | None = None,
    reference: str | None = None,
) -> events.ReturnFiled:
    """The fact that a document was submitted; `book_number` is the last entry that it was prepared from."""
    return events.ReturnFiled(
        effective_on=closing_of(document),
        kind="monthly" if isinstance(document, MonthlyReturn) else "next-day",
        submitted_on=submitted_on,
        submitted_at=submitted_at,
        reference=reference,
        form=str(document.form),
        status=document.status,
        book_number=book_number,
        digest=None if content is None else hashlib.sha256(content).hexdigest(),
        rendering=rendering,
        edition=document.form.edition.number,
        published_digest=published.digest if published else None,
        as_published=published.as_published if published else None,
    )


_NAMED = {"published_digest": "published document", "reference": "reference", "submitted_at": "time of submission"}
"""Details of a submission that may be added later, as sentences name them."""


def _check_known(before: Filing, filed: events.ReturnFiled) -> None:
    """Refuse to call a filing recorded without the details of its submission that are given. Raises FiledOtherwise."""
    known, said = before.filed.values(), filed.values()
    differing = [field for field in _NAMED if said[field] not in (None, known[field])]
    if not differing:
        return
    number = before.entry.number
    said_of = {
        "with another": [each for each in differing if known[each]],
        "without a": [each for each in differing if not known[each]],
    }
    how = " and ".join(f"{word} {' or '.join(_NAMED[each] for each in fields)}" for word, fields in said_of.items() if fields)
    given = [*differing, "as_published"] if filed.as_published else differing
    options = " ".join(f"--{field.replace('_', '-')} {shlex.quote(said[field])}" for field in given)
    raise FiledOtherwise(f"entry {number} records this filing {how}: captable correct {number} {options}")


def _filed_before(entries: list[Entry], filed: events.ReturnFiled) -> Filing | None:
    """The filing of the same document, whatever state of the book it was prepared from."""
    if filed.digest is None:
        return None
    return next((each for each in filings(entries) if _document(each.filed) == _document(filed)), None)


def _filed_otherwise(entries: list[Entry], document: Return, filed: events.ReturnFiled) -> Filing | None:
    """The filing of this return in another rendering: one submission, however many files show it."""
    same_day = (filed.kind, filed.effective_on, filed.submitted_on)
    for each in filings(entries):
        event = each.filed
        if each.made_here and (event.kind, event.effective_on, event.submitted_on) == same_day:
            with suppress(NotPrepared):
                if as_filed(entries, each) == document:
                    return each
    return None


def _document(filed: events.ReturnFiled) -> tuple[object, ...]:
    return filed.kind, filed.effective_on, filed.submitted_on, filed.digest


def filing(entries: list[Entry], number: int) -> Filing:
    """The filing that an entry records. Raises NotFiled if it records none."""
    found = [each for each in filings(entries) if each.entry.number == number]
    if not found:
        if by := next((each.number for each in entries if each.replaces == number), None):
            raise NotFiled(f"entry {number} is no longer in effect: entry {by} replaces it")
        there = ", ".join(str(each.entry.number) for each in filings(entries))
        raise NotFiled(
            f"entry {number} is not a filing; filings: entries {there}" if there else "no filing is recorded in this book"
        )
    return found[0]


def _as_recorded(rendering: str | None) -> str:
    return rendering or "json"


def rebuild(
    store: EventStore, issuer: str, number: int, *, render: Render, rendering: Callable[[str | None], str] = _as_recorded
) -> tuple[Filing, bytes]:
    """The document that was filed, byte for byte, from the entries it was prepared from.

    `rendering` gives its format from the one recorded, if one was. Raises NotFiled if its bytes are not those
    filed: the program that renders it has changed since.
    """
    entries = list(store.entries(issuer))
    found = filing(entries, number)
    content = render(as_filed(entries, found), rendering(found.filed.rendering))
    if found.filed.digest is not None and hashlib.sha256(content).hexdigest() != found.filed.digest:
        raise NotFiled(
            f"{found.name} has the same figures but not the same bytes: it was rendered by another version of this program. "
            f"Filed: SHA-256 {found.filed.digest}"
        )
    return found, content
