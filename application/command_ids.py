"""Command ids: which facts of a batch the book holds already. An id represents one fact, and never another one.

What an id represents is the event and the entry that it replaces. Who recorded it, and from which source, is not part of it: the
same fact from another document is the same fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count

import attrs

from application.ports import EventStore
from application.release import given
from domain.capital.entries import Draft, Entry


@attrs.frozen
class Clash:
    """A fact, by its place in the batch, whose command id already represents another: an entry, or a fact before it."""

    index: int
    given: Draft
    there: Draft

    def __str__(self) -> str:
        whose = f"entry {self.there.number}" if isinstance(self.there, Entry) else "an earlier fact given here"
        return (
            f"{self.given.command_id} is the command id of {whose}, which is a different fact.\n"
            f"  {whose}: {in_words(self.there)}\n"
            f"  now given: {in_words(self.given)}\n"
            "  Give this fact a command id of its own, or correct the entry."
        )


@attrs.frozen
class Sifted:
    """A batch held against its book, every fact with its command id: what is new, by place in the batch, and what is not.

    `held` has the entries that facts of the batch became when they were recorded before, by command id.
    """

    new: tuple[tuple[int, Draft], ...]
    again: tuple[Draft, ...]
    clashes: tuple[Clash, ...]
    held: Mapping[str, Entry]

    def already(self, written: Iterable[Entry]) -> tuple[tuple[Draft, int], ...]:
        """What was given again with the number of its entry, once the new facts are written."""
        numbers = {entry.command_id: entry.number for entry in (*self.held.values(), *written)}
        return tuple((draft, numbers[draft.command_id]) for draft in self.again)


def sift(store: EventStore, issuer: str, drafts: Sequence[Draft]) -> Sifted:
    """Hold a batch against its book. A fact without a command id gets one that is made from what it says."""
    ids = _Ids(store, issuer, drafts)
    new, again, clashes = [], [], []
    for index, draft in enumerate(ids.identified()):
        there = ids.fact(draft.command_id)
        if there is None:
            new.append((index, draft))
            ids.facts[draft.command_id] = draft
        elif ids.same(there, draft):
            again.append(draft)
        else:
            clashes.append(Clash(index, draft, there))
    held = {each: fact for each, fact in ids.facts.items() if isinstance(fact, Entry)}
    return Sifted(tuple(new), tuple(again), tuple(clashes), held)


class _Ids:
    """What command ids represent, in the book and among the facts of a batch that came before."""

    def __init__(self, store: EventStore, issuer: str, drafts: Sequence[Draft]) -> None:
        self._store, self._issuer, self._drafts = store, issuer, drafts
        self._first = [draft.command_id or store.identity(draft) for draft in drafts]
        self.facts: dict[str, Draft | None] = {}
        self._look_up(self._first)

    def identified(self) -> Iterator[Draft]:
        """The drafts, each with its command id."""
        made: dict[str, Iterator[str]] = {}
        for draft, first in zip(self._drafts, self._first, strict=True):
            if draft.command_id:
                yield draft
            else:
                yield attrs.evolve(draft, command_id=self._free(draft, made.setdefault(first, _sequence(first))))

    def _free(self, draft: Draft, sequence: Iterator[str]) -> str:
        """The next id of a sequence that represents this fact or none. So no other fact can take one that is made from this."""
        return next(each for each in sequence if (there := self.fact(each)) is None or self.same(there, draft))

    def same(self, one: Draft, other: Draft) -> bool:
        """Whether two drafts say the same, waiting for release or not."""
        one, other = given(self._store, one), given(self._store, other)
        return (one.event, one.replaces) == (other.event, other.replaces)

    def fact(self, command_id: str) -> Draft | None:
        """What an id represents; None if it is free."""
        if command_id not in self.facts:
            self._look_up([command_id])
        return self.facts[command_id]

    def _look_up(self, ids: Sequence[str]) -> None:
        self.facts.update(dict.fromkeys(ids))
        self.facts.update(self._store.recorded(self._issuer, ids))


def _sequence(first: str) -> Iterator[str]:
    """The ids of equal facts in one batch."""
    yield first
    yield from (f"{first}-{number}" for number in count(2))


def in_words(draft: Draft) -> str:
    """What a command id represents, in the words of a file of facts."""
    said = [f"{name} {_plain(value)}" for name, value in draft.event.given().items()]
    said += [] if draft.replaces is None else [f"replaces {draft.replaces}"]
    return ", ".join([type(draft.event).__name__, *said])


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(_plain, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else f"{value:%-d %B %Y}" if isinstance(value, date) else str(value)
