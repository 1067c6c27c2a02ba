"""Checkpoints: sums over runs of entries, so that a viewpoint of a million entries is a few dozen look-ups.

A run is `size` entries in the order of recording, and holds for every account what it is more at close of each day on
which it changed. Sizes grow by a factor, and the first N entries are a few runs of each size and a short tail. Since
postings never change, neither does a run; it is made once, from the runs of the size below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from domain.accounts import Account
from domain.restatement import Postings
from infrastructure.asking import Asking
from infrastructure.database import Database
from infrastructure.schema import POSTGRESQL, SQLITE

if TYPE_CHECKING:
    from sqlalchemy import Connection

SMALLEST = 1_024
"""Entries of the smallest run, and what is added up row by row at most."""

FACTOR = 16
"""How many runs of one size make one of the next."""

COLUMNS = ("issuer", "last", "size", "book", "code", "name", "effective_on", "total")
ACCOUNT_COLUMNS = ("issuer", "book", "code", "name")

Key: TypeAlias = "tuple[str, str, str, str]"
"""The book, code and name of an account, and a day."""

Changes: TypeAlias = "dict[Key, int]"
"""By how much accounts change on days."""

_SUMS = {
    # In two halves, for SQLite ends a sum that leaves 64 bits in an error.
    SQLITE: "SUM(delta >> 32), SUM(delta & 4294967295), GROUP_CONCAT(big)",
    POSTGRESQL: "0, SUM(delta), SUM(big)",
}


def sums(kind: str) -> str:
    """The columns that `exact` makes the sum of postings from, on an engine."""
    return _SUMS[kind]


def exact(high: int | None, low: int | None, big: object) -> int:
    """A sum of postings from its parts: exact, of any size."""
    beyond = sum(map(int, big.split(","))) if isinstance(big, str) else int(big or 0)  # type: ignore[call-overload]
    return (int(high or 0) << 32) + int(low or 0) + beyond


def runs_of(number: int) -> list[tuple[int, int]]:
    """The runs that the first entries up to `number` are made of, as (last, size); a tail below SMALLEST is left."""
    size = SMALLEST
    while size * FACTOR <= number:
        size *= FACTOR
    runs, last = [], 0
    while size >= SMALLEST:
        while last + size <= number:
            last += size
            runs.append((last, size))
        size //= FACTOR
    return runs


def totals(asking: Asking, issuer: str, as_of: str, number: int) -> dict[Account, int]:
    """What the runs of the first `number` entries say of every account at close of a day."""
    runs = runs_of(number)
    if not runs:
        return {}
    # Whole numbers of our own, so they may stand in the text; as parameters each count of runs would be a query of its own.
    listed = ", ".join(f"({last}, {size})" for last, size in runs)
    query = (
        f"WITH runs (last, size) AS (VALUES {listed}) "  # noqa: S608
        "SELECT a.book, a.code, a.name, (SELECT c.total FROM checkpoints c WHERE c.issuer = :issuer AND c.last = runs.last "
        "AND c.size = runs.size AND c.book = a.book AND c.code = a.code AND c.name = a.name AND c.effective_on <= :as_of "
        "ORDER BY c.effective_on DESC LIMIT 1) AS total FROM accounts a CROSS JOIN runs WHERE a.issuer = :issuer"
    )
    found: dict[Account, int] = {}
    for book, code, name, total in asking.ask(query, issuer=issuer, as_of=as_of):
        if total is not None:
            account = Account(book, code, name)
            found[account] = found.get(account, 0) + int(total)
    return found


# --- making runs ----------------------------------------------------------------------------------------------------


def seal(database: Database, connection: Connection, issuer: str, number: int, after: int = 0, rows: Postings = ()) -> None:
    """Make the runs that entries up to `number` complete and that are not there yet.

    `rows` are all postings of the entries above `after`, where they are at hand; others are read.
    """
    asking = database.asked_of(connection)
    sealed = asking.ask("SELECT sealed FROM progress WHERE issuer = :issuer", issuer=issuer)[0][0]
    known, fresh = _accounts(asking, issuer), _by_run(rows)
    for last in range(sealed + SMALLEST, number + 1, SMALLEST):
        sealed = last
        smallest = fresh.get(last) if last - SMALLEST >= after else None
        for size, changes in _made(database, asking, issuer, last, smallest):
            new = {key[:3] for key in changes} - known
            if new:
                database.insert(connection, "accounts", ACCOUNT_COLUMNS, [(issuer, *account) for account in sorted(new)])
                known |= new
            kept = [(issuer, last, size, *key, str(total)) for key, total in _running(changes)]
            if kept:
                database.insert(connection, "checkpoints", COLUMNS, kept)
    database.do(connection, "UPDATE progress SET sealed = :sealed WHERE issuer = :issuer", issuer=issuer, sealed=sealed)


def _by_run(rows: Postings) -> dict[int, Changes]:
    """The changes of the smallest runs by their last entry."""
    runs: defaultdict[int, Changes] = defaultdict(lambda: defaultdict(int))
    for number, on, book, code, name, delta in rows:
        runs[-(-number // SMALLEST) * SMALLEST][book, code, name, on.isoformat()] += delta
    return runs


def _accounts(asking: Asking, issuer: str) -> set[tuple[str, ...]]:
    return {tuple(row) for row in asking.ask("SELECT book, code, name FROM accounts WHERE issuer = :issuer", issuer=issuer)}


def _made(
    database: Database, asking: Asking, issuer: str, last: int, smallest: Changes | None = None
) -> Iterator[tuple[int, Changes]]:
    """The runs that end with `last`, by size, the smallest from postings and each other from those before it."""
    size = SMALLEST
    yield size, _posted(database, asking, issuer, last - size, last) if smallest is None else smallest
    while last % (size * FACTOR) == 0:
        merged = _merged(asking, issuer, last, size)
        size *= FACTOR
        yield size, merged


_POSTED = (
    "SELECT book, code, name, effective_on, {sums} FROM postings "
    "WHERE issuer = :issuer AND number > :after AND number <= :last GROUP BY book, code, name, effective_on"
)


def _posted(database: Database, asking: Asking, issuer: str, after: int, last: int) -> Changes:
    rows = asking.ask(_POSTED.format(sums=sums(database.kind)), issuer=issuer, after=after, last=last)
    return {(book, code, name, day): exact(*parts) for book, code, name, day, *parts in rows}


def _merged(asking: Asking, issuer: str, last: int, size: int) -> Changes:
    """The changes of FACTOR runs of a size, the last of which ends with `last`."""
    changes: Changes = defaultdict(int)
    for end in range(last - size * (FACTOR - 1), last + 1, size):
        for key, change in _changes(asking, issuer, end, size):
            changes[key] += change
    return changes


_RUN = (
    "SELECT book, code, name, effective_on, total FROM checkpoints "
    "WHERE issuer = :issuer AND last = :last AND size = :size ORDER BY book, code, name, effective_on"
)


def _changes(asking: Asking, issuer: str, last: int, size: int) -> Iterator[tuple[Key, int]]:
    account, before = None, 0
    for book, code, name, day, total in asking.ask(_RUN, issuer=issuer, last=last, size=size):
        if (book, code, name) != account:
            account, before = (book, code, name), 0
        yield (book, code, name, day), int(total) - before
        before = int(total)


def _running(changes: Changes) -> Iterator[tuple[Key, int]]:
    """Changes in order of account and day, with the sums so far; days on which nothing changed are left out."""
    account, total = None, 0
    for key in sorted(changes):
        if key[:3] != account:
            account, total = key[:3], 0
        if changes[key]:
            total += changes[key]
            yield key, total


def wrong(database: Database, asking: Asking, issuer: str, sealed: int) -> Iterator[tuple[int, int]]:
    """The runs up to `sealed` that are not what they are made from, as (last, size)."""
    known = _accounts(asking, issuer)
    for last in range(SMALLEST, sealed + 1, SMALLEST):
        for size, made in _made(database, asking, issuer, last):
            held = dict(_changes(asking, issuer, last, size))
            right = held == {key: change for key, change in made.items() if change}
            if not right or not known.issuperset(key[:3] for key in held):
                yield last, size
