"""Polls: what carries a resolution, percentages, and counts that cannot be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.capital.accounts import ClassBalance
from domain.capital.balances import apply
from domain.capital.position import Position
from domain.events.votes import ClassVotes, Entitled, Resolution, passed, percentage, polled, printed_percentage
from domain.meetings.poll import Meeting, Motion, NotCounted, ScrutineerCount, table
from domain.meetings.rules import RULES
from tests.domain.book_of import entries, event, two_classes

ON = date(2023, 6, 23)
ENTITLED = (Entitled("A", 10, 7_520_115_072), Entitled("B", 1, 25_948_809_928))
ISSUED = (
    ClassBalance("A", 8_000_000_000, 7_520_115_072, 0, 7_520_115_072, 0),
    ClassBalance("B", 1_992_000_000_000, 25_948_809_928, 0, 25_948_809_928, 0),
)
VOTES = st.integers(min_value=0, max_value=10**16)


def meeting(*motions):
    return Meeting("annual general meeting", ON, motions)


def objections(*motions, entitled=ENTITLED):
    with pytest.raises(NotCounted) as refused:
        table(meeting(*motions), ISSUED, entitled)
    return [str(each) for each in refused.value.objections]


@pytest.mark.parametrize(
    ("votes_for", "votes_against", "special", "carried"),
    [
        pytest.param(50, 50, False, False, id="half is not more than half"),
        pytest.param(51, 50, False, True, id="one vote more than half"),
        pytest.param(5 * 10**15, 5 * 10**15 - 1, False, True, id="one vote more among ten thousand million million"),
        pytest.param(75, 25, True, True, id="exactly three fourths"),
        pytest.param(74, 25, True, False, id="one vote short of three fourths"),
        pytest.param(3 * 10**15 - 1, 10**15, True, False, id="one vote short among four thousand million million"),
        pytest.param(0, 0, False, False, id="nobody voted on an ordinary resolution"),
        pytest.param(0, 0, True, False, id="nobody voted on a special resolution"),
    ],
)
def test_a_resolution_is_carried_by_exact_majorities(votes_for, votes_against, special, carried):
    assert passed(votes_for, votes_against, special=special) is carried


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [
        pytest.param(9_040_397_120, 9_040_528_120, "99.998551%", id="as filed"),
        pytest.param(131_000, 84_241_678_840, "0.000156%", id="leading zeros stay"),
        pytest.param(5, 5, "100%", id="all"),
        pytest.param(0, 5, "0%", id="none"),
        pytest.param(1, 4, "25.000000%", id="a round figure keeps its decimals"),
        pytest.param(10**9 - 1, 10**9, "100.000000%", id="all but one is not all"),
        pytest.param(1, 200_000_000, "0.000001%", id="half of the last place goes up"),
        pytest.param(49, 10**10, "0.000000%", id="less than half of it goes down"),
        pytest.param(0, 0, "", id="no votes, no percentage"),
    ],
)
def test_a_percentage_prints_as_the_filings_print_it(part, whole, printed):
    assert printed_percentage(part, whole) == printed


@given(VOTES, VOTES)
def test_a_percentage_is_within_half_of_its_last_place(part, other):
    whole = part + other
    if whole == 0:
        assert percentage(part, whole) == 0
    else:
        said = int(percentage(part, whole).scaleb(6))
        assert -whole < 2 * (100 * 10**6 * part - said * whole) <= whole or 2 * (100 * 10**6 * part - said * whole) == -whole


@given(VOTES, VOTES, st.booleans())
def test_more_votes_in_favour_never_undo_a_resolution(votes_for, votes_against, special):
    if passed(votes_for, votes_against, special=special):
        assert passed(votes_for + 1, votes_against, special=special)


def test_weighted_votes_decide_against_the_majority_of_shares():
    result = polled(Resolution("1", "accounts", (ClassVotes("A", 10, 0, 10), ClassVotes("B", 0, 90))))
    assert (result.total.votes_for, result.total.votes_against) == (100, 90)
    assert result.total.shares_voted == 100
    assert result.passed


def test_a_reserved_matter_has_one_vote_a_share():
    result = polled(Resolution("4", "auditor", (ClassVotes("A", 10, 0), ClassVotes("B", 0, 90)), reserved=True))
    assert (result.total.votes_for, result.total.votes_against, result.passed) == (10, 90, False)
    with pytest.raises(ValueError, match=r"one vote a share on a reserved matter \(rule 8A.24\), got 10 for class A"):
        Resolution("4", "auditor", (ClassVotes("A", 10, 0, 10),), reserved=True)


@pytest.mark.parametrize("numbers", [(-1, 0, 1), (0, -1, 1), (1, 1, 0), (Decimal(1), 0, 1), (True, 0, 1)])
def test_votes_are_whole_numbers_that_are_not_negative(numbers):
    with pytest.raises(ValueError, match="whole number"):
        ClassVotes("A", *numbers)


def test_the_votes_of_a_share_come_from_its_class_unless_the_matter_is_reserved():
    counts = (ScrutineerCount("A", 7, 3), ScrutineerCount("B", 1, 2))
    results = table(meeting(Motion("1", "accounts", counts), Motion("2", "articles", counts, reserved=True)), ISSUED, ENTITLED)
    assert [row.votes_cast for row in results.resolutions[0].rows] == [100, 3]
    assert [row.votes_cast for row in results.resolutions[1].rows] == [10, 3]
    assert results.base() == 33_468_925_000


def test_a_class_with_two_kinds_of_shares_has_a_row_for_each():
    entitled = (Entitled("A", 10, 614_034_470), Entitled("A", 1, 6_906_080_602), Entitled("B", 1, 25_948_809_928))
    counts = (
        ScrutineerCount("A", 614_034_470, 0, 10),
        ScrutineerCount("A", 6_906_080_602, 0, 1),
        ScrutineerCount("B", 4_835_491_086, 0),
    )
    (result,) = table(meeting(Motion("1", "accounts", counts)), ISSUED, entitled).resolutions
    assert [row.votes_for for row in result.rows] == [6_140_344_700, 6_906_080_602, 4_835_491_086]
    assert objections(Motion("1", "accounts", (ScrutineerCount("A", 5, 0),)), entitled=entitled) == [
        "resolution 1: class A: its shares carry 10 or 1 votes each; say of which these are, as in: at 10 votes"
    ]
    assert objections(Motion("1", "accounts", (ScrutineerCount("A", 614_034_471, 0, 10),)), entitled=entitled) == [
        "resolution 1: class A: 614,034,471 shares voted, 1 more than the 614,034,470 in issue that may vote"
    ]


def test_as_many_shares_as_are_in_issue_may_vote_and_not_one_more():
    table(meeting(Motion("1", "accounts", (ScrutineerCount("B", 25_948_809_927, 1),))), ISSUED, ENTITLED)
    assert objections(Motion("1", "accounts", (ScrutineerCount("B", 25_948_809_927, 2),))) == [
        "resolution 1: class B: 25,948,809,929 shares voted, 1 more than the 25,948,809,928 in issue that may vote"
    ]
    assert objections(Motion("1", "articles", (ScrutineerCount("A", 7_520_115_072, 1),), reserved=True)) == [
        "resolution 1: class A: 7,520,115,073 shares voted, 1 more than the 7,520,115,072 in issue that may vote"
    ]


@pytest.mark.parametrize(
    ("motion", "message"),
    [
        pytest.param(
            Motion("3", "accounts", (ScrutineerCount("B", 9, 1, None, 11),)),
            "resolution 3: class B: 9 for and 1 against make 10, not the 11 said to have voted",
            id="votes that do not add up",
        ),
        pytest.param(
            Motion("3", "accounts", (ScrutineerCount("C", 9, 1),)),
            "resolution 3: class C did not exist at the meeting of 23 June 2023; classes then: A, B",
            id="a class that did not exist",
        ),
        pytest.param(
            Motion("3", "accounts", (ScrutineerCount("B", 9, 1, 10),)),
            "resolution 3: class B: the votes of a share are 1, not 10",
            id="more votes a share than the class has",
        ),
        pytest.param(
            Motion("3", "articles", (ScrutineerCount("A", 9, 1, 10),), reserved=True),
            "resolution 3: class A: expected one vote a share on a reserved matter (rule 8A.24), got 10",
            id="weighted votes on a reserved matter",
        ),
        pytest.param(Motion("3", "accounts", ()), "resolution 3: expected votes of at least one class", id="no votes"),
    ],
)
def test_a_count_that_cannot_be_is_refused_and_named(motion, message):
    assert objections(motion) == [message]


def test_every_objection_is_listed():
    wrong = Motion("1", "accounts", (ScrutineerCount("C", 1, 0), ScrutineerCount("B", 26_000_000_000, 0)))
    assert len(objections(wrong, wrong)) == 5


def test_a_meeting_before_any_class_existed_is_refused():
    assert objections(Motion("1", "accounts", (ScrutineerCount("A", 1, 0),)), entitled=()) == [
        "resolution 1: class A did not exist at the meeting of 23 June 2023; classes then: none"
    ]


# --- results as a book records them -------------------------------------------------------------------------------


def found(votes):
    """The findings on a result recorded in a book of 400,000 class A and 600,000 class B."""
    declared = event(
        "PollResultDeclared", "3 July 2024", meeting="annual general meeting", resolution="1", subject="accounts", votes=votes
    )
    position = Position()
    posted = [apply(position, each) for each in entries(*two_classes(), declared)]
    return [finding for rule in RULES if rule.each for finding in rule.each(rule, position, posted[-1])]


def test_a_recorded_result_of_more_votes_than_shares_is_found():
    assert found("A 400,000 for, 0 against at 10 votes; B 1 for, 599,999 against") == []
    (finding,) = found("A 400,000 for, 0 against at 10 votes; B 2 for, 599,999 against")
    assert (finding.code, finding.entries) == ("HK809", (8,))
    assert finding.message == "resolution 1: 600,001 shares of class B voted, above the 600,000 in issue"


def test_a_recorded_result_of_a_class_that_did_not_exist_is_found():
    (finding,) = found("C 1 for, 0 against")
    assert (finding.code, finding.message) == ("HK807", "resolution 1: class C did not exist on 3 July 2024")
