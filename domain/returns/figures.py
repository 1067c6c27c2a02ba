"""Figures and lines of returns: what facts moved of a class, what stood before and after, at what price, from which entries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import attrs

from domain import events
from domain.capital.accounts import ISSUED_EXCLUDING_TREASURY, SHARES, TOTAL_ISSUED, TREASURY, change
from domain.capital.balances import Posted
from domain.capital.entries import Entry
from domain.capital.ledger import Period
from domain.capital.lots import Lot, lots_of, priced
from domain.returns.categories import OTHER, category
from domain.returns.cells import BLANK, Figure
from domain.returns.documents import BalanceLine
from domain.returns.forms import Form
from domain.values import EXACT, Money

TREASURY_SHARES = (TREASURY,)


def moved(posted: Iterable[Posted], names: tuple[str, ...], code: str, book: str = SHARES) -> Figure:
    """By how much postings change a named sum, and which entries do; a figure of zero keeps its entries."""
    changes = {each.entry.number: change(each.movements, book, code, names) for each in posted}
    return Figure(sum(changes.values()), tuple(number for number, delta in changes.items() if delta))


def in_a_period(period: Period, names: tuple[str, ...], code: str, book: str = SHARES) -> tuple[Figure, Figure, Figure]:
    """A named sum at the opening of a period, by how much it moved, and at its close, with the entries that each comes from."""
    value = period.opening.total(book, code, *names)
    before, during = (moved(each.get((book, code), ()), names, code, book) for each in (period.moved_before, period.moving))
    return Figure(value, before.entries), during, Figure(value + (during.value or 0), (*before.entries, *during.entries))


def closing(period: Period, names: tuple[str, ...], code: str, book: str = SHARES) -> Figure:
    """A named sum at the close of a period."""
    return in_a_period(period, names, code, book)[2]


def blank_if_zero(figure: Figure, *, zeros: bool = False) -> Figure:
    """As the forms print movements: nothing rather than 0, unless the issuer prints `zeros`."""
    return figure if figure.value or zeros else BLANK


def balance_lines(
    period: Period, code: str, issued: tuple[str, ...] = ISSUED_EXCLUDING_TREASURY
) -> tuple[BalanceLine, BalanceLine, BalanceLine]:
    """Issued, treasury and total of a class: at the opening of a period, by how much they moved, and at its close."""
    sums = (issued, TREASURY_SHARES, TOTAL_ISSUED)
    before, movement, after = zip(*(in_a_period(period, names, code) for names in sums), strict=True)
    return BalanceLine(*before), BalanceLine(*movement), BalanceLine(*after)


def by_currency(amounts: Iterable[Money | None]) -> tuple[Money, ...]:
    """Amounts of money added up, one sum for each currency in order of appearance."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for amount in amounts:
        if amount is not None:
            sums[amount.currency] = EXACT.add(sums[amount.currency], amount.amount)
    return tuple(Money(currency, total) for currency, total in sums.items())


# --- lines ----------------------------------------------------------------------------------------------------------


@attrs.frozen
class Line:
    """One row of a return: facts of one category, of one scheme or instrument where they have one.

    `posted` are its facts, a cancellation with the purchases of the row alone. `category` is worded as on the form; `text` names
    the scheme or instrument unless the facts' own words do. `occurred_on` is the day of the last fact. `issued` and `treasury`
    are by how much issued shares without treasury, and treasury shares changed. `price` is that of a share, the volume-weighted
    average where there were several (FF305 Note 4, FF304 Note 1).
    """

    posted: tuple[Posted, ...]
    category: str
    text: str | None
    occurred_on: date
    issued: Figure
    treasury: Figure
    price: Money | None


Priced = tuple[Posted, Lot]
"""Shares with their price, and the fact that moved them."""


def _lots(posted: Posted) -> list[Priced]:
    """The lots of a fact. A cancellation has one for each purchase that it cancels, at its own price if it gives one."""
    event = posted.entry.event
    if posted.cancelled:
        tranches = ((posted._replace(cancelled=(each,)), each.lot) for each in posted.cancelled)
        return [(alone, Lot(lot.shares, event.price) if event.price else lot) for alone, lot in tranches]
    shares = event.shares or event.options or (event.awards if isinstance(event, events.AwardsMovement) else None)
    return [(posted, lot) for lot in lots_of(event, shares, posted.exercise_price)] if shares else []


def changes_shares(posted: Posted, code: str) -> bool:
    """Whether a fact changes the issued or the treasury shares of a class."""
    return any(change(posted.movements, SHARES, code, names) for names in (ISSUED_EXCLUDING_TREASURY, TREASURY_SHARES))


