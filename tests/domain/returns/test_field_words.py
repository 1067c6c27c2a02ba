"""The fields of a return by the heads under which the forms print them."""

from __future__ import annotations

import pytest

from domain.returns.field_words import words_of


@pytest.mark.parametrize(
    ("field", "place", "words"),
    [
        ("total", "Section I, class B, closing balance", "total number of issued shares"),
        ("total", "Section II, class B, row 1", "aggregate price paid"),
        ("totals", "Section II, class B", "aggregate price paid"),
        ("total", "Section III, class B, row 1", "aggregate amount of funds raised"),
        ("shares", "Section II, class B", "number of shares repurchased"),
        ("shares", "Section III, class B, row 2", "number of treasury shares sold"),
        ("total", "Part II, class B, at close of the month", "total number of issued shares"),
        ("used", "Section II, class B, mandate", "number repurchased or sold under it"),
    ],
)
def test_a_cell_has_the_head_of_the_section_in_which_it_stands(field: str, place: str, words: str) -> None:
    assert words_of(field, place) == words
