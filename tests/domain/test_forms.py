"""Which version of which form applies on a submission date."""

from __future__ import annotations

from datetime import date

import pytest

from domain.returns.forms import CAPTIONS, CONFIRMATIONS, FORMS, MONTHLY, NEXT_DAY, NOTES, UNVERIFIED, NoForm, form_for


@pytest.mark.parametrize(
    ("kind", "submitted_on", "form"),
    [
        (NEXT_DAY, date(2021, 7, 1), "FF304 1.2.4"),
        (NEXT_DAY, date(2022, 12, 30), "FF304 1.2.4"),
        (NEXT_DAY, date(2024, 6, 10), "FF304 1.2.4"),
        (NEXT_DAY, date(2024, 6, 11), "FF305 1.3.0"),
        (NEXT_DAY, date(2024, 12, 18), "FF305 1.3.0"),
        (MONTHLY, date(2021, 7, 1), "FF301 1.0.2"),
        (MONTHLY, date(2024, 6, 10), "FF301 1.0.2"),
        (MONTHLY, date(2024, 6, 11), "FF301 1.1.1"),
        (MONTHLY, date(2025, 1, 6), "FF301 1.1.1"),
    ],
)
def test_the_form_is_the_one_in_force_on_the_submission_date(kind, submitted_on, form):
    assert str(form_for(kind, submitted_on)) == form


@pytest.mark.parametrize(
    ("kind", "submitted_on", "said"),
    [
        (NEXT_DAY, date(2021, 6, 30), "no next-day form known for a return submitted before 1 July 2021"),
        (MONTHLY, date(2021, 6, 30), "no monthly form known for a return submitted before 1 July 2021"),
    ],
)
def test_no_form_is_made_up_for_a_day_before_the_first_one_known(kind, submitted_on, said):
    with pytest.raises(NoForm) as refused:
        form_for(kind, submitted_on)
    assert str(refused.value) == said


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_every_form_has_its_captions_notes_confirmations_and_mark(form):
    version = form.code, form.version
    assert CAPTIONS[version]["form"] == form.code if "form" in CAPTIONS[version] else CAPTIONS[version]
    assert all(note.strip() for note in NOTES[version])
    assert NOTES[version]
    assert CONFIRMATIONS[version]
    assert form.mark in ("verified", "unverified")
    assert UNVERIFIED[version] <= {*CAPTIONS[version], "NOTES", "CONFIRMATIONS"}


def test_no_two_versions_of_a_form_begin_on_the_same_day():
    begun = [(form.kind, form.used_from) for form in FORMS]
    assert len(set(begun)) == len(begun)
