"""FF304 and FF305, the Next Day Disclosure Return: every change since the last return (rule 13.25A)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import attrs

from domain import events
from domain.capital.accounts import HELD, ISSUED_EXCLUDING_TREASURY, SHARES, TOTAL_ISSUED
from domain.capital.entries import Entry
from domain.capital.ledger import Period
from domain.capital.lots import Lot, average_price
from domain.capital.pending_cancellation import PendingPurchase
from domain.capital.position import Position
from domain.capital.return_settings import ReturnSettings
from domain.capital.securities import ShareClass
from domain.capital.terms import Terms, voting
from domain.capital.weighted import weighted_classes
from domain.returns.categories import OTHER, PART_B_WORDING, PENDING_CATEGORIES
from domain.returns.cells import BLANK, ClassHeading, Figure, Percentage
from domain.returns.documents import BalanceLine, Change, ClassSection, DatedBalance, NextDayReturn, PendingShares
from domain.returns.drafts import draft_reasons, left_out
from domain.returns.figures import Line, Rows, balance_lines, changes_shares, remarks, texts
from domain.returns.filings import Scope, issuer_of, scope_of, signatory_of
from domain.returns.forms import NEXT_DAY, Form, form_for
from domain.returns.trades import mandates_not_known, of_several_mandates, reports
from domain.values import EXACT, Money, rounded_ratio


def prepare(
    entries: Iterable[Entry],
    on: date,
    submitted_on: date,
    known_at: datetime | None = None,
    form: Form | None = None,
    *,
    again: bool = False,
) -> NextDayReturn:
    """The return of all changes until close of `on` that no earlier return disclosed (`filings.scope_of`).

    `again` makes the return of that day once more. Raises NotPrepared if nothing changed or the book begins too late, and NoForm.
    """
    form = form or form_for(NEXT_DAY, submitted_on)
    return _filled_in(scope_of(entries, on, submitted_on, known_at, again=again, edition=form.edition), submitted_on, form)


def _filled_in(scope: Scope, submitted_on: date, form: Form) -> NextDayReturn:
    changes, terms = scope.changes, scope.changes.closing.terms
    issuer = issuer_of(terms)
    settings = form.edition.settings(terms.settings)
    headings = [ClassHeading.of(number, share) for number, share in enumerate(_classes(changes, form, settings), 1)]
    denominator = denominator_of(form, settings)
    submitted_by, title = signatory_of(changes, submitted_on, form)
    document = NextDayReturn(
        form=form,
        status=scope.status,
        issuer_name=issuer.name,
        chinese_name=issuer.chinese_name if settings.chinese_name else None,
        submitted_on=submitted_on,
        sections=tuple(_section(changes, heading, form, settings, denominator) for heading in headings),
        repurchases=reports(changes, headings, events.SharesRepurchased, form),
        treasury_sales=reports(changes, headings, events.TreasurySharesSold, form),
        remarks=remarks(changes.during),
        struck_out=settings.struck_out,
        not_applicable=settings.not_applicable,
        submitted_by=submitted_by,
        title=title,
        opening_basis=scope.basis,
        denominator_basis=denominator.words(changes.opening),
        removed=settings.inapplicable_confirmations == "removed",
    )
    reasons = draft_reasons(document, _reasons(changes, form))
    return attrs.evolve(document, draft_reasons=reasons, entries_since=changes.named_since)


def _reasons(changes: Period, form: Form) -> Iterator[str]:
    """The reasons for a draft that the book gives."""
    yield from mandates_not_known(changes)
    yield from of_several_mandates(changes, form)
    yield from _days_not_known(changes)
    yield from left_out(changes)


def _classes(changes: Period, form: Form, settings: ReturnSettings) -> list[ShareClass]:
    """The classes that have blocks: what changed, what is listed, weighted voting rights; what else there is where it is wanted.

    A class that was over before has none.
    """
    every = changes.closing.terms.classes.values()
    if not form.edition.ended_left_out:
        return list(every)
    weighted = {*weighted_classes(changes.opening), *weighted_classes(changes.closing)}
    return [
        share
        for share in every
        if _changed(changes, share.code)
        or (_there(changes, share.code) and (settings.every_class or share.listed or share.code in weighted))
    ]


def _changed(changes: Period, code: str) -> bool:
    """Whether issued or treasury shares of a class moved, or some are not yet cancelled."""
    moves = (move for each in changes.during for move in each.movements if (move.book, move.code) == (SHARES, code))
    return bool(changes.closing.tranches.get(code)) or any({move.source, move.target} & set(TOTAL_ISSUED) for move in moves)


def _there(changes: Period, code: str) -> bool:
    return not (changes.opening.is_over(code) and changes.closing.is_over(code))


# --- percentages ------------------------------------------------------------------------------------------------


@attrs.frozen
class Denominator:
    """What percentages are of: the issued shares, treasury excluded, of one class or all, with or without those pending.

    `kinds_apart`: of all classes of a kind, those with votes; a class without votes is a kind of its own.
    """

    all_classes: bool
    pending_counted: bool
    note: str
    kinds_apart: bool = False

    def of(self, opening: Position, code: str) -> int:
        """The number of shares, from the opening position of the return."""
        accounts = ISSUED_EXCLUDING_TREASURY if self.pending_counted else (HELD,)
        return sum(opening.total(SHARES, each, *accounts) for each in self._classes(opening, code))

    def _classes(self, opening: Position, code: str) -> Iterable[str]:
        if not self.all_classes:
            return [code]
        if not self.kinds_apart:
            return opening.terms.classes
        kind, new = voting(opening.terms), code not in opening.terms.classes
        return kind if new or code in kind else [code]

    def words(self, opening: Position) -> str:
        """The denominator in words, for an explanation."""
        apart = self.kinds_apart and len(voting(opening.terms)) < len(opening.terms.existing)
        whose = ("all classes with votes" if apart else "all classes") if self.all_classes else "the class"
        pending = "included" if self.pending_counted else "excluded"
        return f"opening balance of {whose}, treasury excluded, pending cancellation {pending} ({self.note})"


def denominator_of(form: Form, settings: ReturnSettings) -> Denominator:
    """The form's own denominator (FF305 Note 3, FF304 Note 4), unless the issuer's settings say otherwise."""
    note_4 = Denominator(True, False, "Note 4", form.edition.kinds_apart)
    own = Denominator(False, True, "Note 3") if form.treasury_shares else note_4
    if settings.denominator is None and settings.pending_counted is None:
        return own
    pending = own.pending_counted if settings.pending_counted is None else settings.pending_counted
    if settings.denominator is None:
        return attrs.evolve(own, pending_counted=pending, note="the issuer's setting")
    return Denominator(settings.denominator == "all classes", pending, "the issuer's setting")


# --- sections ---------------------------------------------------------------------------------------------------


@attrs.frozen
class _ClassChanges:
    """The changes of a class and how its rows are printed. Percentages are of `base` shares."""

    changes: Period
    code: str
    form: Form
    settings: ReturnSettings
    base: int

    def percentage(self, shares: int) -> Percentage:
        return Percentage(shares, self.base, self.settings.percent_decimals)

    @property
    def no_treasury(self) -> Figure:
        """The treasury cell of a row that moves no treasury shares."""
        return Figure(0) if self.settings.print_zeros and self.form.treasury_shares else BLANK


def _section(
    changes: Period, heading: ClassHeading, form: Form, settings: ReturnSettings, denominator: Denominator
) -> ClassSection:
    code = heading.code
    of_class = _ClassChanges(changes, code, form, settings, denominator.of(changes.opening, code))
    into_treasury = _into_treasury(of_class)
    apart = {each.entry for each in into_treasury}
    changing = (each for each in changes.during if changes_shares(each, code) and each.entry.number not in apart)
    names = _names_of(changes.closing.terms) if form.edition.names_in_full else {}
    printed = Rows(form=form, code=code, decimals=settings.price_decimals, join_days=bool(settings.join_days), names=names)
    undated = _undated(changes)
    rows = [_change(number, line, of_class, undated) for number, line in enumerate(printed.of(changing), 1)]
    pending = _pending((*changes.closing.tranches.get(code, ()), *into_treasury), of_class)
    rows += _filler(len(rows), pending, of_class)
    opening, _, closing = balance_lines(changes, code, form.issued)
    # In FF304 the pending shares stand in the one table, below its other rows.
    first = 1 if form.treasury_shares else len(rows) + 1
    return ClassSection(
        heading=heading,
        opening=_dated(opening, changes.opened_on),
        changes=tuple(rows),
        closing=_dated(closing, changes.closed_on),
        pending=tuple(attrs.evolve(row, number=number) for number, (row, _) in enumerate(pending, first)),
    )


def _dated(line: BalanceLine, on: date) -> DatedBalance:
    return DatedBalance(on, line.issued, line.treasury, line.total)


def _names_of(terms: Terms) -> Mapping[str, str]:
    """What identifies each scheme and each instrument in a row, by code (FF305 Note 2)."""
    return {
        **{code: scheme.particulars for code, scheme in terms.schemes.items()},
        **{code: right.description for code, right in terms.instruments.items()},
    }


def _change(number: int, line: Line, of_class: _ClassChanges, undated: Mapping[int, Entry]) -> Change:
    event = line.posted[0].entry.event
    close = event.closing_market_price if isinstance(event, events.IssueOfShares) else None
    return Change(
        number=number,
        category=line.category,
        text=line.text or (_bought_on(line, of_class.form, undated) if of_class.form.treasury_shares else None),
        changed_on=line.occurred_on,
        issued=line.issued,
        percent=of_class.percentage(line.issued.value or 0),
        treasury=line.treasury if line.treasury.value else of_class.no_treasury,
        price=line.price,
        closing_market_price=close,
        discount=_discount(line.price, close),
    )


def _bought_on(line: Line, form: Form, undated: Mapping[int, Entry]) -> str | None:
    """A cancellation names the days on which its shares were bought or redeemed, if all are known."""
    cancelled = [tranche for each in line.posted for tranche in each.cancelled]
    if not line.posted[0].cancelled or any(tranche.entry in undated for tranche in cancelled):
        return None
    what = "redeemed" if cancelled[0].redeemed and form.edition.redeemed_in_words else "repurchased"
    return f"Shares {what} on {', '.join(f'{day:%-d %B %Y}' for day in sorted({each.bought_on for each in cancelled}))}"


def _undated(changes: Period) -> dict[int, Entry]:
    """The opening balances with shares pending cancellation that do not say when those were bought, by number."""
    begun = ((entry, entry.event) for entry in changes.entries)
    return {
        entry.number: entry
        for entry, event in begun
        if isinstance(event, events.BalanceBroughtForward) and event.pending_cancellation and not event.tranches
    }


def _days_not_known(changes: Period) -> Iterator[str]:
    """Part B and cancellations state the days of purchases: Part B has the day of an opening balance for those without one."""
    undated = _undated(changes)
    pending = {tranche.entry for tranches in changes.closing.tranches.values() for tranche in tranches}
    cancelled = {tranche.entry for posted in changes.during for tranche in posted.cancelled}
    for number in sorted((pending | cancelled) & undated.keys()):
        begun = f"{undated[number].event.effective_on:%-d %B %Y}"
        printed = ": that day is printed" if number in pending else ""
        yield f"when shares pending cancellation at {begun} were bought is not recorded{printed} (entry {number})"


def _discount(price: Money | None, close: Money | None) -> Decimal | None:
    """FF304's discount (negative) or premium: (issue price − closing price) ÷ closing price, in per cent, half up."""
    if price is None or close is None or price.currency != close.currency or not close.amount:
        return None
    above = EXACT.subtract(price.amount, close.amount)
    return rounded_ratio(EXACT.multiply(above, Decimal(100)), close.amount, 2)


