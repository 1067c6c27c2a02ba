"""Rules about what is listed on the Exchange: one stock code for each security, and dealings on it in listed classes alone."""

from __future__ import annotations

from collections.abc import Iterator

from domain import events
from domain.capital.accounts import INSTRUMENT, OUTSTANDING
from domain.capital.balances import Posted
from domain.capital.position import Position
from domain.clearance.moratoria import on_the_exchange
from domain.law.rule import MISMATCH, VERIFIED, Finding, Rule


def _code_of_two(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    event = posted.entry.event
    assert isinstance(event, events.ShareClassCreated | events.ShareClassDetailsChanged | events.InstrumentIssued)  # noqa: S101
    counters = () if isinstance(event, events.InstrumentIssued) else event.counters or ()
    named = [event.stock_code, *(counter.stock_code for counter in counters)]
    for code in dict.fromkeys(code for code in named if code is not None):
        having = [owner for owner, codes in _codes(position) if code in codes]
        if len(having) > 1:
            yield rule.finding(f"stock code {code} is that of {' and of '.join(having)}", posted.entry.number)


def _codes(position: Position) -> Iterator[tuple[str, list[str | None]]]:
    """The securities of the book, each counter apart, with their stock codes. What is over has given its code back."""
    for share in position.terms.classes.values():
        if share.abolished_on is None:
            yield f"class {share.code}", [share.stock_code]
            for counter in share.counters:
                yield f"the {counter.currency} counter of class {share.code}", [counter.stock_code]
    for code, instrument in position.terms.instruments.items():
        if position.total(INSTRUMENT, code, OUTSTANDING):
            yield f"instrument {code}", [instrument.stock_code]


def _not_listed(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    event = posted.entry.of(events.TradedShares)
    if event.trades and on_the_exchange(event.trades) and not position.terms.classes[event.share_class].listed:
        dealt = "bought back" if isinstance(event, events.SharesRepurchased) else "sold"
        message = f"shares of class {event.share_class} were {dealt} on the Exchange on {event.effective_on:%-d %B %Y}"
        yield rule.finding(f"{message}, and it is not listed there", posted.entry.number)


RULES: tuple[Rule, ...] = (
    Rule(
        code="HK346",
        title="Stock code of two securities",
        citation="the Exchange's stock codes",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning="A stock code, and that of a further counter, is the code of one class of shares or of one listed instrument.",
        example="Warrants recorded with the stock code of the shares.",
        clears="Correct the code: captable correct ENTRY --stock-code CODE, or --counters.",
        of=(events.ShareClassCreated, events.ShareClassDetailsChanged, events.InstrumentIssued),
        each=_code_of_two,
    ),
    Rule(
        code="HK347",
        title="Dealings in what is not listed",
        citation="FF305 Sections II and III: the method of each trade",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning="Shares that are bought or sold on the Exchange are of a class that is listed on it.",
        example="Class A, which is not listed, bought back on the Exchange.",
        clears="Correct the class or the method of the trades; or record that the class is listed: captable correct ENTRY "
        "--listed.",
        of=(events.TradedShares,),
        each=_not_listed,
    ),
)
"""The rules of this module."""
