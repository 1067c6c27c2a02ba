"""Weighted voting rights: the conversion formula, the tests of chapter 8A, and books in which rights cease."""

from __future__ import annotations

from datetime import date

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.capital.entries import Viewpoint
from domain.capital.ledger import Ledger
from domain.events.votes import Entitled
from domain.law.rule import View
from domain.mandates.status import history as mandates
from domain.wvr.arithmetic import (
    Cancellation,
    HoldingVotes,
    Proportion,
    entitled,
    exact_conversion,
    largest_ratio,
    least_votes,
    most_weighted,
)
from domain.wvr.history import outcomes, planned, weighted_history
from domain.wvr.rules import breaches, breaches_in_view
from tests.domain.book_of import entries, event, two_classes

ON = date(2022, 12, 30)
LARGEST = 10**15


def at(book, on, **how):
    return weighted_history(book, Viewpoint(date.fromisoformat(on)), **how)


def conversion_required(weighted, total, cancelled):
    """The least number of weighted shares to convert: those above the most that keep the proportion."""
    return weighted - most_weighted(Proportion(weighted, total), total - cancelled)


# --- the formula --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weighted", "total", "cancelled", "required", "exact"),
    [
        pytest.param(7_527_254_580, 33_500_700_000, 31_775_000, 7_139_508, "7139507.9589", id="30 December 2022"),
        pytest.param(7_528_760_000, 33_507_400_000, 6_700_000, 1_505_420, "1505419.4596", id="before November 2022"),
        pytest.param(20, 100, 10, 2, "2.0000", id="no fraction, nothing to round up"),
        pytest.param(20, 100, 11, 3, "2.2000", id="any fraction is rounded up"),
        pytest.param(0, 100, 11, 0, "0.0000", id="no weighted shares, nothing to convert"),
    ],
)
def test_a_cancellation_requires_the_filed_conversion(weighted, total, cancelled, required, exact):
    assert conversion_required(weighted, total, cancelled) == required
    assert str(exact_conversion(weighted, Proportion(weighted, total), total - cancelled, 4)) == exact


def test_the_exact_figure_of_2022_is_shown_to_two_places():
    cap = Proportion(7_527_254_580, 33_500_700_000)
    assert str(exact_conversion(7_527_254_580, cap, 33_468_925_000, 2)) == "7139507.96"


def test_one_share_fewer_breaches_and_the_required_number_does_not():
    before = Proportion(7_527_254_580, 33_500_700_000)
    assert Proportion(7_527_254_580 - 7_139_507, 33_468_925_000).exceeds(before)
    assert not Proportion(7_527_254_580 - 7_139_508, 33_468_925_000).exceeds(before)


@st.composite
def a_cancellation(draw):
    total = draw(st.integers(min_value=1, max_value=LARGEST))
    weighted = draw(st.integers(min_value=0, max_value=total))
    return weighted, total, draw(st.integers(min_value=0, max_value=total - weighted))


@given(a_cancellation())
def test_the_required_conversion_is_the_least_that_breaks_nothing(case):
    weighted, total, cancelled = case
    required, before = conversion_required(weighted, total, cancelled), Proportion(weighted, total)
    assert type(required) is int
    assert 0 <= required <= weighted
    assert not Proportion(weighted - required, total - cancelled).exceeds(before)
    if required:
        assert Proportion(weighted - required + 1, total - cancelled).exceeds(before)


