"""From a row of a return to the fact that it prints: its category says which, the reports of trades say how."""

from __future__ import annotations

import re
from calendar import month_name
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain, combinations
from types import MappingProxyType
from typing import Any, TypeVar

import attrs

from domain import events
from domain.events import Event
from domain.events.fields import FieldError
from domain.events.structured import Trade
from domain.returns.categories import CANCELLED, CATEGORIES, DIRECTOR, OTHER, PART_B_WORDING, PENDING, TREASURY
from domain.returns.cells import letters_and_digits
from domain.returns.documents import NextDayReturn, TradeReport, TradeRow
from domain.returns.proposals import Known
from domain.values import Money

Named = TypeVar("Named")
Instrument = TypeVar("Instrument", bound=events.InstrumentIssued)


@attrs.frozen
class ReturnRow:
    """What a row prints of a movement: signed numbers of shares; `general_meeting_on` in the Monthly Return alone."""

    share_class: str
    category: str
    text: str | None
    on: date
    issued: int
    treasury: int
    price: Money | None
    closing_market_price: Money | None = None
    general_meeting_on: date | None = None

    @property
    def shares(self) -> int:
        """How many shares moved."""
        return abs(self.issued) or abs(self.treasury)


@attrs.frozen
class Trades:
    """The reports of a return about one class: what was traded on a day, and under which mandate."""

    document: NextDayReturn | None
    heading_code: str
    known: Known

    def of(self, field: str, on: date, shares: int) -> tuple[Trade, ...]:
        """The trades of a day that make up a number of shares.

        Where the day has rows for several purposes, and its trades are theirs, those that make up the number in one way alone.
        """
        found = [_trade(row) for report in self._reports(field) for row in report.rows if row.traded_on == on]
        trades = tuple(trade for trade in found if trade is not None)
        traded = sum(trade.shares for trade in trades)
        if traded == shares:
            return trades
        if traded != self._moved(on) or len(trades) > _MOST_TRADES:
            return ()
        some = chain.from_iterable(combinations(trades, number) for number in range(1, len(trades)))
        fitting = [each for each in some if sum(trade.shares for trade in each) == shares]
        return fitting[0] if len(fitting) == 1 else ()

    def _moved(self, on: date) -> int:
        """The shares of a day's rows of the class."""
        sections = self.document.sections if self.document is not None else ()
        moved = 0
        for section in sections:
            if section.heading.code == self.heading_code:
                moved += sum(row.shares.value or 0 for row in section.pending if row.changed_on == on)
                moved += sum(abs(row.treasury.value or 0) for row in section.changes if row.changed_on == on)
        return moved

    def mandate(self, field: str, purpose: str) -> str | None:
        """The mandate that the report of the class names."""
        blocks = (report.mandate for report in self._reports(field))
        granted = next((block.granted_on for block in blocks if block is not None and block.granted_on is not None), None)
        return self.known.mandate(purpose, granted) if granted is not None else None

    def _reports(self, field: str) -> list[TradeReport]:
        reports: Sequence[TradeReport] = getattr(self.document, field, ())
        return [report for report in reports if report.heading.code == self.heading_code]


_MOST_TRADES = 10
"""Of more, some can be chosen in too many ways to look at each."""


def _trade(row: TradeRow) -> Trade | None:
    """A row of a report as a trade; None if it is not complete."""
    if row.price is None or row.total is None or not row.shares.value or not row.method:
        return None
    prices = {"highest": row.price, "lowest": row.lowest} if row.lowest is not None else {"price": row.price}
    try:
        return Trade(row.method, row.shares.value, row.total, **prices)
    except ValueError:
        return None


