"""A book begun from published returns, and later ones taken in: the facts that they call for, as drafts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from domain import events
from domain.capital.entries import Draft, Entry, in_effect
from domain.errors import BadInput
from domain.events import Event
from domain.returns.documents import MonthlyReturn, NextDayReturn, Return, closing_of
from domain.returns.filings import RESUBMISSION
from domain.returns.proposals import Known, Proposed
from domain.returns.start import opening_facts
from domain.returns.succession import name_of
from domain.returns.take_in import facts_called_for


class NothingToBeginWith(BadInput):
    """No Monthly Return is among the returns that a book is to begin with."""


@attrs.frozen
class PublishedFile:
    """A return as it was read from a file, with the SHA-256 of the file."""

    document: Return
    digest: str


@attrs.frozen
class Taken:
    """What is taken from one return: its facts, and the record that it was filed.

    `already` where the book has it, or begins after it: then nothing is taken.
    """

    published: PublishedFile
    proposed: tuple[Proposed, ...]
    filed: events.ReturnFiled
    already: bool = False

    @property
    def facts(self) -> list[Event]:
        """What is to be recorded: the facts of the return, and that it was filed."""
        found = [proposed.event for proposed in self.proposed if proposed.event is not None]
        return [] if self.already else [*found, self.filed]

    def drafts(self, recorded_by: str) -> list[Draft]:
        """What is to be recorded, each with the return that it comes from."""
        source = f"{name_of(self.published.document)}, as published"
        return [Draft(event=fact, recorded_by=recorded_by, source=source) for fact in self.facts]


def start(returns: Iterable[PublishedFile]) -> list[Taken]:
    """What a book records that begins with the last Monthly Return of some returns; those after it are taken in.

    Raises NothingToBeginWith if there is no Monthly Return.
    """
    inorder = _in_order(returns)
    monthly = [at for at, each in enumerate(inorder) if isinstance(each.document, MonthlyReturn)]
    if not monthly:
        raise NothingToBeginWith("expected a Monthly Return among the files: a book begins with its balances")
    last = inorder[monthly[-1]]
    since = [each for each in inorder if closing_of(each.document) > closing_of(last.document)]
    reports = [each.document for each in inorder if isinstance(each.document, NextDayReturn)]
    assert isinstance(last.document, MonthlyReturn)  # noqa: S101 - chosen above
    first = Taken(last, tuple(opening_facts(last.document, reports)), _filed(last))
    known = Known([*(each.event for each in first.proposed if each.event is not None), first.filed])
    return [first, *_taken(since, known)]


def take_in(entries: Sequence[Entry], returns: Iterable[PublishedFile]) -> list[Taken]:
    """What a book lacks of some returns, in the order in which they were submitted."""
    return _taken(_in_order(returns), Known([entry.event for entry in in_effect(entries)]))


def _in_order(returns: Iterable[PublishedFile]) -> list[PublishedFile]:
    return sorted(
        returns, key=lambda each: (each.document.submitted_on, closing_of(each.document), each.document.status == RESUBMISSION)
    )


def _taken(returns: Sequence[PublishedFile], known: Known) -> list[Taken]:
    found = []
    for each in returns:
        filed = _filed(each)
        recorded = any(_same_filing(fact, filed) for fact in known.of(events.ReturnFiled))
        already = recorded or closing_of(each.document) <= known.begins_on
        found.append(Taken(each, () if already else tuple(facts_called_for(each.document, known)), filed, already))
        known.facts.append(filed)
    return found


def _same_filing(fact: events.ReturnFiled, filed: events.ReturnFiled) -> bool:
    """Whether a filing is of the same return: from the same file, or submitted on the same day, and as often."""
    same_return = (fact.kind, fact.effective_on) == (filed.kind, filed.effective_on)
    same_submission = (fact.submitted_on, fact.status) == (filed.submitted_on, filed.status)
    return same_return and (fact.published_digest == filed.published_digest or same_submission)


def _filed(published: PublishedFile) -> events.ReturnFiled:
    document: Any = published.document
    return events.ReturnFiled(
        effective_on=closing_of(document),
        kind="monthly" if isinstance(document, MonthlyReturn) else "next-day",
        submitted_on=document.submitted_on,
        form=str(document.form),
        status=document.status,
        published_digest=published.digest,
    )
