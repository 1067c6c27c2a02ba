"""Record facts: one use case for every event type, all of a batch or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import attrs

from application.ports import Conflict, EventStore, Head
from domain import events
from domain.accounts import ClassBalance
from domain.balances import Impossible, label, position_at, replay
from domain.position import Position
from domain.findings import Finding, findings
from domain.history import Draft, Entry, OrderKey, Viewpoint, in_effect, order_key

ATTEMPTS = 8
# What is not yet written has no time; it stands after everything that has.
_NOT_YET = datetime.max.replace(tzinfo=UTC)


@attrs.frozen
class Problem:
    """Why one fact of a batch cannot be recorded: its place in the batch, the field at fault if one is, and the reason."""

    index: int
    message: str
    field: str | None = None


class Refused(Exception):
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


def record(store: EventStore, issuer: str, drafts: Sequence[Draft], *, book: Book | None = None, dry_run: bool = False) -> Recorded:
    """Write the drafts that the book does not hold yet; all of them or none.

    `book` is what an earlier call returned, to save reading it again. With `dry_run` everything is checked and nothing
    written. Raises Refused where a fact cannot stand, Conflict where others kept writing in between.
    """
    for _ in range(ATTEMPTS):
        fresh, already = _not_recorded_yet(store, issuer, drafts)
        book = book or read_book(store, issuer)
        if not fresh:
            return Recorded((), already, book, store.head(issuer))
        after, entries = _check(store, book, fresh)
        if dry_run:
            return Recorded(entries, already, after, store.head(issuer))
        try:
            written = store.append(issuer, book.number, [draft for _, draft in fresh])
        except Conflict:
            book = None
            continue
        return Recorded(tuple(written), already, after, store.head(issuer))
    raise Conflict(f"others kept writing to the book of {issuer}; nothing was recorded, try again")


Numbered = list[tuple[int, Draft]]


def _not_recorded_yet(store: EventStore, issuer: str, drafts: Sequence[Draft]) -> tuple[Numbered, tuple[tuple[Draft, int], ...]]:
    held = store.recorded(issuer, [draft.command_id for draft in drafts])
    fresh = [(index, draft) for index, draft in enumerate(drafts) if draft.command_id not in held]
    return fresh, tuple((draft, held[draft.command_id]) for draft in drafts if draft.command_id in held)


def _provisional(book: Book, fresh: Numbered) -> tuple[Entry, ...]:
    return tuple(
        Entry(**attrs.asdict(draft, recurse=False), number=number, recorded_at=_NOT_YET)
        for number, (_, draft) in enumerate(fresh, book.number + 1)
    )


def _check(store: EventStore, book: Book, fresh: Numbered) -> tuple[Book, tuple[Entry, ...]]:
    """The book with the drafts in it. Raises Refused with every problem found."""
    entries = _provisional(book, fresh)
    problems = _first_entry(book, entries) or _replacements(store, book, entries)
    if not problems:
        try:
            return _extend(store, book, entries), entries
        except Impossible as impossible:
            problems = _problems(store, book, entries, impossible)
    places = {entry.number: index for entry, (index, _) in zip(entries, fresh, strict=True)}
    raise Refused([attrs.evolve(problem, index=places.get(problem.index, -1)) for problem in problems])


def _extend(store: EventStore, book: Book, entries: Sequence[Entry]) -> Book:
    """Fold new entries in. Where they all come last in effective order only they are folded, else the whole book."""
    ordered = in_effect(entries)
    additive = not any(entry.replaces for entry in entries)
    if additive and ordered and (book.last is None or order_key(ordered[0]) > book.last):
        position = book.position.copy()
        for _ in replay(ordered, position):
            pass
        return Book(book.issuer, entries[-1].number, position, order_key(ordered[-1]))
    return _fold(book.issuer, [*store.entries(book.issuer), *entries])


def _first_entry(book: Book, entries: Sequence[Entry]) -> list[Problem]:
    first = entries[0]
    if book.number or isinstance(first.event, events.IssuerRegistered):
        return []
    return [Problem(first.number, "the book is empty; its first entry must be IssuerRegistered", "event")]


def _replacements(store: EventStore, book: Book, entries: Sequence[Entry]) -> list[Problem]:
    if not any(entry.replaces or isinstance(entry.event, events.EntryWithdrawn) for entry in entries):
        return []
    replaced: dict[int | None, int] = {entry.replaces: entry.number for entry in store.entries(book.issuer) if entry.replaces}
    problems = []
    for entry in entries:
        reason = _cannot_replace(entry, replaced)
        if reason:
            problems.append(Problem(entry.number, reason, "replaces"))
        if entry.replaces:
            replaced[entry.replaces] = entry.number
    return problems


def _cannot_replace(entry: Entry, replaced: dict[int | None, int]) -> str | None:
    if entry.replaces is None:
        return "expected the number of the entry to withdraw" if isinstance(entry.event, events.EntryWithdrawn) else None
    if not 1 <= entry.replaces < entry.number:
        return f"there is no entry {entry.replaces} to replace; the last entry is {entry.number - 1}"
    if entry.replaces in replaced:
        return f"entry {entry.replaces} is already replaced by entry {replaced[entry.replaces]}; replace that one"
    return None


def _problems(store: EventStore, book: Book, entries: Sequence[Entry], first: Impossible) -> list[Problem]:
    """Every entry of the batch that names what the book does not have; else the one shortfall that was found."""
    if first.field is None or first.entry.number <= book.number:
        return [_problem(book, first)]
    found, left, impossible = [], list(entries), first
    while impossible.field is not None and impossible.entry in left:
        found.append(_problem(book, impossible))
        left.remove(impossible.entry)
        try:
            _extend(store, book, left)
            break
        except Impossible as following:
            impossible = following
    return sorted(found, key=lambda problem: problem.index)


def _problem(book: Book, impossible: Impossible) -> Problem:
    entry = impossible.entry
    known = entry.number <= book.number
    message = f"{impossible} (in {label(entry)}, already recorded)" if known and impossible.field else str(impossible)
    return Problem(entry.number, message, None if known else impossible.field)


# --- what a recording changed -----------------------------------------------------------------------------------


@attrs.frozen
class Effect:
    """Balances of a class at close of a day, before and after a recording."""

    on: date
    before: ClassBalance | None
    after: ClassBalance


def effects(entries: Iterable[Entry], recorded: Sequence[Entry]) -> tuple[Effect, ...]:
    """What the recorded entries changed, class by class, at close of the latest day among them."""
    if not recorded:
        return ()
    everything, numbers = list(entries), {entry.number for entry in recorded}
    on = max(entry.event.effective_on for entry in recorded)
    earlier = position_at([entry for entry in everything if entry.number not in numbers], Viewpoint(on))
    before = {balance.share_class: balance for balance in earlier.balances()}
    after = position_at(everything, Viewpoint(on)).balances()
    return tuple(Effect(on, before.get(now.share_class), now) for now in after if before.get(now.share_class) != now)


def new_findings(entries: Iterable[Entry], recorded: Sequence[Entry]) -> tuple[Finding, ...]:
    """The findings that the recorded entries bring about."""
    everything, numbers = list(entries), {entry.number for entry in recorded}
    earlier = set(findings([entry for entry in everything if entry.number not in numbers]))
    return tuple(finding for finding in findings(everything) if finding not in earlier)
