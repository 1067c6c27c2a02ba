"""FF301 Part III: what moved the issued and treasury shares of a class in a month, and what may be issued later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from domain import events
from domain.capital.accounts import (
    AGREEMENT,
    AVAILABLE,
    INSTRUMENT,
    ISSUABLE,
    ISSUED_EXCLUDING_TREASURY,
    OUTSTANDING,
    SCHEME,
    change,
)
from domain.capital.balances import Period, Posted
from domain.capital.pending_cancellation import PendingPurchase, lots_of
from domain.returns import figures
from domain.returns.categories import OTHER, PENDING_CATEGORIES, category
from domain.returns.documents import (
    BLANK,
    AgreementRow,
    Agreements,
    ClassHeading,
    Figure,
    InstrumentRow,
    Instruments,
    OptionMovement,
    Options,
    OptionsRow,
    OtherMovement,
    OtherMovements,
)
from domain.returns.figures import TREASURY_SHARES, blank_if_zero, by_currency, moved
from domain.returns.forms import Form
from domain.returns.lines import Line, approval, changes_shares, lines, remarks, texts
from domain.securities import EXACT, Instrument, Money, Scheme, average_price, with_an_average


def _of(posted: Iterable[Posted], field: str, code: str) -> list[Posted]:
    return [each for each in posted if getattr(each.entry.event, field, None) == code]


def _issued_and_taken(during: list[Posted], code: str) -> tuple[Figure, Figure]:
    """New shares issued, and treasury shares transferred out of treasury, both as positive numbers or blank."""
    issues = [each for each in during if not getattr(each.entry.event, "treasury_shares", False)]
    taken = moved(during, TREASURY_SHARES, code)
    transferred = Figure(-taken.value, taken.entries) if taken.value else BLANK
    return blank_if_zero(moved(issues, ISSUED_EXCLUDING_TREASURY, code)), transferred


def _feet(during: list[Posted], code: str) -> tuple[Figure, Figure]:
    """The feet of parts (A) to (D): increase in issued shares, decrease in treasury shares, both as positive numbers."""
    decrease = moved(during, TREASURY_SHARES, code)
    taken = Figure(-decrease.value, decrease.entries) if decrease.value else BLANK
    return blank_if_zero(moved(during, ISSUED_EXCLUDING_TREASURY, code)), taken


def in_part(month: Period, code: str, part: str) -> list[Posted]:
    """The facts of a month that change a class's shares and stand in a part."""
    return [each for each in month.during if changes_shares(each, code) and category(each.entry.event).part == part]


# --- schemes: (A) share options, and (D) awards -------------------------------------------------------------------


def schemes(month: Period, code: str, form: Form, *, awards: bool) -> list[Scheme]:
    """The schemes over a class that have a row: one that was over before the month has none once nothing is left under it."""
    over_class = (each for each in month.closing.terms.schemes.values() if (each.share_class, each.awards) == (code, awards))
    return [each for each in over_class if not form.edition.ended_left_out or _lasted(month, each)]


def _lasted(month: Period, scheme: Scheme) -> bool:
    if not scheme.is_over(month.opened_on) or scheme.code in month.schemes_later:
        return True
    return bool(month.opening.total(SCHEME, scheme.code, OUTSTANDING) or _of(month.during, "scheme", scheme.code))


def not_known_at(month: Period, scheme: Scheme, day: date, form: Form) -> bool:
    """Whether what is outstanding under a scheme at close of a day is not known: it is brought forward later."""
    later = month.schemes_later.get(scheme.code)
    return form.edition.reasons and later is not None and scheme.adopted_on <= day < later.event.effective_on


def left_open(month: Period, form: Form) -> Iterator[str]:
    """Why figures of schemes are left open in the return of a month."""
    for scheme in month.closing.terms.schemes.values():
        if not_known_at(month, scheme, month.opened_on, form):
            later = month.schemes_later[scheme.code]
            outstanding = f"what is outstanding under scheme {scheme.code} before {later.event.effective_on:%-d %B %Y}"
            yield f"{outstanding} is not known: it is brought forward at close of that day (entry {later.number})"


def _outstanding(month: Period, scheme: Scheme, form: Form) -> Figure:
    if not_known_at(month, scheme, month.closed_on, form):
        return BLANK
    return figures.closing(month, (OUTSTANDING,), scheme.code, SCHEME)


