"""Returns whose facts were corrected since they were filed."""

from __future__ import annotations

import attrs

from domain.capital.ledger import Ledger
from domain.disclosure import corrected
from domain.disclosure.corrected import Balance, reopened
from domain.disclosure.register import Register
from domain.events import Event
from domain.rulebook import findings
from tests.domain.book_of import entries, event, set_up


def bought(day, shares, price, intention="treasury"):
    return event("SharesRepurchased", day, share_class="ordinary", shares=shares, intention=intention, price=price)


def day_by_day(days, corrected):
    """500,000 in issue; 100 bought on each day, with its return; on the days named in `corrected` the shares are 80, else the price."""
    facts, replaces = list[Event](set_up()), {}
    for day in days:
        on, shares, price = f"{day} August 2024", *(("80", "HKD 1") if day in corrected else ("100", "HKD 2"))
        facts += [
            bought(on, "100", "HKD 1"),
            event("ReturnFiled", on, kind="next-day", submitted_on=on),
            bought(on, shares, price),
        ]
        replaces[len(facts)] = len(facts) - 2
    return [attrs.evolve(each, replaces=replaces.get(each.number)) for each in entries(*facts)]


def test_corrections_of_prices_do_not_hide_a_correction_of_shares_before_them():
    """100 bought on the 5th are 80; later purchases, each with its return, have another price alone."""
    book = day_by_day(range(5, 10), {5})
    (found,), others = reopened(Ledger.of(book), Register.of(book))
    assert (found.filed.entry, [each.was.number for each in found.corrections], others) == (6, [5], [])
    # 500,000 less 100, and less 80.
    assert [(each.closed, each.opens) for each in found.balances] == [(499_900, 499_920), (100, 80)]


def test_every_return_of_which_something_was_corrected_is_compared(monkeypatch):
    """In a book that is too long for it the last three are, and the others named."""
    book = day_by_day(range(5, 10), range(5, 10))
    found, others = reopened(Ledger.of(book), Register.of(book))
    assert ([each.filed.until.day for each in found], others) == ([9, 8, 7, 6, 5], [])
    monkeypatch.setattr(corrected, "GONE_THROUGH", 0)
    found, others = reopened(Ledger.of(book), Register.of(book))
    assert ([each.filed.until.day for each in found], [each.until.day for each in others]) == ([9, 8, 7], [6, 5])
    said = [(each.severity, each.message, each.entries) for each in findings(book) if each.code == "HK618"][-1]
    # The return of the 5th is entry 6, that of the 6th three entries later.
    words = "facts of 2 returns before them were corrected since too, last of the Next Day Disclosure Return of 6 August 2024"
    assert said == ("notice", f"{words}; they are not compared here", (9, 6))


def test_purchases_pending_cancellation_that_were_corrected_are_found():
    """They are in issue until they are cancelled: the balances stay, and each later return lists what is pending."""
    on = "5 August 2024"
    book = entries(
        *set_up(), bought(on, "100", "HKD 1", "cancellation"), event("ReturnFiled", on, kind="next-day", submitted_on=on),
        bought(on, "80", "HKD 1", "cancellation"),
    )  # fmt: skip
    book[-1] = attrs.evolve(book[-1], replaces=5)
    (found,), _ = reopened(Ledger.of(book), Register.of(book))
    assert found.balances == (Balance("shares pending cancellation of class ordinary", 100, 80),)
