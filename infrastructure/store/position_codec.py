"""A position as one compact row with the tally of its entries, and back: nothing is lost, and equal ones have equal bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import msgspec

from domain.capital.accounts import account_of
from domain.capital.granted import Grant, HeldMeeting
from domain.capital.pending_cancellation import PendingPurchase
from domain.capital.position import Position, Reorganisations
from domain.capital.return_settings import ReturnSettings
from domain.capital.securities import Agreement, Instrument, Issuer, Mandate, Scheme, ShareClass
from domain.capital.tally import Tally
from domain.capital.terms import Terms
from domain.events import Event, PublicFloatConfirmed, PublicFloatRequirementSet
from domain.values import Money
from infrastructure.event_codec import TYPE_NAMES, kind_of


@attrs.frozen
class _Kept:
    """What a position holds, in the order in which it came to hold it; before it the tally, by the stored names of events."""

    entries: dict[str, int]
    replaced: dict[str, int]
    ahead: int
    issuer: Issuer | None
    signatory: tuple[str, str] | None
    settings: ReturnSettings
    remarks: dict[str, str]
    classes: dict[str, ShareClass]
    schemes: dict[str, Scheme]
    mandates: dict[str, Mandate]
    instruments: dict[str, Instrument]
    agreements: dict[str, Agreement]
    float_required: dict[str, PublicFloatRequirementSet]
    float_confirmed: dict[str, PublicFloatConfirmed]
    totals: list[tuple[str, str, str, int]]
    tranches: dict[str, list[PendingPurchase]]
    reorganisations: Reorganisations | None
    grants: dict[str, Grant]
    meetings: dict[date, HeldMeeting]
    day: date
    began_on: date


class _KeptTally(msgspec.Struct):
    """The tally alone of what is kept."""

    entries: dict[str, int]
    replaced: dict[str, int]
    ahead: int


_TERMS = [field.name for field in attrs.fields(_Kept) if field.name in Terms.__slots__]
_BESIDE = [field.name for field in attrs.fields(_Kept) if field.name in Position.__slots__ and field.name != "totals"]


def _written(value: object) -> str:
    if isinstance(value, Money | Fraction):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _read(kind: type, value: Any) -> Money | Fraction:
    if kind is Money:
        return Money.parse(value)
    if kind is Fraction and isinstance(value, str):
        return Fraction(value)
    raise ValueError(f"expected {kind.__name__}, got {value!r:.60}")


_encode = msgspec.json.Encoder(enc_hook=_written).encode
_decode = msgspec.json.Decoder(_Kept, dec_hook=_read).decode
_decode_tally = msgspec.json.Decoder(_KeptTally).decode


def encode(position: Position, counted: Tally | None = None) -> bytes:
    """The bytes of a position, and of the tally of the entries that led to it."""
    counted = counted or Tally()
    terms = {name: getattr(position.terms, name) for name in _TERMS}
    totals = [(*account, total) for account, total in position.totals.items()]
    beside = {name: getattr(position, name) for name in _BESIDE}
    entries, replaced = _named(counted.entries), _named(counted.replaced)
    return _encode(_Kept(entries=entries, replaced=replaced, ahead=counted.ahead, **terms, totals=totals, **beside))


def decode(kept: bytes) -> tuple[Position, Tally]:
    """The position that bytes represent, and the tally of its entries. Raises ValueError if they are none."""
    read = _decode(kept)
    terms = Terms()
    for name in _TERMS:
        setattr(terms, name, getattr(read, name))
    position = Position(terms, {account_of(book, code, name): total for book, code, name, total in read.totals})
    for name in _BESIDE:
        setattr(position, name, getattr(read, name))
    return position, _tally(read)


def tally(kept: bytes) -> Tally:
    """The tally alone that bytes represent. Raises ValueError if they are none."""
    return _tally(_decode_tally(kept))


def _tally(read: _Kept | _KeptTally) -> Tally:
    return Tally(_kinds(read.entries), _kinds(read.replaced), read.ahead)


def _named(counted: Counter[type[Event]]) -> dict[str, int]:
    return {name: count for name, count in sorted((TYPE_NAMES[kind], count) for kind, count in counted.items()) if count}


def _kinds(counted: Mapping[str, int]) -> Counter[type[Event]]:
    """Counts by the stored names of events as counts by their types. Raises ValueError for a name of none."""
    found: Counter[type[Event]] = Counter()
    for name, count in counted.items():
        found[kind_of(name)] += count
    return found
