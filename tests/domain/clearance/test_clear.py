"""Checks before an act: just inside, at and just outside each limit; the day before and the day a rule takes effect."""

from __future__ import annotations

import ast
import inspect
from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clearance import checks, prices, proposal
from domain.clearance import clear as clearing
from domain.clearance.checks import months_after
from domain.clearance.clear import CHECKS, clear
from domain.clearance.proposal import Proposal
from domain.clearance.rules import RULES
from domain.events.fields import FieldError
from domain.law.outcome import NO, NOT_CHECKED, OK
from domain.law.rule import version_of
from domain.public_float import status
from domain.values import EXACT, Money
from tests.domain.book_of import entries, event, recorded_at, set_up, two_classes
from tests.domain.mandates.test_status import bought, granted, placed, replaced

FIVE = ("1.49", "1.50", "1.50", "1.51", "1.50")
ACT_ON = date(2024, 12, 18)


def hkd(amount):
    return Money("HKD", Decimal(amount))


def act(kind="repurchase", **said):
    base = {"on": ACT_ON, "shares": 1_000} | ({} if kind == "grant" else {"share_class": "ordinary"})
    return Proposal(kind=kind, **{**base, **said})


def answers(book, what, known_at=None):
    return {each.rule: each for each in clear(book, what, known_at).answers}


def answer(code, book, what):
    return answers(book, what)[code].answer


def book(*facts, **opening):
    return entries(*set_up("1 July 2024", **opening), *facts)


def priced(kind, price, closes=FIVE, close=None):
    return act(kind, price=hkd(price), closes=tuple(map(hkd, closes)), close=close and hkd(close))


# --- the sheet ----------------------------------------------------------------------------------------------------


def test_each_act_is_held_against_its_rules_in_order():
    assert {kind: [code for code, _ in rows] for kind, rows in CHECKS.items()} == {
        "repurchase": ["HK301", "HK302", "HK303", "HK304", "HK310", "HK309", "HK312", "HK314"],
        "place": ["HK302", "HK303", "HK304", "HK315", "HK307", "HK308", "HK311", "HK314"],
        "sell-treasury": ["HK314", "HK302", "HK303", "HK304", "HK315", "HK313", "HK308", "HK310"],
        "grant": ["HK408", "HK401", "HK404", "HK402", "HK405", "HK403"],
    }


def test_a_class_that_is_not_listed_is_neither_bought_nor_sold_on_the_exchange():
    facts = set_up("1 July 2024", treasury="1,000")
    facts[1] = attrs.evolve(facts[1], listed=False, stock_code=None)
    bought, sold = (answers(entries(*facts), act(kind))["HK347"] for kind in ("repurchase", "sell-treasury"))
    assert (sold.answer, sold.working) == (NO, "class ordinary is not listed on the Exchange")
    assert (bought.answer, "bought in another way" in bought.working) == (NOT_CHECKED, True)
    assert "HK347" not in answers(entries(*facts), act("place"))
    assert "HK347" not in answers(book(), act())


@pytest.mark.parametrize(
    ("kind", "codes"),
    [("repurchase", []), ("place", ["HK318", "HK319"]), ("sell-treasury", []), ("grant", ["HK406", "HK407"])],
)
def test_rules_that_nothing_checks_are_answered_as_not_checked_with_their_citation(kind, codes):
    found = answers(book(scheme()), act(kind, scheme="2024" if kind == "grant" else None))
    open_rules = {code: each for code, each in found.items() if code not in {code for code, _ in CHECKS[kind]}}
    assert list(open_rules) == codes
    assert {each.answer for each in open_rules.values()} <= {NOT_CHECKED}
    assert all(each.citation.startswith("Main Board Rule") for each in open_rules.values())


def test_a_placing_of_weighted_shares_names_the_rule_about_them():
    assert "HK507" not in answers(entries(*two_classes()), act("place", share_class="B"))
    assert answers(entries(*two_classes()), act("place", share_class="A"))["HK507"].answer == NOT_CHECKED


@pytest.mark.parametrize(("on", "codes"), [(date(2018, 7, 2), ["HK319"]), (date(2018, 7, 3), ["HK318", "HK319"])])
def test_a_rule_that_nothing_checks_is_named_from_its_first_day(on, codes):
    found = answers(entries(*set_up("1 January 2018")), act("place", on=on))
    assert [code for code in found if code in ("HK318", "HK319")] == codes


@pytest.mark.parametrize("kind", ["repurchase", "place", "sell-treasury"])
def test_an_empty_book_and_transaction_pass_no_check_that_depends_on_them(kind):
    found = answers(book(treasury="1,000"), act(kind))
    known = {"HK309", "HK308", "HK314"}
    assert {code for code, each in found.items() if each.answer == OK} <= known
    assert not [code for code, each in found.items() if each.answer == NO]


def test_every_answer_says_its_working_its_rule_and_how_sure_we_are_of_it():
    for kind in ("repurchase", "place", "sell-treasury"):
        for each in clear(book(treasury="1,000"), act(kind)).answers:
            assert each.working
            assert each.citation
            assert each.confidence in ("verified", "secondary", "unverified")


def test_a_sheet_counts_what_was_not_checked_and_says_whether_anything_forbids():
    sheet = clear(book(), act(shares=500_001))
    assert sheet.forbidden
    assert sheet.not_checked == sum(each.answer == NOT_CHECKED for each in sheet.answers)
    assert not clear(book(), act()).forbidden


