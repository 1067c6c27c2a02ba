"""Shares bought for cancellation, tranche by tranche, oldest first."""

from __future__ import annotations

from domain.balances import Position, replay
from domain.history import in_effect
from domain.tranches import pending
from tests.domain.book_of import entries, event, set_up


def left(*what, brought_forward="0"):
    book = entries(*set_up(pending=brought_forward), *what)
    return [(each.entry.number, each.shares) for each in pending(replay(in_effect(book), Position()), "ordinary")]


def bought(on, shares, intention="cancellation"):
    return event("SharesRepurchased", on, share_class="ordinary", shares=shares, intention=intention)


def cancelled(on, shares):
    return event("RepurchasedSharesCancelled", on, share_class="ordinary", shares=shares)


def test_every_purchase_is_a_tranche_until_it_is_cancelled():
    assert left(bought("3 July 2024", "100"), bought("4 July 2024", "200")) == [(5, 100), (6, 200)]


def test_a_cancellation_takes_the_oldest_first_and_may_end_within_a_tranche():
    purchases = bought("3 July 2024", "100"), bought("4 July 2024", "200"), bought("5 July 2024", "300")
    assert left(*purchases, cancelled("8 July 2024", "99")) == [(5, 1), (6, 200), (7, 300)]
    assert left(*purchases, cancelled("8 July 2024", "100")) == [(6, 200), (7, 300)]
    assert left(*purchases, cancelled("8 July 2024", "101")) == [(6, 199), (7, 300)]
    assert left(*purchases, cancelled("8 July 2024", "600")) == []


def test_the_oldest_is_the_one_bought_first_not_the_one_recorded_first():
    assert left(bought("4 July 2024", "200"), bought("3 July 2024", "100"), cancelled("8 July 2024", "150")) == [(5, 150)]


def test_shares_bought_into_treasury_wait_for_nothing():
    assert left(bought("3 July 2024", "100", "treasury")) == []


def test_what_was_brought_forward_is_the_first_tranche():
    assert left(bought("3 July 2024", "100"), cancelled("4 July 2024", "60"), brought_forward="50") == [(5, 90)]


def test_redeemed_shares_not_cancelled_are_a_tranche():
    redeemed = event("SharesRedeemed", "3 July 2024", share_class="ordinary", shares="70", cancelled="no")
    assert left(redeemed) == [(5, 70)]


def test_another_class_has_tranches_of_its_own():
    other = [
        event("ShareClassCreated", "2 July 2024", share_class="other", class_label="Other", authorised="no"),
        event("BalanceBroughtForward", "2 July 2024", share_class="other", held="9", pending_cancellation="5"),
    ]
    assert left(*other, bought("3 July 2024", "100")) == [(7, 100)]
