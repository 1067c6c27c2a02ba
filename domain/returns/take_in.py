"""What a later return adds to a book: its movements as proposed facts, less those that the book has.

A Next Day Disclosure Return lists them day by day, with the purchases that are pending. A Monthly Return has what no other return
lists: grants, lapses, changes of the authorised capital, and movements too small to be disclosed the next day.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from domain.returns.documents import Change, MonthlyReturn, NextDayReturn, PendingShares, Return
from domain.returns.mandate_blocks import mandates
from domain.returns.monthly_facts import monthly_facts
from domain.returns.proposals import Known, Proposed
from domain.returns.recorded_rows import facts_of
from domain.returns.row_facts import ReturnRow, Trades


def facts_called_for(document: Return, known: Known) -> list[Proposed]:
    """The facts that a return calls for and a book does not have, in the order of recording; `known` takes them up."""
    found: list[Proposed] = []
    for proposed in monthly_facts(document, known) if isinstance(document, MonthlyReturn) else _next_day(document, known):
        if proposed.event in known.facts:
            found.append(Proposed(None, proposed.path, ALIKE))
        else:
            found.append(proposed)
            known.facts += [proposed.event] if proposed.event is not None else []
    return found


ALIKE = "another fact reads the same: record this one by hand, with a --command-id of its own"


def _next_day(document: NextDayReturn, known: Known) -> Iterator[Proposed]:
    yield from mandates(document, known)
    for at, section in enumerate(document.sections):
        share_class, trades = known.share_class(section.heading), Trades(document, section.heading.code, known)
        rows, restated = [], set()
        for place, waiting in enumerate(section.pending):
            path, split = f"sections[{at}].pending[{place}]", known.split(share_class, waiting.changed_on, section.closing.on)
            rows.append((path, _pending(waiting, share_class, split)))
            if split != 1:
                restated.add(path)
        for place, change in enumerate(section.changes):
            if change.issued.value or change.treasury.value:
                rows.append((f"sections[{at}].changes[{place}]", _row(change, share_class)))
        for proposed in facts_of(rows, known, trades):
            yield Proposed(None, proposed.path, RESTATED) if proposed.path in restated else proposed


RESTATED = "bought before a reorganisation, and printed in the shares of after it: record the purchase by hand"


def _pending(pending: PendingShares, share_class: str, split: Fraction) -> ReturnRow:
    """A purchase as a row, in the shares of its day: what is pending is printed in the shares of the return's."""
    bought = (pending.shares.value or 0) * split.denominator // split.numerator
    return ReturnRow(share_class, pending.category, pending.text, pending.changed_on, -bought, 0, pending.price)


def _row(change: Change, share_class: str) -> ReturnRow:
    return ReturnRow(
        share_class, change.category, change.text, change.changed_on, change.issued.value or 0, change.treasury.value or 0,
        change.price, change.closing_market_price,
    )  # fmt: skip
