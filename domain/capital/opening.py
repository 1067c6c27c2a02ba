"""Where a book begins: balances brought forward from a published document. What stood before that day is not known.

A class or scheme whose balance was never brought forward is known from its first entry on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from domain import events
from domain.capital.entries import Entry


def brought_forward(entries: Iterable[Entry]) -> Mapping[str, Entry]:
    """By class, the entry in effect that brings its balance forward; the last where there are several."""
    return {each.event.share_class: each for each in entries if isinstance(each.event, events.BalanceBroughtForward)}


def schemes_brought_forward(entries: Iterable[Entry]) -> Mapping[str, Entry]:
    """By scheme, the entry in effect that brings forward what is outstanding under it; the last where there are several."""
    return {each.event.scheme: each for each in entries if isinstance(each.event, events.SchemeBalanceBroughtForward)}


def begins_on(entries: Iterable[Entry]) -> date | None:
    """The day at whose close every class has been brought forward; None for a book that knows every movement."""
    return max((each.event.effective_on for each in brought_forward(entries).values()), default=None)


def not_known(entries: Iterable[Entry], day: date) -> str | None:
    """Why the balances at close of a day are not known; None if they are."""
    later = [each for each in brought_forward(entries).values() if each.event.effective_on > day]
    if not later:
        return None
    first = min(later, key=lambda each: (each.event.effective_on, each.number))
    begins = f"{first.event.effective_on:%-d %B %Y}"
    return f"the book begins at close of {begins} (entry {first.number}); what stood at close of {day:%-d %B %Y} is not known"
