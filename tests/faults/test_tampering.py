"""The tampering matrix: every table, column and object of a store changed by somebody who owns it.

`verify` reports each change, and what `balances`, `query` and `return` print of the books is right, or refused. What is changed is
read from the store's own schema, so that a new table or column is in the matrix from the day it is made. A change that a key or a
type of the database refuses is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest

from application.record import record
from domain import events
from domain.capital.entries import Draft
from tests import postgresql
from tests.cli.running import captable, done
from tests.faults import books
from tests.faults.engines import Databases, Engine, Files, Hand, Row, Shape, key_of, where

ENTRIES, OF_THE_OTHER = 2_500, 300
OTHER = "00021"
BATCH = 125
BAD, DAMAGED = 2, 4
SPREAD = 12
"""How many rows of a column are changed of which some hold nothing."""

Change = Callable[[Hand], None]


# --- the store --------------------------------------------------------------------------------------------------------


def fill(location: str) -> None:
    """Two books: one of 2,500 entries, late ones, corrections and withdrawals among them, and a shorter one."""
    books.begin(location)
    begin_the_other(location)
    random = Random(14)
    with books.opened(location) as store:
        for issuer, size in ((books.ISSUER, ENTRIES), (OTHER, OF_THE_OTHER)):
            while (last := store.head(issuer).number) < size:
                record(store, issuer, [a_draft(random, n) for n in range(last + 1, min(last + BATCH, size) + 1)])
            assert store.head(issuer).number == size


def begin_the_other(location: str) -> None:
    with books.opened(location) as store:
        for entry in list(store.entries(books.ISSUER)):
            event = attrs.evolve(entry.event, issuer=OTHER) if isinstance(entry.event, events.IssuerRegistered) else entry.event
            record(store, OTHER, [Draft(event=event, recorded_by="founder", command_id=entry.command_id)])


def a_draft(random: Random, number: int) -> Draft:
    """A purchase; one in ten corrects or withdraws the entry three before it."""
    event, replaces = books.purchase(random), None
    if number % 10 == 9:
        replaces = number - 3
        event = event if number % 20 == 9 else events.EntryWithdrawn(effective_on=event.effective_on, reason="a mistake")
    return Draft(event=event, recorded_by="clerk", command_id=f"fact {number}", source="a broker's note", replaces=replaces)


@pytest.fixture(scope="module", params=["file", "server"])
def engine(request, tmp_path_factory) -> Iterator[Engine]:
    if request.param == "file":
        path = tmp_path_factory.mktemp("tampering") / "book.db"
        fill(str(path))
        yield Files(path)
        return
    url = postgresql.database()
    fill(url)
    yield Databases(url)
    postgresql.drop(url)


# --- what is asked of it ------------------------------------------------------------------------------------------------

DAYS = tuple(books.BEGUN + timedelta(days=each) for each in (75, 180, 270, 365))
"""The last is after all entries."""


def questions(issuer: str) -> Iterator[list[str]]:
    for day in DAYS:
        yield ["balances", "--issuer", issuer, "--as-of", day.isoformat(), "--json"]
    yield ["query", "select * from balances", "--issuer", issuer, "--json"]
    yield ["return", "monthly", "--month", "2024-11", "--submitted-on", "2024-12-05", "--issuer", issuer, "--format", "json"]


def answers(location: str) -> dict[str, str | None]:
    """What each question prints; None if it is refused."""
    found = {}
    for question in (*questions(books.ISSUER), *questions(OTHER)):
        ran = captable(*question, "--store", location)
        assert (ran.code == 0) == bool(ran.out), question
        found[" ".join(question)] = ran.out if ran.code == 0 else None
    return found


@attrs.define
class Matrix:
    """The outcome of many changes, each made to a copy of its own."""

    engine: Engine
    receipt: Path
    right: dict[str, str | None]
    ended_earlier: dict[str, str | None]
    made: int = 0
    refused: int = 0
    unseen: list[str] = attrs.field(factory=list)
    wrong: list[str] = attrs.field(factory=list)

    def tries(self, what: str, change: Change, *, cut: bool = False, whole: bool = False, unguarded: bool = True) -> None:
        """Make a change, and see what is said of it.

        `cut`: the last entry is taken out of its book; what only reads the book answers as it now ends, or refuses. `whole`: the
        chain of what is left is whole, and a receipt is what shows it.
        """
        with self._copied() as location:
            try:
                with self.engine.hand(location, unguarded=unguarded) as hand:
                    change(hand)
            except self.engine.refusals:
                self.refused += 1
                return
            self.made += 1
            try:
                self._judge(what, location, cut=cut, whole=whole)
            except AssertionError as error:
                self.wrong.append(f"{what}: {error}")

    def _judge(self, what: str, location: str, *, cut: bool, whole: bool) -> None:
        receipt = ("--head", str(self.receipt)) if whole else ()
        if captable("verify", "--store", location, *receipt).code not in (BAD, DAMAGED):
            self.unseen.append(what)
        for question, said in answers(location).items():
            allowed = (None, self.right[question], self.ended_earlier[question] if cut else None)
            if said not in allowed:
                self.wrong.append(f"{what}: {question}")

    @contextmanager
    def _copied(self) -> Iterator[str]:
        location = self.engine.copy()
        try:
            yield location
        finally:
            self.engine.drop(location)

    def judged(self, of: str) -> None:
        print(
            f"{type(self.engine).__name__}, {of}: {self.made} changes, {len(self.unseen)} unseen by verify, "
            f"{len(self.wrong)} wrong answers; {self.refused} refused by a key or type"
        )
        for each in (*self.unseen, *self.wrong):
            print(f"  {each}")
        assert self.made
        assert (self.unseen, self.wrong) == ([], [])


@pytest.fixture
def matrix(engine, tmp_path) -> Matrix:
    location = engine.copy()
    receipt = tmp_path / "head.json"
    done("head", "-o", str(receipt), "--store", location)
    done("verify", "--head", str(receipt), "--store", location)
    right = answers(location)
    assert None not in right.values()
    entries = next(shape for shape in engine.shapes(location) if shape.name == "entries")
    with engine.hand(location) as hand:
        delete(entries, of_issuer(entries, hand.rows(entries), books.ISSUER)[-1])(hand)
    ended_earlier = answers(location)
    engine.drop(location)
    return Matrix(engine, receipt, right, ended_earlier)


# --- what is changed ----------------------------------------------------------------------------------------------------


def other_values(value: Any, of_the_other: Any) -> Iterator[Any]:
    """Values that could stand in place of one: near it, of another row, of another type, nothing."""
    yield None
    yield of_the_other
    match value:
        case int():
            yield from (value + 1, value - 1, 0, -1, 10**15, str(value) + "x")
        case str():
            yield from (value + "x", value[:-1], "", value.swapcase(), value.encode())
            yield value[:-1] + ("1" if value[-1:] != "1" else "2")
        case bytes():
            yield from (
                value + b" ",
                value[:-1],
                b"",
                bytes([value[0] ^ 1]) + value[1:],
                value[:-1] + bytes([value[-1] ^ 1]),
                "x",
            )
        case None:
            yield from ("x", 1)


def picked(rows: list[Row], place: int) -> list[Row]:
    """Rows of a column: the first, the middle and the last that hold something, and the first that does not.

    Where some hold nothing, as where few entries replace another, what each holds leads to it: then there are more of them.
    """
    held = [row for row in rows if row[place] is not None]
    empty = [row for row in rows if row[place] is None]
    spread = held[:: max(len(held) // SPREAD, 1)] if empty else held[len(held) // 2 :][:1]
    return list(dict.fromkeys([*held[:1], *spread, *held[-1:], *empty[:1]]))


def of_issuer(shape: Shape, rows: list[Row], issuer: str) -> list[Row]:
    return [row for row in rows if "issuer" not in shape.columns or row[shape.columns.index("issuer")] == issuer]


def column_changes(shape: Shape, rows: list[Row]) -> Iterator[tuple[str, Change, bool]]:
    """Each change of a column, and whether it takes the last entry out of its book."""
    own, other = (of_issuer(shape, rows, issuer) for issuer in (books.ISSUER, OTHER))
    for place, column in enumerate(shape.columns):
        for row in picked(own, place):
            for value in other_values(row[place], other[-1][place]):
                if type(value) is not type(row[place]) or value != row[place]:
                    what = f"{shape.name} {key_of(shape, row)}: {column} = {value!r:.40}"
                    cut = shape.name == "entries" and column in shape.key and row == own[-1]
                    yield what, update(shape, row, column, value), cut


def update(shape: Shape, row: Row, column: str, value: Any) -> Change:
    return lambda hand: hand.run(f"UPDATE {shape.name} SET {column} = ? WHERE {where(shape)}", value, *key_of(shape, row))


def delete(shape: Shape, row: Row) -> Change:
    return lambda hand: hand.run(f"DELETE FROM {shape.name} WHERE {where(shape)}", *key_of(shape, row))


def insert(shape: Shape, row: Row) -> Change:
    return lambda hand: hand.run(f"INSERT INTO {shape.name} VALUES ({', '.join('?' * len(row))})", *row)


def row_changes(shape: Shape, rows: list[Row]) -> Iterator[tuple[str, Change]]:
    own, other = (of_issuer(shape, rows, issuer) for issuer in (books.ISSUER, OTHER))
    for row in picked(own, 0):
        yield f"{shape.name} {key_of(shape, row)} removed", delete(shape, row)
        for name in shape.key:
            place = shape.columns.index(name)
            for value in other_values(row[place], other[-1][place]):
                added = (*row[:place], value, *row[place + 1 :])
                yield f"{shape.name} {key_of(shape, row)} added again, {name} = {value!r:.40}", insert(shape, added)
    if "issuer" in shape.columns:
        for mine, theirs in zip(picked(own, 0), picked(other, 0), strict=False):
            yield f"{shape.name} {key_of(shape, mine)} swapped with {key_of(shape, theirs)}", swap(shape, mine, theirs)
        yield (
            f"{shape.name}: all rows of an issuer removed",
            lambda hand: hand.run(f"DELETE FROM {shape.name} WHERE issuer = ?", OTHER),
        )


def swap(shape: Shape, mine: Row, theirs: Row) -> Change:
    """Each of two rows under the key of the other."""
    keys = {shape.columns.index(name) for name in shape.key}

    def under(key: Row, content: Row) -> Row:
        return tuple(key[place] if place in keys else content[place] for place in range(len(key)))

    def change(hand: Hand) -> None:
        for row in (mine, theirs):
            delete(shape, row)(hand)
        for row in (under(mine, theirs), under(theirs, mine)):
            insert(shape, row)(hand)

    return change


# --- the matrix ---------------------------------------------------------------------------------------------------------


def shaped(engine: Engine) -> list[tuple[Shape, list[Row]]]:
    location = engine.copy()
    with engine.hand(location) as hand:
        found = [(shape, hand.rows(shape)) for shape in engine.shapes(location)]
    engine.drop(location)
    return found


@pytest.mark.heavy
def test_every_change_of_a_column_is_reported_and_answers_stay_right(engine, matrix):
    for shape, rows in shaped(engine):
        for what, change, cut in column_changes(shape, rows):
            matrix.tries(what, change, cut=cut)
    matrix.judged("columns")


@pytest.mark.heavy
def test_every_row_removed_added_or_swapped_is_reported_and_answers_stay_right(engine, matrix):
    for shape, rows in shaped(engine):
        for what, change in row_changes(shape, rows):
            cut = shape.name == "entries" and what.endswith((f"{ENTRIES}] removed", "all rows of an issuer removed"))
            matrix.tries(what, change, cut=cut, whole=cut)
    matrix.judged("rows")


@pytest.mark.heavy
def test_every_change_of_the_schema_is_reported_and_answers_stay_right(engine, matrix):
    location = engine.copy()
    changes = engine.schema_changes(location)
    engine.drop(location)
    for what, statements in changes.items():

        def change(hand: Hand, statements: tuple[str, ...] = statements) -> None:
            for statement in statements:
                hand.run(statement)

        matrix.tries(what, change, unguarded=False)
    matrix.judged("schema")
