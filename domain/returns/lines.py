"""Lines of returns: what one fact, or several that the forms print as one, moved of a class, and at what price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import attrs

from domain import events
from domain.capital.accounts import ISSUED_EXCLUDING_TREASURY, SHARES, change
from domain.capital.balances import Posted
from domain.capital.entries import Entry
from domain.capital.ledger import Period
from domain.capital.pending_cancellation import lots_of
from domain.capital.securities import Lot, average_price, with_an_average
from domain.capital.terms import Terms
from domain.returns.categories import Category, category
from domain.returns.cells import Figure
from domain.returns.figures import TREASURY_SHARES, blank_if_zero, moved
from domain.values import Money


@attrs.frozen
class Line:
    """One row of a return: facts of one category, of one scheme or instrument where they have one, then `named` in the row.

    `lots` are the shares with their prices; the row is about a `part` of what the facts moved where it has some of them only.
    """

    posted: tuple[Posted, ...]
    code: str
    lots: tuple[Lot, ...]
    named: str | None = None
    part: Fraction = Fraction(1)

    @property
    def category(self) -> Category:
        """How the forms name these facts."""
        return category(self.posted[0].entry.event)

    @property
    def occurred_on(self) -> date:
        """The day of the fact, the last one where there are several."""
        return max(each.entry.event.effective_on for each in self.posted)

    @property
    def text(self) -> str | None:
        """The scheme or instrument, unless the facts' own words name it, then these words, or those of the category."""
        words = texts(each.entry for each in self.posted)
        named = self.named if self.named and self.named not in words else None
        return "; ".join(filter(None, (named, words))) or self.category.text

    @property
    def issued(self) -> Figure:
        """By how much the issued shares excluding treasury shares changed."""
        return self._part(moved(self.posted, ISSUED_EXCLUDING_TREASURY, self.code))

    @property
    def treasury(self) -> Figure:
        """By how much the treasury shares changed; blank if they did not."""
        return blank_if_zero(self._part(moved(self.posted, TREASURY_SHARES, self.code)))

    def _part(self, figure: Figure) -> Figure:
        return Figure(int((figure.value or 0) * self.part), figure.entries)

    def price(self, decimals: int) -> Money | None:
        """The price of a share; the volume-weighted average where there were several (FF305 Note 4, FF304 Note 1)."""
        return average_price(self.lots, decimals)


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
    names: Mapping[str, str] = MappingProxyType({}),
    *,
    join_days: bool,
    currencies_apart: bool,
) -> list[Line]:
    """The rows of a class: a fact each, but exercises of one scheme and conversions of one instrument together.

    Those of several days stand in one row where `join_days`. `names` are the schemes and instruments that rows name, by code.
    What was paid in several currencies is a row in each where `currencies_apart`, since it has no average price. In order of
    their days, and of recording within a day.
    """
    groups: dict[Any, list[Posted]] = {}
    for each in in_order(posted):
        if changes_shares(each, code):
            groups.setdefault(_group(each, join_days=join_days), []).append(each)
    rows = [_line(tuple(group), code, names) for group in groups.values()]
    found = [each for row in rows for each in (_in_each_currency(row) if currencies_apart else [row])]
    return sorted(found, key=lambda line: line.occurred_on)


def _line(posted: tuple[Posted, ...], code: str, names: Mapping[str, str]) -> Line:
    lots = tuple(lot for each in posted for lot in _lots(each))
    return Line(posted, code, lots, names.get(_held_under(posted[0]) or ""))


def _in_each_currency(line: Line) -> list[Line]:
    parts = with_an_average(line.lots, lambda lot: lot)
    shares = sum(lot.shares for lot in line.lots)
    if len(parts) < 2:
        return [line]
    return [attrs.evolve(line, lots=tuple(part), part=Fraction(sum(lot.shares for lot in part), shares)) for part in parts]


def _group(posted: Posted, *, join_days: bool) -> Any:
    """What facts must share to be printed as one (FF305 Note 2, FF304 Note 3)."""
    event, held_under = posted.entry.event, _held_under(posted)
    day = None if join_days else event.effective_on
    return (held_under, category(event).wording, day) if held_under else posted.entry.number


def _held_under(posted: Posted) -> str | None:
    event = posted.entry.event
    return event.scheme or event.instrument


def names_of(terms: Terms) -> Mapping[str, str]:
    """What identifies each scheme and each instrument in a row, by code (FF305 Note 2)."""
    return {
        **{code: scheme.particulars for code, scheme in terms.schemes.items()},
        **{code: right.description for code, right in terms.instruments.items()},
    }


def approved_on(event: events.Event, period: Period) -> date | None:
    """The day of the general meeting that approved a movement: its mandate's or agreement's, or one of its own."""
    terms = period.closing.terms
    agreement = terms.agreements.get(event.agreement or "")
    mandate = terms.mandates.get(event.mandate or (agreement.mandate if agreement else None) or "")
    return mandate.granted_on if mandate else event.general_meeting_on


def remarks(posted: Iterable[Posted]) -> tuple[str, ...]:
    """The remarks that facts bring, each once."""
    return tuple(dict.fromkeys(words for each in in_order(posted) if (words := each.entry.event.remarks)))


def in_order(posted: Iterable[Posted]) -> list[Posted]:
    """Facts by their days, and as they were recorded within a day: the order in which returns print them."""
    return sorted(posted, key=lambda each: (each.entry.event.effective_on, each.entry.number))
