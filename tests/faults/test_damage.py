"""Every kind of damage to a store is found and the entry named: flipped bytes, swapped and dropped rows, a cut tail."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest

from application.record import record
from domain.capital.entries import Entry
from domain.capital.head import Head
from domain.errors import StoreDamaged, StoreUnusable
from infrastructure.event_store import SqlEventStore
from infrastructure.head_receipts import Receipt, compared
from infrastructure.schema import COLUMNS
from tests.faults import books
from tests.faults.files import chained, put, rebuild, rows_of, unguarded
from tests.infrastructure.checking import chain_verified, positions_compared

LAST = 12


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A store with a book of twelve entries."""
    path = tmp_path_factory.mktemp("damage") / "book.db"
    books.begin(str(path))
    random = Random(3)
    with books.opened(str(path)) as store:
        record(store, books.ISSUER, books.batch("w", 0, [books.purchase(random) for _ in range(LAST - books.FOUNDING)]))
    assert len(books.found_whole(str(path))) == LAST
    return path


@pytest.fixture
def path(whole, tmp_path) -> Path:
    copy = tmp_path / "book.db"
    copy.write_bytes(whole.read_bytes())
    return copy


def wrong(store: SqlEventStore) -> list[str]:
    """Everything that verifying every book of a store finds."""
    found: list[str] = []
    codes: Sequence[str] = [books.ISSUER]
    try:
        codes = store.issuers()
    except StoreDamaged as error:
        found.append(str(error))
    for code in codes:
        try:
            chain_verified(store, code)
            positions_compared(store, code)
        except StoreDamaged as error:
            found.append(str(error))
    return found


def names(found: Sequence[str], number: int) -> bool:
    return any(re.search(rf"\bentry {number}\b", said) for said in found)


# --- flipped bytes in columns ---------------------------------------------------------------------------------------


def raw(value: Any) -> bytes:
    return b"" if value is None else value if isinstance(value, bytes) else str(value).encode()


def flip(connection: sqlite3.Connection, row: tuple[Any, ...], column: str, place: int, bits: int) -> bool:
    """Turn some bits of one byte of a column over, its type kept. False if a key refuses it."""
    value = row[COLUMNS.index(column)]
    turned = bytearray(raw(value))
    turned[place] ^= bits
    kind = "?" if isinstance(value, bytes) else "CAST(? AS TEXT)"
    try:
        connection.execute(f"UPDATE entries SET {column} = {kind} WHERE hash = ?", (bytes(turned), row[-1]))
    except sqlite3.IntegrityError:
        return False
    return True


@pytest.mark.parametrize(
    ("sample", "masks"), [((7,), (0x01,)), pytest.param(range(1, LAST + 1), (0x01, 0x04, 0x20, 0x80), marks=pytest.mark.heavy)]
)
def test_every_flipped_byte_of_every_column_is_found_and_its_entry_named(path, sample, masks):
    rows, flips, refused = rows_of(path), 0, 0
    with books.opened(str(path), writable=False) as store, unguarded(path) as connection:
        for row in (rows[number - 1] for number in sample):
            for column, place, mask in every_byte(row, masks):
                if flip(connection, row, column, place, mask):
                    assert names(wrong(store), row[1]), f"byte {place} of {column} of entry {row[1]} turned by {mask}"
                    put(connection, rows)
                    flips += 1
                else:
                    refused += 1
        assert wrong(store) == []
    print(
        f"{flips:,} flipped bytes in {len(sample)} rows and {len(COLUMNS)} columns found and located; {refused} refused by a key"
    )
    assert flips > 150


def every_byte(row: tuple[Any, ...], masks: Sequence[int]) -> Iterator[tuple[str, int, int]]:
    for column, value in zip(COLUMNS, row, strict=True):
        for place in range(len(raw(value))):
            for mask in masks:
                yield column, place, mask