def test_nothing_that_was_learnt_later_counts():
    facts = book(granted(), placed("1 August 2024", "99,500"))
    assert answer("HK302", facts, act("place")) == NO
    assert answers(facts, act("place"), recorded_at(5))["HK302"].answer == OK


# --- prices -------------------------------------------------------------------------------------------------------

CAP = [("1.574", OK), ("1.57499999999999999999", OK), ("1.575", NO), ("1.57500000000000000001", NO), ("1.576", NO), ("0.01", OK)]


@pytest.mark.parametrize(("price", "said"), CAP)
def test_a_purchase_stays_below_five_per_cent_above_the_average(price, said):
    assert answer("HK301", book(), priced("repurchase", price)) == said


def test_the_price_cap_shows_its_working():
    words = "1.62 is 8.0 % above the five-day average close 1.50; it must stay below 1.575"
    assert answers(book(), priced("repurchase", "1.62"))["HK301"].working == words


@pytest.mark.parametrize(
    ("price", "words"),
    [
        ("1.57499999999999999999", "4.999999999999999999 % above"),
        ("1.575", "5.0 % above"),
        ("1.57500000000000000001", "5.000000000000000001 % above"),
        ("1.50", "1.50 is at the five-day"),
        ("1.41", "6.0 % below"),
    ],
)
def test_rounding_never_writes_a_price_on_the_limit_that_is_not_there(price, words):
    assert words in answers(book(), priced("repurchase", price))["HK301"].working


@pytest.mark.parametrize("said", [{"price": hkd("1.5")}, {"closes": tuple(map(hkd, FIVE))}, {}])
def test_without_price_or_closes_the_cap_is_not_checked(said):
    assert answer("HK301", book(), act(**said)) == NOT_CHECKED


# The benchmark is the higher of the close, 1.60, and the average, 1.50; and the other way round.
@pytest.mark.parametrize(
    ("price", "close", "said"),
    [
        ("1.28", "1.60", NO), ("1.28000000000000000001", "1.60", OK), ("1.27999999999999999999", "1.60", NO),
        ("1.2", "1.40", NO), ("1.20000000000000000001", "1.40", OK), ("1.19999999999999999999", "1.40", NO),
        ("2", "1.40", OK),
    ],
)  # fmt: skip
def test_a_placing_stays_above_four_fifths_of_its_benchmark(price, close, said):
    assert answer("HK307", book(), priced("place", price, close=close)) == said


@pytest.mark.parametrize(
    ("price", "closes", "close", "said"),
    [
        ("1.2", FIVE, None, NO), ("1.21", FIVE, None, NOT_CHECKED),
        ("1.28", (), "1.60", NO), ("1.29", (), "1.60", NOT_CHECKED), ("1.29", (), None, NOT_CHECKED),
    ],
)  # fmt: skip
def test_half_a_benchmark_is_enough_to_forbid_and_not_to_allow(price, closes, close, said):
    assert answer("HK307", book(), priced("place", price, closes, close)) == said


def test_the_published_discounts_of_2024_come_out():
    june = priced("place", "1.20", ("1.37",) * 5, "1.32")
    december = priced("place", "1.50", ("1.58", "1.60", "1.60", "1.60", "1.60"), "1.60")
    assert "12.4 % below the five-day average close 1.37" in answers(book(), june)["HK307"].working
    assert "6.3 % below the close 1.60" in answers(book(), december)["HK307"].working


# Of the closes the last is the previous day's: 1.60 is above the average, 1.40 below it.
@pytest.mark.parametrize(
    ("price", "last", "said"),
    [("1.28", "1.60", NO), ("1.281", "1.60", OK), ("1.279", "1.60", NO), ("1.184", "1.40", NO), ("1.1841", "1.40", OK)],
)
def test_a_treasury_sale_stays_above_four_fifths_of_its_benchmark(price, last, said):
    closes = ("1.50", "1.50", "1.50", "1.50", last)
    assert answer("HK313", book(treasury="1,000"), priced("sell-treasury", price, closes)) == said


# --- mandates -----------------------------------------------------------------------------------------------------

REPURCHASE = granted("repurchase", purpose="repurchase", percent="10")


@pytest.mark.parametrize(("shares", "said"), [(49_999, OK), (50_000, OK), (50_001, NO)])
def test_a_purchase_stays_within_what_is_left_of_its_mandate(shares, said):
    assert answer("HK302", book(REPURCHASE), act(shares=shares)) == said


@pytest.mark.parametrize("kind", ["place", "sell-treasury"])
@pytest.mark.parametrize(("shares", "said"), [(99_299, OK), (99_300, OK), (99_301, NO)])
def test_an_issue_and_a_sale_stay_within_what_is_left_of_theirs(kind, shares, said):
    facts = book(granted(), placed("1 August 2024", "700"))
    assert answer("HK302", facts, act(kind, shares=shares)) == said


def test_what_an_agreement_reserves_is_not_left():
    agreed = event(
        "IssueAgreed", "1 August 2024", agreement="p", share_class="ordinary", description="x", shares="99,500", mandate="issue"
    )
    assert answer("HK302", book(granted(), agreed), act("place", shares=501)) == NO


@pytest.mark.parametrize(
    ("shares", "base_by_the_book", "said"),
    [
        (1_865_000_000, None, OK), (6_693_785_000, None, OK), (6_693_785_001, None, NO),
        (6_693_785_000, 33_468_925_000, OK), (6_693_785_001, 33_468_925_000, NOT_CHECKED),
        (7_028_474_200, 33_468_925_000, NOT_CHECKED), (7_028_474_201, 33_468_925_000, NO),
    ],
)  # fmt: skip
def test_where_the_base_is_in_doubt_only_what_either_base_allows_passes(shares, base_by_the_book, said, demo_entries):
    facts = replaced(demo_entries, "MandateGranted", "2024-06-26", base=35_142_371_000) if base_by_the_book else demo_entries
    what = Proposal(kind="place", share_class="B", shares=shares, on=date(2024, 12, 11))
    assert answer("HK302", facts, what) == said


