"""Reading an application-amount table out of the text of an announcement, mangled as it may be."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from infrastructure.readers.amount_table import read_table
from infrastructure.readers.values import UnreadableValue

TABLE = Path(__file__).parent.parent / "filed" / "offering-2021-12-20" / "amounts.txt"


def rows(text: str) -> list[tuple[int | None, str, Decimal | None, int]]:
    return [(row.shares, row.text, row.amount, row.line) for row in read_table(text).rows]


def test_all_48_rows_of_the_published_table_are_read():
    read = read_table(TABLE.read_text())
    assert (len(read.rows), read.unread) == (48, ())
    assert sorted(row.shares for row in read.rows if row.shares)[::47] == [1_000, 75_000_000]


def test_the_number_of_shares_with_a_footnote_mark_is_read_and_the_amount_with_a_lost_comma_is_not():
    found = {row.shares: row for row in read_table(TABLE.read_text()).rows}
    assert (found[75_000_000].shares_text, found[75_000_000].amount) == ('75,000,000"', Decimal("302265542.25"))
    assert (found[200_000].text, found[200_000].amount, found[200_000].line) == ("8006,041.45", None, 17)
    assert found[2_000].amount == Decimal("8000.42")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1,000 4,030.21", [(1_000, "4,030.21", Decimal("4030.21"), 1)]),
        ("1000 4030.21", [(1_000, "4030.21", Decimal("4030.21"), 1)]),
        ("  1,000\t HK$4,030.21  ", [(1_000, "HK$4,030.21", Decimal("4030.21"), 1)]),
        ("75,000,000(1) 302,265,542.25*", [(75_000_000, "302,265,542.25*", Decimal("302265542.25"), 1)]),
        ("1,000 4,030. 21", [(1_000, "4,030.21", Decimal("4030.21"), 1)]),
        (
            "20.000 80,604.14 1,000 4,030.21",
            [(None, "80,604.14", Decimal("80604.14"), 1), (1_000, "4,030.21", Decimal("4030.21"), 1)],
        ),
        ("0 1.00 1,000 4,030.21", [(None, "1.00", Decimal("1.00"), 1), (1_000, "4,030.21", Decimal("4030.21"), 1)]),
        ("1,000 4.030,21 2,000 8,060.42", [(1_000, "4.030,21", None, 1), (2_000, "8,060.42", Decimal("8060.42"), 1)]),
    ],
)
def test_pairs_are_read_however_the_line_is_mangled_and_nothing_is_guessed(line, expected):
    assert rows(line) == expected


def test_a_line_whose_numbers_do_not_pair_up_is_handed_on_unread():
    read = read_table("1,000 4,030.21\n2,000 25,000 100,755.18\nHong Kong 12\n3,000 12,090.62\n")
    assert [row.shares for row in read.rows] == [1_000, 3_000]
    assert read.unread == ((2, "2,000 25,000 100,755.18"),)


def test_the_longest_table_of_a_text_is_taken():
    apart = "\n" * 20
    read = read_table(f"7 1.50\n{apart}1,000 4,030.21\n2,000 8,060.42\n{apart}2021 3.99\n")
    assert [row.shares for row in read.rows] == [1_000, 2_000]


def test_a_table_goes_on_over_a_page():
    read = read_table("1,000 4,030.21\n\n- 5 -\n\nNo. of Shares\n\n2,000 8,060.42\n")
    assert [row.line for row in read.rows] == [1, 7]


@pytest.mark.parametrize("text", ["", "\n", "Call +852 2979 7888 at 9:00 a.m.", "1,000 2,000", "١٬٠٠٠ ٤.٢١", "1,000 4,030.21 3"])
def test_a_text_without_a_table_is_refused(text):
    with pytest.raises(UnreadableValue, match="no table of numbers of shares and amounts payable"):
        read_table(text)
