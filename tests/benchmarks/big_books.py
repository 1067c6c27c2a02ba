"""Large books for the benchmarks: seeded, ten years long, some facts learnt late and some withdrawn."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

import attrs

from domain import events
from domain.capital.entries import Draft
from domain.events import Event
from domain.values import Money
from infrastructure.event_store import SqlEventStore

ISSUER = "00001"
STARTED = date(2015, 1, 2)
DAYS = 3_650
PRICES = [Money.parse(f"HKD 1.{cents:02}") for cents in range(100)]
LATE, WITHDRAWN = 10, 1
"""How many entries of a hundred are learnt up to a year late, and how many are withdrawn later on."""


def founding(issuer: str = ISSUER) -> list[Event]:
    """An issuer with two classes, a scheme and a mandate, and more of everything than the history can use up."""
    on = {"effective_on": STARTED}
    made: list[Event] = [events.IssuerRegistered(**on, issuer=issuer, name="Benchmark Limited")]
    for code in "AB":
        made += [
            events.ShareClassCreated(**on, share_class=code, class_label="Shares", listed=code == "B", stock_code=issuer),
            events.AuthorisedCapitalIncreased(**on, share_class=code, shares=10**15),
            events.BalanceBroughtForward(**on, share_class=code, held=10**13, treasury=10**12, pending_cancellation=10**12),
        ]
    return [
        *made,
        events.SchemeAdopted(**on, scheme="2015", share_class="B", particulars="2015 Scheme"),
        events.SchemeBalanceBroughtForward(**on, scheme="2015", outstanding=10**12),
    ]


def facts(number: int, seed: int = 20, *, late: int = 0) -> Iterator[Event]:
    """A history of a number of facts, day after day; `late` of a hundred are dated up to a year before their turn."""
    chance = random.Random(seed)
    yield from islice(founding(), number)
    for step in range(number - len(founding())):
        day = STARTED + timedelta(days=1 + step * DAYS // number)
        if chance.randrange(100) < late:
            day = max(STARTED + timedelta(days=1), day - timedelta(days=chance.randrange(365)))
        yield _fact(chance, day)


def _fact(chance: random.Random, day: date) -> Event:
    code, shares, price = chance.choice("AB"), chance.randrange(1_000, 500_000), chance.choice(PRICES)
    moved = {"effective_on": day, "share_class": code, "shares": shares}
    kind = chance.randrange(6)
    if kind == 0:
        return events.PlacingCompleted(**moved, price=price)
    if kind in (1, 2):
        return events.SharesRepurchased(**moved, price=price, intention="treasury")
    if kind == 3:
        return events.TreasurySharesSold(**moved, price=price)
    if kind == 4:
        return events.OptionsExercised(effective_on=day, scheme="2015", options=shares, price=price)
    return events.OtherSharesIssued(**moved)


def drafts(number: int, *, late: int = 0, prefix: str = "c") -> Iterator[Draft]:
    """The facts as drafts, each a command of its own."""
    for count, fact in enumerate(facts(number, late=late), 1):
        yield Draft(event=fact, recorded_by="benchmark", command_id=f"{prefix}{count}", source="generated")


def fill(store: SqlEventStore, number: int, *, batch: int = 5_000, withdrawn: int = WITHDRAWN) -> None:
    """Write a book with late and withdrawn entries, without checking the facts."""
    chance, after = random.Random(7), 0
    waiting = drafts(number, late=LATE)
    gone: set[int] = set()
    while part := list(islice(waiting, batch)):
        if after:
            for _ in range(len(part) * withdrawn // 100):
                index, target = chance.randrange(len(part)), chance.randrange(len(founding()) + 1, after + 1)
                if target not in gone and part[index].replaces is None:
                    event = events.EntryWithdrawn(effective_on=part[index].event.effective_on, reason="did not happen")
                    part[index] = attrs.evolve(part[index], event=event, replaces=target)
                    gone.add(target)
        store.append(ISSUER, after, part)
        after += len(part)
