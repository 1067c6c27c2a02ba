"""File everything that is due at once: each return prepared after the ones before it, all recorded together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import attrs

from application.due import is_pressing
from application.file_return import Render, filing_of, prepared
from domain.capital.entries import Draft, Entry
from domain.disclosure.deadlines import Obligation
from domain.disclosure.register import MONTHLY, NEXT_DAY
from domain.returns.documents import Return

# What is not yet recorded has no time; it stands after everything that has.
_NOT_YET = datetime.max.replace(tzinfo=UTC)


@attrs.frozen
class PreparedFiling:
    """A return that is due: its obligation, the document, its bytes, and the fact that records it."""

    about: Obligation
    document: Return
    content: bytes
    draft: Draft


@attrs.frozen
class PreparedFilings:
    """The returns that are due, and the last entry of the book that they were prepared from."""

    filings: tuple[PreparedFiling, ...]
    ends_at: int


def to_file(due: Sequence[Obligation], submitted_on: date) -> list[Obligation]:
    """The returns that are open or overdue and whose period has ended by the day of submission, in the order of their days."""
    wanted = [each for each in due if is_pressing(each) and each.kind in (NEXT_DAY, MONTHLY) and each.about <= submitted_on]
    return sorted(wanted, key=lambda each: (each.about, each.kind == MONTHLY))


def prepare_due(
    entries: Sequence[Entry],
    due: Sequence[Obligation],
    submitted_on: date,
    *,
    render: Render,
    rendering: str,
    recorded_by: str,
    source: str,
    submitted_at: str | None = None,
    reference: str | None = None,
) -> PreparedFilings:
    """Prepare each return as if the ones before it had been filed already. Raises NotPrepared or NoForm."""
    book = list(entries)
    found: list[PreparedFiling] = []
    for each in to_file(due, submitted_on):
        document = prepared(book, each.kind, each.about, submitted_on)
        content = render(document, rendering)
        fact = filing_of(document, content, submitted_on, len(book), rendering, submitted_at=submitted_at, reference=reference)
        found.append(PreparedFiling(each, document, content, Draft(event=fact, recorded_by=recorded_by, source=source)))
        book.append(Entry(event=fact, recorded_by=recorded_by, source=source, number=len(book) + 1, recorded_at=_NOT_YET))
    return PreparedFilings(tuple(found), len(entries))
