"""Subdivision and consolidation: how every balance that counts shares scales, and what may not be a fraction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import attrs

from domain import events
from domain.capital.accounts import (
    AGREEMENT,
    AUTHORISED,
    AUTHORITY,
    AVAILABLE,
    EXTENSION,
    HEADROOM,
    HELD,
    INSTRUMENT,
    ISSUABLE,
    MANDATE,
    OUTSTANDING,
    PENDING_CANCELLATION,
    PROVIDERS,
    RESERVED,
    SCHEME,
    SHARES,
    TOTAL_ISSUED,
    TREASURY,
    UNISSUED,
    USED,
    Movement,
)
from domain.capital.position import MandateBefore, Position, Reorganisations
from domain.capital.terms import DoesNotFit, Reorganised, classes_counted, covered, nearest, scale
from domain.values import EXACT, MOST_DECIMALS, Money


def reorganised(event: Reorganised, position: Position) -> tuple[Movement, ...]:
    """The movements of a subdivision or consolidation: from the members' authority into every account, or back.

    Prices of rights over the classes, and what mandates allow, follow. Raises Unfit if the shares of a class do not divide
    and the event does not say what happened to the fractions, or a price does not divide and no new one is given.
    """
    codes = covered(position.terms, event)
    _reprice(event, position, codes)
    moves = [move for code in codes for move in _class(event, position, code)]
    rights = list(_rights(event, position, codes))
    day = _day(event, position, codes)
    position.reorganisations = day
    return (*moves, *rights, *(move for code in position.terms.mandates for move in _mandate(position, code, day, rights)))


def _moved(book: str, code: str, account: str, before: int, after: int) -> Iterator[Movement]:
    if after > before:
        yield Movement(book, code, AUTHORITY, account, after - before)
    elif before > after:
        yield Movement(book, code, account, AUTHORITY, before - after)


# --- the shares of a class ----------------------------------------------------------------------------------------


def _class(event: Reorganised, position: Position, code: str) -> Iterator[Movement]:
    """The accounts of a class. The class is rounded once, and the issuer's own shares by themselves; members hold the rest."""
    ratio = Fraction(*scale(event))
    issued = _issued(event, code, position.total(SHARES, code, *TOTAL_ISSUED))
    authorised = position.total(SHARES, code, *AUTHORISED)
    _check_divides(event, authorised, f"authorised shares of class {code}")
    own = {name: floor(position.total(SHARES, code, name) * ratio) for name in (TREASURY, PENDING_CANCELLATION)}
    after = {HELD: issued - sum(own.values()), **own, UNISSUED: floor(authorised * ratio) - issued}
    for name, number in after.items():
        yield from _moved(SHARES, code, name, position.total(SHARES, code, name), number)


def _issued(event: Reorganised, code: str, before: int) -> int:
    exact = before * Fraction(*scale(event))
    if isinstance(event, events.SharesSubdivided) or event.issued is None:
        _check_divides(event, before, f"issued shares of class {code}")
        return floor(exact)
    fewer = event.fractions == "cancelled"
    if event.issued > exact if fewer else event.issued < exact:
        bound = f"at most {floor(exact):,}" if fewer else f"at least {ceil(exact):,}"
        raise DoesNotFit("issued", f"expected {bound} for class {code}, got {event.issued:,}")
    return event.issued


def _check_divides(event: Reorganised, number: int, what: str) -> None:
    times, by = scale(event)
    if number * times % by and not (isinstance(event, events.SharesConsolidated) and event.fractions):
        words = f"the {number:,} {what} do not divide by {by:,}"
        raise DoesNotFit("fractions", f"{words}; say what happened to the fractions: sold, cancelled or rounded up")


# --- rights over the class ----------------------------------------------------------------------------------------


def _reprice(event: Reorganised, position: Position, codes: list[str]) -> None:
    """Prices of instruments and agreements, and the floors of those that float, go the other way than numbers.

    Raises DoesNotFit for a price that does not divide and is not given.
    """
    times, by = scale(event)
    given = {each.right: each.price for each in event.prices}
    registers: tuple[tuple[str, dict[str, Any]], ...] = (
        (INSTRUMENT, position.terms.instruments),
        (AGREEMENT, position.terms.agreements),
    )
    for book, register in registers:
        for code, right in register.items():
            if right.share_class not in codes or not position.total(book, code, OUTSTANDING):
                continue
            if getattr(right, "floor", None) is not None:
                right = attrs.evolve(right, floor=_lowered(right.floor, times, by))
            if right.price is not None:
                right = attrs.evolve(right, price=given.pop(code) if code in given else _divided(right, times, by))
            register[code] = right
    if given:
        raise DoesNotFit(
            "prices", f"there is no price to adjust of {next(iter(given))}: nothing of it is outstanding, or it has none"
        )


def _divided(right: Any, times: int, by: int) -> Any:
    try:
        return right.price.times(by).divided(times)
    except ValueError as error:
        raise DoesNotFit("prices", f"{error}: give the new price of {right.code}, as its terms adjust it") from None