RENEWED = granted("issue-2", "2 December 2024")


@pytest.mark.parametrize(
    ("on", "mandate", "said"),
    [
        (date(2024, 7, 2), None, NOT_CHECKED),
        (date(2024, 7, 3), None, OK),
        (date(2024, 12, 1), "issue", OK),
        (date(2024, 12, 2), "issue", NOT_CHECKED),
        (date(2024, 12, 3), "issue", NO),
        (date(2024, 12, 3), None, OK),
        # For twelve months after the last meeting no other need be recorded.
        (date(2025, 12, 2), None, OK),
        (date(2025, 12, 3), None, NOT_CHECKED),
    ],
)
def test_a_transaction_needs_a_mandate_in_force(on, mandate, said):
    assert answer("HK303", book(granted(), RENEWED), act("place", on=on, mandate=mandate)) == said


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ((), NOT_CHECKED),
        ((REPURCHASE,), NOT_CHECKED),
        ((granted(),), OK),
        ((granted(), granted("other")), NOT_CHECKED),
        ((granted(), event("MandateRevoked", "1 August 2024", mandate="issue")), NO),
    ],
    ids=["none", "none to issue", "one", "two", "revoked"],
)
def test_without_one_mandate_in_force_none_is_guessed(facts, said):
    found = answers(book(*facts), act("place"))
    assert found["HK303"].answer == said
    assert found["HK302"].answer == (OK if said == OK else NOT_CHECKED)


@pytest.mark.parametrize("mandate", [None, "issue"])
@pytest.mark.parametrize(
    ("on", "said"), [(date(2024, 7, 31), OK), (date(2024, 8, 1), NOT_CHECKED), (date(2024, 8, 2), NO)], ids=str
)
def test_on_the_day_on_which_a_mandate_is_revoked_it_is_not_known_which_comes_first(mandate, on, said):
    facts = book(granted(), event("MandateRevoked", "1 August 2024", mandate="issue"))
    assert answer("HK303", facts, act("place", on=on, mandate=mandate)) == said


@pytest.mark.parametrize(
    ("kind", "mandate", "said"),
    [
        ("place", "issue", OK),
        ("place", "repurchase", NO),
        ("repurchase", "issue", NO),
        ("repurchase", "repurchase", OK),
        ("sell-treasury", "repurchase", NO),
    ],
)
def test_a_mandate_is_used_for_its_purpose(kind, mandate, said):
    assert answer("HK304", book(granted(), REPURCHASE), act(kind, mandate=mandate)) == said


@pytest.mark.parametrize("kind", ["place", "sell-treasury"])
@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"annual": "yes"}, OK),
        ({"annual": "no"}, NOT_CHECKED),
        ({"annual": "no", "independent_approval": "yes"}, OK),
        ({"annual": "no", "independent_approval": "no"}, NO),
        ({"independent_approval": "yes"}, OK),
        ({}, NOT_CHECKED),
    ],
    ids=["the annual meeting", "not said", "given", "not given", "given at some meeting", "nothing said"],
)
def test_a_mandate_granted_while_another_was_in_force_asks_for_approval_without_the_controlling_holders(kind, how, said):
    earlier = granted("earlier", annual="yes"), event("MandateRevoked", "2 December 2024", mandate="earlier")
    refreshed = event("MandateGranted", "2 December 2024", mandate="m", purpose="issue", percent="20", base="500,000", **how)
    facts = book(*earlier, refreshed, treasury="1,000")
    assert answer("HK315", facts, act(kind, mandate="m")) == said
    assert answer("HK315", book(refreshed, treasury="1,000"), act(kind, mandate="m")) == OK


# --- days ---------------------------------------------------------------------------------------------------------


def sold(on, **said):
    return event("TreasurySharesSold", on, share_class="ordinary", shares="10", **said)


@pytest.mark.parametrize(("on", "said"), [("17 November 2024", OK), ("18 November 2024", NO), ("18 December 2024", NO)])
def test_thirty_days_pass_between_a_purchase_and_an_issue_or_a_sale(on, said):
    facts = book(bought(on, "10", mandate=None), treasury="1,000")
    assert [answer("HK308", facts, act(kind)) for kind in ("place", "sell-treasury")] == [said, said]


@pytest.mark.parametrize(("on", "said"), [("17 November 2024", OK), ("18 November 2024", NO), ("18 December 2024", NO)])
def test_thirty_days_pass_between_a_sale_on_the_exchange_and_a_purchase(on, said):
    assert answer("HK309", book(sold(on), treasury="1,000"), act()) == said


@pytest.mark.parametrize(
    ("method", "said"), [("On the Exchange", NO), ("on the exchange", NO), ("By private arrangement", OK), (None, NO)]
)
def test_a_sale_counts_unless_it_says_that_it_was_not_on_the_exchange(method, said):
    trades = {"trades": f"{method}: 10 @ HKD 1 = HKD 10"} if method else {}
    assert answer("HK309", book(sold("1 December 2024", **trades), treasury="1,000"), act()) == said


def test_a_purchase_after_the_day_does_not_count():
    assert answer("HK308", book(bought("19 December 2024", "10", mandate=None)), act("place")) == OK


