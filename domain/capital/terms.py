"""What set-up events establish: the issuer, its classes, schemes, mandates and instruments, and its form preferences."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from domain import errors, events
from domain.capital.return_settings import ReturnSettings
from domain.capital.securities import Agreement, Instrument, Issuer, Mandate, Scheme, ShareClass
from domain.events import Event


@attrs.define(eq=False, repr=False, weakref_slot=False)
class Terms:
    """The standing facts at one point of a fold; each set-up event adds to it or replaces a part of it.

    `remarks` stand under parts of the Monthly Return. Of the public float of a class is kept what is required, and what was
    confirmed last.
    """

    issuer: Issuer | None = None
    signatory: tuple[str, str] | None = None
    settings: ReturnSettings = attrs.field(factory=ReturnSettings)
    remarks: dict[str, str] = attrs.field(factory=dict)
    classes: dict[str, ShareClass] = attrs.field(factory=dict)
    schemes: dict[str, Scheme] = attrs.field(factory=dict)
    mandates: dict[str, Mandate] = attrs.field(factory=dict)
    instruments: dict[str, Instrument] = attrs.field(factory=dict)
    agreements: dict[str, Agreement] = attrs.field(factory=dict)
    float_required: dict[str, events.PublicFloatRequirementSet] = attrs.field(factory=dict)
    float_confirmed: dict[str, events.PublicFloatConfirmed] = attrs.field(factory=dict)

    def __repr__(self) -> str:
        kept = ("classes", "schemes", "mandates", "instruments", "agreements")
        listed = (f"{name} {', '.join(getattr(self, name))}" for name in kept if getattr(self, name))
        return f"<Terms of {self.issuer.code if self.issuer else 'no issuer'}: {'; '.join(listed) or 'nothing yet'}>"

    @property
    def existing(self) -> Mapping[str, ShareClass]:
        """The classes that have not been abolished, by code."""
        return {code: share for code, share in self.classes.items() if share.abolished_on is None}

    def named(self, kind: str) -> Mapping[str, Any]:
        """What a reference field of an event may name, by code: existing classes, schemes, mandates, instruments, agreements."""
        known: Mapping[str, Any] = getattr(self, _REGISTERS[kind])
        return known

    def has(self, kind: str, code: str) -> bool:
        """Whether a reference field of an event may name a code. Each entry of a fold is asked, so no register is made for it."""
        if kind == "class":
            share = self.classes.get(code)
            return share is not None and share.abolished_on is None
        return code in self.named(kind)


_REGISTERS = {
    "class": "existing", "scheme": "schemes", "mandate": "mandates", "instrument": "instruments", "agreement": "agreements",
}  # fmt: skip


class DoesNotFit(errors.Refused, ValueError):
    """An event that does not fit the standing facts; `field` names the field at fault."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


LISTED = 50
"""Of how many names a message lists those that there are."""


def unknown(terms: Terms, kind: str, code: str, day: date | None = None) -> errors.Worded:
    """What to say of a name that the book does not know, on a day or at all: which there are, and which was perhaps meant.

    A class that has been abolished is named with the day on which it was.
    """
    share = terms.classes.get(code) if kind == "class" else None
    return errors.Worded(_unknown, (tuple(terms.named(kind)), kind, code, day, share and share.abolished_on))


def _unknown(existing: Sequence[str], kind: str, code: str, day: date | None, abolished_on: date | None) -> str:
    plural = {"class": "Classes"}.get(kind, kind.capitalize() + "s")
    near = difflib.get_close_matches(code.upper(), [name.upper() for name in existing], n=1)
    meant = [name for name in existing if near and name.upper() == near[0]]
    on = f" on {day:%-d %B %Y}" if day else ""
    more = f" and {len(existing) - LISTED:,} more" if len(existing) > LISTED else ""
    listed = f"{plural}: {', '.join(existing[:LISTED])}{more}." if existing else f"There is none{on}."
    if abolished_on is not None:
        return f"class {code} was abolished on {abolished_on:%-d %B %Y}. {listed}"
    return f'unknown {kind} "{code}"{on}. {listed}' + (f" Did you mean {meant[0]}?" if meant else "")