@given(a_cancellation())
def test_the_formula_and_its_cumulative_form_agree(case):
    weighted, total, cancelled = case
    # ceil(A × R ÷ T), rule 8A.15.
    assert conversion_required(weighted, total, cancelled) == -(-weighted * cancelled // total)


def test_the_cumulative_form_gives_both_filed_balances_from_the_june_2022_base():
    june = Proportion(7_528_760_000, 33_507_400_000)
    assert most_weighted(june, 33_500_700_000) == 7_527_254_580
    assert most_weighted(june, 33_468_925_000) == 7_520_115_072


@given(
    st.integers(min_value=1, max_value=LARGEST), st.integers(min_value=1, max_value=LARGEST),
    st.integers(min_value=1, max_value=LARGEST), st.integers(min_value=1, max_value=LARGEST),
)  # fmt: skip
def test_of_two_proportions_at_most_one_exceeds_the_other(a, b, c, d):
    one, other = Proportion(a, b), Proportion(c, d)
    assert [one.exceeds(other), other.exceeds(one)].count(True) == (a * d != c * b)


# --- the limits ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ordinary", "every", "holds"), [(10, 100, True), (9, 100, False), (10**15, 10**16, True), (10**15 - 1, 10**16, False)]
)
def test_holders_without_weighted_rights_have_at_least_a_tenth_of_the_votes(ordinary, every, holds):
    assert least_votes(ordinary, every, ON).holds is holds


@pytest.mark.parametrize(("votes", "holds"), [(10, True), (11, False)])
def test_a_weighted_share_has_at_most_ten_times_the_votes(votes, holds):
    assert largest_ratio(votes, 1, ON).holds is holds


def test_what_lasts_of_the_holdings_is_added_up_by_class_and_votes():
    rows = (
        HoldingVotes(None, "A", 5, 10, ON),
        HoldingVotes("One", "A", 2, 1, ON),
        HoldingVotes("Two", "A", 3, 1, ON),
        HoldingVotes("Two", "A", 3, 10, None, ON),
    )
    assert entitled(rows) == (Entitled("A", 10, 5), Entitled("A", 1, 5))


# --- the worked issuer --------------------------------------------------------------------------------------------


def test_each_cancellation_of_2022_converted_exactly_what_it_had_to(demo_entries):
    first, second = at(demo_entries, "2022-12-31").cancellations
    assert (first.on, first.cancelled, first.required, first.converted) == (date(2022, 8, 31), 6_700_000, 1_505_420, 1_505_420)
    assert (second.on, second.cancelled, second.required, second.converted) == (ON, 31_775_000, 7_139_508, 7_139_508)
    assert (str(first.exact(4)), str(second.exact(4))) == ("1505419.4596", "7139507.9589")
    assert first.sufficed
    assert second.sufficed


def test_the_worked_issuer_has_no_finding_under_chapter_8a(demo_entries):
    assert breaches(at(demo_entries, "2024-12-31")) == ()


@pytest.mark.parametrize(
    ("on", "weighted", "total"),
    [
        ("2022-06-24", 7_528_760_000, 33_507_400_000),
        ("2022-11-30", 7_527_254_580, 33_500_700_000),
        ("2022-12-30", 7_520_115_072, 33_468_925_000),
        ("2024-11-30", 614_034_470, 35_142_371_000),
        ("2024-12-17", 614_034_470, 37_007_371_000),
    ],
)
def test_the_lowest_proportion_falls_with_the_published_balances(demo_entries, on, weighted, total):
    history = at(demo_entries, on)
    assert history.lowest == history.proportion == Proportion(weighted, total)


def test_the_votes_at_the_meeting_of_2023_are_those_of_the_filing(demo_entries):
    history = at(demo_entries, "2023-06-23")
    assert history.votes() == 75_201_150_720 + 25_948_809_928
    assert history.votes(weighted=False) == 25_948_809_928
    assert outcomes(history)[0].working.startswith("25,948,809,928 of 101,149,960,648 votes are without weighted rights, 25.65 %")
    assert entitled(history.holdings) == (Entitled("B", 1, 25_948_809_928), Entitled("A", 10, 7_520_115_072))


@pytest.mark.parametrize(
    ("on", "cancelled", "required"), [("2022-06-24", 6_700_000, 1_505_420), ("2022-12-29", 31_775_000, 7_139_508)]
)
def test_a_planned_cancellation_says_what_it_will_need(demo_entries, on, cancelled, required):
    assert planned(at(demo_entries, on), cancelled).required == required


