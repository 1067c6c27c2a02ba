"""FF301 Part III: what moved the issued and treasury shares of a class in a month, and what may be issued later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial

from domain import events
from domain.capital.accounts import AGREEMENT, INSTRUMENT, ISSUABLE, OUTSTANDING, SHARES, TOTAL_ISSUED, change
from domain.capital.balances import Posted
from domain.capital.ledger import Period
from domain.capital.lots import priced
from domain.capital.pending_cancellation import PendingPurchase
from domain.capital.securities import Instrument
from domain.returns.categories import OTHER, PENDING_CATEGORIES
from domain.returns.cells import BLANK, Figure
from domain.returns.class_month import ClassMonth
from domain.returns.documents import AgreementRow, Agreements, InstrumentRow, Instruments, OtherMovement, OtherMovements
from domain.returns.figures import (
    TREASURY_SHARES,
    Line,
    Rows,
    blank_if_zero,
    closing,
    in_a_period,
    moved,
    remarks,
    texts,
    words_below,
)
from domain.returns.scheme_rows import Row, award_rows
from domain.values import EXACT

# --- (B) warrants and (C) convertibles --------------------------------------------------------------------------

INSTRUMENT_LABELS: dict[type[events.Event], str] = {
    events.WarrantsIssued: "Issued",
    events.WarrantsExercised: "Exercised",
    events.WarrantsLapsed: "Lapsed",
    events.ConvertiblesIssued: "Issued",
    events.ConvertiblesConverted: "Converted",
    events.ConvertiblesRedeemed: "Redeemed",
}


def warrants(of_class: ClassMonth) -> Instruments:
    """The block of Part III(B) of a class: what was there in the month."""
    return _instruments(of_class, "B", convertible=False)


def convertibles(of_class: ClassMonth) -> Instruments:
    """The block of Part III(C) of a class: what was there in the month."""
    return _instruments(of_class, "C", convertible=True)


def _instruments(of_class: ClassMonth, part: str, *, convertible: bool) -> Instruments:
    month, form = of_class.month, of_class.form
    rights = [
        right
        for right in month.closing.terms.instruments.values()
        if right.share_class == of_class.code
        and (right.currency is not None) == convertible
        and (not form.edition.ended_left_out or _in_the_month(month, right.code))
    ]
    issued, treasury = of_class.feet(part)
    return Instruments(
        heading=of_class.heading,
        rows=tuple(_instrument_row(number, of_class, right) for number, right in enumerate(rights, 1)),
        issued=issued,
        treasury=treasury,
        remarks=words_below((each for right in rights for each in _named(month, right.code)), form),
    )


def _in_the_month(month: Period, code: str) -> bool:
    """Whether something of an instrument was outstanding in a month, or came to an end in it."""
    return bool(month.opening.total(INSTRUMENT, code, OUTSTANDING) or _named(month, code))


def _named(month: Period, code: str) -> list[Posted]:
    return [each for each in month.during if each.entry.event.instrument == code]


def _instrument_row(number: int, of_class: ClassMonth, right: Instrument) -> InstrumentRow:
    month, during = of_class.month, _named(of_class.month, right.code)
    new_shares, treasury_shares = of_class.issued_and_taken(during)
    before, _, after = (_amount(figure, right) for figure in in_a_period(month, (OUTSTANDING,), right.code, INSTRUMENT))
    mandate = month.closing.terms.mandates.get(right.mandate or "")
    return InstrumentRow(
        number=number,
        description=right.description,
        stock_code=right.stock_code,
        price=right.price,
        general_meeting_on=mandate.granted_on if mandate else right.general_meeting_on,
        currency=right.currency,
        opening=before,
        movements=_instrument_movements(during, right),
        closing=after,
        new_shares=new_shares,
        treasury_shares=treasury_shares,
        may_be_issued=closing(month, (OUTSTANDING,), right.code, ISSUABLE) if right.bounded or not after else BLANK,
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


def agreements(of_class: ClassMonth) -> Agreements:
    """The block of Part III(D) of a class: award schemes, and agreements with shares to be issued in the month or later."""
    rows = [*award_rows(of_class), *_agreement_rows(of_class.month, of_class.code)]
    numbered = tuple(AgreementRow(number, *row) for number, row in enumerate(rows, 1))
    return Agreements(of_class.heading, numbered, *of_class.feet("D"), words_below(of_class.facts["D"], of_class.form))


def _agreement_rows(month: Period, code: str) -> Iterator[Row]:
    for agreed in month.closing.terms.agreements.values():
        moves = [
            each
            for each in month.moving.get((AGREEMENT, agreed.code), ())
            if change(each.movements, AGREEMENT, agreed.code, (OUTSTANDING,))
        ]
        outstanding = closing(month, (OUTSTANDING,), agreed.code, AGREEMENT)
        if agreed.share_class == code and (moves or outstanding.value):
            mandate = month.closing.terms.mandates.get(agreed.mandate or "")
            approved_on = mandate.granted_on if mandate else agreed.general_meeting_on
            # What completes an agreement is printed under its own category, a placing in Part III(E): not twice.
            yield agreed.description, agreed.price, approved_on, BLANK, BLANK, outstanding, agreed.price_terms


# --- (E) other movements ----------------------------------------------------------------------------------------


def other_movements(of_class: ClassMonth) -> OtherMovements:
    """The block of Part III(E) of a class, with the stock pending cancellation at the close of the month."""
    month, form, code = of_class.month, of_class.form, of_class.code
    during = of_class.facts["E"]
    if form.counts_treasury:
        # Where treasury shares count as issued, to buy shares into treasury changes nothing.
        during = [each for each in during if change(each.movements, SHARES, code, TOTAL_ISSUED)]
    approval, decimals = partial(_approved_on, of_class), month.closing.terms.settings.price_decimals
    found = Rows(form=form, code=code, decimals=decimals, join_days=True, apart_by=approval).of(during)
    alike = Counter(line.category for line in found)
    rows = [
        _other_movement(number, line, of_class, texts=_prints_texts(of_class, alike[line.category]))
        for number, line in enumerate(found, 1)
    ]
    # Before June 2024 the form had no column for the stock pending cancellation.
    rows += _pending_rows(len(rows) + 1, of_class) if form.treasury_shares else []
    issued, treasury = (blank_if_zero(moved(during, names, code)) for names in (form.issued, TREASURY_SHARES))
    return OtherMovements(of_class.heading, tuple(rows), issued, treasury, remarks(during))


def _other_movement(number: int, line: Line, of_class: ClassMonth, *, texts: bool) -> OtherMovement:
    return OtherMovement(
        number=number,
        # FF301 before June 2024 has its own words for some categories of FF304.
        category=of_class.form.captions.get(line.category, line.category),
        text=line.text if line.category == OTHER or texts else None,
        price=line.price,
        occurred_on=line.occurred_on,
        general_meeting_on=_approved_on(of_class, line.posted[0]),
        issued=blank_if_zero(line.issued),
        treasury=blank_if_zero(line.treasury),
        pending=BLANK,
    )


def _approved_on(of_class: ClassMonth, posted: Posted) -> date | None:
    """The day of the general meeting that approved a movement: by its mandate or itself, else by its agreement or purchases."""
    event, terms = posted.entry.event, of_class.month.closing.terms
    agreement = terms.agreements.get(event.agreement or "")
    mandate = terms.mandates.get(event.mandate or (agreement.mandate if agreement else None) or "")
    own = mandate.granted_on if mandate else event.general_meeting_on
    if own is not None or not of_class.form.edition.approvals_in_full:
        return own
    if agreement is not None:
        return agreement.general_meeting_on
    days = {_purchase_approved_on(of_class, tranche) for tranche in posted.cancelled}
    return days.pop() if len(days) == 1 else None


def _purchase_approved_on(of_class: ClassMonth, tranche: PendingPurchase) -> date | None:
    """The day of the general meeting that approved a purchase: its mandate's, or one of its own."""
    month = of_class.month
    if tranche.mandate is not None:
        return month.closing.terms.mandates[tranche.mandate].granted_on
    return month.by_number[tranche.entry].event.general_meeting_on if of_class.form.edition.approvals_in_full else None


