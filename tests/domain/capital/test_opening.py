"""Where a book begins, and what is said of the days before."""

from __future__ import annotations

from datetime import date

import pytest

from domain.capital.opening import begins_on, brought_forward, not_known
from tests.domain.book_of import entries, event, set_up


def brought(on, share_class="other"):
    return event("BalanceBroughtForward", on, share_class=share_class, held="100")


def created(code="other"):
    return event("ShareClassCreated", "1 July 2024", share_class=code, class_label="Other shares")


def test_a_book_begins_at_close_of_the_day_on_which_its_balances_are_brought_forward():
    book = entries(*set_up("1 July 2024"))
    assert begins_on(book) == date(2024, 7, 1)
    assert not_known(book, date(2024, 7, 1)) is None
    assert not_known(book, date(2024, 6, 30)) == (
        "the book begins at close of 1 July 2024 (entry 4); what stood at close of 30 June 2024 is not known"
    )


def test_a_book_that_knows_every_movement_is_known_on_every_day():
    book = entries(*set_up()[:3])
    assert begins_on(book) is None
    assert not_known(book, date(1900, 1, 1)) is None


@pytest.mark.parametrize(("day", "known"), [("2024-06-30", False), ("2024-07-01", False), ("2024-07-05", True)])
def test_a_book_of_two_classes_is_known_once_both_are_brought_forward(day, known):
    book = entries(*set_up("1 July 2024"), created(), brought("5 July 2024"))
    assert begins_on(book) == date(2024, 7, 5)
    assert list(brought_forward(book)) == ["ordinary", "other"]
    assert (not_known(book, date.fromisoformat(day)) is None) is known
