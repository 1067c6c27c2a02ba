"""What is recorded and yet irregular: an assertion that does not hold, a mandate exceeded. All findings, always."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import attrs

from domain import events
from domain.accounts import AVAILABLE, MANDATE, SCHEME, Account
from domain.balances import apply
from domain.position import Position
from domain.securities import Lot, average_price
from domain.tranches import total_paid
from domain.history import Entry, in_effect


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
        apply(position, entry)
        for check in CHECKS:
            yield from check(position, entry)


def _balance_confirmed(position: Position, entry: Entry) -> Iterator[Finding]:
    event = entry.event
    if not isinstance(event, events.BalanceConfirmed):
        return
    ours = position.balance(event.share_class)
    for name in ("issued_excluding_treasury", "treasury", "authorised"):
        said, held = getattr(event, name), getattr(ours, name)
        if said is not None and said != held:
            words = f"{event.document} says {said:,}, the book {held if held is None else f'{held:,}'}"
            message = f"{name.replace('_', ' ')} of class {event.share_class} at close of {event.effective_on:%-d %B %Y}: {words}"
            yield Finding("HK101", message, (entry.number,), "assertion of balance", "verified")


def _mandate_exceeded(position: Position, entry: Entry) -> Iterator[Finding]:
    event: Any = entry.event
    code = getattr(event, "mandate", None)
    left = position.totals.get(Account(MANDATE, code, "headroom"), 0) if code else 0
    if left < 0 and not isinstance(event, events.MandateGranted):
        message = f"mandate {code} is exceeded by {-left:,} shares at close of {event.effective_on:%-d %B %Y}"
        yield Finding("HK302", message, (entry.number,), "Main Board Rules 13.36(2)(b), 10.06(1)(c)", "unverified")


def _scheme_limit_exceeded(position: Position, entry: Entry) -> Iterator[Finding]:
    event = entry.event
    if isinstance(event, events.OptionsGranted) and position.facts.schemes[event.scheme].limit is not None:
        left = position.totals.get(Account(SCHEME, event.scheme, AVAILABLE), 0)
        if left < 0:
            message = f"scheme {event.scheme} is granted {-left:,} shares beyond its limit at close of {event.effective_on:%-d %B %Y}"
            yield Finding("HK401", message, (entry.number,), "Main Board Rule 17.03B", "verified")


def _price_differs(_: Position, entry: Entry) -> Iterator[Finding]:
    """The printed price is data: where what was paid, divided by the number, is another, somebody should look."""
    event: Any = entry.event
    for trade in getattr(event, "trades", ()):
        if trade.price is not None and trade.price.times(trade.shares) != trade.paid:
            message = f"{trade.shares:,} shares at {trade.price} come to {trade.price.times(trade.shares)}, the report says {trade.paid} was paid"
            yield Finding("HK201", message, (entry.number,), "FF305 Section II", "verified")
    if getattr(event, "trades", ()) and event.price is not None:
        decimals = max(2, -event.price.amount.as_tuple().exponent)
        average = average_price([Lot(event.shares, None, total_paid(event.trades))], decimals)
        if average != event.price:
            message = f"the trades of {event.effective_on:%-d %B %Y} average {average} a share, the entry says {event.price}"
            yield Finding("HK202", message, (entry.number,), "FF305 Note 4", "verified")


CHECKS = (_balance_confirmed, _mandate_exceeded, _scheme_limit_exceeded, _price_differs)
