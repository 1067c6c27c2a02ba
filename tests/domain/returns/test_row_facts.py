"""Which fact a row of a return prints, by its category and words, and with what numbers."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from domain.returns import next_day
from domain.returns.cells import BLANK, ClassHeading, Figure
from domain.returns.documents import MandateBlock, NextDayReturn, TradeReport, TradeRow
from domain.returns.proposals import Known
from domain.returns.row_facts import ReturnRow, Trades, fact_of, scheme_named
from domain.values import Money
from tests.domain.book_of import bonds, entries, event, set_up, warrants

DAY = "6 August 2024"
ON = date(2024, 8, 6)
OVER = {"share_class": "ordinary"}
HEADING = ClassHeading(
    1, "ordinary", "Ordinary shares", "Not applicable", listed=True, stock_code="00001", counters=(), description=None
)


def row(category, issued, *, treasury=0, text=None, price=None, **more):
    paid = Money.parse(price) if price else None
    return ReturnRow("ordinary", category, text, ON, issued, treasury, paid, **more)


def read(printed, *known, document=None):
    return fact_of(printed, Trades(document, "ordinary", Known([*set_up(), *known])))


OPTIONS = [
    event("SchemeAdopted", "1 July 2024", scheme="pre", particulars="Share Option Scheme", limit="9,000", **OVER),
    event("SchemeAdopted", "1 July 2024", scheme="post", particulars="Post-IPO Share Option Scheme", limit="9,000", **OVER),
    event("SchemeAdopted", "1 July 2024", scheme="chinese", particulars="購股權計劃", limit="9,000", **OVER),
    event("SchemeAdopted", "1 July 2024", scheme="awards", particulars="Share Award Scheme", awards="yes", limit="9,000", **OVER),
]  # fmt: skip
WARRANTS = warrants()
BONDS = bonds()
LATER_BONDS = event(
    "ConvertiblesIssued",
    "3 July 2024",
    instrument="cb2",
    description="Bonds 2030",
    shares="500",
    amount="HKD 2,000",
    price="HKD 4",
    **OVER,
)


@pytest.mark.parametrize(
    ("printed", "name", "fields"),
    [
        (row("Placing/subscription - new shares involved", 60, price="HKD 2", general_meeting_on=date(2024, 5, 23)), "PlacingCompleted", {"shares": "60", "price": "HKD 2", "general_meeting_on": "23 May 2024"}),
        (row("Placing/subscription - treasury shares involved", 60, treasury=-60), "PlacingCompleted", {"shares": "60", "treasury_shares": "yes"}),
        (row("PLACING / SUBSCRIPTION", 60, closing_market_price=Money.parse("HKD 3")), "PlacingCompleted", {"shares": "60", "closing_market_price": "HKD 3"}),
        (row("Bonus issue - new shares involved", 60, text="One for ten"), "BonusIssueCompleted", {"shares": "60", "text": "One for ten"}),
        (row("Other (please specify)", 60, text="Global offering"), "GlobalOfferingCompleted", {"shares": "60"}),
        (row("Other (please specify)", 60, text="Employee share purchase plan"), "OtherSharesIssued", {"shares": "60", "text": "Employee share purchase plan"}),
        (row("Repurchase of shares (shares held as treasury shares)", -60, treasury=60, price="HKD 2"), "SharesRepurchased", {"shares": "60", "intention": "treasury", "price": "HKD 2"}),
        (row("Repurchase of shares (or other securities) but not cancelled", -60), "SharesRepurchased", {"shares": "60", "intention": "cancellation"}),
        (row("Sale of treasury shares", 60, treasury=-60, price="HKD 2"), "TreasurySharesSold", {"shares": "60", "price": "HKD 2"}),
        (row("Cancellation of treasury shares", 0, treasury=-60), "TreasurySharesCancelled", {"shares": "60"}),
        (row("Redemption of shares (shares redeemed and cancelled)", -60, price="HKD 2"), "SharesRedeemed", {"shares": "60", "price": "HKD 2", "cancelled": "yes"}),
        (row("Redemption of shares (shares redeemed but not yet cancelled)", -60), "SharesRedeemed", {"shares": "60", "cancelled": "no"}),
        (row("Repurchase of shares", -60), "RepurchasedSharesCancelled", {"shares": "60"}),
        (row("Redemption of preference shares", -60), "SharesRedeemed", {"shares": "60", "cancelled": "yes"}),
    ],
)  # fmt: skip
def test_a_category_names_the_kind_of_fact(printed, name, fields):
    assert read(printed) == event(name, DAY, **OVER, **fields)


@pytest.mark.parametrize(
    "printed",
    [
        row("Other (please specify)", -60, text="Forfeiture"),
        row("Capital reorganisation", 60),
        row("Vesting of share awards under a share scheme by a director - new shares involved", 60),
        row("Other (please specify)", 60, text="Conversion of shares of one class into another"),
    ],
)
def test_no_fact_follows_from_what_does_not_say_enough(printed):
    assert read(printed) is None


# --- Schemes ------------------------------------------------------------------------------------------------------------

NEW = "Exercise of options under a share scheme by a participant other than a director - new shares involved"


@pytest.mark.parametrize(
    ("category", "more"),
    [
        (NEW, {}),
        (NEW.replace("new", "treasury"), {"treasury_shares": "yes"}),
        ("Exercise of options under a share scheme by a director - new shares involved", {"director": "yes"}),
        ("Exercise of options under a share scheme by a director - treasury shares involved", {"director": "yes", "treasury_shares": "yes"}),
    ],
)  # fmt: skip
def test_an_exercise_says_who_exercised_and_what_shares_were_used(category, more):
    printed = row(category, 60, text="Post-IPO share option scheme", price="HKD 1.5")
    assert read(printed, *OPTIONS) == event("OptionsExercised", DAY, scheme="post", options="60", price="HKD 1.5", **more)


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("Share option scheme", "pre"),
        ("Post-IPO Share Option Scheme adopted on 1 July 2024", "post"),
        ("購股權計劃", "chinese"),
        # Nothing of what is awarded is an option.
        ("Share Award Scheme", None),
        ("A scheme of a subsidiary", None),
        ("", None),
    ],
)
def test_the_longest_name_of_a_scheme_that_stands_in_some_words_is_meant(text, scheme):
    assert scheme_named(text, "ordinary", Known(OPTIONS)) == scheme
    assert scheme_named(text, "preference", Known(OPTIONS)) is None


def test_the_only_scheme_of_a_class_is_meant_where_no_words_are_printed():
    assert scheme_named("", "ordinary", Known(OPTIONS[:1])) == "pre"


def test_a_scheme_that_another_row_names_is_not_meant_by_a_longer_name_that_has_it():
    words = ["Share Option Scheme", "Second Share Option Scheme"]
    assert [scheme_named(each, "ordinary", Known(OPTIONS[:1]), words) for each in words] == ["pre", None]


def test_an_exercise_under_a_scheme_that_the_book_does_not_have_is_recorded_by_hand():
    assert read(row(NEW, 60, text="A scheme of a subsidiary"), *OPTIONS) is None


# --- Warrants and convertibles ------------------------------------------------------------------------------------------

CONVERSION = "Conversion of convertible securities - new shares involved"
EXERCISE = "Exercise of warrants - new shares involved"


def test_a_conversion_is_of_what_its_shares_cost_at_the_conversion_price():
    """60 × HKD 2; 60 × HKD 1.9 where the row prints a price; of the later bonds 60 × HKD 4."""
    converted = {"instrument": "cb", "shares": "60"}
    assert read(row(CONVERSION, 60), BONDS) == event("ConvertiblesConverted", DAY, amount="HKD 120", **converted)
    printed = row(CONVERSION, 60, price="HKD 1.9")
    assert read(printed, BONDS) == event("ConvertiblesConverted", DAY, amount="HKD 114", price="HKD 1.9", **converted)
    later = read(row(CONVERSION, 60, text="Bonds 2030"), BONDS, LATER_BONDS)
    assert later == event("ConvertiblesConverted", DAY, instrument="cb2", shares="60", amount="HKD 240")


def adjusted(on, instrument="cb", **terms):
    return event("InstrumentTermsAdjusted", on, instrument=instrument, **terms)


def test_a_conversion_is_at_the_last_price_to_which_the_terms_were_adjusted_by_its_day():
    changes = [
        adjusted("10 July 2024", price="HKD 1.8"),
        adjusted("1 August 2024", price="HKD 1.6"),
        adjusted("2 August 2024", shares="620"),
        adjusted("7 August 2024", price="HKD 1.5"),
    ]
    assert read(row(CONVERSION, 60), BONDS, *changes) == event(
        "ConvertiblesConverted", DAY, instrument="cb", shares="60", amount="HKD 96"
    )


FLOATING = event(
    "ConvertiblesIssued",
    "2 July 2024",
    instrument="cb",
    description="Notes",
    shares="0",
    amount="HKD 1,000",
    price_terms="92 % of the close",
    **OVER,
)
DOLLARS = bonds(description="Notes", amount="USD 1,000")


@pytest.mark.parametrize(
    ("known", "printed"),
    [
        pytest.param([], row(CONVERSION, 60), id="no instrument"),
        pytest.param([BONDS, LATER_BONDS], row(CONVERSION, 60), id="one of two"),
        pytest.param([FLOATING], row(CONVERSION, 60), id="no price"),
        pytest.param([DOLLARS], row(CONVERSION, 60), id="a price in another currency"),
        pytest.param([BONDS], row(CONVERSION, 61, price="HKD 1.2345"), id="75.3045 dollars"),
        pytest.param([], row(EXERCISE, 60), id="no warrants"),
        pytest.param([WARRANTS], row(EXERCISE, 61), id="a third of a warrant"),
        pytest.param([WARRANTS, adjusted("1 August 2024", "w", shares="990")], row(EXERCISE, 60), id="adjusted"),
    ],
)
def test_how_much_was_converted_or_exercised_is_not_supposed(known, printed):
    assert read(printed, *known) is None


def test_warrants_are_exercised_in_the_ratio_in_which_they_were_issued():
    """300 warrants carry 900 shares, so that 60 shares are those of 20."""
    exercised = read(row(EXERCISE, 60, price="HKD 2"), WARRANTS, adjusted("1 August 2024", "w", price="HKD 1.9"))
    assert exercised == event("WarrantsExercised", DAY, instrument="w", shares="60", warrants="20", price="HKD 2")


# --- Cancellations ------------------------------------------------------------------------------------------------------

CANCELLED = "Repurchase of shares (shares repurchased and cancelled)"
REPURCHASE_2024 = event(
    "MandateGranted",
    "23 May 2024",
    mandate="r",
    purpose="repurchase",
    percent="10",
    base="9,000",
    used_before="0",
    counted_on="1 July 2024",
)


def bought(on, shares, intention="cancellation", mandate=None):
    return event("SharesRepurchased", on, shares=shares, intention=intention, mandate=mandate, **OVER)


def cancelled(**more):
    return event("RepurchasedSharesCancelled", DAY, shares="60", **OVER, **more)


@pytest.mark.parametrize(
    ("text", "known", "found"),
    [
        ("Repurchased on 2 August 2024 and 5 August 2024", [bought("2 August 2024", "20"), bought("5 August 2024", "40")], {"bought_on": ["2024-08-02", "2024-08-05"]}),
        ("Repurchased on 2 August 2024", [bought("2 August 2024", "20"), bought("2 August 2024", "40")], {"bought_on": ["2024-08-02"]}),
        ("Repurchased on 2 August 2024", [bought("2 August 2024", "60", mandate="r")], {"bought_on": ["2024-08-02"], "mandate": "r"}),
        # Shares that went into treasury, too few shares, no day of the calendar, and no day at all.
        ("Repurchased on 2 August 2024", [bought("2 August 2024", "60", "treasury")], {}),
        ("Repurchased on 2 August 2024", [bought("2 August 2024", "59")], {}),
        ("Repurchased on 31 June 2024", [bought("2 August 2024", "60")], {}),
        (None, [bought("2 August 2024", "60")], {}),
        (None, [bought("1 August 2024", "60", mandate="r"), bought("2 August 2024", "60", mandate="s")], {}),
    ],
)  # fmt: skip
def test_the_days_of_what_is_cancelled_are_kept_if_the_purchases_of_these_days_make_up_the_number(text, known, found):
    assert read(row(CANCELLED, -60, text=text), *known) == cancelled(**found)


def test_purchases_of_before_the_book_are_cancelled_by_their_days_too():
    brought = event(
        "BalanceBroughtForward", "1 July 2024", held="500", pending_cancellation="60", tranches="2024-06-28: 60 @ HKD 2", **OVER
    )
    assert read(row(CANCELLED, -60, text="of 28 June 2024"), brought) == cancelled(bought_on=["2024-06-28"])


@pytest.mark.parametrize(("day", "code"), [(date(2024, 5, 23), "r"), (date(2023, 5, 23), None)])
def test_a_cancellation_names_the_mandate_of_the_meeting_that_its_row_names(day, code):
    printed = row(CANCELLED, -60, general_meeting_on=day)
    assert read(printed, REPURCHASE_2024, bought("2 August 2024", "60", mandate="s")).mandate == code


# --- The reports of trades ----------------------------------------------------------------------------------------------


def report_of(*rows, granted_on=date(2024, 5, 23)):
    mandate = MandateBlock(granted_on, 900, Figure(60), None, None)
    return TradeReport(HEADING, rows, BLANK, (), BLANK, BLANK, mandate)


def traded(shares, total, *, price="HKD 3", lowest=None, method="On the Exchange", on=ON):
    prices = (Money.parse(each) if each else None for each in (price, lowest, total))
    return TradeRow(on, Figure(shares), method, *prices)


def with_reports(**reports) -> NextDayReturn:
    document = next_day.prepare(entries(*set_up(), bought(DAY, "60")), ON, date(2024, 8, 30))
    return attrs.evolve(document, **{"repurchases": (), "treasury_sales": (), **reports})


BOUGHT = "Repurchase of shares (shares held as treasury shares)"


@pytest.mark.parametrize("field", ["repurchases", "treasury_sales"])
def test_trades_of_the_day_that_make_up_the_number_are_those_of_the_row(field):
    rows = traded(20, "HKD 60"), traded(40, "HKD 100", lowest="HKD 2"), traded(7, "HKD 21", on=date(2024, 8, 5))
    document = with_reports(**{field: (report_of(*rows),)})
    purpose = {"repurchases": "repurchase", "treasury_sales": "issue"}[field]
    mandate = event(
        "MandateGranted",
        "23 May 2024",
        mandate="m",
        purpose=purpose,
        percent="10",
        base="9,000",
        used_before="0",
        reserved_before="0",
        counted_on="1 July 2024",
    )
    printed = (
        row(BOUGHT, -60, treasury=60, price="HKD 2.6667")
        if field == "repurchases"
        else row("Sale of treasury shares", 60, treasury=-60)
    )
    found = read(printed, mandate, document=document)
    assert [str(each) for each in found.trades] == [
        "On the Exchange: 20 @ HKD 3 = HKD 60",
        "On the Exchange: 40 @ HKD 3 to HKD 2 = HKD 100",
    ]
    assert (found.price, found.mandate) == (None, "m")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([traded(59, "HKD 177")], id="another number"),
        pytest.param([traded(60, None)], id="no total"),
        pytest.param([traded(60, "HKD 180", price=None)], id="no price"),
        pytest.param([traded(60, "HKD 180", method=None)], id="no method"),
        pytest.param([traded(60, "HKD 181", lowest="HKD 2")], id="more than sixty times the highest price"),
        pytest.param([traded(60, "HKD 180"), traded(1, "HKD 3")], id="more than the number"),
    ],
)
def test_trades_that_are_not_complete_or_make_up_another_number_are_left_out(rows):
    found = read(row(BOUGHT, -60, treasury=60, price="HKD 3"), document=with_reports(repurchases=(report_of(*rows),)))
    assert (found.trades, found.price) == ((), Money.parse("HKD 3"))


def test_a_report_that_names_no_meeting_or_one_that_granted_nothing_names_no_mandate():
    for granted_on in (None, date(2023, 5, 23)):
        reports = (report_of(traded(60, "HKD 180"), granted_on=granted_on),)
        assert read(row(BOUGHT, -60, treasury=60), REPURCHASE_2024, document=with_reports(repurchases=reports)).mandate is None
