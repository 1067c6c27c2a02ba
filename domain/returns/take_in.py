"""What a later return adds to a book: its movements as proposed facts, less those that the book has.

A Next Day Disclosure Return lists them day by day, with the purchases that are pending. A Monthly Return has what no other return
lists: grants, lapses, changes of the authorised capital, and movements too small to be disclosed the next day.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain import events
from domain.returns.documents import Change, MonthlyReturn, NextDayReturn, PendingShares, Return
from domain.returns.mandate_blocks import mandates
from domain.returns.monthly_facts import BY_HAND, monthly_facts
from domain.returns.proposals import Known, Proposed
from domain.returns.row_facts import ReturnRow, Trades, bought, fact_of


def facts_called_for(document: Return, known: Known) -> list[Proposed]:
    """The facts that a return calls for and a book does not have, in the order of recording; `known` takes them up."""
    found: list[Proposed] = []
    for proposed in monthly_facts(document, known) if isinstance(document, MonthlyReturn) else _next_day(document, known):
        if proposed.event is None or not known.has(proposed.event):
            found.append(proposed)
            known.facts += [proposed.event] if proposed.event is not None else []
    return found


def _next_day(document: NextDayReturn, known: Known) -> Iterator[Proposed]:
    yield from mandates(document, known)
    for at, section in enumerate(document.sections):
        share_class, trades = known.share_class(section.heading), Trades(document, section.heading.code, known)
        for place, pending in enumerate(section.pending):
            path = f"sections[{at}].pending[{place}]"
            if not _is_known(pending, share_class, known):
                yield Proposed(bought(_purchase(pending, share_class), trades, "cancellation"), path)
        for place, change in enumerate(section.changes):
            if change.issued.value or change.treasury.value:
                yield from _changed(_row(change, share_class), f"sections[{at}].changes[{place}]", trades)


def _is_known(pending: PendingShares, share_class: str, known: Known) -> bool:
    """Whether a book has the purchase; what is left of one that was cancelled in part is known too."""
    if pending.changed_on <= known.begins_on:
        return True
    return any(
        fact.effective_on == pending.changed_on and fact.share_class == share_class and fact.intention == "cancellation"
        for fact in known.of(events.SharesRepurchased)
    )


def _purchase(pending: PendingShares, share_class: str) -> ReturnRow:
    return ReturnRow(
        share_class, pending.category, pending.text, pending.changed_on, -(pending.shares.value or 0), 0, pending.price
    )


def _row(change: Change, share_class: str) -> ReturnRow:
    return ReturnRow(
        share_class, change.category, change.text, change.changed_on, change.issued.value or 0, change.treasury.value or 0,
        change.price, change.closing_market_price,
    )  # fmt: skip


def _changed(row: ReturnRow, path: str, trades: Trades) -> Iterator[Proposed]:
    fact = fact_of(row, trades)
    if fact is not None:
        yield Proposed(fact, path)
    elif not _is_the_other_side(row, trades.known):
        yield Proposed(None, path, BY_HAND)


def _is_the_other_side(row: ReturnRow, known: Known) -> bool:
    """Whether a decrease is that of class A in a conversion into class B, which is one fact."""
    return row.share_class == "A" and any(
        fact.effective_on == row.on and fact.shares == -row.issued for fact in known.of(events.ClassAConvertedToB)
    )