def _may_be_issued(scheme: Scheme, outstanding: Figure) -> Figure:
    """Shares already issued and held for a scheme are not issued again: nothing may be issued on them."""
    return Figure(0, outstanding.entries) if scheme.existing_shares else outstanding


# --- (A) share options ------------------------------------------------------------------------------------------

OPTION_LABELS: dict[type[events.Event], str] = {
    events.OptionsGranted: "Granted",
    events.OptionsExercised: "Exercised",
    events.OptionsCancelled: "Cancelled",
    events.OptionsLapsed: "Lapsed",
    events.SchemeSharesMoved: "Others",
    events.SchemeBalanceBroughtForward: "Others",
    events.SharesSubdivided: "Others",
    events.SharesConsolidated: "Others",
    events.OptionTermsAdjusted: "Others",
}
_WORDS: dict[type[events.Event], str] = {
    events.SchemeBalanceBroughtForward: "Brought forward",
    events.SharesSubdivided: "Subdivision",
    events.SharesConsolidated: "Consolidation",
    events.OptionTermsAdjusted: "Adjusted",
}


def options(month: Period, heading: ClassHeading, form: Form) -> Options:
    """The block of Part III(A) of a class: a row for each scheme over it that grants options."""
    found = schemes(month, heading.code, form, awards=False)
    during = in_part(month, heading.code, "A")
    issued, treasury = _feet(during, heading.code)
    return Options(
        heading=heading,
        rows=tuple(_options_row(number, month, scheme, form) for number, scheme in enumerate(found, 1)),
        issued=issued,
        treasury=treasury,
        funds_raised=by_currency(_funds(each.entry.event) for each in during),
        remarks=remarks(each for scheme in found for each in _of(month.during, "scheme", scheme.code)),
    )


def _funds(event: Any) -> Money | None:
    return event.price.times(event.options) if event.price is not None else None


def _options_row(number: int, month: Period, scheme: Scheme, form: Form) -> OptionsRow:
    exercised = [
        each for each in _of(month.during, "scheme", scheme.code) if isinstance(each.entry.event, events.OptionsExercised)
    ]
    begun = not not_known_at(month, scheme, month.opened_on, form)
    closing = _outstanding(month, scheme, form)
    new_shares, treasury_shares = _issued_and_taken(exercised, scheme.share_class)
    return OptionsRow(
        number=number,
        particulars=scheme.particulars,
        opening=figures.opening(month, (OUTSTANDING,), scheme.code, SCHEME) if begun else BLANK,
        movements=_option_movements(month, scheme, begun=begun),
        closing=closing,
        new_shares=new_shares,
        treasury_shares=treasury_shares,
        may_be_issued=_may_be_issued(scheme, closing),
        may_be_granted=_may_be_granted(month, scheme, form),
        general_meeting_on=scheme.general_meeting_on,
        expired_on=scheme.expires_on if scheme.is_over(month.closed_on) else None,
    )


def _may_be_granted(month: Period, scheme: Scheme, form: Form) -> Figure:
    """What is left of the limit; nothing once the scheme is over."""
    if scheme.is_over(month.closed_on):
        return Figure(0)
    if scheme.limit is None or not_known_at(month, scheme, month.closed_on, form):
        return BLANK
    return figures.closing(month, (AVAILABLE,), scheme.code, SCHEME)


def _option_movements(month: Period, scheme: Scheme, *, begun: bool) -> tuple[OptionMovement, ...]:
    """The movements of a month; what is brought forward in it is none where there was a scheme before."""
    groups: dict[tuple[str, str | None], list[Posted]] = {}
    for each in month.during:
        opens = not begun and isinstance(each.entry.event, events.SchemeBalanceBroughtForward)
        if not opens and change(each.movements, SCHEME, scheme.code, (OUTSTANDING,)):
            kind = type(each.entry.event)
            groups.setdefault((OPTION_LABELS[kind], getattr(each.entry.event, "word", _WORDS.get(kind))), []).append(each)
    return tuple(
        OptionMovement(label, moved(group, (OUTSTANDING,), scheme.code, SCHEME), word) for (label, word), group in groups.items()
    )


# --- (B) warrants and (C) convertibles --------------------------------------------------------------------------