def _add(existing: dict[str, Any], field: str, code: str, value: Any) -> None:
    if code in existing:
        raise DoesNotFit(field, f"{code} already exists in this book")
    existing[code] = value


def _terms(event: Event, kind: type, **more: Any) -> Any:
    """A standing fact made of those fields of an event that it has too, and of what is given."""
    kept = {field.name for field in attrs.fields(kind)}
    return kind(**{**{name: value for name, value in event.values().items() if name in kept}, **more})


def _issuer_registered(terms: Terms, event: events.IssuerRegistered) -> None:
    if terms.issuer is not None:
        raise DoesNotFit("issuer", f"this book already is that of {terms.issuer.code}, {terms.issuer.name}")
    _check_shares(event)
    terms.issuer = _terms(event, Issuer, code=event.issuer)


def _issuer_details_changed(terms: Terms, event: events.IssuerDetailsChanged) -> None:
    _check_shares(event)
    if terms.issuer is not None:
        terms.issuer = attrs.evolve(terms.issuer, **_given(event))


def _given(event: Event, *without: str) -> dict[str, Any]:
    """The fields of an event that were given a value."""
    left_out = ("effective_on", *without)
    return {name: value for name, value in event.values().items() if name not in left_out and value not in (None, ())}


def _signatory_appointed(terms: Terms, event: events.SignatoryAppointed) -> None:
    terms.signatory = (event.name, event.title)


# Trusts and stapled groups make their returns on forms that nobody here has read.
_UNITS = re.compile(r"\b(units?|stapled)\b", re.IGNORECASE)
_TRUST = re.compile(r"\b(reit|real estate investment trust|stapled)\b|\btrust$", re.IGNORECASE)
_ISSUED_AS_UNITS = {"name": _TRUST, "class_label": _UNITS, "type_label": _UNITS, "description": _UNITS}


def _check_shares(event: Event) -> None:
    """Raise DoesNotFit for an issuer of units or of stapled securities, by its name or by what it calls them."""
    values = event.values()
    for field, words in _ISSUED_AS_UNITS.items():
        if words.search(said := values.get(field) or ""):
            reason = "units of trusts and stapled securities have forms of their own, not known here"
            raise DoesNotFit(field, f"expected {'a company' if field == 'name' else 'shares'}, got {said}: {reason}")


NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")


_CLEARED = ("public_float", "depositary_receipts")


def _settings_changed(terms: Terms, event: events.ReturnSettingsChanged) -> None:
    given = _given(event, "struck_out")
    # The word none takes a text away again; leaving it out keeps what was.
    changes: dict[str, Any] = {name: None if value == "none" and name in _CLEARED else value for name, value in given.items()}
    if event.struck_out is not None:
        changes["struck_out"] = _numerals(event.struck_out)
    terms.settings = attrs.evolve(terms.settings, **changes)


def _numerals(text: str) -> tuple[int, ...]:
    words = [] if text == "none" else [word.strip(" ()") for word in text.split(",")]
    if unknown := [word for word in words if word not in NUMERALS]:
        raise DoesNotFit("struck_out", f"expected numerals from i to viii with commas between, or none, got {unknown[0]}")
    return tuple(sorted(NUMERALS.index(word) + 1 for word in words))


def _remark_changed(terms: Terms, event: events.ReturnRemarkChanged) -> None:
    terms.remarks.pop(event.part, None)
    if event.remark != "none":
        terms.remarks[event.part] = event.remark


def _class_created(terms: Terms, event: events.ShareClassCreated) -> None:
    _check_shares(event)
    capital = {"authorised": event.authorised is not False, "registered": event.authorised == "registered"}
    made = _terms(event, ShareClass, code=event.share_class, created_on=event.effective_on, **capital)
    _add(terms.classes, "share_class", event.share_class, made)


def _class_details_changed(terms: Terms, event: events.ShareClassDetailsChanged) -> None:
    _check_shares(event)
    terms.classes[event.share_class] = attrs.evolve(terms.classes[event.share_class], **_given(event, "share_class"))


