"""What set-up events establish: the issuer, its classes, schemes and mandates, the signatory, the filings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from domain import events
from domain.events import Event
from domain.securities import Issuer, Mandate, Scheme, ShareClass


class Facts:
    """The standing facts at one point of a fold; each set-up event adds to it or replaces a part of it."""

    __slots__ = ("classes", "filings", "issuer", "mandates", "schemes", "signatory")

    def __init__(self) -> None:
        self.issuer: Issuer | None = None
        self.signatory: tuple[str, str] | None = None
        self.classes: dict[str, ShareClass] = {}
        self.schemes: dict[str, Scheme] = {}
        self.mandates: dict[str, Mandate] = {}
        self.filings: list[events.ReturnFiled] = []

    def copy(self) -> Facts:
        """An independent copy; what it holds is immutable, so a shallow one will do."""
        twin = Facts()
        twin.issuer, twin.signatory = self.issuer, self.signatory
        twin.classes, twin.schemes, twin.mandates = dict(self.classes), dict(self.schemes), dict(self.mandates)
        twin.filings = list(self.filings)
        return twin

    def named(self, kind: str) -> Mapping[str, Any]:
        """What a reference field of an event may name: classes, schemes or mandates by code."""
        return {"class": self.classes, "scheme": self.schemes, "mandate": self.mandates}[kind]


class AlreadyExists(ValueError):
    """A set-up event names an issuer, class, scheme or mandate that the book already has; `field` names it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _add(existing: dict[str, Any], field: str, code: str, value: Any) -> None:
    if code in existing:
        raise AlreadyExists(field, f"{code} already exists in this book")
    existing[code] = value


def _issuer_registered(facts: Facts, event: events.IssuerRegistered) -> None:
    if facts.issuer is not None:
        raise AlreadyExists("issuer", f"this book already is that of {facts.issuer.code}, {facts.issuer.name}")
    facts.issuer = Issuer(event.issuer, event.name, event.chinese_name, event.incorporated_in)


def _issuer_details_changed(facts: Facts, event: events.IssuerDetailsChanged) -> None:
    if facts.issuer is not None:
        changed = {"name": event.name, "chinese_name": event.chinese_name}
        facts.issuer = attrs.evolve(facts.issuer, **{field: value for field, value in changed.items() if value})


def _signatory_appointed(facts: Facts, event: events.SignatoryAppointed) -> None:
    facts.signatory = (event.name, event.title)


_NOT_HEADING = ("effective_on", "share_class")


def _class_created(facts: Facts, event: events.ShareClassCreated) -> None:
    heading = attrs.asdict(event, recurse=False, filter=lambda field, _: field.name not in _NOT_HEADING)
    made = ShareClass(code=event.share_class, created_on=event.effective_on, **heading)
    _add(facts.classes, "share_class", event.share_class, made)


def _class_details_changed(facts: Facts, event: events.ShareClassDetailsChanged) -> None:
    changed = attrs.asdict(event, recurse=False, filter=lambda field, value: field.name not in _NOT_HEADING and value not in (None, ()))
    facts.classes[event.share_class] = attrs.evolve(facts.classes[event.share_class], **changed)


def _scheme_adopted(facts: Facts, event: events.SchemeAdopted) -> None:
    terms = attrs.asdict(event, recurse=False, filter=lambda field, _: field.name not in ("effective_on", "scheme"))
    _add(facts.schemes, "scheme", event.scheme, Scheme(code=event.scheme, adopted_on=event.effective_on, **terms))


def _mandate_granted(facts: Facts, event: events.MandateGranted) -> None:
    made = Mandate(event.mandate, event.purpose, event.percent, event.base, event.effective_on)
    _add(facts.mandates, "mandate", event.mandate, made)


def _return_filed(facts: Facts, event: events.ReturnFiled) -> None:
    facts.filings.append(event)


ESTABLISH: dict[type[Event], Callable[[Facts, Any], None]] = {
    events.IssuerRegistered: _issuer_registered,
    events.IssuerDetailsChanged: _issuer_details_changed,
    events.SignatoryAppointed: _signatory_appointed,
    events.ShareClassCreated: _class_created,
    events.ShareClassDetailsChanged: _class_details_changed,
    events.SchemeAdopted: _scheme_adopted,
    events.MandateGranted: _mandate_granted,
    events.ReturnFiled: _return_filed,
}
"""Set-up events and what they establish; every other event only moves quantities."""

REFERENCES: dict[str, str] = {
    "share_class": "class",
    "from_class": "class",
    "to_class": "class",
    "scheme": "scheme",
    "mandate": "mandate",
}
"""Fields by which events refer to what set-up events established, and to which kind."""

INTRODUCES: dict[type[Event], str] = {
    events.ShareClassCreated: "share_class",
    events.SchemeAdopted: "scheme",
    events.MandateGranted: "mandate",
}
"""The field in which a set-up event introduces a new code, rather than referring to one."""