@pytest.mark.parametrize("cancelled", [0, -5, 25_973_445_421])
def test_a_plan_beyond_what_is_there_is_refused(demo_entries, cancelled):
    with pytest.raises(ValueError, match="expected to cancel from 1 to 25,973,445,420"):
        planned(at(demo_entries, "2022-12-29"), cancelled)


def test_rights_that_ceased_in_2023_count_one_vote_a_share_until_the_shares_convert(demo_entries):
    ceased = event(
        "VotingRightsCeased", "15 December 2023", share_class="A", holder="Amind Inc.", shares="6,906,080,602", reason="death"
    )
    book = [*demo_entries, *entries(*[ceased] * (len(demo_entries) + 1))[len(demo_entries) :]]
    pro_forma, meeting, converted = (at(book, on) for on in ("2023-12-15", "2024-06-26", "2024-07-31"))
    # The announced pro forma takes the shares as converted: 614,034,470 A are 15.75 % of the votes.
    assert pro_forma.votes(weighted=True) == 6_140_344_700
    assert pro_forma.votes() == 6_140_344_700 + 32_854_890_530
    assert pro_forma.proportion == Proportion(614_034_470, 33_468_925_000)
    assert Entitled("A", 1, 6_906_080_602) in entitled(meeting.holdings)
    assert entitled(converted.holdings) == (Entitled("B", 1, 34_528_336_530), Entitled("A", 10, 614_034_470))
    spans = [(each.votes_per_share, each.from_on, each.until_on) for each in converted.holdings if each.holder]
    assert spans == [(10, None, date(2023, 12, 15)), (1, date(2023, 12, 15), date(2024, 7, 31))]
    # Shares that had lost their rights do not count as a conversion of weighted ones.
    assert [each.converted for each in converted.cancellations] == [1_505_420, 7_139_508]
    assert breaches(at(book, "2024-12-31")) == ()


# --- small books: 400,000 class A of ten votes, 600,000 class B, of which 10,000 are bought back -------------------


def bought(on="2 July 2024", shares="10,000", intention="cancellation"):
    return event("SharesRepurchased", on, share_class="B", shares=shares, intention=intention)


def cancelled(on="3 July 2024", shares="10,000"):
    return event("RepurchasedSharesCancelled", on, share_class="B", shares=shares)


def converted(shares, on="3 July 2024", **said):
    return event("ClassAConvertedToB", on, shares=shares, **said)


def test_one_share_fewer_is_a_finding_that_says_so():
    # 400,000 × 10,000 ÷ 1,000,000 = 4,000, without a fraction.
    book = entries(*two_classes(), bought(), cancelled(), converted("3,999"))
    (finding,) = breaches(at(book, "2024-07-03"))
    assert finding.code == "HK504"
    assert "10,000 shares left on 3 July 2024: at least 4,000 weighted shares" in finding.message
    assert finding.message.endswith("and 3,999 were, 1 too few")
    assert finding.entries == (10, 9) or finding.entries == (9, 10)


@pytest.mark.parametrize("shares", ["4,000", "4,001", "400,000"])
def test_enough_or_more_than_enough_is_no_finding(shares):
    assert breaches(at(entries(*two_classes(), bought(), cancelled(), converted(shares)), "2024-07-03")) == ()


def test_shares_bought_and_not_yet_cancelled_ask_for_nothing():
    history = at(entries(*two_classes(), bought()), "2024-07-02")
    assert history.cancellations == ()
    assert breaches(history) == ()


def test_a_conversion_on_a_later_day_makes_good_without_undoing_the_breach():
    book = entries(*two_classes(), bought(), cancelled(), converted("4,000", "4 July 2024"))
    assert [finding.code for finding in breaches(at(book, "2024-07-03"))] == ["HK504"]
    assert [test.holds for test in outcomes(at(book, "2024-07-03"))] == [True, True, False]
    assert [test.holds for test in outcomes(at(book, "2024-07-04"))] == [True, True, True]


