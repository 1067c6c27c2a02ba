"""Trade reports: what a day's trades must be, what is found in them, and Sections II and III of the Next Day return."""

from __future__ import annotations

from datetime import date

import pytest

from domain.events import SharesRepurchased
from domain.events.fields import FieldError
from domain.events.structured import Trade
from domain.returns import monthly, next_day
from domain.rulebook import findings
from domain.values import Money
from infrastructure.readers.values import UnreadableValue, trade
from tests.domain.book_of import bought, entries, event, set_up, two_classes

HKD = Money.parse
ON_EXCHANGE = "On the Exchange: 700 @ HKD 1.62 to HKD 1.58 = HKD 1,120"


def sold(on, shares, **said):
    return event("TreasurySharesSold", on, share_class="ordinary", shares=shares, **said)


# --- one trade --------------------------------------------------------------------------------------------------


def made(shares=700, paid="HKD 1,120", **said):
    prices = {name: HKD(price) for name, price in said.items() if name != "method"}
    return Trade(said.get("method", "On the Exchange"), shares, HKD(paid), **prices)


@pytest.mark.parametrize(
    "said",
    [
        {"price": "HKD 1.6"},
        {"highest": "HKD 1.62", "lowest": "HKD 1.58"},
        # At the lowest, and at the highest price.
        {"highest": "HKD 1.62", "lowest": "HKD 1.6"},
        {"highest": "HKD 1.6", "lowest": "HKD 1.58"},
        {"highest": "HKD 1.6", "lowest": "HKD 1.6"},
        {"highest": "HKD 1.60000000000000000001", "lowest": "HKD 1.6"},
    ],
)
def test_a_trade_has_one_price_or_a_highest_and_a_lowest(said):
    assert made(**said).paid == HKD("HKD 1,120")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            {"highest": "HKD 1.58", "lowest": "HKD 1.62"},
            "expected a highest price of at least the lowest, HKD 1.62, got HKD 1.58",
        ),
        (
            {"highest": "HKD 1.59", "lowest": "HKD 1.58"},
            "expected an amount paid between HKD 1,106 and HKD 1,113 for 700 shares, got HKD 1,120",
        ),
        (
            {"highest": "HKD 1.62", "lowest": "HKD 1.61"},
            "expected an amount paid between HKD 1,127 and HKD 1,134 for 700 shares, got HKD 1,120",
        ),
        (
            {"highest": "HKD 1.59999", "lowest": "HKD 1.58"},
            "expected an amount paid between HKD 1,106 and HKD 1,119.993 for 700 shares, got HKD 1,120",
        ),
        ({"highest": "USD 1.62", "lowest": "HKD 1.58"}, "expected one currency, got HKD, USD and HKD"),
        ({"highest": "USD 1.62", "lowest": "USD 1.58"}, "expected one currency, got USD, USD and HKD"),
        ({}, "expected either one price, or a highest and a lowest"),
        ({"highest": "HKD 1.62"}, "expected either one price, or a highest and a lowest"),
        ({"lowest": "HKD 1.58"}, "expected either one price, or a highest and a lowest"),
        (
            {"price": "HKD 1.6", "highest": "HKD 1.62", "lowest": "HKD 1.58"},
            "expected either one price, or a highest and a lowest",
        ),
        ({"price": "HKD 1.6", "lowest": "HKD 1.58"}, "expected either one price, or a highest and a lowest"),
        ({"price": "HKD 1.6", "method": ""}, "expected a method such as On the Exchange"),
        ({"price": "HKD 1.6", "method": "  "}, "expected a method such as On the Exchange"),
        ({"price": "HKD 1.6", "method": "a\nb"}, "expected a method such as On the Exchange"),
    ],
)
def test_a_trade_that_cannot_have_been_is_refused(said, reason):
    with pytest.raises(ValueError, match="expected") as refused:
        made(**said)
    assert str(refused.value) == reason


@pytest.mark.parametrize("shares", [0, -1, 1.0, True])
def test_a_trade_is_of_a_whole_number_of_shares(shares):
    with pytest.raises(ValueError, match="expected a whole number of shares above zero"):
        Trade("On the Exchange", shares, HKD("HKD 1"), price=HKD("HKD 1"))


def test_a_trade_at_one_price_is_paid_in_the_currency_of_its_price():
    with pytest.raises(ValueError, match="expected one currency"):
        made(price="USD 1.6")


