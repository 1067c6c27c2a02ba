"""What is recorded of days on which it was barred: thirty days after a purchase, after a treasury sale, six months after listing."""

from __future__ import annotations

import pytest

from domain.clearance.moratoria import BARRED_AFTER_A_PURCHASE, breaches
from domain.rulebook import findings
from tests.domain.book_of import entries, event, set_up

MEETING = {"general_meeting_on": "3 June 2024"}


def bought(on="1 August 2024", shares="100", **said):
    return event(
        "SharesRepurchased", on, share_class="ordinary", shares=shares, **{"intention": "cancellation", **MEETING, **said}
    )


def sold(on="1 August 2024", **said):
    return event("TreasurySharesSold", on, share_class="ordinary", shares="10", **MEETING, **said)


def issued(on, name="PlacingCompleted", **said):
    return event(name, on, share_class="ordinary", shares="10", **{**MEETING, **said})


def found(*what, on="1 July 2024", code=None, **opening):
    """The codes and entries found in a book of which the own facts are entries 5 and on."""
    book = entries(*set_up(on, **{"treasury": "1,000", **opening}), *what)
    return [(each.code, each.entries) for each in findings(book) if each.code != "HK344" and code in (None, each.code)]


# --- after a purchase (10.06(3)) ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "barred"), [("31 July 2024", False), ("1 August 2024", True), ("31 August 2024", True), ("1 September 2024", False)]
)
def test_nothing_is_issued_for_thirty_days_after_a_purchase_the_last_day_included(on, barred):
    """Bought on 1 August: 31 August is the thirtieth day after it."""
    assert found(bought(), issued(on)) == ([("HK308", (5, 6))] if barred else [])


def test_the_finding_says_until_when_and_since_which_purchase():
    book = entries(*set_up(), bought(), bought("5 August 2024"), issued("20 August 2024"))
    (finding,) = findings(book)
    assert finding.message == (
        "10 shares were issued on 20 August 2024: barred up to and including 4 September 2024, 30 days after the purchase of 5 August 2024"
    )
    assert finding.entries == (6, 7)


@pytest.mark.parametrize("name", ["ConsiderationSharesIssued", "RightsIssueCompleted", "OpenOfferCompleted", "OtherSharesIssued"])
def test_every_kind_of_issue_is_barred(name):
    assert found(bought(), issued("31 August 2024", name)) == [("HK308", (5, 6))]
    assert found(bought(), issued("1 September 2024", name)) == []


@pytest.mark.parametrize("name", ["BonusIssueCompleted", "ScripDividendIssued"])
@pytest.mark.parametrize(("on", "barred"), [("10 June 2024", True), ("11 June 2024", False)])
def test_capitalisation_and_scrip_are_carved_out_since_11_june_2024(name, on, barred):
    facts = (bought("3 June 2024"), issued(on, name))
    assert found(*facts, on="1 June 2024", treasury="0") == ([("HK308", (5, 6))] if barred else [])


@pytest.mark.parametrize(
    ("on", "barred"), [("10 June 2024", False), ("11 June 2024", True), ("3 July 2024", True), ("4 July 2024", False)]
)
def test_sales_of_treasury_shares_are_barred_since_11_june_2024(on, barred):
    facts = (bought("3 June 2024"), sold(on))
    assert found(*facts, on="1 June 2024", code="HK308") == ([("HK308", (5, 6))] if barred else [])


@pytest.mark.parametrize(("on", "barred"), [("31 August 2024", True), ("1 September 2024", False)])
def test_treasury_shares_are_not_transferred_either(on, barred):
    assert found(bought(), issued(on, treasury_shares="yes")) == ([("HK308", (5, 6))] if barred else [])


AGREED = {"agreement": "s", "share_class": "ordinary", "description": "Subscription", "shares": "10", **MEETING}


@pytest.mark.parametrize(("on", "barred"), [("31 August 2024", True), ("1 September 2024", False)])
def test_no_issue_is_agreed_in_those_days(on, barred):
    assert found(bought(), event("IssueAgreed", on, **AGREED)) == ([("HK308", (5, 6))] if barred else [])


def test_an_agreement_still_to_complete_does_not_complete_in_them():
    agreed = event("IssueAgreed", "15 July 2024", **AGREED)
    completed = {"agreement": "s", "general_meeting_on": None}
    assert found(agreed, bought(), issued("31 August 2024", **completed)) == [("HK308", (6, 7))]
    assert found(agreed, bought(), issued("1 September 2024", **completed)) == []


def test_an_issue_completed_later_and_agreed_in_them_is_found_by_the_day_of_the_agreement():
    assert found(bought(), issued("1 October 2024", agreed_on="31 August 2024")) == [("HK308", (5, 6))]
    assert found(bought(), issued("1 October 2024", agreed_on="1 September 2024")) == []


WARRANTS = {
    "instrument": "w",
    "share_class": "ordinary",
    "description": "Warrants",
    "shares": "100",
    "warrants": "100",
    **MEETING,
}
BONDS = {"instrument": "w", "share_class": "ordinary", "description": "Bonds", "shares": "100", "amount": "HKD 100", **MEETING}


@pytest.mark.parametrize(
    ("granted", "exercised"),
    [
        (("WarrantsIssued", WARRANTS), ("WarrantsExercised", {"instrument": "w", "shares": "10", "warrants": "10"})),
        (("ConvertiblesIssued", BONDS), ("ConvertiblesConverted", {"instrument": "w", "shares": "10", "amount": "HKD 10"})),
    ],
    ids=["warrants", "convertibles"],
)
@pytest.mark.parametrize(("since", "barred"), [("31 July 2024", False), ("1 August 2024", False), ("2 August 2024", True)])
def test_rights_that_were_outstanding_before_the_purchase_may_be_exercised(granted, exercised, since, barred):
    facts = event(granted[0], since, **granted[1]), event(exercised[0], "20 August 2024", **exercised[1])
    assert found(bought(), *facts, code="HK308") == ([("HK308", (5, 7))] if barred else [])


