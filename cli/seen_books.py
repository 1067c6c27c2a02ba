"""The books of a store as tables for SQL see them: as known at a moment, with mandates and findings of a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from application.ask import which_issuer
from application.due import at_close
from application.ports import EventStore
from cli import wiring
from domain.capital.entries import known
from infrastructure.query_tables import QueriedBook, Seen


def seen_books(
    store: EventStore, issuer: str | None, as_of: date | None, known_at: datetime | None, calendar: str | None
) -> Iterator[QueriedBook]:
    """The book of an issuer, or all of them, each read when it is reached; findings are those of `captable check`."""
    seen = Seen(as_of, at_close(as_of) if as_of else wiring.clock(), partial(wiring.trading_days, calendar))
    for code in [which_issuer(store, issuer)] if issuer else store.issuers():
        yield QueriedBook(code, known(store.entries(code), known_at), seen)
