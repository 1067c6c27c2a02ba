"""General mandates over a book: the base of each, what stands of it, when it ended, and what was done under it.

A mandate ends at the conclusion of the next annual general meeting (rules 13.36(3), 10.06(1)(c)). The book knows that meeting
by the mandate of the same purpose that it granted, by its poll results, or by an entry that revokes the mandate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import attrs

from domain import events
from domain.accounts import EXTENSION, HEADROOM, ISSUED_EXCLUDING_TREASURY, MANDATE, RESERVED, SHARES, TOTAL_ISSUED, USED, total
from domain.balances import Posted, apply
from domain.events import Event
from domain.history import Entry
from domain.parameters import TREASURY_REGIME
from domain.position import Position
from domain.securities import Mandate

ISSUE, REPURCHASE = "issue", "repurchase"


@attrs.frozen
class Ended:
    """The day a mandate ended, at the conclusion of a meeting, the entry that says so, and in words why."""

    on: date
    entry: int
    why: str


@attrs.frozen
class Standing:
    """What stands of a mandate at a viewpoint, in shares of that day: a subdivision since has multiplied them.

    `recorded_base` is the base as it was granted; `book_bases` are what the book has for the day of the meeting, before and
    after that day's dealings, none where the book starts later. `ended` is None while the mandate is in force.
    """

    mandate: Mandate
    entry: int
    recorded_base: int
    book_bases: tuple[int, ...]
    extended: int
    reserved: int
    used: int
    headroom: int
    ended: Ended | None

    @property
    def code(self) -> str:
        """The mandate's code in the book."""
        return self.mandate.code

    @property
    def limit(self) -> int:
        """The shares it allows in all: the percentage of the base, and what repurchases have added."""
        return self.mandate.limit + self.extended

    @property
    def base_differs(self) -> bool:
        """Whether the book has another base for the meeting than was recorded."""
        return bool(self.book_bases) and self.recorded_base not in self.book_bases

    def limit_of(self, base: int) -> int:
        """The limit that the mandate's percentage would give on another base."""
        return attrs.evolve(self.mandate, base=base).limit


@attrs.frozen
class Use:
    """Something done under a mandate; `tested_on` is the day of the agreement where one is known, else the day it was done."""

    mandate: str
    entry: Entry
    tested_on: date


@attrs.frozen
class MandateHistory:
    """The mandates of a book up to a day, what was done under them, and the position at the end."""

    standings: Mapping[str, Standing]
    uses: tuple[Use, ...]
    position: Position


def issued(position: Position, day: date, codes: Iterable[str] | None = None) -> int:
    """The issued shares that percentages are of on a day: all classes, or some; treasury excluded since 11 June 2024."""
    accounts = ISSUED_EXCLUDING_TREASURY if day >= TREASURY_REGIME else TOTAL_ISSUED
    return sum(total(position.totals, SHARES, code, accounts) for code in codes or position.facts.classes)


def history(ordered: Iterable[Entry], as_of: date | None = None) -> MandateHistory:
    """The mandates of entries in effective order (`domain.history.in_effect`), up to a day (all of them where None)."""
    entries = list(ordered)
    reading = Reading(starts_on(entries))
    for _ in reading.through(entry for entry in entries if as_of is None or entry.event.effective_on <= as_of):
        pass
    return reading.history()


def starts_on(entries: Iterable[Entry]) -> date | None:
    """The day at whose close the last balance was brought forward; None for a book that knows every movement."""
    forward = [each.event.effective_on for each in entries if isinstance(each.event, events.BalanceBroughtForward)]
    return max(forward, default=None)


