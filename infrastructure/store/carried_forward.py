"""Positions carried forward: rows that spare a reader the entries before a day, written in the transaction of the entries.

A row is the position at close of `as_of` for a reader who knows entry `number` and does not know entry `ended_by` yet: the first
one after it that reaches back to that day or before it, by its own day or by that of the entry which it replaces. Rows without
an end are where `domain.capital.ledger.carried_forward` puts them, so they are a function of the entries alone.

Each row is bound to the hashes of the entries that it names, by a digest that is checked at each use. The first row of a book is
its opening: the position of nothing, with a digest over all rows that were ended. Writers of one book wait for each other on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import date
from hashlib import sha256
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from domain.capital.balances import Impossible
from domain.capital.entries import Entry
from domain.capital.head import StoreDamaged
from domain.capital.ledger import SPACING, Carried, Ledger, carried_forward
from domain.capital.position import Position
from domain.capital.tally import Replacements, Tally
from domain.events import Event, FactProposed
from infrastructure import book_reader
from infrastructure.connection import Connection
from infrastructure.event_codec import TYPE_NAMES
from infrastructure.hash_chain import GENESIS
from infrastructure.stamps import stamped_day
from infrastructure.store import position_codec

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


def _digest(as_of: str, number: int, position: bytes, entry_hash: bytes) -> bytes:
    return sha256(b"".join((entry_hash, f"{as_of}|{number}|".encode(), position))).digest()


def _ended(digest: bytes, ended_by: int, entry_hash: bytes) -> bytes:
    return sha256(b"".join((digest, entry_hash, str(ended_by).encode()))).digest()


def expected_digest(row: CarriedRow) -> bytes:
    """The digest that a row is to have."""
    made = _digest(row.as_of, row.number, row.position, row.hash or GENESIS)
    return made if row.ended_by is None else _ended(made, row.ended_by, row.end_hash or GENESIS)


def opening_digest(issuer: str) -> bytes:
    """The digest of the first row of a book of which no row was ended."""
    return sha256(issuer.encode()).digest()


def chained(previous: bytes, digest: bytes) -> bytes:
    """The digest of the first row of a book once a further row was ended."""
    return sha256(previous + digest).digest()


# --- reading --------------------------------------------------------------------------------------------------------

_NEAREST = (
    ROW + "AND c.as_of <= :as_of AND c.number > 0 AND c.number <= :number AND (c.ended_by IS NULL OR c.ended_by > :number) "
    "ORDER BY c.as_of DESC LIMIT 1"
)
_NEXT = (
    ROW + "AND c.as_of >= :as_of AND c.number > 0 AND c.number <= :number AND (c.ended_by IS NULL OR c.ended_by > :number) "
    "ORDER BY c.as_of LIMIT 1"
)
# The plus and COALESCE keep the engines to one index: that over days, of which each has few entries, or that over numbers.
_OF_DAYS = (
    "SELECT number FROM entries "
    "WHERE issuer = :issuer AND effective_on > :after AND effective_on <= :until AND +number <= :number"
)
_FIRST_OF_DAYS = _OF_DAYS + " ORDER BY effective_on, number LIMIT :most"
_RECORDED = (
    "SELECT number FROM entries "
    "WHERE issuer = :issuer AND number > :above AND number <= :number "
    "AND COALESCE(effective_on, '') > :after AND COALESCE(effective_on, '') <= :until"
)


class _Opening(NamedTuple):
    """The position at close of a day, the tally of the entries until then, and the last that says anything of them."""

    on: date = date.min
    position: Position = Position()
    tally: Tally = Tally()
    number: int = 0

    @property
    def entries(self) -> int:
        """How many entries are of days until then."""
        return self.tally.entries.total()


def ledger(connection: Connection, issuer: str, number: int, since: date, until: date, kinds: Collection[type[Event]]) -> Ledger:
    """The ledger of a book until a day, as known when entry `number` was the last; it can be asked about days from `since` on.

    Of what lies before its opening it has the entries of some kinds, those that entries of later days replace, those of
    which something is pending, and those that wait for release. Raises StoreDamaged if a row or an entry that it is made of
    does not fit, or one is missing.
    """
    opening = _Opening()
    if since > date.min:
        opening = _opening(connection, issuer, number, date.fromordinal(since.toordinal() - 1))
    # A period that ends before the row that it opens at has no entries of its own.
    following = _found(connection, _NEXT, issuer, stamped_day(max(until, opening.on)), number)
    found = _since(connection, issuer, number, opening, following)
    book = {each.number: each for each in found.values() if opening.on < each.event.effective_on <= until}
    book |= {each.number: each for each in found.values() if each.replaces in book}
    if kinds and opening.on > date.min:
        wanted = {tranche.entry for waiting in opening.position.tranches.values() for tranche in waiting}
        beside = (_waiting(connection, issuer, number, opening), book_reader.picked(connection, issuer, sorted(wanted)))
        book |= _of_kinds(connection, issuer, number, opening, kinds)
        book |= {each.number: each for each in chain(*beside) if each.number <= number}
        while wanted := {each.replaces for each in book.values() if each.replaces is not None} - book.keys():
            book |= {each.number: each for each in book_reader.picked(connection, issuer, sorted(wanted))}
    return Ledger(tuple(book[each] for each in sorted(book)), number, opening.on, opening.position, opening.tally)


def of_kinds(connection: Connection, issuer: str, kinds: Collection[type[Event]]) -> list[Entry]:
    """The entries of some kinds, and those that replace them, in order of number. Raises StoreDamaged if one is missing."""
    number = book_reader.last_known(connection, issuer, None)
    opening = _opening(connection, issuer, number, date.max)
    since = _since(connection, issuer, number, opening, None)
    found = _of_kinds(connection, issuer, number, opening, kinds)
    found |= {each.number: each for each in since.values() if type(each.event) in kinds}
    found |= {each.number: each for each in since.values() if each.replaces in found}
    return [found[each] for each in sorted(found)]


def waiting(connection: Connection, issuer: str, number: int) -> list[Entry]:
    """The entries that wait for release as known when an entry was the last. Raises StoreDamaged if one is missing."""
    opening = _opening(connection, issuer, number, date.max)
    _since(connection, issuer, number, opening, None)
    return _waiting(connection, issuer, number, opening)


def _opening(connection: Connection, issuer: str, number: int, day: date) -> _Opening:
    return _found(connection, _NEAREST, issuer, stamped_day(day), number) or _Opening()


def _since(connection: Connection, issuer: str, number: int, opening: _Opening, following: _Opening | None) -> dict[int, Entry]:
    """The entries of days after an opening until the next row from another day on, or to the end, and those that replace them.

    Raises StoreDamaged if they are not as many as the rows say. All were checked against their hashes, which cover the day and
    the replacement that they were found by: one that has others as columns would leave a gap, or not fit its hash.
    """
    numbers = _numbers(connection, issuer, number, opening, following)
    found = {each.number: each for each in book_reader.picked(connection, issuer, numbers)}
    replacing = [each for each in book_reader.numbers_replacing(connection, issuer, numbers) if each <= number]
    found |= {each.number: each for each in book_reader.picked(connection, issuer, sorted({*replacing} - found.keys()))}
    if following is None:
        # What replaces an entry is of these days itself, and was read; or of the days until the opening, which counts it.
        same = sum(found[each].event.effective_on <= opening.on for each in replacing) == opening.tally.ahead
    else:
        tally = Tally()
        tally.count((found[each] for each in numbers), Replacements.of(found.values()))
        same = (
            opening.tally.entries + tally.entries == following.tally.entries
            and opening.tally.replaced + tally.replaced == following.tally.replaced
        )
    if not same:
        raise StoreDamaged(f"{issuer}: an entry that replaces one of the days {_after(opening)} is missing")
    return found


def _after(opening: _Opening) -> str:
    return f"after {opening.on:%-d %B %Y}" if opening.entries else "from the beginning"


def _of_kinds(
    connection: Connection, issuer: str, number: int, opening: _Opening, kinds: Collection[type[Event]]
) -> dict[int, Entry]:
    """The entries of some kinds, and those that replace them; until the opening as many as it counts, or StoreDamaged."""
    entries = book_reader.of_types(connection, issuer, [TYPE_NAMES[kind] for kind in kinds])
    found = {each.number: each for each in entries if each.number <= number}
    tally = Tally()
    until = (each for each in found.values() if each.event.effective_on <= opening.on)
    tally.count(until, Replacements.of(found.values()))
    for kind in kinds:
        counted = opening.tally.entries[kind], opening.tally.replaced[kind]
        if (tally.entries[kind], tally.replaced[kind]) != counted:
            raise StoreDamaged(f"{issuer}: {kind.__name__} or an entry that replaces it is missing until {opening.on:%-d %B %Y}")
    return found


def _waiting(connection: Connection, issuer: str, number: int, opening: _Opening) -> list[Entry]:
    """The entries that wait for release; of days until the opening as many as it counts, or StoreDamaged."""
    found = book_reader.waiting(connection, issuer, number)
    counted = opening.tally.entries[FactProposed] - opening.tally.replaced[FactProposed]
    if sum(each.event.effective_on <= opening.on for each in found) != counted:
        raise StoreDamaged(f"{issuer}: an entry that waits for release, or one that releases it, is missing")
    return found


def _numbers(connection: Connection, issuer: str, number: int, opening: _Opening, following: _Opening | None) -> list[int]:
    """The numbers of the entries of days after an opening until the next row, or to the end. Raises StoreDamaged."""
    if following is None:
        found, expected = _to_the_end(connection, issuer, number, opening), number - opening.entries
    else:
        given = {"after": stamped_day(opening.on), "until": stamped_day(following.on), "number": number}
        found, expected = connection.rows(_OF_DAYS, issuer=issuer, **given), following.entries - opening.entries
    if len(found) != expected:
        days = f"{expected:,} entries were recorded of days {_after(opening)}"
        raise StoreDamaged(f"{issuer}: {days}, and {len(found):,} are there")
    return [each for (each,) in found]


def _to_the_end(connection: Connection, issuer: str, number: int, opening: _Opening) -> Sequence[Any]:
    """The numbers of all entries of days after an opening, without looking through those recorded later.

    What was recorded after the last entry that says anything of the days until then is of later days, and few entries from before
    it are: those of the first days after the opening are the most there can be.
    """
    days = {"after": stamped_day(opening.on), "until": stamped_day(date.max)}
    found = list(connection.rows(_RECORDED, issuer=issuer, above=opening.number, number=number, **days))
    earlier = opening.number - opening.entries
    if earlier > 0:
        found += connection.rows(_FIRST_OF_DAYS, issuer=issuer, number=opening.number, most=earlier, **days)
    return found


def _found(connection: Connection, query: str, issuer: str, as_of: str, number: int) -> _Opening | None:
    for found in connection.rows(query, issuer=issuer, as_of=as_of, number=number):
        return _read(issuer, CarriedRow(*found))
    return None


def _read(issuer: str, row: CarriedRow) -> _Opening:
    position, tally = made_of(issuer, row, position_codec.decode)
    return _Opening(date.fromisoformat(row.as_of), position, tally, row.number)


def made_of(issuer: str, row: CarriedRow, decode: Callable[[bytes], T]) -> T:
    """What the position of a row decodes to. Raises StoreDamaged if the row is not the one that was written."""
    other = StoreDamaged(f"{issuer}: the position carried forward at {row.as_of} is not the one that was written; {REBUILD}")
    try:
        if row.hash is not None and row.digest == expected_digest(row):
            return decode(row.position)
    except (TypeError, ValueError, AttributeError) as error:
        raise other from error
    raise other


# --- writing --------------------------------------------------------------------------------------------------------

_OPEN = (
    "SELECT as_of, number, digest FROM carried_forward "
    "WHERE issuer = :issuer AND as_of >= :as_of AND number > 0 AND ended_by IS NULL"
)
_END = (
    "UPDATE carried_forward SET ended_by = :ended_by, digest = :digest "
    "WHERE issuer = :issuer AND as_of = :as_of AND number = :number"
)
_FIRST = "SELECT digest FROM carried_forward WHERE issuer = :issuer AND number = 0"
_CHAIN = "UPDATE carried_forward SET digest = :digest WHERE issuer = :issuer AND number = 0"
_HASH = "SELECT hash FROM entries WHERE issuer = :issuer AND number = :number"
_LAST = ROW + "AND c.number > 0 AND c.number <= :number AND c.ended_by IS NULL ORDER BY c.as_of DESC LIMIT 1"
_LATEST_DAY = "SELECT MAX(effective_on) FROM entries WHERE issuer = :issuer"
_PASSED = (
    "SELECT COUNT(*) FROM entries "
    "WHERE issuer = :issuer AND effective_on > :as_of AND effective_on < :latest AND +number <= :number"
)
_CLEAR = (
    "DELETE FROM carried_forward WHERE issuer = :issuer "
    "OR NOT EXISTS (SELECT 1 FROM entries e WHERE e.issuer = carried_forward.issuer)"
)
_WRITTEN = "SELECT number, effective_on, replaces, recorded_at FROM entries WHERE issuer = :issuer ORDER BY number"


class WrittenEntry(NamedTuple):
    """What the rows of a book depend on of an entry that was written: its number, its day, the entry that it replaces."""

    number: int
    effective_on: str
    replaces: int | None


def opening_row(issuer: str) -> tuple[Any, ...]:
    """The first row of a book of which no row was ended."""
    return issuer, OPENING_DAY, 0, None, position_codec.encode(Position()), opening_digest(issuer)


_WAIT = (
    "INSERT INTO carried_forward VALUES (:issuer, :as_of, :number, :ended_by, :position, :digest) "
    "ON CONFLICT (issuer, as_of, number) DO UPDATE SET digest = carried_forward.digest"
)


def wait(connection: Connection, issuer: str) -> None:
    """Wait until nobody else writes to a book; begin it if there is none.

    Every writer changes the first row, if only to what it was: who would write by what it read before another wrote is turned
    away by the database, whatever its isolation.
    """
    connection.do(_WAIT, **dict(zip(COLUMNS, opening_row(issuer), strict=True)))


def bring_on(connection: Connection, issuer: str, batch: Sequence[WrittenEntry], latest: str = "") -> str:
    """End the rows that a batch of entries reaches back to, and carry forward what has become due; the day of the last row.

    The entries are there already. `latest` is the last day that they and those before them speak of, where others follow them.
    """
    _end(connection, issuer, _reaches(connection, issuer, batch))
    return _carry(connection, issuer, batch[-1].number, latest or connection.rows(_LATEST_DAY, issuer=issuer)[0][0])


def rebuilt(connection: Connection, issuer: str) -> int:
    """Rebuild the rows of a book, as they would have come about, and remove those of no book; how many entries it has."""
    connection.do(_CLEAR, issuer=issuer)
    written = connection.rows(_WRITTEN, issuer=issuer)
    if not written:
        return 0
    connection.insert(TABLE, COLUMNS, [opening_row(issuer)])
    waiting, carried_on, latest = list[WrittenEntry](), OPENING_DAY, ""
    for _, together in groupby(written, key=itemgetter(3)):
        batch = [WrittenEntry(*row[:3]) for row in together]
        # What reaches back behind the last row comes by itself, for what is known before it had rows of its own.
        back = any(each.replaces is not None or each.effective_on <= carried_on for each in batch)
        if waiting and (back or len(waiting) >= SPACING):
            carried_on = bring_on(connection, issuer, waiting, latest)
            waiting = []
        waiting += batch
        latest = max(latest, *(each.effective_on for each in batch))
    bring_on(connection, issuer, waiting, latest)
    return len(written)


def _reaches(connection: Connection, issuer: str, batch: Sequence[WrittenEntry]) -> list[tuple[int, str]]:
    """The entries of a batch with the day to which each reaches back."""
    replaced = book_reader.days_of(connection, issuer, [each.replaces for each in batch if each.replaces is not None])
    return [(each.number, min(each.effective_on, replaced.get(each.replaces or 0, each.effective_on))) for each in batch]


def _end(connection: Connection, issuer: str, reaches: Sequence[tuple[int, str]]) -> None:
    first = min(day for _, day in reaches)
    ended = []
    for as_of, number, digest in connection.rows(_OPEN, issuer=issuer, as_of=first):
        by = next(each for each, day in reaches if day <= as_of)
        ended.append((by, as_of, number, _ended(digest, by, connection.rows(_HASH, issuer=issuer, number=by)[0][0])))
    if not ended:
        return
    chained_to = _first_digest(connection, issuer)
    for by, as_of, number, digest in sorted(ended):
        connection.do(_END, issuer=issuer, as_of=as_of, number=number, ended_by=by, digest=digest)
        chained_to = chained(chained_to, digest)
    connection.do(_CHAIN, issuer=issuer, digest=chained_to)


def _first_digest(connection: Connection, issuer: str) -> bytes:
    for (digest,) in connection.rows(_FIRST, issuer=issuer):
        if isinstance(digest, bytes):
            return digest
    raise StoreDamaged(f"{issuer}: the first of the positions carried forward is missing; {REBUILD}")


def _carry(connection: Connection, issuer: str, number: int, latest: str) -> str:
    last = [CarriedRow(*row) for row in connection.rows(_LAST, issuer=issuer, number=number)]
    as_of = last[0].as_of if last else OPENING_DAY
    if connection.rows(_PASSED, issuer=issuer, as_of=as_of, latest=latest, number=number)[0][0] < SPACING:
        return as_of
    opening = _read(issuer, last[0]) if last else _Opening()
    found = _since(connection, issuer, number, opening, None)
    book = tuple(found[each] for each in sorted(found))
    due = _due(Ledger(book, number, opening.on, opening.position, opening.tally), opening.number)
    hashes = book_reader.hashes_of(connection, issuer, [each.number for each in due])
    rows = [_row(issuer, each, hashes[each.number]) for each in due]
    if rows:
        connection.insert(TABLE, COLUMNS, rows)
    return rows[-1][1] if rows else as_of


def _due(found: Ledger, number: int) -> list[Carried]:
    """The positions to be carried forward, until an entry that does not fit: nothing can be said of days after it."""
    due: list[Carried] = []
    with suppress(Impossible):
        for each in carried_forward(found, number):
            due.append(each)  # noqa: PERF402 what came before the one that does not fit is kept
    return due


def _row(issuer: str, carried: Carried, entry_hash: bytes) -> tuple[Any, ...]:
    as_of, position = stamped_day(carried.as_of), position_codec.encode(carried.position, carried.tally)
    return issuer, as_of, carried.number, None, position, _digest(as_of, carried.number, position, entry_hash)
