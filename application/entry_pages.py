"""Pages of a book's entries: those that a filter keeps, so many at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import attrs

from application import ask
from application.ask import HistoryLine
from application.ports import EventStore
from domain.capital.entries import Entry
from domain.capital.terms import REFERENCES, unknown
from domain.events import Event

SIZE, LARGEST = 50, 1_000
"""How many entries a page has unless asked, and at most."""


@attrs.frozen(kw_only=True)
class EntryFilter:
    """Which entries are wanted; what is left out restricts nothing.

    `kinds` are event types; `about` is the code of a class, mandate, scheme or instrument that the entry names; `since` and
    `until` are effective days, inclusive; `text` is looked for, in any case, in everything the entry says; `standing` leaves
    out entries that another one replaces.
    """

    kinds: frozenset[type[Event]] = frozenset()
    about: str | None = None
    since: date | None = None
    until: date | None = None
    text: str = ""
    standing: bool = False
    numbers: frozenset[int] = frozenset()

    def keeps(self, line: HistoryLine) -> bool:
        """Whether an entry is wanted."""
        event = line.entry.event
        return (
            (not self.kinds or type(event) in self.kinds)
            and (not self.numbers or line.entry.number in self.numbers)
            and (self.since is None or event.effective_on >= self.since)
            and (self.until is None or event.effective_on <= self.until)
            and not (self.standing and line.replaced_by is not None)
            and (self.about is None or self.about in codes_named(event))
            and (not self.text or self.text.casefold() in _said(line.entry).casefold())
        )


@attrs.frozen
class EntryPage:
    """A page of entries: those after the first `skipped` of `total` that the filter keeps. `size` is how many it may have."""

    lines: tuple[HistoryLine, ...]
    skipped: int
    size: int
    total: int

    @property
    def number(self) -> int:
        """The page's number, from 1."""
        return self.skipped // self.size + 1

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-self.total // self.size), 1)


def entry_page(
    lines: Sequence[HistoryLine], wanted: EntryFilter, number: int = 1, size: int = SIZE, *, latest: bool = True
) -> EntryPage:
    """A page of the lines of a history that a filter keeps, those recorded last first unless asked otherwise.

    Raises ValueError for a page below 1 or a size outside 1 to LARGEST.
    """
    if number < 1 or not 1 <= size <= LARGEST:
        raise ValueError(f"expected a page from 1 and a size from 1 to {LARGEST:,}, got page {number} of size {size}")
    # A long book that nothing is left out of is not gone through.
    kept = lines if wanted == _EVERYTHING else [line for line in lines if wanted.keeps(line)]
    skipped, total = (number - 1) * size, len(kept)
    first, last = (max(total - skipped - size, 0), max(total - skipped, 0)) if latest else (skipped, skipped + size)
    chosen = kept[first:last]
    return EntryPage(tuple(chosen[::-1] if latest else chosen), skipped, size, total)


_EVERYTHING = EntryFilter()


# --- of a store ---------------------------------------------------------------------------------------------------


def last_kept(
    store: EventStore, issuer: str, wanted: EntryFilter, count: int | None = None, known_at: datetime | None = None
) -> list[HistoryLine]:
    """The last entries that a filter keeps, so many or all, in the order of recording; the store looks for them.

    Raises NotFound for a code that the book does not know, StoreDamaged if an entry that is read does not fit its hash.
    """
    end = store.ledger(issuer, until=date.min, known_at=known_at).number
    found: list[HistoryLine] = []
    below, size = end + 1, max(count or 0, SIZE)
    while below > 1 and (count is None or len(found) < count):
        numbers = store.selected(issuer, below, size, wanted.kinds, wanted.since, wanted.until, wanted.about)
        found += filter(wanted.keeps, _numbered(store, issuer, numbers, end))
        below = numbers[-1] if len(numbers) == size else 1
        # What is rare takes few queries, and what is common is not looked for longer than it takes.
        size *= 4
    if not found and wanted.about is not None:
        _check_known(store, issuer, wanted.about, known_at)
    return found[:count][::-1]


def _numbered(store: EventStore, issuer: str, numbers: Sequence[int], end: int) -> list[HistoryLine]:
    """The lines of some entries, in the order of their numbers as given."""
    read = {each.number: each for each in store.numbered(issuer, numbers) if each.number <= end}
    entries = [read[number] for number in numbers]
    before = {each.replaces for each in entries if each.replaces is not None} - read.keys()
    replaced = store.numbered(issuer, sorted(before)) if before else []
    return ask.lines(entries, [*replaced, *read.values()])


def _check_known(store: EventStore, issuer: str, code: str, known_at: datetime | None) -> None:
    terms = store.ledger(issuer, known_at=known_at).at(date.max).terms
    if not any(code in terms.named(kind) for kind in set(REFERENCES.values())) and code not in terms.classes:
        raise ask.NotFound(unknown(terms, "class", code))


# --- what an entry says -------------------------------------------------------------------------------------------


def codes_named(event: Event) -> frozenset[str]:
    """The codes of classes, mandates, schemes and instruments that an event names."""
    return frozenset(code for name in _fields(type(event)) if name in REFERENCES for code in _codes(getattr(event, name)))


def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(kind))


def _codes(named: object) -> Iterator[str]:
    yield from (str(each) for each in (named if isinstance(named, tuple) else (named,)) if each is not None)


def _said(entry: Entry) -> str:
    values = (getattr(entry.event, name) for name in _fields(type(entry.event)))
    beside = (type(entry.event).__name__, entry.source, entry.recorded_by, entry.command_id)
    return "\n".join(str(value) for value in (*values, *beside) if value is not None)
