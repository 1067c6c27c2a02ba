"""Ask the book: balances, history and single entries, at any date and as known at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import attrs

from application.ports import EventStore, NoBook
from domain.capital.accounts import Movement
from domain.capital.entries import Entry, Viewpoint, in_effect, known
from domain.capital.ledger import LANDMARKS, Ledger
from domain.capital.opening import brought_forward, not_known
from domain.capital.position import Position
from domain.errors import NotFound
from domain.events import BalanceBroughtForward, ShareClassCreated
from domain.law.parameters import LOOK_BACK as LOOK_BACK
from domain.stock_codes import near_stock_code


def which_issuer(store: EventStore, wanted: str | None) -> str:
    """The issuer meant: the one named, or the only one. Raises NotFound or NoBook."""
    issuers = store.issuers()
    if not issuers:
        raise NoBook("this store is empty")
    if wanted is not None:
        if wanted in issuers:
            return wanted
        near = near_stock_code(wanted)
        suggested = f". Did you mean {near}?" if near in issuers else ""
        raise NotFound(f"no book of issuer {wanted}; this store has: {', '.join(issuers)}{suggested}")
    if len(issuers) == 1:
        return issuers[0]
    raise NotFound(f"this store has several issuers; name one with --issuer: {', '.join(issuers)}")


def position(store: EventStore, issuer: str, viewpoint: Viewpoint) -> Position:
    """Facts, totals and tranches at close of a day, as known at an instant.

    Raises StoreDamaged if what it is read from does not match its hash.
    """
    day = viewpoint.as_of
    return store.ledger(issuer, since=_after(day), until=day, known_at=viewpoint.known_at).at(day)


def _after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def opened(
    store: EventStore,
    issuer: str,
    since: date,
    known_at: datetime | None = None,
    *,
    until: date = date.max,
    look_back: timedelta | None = None,
) -> Ledger:
    """The ledger of a book for rules about days from `since` on: with the time they look back, and all that establishes terms.

    Authority is carried forward with the position; a longer time back is for the findings about it.
    Chapter 8A looks at the proportions of all days: of an issuer with weighted voting rights it is the whole book. HK322 names
    every use of a mandate since a reorganisation left open what it allows: the ledger opens before the first such day.
    """
    look_back = look_back or LOOK_BACK
    begins = max(since, date.min + look_back) - look_back
    asked: dict[str, Any] = {"until": until, "known_at": known_at, "types": LANDMARKS}
    found = store.ledger(issuer, since=begins, **asked)
    created = (entry.event for entry in found if isinstance(entry.event, ShareClassCreated))
    if found.opened_on > date.min and any(event.votes_per_share > 1 for event in created):
        return store.ledger(issuer, since=date.min, until=until, known_at=known_at)
    uneven = [each.uneven_on for each in found.opening.terms.mandates.values() if each.uneven_on is not None]
    return store.ledger(issuer, since=min(uneven), **asked) if uneven else found


@attrs.frozen(eq=False)
class KnownPosition:
    """A position; of the classes in `later` nothing is known yet: the entry brings their balance forward."""

    position: Position
    later: Mapping[str, Entry]


def balances(store: EventStore, issuer: str, viewpoint: Viewpoint) -> KnownPosition:
    """The position at a viewpoint, and what is known only later. Raises StoreDamaged as `position` does."""
    begun = in_effect(store.of_types(issuer, [BalanceBroughtForward]), viewpoint.known_at)
    later = {code: each for code, each in brought_forward(begun).items() if each.event.effective_on > viewpoint.as_of}
    return KnownPosition(position(store, issuer, viewpoint), later)


def before_the_book(store: EventStore, issuer: str, viewpoint: Viewpoint) -> tuple[str, ...]:
    """That the book begins after the day asked about, in a sentence; nothing where it does not."""
    begun = in_effect(store.of_types(issuer, [BalanceBroughtForward]), viewpoint.known_at)
    reason = not_known(begun, viewpoint.as_of)
    return () if reason is None else (reason,)


def check_begun(entries: Iterable[Entry], viewpoint: Viewpoint) -> None:
    """Refuse a day before the book begins: what stood then is not known. Raises NotFound."""
    if (reason := not_known(in_effect(entries, viewpoint.known_at), viewpoint.as_of)) is not None:
        raise NotFound(reason)


@attrs.frozen
class HistoryLine:
    """An entry of the history, the number of the entry that replaces it, and the entry that it replaces."""

    entry: Entry
    replaced_by: int | None
    replaced: Entry | None = None


def history(store: EventStore, issuer: str, known_at: datetime | None = None) -> list[HistoryLine]:
    """All entries known at an instant in the order of recording, the replaced ones too."""
    entries = known(store.entries(issuer), known_at)
    return lines(entries, entries)


def lines(entries: Iterable[Entry], beside: Iterable[Entry]) -> list[HistoryLine]:
    """Entries as lines of a history, given those that they replace and those that replace them."""
    numbered = {entry.number: entry for entry in beside}
    replaced_by = {entry.replaces: entry.number for entry in numbered.values() if entry.replaces is not None}
    return [HistoryLine(entry, replaced_by.get(entry.number), numbered.get(entry.replaces or 0)) for entry in entries]


def numbered(store: EventStore, issuer: str, numbers: Sequence[int], known_at: datetime | None = None) -> list[HistoryLine]:
    """Some entries by their numbers, in the order given; those not known at an instant are left out."""
    found = {each.number: each for each in known(store.numbered(issuer, numbers), known_at)}
    entries = [found[number] for number in numbers if number in found]
    before = {each.replaces for each in entries if each.replaces is not None} - found.keys()
    replaced = store.numbered(issuer, sorted(before)) if before else []
    return lines(entries, [*replaced, *found.values()])


def entry(store: EventStore, issuer: str, number: int, known_at: datetime | None = None) -> HistoryLine:
    """One entry by its number. Raises NotFound where there is none, or none is known at an instant."""
    for line in numbered(store, issuer, [number], known_at):
        return line
    last = store.ledger(issuer, until=date.min, known_at=known_at).number
    raise NotFound(f"there is no entry {number} in the book of {issuer}; it ends at entry {last}")


def movements(store: EventStore, issuer: str, number: int, on: date, known_at: datetime | None = None) -> tuple[Movement, ...]:
    """What an entry of a day moves at its place in the effective order; nothing if another one replaces it.

    Raises StoreDamaged as `position` does.
    """
    posted = store.ledger(issuer, since=on, until=on, known_at=known_at).passing(until=on)
    return next((each.movements for each in posted if each.entry.number == number), ())
