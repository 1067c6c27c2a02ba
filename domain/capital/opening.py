"""Where a book begins: balances brought forward from a published document. What stood before that day is not known.

A class or scheme whose balance was never brought forward is known from its first entry on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from domain import events
from domain.capital.entries import Entry
from domain.capital.securities import Mandate
from domain.values import day_text


def brought_forward(entries: Iterable[Entry]) -> Mapping[str, Entry]:
    """By class, the entry in effect that brings its balance forward; the last where there are several."""
    return {each.event.share_class: each for each in entries if isinstance(each.event, events.BalanceBroughtForward)}


def begins_on(entries: Iterable[Entry]) -> date | None:
    """The day at whose close every class has been brought forward; None for a book that knows every movement."""
    return max((each.event.effective_on for each in brought_forward(entries).values()), default=None)


def not_known(entries: Iterable[Entry], day: date) -> str | None:
    """Why the balances at close of a day are not known; None if they are."""
    later = [each for each in brought_forward(entries).values() if each.event.effective_on > day]
    if not later:
        return None
    first = min(later, key=lambda each: (each.event.effective_on, each.number))
    begins = f"{day_text(first.event.effective_on)}"
    return f"the book begins at close of {begins} (entry {first.number}); what stood at close of {day_text(day)} is not known"


def use_not_known(mandate: Mandate, begins: date | None, day: date) -> str | None:
    """Why it is not known how many shares were used under a mandate by close of a day, in a book that begins on one."""
    if begins is None or mandate.granted_on > begins or (gap := gap_before(mandate, mandate.used_before, begins, day)) is None:
        return None
    return f"the book begins at close of {day_text(begins)}; what was used under {mandate.code} {gap}"


def gap_before(mandate: Mandate, number: int | None, starts: date, day: date) -> str | None:
    """Why a number of the time before the book is not known at close of a day; None if it is."""
    if day < starts:
        return f"by {day_text(day)} is not known"
    if number is None:
        return "before is not recorded"
    return None if mandate.counted_on == starts else f"was counted on {mandate.counted_on:%-d %B %Y}"
