"""What a book contains, found in its indexes, is what its entries say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from application.ask import HistoryLine, history
from application.entry_pages import EntryFilter, entry_page
from cli.web.shelf import Shelf
from domain import events
from domain.capital.entries import Viewpoint
from domain.errors import StoreDamaged
from infrastructure.contents import Contents, Wanted
from infrastructure.opening import open_database
from tests.application.fake_store import FakeStore
from tests.benchmarks.big_books import ISSUER, STARTED, fill
from tests.domain.book_of import position_at

ENTRIES = 1_500


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """A book with late and withdrawn entries, recorded in batches of 300."""
    place = str(tmp_path_factory.mktemp("book") / "book.db")
    writing = Shelf(open_database(place, create=True, writable=True), ticking())
    fill(writing, ENTRIES, batch=300)
    yield writing
    writing.close()


def ticking():
    count = iter(range(10_000))
    return lambda: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=next(count))


@pytest.fixture(params=[700, ENTRIES], ids=["as known at entry 700", "as known now"])
def contents(shelf: Shelf, request: pytest.FixtureRequest) -> Contents:
    return shelf.contents(ISSUER, request.param)


@pytest.fixture
def lines(shelf: Shelf, contents: Contents) -> list[HistoryLine]:
    known = [line.entry for line in history(shelf, ISSUER)][: contents.number]
    replaced = {entry.replaces: entry.number for entry in known}
    return [HistoryLine(entry, replaced.get(entry.number)) for entry in known]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"kinds": frozenset({events.SharesRepurchased})},
        {"kinds": frozenset({events.SharesRepurchased, events.EntryWithdrawn})},
        {"since": date(2018, 3, 1)},
        {"until": date(2016, 12, 31), "standing": True},
        {"since": date(2016, 1, 1), "until": date(2017, 1, 1), "kinds": frozenset({events.PlacingCompleted})},
        {"numbers": frozenset({1, 5, 699, 700, 701, 1_500, 2_000})},
        {"kinds": frozenset({events.SharesSubdivided})},
        {"standing": True},
    ],
    ids=lambda wanted: " and ".join(wanted) or "everything",
)
@pytest.mark.parametrize(("number", "size"), [(1, 25), (3, 40), (90, 25)])
def test_a_page_has_the_entries_that_the_filter_keeps(contents, lines, wanted, number, size):
    expected = entry_page(FakeStore(), lines, EntryFilter(**wanted), number, size)
    total, chosen = contents.page(Wanted(**wanted), (number - 1) * size, size)
    assert (total, list(chosen)) == (expected.total, [line.entry.number for line in expected.lines])


def test_days_and_types_are_those_of_the_entries(contents, lines):
    days = sorted(line.entry.event.effective_on for line in lines)
    assert contents.bounds() == (days[0], days[-1])
    assert contents.kinds() == {type(line.entry.event) for line in lines}
    for day in (STARTED, days[len(days) // 2], days[-1]):
        assert contents.day_before(day) == max((each for each in days if each < day), default=None)
        assert contents.day_after(day) == min((each for each in days if each > day), default=None)


def test_so_many_entries_reach_back_to_a_day(contents, lines):
    days = sorted(line.entry.event.effective_on for line in lines)
    assert contents.reaching_back(days[-1], 0) == days[-1]
    assert contents.reaching_back(days[-1], 600) == days[-601]
    assert contents.reaching_back(days[-1], 5_000) is None


def test_balances_carried_forward_are_those_of_the_fold(contents, lines):
    entries = [line.entry for line in lines]
    found = list(contents.carried(date.min, date.max, 1_000))
    # Of 1,500 entries the first 1,250 or so have been carried forward, some 250 at a time.
    assert len(found) >= contents.number // 250 - 2
    for each in found:
        assert each.totals == position_at(entries, Viewpoint(each.as_of)).totals
    days = [each.as_of for each in found]
    assert days == sorted(set(days))
    assert [each.as_of for each in contents.carried(days[0], date.max, 1_000)] == days[1:]
    assert [each.as_of for each in contents.carried(date.min, date.max, 1)] == days[:1]


def test_a_balance_that_somebody_changed_is_damage(tmp_path: Path):
    place = str(tmp_path / "book.db")
    shelf = Shelf(open_database(place, create=True, writable=True), ticking())
    fill(shelf, 600, batch=300)
    with shelf._database.writing() as connection:
        connection.do("UPDATE carried_forward SET position = replace(position, '\"held\"', '\"treasury\"') WHERE number > 0")
    with pytest.raises(StoreDamaged, match="is not the one that was written"):
        list(shelf.contents(ISSUER, 600).carried(date.min, date.max, 10))
    shelf.close()