class Reading:
    """Where a pass over the book stands."""

    def __init__(self, starts: date | None) -> None:
        self.position = Position()
        self.starts = starts or date.min
        self.granted: dict[str, tuple[int, int]] = {}
        # Granted on the day at which the pass stands.
        self.granted_today: list[Mandate] = []
        self.bases: dict[str, list[int]] = {}
        self.ended: dict[str, Ended] = {}
        self.uses: list[Use] = []

    def history(self) -> MandateHistory:
        """What was seen so far."""
        return MandateHistory({code: self.standing(code) for code in self.granted}, tuple(self.uses), self.position)

    def through(self, ordered: Iterable[Entry]) -> Iterator[Posted]:
        """What entries in effective order post, each given while the position is as it left it. Raises Impossible."""
        for entry in ordered:
            if self.granted_today and entry.event.effective_on > self.granted_today[0].granted_on:
                self.close()
            yield self.take(entry)
        self.close()

    def take(self, entry: Entry) -> Posted:
        """Take in an entry; what it posted."""
        posted = apply(self.position, entry)
        self.uses += [Use(code, entry, tested_on(entry.event)) for code in draws_on(posted)]
        _READ.get(type(entry.event), _nothing)(self, entry)
        return posted

    def close(self) -> None:
        """Shares dealt in on the day of a meeting may have come before or after it: the base at close counts as well."""
        for mandate in self.granted_today:
            self.count(mandate.code, mandate.granted_on, begun=self.starts <= mandate.granted_on)
        self.granted_today.clear()

    def count(self, code: str, day: date, *, begun: bool) -> None:
        """Take the issued shares of now as a base by the book, where the book has begun and has any."""
        bases = self.bases.setdefault(code, [])
        if begun and (base := issued(self.position, day)):
            bases.append(base)

    def end(self, entry: Entry, codes: Iterable[str], why: str) -> None:
        """Mandates end with an entry, unless they had ended before."""
        for code in codes:
            self.ended.setdefault(code, Ended(entry.event.effective_on, entry.number, why))

    def standing(self, code: str) -> Standing:
        """What stands of a mandate now."""
        moved = {name: self.position.total(MANDATE, code, name) for name in (EXTENSION, RESERVED, USED, HEADROOM)}
        entry, base = self.granted[code]
        return Standing(
            mandate=self.position.facts.mandates[code],
            entry=entry,
            recorded_base=base,
            book_bases=tuple(dict.fromkeys(self.bases[code])),
            extended=-moved[EXTENSION],
            reserved=moved[RESERVED],
            used=moved[USED],
            headroom=moved[HEADROOM],
            ended=self.ended.get(code),
        )


DRAWING = tuple(kind for kind in events.EVENT_TYPES if hasattr(kind, "mandate"))
"""The events that name a mandate. No other draws on one: completing an agreement takes what the agreement had reserved, and
a reorganisation only counts in other shares what was reserved before."""

_DRAWING = frozenset(DRAWING)


def draws_on(posted: Posted) -> list[str]:
    """The mandates of which an entry takes headroom."""
    if type(posted.entry.event) not in _DRAWING:
        return []
    return [
        code
        for book, code, source, target, _ in posted.movements
        if book == MANDATE and source == HEADROOM and target in (USED, RESERVED)
    ]


def tested_on(event: Event) -> date:
    """The day whose mandate counts for an act: that of the agreement where it is recorded, else its own."""
    agreed: date | None = getattr(event, "agreed_on", None)
    return agreed or event.effective_on


def _nothing(reading: Reading, entry: Entry) -> None:
    """Most entries neither grant nor end a mandate."""


def _granted(reading: Reading, entry: Entry) -> None:
    event: Any = entry.event
    reading.granted[event.mandate] = (entry.number, event.base)
    reading.granted_today.append(reading.position.facts.mandates[event.mandate])
    reading.count(event.mandate, event.effective_on, begun=reading.starts < event.effective_on)
    reading.end(entry, _earlier(reading, event, event.purpose), f"{event.mandate} granted")


def _earlier(reading: Reading, event: Event, *purposes: str) -> list[str]:
    mandates = reading.position.facts.mandates.values()
    return [each.code for each in mandates if each.purpose in purposes and each.granted_on < event.effective_on]


def _revoked(reading: Reading, entry: Entry) -> None:
    event: Any = entry.event
    reading.end(entry, [event.mandate], "revoked or expired")


def _polled(reading: Reading, entry: Entry) -> None:
    event: Any = entry.event
    if "annual general meeting" in event.meeting.lower():
        reading.end(entry, _earlier(reading, event, ISSUE, REPURCHASE), "annual general meeting held")


_READ = {
    events.MandateGranted: _granted,
    events.MandateRevoked: _revoked,
    events.PollResultDeclared: _polled,
}
