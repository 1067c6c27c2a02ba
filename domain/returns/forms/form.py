"""A version of a form: when it is used, what it prints, how well its wording is known, and the edition it is laid out in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property, reduce

import attrs

from domain.capital.accounts import ISSUED_EXCLUDING_TREASURY, TOTAL_ISSUED
from domain.returns.forms.edition import CURRENT, Edition

MONTHLY = "monthly"
NEXT_DAY = "next-day"

VERIFIED, UNVERIFIED = "verified", "unverified"

# How the first day of a version is known.
RULES_CHANGED = "the day on which the rules changed"
SIGHTING = "earliest sighting"

Sections = Mapping[str, Mapping[str, str]]
"""Captions by key, each in the section of the form where it stands."""

NOTES, CONFIRMATIONS = "NOTES", "CONFIRMATIONS"
"""What represents the two lists among the keys of captions that are not verified."""


@attrs.frozen(eq=False)
class Form:
    """A version of a form, used for returns submitted from `first_day` on; `dated_by` says how that day is known.

    `unverified` are the keys of the captions, and `NOTES` or `CONFIRMATIONS`, that no published return on the version has
    shown. `corrections` are the captions that a later edition words otherwise, by edition; `since` is the first edition that
    has the version. `changes` are the captions in which it differs from the version that it follows, in every edition. A return
    on a version that is `always_draft` says so: no return on it could be read in full.
    """

    code: str
    version: str
    kind: str
    first_day: date
    dated_by: str
    since: int
    treasury_shares: bool
    sections: Sections
    notes: tuple[str, ...]
    confirmations: tuple[str, ...]
    unverified: frozenset[str]
    corrections: Mapping[int, Sections] = attrs.field(factory=dict)
    changes: Sections = attrs.field(factory=dict)
    always_draft: bool = False
    edition: Edition = CURRENT

    @cached_property
    def worded(self) -> Sections:
        """The captions of the edition, by section."""
        later = [corrected for number, corrected in sorted(self.corrections.items()) if number <= self.edition.number]
        return reduce(_merged, (*later, self.changes), self.sections)

    @cached_property
    def captions(self) -> Mapping[str, str]:
        """The captions of the edition, by key."""
        return {key: text for captions in self.worded.values() for key, text in captions.items()}

    @property
    def counts_treasury(self) -> bool:
        """Whether its issued shares include treasury shares: before June 2024 it has no column for them."""
        return self.edition.treasury_counted and not self.treasury_shares

    @cached_property
    def issued(self) -> tuple[str, ...]:
        """The accounts that make up what it calls issued shares."""
        return TOTAL_ISSUED if self.counts_treasury else ISSUED_EXCLUDING_TREASURY

    @property
    def mark(self) -> str:
        """`verified` where every caption, note and confirmation was read in a published return, else `unverified`."""
        return UNVERIFIED if self.unverified else VERIFIED

    def marks(self) -> Mapping[str, tuple[str, ...]]:
        """Each section, the notes and the confirmations, with the keys of the captions in it that are not verified."""
        listed = {name: tuple(key for key in captions if key in self.unverified) for name, captions in self.worded.items()}
        lists = {"Confirmations": CONFIRMATIONS, "Notes": NOTES}
        return {**listed, **{name: (key,) if key in self.unverified else () for name, key in lists.items()}}

    def successor(
        self,
        version: str,
        *,
        first_day: date,
        dated_by: str,
        since: int,
        unverified: frozenset[str],
        changes: Sections | None = None,
        always_draft: bool = False,
    ) -> Form:
        """Another version of the form: this one, with its own dates and marks, and the captions in `changes`."""
        return attrs.evolve(
            self,
            version=version,
            first_day=first_day,
            dated_by=dated_by,
            since=since,
            unverified=unverified,
            changes=_merged(self.changes, changes or {}),
            always_draft=always_draft,
        )

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


def _merged(sections: Sections, others: Sections) -> Sections:
    return {name: {**sections.get(name, {}), **others.get(name, {})} for name in dict.fromkeys((*sections, *others))}


def keys_of(sections: Sections, *names: str) -> frozenset[str]:
    """The keys of the captions of some sections, of all where none is named."""
    return frozenset(key for name in names or sections for key in sections[name])
