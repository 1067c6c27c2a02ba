"""The register of returns filed, and what each of them discloses: only what was recorded before it was prepared.

A return discloses the changes until its closing date that stood in the book it was prepared from. A filing recorded by hand says
nothing of that book: what was recorded before the filing is taken as known to it. A correction is known where the entry that it
replaces was, since the fact was disclosed, if with another number; `domain.returns.filed` compares the numbers.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import accumulate, groupby
from operator import attrgetter, neg

import attrs

from domain import events
from domain.capital.entries import Entry, first_of
from domain.disclosure.triggers import LISTED
from domain.values import month_end_before

MONTHLY, NEXT_DAY = "monthly", "next-day"
ALL = 10**18
"""More entries than any book has: a return prepared from so many knows everything."""


def return_name(kind: str, until: date) -> str:
    """A return of a kind until a day, as people name it: Monthly Return for December 2024."""
    return _NAMES[kind].format(on=until)


_NAMES = {MONTHLY: "Monthly Return for {on:%B %Y}", NEXT_DAY: "Next Day Disclosure Return of {on:%-d %B %Y}"}


@attrs.frozen
class FiledReturn:
    """A return that was filed: the entry that records it, its kind, the day until which it discloses, and its submission.

    `prepared_from` is the last entry of the book that it was prepared from, `status` as it was printed. `recorded_as` is the
    entry that recorded it first: a correction adds the receipt of a submission, and leaves the return in its place.
    `submitted_at` is the time of its submission in Hong Kong, 17:45, where it is recorded.
    """

    entry: int
    kind: str
    until: date
    submitted_on: date
    prepared_from: int
    status: str = ""
    recorded_as: int = 0
    submitted_at: str | None = None

    @property
    def name(self) -> str:
        """The return as people name it: Monthly Return for December 2024."""
        return return_name(self.kind, self.until)

    @property
    def submission(self) -> tuple[date, int]:
        """Its place among the returns in the order of their submission."""
        return self.submitted_on, self.recorded_as

    def is_after(self, due_at: datetime) -> bool:
        """Whether it was submitted after an instant in Hong Kong; without a recorded time, on that day counts as in time."""
        return (self.submitted_on, self.submitted_at or "") > (due_at.date(), f"{due_at:%H:%M}")

    @property
    def opens_by(self) -> date:
        """The last month end before what it discloses: a Monthly Return opens there, another return there or later."""
        return month_end_before(self.until)


@attrs.frozen
class Register:
    """Returns in the order of their submission, and the entries that others replace, each by its number.

    What happened by the opening of the earliest return was disclosed in returns that the register does not have.
    """

    returns: tuple[FiledReturn, ...]
    replaced: Mapping[int | None, Entry]

    @classmethod
    def of(cls, entries: Iterable[Entry], out_by: date = date.max) -> Register:
        """The returns submitted by a day, from all known entries of a book, those replaced too."""
        by_number: dict[int | None, Entry] = {entry.number: entry for entry in entries}
        replaced = {each.replaces: by_number[each.replaces] for each in by_number.values() if each.replaces in by_number}
        filed = (_filed(each, replaced) for each in by_number.values() if each.number not in replaced)
        return cls(_in_order(each for each in filed if each is not None and each.submitted_on <= out_by), replaced)

    def joined_by(self, more: Iterable[FiledReturn]) -> Register:
        """The register with further returns."""
        return attrs.evolve(self, returns=_in_order((*self.returns, *more)))

    def closing_by(self, day: date) -> Register:
        """The returns that close on a day or before it."""
        return attrs.evolve(self, returns=tuple(each for each in self.returns if each.until <= day))

    @cached_property
    def begins_on(self) -> date:
        """The day until which all was disclosed in returns that are not recorded."""
        return min((each.opens_by for each in self.returns), default=date.max)

    @property
    def last(self) -> FiledReturn | None:
        """The return that closes on the latest day, the last one submitted where there are several."""
        return max(self.returns, key=lambda each: (each.until, *each.submission), default=None)

    def of_month(self, day: date) -> Sequence[FiledReturn]:
        """The Monthly Returns that close in the month of a day, in the order of their submission."""
        return self._monthly.get((day.year, day.month), ())

    def opening_of(self, filed: FiledReturn) -> date:
        """The day at which a return opens: where the last return out by then closed; the first of all days where none was."""
        return self._openings[filed]

    # --- what a return knows ------------------------------------------------------------------------------------------

    def knows(self, filed: FiledReturn, entry: Entry) -> bool:
        """Whether a fact stood in the book that a return was prepared from, on a day until which the return discloses."""
        then: Entry | None = entry
        while then is not None and then.number > filed.prepared_from:
            then = self.replaced.get(then.replaces)
        if then is None or then.event.effective_on > filed.until:
            return False
        return type(then.event) is type(entry.event) or type(then.event) in LISTED

    def covering(self, entry: Entry) -> FiledReturn | None:
        """The first return whose closing balance counts a change; None if no return knew of it."""
        if entry.event.effective_on <= self.begins_on:
            return next(self._out_since(entry), None)
        return next((each for each in self._out_since(entry, self._some_know(entry)) if self.knows(each, entry)), None)

    def passed_over_by(self, entry: Entry) -> FiledReturn | None:
        """The first return that discloses the day of a fact and was prepared before it was recorded; None if none was."""
        if entry.event.effective_on <= self.begins_on:
            return None
        out = self._out_since(entry, self._some_do_not_know(entry))
        return next((each for each in out if not self.knows(each, entry)), None)

    def listing(self, entry: Entry) -> FiledReturn | None:
        """The first Next Day Disclosure Return that lists a change; None if there is none.

        A return lists what happened after its opening, and what was in no return before it.
        """
        first, day = self.covering(entry), entry.event.effective_on
        if first is None or first.kind == NEXT_DAY:
            return first
        # A return that closes later than the first, and was submitted after it, opens where the first closed or later.
        closing = (each for each in self._closing(day, first.until) if each.kind == NEXT_DAY and each.submitted_on >= day)
        listed = [each for each in closing if self.opening_of(each) < day and self.knows(each, entry)]
        return min(listed, key=attrgetter("submission"), default=None)

    def monthly(self, entry: Entry) -> FiledReturn | None:
        """The first Monthly Return for the month of a fact that lists it; None if there is none."""
        day = entry.event.effective_on
        own = (each for each in self.of_month(day) if each.submitted_on >= day and each.until >= day)
        return next((each for each in own if self.knows(each, entry)), None)

    # --- what no return has -------------------------------------------------------------------------------------------

    def open(self, entries: Iterable[Entry]) -> list[Entry]:
        """The changes that no return counts: the next one lists them."""
        return [entry for entry in entries if type(entry.event) in LISTED and self.covering(entry) is None]

    def passed_over(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, FiledReturn]]:
        """The changes recorded after their return was prepared that no return lists, each with that return."""
        for entry in entries:
            filed = self.passed_over_by(entry) if type(entry.event) in LISTED else None
            if filed is not None and self.listing(entry) is None and self.monthly(entry) is None:
                yield entry, filed

    # --- looked up for every change of a book -------------------------------------------------------------------------

    @cached_property
    def _submitted(self) -> Sequence[date]:
        return [each.submitted_on for each in self.returns]

    @cached_property
    def _by_closing(self) -> Sequence[FiledReturn]:
        return sorted(self.returns, key=_until)

    @cached_property
    def _monthly(self) -> Mapping[tuple[int, int], Sequence[FiledReturn]]:
        found = defaultdict[tuple[int, int], list[FiledReturn]](list)
        for each in self.returns:
            if each.kind == MONTHLY:
                found[each.until.year, each.until.month].append(each)
        return found

    @cached_property
    def _openings(self) -> Mapping[FiledReturn, date]:
        closed, found = [date.min], dict[FiledReturn, date]()
        for _, group in groupby(self.returns, key=lambda each: each.submitted_on):
            together = list(group)
            for each in together:
                insort(closed, each.until)
            found |= {each: closed[bisect_left(closed, each.until) - 1] for each in together}
        return found

    @cached_property
    def _least_prepared_from(self) -> Sequence[int]:
        """The fewest entries that any return was prepared from, of each return and those submitted after it."""
        return list(accumulate((each.prepared_from for each in reversed(self.returns)), min))[::-1]

    @cached_property
    def _most_prepared_from(self) -> Sequence[int]:
        """The most, in the same way."""
        return list(accumulate((each.prepared_from for each in reversed(self.returns)), max))[::-1]

    def _some_know(self, entry: Entry) -> int | None:
        """The place in the register from which on no return knows an entry: all were prepared before it was recorded."""
        # One that replaces another may be known by that other.
        return None if entry.replaces is not None else bisect_right(self._most_prepared_from, -entry.number, key=neg)

    def _some_do_not_know(self, entry: Entry) -> int:
        """The place in the register from which on all returns know an entry: they were prepared after it was recorded."""
        return bisect_left(self._least_prepared_from, entry.number)

    def _out_since(self, entry: Entry, before: int | None = None) -> Iterator[FiledReturn]:
        """The returns before a place that may disclose a fact: submitted on its day or later, and closing then or later."""
        day = entry.event.effective_on
        places = range(bisect_left(self._submitted, day), len(self.returns) if before is None else before)
        return (each for each in map(self.returns.__getitem__, places) if each.until >= day)

    def _closing(self, after: date, until: date) -> Sequence[FiledReturn]:
        """The returns that close from one day until another."""
        first, end = bisect_left(self._by_closing, after, key=_until), bisect_right(self._by_closing, until, key=_until)
        return self._by_closing[first:end]


def _until(filed: FiledReturn) -> date:
    return filed.until


def _in_order(returns: Iterable[FiledReturn]) -> tuple[FiledReturn, ...]:
    return tuple(sorted(returns, key=attrgetter("submission")))


def _filed(entry: Entry, replaced: Mapping[int | None, Entry]) -> FiledReturn | None:
    event = entry.event
    if not isinstance(event, events.ReturnFiled):
        return None
    first = first_of(entry, replaced)
    known = event.book_number or first.number - 1
    return FiledReturn(
        entry.number, event.kind, event.effective_on, event.submitted_on, known, event.status, first.number, event.submitted_at
    )
