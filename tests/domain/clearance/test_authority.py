"""Authority for what is recorded: mandates and meetings, treasury shares that the law allows, trading days."""

from __future__ import annotations

from datetime import date, datetime

import attrs
import pytest

from domain.law.business_days import HONG_KONG
from domain.rulebook import check, findings
from infrastructure.calendar import TradingCalendar
from tests.domain.book_of import entries, event, set_up
from tests.domain.trading import Weekdays


def mandate(code="m", on="2 July 2024", purpose="issue", **said):
    return event("MandateGranted", on, mandate=code, purpose=purpose, percent="10", base="500,000", **said)


def made(name, on="5 August 2024", **said):
    return event(name, on, share_class="ordinary", shares="10", **said)


AGREED = {"agreement": "s", "description": "Subscription"}
WARRANTS = {"instrument": "w", "description": "Warrants", "warrants": "10"}
BONDS = {"instrument": "w", "description": "Bonds", "amount": "HKD 10", "for_cash": "no"}


def found(*what, code, on="1 July 2024", **opening):
    """The entries of the findings of one code; the own facts of the book are entries 5 and on."""
    book = entries(*set_up(on, **{"treasury": "1,000", **opening}), *what)
    return [each.entries for each in findings(book) if each.code == code]


# --- issues (13.36) -----------------------------------------------------------------------------------------------

ISSUES = [("PlacingCompleted", {}), ("ConsiderationSharesIssued", {}), ("OtherSharesIssued", {}), ("TreasurySharesSold", {}),
          ("WarrantsIssued", WARRANTS), ("ConvertiblesIssued", BONDS)]  # fmt: skip


@pytest.mark.parametrize(("name", "said"), ISSUES)
def test_an_issue_names_a_mandate_or_a_meeting(name, said):
    assert found(mandate(), made(name, **said), code="HK340") == [(6,)]
    assert found(mandate(), made(name, mandate="m", **said), code="HK340") == []
    assert found(mandate(), made(name, general_meeting_on="1 August 2024", **said), code="HK340") == []


@pytest.mark.parametrize(
    "name",
    ["RightsIssueCompleted", "OpenOfferCompleted", "BonusIssueCompleted", "ScripDividendIssued", "GlobalOfferingCompleted",
     "OverAllotmentOptionExercised"],
)  # fmt: skip
def test_what_is_offered_pro_rata_and_the_listing_itself_need_none(name):
    assert found(made(name), code="HK340") == []


@pytest.mark.parametrize(
    ("authority", "found_in"),
    [({}, [(7,)]), ({"mandate": "m"}, []), ({"general_meeting_on": "2 August 2024"}, [])],
    ids=["none", "a mandate", "a meeting"],
)
def test_what_completes_an_agreement_has_the_authority_of_the_agreement(authority, found_in):
    agreed = made("IssueAgreed", "1 August 2024", **AGREED, **authority)
    assert found(mandate(), agreed, made("PlacingCompleted", agreement="s"), code="HK340") == found_in


def test_an_agreement_may_be_made_before_the_members_approve_it():
    agreed = made("IssueAgreed", "1 August 2024", **AGREED)
    assert found(agreed, code="HK340") == []
    completed = made("PlacingCompleted", agreement="s", general_meeting_on="2 August 2024")
    assert found(agreed, completed, code="HK340") == []


@pytest.mark.parametrize(("on", "found_in"), [("10 June 2024", []), ("11 June 2024", [(5,)])])
def test_a_sale_of_treasury_shares_needs_authority_since_11_june_2024(on, found_in):
    assert found(made("TreasurySharesSold", on), code="HK340", on="3 June 2024") == found_in


def test_an_issuer_that_is_not_listed_is_under_no_listing_rule():
    unlisted = [attrs.evolve(each, listed=False) if hasattr(each, "class_label") else each for each in set_up("1 January 2024")]
    issued = made("PlacingCompleted"), made("SharesRepurchased", "1 February 2024", intention="treasury")
    assert findings(entries(*unlisted, *issued)) == ()


def test_the_finding_of_an_issue_says_what_it_lacks():
    (finding,) = findings(entries(*set_up(), made("PlacingCompleted")))
    assert finding.message == "10 shares were placed on 5 August 2024: the entry names no mandate and no meeting that approved it"
    (finding,) = findings(entries(*set_up(), made("IssueAgreed", **AGREED), made("PlacingCompleted", agreement="s")))
    assert finding.message.endswith("its agreement, s, names no mandate and no meeting that approved it")


# --- repurchases (10.06(1)(c)) ------------------------------------------------------------------------------------


