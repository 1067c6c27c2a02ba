"""What a fold keeps of mandates beside their accounts: by which entry and on which base each was granted, what ended it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import attrs

from domain import events
from domain.capital.accounts import HEADROOM, MANDATE, RESERVED, USED, Movement
from domain.capital.terms import classes_counted

if TYPE_CHECKING:
    from domain.capital.entries import Entry
    from domain.capital.position import Position


@attrs.frozen
class Ended:
    """The day a mandate ended, at the conclusion of a meeting, and in words why; `entry` is the one that says so, if any does."""

    on: date
    entry: int | None
    why: str


@attrs.frozen
class HeldMeeting:
    """A general meeting by the entries of its day; `annual` is None if none of them says whether it was the annual one."""

    on: date
    name: str
    entry: int
    annual: bool | None


@attrs.frozen
class Grant:
    """A mandate as granted by an entry: the issued shares that the book then had of the classes it counts, and what ended it.

    `base_at_close` is None until the day of the meeting is over. `reserved_at_start` is what agreements had reserved at close of
    the last day on which a balance was brought forward. `drawn_on` is whether anything was ever done under it.
    """

    entry: int
    base: int
    base_at_close: int | None = None
    reserved_at_start: int = 0
    ended: Ended | None = None
    drawn_on: bool = False


_GOVERNING = (events.MandateGranted, events.MandateRevoked)
DRAWING = tuple(kind for kind in events.EVENT_TYPES if "mandate" in events.field_names(kind) and kind not in _GOVERNING)
"""The events that name the mandate they are done under. Completing an agreement takes what the agreement had reserved, adjusting
its terms reserves for it as it was made, and a reorganisation only counts in other shares what was reserved before."""

_DRAWING = frozenset(DRAWING)


def draws_on(entry: Entry, movements: Iterable[Movement]) -> list[str]:
    """The mandates under which an entry is done, and of which it takes headroom."""
    return takes_of(movements) if type(entry.event) in _DRAWING else []


def takes_of(movements: Iterable[Movement]) -> list[str]:
    """The mandates of which movements take headroom."""
    return [
        code
        for book, code, source, target, _ in movements
        if book == MANDATE and source == HEADROOM and target in (USED, RESERVED)
    ]


# --- in the fold ----------------------------------------------------------------------------------------------------


def close(position: Position) -> None:
    """The day on which a position stands is over.

    Shares dealt in on the day of a meeting may have come before or after it: the base at close counts as well.
    """
    for code, grant in position.grants.items():
        if grant.base_at_close is None:
            position.grants[code] = attrs.evolve(grant, base_at_close=_base(position, code, position.day))
    if position.day == position.began_on:
        for code, grant in position.grants.items():
            position.grants[code] = attrs.evolve(grant, reserved_at_start=position.total(MANDATE, code, RESERVED))


def _base(position: Position, code: str, day: date) -> int:
    return position.issued(day, classes_counted(position.terms, position.terms.mandates[code]))


def note(position: Position, entry: Entry, movements: Iterable[Movement]) -> None:
    """Keep what an entry, whose movements are in the position, says of mandates."""
    for code in draws_on(entry, movements):
        if not position.grants[code].drawn_on:
            position.grants[code] = attrs.evolve(position.grants[code], drawn_on=True)
    noted = _NOTED.get(type(entry.event))
    if noted is not None:
        noted(position, entry)


def _granted(position: Position, entry: Entry) -> None:
    event = entry.of(events.MandateGranted)
    position.grants[event.mandate] = Grant(entry.number, _base(position, event.mandate, event.effective_on))
    mandates = position.terms.mandates
    mandate = mandates[event.mandate]
    earlier = [each.code for each in mandates.values() if each.like(mandate) and each.granted_on < mandate.granted_on]
    _end(position, entry, earlier, f"{event.mandate} granted")
    _held(position, entry, f"the meeting that granted {event.mandate}", annual=event.annual)


def _revoked(position: Position, entry: Entry) -> None:
    _end(position, entry, [entry.of(events.MandateRevoked).mandate], "revoked or expired")


def _polled(position: Position, entry: Entry) -> None:
    event = entry.of(events.PollResultDeclared)
    _held(position, entry, event.meeting, annual=event.annual)


def _brought_forward(position: Position, entry: Entry) -> None:
    position.began_on = entry.event.effective_on


_NOTED = {
    events.MandateGranted: _granted,
    events.MandateRevoked: _revoked,
    events.PollResultDeclared: _polled,
    events.BalanceBroughtForward: _brought_forward,
}


def _end(position: Position, entry: Entry, codes: Iterable[str], why: str) -> None:
    """Mandates end with an entry, unless they had ended before."""
    for code in codes:
        grant = position.grants[code]
        if grant.ended is None:
            position.grants[code] = attrs.evolve(grant, ended=Ended(entry.event.effective_on, entry.number, why))


def _held(position: Position, entry: Entry, name: str, *, annual: bool | None) -> None:
    """A meeting was held; of several entries of its day, the first that says whether it was the annual one decides."""
    on = entry.event.effective_on
    known = position.meetings.get(on)
    if known is None or (known.annual is not True and annual is not None):
        position.meetings[on] = HeldMeeting(on, name, entry.number, annual)
