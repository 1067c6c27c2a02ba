"""An event store in memory that meets the Protocol, and one to which somebody else writes first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Self, TypeVar

from domain.capital.entries import Draft, Entry, waiting
from domain.capital.head import Head
from domain.capital.ledger import Ledger
from domain.errors import Conflict
from domain.events import Event, FactProposed
from infrastructure.event_codec import fact_of, identity, in_a_line
from tests.conftest import ticking

T = TypeVar("T")


class FakeStore:
    """Books of entries in lists: numbers without gaps, times that never go back, all of a batch or nothing."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self._books: dict[str, list[Entry]] = {}
        self._clock = clock or ticking()
        self.writes = 0

    def issuers(self) -> Sequence[str]:
        return sorted(self._books)

    def entries(self, issuer: str, after: int = 0) -> Iterator[Entry]:
        yield from self._books.get(issuer, [])[after:]

    def head(self, issuer: str) -> Head:
        book = self._books.get(issuer, [])
        digest = hashlib.sha256(repr(book).encode()).hexdigest() if book else ""
        return Head(len(book), digest, book[-1].recorded_at if book else None)

    def recorded(self, issuer: str, command_ids: Sequence[str]) -> dict[str, Entry]:
        return {entry.command_id: entry for entry in self._books.get(issuer, []) if entry.command_id in command_ids}

    def identity(self, draft: Draft) -> str:
        return identity(draft.event, draft.replaces)

    def stored(self, event: Event) -> str:
        return in_a_line(event)

    def fact(self, proposed: FactProposed) -> Event:
        return fact_of(proposed)

    def waiting(self, issuer: str, known_at: datetime | None = None) -> list[Entry]:
        return waiting(self._books.get(issuer, []), known_at)

    def append(self, issuer: str, after: int, drafts: Sequence[Draft]) -> Sequence[Entry]:
        book = self._books.get(issuer, [])
        taken = {entry.command_id for entry in book}
        if len(book) != after or len(taken | {draft.command_id for draft in drafts}) < len(taken) + len(drafts):
            raise Conflict(f"the book of {issuer} ends at entry {len(book)}")
        now = self._clock()
        written = [draft.entered(number, now) for number, draft in enumerate(drafts, after + 1)]
        self._books[issuer] = [*book, *written]
        self.writes += 1
        return written

    def in_turn(self, issuer: str, act: Callable[[Self], T]) -> T:
        return act(self)

    def ledger(
        self,
        issuer: str,
        *,
        since: date = date.max,
        until: date = date.max,
        known_at: datetime | None = None,
        number: int | None = None,
        types: Sequence[type[Event]] = (),
    ) -> Ledger:
        return Ledger.of([each for each in self._books.get(issuer, []) if number is None or each.number <= number], known_at)

    def numbered(self, issuer: str, numbers: Sequence[int]) -> list[Entry]:
        return [each for each in self._books.get(issuer, []) if each.number in numbers or each.replaces in numbers]

    def selected(
        self,
        issuer: str,
        below: int,
        most: int,
        kinds: Collection[type[Event]] = (),
        since: date | None = None,
        until: date | None = None,
        naming: str | None = None,
    ) -> Sequence[int]:
        found = [
            each.number
            for each in self._books.get(issuer, [])
            if each.number < below
            and (not kinds or type(each.event) in {*kinds, FactProposed})
            and (since or date.min) <= each.event.effective_on <= (until or date.max)
        ]
        return found[::-1][:most]

    def of_types(self, issuer: str, kinds: Sequence[type[Event]]) -> list[Entry]:
        found = [each.number for each in self._books.get(issuer, []) if type(each.event) in kinds]
        return self.numbered(issuer, found)


class ContestedStore(FakeStore):
    """A store to which rivals write first: one batch of theirs before each of the next turns."""

    def __init__(self, rivals: Sequence[Sequence[Draft]] = ()) -> None:
        super().__init__()
        self.rivals = list(rivals)

    def in_turn(self, issuer: str, act: Callable[[Self], T]) -> T:
        if self.rivals:
            self.append(issuer, self.head(issuer).number, self.rivals.pop(0))
        return super().in_turn(issuer, act)
