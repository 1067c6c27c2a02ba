"""Maker and checker: what one person records while release is required waits until another person releases it.

A fact that waits is written as FactProposed, which moves nothing. Its release is EntryReleased in its place and, in the same
transaction, the fact itself: an entry with a number and a time of its own, so that every viewpoint, position and return knows the
fact from its release on, and from no earlier entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import attrs

from application import ask
from application.ports import EventStore
from domain import events
from domain.capital.entries import Draft, in_effect
from domain.errors import Refused
from domain.values import day_text

NEVER_WAIT = (events.ReturnFiled, events.FactProposed, events.EntryReleased)
"""What is in effect at once: a return that was submitted is with the exchange, no matter who releases it here."""


class NotReleasable(Refused):
    """A release, or a fact that is to wait, that cannot be: its place in the batch, and the field at fault."""

    def __init__(self, index: int, field: str, message: str) -> None:
        super().__init__(message)
        self.index = index
        self.field = field


@attrs.frozen
class Planned:
    """A fact of a batch by its place there: the draft that is written, and the fact that takes effect now or once released."""

    index: int
    written: Draft
    fact: Draft

    @property
    def waits(self) -> bool:
        """Whether the fact has to be released before it takes effect."""
        return self.written is not self.fact


def is_required(store: EventStore, issuer: str, today: date = date.max) -> bool:
    """Whether what is recorded on a day has to be released by another person."""
    said = in_effect(store.of_types(issuer, [events.ReleaseRequirementSet]))
    due = [each.of(events.ReleaseRequirementSet) for each in said if each.event.effective_on <= today]
    return bool(due) and due[-1].required


def planned(
    store: EventStore, issuer: str, number: int, fresh: Sequence[tuple[int, Draft]], *, required: bool
) -> tuple[Planned, ...]:
    """What is written after entry `number` for some facts, each with its place in the batch. Raises NotReleasable."""
    there = store.numbered(issuer, [draft.replaces for _, draft in fresh if draft.replaces is not None])
    plan = _Plan(store, issuer, number, {each.number: each for each in there})
    for index, draft in fresh:
        plan.add(index, draft, required=required)
    return tuple(plan.made)


class _Plan:
    def __init__(self, store: EventStore, issuer: str, number: int, there: Mapping[int, Draft]) -> None:
        self._store, self._issuer, self._number = store, issuer, number
        self._there = dict(there)
        self._replaced_by = {each.replaces: by for by, each in there.items() if each.replaces is not None}
        self.made: list[Planned] = []

    def add(self, index: int, draft: Draft, *, required: bool) -> None:
        if self._is_released_here(draft):
            return
        proposal = self._waiting(draft.replaces)
        if isinstance(draft.event, events.EntryReleased):
            for each in self._released(index, draft, draft.event):
                self._write(index, each, each)
        elif self._is_plain(index, draft, proposal, required=required):
            self._write(index, draft, draft)
        else:
            self._write(index, self._sealed(draft, proposal), self._once_released(draft, proposal))

    def _write(self, index: int, written: Draft, fact: Draft) -> None:
        if fact.replaces is not None and (reason := self._beside_another(fact.replaces)):
            raise NotReleasable(index, "replaces", reason)
        self.made.append(Planned(index, written, fact))
        number = self._number + len(self.made)
        self._there[number] = written
        if written.replaces is not None:
            self._replaced_by[written.replaces] = number

    def _beside_another(self, number: int) -> str | None:
        """Why a fact may not replace the withdrawal of a correction that waited: it would count beside what was corrected."""
        old = self._entry(number)
        if old is None or old.replaces is None or not isinstance(old.event, events.EntryWithdrawn):
            return None
        withdrawn = self._entry(old.replaces)
        if withdrawn is None or not isinstance(withdrawn.event, events.FactProposed) or withdrawn.event.corrects is None:
            return None
        return (
            f"entry {number} withdrew a correction that waited, so that entry {withdrawn.event.corrects} was not replaced; "
            f"correct or withdraw entry {withdrawn.event.corrects}"
        )

    def _entry(self, number: int) -> Draft | None:
        if number not in self._there:
            self._there.update((each.number, each) for each in self._store.numbered(self._issuer, [number]))
        return self._there.get(number)

    def _is_released_here(self, draft: Draft) -> bool:
        """Whether a fact is that of the release before it, as `export` writes them."""
        before = [each.written for each in self.made[-2:]]
        return (
            len(before) == 2
            and isinstance(before[0].event, events.EntryReleased)
            and (before[1].event, before[1].replaces) == (draft.event, draft.replaces)
        )

    def _waiting(self, number: int | None) -> events.FactProposed | None:
        event = self._there[number].event if number in self._there and number not in self._replaced_by else None
        return event if isinstance(event, events.FactProposed) else None

    def _is_plain(self, index: int, draft: Draft, proposal: events.FactProposed | None, *, required: bool) -> bool:
        event = draft.event
        if isinstance(event, events.FactProposed) and _unreadable(self._store, event):
            raise NotReleasable(index, "fact", "expected a fact as export writes it, of the same day")
        turned_down = proposal is not None and isinstance(event, events.EntryWithdrawn)
        return turned_down or isinstance(event, NEVER_WAIT) or not (required or proposal)

    def _sealed(self, draft: Draft, proposal: events.FactProposed | None) -> Draft:
        event = events.FactProposed(
            effective_on=draft.event.effective_on,
            fact=self._store.stored(draft.event),
            corrects=proposal.corrects if proposal else draft.replaces,
        )
        return attrs.evolve(draft, event=event, replaces=draft.replaces if proposal else None)

    def _once_released(self, draft: Draft, proposal: events.FactProposed | None) -> Draft:
        """The fact as it is checked: what waited in the book before never was in effect, so that nothing replaces it."""
        in_batch = (draft.replaces or 0) > self._number
        return draft if proposal is None or in_batch else attrs.evolve(draft, replaces=proposal.corrects)

    def _released(self, index: int, draft: Draft, event: events.EntryReleased) -> Iterator[Draft]:
        number, proposal = draft.replaces, self._waiting(draft.replaces)
        if number is None or proposal is None:
            raise NotReleasable(index, "replaces", self._why_not(number))
        maker = self._there[number].recorded_by
        if is_same_person(maker, draft.recorded_by):
            said = f"entry {number} was recorded by {maker}; expected another person to release it"
            raise NotReleasable(index, "recorded_by", said)
        if event.effective_on != proposal.effective_on:
            raise NotReleasable(index, "effective_on", f"expected the day of the fact, {day_text(proposal.effective_on)}")
        yield draft
        yield attrs.evolve(
            draft, event=self._store.fact(proposal), recorded_by=maker, source=self._there[number].source,
            replaces=proposal.corrects, command_id=f"entry-{number}-released",
        )  # fmt: skip

    def _why_not(self, number: int | None) -> str:
        if number is None:
            return "expected the number of the entry to release"
        by, event = self._replaced_by.get(number), self._there[number].event if number in self._there else None
        if isinstance(event, events.EntryReleased):
            return a_release(number)
        if by is None or not isinstance(event, events.FactProposed):
            return f"entry {number} does not wait for release"
        return f"entry {number} no longer waits: {how_replaced(self._there[by], by)}"


def a_release(number: int) -> str:
    """Why a release is not replaced, and what is."""
    return f"entry {number} is a release; correct or withdraw entry {number + 1}, the fact that it released"


def how_replaced(by: Draft, number: int) -> str:
    """What an entry did to the one in whose place it stands."""
    if isinstance(by.event, events.EntryReleased):
        return f"it was released as entry {number + 1}"
    return f"it was {'withdrawn' if isinstance(by.event, events.EntryWithdrawn) else 'corrected'} by entry {number}"


def _unreadable(store: EventStore, proposed: events.FactProposed) -> bool:
    try:
        fact = store.fact(proposed)
    except ValueError:
        return True
    return fact.effective_on != proposed.effective_on or isinstance(fact, NEVER_WAIT)


def is_same_person(name: str, other: str) -> bool:
    """Whether two names are of one person: spaces and capitals are no difference."""
    return name.casefold().split() == other.casefold().split()


def releasing(store: EventStore, issuer: str, number: int, by: str, command_id: str = "") -> Draft:
    """The release of an entry by a person, to be recorded. Raises NotFound if there is no such entry."""
    entry = ask.entry(store, issuer, number).entry
    event = events.EntryReleased(effective_on=entry.event.effective_on)
    return Draft(event=event, recorded_by=by, command_id=command_id, replaces=number)


def fact_of(store: EventStore, event: events.Event) -> events.Event:
    """The fact that an event is, or that was proposed by it."""
    return store.fact(event) if isinstance(event, events.FactProposed) else event


def given(store: EventStore, draft: Draft) -> Draft:
    """A draft or entry as it was given to be recorded: of one that waits the fact, and the entry that it was to replace."""
    event = draft.event
    if not isinstance(event, events.FactProposed):
        return draft
    replaces = event.corrects if draft.replaces is None else draft.replaces
    return attrs.evolve(draft, event=fact_of(store, event), replaces=replaces)
