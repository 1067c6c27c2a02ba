"""Reading a book from its table: rows checked against the hash chain, and the entries that they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import cast

from domain.capital.entries import Entry
from domain.capital.head import Head, StoreDamaged
from infrastructure.asking import Asking
from infrastructure.database import Database
from infrastructure.event_codec import decode, decode_strictly
from infrastructure.hash_chain import GENESIS, link
from infrastructure.schema import COLUMNS
from infrastructure.stamps import parsed_stamp, stamped_day

StoredRow = tuple[str, int, str, int, str, bytes, str, str, str, str | None, int | None, str, bytes]
"""A row of `schema.COLUMNS`."""


def head(asking: Asking, issuer: str) -> Head:
    """The head of a book, as its last row says. Raises StoreDamaged where that is not possible."""
    for number, digest, stamped in asking.ask(_HEAD, issuer=issuer):
        try:
            return Head(number, digest.hex(), parsed_stamp(stamped))
        except (ValueError, AttributeError, TypeError) as error:
            raise StoreDamaged(f"entry {number}: {error}") from error
    return Head(0, "", None)


def issuers(asking: Asking) -> list[str]:
    """The codes of all books, in order."""
    found = [""]
    # From one code to the next: DISTINCT would read every entry of every book.
    while code := asking.ask("SELECT MIN(issuer) FROM entries WHERE issuer > :last", last=found[-1])[0][0]:
        found.append(code)
    return found[1:]


_HEAD = "SELECT number, hash, recorded_at FROM entries WHERE issuer = :issuer ORDER BY number DESC LIMIT 1"
_ROW = ", ".join(COLUMNS)
_ROWS = f"SELECT {_ROW} FROM entries WHERE issuer = :issuer AND number > :after ORDER BY number"  # noqa: S608


def checked_rows(database: Database, asking: Asking, issuer: str, after: int) -> Iterator[StoredRow]:
    """The rows of a book with numbers above `after`, in order. Raises StoreDamaged at one that breaks the chain."""
    seed = asking.ask("SELECT hash FROM entries WHERE issuer = :issuer AND number = :after", issuer=issuer, after=after)
    previous, number = seed[0][0] if seed and after else GENESIS, after
    try:
        for row in cast("Iterable[StoredRow]", asking.stream(_ROWS, issuer=issuer, after=after)):
            number += 1
            if row[1] != number:
                raise StoreDamaged(f"entry {number}: missing, since entry {row[1]} follows entry {number - 1}")
            previous = link(previous, row[:-1])
            if previous != row[-1]:
                raise StoreDamaged(f"entry {number}: does not fit its hash")
            yield row
    except (TypeError, AttributeError, UnicodeError) as error:
        raise StoreDamaged(f"entry {number}: a column holds what is not of its type") from error
    except database.driver_error as error:
        raise database.explain(error, f"entry {number + 1}") from error


def entries(database: Database, asking: Asking, issuer: str, after: int) -> Iterator[Entry]:
    """The entries that the checked rows stand for. Raises StoreDamaged as well where a row stands for none."""
    stamped, recorded_at = "", datetime.min
    for row in checked_rows(database, asking, issuer, after):
        # The entries of a batch share their time.
        if row[7] != stamped:
            stamped, recorded_at = row[7], _recorded_at(row)
        yield _entry(row, recorded_at)


def _recorded_at(row: StoredRow) -> datetime:
    try:
        return parsed_stamp(row[7])
    except ValueError as error:
        raise StoreDamaged(f"entry {row[1]}: {error}") from error


def _entry(row: StoredRow, recorded_at: datetime) -> Entry:
    _, number, _, _, name, payload, _, _, recorded_by, source, replaces, command_id, _ = row
    try:
        return Entry(
            event=decode(name, payload), recorded_by=recorded_by, command_id=command_id, source=source, replaces=replaces,
            number=number, recorded_at=recorded_at,
        )  # fmt: skip
    except ValueError as error:
        raise StoreDamaged(f"entry {number}: {error}") from error


CHUNK = 500
"""How many entries one query asks for by number; databases limit the length of a query."""


def picked(asking: Asking, issuer: str, numbers: Sequence[int]) -> list[Entry]:
    """Some entries of a book by their numbers, each checked against its hash and that of the entry before."""
    found = []
    for start in range(0, len(numbers), CHUNK):
        listed = ", ".join(str(int(number)) for number in numbers[start : start + CHUNK])
        for *row, previous in asking.ask(_PICKED.format(listed=listed), issuer=issuer):
            stored = cast("StoredRow", tuple(row))
            if _linked(previous or GENESIS, stored) != stored[-1]:
                raise StoreDamaged(f"entry {stored[1]}: does not fit its hash")
            found.append(_entry(stored, _recorded_at(stored)))
    return found


_PICKED = (
    f"SELECT {', '.join(f'e.{column}' for column in COLUMNS)}, b.hash FROM entries e "  # noqa: S608
    "LEFT JOIN entries b ON b.issuer = e.issuer AND b.number = e.number - 1 "
    "WHERE e.issuer = :issuer AND e.number IN ({listed}) ORDER BY e.number"
)


def _linked(previous: bytes, row: StoredRow) -> bytes:
    try:
        return link(previous, row[:-1])
    except (TypeError, AttributeError, UnicodeError) as error:
        raise StoreDamaged(f"entry {row[1]}: a column holds what is not of its type") from error


COMMANDS_PER_QUERY = 500
"""How many command ids one query asks for; databases limit the number of parameters."""


# One look-up for each command: asked with IN, SQLite would read the whole book.
_RECORDED = (
    "WITH asked (command) AS (VALUES {marks}) SELECT e.number FROM asked CROSS JOIN entries e "
    "WHERE e.issuer = :issuer AND e.command_id = asked.command"
)


def recorded(asking: Asking, issuer: str, command_ids: Sequence[str]) -> dict[str, Entry]:
    """The entries of a book that carry these command ids, by id, each checked as `picked` does."""
    numbers: set[int] = set()
    for start in range(0, len(command_ids), COMMANDS_PER_QUERY):
        given = {f"c{place}": command for place, command in enumerate(command_ids[start : start + COMMANDS_PER_QUERY])}
        marks = ", ".join(f"(:{name})" for name in given)
        numbers.update(row[0] for row in asking.ask(_RECORDED.format(marks=marks), issuer=issuer, **given))
    return {entry.command_id: entry for entry in picked(asking, issuer, sorted(numbers))}


def no_strays(asking: Asking) -> None:
    """Raises StoreDamaged where there is an entry of no issuer, which belongs to no book."""
    for (number,) in asking.ask("SELECT number FROM entries WHERE issuer = '' LIMIT 1"):
        raise StoreDamaged(f"entry {number} is of no issuer")


_BEFORE_THE_FIRST = "SELECT number FROM entries WHERE issuer = :issuer AND number < 1 LIMIT 1"


def verified_head(database: Database, asking: Asking, issuer: str) -> Head:
    """The head of a book of which every row was recomputed; see `SqlEventStore.verify`."""
    last, stamped, digest = 0, "", b""
    for row in checked_rows(database, asking, issuer, 0):
        try:
            _check_copies(row, stamped)
        except ValueError as error:
            raise StoreDamaged(f"entry {row[1]}: {error}") from error
        last, stamped, digest = row[1], row[7], row[-1]
    # Asked last: where entry 1 was given another number, it is entry 1 that is missing.
    for (number,) in asking.ask(_BEFORE_THE_FIRST, issuer=issuer):
        raise StoreDamaged(f"entry {number}: the entries of a book begin with number 1")
    return Head(last, digest.hex(), parsed_stamp(stamped) if last else None)


def _check_copies(row: StoredRow, earlier_stamp: str) -> None:
    """Raises ValueError where a column does not say what the payload or the row before makes it say."""
    _, number, _, _, name, payload, effective_on, stamped, _, _, replaces, _, _ = row
    event = decode_strictly(name, payload)
    parsed_stamp(stamped)
    if effective_on != stamped_day(event.effective_on):
        raise ValueError(f"effective_on says {effective_on}, the event {event.effective_on}")
    if stamped < earlier_stamp:
        raise ValueError(f"recorded_at {stamped} is before that of the entry before, {earlier_stamp}")
    if replaces is not None and not 0 < replaces < number:
        raise ValueError(f"replaces entry {replaces}, which is not an earlier one")