@pytest.mark.parametrize(
    "written",
    [
        "700 @ HKD 1.62 to HKD 1.58 = HKD 1,120",
        ": 700 @ HKD 1.6 = HKD 1,120",
        "On the Exchange: 700 = HKD 1,120",
        "On the Exchange: 700 @ HKD 1.6",
        "On the Exchange: 5.5 @ HKD 1.6 = HKD 8.8",
        "On the Exchange: 700 @ 1.6 = HKD 1,120",
        {"shares": "700", "paid": "HKD 1,120", "price": "HKD 1.6"},
        {"method": "On the Exchange", "shares": "700", "price": "HKD 1.6"},
        {"method": "On the Exchange", "shares": "700", "paid": "HKD 1,120", "price": "HKD 1.6", "colour": "red"},
    ],
)
def test_a_trade_written_without_its_method_number_price_or_amount_is_refused(written):
    with pytest.raises(UnreadableValue):
        trade(written)


# --- the trades of a day ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "said", "reason"),
    [
        ("701", {"trades": ON_EXCHANGE}, "expected trades of 701 shares in all, got 700"),
        ("700", {"trades": [ON_EXCHANGE, ON_EXCHANGE]}, "expected trades of 700 shares in all, got 1,400"),
        ("700", {"trades": ON_EXCHANGE, "price": "USD 1.6"}, "expected the average of trades in HKD, or none, got USD 1.6"),
        (
            "701",
            {"trades": [ON_EXCHANGE, "Off-market: 1 @ USD 1 = USD 1"], "price": "HKD 1.6"},
            "expected the average of trades in HKD and USD, or none, got HKD 1.6",
        ),
    ],
)
@pytest.mark.parametrize("kind", ["SharesRepurchased", "TreasurySharesSold"])
def test_trades_that_do_not_make_up_the_day_are_refused(kind, shares, said, reason):
    more = {"intention": "treasury"} if kind == "SharesRepurchased" else {}
    with pytest.raises(AssertionError) as refused:
        event(kind, "5 August 2024", share_class="ordinary", shares=shares, **more, **said)
    assert str(refused.value) == f"{kind}: [('{'price' if 'average' in reason else 'trades'}', '{reason}')]"


def test_the_field_at_fault_is_named():
    with pytest.raises(FieldError) as refused:
        SharesRepurchased(
            effective_on=date(2024, 8, 5), share_class="ordinary", shares=5, intention="treasury", trades=(made(price="HKD 1.6"),)
        )
    assert refused.value.field == "trades"


def found(*what):
    """What is found of trades; what they were made under is looked at elsewhere."""
    return [(each.code, each.message) for each in findings(entries(*set_up(treasury="3,000"), *what)) if each.code < "HK3"]


def test_a_price_that_comes_to_another_amount_is_found_and_recorded():
    odd = "On the Exchange: 700 @ HKD 1.6 = HKD 1,120.01"
    assert found(bought("5 August 2024", "700", trades=odd)) == [
        ("HK201", "700 shares at HKD 1.6 come to HKD 1120, the report says HKD 1120.01 was paid")
    ]
    assert found(bought("5 August 2024", "700", trades="On the Exchange: 700 @ HKD 1.6 = HKD 1,120")) == []
    assert [code for code, _ in found(sold("5 August 2024", "700", trades=odd))] == ["HK201"]


@pytest.mark.parametrize(
    ("price", "message"),
    [
        # 1,120 over 700 is 1.6.
        ("HKD 1.6", None),
        ("HKD 1.59", "the trades of 5 August 2024 average HKD 1.6 a share, the entry says HKD 1.59"),
        ("HKD 1.6001", "the trades of 5 August 2024 average HKD 1.6 a share, the entry says HKD 1.6001"),
    ],
)
def test_a_price_that_is_not_the_average_of_the_trades_is_found(price, message):
    expected = [("HK202", message)] if message else []
    assert found(bought("5 August 2024", "700", price=price, trades=ON_EXCHANGE)) == expected


@pytest.mark.parametrize(("price", "agrees"), [("HKD 3.33", True), ("HKD 3.3333", True), ("HKD 3.34", False), ("HKD 3", False)])
def test_an_average_is_compared_to_as_many_decimals_as_the_price_was_given_with(price, agrees):
    trades = "On the Exchange: 3 @ HKD 4 to HKD 3 = HKD 10"
    assert ([code for code, _ in found(bought("5 August 2024", "3", price=price, trades=trades))] == []) is agrees


