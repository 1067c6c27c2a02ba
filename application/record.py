"""Record facts: one use case for every event type, all of a batch or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime

import attrs

from application.command_ids import sift
from application.ports import Conflict, EventStore, Head
from domain import events
from domain.capital.balances import Impossible, Posted, label, replay
from domain.capital.entries import Draft, Entry, OrderKey, in_effect, order_key
from domain.capital.position import Position
from domain.capital.terms import NEW_CODES
from domain.errors import Refused as Refused
from domain.restatement import Postings, Restatement, additions

ATTEMPTS = 100
PATIENCE = 4
# What is not yet written has no time; it stands after everything that has.
_NOT_YET = datetime.max.replace(tzinfo=UTC)


@attrs.frozen
class Problem:
    """Why one fact of a batch cannot be recorded: its place in the batch, the field at fault if one is, and the reason."""

    index: int
    message: str
    field: str | None = None


class CannotStand(Refused):
    """Nothing was recorded: the facts cannot stand in this book. `problems` has all that were found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


@attrs.frozen
class Book:
    """A book folded to its end with full knowledge: where it ends, and the position there."""

    issuer: str
    number: int
    position: Position
    last: OrderKey | None


@attrs.frozen
class Recorded:
    """What recording did: the entries written, those already there, and the book as it now stands."""

    entries: tuple[Entry, ...]
    already: tuple[tuple[Draft, int], ...]
    book: Book
    head: Head


def read_book(store: EventStore, issuer: str) -> Book:
    """The whole book of an issuer, folded. Raises StoreDamaged where the store is."""
    return _fold(issuer, list(store.entries(issuer)))


def _fold(issuer: str, entries: Sequence[Entry]) -> Book:
    position, ordered = Position(), in_effect(entries)
    for _ in replay(ordered, position):
        pass
    return Book(issuer, entries[-1].number if entries else 0, position, order_key(ordered[-1]) if ordered else None)


def record(
    store: EventStore,
    issuer: str,
    drafts: Sequence[Draft],
    *,
    book: Book | None = None,
    ends_at: int | None = None,
    dry_run: bool = False,
) -> Recorded:
    """Write the drafts that the book does not hold yet; all of them or none.

    `book` is what an earlier call returned, to save reading it again. With `dry_run` everything is checked and nothing
    written; with `ends_at` only to a book that ends at this entry. Raises CannotStand where a fact cannot stand, Grown where
    the book ends elsewhere, Conflict where others kept writing in between.
    """
    for attempt in range(ATTEMPTS):
        # Who has lost several races, because the whole book must be folded for a late fact, gets the book alone.
        alone = attempt >= PATIENCE and not dry_run
        try:
            with store.alone(issuer) if alone else nullcontext(store) as turn:
                held = _caught_up(turn, book) if book and attempt else book
                return _recorded(turn, issuer, drafts, held, ends_at, dry_run=dry_run)
        except Grown:
            raise
        except Conflict:
            continue
        except _Outgrown as outgrown:
            book = outgrown.book
    raise Conflict(f"others kept writing to the book of {issuer}; nothing was recorded, try again")


class Grown(Conflict):
    """The book no longer ends where what is recorded was prepared from."""


