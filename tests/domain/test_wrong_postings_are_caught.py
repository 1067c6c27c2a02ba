"""The identities have teeth: a posting row made wrong does not pass them, whichever row it is."""

from __future__ import annotations

from datetime import date

import pytest

from domain import events
from domain.capital.accounts import Movement
from domain.capital.balances import Impossible
from domain.capital.entries import Viewpoint
from domain.capital.postings import POSTINGS
from domain.returns import monthly
from tests.domain.book_of import EVER, entries, position_at
from tests.domain.by_hand import sums_by_hand, sums_of
from tests.domain.capital.test_properties import adds_up_to_zero, check_part_three
from tests.samples import sample, sample_book

# The samples move their quantities out of one account each; these are the other ways to record the same events.
VARIANTS = [
    sample("SharesRepurchased", effective_on="1 August 2024", intention="treasury", shares="17", trades=None),
    sample("SharesRedeemed", effective_on="1 August 2024", cancelled="no", shares="19"),
    sample("PlacingCompleted", effective_on="1 August 2024", treasury_shares="yes", shares="23"),
    sample("OptionsExercised", effective_on="1 August 2024", treasury_shares="yes", options="29"),
    sample("AwardsVested", effective_on="8 August 2024", treasury_shares="yes", awards="31"),
    sample("WarrantsExercised", effective_on="12 August 2024", treasury_shares="yes", shares="37", warrants="18"),
    sample("ConvertiblesConverted", effective_on="14 August 2024", treasury_shares="yes", shares="41", amount="HKD 123"),
    sample("PlacingCompleted", effective_on="20 August 2024", mandate=None, agreement="subscription", shares="43"),
    sample("SchemeSharesMoved", effective_on="20 August 2024", shares="47", word="Transferred in"),
]
HISTORY = sorted([*sample_book(), *VARIANTS], key=lambda event: event.effective_on)
# What does not add up, or no longer fits the book at all.
CAUGHT = (AssertionError, Impossible)


def backwards(move):
    return move._replace(source=move.target, target=move.source)


def doubled(move):
    return move._replace(quantity=2 * move.quantity)


def a_few_too_many(move):
    return move._replace(quantity=move.quantity + 1 + abs(move.quantity) // 1_000)


def check():
    """Before the reorganisations of January and after them: a mandate's limit is computed again when all classes are scaled."""
    for as_of in (date(2024, 12, 31), EVER):
        position = position_at(entries(*HISTORY), Viewpoint(as_of))
        adds_up_to_zero(position)
        assert sums_of(position) == sums_by_hand(HISTORY, as_of)


def test_the_postings_as_they_are_pass():
    check()


@pytest.mark.parametrize("wrong", [backwards, doubled, a_few_too_many], ids=lambda wrong: wrong.__name__)
@pytest.mark.parametrize("kind", POSTINGS, ids=lambda kind: kind.__name__)
def test_a_posting_made_wrong_is_caught(kind, wrong, monkeypatch):
    right = POSTINGS[kind]
    monkeypatch.setitem(POSTINGS, kind, lambda event, facts: tuple(wrong(move) for move in right(event, facts)))
    with pytest.raises(CAUGHT):
        check()
    monkeypatch.undo()
    check()


@pytest.mark.parametrize("kind", POSTINGS, ids=lambda kind: kind.__name__)
def test_a_posting_left_out_is_caught(kind, monkeypatch):
    monkeypatch.delitem(POSTINGS, kind)
    with pytest.raises(CAUGHT):
        check()


@pytest.mark.parametrize(
    ("kind", "source", "target"),
    [
        (events.SharesRepurchased, "held", "unissued"),
        (events.RepurchasedSharesCancelled, "held", "unissued"),
        (events.TreasurySharesSold, "unissued", "held"),
        (events.TreasurySharesCancelled, "held", "unissued"),
        (events.AuthorisedCapitalReduced, "held", "authority"),
    ],
)
def test_a_posting_to_the_wrong_account_is_caught(kind, source, target, monkeypatch):
    monkeypatch.setitem(POSTINGS, kind, lambda event, _: (Movement("shares", event.share_class, source, target, event.shares),))
    with pytest.raises(CAUGHT):
        check()


def test_a_stock_pending_that_the_rows_do_not_show_is_caught_on_the_monthly_return():
    book = entries(*sample_book())
    document = monthly.prepare(book, date(2024, 8, 31), date(2024, 9, 5))
    check_part_three(document, position_at(book, Viewpoint(date(2024, 8, 31))))
    with pytest.raises(AssertionError):
        check_part_three(document, position_at(book, Viewpoint(date(2024, 7, 10))))