def test_several_batches_are_held_to_the_lowest_proportion_so_far():
    # 5,001 of 1,000,000: 2,000.4, so 2,001. Then 4,999 more: from 397,999 of 994,999 it is 1,999.596..., so 2,000.
    first = (cancelled("3 July 2024", "5,001"), converted("2,001", "3 July 2024"))
    second = (cancelled("4 July 2024", "4,999"), converted("1,999", "4 July 2024"))
    history = at(entries(*two_classes(), bought(), *first, *second), "2024-07-04")
    assert [each.required for each in history.cancellations] == [2_001, 2_000]
    assert [each.sufficed for each in history.cancellations] == [True, False]
    assert conversion_required(400_000, 1_000_000, 10_000) + 1 == 2_001 + 2_000


def test_a_batch_after_too_small_a_conversion_has_to_make_it_good():
    first = (cancelled("3 July 2024", "5,000"), converted("1,000", "3 July 2024"))
    second = (cancelled("4 July 2024", "5,000"), converted("3,000", "4 July 2024"))
    history = at(entries(*two_classes(), bought(), *first, *second), "2024-07-04")
    assert [each.required for each in history.cancellations] == [2_000, 3_000]
    assert [each.sufficed for each in history.cancellations] == [False, True]


def test_shares_issued_on_the_same_day_lower_what_is_required():
    placed = event("PlacingCompleted", "3 July 2024", share_class="B", shares="10,000")
    (each,) = at(entries(*two_classes(), bought(), cancelled(), placed), "2024-07-03").cancellations
    assert (each.required, each.sufficed) == (0, True)


def test_new_weighted_shares_without_a_cancellation_are_a_rise():
    (finding,) = breaches(
        at(entries(*two_classes(), event("OtherSharesIssued", "3 July 2024", share_class="A", shares=1)), "2024-07-03")
    )
    assert (finding.code, finding.entries) == ("HK503", (8,))
    assert finding.message.endswith("400,001 of 1,000,001 at close of 3 July 2024, above 400,000 of 1,000,000")


def test_a_subdivision_changes_no_proportion():
    book = entries(
        *two_classes(), event("SharesSubdivided", "3 July 2024", into="2"), bought("4 July 2024"), cancelled("5 July 2024")
    )
    history = at(book, "2024-07-05")
    (each,) = history.cancellations
    # 800,000 of 2,000,000, so 4,000 for 10,000 as before.
    assert (each.weighted, each.total, each.required) == (800_000, 2_000_000, 4_000)
    assert history.rises == ()


def test_treasury_shares_are_left_out_unless_they_are_asked_for():
    book = entries(*two_classes(), bought(intention="treasury"))
    assert at(book, "2024-07-02").proportion == Proportion(400_000, 990_000)
    assert at(book, "2024-07-02", treasury=True).proportion == Proportion(400_000, 1_000_000)
    assert at(book, "2024-07-02").confidence == "unverified"
    assert [test.confidence for test in outcomes(at(book, "2024-07-02"))] == ["unverified", "verified", "unverified"]


def test_shares_bought_into_treasury_without_a_conversion_are_a_notice_and_no_breach():
    history = at(entries(*two_classes(), bought(intention="treasury")), "2024-07-02")
    (finding,) = breaches(history)
    assert (finding.code, finding.severity, finding.confidence, finding.entries) == ("HK506", "notice", "unverified", (8,))
    assert finding.message == (
        "10,000 shares were bought into treasury on 2 July 2024: a cancellation would require that 4,000 weighted shares are "
        "converted, and 0 were"
    )
    # 400,000 of 990,000 without treasury shares, 400,000 of 1,000,000 with them: only the first is above the lowest.
    assert [test.holds for test in outcomes(history)] == [True, True, True]
    assert breaches(at(entries(*two_classes(), bought(intention="treasury")), "2024-07-02", treasury=True)) == ()


@pytest.mark.parametrize(("shares", "codes"), [("3,999", ["HK506"]), ("4,000", []), ("4,001", [])])
def test_a_conversion_on_the_day_of_a_purchase_into_treasury_leaves_nothing_to_look_at(shares, codes):
    book = entries(*two_classes(), bought(intention="treasury"), converted(shares, "2 July 2024"))
    assert [finding.code for finding in breaches(at(book, "2024-07-02"))] == codes


