"""Which version of a form applies on a submission date, and its captions, notes and confirmations.

A form's version is a row with the day from which it is used; a new version adds a row and a module with its wording,
and edits nothing. The captions are the forms' own, kept in one module per version.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from domain.parameters import TREASURY_REGIME
from domain.returns.forms import ff301_1_0, ff301_1_1, ff304_1_2, ff305_1_3


@attrs.frozen
class Form:
    """A version of a form, used for returns submitted from `used_from` on.

    `mark` says how its wording is known: `verified` from a published return on it, or `unverified`.
    """

    code: str
    version: str
    kind: str
    used_from: date
    mark: str

    @property
    def before_june_2024(self) -> bool:
        """Whether the version is of the time before the treasury share regime, with its own wording and columns."""
        return self.used_from < TREASURY_REGIME

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


MONTHLY = "monthly"
NEXT_DAY = "next-day"

FORMS: tuple[Form, ...] = (
    Form("FF301", "1.0.2", MONTHLY, date(2021, 7, 1), "unverified"),
    Form("FF304", "1.2.4", NEXT_DAY, date(2021, 7, 1), "verified"),
    Form("FF301", "1.1.1", MONTHLY, TREASURY_REGIME, "verified"),
    Form("FF305", "1.3.0", NEXT_DAY, TREASURY_REGIME, "verified"),
)

CAPTIONS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("FF301", "1.0.2"): ff301_1_0.CAPTIONS,
    ("FF301", "1.1.1"): ff301_1_1.CAPTIONS,
    ("FF304", "1.2.4"): ff304_1_2.CAPTIONS,
    ("FF305", "1.3.0"): ff305_1_3.CAPTIONS,
}
NOTES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("FF301", "1.0.2"): ff301_1_0.NOTES,
    ("FF301", "1.1.1"): ff301_1_1.NOTES,
    ("FF304", "1.2.4"): ff304_1_2.NOTES,
    ("FF305", "1.3.0"): ff305_1_3.NOTES,
}
CONFIRMATIONS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("FF301", "1.0.2"): ff301_1_0.CONFIRMATIONS,
    ("FF301", "1.1.1"): ff301_1_1.CONFIRMATIONS,
    ("FF304", "1.2.4"): ff304_1_2.CONFIRMATIONS,
    ("FF305", "1.3.0"): ff305_1_3.CONFIRMATIONS,
}

# The captions, by key, that no published return has shown; `NOTES` and `CONFIRMATIONS` stand for those lists.
UNVERIFIED: Mapping[tuple[str, str], frozenset[str]] = {
    ("FF301", "1.0.2"): ff301_1_0.UNVERIFIED,
    ("FF301", "1.1.1"): ff301_1_1.UNVERIFIED,
    ("FF304", "1.2.4"): ff304_1_2.UNVERIFIED,
    ("FF305", "1.3.0"): ff305_1_3.UNVERIFIED,
}


class NoForm(ValueError):
    """No version of the form is known for a submission date."""


def form_for(kind: str, submitted_on: date) -> Form:
    """The version of a form that applies to a return submitted on a day. Raises NoForm before the first one known."""
    in_use = [form for form in FORMS if form.kind == kind and form.used_from <= submitted_on]
    if not in_use:
        first = min(form.used_from for form in FORMS if form.kind == kind)
        raise NoForm(f"no {kind} form known for a return submitted before {first:%-d %B %Y}")
    return max(in_use, key=lambda form: form.used_from)
