"""Rules about balances and prices: what is asserted, what a book begins with, what the trades of a day come to."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from domain import events
from domain.capital.accounts import INSTRUMENT, ISSUABLE, OUTSTANDING
from domain.capital.balances import Posted
from domain.capital.entries import Entry
from domain.capital.lots import Lot, average_price, total_paid
from domain.capital.opening_balances import balance_of, by_what, held_twice
from domain.capital.position import Position
from domain.law.rule import MISMATCH, NOTICE, VERIFIED, Finding, Rule, View, rule_of
from domain.values import EXACT, Money, day_text


def _balance_confirmed(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    entry = posted.entry
    event = entry.of(events.BalanceConfirmed)
    ours = position.balance(event.share_class)
    for name, said, held in (
        ("issued excluding treasury", event.issued_excluding_treasury, ours.issued_excluding_treasury),
        ("treasury", event.treasury, ours.treasury),
        ("authorised", event.authorised, ours.authorised),
    ):
        if said is not None and said != held:
            words = f"{event.document} says {said:,}, the book {'has none' if held is None else f'{held:,}'}"
            message = f"{name} of class {event.share_class} at close of {event.effective_on:%-d %B %Y}: {words}"
            yield rule.finding(message, entry.number)


def _price_differs(rule: Rule, _: Position, posted: Posted) -> Iterator[Finding]:
    """The printed price is data: where what was paid, divided by the number, is another, somebody should look."""
    event = posted.entry.of(events.TradedShares)
    for trade in event.trades:
        if trade.price is not None and trade.price.times(trade.shares) != trade.paid:
            comes_to = trade.price.times(trade.shares)
            message = f"{trade.shares:,} shares at {trade.price} come to {comes_to}, the report says {trade.paid} was paid"
            yield rule.finding(message, posted.entry.number)


def _average_differs(rule: Rule, _: Position, posted: Posted) -> Iterator[Finding]:
    event = posted.entry.of(events.TradedShares)
    if event.trades and event.price is not None:
        decimals = max(2, -cast("int", event.price.amount.as_tuple().exponent))
        average = average_price([Lot(event.shares, None, total_paid(event.trades))], decimals)
        if average != event.price:
            message = f"the trades of {event.effective_on:%-d %B %Y} average {average} a share, the entry says {event.price}"
            yield rule.finding(message, posted.entry.number)


def _counted_twice(view: View) -> Iterator[Finding]:
    """Entries that an opening balance includes already: they were recorded before this was refused."""
    rule = rule_of(RULES, "HK102")
    found = dict[frozenset[int], tuple[Entry, Entry]]()
    for entry, balance in held_twice(view.passed.postings if view.passed else (), by_what(view.entries)):
        # Two opening balances of one day include each other: the second one is named.
        found[frozenset({entry.number, balance.number})] = entry, balance
    for entry, balance in found.values():
        recorded = f"entry {entry.number} of {day_text(entry.event.effective_on)}"
        yield rule.finding(f"{balance_of(balance)} holds {recorded} already: it counts twice", balance.number, entry.number)


def _conversion_differs(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    """Compare what was or may be converted with its price; fractions of shares and rounded rates make less than 1 %."""
    event, code = posted.entry.event, posted.entry.event.instrument
    right = position.terms.instruments.get(code or "")
    if right is None or right.currency is None or not right.bounded:
        return
    if isinstance(event, events.ConvertiblesConverted):
        price, amount, shares = event.price or posted.exercise_price, event.amount, event.shares + event.no_longer_issuable
        done = "was converted"
    else:
        left = EXACT.scaleb(Decimal(position.total(INSTRUMENT, right.code, OUTSTANDING)), -2)
        price, amount, shares = right.price, Money(right.currency, left), position.total(ISSUABLE, right.code, OUTSTANDING)
        done = "is outstanding"
    if price is None or price.currency != amount.currency:
        return
    comes_to = price.times(shares)
    if 100 * abs(EXACT.subtract(comes_to.amount, amount.amount)) > amount.amount:
        day = f"{event.effective_on:%-d %B %Y}"
        message = f"{shares:,} shares at {price} come to {comes_to}, and {amount} of {code} {done} on {day}"
        yield rule.finding(message, posted.entry.number)


RULES: tuple[Rule, ...] = (
    Rule(
        code="HK101",
        title="Balance asserted",
        citation="assertion of balance",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning="A balance recorded as balance-confirmed, from a filed return or a registrar's statement, equals the book's.",
        example="The Monthly Return says 36,393,336,530 issued shares of class B, the book 36,393,336,531.",
        clears="Find the entry that is missing, doubled or wrong before that day (captable history); or correct the assertion.",
        of=(events.BalanceConfirmed,),
        each=_balance_confirmed,
    ),
    Rule(
        code="HK102",
        title="Counted beside an opening balance",
        citation="opening balance of a book",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning="What a book begins with holds everything until close of its day. A fact of that day or before it, or a second "
        "opening balance, is added to it and counts twice. It is refused now; a book may hold it from before.",
        example="The book begins with 1,000 shares at close of 1 July 2024; 10 issued on 1 July are in it already.",
        clears="Withdraw the entry: captable withdraw ENTRY. Where the book needs it, correct the balance to one of a day before "
        "it, with what stood then (captable correct ENTRY --on DATE).",
        check=_counted_twice,
    ),
    Rule(
        code="HK201",
        title="Price of a trade",
        citation="FF305 Section II",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning="The price of a day's trade, times its shares, is what was paid.",
        example="700,000 shares at HKD 1.60 come to HKD 1,120,000; the report says HKD 1,120,500.",
        clears="Correct the trade from the broker's note: price, number or total.",
        of=(events.TradedShares,),
        each=_price_differs,
    ),
    Rule(
        code="HK202",
        title="Average price of a day",
        citation="FF305 Note 4",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning="The price of an entry with several trades is their volume-weighted average.",
        example="1,000 shares at HKD 1 and 1,000 at HKD 2 average HKD 1.50; the entry says HKD 1.60.",
        clears="Correct the price, or leave it out: it is then computed from the trades.",
        of=(events.TradedShares,),
        each=_average_differs,
    ),
    Rule(
        code="HK203",
        title="Price of a conversion",
        citation="FF301 Part III(C)",
        confidence=VERIFIED,
        severity=NOTICE,
        meaning="The shares that were or may be issued on a convertible, times the conversion price, are its amount within 1 %.",
        example="400,000 shares at HKD 2 come to HKD 800,000, and HKD 1,000,000 is outstanding at that price.",
        clears=(
            "Correct the price, the amount or the number; where the price was adjusted, give the shares that may be issued at "
            "it. Where the terms count otherwise, as with interest that is converted, the notice stands."
        ),
        of=(events.ConvertiblesIssued, events.ConvertiblesConverted, events.InstrumentTermsAdjusted),
        each=_conversion_differs,
    ),
)
"""The rules of this module."""
