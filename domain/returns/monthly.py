"""FF301, the Monthly Return: prepared from entries for one month, as known at one instant (rule 13.25B)."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain import events
from domain.accounts import AVAILABLE, ISSUED_EXCLUDING_TREASURY, OUTSTANDING, SCHEME, SHARES, change
from domain.balances import Period, Posted, period
from domain.history import Entry
from domain.returns import figures
from domain.returns.categories import OTHER, category
from domain.returns.documents import (
    BLANK,
    AuthorisedCapital,
    ClassHeading,
    Figure,
    IssuedShares,
    MonthlyReturn,
    MonthTotal,
    OptionMovement,
    Options,
    OptionsRow,
    OtherMovement,
    OtherMovements,
)
from domain.returns.figures import TREASURY_SHARES, blank_if_zero, moved
from domain.returns.filings import NotPrepared, check_book_covers, status_of
from domain.returns.forms import MONTHLY, form_for
from domain.securities import EXACT, Money, Scheme, ShareClass
from domain.tranches import pending


def prepare(entries: Iterable[Entry], month_end: date, submitted_on: date, known_at: datetime | None = None) -> MonthlyReturn:
    """The Monthly Return for the month that ends on `month_end`, on the form in force on its submission date.

    Raises NotPrepared where the book begins within the month or after it, and NoForm where no form is known.
    """
    entries = list(entries)
    form = form_for(MONTHLY, submitted_on)
    month = period(entries, month_end.replace(day=1) - timedelta(days=1), month_end, known_at)
    check_book_covers(month)
    headings = {code: ClassHeading.of(n, share) for n, (code, share) in enumerate(month.closing.facts.classes.items(), 1)}
    issuer, signatory = month.closing.facts.issuer, month.closing.facts.signatory
    if issuer is None:
        raise NotPrepared("the book names no issuer: record issuer-registered first")
    authorised = _authorised_capital(month, headings)
    return MonthlyReturn(
        form=form,
        month_end=month_end,
        status=status_of(entries, MONTHLY, month_end, submitted_on, known_at),
        issuer_name=issuer.name,
        chinese_name=issuer.chinese_name,
        submitted_on=submitted_on,
        authorised=authorised or None,
        total_authorised_capital=_by_currency(block.closing_capital for block in authorised),
        issued=tuple(_issued_shares(month, headings[code]) for code in headings),
        options=tuple(block for code in headings if (block := _options(month, headings[code])).rows),
        other_movements=tuple(block for code in headings if (block := _other_movements(month, headings[code])).rows),
        totals=tuple(_month_total(month, headings[code]) for code in headings if _has_details(month, code)),
        submitted_by=signatory[0] if signatory else None,
        title=signatory[1] if signatory else None,
    )


def month_end_of(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


# --- Part I -----------------------------------------------------------------------------------------------------


def _authorised_capital(month: Period, headings: dict[str, ClassHeading]) -> tuple[AuthorisedCapital, ...]:
    classes = month.closing.facts.classes
    return tuple(_authorised_block(month, heading, classes[code]) for code, heading in headings.items() if classes[code].authorised)


def _authorised_block(month: Period, heading: ClassHeading, share: ShareClass) -> AuthorisedCapital:
    opening, movement, closing = figures.authorised_figures(month, share.code)
    return AuthorisedCapital(
        heading, opening, movement, closing, share.par_value, _capital(share, opening), _capital(share, closing)
    )


def _capital(share: ShareClass, number: Figure) -> Money | None:
    return None if share.par_value is None or number.value is None else share.par_value.times(number.value)


def _by_currency(amounts: Iterable[Money | None]) -> tuple[Money, ...]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for amount in amounts:
        if amount is not None:
            sums[amount.currency] = EXACT.add(sums[amount.currency], amount.amount)
    return tuple(Money(currency, total) for currency, total in sums.items())


# --- Part II ----------------------------------------------------------------------------------------------------


def _issued_shares(month: Period, heading: ClassHeading) -> IssuedShares:
    code = heading.code
    return IssuedShares(
        heading, figures.opening_line(month, code), figures.movement_line(month, code), figures.closing_line(month, code)
    )


# --- Part III(A) ------------------------------------------------------------------------------------------------

OPTION_LABELS: dict[type[events.Event], str] = {
    events.OptionsGranted: "Granted",
    events.OptionsExercised: "Exercised",
    events.OptionsCancelled: "Cancelled",
    events.OptionsLapsed: "Lapsed",
    events.SchemeSharesMoved: "Others",
}


def _options(month: Period, heading: ClassHeading) -> Options:
    schemes = [scheme for scheme in month.closing.facts.schemes.values() if scheme.share_class == heading.code]
    rows = tuple(_options_row(number, month, scheme) for number, scheme in enumerate(schemes, 1))
    during = [each for scheme in schemes for each in _of_scheme(month.during, scheme)]
    return Options(
        heading=heading,
        rows=rows,
        issued=blank_if_zero(moved(during, ISSUED_EXCLUDING_TREASURY, heading.code)),
        treasury=blank_if_zero(moved(during, TREASURY_SHARES, heading.code)),
        funds_raised=_by_currency(_funds(each.entry.event) for each in during),
        remarks=_remarks(during),
    )


def _of_scheme(posted: Iterable[Posted], scheme: Scheme) -> list[Posted]:
    return [each for each in posted if getattr(each.entry.event, "scheme", None) == scheme.code]


def _funds(event: Any) -> Money | None:
    exercised = isinstance(event, events.OptionsExercised) and event.price is not None
    return event.price.times(event.options) if exercised else None


def _options_row(number: int, month: Period, scheme: Scheme) -> OptionsRow:
    during = _of_scheme(month.during, scheme)
    everything = _of_scheme((*month.before, *month.during), scheme)
    exercised = [each for each in during if isinstance(each.entry.event, events.OptionsExercised)]
    closing = moved(everything, (OUTSTANDING,), scheme.code, SCHEME)
    taken = moved(exercised, TREASURY_SHARES, scheme.share_class)
    return OptionsRow(
        number=number,
        particulars=scheme.particulars,
        opening=moved(_of_scheme(month.before, scheme), (OUTSTANDING,), scheme.code, SCHEME),
        movements=_option_movements(during, scheme),
        closing=closing,
        new_shares=blank_if_zero(moved([e for e in exercised if not e.entry.event.treasury_shares], ISSUED_EXCLUDING_TREASURY, scheme.share_class)),
        treasury_shares=Figure(-taken.value, taken.entries) if taken.value else BLANK,
        # Shares already issued and held for a scheme are not issued again: nothing may be issued on them.
        may_be_issued=Figure(0, closing.entries) if scheme.existing_shares else closing,
        may_be_granted=BLANK if scheme.limit is None else moved(everything, (AVAILABLE,), scheme.code, SCHEME),
        general_meeting_on=scheme.general_meeting_on,
    )


def _option_movements(during: list[Posted], scheme: Scheme) -> tuple[OptionMovement, ...]:
    groups: dict[tuple[str, str | None], list[Posted]] = {}
    for each in during:
        label = OPTION_LABELS.get(type(each.entry.event))
        if label is not None:
            groups.setdefault((label, getattr(each.entry.event, "word", None)), []).append(each)
    return tuple(
        OptionMovement(label, moved(group, (OUTSTANDING,), scheme.code, SCHEME), word) for (label, word), group in groups.items()
    )


# --- Part III(E) and the feet -----------------------------------------------------------------------------------


def _in_part(month: Period, code: str, part: str) -> list[Posted]:
    return [each for each in month.during if _moves(each, code) and category(each.entry.event).part == part]


def _moves(posted: Posted, code: str) -> bool:
    sums = (ISSUED_EXCLUDING_TREASURY, TREASURY_SHARES)
    return any(change(posted.movements, SHARES, code, names) for names in sums)


def _other_movements(month: Period, heading: ClassHeading) -> OtherMovements:
    during = _in_part(month, heading.code, "E")
    rows = [_other_movement(number, each, month, heading.code) for number, each in enumerate(during, 1)]
    rows += _pending_rows(len(rows) + 1, month, heading.code)
    return OtherMovements(
        heading=heading,
        rows=tuple(rows),
        issued=blank_if_zero(moved(during, ISSUED_EXCLUDING_TREASURY, heading.code)),
        treasury=blank_if_zero(moved(during, TREASURY_SHARES, heading.code)),
        remarks=_remarks(during),
    )


def _other_movement(number: int, posted: Posted, month: Period, code: str) -> OtherMovement:
    event: Any = posted.entry.event
    row = category(event)
    return OtherMovement(
        number=number,
        category=row.wording,
        # Only `Other (please specify)` is specified here; the other categories say themselves what happened.
        text=(event.text or row.text) if row.wording == OTHER else None,
        price=getattr(event, "price", None),
        occurred_on=event.effective_on,
        general_meeting_on=approval(event, month),
        issued=blank_if_zero(moved([posted], ISSUED_EXCLUDING_TREASURY, code)),
        treasury=blank_if_zero(moved([posted], TREASURY_SHARES, code)),
        pending=BLANK,
    )


def approval(event: Any, month: Period) -> date | None:
    """The day of the general meeting that approved a movement: its mandate's, or one of its own."""
    mandate = getattr(event, "mandate", None)
    granted_on: date | None = month.closing.facts.mandates[mandate].granted_on if mandate else getattr(event, "general_meeting_on", None)
    return granted_on


