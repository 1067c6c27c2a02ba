"""What is recorded and yet irregular: an assertion that does not hold, a mandate exceeded. All findings, always."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import attrs

from domain import events
from domain.accounts import AVAILABLE, HEADROOM, MANDATE, SCHEME
from domain.balances import Posted, apply
from domain.history import Entry, in_effect
from domain.position import Position
from domain.securities import Lot, average_price
from domain.tranches import total_paid


@attrs.frozen
class Finding:
    """Something irregular: a stable code, a sentence, the entries it rests on, its rule and how sure we are of it."""

    code: str
    message: str
    entries: tuple[int, ...]
    citation: str
    confidence: str


def findings(entries: Iterable[Entry], as_of: date | None = None) -> tuple[Finding, ...]:
    """Every finding in a book, in effective order, up to a day (all of it where None)."""
    return tuple(_findings(in_effect(entries), as_of))


def _findings(ordered: list[Entry], as_of: date | None) -> Iterator[Finding]:
    position = Position()
    for entry in ordered:
        if as_of is not None and entry.event.effective_on > as_of:
            return
        posted = apply(position, entry)
        for check in CHECKS:
            yield from check(position, posted)


def _balance_confirmed(position: Position, posted: Posted) -> Iterator[Finding]:
    entry, event = posted.entry, posted.entry.event
    if not isinstance(event, events.BalanceConfirmed):
        return
    ours = position.balance(event.share_class)
    for name in ("issued_excluding_treasury", "treasury", "authorised"):
        said, held = getattr(event, name), getattr(ours, name)
        if said is not None and said != held:
            words = f"{event.document} says {said:,}, the book {'has none' if held is None else f'{held:,}'}"
            message = f"{name.replace('_', ' ')} of class {event.share_class} at close of {event.effective_on:%-d %B %Y}: {words}"
            yield Finding("HK101", message, (entry.number,), "assertion of balance", "verified")


def _mandate_exceeded(position: Position, posted: Posted) -> Iterator[Finding]:
    entry = posted.entry
    for code in (move.code for move in posted.movements if move.book == MANDATE and move.source == HEADROOM):
        left = position.total(MANDATE, code, HEADROOM)
        if left < 0 and not isinstance(entry.event, _SCALES):
            message = f"mandate {code} is exceeded by {_shares(-left)} on {entry.event.effective_on:%-d %B %Y}"
            yield Finding("HK302", message, (entry.number,), "Main Board Rules 13.36(2)(b), 10.06(1)(c)", "unverified")


_SCALES = (events.SharesSubdivided, events.SharesConsolidated)


def _shares(number: int) -> str:
    return f"{number:,} share" + ("" if number == 1 else "s")


def _scheme_limit_exceeded(position: Position, posted: Posted) -> Iterator[Finding]:
    entry, event = posted.entry, posted.entry.event
    if isinstance(event, events.OptionsGranted | events.AwardsGranted) and position.facts.schemes[event.scheme].limit is not None:
        left = position.total(SCHEME, event.scheme, AVAILABLE)
        if left < 0:
            message = f"scheme {event.scheme} is granted {_shares(-left)} beyond its limit on {event.effective_on:%-d %B %Y}"
            yield Finding("HK401", message, (entry.number,), "Main Board Rule 17.03B", "verified")


def _price_differs(_: Position, posted: Posted) -> Iterator[Finding]:
    """The printed price is data: where what was paid, divided by the number, is another, somebody should look."""
    entry = posted.entry
    event: Any = entry.event
    for trade in getattr(event, "trades", ()):
        if trade.price is not None and trade.price.times(trade.shares) != trade.paid:
            total = trade.price.times(trade.shares)
            message = f"{trade.shares:,} shares at {trade.price} come to {total}, the report says {trade.paid} was paid"
            yield Finding("HK201", message, (entry.number,), "FF305 Section II", "verified")
    if getattr(event, "trades", ()) and event.price is not None:
        decimals = max(2, -event.price.amount.as_tuple().exponent)
        average = average_price([Lot(event.shares, None, total_paid(event.trades))], decimals)
        if average != event.price:
            message = f"the trades of {event.effective_on:%-d %B %Y} average {average} a share, the entry says {event.price}"
            yield Finding("HK202", message, (entry.number,), "FF305 Note 4", "verified")


CHECKS = (_balance_confirmed, _mandate_exceeded, _scheme_limit_exceeded, _price_differs)
