"""The fold: from entries in effective order to balances at a viewpoint, and what no book may hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from domain import errors, events
from domain.capital import granted, pending_cancellation
from domain.capital.accounts import (
    AGREEMENT,
    AUTHORITY,
    HELD,
    INSTRUMENT,
    ISSUABLE,
    MANDATE,
    OUTSTANDING,
    PENDING_CANCELLATION,
    RESERVED,
    SCHEME,
    SHARES,
    TOTAL_ISSUED,
    TREASURY,
    UNISSUED,
    Account,
    Movement,
    account_of,
)
from domain.capital.codes import REFERRING
from domain.capital.entries import Entry
from domain.capital.pending_cancellation import PendingPurchases
from domain.capital.position import Position
from domain.capital.postings import POSTINGS
from domain.capital.terms import APPLY_TERMS, DoesNotFit, Terms, unknown
from domain.values import EXACT, Money


class Impossible(errors.Refused):
    """A fact that cannot stand in this book: `entry` is the offending one, `field` the field at fault, if one is."""

    def __init__(self, entry: Entry, message: errors.Message, field: str | None = None) -> None:
        super().__init__(message)
        self.entry = entry
        self.message = message
        self.field = field


class Posted(NamedTuple):
    """An entry, the movements it makes at its place in the effective order, and the tranches that it cancels.

    `exercise_price` is the price of a share under the instrument exercised or converted, as it was on that day.
    """

    entry: Entry
    movements: tuple[Movement, ...]
    cancelled: PendingPurchases = ()
    exercise_price: Money | None = None


def apply(position: Position, entry: Entry) -> Posted:
    """Take one more entry into a position. Raises Impossible for unknown or doubled names, and for what does not fit."""
    event = entry.event
    kind = type(event)
    if event.effective_on > position.day:
        granted.close(position)
        position.day = event.effective_on
    _check_references(position.terms, entry)
    try:
        establish = APPLY_TERMS.get(kind)
        if establish is not None:
            establish(position.terms, event)
        posting = POSTINGS.get(kind)
        movements = () if posting is None else _in_capital(posting(event, position), position.terms)
        cancelled = pending_cancellation.follow(position.tranches, entry.number, event, movements)
    except DoesNotFit as error:
        raise Impossible(entry, str(error), error.field) from None
    totals = position.totals
    for book, code, source, target, quantity in movements:
        key = account_of(book, code, source)
        totals[key] = totals.get(key, 0) - quantity
        key = account_of(book, code, target)
        totals[key] = totals.get(key, 0) + quantity
    granted.note(position, entry, movements)
    price = position.terms.instruments[event.instrument].price if isinstance(event, _EXERCISES) else None
    return Posted(entry, movements, cancelled, price)


def _in_capital(movements: tuple[Movement, ...], terms: Terms) -> tuple[Movement, ...]:
    """The registered capital of a class is what is in issue: nothing of it is unissued, it grows and falls with each movement."""
    for book, code, _, _, _ in movements:
        if book == SHARES and terms.classes[code].registered:
            return tuple(move for each in movements if (move := _without_unissued(each, terms)).source != move.target)
    return movements


def _without_unissued(move: Movement, terms: Terms) -> Movement:
    if move.book != SHARES or not terms.classes[move.code].registered:
        return move
    source, target = (AUTHORITY if name == UNISSUED else name for name in (move.source, move.target))
    return move._replace(source=source, target=target)


_EXERCISES = (events.WarrantsExercised, events.ConvertiblesConverted)


def _check_references(terms: Terms, entry: Entry) -> None:
    event = entry.event
    for field, kind in REFERRING[type(event)]:
        said = getattr(event, field)
        for code in said if type(said) is tuple else (said,):
            if code is not None and not terms.has(kind, code):
                raise Impossible(entry, unknown(terms, kind, code, event.effective_on), field)


def replay(ordered: Iterable[Entry], position: Position) -> Iterator[Posted]:
    """Fold entries that stand in effective order into a position, giving each with its movements.

    Raises Impossible if an account would be below its floor at close of any day, or a name is unknown.
    """
    day: list[Posted] = []
    for entry in ordered:
        if day and day[-1].entry.event.effective_on != entry.event.effective_on:
            check_close(position, day)
            day = []
        day.append(apply(position, entry))
        yield day[-1]
    if day:
        check_close(position, day)


def check_close(position: Position, day: list[Posted]) -> None:
    """Refuse a day whose movements leave an account below zero at its close, or a class abolished with shares in it.

    Raises Impossible.
    """
    for posted in day:
        if isinstance(posted.entry.event, events.ShareClassAbolished):
            _check_empty(position, posted.entry, posted.entry.event.share_class)
        for move in posted.movements:
            account = account_of(move.book, move.code, move.source)
            if position.totals[account] < 0 and has_floor(position.terms, account):
                raise _shortfall(position, account, day)


def _check_empty(position: Position, entry: Entry, code: str) -> None:
    left = position.balance(code)
    for number, what in ((left.total_issued, "in issue"), (left.authorised or 0, "authorised")):
        if number:
            raise Impossible(entry, f"class {code} still has {number:,} shares {what}", "share_class")


def has_floor(terms: Terms, account: Account) -> bool:
    """Whether an account may not be below zero: no share can be where none is.

    What the members allow may be exceeded in fact, and is then a finding: mandates and scheme limits have no floor.
    """
    if account.book == SHARES:
        return account.name in (HELD, TREASURY, PENDING_CANCELLATION) or (
            account.name == UNISSUED and terms.classes[account.code].authorised
        )
    return account.name in (OUTSTANDING, RESERVED)


_SHORTFALLS = {
    (SHARES, HELD): "shares of class {code} in members' hands",
    (SHARES, TREASURY): "treasury shares of class {code}",
    (SHARES, PENDING_CANCELLATION): "shares of class {code} pending cancellation",
    (SCHEME, OUTSTANDING): "options or awards outstanding under scheme {code}",
    (INSTRUMENT, OUTSTANDING): "the amount outstanding of instrument {code}",
    (ISSUABLE, OUTSTANDING): "shares that may be issued on instrument {code}",
    (AGREEMENT, OUTSTANDING): "shares to be issued under agreement {code}",
    (MANDATE, RESERVED): "shares reserved under mandate {code}",
}


def _shortfall(position: Position, account: Account, day: list[Posted]) -> Impossible:
    """The first recorded entry of a day that takes more from an account than is left for it at close."""
    recorded = sorted(day, key=lambda posted: posted.entry.number)
    taken = [(posted.entry, quantity) for posted in recorded if (quantity := _taken(posted, account))]
    there = position.totals[account] + sum(quantity for _, quantity in taken)
    before = accumulate((quantity for _, quantity in taken), initial=0)
    entry, quantity, left = next(
        (*each, there - gone) for each, gone in zip(taken, before, strict=False) if each[1] > there - gone
    )
    return Impossible(entry, _too_much(position, account, entry, quantity, left))


def _taken(posted: Posted, account: Account) -> int:
    return sum(move.quantity for move in posted.movements if account_of(move.book, move.code, move.source) == account)


def _too_much(position: Position, account: Account, entry: Entry, quantity: int, left: int) -> str:
    below, day = position.totals[account], f"{entry.event.effective_on:%-d %B %Y}"
    if account.name == UNISSUED:
        issued = position.total(SHARES, account.code, *TOTAL_ISSUED)
        if not issued + below:
            none = "no authorised capital yet: record authorised-capital-increased first"
            return f"class {account.code} has {none}{_without_capital(position, account.code)} ({label(entry)})"
        above = f"{-below:,} above the {issued + below:,} authorised"
        return (
            f"issued shares of class {account.code} would be {issued:,} at close of {day}, {above} ({label(entry)}, {quantity:,})"
        )
    what = _SHORTFALLS[account.book, account.name].format(code=account.code)
    short, taken, there = (_units(position, account, each) for each in (below, quantity, left))
    return f"{what} would be {short} at close of {day} ({label(entry)}, {taken} of {there})"


def _units(position: Position, account: Account, quantity: int) -> str:
    """A quantity as people write it: the book keeps a convertible in hundredths of its currency."""
    currency = position.terms.instruments[account.code].currency if account.book == INSTRUMENT else None
    return f"{currency} {EXACT.scaleb(Decimal(quantity), -2):,f}" if currency else f"{quantity:,}"


def _without_capital(position: Position, code: str) -> str:
    """A hint where an issuer has no authorised capital, as companies incorporated in Hong Kong have none since March 2014."""
    issuer, share = position.terms.issuer, position.terms.classes[code]
    of_hong_kong = issuer is not None and "hong kong" in (issuer.incorporated_in or "").lower()
    if not of_hong_kong and share.par_value is not None:
        return ""
    return "; or, as for an issuer incorporated in Hong Kong, record the class with authorised: no"


def label(entry: Entry) -> str:
    """An entry as messages name it: number, event, day."""
    return f"entry {entry.number}, {events.in_words(type(entry.event))}, {entry.event.effective_on:%-d %B %Y}"
