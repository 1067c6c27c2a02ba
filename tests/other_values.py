"""For every field of every event type another value than its sample's, as a person writes it, and a book that can hold it.

A field of a usual kind needs nothing here. One whose value must agree with others, or is made of several parts, has a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Literal, cast, get_args, get_origin

import attrs

from domain import events
from domain.capital.balances import Impossible, replay
from domain.capital.codes import NEW_CODES, REFERENCES
from domain.capital.entries import in_effect
from domain.capital.position import Position
from domain.events import Event
from domain.events.structured import Counter
from domain.values import Money
from infrastructure.readers.names import EVENTS_BY_NAME
from infrastructure.readers.values import field_types
from tests.domain.book_of import entries
from tests.samples import SAMPLES, made, sample, sample_book

Field = tuple[str, str]
"""The name of an event type, and of one of its fields."""

WORDS = 'Other words: a, b and "c"; 例子, 5 %'

OTHER: Mapping[Field, object] = {
    ("IssuerRegistered", "incorporated_in"): "Bermuda",
    ("ReturnSettingsChanged", "struck_out"): "ii, iv",
    ("BalanceBroughtForward", "share_class"): "Y",
    ("RepurchasedSharesCancelled", "bought_on"): ["2024-05-22", "2024-05-21"],
    ("BalanceBroughtForward", "tranches"): ["2024-06-18: 10,000,000 @ HKD 1.1", "2024-06-21: 20,000,000 under repurchase-2023"],
    ("SharesRepurchased", "trades"): [
        "Off-market: 9,000 @ HKD 1.03 = HKD 9,270",
        "Off-market: 1,000,000 @ HKD 1 = HKD 1,000,000",
    ],
    ("TreasurySharesSold", "trades"): [
        "On the Exchange: 1,000,000 @ HKD 1.06 to HKD 1.05 = HKD 1,055,000",
        "Off-market: 12,000 @ HKD 1.06 = HKD 12,720",
    ],
    ("SharesSubdivided", "into"): "10",
    ("SharesConsolidated", "issued"): "4,700,000,000",
    ("SharesSubdivided", "prices"): ["cb-2027: HKD 0.61", "warrants-2026: HKD 0.52"],
    ("SharesConsolidated", "prices"): ["warrants-2026: HKD 5.1"],
    ("CapitalReduced", "par_value"): "USD 0.000000002",
    ("PollResultDeclared", "votes"): ["A 500,000,000 for, 1 against", "B 3,000,000,000 for, 1,000,000,000 against"],
    ("ReturnFiled", "form"): "FF301 1.1.0",
    ("ReturnFiled", "digest"): "0" * 64,
    ("ReturnFiled", "submitted_at"): "17:45",
}

BESIDE: Mapping[Field, Mapping[str, object]] = {
    ("BalanceBroughtForward", "issued_excluding_treasury"): {"held": None, "issued_excluding_treasury": "9,400,000,000"},
    ("BalanceBroughtForward", "pending_cancellation"): {"tranches": None},
    ("PlacingCompleted", "treasury_shares"): {"shares": "1,001"},
    ("SharesRepurchased", "shares"): {"trades": None},
    ("SharesConsolidated", "issued"): {"share_class": "B"},
    ("CapitalReduced", "capital_per_share"): {"share_class": "X", "capital_per_share": "HKD 0.000000008"},
    ("SchemeAdopted", "service_provider_limit"): {"limit": "100,000,000"},
    ("SchemeBalanceBroughtForward", "service_providers_before"): {"scheme": "2022 Scheme"},
    ("MandateGranted", "used_before"): {"reserved_before": "0", "counted_on": "2 July 2024"},
    ("MandateGranted", "reserved_before"): {"used_before": "0", "counted_on": "2 July 2024"},
    ("MandateGranted", "extended_before"): {"extended_by": "repurchase-2024", "used_before": "0", "counted_on": "2 July 2024"},
    ("MandateGranted", "counted_on"): {"used_before": "0", "counted_on": "2 July 2024"},
    ("InstrumentTermsAdjusted", "agreement"): {"instrument": None, "agreement": "subscription", "effective_on": "22 August 2024"},
    ("PublicFloatConfirmed", "percent"): {"shares": None, "price": None},
    ("PublicFloatConfirmed", "market_value"): {"price": None},
    ("PublicFloatRequirementSet", "with_class"): {"test": "A+H"},
    **{
        (name, "agreement"): {"shares": "1,001", "share_class": "B", "effective_on": "21 August 2024"}
        for name, fields in SAMPLES.items()
        if "shares" in fields and name in {kind.__name__ for kind in events.SUBJECTS["Issues of shares"]}
    },
}
"""What the sample of an event needs changed so that one of its fields can be given alone."""


def beginning(name: str, field: str) -> Event:
    """The sample of an event type, changed where it must be so that a field of it can be given."""
    return made(name, {**SAMPLES[name], **BESIDE.get((name, field), {})})


def others(event: Event, field: str, held: Position) -> Iterator[object]:
    """Values for one field of an event that are not the one it has, in the order in which to try them."""
    name, before = type(event).__name__, getattr(event, field)
    if (name, field) in OTHER:
        yield OTHER[name, field]
    elif field in REFERENCES and NEW_CODES.get(type(event)) != field:
        codes = [code for code in held.terms.named(REFERENCES[field]) if code not in (before, *(before or ()))]
        yield from ([code] if isinstance(before, tuple) else code for code in codes)
    else:
        yield _other(field_types(cast("Any", type(event)))[field], _unit(event, field), before)


def _unit(event: Event, field: str) -> str:
    unit: str = getattr(attrs.fields(cast("Any", type(event))), field).metadata["unit"]
    return unit


BY_UNIT = {"stock code": "00022", "day of the year": "30 June", "name": "another (1)"}


def _other(hint: Any, unit: str, before: Any) -> object:
    """Another value of a type: the next one where there is one."""
    if get_origin(hint) is Literal:
        choices = get_args(hint)
        return choices[(choices.index(before) + 1) % len(choices)] if before in choices else choices[-1]
    if bool in (hint, *get_args(hint)):
        return "no" if before else "yes"
    if hint == tuple[Counter, ...]:
        return ["80022 RMB", "09022 USD"]
    return {
        str: lambda: BY_UNIT.get(unit, WORDS),
        int: lambda: f"{(before or 0) + 1:,}",
        Decimal: lambda: "12.5",
        date: lambda: f"{(before or date(2024, 6, 28)) + timedelta(days=1)}",
        Money: lambda: str(Money(before.currency, before.amount + 1)) if before else "HKD 0.97",
    }[hint]()


# --- the book that an event is recorded in ------------------------------------------------------------------------

FURTHER = (
    made("ShareClassCreated", {
        "effective_on": "1 July 2024", "share_class": "Y", "class_label": "Preference shares", "par_value": "USD 0.000000025",
    }),
    made("AuthorisedCapitalIncreased", {"effective_on": "1 July 2024", "share_class": "Y", "shares": "20,000,000,000"}),
    made("ShareClassCreated", {
        "effective_on": "1 July 2024", "share_class": "X", "class_label": "Preference shares", "par_value": "USD 0.000000025",
        "capital_per_share": "HKD 0.0000002",
    }),
    made("ShareClassCreated", {
        "effective_on": "1 July 2024", "share_class": "H", "class_label": "Ordinary shares", "authorised": "no",
    }),
    made("BalanceBroughtForward", {
        "effective_on": "1 July 2024", "share_class": "H", "held": "90,000,000", "treasury": "4,000,000",
        "pending_cancellation": "3,000,000", "tranches": "2024-05-21: 3,000,000",
    }),
    made("SharesRedeemed", {
        "effective_on": "1 August 2024", "share_class": "H", "shares": "2,000,000", "cancelled": "no",
    }),
    made("SchemeAdopted", {
        "effective_on": "2 July 2024", "scheme": "2022 Scheme", "share_class": "B", "particulars": "Share option scheme of 2022",
        "limit": "50,000,000", "service_provider_limit": "5,000,000",
    }),
    made("OptionsGranted", {"effective_on": "3 July 2024", "scheme": "2023 Scheme", "options": "30,000,000"}),
    made("SchemeAdopted", {
        "effective_on": "2 July 2024", "scheme": "2025 Awards", "share_class": "B", "particulars": "Awards", "awards": "yes",
    }),
    made("AwardsGranted", {"effective_on": "2 July 2024", "scheme": "2025 Awards", "awards": "30,000,000"}),
    made("WarrantsIssued", {**SAMPLES["WarrantsIssued"], "instrument": "warrants-2030"}),
    made("ConvertiblesIssued", {**SAMPLES["ConvertiblesIssued"], "instrument": "cb-2030"}),
    made("IssueAgreed", {**SAMPLES["IssueAgreed"], "agreement": "standby"}),
)  # fmt: skip
"""A second of each kind of thing that an event may name, so that it can be corrected to name it."""

_FOUNDING = frozenset({
    events.IssuerRegistered, events.AuthorisedCapitalIncreased, events.BalanceBroughtForward, events.SchemeBalanceBroughtForward,
    events.SchemeSharesMoved, events.SharesRedeemed, events.OptionsGranted, events.AwardsGranted, *NEW_CODES,
})  # fmt: skip


@cache
def _founding() -> tuple[Event, ...]:
    first, *rest = (event for event in (*sample_book(), *FURTHER) if type(event) in _FOUNDING)
    return first, *(entry.event for entry in in_effect(entries(*rest)))


def book_without(name: str) -> list[Event]:
    """The set-up events of the sample book that can stand without the sample of an event type, until it takes effect."""
    until = max(beginning(name, field.name).effective_on for field in attrs.fields(EVENTS_BY_NAME[name]))
    what, named, book = sample(name), _named_in(name), list[Event]()
    for event in _founding() if name != "IssuerRegistered" else ():
        useful = event != what and event.effective_on <= until and _kinds(type(event)) <= named
        if useful and possible([*book, event]):
            book.append(event)
    return book


def _kinds(kind: type[Event]) -> set[str]:
    """The kinds of thing that the fields of an event type name: a class, a scheme, a mandate, an instrument, an agreement."""
    return {REFERENCES[field.name] for field in attrs.fields(cast("Any", kind)) if field.name in REFERENCES}


def _named_in(name: str) -> set[str]:
    """The kinds of thing that a book must have for an event: those that it names, and classes and mandates, which all need."""
    kind = EVENTS_BY_NAME[name]
    # A reorganisation names, with its prices, what else there is.
    return set(REFERENCES.values()) if issubclass(kind, events.Reorganisation) else {"class", "mandate", *_kinds(kind)}


def possible(book: Iterable[Event]) -> bool:
    """Whether no day of a book holds what no book may hold."""
    try:
        position_of(book)
    except Impossible:
        return False
    return True


def position_of(book: Iterable[Event]) -> Position:
    """The position at the end of a book. Raises Impossible."""
    position = Position()
    for _ in replay(in_effect(entries(*book)), position):
        pass
    return position
