"""Lines of returns: what one fact, or several that the forms print as one, moved of a class, and at what price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import attrs

from domain import events
from domain.capital.accounts import ISSUED_EXCLUDING_TREASURY, SHARES, change
from domain.capital.balances import Posted
from domain.capital.entries import Entry
from domain.capital.lots import Lot, lots_of, priced
from domain.returns.categories import category
from domain.returns.cells import Figure
from domain.returns.figures import TREASURY_SHARES, blank_if_zero, moved
from domain.returns.forms import Form
from domain.values import Money


@attrs.frozen
class Line:
    """One row of a return: facts of one category, of one scheme or instrument where they have one.

    `category` is worded as on the form; `text` names the scheme or instrument unless the facts' own words do. `occurred_on` is
    the day of the last fact. `issued` and `treasury` are by how much issued shares without treasury, and treasury shares changed.
    `price` is that of a share, the volume-weighted average where there were several (FF305 Note 4, FF304 Note 1).
    """

    posted: tuple[Posted, ...]
    category: str
    text: str | None
    occurred_on: date
    issued: Figure
    treasury: Figure
    price: Money | None


def _lots(posted: Posted) -> tuple[Lot, ...]:
    """Shares with their prices: a cancellation has those of the purchases that it cancels, unless it gives its own."""
    event = posted.entry.event
    shares = event.shares or event.options or (event.awards if isinstance(event, events.AwardsMovement) else None)
    own = lots_of(event, shares or 0, posted.exercise_price)
    if posted.cancelled and all(lot.total is None for lot in own):
        return tuple(tranche.lot for tranche in posted.cancelled)
    return own if shares else ()


def changes_shares(posted: Posted, code: str) -> bool:
    """Whether a fact changes the issued or the treasury shares of a class."""
    return any(change(posted.movements, SHARES, code, names) for names in (ISSUED_EXCLUDING_TREASURY, TREASURY_SHARES))


def texts(entries: Iterable[Entry]) -> str:
    """The words that facts bring for their row, each once; nothing if they bring none."""
    return "; ".join(dict.fromkeys(word for entry in entries if (word := entry.event.text)))


def lines(
    posted: Iterable[Posted],
    code: str,
    form: Form,
    decimals: int,
    names: Mapping[str, str] = MappingProxyType({}),
    *,
    join_days: bool,
) -> list[Line]:
    """The rows of a class: a fact each, but exercises of one scheme and conversions of one instrument together.

    Those of several days stand in one row where `join_days`. `names` are the schemes and instruments that rows name, by code.
    Average prices have `decimals`. In order of their days, and of recording within a day.
    """
    groups: dict[Any, list[Posted]] = {}
    for each in in_order(posted):
        if changes_shares(each, code):
            groups.setdefault(_group(each, join_days=join_days), []).append(each)
    rows = (row for group in groups.values() for row in _rows(tuple(group), code, form, decimals, names))
    return sorted(rows, key=lambda line: line.occurred_on)


def _rows(posted: tuple[Posted, ...], code: str, form: Form, decimals: int, names: Mapping[str, str]) -> Iterator[Line]:
    """The row of facts printed as one; what was paid in several currencies is a row in each, since it has no average price."""
    kind, words = category(posted[0].entry.event), texts(each.entry for each in posted)
    named = names.get(_held_under(posted[0]) or "", "")
    text = "; ".join(filter(None, (named if named not in words else None, words))) or kind.text
    issued, treasury = (moved(posted, accounts, code) for accounts in (ISSUED_EXCLUDING_TREASURY, TREASURY_SHARES))
    lots = [lot for each in posted for lot in _lots(each)]
    shares = sum(lot.shares for lot in lots)
    for own, price in priced(lots, lambda lot: lot, decimals, apart=form.edition.currencies_apart):
        part = Fraction(sum(lot.shares for lot in own), shares) if shares else Fraction(1)
        yield Line(
            posted=posted,
            category=kind.worded(treasury_shares=form.treasury_shares),
            text=text,
            occurred_on=max(each.entry.event.effective_on for each in posted),
            issued=_part(issued, part),
            treasury=blank_if_zero(_part(treasury, part)),
            price=price,
        )


def _part(figure: Figure, part: Fraction) -> Figure:
    return Figure(int((figure.value or 0) * part), figure.entries)


def _group(posted: Posted, *, join_days: bool) -> Any:
    """What facts must share to be printed as one (FF305 Note 2, FF304 Note 3)."""
    event, held_under = posted.entry.event, _held_under(posted)
    day = None if join_days else event.effective_on
    return (held_under, category(event).wording, day) if held_under else posted.entry.number


def _held_under(posted: Posted) -> str | None:
    event = posted.entry.event
    return event.scheme or event.instrument


def remarks(posted: Iterable[Posted]) -> tuple[str, ...]:
    """The remarks that facts bring, each once."""
    return tuple(dict.fromkeys(words for each in in_order(posted) if (words := each.entry.event.remarks)))


def in_order(posted: Iterable[Posted]) -> list[Posted]:
    """Facts by their days, and as they were recorded within a day: the order in which returns print them."""
    return sorted(posted, key=lambda each: (each.entry.event.effective_on, each.entry.number))