@pytest.mark.parametrize(("days", "said"), [(30, NOT_CHECKED), (31, OK)])
def test_what_was_bought_before_the_book_begins_is_not_known(days, said):
    facts = book()
    on = date(2024, 7, 1) + timedelta(days=days)
    assert answer("HK308", facts, act("place", on=on)) == said
    assert answer("HK309", facts, act(on=on)) == said


MARCH = date(2025, 3, 31)


@pytest.mark.parametrize(
    ("results_on", "deadline", "said"),
    [
        ((), MARCH, NOT_CHECKED),
        ((date(2024, 12, 17),), MARCH, NOT_CHECKED),
        ((date(2024, 12, 18),), MARCH, NO),
        ((date(2025, 1, 17),), MARCH, NO),
        ((date(2025, 1, 18),), MARCH, OK),
        ((date(2025, 3, 20), date(2025, 1, 17)), MARCH, NO),
        # The deadline where it is the earlier of the two, or alone.
        ((date(2025, 6, 30),), date(2025, 1, 17), NO),
        ((date(2025, 6, 30),), date(2025, 1, 18), OK),
        ((date(2025, 6, 30),), date(2024, 12, 1), NO),
        ((), date(2025, 1, 17), NO),
        ((), date(2025, 1, 18), NOT_CHECKED),
        # A deadline that has passed, and one of results announced since: what was announced is over.
        ((), date(2024, 12, 17), NOT_CHECKED),
        ((date(2024, 12, 16),), date(2024, 12, 31), NOT_CHECKED),
        ((date(2024, 9, 30),), date(2024, 12, 31), NO),
        # Without a deadline the results may be late already.
        ((date(2025, 1, 17),), None, NO),
        ((date(2025, 1, 18),), None, NOT_CHECKED),
        ((), None, NOT_CHECKED),
    ],
)
def test_thirty_days_before_the_earlier_of_meeting_and_deadline_are_a_blackout(results_on, deadline, said):
    facts = book(treasury="1,000")
    known = {"results_on": results_on, "deadline": deadline}
    assert [answer("HK310", facts, act(kind, **known)) for kind in ("repurchase", "sell-treasury")] == [said, said]


# A financial year to 31 December: annual results by 31 March, interim ones by 31 August.
@pytest.mark.parametrize(
    ("on", "results_on", "said"),
    [
        (date(2025, 2, 17), (date(2025, 3, 20),), OK),
        (date(2025, 2, 18), (date(2025, 3, 20),), NO),
        # Late results: thirty days before 31 March, not before the meeting.
        (date(2025, 2, 28), (date(2025, 5, 30),), OK),
        (date(2025, 3, 1), (date(2025, 5, 30),), NO),
        (date(2025, 4, 10), (date(2025, 5, 30),), NO),
        # Before a period is over nothing else is due.
        (date(2024, 12, 18), (date(2025, 3, 20),), OK),
        # The annual results come before the interim ones: the board may meet on 1 January, thirty days after 2 December.
        (date(2024, 12, 1), (date(2025, 8, 20),), OK),
        (date(2024, 12, 2), (date(2025, 8, 20),), NOT_CHECKED),
        (date(2025, 3, 25), (date(2025, 8, 20), date(2025, 3, 24)), OK),
        # The interim results are over on 30 June and not given, or given as announced.
        (date(2025, 7, 15), (date(2026, 3, 20),), NOT_CHECKED),
        (date(2025, 8, 20), (date(2026, 3, 20), date(2025, 8, 19)), OK),
        (date(2025, 9, 1), (date(2026, 3, 20),), OK),
        (date(2025, 3, 15), (), NOT_CHECKED),
    ],
)
def test_the_deadline_for_results_follows_from_the_financial_year(on, results_on, said):
    facts = set_up("1 July 2024")
    facts[0] = attrs.evolve(facts[0], financial_year_end="31 December")
    assert answer("HK310", entries(*facts), act(on=on, results_on=results_on)) == said


def test_a_deadline_that_is_given_goes_before_that_of_the_financial_year():
    facts = set_up("1 July 2024")
    facts[0] = attrs.evolve(facts[0], financial_year_end="31 December")
    given = act(on=date(2025, 2, 10), results_on=(date(2025, 5, 30),), deadline=date(2025, 3, 1))
    assert answer("HK310", entries(*facts), given) == NO
    # Once its results are announced, the deadline of the next ones is that of the financial year.
    over = {"results_on": (date(2025, 3, 25), date(2025, 8, 28)), "deadline": date(2025, 3, 31)}
    said = [answer("HK310", entries(*facts), act(on=on, **over)) for on in (date(2025, 3, 26), date(2025, 7, 29))]
    assert said == [OK, NO]


@pytest.mark.parametrize(
    ("on", "results", "said"),
    [
        # One month before 31 March is 29 February; thirty days are 1 March.
        (date(2024, 2, 28), date(2024, 3, 31), OK),
        (date(2024, 2, 29), date(2024, 3, 31), NO),
        # The day before the regime and the day of it, with results on 11 July: a month before that is 11 June, thirty days too.
        (date(2024, 6, 10), date(2024, 7, 10), NO),
        (date(2024, 6, 10), date(2024, 7, 11), OK),
        (date(2024, 6, 11), date(2024, 7, 11), NO),
        (date(2024, 6, 11), date(2024, 7, 12), OK),
        # Where a month has 31 days the two differ: from 28 July, or from 29 July.
        (date(2024, 7, 28), date(2024, 8, 28), OK),
        (date(2023, 7, 28), date(2023, 8, 28), NO),
    ],
)
def test_before_june_2024_the_blackout_was_a_month(on, results, said):
    facts = entries(*set_up("1 July 2021"))
    assert answer("HK310", facts, act(on=on, results_on=(results,), deadline=results)) == said


