"""How the forms name each fact."""

from __future__ import annotations

import attrs
import pytest

from domain.capital.accounts import HELD, SHARES, TREASURY
from domain.capital.balances import replay
from domain.capital.entries import in_effect
from domain.capital.position import Position
from domain.events import EVENT_TYPES, BalanceBroughtForward
from domain.returns.categories import CATEGORIES, OTHER, UNVERIFIED, VERIFIED, category, variant
from tests.domain.book_of import entries
from tests.samples import sample, sample_book

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


def test_every_fact_that_moves_held_or_treasury_shares_has_a_category():
    """But the opening balance, of which no return speaks: a period that holds it is not prepared."""
    moving = {
        type(posted.entry.event)
        for posted in replay(in_effect(entries(*sample_book())), Position())
        if any(move.book == SHARES and {move.source, move.target} & {HELD, TREASURY} for move in posted.movements)
    }
    assert moving - {BalanceBroughtForward} <= set(CATEGORIES)


def test_only_event_types_have_categories():
    assert set(CATEGORIES) <= set(EVENT_TYPES)


PLACING = "Placing/subscription"
REPURCHASE = "Repurchase of shares"
# As printed: from 11 June 2024, and before.
NAMED = [
    ("PlacingCompleted", {}, f"{PLACING} - new shares involved", PLACING),
    ("PlacingCompleted", {"treasury_shares": "yes"}, f"{PLACING} - treasury shares involved", PLACING),
    ("GlobalOfferingCompleted", {}, OTHER, OTHER),
    ("OverAllotmentOptionExercised", {}, OTHER, OTHER),
    ("ClassAConvertedToB", {}, OTHER, OTHER),
    (
        "SharesRepurchased",
        {},
        f"{REPURCHASE} (shares repurchased for cancellation but not yet cancelled)",
        "Repurchase of shares (or other securities) but not cancelled",
    ),
    (
        "SharesRepurchased",
        {"intention": "treasury"},
        f"{REPURCHASE} (shares held as treasury shares)",
        "Repurchase of shares (or other securities)",
    ),
    (
        "RepurchasedSharesCancelled",
        {},
        f"{REPURCHASE} (shares repurchased and cancelled)",
        "Repurchase of shares (or other securities) and cancelled",
    ),
    ("SharesRedeemed", {}, "Redemption of shares (shares redeemed and cancelled)", "Redemption of shares and cancelled"),
    (
        "SharesRedeemed",
        {"cancelled": "no"},
        "Redemption of shares (shares redeemed but not yet cancelled)",
        "Redemption of shares but not cancelled",
    ),
]


@pytest.mark.parametrize(("name", "written", "now", "before"), NAMED)
def test_a_fact_is_named_as_the_published_forms_name_it(name, written, now, before):
    found = category(sample(name, **written))
    assert (found.wording, found.before_june_2024, found.mark) == (
        now,
        before,
        UNVERIFIED if written.get("treasury_shares") else VERIFIED,
    )


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
