"""Facts that wait, and releases that cannot be: each refused by its field, with what was expected."""

from __future__ import annotations

import attrs
import pytest

from application.record import CannotStand, record
from domain.capital.entries import Draft, in_effect
from tests.application.facts import ISSUER, placing, withdrawn
from tests.domain.book_of import draft, event

MAKER, CHECKER = "Wong Mei Ling", "Chan Siu Ming"


@pytest.fixture
def waiting(book):
    """A book that requires releases, with a placing of 5 July that waits as entry 6."""
    record(book, ISSUER, [draft(event("ReleaseRequirementSet", "2 July 2024"), "required")])
    by_maker = attrs.evolve(draft(placing("5 July 2024", "10,000"), "placing"), recorded_by=MAKER)
    (entry,) = record(book, ISSUER, [by_maker]).entries
    assert (entry.number, type(entry.event).__name__) == (6, "FactProposed")
    return book


def release(replaces: int | None = 6, on: str = "5 July 2024", by: str = CHECKER) -> Draft:
    return Draft(event=event("EntryReleased", on), recorded_by=by, replaces=replaces)


def refused(store, given: Draft) -> list[tuple[str | None, str]]:
    before = store.head(ISSUER)
    with pytest.raises(CannotStand) as error:
        record(store, ISSUER, [given])
    assert store.head(ISSUER) == before
    return [(each.field, each.message) for each in error.value.problems]


def test_a_release_puts_the_fact_into_effect_under_the_name_of_its_maker(waiting):
    released, fact = record(waiting, ISSUER, [release()]).entries
    assert (released.number, released.recorded_by) == (7, CHECKER)
    assert (fact.number, fact.recorded_by, fact.event) == (8, MAKER, placing("5 July 2024", "10,000"))
    assert fact in in_effect(waiting.entries(ISSUER))


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        (
            release(by=" wong  MEI ling "),
            "recorded_by",
            "entry 6 was recorded by Wong Mei Ling; expected another person to release it",
        ),
        (release(on="8 July 2024"), "effective_on", "expected the day of the fact, 5 July 2024"),
        (release(None), "replaces", "expected the number of the entry to release"),
        (release(5), "replaces", "entry 5 does not wait for release"),
    ],
)
def test_a_release_names_an_entry_that_waits_and_is_by_another_person_of_the_same_day(waiting, given, field, said):
    assert refused(waiting, given) == [(field, said)]


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (release(), "entry 6 no longer waits: it was released as entry 8"),
        (Draft(event=withdrawn(), recorded_by=CHECKER, replaces=6), "entry 6 no longer waits: it was withdrawn by entry 7"),
    ],
)
def test_what_was_decided_is_not_released_again(waiting, decision, said):
    record(waiting, ISSUER, [decision])
    again = attrs.evolve(release(), command_id="again")
    assert refused(waiting, again) == [("replaces", said)]


def test_a_release_is_not_released(waiting):
    record(waiting, ISSUER, [release()])
    said = "entry 7 is a release; correct or withdraw entry 8, the fact that it released"
    assert refused(waiting, release(7)) == [("replaces", said)]


def test_a_filing_which_is_in_effect_at_once_does_not_take_the_place_of_what_waits(waiting):
    filing = event("ReturnFiled", "5 July 2024", kind="next-day", submitted_on="8 July 2024")
    said = "entry 6 waits for release, and a filing is in effect at once: release or withdraw the entry first"
    assert refused(waiting, attrs.evolve(draft(filing, "filing"), replaces=6)) == [("replaces", said)]


@pytest.mark.parametrize(
    "fact",
    [
        'captable.SharesForgotten.v1 {"effective_on":"2024-07-05","share_class":"ordinary","shares":5}',
        'captable.PlacingCompleted.v1 {"effective_on":"2024-07-06","share_class":"ordinary","shares":5}',
        'captable.ReturnFiled.v1 {"effective_on":"2024-07-05","kind":"next-day","submitted_on":"2024-07-08"}',
    ],
)
def test_a_fact_that_waits_is_one_of_its_day_that_may_wait(waiting, fact):
    given = Draft(event=event("FactProposed", "5 July 2024", fact=fact), recorded_by=MAKER)
    assert refused(waiting, given) == [("fact", "expected a fact as export writes it, of the same day")]
