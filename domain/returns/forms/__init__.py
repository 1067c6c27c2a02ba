"""The versions of the forms, and which of them applies on a submission date.

A version is a module of this folder: its `FORM` has dates, wording and how well that is known. A new version is a new module,
which is found by its name; nothing lists it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from importlib import import_module
from pkgutil import iter_modules

import attrs

from domain import errors
from domain.returns.forms.edition import CURRENT as CURRENT
from domain.returns.forms.edition import EDITIONS as EDITIONS
from domain.returns.forms.form import CONFIRMATIONS as CONFIRMATIONS
from domain.returns.forms.form import MONTHLY as MONTHLY
from domain.returns.forms.form import NEXT_DAY as NEXT_DAY
from domain.returns.forms.form import NOTES as NOTES
from domain.returns.forms.form import Form as Form


def _versions() -> Iterator[Form]:
    for module in iter_modules(__path__):
        if module.name.startswith("ff"):
            yield import_module(f"{__name__}.{module.name}").FORM


FORMS: tuple[Form, ...] = tuple(sorted(_versions(), key=lambda form: (form.kind, form.first_day)))
"""Every version known, by kind and first day."""

IN_EDITION: Mapping[tuple[str, int], Form] = {
    (str(form), edition.number): form if edition is form.edition else attrs.evolve(form, edition=edition)
    for edition in EDITIONS.values()
    for form in FORMS
    if edition.number >= form.since
}
"""Each version of a form in each edition that has it, by its name and the edition's number."""


class NoForm(errors.NotFound, ValueError):
    """No version of the form is known for a submission date."""


def form_for(kind: str, submitted_on: date) -> Form:
    """The version of a form that applies to a return submitted on a day. Raises NoForm before the first one known."""
    in_use = [form for form in FORMS if form.kind == kind and form.first_day <= submitted_on]
    if not in_use:
        first = min(form.first_day for form in FORMS if form.kind == kind)
        raise NoForm(f"no {kind} form known for a return submitted before {first:%-d %B %Y}")
    return max(in_use, key=lambda form: form.first_day)
