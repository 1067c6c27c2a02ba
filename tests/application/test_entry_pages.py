"""Pages of entries: what a filter keeps, and how pages are counted."""

from __future__ import annotations

from datetime import date

import pytest

from application.ask import history
from application.entry_pages import EntryFilter, codes_named, entry_page
from domain import events
from tests.application.facts import ISSUER, bought, placing, withdrawn
from tests.application.fake_store import FakeStore
from tests.domain.book_of import draft, drafts, event


@pytest.fixture
def lines(book):
    """The set-up as entries 1 to 4, a placing, a purchase, and the placing withdrawn: entries 5 to 7."""
    book.append(ISSUER, 4, drafts(placing("5 July 2024", "10,000"), bought("8 July 2024", "400")))
    book.append(ISSUER, 6, [draft(withdrawn(), "gone", replaces=5)])
    return history(book, ISSUER)


def kept(lines, **wanted):
    return [line.entry.number for line in entry_page(FakeStore(), lines, EntryFilter(**wanted)).lines]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        pytest.param({}, [7, 6, 5, 4, 3, 2, 1], id="everything, the last recorded first"),
        pytest.param({"kinds": frozenset({events.PlacingCompleted, events.EntryWithdrawn})}, [7, 5], id="types"),
        pytest.param({"since": date(2024, 7, 5)}, [7, 6, 5], id="since"),
        pytest.param({"until": date(2024, 7, 1)}, [4, 3, 2, 1], id="until, inclusive"),
        pytest.param({"about": "ordinary"}, [6, 5, 4, 3, 2], id="a class"),
        pytest.param({"standing": True}, [7, 6, 4, 3, 2, 1], id="without the replaced one"),
        pytest.param({"text": "DID NOT HAPPEN"}, [7], id="text in any case"),
        pytest.param({"numbers": frozenset({2, 6})}, [6, 2], id="numbers"),
        pytest.param({"text": "nowhere"}, [], id="nothing"),
    ],
)
def test_a_filter_keeps_what_is_wanted(lines, wanted, numbers):
    assert kept(lines, **wanted) == numbers


def test_pages_are_cut_after_the_filter(lines):
    page = entry_page(FakeStore(), lines, EntryFilter(), 2, 3)
    assert [line.entry.number for line in page.lines] == [4, 3, 2]
    assert (page.number, page.pages, page.total) == (2, 3, 7)


def test_a_page_after_the_last_is_empty(lines):
    page = entry_page(FakeStore(), lines, EntryFilter(), 9, 3)
    assert (page.lines, page.pages, page.total) == ((), 3, 7)


@pytest.mark.parametrize(("number", "size"), [(0, 10), (1, 0), (1, 1_001)])
def test_a_page_or_a_size_that_cannot_be_is_refused(lines, number, size):
    with pytest.raises(ValueError, match="expected a page from 1"):
        entry_page(FakeStore(), lines, EntryFilter(), number, size)


def test_an_event_names_the_codes_that_it_introduces_and_refers_to():
    grant = event("MandateGranted", "6 July 2024", mandate="issue-2024", purpose="issue", percent="20", base="500,000")
    assert {code for _, _, code in codes_named(grant)} == {"issue-2024"}
    converted = event("ClassAConvertedToB", "6 July 2024", from_class="A", to_class="B", shares="5")
    assert {code for _, _, code in codes_named(converted)} == {"A", "B"}