@pytest.mark.parametrize("flips", [60, pytest.param(5_000, marks=pytest.mark.heavy)])
def test_a_flipped_byte_anywhere_in_the_file_is_found_or_changes_nothing(whole, path, flips):
    """Not every byte of a file is in use; what is read must be what was written, or nothing at all."""
    content, random, harmless = whole.read_bytes(), Random(11), 0
    expected = books.found_whole(str(whole))
    for _ in range(flips):
        damaged, place = bytearray(content), random.randrange(len(content))
        damaged[place] ^= 1 << random.randrange(8)
        path.write_bytes(damaged)
        harmless += read_or_refused(path) == expected
    print(f"{flips:,} flipped bytes in the file: {flips - harmless:,} found, {harmless:,} without effect")


def read_or_refused(path: Path) -> list[Entry] | None:
    """The entries of a store in which nothing was found wrong; None if something was."""
    try:
        with books.opened(str(path), writable=False) as store:
            if wrong(store):
                return None
            return list(store.entries(books.ISSUER))
    except (StoreDamaged, StoreUnusable):
        return None
    finally:
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)


# --- rows swapped, dropped, cut off, rewritten -------------------------------------------------------------------


def test_every_two_rows_swapped_are_found_at_the_first_of_them(path):
    rows = rows_of(path)
    with books.opened(str(path), writable=False) as store, unguarded(path) as connection:
        for first, second in combinations(range(LAST), 2):
            swapped = list(rows)
            # Each under the number and version of the other, all else as it was.
            for here, there in ((first, second), (second, first)):
                swapped[here] = tuple(
                    rows[here][place] if name in ("number", "version") else rows[there][place]
                    for place, name in enumerate(COLUMNS)
                )
            put(connection, swapped)
            assert names(wrong(store), first + 1), (first + 1, second + 1)
        put(connection, rows)
        assert wrong(store) == []


def test_every_dropped_row_is_found_the_last_by_a_head_kept_elsewhere(path):
    rows, kept = rows_of(path), receipt(path)
    with books.opened(str(path), writable=False) as store, unguarded(path) as connection:
        for number in range(1, LAST):
            put(connection, [row for row in rows if row[1] != number])
            assert names(wrong(store), number)
        put(connection, rows[:-1])
    (comparison,) = compared(str(path), [kept])
    assert comparison.wrong == f"the book of {books.ISSUER} is cut off: it ends at entry {LAST - 1}, and entry {LAST} is gone"


def receipt(path: Path) -> Receipt:
    with books.opened(str(path), writable=False) as store:
        return Receipt({code: store.head(code) for code in store.issuers()}, books.now())


@pytest.mark.parametrize("left", range(LAST - 1))
def test_a_tail_cut_at_any_entry_is_found_by_a_head_kept_elsewhere(path, left):
    rows, kept = rows_of(path), receipt(path)
    with unguarded(path) as connection:
        put(connection, rows[:left])
    rebuild(path)
    with books.opened(str(path), writable=False) as store:
        # The chain of what is left is whole: this is what a head kept elsewhere is for.
        assert wrong(store) == []
    (comparison,) = compared(str(path), [kept])
    assert comparison.wrong is not None
    assert (f"entries {left + 1} to {LAST} are gone" if left else "is gone: it had 12 entries") in comparison.wrong


@pytest.mark.parametrize("first", range(1, LAST + 1))
def test_a_rewritten_history_is_found_and_lies_between_two_heads_kept_elsewhere(path, first):
    rows, kept = rows_of(path), receipt(path)
    early = Receipt({books.ISSUER: Head(5, rows[4][-1].hex(), None)}, kept.made_at)
    with unguarded(path) as connection:
        put(connection, chained(rows, first, recorded_by="somebody"))
    with books.opened(str(path), writable=False) as store:
        assert wrong(store) == []
    comparisons = {comparison.head.number: comparison.wrong for comparison in compared(str(path), [early, kept])}
    again = f"the book of {books.ISSUER} was rewritten"
    assert comparisons[5] == (f"{again} at some entry up to entry 5, whose hash differs" if first <= 5 else None)
    between = "after entry 5, which is unchanged, and" if first > 5 else "at some entry"
    assert comparisons[LAST] == f"{again} {between} up to entry {LAST}, whose hash differs"
