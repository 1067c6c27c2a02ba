"""Prices held against averages of closing prices, exactly: fractions of whole numbers, never binary ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from domain.clearance.proposal import FIVE, Circumstances, Proposal
from domain.law.outcome import NO, NOT_CHECKED, OK, Outcome
from domain.values import EXACT, Money, percent, plain, sum_of

# In per cent: a purchase stays below 105 of the average (10.06(2)(a)), an issue or a sale above 80 of its benchmark (13.36(5),
# 13.36(5A)). The limit itself is not allowed.
CAP, FLOOR = 105, 80


def price_cap(circumstances: Circumstances) -> Outcome:
    """A purchase price stays below 105 % of the five-day average close: exactly 5 % above is not allowed."""
    proposal = circumstances.proposal
    if proposal.price is None or not proposal.closes:
        return NOT_CHECKED, _missing(proposal)
    average = _average(proposal.closes)
    price, cap = proposal.price.amount, _percent_of(average, CAP)
    beside = f"{_beside(price, average, Fraction(CAP - 100))} the five-day average close {_written(average, proposal)}"
    return (OK if price < cap else NO), f"{_written(price, proposal)} is {beside}; it must stay below {_written(cap, proposal)}"


def purchase_limit(closes: Sequence[Money]) -> Money:
    """The price that a purchase stays below, by the closing prices of the five trading days before (rule 10.06(2)(a))."""
    return Money(closes[0].currency, _percent_of(_average(closes), CAP))


def _missing(proposal: Proposal) -> str:
    missing = [words for value, words in ((proposal.price, "price"), (proposal.closes, "closing prices")) if not value]
    return f"no {' and no '.join(missing)} given"


_AVERAGE, _CLOSE, _PREVIOUS = "the five-day average close", "the close", "the previous close"


def placing_price(circumstances: Circumstances) -> Outcome:
    """An issue for cash is not at 20 % or more below the higher of the day's close and the five-day average.

    One of the two is enough to forbid; both are needed to allow.
    """
    proposal = circumstances.proposal
    average, close = _average(proposal.closes) if proposal.closes else None, proposal.close.amount if proposal.close else None
    asked = {_AVERAGE: "closing prices of the five days before", _CLOSE: "close of the day of the agreement"}
    return _above_floor(proposal, {_AVERAGE: average, _CLOSE: close}, asked)


def sale_price(circumstances: Circumstances) -> Outcome:
    """Treasury shares are not sold at 20 % or more below the higher of the previous close and the five-day average."""
    proposal = circumstances.proposal
    average, previous = (_average(proposal.closes), proposal.closes[-1].amount) if proposal.closes else (None, None)
    return _above_floor(proposal, {_AVERAGE: average, _PREVIOUS: previous}, {_AVERAGE: "closing prices of the five days before"})


def _above_floor(proposal: Proposal, known: dict[str, Decimal | None], asked: dict[str, str]) -> Outcome:
    if proposal.price is None:
        return NOT_CHECKED, "no price given"
    found = {words: amount for words, amount in known.items() if amount is not None}
    missing = [asked[words] for words, amount in known.items() if amount is None and words in asked]
    if not found:
        return NOT_CHECKED, f"no {' and no '.join(missing)} given"
    words, benchmark = max(found.items(), key=lambda item: item[1])
    price, floor = proposal.price.amount, _percent_of(benchmark, FLOOR)
    beside = f"{_beside(price, benchmark, Fraction(FLOOR - 100))} {words} {_written(benchmark, proposal)}"
    working = f"{_written(price, proposal)} is {beside}; it must stay above {_written(floor, proposal)}"
    if price > floor and missing:
        return NOT_CHECKED, f"{working}; no {missing[0]} given, which may ask for more"
    return (OK if price > floor else NO), working


# --- exact arithmetic, and how its figures are written -----------------------------------------------------------


def _average(closes: Iterable[Money]) -> Decimal:
    total = sum_of(close.amount for close in closes)
    # A fifth of a decimal is a decimal of one place more.
    return EXACT.divide(total, Decimal(FIVE))


def _percent_of(amount: Decimal, percent: int) -> Decimal:
    return EXACT.divide(EXACT.multiply(amount, Decimal(percent)), Decimal(100))


def _written(amount: Decimal, proposal: Proposal) -> str:
    """An amount with at least the decimals that the prices were given with, and no more than it has."""
    prices = [each.amount for each in (proposal.price, proposal.close, *proposal.closes) if each is not None]
    decimals = max(_decimals(each) for each in prices)
    digits = plain(amount)
    return digits if _decimals(amount) >= decimals else f"{Decimal(digits):.{decimals}f}"


def _decimals(amount: Decimal) -> int:
    return len(plain(amount).partition(".")[2])


def _beside(price: Decimal, base: Decimal, limit: Fraction) -> str:
    """How far a price is above or below a base, in per cent, written so that rounding never puts it on the limit."""
    if price == base:
        return "at"
    (over, under), (base_over, base_under) = price.as_integer_ratio(), base.as_integer_ratio()
    difference = (Fraction(over * base_under, under * base_over) - 1) * 100
    return f"{percent(abs(difference), abs(limit))} % {'above' if difference > 0 else 'below'}"