@attrs.frozen
class Reading:
    """A row with what its category says: how the shares were moved, such as out of treasury or for a director."""

    row: ReturnRow
    trades: Trades
    variant: str

    @property
    def known(self) -> Known:
        """What the book has."""
        return self.trades.known

    @property
    def moved(self) -> dict[str, Any]:
        """The day, the class and the number."""
        return {"effective_on": self.row.on, "share_class": self.row.share_class, "shares": self.row.shares}

    @property
    def out_of_treasury(self) -> bool:
        """Whether treasury shares were transferred."""
        return self.variant.startswith(TREASURY)


def fact_of(row: ReturnRow, trades: Trades) -> Event | None:
    """The fact that a row prints; None if its category does not say which."""
    kind, variant = kind_of(row)
    if kind is None:
        return None
    reading = Reading(row, trades, variant)
    if issubclass(kind, events.IssueOfShares):
        return kind(
            **reading.moved, price=row.price, closing_market_price=row.closing_market_price, text=own_text(row, kind, variant),
            treasury_shares=reading.out_of_treasury, general_meeting_on=row.general_meeting_on,
        )  # fmt: skip
    maker = _MAKERS.get(kind)
    return maker(reading) if maker is not None else None


def own_text(row: ReturnRow, kind: type[Event], variant: str) -> str | None:
    """The words of a row that are not those of its category."""
    usual = CATEGORIES[kind][variant].text if variant in CATEGORIES[kind] else None
    return row.text if row.text != usual else None


# --- Which fact a category names ----------------------------------------------------------------------------------------


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def _by_wording() -> Mapping[str, tuple[type[Event], str]]:
    found: dict[str, tuple[type[Event], str]] = {}
    for kind, rows in CATEGORIES.items():
        for variant, category in rows.items():
            for words in (category.wording, category.before_june_2024):
                named = category.text if words == OTHER else words
                if named is not None:
                    found.setdefault(_letters(named), (kind, variant))
    for redeemed, words in PART_B_WORDING.items():
        found[_letters(words)] = (events.SharesRedeemed if redeemed else events.SharesRepurchased, PENDING)
    return MappingProxyType(found)


_BY_WORDING = _by_wording()


def kind_of(row: ReturnRow) -> tuple[type[Event] | None, str]:
    """The kind of fact that a row names by its category, or under `Other` by its words, and how it was done."""
    named = _BY_WORDING.get(_letters(row.category)) or _BY_WORDING.get(_letters(row.text or ""))
    if named is not None:
        return named
    # FF301 before June 2024 lists cancellations under this name.
    if _letters(row.category) == "repurchaseofshares":
        return events.RepurchasedSharesCancelled, CANCELLED
    if row.category.startswith("Redemption"):
        return events.SharesRedeemed, CANCELLED
    if row.issued > 0 and not row.treasury:
        return events.OtherSharesIssued, "new shares"
    return None, ""


def _cancelled(reading: Reading) -> Event:
    """A cancellation of the purchases of the days in its words, if all of these are pending and make up the number."""
    row, known = reading.row, reading.known
    days = _days_in(row.text or "")
    pending: Counter[date] = Counter()
    for fact in known.of(events.SharesRepurchased):
        if fact.intention == "cancellation" and fact.share_class == row.share_class:
            pending[fact.effective_on] += fact.shares
    for brought in known.of(events.BalanceBroughtForward):
        if brought.share_class == row.share_class:
            pending.update({each.bought_on: each.shares for each in brought.tranches})
    exact = bool(days) and sum(pending[day] for day in days) == row.shares
    bought_on = tuple(days) if exact else ()
    return events.RepurchasedSharesCancelled(**reading.moved, bought_on=bought_on, mandate=_mandate_of(row, known, days))


def _mandate_of(row: ReturnRow, known: Known, days: Sequence[date]) -> str | None:
    """The mandate of the meeting that the row names, or else the one of all the purchases that are cancelled."""
    if row.general_meeting_on is not None:
        return known.mandate("repurchase", row.general_meeting_on)
    bought_under = {
        fact.mandate
        for fact in known.of(events.SharesRepurchased)
        if fact.share_class == row.share_class and (not days or fact.effective_on in days)
    }
    return next(iter(bought_under)) if len(bought_under) == 1 else None


