"""What waits for release, as rows: of a long book without what would take long to find out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cli.waiting import WaitingRow, waiting_row
from cli.web.desk import BookView
from domain.capital.entries import Entry
from domain.events import FactProposed


def waiting_rows(book: BookView, entries: Sequence[Entry], *, whole: bool = False) -> Sequence[WaitingRow]:
    """Some entries that wait, with what the release of each would change now.

    Unless `whole`, of a long book only if it concerns its last days: everything after it is gone through.
    """
    since = date.min if whole or not book.is_long else book.gone_through(date.max)
    return [waiting_row(each, book.once_released(each) if _first_day(book, each) >= since else None) for each in entries]


def _first_day(book: BookView, entry: Entry) -> date:
    corrects = entry.of(FactProposed).corrects
    return min(entry.event.effective_on, *([book.line(corrects).entry.event.effective_on] if corrects else [date.max]))
