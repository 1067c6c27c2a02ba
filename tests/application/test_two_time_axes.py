"""When it happened and when we learnt of it: every earlier viewpoint still answers what it answered then."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from application import ask
from application.prepare_return import monthly_return, next_day_return
from application.record import record
from domain.capital.entries import Viewpoint
from domain.returns.filings import NotPrepared
from tests.domain.book_of import draft, drafts, event, set_up

ISSUER = "00001"
DAYS = [date(2024, 8, 4), date(2024, 8, 5), date(2024, 8, 31), date(2024, 9, 30)]


def bought(on, shares):
    return event("SharesRepurchased", on, share_class="ordinary", shares=shares, intention="treasury")


@pytest.fixture
def story(store):
    """A purchase of 5 August, recorded late after a placing of September, corrected, withdrawn and recorded again.

    The instants of its recording by name, in order.
    """
    placing = event("PlacingCompleted", "10 September 2024", share_class="ordinary", shares="10,000")
    withdrawal = event("EntryWithdrawn", "5 August 2024", reason="booked for another issuer")
    steps = {
        "set up": drafts(*set_up(), prefix="set-up"),
        "placed": [draft(placing, "placing")],
        "found late": [draft(bought("5 August 2024", "700"), "late")],
        "corrected": [draft(bought("5 August 2024", "770"), "correction", 6)],
        "withdrawn": [draft(withdrawal, "withdrawal", 7)],
        "recorded again": [draft(bought("6 August 2024", "770"), "again", 8)],
    }
    return {name: record(store, ISSUER, batch).entries[-1].recorded_at for name, batch in steps.items()}


# What is held and in treasury at close of 4, 5 and 31 August and 30 September 2024, as known after each step.
ANSWERS = {
    "set up": [(500_000, 0), (500_000, 0), (500_000, 0), (500_000, 0)],
    "placed": [(500_000, 0), (500_000, 0), (500_000, 0), (510_000, 0)],
    "found late": [(500_000, 0), (499_300, 700), (499_300, 700), (509_300, 700)],
    "corrected": [(500_000, 0), (499_230, 770), (499_230, 770), (509_230, 770)],
    "withdrawn": [(500_000, 0), (500_000, 0), (500_000, 0), (510_000, 0)],
    "recorded again": [(500_000, 0), (500_000, 0), (499_230, 770), (509_230, 770)],
}


def answers(store, known_at=None):
    balances = [ask.position(store, ISSUER, Viewpoint(day, known_at)).balance("ordinary") for day in DAYS]
    return [(balance.issued_excluding_treasury, balance.treasury) for balance in balances]


@pytest.mark.parametrize("step", ANSWERS)
def test_an_earlier_viewpoint_answers_what_it_answered_then(step, store, story):
    assert answers(store, story[step]) == ANSWERS[step]


@pytest.mark.parametrize(("step", "before"), list(zip(list(ANSWERS)[1:], ANSWERS, strict=False)))
def test_an_instant_before_a_recording_nothing_of_it_is_known(step, before, store, story):
    assert answers(store, story[step] - timedelta(microseconds=1)) == ANSWERS[before]


def test_without_a_viewpoint_one_knows_what_is_known_now(store, story):
    assert answers(store) == ANSWERS["recorded again"]


def test_each_answer_was_the_answer_at_its_time(store):
    """The answers are asked for after each step, before the next is recorded, and are the same as looked up later."""
    asked = []
    steps = [
        drafts(*set_up(), prefix="set-up"),
        [draft(event("PlacingCompleted", "10 September 2024", share_class="ordinary", shares="10,000"), "placing")],
        [draft(bought("5 August 2024", "700"), "late")],
        [draft(bought("5 August 2024", "770"), "correction", 6)],
        [draft(event("EntryWithdrawn", "5 August 2024", reason="booked for another issuer"), "withdrawal", 7)],
        [draft(bought("6 August 2024", "770"), "again", 8)],
    ]
    for batch in steps:
        record(store, ISSUER, batch)
        asked.append(answers(store))
    assert asked == list(ANSWERS.values())


def test_the_monthly_return_of_august_as_each_moment_knew_it(store, story):
    submitted_on = date(2024, 9, 5)
    closing = {
        step: monthly_return(store, ISSUER, 2024, 8, submitted_on, known_at).issued[0].closing.treasury.value
        for step, known_at in story.items()
    }
    assert closing == {"set up": 0, "placed": 0, "found late": 700, "corrected": 770, "withdrawn": 0, "recorded again": 770}


def test_a_next_day_return_knows_of_the_purchase_only_while_it_stood(store, story):
    def disclosed(step):
        try:
            document = next_day_return(store, ISSUER, date(2024, 8, 31), date(2024, 9, 2), story[step])
        except NotPrepared:
            return None
        return [(change.changed_on.day, change.treasury.value) for change in document.sections[0].changes]

    assert {step: disclosed(step) for step in story} == {
        "set up": None, "placed": None, "found late": [(5, 700)],
        "corrected": [(5, 770)], "withdrawn": None, "recorded again": [(6, 770)],
    }  # fmt: skip


def test_the_history_shows_what_was_replaced_by_what_as_each_moment_knew_it(store, story):
    def lines(step):
        return [(line.entry.number, line.replaced_by) for line in ask.history(store, ISSUER, story[step])][4:]

    assert lines("placed") == [(5, None)]
    assert lines("found late") == [(5, None), (6, None)]
    assert lines("corrected") == [(5, None), (6, 7), (7, None)]
    assert lines("withdrawn") == [(5, None), (6, 7), (7, 8), (8, None)]
    assert lines("recorded again") == [(5, None), (6, 7), (7, 8), (8, 9), (9, None)]
