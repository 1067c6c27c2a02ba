"""Subdivision and consolidation: how every balance that counts shares scales, and what may not be a fraction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.accounts import (
    AGREEMENT,
    AUTHORISED,
    AUTHORITY,
    AVAILABLE,
    EXTENSION,
    HEADROOM,
    HELD,
    ISSUABLE,
    MANDATE,
    OUTSTANDING,
    PENDING_CANCELLATION,
    PROVIDERS,
    RESERVED,
    SCHEME,
    SHARES,
    TREASURY,
    UNISSUED,
    USED,
    Movement,
    total,
)
from domain.facts import Unfit, covered, nearest, scale
from domain.position import Position


def reorganised(event: Any, position: Position) -> tuple[Movement, ...]:
    """The movements of a subdivision or consolidation: from the members' authority into every account, or back.

    Raises Unfit where a balance of shares, options or rights would become a fraction and the event does not say what
    became of it.
    """
    codes = covered(position.facts, event)
    moves = [move for code in codes for move in _class(event, position, code)]
    moves += _rights(event, position, codes)
    if set(codes) == set(position.facts.classes):
        moves += [move for code in position.facts.mandates for move in _mandate(event, position, code)]
    else:
        moves += _reserved(event, position, codes)
    return tuple(moves)


def _moved(book: str, code: str, account: str, before: int, after: int) -> Iterator[Movement]:
    if after > before:
        yield Movement(book, code, AUTHORITY, account, after - before)
    elif before > after:
        yield Movement(book, code, account, AUTHORITY, before - after)


def _scaled(event: Any, number: int, what: str) -> int:
    times, by = scale(event)
    if number * times % by and getattr(event, "fractions", None) is None:
        words = f"{what}, {number:,}, do not divide by {by:,}"
        raise Unfit("fractions", f"{words}; say what became of the fractions with fractions: cancelled")
    return number * times // by


def _class(event: Any, position: Position, code: str) -> Iterator[Movement]:
    """The accounts of a class. What is unissued is what the scaled authority leaves, not a scaled remainder of its own."""
    authorised = _scaled(event, total(position.totals, SHARES, code, AUTHORISED), f"authorised shares of class {code}")
    names = {HELD: "in members' hands", TREASURY: "in treasury", PENDING_CANCELLATION: "pending cancellation"}
    issued = 0
    for account, where in names.items():
        before = position.total(SHARES, code, account)
        after = _scaled(event, before, f"shares of class {code} {where}")
        issued += after
        yield from _moved(SHARES, code, account, before, after)
    yield from _moved(SHARES, code, UNISSUED, position.total(SHARES, code, UNISSUED), authorised - issued)


def _rights(event: Any, position: Position, codes: list[str]) -> Iterator[Movement]:
    """Options, awards, instruments and agreements over the classes reorganised."""
    registers = ((SCHEME, position.facts.schemes), (ISSUABLE, position.facts.instruments), (AGREEMENT, position.facts.agreements))
    for book, register in registers:
        for code, right in register.items():
            if right.share_class in codes:
                before = position.total(book, code, OUTSTANDING)
                yield from _moved(book, code, OUTSTANDING, before, _scaled(event, before, f"shares outstanding under {code}"))
                yield from _nearest(event, position, book, code, AVAILABLE)
    for code, scheme in position.facts.schemes.items():
        if scheme.share_class in codes:
            yield from _nearest(event, position, PROVIDERS, code, AVAILABLE)
            yield from _nearest(event, position, PROVIDERS, code, USED)


def _nearest(event: Any, position: Position, book: str, code: str, account: str) -> Iterator[Movement]:
    """What may be granted scales to the nearest whole share (rule 17.03B)."""
    times, by = scale(event)
    before = position.total(book, code, account)
    yield from _moved(book, code, account, before, nearest(before * times, by))


def _reserved(event: Any, position: Position, codes: list[str]) -> Iterator[Movement]:
    """Where one class is reorganised alone its mandates stay, but its agreements reserve another number under them."""
    for code, agreed in position.facts.agreements.items():
        if agreed.share_class in codes and agreed.mandate is not None:
            before = position.total(AGREEMENT, code, OUTSTANDING)
            more = _scaled(event, before, f"shares outstanding under {code}") - before
            source, target = (HEADROOM, RESERVED) if more > 0 else (RESERVED, HEADROOM)
            if more:
                yield Movement(MANDATE, agreed.mandate, source, target, abs(more))


def _used(event: Any, position: Position, code: str) -> int:
    """What was used, rounded up. What was used before the book begins is counted in the shares of the day it was counted on."""
    mandate, (times, by) = position.facts.mandates[code], scale(event)
    counted_later = mandate.counted_on is not None and event.effective_on <= mandate.counted_on
    unscaled = mandate.used_before or 0 if counted_later else 0
    return unscaled - (-(position.total(MANDATE, code, USED) - unscaled) * times // by)


def _mandate(event: Any, position: Position, code: str) -> Iterator[Movement]:
    """A mandate keeps its percentage: its limit is taken anew from the scaled base, what was used rounds against it.

    What is reserved is what its agreements still have to issue, so that their completion leaves nothing over.
    """
    times, by = scale(event)
    used = _used(event, position, code)
    agreed = [name for name, agreement in position.facts.agreements.items() if agreement.mandate == code]
    reserved = sum(position.total(AGREEMENT, name, OUTSTANDING) * times // by for name in agreed)
    extended = -position.total(MANDATE, code, EXTENSION) * times // by
    left = position.facts.mandates[code].limit + extended - used - reserved
    for account, after in ((EXTENSION, -extended), (USED, used), (RESERVED, reserved), (HEADROOM, left)):
        yield from _moved(MANDATE, code, account, position.total(MANDATE, code, account), after)
