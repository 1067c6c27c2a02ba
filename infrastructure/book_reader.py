"""Reading a book from its table: rows checked against the hash chain, and the entries in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, cast

from domain.capital.entries import Entry
from domain.capital.head import Head
from domain.errors import StoreDamaged
from domain.events import Event, FactProposed
from infrastructure.connection import Connection, Row
from infrastructure.event_codec import TYPE_NAMES, decode, decode_strictly, kind_of, naming_by_default
from infrastructure.hash_chain import GENESIS, link
from infrastructure.schema import COLUMNS, POSTGRESQL, SQLITE, VERSION
from infrastructure.stamps import parsed_stamp, stamped_day

StoredRow = tuple[str, int, str, int, str, bytes, str, str, str, str | None, int | None, str, bytes]
"""A row of `schema.COLUMNS`."""


def head(connection: Connection, issuer: str) -> Head:
    """The head of a book, as its last row says. Raises StoreDamaged if that is not possible."""
    for number, digest, stamped in connection.rows(_HEAD, issuer=issuer):
        try:
            return Head(_number(number), digest.hex(), parsed_stamp(stamped))
        except (ValueError, AttributeError, TypeError) as error:
            raise StoreDamaged(f"entry {number}: {error}") from error
    return Head(0, "", None)


def issuers(connection: Connection) -> list[str]:
    """The codes of all books, in order. Raises StoreDamaged for one that is no text, with the entry that has it."""
    found = [""]
    try:
        # From one code to the next: DISTINCT would read every entry of every book.
        while code := connection.rows("SELECT MIN(issuer) FROM entries WHERE issuer > :last", last=found[-1])[0][0]:
            found.append(code)
    except connection.driver_error as error:
        ((number,),) = connection.rows(_NEXT, last=found[-1])
        raise connection.explain(error, f"entry {number}") from error
    return found[1:]


_NEXT = "SELECT number FROM entries WHERE issuer > :last ORDER BY issuer, number LIMIT 1"
_HEAD = "SELECT number, hash, recorded_at FROM entries WHERE issuer = :issuer ORDER BY number DESC LIMIT 1"
_ROW = ", ".join(COLUMNS)
_ROWS = f"SELECT {_ROW} FROM entries WHERE issuer = :issuer AND number > :after ORDER BY number"  # noqa: S608


def checked_rows(connection: Connection, issuer: str, after: int) -> Iterator[StoredRow]:
    """The rows of a book with numbers above `after`, in order. Raises StoreDamaged at one that breaks the chain."""
    seed = connection.rows("SELECT hash FROM entries WHERE issuer = :issuer AND number = :after", issuer=issuer, after=after)
    previous, number = seed[0][0] if seed and after else GENESIS, after
    try:
        for row in cast("Iterable[StoredRow]", connection.stream(_ROWS, issuer=issuer, after=after)):
            number += 1
            if row[1] != number:
                raise StoreDamaged(f"entry {number}: missing, since entry {row[1]} follows entry {number - 1}")
            previous = link(previous, row[:-1])
            if previous != row[-1]:
                raise StoreDamaged(f"entry {number}: does not match its hash")
            yield row
    except (TypeError, AttributeError, UnicodeError) as error:
        raise StoreDamaged(f"entry {number}: a column holds what is not of its type") from error
    except connection.driver_error as error:
        raise connection.explain(error, f"entry {number + 1}") from error


def entries(connection: Connection, issuer: str, after: int) -> Iterator[Entry]:
    """The entries of the checked rows. Raises StoreDamaged if a row is no entry."""
    return decoded(checked_rows(connection, issuer, after))


def kind(row: StoredRow) -> type[Event]:
    """The type of event that a row is of. Raises StoreDamaged if it is none."""
    try:
        return kind_of(row[4])
    except ValueError as error:
        raise StoreDamaged(f"entry {row[1]}: {error}") from error


def decoded(rows: Iterable[StoredRow]) -> Iterator[Entry]:
    """The entries of rows that were checked. Raises StoreDamaged if a row is no entry."""
    stamped, recorded_at = "", datetime.min
    for row in rows:
        # The entries of a batch share their time.
        if row[7] != stamped:
            stamped, recorded_at = row[7], _recorded_at(row)
        yield _entry(row, recorded_at)


def _recorded_at(row: StoredRow) -> datetime:
    try:
        return parsed_stamp(row[7])
    except ValueError as error:
        raise StoreDamaged(f"entry {row[1]}: {error}") from error


def _entry(row: StoredRow, recorded_at: datetime, event: Event | None = None) -> Entry:
    _, number, _, _, name, payload, _, _, recorded_by, source, replaces, command_id, _ = row
    try:
        return Entry(
            event=event or decode(name, payload), recorded_by=recorded_by, command_id=command_id, source=source,
            replaces=replaces, number=number, recorded_at=recorded_at,
        )  # fmt: skip
    except ValueError as error:
        raise StoreDamaged(f"entry {number}: {error}") from error


CHUNK = 500
"""How many entries one query asks for by number; databases limit the length of a query."""

_CHECKED = (
    f"SELECT {', '.join(f'e.{column}' for column in COLUMNS)}, b.hash FROM entries e "  # noqa: S608
    "LEFT JOIN entries b ON b.issuer = e.issuer AND b.number = e.number - 1 WHERE e.issuer = :issuer "
)
_PICKED = _CHECKED + "AND e.number IN ({listed}) ORDER BY e.number"
# Numbers are looked up first, each in an index that has all that is asked: with more columns engines would read the whole book.
_REPLACING = (
    "WITH asked (number) AS (VALUES ({listed})) SELECT e.number FROM asked CROSS JOIN entries e "
    "WHERE e.issuer = :issuer AND e.replaces = asked.number"
)


def picked(connection: Connection, issuer: str, numbers: Sequence[int]) -> list[Entry]:
    """Some entries of a book by their numbers, each checked against its hash and that of the entry before."""
    return list(decoded(picked_rows(connection, issuer, numbers)))


def picked_rows(connection: Connection, issuer: str, numbers: Sequence[int]) -> Iterator[StoredRow]:
    """The rows of some entries, checked as `picked` does."""
    return (each for rows in _listed(connection, issuer, _PICKED, numbers) for each in _checked(rows))


def replacing(connection: Connection, issuer: str, numbers: Sequence[int]) -> list[Entry]:
    """The entries that replace these, each checked as `picked` does."""
    return picked(connection, issuer, sorted(numbers_replacing(connection, issuer, numbers)))


def numbers_replacing(connection: Connection, issuer: str, numbers: Sequence[int]) -> list[int]:
    """The numbers of the entries that replace these, as stored."""
    return [number for rows in _listed(connection, issuer, _REPLACING, numbers, "), (") for (number,) in rows]


def of_types(connection: Connection, issuer: str, names: Sequence[str]) -> list[Entry]:
    """The entries of some stored types, and what replaces them, in order of number; checked as `picked` does."""
    given: dict[str, object] = {}
    query = f"SELECT number FROM entries WHERE issuer = :issuer AND {_of_types(names, given)}"  # noqa: S608
    numbers = {each for (each,) in connection.rows(query, issuer=issuer, **given)}
    return picked(connection, issuer, sorted(numbers.union(numbers_replacing(connection, issuer, sorted(numbers)))))


_WAITING = (
    "SELECT w.number FROM entries w WHERE w.issuer = :issuer AND w.type = :type AND w.number <= :number AND NOT EXISTS "
    "(SELECT 1 FROM entries r WHERE r.issuer = w.issuer AND r.replaces = w.number AND +r.number <= :number)"
)


def waiting(connection: Connection, issuer: str, number: int) -> list[Entry]:
    """The entries that wait for release as known when an entry was the last, in order of number; checked as `picked` does."""
    found = connection.rows(_WAITING, issuer=issuer, type=TYPE_NAMES[FactProposed], number=number)
    return picked(connection, issuer, sorted(each for (each,) in found))


_CONTAINS = {SQLITE: "instr(payload, :{}) > 0", POSTGRESQL: "position(:{} IN payload) > 0"}


def selected(
    connection: Connection, engine: str, issuer: str, below: int, most: int, *, types: Sequence[str], since: date | None,
    until: date | None, naming: str | None,
) -> list[int]:  # fmt: skip
    """The numbers of the last entries below a number, the last first, at most so many; see `application.ports.EventStore`."""
    conditions, given = of_columns(engine, types, since, until)
    conditions += ["issuer = :issuer", "number < :below"]
    if naming is not None:
        conditions.append(_naming(engine, naming, given))
    query = f"SELECT number FROM entries WHERE {' AND '.join(conditions)} ORDER BY number DESC LIMIT :most"  # noqa: S608
    return [_number(number) for (number,) in connection.rows(query, issuer=issuer, below=below, most=most, **given)]


def _naming(engine: str, code: str, given: dict[str, object]) -> str:
    """The condition that an entry may name a code, or proposes a fact that may."""
    # Codes are plain letters: JSON writes them as they are, and within the text of a fact with its quotes escaped.
    written, unwritten = f'"{code}"', naming_by_default(code)
    texts = [written, written.replace('"', '\\"'), *(_proposes(name) for name in unwritten)]
    conditions = [_contains(engine, text, given) for text in texts]
    return f"({' OR '.join([*conditions, *([_of_types(unwritten, given)] if unwritten else [])])})"


def _proposes(name: str) -> str:
    """What the JSON of a proposal contains if its fact is of a stored type."""
    return f'"fact":"{name} '


def _contains(engine: str, text: str, given: dict[str, object]) -> str:
    """The condition that the JSON of an event contains a text, which is added to the parameters given."""
    name = f"contained{len(given)}"
    given[name] = text.encode(errors="backslashreplace")
    return _CONTAINS[engine].format(name)


def of_columns(engine: str, types: Sequence[str], since: date | None, until: date | None) -> tuple[list[str], dict[str, object]]:
    """The conditions that entries are of some stored types or propose them, if any are named, and of days from one to another."""
    given: dict[str, object] = {}
    conditions = []
    if types:
        proposed = TYPE_NAMES[FactProposed]
        conditions.append(_of_types({*types, proposed}, given))
        if proposed not in types:
            # Texts are read of proposals alone: asked of each entry, they would keep the engine from the index over types.
            proposing = " OR ".join(_contains(engine, _proposes(name), given) for name in types)
            found = f"SELECT number FROM entries WHERE issuer = :issuer AND type = :proposed AND ({proposing})"  # noqa: S608
            conditions.append(f"(type <> :proposed OR number IN ({found}))")
            given["proposed"] = proposed
    for condition, name, day in (("effective_on >= :since", "since", since), ("effective_on <= :until", "until", until)):
        if day is not None:
            conditions.append(condition)
            given[name] = stamped_day(day)
    return conditions, given


def _of_types(types: Collection[str], given: dict[str, object]) -> str:
    """The condition that an entry is of some stored types, whose parameters are added to those given."""
    added = {f"t{place}": name for place, name in enumerate(sorted(types), len(given))}
    given.update(added)
    return f"type IN ({', '.join(f':{name}' for name in added)})"


def _listed(
    connection: Connection, issuer: str, query: str, numbers: Sequence[int], between: str = ", "
) -> Iterator[Sequence[Row]]:
    for start in range(0, len(numbers), CHUNK):
        listed = between.join(str(int(number)) for number in numbers[start : start + CHUNK])
        yield connection.rows(query.format(listed=listed), issuer=issuer)


def _checked(rows: Iterable[Sequence[object]]) -> Iterator[StoredRow]:
    for *row, previous in rows:
        stored = cast("StoredRow", tuple(row))
        if _linked(cast("bytes", previous) or GENESIS, stored) != stored[-1]:
            raise StoreDamaged(f"entry {stored[1]}: does not match its hash")
        yield stored


def days_of(connection: Connection, issuer: str, numbers: Sequence[int]) -> dict[int, str]:
    """The days of some entries of a book, as stored."""
    return dict(_columns(connection, issuer, "effective_on", numbers))


def hashes_of(connection: Connection, issuer: str, numbers: Sequence[int]) -> dict[int, bytes]:
    """The hashes of some entries of a book."""
    return dict(_columns(connection, issuer, "hash", numbers))


def _columns(connection: Connection, issuer: str, name: str, numbers: Sequence[int]) -> Iterator[Any]:
    query = f"SELECT number, {name} FROM entries WHERE issuer = :issuer AND number IN ({{listed}})"  # noqa: S608
    return (row for rows in _listed(connection, issuer, query, numbers) for row in rows)


_LAST = "SELECT number FROM entries WHERE issuer = :issuer ORDER BY number DESC LIMIT 1"
_LAST_KNOWN = (
    "SELECT number FROM entries WHERE issuer = :issuer AND recorded_at <= :known_at "
    "ORDER BY recorded_at DESC, number DESC LIMIT 1"
)


def last_known(connection: Connection, issuer: str, known_at: str | None) -> int:
    """The last entry that had been recorded at an instant, as stamped; the last of all where it is None.

    It and the entry after it are checked against their hashes, which cover their times: no other time in the column can move
    the instant. Raises StoreDamaged.
    """
    given = {} if known_at is None else {"known_at": known_at}
    rows = connection.rows(_LAST_KNOWN if given else _LAST, issuer=issuer, **given)
    number = _number(rows[0][0]) if rows else 0
    if known_at is not None:
        for row in picked_rows(connection, issuer, [number, number + 1]):
            if (row[7] <= known_at) != (row[1] == number):
                raise StoreDamaged(f"entry {row[1]}: recorded at {row[7]}, out of order")
    return number


def _number(stored: object) -> int:
    """The number of an entry as stored: SQLite takes text for one. Raises StoreDamaged."""
    if isinstance(stored, int):
        return stored
    raise StoreDamaged(f"entry {stored!r}: its number is no whole number")


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


def recorded(connection: Connection, issuer: str, command_ids: Sequence[str]) -> dict[str, Entry]:
    """The entries of a book that carry these command ids, by id, each checked as `picked` does."""
    numbers: set[int] = set()
    for start in range(0, len(command_ids), COMMANDS_PER_QUERY):
        given = {f"c{place}": command for place, command in enumerate(command_ids[start : start + COMMANDS_PER_QUERY])}
        marks = ", ".join(f"(:{name})" for name in given)
        numbers.update(row[0] for row in connection.rows(_RECORDED.format(marks=marks), issuer=issuer, **given))
    return {entry.command_id: entry for entry in picked(connection, issuer, sorted(numbers))}


def no_strays(connection: Connection, version: int) -> None:
    """Raises StoreDamaged if there is an entry of no issuer, which belongs to no book, or a row of a book without entries."""
    for (number,) in connection.rows("SELECT number FROM entries WHERE issuer = '' LIMIT 1"):
        raise StoreDamaged(f"entry {number} is of no issuer")
    for (issuer,) in connection.rows(_OF_NO_BOOK) if version == VERSION else ():
        raise StoreDamaged(f"positions are carried forward of {issuer}, which has no entries; captable rebuild removes them")


_OF_NO_BOOK = (
    "SELECT DISTINCT c.issuer FROM carried_forward c "
    "WHERE NOT EXISTS (SELECT 1 FROM entries e WHERE e.issuer = c.issuer) ORDER BY c.issuer LIMIT 1"
)


_BEFORE_THE_FIRST = "SELECT number FROM entries WHERE issuer = :issuer AND number < 1 LIMIT 1"


def verified(connection: Connection, issuer: str) -> tuple[Head, list[Entry]]:
    """The head of a book of which every row was recomputed, and its entries; see `SqlEventStore.verified`."""
    stamped, recorded_at, digest, found = "", datetime.min, b"", list[Entry]()
    for row in checked_rows(connection, issuer, 0):
        try:
            # The entries of a batch share their time.
            if not found or row[7] != stamped:
                recorded_at = parsed_stamp(row[7])
            event = _check_copies(row, stamped)
        except ValueError as error:
            raise StoreDamaged(f"entry {row[1]}: {error}") from error
        stamped, digest = row[7], row[-1]
        found.append(_entry(row, recorded_at, event))
    # Asked last: where entry 1 was given another number, it is entry 1 that is missing.
    for (number,) in connection.rows(_BEFORE_THE_FIRST, issuer=issuer):
        raise StoreDamaged(f"entry {number}: the entries of a book begin with number 1")
    return Head(len(found), digest.hex(), recorded_at if found else None), found


def _check_copies(row: StoredRow, earlier_stamp: str) -> Event:
    """The event of a row. Raises ValueError if a column does not say what the payload or the row before makes it say."""
    _, number, _, _, name, payload, effective_on, stamped, _, _, replaces, _, _ = row
    event = decode_strictly(name, payload)
    if effective_on != stamped_day(event.effective_on):
        raise ValueError(f"effective_on says {effective_on}, the event {event.effective_on}")
    if stamped < earlier_stamp:
        raise ValueError(f"recorded_at {stamped} is before that of the entry before, {earlier_stamp}")
    if replaces is not None and not 0 < replaces < number:
        raise ValueError(f"replaces entry {replaces}, which is not an earlier one")
    return event
