"""The ledger: the entries in effect from a viewpoint, and the position at close of every day from that on which it opens.

Like any ledger it is balanced off now and then and carried forward: it may open with the position at close of a day, and then has
only the entries that a later day can depend on. Whatever is asked of a later day is as if it had them all.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from operator import attrgetter

import attrs

from domain import errors, events
from domain.capital.balances import Posted, apply, check_close
from domain.capital.entries import Entry, OrderKey, in_effect, order_key, waiting
from domain.capital.opening import begins_on, not_known
from domain.capital.position import Position
from domain.capital.tally import Replacements, Tally
from domain.capital.terms import APPLY_TERMS
from domain.events import Event

TRACED = 2_000
"""In a book of more entries, balances at the opening of a period name no entries: they are carried forward."""

SPACING = 250
"""After how many entries a position is carried forward, at the close of a day."""


class NotOpen(errors.NotFound, ValueError):
    """A day was asked for that lies before the opening of a ledger."""


@attrs.frozen(eq=False)
class Passed:
    """What the entries of a ledger posted from its opening until close of a day, and the position there, which is never changed.

    A second ledger that has the same entries until that day goes on from it.
    """

    until: date
    postings: tuple[Posted, ...]
    position: Position


@attrs.frozen(eq=False)
class Ledger:
    """The entries of a book that are known at a viewpoint, in order of number, those that others replace included.

    Where it opens with a position carried forward, `opened_on` is the day of it, and of the entries until then it has only some:
    those of the types in LANDMARKS where it was opened with them. `number` is the last entry known, and `before` counts those
    known of days until the opening; neither it nor `opening` is ever changed. `earlier` gives the position of an earlier day.
    One that is `explained` opens with nothing, and balances name every entry behind them, however long the book is.
    """

    book: tuple[Entry, ...]
    number: int
    opened_on: date = date.min
    opening: Position = attrs.field(factory=Position)
    before: Tally = attrs.field(factory=Tally)
    earlier: Callable[[date], Position] | None = None
    explained: bool = False

    @classmethod
    def of(cls, entries: Iterable[Entry], known_at: datetime | None = None) -> Ledger:
        """The ledger of a whole book, as known at an instant; a ledger that is known at one already is itself."""
        if isinstance(entries, Ledger):
            return entries if known_at is None else entries.only(lambda entry: entry.recorded_at <= known_at)
        book = tuple(entry for entry in entries if known_at is None or entry.recorded_at <= known_at)
        return cls(book, book[-1].number if book else 0)

    def __repr__(self) -> str:
        opened = "" if self.opened_on == date.min else f", opened at close of {self.opened_on}"
        return f"<Ledger: {len(self.book):,} entries, the last of number {self.number}{opened}>"

    def __iter__(self) -> Iterator[Entry]:
        """The entries known, in order of number."""
        return iter(self.book)

    @cached_property
    def in_effect(self) -> Sequence[Entry]:
        """The entries known that no other replaces, in the order in which they took effect."""
        return in_effect(self.book)

    @cached_property
    def ordered(self) -> Sequence[Entry]:
        """Those of days after the opening."""
        return self.between(self.opened_on, date.max)

    @property
    def last(self) -> OrderKey:
        """The place of the last entry in effect, in effective order: what comes later adds to the end."""
        return order_key(self.ordered[-1]) if self.ordered else (self.opened_on, len(self.ordered), self.number)

    @property
    def last_day(self) -> date:
        """The day of the last entry in effect; the first of all days if there is none."""
        return self.last[0]

    @cached_property
    def begins_on(self) -> date | None:
        """The day at whose close every class has been brought forward; None for a book that knows every movement."""
        return begins_on(self.in_effect)

    def between(self, after: date, until: date) -> Sequence[Entry]:
        """The entries in effect of days after one, until another."""
        first, end = (bisect_right(self.in_effect, day, key=_day) for day in (after, until))
        return self.in_effect[first:end]

    def until(self, day: date) -> Sequence[Entry]:
        """The entries in effect until close of a day."""
        return self.in_effect[: bisect_right(self.in_effect, day, key=_day)]

    # --- positions and postings -----------------------------------------------------------------------------------------

    def passing(self, position: Position | None = None, until: date = date.max, after: date = date.min) -> Iterator[Posted]:
        """What the entries after the opening, or a later day, post until close of a day; `position` then is as each left it.

        `position` begins as that at the opening, or at close of the later day. Raises Impossible.
        """
        position = position or self.opening.copy()
        for entry in self.between(max(after, self.opened_on), until):
            yield apply(position, entry)

    def passed(self, until: date) -> Passed:
        """What was posted from the opening until close of a day. Raises Impossible."""
        return Passed(until, *self._posted(self.opening, self.opened_on, until))

    def _posted(self, position: Position, after: date, until: date) -> tuple[tuple[Posted, ...], Position]:
        """What is posted after close of a day, at which a position is given, until close of another, and the position there."""
        entries, position = self.between(after, until), position.copy()
        return tuple(apply(position, entry) for entry in entries), position

    def at(self, day: date, start: Passed | None = None) -> Position:
        """The position at close of a day, going on from what has passed if given; the caller's own. Raises Impossible."""
        if day < self.opened_on:
            if self.earlier is None:
                raise self._not_open(day)
            return self.earlier(day)
        position, after = (self.opening, date.min) if start is None else (start.position, start.until)
        position = position.copy()
        for _ in self.passing(position, day, after):
            pass
        return position

    def period(self, opened_on: date, closed_on: date) -> Period:
        """What happened after close of a day until close of another, with what was posted before. Raises Impossible, NotOpen."""
        if opened_on < self.opened_on:
            raise self._not_open(opened_on)
        before, opening = self._posted(self.opening, self.opened_on, opened_on)
        during, closing = self._posted(opening, opened_on, closed_on)
        return Period(self, opened_on, closed_on, opening, before, during, closing)

    def _not_open(self, day: date) -> NotOpen:
        return NotOpen(f"the ledger opens at close of {self.opened_on}, and {day} was asked for")

    # --- other ledgers --------------------------------------------------------------------------------------------------

    def with_entries(self, entries: Sequence[Entry]) -> Ledger:
        """The ledger with entries that follow, all of days after the opening, and replacing none from before it."""
        return attrs.evolve(self, book=(*self.book, *entries), number=entries[-1].number)

    def only(self, kept: Callable[[Entry], bool]) -> Ledger:
        """The ledger with some of its entries; those left out are of days after the opening, and replace none from before it."""
        return attrs.evolve(self, book=tuple(entry for entry in self.book if kept(entry)))


