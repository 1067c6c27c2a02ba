"""Why a published return and a book may print something else: what a person would look for first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from domain.returns.cells import Percentage, PrintedPercentage
from domain.returns.documents import MonthlyReturn, Return
from domain.returns.identity import rounds_to
from domain.returns.printed import at_path
from domain.values import Money, rounded_ratio


@attrs.frozen
class Pair:
    """A cell of the published return, the cell of the book beside it, and where it stands in the published return."""

    there: Any
    here: Any
    path: str
    published: Return


Reason = Callable[[Pair], str]
"""The likely reason why two cells differ; empty if it is none."""


def of_difference(pair: Pair) -> str:
    """The first reason that fits."""
    return next(filter(None, (reason(pair) for reason in REASONS)), "")


def of_missing(item: Any, *, published: bool) -> str:
    """Why a row stands in one of the two alone."""
    category = (getattr(item, "category", "") or "").casefold()
    purchase = "repurchase" in category or hasattr(item, "traded_on")
    if published:
        return "a purchase that is not yet recorded in the book" if purchase else "not recorded in the book"
    return "recorded in the book, and not in this return"


# --- The reasons --------------------------------------------------------------------------------------------------------


def _blank(pair: Pair) -> str:
    if pair.there is None:
        return "blank in the published return"
    return "" if pair.here is not None else "nothing of it in the book"


def _decimals(pair: Pair) -> str:
    if not isinstance(pair.there, PrintedPercentage) or not isinstance(pair.here, PrintedPercentage):
        return ""
    shorter, longer = sorted((pair.there.rounded, pair.here.rounded), key=_places)
    rounded = rounded_ratio(longer, Decimal(1), _places(shorter))
    return f"other decimals: {_places(pair.there.rounded)} instead of {_places(pair.here.rounded)}" if rounded == shorter else ""


def _places(number: Decimal) -> int:
    return len(str(number).partition(".")[2])


def _base(pair: Pair) -> str:
    if not isinstance(pair.there, PrintedPercentage) or isinstance(pair.published, MonthlyReturn):
        return ""
    row = at_path(pair.published, pair.path.rpartition(".")[0])
    figure = getattr(row, "issued", None) or getattr(row, "shares", None) or getattr(row, "used", None)
    if figure is None or not figure.value:
        return ""
    places = max(2, _places(pair.there.rounded))
    fitting = [name for name, base in _bases(pair) if rounds_to(figure.value, base, pair.there, places)]
    return f"another base: it is of {fitting[0]}" if fitting else ""


def _bases(pair: Pair) -> Iterator[tuple[str, int]]:
    """What percentages are taken of by one issuer or another, in words."""
    sections = getattr(pair.published, "sections", ())
    opening = {each.heading.code: each.opening.issued.value or each.opening.total.value or 0 for each in sections}
    pending = {each.heading.code: sum(row.shares.value or 0 for row in each.pending) for each in sections}
    own = at_path(pair.published, f"{pair.path.partition(']')[0]}]").heading.code
    if own in opening:
        yield "the opening balance of its class", opening[own]
        yield "the opening balance of its class without shares not yet cancelled", opening[own] - pending[own]
    yield "the opening balances of all classes", sum(opening.values())
    yield "the opening balances of all classes without shares not yet cancelled", sum(opening.values()) - sum(pending.values())


def _currency(pair: Pair) -> str:
    different = isinstance(pair.there, Money) and isinstance(pair.here, Money) and pair.there.currency != pair.here.currency
    return "another currency" if different else ""


def _digits(pair: Pair) -> str:
    one, other = _digits_of(pair.there), _digits_of(pair.here)
    if one is None or other is None:
        return ""
    if one == other:
        return "the decimal point stands elsewhere"
    if len(one) == len(other) and sorted(one) == sorted(other):
        return "digits swapped"
    if len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1:
        return "one digit differs"
    longer, shorter = sorted((one, other), key=len, reverse=True)
    if len(longer) == len(shorter) + 1 and any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))):
        return "one digit more" if len(one) > len(other) else "one digit less"
    return ""


def _digits_of(value: Any) -> str | None:
    if isinstance(value, Money):
        value = value.amount
    if isinstance(value, PrintedPercentage | Percentage):
        return None
    return "".join(filter(str.isdigit, str(value))) if isinstance(value, int | Decimal) else None


def _sign(pair: Pair) -> str:
    return "the sign differs" if isinstance(pair.there, int) and isinstance(pair.here, int) and pair.there == -pair.here else ""


def _day(pair: Pair) -> str:
    if not isinstance(pair.there, date) or not isinstance(pair.here, date):
        return ""
    if pair.path.endswith("opening.on"):
        section = at_path(pair.published, pair.path.rpartition(".opening")[0])
        if pair.there == section.closing.on:
            return "the opening date slipped: it is the closing date"
    if (pair.there.day, pair.there.month) == (pair.here.day, pair.here.month):
        return "another year"
    return "day and month swapped" if (pair.there.day, pair.there.month) == (pair.here.month, pair.here.day) else ""


def _follows(pair: Pair) -> str:
    """A balance differs by what is in one of the two alone."""
    if not isinstance(pair.there, int) or not isinstance(pair.here, int):
        return ""
    return f"{abs(pair.there - pair.here):,} {'more' if pair.there > pair.here else 'less'} than in the book"


REASONS: tuple[Reason, ...] = (_blank, _sign, _decimals, _base, _currency, _digits, _day, _follows)
