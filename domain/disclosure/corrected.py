"""Returns that closed at balances which the book no longer has, as facts that they had were corrected since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date

import attrs

from domain import events
from domain.capital.accounts import ISSUED_EXCLUDING_TREASURY, PENDING_CANCELLATION, SHARES, TREASURY
from domain.capital.balances import Impossible
from domain.capital.entries import Entry
from domain.capital.ledger import Ledger
from domain.disclosure.register import FiledReturn, Register
from domain.disclosure.triggers import LISTED

ASKED, GONE_THROUGH = 3, 50_000
"""How many returns with corrected facts are compared, the latest first; more, as long as so few entries are folded for it."""


@attrs.frozen
class Correction:
    """A change that was recorded, the entry that replaced it, and the last of those that replaced it one after another."""

    was: Entry
    by: Entry
    last: Entry

    @property
    def on(self) -> date | None:
        """The day of the change as it stands now; None if it was withdrawn."""
        event = self.last.event
        return None if isinstance(event, events.EntryWithdrawn) else event.effective_on

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the entries: as recorded, and as corrected."""
        return tuple(each.event.effective_on for each in (self.was, self.by, self.last))


def corrections(book: Iterable[Entry]) -> list[Correction]:
    """The changes of issued or treasury shares, and the balances brought forward, that were corrected or withdrawn."""
    known = list(book)
    replacing = {entry.replaces: entry for entry in known if entry.replaces is not None}
    found = []
    for entry in known:
        if entry.number in replacing and (type(entry.event) in LISTED or isinstance(entry.event, events.BalanceBroughtForward)):
            last = replacing[entry.number]
            while last.number in replacing:
                last = replacing[last.number]
            found.append(Correction(entry, replacing[entry.number], last))
    return found


def corrected_since(filed: FiledReturn, found: Iterable[Correction]) -> list[Correction]:
    """The corrections of facts that a return had, recorded after it was prepared."""
    return [
        each
        for each in found
        if each.was.number <= filed.prepared_from < each.by.number and each.was.event.effective_on <= filed.until
    ]


@attrs.frozen
class Balance:
    """The shares of a class in some accounts, in words: at the close of a return, and at the opening of the next one."""

    what: str
    closed: int
    opens: int


@attrs.frozen
class Reopened:
    """A return that was filed, the corrections since, and the balances at which the next return opens instead of its own."""

    filed: FiledReturn
    corrections: tuple[Correction, ...]
    balances: tuple[Balance, ...]


def reopened(ledger: Ledger, register: Register) -> tuple[list[Reopened], list[FiledReturn]]:
    """The returns at whose closing balances the next return does not open, as their facts were corrected in between.

    A Monthly Return of the same month that has the correction puts it right. What was recorded late is no correction: the
    next return lists it. Of a ledger that opens late, what was corrected of days after its opening. To compare a return
    folds the book twice, so not all are compared in a long book: the second list has the others.
    """
    found = list(_corrected(ledger, register))
    asked = max(ASKED, GONE_THROUGH // (2 * len(ledger.book) or 1))
    unequal = []
    for filed, between, until in found[:asked]:
        # What was corrected may not stand without what was recorded late: then there is nothing to compare.
        with suppress(Impossible):
            if balances := _unequal(ledger, filed, until):
                unequal.append(Reopened(filed, between, balances))
    return unequal, [filed for filed, _, _ in found[asked:]]


def _corrected(ledger: Ledger, register: Register) -> Iterator[tuple[FiledReturn, tuple[Correction, ...], int]]:
    """The returns with the corrections of their facts between them and the next one, and the last entry that this one has."""
    found = [each for each in corrections(ledger.book) if min(each.days) > ledger.opened_on and _moves_otherwise(each)]
    until = ledger.number
    for filed in reversed(_last_of_each(register) if found else []):
        after = max(each.prepared_from for each in (filed, *register.of_month(filed.until)))
        between = tuple(each for each in corrected_since(filed, found) if after < each.by.number <= until)
        if between and filed.until > ledger.opened_on:
            yield filed, between, until
        until = filed.prepared_from


_WORDS = frozenset((
    "text", "remarks", "price", "prices", "closing_market_price", "trades", "mandate", "general_meeting_on", "agreed_on",
    "holder", "director",
))  # fmt: skip
"""The fields of changes that move no shares: where one of these alone was corrected, no balance is compared."""


def _moves_otherwise(correction: Correction) -> bool:
    was = _moving(correction.was)
    return any(_moving(each) != was for each in (correction.by, correction.last))


def _moving(entry: Entry) -> tuple[type, dict[str, object]]:
    return type(entry.event), {name: value for name, value in entry.event.values().items() if name not in _WORDS}


def _last_of_each(register: Register) -> Sequence[FiledReturn]:
    """The returns by their closing dates, of those submitted more than once the last."""
    last = {(each.until, each.kind): each for each in register.returns}
    return sorted(last.values(), key=lambda each: (each.until, *each.submission))


_PUBLISHED = {
    "issued shares": ISSUED_EXCLUDING_TREASURY,
    "treasury shares": (TREASURY,),
    "shares pending cancellation": (PENDING_CANCELLATION,),
}
"""The balances that a return publishes and the next one takes up: those pending are listed again in each."""


def _unequal(ledger: Ledger, filed: FiledReturn, until: int) -> tuple[Balance, ...]:
    """The balances at the close of a return, as it was prepared and as its facts stand up to an entry, where they differ."""
    first = dict[int | None, int]()
    for entry in ledger.book:
        first[entry.number] = first.get(entry.replaces, entry.number)

    def standing(last: int) -> Ledger:
        return ledger.only(
            lambda entry: (
                entry.event.effective_on <= ledger.opened_on
                or (entry.number <= last and first[entry.number] <= filed.prepared_from)
            )
        )

    closed, opens = (standing(last).at(filed.until) for last in (filed.prepared_from, until))
    found = (
        Balance(f"{what} of class {code}", closed.total(SHARES, code, *names), opens.total(SHARES, code, *names))
        for code in opens.terms.classes
        for what, names in _PUBLISHED.items()
    )
    return tuple(each for each in found if each.closed != each.opens)
