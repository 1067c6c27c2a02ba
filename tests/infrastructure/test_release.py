"""Maker and checker over random books: what waits never counts, and what is released counts from its release, at every viewpoint."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.record import Recorded, record
from domain import events
from domain.capital.entries import Draft, Entry, waiting
from domain.errors import Refused
from domain.events import Event
from infrastructure.event_store import SqlEventStore, open_store
from tests.domain.recorded_books import (
    ISSUER,
    OPENED,
    RECORDINGS,
    draft,
    standing,
    totals_by_the_fold,
    viewpoints,
)
from tests.infrastructure.checking import positions_compared
from tests.infrastructure.test_carried_forward import every, same_as_the_fold

MAKER, CHECKER = "Wong Mei Ling", "Chan Siu Ming"


class Office:
    """Two people who keep a book, and a list of what counts that is kept beside it: facts with the number and time of release."""

    def __init__(self, store: SqlEventStore) -> None:
        self.store = store
        self.waits: dict[int, tuple[Event, int | None]] = {}
        self.counts: list[Entry] = []

    def write(self, drafts: list[Draft]) -> Recorded | None:
        try:
            return record(self.store, ISSUER, drafts)
        except Refused:
            return None

    def set_up(self) -> None:
        required = events.ReleaseRequirementSet(effective_on=OPENED)
        facts = [draft(fact, -number, None, withdrawn=False) for number, fact in enumerate([*standing(), required], 1)]
        self.counts += record(self.store, ISSUER, facts).entries

    def prepare(self, facts: list[Draft]) -> None:
        """Facts are recorded by the maker, and wait, but for a filing, which is in effect at once."""
        recorded = self.write([Draft(**{**_fields(each), "recorded_by": MAKER}) for each in facts])
        for entry in recorded.entries if recorded else ():
            given_as = facts[entry.number - recorded.entries[0].number] if recorded else entry
            if isinstance(entry.event, events.FactProposed):
                before = self.waits.pop(entry.replaces or 0, (None, given_as.replaces))
                self.waits[entry.number] = (given_as.event, before[1])
            elif isinstance(entry.event, events.EntryWithdrawn):
                self.waits.pop(entry.replaces or 0)
            else:
                self.counts.append(entry)

    def release(self, number: int) -> None:
        fact, replaces = self.waits[number]
        released = self.write([_about(number, events.EntryReleased(effective_on=fact.effective_on))])
        if released:
            last = released.entries[-1]
            assert [entry.number for entry in released.entries] == [last.number - 1, last.number]
            del self.waits[number]
            self.counts.append(
                Entry(event=fact, replaces=replaces, number=last.number, recorded_at=last.recorded_at, recorded_by=MAKER)
            )

    def turn_down(self, number: int) -> None:
        fact, _ = self.waits.pop(number)
        assert self.write([_about(number, events.EntryWithdrawn(effective_on=fact.effective_on, reason="not so"))])


def _fields(each: Draft) -> dict[str, Any]:
    return {name: getattr(each, name) for name in ("event", "command_id", "source", "replaces")}


def _about(number: int, event: Event) -> Draft:
    return Draft(event=event, recorded_by=CHECKER, replaces=number)


RELEASED, TURNED_DOWN, LEFT = range(3)
DECISIONS = st.lists(
    st.tuples(st.sampled_from([RELEASED, RELEASED, RELEASED, TURNED_DOWN, LEFT]), st.integers(0, 5)), max_size=30
)


@pytest.mark.parametrize("spacing", [1, 3, 250])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(RECORDINGS, DECISIONS)
def test_what_waits_never_counts_and_what_is_released_counts_from_then_on(tmp_path_factory, spacing, batches, decisions):
    path = tmp_path_factory.mktemp("book") / "book.db"
    readings = iter(range(10**6))
    left = iter(decisions)
    with pytest.MonkeyPatch.context() as patch:
        every(spacing, patch)
        clock = lambda: datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=next(readings))  # noqa: E731
        with open_store(str(path), clock=clock, create=True) as store:
            office = Office(store)
            office.set_up()
            count = 0
            for batch in batches:
                facts = [
                    draft(fact, count + place, replaces, withdrawn=gone) for place, (fact, replaces, gone) in enumerate(batch)
                ]
                count += len(batch)
                office.prepare(facts)
                for decision, place in (next(left, (LEFT, 0)) for _ in range(2)):
                    if office.waits and decision != LEFT:
                        number = sorted(office.waits)[place % len(office.waits)]
                        (office.release if decision == RELEASED else office.turn_down)(number)
            book = list(store.entries(ISSUER))
            asked = viewpoints(book)
            for viewpoint in asked:
                assert totals_by_the_fold(book, viewpoint) == totals_by_the_fold(office.counts, viewpoint), viewpoint
            assert [entry.number for entry in waiting(book)] == sorted(office.waits)
            for known_at in {viewpoint.known_at for viewpoint in asked}:
                assert store.waiting(ISSUER, known_at) == waiting(book, known_at)
            same_as_the_fold(store, ISSUER, asked)
            positions_compared(store, ISSUER)
            store.rebuild(ISSUER)
            positions_compared(store, ISSUER)


def test_release_is_required_from_the_day_that_is_said_and_no_longer_once_that_is_released(tmp_path):
    from domain.capital.clock import Clock

    def on(day: int) -> Clock:
        return Clock(datetime(2026, 1, day, tzinfo=UTC))

    def facts(*given_facts: Event, by: str = MAKER, replaces: int | None = None) -> list[Draft]:
        return [Draft(event=each, recorded_by=by, replaces=replaces) for each in given_facts]

    readings = iter(range(10**6))
    with open_store(
        str(tmp_path / "b.db"), clock=lambda: datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=next(readings)), create=True
    ) as store:
        tenth = events.ReleaseRequirementSet(effective_on=date(2026, 1, 10))
        record(store, ISSUER, facts(*standing(), tenth), clock=on(5))
        number = store.head(ISSUER).number
        issued = events.OtherSharesIssued(effective_on=date(2026, 1, 2), share_class="B", shares=1)
        assert record(store, ISSUER, facts(issued), clock=on(9)).waiting == ()
        ended = events.ReleaseRequirementSet(effective_on=date(2026, 1, 10), required=False)
        assert record(store, ISSUER, facts(ended), clock=on(10)).waiting == (number + 2,)
        released = events.EntryReleased(effective_on=date(2026, 1, 10))
        record(store, ISSUER, facts(released, by=CHECKER, replaces=number + 2), clock=on(10))
        more = events.OtherSharesIssued(effective_on=date(2026, 1, 2), share_class="B", shares=2)
        assert record(store, ISSUER, facts(more), clock=on(10)).waiting == ()
