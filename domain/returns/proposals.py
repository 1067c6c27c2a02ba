"""Facts that a published return calls for, with what is doubtful about each, and what a book already knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import prod
from typing import TypeVar

import attrs

from domain import events
from domain.events import Event
from domain.returns.cells import ClassHeading

BY_HAND = "no fact follows from this row: record it by hand"


@attrs.frozen
class Proposed:
    """A fact that a return calls for, the path of what it is read from, and what to look at before it is recorded.

    `event` None is a cell or a row from which no fact follows: it has to be recorded by hand.
    """

    event: Event | None
    path: str
    note: str = ""


Kind = TypeVar("Kind", bound=Event)


@attrs.define
class Known:
    """The facts of a book, and those proposed after them, in the order of recording."""

    facts: list[Event]

    def of(self, kind: type[Kind]) -> Iterator[Kind]:
        """The facts of a kind."""
        return (fact for fact in self.facts if isinstance(fact, kind))

    @property
    def begins_on(self) -> date:
        """The day at whose close the book begins."""
        return min((fact.effective_on for fact in self.of(events.BalanceBroughtForward)), default=date.min)

    def share_class(self, heading: ClassHeading) -> str:
        """The code of the class that a heading names: by its stock code, or else by its labels."""
        classes = list(self.of(events.ShareClassCreated))
        by_code = (each for each in classes if heading.stock_code and each.stock_code == heading.stock_code)
        labels = (heading.class_label, heading.type_label)
        by_label = (each for each in classes if (each.class_label, each.type_label) == labels)
        found = next(by_code, None) or next(by_label, None)
        return found.share_class if found is not None else code_for(heading)

    def mandate(self, purpose: str, granted_on: date) -> str | None:
        """The code of the mandate for a purpose that a meeting granted on a day."""
        granted = (each for each in self.of(events.MandateGranted) if each.purpose == purpose)
        return next((each.mandate for each in granted if each.effective_on == granted_on), None)

    def moved(self, kinds: Sequence[type[Event]], share_class: str, since: date, until: date) -> int:
        """How many shares facts of some kinds moved, after a day and until another."""
        found = (fact for fact in self.facts if isinstance(fact, tuple(kinds)) and since < fact.effective_on <= until)
        return sum(shares_of(fact) for fact in found if self.class_of(fact) == share_class)

    def split(self, share_class: str, since: date, until: date) -> Fraction:
        """How many shares each one of a class became by reorganisations after a day and until another."""
        over = (fact for fact in self.of(events.Reorganisation) if fact.share_class in (None, share_class))
        return prod((_split(fact) for fact in over if since < fact.effective_on <= until), start=Fraction(1))

    def class_of(self, fact: Event) -> str | None:
        """The code of the class that a fact is about, through its scheme or instrument where it names one."""
        for code, kind in ((fact.scheme, events.SchemeAdopted), (fact.instrument, events.InstrumentIssued)):
            if code is not None:
                named = (each for each in self.facts if isinstance(each, kind) and code in (each.scheme, each.instrument))
                return next((each.share_class for each in named), None)
        return fact.share_class


def _split(fact: events.Reorganisation) -> Fraction:
    if isinstance(fact, events.SharesSubdivided):
        return Fraction(fact.into)
    return Fraction(1, fact.shares) if isinstance(fact, events.SharesConsolidated) else Fraction(1)


def shares_of(fact: Event) -> int:
    """The number of shares, options or awards of a fact."""
    awards = fact.awards if isinstance(fact, events.AwardsMovement) else 0
    return fact.shares or fact.options or awards


def code_for(heading: ClassHeading, taken: Iterable[str] = ()) -> str:
    """A code for a class of a new book: the letter of a Class A, its type where that is a word, else the first word of its class.

    A number follows where it is taken.
    """
    if (lettered := _LETTERED.search(f"{heading.type_label} {heading.class_label}")) is not None:
        return _free(lettered[1].upper(), taken)
    label = heading.type_label if heading.type_label.isalnum() else heading.class_label
    return _free(code_of(label).split("-")[0] if label == heading.class_label else label, taken)


_LETTERED = re.compile(r"\bclass ([a-z])\b", re.IGNORECASE)


def code_of(words: str, taken: Iterable[str] = ()) -> str:
    """A code made of the first letters and digits of some words; a number follows where it is taken."""
    plain = "-".join(re.findall(r"[a-z0-9]+", words.lower()))[:_LONGEST].strip("-") or "unnamed"
    return _free(plain, taken)


def _free(code: str, taken: Iterable[str]) -> str:
    used = set(taken)
    return next(free for free in (code, *(f"{code}-{number}" for number in range(2, 1_000))) if free not in used)


_LONGEST = 30