# --- Section II -------------------------------------------------------------------------------------------------

MANDATE = event("MandateGranted", "26 July 2024", mandate="repurchase", purpose="repurchase", percent="10", base="500,000")


def prepared(*what, book=None):
    return next_day.prepare(entries(*(book or set_up(treasury="3,000")), *what), date(2024, 8, 15), date(2024, 8, 16))


def rows(report):
    return [
        (row.traded_on.day, row.shares.value, row.method, *(money and str(money) for money in (row.price, row.lowest, row.total)))
        for row in report.rows
    ]


def test_a_row_for_every_day_and_method_in_order_of_the_days():
    off_market = "The Stock Exchange of Nowhere: 30 @ HKD 1.5 = HKD 45"
    document = prepared(
        bought("6 August 2024", "730", trades=[ON_EXCHANGE, off_market]),
        bought("5 August 2024", "20", "treasury", price="HKD 1.4"),
    )
    (report,) = document.repurchases
    assert rows(report) == [
        (5, 20, None, "HKD 1.4", None, "HKD 28"),
        (6, 700, "On the Exchange", "HKD 1.62", "HKD 1.58", "HKD 1120"),
        (6, 30, "The Stock Exchange of Nowhere", "HKD 1.5", None, "HKD 45"),
    ]
    assert (report.shares.value, [str(money) for money in report.totals]) == (750, ["HKD 1193"])
    assert (report.for_cancellation.value, report.for_treasury.value) == (730, 20)
    assert (report.shares.entries, report.for_treasury.entries) == ((6, 5), (6,))
    assert (report.mandate, document.treasury_sales) == (None, ())


PRICED = bought("5 August 2024", "10", price="HKD 2"), bought("6 August 2024", "10", price="USD 1")


def test_amounts_in_two_currencies_are_added_up_apart():
    (report,) = prepared(*PRICED).repurchases
    assert [str(money) for money in report.totals] == ["HKD 20", "USD 10"]


def test_where_a_price_is_not_known_nor_is_what_was_paid_in_all():
    (report,) = prepared(*PRICED, bought("7 August 2024", "1")).repurchases
    assert rows(report)[2] == (7, 1, None, None, None, None)
    assert report.totals == ()


def test_the_mandate_block_says_what_was_used_until_the_closing_date_and_when_the_moratorium_ends():
    """30 calendar days after the last trading date; 5,000 of 500,000 are 1 %."""
    document = prepared(
        bought("30 July 2024", "1,200", mandate="repurchase"),
        bought("5 August 2024", "800", mandate="repurchase"),
        bought("7 August 2024", "3,000", "treasury", mandate="repurchase"),
        book=[*set_up(), MANDATE],
    )
    (report,) = document.repurchases
    block = report.mandate
    assert (block.granted_on, block.limit, block.used.value, str(block.percent)) == (date(2024, 7, 26), 50_000, 5_000, "1")
    assert block.moratorium_until == date(2024, 9, 6)
    # What was bought in July was disclosed then; of the mandate it is used all the same.
    assert (report.shares.value, block.used.entries) == (3_800, (6, 7, 8))


@pytest.mark.parametrize(
    ("traded_on", "until"),
    [("1 August 2024", date(2024, 8, 31)), ("2 August 2024", date(2024, 9, 1)), ("15 August 2024", date(2024, 9, 14))],
)
def test_the_moratorium_lasts_thirty_calendar_days_from_the_last_trading_date(traded_on, until):
    (report,) = prepared(bought(traded_on, "1", mandate="repurchase"), book=[*set_up(), MANDATE]).repurchases
    assert report.mandate.moratorium_until == until


@pytest.mark.parametrize(("decimals", "percent"), [("2", "0.17"), ("3", "0.167"), ("4", "0.1667"), ("6", "0.166667")])
def test_the_percentage_of_the_mandate_block_has_decimals_of_its_own(decimals, percent):
    habits = event("ReturnSettingsChanged", "27 July 2024", mandate_decimals=decimals, percent_decimals="2")
    mandate = event("MandateGranted", "26 July 2024", mandate="repurchase", purpose="repurchase", percent="10", base="3,000")
    document = prepared(bought("5 August 2024", "5", "treasury", mandate="repurchase"), book=[*set_up(), mandate, habits])
    assert str(document.repurchases[0].mandate.percent) == percent
    assert str(document.sections[0].changes[0].percent) == "0"


