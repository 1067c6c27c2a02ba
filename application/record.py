"""Record facts: one use case for every event type, all of a batch or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import attrs

from application.command_ids import sift
from application.ports import Conflict, EventStore, Head
from application.release import NotReleasable, Planned, a_release, how_replaced, is_required, planned
from domain import events
from domain.capital.balances import Impossible, apply, label, replay
from domain.capital.clock import Clock
from domain.capital.codes import NEW_CODES, codes_named
from domain.capital.entries import Draft, Entry, OrderKey, in_effect, order_key
from domain.capital.ledger import Ledger
from domain.capital.opening_balances import OPENING_BALANCES, counted_twice
from domain.capital.position import Position
from domain.capital.terms import Reorganised
from domain.errors import Message, Refused, Worded

# What is not yet written has no time; it stands after everything that has.
_NOT_YET = datetime.max.replace(tzinfo=UTC)


@attrs.frozen
class DraftProblem:
    """Why one fact of a batch cannot be recorded: its place in the batch, the field at fault if one is, and the reason."""

    index: int
    message: Message
    field: str | None = None


def _together(problems: Sequence[DraftProblem]) -> str:
    return "; ".join(str(problem.message) for problem in problems)


class CannotStand(Refused):
    """Nothing was recorded: the facts cannot stand in this book. `problems` has all that were found."""

    def __init__(self, problems: Sequence[DraftProblem]) -> None:
        super().__init__(Worded(_together, (problems,)))
        self.problems = tuple(problems)


@attrs.frozen
class FoldedBook:
    """A book folded to its end with full knowledge: where it ends, and the position there."""

    issuer: str
    number: int
    position: Position
    last: OrderKey


@attrs.frozen
class Recorded:
    """What recording did: the entries written, those already there, and the book as it now stands.

    `facts` are the entries with the facts of those that wait for release, as they would take effect; `waiting` has the numbers
    of these.
    """

    entries: tuple[Entry, ...]
    already: tuple[tuple[Draft, int], ...]
    book: FoldedBook
    head: Head
    facts: tuple[Entry, ...] = ()
    waiting: tuple[int, ...] = ()


def read_book(store: EventStore, issuer: str) -> FoldedBook:
    """The whole book of an issuer, folded. Raises StoreDamaged if the store is."""
    ledger = store.ledger(issuer)
    return _folded(issuer, ledger)


def _folded(issuer: str, ledger: Ledger) -> FoldedBook:
    """The book to the end of a ledger, each of whose days is checked. Raises Impossible."""
    position = ledger.opening.copy()
    for _ in replay(ledger.ordered, position):
        pass
    return FoldedBook(issuer, ledger.number, position, ledger.last)


def record(
    store: EventStore,
    issuer: str,
    drafts: Sequence[Draft],
    *,
    book: FoldedBook | None = None,
    ends_at: int | None = None,
    clock: Clock | None = None,
    dry_run: bool = False,
) -> Recorded:
    """Write the drafts that the book does not hold yet; all of them or none.

    All is read, checked and written while nobody else writes to the book. `book` is what an earlier call returned, to save
    reading it again where nothing was written since. With `dry_run` everything is checked and nothing written; with `ends_at`
    only to a book that ends at this entry. Raises CannotStand if a fact cannot stand, Grown if the book ends elsewhere,
    Conflict where others kept writing in between. By a `clock` facts of days to come are refused as
    well, and all of them, with ClockDoubted, where it contradicts the book. Where the book requires release, what is written
    waits for it: it is checked as if it were released, and changes nothing yet.
    """
    if dry_run or not drafts:
        return _recorded(store, issuer, drafts, book, ends_at, clock, dry_run=dry_run)
    return store.in_turn(issuer, lambda turn: _recorded(turn, issuer, drafts, book, ends_at, clock, dry_run=False))


class Grown(Conflict):
    """The book no longer ends where what is recorded was prepared from."""


def _recorded(
    store: EventStore,
    issuer: str,
    drafts: Sequence[Draft],
    book: FoldedBook | None,
    ends_at: int | None,
    clock: Clock | None,
    *,
    dry_run: bool,
) -> Recorded:
    sifted = sift(store, issuer, drafts)
    if sifted.clashes:
        raise CannotStand([DraftProblem(clash.index, str(clash), "command_id") for clash in sifted.clashes])
    head = store.head(issuer)
    if book is None or book.number != head.number:
        book = read_book(store, issuer)
    if not sifted.new:
        return Recorded((), sifted.already(()), book, head)
    if ends_at not in (None, book.number):
        raise Grown(f"the book of {issuer} no longer ends at entry {ends_at}")
    fresh = sifted.new if clock is None else _timely(clock, head, sifted.new)
    plan = _planned(store, book, fresh, clock)
    after, facts = _check(store, book, plan)
    waiting = tuple(entry.number for entry, each in zip(facts, plan, strict=True) if each.waits)
    entries = _entered(book, [each.written for each in plan]) if waiting else facts
    if not dry_run:
        entries = tuple(store.append(issuer, book.number, [each.written for each in plan]))
        after = read_book(store, issuer) if waiting else after
    return Recorded(entries, sifted.already(entries), after, store.head(issuer), facts if waiting else entries, waiting)


Numbered = Sequence[tuple[int, Draft]]


def _planned(store: EventStore, book: FoldedBook, fresh: Numbered, clock: Clock | None) -> Sequence[Planned]:
    """What is written for some facts. Raises CannotStand for a release that cannot be."""
    required = is_required(store, book.issuer, *([] if clock is None else [clock.today]))
    try:
        return planned(store, book.issuer, book.number, fresh, required=required)
    except NotReleasable as error:
        raise CannotStand([DraftProblem(error.index, str(error), error.field)]) from None


def _timely(clock: Clock, head: Head, fresh: Numbered) -> Numbered:
    """The drafts as a clock lets them be recorded. Raises CannotStand for days to come, ClockDoubted."""
    ahead = [(index, clock.ahead(draft.event)) for index, draft in fresh]
    problems = [DraftProblem(index, *reversed(found)) for index, found in ahead if found]
    if problems:
        raise CannotStand(problems)
    vouched = clock.vouched(head, (draft for _, draft in fresh))
    return [(index, draft) for (index, _), draft in zip(fresh, vouched, strict=True)]


def _entered(book: FoldedBook, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
    return tuple(draft.entered(number, _NOT_YET) for number, draft in enumerate(drafts, book.number + 1))


def _check(store: EventStore, book: FoldedBook, plan: Sequence[Planned]) -> tuple[FoldedBook, tuple[Entry, ...]]:
    """The book with the drafts in it. Raises CannotStand with every problem found."""
    entries = _entered(book, [each.fact for each in plan])
    replaced = store.numbered(book.issuer, [each.replaces for each in entries if each.replaces is not None])
    problems = _first_entry(book, entries) or _replacements(book, entries, replaced)
    if not problems:
        try:
            after = _appended(book, entries) or _folded(book.issuer, _reaching(store, book, entries, replaced))
            if not (problems := _counted_twice(store, book, entries, replaced)):
                return after, entries
        except Impossible as impossible:
            problems = _problems(store, book, entries, replaced, impossible)
    places = {entry.number: each.index for entry, each in zip(entries, plan, strict=True)}
    raise CannotStand([attrs.evolve(problem, index=places.get(problem.index, -1)) for problem in problems])


def _counted_twice(
    store: EventStore, book: FoldedBook, entries: Sequence[Entry], replaced: Sequence[Entry]
) -> list[DraftProblem]:
    """What an opening balance holds already; nothing is read for facts of days after the last one that begins with one."""
    begins = any(isinstance(entry.event, OPENING_BALANCES) or entry.event.scheme is not None for entry in entries)
    if not begins and min(entry.event.effective_on for entry in entries) > book.position.began_on:
        return []
    balances = [*store.of_types(book.issuer, OPENING_BALANCES), *entries]
    kept = [each for each in balances if isinstance(each.event, OPENING_BALANCES) or each.replaces is not None]
    ledger = _reaching(store, book, entries, replaced)
    found = counted_twice(ledger, kept, {entry.number for entry in entries})
    return [DraftProblem(entry.number, reason, "effective_on") for entry, reason in dict(found).items()]


def _reaching(store: EventStore, book: FoldedBook, entries: Sequence[Entry], replaced: Sequence[Entry]) -> Ledger:
    """The ledger of a book with new entries, opened before the first day that they say anything of."""
    since = min(each.event.effective_on for each in (*entries, *replaced))
    return store.ledger(book.issuer, since=since, number=book.number).with_entries(entries)


def _appended(book: FoldedBook, entries: Sequence[Entry]) -> FoldedBook | None:
    """New entries folded into a book where they all come last in effective order; None if they do not."""
    ordered = in_effect(entries)
    additive = all(entry.replaces is None for entry in entries)
    if not additive or not ordered or order_key(ordered[0]) < book.last:
        return None
    position = book.position.copy()
    for _ in replay(ordered, position):
        pass
    return FoldedBook(book.issuer, entries[-1].number, position, order_key(ordered[-1]))


def _first_entry(book: FoldedBook, entries: Sequence[Entry]) -> list[DraftProblem]:
    first = entries[0]
    if not book.number and not isinstance(first.event, events.IssuerRegistered):
        return [DraftProblem(first.number, "the book is empty; its first entry must be IssuerRegistered", "event")]
    registered = [entry for entry in entries if isinstance(entry.event, events.IssuerRegistered)]
    strangers = [entry for entry in registered if entry.of(events.IssuerRegistered).issuer != book.issuer]
    return [DraftProblem(entry.number, f"this is the book of {book.issuer}", "issuer") for entry in strangers]


def _replacements(book: FoldedBook, entries: Sequence[Entry], there: Sequence[Entry]) -> list[DraftProblem]:
    known = {entry.number: entry for entry in (*there, *entries)}
    replaced: dict[int, int] = {}
    problems = []
    for entry in known.values():
        reason = _cannot_replace(entry, known, replaced) if entry.number > book.number else None
        if reason:
            problems.append(DraftProblem(entry.number, reason, "replaces"))
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
        if isinstance(known[number].event, events.FactProposed):
            return f"entry {number} no longer waits: {how_replaced(known[replaced[number]], replaced[number])}"
        by = replaced[number]
        if isinstance(known[by].event, events.EntryWithdrawn):
            again = "" if withdrawal else f"; record the fact again, as a replacement of entry {by}"
            return f"entry {number} was withdrawn by entry {by}{again}"
        return f"entry {number} was corrected by entry {by}; {'withdraw' if withdrawal else 'correct'} entry {by}"
    return _cannot_stand_for(entry, known[number], withdrawal=withdrawal)


def _cannot_stand_for(entry: Entry, old: Entry, *, withdrawal: bool) -> str | None:
    """Why an entry may not take the place of an old one, by what kinds of fact they are."""
    if isinstance(old.event, events.IssuerRegistered) and not isinstance(entry.event, events.IssuerRegistered):
        return f"entry {old.number} registers the issuer of this book; it can be corrected, not withdrawn"
    if isinstance(old.event, events.EntryReleased):
        return a_release(old.number)
    if withdrawal and isinstance(old.event, events.EntryWithdrawn):
        return f"entry {old.number} is a withdrawal; record the fact again, as a replacement of entry {old.number}"
    if isinstance(old.event, events.FactProposed) and isinstance(entry.event, events.ReturnFiled):
        return f"entry {old.number} waits for release, and a filing is in effect at once: release or withdraw the entry first"
    if isinstance(old.event, events.ReturnFiled) and old.event.digest and not (withdrawal or _adds_receipt(entry, old.event)):
        return f"entry {old.number} is a return that was filed; it is not edited: file it again, as a resubmission"
    return None


def _adds_receipt(entry: Entry, old: events.ReturnFiled) -> bool:
    """Whether an entry differs from a filing only in details that are known after its submission."""
    if not isinstance(entry.event, events.ReturnFiled):
        return False
    before, after = old.values(), entry.event.values()
    return {field for field in before if before[field] != after[field]} <= events.RECEIPT


def _problems(
    store: EventStore, book: FoldedBook, entries: Sequence[Entry], replaced: Sequence[Entry], first: Impossible
) -> list[DraftProblem]:
    """The entries of the batch that name what the book does not have, or do not fit it; else the one shortfall that was found."""
    if first.field is None or first.entry.number <= book.number:
        return [_problem(book, first)]
    ledger = _reaching(store, book, entries, replaced)
    begins = {
        (kind, code): each for each in ledger.in_effect for field, kind, code in codes_named(each.event) if _is_new(each, field)
    }
    found: list[DraftProblem] = []
    missing: set[str] = set()
    # What cannot be applied is left out, and the fold goes on: a long file is gone through once.
    for impossible in _not_applied(ledger):
        event = impossible.entry.event
        if impossible.entry.number <= book.number:
            break
        # What depends on a set-up that is itself refused is not a second problem.
        named = list(codes_named(event))
        if not any(field == impossible.field and code in missing for field, _, code in named):
            later = next((begins.get((kind, code)) for field, kind, code in named if field == impossible.field), None)
            found.append(_problem(book, impossible, later))
        missing |= {code for field, _, code in named if _is_new(impossible.entry, field)}
    return sorted(found, key=lambda problem: problem.index) or [_problem(book, first)]


def _is_new(entry: Entry, field: str) -> bool:
    """Whether an entry introduces the code in a field, rather than referring to it."""
    return field == NEW_CODES.get(type(entry.event))


def _not_applied(ledger: Ledger) -> Iterator[Impossible]:
    position = ledger.opening.copy()
    for entry in ledger.ordered:
        try:
            apply(position, entry)
        except Impossible as impossible:
            yield impossible
            if isinstance(entry.event, Reorganised):
                # What later facts should be held against is not known.
                return


def _problem(book: FoldedBook, impossible: Impossible, later: Entry | None = None) -> DraftProblem:
    """A problem. `later` is the entry that introduces the unknown name, if one does."""
    entry = impossible.entry
    known = entry.number <= book.number
    message = f"{impossible} (in {label(entry)}, already recorded)" if known and impossible.field else impossible.message
    if later is not None and later.event.effective_on > entry.event.effective_on:
        message = f"{message} {_begins(book, later)}"
    return DraftProblem(entry.number, message, None if known else impossible.field)


def _begins(book: FoldedBook, later: Entry) -> str:
    since = f"It begins on {later.event.effective_on:%-d %B %Y}"
    if later.number > book.number:
        return f"{since}."
    return f"{since} (entry {later.number}); if it was there before: captable correct {later.number} --on DATE"