def test_of_several_purchases_those_made_before_the_rights_were_granted_bar_their_exercise():
    facts = event("WarrantsIssued", "2 August 2024", **WARRANTS), bought("10 August 2024")
    exercised = event("WarrantsExercised", "1 September 2024", instrument="w", shares="10", warrants="10")
    assert found(bought("1 August 2024"), *facts, exercised) == []
    assert found(
        bought("1 August 2024"), *facts, event("WarrantsExercised", "31 August 2024", instrument="w", shares="10", warrants="10")
    ) == [("HK308", (5, 8))]


def test_share_schemes_the_listing_and_its_over_allotment_option_are_carved_out():
    scheme = [
        event("SchemeAdopted", "2 July 2024", scheme="s", share_class="ordinary", particulars="x"),
        event("SchemeBalanceBroughtForward", "2 July 2024", scheme="s", outstanding="100"),
        event("OptionsExercised", "20 August 2024", scheme="s", options="10"),
    ]
    kinds = ("GlobalOfferingCompleted", "OverAllotmentOptionExercised")
    assert found(bought(), *scheme, *(issued("20 August 2024", name, general_meeting_on=None) for name in kinds)) == []
    assert not {event(name, "20 August 2024", share_class="o", shares="1").__class__ for name in kinds} & set(
        BARRED_AFTER_A_PURCHASE
    )


def test_a_purchase_of_later_bars_nothing_that_was_done_before():
    assert found(issued("31 July 2024"), bought()) == []


# --- after a treasury sale ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "barred"), [("1 August 2024", True), ("31 August 2024", True), ("1 September 2024", False)])
def test_nothing_is_bought_on_the_exchange_for_thirty_days_after_a_treasury_sale_on_it(on, barred):
    assert found(sold(), bought(on), code="HK309") == ([("HK309", (5, 6))] if barred else [])


@pytest.mark.parametrize(
    ("sale", "purchase", "barred"),
    [
        ("On the Exchange", "On the Exchange", True),
        ("on the exchange", None, True),
        (None, "On the Exchange", True),
        ("By private arrangement", "On the Exchange", False),
        ("On the Exchange", "On the New York Stock Exchange", False),
    ],
)
def test_what_says_that_it_was_not_made_on_the_exchange_neither_bars_nor_is_barred(sale, purchase, barred):
    def trades(method, shares):
        return {"trades": f"{method}: {shares} @ HKD 1 = HKD {shares}"} if method else {}

    facts = sold(**trades(sale, 10)), bought("20 August 2024", **trades(purchase, 100))
    assert found(*facts, code="HK309") == ([("HK309", (5, 6))] if barred else [])


@pytest.mark.parametrize(("on", "barred"), [("10 June 2024", False), ("11 June 2024", True)])
def test_a_purchase_is_barred_after_a_sale_since_11_june_2024(on, barred):
    assert bool(found(sold("3 June 2024"), bought(on), on="1 June 2024", code="HK309")) is barred


# --- after the listing (10.08) ------------------------------------------------------------------------------------

LISTING = event("GlobalOfferingCompleted", "30 December 2024", share_class="ordinary", shares="10")


@pytest.mark.parametrize(
    ("on", "barred"), [("30 December 2024", False), ("31 December 2024", True), ("30 June 2025", True), ("1 July 2025", False)]
)
def test_nothing_is_issued_for_six_months_after_the_listing(on, barred):
    assert found(LISTING, issued(on), treasury="0") == ([("HK311", (5, 6))] if barred else [])


@pytest.mark.parametrize(("name", "said"), [("WarrantsIssued", WARRANTS), ("ConvertiblesIssued", BONDS), ("IssueAgreed", AGREED)])
def test_neither_are_rights_to_shares_nor_is_an_issue_agreed(name, said):
    assert found(LISTING, event(name, "30 June 2025", **said), code="HK311") == [("HK311", (5, 6))]
    assert found(LISTING, event(name, "1 July 2025", **said), code="HK311") == []


@pytest.mark.parametrize(("agreed", "barred"), [("30 December 2024", False), ("31 December 2024", True)])
def test_what_was_agreed_before_the_listing_may_be_issued(agreed, barred):
    directly = issued("3 March 2025", agreed_on=agreed)
    by_agreement = event("IssueAgreed", agreed, **AGREED), issued("3 March 2025", agreement="s", general_meeting_on=None)
    assert bool(found(LISTING, directly, code="HK311")) is barred
    assert bool([each for each in found(LISTING, *by_agreement, code="HK311") if each[1][-1] == 7]) is barred


def test_capitalisation_schemes_and_the_over_allotment_option_are_carved_out():
    kinds = ("BonusIssueCompleted", "ScripDividendIssued", "OverAllotmentOptionExercised")
    assert found(LISTING, *(issued("3 March 2025", name) for name in kinds)) == []


def test_a_book_of_an_issuer_listed_earlier_bars_nothing():
    assert found(issued("2 July 2024")) == []


def test_a_long_book_is_held_against_its_purchases_in_their_order():
    days = [f"{day} August 2024" for day in range(1, 29)]
    book = entries(*set_up(), *(bought(day, "1") for day in days), issued("27 September 2024"), issued("28 September 2024"))
    # Bought on 28 August, entry 32: until 27 September.
    assert [(each.on.day, each.entries) for each in breaches(book)] == [(27, (32, 33))]