@pytest.mark.parametrize("intention", ["cancellation", "treasury"])
def test_a_repurchase_names_a_mandate_or_a_meeting(intention):
    bought = {"intention": intention}
    assert found(made("SharesRepurchased", **bought), code="HK341") == [(5,)]
    assert found(mandate(purpose="repurchase"), made("SharesRepurchased", mandate="m", **bought), code="HK341") == []
    assert found(made("SharesRepurchased", general_meeting_on="1 August 2024", **bought), code="HK341") == []


# --- mandates -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "found_in"),
    [
        (mandate("n"), [(6,)]),
        (mandate("n", "3 July 2024"), []),
        (mandate("n", purpose="repurchase"), []),
    ],
    ids=["one day, one purpose", "another day", "another purpose"],
)
def test_a_meeting_grants_one_mandate_of_a_purpose(other, found_in):
    assert found(mandate(), other, code="HK342") == found_in


def test_both_mandates_are_named():
    (finding,) = (each for each in findings(entries(*set_up(), mandate(), mandate("n"))) if each.code == "HK342")
    assert finding.message == "two mandates to issue were granted on 2 July 2024: m and n"


# --- what comes first ---------------------------------------------------------------------------------------------

APPROVED = [
    made("PlacingCompleted"), made("RightsIssueCompleted"), made("TreasurySharesSold"), made("WarrantsIssued", **WARRANTS),
    made("SharesRepurchased", intention="treasury"), made("AuthorisedCapitalIncreased"),
    event("SharesSubdivided", "5 August 2024", into="2"),
]  # fmt: skip


@pytest.mark.parametrize(("meeting", "found_in"), [(date(2024, 8, 5), []), (date(2024, 8, 6), [(5,)])])
@pytest.mark.parametrize("what", APPROVED, ids=lambda what: type(what).__name__)
def test_a_meeting_is_held_before_what_it_approves_takes_effect(what, meeting, found_in):
    assert found(attrs.evolve(what, general_meeting_on=meeting), code="HK343") == found_in


@pytest.mark.parametrize(("agreed", "found_in"), [("5 August 2024", []), ("6 August 2024", [(5,)])])
def test_an_issue_is_agreed_before_it_is_made(agreed, found_in):
    assert found(made("RightsIssueCompleted", agreed_on=agreed), code="HK343") == found_in


@pytest.mark.parametrize(("meeting", "found_in"), [("5 August 2024", []), ("6 August 2024", [(6,)])])
def test_the_meeting_that_approves_an_agreement_is_held_before_it_completes(meeting, found_in):
    agreed = made("IssueAgreed", "1 August 2024", **AGREED, general_meeting_on=meeting)
    assert found(agreed, made("PlacingCompleted", agreement="s"), code="HK343") == found_in


def test_a_scheme_may_be_adopted_before_the_meeting_that_approves_it():
    adopted = event(
        "SchemeAdopted", "1 August 2024", scheme="s", share_class="ordinary", particulars="x", general_meeting_on="5 August 2024"
    )
    assert found(adopted, code="HK343") == []


@pytest.mark.parametrize(("on", "found_in"), [("4 August 2024", [(7,)]), ("5 August 2024", [])])
@pytest.mark.parametrize(
    ("granted", "met", "unit"),
    [("OptionsGranted", "OptionsExercised", "options"), ("AwardsGranted", "AwardsVested", "awards")],
)
def test_what_is_granted_is_met_after_the_meeting_that_approves_the_scheme(on, found_in, granted, met, unit):
    adopted = event(
        "SchemeAdopted", "1 August 2024", scheme="s", share_class="ordinary", particulars="x", general_meeting_on="5 August 2024",
        awards="yes" if unit == "awards" else "no",
    )  # fmt: skip
    grant = event(granted, "2 August 2024", scheme="s", **{unit: "10"})
    assert found(adopted, grant, event(met, on, scheme="s", **{unit: "10"}), code="HK343") == found_in


@pytest.mark.parametrize(("dated", "found_in"), [("2 July 2024", []), ("3 July 2024", [(5,)])])
def test_an_explanatory_statement_comes_before_the_meeting_that_grants_its_mandate(dated, found_in):
    assert found(mandate(purpose="repurchase", explanatory_statement_on=dated), code="HK343") == found_in


# --- treasury shares ----------------------------------------------------------------------------------------------


def incorporated(place, on):
    first, *rest = set_up(on)
    return [attrs.evolve(first, incorporated_in=place), *rest]


