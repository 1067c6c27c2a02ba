"""A position as one compact row, and back: nothing of it is lost, and equal positions have equal bytes."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import msgspec

from domain.capital.accounts import account_of
from domain.capital.granted import Grant, HeldMeeting
from domain.capital.pending_cancellation import PendingPurchase
from domain.capital.position import Position, Reorganisations
from domain.capital.terms import Terms
from domain.events import PublicFloatConfirmed, PublicFloatRequirementSet
from domain.return_settings import ReturnSettings
from domain.securities import Agreement, Instrument, Issuer, Mandate, Money, Scheme, ShareClass


@attrs.frozen
class _Kept:
    """What a position holds, in the order in which it came to hold it, and how many entries are of its day or before it."""

    entries: int
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


def encode(position: Position, entries: int = 0) -> bytes:
    """The bytes of a position that so many entries led to."""
    terms = {name: getattr(position.terms, name) for name in _TERMS}
    totals = [(*account, total) for account, total in position.totals.items()]
    return _encode(_Kept(entries=entries, **terms, totals=totals, **{name: getattr(position, name) for name in _BESIDE}))


def decode(kept: bytes) -> tuple[Position, int]:
    """The position that bytes represent, and how many entries led to it. Raises ValueError if they are none."""
    read = _decode(kept)
    terms = Terms()
    for name in _TERMS:
        setattr(terms, name, getattr(read, name))
    position = Position(terms, {account_of(book, code, name): total for book, code, name, total in read.totals})
    for name in _BESIDE:
        setattr(position, name, getattr(read, name))
    return position, read.entries
