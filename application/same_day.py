"""Facts of a day of which the book has other ones of the same kind: a sheet that grew in the afternoon is not a second one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

import attrs

from application.ports import EventStore
from domain.capital.entries import Draft, Entry
from domain.events import Event
from domain.events.buy_backs import TradedShares


@attrs.frozen
class SameDay:
    """Trades that are about to be recorded, and the entries that the book has of the same day, class and kind."""

    event: TradedShares
    entries: tuple[Entry, ...]


def same_day(store: EventStore, issuer: str, drafts: Sequence[Draft]) -> Iterator[SameDay]:
    """The trades among drafts of whose day the book has others, and not the same."""
    traded = [draft.event for draft in drafts if isinstance(draft.event, TradedShares)]
    if not traded:
        return
    days = [event.effective_on for event in traded]
    there: dict[tuple[type[Event], date, str], list[Entry]] = defaultdict(list)
    for entry in store.ledger(issuer, since=min(days), until=max(days)).in_effect:
        if isinstance(entry.event, TradedShares):
            there[_day(entry.event)].append(entry)
    for event in traded:
        held = there.get(_day(event), [])
        if held and all(entry.event != event for entry in held):
            yield SameDay(event, tuple(held))


def _day(event: TradedShares) -> tuple[type[Event], date, str]:
    return type(event), event.effective_on, event.share_class
