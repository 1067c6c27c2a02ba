"""Names of events and fields, in every spelling: SharesRepurchased and shares-repurchased; on and effective_on."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

from domain.events import EVENT_TYPES, Event

EVENTS_BY_NAME: Mapping[str, type[Event]] = {kind.__name__: kind for kind in EVENT_TYPES}

SHORT_NAMES = {"class": "share_class", "on": "effective_on", "by": "recorded_by"}
"""What the options of the command line call some fields."""

SYNONYMS: Mapping[str, str] = {
    "allotment": "OtherSharesIssued",
    "bonus": "BonusIssueCompleted",
    "buyback": "SharesRepurchased",
    "cancellation": "RepurchasedSharesCancelled",
    "consolidation": "SharesConsolidated",
    "conversion": "ConvertiblesConverted",
    "exercise": "OptionsExercised",
    "filing": "ReturnFiled",
    "grant": "OptionsGranted",
    "ipo": "GlobalOfferingCompleted",
    "lapse": "OptionsLapsed",
    "listing": "GlobalOfferingCompleted",
    "mandate": "MandateGranted",
    "openingbalance": "BalanceBroughtForward",
    "placement": "PlacingCompleted",
    "placing": "PlacingCompleted",
    "purchase": "SharesRepurchased",
    "repurchase": "SharesRepurchased",
    "reversesplit": "SharesConsolidated",
    "rights": "RightsIssueCompleted",
    "scrip": "ScripDividendIssued",
    "scripdividend": "ScripDividendIssued",
    "sharebuyback": "SharesRepurchased",
    "split": "SharesSubdivided",
    "subdivision": "SharesSubdivided",
    "subscription": "PlacingCompleted",
    "topup": "PlacingCompleted",
    "treasurysale": "TreasurySharesSold",
    "vesting": "AwardsVested",
}
"""What people call a fact, in small letters alone, and the event that it probably is: suggested, never taken for it."""


FIELD_SYNONYMS: Mapping[str, str] = {
    "average_price": "price",
    "currency": "price",
    "date": "effective_on",
    "day": "effective_on",
    "effective_date": "effective_on",
    "note": "source",
    "notes": "source",
    "number": "shares",
    "qty": "shares",
    "quantity": "shares",
    "number_of_shares": "shares",
    "share_type": "share_class",
    "type": "event",
    "who": "recorded_by",
}
"""What people call a field, and the field that it probably is: suggested, never taken for it."""


@lru_cache  # A wrong name stands in every line of a file, and comparing it takes milliseconds.
def near_field(name: str, known: tuple[str, ...]) -> str | None:
    """The field that a name probably means, of those that there are."""
    meant = FIELD_SYNONYMS.get(field(name.lower()))
    short = [each for each, full in SHORT_NAMES.items() if full in known]
    near = [meant] if meant in known else difflib.get_close_matches(name[:60], [*known, *short], n=1)
    return near[0] if near else None


def letters(name: str) -> str:
    """A name without what spellings differ in: case, hyphens, underscores, spaces."""
    return "".join(each for each in name.lower() if each.isalnum())


_BY_LETTERS = {letters(name): kind for name, kind in EVENTS_BY_NAME.items()}


def event_type(name: object) -> type[Event] | None:
    """The event type of a name in any spelling; None if there is none."""
    return _BY_LETTERS.get(letters(name)) if isinstance(name, str) else None


def called(name: str) -> type[Event] | None:
    """The event type that people call by a name: buy-back, split; None if there is none."""
    plain = letters(name)
    meant = SYNONYMS.get(plain) or SYNONYMS.get(plain.removesuffix("s"))
    return EVENTS_BY_NAME[meant] if meant else None


@lru_cache
def near_event(name: str) -> type[Event] | None:
    """The event type that a name probably means."""
    near = difflib.get_close_matches(letters(name[:60]), _BY_LETTERS, n=1, cutoff=0.5)
    return called(name[:60]) or (_BY_LETTERS[near[0]] if near else None)


def field(name: str) -> str:
    """A field as events call it: general_meeting_on for general-meeting-on, share_class for class."""
    plain = name.replace("-", "_")
    return SHORT_NAMES.get(plain, plain)


Value = TypeVar("Value")


def by_field(written: Mapping[str, Value]) -> tuple[dict[str, Value], list[str]]:
    """What was written by the names of events, and the fields that were written twice, in two spellings."""
    named: dict[str, Value] = {}
    twice: list[str] = []
    for name, value in written.items():
        known = field(name)
        twice += [known] if known in named else []
        named[known] = value
    return named, twice
