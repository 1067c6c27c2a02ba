"""Entries, viewpoints, which entries are in effect, and the order in which they took effect."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import attrs

from domain import events
from domain.events import Event


@attrs.frozen(kw_only=True)
class Draft:
    """A fact about to be written: the event, and what the book says about the writing of it.

    `replaces` is the number of the entry that this one corrects or withdraws; `source` is where the fact comes from;
    `command_id` makes recording idempotent: what carries the same one is written once.
    """

    event: Event
    recorded_by: str
    command_id: str
    source: str | None = None
    replaces: int | None = None


@attrs.frozen(kw_only=True)
class Entry(Draft):
    """An event as written in the book: `number` is gap-free per issuer, `recorded_at` is set by the store."""

    number: int
    recorded_at: datetime


@attrs.frozen
class Viewpoint:
    """From when and with which knowledge one looks: at close of `as_of`, as known at `known_at` (None: now)."""

    as_of: date
    known_at: datetime | None = None


# Several facts may share a day. Which comes first matters only where one depends on the state that another leaves:
# a class exists before its shares move, authority before it is used, and what is asserted of a day is asserted at
# its close. Everything else keeps the order of recording.
_AT_START, _AUTHORITY, _ORDINARY, _AT_CLOSE = range(4)
SAME_DAY_PRECEDENCE: dict[type[Event], int] = {
    events.IssuerRegistered: _AT_START,
    events.IssuerDetailsChanged: _AT_START,
    events.SignatoryAppointed: _AT_START,
    events.ShareClassCreated: _AT_START,
    events.ShareClassDetailsChanged: _AUTHORITY,
    events.SchemeAdopted: _AUTHORITY,
    events.MandateGranted: _AUTHORITY,
    events.AuthorisedCapitalIncreased: _AUTHORITY,
    events.BalanceConfirmed: _AT_CLOSE,
    events.ReturnFiled: _AT_CLOSE,
}

OrderKey = tuple[date, int, int]


def order_key(entry: Entry) -> OrderKey:
    """Where an entry stands in effective order: its day, its precedence on that day, its number."""
    return entry.event.effective_on, SAME_DAY_PRECEDENCE.get(type(entry.event), _ORDINARY), entry.number


def known(entries: Iterable[Entry], known_at: datetime | None) -> list[Entry]:
    """The entries that had been recorded at an instant; all of them where it is None."""
    return [entry for entry in entries if known_at is None or entry.recorded_at <= known_at]


def in_effect(entries: Iterable[Entry], known_at: datetime | None = None) -> list[Entry]:
    """The entries known at an instant that no other known entry replaces, in the order in which they took effect.

    What is withdrawn is replaced by EntryWithdrawn, which stands for nothing and is left out as well.
    """
    seen = known(entries, known_at)
    replaced = {entry.replaces for entry in seen if entry.replaces is not None}
    kept = [entry for entry in seen if entry.number not in replaced and type(entry.event) is not events.EntryWithdrawn]
    kept.sort(key=order_key)
    return kept
