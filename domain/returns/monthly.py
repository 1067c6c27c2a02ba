"""FF301, the Monthly Return: prepared from entries for one month, as known at one instant (rule 13.25B)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import attrs

from domain.capital.accounts import AUTHORITY, HELD, SHARES, TREASURY, UNISSUED
from domain.capital.balances import Period
from domain.capital.entries import Entry
from domain.capital.ledger import Ledger
from domain.events import Reorganisation
from domain.public_float.status import statement
from domain.returns import details, figures, scheme_rows
from domain.returns.documents import (
    AuthorisedCapital,
    ClassHeading,
    Figure,
    Instruments,
    IssuedShares,
    MonthlyReturn,
    MonthTotal,
    OtherMovements,
    Remark,
)
from domain.returns.drafts import draft_reasons, left_out
from domain.returns.figures import by_currency
from domain.returns.filings import check_book_covers, issuer_of, status_of
from domain.returns.forms import MONTHLY, Form, form_for
from domain.returns.lines import changes_shares
from domain.securities import Money, ShareClass


def prepare(
    entries: Iterable[Entry], month_end: date, submitted_on: date, known_at: datetime | None = None, form: Form | None = None
) -> MonthlyReturn:
    """The Monthly Return for the month that ends on `month_end`, on the form in force on its submission date.

    Raises NotPrepared if the book begins within the month or after it, and NoForm if no form is known.
    """
    form = form or form_for(MONTHLY, submitted_on)
    seen = Ledger.of(entries, known_at)
    status = status_of(seen, MONTHLY, month_end, submitted_on)
    return drawn_up(seen.period(opened_on(month_end), month_end), submitted_on, form, status)


def opened_on(month_end: date) -> date:
    """The last day of the month before, at whose close the balances of a month open."""
    return month_end.replace(day=1) - timedelta(days=1)


def drawn_up(month: Period, submitted_on: date, form: Form, status: str) -> MonthlyReturn:
    """The Monthly Return of a month that was read from a book. Raises NotPrepared."""
    check_book_covers(month)
    terms = month.closing.terms
    issuer = issuer_of(terms)
    settings, zeros = form.edition.settings(terms.settings), terms.settings.print_zeros
    public_float = statement(month.closing, month.closed_on)
    headings = [ClassHeading.of(number, share) for number, share in enumerate(_classes(month, form), 1)]
    with_capital = [heading for heading in headings if terms.classes[heading.code].authorised]
    authorised = tuple(_authorised(month, heading, zeros=zeros) for heading in with_capital)
    document = MonthlyReturn(
        form=form,
        month_end=month.closed_on,
        status=status,
        issuer_name=issuer.name,
        chinese_name=issuer.chinese_name if settings.chinese_name else None,
        submitted_on=submitted_on,
        authorised=authorised or None,
        total_authorised_capital=by_currency(block.closing_capital for block in authorised),
        issued=tuple(_issued(month, heading, zeros=zeros) for heading in headings),
        options=tuple(block for block in (scheme_rows.options(month, heading, form) for heading in headings) if block.rows),
        warrants=_instruments(month, headings, form, convertible=False),
        convertibles=_instruments(month, headings, form, convertible=True),
        agreements=tuple(block for block in (details.agreements(month, heading, form) for heading in headings) if block.rows),
        other_movements=_other_movements(month, headings, form),
        totals=tuple(_total(month, heading) for heading in headings if _has_details(month, heading.code, form)),
        depositary_receipts=settings.depositary_receipts,
        confirms=any(_calls_for_confirmation(month, heading.code) for heading in headings),
        struck_out=settings.struck_out,
        public_float=public_float.text,
        not_applicable=settings.not_applicable,
        submitted_by=terms.signatory[0] if terms.signatory else None,
        title=terms.signatory[1] if terms.signatory else None,
        removed=settings.inapplicable_confirmations == "removed",
        remarks=tuple(Remark(part, terms.remarks[part]) for part in PARTS if part in terms.remarks),
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
    moved = any((move.book, move.code) == (SHARES, code) for each in month.during for move in each.movements)
    return moved or not (month.opening.is_over(code) and month.closing.is_over(code))


def _other_movements(month: Period, headings: list[ClassHeading], form: Form) -> tuple[OtherMovements, ...]:
    blocks = (details.other_movements(month, heading, form) for heading in headings)
    return tuple(block for block in blocks if block.rows)


def _instruments(month: Period, headings: list[ClassHeading], form: Form, *, convertible: bool) -> tuple[Instruments, ...]:
    blocks = (details.instruments(month, heading, form, convertible=convertible) for heading in headings)
    return tuple(block for block in blocks if block.rows)


def month_end_of(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def _authorised(month: Period, heading: ClassHeading, *, zeros: bool) -> AuthorisedCapital:
    """The block of Part I of a class, each row at the par value of its day."""
    opening, movement, closing = figures.authorised_figures(month, heading.code, zeros=zeros)
    before = month.opening.terms.classes.get(heading.code)
    after = month.closing.terms.classes[heading.code]
    return AuthorisedCapital(
        heading=heading,
        opening=opening,
        movement=movement,
        closing=closing,
        opening_par=(before or after).par_value,
        closing_par=after.par_value,
        opening_capital=_capital(before or after, opening),
        closing_capital=_capital(after, closing),
    )


def _capital(share: ShareClass, number: Figure) -> Money | None:
    return None if number.value is None else share.capital(number.value)


def _issued(month: Period, heading: ClassHeading, *, zeros: bool) -> IssuedShares:
    opening, closing = figures.balance_lines(month, heading.code)
    return IssuedShares(heading, opening, figures.movement_line(month, heading.code, zeros=zeros), closing)


def _has_details(month: Period, code: str, form: Form) -> bool:
    schemes = (each for awards in (False, True) for each in scheme_rows.schemes(month, code, form, awards=awards))
    return any(schemes) or any(changes_shares(each, code) for each in month.during)


def _total(month: Period, heading: ClassHeading) -> MonthTotal:
    line = figures.movement_line(month, heading.code)
    return MonthTotal(heading, line.issued, line.treasury)


def _calls_for_confirmation(month: Period, code: str) -> bool:
    """Part V confirms securities issued, and treasury shares sold or transferred: whatever reached members' hands."""
    return any(
        (move.book, move.code, move.target) == (SHARES, code, HELD) and move.source in _ISSUED_FROM
        for each in month.during
        if not isinstance(each.entry.event, Reorganisation)
        for move in each.movements
    )


# Shares of registered capital are not there before they are issued.
_ISSUED_FROM = (UNISSUED, AUTHORITY, TREASURY)
