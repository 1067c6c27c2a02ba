"""Which entries are in effect at an instant, and in which order they took effect."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import events
from domain.capital.entries import Draft, Entry, in_effect, known, order_key
from tests.domain.book_of import entries, entry, event, recorded_at
from tests.events import EVENT_FILES
from tests.samples import sample


@pytest.mark.parametrize("kind", EVENT_FILES, ids=lambda kind: kind.__name__)
def test_what_others_rest_on_comes_first_in_a_day_and_what_is_asserted_of_it_last(kind):
    what = sample(kind.__name__, effective_on="17 December 2024")
    assert order_key(entry(7, what))[1:] == (EVENT_FILES[kind].same_day, 7)


def test_a_day_goes_before_what_happened_on_it():
    late_in_the_day = entry(1, sample("BalanceConfirmed", effective_on="16 December 2024"))
    early_on_the_next = entry(2, sample("ShareClassCreated", effective_on="17 December 2024"))
    assert order_key(late_in_the_day) < order_key(early_on_the_next)


def test_facts_of_one_day_and_one_precedence_keep_the_order_of_recording():
    ordinary = [kind for kind, file in EVENT_FILES.items() if file.written.get("same day") == "ordinary"]
    names = [kind.__name__ for kind in ordinary if kind not in events.BOOKKEEPING]
    recorded = [entry(number, sample(name, effective_on="17 December 2024")) for number, name in enumerate(names, 1)]
    assert [each.number for each in in_effect(reversed(recorded))] == [each.number for each in recorded]


def test_entries_stand_in_effective_order_whatever_the_order_of_recording():
    found = in_effect(
        entries(
            event("PlacingCompleted", "3 March 2024", share_class="B", shares="3"),
            event("BalanceConfirmed", "1 March 2024", share_class="B", issued_excluding_treasury="1", document="d"),
            event("PlacingCompleted", "2 March 2024", share_class="B", shares="2"),
            event("MandateGranted", "3 March 2024", mandate="m", purpose="issue", percent="20", base="5"),
            event("PlacingCompleted", "1 March 2024", share_class="B", shares="1"),
        )
    )
    assert [each.number for each in found] == [5, 2, 3, 4, 1]


def placing(shares: int):
    return event("PlacingCompleted", "1 March 2024", share_class="B", shares=str(shares))


WITHDRAWN = event("EntryWithdrawn", "1 March 2024", reason="called off")
# Placed, corrected, corrected again, withdrawn, and recorded again in place of the withdrawal.
STORY = [entry(1, placing(1)), entry(2, placing(2), 1), entry(3, placing(3), 2), entry(4, WITHDRAWN, 3), entry(5, placing(5), 4)]


@pytest.mark.parametrize(("last_known", "in_force"), [(0, []), (1, [1]), (2, [2]), (3, [3]), (4, []), (5, [5])])
def test_of_what_was_known_only_what_nothing_known_replaces_is_in_effect(last_known, in_force):
    assert [each.number for each in in_effect(STORY, recorded_at(last_known))] == in_force


def test_now_is_the_viewpoint_that_knows_everything():
    assert [each.number for each in in_effect(STORY)] == [5]
    assert known(STORY, None) == STORY


def test_an_entry_is_known_from_the_very_instant_at_which_it_was_recorded():
    assert known(STORY, recorded_at(2)) == STORY[:2]
    assert known(STORY, recorded_at(2) - timedelta(microseconds=1)) == STORY[:1]


def test_a_correction_may_move_a_fact_to_another_day():
    moved = entry(2, event("PlacingCompleted", "1 February 2024", share_class="B", shares="1"), 1)
    assert in_effect([STORY[0], moved]) == [moved]
    assert in_effect([STORY[0], moved], recorded_at(1)) == [STORY[0]]


def test_a_draft_is_entered_as_it_is_with_its_number_and_time():
    wrote = Draft(event=sample("PlacingCompleted"), recorded_by="the secretary", command_id="c", source="a deed", replaces=3)
    when = recorded_at(7)
    made = Entry(
        event=wrote.event, recorded_by="the secretary", command_id="c", source="a deed", replaces=3, number=7, recorded_at=when
    )  # fmt: skip
    assert wrote.entered(7, when) == made
    assert type(wrote.entered(7, when)) is Entry
