"""The issuers of a store, and the last entry of each book."""

from __future__ import annotations

from datetime import date, datetime

import attrs

from application.ports import EventStore, Head, StoreDamaged


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


def books(store: EventStore) -> list[BookSummary]:
    """Every book of a store, in order of the issuers' codes."""
    return [_listed(store, code) for code in store.issuers()]


def _listed(store: EventStore, code: str) -> BookSummary:
    head, damage, issuer = Head(0, "", None), None, None
    try:
        head = store.head(code)
        issuer = store.ledger(code).at(date.max).terms.issuer
    except StoreDamaged as error:
        damage = str(error)
    name, chinese_name = (issuer.name, issuer.chinese_name) if issuer else (None, None)
    return BookSummary(code, name, chinese_name, head.number, head.recorded_at, damage)
