"""Which version of which form applies on a submission date, what it prints, and how well each caption of it is known."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from domain.capital.return_settings import ReturnSettings
from domain.returns.forms import EDITIONS, FORMS, IN_EDITION, MONTHLY, NEXT_DAY, NoForm, form_for
from domain.returns.forms.edition import FIRST, SECOND
from domain.returns.forms.form import RULES_CHANGED, SIGHTING

# Each version, the days before it and its first day, how that day is known.
VERSIONS = [
    (MONTHLY, date(2021, 7, 1), None, "FF301 1.0.1", SIGHTING),
    (MONTHLY, date(2022, 11, 2), "FF301 1.0.1", "FF301 1.0.2", SIGHTING),
    (MONTHLY, date(2024, 6, 11), "FF301 1.0.2", "FF301 1.1.0", RULES_CHANGED),
    (MONTHLY, date(2024, 12, 1), "FF301 1.1.0", "FF301 1.1.1", SIGHTING),
    (MONTHLY, date(2026, 1, 1), "FF301 1.1.1", "FF301 1.2.1", RULES_CHANGED),
    (NEXT_DAY, date(2021, 7, 1), None, "FF304 1.0.0", SIGHTING),
    (NEXT_DAY, date(2022, 10, 31), "FF304 1.0.0", "FF304 1.2.4", SIGHTING),
    (NEXT_DAY, date(2023, 10, 3), "FF304 1.2.4", "FF304 1.2.5", SIGHTING),
    (NEXT_DAY, date(2024, 6, 11), "FF304 1.2.5", "FF305 1.3.0", RULES_CHANGED),
]
each_version = pytest.mark.parametrize(
    ("kind", "first_day", "before", "name", "known"), VERSIONS, ids=[row[3] for row in VERSIONS]
)


@each_version
def test_a_version_is_used_from_its_first_day_and_the_one_before_it_until_the_day_before(kind, first_day, before, name, known):
    assert str(form_for(kind, first_day)) == name
    if before is not None:
        assert str(form_for(kind, date.fromordinal(first_day.toordinal() - 1))) == before


@each_version
def test_a_version_says_whether_its_first_day_is_known_or_only_the_earliest_sighting(kind, first_day, before, name, known):
    assert form_for(kind, first_day).dated_by.startswith(known)


def test_every_version_stands_in_the_table():
    assert [row[3] for row in VERSIONS] == [str(form) for form in FORMS]


# Sightings by submission date: the forms that published returns of these days are on.
@pytest.mark.parametrize(
    ("kind", "submitted_on", "name"),
    [
        (NEXT_DAY, date(2021, 7, 15), "FF304 1.0.0"),
        (NEXT_DAY, date(2022, 12, 30), "FF304 1.2.4"),
        (NEXT_DAY, date(2023, 10, 3), "FF304 1.2.5"),
        (NEXT_DAY, date(2024, 1, 10), "FF304 1.2.5"),
        (NEXT_DAY, date(2024, 5, 31), "FF304 1.2.5"),
        (NEXT_DAY, date(2024, 12, 18), "FF305 1.3.0"),
        (NEXT_DAY, date(2025, 6, 2), "FF305 1.3.0"),
        (MONTHLY, date(2022, 10, 31), "FF301 1.0.1"),
        (MONTHLY, date(2022, 11, 30), "FF301 1.0.2"),
        (MONTHLY, date(2024, 5, 7), "FF301 1.0.2"),
        (MONTHLY, date(2024, 9, 4), "FF301 1.1.0"),
        (MONTHLY, date(2024, 10, 4), "FF301 1.1.0"),
        (MONTHLY, date(2025, 1, 6), "FF301 1.1.1"),
        (MONTHLY, date(2026, 9, 3), "FF301 1.2.1"),
    ],
)
def test_the_form_is_the_one_that_returns_of_its_day_were_seen_on(kind, submitted_on, name):
    assert str(form_for(kind, submitted_on)) == name


@pytest.mark.parametrize(("kind", "code"), [(NEXT_DAY, "next-day"), (MONTHLY, "monthly")])
def test_no_form_is_made_up_for_a_day_before_the_first_one_known(kind, code):
    with pytest.raises(NoForm) as refused:
        form_for(kind, date(2021, 6, 30))
    assert str(refused.value) == f"no {code} form known for a return submitted before 1 July 2021"


# --- labels -------------------------------------------------------------------------------------------------------

# The labels of class B of weighted voting shares, as each version prints them.
CLASS_FIRST = ("Class of shares", "Type of shares", "B")
TYPE_FIRST = ("Type of shares", "Class of shares", "Class B")
LABELS = {
    "FF301 1.0.1": (*TYPE_FIRST, "Listed on SEHK (Note 1)", "Type of shares issuable", "Type of shares issuable (Note 5 and 6)"),
    "FF301 1.0.2": (
        *CLASS_FIRST,
        "Listed on SEHK (Note 1)",
        "Class of shares issuable",
        "Class of shares issuable (Note 5 and 6)",
    ),
    "FF301 1.1.0": (*CLASS_FIRST, "Listed on the Exchange (Note 1)", None, None),
    "FF301 1.1.1": (*CLASS_FIRST, "Listed on the Exchange (Note 1)", None, None),
    "FF301 1.2.1": (*CLASS_FIRST, "Listed on the Exchange (Note 1)", None, None),
    "FF304 1.0.0": (*TYPE_FIRST, "Listed on SEHK (Note 11)", None, None),
    "FF304 1.2.4": (*TYPE_FIRST, "Listed on SEHK (Note 11)", None, None),
    "FF304 1.2.5": (*CLASS_FIRST, "Listed on SEHK (Note 11)", None, None),
    "FF305 1.3.0": (*CLASS_FIRST, "Listed on the Exchange", None, None),
}


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_the_labels_of_a_class_are_those_of_the_version(form):
    captions = form.captions
    assert (
        captions["class_label"], captions["type_label"], captions["type_value_wvr"].format(type_label="B"), captions["listed"],
        captions.get("issuable_class_label"), captions.get("event_class_label"),
    ) == LABELS[str(form)]  # fmt: skip


# --- how well the wording is known ----------------------------------------------------------------------------------

WHOLE = "whole"
SECTION_2 = {"section_2_confirmation", "section_2_elsewhere", "section_2_note"}
PARTS_B_C_D = {"Part III(B)": WHOLE, "Part III(C)": WHOLE, "Part III(D)": ..., "Public float": WHOLE}
EXCERPTS = {
    "Head of a class": {"unlisted_stock_code", "multi_counter_stock_code"},
    "Part II": {"part_2", "issued_number"},
    "Part III(A)": {
        "options_opening", "options_closing", "options_new_shares", "options_may_be_issued", "options_may_be_granted",
        "options_issued_total",
    },
    "Part III(B)": ...,
    "Part III(E)": {"Redemption of shares and cancelled"},
    "Public float": WHOLE,
    "Part V": {"confirmation", "confirmation_note"},
    "Confirmations": WHOLE,
    "Notes": WHOLE,
}  # fmt: skip
# By section, the captions that no published return on the version has shown; `...` is the section but for its title.
MARKS = {
    "FF301 1.0.1": {**EXCERPTS, "Head of a class": {"unlisted_stock_code", "multi_counter_stock_code", "event_class_label"}},
    "FF301 1.0.2": EXCERPTS,
    "FF301 1.1.0": {
        **PARTS_B_C_D, "Part III(D)": WHOLE, "Part III(E)": WHOLE, "Part IV": WHOLE, "Part V": WHOLE, "Confirmations": WHOLE,
        "Notes": WHOLE,
    },
    "FF301 1.1.1": PARTS_B_C_D,
    "FF301 1.2.1": dict.fromkeys([*IN_EDITION["FF301 1.2.1", 2].worded, "Confirmations", "Notes"], WHOLE),
    "FF304 1.0.0": {"Section II": ..., "Confirmations": WHOLE, "Notes": WHOLE},
    "FF304 1.2.4": {"Section II": ...},
    "FF304 1.2.5": {"Section II": {"section_2_part_b", *SECTION_2}},
    "FF305 1.3.0": {"Section II": SECTION_2, "Section III": ...},
}  # fmt: skip
TITLES = {"part_3b", "part_3d", "section_2", "section_2_instruction", "section_3", "section_3_instruction"}


def expected(form, section, marked):
    captions = set(form.worded.get(section, {"Confirmations": ["CONFIRMATIONS"], "Notes": ["NOTES"]}.get(section)))
    return {WHOLE: captions, ...: captions - TITLES}.get(marked, marked) if not isinstance(marked, set) else marked


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_every_caption_that_no_published_return_has_shown_is_marked(form):
    marks = {section: set(keys) for section, keys in form.marks().items() if keys}
    assert marks == {section: expected(form, section, marked) for section, marked in MARKS[str(form)].items()}


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_form_is_not_verified_while_one_of_its_captions_is_not(form):
    assert form.mark == "unverified"
    assert attrs.evolve(form, unverified=frozenset()).mark == "verified"
    assert form.unverified <= {*form.captions, "NOTES", "CONFIRMATIONS"}


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_every_form_has_its_captions_notes_and_confirmations(form):
    assert form.captions["form"] == form.code == form.captions["page_head"]
    assert all(note.strip() for note in form.notes)
    assert len(form.confirmations) == 8
    assert len(form.notes) == {"FF301": 6 if form.version < "1.1" else 5, "FF304": 11, "FF305": 8}[form.code]


def test_only_the_form_that_nobody_has_read_is_always_a_draft():
    assert [str(form) for form in FORMS if form.always_draft] == ["FF301 1.2.1"]


def test_the_form_of_2026_is_that_of_2025_with_the_public_float_in_part_ii():
    now, before = IN_EDITION["FF301 1.2.1", 2].captions, IN_EDITION["FF301 1.1.1", 2].captions
    assert {key: now[key] for key in now if now[key] != before.get(key)} == {
        "part_2": "II. Movements in Issued Shares and/or Treasury Shares and Public Float Sufficiency Confirmation",
        "part_2_public_float": "Public float sufficiency confirmation",
    }


# --- editions -----------------------------------------------------------------------------------------------------


def test_the_first_edition_has_the_four_versions_that_the_program_then_knew():
    assert {name for name, number in IN_EDITION if number == 1} == {"FF301 1.0.2", "FF301 1.1.1", "FF304 1.2.4", "FF305 1.3.0"}
    assert {name for name, number in IN_EDITION if number == 2} == {str(form) for form in FORMS}
    assert EDITIONS == {1: FIRST, 2: SECOND}


def test_a_correction_of_a_caption_leaves_the_earlier_edition_as_it_was():
    first, second = (IN_EDITION["FF304 1.2.4", number].captions["section_2_total_number"] for number in (1, 2))
    assert (first, second) == ("Total", "Total number of securities purchased")


def test_the_habits_of_an_edition_are_those_of_an_issuer_that_has_said_nothing():
    assert (FIRST.settings(ReturnSettings()).chinese_name, SECOND.settings(ReturnSettings()).chinese_name) == (True, False)
    assert FIRST.settings(ReturnSettings(chinese_name=False)).chinese_name is False
    assert SECOND.settings(ReturnSettings(chinese_name=True)).chinese_name is True
