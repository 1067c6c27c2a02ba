"""Returns whose facts were corrected since they were filed."""

from __future__ import annotations

import attrs

from domain.capital.ledger import Ledger
from domain.disclosure.corrected import ASKED, reopened
from domain.disclosure.register import Register
from domain.events import Event
from tests.domain.book_of import entries, event, set_up


def bought(day, shares, price):
    return event("SharesRepurchased", day, share_class="ordinary", shares=shares, intention="treasury", price=price)


def test_corrections_of_prices_do_not_hide_a_correction_of_shares_before_them():
    """100 bought on the 5th are 80; as many later purchases as are looked at have another price alone. Each day has its return."""
    facts, replaces = list[Event](set_up()), {}
    for day in range(5, 6 + ASKED):
        on, shares, price = f"{day} August 2024", *(("80", "HKD 1") if day == 5 else ("100", "HKD 2"))
        facts += [
            bought(on, "100", "HKD 1"),
            event("ReturnFiled", on, kind="next-day", submitted_on=on),
            bought(on, shares, price),
        ]
        replaces[len(facts)] = len(facts) - 2
    book = [attrs.evolve(each, replaces=replaces.get(each.number)) for each in entries(*facts)]
    (found,) = reopened(Ledger.of(book), Register.of(book))
    assert (found.filed.entry, [each.was.number for each in found.corrections]) == (6, [5])
    # 500,000 less 100, and less 80.
    assert [(each.closed, each.opens) for each in found.balances] == [(499_900, 499_920), (100, 80)]
