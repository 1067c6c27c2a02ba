"""What earlier filings say about a return: where it opens, whether it is a resubmission, whether it can be prepared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from domain import events
from domain.balances import Period
from domain.history import Entry, in_effect
from domain.returns.forms import MONTHLY, NEXT_DAY

NEW_SUBMISSION, RESUBMISSION = "New Submission", "Resubmission"


class NotPrepared(Exception):
    """A return that cannot be prepared from this book; the message says why and what would help."""


def _filed(ordered: Iterable[Entry]) -> list[events.ReturnFiled]:
    return [entry.event for entry in ordered if isinstance(entry.event, events.ReturnFiled)]


def status_of(period: Period, kind: str, submitted_on: date) -> str:
    """`Resubmission` where a return of the kind and the period's closing date was submitted on an earlier day."""
    same = [filed for filed in _filed(period.entries) if filed.kind == kind and filed.effective_on == period.closed_on]
    today = [filed.status for filed in same if filed.submitted_on == submitted_on]
    earlier = any(filed.submitted_on < submitted_on for filed in same)
    return today[-1] if today else RESUBMISSION if earlier else NEW_SUBMISSION


def opening_of(entries: Iterable[Entry], closing_on: date, submitted_on: date, known_at: datetime | None) -> tuple[date, str]:
    """The opening date of a Next Day Disclosure Return (Note 1), and in words where it comes from.

    It is the closing date of the last one published or the last month end for which a Monthly Return was, whichever is
    later. Where the book knows of no filing, the month end before the closing date is taken, and that is said.
    """
    filed = _filed(in_effect(entries, known_at))
    published = [each for each in filed if each.submitted_on <= submitted_on and each.effective_on < closing_on]
    if not published:
        assumed = closing_on.replace(day=1) - timedelta(days=1)
        return assumed, "assumed: no return filed before is recorded; taken from the end of the preceding month"
    last = max(published, key=lambda each: each.effective_on)
    return last.effective_on, _BASIS[last.kind].format(on=last.effective_on)


_BASIS = {
    MONTHLY: "closing balance of the Monthly Return for {on:%B %Y}",
    NEXT_DAY: "closing balance of the Next Day Disclosure Return of {on:%-d %B %Y}",
}


def check_book_covers(period: Period) -> None:
    """Refuse a period that opens before the book does: its opening balance is not known. Raises NotPrepared."""
    if period.not_known is not None:
        raise NotPrepared(period.not_known)
    if not period.closing.facts.classes:
        raise NotPrepared(f"the book holds no class of shares at {period.closed_on:%-d %B %Y}")
