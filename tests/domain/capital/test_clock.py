"""The clock by which facts are recorded: the day before its day a fact is refused, and a minute behind the book it is doubted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import attrs
import pytest

from application.record import CannotStand, record
from domain.capital.clock import DECIDED_AHEAD, Clock, ClockDoubted, ahead_of_clock
from domain.capital.head import Head
from tests.application.fake_store import FakeStore
from tests.domain.book_of import draft, drafts, entries, event, set_up
from tests.samples import SAMPLED, sample

ISSUER = "00001"
# One second before, and the first of, 26 November 2026 in Hong Kong.
EVE, MORNING = datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC), datetime(2026, 11, 25, 16, tzinfo=UTC)


def placing(on):
    return event("PlacingCompleted", on, share_class="ordinary", shares="10")


@pytest.mark.parametrize(
    ("now", "on", "ahead"),
    [
        (EVE, "25 November 2026", False),
        (EVE, "26 November 2026", True),
        (MORNING, "26 November 2026", False),
        (MORNING, "27 November 2026", True),
        (MORNING, "30 June 2150", True),
    ],
)
def test_a_fact_is_one_from_its_day_in_hong_kong(now, on, ahead):
    assert (Clock(now).ahead(placing(on)) is not None) == ahead


def test_what_is_refused_says_the_field_what_was_expected_and_what_came():
    said = Clock(MORNING).ahead(placing("30 June 2150"))
    assert said == ("effective_on", "expected a day until today, 26 November 2026 in Hong Kong, got 30 June 2150")


@pytest.mark.parametrize("kind", SAMPLED, ids=lambda kind: kind.__name__)
def test_only_what_the_issuer_decides_and_what_repeats_the_day_of_an_entry_may_lie_ahead(kind):
    later = attrs.evolve(sample(kind.__name__), effective_on=date(2026, 11, 27))
    assert (Clock(MORNING).ahead(later) is None) == (kind in DECIDED_AHEAD)
    assert {each.__name__ for each in DECIDED_AHEAD} == {
        "SignatoryAppointed", "ReturnSettingsChanged", "ReturnRemarkChanged", "EntryWithdrawn", "ReleaseRequirementSet",
        "FactProposed", "EntryReleased",
    }  # fmt: skip


def test_a_return_is_submitted_by_today():
    filed = event("ReturnFiled", "31 October 2026", kind="monthly", submitted_on="27 November 2026")
    assert Clock(MORNING).ahead(filed) == (
        "submitted_on", "expected a day until today, 26 November 2026 in Hong Kong, got 27 November 2026",
    )  # fmt: skip
    assert Clock(MORNING + timedelta(days=1)).ahead(filed) is None


def test_days_of_other_fields_may_lie_ahead():
    scheme = event(
        "SchemeAdopted",
        "25 November 2026",
        scheme="s",
        particulars="Share scheme",
        share_class="ordinary",
        expires_on="2036-11-25",
    )
    assert Clock(EVE).ahead(scheme) is None


# --- recording ----------------------------------------------------------------------------------------------------


def test_facts_of_days_to_come_are_refused_one_by_one_and_nothing_is_recorded():
    store = FakeStore()
    record(store, ISSUER, drafts(*set_up("1 July 2024")))
    facts = [draft(placing(on), f"fact {on}") for on in ("25 November 2026", "27 November 2026", "1 January 2199")]
    with pytest.raises(CannotStand) as refused:
        record(store, ISSUER, facts, clock=Clock(MORNING))
    assert [(each.index, each.field) for each in refused.value.problems] == [(1, "effective_on"), (2, "effective_on")]
    assert store.head(ISSUER).number == len(set_up())


def test_what_is_recorded_already_is_not_refused_again():
    store, ahead = FakeStore(), draft(placing("30 June 2150"), "ahead")
    record(store, ISSUER, [*drafts(*set_up("1 July 2024")), ahead])
    assert [number for _, number in record(store, ISSUER, [ahead], clock=Clock(MORNING)).already] == [len(set_up()) + 1]


@pytest.mark.parametrize(
    ("behind", "doubted"),
    [(timedelta(seconds=-5), False), (timedelta(seconds=60), False), (timedelta(seconds=60, microseconds=1), True)],
)
def test_a_clock_is_doubted_when_it_is_more_than_a_minute_behind_the_last_entry(behind, doubted):
    head = Head(7, "ab" * 32, MORNING)
    fact = draft(placing("25 November 2026"), "fact")
    if not doubted:
        assert Clock(MORNING - behind).vouched(head, [fact]) == [fact]
        return
    with pytest.raises(ClockDoubted, match="says 2026-11-25 23:58:59 HKT, but entry 7 was recorded at 2026-11-26 00:00:00 HKT"):
        Clock(MORNING - behind).vouched(head, [fact])


def test_the_reason_for_which_a_clock_is_accepted_is_kept_in_each_entry():
    head = Head(7, "ab" * 32, MORNING + timedelta(days=900))
    facts = [draft(placing("25 November 2026"), "fact"), attrs.evolve(draft(placing("25 November 2026"), "x"), source="a letter")]
    kept = Clock(MORNING, "the server was set to 2029 by mistake").vouched(head, facts)
    assert [each.source for each in kept] == [
        "clock accepted: the server was set to 2029 by mistake",
        "a letter; clock accepted: the server was set to 2029 by mistake",
    ]


def test_a_reason_that_is_not_needed_is_not_kept():
    facts = [draft(placing("25 November 2026"), "fact")]
    for head in (Head(0, "", None), Head(7, "ab" * 32, MORNING)):
        assert Clock(MORNING, "no need").vouched(head, facts) == facts


def test_a_clock_of_another_century_records_nothing_whatever_the_reason():
    with pytest.raises(ClockDoubted, match="says 2200-01-01"):
        Clock(datetime(2200, 1, 1, tzinfo=UTC), "I am sure").vouched(Head(0, "", None), [])
    assert Clock(datetime(2199, 12, 31, 15, 59, tzinfo=UTC)).vouched(Head(0, "", None), []) == []


# --- what a book shows --------------------------------------------------------------------------------------------


def test_facts_and_entries_that_lie_ahead_of_the_clock_are_findings():
    book = entries(*set_up("1 July 2024"), placing("30 June 2150"))
    last, recorded_at = book[-1].number, book[-1].recorded_at
    found = list(ahead_of_clock(book, Clock(recorded_at)))
    assert [(each.code, each.entries) for each in found] == [("HK120", (last,))]
    assert found[0].message == "PlacingCompleted: effective_on is 30 June 2150, after today, 5 January 2026"
    behind = list(ahead_of_clock(entries(*set_up("1 July 2024")), Clock(book[1].recorded_at - timedelta(minutes=1, seconds=1))))
    assert [(each.code, each.entries) for each in behind] == [("HK121", (2,))]


def test_a_corrected_day_is_no_finding():
    book = entries(*set_up("1 July 2024"), placing("30 June 2150"))
    last = book[-1].number
    corrected = attrs.evolve(book[-1], number=last + 1, replaces=last, event=placing("30 June 2025"))
    assert list(ahead_of_clock([*book, corrected], Clock(book[-1].recorded_at))) == []
