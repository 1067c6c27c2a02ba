"""A published return beside the book: what is equal, what differs, and the likely reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from domain.returns.cells import Figure, PrintedPercentage
from domain.returns.documents import MonthlyReturn, NextDayReturn, Return
from domain.returns.forms.form import Form
from domain.returns.printed import as_printed
from domain.returns.reconcile import DIFFERENT, ONLY_HERE, ONLY_THERE, WORDED_OTHERWISE, Difference, reconcile
from domain.values import Money
from tests.infrastructure import full_documents as full
from tests.infrastructure import sample_documents as sample


def published(document: Return) -> Any:
    return as_printed(document)


def only(published_return: Return, book: Return) -> Difference:
    found = reconcile(published_return, book).found
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    "document",
    [full.monthly(), full.monthly("1.0.2"), full.next_day(), full.next_day("FF304"), sample.monthly_december_2024()],
    ids=lambda document: str(document.form),
)
def test_a_return_is_equal_to_itself(document: Return) -> None:
    compared = reconcile(published(document), document)
    assert compared.found == ()
    assert compared.equal > 30


# --- Next Day Disclosure Returns ----------------------------------------------------------------------------------------

BOOK = sample.next_day_december_2024()


def with_section(document: NextDayReturn, at: int, **changed: object) -> NextDayReturn:
    sections = list(document.sections)
    sections[at] = attrs.evolve(sections[at], **changed)
    return attrs.evolve(document, sections=tuple(sections))


def with_change(**changed: object) -> NextDayReturn:
    """The return of 17 December 2024 published with other cells in its row of 1,865,000,000 shares, 5.4 %."""
    document = published(BOOK)
    return with_section(document, 0, changes=(attrs.evolve(document.sections[0].changes[0], **changed),))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"issued": Figure(1_856_000_000)}, "digits swapped"),
        ({"issued": Figure(1_865_000_001)}, "one digit differs"),
        ({"issued": Figure(186_500_000)}, "one digit less"),
        ({"issued": Figure(-1_865_000_000)}, "the sign differs"),
        ({"issued": Figure(None)}, "blank in the published return"),
        ({"issued": Figure(1_900_000_000)}, "35,000,000 more than in the book"),
        # 1,865,000,000 ÷ 34,528,336,530 = 5.40136 %; ÷ (34,528,336,530 + 614,034,470) = 5.30698 %.
        ({"percent": PrintedPercentage(Decimal("5.40136"))}, "other decimals: 5 instead of 1"),
        ({"percent": PrintedPercentage(Decimal("5.31"))}, "another base: it is of the opening balances of all classes"),
        ({"price": Money("HKD", Decimal("5.1"))}, "digits swapped"),
        ({"changed_on": date(2023, 12, 17)}, "another year"),
    ],
)
def test_the_likely_reason_of_a_difference_is_named(changed: dict[str, object], reason: str) -> None:
    difference = only(with_change(**changed), BOOK)
    assert (difference.state, difference.reason) == (DIFFERENT, reason)


def test_an_opening_date_that_is_the_closing_date_has_slipped() -> None:
    document = published(BOOK)
    slipped = attrs.evolve(document.sections[1].opening, on=date(2024, 12, 17))
    difference = only(with_section(document, 1, opening=slipped), BOOK)
    assert difference == Difference(
        "Section I, class A, opening balance, as at",
        DIFFERENT,
        "17 December 2024",
        "30 November 2024",
        "the opening date slipped: it is the closing date",
        "sections[1].opening.on",
    )


def test_a_purchase_that_the_book_does_not_have_is_only_there_and_the_rows_after_it_are_equal() -> None:
    book = full.next_day()
    section = published(book).sections[0]
    first = attrs.evolve(section.pending[0], number=1, shares=Figure(777), changed_on=date(2025, 7, 2))
    others = tuple(attrs.evolve(row, number=row.number + 1) for row in section.pending)
    difference = only(with_section(published(book), 0, pending=(first, *others)), book)
    assert (difference.state, difference.reason) == (ONLY_THERE, "a purchase that is not yet recorded in the book")
    assert "777" in difference.published


def test_what_the_return_leaves_out_is_only_here() -> None:
    book = full.next_day()
    difference = only(with_section(published(book), 0, pending=published(book).sections[0].pending[1:]), book)
    assert (difference.state, difference.reason) == (ONLY_HERE, "recorded in the book, and not in this return")


# --- Words --------------------------------------------------------------------------------------------------------------


def test_words_are_compared_by_their_letters_and_other_words_are_no_difference() -> None:
    book = full.next_day()
    spaced = attrs.evolve(published(book), issuer_name=f" {book.issuer_name.upper()} ", remarks=("Quite another remark.",))
    compared = reconcile(spaced, book)
    assert [each.state for each in compared.found] == [WORDED_OTHERWISE]
    assert compared.differences == ()


def test_a_blank_cell_and_one_with_0_are_equal() -> None:
    book = sample.monthly_december_2024()
    document: MonthlyReturn = published(book)
    moved = attrs.evolve(document.issued[1].movement, issued=Figure(0))
    zero = attrs.evolve(document, issued=(document.issued[0], attrs.evolve(document.issued[1], movement=moved)))
    assert reconcile(zero, book).found == ()


# --- Every figure -------------------------------------------------------------------------------------------------------


def altered(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """A part of a document with one figure, amount or day of it altered, for each that it has."""
    if isinstance(value, Figure):
        yield path, attrs.evolve(value, value=(value.value or 0) + 7)
    elif isinstance(value, Money):
        yield path, Money(value.currency, value.amount + 7)
    elif isinstance(value, Decimal):
        yield path, value + 7
    elif isinstance(value, date):
        yield path, value + timedelta(days=7)
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            for where, other in altered(item, f"{path}[{at}]"):
                yield where, (*value[:at], other, *value[at + 1 :])
    elif attrs.has(type(value)) and not isinstance(value, Form):
        for field in attrs.fields(type(value)):
            for where, other in altered(getattr(value, field.name), f"{path}.{field.name}"):
                yield where, attrs.evolve(value, **{field.name: other})


@pytest.mark.parametrize("document", [full.monthly(), full.next_day()], ids=["monthly", "next-day"])
def test_every_figure_amount_and_day_of_a_return_is_compared(document: Return) -> None:
    found = dict(altered(published(document)))
    assert len(found) > 80
    assert [path for path, other in found.items() if not reconcile(other, document).differences] == []


def test_options_that_were_exercised_are_compared_with_the_book() -> None:
    """The return says that 250,001 options were exercised, the book 250,000."""
    book = full.monthly()
    there = published(book)
    block, *others = there.options
    row, *rows = block.rows
    at = next(at for at, each in enumerate(row.movements) if each.label == "Exercised")
    movements = [*row.movements]
    movements[at] = attrs.evolve(movements[at], number=Figure(-250_001))
    options = (attrs.evolve(block, rows=(attrs.evolve(row, movements=tuple(movements)), *rows)), *others)
    found = only(attrs.evolve(there, options=options), book)
    assert (found.published, found.book, found.path) == ("-250,001", "-250,000", f"options[0].rows[0].movements[{at}].number")
