"""What the rows of a return add to a book: each row beside the facts of its kind, class and day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from domain import events
from domain.events import Event
from domain.returns.categories import CATEGORIES, category
from domain.returns.proposals import BY_HAND, Known, Proposed, shares_of
from domain.returns.row_facts import ReturnRow, Trades, converts_with, fact_of, kind_of, named_by

PlacedRow = tuple[str, ReturnRow]
"""The path of a row in its return, and the row."""


OTHERWISE = "the book has another number of it: compare them by hand"


def facts_of(rows: Sequence[PlacedRow], known: Known, trades: Trades, month_end: date | None = None) -> Iterator[Proposed]:
    """The facts that the rows of a class print and a book lacks. Each fact of the book counts for one row.

    Several facts of a day may stand in one row, and one fact in several rows, such as a row for each currency. In a Monthly
    Return, of the month that ends on `month_end`, one row may also hold all that is left of the month. A row is not recorded
    beside facts of the book that are like it and stand in no other row: one of the two is corrected.
    """
    facts = list(known.facts)
    left = [(path, row) for path, row in rows if row.on > known.begins_on and not _is_accounted_for(row, known)]
    for match in (_at_its_price, _one, _all, _part):
        left = [(path, row) for path, row in left if not _taken(row, (row.on, row.on), match, facts, known)]
    if month_end is not None:
        month = month_end.replace(day=1), month_end
        left = [(path, row) for path, row in left if not _taken(row, month, _all, facts, known)]
    for path, row in left:
        days = month if month_end is not None and row.on == month_end else (row.on, row.on)
        if _like(row, days, facts, known):
            yield Proposed(None, path, OTHERWISE)
        else:
            fact = fact_of(row, trades)
            yield Proposed(fact, path, BY_HAND if fact is None else "")


def _taken(row: ReturnRow, days: tuple[date, date], match: Match, facts: list[Event], known: Known) -> bool:
    """Whether facts of some days match a row; those that do are removed."""
    used = match(row, _like(row, days, facts, known))
    for fact in used or ():
        facts.pop(next(at for at, each in enumerate(facts) if each is fact))
    return used is not None


def _like(row: ReturnRow, days: tuple[date, date], facts: Sequence[Event], known: Known) -> list[Event]:
    first, last = days
    return [fact for fact in facts if first <= fact.effective_on <= last and _is_alike(fact, row, known)]


Match = Callable[[ReturnRow, Sequence[Event]], Sequence[Event] | None]
"""Which of the facts like a row match it; None if they do not."""


def _at_its_price(row: ReturnRow, alike: Sequence[Event]) -> Sequence[Event] | None:
    return _one(row, [fact for fact in alike if fact.price == row.price])


def _one(row: ReturnRow, alike: Sequence[Event]) -> Sequence[Event] | None:
    return [fact for fact in alike if shares_of(fact) == row.shares][:1] or None


def _all(row: ReturnRow, alike: Sequence[Event]) -> Sequence[Event] | None:
    return alike if sum(map(shares_of, alike)) == row.shares else None


def _part(row: ReturnRow, alike: Sequence[Event]) -> Sequence[Event] | None:
    return () if sum(map(shares_of, alike)) > row.shares else None


def _is_accounted_for(row: ReturnRow, known: Known) -> bool:
    """Whether a row calls for nothing whatever its number.

    It is the other side of a conversion, which is read from the block of the class that grows, or a reorganisation that the book
    has: a return prints how many shares there were more or fewer, and no ratio.
    """
    kind, _ = kind_of(row)
    if kind is events.ClassAConvertedToB:
        return row.issued < 0 and converts_with(row, known) is not None
    reorganises = kind is not None and issubclass(kind, events.Reorganisation)
    return reorganises and known.split(row.share_class, row.on - timedelta(days=1), row.on) != 1


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