def _days_in(text: str) -> list[date]:
    """The days in a text, each once; none if one of them does not exist."""
    try:
        found = [date(int(year), _MONTHS.index(month) + 1, int(day)) for day, month, year in _DAY.findall(text)]
    except ValueError:
        return []
    return list(dict.fromkeys(found))


_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(tuple(month_name)[1:])}) (\d{{4}})")
_MONTHS = tuple(month_name)[1:]


def _bought(reading: Reading) -> Event:
    """A purchase, with its trades where the return reports them."""
    row, trades = reading.row, reading.trades
    listed = trades.of("repurchases", row.on, row.shares)
    return events.SharesRepurchased(
        **reading.moved, intention="cancellation" if reading.variant == PENDING else "treasury",
        price=None if listed else row.price, trades=listed, mandate=trades.mandate("repurchases", "repurchase"),
    )  # fmt: skip


def _redeemed(reading: Reading) -> Event:
    """A redemption, or the cancellation of shares that were redeemed on a day before: the forms word both alike."""
    row, known, pending = reading.row, reading.known, reading.variant == PENDING
    earlier = [fact for fact in known.facts if fact.effective_on < row.on and known.class_of(fact) == row.share_class]
    redeemed = sum(fact.shares for fact in earlier if isinstance(fact, events.SharesRedeemed) and not fact.cancelled)
    cancelled = sum(fact.shares for fact in earlier if isinstance(fact, events.RedeemedSharesCancelled))
    if not pending and row.shares <= redeemed - cancelled:
        return events.RedeemedSharesCancelled(**reading.moved, price=row.price)
    return events.SharesRedeemed(**reading.moved, price=row.price, cancelled=not pending)


def _sold(reading: Reading) -> Event:
    row, trades = reading.row, reading.trades
    listed = trades.of("treasury_sales", row.on, row.shares)
    return events.TreasurySharesSold(
        **reading.moved, price=None if listed else row.price, trades=listed, mandate=trades.mandate("treasury_sales", "issue")
    )


def _under_scheme(reading: Reading) -> Event | None:
    row = reading.row
    scheme = scheme_named(row.text or "", row.share_class, reading.known)
    if scheme is None:
        return None
    return events.OptionsExercised(
        effective_on=row.on, scheme=scheme, options=row.shares, price=row.price,
        treasury_shares=reading.out_of_treasury, director=reading.variant.endswith(DIRECTOR),
    )  # fmt: skip


def scheme_named(text: str, share_class: str, known: Known, others: Collection[str] = ()) -> str | None:
    """The scheme whose particulars stand in some words; the only one of a class where the words name none.

    Where the particulars of one are a part of another's, the longer are meant. `others` are the words of other rows, whose
    schemes this row does not name.
    """
    schemes = [each for each in known.of(events.SchemeAdopted) if each.share_class == share_class and not each.awards]
    elsewhere = {letters_and_digits(each) for each in others} - {letters_and_digits(text)}
    here = [each for each in schemes if letters_and_digits(each.particulars) not in elsewhere]
    named = _longest_in(text, here, lambda each: each.particulars)
    if named is not None:
        return named.scheme
    return schemes[0].scheme if len(schemes) == 1 and not text else None


def _longest_in(text: str, items: Iterable[Named], words: Callable[[Named], str]) -> Named | None:
    """The item with the longest words of those whose words stand in a text."""
    spelled = letters_and_digits(text)
    found = (each for each in items if letters_and_digits(words(each)) in spelled)
    return max(found, key=lambda each: len(letters_and_digits(words(each))), default=None)