INSTRUMENT_LABELS: dict[type[events.Event], str] = {
    events.WarrantsIssued: "Issued",
    events.WarrantsExercised: "Exercised",
    events.WarrantsLapsed: "Lapsed",
    events.ConvertiblesIssued: "Issued",
    events.ConvertiblesConverted: "Converted",
    events.ConvertiblesRedeemed: "Redeemed",
}


def instruments(month: Period, heading: ClassHeading, form: Form, *, convertible: bool) -> Instruments:
    """The block of Part III(B) of a class, warrants, or of III(C), convertibles: what was there in the month."""
    terms = month.closing.terms
    rights = [
        right
        for right in terms.instruments.values()
        if right.share_class == heading.code
        and (right.currency is not None) == convertible
        and (not form.edition.ended_left_out or _in_the_month(month, INSTRUMENT, right.code, "instrument"))
    ]
    during = in_part(month, heading.code, "C" if convertible else "B")
    issued, treasury = _feet(during, heading.code)
    return Instruments(
        heading=heading,
        rows=tuple(_instrument_row(number, month, right) for number, right in enumerate(rights, 1)),
        issued=issued,
        treasury=treasury,
        remarks=remarks(each for right in rights for each in _of(month.during, "instrument", right.code)),
    )


def _in_the_month(month: Period, book: str, code: str, field: str) -> bool:
    """Whether something of a right was outstanding in a month, or came to an end in it."""
    return bool(month.opening.total(book, code, OUTSTANDING) or _of(month.during, field, code))


def _instrument_row(number: int, month: Period, right: Instrument) -> InstrumentRow:
    during = _of(month.during, "instrument", right.code)
    new_shares, treasury_shares = _issued_and_taken(during, right.share_class)
    opening, closing = (
        _amount(figure(month, (OUTSTANDING,), right.code, INSTRUMENT), right) for figure in (figures.opening, figures.closing)
    )
    mandate = month.closing.terms.mandates.get(right.mandate or "")
    return InstrumentRow(
        number=number,
        description=right.description,
        stock_code=right.stock_code,
        price=right.price,
        general_meeting_on=mandate.granted_on if mandate else right.general_meeting_on,
        currency=right.currency,
        opening=opening,
        movements=_instrument_movements(during, right),
        closing=closing,
        new_shares=new_shares,
        treasury_shares=treasury_shares,
        may_be_issued=figures.closing(month, (OUTSTANDING,), right.code, ISSUABLE) if right.bounded or not closing else BLANK,
        type_label=right.type_label,
        price_terms=right.price_terms,
    )


def _amount(figure: Figure, right: Instrument) -> Decimal:
    """Warrants as counted, convertibles in their currency: the book keeps hundredths."""
    return EXACT.scaleb(Decimal(figure.value or 0), -2 if right.currency else 0)


def _instrument_movements(during: list[Posted], right: Instrument) -> tuple[tuple[str, Decimal], ...]:
    groups: dict[str, list[Posted]] = {}
    for each in during:
        if change(each.movements, INSTRUMENT, right.code, (OUTSTANDING,)):
            groups.setdefault(INSTRUMENT_LABELS[type(each.entry.event)], []).append(each)
    return tuple((label, _amount(moved(group, (OUTSTANDING,), right.code, INSTRUMENT), right)) for label, group in groups.items())


# --- (D) agreements and awards ----------------------------------------------------------------------------------


def agreements(month: Period, heading: ClassHeading, form: Form) -> Agreements:
    """The block of Part III(D) of a class: award schemes, and agreements with shares to be issued in the month or later."""
    rows = [*_award_rows(month, heading, form), *_agreement_rows(month, heading)]
    during = in_part(month, heading.code, "D")
    issued, treasury = _feet(during, heading.code)
    numbered = tuple(AgreementRow(number, *row) for number, row in enumerate(rows, 1))
    return Agreements(heading, numbered, issued, treasury, remarks(during))


_Row = tuple[str, Money | None, date | None, Figure, Figure, Figure, str | None]


def _award_rows(month: Period, heading: ClassHeading, form: Form) -> Iterator[_Row]:
    for scheme in schemes(month, heading.code, form, awards=True):
        vested = [each for each in _of(month.during, "scheme", scheme.code) if isinstance(each.entry.event, events.AwardsVested)]
        outstanding = _may_be_issued(scheme, _outstanding(month, scheme, form))
        lots = [lot for each in vested for lot in lots_of(each.entry.event, getattr(each.entry.event, "awards", 0))]
        price = average_price(lots, month.closing.terms.settings.price_decimals)
        issued = _issued_and_taken(vested, heading.code)
        yield scheme.particulars, price, scheme.general_meeting_on, *issued, outstanding, None