def held(on, place, intention="treasury"):
    book = entries(*incorporated(place, "3 June 2024"), made("SharesRepurchased", on, intention=intention))
    return [each.entries for each in findings(book) if each.code == "HK344"]


@pytest.mark.parametrize(
    ("on", "place", "found_in"),
    [
        ("10 June 2024", "Cayman Islands", [(5,)]),
        ("11 June 2024", "Cayman Islands", []),
        ("10 June 2024", None, [(5,)]),
        ("11 June 2024", None, []),
        ("11 June 2024", "Hong Kong", [(5,)]),
        ("16 April 2025", "Hong Kong", [(5,)]),
        ("16 April 2025", "the Hong Kong Special Administrative Region", [(5,)]),
        ("17 April 2025", "Hong Kong", []),
    ],
)
def test_shares_are_held_in_treasury_from_the_day_on_which_the_law_allows_it(on, place, found_in):
    assert held(on, place) == found_in
    assert held(on, place, "cancellation") == []


@pytest.mark.parametrize(("on", "found_in"), [("10 June 2024", [(4,)]), ("11 June 2024", [])])
def test_neither_does_a_book_begin_with_them(on, found_in):
    assert found(code="HK344", on=on, treasury="5") == found_in
    assert found(code="HK344", on=on, treasury="0") == []


# --- trading days -------------------------------------------------------------------------------------------------

CALENDAR = TradingCalendar()
ON_IT, ELSEWHERE = "On the Exchange: 10 @ HKD 1 = HKD 10", "On the New York Stock Exchange: 10 @ HKD 1 = HKD 10"


def closed(on, name="SharesRepurchased", trades=ON_IT, calendar=CALENDAR, **said):
    said = {**({"intention": "cancellation"} if name == "SharesRepurchased" else {}), "trades": trades, **said}
    book = entries(*set_up("1 July 2013", treasury="100"), made(name, on, **said))
    now = datetime(2028, 11, 26, 9, tzinfo=HONG_KONG)
    return [each.message for each in check(book, now=now, calendar=calendar) if each.code == "HK345"]


@pytest.mark.parametrize(
    ("on", "weekday"),
    [
        # A Saturday, Christmas, a typhoon, black rain; and the day after each.
        ("12 July 2025", "Saturday"), ("25 December 2025", "Thursday"), ("1 September 2023", "Friday"),
        ("8 September 2023", "Friday"), ("14 July 2025", None), ("29 December 2025", None), ("4 September 2023", None),
        # Half a day, and a typhoon through which the Exchange dealt.
        ("24 December 2025", None), ("14 November 2024", None),
    ],
)  # fmt: skip
def test_the_exchange_is_open_on_a_day_on_which_shares_are_bought_on_it(on, weekday):
    said = f"shares were bought back on the Exchange on {weekday} {on}, and it was closed"
    assert closed(on) == ([said] if weekday else [])


def test_treasury_shares_are_sold_on_it_on_trading_days_too():
    assert closed("12 July 2025", "TreasurySharesSold") == [
        "shares were sold on the Exchange on Saturday 12 July 2025, and it was closed"
    ]


def test_what_was_not_made_on_the_exchange_may_be_made_on_any_day():
    assert closed("12 July 2025", trades=ELSEWHERE) == []


def test_a_purchase_on_a_day_without_trading_that_does_not_say_where_it_was_made_is_found():
    assert closed("12 July 2025", trades=None) == [
        "shares were bought back on Saturday 12 July 2025, when the Exchange was closed; where is not recorded (--trades)"
    ]
    assert closed("14 July 2025", trades=None) == []


def test_one_trade_of_several_on_the_exchange_is_enough():
    assert closed("12 July 2025", trades=[ON_IT.replace("10", "4"), ELSEWHERE.replace("10", "6")])


@pytest.mark.parametrize(
    ("on", "word"),
    [("24 November 2026", None), ("1 January 2027", "provisional"), ("3 January 2028", "projection")],
)
def test_a_day_for_which_the_calendar_is_not_certain_says_so(on, word):
    holidays = Weekdays(frozenset({date(2026, 11, 24), date(2027, 1, 1), date(2028, 1, 3)}))
    (said,) = closed(on, calendar=holidays)
    assert said.endswith("and it was closed" + (f" (calendar: {word})" if word else ""))


def test_before_the_days_that_the_calendar_knows_nothing_is_said():
    # The first Saturdays of 2014, from which days are known, and of the year before.
    assert closed("4 January 2014") != []
    assert closed("7 December 2013") == []


def test_without_a_calendar_nothing_is_said_of_trading_days():
    assert closed("12 July 2025", calendar=None) == []


