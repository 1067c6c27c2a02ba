"""The rows of a return that a book lacks: each is matched with the facts of its kind, class and day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from domain import events
from domain.events import Event
from domain.returns.categories import CATEGORIES, category
from domain.returns.proposals import Known, shares_of
from domain.returns.row_facts import ReturnRow, converts_with, kind_of, named_by

PlacedRow = tuple[str, ReturnRow]
"""The path of a row in its return, and the row."""


def lacking(rows: Sequence[PlacedRow], known: Known, month_end: date | None = None) -> list[PlacedRow]:
    """The rows of a class that no facts of a book match. Each fact matches one row.

    Several facts of a day may stand in one row, and one fact in several rows, such as a row for each currency. In a Monthly
    Return, of the month that ends on `month_end`, one row may also hold all that is left of the month.
    """
    facts = list(known.facts)
    left = [(path, row) for path, row in rows if row.on > known.begins_on and not _stands_elsewhere(row, known)]
    for match in (_at_its_price, _one, _all, _part):
        left = [(path, row) for path, row in left if not _taken(row, (row.on, row.on), match, facts, known)]
    if month_end is not None:
        month = month_end.replace(day=1), month_end
        left = [(path, row) for path, row in left if not _taken(row, month, _all, facts, known)]
    return left


def _taken(row: ReturnRow, days: tuple[date, date], match: Match, facts: list[Event], known: Known) -> bool:
    """Whether facts of some days match a row; those that do are removed."""
    first, last = days
    used = match(row, [fact for fact in facts if first <= fact.effective_on <= last and _is_alike(fact, row, known)])
    for fact in used or ():
        facts.pop(next(at for at, each in enumerate(facts) if each is fact))
    return used is not None


Match = Callable[[ReturnRow, Sequence[Event]], Sequence[Event] | None]
"""Which facts, of those alike, match a row; None if they do not."""


def _at_its_price(row: ReturnRow, alike: Sequence[Event]) -> Sequence[Event] | None:
    return _one(row, [fact for fact in alike if fact.price == row.price])


def _one(row: ReturnRow, alike: Sequence[Event]) -> Sequence[Event] | None:
    return [fact for fact in alike if shares_of(fact) == row.shares][:1] or None


def _all(row: ReturnRow, alike: Sequence[Event]) -> Sequence[Event] | None:
    return alike if sum(map(shares_of, alike)) == row.shares else None


def _part(row: ReturnRow, alike: Sequence[Event]) -> Sequence[Event] | None:
    return () if sum(map(shares_of, alike)) > row.shares else None


def _stands_elsewhere(row: ReturnRow, known: Known) -> bool:
    """Whether a row is the other side of a conversion, which is read from the block of the class that grows."""
    return kind_of(row)[0] is events.ClassAConvertedToB and row.issued < 0 and converts_with(row, known) is not None


def _is_alike(fact: Event, row: ReturnRow, known: Known) -> bool:
    kind, how = kind_of(row)
    if kind is None or not _is_worded_alike(fact, kind, how):
        return False
    if isinstance(fact, events.ClassAConvertedToB):
        return row.share_class in (fact.from_class, fact.to_class)
    return known.class_of(fact) == row.share_class and named_by(row, kind, known) in (None, fact.scheme, fact.instrument)


def _is_worded_alike(fact: Event, kind: type[Event], how: str) -> bool:
    """Whether a fact is of a kind; purchases and redemptions differ by what the shares are then, in the words of the forms."""
    if isinstance(fact, events.SharesRepurchased | events.SharesRedeemed | events.RedeemedSharesCancelled):
        return how in CATEGORIES[kind] and category(fact).wording == CATEGORIES[kind][how].wording
    return type(fact) is kind
