"""Making the derived tables of a book anew from its entries, and comparing them with what its entries make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from domain.capital.accounts import Account, account_of
from domain.capital.entries import Entry
from domain.capital.head import StoreDamaged
from domain.restatement import STANDING, Posting, Postings, restatements
from infrastructure import book_reader, checkpoints, posting_table
from infrastructure.database import Database

Sums = dict[tuple[Account, date], int]


def rebuilt(database: Database, issuer: str) -> int:
    """Empty the derived tables of a book and fill them, in one transaction; the last entry that they then reach."""
    with database.writing() as connection:
        entries = list(book_reader.entries(database, database.asked_of(connection), issuer, 0))
        posting_table.clear(database, connection, issuer)
        posting_table.fill(database, connection, issuer, restatements(entries), _stands(entries))
    return len(entries)


def _stands(entries: list[Entry]) -> list[int]:
    return [entry.number for entry in entries if type(entry.event) in STANDING]


def compared(database: Database, issuer: str) -> int:
    """Up to which entry the tables of a book are there. Raises StoreDamaged where they say what the entries do not make."""
    with database.asking() as asking:
        reach, sealed = checkpoints.reach(asking, issuer)
        entries = list(book_reader.entries(database, asking, issuer, 0))[:reach]
        stored = _Stored(posting_table.stored(asking, issuer))
        for last, rows in restatements(entries):
            if _summed(rows) != stored.until(last):
                raise _other(f"the postings known with entry {last} are not what the entries make")
        if stored.waiting is not None:
            raise _other(f"there are postings of an entry {stored.waiting.number}, which makes none")
        if posting_table.stands(asking, issuer) != _stands(entries):
            raise _other("the table of standing entries is not what the entries make")
        for last, size in checkpoints.wrong(asking, issuer, sealed):
            raise _other(f"the checkpoint of {size} entries up to {last} is not what the postings add up to")
    return reach


class _Stored:
    """Postings as stored, in order of number, taken part by part."""

    def __init__(self, rows: Iterator[Posting]) -> None:
        self._rows = rows
        self.waiting = next(rows, None)

    def until(self, last: int) -> Sums:
        """The sums of the rows up to an entry that were not taken yet."""
        part = []
        while self.waiting is not None and self.waiting.number <= last:
            part.append(self.waiting)
            self.waiting = next(self._rows, None)
        return _summed(part)


def _other(what: str) -> StoreDamaged:
    return StoreDamaged(f"{what}; the entries are whole, and captable rebuild makes the tables anew from them")


def _summed(rows: Postings) -> Sums:
    sums: Sums = defaultdict(int)
    for row in rows:
        sums[account_of(row.book, row.code, row.name), row.effective_on] += row.delta
    return {key: total for key, total in sums.items() if total}