# --- rights to shares under a general mandate (13.36(6), 13.36(7)) -------------------------------------------------


def bonds(price="HKD 1.6", benchmark="HKD 1.6", on="3 July 2024", **said):
    said = {"mandate": "m", "price": price, "benchmark_price": benchmark, **BONDS, "for_cash": "yes", **said}
    return made("ConvertiblesIssued", on, **said)


def severities(*what, code, on="1 July 2024"):
    return [each.severity for each in findings(entries(*set_up(on), mandate(on=on), *what)) if each.code == code]


@pytest.mark.parametrize(
    ("price", "benchmark", "severity"),
    [
        ("HKD 1.6", "HKD 1.6", []),
        ("HKD 1.61", "HKD 1.6", []),
        ("HKD 1.59999999999999999999", "HKD 1.6", ["breach"]),
        ("HKD 1.6", None, ["notice"]),
        (None, "HKD 1.6", ["notice"]),
        (None, None, ["notice"]),
    ],
)
def test_convertibles_for_cash_under_a_mandate_convert_at_the_benchmark_or_above(price, benchmark, severity):
    assert severities(bonds(price, benchmark), code="HK316") == severity


@pytest.mark.parametrize(
    "said", [{"for_cash": "no"}, {"mandate": None, "general_meeting_on": "2 July 2024"}], ids=["not for cash", "a meeting"]
)
def test_other_convertibles_may_convert_at_any_price(said):
    assert severities(bonds("HKD 1", **said), code="HK316") == []


@pytest.mark.parametrize(("on", "severity"), [("2 July 2018", []), ("3 July 2018", ["breach"])])
def test_the_price_of_convertibles_is_held_against_the_rule_since_3_july_2018(on, severity):
    assert severities(bonds("HKD 1", on=on), code="HK316", on="1 July 2018") == severity


def test_a_benchmark_is_in_the_currency_of_the_price():
    with pytest.raises(AssertionError, match="expected HKD, the currency of the price, got USD 1"):
        bonds(benchmark="USD 1")


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ({"mandate": "m"}, ["breach"]),
        ({"mandate": "m", "for_cash": "no"}, []),
        ({"general_meeting_on": "2 July 2024"}, []),
    ],
    ids=["for cash", "not for cash", "a meeting"],
)
def test_no_warrants_are_issued_for_cash_under_a_mandate(said, severity):
    assert severities(made("WarrantsIssued", "3 July 2024", **WARRANTS, **said), code="HK317") == severity


@pytest.mark.parametrize(("on", "severity"), [("2 July 2018", []), ("3 July 2018", ["breach"])])
def test_warrants_are_held_against_the_rule_since_3_july_2018(on, severity):
    issued = made("WarrantsIssued", on, **WARRANTS, mandate="m")
    assert severities(issued, code="HK317", on="1 July 2018") == severity


# --- refreshed mandates (13.36(4)) --------------------------------------------------------------------------------


def refreshed(*what):
    return [(each.entries, each.severity) for each in findings(entries(*set_up(), *what)) if each.code == "HK315"]


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ({"annual": "no"}, [((5, 6), "notice")]),
        ({"annual": "no", "independent_approval": "no"}, [((5, 6), "breach")]),
        ({"annual": "no", "independent_approval": "yes"}, []),
        ({"annual": "yes"}, []),
        # HK321 asks whether the meeting was the annual one.
        ({}, []),
    ],
    ids=["not said", "not given", "given", "the annual meeting", "a meeting of which nothing is said"],
)
def test_a_mandate_refreshed_before_the_annual_meeting_needs_approval_without_the_controlling_holders(said, severity):
    assert refreshed(mandate(annual="yes"), mandate("n", "2 October 2024", **said)) == severity


def test_a_mandate_granted_when_none_is_in_force_is_no_refreshment():
    first = mandate(annual="yes"), event("MandateRevoked", "1 October 2024", mandate="m")
    assert refreshed(*first, mandate("n", "2 October 2024", annual="no")) == []
    assert refreshed(mandate("n", "2 October 2024", annual="no")) == []
    assert refreshed(mandate(annual="yes", purpose="repurchase"), mandate("n", "2 October 2024", annual="no")) == []


def test_the_annual_meeting_may_be_known_by_its_poll_results():
    polled = event(
        "PollResultDeclared", "2 October 2024", meeting="m", annual="yes", resolution="1", subject="s",
        votes=["ordinary 1 for, 0 against"],
    )  # fmt: skip
    assert refreshed(mandate(annual="yes"), mandate("n", "2 October 2024", annual="no"), polled) == []