def _prints_texts(of_class: ClassMonth, alike: int) -> bool:
    """Whether rows print texts under a category that says itself what happened: always if several rows have it."""
    return of_class.form.edition.names_in_full and (of_class.month.closing.terms.settings.part_e_text or alike > 1)


def _pending_rows(first: int, of_class: ClassMonth) -> list[OtherMovement]:
    """The whole stock pending cancellation (Note 3), of this and earlier months: a negative number for each kind and approval.

    What was bought in several currencies stands apart, since it has no average price.
    """
    month, edition = of_class.month, of_class.form.edition
    kinds: dict[tuple[bool, str | None, date | None], list[PendingPurchase]] = {}
    for tranche in month.closing.tranches.get(of_class.code, ()):
        kinds.setdefault((tranche.redeemed, tranche.mandate, _purchase_approved_on(of_class, tranche)), []).append(tranche)
    decimals = month.closing.terms.settings.price_decimals
    stock = [
        (*kind, *each)
        for kind, tranches in kinds.items()
        for each in priced(
            tranches, lambda tranche: tranche.lot, decimals, apart=edition.currencies_apart, small=edition.small_averages
        )
    ]
    alike = Counter(redeemed for redeemed, *_ in stock)
    return [
        OtherMovement(
            number=number,
            category=PENDING_CATEGORIES[redeemed].wording,
            text=texts(month.by_number[each.entry] for each in tranches if _prints_texts(of_class, alike[redeemed])) or None,
            price=price,
            occurred_on=None,
            general_meeting_on=approved_on,
            issued=BLANK,
            treasury=BLANK,
            pending=Figure(-sum(each.shares for each in tranches), tuple(dict.fromkeys(each.entry for each in tranches))),
        )
        for number, (redeemed, _, approved_on, tranches, price) in enumerate(stock, first)
    ]
