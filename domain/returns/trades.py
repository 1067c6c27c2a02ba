"""Sections II and III of the Next Day Disclosure Return: repurchases and sales of treasury shares, trade by trade."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from domain import events
from domain.capital.accounts import MANDATE, USED
from domain.capital.balances import Posted
from domain.capital.ledger import Period
from domain.capital.opening import begins_on, use_not_known
from domain.events import Event
from domain.events.structured import Trade
from domain.returns.cells import BLANK, ClassHeading, Figure, Percentage
from domain.returns.documents import MandateBlock, TradeReport, TradeRow
from domain.returns.figures import by_currency, closing, in_order
from domain.returns.forms import Form
from domain.values import Money

# Rule 10.06(3): no issue for 30 days after a purchase. Counted in calendar days from the last trading date.
MORATORIUM = timedelta(days=30)


def reports(changes: Period, headings: Iterable[ClassHeading], kind: type[Event], form: Form) -> tuple[TradeReport, ...]:
    """Section II or III: a block for each class of which shares were bought back, or treasury shares were sold."""
    found = []
    for heading in headings:
        own = [each for each in changes.during if each.entry.event.share_class == heading.code]
        traded = [each for each in own if isinstance(each.entry.event, kind)]
        if traded:
            found.append(_report(changes, heading, in_order(traded), form))
    return tuple(found)


def _report(changes: Period, heading: ClassHeading, traded: list[Posted], form: Form) -> TradeReport:
    unnamed = None if form.edition.trades_as_filed else "On the Exchange"
    rows = tuple(row for each in traded for row in _rows(each, unnamed))
    for_cancellation, for_treasury = (_bought_for(aim, traded, form) for aim in ("cancellation", "treasury"))
    return TradeReport(
        heading=heading,
        rows=rows,
        shares=_sum(traded),
        totals=by_currency(row.total for row in rows),
        for_cancellation=for_cancellation,
        for_treasury=for_treasury,
        mandate=_mandate(changes, traded, form),
    )


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


def _rows(posted: Posted, unnamed: str | None) -> list[TradeRow]:
    """A row for each method; without trades in detail one row of what is known of the day, its method `unnamed`."""
    event = posted.entry.of(events.TradedShares)
    entries = (posted.entry.number,)
    if not event.trades:
        total = event.price.times(event.shares) if event.price else None
        return [TradeRow(event.effective_on, Figure(event.shares, entries), unnamed, event.price, None, total)]
    return [
        TradeRow(event.effective_on, Figure(trade.shares, entries), trade.method, *_prices(trade), trade.paid)
        for trade in event.trades
    ]


def _prices(trade: Trade) -> tuple[Money | None, Money | None]:
    """The column of the price or highest price, and that of the lowest, which is empty for a single price."""
    return (trade.price, None) if trade.price is not None else (trade.highest, trade.lowest)


def mandates_not_known(changes: Period) -> Iterator[str]:
    """Why block B stays open for a mandate that the period's trades used."""
    traded = (each.entry.event for each in changes.during if isinstance(each.entry.event, events.TradedShares))
    for code in sorted({event.mandate for event in traded if event.mandate is not None}):
        if (reason := _not_known(changes, code)) is not None:
            yield reason


def _not_known(changes: Period, code: str) -> str | None:
    """Why it is not known what was done under a mandate: it is older than the book, or its classes were not treated alike."""
    mandate = changes.closing.terms.mandates[code]
    return use_not_known(mandate, begins_on(changes.entries), changes.closed_on) or mandate.uneven


def _mandate(changes: Period, traded: list[Posted], form: Form) -> MandateBlock | None:
    """Block B: the mandate that the last of the trades used, with all that was done under it until the closing date.

    What was done under a mandate older than the book stays open until it is recorded, and so does what one allows whose classes
    were not reorganised alike.
    """
    terms = changes.closing.terms
    code = next((name for each in reversed(traded) if (name := each.entry.event.mandate)), None)
    if code is None:
        return None
    mandate = terms.mandates[code]
    known = not form.edition.reasons or _not_known(changes, code) is None
    used = closing(changes, (USED,), code, MANDATE)
    bought = isinstance(traded[-1].entry.event, events.SharesRepurchased)
    return MandateBlock(
        granted_on=mandate.granted_on,
        limit=None if form.edition.reasons and mandate.uneven_on else mandate.limit,
        used=used if known else BLANK,
        percent=Percentage(used.value or 0, mandate.base_now, terms.settings.mandate_decimals) if known else None,
        moratorium_until=traded[-1].entry.event.effective_on + MORATORIUM if bought else None,
        explanatory_statement_on=mandate.explanatory_statement_on,
    )