@pytest.mark.parametrize(("shares", "codes"), [("3,999", ["HK506", "HK504"]), ("4,000", ["HK506"])])
def test_the_cancellation_of_treasury_shares_asks_for_the_conversion_that_was_not_made(shares, codes):
    gone = event("TreasurySharesCancelled", "3 July 2024", share_class="B", shares="10,000")
    book = entries(*two_classes(), bought(intention="treasury"), gone, converted(shares))
    assert sorted(finding.code for finding in breaches(at(book, "2024-07-03"))) == sorted(codes)


def test_a_conversion_made_with_the_purchase_is_not_asked_for_again_when_the_treasury_shares_are_cancelled():
    gone = event("TreasurySharesCancelled", "3 July 2024", share_class="B", shares="10,000")
    book = entries(*two_classes(), bought(intention="treasury"), converted("4,000", "2 July 2024"), gone)
    assert breaches(at(book, "2024-07-03")) == ()


@pytest.mark.parametrize(("shares", "codes"), [("39", ["HK504", "HK506"]), ("40", ["HK506"])])
def test_a_later_cancellation_asks_only_for_its_own_conversion(shares, codes):
    # 400,000 of 1,000,000 with the treasury shares: 40 for the 100 that are cancelled, whatever was bought before.
    later = bought("3 July 2024", "100"), cancelled("4 July 2024", "100"), converted(shares, "4 July 2024")
    book = entries(*two_classes(), bought(intention="treasury"), *later)
    assert sorted(finding.code for finding in breaches(at(book, "2024-07-04"))) == codes


def test_weighted_shares_issued_after_a_purchase_into_treasury_are_a_rise():
    more = event("OtherSharesIssued", "3 July 2024", share_class="A", shares=1)
    book = entries(*two_classes(), bought(intention="treasury"), more)
    assert [finding.code for finding in breaches(at(book, "2024-07-03"))] == ["HK503", "HK506"]


EXEMPT = "in place before chapter 8A"


@pytest.mark.parametrize(
    ("votes", "exemption", "codes"), [(10, None, []), (11, None, ["HK502"]), (11, EXEMPT, []), (20, EXEMPT, [])]
)
def test_votes_that_were_in_place_before_chapter_8a_are_recorded_as_exempt(votes, exemption, codes):
    book = two_classes()
    book[2] = attrs.evolve(book[2], votes_per_share=votes, votes_exemption=exemption)
    history = at(entries(*book), "2024-07-02")
    assert [finding.code for finding in breaches(history) if finding.code == "HK502"] == codes
    assert ("class A is exempt: in place before chapter 8A" in outcomes(history)[1].working) == (exemption is not None)


def test_the_exemption_may_be_recorded_later_and_counts_from_its_day():
    book = two_classes()
    book[2] = attrs.evolve(book[2], votes_per_share=11)
    exempted = event("ShareClassDetailsChanged", "3 July 2024", share_class="A", votes_exemption=EXEMPT)
    found = [[each.code for each in breaches(at(entries(*book, exempted), on))] for on in ("2024-07-02", "2024-07-03")]
    assert found == [["HK502"], []]


def test_treasury_shares_and_those_pending_cancellation_carry_no_votes():
    for intention in ("treasury", "cancellation"):
        history = at(entries(*two_classes(), bought(intention=intention)), "2024-07-02")
        assert history.votes(weighted=False) == 590_000


def test_the_ten_percent_test_fails_when_votes_are_too_few():
    # 400,000 × 10 = 4,000,000 against 444,444: one vote short of a tenth.
    book = entries(*two_classes(), bought(shares="155,556"))
    assert [finding.code for finding in breaches(at(book, "2024-07-02"))] == ["HK501"]
    assert breaches(at(entries(*two_classes(), bought(shares="155,555")), "2024-07-02")) == ()


def test_rights_said_to_be_lost_by_more_shares_than_there_are_is_a_finding():
    lost = event("VotingRightsCeased", "2 July 2024", share_class="A", holder="One", shares="400,001")
    (finding,) = breaches(at(entries(*two_classes(), lost), "2024-07-02"))
    assert finding.code == "HK505"