def _agreement_rows(month: Period, heading: ClassHeading) -> Iterator[_Row]:
    for agreed in month.closing.terms.agreements.values():
        moves = [each for each in month.during if change(each.movements, AGREEMENT, agreed.code, (OUTSTANDING,))]
        outstanding = figures.closing(month, (OUTSTANDING,), agreed.code, AGREEMENT)
        if agreed.share_class == heading.code and (moves or outstanding.value):
            mandate = month.closing.terms.mandates.get(agreed.mandate or "")
            approved_on = mandate.granted_on if mandate else agreed.general_meeting_on
            # What completes an agreement is printed under its own category, a placing in Part III(E): not twice.
            yield agreed.description, agreed.price, approved_on, BLANK, BLANK, outstanding, agreed.price_terms


# --- (E) other movements ----------------------------------------------------------------------------------------


def other_movements(month: Period, heading: ClassHeading, form: Form) -> OtherMovements:
    """The block of Part III(E) of a class, with the stock pending cancellation at the close of the month."""
    during = in_part(month, heading.code, "E")
    found = lines(during, heading.code, join_days=True, currencies_apart=form.edition.currencies_apart)
    rows = [_other_movement(number, line, month, form) for number, line in enumerate(found, 1)]
    # Before June 2024 the form had no column for the stock pending cancellation.
    rows += _pending_rows(len(rows) + 1, month, heading.code, form) if form.treasury_shares else []
    issued, treasury = (
        blank_if_zero(moved(during, names, heading.code)) for names in (ISSUED_EXCLUDING_TREASURY, TREASURY_SHARES)
    )
    return OtherMovements(heading, tuple(rows), issued, treasury, remarks(during))


def _other_movement(number: int, line: Line, month: Period, form: Form) -> OtherMovement:
    words = line.category.worded(treasury_shares=form.treasury_shares)
    return OtherMovement(
        number=number,
        # FF301 before June 2024 has its own words for some categories of FF304.
        category=form.captions.get(words, words),
        text=line.text if words == OTHER or _says_texts(month, form) else None,
        price=line.price(month.closing.terms.settings.price_decimals),
        occurred_on=line.occurred_on,
        general_meeting_on=approval(line.posted[0].entry.event, month),
        issued=blank_if_zero(line.issued),
        treasury=line.treasury,
        pending=BLANK,
    )


def _says_texts(month: Period, form: Form) -> bool:
    """Whether rows print texts under categories that say themselves what happened."""
    return form.edition.names_in_full and month.closing.terms.settings.part_e_text


def _pending_rows(first: int, month: Period, code: str, form: Form) -> list[OtherMovement]:
    """The whole stock pending cancellation (Note 3), of this and earlier months: a negative number for each kind and mandate.

    What was bought in several currencies stands apart, since it has no average price.
    """
    terms = month.closing.terms
    by_number = {entry.number: entry for entry in month.entries} if _says_texts(month, form) else {}
    kinds: dict[tuple[bool, str | None], list[PendingPurchase]] = {}
    for tranche in month.closing.tranches.get(code, ()):
        kinds.setdefault((tranche.redeemed, tranche.mandate), []).append(tranche)
    split = form.edition.currencies_apart
    stock = [
        (*kind, each)
        for kind, tranches in kinds.items()
        for each in (with_an_average(tranches, lambda tranche: tranche.lot) if split else [tranches])
    ]
    return [
        OtherMovement(
            number=number,
            category=PENDING_CATEGORIES[redeemed].wording,
            text=texts(by_number[each.entry] for each in tranches if by_number) or None,
            price=average_price((each.lot for each in tranches), terms.settings.price_decimals),
            occurred_on=None,
            general_meeting_on=terms.mandates[mandate].granted_on if mandate else None,
            issued=BLANK,
            treasury=BLANK,
            pending=Figure(-sum(each.shares for each in tranches), tuple(dict.fromkeys(each.entry for each in tranches))),
        )
        for number, (redeemed, mandate, tranches) in enumerate(stock, first)
    ]
