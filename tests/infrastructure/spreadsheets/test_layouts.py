"""Five layouts of trackers and brokers' files, invented, as brokers and registrars write them: no column is taken for another."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from domain import events
from domain.events.structured import Trade
from domain.values import Money
from infrastructure.files.spreadsheets.purchases import read_purchases
from infrastructure.files.spreadsheets.reading import ReadSheet, read_facts
from infrastructure.files.spreadsheets.rows import Directions

CLASSES = {"ordinary": "02025"}


def csv(*rows: Sequence[str]) -> bytes:
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode("utf-8-sig")


def xlsx(*rows: Sequence[Any]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet, dated = book.add_worksheet("Fills"), book.add_format({"num_format": "dd/mm/yyyy"})
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(at, column, value, dated)
            elif value is not None:
                sheet.write(at, column, value)
    book.close()
    return target.getvalue()


def read(name: str, content: bytes, remembered: Any = (), **said: Any) -> ReadSheet:
    return read_facts(name, content, Directions(**said), recorded_by="x", classes=CLASSES, remembered=dict(remembered))


def taken(found: ReadSheet) -> dict[str, str]:
    return {each.head: each.field for each in found.match.columns if each.field is not None}


FOR_CANCELLATION = {"intention": "cancellation"}


def test_a_brokers_daily_file_with_settlement_dates_and_charges():
    found = read(
        "daily.csv",
        csv(
            ["ABC Example Securities Limited", "", "", "", "", "", "", "", "", "", ""],
            ["Client: Example Harbour Limited", "", "", "", "", "", "", "", "", "", ""],
            ["Trade Date", "Settlement Date", "B/S", "Stock Code", "Qty", "Price (HK$)", "Consideration (HK$)", "Commission",
             "Stamp Duty", "Net Amount", "Order Qty"],
            ["13/01/2025", "15/01/2025", "B", "2025", "200,000", "2.48", "496,000.00", "992.00", "496.00", "497,488.00", "900,000"],
            ["13/01/2025", "15/01/2025", "B", "2025", "300,000", "2.52", "756,000.00", "1,512.00", "756.00", "758,268.00", "900,000"],
            ["13/01/2025", "15/01/2025", "B", "700", "100", "380", "38,000.00", "76.00", "38.00", "38,114.00", "100"],
        ),
        order="dmy", stated=FOR_CANCELLATION,
    )  # fmt: skip
    assert taken(found) == {
        "Trade Date": "effective_on", "B/S": "side", "Stock Code": "stock_code", "Qty": "shares", "Price (HK$)": "price",
        "Consideration (HK$)": "amount",
    }  # fmt: skip
    assert not found.problems
    (draft,) = found.drafts
    # 200,000 at 2.48 is 496,000, and 300,000 at 2.52 is 756,000: 1,252,000 in all.
    trade = Trade(
        "On the Exchange", 500_000, Money.parse("HKD 1,252,000"), highest=Money.parse("HKD 2.52"), lowest=Money.parse("HKD 2.48")
    )
    assert draft.event == events.SharesRepurchased(
        effective_on=date(2025, 1, 13), share_class="ordinary", shares=500_000, intention="cancellation", trades=(trade,)
    )
    assert [(each.row + 1, each.why) for each in found.left_out] == [(6, "another security, 00700")]


def test_a_day_in_a_row_in_chinese():
    found = read(
        "回購.csv",
        csv(
            ["股份購回報告"],
            ["交易日期", "交收日期", "購回股數", "最高價（港元）", "最低價（港元）", "付出價格總額（港元）", "佣金", "累計購回股數", "佔已發行股份百分比"],
            ["2025年1月13日", "2025年1月15日", "500,000", "2.52", "2.48", "1,250,000", "2,500", "500,000", "0.0625"],
            ["2025年1月14日", "2025年1月16日", "100,000", "2.5", "2.5", "250,000", "500", "600,000", "0.075"],
            ["合計", "", "600,000", "", "", "1,500,000", "", "", ""],
        ),
        stated=FOR_CANCELLATION,
    )  # fmt: skip
    assert taken(found) == {
        "交易日期": "effective_on", "購回股數": "shares", "最高價（港元）": "highest", "最低價（港元）": "lowest",
        "付出價格總額（港元）": "amount",
    }  # fmt: skip
    assert not found.problems
    assert [(each.event.effective_on, each.event.trades[0].paid) for each in found.drafts] == [
        (date(2025, 1, 13), Money.parse("HKD 1,250,000")),
        (date(2025, 1, 14), Money.parse("HKD 250,000")),
    ]


def test_fills_of_two_markets_in_a_workbook():
    day = datetime(2025, 1, 13)
    found = read(
        "fills.xlsx",
        xlsx(
            ["Executions", None],
            [],
            ["Exec ID", "Exec Time", "Trade Date", "Side", "Order Status", "Exec Qty", "Exec Price", "Currency", "Venue", "Leaves Qty", "Value Date"],
            ["1", "09:31", day, "BUY", "Filled", 1000, 2.5, "HKD", "SEHK", 0, datetime(2025, 1, 15)],
            ["2", "09:32", day, "BUY", "Filled", 3000, 2.51, "HKD", "SEHK", 0, datetime(2025, 1, 15)],
            ["3", "09:33", day, "BUY", "Cancelled", 9000, 2.51, "HKD", "SEHK", 0, datetime(2025, 1, 15)],
            ["4", "16:10", day, "BUY", "Filled", 2000, 0.25, "GBP", "London Stock Exchange", 0, datetime(2025, 1, 15)],
        ),
        stated={"intention": "treasury"},
    )  # fmt: skip
    assert taken(found) == {
        "Trade Date": "effective_on", "Side": "side", "Order Status": "status", "Exec Qty": "shares", "Exec Price": "price",
        "Currency": "currency", "Venue": "method",
    }  # fmt: skip
    assert not found.problems
    # 1,000 × 2.50 + 3,000 × 2.51 = 2,500 + 7,530 = 10,030; 2,000 × 0.25 = 500.
    (draft,) = found.drafts
    assert [str(trade) for trade in draft.event.trades] == [
        "On the Exchange: 4,000 @ HKD 2.51 to HKD 2.5 = HKD 10030",
        "London Stock Exchange: 2,000 @ GBP 0.25 = GBP 500",
    ]
    assert [each.row + 1 for each in found.left_out] == [6]


def test_a_secretarys_tracker_of_every_kind_of_movement():
    found = read(
        "tracker.xlsx",
        xlsx(
            ["Date", "Nature of transaction", "Scheme", "No. of shares", "Price per share (HK$)", "Shares in issue before",
             "Shares in issue after", "Remarks", "Announcement date"],
            [datetime(2025, 2, 3), "Exercise of options", "2019", 60_000.0, 1.25, 800_000_000, 800_060_000, "Mr Chan", None],
            [datetime(2025, 2, 10), "Placing", None, 1_000_000, 2.4, 800_060_000, 801_060_000, None, datetime(2025, 2, 4)],
            [datetime(2025, 2, 12), "Options lapsed", "2019", 5_000, None, 801_060_000, 801_060_000, None, None],
        ),
    )  # fmt: skip
    assert taken(found) == {
        "Date": "effective_on", "Nature of transaction": "event", "Scheme": "scheme", "No. of shares": "shares",
        "Price per share (HK$)": "price",
    }  # fmt: skip
    assert not found.problems
    assert [each.event for each in found.drafts] == [
        events.OptionsExercised(effective_on=date(2025, 2, 3), scheme="2019", options=60_000, price=Money.parse("HKD 1.25")),
        events.PlacingCompleted(
            effective_on=date(2025, 2, 10), share_class="ordinary", shares=1_000_000, price=Money.parse("HKD 2.4")
        ),
        events.OptionsLapsed(effective_on=date(2025, 2, 12), scheme="2019", options=5_000),
    ]


# As the Exchange heads its daily list of repurchases since treasury shares may be held; secondary: read in a public program.
SHARE_REPURCHASES = [
    "Company", "Stock code", "Sec. type", "Trading date (yyyy/mm/dd)", "Number of shares/units repurchased",
    "Repurchase price or highest repurchase price per share/unit ($)", "Lowest repurchase price per share/unit ($)",
    "Aggregate price paid ($)", "Method of repurchase", "Total number of shares/units repurchased*",
    "Number of shares/units repurchased for cancellation*",
    "Number of shares/units repurchased for holding as treasury shares/units*",
    "Number of shares/units repurchased on the Exchange or another stock exchange under the repurchase mandate*",
    "As a % of number of issued shares/units (excluding treasury shares/units) as at the date of the resolution granting the "
    "repurchase mandate*",
]  # fmt: skip


def test_the_exchanges_list_has_five_numbers_of_shares_and_the_trades_is_the_first():
    found = read(
        "list.csv",
        csv(
            ["Daily Share Repurchase Report"],
            SHARE_REPURCHASES,
            ["EXAMPLE HARBOUR", "2025", "Ordinary", "2026/01/05", "100,000", "HKD 4.20", "HKD 4.10", "HKD 415,000.00", "Exchange",
             "300,000", "250,000", "50,000", "800,000", "0.8"],
            ["ANOTHER LTD", "99", "Ordinary", "2026/01/05", "5,000", "HKD 1.00", "HKD 0.98", "HKD 4,950.00", "Exchange",
             "5,000", "5,000", "0", "5,000", "0.1"],
        ),
        kind=events.SharesRepurchased, stated=FOR_CANCELLATION,
    )  # fmt: skip
    assert taken(found) == {
        SHARE_REPURCHASES[1]: "stock_code", SHARE_REPURCHASES[3]: "effective_on", SHARE_REPURCHASES[4]: "shares",
        SHARE_REPURCHASES[5]: "highest", SHARE_REPURCHASES[6]: "lowest", SHARE_REPURCHASES[7]: "amount",
        SHARE_REPURCHASES[8]: "method",
    }  # fmt: skip
    assert not found.problems
    (draft,) = found.drafts
    assert (draft.event.effective_on, draft.event.shares) == (date(2026, 1, 5), 100_000)
    assert draft.event.trades[0].paid == Money.parse("HKD 415,000")
    assert [each.why for each in found.left_out] == ["another security, 00099"]


def test_the_exchanges_list_says_what_was_bought_under_the_mandate():
    row = ["EXAMPLE HARBOUR", "2025", "Ordinary", "2026/01/05", "100,000", "HKD 4.20", "HKD 4.10", "HKD 415,000", "Exchange",
           "300,000", "250,000", "50,000", "800,000", "0.8"]  # fmt: skip
    found = read_purchases("list.csv", csv(SHARE_REPURCHASES, row), CLASSES)
    said = found.bought[date(2026, 1, 5), "ordinary"]
    assert (said.shares, said.used, said.percent) == (100_000, 800_000, Decimal("0.8"))


def test_a_registrars_list_of_exercises_with_semicolons():
    content = "\n".join([
        "Grantee;Date of grant;Exercise date;Options exercised;Exercise price HK$;Balance of options;Total payable;Plan",
        "A;2022-01-05;2025-02-03;60 000;1.25;100000;75000;2019",
        "B;2022-01-05;2025-02-03;40000;1.25;0;50000;2019",
    ]).encode()  # fmt: skip
    found = read("exercises.csv", content, kind=events.OptionsExercised)
    assert taken(found) == {
        "Exercise date": "effective_on", "Options exercised": "shares", "Exercise price HK$": "price", "Plan": "scheme",
    }  # fmt: skip
    # A space between thousands is not a number as the returns write it: the cell is named, and nothing is recorded.
    meant = "expected a whole number, got 60 000. Did you mean 60,000?"
    assert [(each.cell, each.message) for each in found.problems] == [("exercises.csv:D2", meant)]


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("Settlement date", "another date"),
        ("Cumulative number of shares repurchased", "running"),
        ("Number of shares repurchased year to date", "running"),
        ("Order quantity", "ordered"),
        ("Price incl. commission", "charges"),
        ("Quantity ('000)", "thousands"),
        ("Market volume", "market"),
        ("Par value", "market or of the share"),
        ("% of issued shares", "which the book computes"),
        ("Lot", "not needed"),
        ("Widgets", "its name is not known"),
    ],
)
def test_a_column_that_is_no_figure_of_the_trade_is_passed_over_with_its_reason(head, why):
    found = read(
        "x.csv",
        csv(["Trade date", "Shares bought", "Price (HKD)", head], ["2025-01-13", "100", "2.5", "77"]),
        stated=FOR_CANCELLATION,
    )
    column = found.match.columns[3]
    assert column.field is None
    assert why in column.why


@pytest.mark.parametrize(
    "heads", [("Quantity", "Qty"), ("Number of shares", "Shares")], ids=["of one name twice", "of two names"]
)
def test_two_columns_that_may_be_one_field_are_not_decided(heads):
    with pytest.raises(Exception, match="--map shares=") as raised:
        read("x.csv", csv(["Trade date", *heads, "Price (HKD)"], ["2025-01-13", "100", "200", "2.5"]))
    assert all(head in str(raised.value) for head in heads)


def test_map_decides_and_a_confirmed_match_is_remembered():
    content = csv(["Trade date", "Quantity", "Qty", "Price (HKD)"], ["2025-01-13", "100", "200", "2.5"])
    said: Mapping[str, Any] = {"stated": FOR_CANCELLATION, "kind": events.SharesRepurchased}
    found = read("x.csv", content, given={"shares": "Qty"}, **said)
    assert found.drafts[0].event.shares == 200
    heads = {found.match.heads: {each.field: each.head.lower() for each in found.match.columns if each.field}}
    again = read("x.csv", content, remembered={found.match.heads: {**heads[found.match.heads], "price": "price"}}, **said)
    assert again.drafts == found.drafts
    assert {each.why for each in again.match.columns} == {"remembered", "not used before"}


def test_a_column_named_like_a_number_that_holds_words_is_not_one():
    found = read(
        "x.csv", csv(["Trade date", "Shares", "Price (HKD)"], ["2025-01-13", "ordinary", "2.5"]), kind=events.SharesRepurchased
    )
    assert found.match.column("shares") is None
    assert found.match.columns[1].why == "named like shares, but it holds ordinary"


HEADS = ["Trade date", "Shares repurchased", "Price (HKD)", "Amount (HKD)", "Status"]
DONE = ["2025-01-13", "500", "2", "1,000", "Done"]


def of_rows(*rows: Sequence[str]) -> ReadSheet:
    return read("sheet.csv", csv(HEADS, DONE, *rows), stated=FOR_CANCELLATION)


@pytest.mark.parametrize(
    ("row", "cell", "field", "said"),
    [
        (["2025-01-14", "500", "2", "1,001", "Done"], "D3", "trade", "expected an amount between 999.995 and 1,000.005 for 500 shares, got 1,001"),
        (["2025-01-14", "0", "2", "0", "Done"], "D3", "trade", "expected a number of shares above zero, got 0"),
        (["2025-01-14", "500", "2", "1,000", "Perhaps"], "E3", "status", "expected done or cancelled, got Perhaps"),
        (["", "500", "2", "1,000", "Done"], "A3", "effective_on", "empty"),
        (["2025-01-14", "", "2", "1,000", "Done"], "B3", "shares", "empty"),
        (["Total", "501", "", "", ""], "B3", "shares", "expected a total of 500, as the rows come to, got 501"),
        (["Total", "many", "", "", ""], "B3", "shares", "expected a whole number, got many"),
        (["1799-01-14", "500", "2", "1,000", "Done"], "A3", "effective_on", "expected a day, got 1799-01-14"),
    ],
)  # fmt: skip
def test_a_row_that_says_what_cannot_be_is_named_by_its_cell(row: Sequence[str], cell: str, field: str, said: str) -> None:
    found = of_rows(row)
    assert [(each.cell.split("!")[-1].split(":")[-1], each.field, str(each.message)) for each in found.problems] == [
        (cell, field, said)
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["2025-01-14", "500", "2", "1,000", "Cancelled"], "Status Cancelled"),
        (["", "", "", "", "checked by Ho Siu Ming"], "no day and no number: checked by Ho Siu Ming"),
        (["Total", "500", "", "1,000", ""], "a total, 500, equal to the sum of its rows"),
    ],
)
def test_a_row_that_is_no_fact_is_left_out_with_its_reason(row: Sequence[str], why: str) -> None:
    found = of_rows(row)
    assert not found.problems
    assert [(each.row + 1, each.why) for each in found.left_out] == [(3, why)]
    assert [(each.event.effective_on, each.event.shares) for each in found.drafts] == [(date(2025, 1, 13), 500)]


def test_a_blank_row_says_nothing() -> None:
    found = of_rows(["", "", "", "", ""], ["2025-01-14", "70", "2", "140", "Done"])
    assert (found.problems, found.left_out) == ((), ())
    assert [each.event.shares for each in found.drafts] == [500, 70]


def test_a_total_is_of_the_rows_since_the_total_before_or_of_all() -> None:
    more = ["2025-01-14", "70", "2", "140", "Done"]
    for last in ("70", "570"):
        found = of_rows(["Total", "500", "", "", ""], more, ["Total", last, "", "", ""])
        assert not found.problems
        assert [each.why.partition(",")[0] for each in found.left_out] == ["a total", "a total"]


LIST = ["Stock Code", "Trading Date", "Number of Securities Purchased", "Price Paid ($)", "Total Paid ($)",
        "Number purchased in year to date (since ordinary resolution)", "% of shares acquired since resolution"]  # fmt: skip


def purchases(*rows: Sequence[str]) -> Any:
    return read_purchases("list.csv", csv(LIST, *rows), CLASSES)


def test_the_list_of_purchases_keeps_what_can_be_read_of_the_mandate() -> None:
    found = purchases(
        ["02025", "2025/01/13", "500", "HKD 2", "HKD 1,000", "1,500", "0.15"],
        ["02025", "2025/01/14", "70", "HKD 2", "HKD 140", "n/a", "n/a"],
    )
    assert not found.problems
    first, second = (found.bought[date(2025, 1, day), "ordinary"] for day in (13, 14))
    assert (first.shares, first.used, first.percent) == (500, 1_500, Decimal("0.15"))
    assert (second.shares, second.used, second.percent) == (70, None, None)


def test_a_row_of_purchases_whose_figures_do_not_go_together_is_a_problem_and_no_purchase() -> None:
    found = purchases(
        ["02025", "2025/01/13", "500", "HKD 2", "HKD 1,000", "500", "0.05"],
        ["02025", "2025/01/14", "70", "HKD 2", "HKD 141", "570", "0.057"],
        ["02025", "2025/01/15", "", "HKD 2", "HKD 141", "570", "0.057"],
        ["00099", "soon", "70", "HKD 2", "HKD 140", "70", "0.1"],
    )
    assert [str(each.message) for each in found.problems] == [
        "expected an amount between 139.995 and 140.005 for 70 shares, got 141",
        "empty",
    ]
    assert [on.day for on, _ in found.bought] == [13]
    assert found.others == 1


@pytest.mark.parametrize("options", [{"hidden": True}, {"hidden": True, "level": 1}])
def test_rows_that_a_filter_hides_count_and_are_said(options):
    """Of 100, 200 and 400 shares the second row is not seen on the screen: 700 are read, and a note says so."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for name, hides in (("Notes & terms", 0), ("Fills & fees", 2)):
        sheet = book.add_worksheet(name)
        heads = ["Trade date", "Stock code", "B/S", "Quantity", "Price (HKD)"]
        for at, row in enumerate([heads, *(["2025-01-13", "2025", "B", shares, 2.5] for shares in (100, 200, 400))]):
            if hides:
                sheet.write_row(at, 0, row)
        if hides:
            sheet.set_row(hides, None, None, options)
    book.close()
    found = read("fills.xlsx", target.getvalue(), stated=FOR_CANCELLATION)
    assert [draft.event.shares for draft in found.drafts] == [700]
    assert "rows that the sheet hides count too: 3" in found.assumed


def test_a_sheet_that_hides_nothing_says_nothing_of_it():
    heads = ["Trade date", "Stock code", "B/S", "Quantity", "Price (HKD)"]
    found = read("fills.xlsx", xlsx(heads, ["2025-01-13", "2025", "B", 100, 2.5]), stated=FOR_CANCELLATION)
    assert not [said for said in found.assumed if "hides" in said]
