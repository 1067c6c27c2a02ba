"""Checkpoints: sums over runs of entries, so that a viewpoint of a million entries is a few dozen look-ups.

A run is `size` entries in the order of recording, and holds for every account what it is more at close of each day on
which it changed. Sizes grow by a factor, and the first N entries are a few runs of each size and a short rest, to be added or
taken away. Since postings never change, neither does a run; it is made once, from the runs of the size below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from domain.capital.accounts import Account, account_of
from domain.capital.head import StoreDamaged
from domain.restatement import Postings
from infrastructure.asking import Asking
from infrastructure.database import Database
from infrastructure.schema import POSTGRESQL, SQLITE
from infrastructure.stamps import stamped_day

if TYPE_CHECKING:
    from sqlalchemy import Connection

SMALLEST = 1_024
"""Entries of the smallest run, and more than are added up row by row where the runs are there."""

FACTOR = 16
"""How many runs of one size make one of the next."""

COLUMNS = ("issuer", "last", "size", "book", "code", "name", "effective_on", "total")
ACCOUNT_COLUMNS = ("issuer", "book", "code", "name")

Changes: TypeAlias = "defaultdict[Account, defaultdict[str, int]]"
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
    beyond = sum(map(whole, big.split(","))) if isinstance(big, str) else whole(big or 0)
    return (whole(high or 0) << 32) + whole(low or 0) + beyond


@contextmanager
def legible(issuer: str) -> Iterator[None]:
    """Rows are taken apart in here. Raises StoreDamaged where somebody has put something else into a table of a book."""
    try:
        yield
    except (TypeError, ValueError, OverflowError) as error:
        raise StoreDamaged(f"a row of the tables of {issuer} cannot be read; captable rebuild makes them anew") from error


def whole(told: Any) -> int:
    """A whole number, of whichever type a table keeps it in; no other is what it was. Raises ValueError and OverflowError."""
    if type(told) is int:
        return told
    number = int(told)
    if str(number) != str(told):
        raise ValueError(f"{told!r} is not a whole number")
    return number


def reach(asking: Asking, issuer: str) -> tuple[int, int]:
    """Up to which entry the postings of a book are there, and up to which the checkpoints; (0, 0) where none are."""
    told = asking.ask("SELECT number, sealed FROM progress WHERE issuer = :issuer", issuer=issuer)
    with legible(issuer):
        number, sealed = map(whole, told[0] if told else (0, 0))
        if not 0 <= sealed <= number or sealed % SMALLEST:
            raise ValueError(f"checkpoints up to {sealed} of postings up to {number}")
    return number, sealed


def edge(number: int, sealed: int) -> int:
    """Where runs that are there end nearest to an entry; what lies between is added up row by row, or taken away again."""
    return _nearest(SMALLEST, number, sealed)


def _nearest(size: int, number: int, sealed: int) -> int:
    return min((number + size // 2) // size, sealed // size) * size


def runs_of(number: int, sealed: int) -> list[tuple[int, int, int]]:
    """The runs that the first entries up to the edge nearest to `number` are made of, as (last, size, sign).

    The larger first, to where they end nearest; smaller ones are then added (1), or taken away again (-1).
    """
    size = SMALLEST
    while size * FACTOR <= sealed:
        size *= FACTOR
    runs, at = [], 0
    while size >= SMALLEST:
        target = _nearest(size, number, sealed)
        runs += [(last, size, 1) for last in range(at + size, target + 1, size)]
        runs += [(last, size, -1) for last in range(at, target, -size)]
        at, size = target, size // FACTOR
    return runs


def totals(asking: Asking, issuer: str, as_of: str, number: int, sealed: int) -> tuple[dict[Account, int], int]:
    """What runs say of every account at close of a day, and up to which entry: to the edge nearest to `number`."""
    runs = runs_of(number, sealed)
    if not runs:
        return {}, 0
    # Whole numbers of our own, so they may stand in the text; as parameters each count of runs would be a query of its own.
    listed = ", ".join(map(str, runs))
    query = (
        f"WITH runs (last, size, sign) AS (VALUES {listed}) "  # noqa: S608
        "SELECT a.book, a.code, a.name, runs.sign, (SELECT c.total FROM checkpoints c WHERE c.issuer = :issuer "
        "AND c.last = runs.last AND c.size = runs.size AND c.book = a.book AND c.code = a.code AND c.name = a.name "
        "AND c.effective_on <= :as_of ORDER BY c.effective_on DESC LIMIT 1) AS total "
        "FROM accounts a CROSS JOIN runs WHERE a.issuer = :issuer"
    )
    found: dict[Account, int] = {}
    rows = asking.ask(query, issuer=issuer, as_of=as_of)
    with legible(issuer):
        for book, code, name, sign, total in rows:
            if total is not None:
                account = account_of(book, code, name)
                found[account] = found.get(account, 0) + sign * whole(total)
    return found, edge(number, sealed)


# --- making runs ----------------------------------------------------------------------------------------------------


def seal(database: Database, connection: Connection, issuer: str, number: int, after: int, rows: Postings) -> None:
    """Make the runs that entries up to `number` complete and that are not there yet.

    `rows` are all postings of the entries above `after`, which are at hand; others are read.
    """
    asking = database.asked_of(connection)
    (_, sealed), known, fresh = reach(asking, issuer), _accounts(asking, issuer), _by_run(rows)
    for last in range(sealed + SMALLEST, number + 1, SMALLEST):
        # Taken out, since a book made anew has too many runs to keep.
        sealed, smallest = last, fresh.pop(last, None) or _none_yet()
        if last - SMALLEST < after:
            _add_posted(smallest, asking, issuer, last - SMALLEST, min(after, last))
        for size, changes in _made(asking, issuer, last, smallest):
            new = changes.keys() - known
            if new:
                database.insert(connection, "accounts", ACCOUNT_COLUMNS, [(issuer, *account) for account in sorted(new)])
                known |= new
            with legible(issuer):
                kept = [(issuer, last, size, *account, day, str(total)) for account, day, total in _running(changes)]
            if kept:
                database.insert(connection, "checkpoints", COLUMNS, kept)
    database.do(connection, "UPDATE progress SET sealed = :sealed WHERE issuer = :issuer", issuer=issuer, sealed=sealed)


def _by_run(rows: Postings) -> defaultdict[int, Changes]:
    """The changes of the smallest runs by their last entry."""
    runs: defaultdict[int, Changes] = defaultdict(_none_yet)
    for number, on, book, code, name, delta in rows:
        runs[-(-number // SMALLEST) * SMALLEST][account_of(book, code, name)][stamped_day(on)] += delta
    return runs


def _none_yet() -> Changes:
    return defaultdict(lambda: defaultdict(int))


def _accounts(asking: Asking, issuer: str) -> set[Account]:
    rows = asking.ask("SELECT book, code, name FROM accounts WHERE issuer = :issuer", issuer=issuer)
    return {account_of(*row) for row in rows}


def _made(asking: Asking, issuer: str, last: int, smallest: Changes) -> Iterator[tuple[int, Changes]]:
    """The runs that end with `last`, by size: the smallest, and each other from those before it."""
    size = SMALLEST
    yield size, smallest
    while last % (size * FACTOR) == 0:
        merged = _none_yet()
        for end in range(last - size * (FACTOR - 1), last + 1, size):
            for account, day, change in _changes(asking, issuer, end, size):
                merged[account][day] += change
        size *= FACTOR
        yield size, merged


_POSTED = (
    "SELECT book, code, name, effective_on, delta, big FROM postings "
    "WHERE issuer = :issuer AND number > :after AND number <= :last"
)


def _add_posted(changes: Changes, asking: Asking, issuer: str, after: int, last: int) -> None:
    """Add to the changes of a run what the postings of some of its entries say."""
    rows = asking.ask(_POSTED, issuer=issuer, after=after, last=last)
    with legible(issuer):
        for book, code, name, day, delta, big in rows:
            changes[account_of(book, code, name)][day] += whole(big if delta is None else delta)


_RUN = (
    "SELECT book, code, name, effective_on, total FROM checkpoints "
    "WHERE issuer = :issuer AND last = :last AND size = :size ORDER BY book, code, name, effective_on"
)


def _held(asking: Asking, issuer: str, last: int, size: int) -> Iterator[tuple[Account, str, int]]:
    """The totals of a run as stored, in order of account and day."""
    rows = asking.ask(_RUN, issuer=issuer, last=last, size=size)
    with legible(issuer):
        for book, code, name, day, total in rows:
            yield account_of(book, code, name), day, whole(total)


def _changes(asking: Asking, issuer: str, last: int, size: int) -> Iterator[tuple[Account, str, int]]:
    """The changes that the totals of a run come from."""
    at, before = None, 0
    for account, day, total in _held(asking, issuer, last, size):
        yield account, day, total - (before if account == at else 0)
        at, before = account, total


def _running(changes: Changes) -> Iterator[tuple[Account, str, int]]:
    """Changes in order of account and day, with the sums so far; days on which nothing changed are left out."""
    for account in sorted(changes):
        total, days = 0, changes[account]
        for day in sorted(days):
            if days[day]:
                total += days[day]
                yield account, day, total


def wrong(asking: Asking, issuer: str, sealed: int) -> Iterator[tuple[int, int]]:
    """The runs that are not what they are made from, or that no entries up to `sealed` make, as (last, size)."""
    known, runs = _accounts(asking, issuer), set[tuple[int, int]]()
    for last in range(SMALLEST, sealed + 1, SMALLEST):
        smallest = _none_yet()
        _add_posted(smallest, asking, issuer, last - SMALLEST, last)
        for size, made in _made(asking, issuer, last, smallest):
            held = list(_held(asking, issuer, last, size))
            if held != list(_running(made)) or not known.issuperset(account for account, _, _ in held):
                yield last, size
            runs.add((last, size))
    there = asking.ask("SELECT DISTINCT last, size FROM checkpoints WHERE issuer = :issuer", issuer=issuer)
    yield from sorted({(last, size) for last, size in there} - runs)
