"""The sample of every event type (tests/events); together, with the support below, they make one legal book.

Numbers are chosen to be distinct: no two samples move the same number of shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.events import Event
from infrastructure.readers.names import EVENTS_BY_NAME
from infrastructure.readers.values import build
from tests.events import EVENT_FILES

Written = Mapping[str, object]

SAMPLES: dict[str, dict[str, Any]] = {kind.__name__: file.sample for kind, file in EVENT_FILES.items() if file.sample}
"""The name of every event type, and the fields of one such event (tests/events)."""

SAMPLED = tuple(kind for kind in EVENT_FILES if kind.__name__ in SAMPLES)
"""The event types of the samples."""

# What the samples rest on beyond each other: a class to convert from, schemes of existing shares and of awards, a mandate to
# buy, shares redeemed and not yet cancelled.
SUPPORT: tuple[tuple[str, Written], ...] = (
    (
        "MandateGranted",
        {
            "effective_on": "28 June 2023",
            "mandate": "repurchase-2023",
            "purpose": "repurchase",
            "percent": "10",
            "base": "10,000,000,000",
            "annual": "yes",
            "used_before": "30,000,001",
            "counted_on": "1 July 2024",
        },
    ),
    (
        "ShareClassCreated",
        {"effective_on": "1 July 2024", "share_class": "A", "class_label": "WVR ordinary shares", "type_label": "A"},
    ),
    ("AuthorisedCapitalIncreased", {"effective_on": "1 July 2024", "share_class": "A", "shares": "1,000,000,000"}),
    ("ShareClassCreated", {"effective_on": "1 July 2024", "share_class": "Z", "class_label": "Preference shares"}),
    (
        "ShareClassCreated",
        {
            "effective_on": "1 July 2024",
            "share_class": "domestic",
            "class_label": "Domestic shares",
            "authorised": "registered",
            "votes_per_share": "0",
        },
    ),
    ("BalanceBroughtForward", {"effective_on": "1 July 2024", "share_class": "domestic", "held": "2,000,000"}),
    ("BalanceBroughtForward", {"effective_on": "1 July 2024", "share_class": "A", "held": "600,000,000"}),
    (
        "SchemeAdopted",
        {
            "effective_on": "2 July 2024",
            "scheme": "2023 Scheme",
            "share_class": "B",
            "particulars": "Share option scheme of 2023",
        },
    ),
    (
        "SchemeAdopted",
        {
            "effective_on": "2 July 2024",
            "scheme": "nominee",
            "share_class": "B",
            "particulars": "Shares held by a nominee",
            "existing_shares": "yes",
        },
    ),
    (
        "SchemeSharesMoved",
        {"effective_on": "2 July 2024", "scheme": "nominee", "shares": "70,000,000", "word": "Brought forward"},
    ),
    (
        "MandateGranted",
        {
            "effective_on": "2 July 2024",
            "mandate": "repurchase-2024",
            "purpose": "repurchase",
            "percent": "10",
            "base": "10,000,000,000",
        },
    ),
    (
        "SchemeAdopted",
        {
            "effective_on": "2 July 2024",
            "scheme": "2024 Awards",
            "share_class": "B",
            "particulars": "Share award scheme adopted on 02/07/2024",
            "limit": "50,000,000",
            "awards": "yes",
        },
    ),
    ("SharesRedeemed", {"effective_on": "1 August 2024", "share_class": "B", "shares": "1,030,000", "cancelled": "no"}),
)


def made(name: str, written: Written) -> Event:
    """An event from fields as a person writes them; they must be right."""
    event, problems = build(EVENTS_BY_NAME[name], written)
    assert event is not None, f"{name}: {problems}"
    return event


def sample(name: str, /, **changed: object) -> Event:
    """The sample of an event type, with some of its fields written otherwise."""
    return made(name, {**SAMPLES[name], **changed})


def sample_book() -> list[Event]:
    """Every sample but the withdrawal and the release, with its support, in an order in which each can be recorded."""
    support = [made(name, written) for name, written in SUPPORT]
    samples = [sample(name) for name in SAMPLES if name not in ("EntryWithdrawn", "EntryReleased")]
    first = samples.pop(0)
    return [first, *sorted([*support, *samples], key=lambda event: event.effective_on)]