def _lowered(floor_price: Money, times: int, by: int) -> Money:
    """A floor divided; rounded down to the decimals that money has, so that it bounds no share away that may be issued."""
    units = int(EXACT.scaleb(floor_price.times(by).amount, MOST_DECIMALS)) // times
    return Money(floor_price.currency, EXACT.scaleb(Decimal(max(units, 1)), -MOST_DECIMALS))


def _rights(event: Reorganised, position: Position, codes: Iterable[str]) -> Iterator[Movement]:
    """Options, awards, instruments and agreements over the classes reorganised; a fraction of a share is not a right to one."""
    times, by = scale(event)
    registers = ((SCHEME, position.terms.schemes), (ISSUABLE, position.terms.instruments), (AGREEMENT, position.terms.agreements))
    for book, register in registers:
        for code, right in register.items():
            if right.share_class in codes:
                before = position.total(book, code, OUTSTANDING)
                yield from _moved(book, code, OUTSTANDING, before, before * times // by)
                yield from _nearest(event, position, book, code, AVAILABLE)
    for code, scheme in position.terms.schemes.items():
        if scheme.share_class in codes:
            yield from _nearest(event, position, PROVIDERS, code, AVAILABLE)
            yield from _nearest(event, position, PROVIDERS, code, USED)


def _nearest(event: Reorganised, position: Position, book: str, code: str, account: str) -> Iterator[Movement]:
    """What may be granted scales to the nearest whole share (rule 17.03B)."""
    times, by = scale(event)
    before = position.total(book, code, account)
    yield from _moved(book, code, account, before, nearest(before * times, by))


# --- mandates -----------------------------------------------------------------------------------------------------


def _day(event: Reorganised, position: Position, codes: Iterable[str]) -> Reorganisations:
    """The day's reorganisations with this one; several facts of one day are one reorganisation to a mandate."""
    day = position.reorganisations
    if day is None or day.on != event.effective_on:
        day = _opened(event.effective_on, position)
    ratio = Fraction(*scale(event))
    return attrs.evolve(day, ratios={**day.ratios, **{code: day.ratios.get(code, 1) * ratio for code in codes}})


def _opened(on: date, position: Position) -> Reorganisations:
    mandates = {
        code: MandateBefore(mandate, position.total(MANDATE, code, USED), -position.total(MANDATE, code, EXTENSION))
        for code, mandate in position.terms.mandates.items()
    }
    issued = {code: position.total(SHARES, code, *TOTAL_ISSUED) for code in position.terms.classes}
    return Reorganisations(on, issued, mandates, {})


def _factor(codes: Iterable[str], day: Reorganisations) -> tuple[Fraction, bool]:
    """By how much the issued shares of some classes are multiplied in a day, and whether all of them by as much."""
    issued = {code: day.issued.get(code, 0) for code in codes}
    there = {code: number for code, number in issued.items() if number} or issued
    ratios = {code: day.ratios.get(code, Fraction(1)) for code in there}
    if len(set(ratios.values())) <= 1:
        return next(iter(ratios.values()), Fraction(1)), True
    before, after = sum(there.values()), sum((ratios[code] * number for code, number in there.items()), Fraction(0))
    # Where no share is there yet, before a book begins, nobody can say how much each class counts.
    return (Fraction(after, before) if before else Fraction(1)), False


def _mandate(position: Position, code: str, day: Reorganisations, rights: Iterable[Movement]) -> Iterator[Movement]:
    """A mandate keeps its percentage: its base and what was used of it scale with the classes it counts, use rounded up.

    What is reserved is what its agreements still have to issue, so that their completion leaves nothing over.
    """
    before = day.mandates[code]
    mandate = before.mandate
    factor, even = _factor(classes_counted(position.terms, mandate), day)
    # What an earlier fact of today made uneven is forgotten where this one makes it even; another day's stays.
    scaled = attrs.evolve(mandate, scaled=mandate.scaled * factor, uneven_on=mandate.uneven_on if even else day.on)
    position.terms.mandates[code] = scaled
    unscaled = mandate.used_before or 0 if mandate.counted_on is not None and day.on <= mandate.counted_on else 0
    used, extended = unscaled + ceil((before.used - unscaled) * factor), floor(before.extended * factor)
    reserved = _reserved(position, code, rights)
    left = scaled.limit + extended - used - reserved
    for account, after in ((EXTENSION, -extended), (USED, used), (RESERVED, reserved), (HEADROOM, left)):
        yield from _moved(MANDATE, code, account, position.total(MANDATE, code, account), after)


def _reserved(position: Position, mandate: str, rights: Iterable[Movement]) -> int:
    agreed = [code for code, agreement in position.terms.agreements.items() if agreement.mandate == mandate]
    shift = sum(
        move.quantity * ((move.target == OUTSTANDING) - (move.source == OUTSTANDING))
        for move in rights
        if move.book == AGREEMENT and move.code in agreed
    )
    return sum(position.total(AGREEMENT, code, OUTSTANDING) for code in agreed) + shift
