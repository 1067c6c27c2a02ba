"""The reader of published poll results: the filed table of 23 June 2023, what it has wrong, and tables in other disorder."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.events.votes import Entitled, printed_percentage
from domain.meetings.announcement import computed, mistakes
from infrastructure.readers.poll_results import read_poll_results
from infrastructure.readers.values import UnreadableValue

FILED = Path(__file__).parents[1] / "filed" / "poll-results-2023-06-23" / "table.txt"
ENTITLED = (Entitled("A", 10, 7_520_115_072), Entitled("B", 1, 25_948_809_928))
RESERVED = ("3", "4", "9", "10")


@pytest.fixture(scope="module")
def filed():
    return read_poll_results(FILED.name, FILED.read_bytes())


def read(text):
    return read_poll_results("results.txt", text.encode())


def codes(text, entitled=()):
    return [(finding.code, finding.message.partition(":")[0]) for finding in mistakes(read(text), entitled)]


SMALL = """ORDINARY RESOLUTIONS  Number of Votes (%)   Total Number of Votes Cast   Total Number of Voting Shares
1\tAccounts\tClass A Shares\t10,000 (100%)\t0 (0%)\t10,000\t1,000
\t\tClass B Shares\t3,000 (75%)\t1,000 (25%)\t4,000\t4,000
\t\tTOTAL\t13,000 (92.857143%)\t1,000 (7.142857%)\t14,000\t5,000
"""


# --- the filed table ----------------------------------------------------------------------------------------------


def test_all_ten_resolutions_are_read(filed):
    assert [each.number for each in filed.resolutions] == [str(number) for number in range(1, 11)]
    assert [each.number for each in filed.resolutions if each.special] == ["10"]
    assert [len(each.rows) for each in filed.resolutions] == [2] * 10
    assert filed.resolutions[5].subject == "Mandate to repurchase 10% of the shares"
    assert filed.resolutions[9].subject == "New articles"


def test_every_vote_percentage_and_total_of_the_filing_is_recomputed(filed):
    for printed in filed.resolutions:
        again = computed(printed)
        for row, ours in zip((*printed.rows, printed.total), (*again.rows, again.total), strict=True):
            assert (ours.votes_for, ours.votes_against) == (row.votes_for, row.votes_against)
            assert (ours.percent_for, ours.percent_against) == (f"{row.percent_for}%", f"{row.percent_against}%")
            assert {ours.votes_cast, ours.shares_voted} == set(row.totals)
        assert again.passed


def test_the_votes_of_a_class_a_share_are_ten_but_on_reserved_matters(filed):
    rates = {each.number: each.rows[0].votes_per_share for each in filed.resolutions}
    assert rates == {number: 1 if number in RESERVED else 10 for number in rates}
    assert [each.number for each in filed.resolutions if computed(each).resolution.reserved] == list(RESERVED)


def test_the_filing_has_two_things_wrong_and_they_are_named(filed):
    found = mistakes(filed, ENTITLED)
    swapped = [finding.message for finding in found if finding.code == "HK803"]
    assert [message.partition(":")[0] for message in swapped] == [f"resolution {number}" for number in (1, 2, 5, 6, 7, 8)]
    assert all("7,520,115,072 left of 75,201,150,720" in message for message in swapped)
    (turnout,) = (finding.message for finding in found if finding.code == "HK806")
    assert turnout == (
        "resolution 9: class B: 9,040,568,119 shares voted, 39,999 more than the 9,040,528,120 on 9 of 10 resolutions"
    )
    assert len(found) == 7


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param("8,981,667,813", "8,981,667,814", "HK801", id="a vote more"),
        pytest.param("99.348928%", "99.348927%", "HK802", id="a percentage in its last place"),
        pytest.param("84,241,547,840 (99.999844%)", "84,241,547,840 (100%)", "HK802", id="nearly all printed as all"),
        pytest.param("7,520,115,072\t75,201,150,720", "7,520,115,073\t75,201,150,720", "HK804", id="no multiple of the shares"),
    ],
)
def test_one_wrong_figure_in_the_filed_table_is_found(old, new, code):
    text = FILED.read_text(encoding="utf-8")
    assert old in text
    assert code in {finding.code for finding in mistakes(read(text.replace(old, new, 1)))}


# --- other tables -------------------------------------------------------------------------------------------------


def test_a_table_in_the_right_order_has_nothing_wrong():
    assert codes(SMALL, (Entitled("A", 10, 1_000), Entitled("B", 1, 4_000))) == []


def test_columns_under_headings_in_the_other_order_are_not_swapped():
    other = SMALL.replace("Votes Cast   Total Number of Voting Shares", "Voting Shares   Total Number of Votes Cast")
    assert codes(other) == [("HK803", "resolution 1")]
    for wrong, right in (("10,000\t1,000", "1,000\t10,000"), ("14,000\t5,000", "5,000\t14,000")):
        other = other.replace(wrong, right)
    assert codes(other) == []


@pytest.mark.parametrize(
    ("disorder", "what"),
    [
        pytest.param(lambda text: text.replace("\t", " | "), "bars", id="bars for tabs"),
        pytest.param(lambda text: text.replace("\t", "   "), "spaces", id="spaces for tabs"),
        pytest.param(lambda text: text.replace(" (", "\n("), "breaks", id="a line break before each bracket"),
        pytest.param(lambda text: text.replace("\t", "\n"), "cells", id="a cell on each line"),
        pytest.param(lambda text: text.replace("10,000", "10, 000"), "spaces in numbers", id="a space within numbers"),
        pytest.param(lambda text: text.replace("(", "（").replace(")", "）").replace("%", "％"), "wide", id="wide characters"),
        pytest.param(lambda text: text.replace("Class A Shares", "**CLASS A SHARES**").replace("1\t", "1.\t"), "bold", id="bold"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), "crlf", id="other line ends"),
    ],
)
def test_disorder_in_the_text_changes_no_number(disorder, what):
    (each,) = read(disorder(SMALL)).resolutions
    assert (each.number, each.special) == ("1", False)
    assert [(row.share_class, row.votes_for, row.votes_against, row.first, row.second) for row in (*each.rows, each.total)] == [
        ("A", 10_000, 0, 10_000, 1_000),
        ("B", 3_000, 1_000, 4_000, 4_000),
        (None, 13_000, 1_000, 14_000, 5_000),
    ], what


def test_a_class_may_stand_in_two_rows_when_some_of_its_shares_lost_their_rights():
    text = SMALL.replace(
        "\t\tClass B", "\t\tClass A Shares held by a former director\t20 (100%)\t0 (0%)\t20\t20\n\t\tClass B"
    ).replace("13,000 (92.857143%)\t1,000 (7.142857%)\t14,000\t5,000", "13,020 (92.867332%)\t1,000 (7.132668%)\t14,020\t5,020")
    (each,) = read(text).resolutions
    assert [(row.share_class, row.votes_per_share) for row in each.rows] == [("A", 10), ("A", 1), ("B", 1)]
    assert codes(text, (Entitled("A", 10, 1_000), Entitled("A", 1, 20), Entitled("B", 1, 4_000))) == []


@pytest.mark.parametrize(
    ("entitled", "code"),
    [
        pytest.param((Entitled("A", 10, 1_000), Entitled("B", 1, 3_999)), "HK809", id="more shares than may vote"),
        pytest.param((Entitled("A", 10, 999), Entitled("B", 1, 4_000)), "HK809", id="more weighted shares than may vote"),
        pytest.param((Entitled("B", 1, 4_000),), "HK807", id="a class that did not exist"),
        pytest.param((Entitled("A", 5, 1_000), Entitled("B", 1, 4_000)), "HK808", id="more votes a share than the book has"),
    ],
)
def test_a_table_is_held_against_the_book(entitled, code):
    assert codes(SMALL, entitled) == [(code, "resolution 1")]


VOTES_ONLY = """ORDINARY RESOLUTIONS  Number of Votes (%)   Total Number of Votes Cast
1\tAccounts\tClass A Shares\t10,000 (100%)\t0 (0%)\t10,000
\t\tClass B Shares\t3,000 (75%)\t1,000 (25%)\t4,000
\t\tTOTAL\t13,000 (92.857143%)\t1,000 (7.142857%)\t14,000
2\tAccounts\tClass A Shares\t10,000 (100%)\t0 (0%)\t10,000
\t\tClass B Shares\t3,000 (75%)\t1,000 (25%)\t4,000
\t\tTOTAL\t13,000 (92.857143%)\t1,000 (7.142857%)\t14,000
3\tAuditor\tClass A Shares\t1,000 (100%)\t0 (0%)\t1,000
\t\tClass B Shares\t3,000 (75%)\t1,000 (25%)\t4,000
\t\tTOTAL\t4,000 (80%)\t1,000 (20%)\t5,000
"""


@pytest.mark.parametrize(("held", "found"), [(1_000, []), (999, ["1", "2"])])
def test_a_table_of_votes_alone_says_no_shares_and_its_votes_are_held_against_those_of_the_book(held, found):
    """1,000 shares of class A have 10,000 votes, 999 have 9,990; on the reserved resolution 3 they have fewer."""
    entitled = (Entitled("A", 10, held), Entitled("B", 1, 4_000))
    resolutions = read(VOTES_ONLY).resolutions
    assert [(each.says_shares, computed(each).resolution.reserved) for each in resolutions] == [(False, False)] * 3
    assert codes(VOTES_ONLY, entitled) == [("HK809", f"resolution {number}") for number in found]
    assert codes(VOTES_ONLY) == []


def test_shares_named_in_the_notes_are_held_against_the_book():
    text = SMALL + "\nNotes: 5,000 shares, comprising 1,000 Class A Shares and 4,001 Class B Shares.\n"
    (finding,) = mistakes(read(text), (Entitled("A", 10, 1_000), Entitled("B", 1, 4_000)))
    assert (finding.code, finding.message) == ("HK810", "the notes say 4,001 shares of class B, the book has 4,000 that may vote")


def test_a_resolution_left_out_of_the_table_is_named():
    assert codes(SMALL + SMALL.partition("\n")[2].replace("1\tAccounts", "3\tMore")) == [("HK805", "resolution 2")]


@pytest.mark.parametrize("text", ["", "Some other announcement of 31,775,000 shares", SMALL.partition("\t\tTOTAL")[0]])
def test_what_has_no_table_is_refused(text):
    with pytest.raises(UnreadableValue, match="expected rows of votes by class, and a TOTAL for each resolution"):
        read(text)


def test_rows_without_the_number_of_a_resolution_are_refused_with_their_line():
    with pytest.raises(UnreadableValue, match=r"results\.txt:2: expected the number of a resolution before its votes"):
        read(SMALL.replace("1\tAccounts\t", ""))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 2_000_001])
def test_what_is_no_text_is_refused(content):
    with pytest.raises(UnreadableValue, match="expected"):
        read_poll_results("results.txt", content)


def test_the_smallest_part_of_a_large_poll_still_prints():
    assert printed_percentage(131_000, 84_241_678_840) == "0.000156%"


def test_votes_that_are_no_multiple_of_the_shares_cannot_be_recomputed():
    """1,000 shares with ten votes each: 9,995 for and 5 against are 999.5 and half a share."""
    text = SMALL.replace("10,000 (100%)\t0 (0%)", "9,995 (99.95%)\t5 (0.05%)")
    (printed,) = read(text).resolutions
    assert computed(printed) is None
    said = "resolution 1: class A: votes for or against are no multiple of 10 a share"
    assert said in [finding.message for finding in mistakes(read(text))]


def test_a_class_of_which_no_share_voted_has_one_vote_a_share():
    text = SMALL.replace("10,000 (100%)\t0 (0%)\t10,000\t1,000", "0 (0%)\t0 (0%)\t0\t0").replace(
        "13,000 (92.857143%)\t1,000 (7.142857%)\t14,000\t5,000", "3,000 (75%)\t1,000 (25%)\t4,000\t4,000"
    )
    (printed,) = read(text).resolutions
    assert [row.votes_per_share for row in printed.rows] == [1, 1]
    assert (computed(printed).total.votes_for, computed(printed).total.votes_cast) == (3_000, 4_000)
