"""Recording while others write, and going on from a book read before."""

from __future__ import annotations

import pytest
from hypothesis import given

from application.record import read_book, record
from domain.errors import Refused
from tests.application.facts import ISSUER, placing, sold
from tests.application.fake_store import ContestedStore, FakeStore
from tests.domain.book_of import drafts, entries, event, folded, set_up
from tests.domain.histories import recordings, standing

# --- others who write -------------------------------------------------------------------------------------------


def contested(*rivals):
    store = ContestedStore()
    record(store, ISSUER, drafts(*set_up(treasury="3,000"), prefix="set-up"))
    store.rivals = list(rivals)
    return store


def test_who_comes_second_reads_what_the_first_wrote_and_writes_after_it():
    store = contested(drafts(placing("5 July 2024", "10"), prefix="rival"))
    found = record(store, ISSUER, drafts(placing("5 July 2024", "20")))
    assert [each.number for each in found.entries] == [6]
    assert found.book.position.balance("ordinary").issued_excluding_treasury == 500_030


def test_what_the_first_made_impossible_is_refused():
    store = contested(drafts(sold("5 July 2024", "3,000"), prefix="rival"))
    with pytest.raises(Refused, match="would be -1 at close of 5 July 2024"):
        record(store, ISSUER, drafts(sold("5 July 2024", "1")))
    assert store.head(ISSUER).number == 5


def test_what_the_first_recorded_already_is_not_recorded_again():
    (command,) = drafts(placing("5 July 2024", "10"))
    store = contested([command])
    found = record(store, ISSUER, [command])
    assert (found.entries, found.already) == ((), ((command, 5),))


def test_a_book_passed_on_that_others_have_written_to_since_is_read_again(book):
    before = read_book(book, ISSUER)
    record(book, ISSUER, drafts(placing("5 July 2024", "10"), prefix="other"))
    found = record(book, ISSUER, drafts(placing("6 July 2024", "20")), book=before)
    assert [each.number for each in found.entries] == [6]
    assert found.book.position.balance("ordinary").issued_excluding_treasury == 500_230


def test_a_book_passed_on_that_is_out_of_date_refuses_nothing(book):
    before = read_book(book, ISSUER)
    mandate = event("MandateGranted", "5 July 2024", mandate="m", purpose="issue", percent="20", base="500,000")
    record(book, ISSUER, drafts(mandate, prefix="other"))
    record(book, ISSUER, drafts(placing("6 July 2024", "20", mandate="m")), book=before)


# --- the book passed on -----------------------------------------------------------------------------------------


def same_book(found, expected):
    assert (found.number, found.last, found.position.totals) == (expected.number, expected.last, expected.position.totals)
    assert found.position.balances() == expected.position.balances()
    facts, wanted = found.position.terms, expected.position.terms
    assert (facts.issuer, facts.classes, facts.schemes, facts.mandates) == (
        wanted.issuer,
        wanted.classes,
        wanted.schemes,
        wanted.mandates,
    )


@given(recordings())
def test_recording_one_by_one_in_any_order_ends_in_the_book_that_a_whole_reading_gives(recorded):
    """A fact that is impossible before others are known waits for them; at the end all of them stand."""
    store, waiting, count = FakeStore(), [], len(standing())
    book = record(store, ISSUER, drafts(*recorded[:count], prefix="set-up")).book
    for command in drafts(*recorded[count:]):
        try:
            book = record(store, ISSUER, [command], book=book).book
        except Refused:
            waiting.append(command)
        same_book(book, read_book(store, ISSUER))
    book = record(store, ISSUER, waiting, book=book).book
    same_book(book, read_book(store, ISSUER))
    assert book.position.totals == folded(entries(*sorted(recorded, key=lambda each: each.effective_on))).totals


def test_a_dry_run_leaves_the_book_passed_on_as_it_was(book):
    before = read_book(book, ISSUER)
    record(book, ISSUER, drafts(placing("5 July 2024", "10")), book=before, dry_run=True)
    same_book(before, read_book(book, ISSUER))


def test_a_refusal_leaves_the_book_passed_on_as_it_was(book):
    before = read_book(book, ISSUER)
    with pytest.raises(Refused):
        record(book, ISSUER, drafts(placing("5 July 2024", "10"), sold("6 July 2024", "3,001")), book=before)
    same_book(before, read_book(book, ISSUER))
