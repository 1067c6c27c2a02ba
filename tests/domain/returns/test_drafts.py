"""Why a return is a draft, whatever its book: the reasons that it gives itself."""

from __future__ import annotations

from datetime import date

import pytest

from domain.events.structured import names_another_exchange
from domain.returns import monthly, next_day
from domain.returns.explain import explain
from domain.returns.forms import IN_EDITION
from tests.domain.book_of import entries, event, set_up

SIGNED = event("SignatoryAppointed", "1 July 2024", name="Chan Mei", title="Secretary")
TRADES = "On the Exchange: 7 @ HKD 2 = HKD 14"


def month_of(*what, submitted_on=date(2025, 9, 4)):
    return monthly.prepare(entries(*set_up(), *what), date(2025, 8, 31), submitted_on)


def day_of(*what, submitted_on=date(2024, 8, 16), form=None):
    return next_day.prepare(entries(*set_up(treasury="90"), *what), date(2024, 8, 15), submitted_on, form=form)


def traded(kind, day, **said):
    more = {"intention": "cancellation"} if kind == "SharesRepurchased" else {}
    return event(kind, f"{day} August 2024", share_class="ordinary", shares="7", **more, **said)


@pytest.mark.parametrize(
    ("submitted_on", "reasons"),
    [(date(2025, 12, 31), ()), (date(2026, 1, 1), ("wording of FF301 1.2.1 not verified",))],
)
def test_a_return_submitted_since_january_2026_is_a_draft_for_its_wording(submitted_on, reasons):
    assert month_of(SIGNED, submitted_on=submitted_on).draft_reasons == reasons


def test_what_the_book_does_not_know_of_a_return_is_a_reason_too():
    """Since the return for January 2026 each one confirms the public float."""
    book = entries(*set_up(), SIGNED)
    reasons = [monthly.prepare(book, on, date(2026, 2, 4)).draft_reasons[1:] for on in (date(2025, 12, 31), date(2026, 1, 31))]
    assert reasons == [(), ("the public float of class ordinary is not confirmed for 31 January 2026",)]


def test_a_return_that_nobody_signs_is_a_draft():
    assert month_of().draft_reasons == ("no signatory",)
    assert day_of(traded("SharesRepurchased", 5, trades=TRADES)).draft_reasons == ("no signatory",)


@pytest.mark.parametrize(("day", "reasons"), [(30, ("submitted before it closes on 31 August 2025",)), (31, ())])
def test_a_return_submitted_before_its_month_is_over_is_a_draft(day, reasons):
    """On the last day it may be submitted: a book may know that nothing more happens."""
    assert month_of(SIGNED, submitted_on=date(2025, 8, day)).draft_reasons == reasons


@pytest.mark.parametrize(("day", "reasons"), [(14, ("submitted before it closes on 15 August 2024",)), (15, ())])
def test_a_next_day_return_submitted_before_the_day_that_it_is_about_is_a_draft(day, reasons):
    placed = event("PlacingCompleted", "15 August 2024", share_class="ordinary", shares="7")
    assert day_of(SIGNED, placed, submitted_on=date(2024, 8, day)).draft_reasons == reasons


@pytest.mark.parametrize(
    ("what", "reasons"),
    [
        ([traded("SharesRepurchased", 5, trades=TRADES)], ()),
        ([traded("SharesRepurchased", 5, price="HKD 2")], ("method of repurchase not stated for 5 August 2024",)),
        (
            [traded("SharesRepurchased", 6), traded("SharesRepurchased", 5), traded("SharesRepurchased", 7, trades=TRADES)],
            (
                "method of repurchase not stated for 5 August 2024, 6 August 2024",
                "price of repurchase not stated for 5 August 2024, 6 August 2024",
            ),
        ),
        (
            [traded("SharesRepurchased", 5, price="HKD 2"), traded("TreasurySharesSold", 6)],
            (
                "method of repurchase not stated for 5 August 2024",
                "method of sale not stated for 6 August 2024",
                "price of sale not stated for 6 August 2024",
            ),
        ),
    ],
)
@pytest.mark.parametrize("form", ["FF305 1.3.0", "FF304 1.2.5"])
def test_a_return_is_a_draft_for_each_trade_whose_method_or_price_nobody_stated(what, reasons, form):
    document = day_of(SIGNED, *what, form=IN_EDITION[form, 2])
    assert document.draft_reasons == reasons
    assert [line for line in explain(document) if line.startswith("DRAFT")] == [f"DRAFT: {reason}" for reason in reasons]


def test_a_return_of_trades_under_several_mandates_is_a_draft():
    """7 are bought before the meeting of 6 August grants another mandate, and 7 after it: the form asks for one resolution."""
    bought = {"mandate": "old"}, {"mandate": "new"}
    granted = [
        event("MandateGranted", day, mandate=code, purpose="repurchase", percent="10", base="500,000")
        for code, day in (("old", "2 July 2024"), ("new", "6 August 2024"))
    ]
    days = [traded("SharesRepurchased", day, trades=TRADES, **said) for day, said in zip((5, 7), bought, strict=True)]
    document = day_of(SIGNED, *granted, *days)
    assert document.draft_reasons == (
        "trades of class ordinary in Section II are under old and new: block B has room for one mandate, the last",
    )
    assert (document.repurchases[0].mandate.granted_on, document.repurchases[0].mandate.used.value) == (date(2024, 8, 6), 7)
    assert day_of(SIGNED, *granted, days[0]).draft_reasons == ()


def test_a_return_of_the_first_edition_gives_no_reason():
    book = entries(*set_up(), traded("SharesRepurchased", 5))
    document = next_day.prepare(book, date(2024, 8, 15), date(2024, 8, 16), form=IN_EDITION["FF305 1.3.0", 1])
    assert document.draft_reasons == ()
    assert [row.method for row in document.repurchases[0].rows] == ["On the Exchange"]


@pytest.mark.parametrize(
    ("method", "another"),
    [
        ("On the Exchange", False),
        ("on the exchange", False),
        ("On The Stock Exchange of Hong Kong Limited", False),
        ("Off-market", False),
        ("By private arrangement", False),
        ("By general offer", False),
        ("", False),
        ("On the New York Stock Exchange", True),
        ("Another stock exchange: NASDAQ", True),
        ("Euronext Paris", True),
    ],
)
def test_a_method_names_another_exchange_or_it_does_not(method, another):
    assert names_another_exchange(method) is another
