"""The issuers of a store: whose books it holds, and where each ends."""

from __future__ import annotations

from datetime import date, datetime

import attrs

from application.ports import EventStore, Head, StoreDamaged
from domain import events
from domain.capital.entries import Viewpoint, in_effect
from domain.capital.terms import Terms
from domain.restatement import facts_of


@attrs.frozen
class BookSummary:
    """A book in the list: the issuer's code and names, how many entries it has, when the last one was recorded.

    `damage` says what is wrong where the book cannot be read.
    """

    issuer: str
    name: str | None
    chinese_name: str | None
    entries: int
    recorded_at: datetime | None
    damage: str | None = None


def listed(store: EventStore) -> list[BookSummary]:
    """Every book of a store, in order of the issuers' codes."""
    return [_listed(store, code) for code in store.issuers()]


def _listed(store: EventStore, code: str) -> BookSummary:
    head, damage, issuer = Head(0, "", None), None, None
    try:
        head = store.head(code)
        issuer = _facts(store, code).issuer
    except StoreDamaged as error:
        damage = str(error)
    name, chinese_name = (issuer.name, issuer.chinese_name) if issuer else (None, None)
    return BookSummary(code, name, chinese_name, head.number, head.recorded_at, damage)


def _facts(store: EventStore, code: str) -> Terms:
    """What is established of an issuer by now: by the tables where they tell, by reading the book where not."""
    tabled = store.tabled(code, Viewpoint(date.max))
    if tabled is not None:
        return facts_of(tabled.standing, date.max)
    named = (events.IssuerRegistered, events.IssuerDetailsChanged)
    return facts_of([entry for entry in in_effect(store.entries(code)) if isinstance(entry.event, named)], date.max)
