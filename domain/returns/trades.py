"""Sections II and III of the Next Day Disclosure Return: repurchases and sales of treasury shares, trade by trade."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from domain import events
from domain.capital.accounts import MANDATE, USED, change
from domain.capital.balances import Posted
from domain.capital.ledger import Period
from domain.capital.opening import begins_on, use_not_known
from domain.capital.terms import Reorganised, scale
from domain.events import Event
from domain.events.structured import Trade, is_off_market, names_another_exchange
from domain.law.parameters import MORATORIUM
from domain.returns.cells import BLANK, ClassHeading, Figure, Percentage
from domain.returns.documents import MandateBlock, TradeReport, TradeRow
from domain.returns.figures import by_currency, closing, in_order
from domain.returns.forms import Form
from domain.values import Money, day_text


def reports(changes: Period, headings: Iterable[ClassHeading], kind: type[Event], form: Form) -> tuple[TradeReport, ...]:
    """Section II or III: a block for each class of which shares were bought back, or treasury shares were sold on an exchange."""
    found = []
    for heading in headings:
        own = [each for each in changes.during if each.entry.event.share_class == heading.code]
        traded = [each for each in own if isinstance(each.entry.event, kind)]
        listed = [each for each in traded if _is_listed(each.entry.of(events.TradedShares), form)]
        if listed:
            found.append(_report(changes, heading, in_order(listed), form))
    return tuple(found)


def _listed(event: events.TradedShares, form: Form) -> tuple[Trade, ...]:
    """The trades that a report lists: in Section II every purchase, in Section III the sales made on an exchange."""
    every = isinstance(event, events.SharesRepurchased) or not form.edition.trades_as_filed
    return tuple(trade for trade in event.trades if every or not is_off_market(trade.method))


def _is_listed(event: events.TradedShares, form: Form) -> bool:
    """Whether a report lists a day's trades; if it is not recorded where a sale was made, it does, and leaves the method open."""
    return not event.trades or bool(_listed(event, form))


def _report(changes: Period, heading: ClassHeading, traded: list[Posted], form: Form) -> TradeReport:
    rows = tuple(row for each in traded for row in _rows(each, form))
    for_cancellation, for_treasury = (_bought_for(aim, traded, form) for aim in ("cancellation", "treasury"))
    return TradeReport(
        heading=heading,
        rows=rows,
        shares=Figure(sum(row.shares.value or 0 for row in rows), tuple(each.entry.number for each in traded)),
        totals=() if _left_open(rows, form) else by_currency(row.total for row in rows),
        for_cancellation=for_cancellation,
        for_treasury=for_treasury,
        mandate=_mandate(changes, traded, form),
    )


def _left_open(rows: Iterable[TradeRow], form: Form) -> bool:
    """Whether what was paid or raised in all is not known: of one row it is not recorded."""
    return form.edition.trades_as_filed and any(row.total is None for row in rows)


def _bought_for(aim: str, traded: list[Posted], form: Form) -> Figure:
    """What was bought for cancellation, or into treasury; nothing is bought in Section III."""
    events_traded = ((each, each.entry.event) for each in traded)
    bought = [(each, event.intention) for each, event in events_traded if isinstance(event, events.SharesRepurchased)]
    aimed = [each for each, intention in bought if intention == aim]
    return Figure(0) if bought and not aimed and form.edition.trades_as_filed else _sum(aimed)


def _sum(traded: list[Posted]) -> Figure:
    if not traded:
        return BLANK
    return Figure(sum(each.entry.of(events.TradedShares).shares for each in traded), tuple(each.entry.number for each in traded))


def _rows(posted: Posted, form: Form) -> list[TradeRow]:
    """A row for each method; without trades in detail one row of what is known of the day, its method left open."""
    event = posted.entry.of(events.TradedShares)
    entries = (posted.entry.number,)
    if not event.trades:
        total = event.price.times(event.shares) if event.price else None
        method = None if form.edition.trades_as_filed else "On the Exchange"
        return [TradeRow(event.effective_on, Figure(event.shares, entries), method, event.price, None, total)]
    return [
        TradeRow(event.effective_on, Figure(trade.shares, entries), trade.method, *_prices(trade), trade.paid)
        for trade in _listed(event, form)
    ]


def _prices(trade: Trade) -> tuple[Money | None, Money | None]:
    """The column of the price or highest price, and that of the lowest, which is empty for a single price."""
    return (trade.price, None) if trade.price is not None else (trade.highest, trade.lowest)


