"""The tables derived from a book's entries: its postings, its standing entries, and how far they reach.

A viewpoint is answered by adding up rows: see `domain.restatement`. What is read here is never taken for the truth
beyond `progress.number`; a book whose tables are behind is folded instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from domain.capital.accounts import Account, account_of
from domain.capital.head import StoreDamaged
from domain.restatement import Posting, Postings
from infrastructure import checkpoints
from infrastructure.asking import Asking
from infrastructure.checkpoints import exact, legible, sums, whole
from infrastructure.database import Database
from infrastructure.schema import DERIVED
from infrastructure.stamps import stamped_day

if TYPE_CHECKING:
    from sqlalchemy import Connection

COLUMNS = ("issuer", "number", "book", "code", "name", "effective_on", "delta", "big")

LARGEST = 2**63 - 1
"""What 64 bits hold; a delta beyond it is kept as text."""

CHUNK = 10_000
"""How many rows one statement of a rebuild writes."""

_BEGIN = (
    "INSERT INTO progress (issuer, number, sealed) VALUES (:issuer, :number, 0) "
    "ON CONFLICT (issuer) DO UPDATE SET number = excluded.number"
)
_GO_ON = "UPDATE progress SET number = :number WHERE issuer = :issuer AND number = :after"


def extend(
    database: Database, connection: Connection, issuer: str, after: int, last: int, rows: Postings, stands: Sequence[int]
) -> None:
    """Add what entries up to `last` add, where the tables reach to `after`; else they are behind, and stay so."""
    if not after:
        database.do(connection, _BEGIN, issuer=issuer, number=last)
    elif database.do(connection, _GO_ON, issuer=issuer, number=last, after=after) != 1:
        return
    _insert(database, connection, issuer, rows, stands)
    if after // checkpoints.SMALLEST != last // checkpoints.SMALLEST:
        checkpoints.seal(database, connection, issuer, last, after, rows)


def _insert(database: Database, connection: Connection, issuer: str, rows: Iterable[Posting], stands: Sequence[int]) -> None:
    stored = [
        (issuer, number, book, code, name, stamped_day(on), delta, None)
        if -LARGEST <= delta <= LARGEST
        else (issuer, number, book, code, name, stamped_day(on), None, str(delta))
        for number, on, book, code, name, delta in rows
    ]
    if stored:
        database.insert(connection, "postings", COLUMNS, stored)
    if stands:
        database.insert(connection, "standing", ("issuer", "number"), [(issuer, number) for number in stands])


def clear(database: Database, connection: Connection, issuer: str) -> None:
    """Empty the derived tables of one book."""
    for name in DERIVED:
        database.do(connection, f"DELETE FROM {name} WHERE issuer = :issuer", issuer=issuer)  # noqa: S608


def fill(
    database: Database, connection: Connection, issuer: str, parts: Iterable[tuple[int, Postings]], stands: Sequence[int]
) -> None:
    """Write a book's derived tables, which are empty, from the rows of each instant and its last entry."""
    last, waiting = 0, list[Posting]()
    for number, rows in parts:
        last = number
        waiting += rows
        if len(waiting) >= CHUNK:
            _insert(database, connection, issuer, waiting, ())
            waiting.clear()
    _insert(database, connection, issuer, waiting, stands)
    if last:
        database.do(connection, _BEGIN, issuer=issuer, number=last)
        checkpoints.seal(database, connection, issuer, last, last, ())


# --- reading ------------------------------------------------------------------------------------------------------


_LAST = "SELECT number FROM entries WHERE issuer = :issuer ORDER BY number DESC LIMIT 1"
_LAST_KNOWN = (
    "SELECT number FROM entries WHERE issuer = :issuer AND recorded_at <= :known_at "
    "ORDER BY recorded_at DESC, number DESC LIMIT 1"
)


def last_known(asking: Asking, issuer: str, known_at: str | None) -> int:
    """The last entry that had been recorded at an instant, as stamped; the last of all where it is None."""
    given = {} if known_at is None else {"known_at": known_at}
    rows = asking.ask(_LAST_KNOWN if given else _LAST, issuer=issuer, **given)
    return rows[0][0] if rows else 0


def totals(database: Database, asking: Asking, issuer: str, as_of: str, number: int, sealed: int) -> dict[Account, int]:
    """The totals of all accounts at close of a day, as known when `number` was the last entry; zero ones left out."""
    found, edge = checkpoints.totals(asking, issuer, as_of, number, sealed)
    query, (after, last) = _REST.format(sums=sums(database.kind)), sorted((edge, number))
    rest = asking.ask(query, issuer=issuer, after=after, last=last, as_of=as_of)
    with legible(issuer):
        for book, code, name, *parts in rest:
            account = account_of(book, code, name)
            found[account] = found.get(account, 0) + (exact(*parts) if edge < number else -exact(*parts))
    return {account: total for account, total in found.items() if total}


_REST = (
    "SELECT book, code, name, {sums} FROM postings "
    "WHERE issuer = :issuer AND number > :after AND number <= :last AND effective_on <= :as_of GROUP BY book, code, name"
)
_STANDING = (
    "SELECT s.number FROM standing s WHERE s.issuer = :issuer AND s.number <= :number AND NOT EXISTS "
    "(SELECT 1 FROM entries r WHERE r.issuer = s.issuer AND r.replaces = s.number AND r.number <= :number) ORDER BY s.number"
)


def standing_in_effect(asking: Asking, issuer: str, number: int) -> list[int]:
    """The standing entries that no entry up to `number` replaces, in order of number."""
    return [row[0] for row in asking.ask(_STANDING, issuer=issuer, number=number)]


def stands(asking: Asking, issuer: str) -> list[int]:
    """All standing entries of a book that the table has."""
    return [row[0] for row in asking.ask("SELECT number FROM standing WHERE issuer = :issuer ORDER BY number", issuer=issuer)]


def stored(asking: Asking, issuer: str) -> Iterator[Posting]:
    """The postings of a book as stored, in order of number."""
    query = f"SELECT {', '.join(COLUMNS)} FROM postings WHERE issuer = :issuer ORDER BY number"  # noqa: S608
    for _, number, book, code, name, on, delta, big in asking.stream(query, issuer=issuer):
        try:
            posting = Posting(number, date.fromisoformat(on), book, code, name, whole(big if delta is None else delta))
        except (TypeError, ValueError, OverflowError) as error:
            raise StoreDamaged(f"entry {number}: a row of the tables cannot be read; captable rebuild makes them anew") from error
        yield posting