def _class_abolished(terms: Terms, event: events.ShareClassAbolished) -> None:
    terms.classes[event.share_class] = attrs.evolve(terms.classes[event.share_class], abolished_on=event.effective_on)


def _capital_reduced(terms: Terms, event: events.CapitalReduced) -> None:
    share = terms.classes[event.share_class]
    if share.par_value is None or share.par_value.currency != event.par_value.currency:
        has = f"a par value of {share.par_value}" if share.par_value else "no par value: its capital is reduced without a new one"
        raise DoesNotFit("par_value", f"class {share.code} has {has}")
    if event.par_value.amount >= share.par_value.amount:
        raise DoesNotFit(
            "par_value", f"expected less than the par value of class {share.code}, {share.par_value}, got {event.par_value}"
        )
    now, then = event.capital_per_share, share.capital_per_share
    if (now and now.currency) != (then and then.currency):
        expected = (
            f"its capital in {then.currency}: expected it for one share" if then else "its capital in that of its par value"
        )
        raise DoesNotFit("capital_per_share", f"class {share.code} states {expected}")
    terms.classes[share.code] = attrs.evolve(share, par_value=event.par_value, capital_per_share=now)


def _scheme_adopted(terms: Terms, event: events.SchemeAdopted) -> None:
    made = _terms(event, Scheme, code=event.scheme, adopted_on=event.effective_on)
    _add(terms.schemes, "scheme", event.scheme, made)


def _scheme_brought_forward(terms: Terms, event: events.SchemeBalanceBroughtForward) -> None:
    counted = event.service_providers_before is not None
    terms.schemes[event.scheme] = attrs.evolve(terms.schemes[event.scheme], providers_counted=counted)


def _scheme_limit_refreshed(terms: Terms, event: events.SchemeLimitRefreshed) -> None:
    changes: dict[str, Any] = {"limit": event.limit, "refreshed_on": event.effective_on}
    if event.service_provider_limit is not None:
        changes |= {"service_provider_limit": event.service_provider_limit, "providers_counted": True}
    terms.schemes[event.scheme] = attrs.evolve(terms.schemes[event.scheme], **changes)


def _scheme_expired(terms: Terms, event: events.SchemeExpired) -> None:
    scheme = terms.schemes[event.scheme]
    if scheme.is_over(event.effective_on):
        raise DoesNotFit("scheme", f"scheme {scheme.code} expired on {scheme.expires_on:%-d %B %Y}")
    terms.schemes[event.scheme] = attrs.evolve(scheme, expires_on=event.effective_on)


def _mandate_granted(terms: Terms, event: events.MandateGranted) -> None:
    if event.extended_by is not None:
        _check_extension(terms, event)
    # A class created later is no part of the base.
    classes = event.classes or voting(terms)
    made = _terms(event, Mandate, code=event.mandate, granted_on=event.effective_on, classes=classes)
    _add(terms.mandates, "mandate", event.mandate, made)


def _check_extension(terms: Terms, event: events.MandateGranted) -> None:
    if event.purpose != "issue":
        raise DoesNotFit(
            "extended_by", f"only a mandate to issue is extended by repurchases; {event.mandate} is one to repurchase"
        )
    if terms.mandates[str(event.extended_by)].purpose != "repurchase":
        raise DoesNotFit("extended_by", f"expected a mandate to repurchase, and {event.extended_by} is one to issue")


def _instrument_issued(terms: Terms, event: events.WarrantsIssued | events.ConvertiblesIssued) -> None:
    currency = event.amount.currency if isinstance(event, events.ConvertiblesIssued) else None
    made = _terms(event, Instrument, code=event.instrument, currency=currency, bounded=event.shares > 0)
    _add(terms.instruments, "instrument", event.instrument, made)


def _terms_adjusted(terms: Terms, event: events.InstrumentTermsAdjusted) -> None:
    register: dict[str, Any] = terms.instruments if event.instrument else terms.agreements
    code = str(event.instrument or event.agreement)
    changes: dict[str, Any] = {}
    if event.price is not None or event.price_terms is not None:
        changes = {"price": event.price, "price_terms": event.price_terms}
    if event.instrument and event.shares is not None:
        changes |= {"floor": event.floor, "bounded": True}
    register[code] = attrs.evolve(register[code], **changes)


