"""How the forms print a number, an amount, a date: the cells of a layout."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from domain.returns.cells import Figure, Percentage, PrintedPercentage
from domain.values import Money, plain
from infrastructure.renderers.layout import Align, Cell

# Spelled out, not asked of the locale: a return reads the same wherever it is rendered.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def long_date(on: date | None) -> str:
    """`06 January 2025`; blank for None."""
    return "" if on is None else f"{on.day:02d} {_MONTHS[on.month - 1]} {on.year}"


def grouped(number: int | Decimal) -> str:
    """A number with commas between thousands, a decrease with a leading hyphen: `-31,775,000`."""
    return f"{number:,d}" if isinstance(number, int) else f"{Decimal(plain(number)):,f}"


def caption(text: str, colspan: int = 1, rowspan: int = 1, align: Align = "left") -> Cell:
    """A shaded cell with a caption of the form."""
    return Cell(text, colspan, rowspan, align, shaded=True)


def head(text: str, colspan: int = 1, rowspan: int = 1) -> Cell:
    """The head of a column."""
    return caption(text, colspan, rowspan, "center")


def number(figure: Figure, rowspan: int = 1, key: str = "", sum_of: tuple[str, ...] = ()) -> Cell:
    """A number of shares; an empty figure is blank, a zero is `0`."""
    text = "" if figure.value is None else grouped(figure.value)
    return Cell(text, rowspan=rowspan, align="right", value=figure.value, key=key, sum_of=sum_of, entries=figure.entries)


def quantity(amount: int | Decimal | None, rowspan: int = 1, key: str = "", sum_of: tuple[str, ...] = ()) -> Cell:
    """A number of shares or of warrants, or an amount of a currency printed beside it; blank for None."""
    text = "" if amount is None else grouped(amount)
    return Cell(text, rowspan=rowspan, align="right", value=amount, key=key, sum_of=sum_of)


def percent_cell(percentage: Percentage | PrintedPercentage | None) -> Cell:
    """`5.4 %`, or a bare per cent sign where there is no percentage."""
    rounded = None if percentage is None else percentage.rounded
    return Cell("%" if rounded is None else f"{percentage} %", align="right", value=rounded)


_HUNDREDTH = Decimal("0.01")
_ROUNDING = Context(prec=60)


def premium(discount: Decimal | None) -> Cell:
    """A premium, or a discount with its sign, to two places: `-30.2 %`; a bare per cent sign for None."""
    if discount is None:
        return Cell("%", align="right")
    # The added zero takes the sign from a discount that rounds to nothing.
    rounded = _ROUNDING.add(discount.quantize(_HUNDREDTH, ROUND_HALF_UP, _ROUNDING), Decimal(0))
    return Cell(f"{plain(rounded)} %", align="right", value=rounded)


def money(amount: Money | None, *, group: bool = False, key: str = "", sum_of: tuple[str, ...] = ()) -> Cell:
    """`HKD 1.5`, as the forms print a price; blank for None. `group` sets thousands apart."""
    if amount is None:
        return Cell(align="right", key=key)
    text = f"{amount.currency} {grouped(amount.amount)}" if group else str(amount)
    return Cell(text, align="right", value=amount.amount, key=key, sum_of=sum_of)


def amount_pair(
    amount: Money | None, sign: int = 1, *, group: bool = False, key: str = "", sum_of: tuple[str, ...] = ()
) -> tuple[Cell, Cell]:
    """A currency and an amount in two cells, blank for None; `sign` -1 prints a decrease, `group` sets thousands apart."""
    if amount is None:
        return Cell(), Cell(align="right")
    value = amount.amount.copy_negate() if sign < 0 else amount.amount
    text = grouped(value) if group else plain(value)
    return Cell(amount.currency), Cell(text, align="right", value=value, key=key, sum_of=sum_of)
