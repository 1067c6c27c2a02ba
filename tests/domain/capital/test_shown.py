"""What values show of themselves in a Python shell."""

from __future__ import annotations

from datetime import date

from domain.capital.entries import Viewpoint
from domain.capital.ledger import Ledger
from domain.capital.position import Position
from domain.capital.terms import Terms
from infrastructure.calendar import TradingCalendar
from tests.domain.book_of import position_at


def test_a_position_shows_its_day_and_the_shares_of_each_class(demo_entries):
    # The closing balances of the Monthly Return for December 2024.
    position = position_at(demo_entries, Viewpoint(date(2024, 12, 31)))
    assert "B 36,393,336,530 issued, 0 in treasury; A 614,034,470 issued, 0 in treasury>" in repr(position)
    assert repr(position).startswith("<Position at close of 2024-12-")
    assert "<Terms of 00020: classes B, A; schemes pre-IPO; mandates repurchase-2022, " in repr(position.terms)


def test_what_is_empty_says_so():
    assert repr(Position()).endswith(": no class>")
    assert repr(Terms()) == "<Terms of no issuer: nothing yet>"


def test_a_ledger_a_calendar_and_a_store_show_what_they_are_of(demo_entries, store):
    assert repr(Ledger.of(demo_entries[:20])) == "<Ledger: 20 entries, the last of number 20>"
    assert repr(TradingCalendar()).startswith("<TradingCalendar: confirmed until 20")
    assert repr(store).startswith("<SqlEventStore ")
    assert repr(store).endswith("captable.db>")