def listed_by_offering():
    opening = set_up("29 December 2021")
    offering = event("GlobalOfferingCompleted", "30 December 2021", share_class="ordinary", shares="1,000")
    return entries(*opening, offering)


@pytest.mark.parametrize(("on", "said"), [(date(2022, 6, 30), NO), (date(2022, 7, 1), OK), (date(2021, 12, 30), NO)])
def test_nothing_is_issued_for_six_months_after_the_listing(on, said):
    assert answer("HK311", listed_by_offering(), act("place", on=on)) == said


@pytest.mark.parametrize(("on", "said"), [(date(2025, 1, 1), NOT_CHECKED), (date(2025, 1, 2), OK)])
def test_a_class_that_the_book_has_as_listed_was_listed_by_then(on, said):
    assert answer("HK311", book(), act("place", on=on)) == said


def test_without_a_listing_there_are_no_six_months_to_count():
    opening = set_up("1 July 2020")
    opening[1] = attrs.evolve(opening[1], listed=False, stock_code=None)
    assert answer("HK311", entries(*opening), act("place")) == NOT_CHECKED


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2021, 12, 30), 6, date(2022, 6, 30)),
        (date(2021, 8, 31), 6, date(2022, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
        (date(2024, 12, 18), 12, date(2025, 12, 18)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_a_month_later_is_the_corresponding_day(day, months, found):
    assert months_after(day, months) == found


# --- shares there are ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "shares", "said"),
    [
        ("repurchase", 500_000, OK), ("repurchase", 500_001, NO),
        ("sell-treasury", 7_000, OK), ("sell-treasury", 7_001, NO),
        ("place", 493_000, OK), ("place", 493_001, NO),
    ],
)  # fmt: skip
def test_there_are_as_many_shares_as_are_dealt_in(kind, shares, said):
    assert answer("HK314", book(treasury="7,000"), act(kind, shares=shares)) == said


@pytest.mark.parametrize(("shares", "said"), [(499_000, OK), (499_001, NO)])
def test_authorised_shares_that_an_agreement_promises_are_taken(shares, said):
    agreed = event("IssueAgreed", "1 August 2024", agreement="p", share_class="ordinary", description="x", shares="1,000")
    assert answer("HK314", book(agreed), act("place", shares=shares)) == said


def test_an_issuer_without_authorised_capital_is_not_short_of_it():
    opening = set_up()
    opening[1] = attrs.evolve(opening[1], authorised=False)
    facts = entries(*opening[:2], opening[3])
    assert answer("HK314", facts, act("place", shares=10**15)) == OK


# Of 500,000 shares 130,000 are in public hands: (130,000 - 6,666) / (500,000 - 6,666) is above a quarter, one share more not.
FLOAT = [(6_666, OK), (6_667, NO), (130_001, NO)]


@pytest.mark.parametrize(("shares", "said"), FLOAT)
def test_a_quarter_stays_in_public_hands(shares, said):
    assert answer("HK312", book(), act(shares=shares, public_float=130_000)) == said


@pytest.mark.parametrize(
    ("shares", "on", "said"),
    [
        (6_667, date(2025, 12, 31), NO), (6_666, date(2026, 1, 1), OK), (6_667, date(2026, 1, 1), NOT_CHECKED),
        (88_889, date(2026, 1, 1), NOT_CHECKED), (130_000, date(2026, 1, 1), NOT_CHECKED), (130_001, date(2026, 1, 1), NO),
    ],
)  # fmt: skip
def test_since_2026_another_threshold_may_apply_where_none_is_recorded(shares, on, said):
    assert answer("HK312", book(), act(shares=shares, public_float=130_000, on=on)) == said


@pytest.mark.parametrize(
    ("shares", "said"),
    # Ten per cent: (130,000 - 88,888) / (500,000 - 88,888) is above it, one share more is not.
    [(6_666, OK), (6_667, NOT_CHECKED), (88_888, NOT_CHECKED), (88_889, NO)],
)
def test_where_the_prescribed_percentage_is_given_ten_per_cent_may_be_enough(shares, said):
    what = act(shares=shares, public_float=130_000, on=date(2026, 1, 1), float_percent=Decimal(25))
    assert answer("HK312", book(), what) == said


@pytest.mark.parametrize(("percent", "said"), [("26", OK), ("26.000001", NO)])
def test_an_issuer_may_have_a_prescribed_percentage_of_its_own(percent, said):
    facts = book(held="500,001")
    assert answer("HK312", facts, act(shares=1, public_float=130_001, float_percent=Decimal(percent))) == said


@pytest.mark.parametrize(("on", "said"), [(date(2024, 6, 10), NO), (date(2024, 6, 11), OK)])
def test_treasury_shares_are_left_out_of_the_float_since_11_june_2024(on, said):
    facts = entries(*set_up("1 January 2024", held="400,000", treasury="100,000"))
    assert answer("HK312", facts, act(shares=1, public_float=110_000, on=on)) == said


def test_without_holder_data_the_float_is_not_checked():
    assert answer("HK312", book(), act()) == NOT_CHECKED


# --- grants -------------------------------------------------------------------------------------------------------


def scheme(**said):
    return event("SchemeAdopted", "2 July 2024", scheme="2024", share_class="ordinary", particulars="Options", **said)


@pytest.mark.parametrize(("shares", "said"), [(899, OK), (900, OK), (901, NO)])
def test_a_grant_stays_within_the_limit_of_its_scheme(shares, said):
    facts = book(scheme(limit="1,000"), event("OptionsGranted", "1 August 2024", scheme="2024", options="100"))
    assert answer("HK401", facts, act("grant", scheme="2024", shares=shares)) == said


@pytest.mark.parametrize("said", [{}, {"limit": "1,000", "existing_shares": "yes"}])
def test_a_scheme_without_a_limit_or_met_from_existing_shares_is_not_checked(said):
    assert answer("HK401", book(scheme(**said)), act("grant", scheme="2024")) == NOT_CHECKED


# One per cent of 500,099 is 5,000 whole shares.
@pytest.mark.parametrize(
    ("shares", "before", "said"),
    [
        (4_999, 1, OK), (5_000, 0, OK), (5_001, 0, NO), (4_000, 1_000, OK), (4_000, 1_001, NO),
        (5_000, None, NOT_CHECKED), (5_001, None, NO),
    ],
)  # fmt: skip
def test_one_grantee_gets_at_most_a_hundredth_in_twelve_months(shares, before, said):
    facts = book(scheme(), held="500,099")
    assert answer("HK402", facts, act("grant", scheme="2024", shares=shares, granted_before=before)) == said


@pytest.mark.parametrize(("on", "said"), [(date(2024, 6, 10), OK), (date(2024, 6, 11), NO)])
def test_treasury_shares_are_left_out_of_the_hundredth_since_11_june_2024(on, said):
    adopted = attrs.evolve(scheme(), effective_on=date(2024, 1, 2))
    facts = entries(*set_up("1 January 2024", held="400,000", treasury="100,000"), adopted)
    assert answer("HK402", facts, act("grant", scheme="2024", shares=5_000, granted_before=0, on=on)) == said


@pytest.mark.parametrize(
    ("vests_on", "participant", "said"),
    [
        (date(2025, 12, 17), "service-provider", NO), (date(2025, 12, 17), "related-entity", NO),
        (date(2025, 12, 17), "employee", NOT_CHECKED), (date(2025, 12, 17), None, NOT_CHECKED),
        (date(2025, 12, 18), "service-provider", OK), (date(2025, 12, 18), None, OK), (date(2026, 1, 1), "employee", OK),
        (None, "employee", NOT_CHECKED),
    ],
)  # fmt: skip
def test_only_for_an_employee_participant_may_anything_vest_before_twelve_months(vests_on, participant, said):
    what = act("grant", scheme="2024", vests_on=vests_on, participant=participant)
    assert answer("HK403", book(scheme()), what) == said


@pytest.mark.parametrize(("limit", "said"), [("49,999", OK), ("50,000", OK), ("50,001", NO), (None, NOT_CHECKED)])
def test_the_limits_of_all_schemes_together_are_a_tenth_of_the_class_at_approval(limit, said):
    assert answer("HK404", book(scheme(limit=limit)), act("grant", scheme="2024")) == said


@pytest.mark.parametrize(
    ("limit", "said", "word"), [("10,000", OK, "2024, B"), ("10,001", NO, "2024, B"), (None, NOT_CHECKED, "no limit of B")]
)
def test_every_scheme_over_the_class_counts(limit, said, word):
    other = event("SchemeAdopted", "3 July 2024", scheme="B", share_class="ordinary", particulars="Awards", limit=limit)
    held = event("SchemeAdopted", "3 July 2024", scheme="C", share_class="ordinary", particulars="Held", existing_shares="yes")
    found = answers(book(scheme(limit="40,000"), other, held), act("grant", scheme="2024"))["HK404"]
    assert found.answer == said
    assert word in found.working


def test_a_scheme_over_another_class_does_not_count():
    other = event("ShareClassCreated", "1 July 2024", share_class="B", class_label="B shares")
    over = event("SchemeAdopted", "3 July 2024", scheme="B", share_class="B", particulars="Awards", limit="1,000,000")
    assert answer("HK404", book(other, scheme(limit="50,000"), over), act("grant", scheme="2024")) == OK


def test_a_scheme_approved_before_the_book_begins_was_never_held_against_the_class():
    early = attrs.evolve(scheme(limit="1"), general_meeting_on=date(2024, 6, 30))
    found = answers(book(early), act("grant", scheme="2024"))["HK404"]
    assert found.answer == NOT_CHECKED
    assert "before the book begins" in found.working


def test_a_subdivision_since_the_approval_changes_nothing_about_it():
    facts = book(scheme(limit="50,000"), event("SharesSubdivided", "3 July 2024", into="2"))
    assert answer("HK404", facts, act("grant", scheme="2024")) == OK


@pytest.mark.parametrize(("on", "said"), [("10 June 2024", OK), ("11 June 2024", NO)])
def test_treasury_shares_are_left_out_of_the_tenth_since_11_june_2024(on, said):
    adopted = attrs.evolve(scheme(limit="50,000"), effective_on=date.fromisoformat(f"2024-06-{on[:2]}"))
    facts = entries(*set_up("1 January 2024", held="400,000", treasury="100,000"), adopted)
    assert answer("HK404", facts, act("grant", scheme="2024")) == said


@pytest.mark.parametrize(
    ("participant", "said"), [("employee", OK), ("related-entity", OK), ("service-provider", NOT_CHECKED), (None, NOT_CHECKED)]
)
def test_a_grant_to_a_service_provider_needs_a_limit_of_its_own(participant, said):
    assert answer("HK405", book(scheme(limit="1")), act("grant", scheme="2024", participant=participant)) == said


# --- rules with dates ---------------------------------------------------------------------------------------------

# The rule, the act, the first day on which the rule is known, and what it says once it is: before, nothing passes.
TAKE_EFFECT = [
    ("HK307", priced("place", "1.59", close="1.60"), date(2018, 7, 3)),
    ("HK309", act(), date(2024, 6, 11)),
    ("HK313", priced("sell-treasury", "1.59"), date(2024, 6, 11)),
    ("HK402", act("grant", scheme="2024", granted_before=0), date(2023, 1, 1)),
    ("HK403", act("grant", scheme="2024", vests_on=date(2030, 1, 1)), date(2023, 1, 1)),
    ("HK404", act("grant", scheme="2024"), date(2023, 1, 1)),
    ("HK405", act("grant", scheme="2024", participant="employee"), date(2023, 1, 1)),
]


@pytest.mark.parametrize(("code", "what", "day"), TAKE_EFFECT, ids=[row[0] for row in TAKE_EFFECT])
def test_a_rule_passes_nothing_before_the_day_from_which_it_is_known(code, what, day):
    adopted = attrs.evolve(scheme(limit="1,000"), effective_on=date(2018, 1, 1))
    facts = entries(*set_up("1 January 2018", treasury="10,000"), adopted)
    before, since = (answers(facts, attrs.evolve(what, on=on))[code] for on in (day - timedelta(days=1), day))
    assert (before.answer, since.answer) == (NOT_CHECKED, OK)
    assert before.working == f"the rule is known here from {day:%-d %B %Y} on"


@pytest.mark.parametrize(
    ("code", "day", "before", "since"),
    [
        ("HK308", date(2024, 6, 11), "agrees to no issue", "announces neither"),
        ("HK310", date(2024, 6, 11), "one month", "30 days"),
        ("HK312", date(2024, 6, 11), "all classes, or", "treasury shares left out"),
        ("HK312", date(2026, 1, 1), "all classes, treasury", "HKD 1,000 million"),
        ("HK404", date(2024, 6, 11), "class in issue on", "treasury shares left out"),
        ("HK402", date(2024, 6, 11), "class in issue.", "treasury shares left out"),
    ],
)
def test_a_rule_has_a_version_for_each_day(code, day, before, since):
    rules = clearing._RULES
    assert before in version_of(rules, code, day - timedelta(days=1)).meaning
    assert since in version_of(rules, code, day).meaning


def test_every_version_of_a_rule_is_checked_and_every_check_has_a_rule():
    assert {rule.code for rule in RULES} <= set(clearing.CHECK_BY_RULE)
    assert set(clearing.CHECK_BY_RULE) == {code for rows in CHECKS.values() for code, _ in rows}
    for code, made in clearing.CHECK_BY_RULE.items():
        first = min(rule.in_force_from for rule in clearing._RULES if rule.code == code)
        assert min(made) <= first


# --- what cannot be -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 4, 6])
def test_there_are_five_closing_prices(number):
    with pytest.raises(FieldError, match=f"expected the closing prices of the five trading days.*got {number}") as refused:
        act(closes=(hkd("1.5"),) * number)
    assert refused.value.field == "closes"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"price": hkd("1.5"), "closes": (*(hkd("1.5"),) * 4, Money("RMB", Decimal("1.5")))}, "closes"),
        ({"price": hkd("1.5"), "close": Money("USD", Decimal("1.5"))}, "close"),
        ({"closes": (hkd("1.5"), *(Money("RMB", Decimal("1.5")),) * 4)}, "closes"),
        ({"price": hkd("0")}, "price"),
        ({"closes": (*(hkd("1.5"),) * 4, hkd("0"))}, "closes"),
        ({"shares": 0}, "shares"),
        ({"shares": -1}, "shares"),
        ({"shares": True}, "shares"),
        ({"public_float": -1}, "public_float"),
        ({"float_percent": Decimal(0)}, "float_percent"),
        ({"granted_before": -1}, "granted_before"),
        ({"kind": "buy"}, "kind"),
        ({"participant": "director"}, "participant"),
    ],
)
def test_an_impossible_transaction_is_refused_and_its_field_named(said, field):
    with pytest.raises(FieldError) as refused:
        act(**said)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("what", "field", "words"),
    [
        (act(share_class="Ordinari"), "share_class", "Did you mean ordinary?"),
        (act(share_class=None), "share_class", "expected the code of the class"),
        (act(mandate="isue"), "mandate", "Did you mean issue?"),
        (act("grant", scheme="2025"), "scheme", "Did you mean 2024?"),
        (act("grant"), "scheme", "expected the code of the scheme"),
        (act("grant", scheme="2024", share_class="other"), "share_class", "unknown class"),
        (act(on=date(2024, 6, 30)), "on", "the book begins at close of 1 July 2024"),
        (act(scheme="x"), "scheme", "Schemes: 2024."),
        (act(public_float=500_001), "public_float", "at most the 500,000 issued shares of the class"),
    ],
)
def test_what_the_book_does_not_have_is_refused_and_the_nearest_name_given(what, field, words):
    with pytest.raises(FieldError, match=words.replace("?", r"\?")) as refused:
        clear(book(granted(), scheme()), what)
    assert refused.value.field == field