def _issue_agreed(terms: Terms, event: events.IssueAgreed) -> None:
    _add(terms.agreements, "agreement", event.agreement, _terms(event, Agreement, code=event.agreement))


def _float_required(terms: Terms, event: events.PublicFloatRequirementSet) -> None:
    terms.float_required[event.share_class] = event


def _float_confirmed(terms: Terms, event: events.PublicFloatConfirmed) -> None:
    terms.float_confirmed[event.share_class] = event


# --- subdivision and consolidation ------------------------------------------------------------------------------


Reorganised = events.SharesSubdivided | events.SharesConsolidated


def covered(terms: Terms, event: Reorganised) -> list[str]:
    """The classes that a reorganisation is about: the one it names, or every class."""
    return [event.share_class] if event.share_class else list(terms.existing)


def scale(event: Reorganised) -> tuple[int, int]:
    """By how much a reorganisation multiplies, and then divides, every number of shares."""
    return (event.into, 1) if isinstance(event, events.SharesSubdivided) else (1, event.shares)


def _reorganised(terms: Terms, event: Reorganised) -> None:
    codes, (times, by) = covered(terms, event), scale(event)
    divided: dict[str, ShareClass] = {}
    for code in codes:
        # The par value goes the other way than the number of shares.
        share = terms.classes[code]
        amounts = {"par_value": share.par_value, "capital_per_share": share.capital_per_share}
        try:
            scaled: dict[str, Any] = {name: each and each.times(by).divided(times) for name, each in amounts.items()}
            divided[code] = attrs.evolve(share, **scaled)
        except ValueError as error:
            raise DoesNotFit("into", f"the par value of class {code} does not divide: {error}") from None
    terms.classes.update(divided)
    for name, scheme in terms.schemes.items():
        if scheme.share_class in codes:
            limits = {"limit": scheme.limit, "service_provider_limit": scheme.service_provider_limit}
            rounded: dict[str, Any] = {each: limit and nearest(limit * times, by) for each, limit in limits.items()}
            terms.schemes[name] = attrs.evolve(scheme, **rounded)


def classes_counted(terms: Terms, mandate: Mandate) -> tuple[str, ...]:
    """The classes whose issued shares a mandate counts: those it names, or every class with votes."""
    return mandate.classes or voting(terms)


def voting(terms: Terms) -> tuple[str, ...]:
    """The codes of the classes with votes."""
    return tuple(code for code, share in terms.existing.items() if share.votes_per_share)


def nearest(number: int, by: int) -> int:
    """A number divided to the nearest whole share, half up (rule 17.03B on scheme limits)."""
    return (2 * number + by) // (2 * by)


APPLY_TERMS: dict[type[Event], Callable[[Terms, Any], None]] = {
    events.IssuerRegistered: _issuer_registered,
    events.IssuerDetailsChanged: _issuer_details_changed,
    events.SignatoryAppointed: _signatory_appointed,
    events.ReturnSettingsChanged: _settings_changed,
    events.ShareClassCreated: _class_created,
    events.ShareClassDetailsChanged: _class_details_changed,
    events.ReturnRemarkChanged: _remark_changed,
    events.ShareClassAbolished: _class_abolished,
    events.SharesSubdivided: _reorganised,
    events.SharesConsolidated: _reorganised,
    events.CapitalReduced: _capital_reduced,
    events.SchemeAdopted: _scheme_adopted,
    events.SchemeBalanceBroughtForward: _scheme_brought_forward,
    events.SchemeLimitRefreshed: _scheme_limit_refreshed,
    events.SchemeExpired: _scheme_expired,
    events.MandateGranted: _mandate_granted,
    events.WarrantsIssued: _instrument_issued,
    events.ConvertiblesIssued: _instrument_issued,
    events.InstrumentTermsAdjusted: _terms_adjusted,
    events.IssueAgreed: _issue_agreed,
    events.PublicFloatRequirementSet: _float_required,
    events.PublicFloatConfirmed: _float_confirmed,
}
"""Set-up events and what they establish; every other event only moves quantities."""
