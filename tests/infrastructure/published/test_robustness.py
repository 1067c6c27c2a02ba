"""Damaged copies: what is read wrongly is marked doubtful. The full measure is `python -m tests.benchmarks.bench_readers`."""

from __future__ import annotations

import re

import attrs
import pytest

from domain.returns.cells import BLANK
from domain.returns.documents import MonthlyReturn, NextDayReturn, Return
from domain.returns.identities import identities, judged, values_of
from domain.values import Money
from infrastructure.files.published import DOUBTFUL, ReadReturn, read_return
from infrastructure.files.published.top import NO_CLASS
from infrastructure.files.published.values import readings
from infrastructure.renderers import layout_of, render
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


# --- What was not found is not blank ---------------------------------------------------------------------------------


def read_without(document: Return, *lost: str, layout: str = "text, ruled") -> ReadReturn:
    """A copy of a return in which texts are lost, each of which stands in it."""
    text = LAYOUTS[layout](layout_of(document))
    for each in lost:
        assert each in text, each
        text = text.replace(each, "", 1)
    return read_return(text.encode(), "a damaged copy")


def test_a_column_whose_title_is_lost_is_not_read_as_blank() -> None:
    text = LAYOUTS["text, ruled"](layout_of(returns()["FF301 1.1.1, every part filled"]))
    lines = text.split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("|") and "outstanding" in line)
    read = read_return("\n".join([*lines[:at], lines[at] + lines[at + 1], *lines[at + 2 :]]).encode(), "titles run together")
    document = read.document
    assert isinstance(document, MonthlyReturn)
    for number, row in enumerate(document.options[0].rows):
        for cell in ("opening", "closing"):
            path = f"options[0].rows[{number}].{cell}"
            assert getattr(row, cell).value is not None or read.marks[path].state == DOUBTFUL, path


def test_a_part_with_figures_in_which_no_class_was_found_is_doubtful() -> None:
    document = returns()["FF301 1.0.2, every part filled"]
    read = read_without(document, "I. Movements in Authorised / Registered Share Capital\n", layout="text of a PDF")
    assert read.document.form == document.form
    assert {read.marks[path].state for path in ("authorised", "total_authorised_capital")} == {DOUBTFUL}


def test_a_balance_without_a_number_is_not_zero() -> None:
    document = returns()["FF305 1.3.0, as published"]
    assert isinstance(document, NextDayReturn)
    opening = attrs.evolve(document.sections[1].opening, issued=BLANK, treasury=BLANK, total=BLANK)
    sections = (document.sections[0], attrs.evolve(document.sections[1], opening=opening))
    read = read_without(attrs.evolve(document, sections=sections))
    assert {read.marks[f"sections[1].opening.{cell}"].state for cell in ("issued", "treasury", "total")} == {DOUBTFUL}


def test_rows_and_events_that_run_together_are_doubtful() -> None:
    monthly = read_without(returns()["FF301 1.1.1, every part filled"], "3). Repurchase", layout="HTML")
    assert monthly.marks["other_movements[0].rows[1].treasury"].state == DOUBTFUL
    next_day = read_without(returns()["FF305 1.3.0, every part filled"], "2). Repurchase", layout="text of a PDF")
    assert next_day.marks["sections[0].changes[0].treasury"].state == DOUBTFUL


def test_two_classes_of_one_name_are_a_doubt_about_the_second() -> None:
    read = read_without(returns()["FF305 1.3.0, every part filled"], "\nPreference shares", layout="a line a cell")
    assert read.marks["sections[1].heading.class_label"].state == DOUBTFUL


def test_a_price_that_lost_its_last_digits_is_not_confirmed_by_what_was_paid() -> None:
    # 600,000 shares at GBP 0.9512 are GBP 570,720. Rounded to three decimals the average is 0.951.
    text = LAYOUTS["tabs"](layout_of(returns()["FF305 1.3.0, every part filled"]))
    read = read_return(text.replace("GBP 0.9512", "GBP 0.951").encode(), "a digit less")
    whole = read_return(text.encode(), "whole")
    assert (whole.marks["repurchases[0].rows[1].price"].state, read.marks["repurchases[0].rows[1].price"].state) == (
        "agreed",
        DOUBTFUL,
    )


@pytest.mark.parametrize("text", ["1,.2\t1,.2", "12,,3\t,3", ".\t.,1", "1.2.3\t2.3"])
def test_what_is_not_written_as_a_number_has_no_value(text: str) -> None:
    assert all(token.value is None or token.value >= 0 for reading in readings(text) for token in reading)


@pytest.mark.parametrize("name", returns())
def test_a_part_without_a_class_is_not_doubted_for_its_notes_and_totals(name: str) -> None:
    read = read_return(render(returns()[name], "pdf"), name)
    assert [path for path, mark in read.doubtful.items() if mark.reason == NO_CLASS] == []
