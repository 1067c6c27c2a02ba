"""Damaged copies: what is read wrongly is marked doubtful. The full measure is `python -m tests.benchmarks.bench_readers`."""

from __future__ import annotations

import re

import attrs
import pytest

from domain.returns.documents import MonthlyReturn
from domain.returns.identities import identities, judged, values_of
from domain.securities import Money
from infrastructure.files.published import DOUBTFUL, read_return
from infrastructure.renderers import layout_of
from tests.infrastructure.published.other_layouts import LAYOUTS
from tests.infrastructure.published.robustness import measured, returns

DAMAGES = 400
MOST_SILENT = 0
"""Of some 300 damaged numbers of shares; at length one in 10,000 may be wrong in silence, of dates and prices one in 1,000."""


def test_what_a_damage_makes_unreadable_is_not_read_wrongly_in_silence() -> None:
    tally = measured(list(returns().values()), DAMAGES, seed=3)
    assert tally.hit["counts"] > DAMAGES // 2
    assert tally.unreadable < tally.copies // 10
    assert tally.silent.total() == MOST_SILENT, tally.examples


def test_a_part_that_may_hold_the_blocks_of_the_next_is_doubtful_where_the_heading_of_that_is_lost() -> None:
    text = LAYOUTS["tabs"](layout_of(returns()["FF301 1.1.1, as published"]))
    lines = [line for line in text.split("\n") if not line.startswith("II. ")]
    assert len(lines) == text.count("\n")
    read = read_return("\n".join(lines).encode(), "without the heading of Part II")
    figures = [mark.state for path, mark in read.marks.items() if re.fullmatch(r"authorised\[\d\]\.(opening|closing)\w*", path)]
    assert figures
    assert {*figures, read.marks["totals"].state} == {DOUBTFUL}


@pytest.mark.parametrize("par", ["USD 1992000000000", "USD 0", "USD 0.00000025"])
def test_a_par_value_that_is_misread_in_both_rows_does_not_confirm_itself(par: str) -> None:
    document = returns()["FF301 1.1.1, as published"]
    assert isinstance(document, MonthlyReturn)
    assert document.authorised
    block = attrs.evolve(document.authorised[0], opening_par=Money.parse(par), closing_par=Money.parse(par))
    wrong = attrs.evolve(document, authorised=(block, *document.authorised[1:]))
    held = {each.identity.says for each in judged(identities(wrong), values_of(wrong)) if each.holds}
    of_class = [each for each in judged(identities(wrong), values_of(wrong)) if "authorised[0].opening_par" in each.identity.pins]
    assert "a class in Part II is a class of Part I" in held
    assert [each for each in of_class if each.holds] == []


def test_a_class_of_part_ii_that_part_i_does_not_know_is_a_doubt_about_its_name() -> None:
    document = returns()["FF301 1.1.1, as published"]
    assert isinstance(document, MonthlyReturn)
    heading = attrs.evolve(document.issued[0].heading, class_label="WVR ordnary shares")
    wrong = attrs.evolve(document, issued=(attrs.evolve(document.issued[0], heading=heading), *document.issued[1:]))
    (broken,) = [
        each.identity
        for each in judged(identities(wrong), values_of(wrong))
        if each.holds is False and each.identity.says == "a class in Part II is a class of Part I"
    ]
    assert broken.blames == ("issued[0].heading.class_label", "issued[0].heading.type_label")
