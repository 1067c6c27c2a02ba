"""Rows of positions carried forward whose digests are right and which say something else than the entries make."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from application.record import record
from domain.errors import StoreDamaged
from infrastructure.event_store import open_store
from infrastructure.store.recomputing import compare, rows_of
from infrastructure.store.rows import CarriedRow, chained, expected_digest, opening_digest
from tests.conftest import ticking
from tests.domain.book_of import drafts, set_up
from tests.domain.recorded_books import ISSUER
from tests.infrastructure.test_carried_forward import every, placings

Rows = list[CarriedRow]


@pytest.fixture
def book(tmp_path, monkeypatch):
    """The entries and rows of a book: rows for 1, 2 and 3 July, that of 3 July known with entry 6 and ended by the late entry 8."""
    every(2, monkeypatch)
    with open_store(str(tmp_path / "book.db"), clock=ticking(), create=True) as store:
        record(store, ISSUER, drafts(*set_up(), *placings("2", "3", "4")))
        record(store, ISSUER, drafts(*placings("2"), prefix="late"))
        with store._database.reading() as connection:
            rows = rows_of(connection, ISSUER)
        assert [(row.as_of, row.number, row.ended_by) for row in rows[1:]] == [
            ("2024-07-01", 4, None), ("2024-07-02", 8, None), ("2024-07-03", 6, 8),
        ]  # fmt: skip
        return list(store.entries(ISSUER)), rows


def sealed(rows: Rows) -> Rows:
    """The rows with the digests that belong to them, as somebody who knows how they are made would write them."""
    opening, *others = [row._replace(digest=expected_digest(row)) if row.number else row for row in rows]
    digest = opening_digest(ISSUER)
    for row in sorted((each for each in others if each.ended_by), key=lambda each: (each.ended_by, each.as_of, each.number)):
        digest = chained(digest, row.digest)
    return [opening._replace(digest=digest), *others]


def with_row(rows: Rows, at: int, **changed: object) -> Rows:
    return [row._replace(**changed) if place == at else row for place, row in enumerate(rows)]


def test_the_rows_of_a_book_are_what_its_entries_make(book):
    entries, rows = book
    assert sealed(rows) == rows
    compare(ISSUER, entries, rows)
    compare(ISSUER, entries, None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: with_row(rows, 1, position=rows[2].position), "the position carried forward at 2024-07-01 is not the one that the entries make at 2024-07-01"),
        (lambda rows: with_row(rows, 2, as_of="2024-07-04"), "the position carried forward at 2024-07-04 is not the one that the entries make at 2024-07-02"),
        (lambda rows: [*rows[:2], rows[3]], "1 positions are carried forward, and the entries make 2"),
        (lambda rows: with_row(rows, 3, position=rows[1].position), "the position carried forward at 2024-07-03 (entry 6) is not what its entries make"),
        (lambda rows: with_row(rows, 3, number=5), "the position carried forward at 2024-07-03 was not known from entry 5 to 8"),
        (lambda rows: with_row(rows, 3, ended_by=7), "the position carried forward at 2024-07-03 was not known from entry 6 to 7"),
        (lambda rows: with_row(rows, 3, ended_by=9), "the position carried forward at 2024-07-03 was not known from entry 6 to 9"),
        (lambda rows: with_row(rows, 3, as_of="soon"), "a position carried forward cannot be read"),
        (lambda rows: [], "there are no positions carried forward"),
    ],
)  # fmt: skip
def test_a_row_that_says_something_else_is_found_though_its_digest_is_right(book, change: Callable[[Rows], Rows], said):
    entries, rows = book
    changed = change(rows)
    with pytest.raises(StoreDamaged) as damaged:
        compare(ISSUER, entries, sealed(changed) if changed else changed)
    assert str(damaged.value).startswith(f"{ISSUER}: {said}; the entries are whole")


def test_rows_of_no_entries_are_damage(book):
    _, rows = book
    with pytest.raises(StoreDamaged, match="positions are carried forward of no entries"):
        compare(ISSUER, [], rows)
