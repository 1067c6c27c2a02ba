"""The books that the tests of faults write: how they begin, what is recorded, and how they are found whole afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from application.record import record
from domain import events
from domain.capital.balances import replay
from domain.capital.entries import Draft, Entry, in_effect
from domain.capital.position import Position
from domain.events import Event
from infrastructure.event_store import SqlEventStore, open_store
from tests.infrastructure.checking import chain_verified, positions_compared

ISSUER, SHARE = "00020", "B"
BEGUN = date(2024, 1, 2)
HELD = 10**9
FOUNDING = 4
"""Entries of a book that has begun."""


def now() -> datetime:
    return datetime.now(UTC)


def opened(location: str, **options: bool) -> SqlEventStore:
    return open_store(str(location), clock=now, **options)


def begin(location: str) -> None:
    """A store with a book in it: an issuer of one class, a billion shares in members' hands."""
    day = {"effective_on": BEGUN}
    facts: list[Event] = [
        events.IssuerRegistered(**day, issuer=ISSUER, name="Example Limited"),
        events.ShareClassCreated(**day, share_class=SHARE, class_label="Ordinary shares"),
        events.AuthorisedCapitalIncreased(**day, share_class=SHARE, shares=10 * HELD),
        events.BalanceBroughtForward(**day, share_class=SHARE, held=HELD),
    ]
    drafts = [Draft(event=fact, recorded_by="founder", command_id=f"founding {n}") for n, fact in enumerate(facts)]
    with opened(location, create=True) as store:
        record(store, ISSUER, drafts)


def purchase(random: Random) -> Event:
    """A purchase for the treasury; one in six is recorded late, somewhere in the year."""
    day = BEGUN + timedelta(days=random.randint(1, 360) if random.random() < 1 / 6 else 360)
    return events.SharesRepurchased(effective_on=day, share_class=SHARE, shares=random.randint(1, 1000), intention="treasury")


def sale(random: Random) -> Event:
    """A sale of treasury shares, which the book may refuse."""
    day = BEGUN + timedelta(days=random.randint(1, 360))
    return events.TreasurySharesSold(effective_on=day, share_class=SHARE, shares=random.randint(1, 1000))


def batch(writer: str, number: int, facts: Sequence[Event]) -> list[Draft]:
    """Facts recorded together; their command ids tell by whom, in which batch, which of how many."""
    size = len(facts)
    return [
        Draft(event=fact, recorded_by=writer, command_id=f"{writer}/{number}/{place}/{size}") for place, fact in enumerate(facts)
    ]


def found_whole(location: str) -> list[Entry]:
    """The entries of the book, after everything about them was checked: chain, tables, batches, times, balances."""
    with opened(location, writable=False) as store:
        head = chain_verified(store, ISSUER)
        assert positions_compared(store, ISSUER) == head.number
        entries = list(store.entries(ISSUER))
    assert [entry.number for entry in entries] == list(range(1, head.number + 1))
    times = [entry.recorded_at for entry in entries]
    assert times == sorted(times)
    assert len({entry.command_id for entry in entries}) == len(entries)
    for _ in replay(in_effect(entries), Position()):
        pass
    assert_no_batch_is_half_there(entries[FOUNDING:])
    return entries


def assert_no_batch_is_half_there(entries: Iterable[Entry]) -> None:
    batches: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for entry in entries:
        written_as, place, size = entry.command_id.rsplit("/", 2)
        batches[written_as].append((entry.number, int(place), int(size)))
    for members in batches.values():
        first, _, size = members[0]
        assert members == [(first + place, place, size) for place in range(size)]


def record_one_more(location: str) -> None:
    """Recording goes on after whatever happened."""
    with opened(location) as store:
        assert record(store, ISSUER, batch("later", 0, [purchase(Random(1))])).entries