_day = attrgetter("event.effective_on")


@attrs.frozen(eq=False)
class Period:
    """What happened to an issuer after one day and until another: positions at close of both, postings between.

    `before` holds the postings up to the opening, from which each opening figure comes.
    """

    ledger: Ledger
    opened_on: date
    closed_on: date
    opening: Position
    before: tuple[Posted, ...]
    during: tuple[Posted, ...]
    closing: Position

    @property
    def named_since(self) -> date | None:
        """The first day whose entries are named; None if all are. What stood at the opening of a long book names none."""
        named = self.ledger.explained or self.ledger.number <= TRACED
        return None if named else self.opened_on + timedelta(days=1)

    @property
    def not_known(self) -> str | None:
        """Why what stood at its opening is not known: the book begins later; None if it is known."""
        return not_known(self.ledger.in_effect, self.opened_on)

    @cached_property
    def schemes_later(self) -> Mapping[str, Entry]:
        """By scheme, the entry that brings forward after its opening what is outstanding: what was before is not known."""
        later = self.ledger.between(self.opened_on, date.max)
        return {each.event.scheme: each for each in later if isinstance(each.event, events.SchemeBalanceBroughtForward)}

    @property
    def waiting(self) -> Sequence[Entry]:
        """The entries of days until its close that wait for release."""
        return [entry for entry in waiting(self.ledger) if entry.event.effective_on <= self.closed_on]

    @cached_property
    def moved_before(self) -> Mapping[tuple[str, str], Sequence[Posted]]:
        """What was posted up to its opening, by each book and code that it moves; nothing unless its entries are named."""
        return _by_book(self.before if self.named_since is None else ())

    @cached_property
    def moving(self) -> Mapping[tuple[str, str], Sequence[Posted]]:
        """What was posted during it, by each book and code that it moves."""
        return _by_book(self.during)

    @cached_property
    def by_number(self) -> Mapping[int, Entry]:
        """What was in effect at its close, by number."""
        return {entry.number: entry for entry in self.entries}

    @property
    def entries(self) -> Sequence[Entry]:
        """What was in effect at its close, in effective order."""
        return self.ledger.until(self.closed_on)


def _by_book(postings: Iterable[Posted]) -> Mapping[tuple[str, str], Sequence[Posted]]:
    found: dict[tuple[str, str], list[Posted]] = {}
    for posted in postings:
        for key in dict.fromkeys(move[:2] for move in posted.movements):
            found.setdefault(key, []).append(posted)
    return found


LANDMARKS: tuple[type[Event], ...] = (
    *APPLY_TERMS,
    events.BalanceBroughtForward,
    events.GlobalOfferingCompleted,
    events.PollResultDeclared,
    events.MandateRevoked,
    events.VotingRightsCeased,
    events.BalanceConfirmed,
    events.ReturnFiled,
)
"""The events that a question about later days may turn to: those that establish terms, begin the book, or stand by themselves."""


# --- carrying forward -----------------------------------------------------------------------------------------------


@attrs.frozen(eq=False)
class Carried:
    """The position at close of a day for who knows the book up to an entry, the last that says anything of days until then.

    `tally` counts the entries of that day or before it, those that others replace included.
    """

    as_of: date
    number: int
    tally: Tally
    position: Position


def carried_forward(ledger: Ledger, number: int) -> Iterator[Carried]:
    """The positions that a ledger is to carry forward, `number` being the entry of its opening.

    One at the close of each day at which `SPACING` entries have passed since the one before, until the last day but one: that on
    which the book stands is not over. Raises Impossible if an entry does not fit, or a day does not close.
    """
    passing: dict[date, list[Entry]] = defaultdict(list)
    among = Replacements.of(ledger.book)
    latest: dict[date, int] = {}
    for entry in ledger.book:
        day = _day(entry)
        latest[day] = max(latest.get(day, 0), entry.number, among.replaced_by.get(entry.number, 0))
        if day > ledger.opened_on:
            passing[day].append(entry)
    in_effect_on = {day: list(entries) for day, entries in groupby(ledger.ordered, key=_day)}
    position, tally, passed, last = ledger.opening.copy(), ledger.before.copy(), 0, max(passing, default=date.min)
    for day in sorted(passing):
        check_close(position, [apply(position, entry) for entry in in_effect_on.get(day, ())])
        tally.count(passing[day], among)
        passed, number = passed + len(passing[day]), max(number, latest[day])
        if passed >= SPACING and day < last:
            yield Carried(day, number, tally.copy(), position.copy())
            passed = 0
