"""Which changes call for a Next Day Disclosure Return: the lists by date, and the 5 % test to the share."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.capital.balances import apply
from domain.capital.entries import in_effect
from domain.capital.position import Position
from domain.disclosure.triggers import (
    LISTED,
    LISTS,
    ShareChange,
    base_on,
    change_of,
    disclosures,
    issued_of,
    item_of,
    reaches_five_percent,
)
from domain.events import EVENT_TYPES
from tests.domain.book_of import entries, event, set_up, two_classes

BEFORE, SINCE = "10 June 2024", "11 June 2024"


def lines(kind, day, director):
    on = date(2024, 6, 10) if day == BEFORE else date(2024, 6, 11)
    return [
        item.code
        for item in LISTS
        if kind in item.kinds
        and item.in_force_from <= on
        and (item.in_force_until is None or on < item.in_force_until)
        and item.director in (None, director)
    ]


@pytest.mark.parametrize("day", [BEFORE, SINCE])
@pytest.mark.parametrize("director", [True, False])
@pytest.mark.parametrize("kind", sorted(LISTED, key=EVENT_TYPES.index), ids=lambda kind: kind.__name__)
def test_every_fact_that_moves_issued_or_treasury_shares_is_on_one_line_of_the_lists_in_force(kind, director, day):
    assert len(lines(kind, day, director)) == 1


def test_a_line_is_cited_as_lawyers_cite_it():
    assert item_of(event("PlacingCompleted", SINCE, share_class="B", shares="1")).citation == "13.25A(2)(a)(i)"


def test_lines_that_the_old_text_does_not_name_are_marked_unverified():
    placed, cancelled = (
        item_of(event(name, BEFORE, share_class="B", shares="1")) for name in ("PlacingCompleted", "RepurchasedSharesCancelled")
    )
    assert (placed.confidence, cancelled.confidence) == ("verified", "unverified")


# --- what a fact changes ----------------------------------------------------------------------------------------


def changes(*what, book=None):
    position, found = Position(), []
    for each in in_effect(entries(*(book or set_up(on="3 January 2023", treasury="3,000")), *what)):
        item = item_of(each.event)
        issued = issued_of(position, base_on(each.event.effective_on))
        posted = apply(position, each)
        change = change_of(posted, item, issued) if item else None
        found += [change] if change else []
    return found


def test_the_base_leaves_treasury_shares_out_since_11_june_2024():
    placed = [event("PlacingCompleted", day, share_class="ordinary", shares="10") for day in (BEFORE, SINCE)]
    # 500,000 in members' hands and 3,000 in treasury; 10 more on the second day.
    assert [each.base for each in changes(*placed)] == [503_000, 500_010]


def test_the_base_is_of_all_classes():
    placed = event("PlacingCompleted", "5 July 2024", share_class="B", shares="10")
    assert changes(placed, book=two_classes())[0].base == 1_000_000


@pytest.mark.parametrize(
    ("what", "shares", "net"),
    [
        (event("PlacingCompleted", "5 July 2024", share_class="ordinary", shares="10"), 10, 10),
        (event("TreasurySharesSold", "5 July 2024", share_class="ordinary", shares="10"), 10, 10),
        (event("TreasurySharesCancelled", "5 July 2024", share_class="ordinary", shares="10"), 10, -10),
        (event("SharesRedeemed", "5 July 2024", share_class="ordinary", shares="10", cancelled="yes"), 10, -10),
        (event("SharesRedeemed", "5 July 2024", share_class="ordinary", shares="10", cancelled="no"), 0, 0),
        (event("SharesRepurchased", "5 July 2024", share_class="ordinary", shares="10", intention="cancellation"), 0, 0),
        (event("SharesRepurchased", "5 July 2024", share_class="ordinary", shares="10", intention="treasury"), 10, 10),
    ],
    ids=lambda what: type(what).__name__ if hasattr(what, "effective_on") else "",
)
def test_a_change_counts_what_it_changes_of_the_issued_or_treasury_shares(what, shares, net):
    (found,) = changes(what)
    assert (found.shares, found.net) == (shares, net)


def test_options_met_from_existing_shares_change_nothing():
    scheme = event("SchemeAdopted", "4 July 2024", scheme="n", share_class="ordinary", particulars="x", existing_shares="yes")
    granted = event("SchemeBalanceBroughtForward", "4 July 2024", scheme="n", outstanding="100")
    assert changes(scheme, granted, event("OptionsExercised", "5 July 2024", scheme="n", options="10")) == []


# --- the 5 % test -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "base", "reached"),
    [
        (50_000, 1_000_000, True),
        (49_999, 1_000_000, False),
        # 5 % of 999,999 is 49,999.95: it takes the next whole share.
        (49_999, 999_999, False),
        (50_000, 999_999, True),
        (50_000, 1_000_001, False),
        (1, 20, True),
        (1, 21, False),
        (50_000_000_000_000, 10**15, True),
        (49_999_999_999_999, 10**15, False),
        (0, 1, False),
        (1, 0, True),
    ],
)
def test_five_percent_to_the_share(shares, base, reached):
    assert reaches_five_percent(shares, base) is reached


@given(base=st.integers(1, 10**15))
def test_the_least_number_that_reaches_five_percent_is_a_twentieth_rounded_up(base):
    least = -(-base // 20)
    assert reaches_five_percent(least, base)
    assert not reaches_five_percent(least - 1, base)


def options(number, on, base=1_000_000, code="b.i", net=None):
    item = next(item for item in LISTS if item.code == code and item.in_force_until is None)
    named = entries(*[event("OptionsLapsed", on, scheme="s", options="1")])[0]
    return ShareChange(named, item, number, number if net is None else net, base)


def outcome(*what, published_on=None):
    """What changes call for; `published_on` is the day on which a return with those of 2 July was out."""
    found = disclosures(what, lambda entry: published_on if entry.event.effective_on == ONE else None)
    return [(each.on, each.needed, each.gross, each.base) for each in found]


def never(_):
    return None


ONE, TWO, THREE = date(2024, 7, 2), date(2024, 7, 3), date(2024, 7, 4)


def test_a_b_event_under_five_percent_calls_for_nothing_and_one_of_five_percent_does():
    assert outcome(options(49_999, "2 July 2024")) == [(ONE, False, 49_999, 1_000_000)]
    assert outcome(options(50_000, "2 July 2024")) == [(ONE, True, 50_000, 1_000_000)]


def test_b_events_add_up_over_days_on_the_base_before_the_earliest():
    found = outcome(options(30_000, "2 July 2024"), options(20_000, "3 July 2024", base=1_030_000))
    assert found == [(ONE, False, 30_000, 1_000_000), (TWO, True, 50_000, 1_000_000)]
    one_less = outcome(options(30_000, "2 July 2024"), options(19_999, "3 July 2024", base=1_030_000))
    assert [needed for _, needed, *_ in one_less] == [False, False]


def test_b_events_of_one_day_add_up():
    assert outcome(options(30_000, "2 July 2024"), options(20_000, "2 July 2024"))[0][1]


def test_what_a_return_disclosed_adds_up_no_more():
    found = outcome(options(30_000, "2 July 2024"), options(20_000, "3 July 2024", base=1_030_000), published_on=TWO)
    assert found[1] == (TWO, False, 20_000, 1_030_000)


def test_a_return_that_is_not_yet_out_changes_nothing():
    found = outcome(options(30_000, "2 July 2024"), options(20_000, "3 July 2024"), published_on=THREE)
    assert found[1] == (TWO, True, 50_000, 1_000_000)


def test_a_return_that_fell_due_discloses_what_was_pending():
    found = outcome(options(50_000, "2 July 2024"), options(49_999, "3 July 2024"))
    assert [needed for _, needed, *_ in found] == [True, False]


def test_an_a_event_brings_pending_b_events_along():
    placing = options(10, "3 July 2024", code="a.i")
    first, second = disclosures([options(5, "2 July 2024"), placing], never)
    assert not first.needed
    assert second.needed
    assert ([each.item.code for each in second.events], [each.item.code for each in second.pending]) == (["a.i"], ["b.i"])


def test_gross_and_net_are_distinguished():
    (found,) = disclosures([options(30_000, "2 July 2024"), options(25_000, "2 July 2024", code="b.vi", net=-25_000)], never)
    assert (found.gross, found.net, found.needed, found.only_gross) == (55_000, 5_000, True, True)


def test_one_way_gross_is_net():
    (found,) = disclosures([options(50_000, "2 July 2024")], never)
    assert not found.only_gross


def test_an_a_event_needs_no_test_of_gross_or_net():
    cancelled = options(25_000, "2 July 2024", code="b.vi", net=-25_000)
    (found,) = disclosures([options(30_000, "2 July 2024"), cancelled, options(1, "2 July 2024", code="a.i")], never)
    assert not found.only_gross