def test_every_class_bought_back_has_a_report_of_its_own():
    document = prepared(
        event("SharesRepurchased", "5 August 2024", share_class="A", shares="7", intention="treasury"),
        event("SharesRepurchased", "5 August 2024", share_class="B", shares="9", intention="cancellation"),
        book=two_classes(),
    )
    assert [(report.heading.code, report.shares.value) for report in document.repurchases] == [("B", 9), ("A", 7)]


def test_a_return_without_trades_has_no_report():
    document = prepared(event("PlacingCompleted", "5 August 2024", share_class="ordinary", shares="1"))
    assert (document.repurchases, document.treasury_sales) == ((), ())


def test_what_an_earlier_return_reported_is_not_reported_again():
    document = prepared(
        bought("5 August 2024", "10"),
        event("ReturnFiled", "5 August 2024", kind="next-day", submitted_on="6 August 2024"),
        bought("7 August 2024", "20"),
    )
    assert rows(document.repurchases[0])[0][:2] == (7, 20)
    # Part B lists every pending tranche again.
    assert [row.shares.value for row in document.sections[0].pending] == [10, 20]


# --- Section III ------------------------------------------------------------------------------------------------


def test_sales_of_treasury_shares_have_a_report_with_their_mandate_and_no_moratorium():
    mandate = event("MandateGranted", "26 July 2024", mandate="issue", purpose="issue", percent="20", base="500,000")
    trades = ["On the Exchange: 900 @ HKD 2.02 to HKD 1.98 = HKD 1,800", "On another exchange: 100 @ HKD 2 = HKD 200"]
    document = prepared(
        sold("6 August 2024", "1,000", trades=trades, mandate="issue"),
        sold("5 August 2024", "250", price="HKD 1.9", mandate="issue"),
        book=[*set_up(treasury="3,000"), mandate],
    )
    (report,) = document.treasury_sales
    assert rows(report) == [
        (5, 250, None, "HKD 1.9", None, "HKD 475"),
        (6, 900, "On the Exchange", "HKD 2.02", "HKD 1.98", "HKD 1800"),
        (6, 100, "On another exchange", "HKD 2", None, "HKD 200"),
    ]
    assert (report.shares.value, [str(money) for money in report.totals]) == (1_250, ["HKD 2475"])
    assert (report.mandate.used.value, str(report.mandate.percent), report.mandate.moratorium_until) == (1_250, "0.25", None)
    assert [row.category for row in document.sections[0].changes] == ["Sale of treasury shares"] * 2
    assert document.repurchases == ()


def test_the_price_of_a_row_is_the_volume_weighted_average_of_its_trades():
    """1,120 and 45 paid for 730 shares: 1.59589… a share."""
    trades = [ON_EXCHANGE, "Off-market: 30 @ HKD 1.5 = HKD 45"]
    document = prepared(bought("5 August 2024", "730", "treasury", trades=trades))
    assert str(document.sections[0].changes[0].price) == "HKD 1.5959"


def test_a_price_that_was_given_is_printed_as_given_though_the_trades_come_to_another():
    document = prepared(bought("5 August 2024", "700", "treasury", price="HKD 1.601", trades=ON_EXCHANGE))
    assert str(document.sections[0].changes[0].price) == "HKD 1.601"


# --- one day, two currencies ------------------------------------------------------------------------------------

# 700 for HKD 1,120; 300 for USD 66 and 100 for USD 21: USD 87 for 400, 0.2175 a share.
IN_TWO = [
    ON_EXCHANGE,
    "On the New York Stock Exchange: 300 @ USD 0.22 = USD 66",
    "Off-market: 100 @ USD 0.21 = USD 21",
]


def in_two(intention="cancellation", **said):
    return event(
        "SharesRepurchased", "5 August 2024", share_class="ordinary", shares="1,100", intention=intention, trades=IN_TWO, **said
    )


def of_the_day(*what, held="500,000", on=date(2024, 8, 5)):
    return next_day.prepare(entries(*set_up(held=held), *what), on, date(2024, 8, 16))


