"""How the forms name each fact."""

from __future__ import annotations

import attrs
import pytest

from domain.events import EVENT_TYPES
from domain.returns.categories import CATEGORIES, OTHER, UNVERIFIED, VERIFIED, category, variant
from tests.samples import sample

ROWS = [(kind.__name__, name, row) for kind, variants in CATEGORIES.items() for name, row in variants.items()]
IDS = [f"{kind}, {name}" for kind, name, _ in ROWS]


@pytest.mark.parametrize(("kind", "name", "row"), ROWS, ids=IDS)
def test_every_category_has_its_part_its_wording_in_both_forms_and_its_mark(kind, name, row):
    assert row.part in ("A", "B", "C", "D", "E")
    assert row.wording.strip() == row.wording != ""
    assert row.before_june_2024.strip() == row.before_june_2024 != ""
    assert row.mark in (VERIFIED, UNVERIFIED)


@pytest.mark.parametrize(("kind", "name", "row"), ROWS, ids=IDS)
def test_what_is_filed_as_other_is_specified_by_the_fact_or_by_the_table(kind, name, row):
    if row.wording == OTHER:
        assert row.text or kind in ("TreasurySharesSold", "TreasurySharesCancelled")


def test_only_event_types_have_categories():
    assert set(CATEGORIES) <= set(EVENT_TYPES)


@pytest.mark.parametrize("kind", CATEGORIES, ids=lambda kind: kind.__name__)
def test_each_way_of_recording_a_fact_falls_in_a_category_of_its_type(kind):
    names = {field.name for field in attrs.fields(kind)}
    ways = [{}]
    ways = [{**way, name: value} for way in ways for value in ("yes", "no")] if (name := "treasury_shares") in names else ways
    ways = [{**way, name: value} for way in ways for value in ("yes", "no")] if (name := "director") in names else ways
    ways += [{"cancelled": "no"}] if "cancelled" in names else []
    ways += [{"intention": "treasury"}] if "intention" in names else []
    assert {variant(sample(kind.__name__, **way)) for way in ways} == set(CATEGORIES[kind])


def test_a_fact_that_moves_no_issued_share_has_no_category():
    with pytest.raises(KeyError):
        category(sample("OptionsGranted"))
