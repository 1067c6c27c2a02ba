"""Books recorded fact by fact in any order, refused facts left out, with the rows that each recording added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import strategies as st

from application.record import record
from domain import events
from domain.capital.accounts import Account
from domain.capital.entries import Draft, Entry, Viewpoint
from domain.errors import Refused
from domain.events import Event
from domain.values import Money
from tests.domain.book_of import position_at

ISSUER = "00001"
OPENED = date(2023, 12, 20)
PRICE = Money.parse("HKD 0.9")
DAYS = 40
BIG = 10**30


def standing() -> list[Event]:
    """What every book starts from: three classes, of which H has no authorised capital, a scheme and two mandates."""
    on: dict[str, Any] = {"effective_on": OPENED}
    mandate: dict[str, Any] = {**on, "percent": Decimal(20), "base": 11_003}
    return [
        events.IssuerRegistered(**on, issuer=ISSUER, name="Example Limited"),
        events.ShareClassCreated(**on, share_class="B", class_label="Shares"),
        events.ShareClassCreated(**on, share_class="A", class_label="Shares"),
        events.ShareClassCreated(**on, share_class="H", class_label="Shares", authorised=False),
        events.AuthorisedCapitalIncreased(**on, share_class="B", shares=100_000),
        events.AuthorisedCapitalIncreased(**on, share_class="A", shares=9_000),
        events.BalanceBroughtForward(**on, share_class="B", held=7_000, treasury=500, pending_cancellation=300),
        events.BalanceBroughtForward(**on, share_class="A", held=4_000),
        events.BalanceBroughtForward(**on, share_class="H", held=2_000, treasury=20),
        events.SchemeAdopted(**on, scheme="options", share_class="B", particulars="2023 Scheme", limit=1_000),
        events.MandateGranted(**mandate, mandate="repurchase", purpose="repurchase"),
        # What is repurchased extends it, up to 1,100 shares: a repurchase moves what is left of them.
        events.MandateGranted(**mandate, mandate="issue", purpose="issue", extended_by="repurchase"),
        events.OptionsGranted(**on, scheme="options", options=400),
    ]


def _moved(kind: type[Event], **fields: Any) -> Any:
    return lambda day, code, number: kind(effective_on=day, share_class=code, shares=number, **fields)


MAKERS: tuple[Any, ...] = (
    _moved(events.PlacingCompleted, mandate="issue", price=PRICE),
    _moved(events.OtherSharesIssued),
    _moved(events.SharesRepurchased, intention="treasury", mandate="repurchase"),
    _moved(events.SharesRepurchased, intention="treasury", mandate="repurchase"),
    _moved(events.SharesRepurchased, intention="cancellation"),
    _moved(events.RepurchasedSharesCancelled),
    _moved(events.TreasurySharesSold),
    _moved(events.TreasurySharesCancelled),
    lambda day, code, number: events.AuthorisedCapitalIncreased(effective_on=day, share_class="B", shares=number * BIG),
    lambda day, code, number: events.OptionsGranted(effective_on=day, scheme="options", options=number),
    lambda day, code, number: events.OptionsLapsed(effective_on=day, scheme="options", options=number),
    lambda day, code, number: events.SharesSubdivided(effective_on=day, into=2 + number % 3),
    lambda day, code, number: events.SharesSubdivided(effective_on=day, share_class=code, into=2),
    lambda day, code, number: events.SharesConsolidated(effective_on=day, shares=2 + number % 3, fractions="cancelled"),
    lambda day, code, number: events.ClassAConvertedToB(effective_on=day, shares=number),
    lambda day, code, number: events.ShareClassCreated(effective_on=day, share_class=f"C{number % 3}", class_label="C"),
    lambda day, code, number: events.MandateGranted(
        effective_on=day, mandate=f"m{number % 3}", purpose="issue", percent=Decimal(20), base=number
    ),
    lambda day, code, number: events.ReturnFiled(effective_on=day, kind="next-day", submitted_on=day + timedelta(1)),
    lambda day, code, number: events.IssuerDetailsChanged(effective_on=day, name=f"Example {number} Limited"),
)

FACT = st.builds(
    lambda day, make, code, number: make(OPENED + timedelta(1 + day), code, number),
    st.integers(0, DAYS), st.sampled_from(MAKERS), st.sampled_from("BBAH"), st.integers(1, 900),
)  # fmt: skip
REPLACES = st.one_of(st.none(), st.none(), st.integers(1, 60))
STEP = st.lists(st.tuples(FACT, REPLACES, st.booleans()), min_size=1, max_size=3)
RECORDINGS = st.lists(STEP, min_size=1, max_size=14)
"""Batches of facts, each with the entry that it replaces, if one, and whether as a withdrawal."""


def draft(fact: Event, number: int, replaces: int | None, *, withdrawn: bool) -> Draft:
    if replaces is not None and withdrawn:
        fact = events.EntryWithdrawn(effective_on=fact.effective_on, reason="it did not happen")
    return Draft(event=fact, recorded_by="tests", command_id=f"fact-{number}", replaces=replaces)


def recorded_into(store: Any, batches: Sequence[Sequence[tuple[Event, int | None, bool]]]) -> list[Entry]:
    """The book that batches make in a store; a batch that is refused is left out."""
    record(store, ISSUER, [draft(fact, -number, None, withdrawn=False) for number, fact in enumerate(standing(), 1)])
    count = 0
    for batch in batches:
        facts = []
        for fact, replaces, withdrawn in batch:
            count += 1
            facts.append(draft(fact, count, replaces, withdrawn=withdrawn))
        try:
            record(store, ISSUER, facts)
        except Refused:
            continue
    return list(store.entries(ISSUER))


def viewpoints(entries: Sequence[Entry]) -> list[Viewpoint]:
    """Every day on which something took effect, as known at every instant at which something was recorded."""
    days = sorted({entry.event.effective_on for entry in entries} | {date(2023, 1, 1)})
    moments = sorted({entry.recorded_at for entry in entries})
    return [Viewpoint(day, moment) for day in days for moment in moments]


def totals_by_the_fold(entries: Sequence[Entry], viewpoint: Viewpoint) -> dict[Account, int]:
    """What the fold says of every account at a viewpoint; what is zero is left out."""
    return {account: total for account, total in position_at(entries, viewpoint).totals.items() if total}


def later(entry: Entry, seconds: int) -> Entry:
    return attrs.evolve(entry, recorded_at=entry.recorded_at + timedelta(seconds=seconds))
