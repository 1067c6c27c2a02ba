"""Numbers, money and days in the text of a cell: what is read, and what is not to be relied on, with the reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.values import Money
from infrastructure.files.published import figures
from infrastructure.files.published.figures import NO_COLUMN, NO_CURRENCY
from infrastructure.files.published.letters import stream
from infrastructure.files.published.outline import Span
from infrastructure.files.published.sources.pieces import Piece, Source


def span(*texts: str) -> Span:
    """The text of some cells of a row."""
    text = stream(Source(tuple(Piece(each, 0, 10 * at, 10 * at + 9) for at, each in enumerate(texts)), exact=True))
    return Span(text, 0, len(text.text))


def hkd(amount: str) -> Money:
    return Money("HKD", Decimal(amount))


@pytest.mark.parametrize(
    ("cells", "value", "doubt"),
    [
        (["HKD 1.5"], hkd("1.5"), ""),
        (["HKD", "1.5"], hkd("1.5"), ""),
        (["1.5"], None, NO_CURRENCY),
        ([""], None, ""),
        (["N/A"], None, ""),
        (None, None, NO_COLUMN),
    ],
)
def test_money_has_its_currency_in_a_cell_of_its_column(cells, value, doubt):
    found = figures.money_of(None if cells is None else [span(each) for each in cells])
    assert (found.values[0], found.doubt) == (value, doubt)


@pytest.mark.parametrize(
    ("text", "value", "doubt"),
    [("paid HKD 1.5 a share", hkd("1.5"), ""), ("paid 1.5 a share", None, NO_CURRENCY), ("none", None, "")],
)
def test_money_in_words_has_a_currency(text, value, doubt):
    found = figures.money_in(span(text))
    assert (found.values[0], found.doubt) == (value, doubt)


@pytest.mark.parametrize(
    ("cells", "value", "doubt"),
    [
        (["17 December 2024"], date(2024, 12, 17), ""),
        (["", "17 December 2024"], date(2024, 12, 17), ""),
        ([""], None, ""),
        (None, None, NO_COLUMN),
    ],
)
def test_a_day_stands_in_the_first_cell_of_its_column_with_text(cells, value, doubt):
    found = figures.day_of(None if cells is None else [span(each) for each in cells])
    assert (found.values[0], found.doubt) == (value, doubt)


@pytest.mark.parametrize(
    ("cells", "value", "doubt"), [(["1,865,000,000"], 1_865_000_000, ""), ([""], None, ""), (None, None, NO_COLUMN)]
)
def test_a_number_stands_in_a_cell_of_its_column(cells, value, doubt):
    found = figures.number_of(None if cells is None else [span(each) for each in cells])
    assert (found.values[0], found.doubt) == (value, doubt)
