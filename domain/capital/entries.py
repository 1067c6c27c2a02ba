"""Entries, viewpoints, which entries are in effect, and the order in which they took effect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TypeVar

import attrs

from domain import events
from domain.events import Event, fields

K = TypeVar("K", bound=Event)


@attrs.frozen(kw_only=True)
class Draft:
    """A fact about to be written: the event, and what the book says about the writing of it.

    `replaces` is the number of the entry that this one corrects or withdraws; `source` is where the fact comes from;
    `command_id` makes recording idempotent: what carries the same one is written once. While it is empty, one made from what
    the fact says is meant.
    """

    event: Event
    recorded_by: str = fields.text("who recorded it")
    command_id: str = fields.identity("id of the fact: recorded again with it, the fact adds no entry", default="")
    source: str | None = fields.text("where the fact comes from", default=None)
    replaces: int | None = fields.whole("entry that this one takes the place of", unit="entries", default=None)

    def of(self, kind: type[K]) -> K:
        """The event, as one of the class that it is known to be. Raises TypeError if it is another."""
        if not isinstance(self.event, kind):
            raise TypeError(f"expected {kind.__name__}, got {type(self.event).__name__}")
        return self.event

    def entered(self, number: int, recorded_at: datetime) -> Entry:
        """The draft as written in the book."""
        # Straight into the slots: what was checked when the draft was made is not checked again, which would take three
        # times as long, for every entry that is recorded.
        entry = object.__new__(Entry)
        _put_event(entry, self.event)
        _put_recorded_by(entry, self.recorded_by)
        _put_command_id(entry, self.command_id)
        _put_source(entry, self.source)
        _put_replaces(entry, self.replaces)
        _put_number(entry, number)
        _put_recorded_at(entry, recorded_at)
        return entry


@attrs.frozen(kw_only=True)
class Entry(Draft):
    """An event as written in the book: `number` is gap-free per issuer, `recorded_at` is set by the store."""

    number: int
    recorded_at: datetime


_put_event, _put_recorded_by, _put_command_id, _put_source, _put_replaces, _put_number, _put_recorded_at = (
    getattr(Entry, field.name).__set__ for field in attrs.fields(Entry)
)


@attrs.frozen
class Viewpoint:
    """From when and with which knowledge one looks: at close of `as_of`, as known at `known_at` (None: now)."""

    as_of: date
    known_at: datetime | None = None


# Several facts may share a day. Which comes first matters only where one depends on the state that another leaves:
# a class exists before its shares move, a reorganisation takes effect before the day's dealings, authority is there
# before rights are granted under it, these before they are exercised, what is cancelled has been bought, and what is
# asserted of a day is asserted at its close. All else keeps the order of recording.
_SET_UP, _REORGANISED, _AUTHORITY, _RIGHTS, _ORDINARY, _CANCELLED, _AT_CLOSE = range(7)
SAME_DAY_PRECEDENCE: dict[type[Event], int] = {
    events.IssuerRegistered: _SET_UP,
    events.IssuerDetailsChanged: _SET_UP,
    events.SignatoryAppointed: _SET_UP,
    events.ReturnSettingsChanged: _SET_UP,
    events.ShareClassCreated: _SET_UP,
    events.ReturnRemarkChanged: _SET_UP,
    events.ShareClassDetailsChanged: _AUTHORITY,
    events.SharesSubdivided: _REORGANISED,
    events.SharesConsolidated: _REORGANISED,
    events.CapitalReduced: _REORGANISED,
    events.SchemeAdopted: _AUTHORITY,
    events.SchemeLimitRefreshed: _AUTHORITY,
    events.SchemeExpired: _AUTHORITY,
    events.MandateGranted: _AUTHORITY,
    events.AuthorisedCapitalIncreased: _AUTHORITY,
    events.PublicFloatRequirementSet: _AUTHORITY,
    events.WarrantsIssued: _RIGHTS,
    events.ConvertiblesIssued: _RIGHTS,
    events.IssueAgreed: _RIGHTS,
    events.InstrumentTermsAdjusted: _RIGHTS,
    events.OptionTermsAdjusted: _RIGHTS,
    events.RepurchasedSharesCancelled: _CANCELLED,
    events.RedeemedSharesCancelled: _CANCELLED,
    events.ShareClassAbolished: _AT_CLOSE,
    events.BalanceConfirmed: _AT_CLOSE,
    events.PublicFloatConfirmed: _AT_CLOSE,
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

    What is withdrawn is replaced by EntryWithdrawn, which represents nothing and is left out as well; so are facts that wait for
    release, and their releases.
    """
    seen = known(entries, known_at)
    replaced = {entry.replaces for entry in seen if entry.replaces is not None}
    kept = [entry for entry in seen if entry.number not in replaced and type(entry.event) not in events.BOOKKEEPING]
    kept.sort(key=order_key)
    return kept


def first_of(entry: Entry, by_number: Mapping[int | None, Entry]) -> Entry:
    """The entry that recorded a fact first, where an entry corrects it, if through several corrections."""
    while entry.replaces in by_number:
        entry = by_number[entry.replaces]
    return entry


def waiting(entries: Iterable[Entry], known_at: datetime | None = None) -> list[Entry]:
    """The facts known at an instant that wait for release: neither released, corrected nor withdrawn, in order of number."""
    seen = known(entries, known_at)
    replaced = {entry.replaces for entry in seen}
    return [entry for entry in seen if isinstance(entry.event, events.FactProposed) and entry.number not in replaced]
