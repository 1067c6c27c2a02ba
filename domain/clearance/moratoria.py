"""Days on which issues, sales and purchases are barred: after a purchase, after a treasury sale, after the listing.

`domain.clearance.clear` asks before a dealing, `domain.clearance.rules` holds every recorded one against the same days.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import attrs

from domain import events
from domain.capital.entries import Entry
from domain.clearance.proposal import Traded
from domain.events import Event
from domain.events.structured import Trade
from domain.law.parameters import MORATORIUM, TREASURY_REGIME
from domain.values import day_text, months_after

AFTER_LISTING = 6
"""Months after the listing in which nothing is issued (rule 10.08)."""


def on_the_exchange(trades: Iterable[Trade]) -> bool:
    """Whether a dealing was made on the Exchange, if only in part; one that does not say how it was made may have been."""
    methods = [trade.method.strip().lower() for trade in trades]
    return not methods or "on the exchange" in methods


def traded(entries: Iterable[Entry]) -> list[Traded]:
    """Every purchase of the issuer's own shares, and every sale of treasury shares on the Exchange, in the order of their days.

    Of a book that begins with shares bought and not yet cancelled, their purchases too, where it states their days.
    """
    return sorted(_traded(entries), key=lambda each: each.on)


def _traded(entries: Iterable[Entry]) -> Iterator[Traded]:
    for entry in entries:
        event = entry.event
        if isinstance(event, events.SharesRepurchased):
            yield Traded(event.effective_on, entry.number, bought=True)
        elif isinstance(event, events.TreasurySharesSold) and on_the_exchange(event.trades):
            yield Traded(event.effective_on, entry.number, bought=False)
        elif isinstance(event, events.BalanceBroughtForward):
            yield from (Traded(tranche.bought_on, entry.number, bought=True) for tranche in event.tranches)


def barring(dealings: Sequence[Traded], on: date, by: date = date.max) -> Traded | None:
    """The last of some dealings, in order of their days, that bars what is done on a day: made by then, and 30 days not over.

    Where `by` is given, only dealings made by that day count.
    """
    place = bisect_right(dealings, min(on, by), key=lambda each: each.on)
    last = dealings[place - 1] if place else None
    return last if last is not None and last.on + MORATORIUM >= on else None


# --- what a book shows --------------------------------------------------------------------------------------------

_NEW = (
    events.PlacingCompleted,
    events.ConsiderationSharesIssued,
    events.RightsIssueCompleted,
    events.OpenOfferCompleted,
    events.OtherSharesIssued,
    events.IssueAgreed,
)
_EVER = (date.min, date.max)
BARRED_AFTER_A_PURCHASE: Mapping[type[Event], tuple[date, date]] = {
    **dict.fromkeys(_NEW, _EVER),
    # Since June 2024 capitalisation issues and scrip are carved out, and sales of treasury shares are barred too.
    **dict.fromkeys((events.BonusIssueCompleted, events.ScripDividendIssued), (date.min, TREASURY_REGIME)),
    events.TreasurySharesSold: (TREASURY_REGIME, date.max),
}
"""What rule 10.06(3) bars after a purchase, from a day and until before another. Listings and share schemes are carved out."""

_EXERCISES = (events.WarrantsExercised, events.ConvertiblesConverted)
"""Barred where the instrument was not outstanding before the purchase."""

_SECURITIES = (*_NEW, events.WarrantsIssued, events.ConvertiblesIssued)
"""What rule 10.08 bars after the listing: schemes, capitalisation and the over-allotment option are carved out."""


@attrs.frozen
class Breach:
    """Something done on a day on which it was barred: the rule's code, what is wrong, and the entries, the barred one last."""

    code: str
    on: date
    message: str
    entries: tuple[int, ...]


def breaches(entries: Sequence[Entry]) -> Iterator[Breach]:
    """Everything recorded of a day on which it was barred, from entries in effective order."""
    dealings = traded(entries)
    bought, sold = ([each for each in dealings if each.bought is kind] for kind in (True, False))
    begun = _begun(entries)
    offering = next((entry for entry in entries if isinstance(entry.event, events.GlobalOfferingCompleted)), None)
    for entry in entries:
        kind = type(entry.event)
        if kind in BARRED_AFTER_A_PURCHASE or kind in _EXERCISES:
            yield from _after_a_purchase(entry, bought, begun)
        if kind is events.SharesRepurchased:
            yield from _after_a_sale(entry, sold)
        if offering is not None and kind in _SECURITIES:
            yield from _after_the_listing(entry, offering, begun)


def _begun(entries: Iterable[Entry]) -> Mapping[str, date]:
    """The day from which each instrument was outstanding, and that of each agreement."""
    named = ((entry.event.effective_on, entry.event) for entry in entries)
    return {
        (event.instrument if isinstance(event, events.InstrumentIssued) else event.agreement): day
        for day, event in named
        if isinstance(event, events.InstrumentIssued | events.IssueAgreed)
    }


def _after_a_purchase(entry: Entry, bought: Sequence[Traded], begun: Mapping[str, date]) -> Iterator[Breach]:
    event = entry.event
    # What was outstanding before the purchase may be exercised: only purchases made earlier bar it.
    by = begun[event.instrument] - timedelta(days=1) if isinstance(event, _EXERCISES) else date.max
    for day, words in _barred(event):
        if (last := barring(bought, day, by)) is not None:
            message = f"{event.shares:,} shares were {words} on {day_text(day)}: {_until(last, 'the purchase')}"
            yield Breach("HK308", day, message, (last.entry, entry.number))


def _barred(event: Event) -> Iterator[tuple[date, str]]:
    """The days on which an issue was agreed and made, or treasury shares were sold, as far as a purchase bars them."""
    since, until = BARRED_AFTER_A_PURCHASE.get(type(event), _EVER)
    if not since <= event.effective_on < until:
        return
    if (agreed := event.agreed_on) is not None:
        yield agreed, "agreed to be issued"
    words = {events.IssueAgreed: "agreed to be issued", events.TreasurySharesSold: "sold out of treasury"}
    yield event.effective_on, words.get(type(event), "issued")


def _after_a_sale(entry: Entry, sold: Sequence[Traded]) -> Iterator[Breach]:
    event = entry.event
    last = barring(sold, event.effective_on) if on_the_exchange(event.trades) else None
    if last is not None:
        message = (
            f"{event.shares:,} shares were bought back on {day_text(event.effective_on)}: {_until(last, 'the treasury sale')}"
        )
        yield Breach("HK309", event.effective_on, message, (last.entry, entry.number))


def _until(last: Traded, what: str) -> str:
    return f"barred up to and including {day_text(last.on + MORATORIUM)}, 30 days after {what} of {day_text(last.on)}"


def _after_the_listing(entry: Entry, offering: Entry, begun: Mapping[str, date]) -> Iterator[Breach]:
    event = entry.event
    listed_on, day = offering.event.effective_on, event.effective_on
    ends = months_after(listed_on, AFTER_LISTING)
    agreed = event.agreed_on or begun.get(event.agreement or "", day)
    # What was agreed before the listing is disclosed in the listing document.
    if listed_on < day <= ends and agreed > listed_on:
        message = f"securities were issued or agreed to be issued on {day_text(day)}: barred up to and including {day_text(ends)}"
        yield Breach("HK311", day, f"{message}, six months after the listing", (offering.number, entry.number))
