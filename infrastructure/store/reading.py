"""Reading a book from a position carried forward: the entries since then, and what they turn to of the time before.

Entries are looked up by their day, their type and what they replace. Each is checked against its hash, and the tally beside a
position counts those to be found: an entry that is passed over because a column was changed makes the book unreadable, not wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from domain.capital.entries import Entry
from domain.capital.ledger import Ledger
from domain.capital.position import Position
from domain.capital.tally import Replacements, Tally
from domain.errors import StoreDamaged
from domain.events import Event, FactProposed
from infrastructure import book_reader
from infrastructure.book_reader import StoredRow
from infrastructure.connection import Connection
from infrastructure.event_codec import TYPE_NAMES
from infrastructure.stamps import stamped_day
from infrastructure.store import position_codec
from infrastructure.store.rows import ROW, CarriedRow, made_of

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


class Opening(NamedTuple):
    """The position at close of a day, the tally of the entries until then, and the last that says anything of them."""

    on: date = date.min
    position: Position = Position()
    tally: Tally = Tally()
    number: int = 0


class _Following(NamedTuple):
    """The next day at whose close there is a position, and the tally of the entries until then."""

    on: date
    tally: Tally


def ledger(connection: Connection, issuer: str, number: int, since: date, until: date, kinds: Collection[type[Event]]) -> Ledger:
    """The ledger of a book until a day, as known when entry `number` was the last; it can be asked about days from `since` on.

    Of what lies before its opening it has the entries of some kinds, those that entries of later days replace, those of
    which something is pending, and those that wait for release. Raises StoreDamaged if a row or an entry that it is made of
    does not fit, or one is missing.
    """
    opening = Opening()
    if since > date.min:
        opening = _opening(connection, issuer, number, date.fromordinal(since.toordinal() - 1))
    # A period that ends before the row that it opens at has no entries of its own.
    following = _following(connection, issuer, number, max(until, opening.on))
    rows = since_opening(connection, issuer, number, opening, following).values()
    first, last = stamped_day(opening.on), stamped_day(until)
    wanted = {row[1] for row in rows if first < row[6] <= last}
    book = {each.number: each for each in book_reader.decoded(row for row in rows if row[1] in wanted or row[10] in wanted)}
    if kinds and opening.on > date.min:
        pending = {tranche.entry for waiting in opening.position.tranches.values() for tranche in waiting}
        beside = (_waiting(connection, issuer, number, opening), book_reader.picked(connection, issuer, sorted(pending)))
        book |= _of_kinds(connection, issuer, number, opening, kinds)
        book |= {each.number: each for each in chain(*beside) if each.number <= number}
        while replaced := {each.replaces for each in book.values() if each.replaces is not None} - book.keys():
            book |= {each.number: each for each in book_reader.picked(connection, issuer, sorted(replaced))}
    return Ledger(tuple(book[each] for each in sorted(book)), number, opening.on, opening.position, opening.tally)


def of_kinds(connection: Connection, issuer: str, kinds: Collection[type[Event]]) -> list[Entry]:
    """The entries of some kinds, and those that replace them, in order of number. Raises StoreDamaged if one is missing."""
    number = book_reader.last_known(connection, issuer, None)
    opening = _opening(connection, issuer, number, date.max)
    rows = since_opening(connection, issuer, number, opening, None).values()
    found = _of_kinds(connection, issuer, number, opening, kinds)
    # Those of days since the opening are there whatever column they should have been found by.
    named = found.keys() | {row[1] for row in rows if book_reader.kind(row) in kinds}
    beside = book_reader.decoded(row for row in rows if row[1] in named or row[10] in named)
    found |= {each.number: each for each in beside}
    return [found[each] for each in sorted(found)]


def waiting(connection: Connection, issuer: str, number: int) -> list[Entry]:
    """The entries that wait for release as known when an entry was the last. Raises StoreDamaged if one is missing."""
    opening = _opening(connection, issuer, number, date.max)
    since_opening(connection, issuer, number, opening, None)
    return _waiting(connection, issuer, number, opening)


def _opening(connection: Connection, issuer: str, number: int, day: date) -> Opening:
    for found in connection.rows(_NEAREST, issuer=issuer, as_of=stamped_day(day), number=number):
        return read(issuer, CarriedRow(*found))
    return Opening()


def _following(connection: Connection, issuer: str, number: int, day: date) -> _Following | None:
    for found in connection.rows(_NEXT, issuer=issuer, as_of=stamped_day(day), number=number):
        row = CarriedRow(*found)
        return _Following(date.fromisoformat(row.as_of), made_of(issuer, row, position_codec.tally))
    return None


def since_opening(
    connection: Connection, issuer: str, number: int, opening: Opening, following: _Following | None
) -> dict[int, StoredRow]:
    """The rows of the entries of days after an opening until a following one, or to the end, and of those that replace them.

    Raises StoreDamaged if they are not as many as the rows say. All were checked against their hashes, which cover the day and
    the replacement that they were found by: one that has others as columns would leave a gap, or not fit its hash.
    """
    numbers = _numbers(connection, issuer, number, opening, following)
    found = {row[1]: row for row in book_reader.picked_rows(connection, issuer, numbers)}
    replacing = [each for each in book_reader.numbers_replacing(connection, issuer, numbers) if each <= number]
    beside = sorted({*replacing} - found.keys())
    found |= {row[1]: row for row in book_reader.picked_rows(connection, issuer, beside)}
    if following is None:
        # What replaces an entry is of these days itself, and was read; or of the days until the opening, which counts it.
        same = sum(found[each][6] <= stamped_day(opening.on) for each in replacing) == opening.tally.ahead
    else:
        entries = Counter(book_reader.kind(found[each]) for each in numbers)
        replaced = Counter(book_reader.kind(found[found[each][10] or 0]) for each in replacing)
        before, after = opening.tally, following.tally
        same = before.entries + entries == after.entries and before.replaced + replaced == after.replaced
    if not same:
        raise StoreDamaged(f"{issuer}: an entry that replaces another, of the days {_after(opening)}, is missing")
    return found


def _after(opening: Opening) -> str:
    return f"after {opening.on:%-d %B %Y}" if opening.number else "from the beginning"


def _of_kinds(
    connection: Connection, issuer: str, number: int, opening: Opening, kinds: Collection[type[Event]]
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
            raise StoreDamaged(f"{issuer}: until {opening.on:%-d %B %Y} a {kind.__name__} is missing, or what replaces one")
    return found


def _waiting(connection: Connection, issuer: str, number: int, opening: Opening) -> list[Entry]:
    """The entries that wait for release; of days until the opening as many as it counts, or StoreDamaged."""
    found = book_reader.waiting(connection, issuer, number)
    counted = opening.tally.entries[FactProposed] - opening.tally.replaced[FactProposed]
    if sum(each.event.effective_on <= opening.on for each in found) != counted:
        raise StoreDamaged(f"{issuer}: an entry that waits for release, or one that releases it, is missing")
    return found


def _numbers(connection: Connection, issuer: str, number: int, opening: Opening, following: _Following | None) -> list[int]:
    """The numbers of the entries of days after an opening until the next row, or to the end. Raises StoreDamaged."""
    if following is None:
        found, expected = _to_the_end(connection, issuer, number, opening), number - opening.tally.entries.total()
    else:
        given = {"after": stamped_day(opening.on), "until": stamped_day(following.on), "number": number}
        found = connection.rows(_OF_DAYS, issuer=issuer, **given)
        expected = following.tally.entries.total() - opening.tally.entries.total()
    if len(found) != expected:
        days = f"{expected:,} entries were recorded of days {_after(opening)}"
        raise StoreDamaged(f"{issuer}: {days}, and {len(found):,} are there")
    return [each for (each,) in found]


def _to_the_end(connection: Connection, issuer: str, number: int, opening: Opening) -> Sequence[Any]:
    """The numbers of all entries of days after an opening, without looking through those recorded later.

    What was recorded after the last entry that says anything of the days until then is of later days, and few entries from before
    it are: those of the first days after the opening are the most there can be.
    """
    days = {"after": stamped_day(opening.on), "until": stamped_day(date.max)}
    found = list(connection.rows(_RECORDED, issuer=issuer, above=opening.number, number=number, **days))
    earlier = opening.number - opening.tally.entries.total()
    if earlier > 0:
        found += connection.rows(_FIRST_OF_DAYS, issuer=issuer, number=opening.number, most=earlier, **days)
    return found


def read(issuer: str, row: CarriedRow) -> Opening:
    """A row as an opening. Raises StoreDamaged if it is not the one that was written."""
    position, tally = made_of(issuer, row, position_codec.decode)
    return Opening(date.fromisoformat(row.as_of), position, tally, row.number)
