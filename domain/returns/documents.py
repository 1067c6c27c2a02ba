"""The typed content of the returns: what stands in each cell, and which entries it comes from.

Numbers are whole shares; an empty figure prints blank. Captions, notes and confirmations are not here: they belong to
the form's version (`forms`), so that the same content prints under the wording in force on its submission date.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

import attrs

from domain.returns.forms import Form
from domain.securities import Counter, Money, ShareClass, plain


@attrs.frozen
class Figure:
    """A number of shares, and the numbers of the entries it comes from; a value of None prints blank."""

    value: int | None = None
    entries: tuple[int, ...] = ()


BLANK = Figure()

# Percentages are rounded once, half up, from exact integers; a wide context keeps the division from rounding first.
_DIVISION = Context(prec=60)


@attrs.frozen
class Percentage:
    """A number of shares as a percentage of a base; unsigned on the forms, rounded half up, then trimmed.

    `decimals` is the issuer's habit, 2 by default. A base of zero has no percentage and prints blank.
    """

    shares: int
    base: int
    decimals: int = 2

    @property
    def rounded(self) -> Decimal | None:
        """The percentage, unsigned, to `decimals` places."""
        if self.base <= 0:
            return None
        exact = _DIVISION.divide(Decimal(abs(self.shares) * 100), Decimal(self.base))
        return exact.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP, _DIVISION)

    def __str__(self) -> str:
        return "" if self.rounded is None else plain(self.rounded)


@attrs.frozen
class ClassHeading:
    """The head of a class's block: its number in the return and how the form names it."""

    number: int
    code: str
    class_label: str
    type_label: str
    listed: bool
    stock_code: str | None
    counters: tuple[Counter, ...]
    description: str | None

    @classmethod
    def of(cls, number: int, share: ShareClass) -> ClassHeading:
        """The heading of a class of shares."""
        return cls(
            number,
            share.code,
            share.class_label,
            share.type_label,
            share.listed,
            share.stock_code,
            share.counters,
            share.description,
        )


# --- FF301, the Monthly Return ----------------------------------------------------------------------------------


@attrs.frozen
class AuthorisedCapital:
    """A block of Part I: authorised shares of a class, and the capital they make at par value."""

    heading: ClassHeading
    opening: Figure
    movement: Figure
    closing: Figure
    par_value: Money | None
    opening_capital: Money | None
    closing_capital: Money | None


@attrs.frozen
class BalanceLine:
    """A row of Part II: issued shares excluding treasury, treasury shares, total issued."""

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
    """A scheme's row of Part III(A). `new_shares` is column A1, `treasury_shares` A2."""

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


@attrs.frozen
class Options:
    """A block of Part III(A); the feet are AA1, AA2 and the funds raised from exercises."""

    heading: ClassHeading
    rows: tuple[OptionsRow, ...]
    issued: Figure
    treasury: Figure
    funds_raised: tuple[Money, ...]
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
class MonthlyReturn:
    """FF301. An empty part prints `Not applicable`; `authorised` None where the issuer has no authorised capital."""

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
    other_movements: tuple[OtherMovements, ...]
    totals: tuple[MonthTotal, ...]
    submitted_by: str | None
    title: str | None


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
    """A numbered event of Section I. `percent` None prints a bare per cent sign, as for the placeholder row."""

    number: int
    category: str
    text: str | None
    changed_on: date
    issued: Figure
    percent: Percentage | None
    treasury: Figure
    price: Money | None


@attrs.frozen
class PendingShares:
    """A row of Part B: shares repurchased or redeemed for cancellation but not yet cancelled."""

    number: int
    category: str
    text: str | None
    changed_on: date
    shares: Figure
    percent: Percentage | None
    price: Money | None


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
    """FF304 or FF305. `opening_basis` says where the opening date comes from; it is explained, not printed."""

    form: Form
    status: str
    issuer_name: str
    chinese_name: str | None
    submitted_on: date
    sections: tuple[ClassSection, ...]
    remarks: tuple[str, ...]
    submitted_by: str | None
    title: str | None
    opening_basis: str


Return = MonthlyReturn | NextDayReturn
