"""Pages of a book's entries: those that a filter keeps, so many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import attrs

from application import ask
from application.ask import HistoryLine
from application.ports import EventStore
from application.release import fact_of
from domain.capital.codes import REFERENCES, codes_named
from domain.capital.entries import Entry
from domain.capital.terms import unknown
from domain.errors import NotFound
from domain.events import Event

SIZE, LARGEST = 50, 1_000
"""How many entries a page has unless asked, and at most."""


@attrs.frozen(kw_only=True)
class EntryFilter:
    """Which entries are wanted; what is left out restricts nothing.

    `kinds` are event types; `about` is the code of a class, mandate, scheme or instrument that the entry names. What was proposed
    to wait for release is of the type of its fact as well, and names what that names. `since` and `until` are effective days,
    inclusive; `text` is looked for, in any case, in everything the entry says; `standing` leaves out entries that another one
    replaces.
    """

    kinds: frozenset[type[Event]] = frozenset()
    about: str | None = None
    since: date | None = None
    until: date | None = None
    text: str = ""
    standing: bool = False
    numbers: frozenset[int] = frozenset()

    @property
    def reads_entries(self) -> bool:
        """Whether it asks for what only the entry itself says; all else stands in columns of its own."""
        return self.about is not None or bool(self.text)

    def keeps(self, store: EventStore, line: HistoryLine) -> bool:
        """Whether an entry of a store is wanted."""
        event = line.entry.event
        fact = fact_of(store, event)
        return (
            (not self.kinds or not self.kinds.isdisjoint({type(event), type(fact)}))
            and (not self.numbers or line.entry.number in self.numbers)
            and (self.since is None or event.effective_on >= self.since)
            and (self.until is None or event.effective_on <= self.until)
            and not (self.standing and line.replaced_by is not None)
            and (self.about is None or self.about in (code for _, _, code in codes_named(fact)))
            and (not self.text or self.text.casefold() in _said(line.entry).casefold())
        )


@attrs.frozen
class EntryPage:
    """A page of entries: those after the first `skipped` of `total` that the filter keeps. `size` is how many it may have.

    `searched` is how many entries were gone through, the last recorded, if not all that the other conditions leave.
    """

    lines: tuple[HistoryLine, ...]
    skipped: int
    size: int
    total: int
    searched: int | None = None

    @property
    def number(self) -> int:
        """The page's number, from 1."""
        return self.skipped // self.size + 1

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-self.total // self.size), 1)


def entry_page(
    store: EventStore, lines: Sequence[HistoryLine], wanted: EntryFilter, number: int = 1, size: int = SIZE
) -> EntryPage:
    """A page of the lines of a history that a filter keeps, those recorded last first.

    Raises ValueError for a page below 1 or a size outside 1 to LARGEST.
    """
    if number < 1 or not 1 <= size <= LARGEST:
        raise ValueError(f"expected a page from 1 and a size from 1 to {LARGEST:,}, got page {number} of size {size}")
    kept = [line for line in lines if wanted.keeps(store, line)]
    skipped = (number - 1) * size
    return EntryPage(tuple(kept[::-1][skipped : skipped + size]), skipped, size, len(kept))


# --- of a store ---------------------------------------------------------------------------------------------------


def last_kept(
    store: EventStore, issuer: str, wanted: EntryFilter, count: int | None = None, known_at: datetime | None = None
) -> list[HistoryLine]:
    """The last entries that a filter keeps, so many or all, in the order of recording; the store looks for them.

    Raises NotFound for a code that the book does not know, StoreDamaged if an entry that is read does not match its hash.
    """
    found: list[HistoryLine] = []
    below, size = store.ledger(issuer, until=date.min, known_at=known_at).number + 1, max(count or 0, SIZE)
    while below > 1 and (count is None or len(found) < count):
        numbers = store.selected(issuer, below, size, wanted.kinds, wanted.since, wanted.until, wanted.about)
        found += [line for line in ask.numbered(store, issuer, numbers, known_at) if wanted.keeps(store, line)]
        below = numbers[-1] if len(numbers) == size else 1
        # What is rare takes few queries, and what is common is not looked for longer than it takes.
        size *= 4
    if not found and wanted.about is not None:
        _check_known(store, issuer, wanted.about, known_at)
    return found[:count][::-1]


def _check_known(store: EventStore, issuer: str, code: str, known_at: datetime | None) -> None:
    terms = store.ledger(issuer, known_at=known_at).at(date.max).terms
    if not any(code in terms.named(kind) for kind in set(REFERENCES.values())) and code not in terms.classes:
        raise NotFound(unknown(terms, "class", code))


# --- what an entry says -------------------------------------------------------------------------------------------


def _said(entry: Entry) -> str:
    beside = (type(entry.event).__name__, entry.source, entry.recorded_by, entry.command_id)
    return "\n".join(str(value) for value in (*entry.event.values().values(), *beside) if value is not None)
