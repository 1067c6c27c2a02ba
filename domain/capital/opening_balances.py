"""Opening balances include everything until close of their day: a fact of that day, or before it, would count twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import takewhile

from domain import events
from domain.capital.accounts import OUTSTANDING, SCHEME, SHARES, TOTAL_ISSUED
from domain.capital.balances import Posted
from domain.capital.entries import Entry, in_effect
from domain.capital.ledger import Ledger
from domain.events import Event
from domain.values import day_text

OPENING_BALANCES: tuple[type[Event], ...] = (events.BalanceBroughtForward, events.SchemeBalanceBroughtForward)

_HELD = {SHARES: TOTAL_ISSUED, SCHEME: (OUTSTANDING,)}
"""The accounts of which an opening balance says what is in them."""

Key = tuple[str, str]


def by_what(entries: Iterable[Entry]) -> Mapping[Key, Sequence[Entry]]:
    """The opening balances among entries in effect, by class or scheme."""
    balances: dict[Key, list[Entry]] = {}
    for each in entries:
        if isinstance(each.event, OPENING_BALANCES):
            balances.setdefault(_key(each), []).append(each)
    return balances


def counted_twice(ledger: Ledger, opening_balances: Sequence[Entry], fresh: Collection[int]) -> Iterator[tuple[Entry, str]]:
    """The entries among the `fresh` ones that count something twice, each with the reason.

    The ledger opens before the first day that the fresh ones say anything of. `opening_balances` are all of the book, with what
    replaces them.
    """
    balances = by_what(in_effect(opening_balances))
    for balance in (each for found in balances.values() for each in found if each.number in fresh):
        book, code = _key(balance)
        if any(ledger.opening.total(book, code, account) for account in _HELD[book]):
            yield balance, f"facts about {_what(balance)} of days until {_day(balance)} are recorded, and would count twice"
    for entry, balance in held_twice(ledger.passing(), balances):
        if not {entry.number, balance.number}.isdisjoint(fresh):
            at_fault = entry if entry.number in fresh else balance
            other = f"entry {balance.number}" if at_fault is entry else f"with entry {entry.number}"
            yield at_fault, f"{balance_of(balance)} holds it already ({other}): it would count twice"


def held_twice(posted: Iterable[Posted], balances: Mapping[Key, Sequence[Entry]]) -> Iterator[tuple[Entry, Entry]]:
    """Each entry that an opening balance includes, as it was posted by close of that day, and the balance."""
    last = max((each.event.effective_on for found in balances.values() for each in found), default=date.min)
    for each in takewhile(lambda each: each.entry.event.effective_on <= last, posted):
        entry = each.entry
        moved = {move[:2] for move in each.movements if move.book in _HELD and {move.source, move.target} & {*_HELD[move.book]}}
        for balance in (found for key in sorted(moved) for found in balances.get(key, ())):
            if balance is not entry and entry.event.effective_on <= balance.event.effective_on:
                yield entry, balance


def is_held(entry: Entry, balances: Mapping[Key, Sequence[Entry]]) -> bool:
    """Whether an opening balance of a fact's class or scheme, of its day or a later one, includes it."""
    about = ((SHARES, entry.event.share_class), (SCHEME, entry.event.scheme))
    held = (each for book, code in about for each in balances.get((book, str(code)), ()))
    return any(entry.event.effective_on <= each.event.effective_on for each in held)


def balance_of(balance: Entry) -> str:
    """An opening balance in words."""
    return f"the balance of {_what(balance)} at close of {_day(balance)}"


def _key(balance: Entry) -> Key:
    event = balance.event
    return (
        (SCHEME, str(event.scheme)) if isinstance(event, events.SchemeBalanceBroughtForward) else (SHARES, str(event.share_class))
    )


def _what(balance: Entry) -> str:
    book, code = _key(balance)
    return f"{'scheme' if book == SCHEME else 'class'} {code}"


def _day(balance: Entry) -> str:
    return day_text(balance.event.effective_on)