def test_a_scheme_is_over_its_own_class():
    other = event("ShareClassCreated", "1 July 2024", share_class="B", class_label="B shares")
    with pytest.raises(FieldError, match="scheme 2024 is over class ordinary, got B"):
        clear(book(other, scheme()), act("grant", scheme="2024", share_class="B"))


# --- notes --------------------------------------------------------------------------------------------------------


def test_a_placing_says_what_part_of_the_shares_it_is(demo_entries):
    sheet = clear(demo_entries, Proposal(kind="place", share_class="B", shares=1_673_446_000, on=date(2024, 6, 21)))
    # As announced: 6.45 % of class B, 5.00 % of all, 4.76 % of all as enlarged; 250 shares short of five per cent.
    assert sheet.notes == (
        "1,673,446,000 is 6.45 % of 25,948,809,928 existing shares of class B, 4.999999 % of 33,468,925,000 existing shares of "
        "all classes, 4.76 % of 35,142,371,000 enlarged by it",
        "It stays below 5 % of all shares in issue; a placing is disclosed the next business day whatever its size (13.25A)",
    )


@pytest.mark.parametrize(("shares", "words"), [(24_999, "stays below"), (25_000, "reaches"), (25_001, "reaches")])
def test_five_per_cent_is_reached_exactly(shares, words):
    assert f"It {words} 5 %" in clear(book(), act("place", shares=shares)).notes[1]