def texts(entries: Iterable[Entry]) -> str:
    """The words that facts bring for their row, each once; nothing if they bring none."""
    return "; ".join(dict.fromkeys(word for entry in entries if (word := entry.event.text)))


@attrs.frozen(kw_only=True)
class Rows:
    """How a form prints the facts that changed the shares of a class.

    A fact has a row; exercises of one scheme, and conversions of one instrument, share one. Facts of several
    days share one if `join_days`; facts that differ in `apart_by` never do. `names` are the schemes and instruments that rows
    name, by code. Average prices have `decimals`.
    """

    form: Form
    code: str
    decimals: int
    join_days: bool
    names: Mapping[str, str] = MappingProxyType({})
    apart_by: Callable[[Posted], Hashable] = lambda _: None

    def of(self, posted: Iterable[Posted]) -> list[Line]:
        """The rows of facts, by their days, and as they were recorded within a day."""
        groups: dict[Hashable, list[Posted]] = {}
        for each in in_order(posted):
            groups.setdefault(_group(each, join_days=self.join_days), []).append(each)
        rows = (row for group in groups.values() for row in self._of_group(tuple(group)))
        return sorted(rows, key=lambda line: line.occurred_on)

    def _of_group(self, posted: tuple[Posted, ...]) -> Iterator[Line]:
        form, kind, named = self.form, category(posted[0].entry.event), self.names.get(_held_under(posted[0]) or "", "")
        worded = kind.wording if form.treasury_shares else kind.before_june_2024
        # Forms that know nothing of treasury shares have no category for them.
        specified = kind.text or (kind.wording if worded == OTHER and form.edition.treasury_counted else None)
        lots = [lot for each in posted for lot in _lots(each)]
        for own, price in self._priced(lots):
            facts = tuple(each for each, _ in own) or posted
            words = texts(each.entry for each in facts)
            issued, treasury = (_moved(facts, own, lots, sums, self.code) for sums in (form.issued, TREASURY_SHARES))
            yield Line(
                posted=facts,
                category=worded,
                text="; ".join(filter(None, (named if named not in words else None, words))) or specified,
                occurred_on=max(each.entry.event.effective_on for each in facts),
                issued=issued,
                treasury=treasury,
                price=price,
            )

    def _priced(self, lots: Sequence[Priced]) -> Iterator[tuple[Sequence[Priced], Money | None]]:
        """The lots of each row with their price: those paid in several currencies have no average, and are a row in each."""
        kinds: dict[Hashable, list[Priced]] = {} if lots else {None: []}
        for each in lots:
            kinds.setdefault(self.apart_by(each[0]), []).append(each)
        apart, small = self.form.edition.currencies_apart, self.form.edition.small_averages
        for alike in kinds.values():
            yield from priced(alike, lambda each: each[1], self.decimals, apart=apart, small=small)


def _moved(facts: Iterable[Posted], own: Sequence[Priced], lots: Sequence[Priced], names: tuple[str, ...], code: str) -> Figure:
    """What the facts of a row moved: of a fact with lots in several rows, the part of its lots in this one."""
    whole = moved(facts, names, code)
    if len(own) == len(lots):
        return whole
    here, all_lots = _shares_by_entry(own), _shares_by_entry(lots)
    changes = {each.entry.number: change(each.movements, SHARES, code, names) for each in facts}
    return Figure(sum(delta * here[number] // all_lots[number] for number, delta in changes.items()), whole.entries)


def _shares_by_entry(lots: Iterable[Priced]) -> Counter[int]:
    found: Counter[int] = Counter()
    for posted, lot in lots:
        found[posted.entry.number] += lot.shares
    return found


def _group(posted: Posted, *, join_days: bool) -> Hashable:
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


def words_below(posted: Iterable[Posted], form: Form) -> tuple[str, ...]:
    """What facts say below parts (A) to (D), whose rows have no place for a text of theirs: texts and remarks, each once."""
    found = in_order(posted)
    if not form.edition.names_in_full:
        return remarks(found)
    said = (words for each in found for words in (each.entry.event.text, each.entry.event.remarks))
    return tuple(dict.fromkeys(words for words in said if words))


def in_order(posted: Iterable[Posted]) -> list[Posted]:
    """Facts by their days, and as they were recorded within a day: the order in which returns print them."""
    return sorted(posted, key=lambda each: (each.entry.event.effective_on, each.entry.number))