def mandates_not_known(changes: Period) -> Iterator[str]:
    """Why block B stays open for a mandate that the period's trades used."""
    traded = _traded(changes)
    for code in sorted({event.mandate for event in traded if event.mandate is not None}):
        if (reason := _not_known(changes, code)) is not None:
            yield reason
    for day in sorted({event.general_meeting_on for event in traded if not event.mandate and event.general_meeting_on}):
        yield f"what the general meeting of {day_text(day)} allowed to be traded, and what was, is not recorded as a mandate"


def of_several_mandates(changes: Period, form: Form) -> Iterator[str]:
    """Reports of trades under several mandates: block B asks for one resolution, and gives that of the last of the trades."""
    under: dict[tuple[str, str], dict[str, None]] = {}
    for event in _traded(changes):
        if event.mandate is not None and _is_listed(event, form):
            section = "II" if isinstance(event, events.SharesRepurchased) else "III"
            under.setdefault((section, event.share_class), {})[event.mandate] = None
    for (section, code), mandates in under.items():
        if len(mandates) > 1:
            named = " and ".join(mandates)
            yield f"trades of class {code} in Section {section} are under {named}: block B has room for one mandate, the last"


def _traded(changes: Period) -> list[events.TradedShares]:
    return [each.entry.event for each in changes.during if isinstance(each.entry.event, events.TradedShares)]


def _not_known(changes: Period, code: str) -> str | None:
    """Why it is not known what was done under a mandate: it is older than the book, or its classes were not treated alike."""
    mandate = changes.closing.terms.mandates[code]
    return use_not_known(mandate, begins_on(changes.entries), changes.closed_on) or mandate.uneven


def _traded_under(changes: Period, code: str, kind: type[Event], form: Form) -> Figure:
    """What was bought or sold on an exchange under a mandate: what was used of it, but for what was done in another way.

    In FF304 that is what was bought on the Exchange alone. What was done before the book, or nobody says how, counts.
    """
    used, otherwise, others = closing(changes, (USED,), code, MANDATE), 0, set[int]()
    for entry, movements, *_ in (*changes.before, *changes.during):
        moved = change(movements, MANDATE, code, (USED,))
        if isinstance(entry.event, Reorganised):
            times, by = scale(entry.event)
            otherwise = otherwise * times // by
        elif moved and not isinstance(entry.event, events.MandateGranted) and form.edition.trades_as_filed:
            on_exchange = _on_exchange(entry.event, form) if isinstance(entry.event, kind) else 0
            otherwise += moved - on_exchange
            others |= set() if on_exchange else {entry.number}
    return attrs.evolve(
        used, value=(used.value or 0) - otherwise, entries=tuple(each for each in used.entries if each not in others)
    )


def _on_exchange(event: Event, form: Form) -> int:
    """The shares of a day's trades that were traded on an exchange, or nobody says where."""
    counted = (
        trade.shares
        for trade in event.trades
        if not is_off_market(trade.method) and (form.treasury_shares or not names_another_exchange(trade.method))
    )
    return sum(counted) if event.trades else event.shares or 0


def _mandate(changes: Period, traded: list[Posted], form: Form) -> MandateBlock | None:
    """Block B: the mandate that the last of the trades used, with all that was done under it until the closing date.

    What was done under a mandate older than the book stays open until it is recorded, and so does what one allows whose classes
    were not reorganised alike.
    """
    terms = changes.closing.terms
    code = next((name for each in reversed(traded) if (name := each.entry.event.mandate)), None)
    if code is None:
        return _by_resolution(traded[-1]) if form.edition.approvals_in_full else None
    mandate = terms.mandates[code]
    known = not form.edition.reasons or _not_known(changes, code) is None
    used = _traded_under(changes, code, type(traded[-1].entry.event), form)
    return MandateBlock(
        granted_on=mandate.granted_on,
        limit=None if form.edition.reasons and mandate.uneven_on else mandate.limit,
        used=used if known else BLANK,
        percent=Percentage(used.value or 0, mandate.base_now, terms.settings.mandate_decimals) if known else None,
        moratorium_until=_moratorium(traded[-1]),
        explanatory_statement_on=mandate.explanatory_statement_on,
    )


def _by_resolution(last: Posted) -> MandateBlock | None:
    """Block B of trades that name a general meeting and no mandate: what it allowed, and what was done under it, is left open."""
    meeting_on = last.entry.event.general_meeting_on
    return None if meeting_on is None else MandateBlock(meeting_on, None, BLANK, None, _moratorium(last))


def _moratorium(last: Posted) -> date | None:
    """The day until which no share may be issued after the last of the trades, where it is a purchase."""
    event = last.entry.event
    return event.effective_on + MORATORIUM if isinstance(event, events.SharesRepurchased) else None
