"""The public float: each threshold at its limits, the first month end that is confirmed, and what a Monthly Return says."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from domain import rulebook
from domain.clearance.clear import clear
from domain.clearance.proposal import Proposal
from domain.events.fields import FieldError
from domain.law.business_days import HONG_KONG
from domain.law.outcome import NO, NOT_CHECKED, OK
from domain.public_float.status import Held, ListingDate, alternative_open, outcome, statement, thresholds
from domain.returns.monthly import prepare
from domain.values import Money
from infrastructure.calendar import TradingCalendar
from tests.domain.book_of import at, entries, event, folded, set_up

CALENDAR = TradingCalendar()
JANUARY = "31 January 2026"
MONTH_END = date(2026, 1, 31)


def required(test="prescribed", on="1 July 2024", **said):
    said = {"percent": "25"} | said if test == "prescribed" else said
    return event("PublicFloatRequirementSet", on, share_class="ordinary", test=test, **said)


def confirmed(on=JANUARY, **said):
    return event("PublicFloatConfirmed", on, share_class="ordinary", **said)


def book(*facts, **opening):
    """500,000 shares in issue since 1 July 2024."""
    return entries(*set_up(**opening), *facts)


def codes(facts, as_of=None):
    return [each.code for each in rulebook.findings(facts, as_of)]


# --- facts that cannot be -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "field"),
    [
        (lambda: attrs.evolve(required(), percent=None), "percent"),
        (lambda: attrs.evolve(required(), with_class="A"), "with_class"),
        (lambda: attrs.evolve(required("A+H"), with_class="ordinary"), "with_class"),
        (lambda: attrs.evolve(confirmed(met="yes"), met=None), "percent"),
        (lambda: attrs.evolve(confirmed(percent="25"), shares=1), "shares"),
        (lambda: attrs.evolve(confirmed(shares="1", price="HKD 1"), shares=None, percent=Decimal(25)), "price"),
        (lambda: attrs.evolve(confirmed(shares="1", price="HKD 1"), market_value=Money.parse("HKD 1")), "market_value"),
        (lambda: attrs.evolve(confirmed(shares="1", price="HKD 1"), price=Money.parse("USD 1")), "price"),
    ],
)  # fmt: skip
def test_a_fact_about_the_public_float_that_cannot_be_is_refused_and_its_field_named(made, field):
    with pytest.raises(FieldError) as refused:
        made()
    assert refused.value.field == field


def test_a_class_that_is_counted_with_another_must_exist():
    with pytest.raises(Exception, match='unknown class "Z"'):
        folded(book(required("A+H", with_class="Z")))


# --- thresholds at their limits -----------------------------------------------------------------------------------


def judged(percent, value, recorded, alternative=True):
    held = Held(None if percent is None else Fraction(percent), None if value is None else Fraction(value))
    return outcome(held, thresholds(recorded, MONTH_END, alternative=alternative))[0]


@pytest.mark.parametrize(
    ("percent", "said"), [("24.99", NO), ("24.999999999", NO), ("25", OK), ("25.00", OK), ("25.01", OK), (None, NOT_CHECKED)]
)
def test_the_prescribed_percentage_is_reached_exactly(percent, said):
    assert judged(percent, None, required()) == said


@pytest.mark.parametrize(
    ("percent", "value", "said"),
    [
        ("10.00", "1000000000", OK), ("9.99", "1000000000", NO), ("10.00", "999999999.99", NO), ("9.99", "999999999.99", NO),
        ("10.00", None, NOT_CHECKED), (None, "1000000000", NOT_CHECKED), ("9.99", None, NO), (None, "999999999.99", NO),
    ],
)  # fmt: skip
def test_the_alternative_threshold_asks_for_ten_per_cent_and_a_thousand_million(percent, value, said):
    assert judged(percent, value, required("alternative")) == said


@pytest.mark.parametrize(("percent", "said"), [("24.99", NO), ("25", OK)])
def test_who_chose_the_alternative_and_still_has_the_prescribed_percentage_meets_the_requirement(percent, said):
    assert judged(percent, "999999999.99", required("alternative", percent="25")) == said


@pytest.mark.parametrize(
    ("percent", "value", "said"),
    [
        ("5.00", None, OK), ("4.99", None, NOT_CHECKED), ("4.99", "999999999.99", NO), ("4.99", "1000000000", OK),
        (None, "1000000000", OK), (None, "999999999.99", NOT_CHECKED), ("5.00", "1", OK),
    ],
)  # fmt: skip
def test_h_shares_of_an_a_and_h_issuer_are_five_per_cent_or_worth_a_thousand_million(percent, value, said):
    assert judged(percent, value, required("A+H")) == said


@pytest.mark.parametrize("is_open", [False, None])
def test_where_the_alternative_is_not_open_and_nothing_else_is_recorded_only_the_highest_percentage_passes(is_open):
    found = [judged(percent, "1000000000", required("alternative"), is_open) for percent in ("10", "24.99")]
    assert found == [NOT_CHECKED, NOT_CHECKED]


@pytest.mark.parametrize(("percent", "said"), [("25", OK), ("24.99", NOT_CHECKED), ("1", NOT_CHECKED)])
def test_where_nothing_is_recorded_only_the_highest_percentage_passes(percent, said):
    assert judged(percent, "1000000000", None) == said


@pytest.mark.parametrize(("is_open", "said"), [(True, OK), (False, NO), (None, NOT_CHECKED)])
def test_the_alternative_counts_only_once_it_is_open(is_open, said):
    assert judged("10", "1000000000", required("alternative", percent="25"), is_open) == said


def test_more_than_there_is_of_the_class_is_no_public_float():
    assert judged("100", None, required()) == OK
    assert judged("100.01", None, required()) == NO


# 9.999 is as long as 10.00.
@pytest.mark.parametrize(
    ("percent", "least", "words"),
    [
        ("24.999999", "25", "24.999999 %"),
        ("25", "25", "25.00 %"),
        ("26.354", "25", "26.35 %"),
        ("9.999", "10", "9.999 %"),
        ("9.9949", "10", "9.99 %"),
        ("99.9999", "100", "99.9999 %"),
    ],
)
def test_rounding_never_writes_a_part_on_a_limit_that_it_is_not(percent, least, words):
    limits = thresholds(required(percent=least), MONTH_END)
    assert outcome(Held(Fraction(percent), None), limits)[1].startswith(f"{words} of the class; ")


# --- 125 trading days ---------------------------------------------------------------------------------------------

# Weekdays since Friday 2 January 2026 without 17 to 19 February, 3, 6 and 7 April, 1 and 25 May, 19 June and 1 July.
OFFERED = ListingDate(date(2026, 1, 2), exact=True)


@pytest.mark.parametrize(("on", "said"), [(date(2026, 7, 8), False), (date(2026, 7, 9), True), (date(2027, 7, 9), True)])
def test_the_alternative_threshold_opens_with_the_125th_trading_day(on, said):
    assert alternative_open(OFFERED, on, CALENDAR) is said


def test_whether_it_is_open_may_not_be_known():
    by = attrs.evolve(OFFERED, exact=False)
    assert alternative_open(None, date(2026, 7, 8), CALENDAR) is None
    assert alternative_open(by, date(2026, 7, 8), CALENDAR) is None
    assert alternative_open(by, date(2026, 7, 9), CALENDAR) is True
    assert alternative_open(OFFERED, date(2026, 7, 9), None) is None
    assert alternative_open(OFFERED, date(2027, 1, 3), None) is True


@pytest.mark.parametrize(("on", "found"), [("8 July 2026", ["HK330"]), ("9 July 2026", [])])
def test_the_alternative_threshold_chosen_too_early_is_a_finding(on, found):
    (issuer, share, more, _) = set_up("1 January 2026")
    offering = event("GlobalOfferingCompleted", "2 January 2026", share_class="ordinary", shares="1,000")
    facts = entries(issuer, share, more, offering, required("alternative", on=on))
    seen = rulebook.check(facts, date(2026, 7, 31), calendar=CALENDAR)
    assert [each.code for each in seen if each.code == "HK330"] == found


# --- findings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"percent": "25.00"}, []), ({"percent": "24.99"}, ["HK312"]), ({"shares": "125,000"}, []), ({"shares": "124,999"}, ["HK312"]),
        ({"met": "yes"}, []), ({"met": "no"}, ["HK312"]), ({"percent": "24.99", "met": "yes"}, ["HK312"]),
    ],
)  # fmt: skip
def test_a_public_float_below_what_is_required_is_a_finding(said, found):
    assert codes(book(required(), confirmed(**said))) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        # 500,000,000 shares: a tenth of them at HKD 20 is worth a thousand million.
        ({"shares": "50,000,000", "price": "HKD 20"}, []),
        ({"shares": "50,000,000", "price": "HKD 19.9999999998"}, ["HK312"]),
        ({"shares": "49,999,999", "price": "HKD 21"}, ["HK312"]),
        ({"percent": "10.00", "market_value": "HKD 1,000,000,000"}, []),
        ({"percent": "10.00", "market_value": "HKD 999,999,999.99"}, ["HK312"]),
        ({"percent": "9.99", "market_value": "HKD 1,000,000,000"}, ["HK312"]),
        ({"percent": "10.00"}, ["HK331"]),
        ({"percent": "10.00", "met": "yes"}, []),
    ],
)  # fmt: skip
def test_the_alternative_is_held_against_what_was_confirmed(said, found):
    facts = book(required("alternative"), confirmed(**said), held="500,000,000", authorised="1,000,000,000")
    assert codes(facts) == found


def a_and_h(*facts):
    """60,000 H shares, listed here, and 940,000 A shares."""
    (issuer, h, _, _) = set_up()
    a = attrs.evolve(h, share_class="A", listed=False, stock_code=None)
    brought = [
        event("BalanceBroughtForward", "1 July 2024", share_class=code, held=held)
        for code, held in (("ordinary", "60,000"), ("A", "940,000"))
    ]
    without = [attrs.evolve(each, authorised=False) for each in (h, a)]
    return entries(issuer, *without, *brought, *facts)


@pytest.mark.parametrize(
    ("said", "found"), [({"shares": "50,000"}, []), ({"shares": "49,999", "price": "HKD 1"}, ["HK312"]), ({"shares": "49,999"}, ["HK331"])]
)  # fmt: skip
def test_h_shares_are_counted_among_all_a_and_h_shares(said, found):
    assert codes(a_and_h(required("A+H", with_class="A"), confirmed(**said))) == found


def test_without_the_a_shares_a_number_of_h_shares_is_no_percentage():
    assert codes(a_and_h(required("A+H"), confirmed(shares="60,000"))) == ["HK331"]
    assert codes(a_and_h(required("A+H"), confirmed(percent="6"))) == []


def test_treasury_shares_are_left_out_of_the_class():
    # 125,000 of 500,000 are a quarter; of 510,000 with the treasury shares they would not be.
    facts = book(required(), confirmed(shares="125,000"), treasury="10,000")
    assert codes(facts) == []


@pytest.mark.parametrize(
    ("on", "found"), [("31 December 2025", []), ("1 January 2026", ["HK312"]), ("31 January 2026", ["HK312"])]
)
def test_what_was_confirmed_before_1_january_2026_is_not_held_against_the_rule(on, found):
    facts = book(required(), confirmed(on, percent="24.99"))
    assert codes(facts) == found


@pytest.mark.parametrize(("on", "found"), [("31 December 2025", []), ("1 January 2026", ["HK331"])])
def test_a_requirement_is_asked_for_from_1_january_2026_on(on, found):
    assert codes(book(confirmed(on, percent="24"))) == found


@pytest.mark.parametrize(("on", "found"), [("31 December 2025", []), ("1 January 2026", ["HK330"])])
def test_the_alternative_threshold_is_there_from_1_january_2026_on(on, found):
    (issuer, share, more, _) = set_up("1 December 2025")
    offering = event("GlobalOfferingCompleted", "2 December 2025", share_class="ordinary", shares="1,000")
    facts = entries(issuer, share, more, offering, required("alternative", on=on))
    assert [each.code for each in rulebook.check(facts, date(2026, 1, 2), calendar=CALENDAR)] == found


def test_a_requirement_that_is_not_recorded_is_a_notice_that_says_how_to_clear_it():
    (found,) = rulebook.findings(book(confirmed(percent="30")))
    assert (found.code, found.severity, found.message) == (
        "HK331", "notice", "the public float required of class ordinary is not recorded",
    )  # fmt: skip
    assert "captable record public-float-requirement-set" in found.clears


# --- a month without a confirmation -------------------------------------------------------------------------------


def missing(facts, as_of=None, now=None):
    now = now or datetime.combine(as_of, time.max, HONG_KONG)
    seen = rulebook.check(facts, as_of, now=now, calendar=CALENDAR)
    return [each.message.rpartition(" for ")[2] for each in seen if each.code == "HK615"]


@pytest.mark.parametrize(
    ("as_of", "found"),
    [
        (date(2025, 12, 31), []),
        (date(2026, 1, 30), []),
        (date(2026, 1, 31), ["31 January 2026"]),
        (date(2026, 2, 28), ["31 January 2026", "28 February 2026"]),
        (date(2028, 3, 1), None),
    ],
)
def test_each_month_end_since_january_2026_asks_for_a_confirmation(as_of, found):
    seen = missing(book(), as_of)
    if found is None:
        # Twenty-four months of two years, and two more; a leap year has a 29th of February.
        assert (len(seen), seen[-1], "29 February 2028" in seen) == (26, "29 February 2028", True)
    else:
        assert seen == found


def test_without_an_instant_no_month_end_is_asked_about():
    assert codes(book(), date(2026, 2, 28)) == []


def test_a_confirmed_month_end_asks_for_nothing():
    assert missing(book(required(), confirmed(percent="30")), date(2026, 2, 28)) == ["28 February 2026"]
    assert missing(book(required(), confirmed("30 January 2026", percent="30")), date(2026, 1, 31)) == ["31 January 2026"]


def test_only_a_class_that_is_listed_at_the_month_end_is_asked_about():
    withdrawn = event("ShareClassDetailsChanged", "31 January 2026", share_class="ordinary", listed="no")
    assert missing(book(withdrawn), date(2026, 2, 28)) == []
    assert missing(book(attrs.evolve(withdrawn, effective_on=date(2026, 2, 1))), date(2026, 2, 28)) == ["31 January 2026"]


@pytest.mark.parametrize(("on", "found"), [("31 January 2026", ["31 January 2026"]), ("1 February 2026", [])])
def test_a_class_is_listed_from_the_day_of_its_global_offering(on, found):
    (issuer, share, more, _) = set_up("1 January 2026")
    offering = event("GlobalOfferingCompleted", on, share_class="ordinary", shares="1,000")
    assert missing(entries(issuer, share, more, offering), date(2026, 2, 1)) == found


def test_the_month_end_with_which_the_book_begins_is_not_its_own():
    assert missing(entries(*set_up("31 January 2026")), date(2026, 2, 28)) == ["28 February 2026"]


def begun(on):
    return [attrs.evolve(each, recorded_at=datetime.fromisoformat(on).replace(tzinfo=HONG_KONG)) for each in book()]


@pytest.mark.parametrize(
    ("recorded", "found"), [("2026-02-07", ["31 January 2026"]), ("2026-02-08", []), ("2026-01-31", ["31 January 2026"])]
)
def test_by_the_clock_only_the_months_are_asked_about_whose_return_the_book_could_still_serve(recorded, found):
    now = datetime(2026, 2, 20, 9, tzinfo=HONG_KONG)
    assert missing(begun(recorded), now=now) == found


# --- what the Monthly Return says ---------------------------------------------------------------------------------


def said(facts, on="2026-01-31"):
    return statement(at(facts, on), date.fromisoformat(on))


def test_the_statement_gives_part_threshold_and_result():
    found = said(book(required(), confirmed(shares="131,750")))
    assert found.text == (
        "Public float of Ordinary shares at 31 January 2026: 26.35 % of the issued shares of the class, treasury shares excluded. "
        "Applicable threshold: at least 25.00 %. The requirement is met."
    )
    assert found.missing == ()


def test_the_statement_of_the_alternative_threshold_gives_the_market_value():
    facts = book(required("alternative"), confirmed(percent="12.5", market_value="HKD 1,234,567,890.5"))
    assert said(facts).text == (
        "Public float of Ordinary shares at 31 January 2026: 12.50 % of the issued shares of the class, treasury shares excluded; "
        "market value HKD 1,234,567,890.50. Applicable threshold: at least 10.00 % and a market value of HKD 1,000,000,000. "
        "The requirement is met."
    )


def test_a_statement_alone_says_no_figure():
    assert said(book(required(), confirmed(met="yes"))).text == (
        "Public float of Ordinary shares at 31 January 2026. Applicable threshold: at least 25.00 %. The requirement is met."
    )


def test_a_requirement_that_is_not_met_is_said_not_to_be_met():
    assert said(book(required(), confirmed(percent="24.99"))).text.endswith("The requirement is not met.")


def test_the_issuers_own_words_are_printed_as_they_are():
    words = "The Company confirms that it has maintained the applicable public float."
    assert said(book(required(), confirmed(met="yes", statement=words))).text == words


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ((), ("the public float of class ordinary is not confirmed for 31 January 2026",)),
        ((required(), confirmed("31 December 2025", percent="30")), ("the public float of class ordinary is not confirmed for 31 January 2026",)),
        ((confirmed(percent="30"),), ("the public float required of class ordinary is not recorded",)),
        ((required("alternative"), confirmed(percent="12")), ("whether the public float of class ordinary meets the requirement is not known",)),
    ],
)  # fmt: skip
def test_a_statement_says_what_is_missing(facts, reasons):
    assert said(book(*facts)).missing == reasons


def test_before_january_2026_and_where_nothing_is_confirmed_the_text_of_the_settings_stands():
    habit = event("ReturnSettingsChanged", "1 July 2024", public_float="It is sufficient.")
    assert (
        said(book(habit), "2025-12-31")
        == said(book(habit))
        == attrs.evolve(said(book(habit)), text="It is sufficient.", missing=())
    )
    assert said(book(), "2025-12-31").text is None
    assert said(book(), "2025-12-31").missing == ()
    assert said(book(habit, required(), confirmed(percent="30"))).text.startswith("Public float of Ordinary shares")


def test_the_monthly_return_prints_what_was_confirmed_for_its_month():
    facts = book(required(), confirmed(percent="30"))
    printed = [prepare(facts, each, date(2026, 3, 5)).public_float for each in (date(2025, 12, 31), MONTH_END, date(2026, 2, 28))]
    assert [text and text[-23:] for text in printed] == [None, "The requirement is met.", None]


# --- before a purchase --------------------------------------------------------------------------------------------


def bought_back(facts, shares, on=date(2026, 2, 10), **more):
    act = Proposal(kind="repurchase", share_class="ordinary", shares=shares, on=on, **more)
    (found,) = (each for each in clear(facts, act, calendar=CALENDAR).answers if each.rule == "HK312")
    return found


@pytest.mark.parametrize(("shares", "answer"), [(6_666, OK), (6_667, NO)])
def test_a_purchase_is_held_against_the_public_float_last_confirmed(shares, answer):
    # (130,000 - 6,666) / (500,000 - 6,666) is above a quarter, one share more is not.
    found = bought_back(book(required(), confirmed(shares="130,000")), shares)
    assert found.answer == answer
    assert "(confirmed for 31 January 2026)" in found.working


@pytest.mark.parametrize(("shares", "answer"), [(6_666, OK), (6_667, NO)])
def test_a_percentage_confirmed_is_of_the_shares_in_issue_then(shares, answer):
    assert bought_back(book(required(), confirmed(percent="26")), shares).answer == answer


def test_what_was_bought_since_the_confirmation_is_not_in_public_hands_any_more():
    since = event("SharesRepurchased", "3 February 2026", share_class="ordinary", shares="6,000", intention="treasury")
    facts = book(required(), confirmed(shares="130,000"), since)
    assert [bought_back(facts, shares).answer for shares in (666, 667)] == [OK, NO]


@pytest.mark.parametrize(
    ("facts", "on", "words"),
    [
        ((required(),), date(2026, 2, 10), "neither given nor confirmed"),
        ((required(), confirmed(met="yes")), date(2026, 2, 10), "only a statement is recorded"),
        ((required(), confirmed("30 December 2025", shares="130,000")), date(2026, 2, 10), "too long ago"),
        ((required(), confirmed(shares="130,000")), date(2026, 4, 1), "too long ago"),
        ((required(), confirmed(shares="130,000"), event("SharesSubdivided", "2 February 2026", into="2")), date(2026, 2, 10), "before the shares were subdivided"),
        ((confirmed(shares="120,000"),), date(2026, 2, 10), "another threshold, which is not known"),
        ((required("alternative"), confirmed(shares="130,000")), date(2026, 2, 10), "market value not known"),
    ],
)  # fmt: skip
def test_what_is_not_known_of_the_public_float_passes_no_purchase(facts, on, words):
    found = bought_back(book(*facts), 1, on)
    assert found.answer == NOT_CHECKED
    assert words in found.working


@pytest.mark.parametrize(("on", "answer"), [(date(2026, 3, 31), OK), (date(2026, 4, 1), NOT_CHECKED)])
def test_a_confirmation_serves_until_the_end_of_the_second_month_after_it(on, answer):
    assert bought_back(book(required(), confirmed(shares="130,000")), 1, on).answer == answer


def test_shares_given_go_before_those_confirmed():
    facts = book(required(), confirmed(shares="130,000"))
    assert bought_back(facts, 1, public_float=125_000).answer == NO
    assert "confirmed" not in bought_back(facts, 1, public_float=125_000).working


@pytest.mark.parametrize(
    ("price", "shares", "answer"),
    [
        # 60,000,000 of 500,000,000 in public hands: a tenth stays if 11,111,111 are bought, and at HKD 20 a thousand million if 10,000,000 are.
        ("HKD 100", 11_111_111, OK), ("HKD 100", 11_111_112, NO), ("HKD 20", 10_000_000, OK), ("HKD 20", 10_000_001, NO),
    ],
)  # fmt: skip
def test_the_alternative_threshold_is_held_against_a_purchase_at_the_price_confirmed(price, shares, answer):
    facts = book(
        required("alternative"), confirmed(shares="60,000,000", price=price), held="500,000,000", authorised="1,000,000,000"
    )
    assert bought_back(facts, shares).answer == answer


@pytest.mark.parametrize(("on", "answer"), [(date(2025, 12, 31), NO), (date(2026, 1, 1), OK)])
def test_the_test_before_2026_is_of_all_classes(on, answer):
    # 130,000 of 500,000 ordinary shares are 26 %, of 600,000 in all they are less than 25 %.
    other = event("ShareClassCreated", "1 July 2024", share_class="A", class_label="A shares")
    facts = entries(
        *set_up(), other, event("AuthorisedCapitalIncreased", "1 July 2024", share_class="A", shares="100,000"),
        event("BalanceBroughtForward", "1 July 2024", share_class="A", held="100,000"), required(),
    )  # fmt: skip
    assert bought_back(facts, 1, on, public_float=130_000).answer == answer