# --- rows of shares not yet cancelled, and rows where nothing changed --------------------------------------------

_Pending = Sequence[tuple[PendingShares, bool]]
"""Rows of shares not yet cancelled, oldest first, each with whether this return discloses it for the first time."""


def _into_treasury(of_class: _ClassChanges) -> list[PendingPurchase]:
    """Purchases into treasury, on a form without treasury shares: it lists them as shares not yet cancelled."""
    if not of_class.form.counts_treasury:
        return []
    bought = (each.entry for each in of_class.changes.during if each.entry.event.share_class == of_class.code)
    return [
        PendingPurchase(entry.number, entry.event.effective_on, Lot(entry.event.shares))
        for entry in bought
        if isinstance(entry.event, events.SharesRepurchased) and entry.event.intention == "treasury"
    ]


def _pending(waiting: Iterable[PendingPurchase], of_class: _ClassChanges) -> _Pending:
    changes, form, settings = of_class.changes, of_class.form, of_class.settings
    disclosed_now = {each.entry.number for each in changes.during}
    # FF305 lists a purchase with its price and percentage in every return, FF304 with its percentage in the first alone.
    listed_whole = form.treasury_shares or not form.edition.pending_as_filed
    rows = []
    for tranche in sorted(waiting, key=lambda each: each.bought_on):
        named, new = PENDING_CATEGORIES[tranche.redeemed].before_june_2024, tranche.entry in disclosed_now
        percent = of_class.percentage(tranche.shares)
        price = average_price([tranche.lot], settings.price_decimals, small=form.edition.small_averages)
        row = PendingShares(
            number=0,
            category=PART_B_WORDING[tranche.redeemed] if form.treasury_shares else named,
            text=(texts([changes.by_number[tranche.entry]]) or None) if form.edition.names_in_full else None,
            changed_on=tranche.bought_on,
            shares=Figure(tranche.shares, (tranche.entry,)),
            percent=percent if settings.pending_percent and (listed_whole or new) else None,
            price=price if listed_whole else None,
        )
        rows.append((row, new))
    return rows


SEE_PART_B = "See Part B"


def _filler(rows: int, pending: _Pending, of_class: _ClassChanges) -> list[Change]:
    """The row that leads to Part B, or the placeholder of a table without other rows."""
    form, settings, closed_on = of_class.form, of_class.settings, of_class.changes.closed_on
    number, new = rows + 1, any(first for _, first in pending)
    placeholder = Change(number, OTHER, settings.not_applicable, closed_on, Figure(0), None, of_class.no_treasury, None)
    nothing_else = [] if rows else [placeholder]
    if not form.treasury_shares:
        return [] if pending and form.edition.pending_as_filed else nothing_else
    if not form.edition.pending_as_filed:
        return [attrs.evolve(each, text=SEE_PART_B) if pending else each for each in nothing_else]
    if settings.part_b_row == "see part b" and (new or (pending and not rows)):
        return [Change(number, OTHER, SEE_PART_B, closed_on, BLANK, None, BLANK, None)]
    return nothing_else
