"""What earlier filings say about a return: where it opens, what it lists, whether it is a resubmission or cannot be prepared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import attrs

from domain import errors, events
from domain.capital.accounts import SHARES, TOTAL_ISSUED, account_of
from domain.capital.balances import Posted
from domain.capital.entries import Entry, order_key, waiting
from domain.capital.ledger import Ledger, Period
from domain.capital.opening import brought_forward
from domain.capital.postings import POSTINGS
from domain.capital.securities import Issuer
from domain.capital.terms import Terms
from domain.disclosure.register import FiledReturn, Register
from domain.returns.documents import Return
from domain.returns.forms import NEXT_DAY, Form
from domain.returns.forms.edition import CURRENT, Edition
from domain.values import month_end_before

NEW_SUBMISSION, RESUBMISSION = "New Submission", "Resubmission"


class NotPrepared(errors.BadInput):
    """A return that cannot be prepared from this book; the message says why and what would help."""


def status_of(entries: Iterable[Entry], kind: str, closed_on: date, submitted_on: date) -> str:
    """`Resubmission` where a return of the kind and the closing date was submitted before, as known to all these entries.

    A return submitted on the same day is the same one, unless something was recorded or withdrawn after it was prepared.
    """
    seen = list(entries)
    returns = Register.of(seen, submitted_on).returns
    same = [each for each in returns if (each.kind, each.until) == (kind, closed_on)]
    if not same:
        return NEW_SUBMISSION
    last = same[-1]
    unchanged = last.submitted_on == submitted_on and not _changed_since(last, seen)
    return last.status if unchanged else RESUBMISSION


def _changed_since(filed: FiledReturn, entries: Iterable[Entry]) -> bool:
    """Whether a fact was recorded or withdrawn since; to withdraw a filing changes no fact."""
    seen = list(entries)
    filings = {each.number for each in seen if isinstance(each.event, events.ReturnFiled)}
    later = [each for each in seen if each.number > filed.prepared_from and each.event.effective_on <= filed.until]
    return any(
        type(each.event) in POSTINGS or (isinstance(each.event, events.EntryWithdrawn) and each.replaces not in filings)
        for each in later
    )


def with_status(document: Return, status: str | None) -> Return:
    """A return with the status that it is submitted under, where somebody states it."""
    return document if status is None else attrs.evolve(document, status=status)


# --- what a Next Day Disclosure Return lists ----------------------------------------------------------------------


class OpeningDay(NamedTuple):
    """The day at whose close a return opens, and in words where it comes from."""

    on: date
    basis: str


@attrs.frozen
class Scope:
    """What a Next Day Disclosure Return is about: the changes that it lists, its status, and where its opening comes from."""

    changes: Period
    status: str
    basis: str


def scope_of(
    entries: Iterable[Entry],
    on: date,
    submitted_on: date,
    known_at: datetime | None = None,
    *,
    again: bool = False,
    edition: Edition = CURRENT,
) -> Scope:
    """What a return submitted on a day lists: all changes until close of `on` that no return published by then counts.

    It opens where the last of those returns closes (Note 1), though that be its own closing date: a change recorded after the
    return of its day was prepared is listed by the next one. Its closing date is that of the last change listed (Note 5). Where
    every change is in a return, or `again` asks for it, it is the return of that day once more. In an edition that does not go
    `by_knowledge` it lists what happened after its opening alone, and opens before its closing date. Raises NotPrepared if
    there is nothing to list, or the book begins later.
    """
    seen = Ledger.of(entries, known_at)
    register, by_knowledge = Register.of(seen, submitted_on), edition.by_knowledge
    assumed = _assumed(seen, on, edition)
    if again and by_knowledge and not any((each.kind, each.until) == (NEXT_DAY, on) for each in register.returns):
        raise NotPrepared(f"no Next Day Disclosure Return of {on:%-d %B %Y} is recorded as filed: there is none to submit again")
    if by_knowledge and not again and (changes := _not_in(register.closing_by(on), seen, on, assumed)) is not None:
        return Scope(changes, NEW_SUBMISSION, _opening(register.closing_by(on), assumed, changes).basis)
    before = register.closing_by(on - timedelta(days=1))
    once_more = _not_in(before, seen, on, assumed, by_knowledge=by_knowledge)
    if once_more is None:
        raise NotPrepared(
            f"no share was issued, bought, cancelled or converted after {_opening(before, assumed).on:%-d %B %Y} "
            f"and until {on:%-d %B %Y}: there is nothing to disclose{_but_waiting(seen, on)}"
        )
    status = RESUBMISSION if again else status_of(seen, NEXT_DAY, once_more.closed_on, submitted_on)
    return Scope(once_more, status, _opening(before, assumed, once_more).basis)


def _but_waiting(seen: Ledger, on: date) -> str:
    """Which entries of days until one would be disclosed if they were released."""
    numbers = [entry.number for entry in waiting(seen) if entry.event.effective_on <= on]
    return f"; {_named(numbers)} wait{'s' if len(numbers) == 1 else ''} for release" if numbers else ""


def _opening(register: Register, assumed: OpeningDay, changes: Period | None = None) -> OpeningDay:
    """Where a return opens after those of a register: where the last of them closed, or else where it is assumed to."""
    last = register.last
    if last is None:
        return assumed
    late = [each.entry.number for each in changes.during if each.entry.event.effective_on <= last.until] if changes else []
    without = f", without {_named(late)}, which no return has" if late else ""
    return OpeningDay(last.until, f"closing balance of the {last.name}{without}")


def _assumed(seen: Ledger, on: date, edition: Edition) -> OpeningDay:
    """Where a return opens if no filing is recorded: at the last month end, or at close of the day of a later listing.

    What changed until then is in the listing document; rule 13.25A is for issuers that are listed.
    """
    opened_on, taken_from = month_end_before(on), "the end of the preceding month"
    began = [each.event.effective_on for each in seen.in_effect if isinstance(each.event, events.GlobalOfferingCompleted)]
    if edition.opens_when_listed and began and opened_on < min(began) < on:
        opened_on, taken_from = min(began), "the day of the listing"
    return OpeningDay(opened_on, f"assumed: no return filed before is recorded; taken from {taken_from}")


def _named(numbers: Sequence[int]) -> str:
    return f"entry {numbers[0]}" if len(numbers) == 1 else f"entries {', '.join(map(str, numbers))}"


def _not_in(register: Register, seen: Ledger, on: date, assumed: OpeningDay, *, by_knowledge: bool = True) -> Period | None:
    """The changes until a day that no return of a register counts; None if there are none. Raises NotPrepared."""
    opened_on = _opening(register, assumed).on
    changes = seen.period(opened_on, on)
    check_book_covers(changes, OR_FILED)
    earlier = (each.entry for each in changes.before if by_knowledge and register.returns)
    late = {each.number for each in register.open(earlier)}
    days = [each.entry.event.effective_on for each in changes.during if _discloses(each)]
    if not days and not late:
        return None
    closed_on = max([opened_on, *days])
    return _listed_too(changes if closed_on == on else seen.period(opened_on, closed_on), late)


OR_FILED = (
    ". Or record the return that was filed for the day on which the book begins, or for a later one: "
    "captable record return-filed --kind next-day --on DAY --submitted-on DAY"
)


def _discloses(posted: Posted) -> bool:
    return any(move.book == SHARES and {move.source, move.target} & set(TOTAL_ISSUED) for move in posted.movements)


def _listed_too(changes: Period, late: Collection[int]) -> Period:
    """A period with changes from before its opening among those that it lists: its opening balance is without them."""
    listed = tuple(each for each in changes.before if each.entry.number in late)
    _check_same_shares(changes, listed)
    opening = changes.opening.copy()
    for each in listed:
        for book, code, source, target, quantity in each.movements:
            opening.totals[account_of(book, code, source)] += quantity
            opening.totals[account_of(book, code, target)] -= quantity
    before = tuple(each for each in changes.before if each.entry.number not in late)
    return attrs.evolve(changes, opening=opening, before=before, during=(*listed, *changes.during))


def _check_same_shares(changes: Period, listed: Iterable[Posted]) -> None:
    """Refuse to list a change beside an opening balance that counts in other shares. Raises NotPrepared."""
    reorganised = [each.entry for each in changes.before if isinstance(each.entry.event, events.Reorganisation)]
    for each in listed:
        day = each.entry.event.effective_on
        later = [other for other in reorganised if order_key(other) > order_key(each.entry)]
        if later:
            raise NotPrepared(
                f"entry {each.entry.number} of {day:%-d %B %Y} is in no return, and since then the shares were "
                f"subdivided or consolidated (entry {later[0].number}): first file the return for its own day, "
                f"--on {day}"
            )


# --- what a book covers -------------------------------------------------------------------------------------------


def check_book_covers(period: Period, otherwise: str = "") -> None:
    """Refuse a period that opens before the book does: its opening balance is not known. Raises NotPrepared.

    What would make it known is said: an earlier balance, or `otherwise`.
    """
    if period.not_known is not None:
        later = [each for each in brought_forward(period.ledger.in_effect).values() if each.event.effective_on > period.opened_on]
        number = later[0].number if len(later) == 1 else "ENTRY"
        earlier = (
            f"captable correct {number} --on {period.opened_on}, with the balance of that day; then record what happened since"
        )
        raise NotPrepared(f"{period.not_known}. Begin the book there: {earlier}{otherwise}")
    if not period.closing.terms.classes:
        raise NotPrepared(f"the book holds no class of shares at {period.closed_on:%-d %B %Y}")


def issuer_of(terms: Terms) -> Issuer:
    """The issuer that a return names. Raises NotPrepared if the book names none."""
    if terms.issuer is None:
        raise NotPrepared("the book names no issuer: record issuer-registered first")
    return terms.issuer


def signatory_of(period: Period, submitted_on: date, form: Form) -> tuple[str | None, str | None]:
    """The name and the title of the person who submits a return; None if the book names nobody."""
    appointed = period.closing.terms.signatory
    if form.edition.signed_when_submitted:
        since = [each.event for each in period.ledger.between(period.closed_on, submitted_on)]
        appointed = [appointed, *((each.name, each.title) for each in since if isinstance(each, events.SignatoryAppointed))][-1]
    return appointed or (None, None)