def _converted(reading: Reading) -> Event | None:
    """A conversion of the amount that its shares cost at its price; None if that is not a principal amount of the instrument."""
    row, instrument = reading.row, _instrument(reading.row, reading.known, events.ConvertiblesIssued)
    if instrument is None:
        return None
    prices = (row.price, *(each.price for each in _adjusted(instrument, row, reading.known)), instrument.price)
    price = next((each for each in prices if each is not None), None)
    if price is None or price.currency != instrument.amount.currency:
        return None
    try:
        return events.ConvertiblesConverted(
            effective_on=row.on, instrument=instrument.instrument, shares=row.shares, amount=price.times(row.shares),
            price=row.price, treasury_shares=reading.out_of_treasury,
        )  # fmt: skip
    except FieldError:
        return None


def _exercised(reading: Reading) -> Event | None:
    """An exercise of as many warrants as carry the shares; None if these are not a whole number, or their terms were adjusted."""
    row, instrument = reading.row, _instrument(reading.row, reading.known, events.WarrantsIssued)
    if instrument is None or not instrument.shares or any(each.shares for each in _adjusted(instrument, row, reading.known)):
        return None
    warrants, rest = divmod(row.shares * instrument.warrants, instrument.shares)
    if rest:
        return None
    return events.WarrantsExercised(
        effective_on=row.on, instrument=instrument.instrument, shares=row.shares, warrants=warrants, price=row.price,
        treasury_shares=reading.out_of_treasury,
    )  # fmt: skip


def _adjusted(instrument: events.InstrumentIssued, row: ReturnRow, known: Known) -> list[events.InstrumentTermsAdjusted]:
    """The adjustments of an instrument's terms until the day of a row, the last first."""
    of_it = (each for each in known.of(events.InstrumentTermsAdjusted) if each.instrument == instrument.instrument)
    return sorted((each for each in of_it if each.effective_on <= row.on), key=lambda each: each.effective_on, reverse=True)


def _instrument(row: ReturnRow, known: Known, kind: type[Instrument]) -> Instrument | None:
    over = [each for each in known.of(kind) if each.share_class == row.share_class]
    named = _longest_in(row.text or "", over, lambda each: each.description)
    return named or (over[0] if len(over) == 1 else None)


def named_by(row: ReturnRow, kind: type[Event], known: Known) -> str | None:
    """The code of the scheme or instrument that a row names."""
    if kind is events.OptionsExercised:
        return scheme_named(row.text or "", row.share_class, known)
    instruments = {events.ConvertiblesConverted: events.ConvertiblesIssued, events.WarrantsExercised: events.WarrantsIssued}
    instrument = _instrument(row, known, instruments[kind]) if kind in instruments else None
    return instrument.instrument if instrument is not None else None


def _class_a_converted(reading: Reading) -> Event | None:
    """A conversion stands in the blocks of both classes: it is read from the one that grows."""
    row, other = reading.row, converts_with(reading.row, reading.known)
    if other is None or row.issued < 0:
        return None
    return events.ClassAConvertedToB(effective_on=row.on, shares=row.shares, from_class=other, to_class=row.share_class)


def converts_with(row: ReturnRow, known: Known) -> str | None:
    """The class with which that of a row converts one for one: the other of two that go by a letter (rule 8A.21)."""
    letters = {each.share_class for each in known.of(events.ShareClassCreated) if len(each.share_class) == 1}
    others = letters - {row.share_class}
    return others.pop() if row.share_class in letters and len(others) == 1 else None


_MAKERS: Mapping[type[Event], Callable[[Reading], Event | None]] = {
    events.RepurchasedSharesCancelled: _cancelled,
    events.SharesRepurchased: _bought,
    events.SharesRedeemed: _redeemed,
    events.TreasurySharesSold: _sold,
    events.TreasurySharesCancelled: lambda reading: events.TreasurySharesCancelled(**reading.moved),
    events.OptionsExercised: _under_scheme,
    events.ConvertiblesConverted: _converted,
    events.WarrantsExercised: _exercised,
    events.ClassAConvertedToB: _class_a_converted,
}
