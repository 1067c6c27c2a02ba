"""Ask the book: balances, history and single entries, at any date and as known at any moment."""

from __future__ import annotations

from datetime import datetime

import attrs

from application.ports import EventStore
from domain.balances import position_at
from domain.history import Entry, Viewpoint, known
from domain.position import Position


class NotFound(Exception):
    """What was asked for is not in the store; the message says what there is instead."""


def which_issuer(store: EventStore, wanted: str | None) -> str:
    """The issuer whose book is meant: the one named, or the only one there is. Raises NotFound."""
    issuers = store.issuers()
    if wanted is not None:
        if wanted in issuers:
            return wanted
        raise NotFound(f"no book of issuer {wanted}; this store has: {', '.join(issuers) or 'none'}")
    if len(issuers) == 1:
        return issuers[0]
    if not issuers:
        raise NotFound("this store is empty: begin with captable record issuer-registered")
    raise NotFound(f"this store has several issuers; name one with --issuer: {', '.join(issuers)}")


def position(store: EventStore, issuer: str, viewpoint: Viewpoint) -> Position:
    """Facts and totals at close of a day, as known at an instant."""
    return position_at(store.entries(issuer), viewpoint)


@attrs.frozen
class Line:
    """An entry of the history, and the number of the entry that replaces it, if one does."""

    entry: Entry
    replaced_by: int | None


def history(store: EventStore, issuer: str, known_at: datetime | None = None) -> list[Line]:
    """All entries known at an instant in the order of recording, the replaced ones too."""
    entries = known(store.entries(issuer), known_at)
    replaced_by = {entry.replaces: entry.number for entry in entries if entry.replaces is not None}
    return [Line(entry, replaced_by.get(entry.number)) for entry in entries]


def entry(store: EventStore, issuer: str, number: int) -> Line:
    """One entry by its number. Raises NotFound."""
    for line in history(store, issuer):
        if line.entry.number == number:
            return line
    raise NotFound(f"there is no entry {number} in the book of {issuer}; it ends at entry {store.head(issuer).number}")