def test_a_conversion_by_a_holder_without_rights_is_no_conversion_of_weighted_shares():
    lost = event("VotingRightsCeased", "2 July 2024", share_class="A", holder="One", shares="3,000")
    book = entries(*two_classes(), lost, bought(), cancelled(), converted("5,000", holder="One"))
    history = at(book, "2024-07-03")
    (each,) = history.cancellations
    # 397,000 of 1,000,000 have rights: 3,970 are needed, and 2,000 of the 5,000 had any.
    assert (each.required, each.converted, each.sufficed) == (3_970, 2_000, False)


def test_a_plan_asks_for_what_the_cancellation_will_be_held_to_where_there_are_treasury_shares():
    """5,000 of 1,000,000 with the treasury shares: 2,000. Without them 6,000 are: 400,000 less 0.4 of 985,000."""
    book = [*two_classes(), bought(intention="treasury"), bought(shares="5,000")]
    plan = planned(at(entries(*book), "2024-07-02"), 5_000)
    assert (plan.required, plan.weighted, plan.total) == (2_000, 400_000, 1_000_000)
    gone = cancelled(shares="5,000")
    (each,) = at(entries(*book, gone, converted("1,999")), "2024-07-03").cancellations
    assert (each.required, each.sufficed) == (plan.required, False)


def test_the_rules_find_in_a_whole_book_what_the_history_shows():
    book = entries(*two_classes(), bought(), cancelled(), converted("3,999"))
    (finding,) = breaches_in_view(View(tuple(book), date(2024, 7, 3), mandates(book), Ledger.of(book)))
    assert (finding.code, finding.severity, finding.citation) == ("HK504", "breach", "Main Board Rules 8A.13, 8A.15")
    assert finding.clears.startswith("Record the conversion on the day of the cancellation")
    assert list(breaches_in_view(View(tuple(book), date(2024, 7, 2), mandates(book), Ledger.of(book)))) == []
    assert list(breaches_in_view(View((), date(2024, 7, 2), mandates(()), Ledger.of(())))) == []


def test_an_issuer_with_one_class_has_no_weighted_rights():
    (issuer, b, _, more, _, held, _) = two_classes()
    history = at(entries(issuer, b, more, held), "2024-07-02")
    assert (history.weighted, outcomes(history), breaches(history)) == ((), (), ())
    with pytest.raises(ValueError, match="there are no weighted voting rights at close of 2 July 2024"):
        planned(history, 5)


def test_a_cancellation_knows_its_parts():
    plan = Cancellation(ON, 20, 100, 11, 0, Proportion(20, 100), Proportion(20, 89), ())
    assert (plan.required, plan.sufficed, str(plan.exact())) == (3, False, "2.20")


@pytest.mark.parametrize(("from_class", "converted"), [("A", 500), ("P", 0)])
def test_only_weighted_shares_count_as_converted_with_a_cancellation(from_class, converted):
    """400,000 of 1,010,000 shares are weighted; of the 950,000 that are left no more than 376,237 may be: 23,763 are to convert."""
    preference = [
        event("ShareClassCreated", "1 July 2024", share_class="P", class_label="Preference shares"),
        event("AuthorisedCapitalIncreased", "1 July 2024", share_class="P", shares="20,000"),
        event("BalanceBroughtForward", "1 July 2024", share_class="P", held="10,000"),
    ]
    book = entries(
        *two_classes(),
        *preference,
        event("SharesRepurchased", "5 August 2024", share_class="B", shares="60,000", intention="cancellation"),
        event("RepurchasedSharesCancelled", "6 August 2024", share_class="B", shares="60,000"),
        event("ClassAConvertedToB", "6 August 2024", from_class=from_class, to_class="B", shares="500"),
    )
    (cancellation,) = at(book, "2024-08-06").cancellations
    assert (cancellation.cancelled, cancellation.required, cancellation.converted) == (60_000, 23_763, converted)
