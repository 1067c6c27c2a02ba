"""Mandates over some classes: their base, what may be done under them, and which take the place of which."""

from __future__ import annotations

from datetime import date

import pytest

from domain.capital.entries import in_effect
from domain.clearance.clear import clear
from domain.clearance.proposal import Proposal
from domain.law.outcome import NO, NOT_CHECKED, OK
from domain.mandates.status import history
from domain.rulebook import check
from tests.domain.book_of import entries, event, two_classes


def mandate(code, on="2 July 2024", *, purpose="repurchase", percent="10", base="600,000", **said):
    return event("MandateGranted", on, mandate=code, purpose=purpose, percent=percent, base=base, **said)


def bought(share_class, under, on="9 July 2024"):
    return event(
        "SharesRepurchased", on, share_class=share_class, shares="10", intention="cancellation", mandate=under, price="HKD 1"
    )


def consolidated(share_class, on="1 August 2024"):
    return event("SharesConsolidated", on, share_class=share_class, shares="2", general_meeting_on="31 July 2024")


def found(*facts, codes, before=two_classes):
    return [(each.code, each.entries) for each in check(entries(*before(), *facts)) if each.code in codes]


def standings(*facts, on=date(2024, 12, 31)):
    return history(in_effect(entries(*two_classes(), *facts)), on).standings


def answers(proposal, *facts):
    return {each.rule: each.answer for each in clear(entries(*two_classes(), *facts), proposal).answers}


# --- the base -------------------------------------------------------------------------------------------------------

# 600,000 of class B and 400,000 of class A are in issue.


@pytest.mark.parametrize(
    ("base", "classes", "differs"),
    [
        ("1,000,000", None, False),
        ("600,000", None, True),
        ("600,000", ["B"], False),
        ("400,000", ["A"], False),
        ("1,000,000", ["B"], True),
        ("1,000,000", ["A", "B"], False),
    ],
)
def test_the_base_is_held_against_the_classes_that_the_mandate_counts(base, classes, differs):
    said = {"classes": classes} if classes else {}
    assert bool(found(mandate("m", base=base, **said), codes={"HK305"})) is differs


def test_a_class_created_after_the_meeting_is_no_part_of_the_base():
    later = event("ShareClassCreated", "5 July 2024", share_class="C", class_label="Other shares")
    assert standings(mandate("m", base="1,000,000"), later)["m"].mandate.classes == ("B", "A")


def test_a_mandate_older_than_every_class_of_the_book_counts_all_with_votes():
    old = mandate("m", "14 May 2024", base="1,000,000", used_before="0", counted_on="1 July 2024")
    assert found(bought("B", "m"), old, codes={"HK304"}) == []
    assert answers(Proposal(kind="repurchase", on=date(2024, 7, 9), shares=10, share_class="B"), old)["HK304"] == OK


# --- which is meant ---------------------------------------------------------------------------------------------------


def test_a_repurchase_mandate_allows_shares_of_the_classes_that_it_counts():
    over_b = mandate("over-b", classes=["B"])
    assert found(over_b, bought("B", "over-b"), bought("A", "over-b"), codes={"HK304"}) == [("HK304", (10,))]
    asked = Proposal(kind="repurchase", on=date(2024, 7, 9), shares=10, share_class="A", mandate="over-b")
    assert answers(asked, over_b)["HK304"] == NO


def test_of_two_mandates_in_force_the_one_over_the_class_is_meant():
    both = mandate("over-a", classes=["A"], base="400,000"), mandate("over-b", classes=["B"])
    asked = Proposal(kind="repurchase", on=date(2024, 7, 9), shares=60_000, share_class="B")
    assert [answers(asked, *both)[code] for code in ("HK302", "HK303", "HK304")] == [OK, OK, OK]
    assert found(*both, codes={"HK342"}) == []


def test_a_mandate_takes_the_place_of_an_earlier_one_over_the_same_classes_alone():
    ended = {
        code: each.ended is not None
        for code, each in standings(
            mandate("over-a", classes=["A"], base="400,000"),
            mandate("over-b", classes=["B"]),
            mandate("later", "5 August 2024", classes=["B"], annual="no"),
        ).items()
    }
    assert ended == {"over-a": False, "over-b": True, "later": False}


# --- reorganisations that do not treat its classes alike ------------------------------------------------------------


@pytest.mark.parametrize(
    ("classes", "reorganised", "answer"),
    [
        (["A", "B"], ["B"], NOT_CHECKED),
        (["A", "B"], ["B", "A"], OK),
        (["B"], ["B"], OK),
        (["B"], ["A"], OK),
    ],
)
def test_what_a_mandate_allows_is_not_known_once_its_classes_were_reorganised_by_different_numbers(classes, reorganised, answer):
    base = "1,000,000" if len(classes) > 1 else "600,000"
    facts = [mandate("m", classes=classes, base=base), *(consolidated(code) for code in reorganised)]
    asked = Proposal(kind="repurchase", on=date(2024, 8, 2), shares=10, share_class="B")
    assert answers(asked, *facts)["HK302"] == answer
    assert bool(found(*facts, codes={"HK322"})) is (answer == NOT_CHECKED)


def test_that_finding_stays_with_what_was_done_since_and_not_with_what_was_done_before():
    mandates = mandate("m", base="1,000,000"), mandate("next", "2 June 2025", base="700,000")
    before = found(*mandates, bought("B", "m"), consolidated("B"), codes={"HK322"})
    since = found(*mandates, consolidated("B"), bought("B", "m", "2 August 2024"), codes={"HK322"})
    assert (before, since) == ([], [("HK322", (8, 11))])
