"""Asking: which issuer is meant, one entry, and what is said if there is none."""

from __future__ import annotations

from datetime import date

import pytest

from application import ask
from application.ports import NoBook
from application.record import record
from domain.errors import NotFound
from tests.application.facts import ISSUER, bought, placing, withdrawn
from tests.application.fake_store import FakeStore
from tests.domain.book_of import draft, drafts, event, set_up


def store_of(*issuers):
    store = FakeStore()
    for issuer in issuers:
        record(
            store, issuer, drafts(event("IssuerRegistered", "1 July 2024", issuer=issuer, name="Example Limited"), prefix=issuer)
        )
    return store


def test_the_only_issuer_is_meant_where_none_is_named():
    assert ask.which_issuer(store_of("00020"), None) == "00020"


def test_the_issuer_named_is_meant():
    assert ask.which_issuer(store_of("00001", "00020"), "00020") == "00020"


@pytest.mark.parametrize(
    ("issuers", "wanted", "said"),
    [
        (["00001"], "00020", "no book of issuer 00020; this store has: 00001"),
        (["00001", "00020"], "20", "no book of issuer 20; this store has: 00001, 00020. Did you mean 00020?"),
        (["00020"], "0020.HK", "no book of issuer 0020.HK; this store has: 00020. Did you mean 00020?"),
        (["00001"], "20", "no book of issuer 20; this store has: 00001"),
        (["00020", "00001"], None, "this store has several issuers; name one with --issuer: 00001, 00020"),
    ],
)
def test_where_no_issuer_is_meant_it_is_said_what_there_is(issuers, wanted, said):
    with pytest.raises(NotFound) as refused:
        ask.which_issuer(store_of(*issuers), wanted)
    assert str(refused.value) == said


@pytest.mark.parametrize("wanted", [None, "00020"])
def test_a_store_without_a_book_says_so(wanted):
    with pytest.raises(NoBook, match="this store is empty"):
        ask.which_issuer(store_of(), wanted)


def test_an_entry_is_found_by_its_number_with_what_replaced_it():
    store = FakeStore()
    record(store, "00001", drafts(*set_up()))
    line = ask.entry(store, "00001", 3)
    assert (type(line.entry.event).__name__, line.replaced_by) == ("AuthorisedCapitalIncreased", None)


@pytest.mark.parametrize("number", [0, 5, -1])
def test_an_entry_that_is_not_there_is_not_found(number):
    store = FakeStore()
    record(store, "00001", drafts(*set_up()))
    with pytest.raises(NotFound) as refused:
        ask.entry(store, "00001", number)
    assert str(refused.value) == f"there is no entry {number} in the book of 00001; it ends at entry 4"


def test_the_movements_of_an_entry_are_those_at_its_place_and_none_of_one_that_is_replaced(book):
    book.append(ISSUER, 4, drafts(placing("5 July 2024", "10,000"), bought("5 July 2024", "400")))
    book.append(ISSUER, 6, [draft(withdrawn(), "gone", replaces=5)])
    day = date(2024, 7, 5)
    assert [move.quantity for move in ask.movements(book, ISSUER, 6, day)] == [400]
    assert ask.movements(book, ISSUER, 5, day) == ()
