"""The rows of positions carried forward, and the digests that bind each to the hashes of the entries that it names.

A digest is checked at each use of its row. The first row of a book is its opening: the position of nothing, with a digest over
all rows that were ended.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import NamedTuple, TypeVar

from domain.errors import StoreDamaged
from infrastructure.hash_chain import GENESIS

T = TypeVar("T")

TABLE = "carried_forward"
COLUMNS = ("issuer", "as_of", "number", "ended_by", "position", "digest")
OPENING_DAY = date.min.isoformat()
REBUILD = "the entries are whole, and captable rebuild makes the positions carried forward again from them"


class CarriedRow(NamedTuple):
    """A row of the table, with the hash of its entry and of the one that ended it."""

    issuer: str
    as_of: str
    number: int
    ended_by: int | None
    position: bytes
    digest: bytes
    hash: bytes | None
    end_hash: bytes | None


ROW = (
    "SELECT c.issuer, c.as_of, c.number, c.ended_by, c.position, c.digest, e.hash, f.hash FROM carried_forward c "
    "LEFT JOIN entries e ON e.issuer = c.issuer AND e.number = c.number "
    "LEFT JOIN entries f ON f.issuer = c.issuer AND f.number = c.ended_by WHERE c.issuer = :issuer "
)


# --- digests --------------------------------------------------------------------------------------------------------


def digest_of(as_of: str, number: int, position: bytes, entry_hash: bytes) -> bytes:
    """The digest of a row that no entry ended."""
    return sha256(b"".join((entry_hash, f"{as_of}|{number}|".encode(), position))).digest()


def ended_digest(digest: bytes, ended_by: int, entry_hash: bytes) -> bytes:
    """The digest of a row that an entry ended, from the one that it had."""
    return sha256(b"".join((digest, entry_hash, str(ended_by).encode()))).digest()


def expected_digest(row: CarriedRow) -> bytes:
    """The digest that a row is to have."""
    made = digest_of(row.as_of, row.number, row.position, row.hash or GENESIS)
    return made if row.ended_by is None else ended_digest(made, row.ended_by, row.end_hash or GENESIS)


def opening_digest(issuer: str) -> bytes:
    """The digest of the first row of a book of which no row was ended."""
    return sha256(issuer.encode()).digest()


def chained(previous: bytes, digest: bytes) -> bytes:
    """The digest of the first row of a book once a further row was ended."""
    return sha256(previous + digest).digest()


# --- use ------------------------------------------------------------------------------------------------------------


def made_of(issuer: str, row: CarriedRow, decode: Callable[[bytes], T]) -> T:
    """What the position of a row decodes to. Raises StoreDamaged if the row is not the one that was written."""
    other = StoreDamaged(f"{issuer}: the position carried forward at {row.as_of} is not the one that was written; {REBUILD}")
    try:
        if row.hash is not None and row.digest == expected_digest(row):
            return decode(row.position)
    except (TypeError, ValueError, AttributeError) as error:
        raise other from error
    raise other
