"""FF301, the Monthly Return: prepared from entries for one month, as known at one instant (rule 13.25B)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TypeVar

import attrs

from domain.capital.accounts import AUTHORITY, HELD, SHARES, TREASURY, UNISSUED
from domain.capital.entries import Entry
from domain.capital.ledger import Ledger, Period
from domain.capital.securities import ShareClass
from domain.events import InstrumentIssued, Reorganisation
from domain.public_float.status import statement
from domain.returns import details, scheme_rows
from domain.returns.cells import BLANK, Figure
from domain.returns.class_month import ClassMonth
from domain.returns.documents import (
    Agreements,
    AuthorisedCapital,
    BalanceLine,
    Instruments,
    IssuedShares,
    MonthlyReturn,
    MonthTotal,
    Options,
    OtherMovements,
    Remark,
)
from domain.returns.drafts import draft_reasons, left_out
from domain.returns.figures import blank_if_zero, by_currency
from domain.returns.filings import check_book_covers, issuer_of, signatory_of, status_of
from domain.returns.forms import MONTHLY, Form, form_for
from domain.values import Money, month_end_before


def prepare(
    entries: Iterable[Entry], month_end: date, submitted_on: date, known_at: datetime | None = None, form: Form | None = None
) -> MonthlyReturn:
    """The Monthly Return for the month that ends on `month_end`, on the form in force on its submission date.

    Raises NotPrepared if the book begins within the month or after it, and NoForm if no form is known.
    """
    form = form or form_for(MONTHLY, submitted_on)
    month = Ledger.of(entries, known_at).period(opened_on(month_end), month_end)
    check_book_covers(month)
    classes = [ClassMonth.of(month, form, number, share) for number, share in enumerate(_classes(month, form), 1)]
    return _filled_in(month, classes, submitted_on, form)


def opened_on(month_end: date) -> date:
    """The last day of the month before, at whose close the balances of a month open."""
    return month_end_before(month_end)


def _filled_in(month: Period, classes: Sequence[ClassMonth], submitted_on: date, form: Form) -> MonthlyReturn:
    terms = month.closing.terms
    issuer = issuer_of(terms)
    settings, zeros = form.edition.settings(terms.settings), terms.settings.print_zeros
    public_float = statement(month.closing, month.closed_on)
    submitted_by, title = signatory_of(month, submitted_on, form)
    authorised = tuple(_authorised(each, zeros=zeros) for each in classes if terms.classes[each.code].authorised)
    document = MonthlyReturn(
        form=form,
        month_end=month.closed_on,
        status=status_of(month.ledger, MONTHLY, month.closed_on, submitted_on),
        issuer_name=issuer.name,
        chinese_name=issuer.chinese_name if settings.chinese_name else None,
        submitted_on=submitted_on,
        authorised=authorised or None,
        total_authorised_capital=by_currency(block.closing_capital for block in authorised),
        issued=tuple(_issued(each, zeros=zeros) for each in classes),
        options=_with_rows(map(scheme_rows.options, classes)),
        warrants=_with_rows(map(details.warrants, classes)),
        convertibles=_with_rows(map(details.convertibles, classes)),
        agreements=_with_rows(map(details.agreements, classes)),
        other_movements=_with_rows(map(details.other_movements, classes)),
        totals=tuple(_total(each) for each in classes if each.has_details),
        depositary_receipts=settings.depositary_receipts,
        confirms=any(_calls_for_confirmation(each) for each in classes),
        struck_out=settings.struck_out,
        public_float=public_float.text,
        not_applicable=settings.not_applicable,
        submitted_by=submitted_by,
        title=title,
        removed=settings.inapplicable_confirmations == "removed",
        remarks=tuple(Remark(part, terms.remarks[part]) for part in PARTS if part in terms.remarks),
        entries_since=month.named_since,
    )
    of_the_book = (*public_float.missing, *scheme_rows.left_open(month, form), *left_out(month))
    return attrs.evolve(document, draft_reasons=draft_reasons(document, of_the_book))


PARTS = ("I", "II", "III(A)", "III(B)", "III(C)", "III(D)", "III(E)", "IV", "V")
"""The parts of the form under which a remark may stand."""


def _classes(month: Period, form: Form) -> list[ShareClass]:
    """The classes that have blocks: all, so that Part I adds up to the capital, but those that were over before the month."""
    every = month.closing.terms.classes.values()
    return [share for share in every if not form.edition.ended_left_out or _lasted(month, share.code)]


def _lasted(month: Period, code: str) -> bool:
    return (SHARES, code) in month.moving or not (month.opening.is_over(code) and month.closing.is_over(code))


def _authorised(of_class: ClassMonth, *, zeros: bool) -> AuthorisedCapital:
    """The block of Part I of a class, each row at the par value of its day."""
    opening, movement, closing = of_class.authorised
    after = of_class.month.closing.terms.classes[of_class.code]
    before = of_class.month.opening.terms.classes.get(of_class.code, after)
    return AuthorisedCapital(
        heading=of_class.heading,
        opening=opening,
        movement=blank_if_zero(movement, zeros=zeros),
        closing=closing,
        opening_par=before.par_value,
        closing_par=after.par_value,
        opening_capital=_capital(before, opening),
        closing_capital=_capital(after, closing),
    )


def _capital(share: ShareClass, number: Figure) -> Money | None:
    return None if number.value is None else share.capital(number.value)


def _issued(of_class: ClassMonth, *, zeros: bool) -> IssuedShares:
    """The block of Part II of a class: of its movements the total column stays empty."""
    moved = of_class.moved
    issued, treasury = (blank_if_zero(figure, zeros=zeros) for figure in (moved.issued, moved.treasury))
    return IssuedShares(of_class.heading, of_class.opening, BalanceLine(issued, treasury, BLANK), of_class.closing)


def _total(of_class: ClassMonth) -> MonthTotal:
    moved = of_class.moved
    return MonthTotal(of_class.heading, blank_if_zero(moved.issued), blank_if_zero(moved.treasury))


Block = TypeVar("Block", Options, Instruments, Agreements, OtherMovements)


def _with_rows(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if block.rows)


def _calls_for_confirmation(of_class: ClassMonth) -> bool:
    """Part V confirms securities issued, and treasury shares sold or transferred, as set out in Part III."""
    month, code = of_class.month, of_class.code
    issued = (each.entry.event for each in month.during if isinstance(each.entry.event, InstrumentIssued))
    return _reached_members(month, code) or (
        of_class.form.edition.securities_confirmed and any(each.share_class == code for each in issued)
    )


def _reached_members(month: Period, code: str) -> bool:
    return any(
        (move.book, move.code, move.target) == (SHARES, code, HELD) and move.source in _ISSUED_FROM
        for each in month.moving.get((SHARES, code), ())
        if not isinstance(each.entry.event, Reorganisation)
        for move in each.movements
    )


# Shares of registered capital are not there before they are issued.
_ISSUED_FROM = (UNISSUED, AUTHORITY, TREASURY)