class _Outgrown(Exception):
    """Facts were refused by a book that has grown since: they may well stand in the book as it is now."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book = book


def _recorded(
    store: EventStore, issuer: str, drafts: Sequence[Draft], book: Book | None, ends_at: int | None, *, dry_run: bool
) -> Recorded:
    """One attempt at recording. Raises Conflict or _Outgrown where somebody else wrote in between."""
    sifted = sift(store, issuer, drafts)
    if sifted.clashes:
        raise CannotStand([Problem(clash.index, str(clash), "command_id") for clash in sifted.clashes])
    book = book or read_book(store, issuer)
    if not sifted.new:
        return Recorded((), sifted.already(()), book, store.head(issuer))
    if ends_at not in (None, book.number):
        raise Grown(f"the book of {issuer} no longer ends at entry {ends_at}")
    try:
        after, entries, postings = _check(store, book, sifted.new)
    except CannotStand:
        if store.head(issuer).number == book.number:
            raise
        raise _Outgrown(book) from None
    if not dry_run:
        entries = tuple(store.append(issuer, book.number, [draft for _, draft in sifted.new], postings))
    return Recorded(entries, sifted.already(entries), after, store.head(issuer))


def _caught_up(store: EventStore, book: Book) -> Book:
    """A book with what others have written to it since: read on where that will do, else read again."""
    missed = list(store.entries(book.issuer, book.number))
    appended = _appended(book, missed)
    return read_book(store, book.issuer) if appended is None else appended[1]


Numbered = Sequence[tuple[int, Draft]]


def _provisional(book: Book, fresh: Numbered) -> tuple[Entry, ...]:
    return tuple(draft.entered(number, _NOT_YET) for number, (_, draft) in enumerate(fresh, book.number + 1))


def _check(store: EventStore, book: Book, fresh: Numbered) -> tuple[Book, tuple[Entry, ...], Postings]:
    """The book with the drafts in it, and the rows that they add. Raises CannotStand with every problem found."""
    entries = _provisional(book, fresh)
    problems = _first_entry(book, entries) or _replacements(store, book, entries)
    if not problems:
        try:
            after, postings = _extend(store, book, entries)
        except Impossible as impossible:
            problems = _problems(store, book, entries, impossible)
        else:
            return after, entries, postings
    places = {entry.number: index for entry, (index, _) in zip(entries, fresh, strict=True)}
    raise CannotStand([attrs.evolve(problem, index=places.get(problem.index, -1)) for problem in problems])


def _extend(store: EventStore, book: Book, entries: Sequence[Entry]) -> tuple[Book, Postings]:
    """Fold new entries in. Where they all come last in effective order only they are folded, else the whole book."""
    appended = _appended(book, entries)
    if appended is not None:
        return appended[1], additions(appended[0])
    known = _read(store, book)
    # Folded first, since rows are there only for what is possible.
    return _fold(book.issuer, [*known, *entries]), Restatement(known).take(entries)


def _read(store: EventStore, book: Book) -> list[Entry]:
    """The entries of a book as it was when it was folded; read to the end, since a reading left off keeps its connection."""
    return [entry for entry in store.entries(book.issuer) if entry.number <= book.number]


def _appended(book: Book, entries: Sequence[Entry]) -> tuple[list[Posted], Book] | None:
    """New entries folded into a book where they all come last in effective order; None where they do not."""
    ordered = in_effect(entries)
    additive = all(entry.replaces is None for entry in entries)
    if not additive or not ordered or (book.last is not None and order_key(ordered[0]) < book.last):
        return None
    position = book.position.copy()
    posted = list(replay(ordered, position))
    return posted, Book(book.issuer, entries[-1].number, position, order_key(ordered[-1]))


def _first_entry(book: Book, entries: Sequence[Entry]) -> list[Problem]:
    first = entries[0]
    if not book.number and not isinstance(first.event, events.IssuerRegistered):
        return [Problem(first.number, "the book is empty; its first entry must be IssuerRegistered", "event")]
    strangers = [entry for entry in entries if getattr(entry.event, "issuer", book.issuer) != book.issuer]
    return [Problem(entry.number, f"this is the book of {book.issuer}", "issuer") for entry in strangers]


def _replacements(store: EventStore, book: Book, entries: Sequence[Entry]) -> list[Problem]:
    if not any(entry.replaces is not None or isinstance(entry.event, events.EntryWithdrawn) for entry in entries):
        return []
    known = {entry.number: entry for entry in (*store.entries(book.issuer), *entries)}
    replaced: dict[int, int] = {}
    problems = []
    for entry in known.values():
        reason = _cannot_replace(entry, known, replaced) if entry.number > book.number else None
        if reason:
            problems.append(Problem(entry.number, reason, "replaces"))
        if entry.replaces is not None:
            replaced[entry.replaces] = entry.number
    return problems


def _cannot_replace(entry: Entry, known: Mapping[int, Entry], replaced: Mapping[int, int]) -> str | None:
    number, withdrawal = entry.replaces, isinstance(entry.event, events.EntryWithdrawn)
    if number is None:
        return "expected the number of the entry to withdraw" if withdrawal else None
    if not 1 <= number < entry.number:
        return f"there is no entry {number} to replace; the last entry is {entry.number - 1}"
    if number in replaced:
        return f"entry {number} is already replaced by entry {replaced[number]}; replace that one"
    return _cannot_stand_for(entry, known[number], withdrawal=withdrawal)


def _cannot_stand_for(entry: Entry, old: Entry, *, withdrawal: bool) -> str | None:
    """Why an entry may not take the place of an old one, by what kinds of fact they are."""
    if isinstance(old.event, events.IssuerRegistered) and not isinstance(entry.event, events.IssuerRegistered):
        return f"entry {old.number} registers the issuer whose book this is; it can be corrected, and not taken away"
    if withdrawal and isinstance(old.event, events.EntryWithdrawn):
        return f"entry {old.number} is a withdrawal; record the fact again, as a replacement of entry {old.number}"
    if isinstance(old.event, events.ReturnFiled) and old.event.digest and not withdrawal:
        return f"entry {old.number} is a return that was filed; it is not edited: file it again, as a resubmission"
    return None


def _problems(store: EventStore, book: Book, entries: Sequence[Entry], first: Impossible) -> list[Problem]:
    """Every entry of the batch that names what the book does not have; else the one shortfall that was found."""
    if first.field is None or first.entry.number <= book.number:
        return [_problem(book, first)]
    found: list[Problem] = []
    left, impossible = list(entries), first
    missing: set[object] = set()
    while impossible.field is not None and impossible.entry in left:
        event = impossible.entry.event
        # What rests on a set-up that is itself refused is not a second problem.
        if getattr(event, impossible.field, None) not in missing:
            found.append(_problem(book, impossible))
        missing.add(getattr(event, NEW_CODES.get(type(event), ""), None))
        missing.discard(None)
        left.remove(impossible.entry)
        try:
            _fold(book.issuer, [*_read(store, book), *left])
            break
        except Impossible as following:
            impossible = following
    return sorted(found, key=lambda problem: problem.index)


def _problem(book: Book, impossible: Impossible) -> Problem:
    entry = impossible.entry
    known = entry.number <= book.number
    message = f"{impossible} (in {label(entry)}, already recorded)" if known and impossible.field else str(impossible)
    return Problem(entry.number, message, None if known else impossible.field)