def test_a_day_on_exchanges_of_two_currencies_is_one_fact_with_a_row_for_each_method_and_a_total_in_each_currency():
    (report,) = of_the_day(in_two()).repurchases
    assert [(row.method, row.shares.value, str(row.total)) for row in report.rows] == [
        ("On the Exchange", 700, "HKD 1120"),
        ("On the New York Stock Exchange", 300, "USD 66"),
        ("Off-market", 100, "USD 21"),
    ]
    assert (report.shares.value, [str(total) for total in report.totals]) == (1_100, ["HKD 1120", "USD 87"])


def test_shares_pending_that_were_paid_in_two_currencies_stand_apart_each_with_its_average():
    (section,) = of_the_day(in_two()).sections
    assert [(row.shares.value, str(row.price)) for row in section.pending] == [(700, "HKD 1.6"), (400, "USD 0.2175")]


def test_shares_bought_into_treasury_in_two_currencies_are_two_rows_of_part_a():
    (section,) = of_the_day(in_two("treasury")).sections
    rows = [(row.issued.value, row.treasury.value, str(row.percent), str(row.price)) for row in section.changes]
    assert rows == [(-700, 700, "0.14", "HKD 1.6"), (-400, 400, "0.08", "USD 0.2175")]
    assert section.closing.treasury.value == 1_100


def test_treasury_shares_sold_in_two_currencies_are_two_rows_too():
    sold = event("TreasurySharesSold", "6 August 2024", share_class="ordinary", shares="1,100", trades=IN_TWO)
    (section,) = of_the_day(in_two("treasury"), sold, on=date(2024, 8, 6)).sections
    assert [(row.issued.value, row.treasury.value, str(row.price)) for row in section.changes][2:] == [
        (700, -700, "HKD 1.6"), (400, -400, "USD 0.2175"),
    ]  # fmt: skip


def test_a_cancellation_of_shares_paid_in_two_currencies_is_a_row_in_each():
    cancelled = event("RepurchasedSharesCancelled", "9 August 2024", share_class="ordinary", shares="1,000")
    (section,) = of_the_day(in_two(), cancelled, on=date(2024, 8, 9)).sections
    # The last row of Part A says See Part B.
    assert [(row.issued.value, str(row.price)) for row in section.changes[:-1]] == [(-700, "HKD 1.6"), (-300, "USD 0.2175")]
    assert [(row.shares.value, str(row.price)) for row in section.pending] == [(100, "USD 0.2175")]
    assert section.closing.issued.value == 499_000


def test_two_facts_of_one_day_in_two_currencies_are_cancelled_as_two_rows():
    facts = [
        event("SharesRepurchased", "5 August 2024", share_class="ordinary", shares=shares, intention="cancellation", price=price)
        for shares, price in (("700", "HKD 1.6"), ("400", "USD 0.2"))
    ]
    cancelled = event("RepurchasedSharesCancelled", "9 August 2024", share_class="ordinary", shares="1,100")
    (section,) = of_the_day(*facts, cancelled, on=date(2024, 8, 9)).sections
    assert [(row.issued.value, str(row.price)) for row in section.changes] == [(-700, "HKD 1.6"), (-400, "USD 0.2")]


def test_the_monthly_return_has_a_row_in_each_currency_for_what_was_bought_and_for_the_stock():
    (block,) = monthly.prepare(
        entries(*set_up(), in_two("treasury"), in_two()), date(2024, 8, 31), date(2024, 9, 5)
    ).other_movements
    assert [(row.issued.value, row.pending.value, str(row.price)) for row in block.rows] == [
        (-700, None, "HKD 1.6"), (-400, None, "USD 0.2175"), (None, -700, "HKD 1.6"), (None, -400, "USD 0.2175"),
    ]  # fmt: skip
    assert (block.issued.value, block.treasury.value) == (-1_100, 1_100)


def test_options_exercised_at_prices_in_two_currencies_are_a_row_in_each():
    scheme = [
        event("SchemeAdopted", "1 July 2024", scheme="s", share_class="ordinary", particulars="x"),
        event("SchemeBalanceBroughtForward", "1 July 2024", scheme="s", outstanding="1,000"),
    ]
    exercised = [
        event("OptionsExercised", "5 August 2024", scheme="s", options=options, price=price)
        for options, price in (("30", "HKD 1"), ("20", "USD 0.1"), ("10", "HKD 2"))
    ]
    (section,) = of_the_day(*scheme, *exercised).sections
    # 30 at HKD 1 and 10 at HKD 2 are HKD 50 for 40.
    assert [(row.issued.value, str(row.price)) for row in section.changes] == [(40, "HKD 1.25"), (20, "USD 0.1")]


