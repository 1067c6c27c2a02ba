"""Returns as filed: the same document again from the same entries, and how it would read now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

import attrs

from domain import events
from domain.capital.entries import Entry, first_of, in_effect
from domain.capital.ledger import Ledger
from domain.capital.opening_balances import OPENING_BALANCES
from domain.disclosure.register import FiledReturn, Register, return_name
from domain.disclosure.triggers import LISTED
from domain.returns import monthly, next_day
from domain.returns.cells import Figure, Percentage, PrintedPercentage
from domain.returns.documents import OptionMovement, Return
from domain.returns.field_words import step, words_of
from domain.returns.filings import RESUBMISSION, NotPrepared
from domain.returns.forms import EDITIONS, IN_EDITION, MONTHLY, NEXT_DAY, Form
from domain.returns.printed import in_words
from domain.values import Money


@attrs.frozen
class Filing:
    """A return filed from this book: the entry that says so, and the event in it."""

    entry: Entry
    filed: events.ReturnFiled

    @property
    def name(self) -> str:
        """The return as people name it: Monthly Return for December 2024."""
        return return_name(self.filed.kind, self.filed.effective_on)

    @property
    def made_here(self) -> bool:
        """Whether it was prepared from this book; one recorded by hand may say what it was prepared from, and no form."""
        return self.filed.book_number is not None and self.filed.form is not None


def filings(entries: Iterable[Entry]) -> list[Filing]:
    """The filings that a book records, without those withdrawn, in the order of recording; a corrected one keeps its place."""
    by_number: dict[int | None, Entry] = {entry.number: entry for entry in entries}
    replaced = {entry.replaces for entry in by_number.values()}
    found = [
        Filing(entry, entry.event)
        for entry in by_number.values()
        if isinstance(entry.event, events.ReturnFiled) and entry.number not in replaced
    ]
    return sorted(found, key=lambda filing: first_of(filing.entry, by_number).number)


def submitted_again(found: Sequence[Filing]) -> frozenset[int]:
    """Of filings in the order of recording, the entries of those prepared from this book that were submitted again later."""
    again: set[tuple[str, date]] = set()
    numbers = []
    for each in reversed(found):
        which = each.filed.kind, each.filed.effective_on
        if which in again and each.made_here:
            numbers.append(each.entry.number)
        if each.filed.status == RESUBMISSION:
            again.add(which)
    return frozenset(numbers)


def in_no_return(entries: Iterable[Entry]) -> list[Entry]:
    """The changes of a book that no return filed has: the next Next Day Disclosure Return lists them."""
    everything = list(entries)
    return Register.of(everything).open(in_effect(everything))


def form_named(name: str | None, edition: int) -> Form:
    """The form version and edition that a filing names. Raises NotPrepared if it names none that is known."""
    if (form := IN_EDITION.get((name or "", edition))) is not None:
        return form
    if edition not in EDITIONS:
        raise NotPrepared(f"the filing was prepared in edition {edition} of the forms, by a later version of this program")
    raise NotPrepared(f"the filing names no form that is known here: {name or 'none'}")


def as_filed(entries: Iterable[Entry], filing: Filing) -> Return:
    """The document that was filed, from the entries it was prepared from, on its own form version.

    Raises NotPrepared if the filing was not prepared from this book.
    """
    number = filing.filed.book_number
    if number is None or not filing.made_here:
        raise NotPrepared(f"entry {filing.entry.number} records a filing that was not prepared from this book")
    return _prepared(Ledger.of(entries).only(lambda entry: entry.number <= number), filing)


def as_now(entries: Iterable[Entry], filing: Filing, *, without: Iterable[int] = ()) -> Return:
    """The same return from what the book holds now.

    Filings recorded after it are left out, as they do not change it. What was recorded after a Next Day Disclosure Return and a
    later one lists counts as disclosed there. One that closes no earlier opens where this one closed: what it lists is left out.
    One that closes earlier is taken as out before this one, which then opens where that one closed.
    """
    number, left_out = filing.filed.book_number or 0, set(without)
    known = Ledger.of(entries).only(lambda entry: entry.number not in left_out)
    late = _listed_later(known, filing) if filing.filed.kind == NEXT_DAY else {}
    before = {each.entry for each in late.values() if each.until < filing.filed.effective_on}
    elsewhere = {entry for entry, each in late.items() if each.entry not in before}
    left_out = {entry.number for entry in known if isinstance(entry.event, events.ReturnFiled)} - before | elsewhere
    kept = known.only(lambda entry: entry.number <= number or entry.number not in left_out)
    return _prepared(attrs.evolve(kept, book=tuple(_out_by(entry, filing, before) for entry in kept)), filing)


def _listed_later(entries: Ledger, filing: Filing) -> dict[int, FiledReturn]:
    """The changes of days until its close that were recorded after a filing, each with the later return that lists it."""
    register, number, until = Register.of(entries), filing.filed.book_number or 0, filing.filed.effective_on
    new = [entry for entry in entries if entry.number > number and entry.replaces is None and entry.event.effective_on <= until]
    listed = ((entry.number, register.listing(entry)) for entry in new if type(entry.event) in LISTED)
    return {entry: by for entry, by in listed if by is not None and by.entry > number}


def _out_by(entry: Entry, filing: Filing, before: Collection[int]) -> Entry:
    """A return that is to be out before a filing, as if it had been submitted on the same day; any other entry as it is."""
    if entry.number not in before:
        return entry
    event = cast("Any", entry.event)
    return attrs.evolve(entry, event=attrs.evolve(event, submitted_on=min(event.submitted_on, filing.filed.submitted_on)))


def _prepared(entries: Ledger, filing: Filing) -> Return:
    """The return of a filing from some entries; its status is the one that was filed, whatever else was filed since."""
    filed, form = filing.filed, form_named(filing.filed.form, filing.filed.edition)
    if filed.kind == MONTHLY:
        return attrs.evolve(monthly.prepare(entries, filed.effective_on, filed.submitted_on, form=form), status=filed.status)
    again = filed.status == RESUBMISSION
    document = next_day.prepare(entries, filed.effective_on, filed.submitted_on, form=form, again=again)
    return attrs.evolve(document, status=filed.status)


# --- differences ------------------------------------------------------------------------------------------------


@attrs.frozen
class ChangedField:
    """A field that reads otherwise in two documents, and the entries that only one of them comes from."""

    field: str
    then: str
    now: str
    entries: tuple[int, ...]


_HEADING = ", heading, "


def differences(then: Return, now: Return) -> list[ChangedField]:
    """Field by field, what two documents of one return print differently, and through which entries."""
    before, after = dict(_fields(then)), dict(_fields(now))
    nothing = ("", ())
    found = []
    for field in {**before, **after}:
        if _HEADING in field and not (field in before and field in after):
            # The head of a block that only one of them has says no more than that block.
            continue
        (old, rested), (new, rests) = before.get(field, nothing), after.get(field, nothing)
        if old != new:
            found.append(ChangedField(field, old, new, tuple(sorted(set(rested) ^ set(rests)))))
    return found


_Printed = tuple[str, tuple[int, ...]]


def _fields(value: Any, path: str = "") -> Iterator[tuple[str, _Printed]]:
    """Every field of a document with what it prints; items of a list are named as the form names them, or by their number."""
    if isinstance(value, Figure):
        yield path, (in_words(value), value.entries)
    elif isinstance(value, OptionMovement):
        yield path, (in_words(value.number), value.number.entries)
    elif _has_cells(value):
        for field in attrs.fields(type(value)):
            # A row or a block is named by its number or its class already.
            if field.name not in ("number", "code"):
                held = getattr(value, field.name)
                words = words_of(field.name, path, part=not path, rows=isinstance(held, tuple) or _has_cells(held))
                yield from _fields(held, step(path, words))
    elif isinstance(value, tuple):
        for name, item in _named(value):
            yield from _fields(item, step(path, name))
    else:
        yield path, (f"{value:,f}" if isinstance(value, Decimal) else in_words(value), ())


def _has_cells(value: Any) -> bool:
    simple = Figure | OptionMovement | Percentage | PrintedPercentage | Money | Form
    return attrs.has(type(value)) and not isinstance(value, simple)


def _named(items: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """The items of a list with their names; of several with one name, those after the first with their number too."""
    seen = set[str]()
    for number, item in enumerate(items, 1):
        name, value = _item(item, number)
        yield (f"{name} ({number})" if name in seen else name), value
        seen.add(name)


def _item(item: Any, number: int) -> tuple[str, Any]:
    """What an item is called, and what is left of it to print: the movement of an instrument is its name and an amount."""
    if isinstance(item, OptionMovement):
        return ", ".join(filter(None, (item.label, item.word))), item
    if isinstance(item, tuple):
        name, amount = item
        return name, amount
    if isinstance(item, Money):
        return item.currency, item
    heading = getattr(item, "heading", None)
    return f"class {heading.code}" if heading else str(getattr(item, "number", number)), item


def changed_since(entries: Iterable[Entry], filing: Filing) -> list[ChangedField]:
    """What a filed return would print differently now; a return that can no longer be prepared differs as a whole."""
    everything = list(entries)
    then = as_filed(everything, filing)
    try:
        return differences(then, as_now(everything, filing))
    except NotPrepared as reason:
        return [ChangedField("the return", "filed", f"can no longer be prepared: {reason}", ())]


def touched(entries: Iterable[Entry], recorded: Collection[int]) -> list[tuple[Filing, list[ChangedField]]]:
    """The filed returns that read differently through the last entries, just recorded, with what differs.

    Raises NotOpen if a ledger opens after one of them does.
    """
    ledger, new = Ledger.of(entries), set(recorded)
    if all(isinstance(entry.event, events.ReturnFiled) for entry in ledger if entry.number in new):
        # What a filing lists changes which return has a fact, and no fact.
        return []
    found = []
    for filing in _reached(ledger, new):
        try:
            changed = differences(as_now(ledger, filing, without=new), as_now(ledger, filing))
        except NotPrepared as reason:
            changed = [ChangedField("the return", "prepared", f"can no longer be prepared: {reason}", tuple(sorted(new)))]
        if changed:
            found.append((filing, changed))
    return found


def _reached(ledger: Ledger, new: Collection[int]) -> Iterator[Filing]:
    """The filings that entries may touch: a return says nothing of later days, but where the book begins concerns all of them.

    One that was submitted again is left out: only the last submission may call for another.
    """
    replaced = {entry.replaces for entry in ledger if entry.number in new}
    terms = [entry.event for entry in ledger if entry.number in new or entry.number in replaced]
    since = min((event.effective_on for event in terms), default=date.max)
    if any(isinstance(event, OPENING_BALANCES) for event in terms):
        since = date.min
    found = filings(ledger)
    again = submitted_again(found)
    for filing in found:
        number = filing.entry.number
        if filing.made_here and number not in new and number not in again and filing.filed.effective_on >= since:
            yield filing