def _pending_rows(first: int, month: Period, code: str) -> list[OtherMovement]:
    """The stock pending cancellation at the close of the month, of this and earlier months, as one negative number a category."""
    stock: dict[str, list[tuple[int, int]]] = {}
    for tranche in pending((*month.before, *month.during), code):
        brought_forward = isinstance(tranche.entry.event, events.BalanceBroughtForward)
        words = category(_UNDATED if brought_forward else tranche.entry.event).wording
        stock.setdefault(words, []).append((tranche.entry.number, tranche.shares))
    return [
        OtherMovement(
            number, words, None, None, None, None, BLANK, BLANK,
            Figure(-sum(shares for _, shares in parts), tuple(entry for entry, _ in parts)),
        )
        for number, (words, parts) in enumerate(stock.items(), first)
    ]  # fmt: skip


# A stock brought forward is named as shares repurchased: what a book starts from says no more.
_UNDATED = events.SharesRepurchased(effective_on=date(2021, 1, 1), share_class="any", shares=1, intention="cancellation")


def _has_details(month: Period, code: str) -> bool:
    classes = month.closing.facts.schemes.values()
    return any(scheme.share_class == code for scheme in classes) or any(_moves(each, code) for each in month.during)


def _month_total(month: Period, heading: ClassHeading) -> MonthTotal:
    line = figures.movement_line(month, heading.code)
    return MonthTotal(heading, line.issued, line.treasury)


def _remarks(posted: Iterable[Posted]) -> tuple[str, ...]:
    return tuple(words for each in posted if (words := getattr(each.entry.event, "remarks", None)))
