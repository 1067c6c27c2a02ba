"""`captable reconcile --repurchases`: the broker's file, the book and the Exchange's list of what was bought back."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.running import captable, done

# As the Exchange heads its list. Prices have their currency; one price for all stands in the first of the two columns.
HEADS = (
    "Company", "Stock Code", "Type of Securities", "Trading Date (yyyy/mm/dd)", "Number of Securities Purchased",
    "Price Per Share or Highest Price Paid ($)", "Lowest Price Paid ($)", "Total Paid ($)", "Method of Purchase",
    "Number of such Securities Purchased on Exchange in year to date (since ordinary resolution)",
    "% of number of shares in issue at time ordinary resolution passed acquired on Exchange since date of resolution",
)  # fmt: skip
ANOTHER = (
    "ANOTHER LTD",
    "00099",
    "Ordinary",
    "2026/01/06",
    "5,000",
    "HKD 1.00",
    "HKD 0.98",
    "HKD 4,950",
    "Exchange",
    "5,000",
    "0.1",
)

# 100,000,000 shares when the mandate was granted, 500,000 of it used before; 300,000 bought on 6 January are 0.8 % in all.
BOOK = """
{"event": "IssuerRegistered", "effective_on": "2025-12-31", "issuer": "02025", "name": "Example Harbour Limited"}
{"event": "ShareClassCreated", "effective_on": "2025-12-31", "share_class": "o", "class_label": "Ordinary shares", "listed": "yes", "stock_code": "02025"}
{"event": "AuthorisedCapitalIncreased", "effective_on": "2025-12-31", "share_class": "o", "shares": "200,000,000"}
{"event": "BalanceBroughtForward", "effective_on": "2025-12-31", "share_class": "o", "held": "100,000,000"}
{"event": "MandateGranted", "effective_on": "2025-05-20", "mandate": "rep", "purpose": "repurchase", "percent": "10", "base": "100,000,000", "used_before": "500,000", "counted_on": "2025-12-31"}
{"event": "SharesRepurchased", "effective_on": "2026-01-02", "share_class": "o", "shares": "200,000", "intention": "treasury", "mandate": "rep", "trades": "On the Exchange: 200,000 @ HKD 4 = HKD 800,000"}
{"event": "SharesRepurchased", "effective_on": "2026-01-05", "share_class": "o", "shares": "100,000", "intention": "treasury", "mandate": "rep", "trades": "On the Exchange: 100,000 @ HKD 4.2 to HKD 4.1 = HKD 415,000"}
""".strip()  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> None:
    Path("book.jsonl").write_text(BOOK)
    done("record", "--file", "book.jsonl")


def of_ours(on: str, shares: str, highest: str, lowest: str, paid: str, used: str, percent: str) -> tuple[str, ...]:
    return ("EXAMPLE HARBOUR", "02025", "Ordinary", on, shares, highest, lowest, paid, "Exchange", used, percent)


SECOND = of_ours("2026/01/02", "200,000", "HKD 4.00", "N/A", "HKD 800,000.00", "700,000", "0.7")
FIFTH = of_ours("2026/01/05", "100,000", "HKD 4.20", "HKD 4.10", "HKD 415,000.00", "800,000", "0.8")


def written(name: str, *rows: Sequence[str]) -> str:
    """A list with its title above the heads, as a workbook or CSV."""
    lines = [("Share repurchases",), HEADS, *rows]
    if name.endswith(".xlsx"):
        with xlsxwriter.Workbook(name) as workbook:
            page = workbook.add_worksheet()
            for at, line in enumerate(lines):
                page.write_row(at, 0, line)
    else:
        with Path(name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
    return name


def fills(*rows: str) -> str:
    Path("fills.csv").write_text("\n".join(["Trade date,Side,Quantity,Price (HKD),Consideration (HKD)", *rows]))
    return "fills.csv"


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_a_list_that_says_what_the_book_says_is_equal(book: None, name: str) -> None:
    ran = done("reconcile", "--repurchases", written(name, SECOND, FIFTH))
    assert "days compared: 2; 2 agree, 0 do not" in ran.out
    assert [each["result"] for each in done("reconcile", "--repurchases", name, "--json").json["days"]] == ["equal", "equal"]


def test_a_broker_and_the_list_beside_the_book_are_three_records_of_a_day(book: None) -> None:
    broker = fills("2026-01-02,B,150000,4,600000", "2026-01-02,B,50000,4,200000", "2026-01-05,B,100000,4.15,415000")
    ran = captable("reconcile", "--repurchases", written("list.csv", SECOND, FIFTH), "--broker", broker)
    # The broker's one fill at the average of 4.15 says another highest and lowest price.
    assert ran.code == 1
    assert "highest price: the broker's file HKD 4.15, the book HKD 4.2, the Exchange's list HKD 4.2" in " ".join(ran.out.split())
    assert "amount paid" not in ran.out


def test_what_was_bought_and_is_in_no_return_is_said(book: None) -> None:
    ran = captable(
        "reconcile", "--repurchases", written("list.csv", SECOND, of_ours("2026/01/06", "1", "HKD 4", "N/A", "HKD 4", "1", "0"))
    )
    assert ran.code == 1
    assert "bought, and in no return" in ran.out
    assert "in a return, and not in the book" in ran.out


def test_what_is_in_a_return_and_was_bought_by_nobody_is_said(book: None) -> None:
    published = written("list.csv", FIFTH, of_ours("2026/01/06", "7,000", "HKD 4", "N/A", "HKD 28,000", "807,000", "0.807"))
    broker = fills("2026-01-05,B,100000,4.15,415000", "2026-01-07,B,100,4,400")
    days = captable("reconcile", "--repurchases", published, "--broker", broker, "--json").json["days"]
    assert [(each["day"], each["result"]) for each in days] == [
        ("2026-01-05", "different figures"),
        ("2026-01-06", "in a return, and not bought"),
        ("2026-01-07", "bought, and not in the book"),
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            of_ours("2026/01/05", "1,000,000", "HKD 4.20", "HKD 4.10", "HKD 4,150,000", "800,000", "0.8"),
            "number of shares: the book 100,000, the Exchange's list 1,000,000",
        ),
        (
            of_ours("2026/01/05", "100,000", "HKD 4.20", "HKD 4.10", "HKD 415,000", "600,000", "0.6"),
            "shares bought under the mandate: the book 800,000, the Exchange's list 600,000",
        ),
        (
            of_ours("2026/01/05", "100,000", "HKD 4.20", "HKD 4.10", "HKD 415,000", "800,000", "0.75"),
            "percentage of the issued shares: the book 0.80, the Exchange's list 0.75",
        ),
    ],
)
def test_a_figure_that_differs_is_named_with_what_each_record_says(book: None, row: Sequence[str], said: str) -> None:
    ran = captable("reconcile", "--repurchases", written("list.csv", row))
    assert ran.code == 1
    assert f"5 January 2026 o, {said}" in " ".join(ran.out.split())


def test_a_list_of_one_day_says_nothing_of_another_though_someone_reports_late(book: None) -> None:
    late = (*ANOTHER[:3], "2026/01/02", *ANOTHER[4:])
    other = written("list.csv", ANOTHER, ANOTHER, late)
    ran = captable("reconcile", "--repurchases", other)
    assert ran.code == 1
    assert "No purchase of this issuer is in the files, nor in the book on their days." in ran.out
    # On the day that the list is of, the book has a purchase that the list does not.
    done("record", "shares-repurchased", "--on", "2026-01-06", "--class", "o", "--shares", "9", "--intention", "treasury")
    assert "6 January 2026 o 9 bought, and in no return" in " ".join(captable("reconcile", "--repurchases", other).out.split())


def test_lists_of_several_days_are_one_record_unless_they_contradict_each_other(book: None) -> None:
    first, second = written("first.csv", SECOND), written("second.csv", FIFTH)
    assert "days compared: 2; 2 agree" in done("reconcile", "--repurchases", first, "--repurchases", second).out
    third = written("third.csv", (*FIFTH[:4], "200,000", *FIFTH[5:7], "HKD 830,000", *FIFTH[8:]))
    ran = captable("reconcile", "--repurchases", second, "--repurchases", third)
    assert ran.code == 2
    assert "third.csv: 5 January 2026 o: expected what another file says of this day" in ran.err


def test_a_cell_that_cannot_be_read_is_named(book: None) -> None:
    ran = captable("reconcile", "--repurchases", written("list.csv", SECOND, (*FIFTH[:4], "many", *FIFTH[5:])))
    assert ran.code == 2
    assert "list.csv:E4: shares: expected a whole number, got many; correct shares in these cells" in ran.err


def test_a_file_without_a_column_of_shares_is_named_with_the_columns_that_it_has(book: None) -> None:
    ran = captable("reconcile", "--repurchases", written("list.csv", (*FIFTH[:4], "many", *FIFTH[5:])))
    assert ran.code == 2
    assert "list.csv: expected a column of numbers of shares" in ran.err
    assert "Number of Securities Purchased (named like shares, but it holds" in ran.err


def test_returns_and_purchases_are_not_compared_at_once(book: None) -> None:
    ran = captable("reconcile", "list.csv", "--repurchases", written("list.csv", FIFTH))
    assert ran.code == 2
    assert "expected either published returns, or purchases with --repurchases and --broker" in ran.err
    assert captable("reconcile").code == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Bought under no mandate that is named; and under one of whose use before the book nothing is recorded.
        (', "mandate": "rep", "trades": "On the Exchange: 100,000', ', "trades": "On the Exchange: 100,000'),
        (', "used_before": "500,000", "counted_on": "2025-12-31"', ""),
    ],
)
def test_what_was_bought_under_a_mandate_is_compared_if_the_book_knows_it(tmp_path: Path, old: str, new: str) -> None:
    assert BOOK.count(old) == 1
    Path("book.jsonl").write_text(BOOK.replace(old, new))
    done("record", "--file", "book.jsonl")
    other_use = of_ours("2026/01/05", "100,000", "HKD 4.20", "HKD 4.10", "HKD 415,000", "999,999", "9")
    days = captable("reconcile", "--repurchases", written("list.csv", other_use), "--json").json["days"]
    assert [(each["day"], each["result"]) for each in days] == [("2026-01-05", "equal")]
