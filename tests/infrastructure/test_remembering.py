"""A store that remembers gives what any store gives, and reads an entry once."""

from __future__ import annotations

from pathlib import Path

import pytest

from application.record import record
from domain.capital.head import StoreDamaged
from infrastructure.event_store import open_store
from infrastructure.opening import open_database
from infrastructure.remembering import RememberingStore
from tests.conftest import ticking
from tests.domain.book_of import drafts, event, set_up
from tests.faults.files import rewrite

ISSUER, ON = "00001", "ordinary"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.db"


@pytest.fixture
def store(path: Path):
    with RememberingStore(open_database(str(path), create=True, writable=True), ticking()) as opened:
        record(opened, ISSUER, drafts(*set_up()))
        yield opened


def placed(day: str, prefix: str):
    return drafts(event("PlacingCompleted", day, share_class=ON, shares="10"), prefix=prefix)


def test_it_gives_the_entries_that_any_store_gives(store, path):
    with open_store(str(path), clock=ticking()) as plain:
        assert list(store.entries(ISSUER)) == list(plain.entries(ISSUER))
        assert list(store.entries(ISSUER, 2)) == list(plain.entries(ISSUER, 2))
        assert list(store.entries(ISSUER, 99)) == list(store.entries("00002")) == []


def test_it_gives_what_was_added_since_by_itself_and_by_others(store, path):
    before = list(store.entries(ISSUER))
    record(store, ISSUER, placed("5 July 2024", "own"))
    with open_store(str(path), clock=ticking()) as other:
        record(other, ISSUER, placed("6 July 2024", "theirs"))
        assert list(store.entries(ISSUER)) == list(other.entries(ISSUER))
    assert len(list(store.entries(ISSUER))) == len(before) + 2


def test_an_entry_is_read_once(store):
    assert [one is other for one, other in zip(store.entries(ISSUER), store.entries(ISSUER), strict=True)] == [True] * 4


def test_two_books_are_not_mixed_up(store):
    record(store, "00002", drafts(event("IssuerRegistered", "1 July 2024", issuer="00002", name="Another"), prefix="another"))
    first, second = list(store.entries(ISSUER)), list(store.entries("00002"))
    assert (len(first), len(second)) == (4, 1)
    assert list(store.entries(ISSUER)) == first


def test_damage_is_told_at_every_reading(store, path):
    rewrite(path, 3, recorded_at="never")
    for _ in range(2):
        with pytest.raises(StoreDamaged, match="entry 3"):
            list(store.entries(ISSUER))