# --- exactness ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [proposal, checks, prices, clearing, status])
def test_no_check_writes_or_names_a_float(module):
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
        assert not (isinstance(node, ast.Name) and node.id in ("float", "round"))
        assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))


# In units of the twentieth decimal every price is a whole number.
units = st.integers(1, 10**38)
nudges = st.integers(-2, 2)


def of_units(number):
    return Money("HKD", Decimal(number).scaleb(-20, EXACT))


@given(st.lists(units, min_size=5, max_size=5), nudges)
def test_the_price_cap_agrees_with_whole_numbers(closes, nudge):
    # 100 p < 105 average is 500 p < 105 sum.
    price = max(1, 105 * sum(closes) // 500 + nudge)
    found = answers(book(), act(price=of_units(price), closes=tuple(map(of_units, closes))))["HK301"]
    assert (found.answer == OK) == (500 * price < 105 * sum(closes))
    assert ("is 5.0 % above" in found.working) == (500 * price == 105 * sum(closes))


@given(st.lists(units, min_size=5, max_size=5), units, nudges)
def test_the_floor_of_a_placing_agrees_with_whole_numbers(closes, close, nudge):
    # 100 p > 80 benchmark, times five.
    benchmark = max(sum(closes), 5 * close)
    price = max(1, 80 * benchmark // 500 + nudge)
    what = act("place", price=of_units(price), close=of_units(close), closes=tuple(map(of_units, closes)))
    assert (answer("HK307", book(), what) == OK) == (500 * price > 80 * benchmark)


@given(st.integers(1, 10**15), st.integers(1, 10**15), st.integers(-1, 1))
def test_mandates_of_any_size_are_counted_to_the_share(base, used, nudge):
    limit = base * 20 // 100
    shares = limit - used + nudge
    if shares < 1 or used > limit:
        return
    facts = entries(
        *set_up(authorised=f"{10**17:,}", held=f"{base:,}"), granted(base=f"{base:,}"), placed("8 August 2024", f"{used:,}")
    )
    assert (answer("HK302", facts, act("place", shares=shares)) == OK) == (used + shares <= limit)


@given(st.integers(4, 10**15), st.integers(0, 10**15), st.integers(1, 10**15))
def test_the_public_float_is_counted_to_the_share(held, public, shares):
    public, shares = min(public, held), min(shares, held - 1)
    facts = book(held=f"{held:,}", authorised=f"{10**17:,}")
    expected = shares <= public and 4 * (public - shares) >= held - shares
    assert (answer("HK312", facts, act(shares=shares, public_float=public)) == OK) == expected


def test_a_purchase_is_noted_beside_what_is_agreed_and_still_to_be_issued():
    agreed = event("IssueAgreed", "1 August 2024", agreement="p", share_class="ordinary", description="x", shares="500")
    ended = event("IssueAgreementEnded", "2 August 2024", agreement="p", shares="100")
    said = "Agreement p still has 400 shares to issue: barred up to and including 17 January 2025, 30 days after this purchase (10.06(3))"
    assert clear(book(agreed, ended), act()).notes == (said,)
    assert clear(book(agreed, attrs.evolve(ended, shares=500)), act()).notes == ()


def test_a_placing_of_a_class_of_which_nothing_is_in_issue_has_no_percentages():
    preference = event("ShareClassCreated", "1 July 2024", share_class="p", class_label="Preference shares")
    (note,) = clear(book(preference), act("place", share_class="p", shares=25_000)).notes
    assert note.startswith("It reaches 5 % of all shares in issue")


def test_a_grant_may_name_the_class_of_its_scheme_and_no_other():
    scheme = event("SchemeAdopted", "2 July 2024", scheme="s", share_class="ordinary", particulars="Options", limit="90,000")
    preference = event("ShareClassCreated", "1 July 2024", share_class="p", class_label="Preference shares")
    named, unnamed = (
        clear(book(preference, scheme), act("grant", scheme="s", **more)) for more in ({"share_class": "ordinary"}, {})
    )
    assert [each.answer for each in named.answers] == [each.answer for each in unnamed.answers]
    with pytest.raises(FieldError, match="scheme s is over class ordinary, got p"):
        clear(book(preference, scheme), act("grant", scheme="s", share_class="p"))
