"""Ask the book: balances, history and single entries, at any date and as known at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import attrs

from application.ports import EventStore, NoBook, StoreDamaged
from domain.capital.accounts import unbalanced
from domain.capital.balances import position_at
from domain.capital.entries import Entry, Viewpoint, in_effect, known
from domain.capital.opening import brought_forward, not_known
from domain.capital.position import Position
from domain.errors import NotFound as NotFound
from domain.restatement import facts_of
from domain.stock_codes import near_stock_code


def which_issuer(store: EventStore, wanted: str | None) -> str:
    """The issuer whose book is meant: the one named, or the only one there is. Raises NotFound or NoBook."""
    issuers = store.issuers()
    if not issuers:
        raise NoBook("this store is empty")
    if wanted is not None:
        if wanted in issuers:
            return wanted
        near = near_stock_code(wanted)
        suggested = f". Did you mean {near}?" if near in issuers else ""
        raise NotFound(f"no book of issuer {wanted}; this store has: {', '.join(issuers)}{suggested}")
    if len(issuers) == 1:
        return issuers[0]
    raise NotFound(f"this store has several issuers; name one with --issuer: {', '.join(issuers)}")


def position(store: EventStore, issuer: str, viewpoint: Viewpoint) -> Position:
    """Facts, totals and tranches at close of a day, as known at an instant: the fold, which defines them."""
    return position_at(store.entries(issuer), viewpoint)


FOLDED = 1_000
"""Up to this many entries a book is folded, which takes no longer and checks it against the hash chain on the way."""


@attrs.frozen(eq=False)
class Balances:
    """A position without its tranches; of the classes in `later` nothing is known yet: the entry brings their balance forward."""

    position: Position
    later: Mapping[str, Entry]


def balances(store: EventStore, issuer: str, viewpoint: Viewpoint) -> Balances:
    """Facts and totals at a viewpoint; of a large book by sums of rows, however large it is.

    Raises StoreDamaged where those do not balance.
    """
    tabled = store.tabled(issuer, viewpoint) if store.head(issuer).number > FOLDED else None
    if tabled is None:
        entries = list(store.entries(issuer))
        return Balances(position_at(entries, viewpoint), _later(in_effect(entries, viewpoint.known_at), viewpoint.as_of))
    for book, code in unbalanced(tabled.totals):
        raise StoreDamaged(f"the tables of {issuer} do not balance in {book} {code}; captable rebuild makes them anew")
    found = Position(facts_of(tabled.standing, viewpoint.as_of), dict(tabled.totals))
    return Balances(found, _later(tabled.standing, viewpoint.as_of))


def _later(entries: Iterable[Entry], day: date) -> Mapping[str, Entry]:
    return {code: each for code, each in brought_forward(entries).items() if each.event.effective_on > day}


def check_begun(entries: Iterable[Entry], viewpoint: Viewpoint) -> None:
    """Refuse a day before the book begins: what stood then is not known. Raises NotFound."""
    if (reason := not_known(in_effect(entries, viewpoint.known_at), viewpoint.as_of)) is not None:
        raise NotFound(reason)


@attrs.frozen
class Line:
    """An entry of the history, and the number of the entry that replaces it, if one does."""

    entry: Entry
    replaced_by: int | None


def history(store: EventStore, issuer: str, known_at: datetime | None = None) -> list[Line]:
    """All entries known at an instant in the order of recording, the replaced ones too."""
    entries = known(store.entries(issuer), known_at)
    replaced_by = {entry.replaces: entry.number for entry in entries if entry.replaces is not None}
    return [Line(entry, replaced_by.get(entry.number)) for entry in entries]


def entry(store: EventStore, issuer: str, number: int) -> Line:
    """One entry by its number. Raises NotFound."""
    for line in history(store, issuer):
        if line.entry.number == number:
            return line
    raise NotFound(f"there is no entry {number} in the book of {issuer}; it ends at entry {store.head(issuer).number}")
