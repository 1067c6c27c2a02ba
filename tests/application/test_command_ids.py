"""Command ids: an id represents one fact; the same fact again is recognised, another one is refused with both shown."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from application.record import record
from domain.capital.entries import Draft
from domain.errors import Refused
from infrastructure.event_store import SqlEventStore, open_store
from infrastructure.readers.records import read_records
from tests import postgresql
from tests.application.facts import ISSUER, bought, placing, sold, withdrawn
from tests.application.fake_store import ContestedStore, FakeStore
from tests.conftest import ticking
from tests.domain.book_of import draft, drafts, event, set_up
from tests.infrastructure.checking import chain_verified


@pytest.fixture(params=["in a file", "on a server"])
def place(request, tmp_path) -> Iterator[str]:
    """Where a store is yet to be made."""
    if request.param == "in a file":
        yield str(tmp_path / "book.db")
        return
    url = postgresql.database()
    yield url
    postgresql.drop(url)


@pytest.fixture
def book(place) -> Iterator[SqlEventStore]:
    """A store with an issuer, its class and 500,000 shares: entries 1 to 4; entry 5 is a placing of 10 with the id `one`."""
    with open_store(place, clock=ticking(), create=True) as store:
        yield begun(store)


def begun(store):
    record(store, ISSUER, [*drafts(*set_up(), prefix="set-up"), draft(placing("5 July 2024", "10"), "one")])
    return store


def unnamed(what, replaces=None):
    return Draft(event=what, recorded_by="tests", replaces=replaces)


def refused(store, *what):
    """The problems of a batch whose command ids are refused, and that it left the book as it was."""
    before = store.head(ISSUER)
    with pytest.raises(Refused) as caught:
        record(store, ISSUER, list(what))
    assert store.head(ISSUER) == before
    assert {problem.field for problem in caught.value.problems} == {"command_id"}
    return [(problem.index, problem.message.splitlines()) for problem in caught.value.problems]


SAID = "  entry 5: PlacingCompleted, effective_on 5 July 2024, share_class ordinary, shares 10, general_meeting_on 28 June 2024"


@pytest.mark.parametrize(
    ("other", "replaces", "shown"),
    [
        pytest.param(
            placing("5 July 2024", "1,100"), None,
            "PlacingCompleted, effective_on 5 July 2024, share_class ordinary, shares 1,100, general_meeting_on 28 June 2024", id="other shares",
        ),
        pytest.param(
            placing("6 July 2024", "10"), None,
            "PlacingCompleted, effective_on 6 July 2024, share_class ordinary, shares 10, general_meeting_on 28 June 2024", id="another day",
        ),
        pytest.param(
            placing("5 July 2024", "10", price="HKD 1.5"), None,
            "PlacingCompleted, effective_on 5 July 2024, share_class ordinary, shares 10, price HKD 1.5, general_meeting_on 28 June 2024", id="a field more",
        ),
        pytest.param(
            bought("5 July 2024", "10"), None,
            "SharesRepurchased, effective_on 5 July 2024, share_class ordinary, shares 10, intention treasury", id="another event",
        ),
        pytest.param(
            placing("5 July 2024", "10"), 5,
            "PlacingCompleted, effective_on 5 July 2024, share_class ordinary, shares 10, general_meeting_on 28 June 2024, replaces 5", id="a correction",
        ),
        pytest.param(
            withdrawn(), 5, "EntryWithdrawn, effective_on 5 July 2024, reason it did not happen, replaces 5", id="a withdrawal"
        ),
    ],
)  # fmt: skip
def test_another_fact_under_a_used_id_is_refused_and_both_are_shown(other, replaces, shown, book):
    assert refused(book, draft(other, "one", replaces)) == [
        (
            0,
            [
                "one is the command id of entry 5, which is a different fact.",
                SAID,
                f"  now given: {shown}",
                "  Give this fact a command id of its own, or correct the entry.",
            ],
        )
    ]


def test_a_fact_recorded_again_under_its_id_is_already_recorded_whatever_its_author_and_source(book):
    again = Draft(event=placing("5 July 2024", "10"), recorded_by="counsel", command_id="one", source="letter of 6 July 2024")
    found = record(book, ISSUER, [again])
    assert (found.entries, found.already) == ((), ((again, 5),))


def test_two_withdrawals_under_one_id_are_two_facts(book):
    record(book, ISSUER, [draft(placing("6 July 2024", "20"), "two"), draft(withdrawn(), "gone", 5)])
    ((_, lines),) = refused(book, draft(withdrawn(), "gone", 6))
    assert [line.rpartition(", ")[2] for line in lines[1:3]] == ["replaces 5", "replaces 6"]


def test_one_clash_refuses_the_whole_batch_and_every_clash_is_listed(book):
    batch = [
        draft(placing("5 July 2024", "11"), "one"),
        draft(placing("6 July 2024", "1"), "new"),
        draft(sold("6 July 2024", "1"), "one"),
    ]
    assert [index for index, _ in refused(book, *batch)] == [0, 2]


def test_two_facts_of_one_batch_cannot_share_an_id(book):
    ((index, lines),) = refused(book, draft(placing("6 July 2024", "20"), "x"), draft(placing("6 July 2024", "30"), "x"))
    assert index == 1
    assert lines[:3] == [
        "x is the command id of an earlier fact given here, which is a different fact.",
        "  an earlier fact given here: PlacingCompleted, effective_on 6 July 2024, share_class ordinary, shares 20, general_meeting_on 28 June 2024",
        "  now given: PlacingCompleted, effective_on 6 July 2024, share_class ordinary, shares 30, general_meeting_on 28 June 2024",
    ]


def test_one_fact_that_stands_twice_in_a_batch_under_one_id_is_recorded_once(book):
    twice = [draft(placing("6 July 2024", "20"), "x"), draft(placing("6 July 2024", "20"), "x")]
    found = record(book, ISSUER, twice)
    assert [each.number for each in found.entries] == [6]
    assert found.already == ((twice[1], 6),)


def test_an_id_may_be_used_in_the_book_of_every_issuer(book):
    another = event("IssuerRegistered", "1 July 2024", issuer="00002", name="Another Limited")
    assert [each.number for each in record(book, "00002", [draft(another, "one")]).entries] == [1]


# --- ids that are made from what a fact says ----------------------------------------------------------------------


def test_a_fact_without_an_id_is_recognised_by_what_it_says(book):
    (entry,) = record(book, ISSUER, [unnamed(placing("6 July 2024", "20"))]).entries
    again = record(book, ISSUER, [unnamed(placing("6 July 2024", "20"))])
    assert (again.entries, [number for _, number in again.already]) == ((), [entry.number])
    assert [each.number for each in record(book, ISSUER, [unnamed(placing("6 July 2024", "21"))]).entries] == [7]


def test_equal_facts_without_ids_are_two_within_a_batch_and_known_again_afterwards(book):
    pair = [unnamed(placing("6 July 2024", "20"))] * 2
    first, second = record(book, ISSUER, pair).entries
    assert second.command_id == f"{first.command_id}-2"
    assert [number for _, number in record(book, ISSUER, pair).already] == [first.number, second.number]
    (third,) = record(book, ISSUER, [*pair, *pair[:1]]).entries
    assert third.command_id == f"{first.command_id}-3"


def test_an_id_made_from_one_fact_and_given_to_another_swallows_neither(book):
    fact, thief = placing("6 July 2024", "20"), placing("6 July 2024", "30")
    made = book.identity(unnamed(fact))
    (stolen,) = record(book, ISSUER, [draft(thief, made)]).entries
    (entry,) = record(book, ISSUER, [unnamed(fact)]).entries
    assert (stolen.event, entry.event, entry.command_id) == (thief, fact, f"{made}-2")
    assert [number for _, number in record(book, ISSUER, [unnamed(fact), draft(thief, made)]).already] == [7, 6]


def test_an_id_made_from_a_recorded_fact_cannot_be_given_to_another(book):
    (entry,) = record(book, ISSUER, [unnamed(placing("6 July 2024", "20"))]).entries
    ((_, lines),) = refused(book, draft(placing("6 July 2024", "30"), entry.command_id))
    assert lines[0] == f"{entry.command_id} is the command id of entry 6, which is a different fact."


def test_the_id_of_the_second_of_two_equal_facts_cannot_be_taken_either(book):
    fact = placing("6 July 2024", "20")
    record(book, ISSUER, [draft(placing("6 July 2024", "30"), f"{book.identity(unnamed(fact))}-2")])
    pair = [unnamed(fact)] * 2
    assert [each.command_id[-2:] for each in record(book, ISSUER, pair).entries][1:] == ["-3"]
    assert [number for _, number in record(book, ISSUER, pair).already] == [7, 8]


def test_a_thief_of_the_same_batch_swallows_nothing(book):
    fact = placing("6 July 2024", "20")
    batch = [draft(placing("6 July 2024", "30"), book.identity(unnamed(fact))), unnamed(fact)]
    assert [each.event.shares for each in record(book, ISSUER, batch).entries] == [30, 20]


def test_equal_facts_have_one_id_in_any_format_and_from_any_author():
    line = (
        b'{"event": "PlacingCompleted", "effective_on": "2024-12-17", "share_class": "B", "shares": "1,000", "price": "HKD 1.50"}'
    )
    block = (
        b"- {event: PlacingCompleted, effective_on: 17 Dec 2024, share_class: B, shares: 1000, price: HKD 1.5, source: letter}"
    )
    read = [
        read_records(name, text, recorded_by=by).drafts for name, text, by in (("f.jsonl", line, "x"), ("g.yaml", block, "y"))
    ]
    assert len({FakeStore().identity(found) for (found,) in read}) == 1


# --- among others -------------------------------------------------------------------------------------------------


def test_who_loses_a_race_for_an_id_to_another_fact_is_refused():
    store = begun(ContestedStore())
    store.rivals = [[draft(placing("6 July 2024", "30"), "x")]]
    with pytest.raises(Refused, match="x is the command id of entry 6, which is a different fact"):
        record(store, ISSUER, [draft(placing("6 July 2024", "20"), "x")])
    assert store.head(ISSUER).number == 6


def test_who_loses_a_race_for_an_id_to_the_same_fact_has_recorded_it():
    store = begun(ContestedStore())
    store.rivals = [[draft(placing("6 July 2024", "20"), "x")]]
    found = record(store, ISSUER, [draft(placing("6 July 2024", "20"), "x")])
    assert [number for _, number in found.already] == [6]


def test_who_loses_a_race_for_an_id_made_from_a_fact_records_it_all_the_same():
    store, fact = begun(ContestedStore()), placing("6 July 2024", "20")
    store.rivals = [[draft(placing("6 July 2024", "30"), store.identity(unnamed(fact)))]]
    assert [each.number for each in record(store, ISSUER, [unnamed(fact)]).entries] == [7]


def test_of_many_that_give_one_id_to_different_facts_at_once_one_is_recorded_and_the_others_are_refused(place):
    with open_store(place, clock=ticking(), create=True) as store:
        begun(store)

    def attempt(shares: int) -> str:
        with open_store(place, clock=ticking()) as store:
            try:
                return f"{len(record(store, ISSUER, [draft(placing('6 July 2024', str(shares)), 'x')]).entries)} recorded"
            except Refused as refused:
                return str(refused.problems[0].field)

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(attempt, range(1, 7)))
    assert sorted(outcomes) == ["1 recorded", *["command_id"] * 5]
    with open_store(place, clock=ticking()) as store:
        assert chain_verified(store, ISSUER).number == 6
