"""Which version of which form applies on a submission date, what it prints, and how well each caption of it is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from types import EllipsisType

import attrs
import pytest

from domain.capital.return_settings import ReturnSettings
from domain.returns.forms import EDITIONS, FORMS, IN_EDITION, MONTHLY, NEXT_DAY, NoForm, form_for
from domain.returns.forms.edition import FIRST, SECOND
from domain.returns.forms.form import RULES_CHANGED, SIGHTING

WHOLE = "whole"
Marked = set[str] | str | EllipsisType


@attrs.frozen
class Version:
    """A version as published returns show it. A new one is a row of VERSIONS.

    `since` is the edition that first has it. `seen_on` are days of submission of published returns on it. `labels` are those of
    the head of class B of weighted voting shares, then those of shares issuable and of Part III(E), None where it has none.
    `marks` are by section the captions that no published return has shown; `...` is the section but for its title.
    """

    kind: str
    first_day: date
    dated_by: str
    since: int
    seen_on: tuple[date, ...]
    labels: tuple[str | None, ...]
    notes: int
    marks: Mapping[str, Marked]


CLASS_FIRST = ("Class of shares", "Type of shares", "B")
TYPE_FIRST = ("Type of shares", "Class of shares", "Class B")
SECTION_2 = {"section_2_confirmation", "section_2_elsewhere", "section_2_note"}
PARTS_B_C_D: dict[str, Marked] = {"Part III(B)": WHOLE, "Part III(C)": WHOLE, "Part III(D)": ..., "Public float": WHOLE}
EXCERPTS: dict[str, Marked] = {
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
OF_2026 = IN_EDITION["FF301 1.2.1", 2].worded

VERSIONS = {
    "FF301 1.0.1": Version(
        MONTHLY, date(2021, 7, 1), SIGHTING, since=2, seen_on=(date(2022, 10, 31),), notes=6,
        labels=(*TYPE_FIRST, "Listed on SEHK (Note 1)", "Type of shares issuable", "Type of shares issuable (Note 5 and 6)"),
        marks={**EXCERPTS, "Head of a class": {"unlisted_stock_code", "multi_counter_stock_code", "event_class_label"}},
    ),
    "FF301 1.0.2": Version(
        MONTHLY, date(2022, 11, 2), SIGHTING, since=1, seen_on=(date(2022, 11, 30), date(2024, 5, 7)), notes=6,
        labels=(*CLASS_FIRST, "Listed on SEHK (Note 1)", "Class of shares issuable", "Class of shares issuable (Note 5 and 6)"),
        marks=EXCERPTS,
    ),
    "FF301 1.1.0": Version(
        MONTHLY, date(2024, 6, 11), RULES_CHANGED, since=2, seen_on=(date(2024, 9, 4), date(2024, 10, 4)), notes=5,
        labels=(*CLASS_FIRST, "Listed on the Exchange (Note 1)", None, None),
        marks={
            **PARTS_B_C_D, "Part III(D)": WHOLE, "Part III(E)": WHOLE, "Part IV": WHOLE, "Part V": WHOLE, "Confirmations": WHOLE,
            "Notes": WHOLE,
        },
    ),
    "FF301 1.1.1": Version(
        MONTHLY, date(2024, 12, 1), SIGHTING, since=1, seen_on=(date(2025, 1, 6),), notes=5,
        labels=(*CLASS_FIRST, "Listed on the Exchange (Note 1)", None, None),
        marks=PARTS_B_C_D,
    ),
    "FF301 1.2.1": Version(
        MONTHLY, date(2026, 1, 1), RULES_CHANGED, since=2, seen_on=(date(2026, 9, 3),), notes=5,
        labels=(*CLASS_FIRST, "Listed on the Exchange (Note 1)", None, None),
        marks=dict.fromkeys([*OF_2026, "Confirmations", "Notes"], WHOLE),
    ),
    "FF304 1.0.0": Version(
        NEXT_DAY, date(2021, 7, 1), SIGHTING, since=2, seen_on=(date(2021, 7, 15),), notes=11,
        labels=(*TYPE_FIRST, "Listed on SEHK (Note 11)", None, None),
        marks={"Section II": ..., "Confirmations": WHOLE, "Notes": WHOLE},
    ),
    "FF304 1.2.4": Version(
        NEXT_DAY, date(2022, 10, 31), SIGHTING, since=1, seen_on=(date(2022, 12, 30),), notes=11,
        labels=(*TYPE_FIRST, "Listed on SEHK (Note 11)", None, None),
        marks={"Section II": ...},
    ),
    "FF304 1.2.5": Version(
        NEXT_DAY, date(2023, 10, 3), SIGHTING, since=2, notes=11,
        seen_on=(date(2023, 10, 3), date(2024, 1, 10), date(2024, 5, 31)),
        labels=(*CLASS_FIRST, "Listed on SEHK (Note 11)", None, None),
        marks={"Section II": {"section_2_part_b", *SECTION_2}},
    ),
    "FF305 1.3.0": Version(
        NEXT_DAY, date(2024, 6, 11), RULES_CHANGED, since=1, seen_on=(date(2024, 12, 18), date(2025, 6, 2)), notes=8,
        labels=(*CLASS_FIRST, "Listed on the Exchange", None, None),
        marks={"Section II": SECTION_2, "Section III": ...},
    ),
}  # fmt: skip

each_form = pytest.mark.parametrize("form", [form for form in FORMS if str(form) in VERSIONS], ids=str)


def test_every_version_has_a_row_here():
    missing = [str(form) for form in FORMS if str(form) not in VERSIONS]
    assert not missing, f"a row in VERSIONS of {__name__} for {', '.join(missing)}"
    assert len({str(form) for form in FORMS}) == len(FORMS) == len(VERSIONS)


@each_form
def test_a_version_is_used_from_its_first_day(form):
    version = VERSIONS[str(form)]
    assert (form.kind, form.first_day) == (version.kind, version.first_day)
    assert form_for(version.kind, version.first_day) is form


@pytest.mark.parametrize("kind", [MONTHLY, NEXT_DAY])
def test_a_version_is_used_until_the_day_before_the_next_one(kind):
    in_order = [(name, version.first_day) for name, version in VERSIONS.items() if version.kind == kind]
    for (name, _), (_, next_first_day) in pairwise(in_order):
        assert str(form_for(kind, next_first_day - timedelta(days=1))) == name


@each_form
def test_a_version_says_whether_its_first_day_is_known_or_only_the_earliest_sighting(form):
    assert form.dated_by.startswith(VERSIONS[str(form)].dated_by)


@each_form
def test_the_form_is_the_one_that_returns_of_its_day_were_seen_on(form):
    version = VERSIONS[str(form)]
    assert {day: form_for(version.kind, day) for day in version.seen_on} == dict.fromkeys(version.seen_on, form)


@pytest.mark.parametrize(("kind", "code"), [(NEXT_DAY, "next-day"), (MONTHLY, "monthly")])
def test_no_form_is_made_up_for_a_day_before_the_first_one_known(kind, code):
    with pytest.raises(NoForm) as refused:
        form_for(kind, date(2021, 6, 30))
    assert str(refused.value) == f"no {code} form known for a return submitted before 1 July 2021"


# --- what it prints, and how well that is known ---------------------------------------------------------------------


@each_form
def test_the_labels_of_a_class_are_those_of_the_version(form):
    captions = form.captions
    assert (
        captions["class_label"], captions["type_label"], captions["type_value_wvr"].format(type_label="B"), captions["listed"],
        captions.get("issuable_class_label"), captions.get("event_class_label"),
    ) == VERSIONS[str(form)].labels  # fmt: skip


TITLES = {"part_3b", "part_3d", "section_2", "section_2_instruction", "section_3", "section_3_instruction"}


def expected(form, section, marked):
    captions = set(form.worded.get(section, {"Confirmations": ["CONFIRMATIONS"], "Notes": ["NOTES"]}.get(section)))
    return {WHOLE: captions, ...: captions - TITLES}.get(marked, marked) if not isinstance(marked, set) else marked


@each_form
def test_every_caption_that_no_published_return_has_shown_is_marked(form):
    marks = {section: set(keys) for section, keys in form.marks().items() if keys}
    assert marks == {section: expected(form, section, marked) for section, marked in VERSIONS[str(form)].marks.items()}


@each_form
def test_a_form_is_not_verified_while_one_of_its_captions_is_not(form):
    assert form.mark == ("unverified" if VERSIONS[str(form)].marks else "verified")
    assert attrs.evolve(form, unverified=frozenset()).mark == "verified"
    assert form.unverified <= {*form.captions, "NOTES", "CONFIRMATIONS"}


@each_form
def test_every_form_has_its_captions_notes_and_confirmations(form):
    assert form.captions["form"] == form.code == form.captions["page_head"]
    assert all(note.strip() for note in form.notes)
    assert len(form.confirmations) == 8
    assert len(form.notes) == VERSIONS[str(form)].notes


def test_only_the_form_that_nobody_has_read_is_always_a_draft():
    assert [str(form) for form in FORMS if form.always_draft] == ["FF301 1.2.1"]


def test_the_form_of_2026_is_that_of_2025_with_the_public_float_in_part_ii():
    now, before = IN_EDITION["FF301 1.2.1", 2].captions, IN_EDITION["FF301 1.1.1", 2].captions
    assert {key: now[key] for key in now if now[key] != before.get(key)} == {
        "part_2": "II. Movements in Issued Shares and/or Treasury Shares and Public Float Sufficiency Confirmation",
        "part_2_public_float": "Public float sufficiency confirmation",
    }


# --- editions -----------------------------------------------------------------------------------------------------


def test_an_edition_has_the_versions_that_the_program_then_knew():
    for number in EDITIONS:
        expected = {name for name, version in VERSIONS.items() if version.since <= number}
        assert {name for name, edition in IN_EDITION if edition == number and name in VERSIONS} == expected
    assert EDITIONS == {1: FIRST, 2: SECOND}


def test_a_correction_of_a_caption_leaves_the_earlier_edition_as_it_was():
    first, second = (IN_EDITION["FF304 1.2.4", number].captions["section_2_total_number"] for number in (1, 2))
    assert (first, second) == ("Total", "Total number of securities purchased")


def test_the_habits_of_an_edition_are_those_of_an_issuer_that_has_said_nothing():
    assert (FIRST.settings(ReturnSettings()).chinese_name, SECOND.settings(ReturnSettings()).chinese_name) == (True, False)
    assert FIRST.settings(ReturnSettings(chinese_name=False)).chinese_name is False
    assert SECOND.settings(ReturnSettings(chinese_name=True)).chinese_name is True
