"""FF304 and FF305, the Next Day Disclosure Return: every change since the last return (rule 13.25A)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

import attrs

from domain.accounts import HELD, ISSUED_EXCLUDING_TREASURY, SHARES, TOTAL_ISSUED, total
from domain.balances import Period, Posted, period
from domain.history import Entry
from domain.position import Position
from domain.returns import figures
from domain.returns.categories import OTHER, PART_B_WORDING, PENDING_CATEGORIES
from domain.returns.documents import BLANK, Change, ClassHeading, ClassSection, Figure, NextDayReturn, PendingShares, Percentage
from domain.returns.filings import NotPrepared, check_book_covers, opening_of, status_of
from domain.returns.forms import NEXT_DAY, Form, form_for
from domain.returns.lines import Line, lines, remarks
from domain.returns.trades import repurchase_reports, sale_reports
from domain.securities import EXACT, Money, ReturnSettings, average_price, rounded_ratio
from domain.tranches import Tranche


def prepare(
    entries: Iterable[Entry], on: date, submitted_on: date, known_at: datetime | None = None, form: Form | None = None
) -> NextDayReturn:
    """The return of all changes until close of `on` that no earlier return disclosed.

    Its closing date is the date of the last event disclosed (Note 5). Raises NotPrepared where nothing changed or the
    book begins too late, and NoForm where no form is known for the submission date.
    """
    entries = list(entries)
    form = form or form_for(NEXT_DAY, submitted_on)
    opened_on, basis = opening_of(entries, on, submitted_on, known_at)
    until_then = period(entries, opened_on, on, known_at)
    check_book_covers(until_then)
    changes = period(entries, opened_on, _last_change(until_then), known_at)
    facts = changes.closing.facts
    if facts.issuer is None:
        raise NotPrepared("the book names no issuer: record issuer-registered first")
    headings = [ClassHeading.of(number, share) for number, share in enumerate(facts.classes.values(), 1)]
    denominator = denominator_of(form, facts.settings)
    return NextDayReturn(
        form=form,
        status=status_of(changes, NEXT_DAY, submitted_on),
        issuer_name=facts.issuer.name,
        chinese_name=facts.issuer.chinese_name,
        submitted_on=submitted_on,
        sections=tuple(_section(changes, heading, form, denominator) for heading in headings),
        repurchases=repurchase_reports(changes, headings),
        treasury_sales=sale_reports(changes, headings),
        remarks=remarks(changes.during),
        struck_out=facts.settings.struck_out,
        not_applicable=facts.settings.not_applicable,
        submitted_by=facts.signatory[0] if facts.signatory else None,
        title=facts.signatory[1] if facts.signatory else None,
        opening_basis=basis,
        denominator_basis=denominator.words,
    )


def _last_change(changes: Period) -> date:
    days = [each.entry.event.effective_on for each in changes.during if _discloses(each)]
    if not days:
        raise NotPrepared(
            f"no share was issued, bought, cancelled or converted after {changes.opened_on:%-d %B %Y} "
            f"and until {changes.closed_on:%-d %B %Y}: there is nothing to disclose"
        )
    return max(days)


def _discloses(posted: Posted) -> bool:
    return any(move.book == SHARES and {move.source, move.target} & set(TOTAL_ISSUED) for move in posted.movements)


# --- percentages ------------------------------------------------------------------------------------------------


@attrs.frozen
class Denominator:
    """What percentages are of: the issued shares, treasury excluded, of one class or all, with or without those pending."""

    all_classes: bool
    pending_counted: bool
    note: str

    def of(self, opening: Position, code: str) -> int:
        """The number of shares, from the opening position of the return."""
        accounts = ISSUED_EXCLUDING_TREASURY if self.pending_counted else (HELD,)
        codes = opening.facts.classes if self.all_classes else [code]
        return sum(total(opening.totals, SHARES, each, accounts) for each in codes)

    @property
    def words(self) -> str:
        """The denominator in words, for an explanation."""
        whose = "all classes" if self.all_classes else "the class"
        pending = "included" if self.pending_counted else "excluded"
        return f"opening balance of {whose}, treasury excluded, pending cancellation {pending} ({self.note})"


def denominator_of(form: Form, settings: ReturnSettings) -> Denominator:
    """The form's own denominator (FF305 Note 3, FF304 Note 4), unless the issuer's settings say otherwise."""
    before_june_2024 = form.before_june_2024
    own = Denominator(before_june_2024, not before_june_2024, "Note 4" if before_june_2024 else "Note 3")
    if settings.denominator is None and settings.pending_counted is None:
        return own
    everyone = own.all_classes if settings.denominator is None else settings.denominator == "all classes"
    pending = own.pending_counted if settings.pending_counted is None else settings.pending_counted
    return Denominator(everyone, pending, "the issuer's setting")


# --- sections ---------------------------------------------------------------------------------------------------


def _section(changes: Period, heading: ClassHeading, form: Form, denominator: Denominator) -> ClassSection:
    code, settings = heading.code, changes.closing.facts.settings
    base = denominator.of(changes.opening, code)
    waiting = changes.closing.tranches.get(code, ())
    rows = [_change(number, line, base, form, settings) for number, line in enumerate(lines(changes.during, code), 1)]
    # In FF304 the pending shares stand in the one table, below its rows or the placeholder.
    first = max(len(rows), 1) + 1 if form.before_june_2024 else 1
    blank = "See Part B" if waiting and not form.before_june_2024 else settings.not_applicable
    opening, closing = figures.balance_lines(changes, code)
    return ClassSection(
        heading=heading,
        opening=figures.dated(opening, changes.opened_on),
        changes=tuple(rows) or (Change(1, OTHER, blank, changes.closed_on, Figure(0), None, BLANK, None),),
        closing=figures.dated(closing, changes.closed_on),
        pending=tuple(_pending(number, tranche, base, form, settings) for number, tranche in enumerate(waiting, first)),
    )


def _change(number: int, line: Line, base: int, form: Form, settings: ReturnSettings) -> Change:
    event = line.posted[0].entry.event
    price, close = line.price(settings.price_decimals), getattr(event, "closing_market_price", None)
    return Change(
        number=number,
        category=line.category.before_june_2024 if form.before_june_2024 else line.category.wording,
        text=line.text or (None if form.before_june_2024 else _bought_on(line)),
        changed_on=line.occurred_on,
        issued=line.issued,
        percent=Percentage(line.issued.value or 0, base, settings.percent_decimals),
        treasury=line.treasury,
        price=price,
        closing_market_price=close,
        discount=_discount(price, close),
    )


def _bought_on(line: Line) -> str | None:
    """A cancellation names the trading days of the purchases that it cancels."""
    days = sorted({tranche.bought_on for each in line.posted for tranche in each.cancelled})
    return f"Shares repurchased on {', '.join(f'{day:%-d %B %Y}' for day in days)}" if days and line.posted[0].cancelled else None


def _discount(price: Money | None, close: Money | None) -> Decimal | None:
    """FF304's discount (negative) or premium: (issue price − closing price) ÷ closing price, in per cent, half up."""
    if price is None or close is None or price.currency != close.currency or not close.amount:
        return None
    above = EXACT.subtract(price.amount, close.amount)
    return rounded_ratio(EXACT.multiply(above, Decimal(100)), close.amount, 2)


def _pending(number: int, tranche: Tranche, base: int, form: Form, settings: ReturnSettings) -> PendingShares:
    before_june_2024 = form.before_june_2024
    words = PENDING_CATEGORIES[tranche.redeemed].before_june_2024 if before_june_2024 else PART_B_WORDING[tranche.redeemed]
    return PendingShares(
        number=number,
        category=words,
        text=None,
        changed_on=tranche.bought_on,
        shares=Figure(tranche.shares, (tranche.entry,)),
        percent=Percentage(tranche.shares, base, settings.percent_decimals),
        price=average_price([tranche.lot], settings.price_decimals),
    )
