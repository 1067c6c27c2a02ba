"""The typed content of the returns: what stands in each cell, and which entries it comes from.

Numbers are whole shares; an empty figure prints blank. Captions, notes and confirmations are not here: they belong to
the form's version (`forms`), so that the same content prints under the wording in force on its submission date.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from domain.events.structured import names_another_exchange
from domain.returns.cells import ClassHeading, Figure, Percentage, PrintedPercentage
from domain.returns.forms import Form
from domain.values import Money

SECOND_EDITION = {"since": 2}
"""The metadata of a field that documents have since that edition: in an earlier one it holds its default and is not written."""
WHERE_IT_APPLIES = {"unless": None}
"""That of a field which is written only where it has a value."""

# --- FF301, the Monthly Return ----------------------------------------------------------------------------------


@attrs.frozen
class AuthorisedCapital:
    """A block of Part I: authorised shares of a class, and the capital they make at the par value of each day.

    The par value differs between opening and close where shares were subdivided, consolidated or reduced in the month.
    """

    heading: ClassHeading
    opening: Figure
    movement: Figure
    closing: Figure
    opening_par: Money | None
    closing_par: Money | None
    opening_capital: Money | None
    closing_capital: Money | None


@attrs.frozen
class BalanceLine:
    """A row of Part II: issued shares excluding treasury, treasury shares, total issued.

    A form before June 2024 prints one number, `issued`, in which treasury shares count.
    """

    issued: Figure
    treasury: Figure
    total: Figure


@attrs.frozen
class IssuedShares:
    """A block of Part II."""

    heading: ClassHeading
    opening: BalanceLine
    movement: BalanceLine
    closing: BalanceLine


@attrs.frozen
class OptionMovement:
    """One movement of options in a month: `Granted`, `Exercised`, `Cancelled`, `Lapsed`, or `Others` with its own word."""

    label: str
    number: Figure
    word: str | None = None


@attrs.frozen
class OptionsRow:
    """A scheme's row of Part III(A). `new_shares` is column A1, `treasury_shares` A2.

    `expired_on` is the day from which nothing may be granted under it, where that has come; explained, not printed.
    """

    number: int
    particulars: str
    opening: Figure
    movements: tuple[OptionMovement, ...]
    closing: Figure
    new_shares: Figure
    treasury_shares: Figure
    may_be_issued: Figure
    may_be_granted: Figure
    general_meeting_on: date | None
    expired_on: date | None = attrs.field(default=None, metadata=SECOND_EDITION)


@attrs.frozen
class Options:
    """A block of Part III(A); the feet are AA1, AA2 and the funds raised from exercises: none if a price is not recorded."""

    heading: ClassHeading
    rows: tuple[OptionsRow, ...]
    issued: Figure
    treasury: Figure
    funds_raised: tuple[Money, ...]
    remarks: tuple[str, ...]


@attrs.frozen
class InstrumentRow:
    """A warrant's row of Part III(B), or a convertible's of III(C).

    Warrants are counted (`currency` None), convertibles are amounts of their currency. `new_shares` is column B1 or C1 and
    `treasury_shares` B2 or C2, in shares as `may_be_issued`, blank where nothing bounds it. `price_terms` is the price in words.
    """

    number: int
    description: str
    stock_code: str | None
    price: Money | None
    general_meeting_on: date | None
    currency: str | None
    opening: Decimal | None
    movements: tuple[tuple[str, Decimal], ...]
    closing: Decimal | None
    new_shares: Figure
    treasury_shares: Figure
    may_be_issued: Figure
    type_label: str | None = attrs.field(default=None, metadata=SECOND_EDITION)
    price_terms: str | None = attrs.field(default=None, metadata=SECOND_EDITION)


@attrs.frozen
class Instruments:
    """A block of Part III(B) or III(C); the feet are BB1 and BB2, or CC1 and CC2."""

    heading: ClassHeading
    rows: tuple[InstrumentRow, ...]
    issued: Figure
    treasury: Figure
    remarks: tuple[str, ...]


@attrs.frozen
class AgreementRow:
    """A row of Part III(D): an agreement to issue shares, or awards under a share award scheme.

    `new_shares` is column D1, `treasury_shares` D2, `may_be_issued` what may be issued or transferred at close.
    """

    number: int
    description: str
    price: Money | None
    general_meeting_on: date | None
    new_shares: Figure
    treasury_shares: Figure
    may_be_issued: Figure
    price_terms: str | None = attrs.field(default=None, metadata=SECOND_EDITION)


@attrs.frozen
class Agreements:
    """A block of Part III(D); the feet are DD1 and DD2."""

    heading: ClassHeading
    rows: tuple[AgreementRow, ...]
    issued: Figure
    treasury: Figure
    remarks: tuple[str, ...]


@attrs.frozen
class OtherMovement:
    """A row of Part III(E). `issued` is column E1, `treasury` E2; `pending` the stock not yet cancelled, negative."""

    number: int
    category: str
    text: str | None
    price: Money | None
    occurred_on: date | None
    general_meeting_on: date | None
    issued: Figure
    treasury: Figure
    pending: Figure


@attrs.frozen
class OtherMovements:
    """A block of Part III(E); the feet are EE1 and EE2."""

    heading: ClassHeading
    rows: tuple[OtherMovement, ...]
    issued: Figure
    treasury: Figure
    remarks: tuple[str, ...]


@attrs.frozen
class MonthTotal:
    """The foot of Part III for a class: the total of AA1 to EE1, and of AA2 to EE2."""

    heading: ClassHeading
    issued: Figure
    treasury: Figure


@attrs.frozen
class Remark:
    """A remark that stands under a part of the Monthly Return until it changes; `part` is numbered as on the form: III(A)."""

    part: str
    text: str


@attrs.frozen
class MonthlyReturn:
    """FF301. A part without rows prints `not_applicable`, and so does `authorised` None: no authorised capital.

    `confirms` says whether Part V is called for: shares were issued, or treasury shares sold or transferred. `struck_out`
    are the confirmations that do not apply, by number, and `removed` says that they are left out and the others renumbered.
    `public_float` is the statement on the public float, required since 2026; `draft_reasons` say why the return is a draft.
    `remarks` stand under its parts. In a long book no figure names entries of before `entries_since` (`ledger.TRACED`).
    """

    form: Form
    month_end: date
    status: str
    issuer_name: str
    chinese_name: str | None
    submitted_on: date
    authorised: tuple[AuthorisedCapital, ...] | None
    total_authorised_capital: tuple[Money, ...]
    issued: tuple[IssuedShares, ...]
    options: tuple[Options, ...]
    warrants: tuple[Instruments, ...]
    convertibles: tuple[Instruments, ...]
    agreements: tuple[Agreements, ...]
    other_movements: tuple[OtherMovements, ...]
    totals: tuple[MonthTotal, ...]
    depositary_receipts: str | None
    confirms: bool
    struck_out: tuple[int, ...]
    public_float: str | None
    not_applicable: str
    submitted_by: str | None
    title: str | None
    removed: bool = attrs.field(default=False, metadata=SECOND_EDITION)
    draft_reasons: tuple[str, ...] = attrs.field(default=(), metadata=SECOND_EDITION)
    remarks: tuple[Remark, ...] = attrs.field(default=(), metadata=SECOND_EDITION)
    entries_since: date | None = attrs.field(default=None, metadata=WHERE_IT_APPLIES)


# --- FF304 and FF305, the Next Day Disclosure Return ---------------------------------------------------------------


@attrs.frozen
class DatedBalance:
    """An opening or closing balance; FF304 prints its total alone."""

    on: date
    issued: Figure
    treasury: Figure
    total: Figure


@attrs.frozen
class Change:
    """A numbered event of Section I. `percent` None prints a bare per cent sign, as for the placeholder row.

    `closing_market_price` stands in FF304 alone, with the discount or premium that follows from it.
    """

    number: int
    category: str
    text: str | None
    changed_on: date
    issued: Figure
    percent: Percentage | PrintedPercentage | None
    treasury: Figure
    price: Money | None
    closing_market_price: Money | None = None
    discount: Decimal | None = None


@attrs.frozen
class PendingShares:
    """A row of Part B: shares repurchased or redeemed for cancellation but not yet cancelled."""

    number: int
    category: str
    text: str | None
    changed_on: date
    shares: Figure
    percent: Percentage | PrintedPercentage | None
    price: Money | None


@attrs.frozen
class TradeRow:
    """A row of a repurchase report (Section II) or of a report of treasury sales (Section III): one day, one method.

    `price` stands in the column of the price or of the highest price, `lowest` beside it where there were several. `method`
    None is left open: nobody said how the shares were traded.
    """

    traded_on: date
    shares: Figure
    method: str | None
    price: Money | None
    lowest: Money | None
    total: Money | None


@attrs.frozen
class MandateBlock:
    """Block B of Section II, and the foot of Section III: what was traded under the mandate until the closing date.

    `percent` is of the issued shares, treasury excluded, at the day of the resolution; `moratorium_until` the last trading
    day plus 30 calendar days, for repurchases alone; what is not known, or not asked for by the form, is blank.
    `explanatory_statement_on` is the date that the confirmation names.
    """

    granted_on: date | None
    limit: int | None
    used: Figure
    percent: Percentage | PrintedPercentage | None
    moratorium_until: date | None
    explanatory_statement_on: date | None = attrs.field(default=None, metadata=SECOND_EDITION)


@attrs.frozen
class TradeReport:
    """Section II or III for a class. `totals` are of money paid or raised, one for each currency.

    The numbers bought for cancellation and into treasury stand under Section II alone.
    """

    heading: ClassHeading
    rows: tuple[TradeRow, ...]
    shares: Figure
    totals: tuple[Money, ...]
    for_cancellation: Figure
    for_treasury: Figure
    mandate: MandateBlock | None

    @property
    def elsewhere(self) -> bool:
        """Whether there was a trade on another stock exchange, by the methods that are named."""
        return any(names_another_exchange(row.method or "") for row in self.rows)


@attrs.frozen
class ClassSection:
    """A class's block of Section I: Part A from the opening to the closing balance, and Part B."""

    heading: ClassHeading
    opening: DatedBalance
    changes: tuple[Change, ...]
    closing: DatedBalance
    pending: tuple[PendingShares, ...]


@attrs.frozen
class NextDayReturn:
    """FF304 or FF305. `opening_basis` and `denominator_basis` say in words what they are; explained, not printed.

    `struck_out`, `removed`, `draft_reasons` and `entries_since` are those of the Monthly Return.
    """

    form: Form
    status: str
    issuer_name: str
    chinese_name: str | None
    submitted_on: date
    sections: tuple[ClassSection, ...]
    repurchases: tuple[TradeReport, ...]
    treasury_sales: tuple[TradeReport, ...]
    remarks: tuple[str, ...]
    struck_out: tuple[int, ...]
    not_applicable: str
    submitted_by: str | None
    title: str | None
    opening_basis: str
    denominator_basis: str
    removed: bool = attrs.field(default=False, metadata=SECOND_EDITION)
    draft_reasons: tuple[str, ...] = attrs.field(default=(), metadata=SECOND_EDITION)
    entries_since: date | None = attrs.field(default=None, metadata=WHERE_IT_APPLIES)


Return = MonthlyReturn | NextDayReturn


def closing_of(document: Return) -> date:
    """The day at whose close a return ends."""
    return document.month_end if isinstance(document, MonthlyReturn) else document.sections[0].closing.on