@pytest.mark.parametrize("join_days", ["yes", "no"])
def test_a_row_in_a_currency_has_the_day_the_words_and_the_entries_of_its_own_facts(join_days):
    """Joined, the 30 and 10 in HKD are of 7 August; the 20 in USD are of 6 August, and of nothing else."""
    scheme = [
        event("SchemeAdopted", "1 July 2024", scheme="s", share_class="ordinary", particulars="Scheme"),
        event("SchemeBalanceBroughtForward", "1 July 2024", scheme="s", outstanding="1,000"),
        event("ReturnSettingsChanged", "1 July 2024", join_days=join_days),
    ]
    exercised = [
        event("OptionsExercised", f"{day} August 2024", scheme="s", options=options, price=price, text=text)
        for day, options, price, text in (
            (5, "30", "HKD 1", "first"), (6, "20", "USD 0.1", "abroad"), (7, "10", "HKD 2", "last"), (8, "5", "USD 0.1", None),
        )
    ]  # fmt: skip
    (section,) = of_the_day(*scheme, *exercised, on=date(2024, 8, 8)).sections
    found = [(row.changed_on.day, row.issued.value, row.issued.entries, str(row.price), row.text) for row in section.changes]
    # Entries 1 to 7 are the book and the scheme.
    assert (
        found
        == {
            "yes": [
                (7, 40, (8, 10), "HKD 1.25", "Scheme; first; last"),
                (8, 25, (9, 11), "USD 0.1", "Scheme; abroad"),
            ],
            "no": [
                (5, 30, (8,), "HKD 1", "Scheme; first"),
                (6, 20, (9,), "USD 0.1", "Scheme; abroad"),
                (7, 10, (10,), "HKD 2", "Scheme; last"),
                (8, 5, (11,), "USD 0.1", "Scheme"),
            ],
        }[join_days]
    )


def test_a_cancellation_names_in_each_currency_the_days_of_the_purchases_in_it():
    facts = [
        event(
            "SharesRepurchased",
            f"{day} August 2024",
            share_class="ordinary",
            shares=shares,
            intention="cancellation",
            price=price,
        )
        for day, shares, price in (("5", "700", "HKD 1.6"), ("6", "400", "USD 0.2"), ("7", "100", "HKD 1.6"))
    ]
    cancelled = event("RepurchasedSharesCancelled", "9 August 2024", share_class="ordinary", shares="1,200")
    (section,) = of_the_day(*facts, cancelled, on=date(2024, 8, 9)).sections
    assert [(row.issued.value, row.text) for row in section.changes] == [
        (-800, "Shares repurchased on 5 August 2024, 7 August 2024"), (-400, "Shares repurchased on 6 August 2024"),
    ]  # fmt: skip


def test_where_a_price_is_not_known_the_row_stays_one_and_blank():
    facts = [
        event("SharesRepurchased", "5 August 2024", share_class="ordinary", shares="7", intention="cancellation", price=price)
        for price in ("HKD 1.6", None)
    ]
    cancelled = event("RepurchasedSharesCancelled", "9 August 2024", share_class="ordinary", shares="14")
    (section,) = of_the_day(*facts, cancelled, on=date(2024, 8, 9)).sections
    assert [(row.issued.value, row.price) for row in section.changes] == [(-14, None)]


def test_block_b_of_what_a_general_meeting_approved_has_its_day_and_the_moratorium():
    facts = [bought("5 August 2024", "700", trades=[ON_EXCHANGE], general_meeting_on="28 June 2024")]
    document = next_day.prepare(entries(*set_up(), *facts), date(2024, 8, 5), date(2024, 8, 6))
    (report,) = document.repurchases
    block = report.mandate
    assert (block.granted_on, block.moratorium_until) == (date(2024, 6, 28), date(2024, 9, 4))
    assert (block.limit, block.used.value, block.percent) == (None, None, None)
    assert "the general meeting of 28 June 2024 allowed" in "".join(document.draft_reasons)


def test_an_issuer_whose_purchases_name_neither_mandate_nor_meeting_has_no_block_b():
    facts = [bought("5 August 2024", "700", trades=[ON_EXCHANGE])]
    (report,) = next_day.prepare(entries(*set_up(), *facts), date(2024, 8, 5), date(2024, 8, 6)).repurchases
    assert report.mandate is None
