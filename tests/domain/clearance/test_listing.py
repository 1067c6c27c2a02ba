"""One stock code for each security, and dealings on the Exchange in listed classes alone."""

from __future__ import annotations

import pytest

from domain.rulebook import findings
from tests.domain.book_of import entries, event, set_up


def preference(**said):
    return event("ShareClassCreated", "1 July 2024", share_class="P", class_label="Preference shares", **said)


def warrants(on="2 July 2024", code="00002", name="w"):
    return event(
        "WarrantsIssued", on, instrument=name, share_class="ordinary", description="Warrants", shares="10", warrants="10",
        price="HKD 1", stock_code=code, general_meeting_on="28 June 2024",
    )  # fmt: skip


def found(*what, code):
    return [(each.entries, each.message) for each in findings(entries(*set_up(), *what)) if each.code == code]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ([preference(stock_code="00001")], [((5,), "stock code 00001 is that of class ordinary and of class P")]),
        ([preference(stock_code="00002")], []),
        ([preference()], []),
        (
            [preference(stock_code="00002", counters=["80001 RMB", "00001 USD"])],
            [((5,), "stock code 00001 is that of class ordinary and of the USD counter of class P")],
        ),
        ([warrants(code="00001")], [((5,), "stock code 00001 is that of class ordinary and of instrument w")]),
        (
            [warrants(), warrants("3 July 2024", name="v")],
            [((6,), "stock code 00002 is that of instrument w and of instrument v")],
        ),
        (
            [
                warrants(),
                event("WarrantsLapsed", "3 July 2024", instrument="w", shares="10", warrants="10"),
                warrants("4 July 2024", name="v"),
            ],
            [],
        ),
        (
            [preference(stock_code="00001"), event("ShareClassAbolished", "1 July 2024", share_class="P")],
            [((5,), "stock code 00001 is that of class ordinary and of class P")],
        ),
        (
            [
                preference(stock_code="00002"),
                event("ShareClassAbolished", "2 July 2024", share_class="P"),
                warrants("3 July 2024"),
            ],
            [],
        ),
    ],
    ids=[
        "two classes",
        "two codes",
        "no code",
        "a counter",
        "warrants",
        "two warrants",
        "lapsed",
        "abolished later",
        "abolished",
    ],
)
def test_a_stock_code_is_that_of_one_security(what, said):
    assert found(*what, code="HK346") == said


@pytest.mark.parametrize(
    ("share_class", "method", "found_in"),
    [("P", "On the Exchange", [(7,)]), ("P", "Off-market", []), ("ordinary", "On the Exchange", [])],
)
def test_what_is_dealt_in_on_the_exchange_is_listed_there(share_class, method, found_in):
    opened = [
        preference(par_value="HKD 0.1", authorised="registered"),
        event("BalanceBroughtForward", "1 July 2024", share_class="P", held="100"),
    ]
    bought = event(
        "SharesRepurchased", "5 July 2024", share_class=share_class, shares="10", intention="cancellation",
        general_meeting_on="28 June 2024", trades=[f"{method}: 10 @ HKD 1 = HKD 10"],
    )  # fmt: skip
    assert [numbers for numbers, _ in found(*opened, bought, code="HK347")] == found_in


def test_what_is_sold_out_of_treasury_on_the_exchange_is_listed_there():
    delisted = event("ShareClassDetailsChanged", "4 July 2024", share_class="ordinary", listed="no")
    sold = event(
        "TreasurySharesSold", "5 July 2024", share_class="ordinary", shares="10", general_meeting_on="28 June 2024",
        trades=["On the Exchange: 10 @ HKD 1 = HKD 10"],
    )  # fmt: skip
    bought = event("SharesRepurchased", "2 July 2024", share_class="ordinary", shares="10", intention="treasury")
    said = "shares of class ordinary were sold on the Exchange on 5 July 2024, and it is not listed there"
    assert found(bought, delisted, sold, code="HK347") == [((7,), said)]
