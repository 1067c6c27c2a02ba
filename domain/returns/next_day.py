"""FF304 and FF305, the Next Day Disclosure Return: every change since the last return (rule 13.25A)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from domain.accounts import HELD, ISSUED_EXCLUDING_TREASURY, SHARES, TREASURY, change, total
from domain.balances import Period, Posted, Position, period
from domain.history import Entry
from domain.returns import figures
from domain.returns.categories import OTHER, Category, category
from domain.returns.documents import (
    BLANK,
    Change,
    ClassHeading,
    ClassSection,
    Figure,
    NextDayReturn,
    Percentage,
    PendingShares,
)
from domain.returns.figures import TREASURY_SHARES, blank_if_zero, moved
from domain.returns.filings import NotPrepared, check_book_covers, opening_of, status_of
from domain.returns.forms import NEXT_DAY, Form, form_for
from domain.tranches import Tranche, pending


def prepare(entries: Iterable[Entry], on: date, submitted_on: date, known_at: datetime | None = None) -> NextDayReturn:
    """The return of all changes until close of `on` that no earlier return disclosed.

    Its closing date is the date of the last event disclosed (Note 5). Raises NotPrepared where nothing changed or the
    book begins too late, and NoForm where no form is known for the submission date.
    """
    entries = list(entries)
    form = form_for(NEXT_DAY, submitted_on)
    opened_on, _ = opening_of(entries, on, submitted_on, known_at)
    closed_on = _last_change(period(entries, opened_on, on, known_at))
    opened_on, basis = opening_of(entries, closed_on, submitted_on, known_at)
    changes = period(entries, opened_on, closed_on, known_at)
    check_book_covers(changes)
    issuer, signatory = changes.closing.facts.issuer, changes.closing.facts.signatory
    if issuer is None:
        raise NotPrepared("the book names no issuer: record issuer-registered first")
    classes = changes.closing.facts.classes.values()
    return NextDayReturn(
        form=form,
        status=status_of(entries, NEXT_DAY, closed_on, submitted_on, known_at),
        issuer_name=issuer.name,
        chinese_name=issuer.chinese_name,
        submitted_on=submitted_on,
        sections=tuple(_section(changes, ClassHeading.of(n, share), form) for n, share in enumerate(classes, 1)),
        remarks=tuple(words for each in changes.during if (words := getattr(each.entry.event, "remarks", None))),
        submitted_by=signatory[0] if signatory else None,
        title=signatory[1] if signatory else None,
        opening_basis=basis,
    )


def _last_change(changes: Period) -> date:
    days = [each.entry.event.effective_on for each in changes.during if _changes_shares(each)]
    if not days:
        raise NotPrepared(
            f"no share was issued, bought, cancelled or converted after {changes.opened_on:%-d %B %Y} "
            f"and until {changes.closed_on:%-d %B %Y}: there is nothing to disclose"
        )
    return max(days)


def _changes_shares(posted: Posted) -> bool:
    return any(move.book == SHARES and {move.source, move.target} & {HELD, TREASURY} for move in posted.movements)


def _section(changes: Period, heading: ClassHeading, form: Form) -> ClassSection:
    code = heading.code
    base = DENOMINATORS[form.code](changes.opening, code)
    waiting = pending((*changes.before, *changes.during), code)
    events_here = [each for each in changes.during if _prints(each, code)]
    rows = [_change(number, each, code, base, form) for number, each in enumerate(events_here, 1)]
    first = len(rows) + 1 if form.code == "FF304" else 1
    return ClassSection(
        heading=heading,
        opening=figures.dated(figures.opening_line(changes, code), changes, opening=True),
        changes=tuple(rows) or (_placeholder(changes.closed_on, "See Part B" if waiting else "Not applicable"),),
        closing=figures.dated(figures.closing_line(changes, code), changes, opening=False),
        pending=tuple(_pending_row(number, tranche, base, form) for number, tranche in enumerate(waiting, first)),
    )


def _prints(posted: Posted, code: str) -> bool:
    return any(change(posted.movements, SHARES, code, names) for names in (ISSUED_EXCLUDING_TREASURY, TREASURY_SHARES))


def _own_class(opening: Position, code: str) -> int:
    """FF305 Note 3: the class's issued shares excluding treasury in the opening balance of the return."""
    return total(opening.totals, SHARES, code, ISSUED_EXCLUDING_TREASURY)


def _all_classes(opening: Position, _: str) -> int:
    """FF304 Note 4: the issuer's total issued shares, without those repurchased but not yet cancelled."""
    return sum(total(opening.totals, SHARES, code, (HELD, TREASURY)) for code in opening.facts.classes)


DENOMINATORS: dict[str, Callable[[Position, str], int]] = {"FF304": _all_classes, "FF305": _own_class}


def _wording(row: Category, form: Form) -> str:
    return row.before_june_2024 if form.code == "FF304" else row.wording


def _change(number: int, posted: Posted, code: str, base: int, form: Form) -> Change:
    event: Any = posted.entry.event
    row = category(event)
    issued = moved([posted], ISSUED_EXCLUDING_TREASURY, code)
    return Change(
        number=number,
        category=_wording(row, form),
        text=event.text or row.text,
        changed_on=event.effective_on,
        issued=issued,
        percent=Percentage(issued.value or 0, base),
        treasury=blank_if_zero(moved([posted], TREASURY_SHARES, code)),
        price=getattr(event, "price", None),
    )


def _placeholder(closed_on: date, text: str) -> Change:
    return Change(1, OTHER, text, closed_on, Figure(0), None, BLANK, None)


def _pending_row(number: int, tranche: Tranche, base: int, form: Form) -> PendingShares:
    event: Any = tranche.entry.event
    bought = type(event).__name__ in ("SharesRepurchased", "SharesRedeemed")
    return PendingShares(
        number=number,
        category=_wording(category(event), form) if form.code == "FF304" and bought else PART_B_WORDING,
        text=getattr(event, "text", None),
        changed_on=event.effective_on,
        shares=Figure(tranche.shares, (tranche.entry.number,)),
        percent=Percentage(tranche.shares, base),
        price=getattr(event, "price", None),
    )


PART_B_WORDING = "Shares repurchased for cancellation but not yet cancelled"
