"""Which changes call for a Next Day Disclosure Return: the two lists of rule 13.25A(2), and the 5 % test of 13.25A(3).

An event on the (a) list always does. Events on the (b) list do once they come to 5 % of the issued shares, alone or together,
and whenever an (a) event occurs while they are undisclosed. The lists are dated: those since 11 June 2024 know treasury shares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby

import attrs

from domain import events
from domain.capital.accounts import ISSUED_EXCLUDING_TREASURY, SHARES, TOTAL_ISSUED, TREASURY, change
from domain.capital.balances import Posted
from domain.capital.entries import Entry
from domain.capital.position import Position
from domain.events import Event
from domain.law.parameters import TREASURY_REGIME
from domain.law.rule import UNVERIFIED, VERIFIED

ALWAYS, AT_FIVE_PERCENT = "a", "b"


@attrs.frozen
class Trigger:
    """A line of the lists of rule 13.25A(2): its code, which events it is about, and how sure we are that it is.

    `director` is True if it is about directors of the issuer alone, False where about all others.
    """

    code: str
    title: str
    kinds: tuple[type[Event], ...]
    confidence: str
    director: bool | None = None
    in_force_from: date = date.min
    in_force_until: date | None = None

    @property
    def always(self) -> bool:
        """Whether it calls for a return whatever its size."""
        return self.code.startswith(ALWAYS)

    @property
    def citation(self) -> str:
        """The line as lawyers cite it: 13.25A(2)(a)(i)."""
        listed, number = self.code.split(".")
        return f"13.25A(2)({listed})({number})"

    def covers(self, event: Event) -> bool:
        """Whether the line is about an event, as the lists stood on its day."""
        day = event.effective_on
        dated = self.in_force_from <= day and (self.in_force_until is None or day < self.in_force_until)
        return dated and type(event) in self.kinds and self.director in (None, event.director)


def _until(day: date, *items: Trigger) -> tuple[Trigger, ...]:
    return tuple(attrs.evolve(item, in_force_until=day) for item in items)


def _since(day: date, *items: Trigger) -> tuple[Trigger, ...]:
    return tuple(attrs.evolve(item, in_force_from=day) for item in items)


_IN_BOTH = (
    Trigger("a.i", "placing", (events.PlacingCompleted,), VERIFIED),
    Trigger("a.ii", "consideration issue", (events.ConsiderationSharesIssued,), VERIFIED),
    Trigger("a.iii", "open offer", (events.OpenOfferCompleted,), VERIFIED),
    Trigger("a.iv", "rights issue", (events.RightsIssueCompleted,), VERIFIED),
    Trigger("a.v", "bonus issue", (events.BonusIssueCompleted,), VERIFIED),
    Trigger("a.vi", "scrip dividend", (events.ScripDividendIssued,), VERIFIED),
)
_REORGANISED = (events.SharesSubdivided, events.SharesConsolidated)
_OTHERS = (
    events.GlobalOfferingCompleted,
    events.OverAllotmentOptionExercised,
    events.OtherSharesIssued,
    events.ClassAConvertedToB,
    events.FullCirculationCompleted,
)

# The list until 10 June 2024 names neither awards nor what becomes of shares once they are bought. Awards are taken as any
# other change. A cancellation is taken with redemptions: the return of 30 December 2022 shows it beside an (a) event, and a
# form of those years asks for cancellations as further lines of the next return, not for a return of their own.
_BEFORE = _until(
    TREASURY_REGIME,
    *_IN_BOTH,
    Trigger("a.vii", "repurchase of shares", (events.SharesRepurchased,), VERIFIED),
    Trigger("a.viii", "option of a director under the share option scheme", (events.OptionsExercised,), VERIFIED, True),
    Trigger("a.ix", "option of a director outside the share option scheme", (), VERIFIED, True),
    Trigger("a.x", "capital reorganisation", _REORGANISED, VERIFIED),
    Trigger("a.xi", "any other change of issued shares", _OTHERS, VERIFIED),
    Trigger("a.xi", "any other change: an award met", (events.AwardsVested,), UNVERIFIED),
    Trigger("a.xi", "any other change: treasury shares", (events.TreasurySharesSold, events.TreasurySharesCancelled), UNVERIFIED),
    Trigger("b.i", "option under a share option scheme, not of a director", (events.OptionsExercised,), VERIFIED, False),
    Trigger("b.ii", "option outside a share option scheme, not of a director", (), VERIFIED, False),
    Trigger("b.iii", "exercise of a warrant", (events.WarrantsExercised,), VERIFIED),
    Trigger("b.iv", "conversion of convertible securities", (events.ConvertiblesConverted,), VERIFIED),
    Trigger("b.v", "redemption of shares", (events.SharesRedeemed,), VERIFIED),
    Trigger("b.v", "cancellation of shares bought or redeemed",
         (events.RepurchasedSharesCancelled, events.RedeemedSharesCancelled), UNVERIFIED),
)  # fmt: skip

_UNDER_SCHEME = (events.OptionsExercised, events.AwardsVested)
_NOW = _since(
    TREASURY_REGIME,
    *_IN_BOTH,
    Trigger("a.vii", "sale of treasury shares", (events.TreasurySharesSold,), VERIFIED),
    Trigger("a.viii", "repurchase of shares", (events.SharesRepurchased,), VERIFIED),
    Trigger("a.ix", "option or award of a director under a share scheme", _UNDER_SCHEME, VERIFIED, True),
    Trigger("a.x", "option of a director outside a share scheme", (), VERIFIED, True),
    Trigger("a.xi", "capital reorganisation", _REORGANISED, VERIFIED),
    Trigger("a.xii", "any other change of issued or treasury shares", _OTHERS, VERIFIED),
    Trigger("b.i", "option or award under a share scheme, not of a director", _UNDER_SCHEME, VERIFIED, False),
    Trigger("b.ii", "option outside a share scheme, not of a director", (), VERIFIED, False),
    Trigger("b.iii", "exercise of a warrant", (events.WarrantsExercised,), VERIFIED),
    Trigger("b.iv", "conversion of convertible securities", (events.ConvertiblesConverted,), VERIFIED),
    Trigger("b.v", "redemption of shares", (events.SharesRedeemed,), VERIFIED),
    Trigger("b.vi", "cancellation of shares bought or redeemed",
         (events.RepurchasedSharesCancelled, events.RedeemedSharesCancelled), VERIFIED),
    Trigger("b.vii", "cancellation of treasury shares", (events.TreasurySharesCancelled,), VERIFIED),
)  # fmt: skip

LISTS: tuple[Trigger, ...] = (*_BEFORE, *_NOW)
"""Every line of both lists, before and since 11 June 2024. A line without events has none in the vocabulary."""

LISTED: dict[type[Event], tuple[Trigger, ...]] = {
    kind: tuple(item for item in LISTS if kind in item.kinds) for kind in {kind for item in LISTS for kind in item.kinds}
}
"""Every event type that a line is about, with its lines."""


def item_of(event: Event) -> Trigger | None:
    """The line of the lists in force on its day that an event falls under; None if it changes no issued or treasury shares."""
    return next((item for item in LISTED.get(type(event), ()) if item.covers(event)), None)


# --- the 5 % test -----------------------------------------------------------------------------------------------


@attrs.frozen
class ShareChange:
    """An event on the lists: how many shares it changes the issued or treasury shares by, and the base just before it.

    `net` is negative where shares leave. `base` is the issued shares of all classes, without treasury shares since 11 June
    2024; it is 0 for an (a) event, which needs none.
    """

    entry: Entry
    item: Trigger
    shares: int
    net: int
    base: int

    @property
    def on(self) -> date:
        """The day of the event."""
        return self.entry.event.effective_on


Accounts = tuple[str, ...]
"""Some accounts of the shares of a class, by name."""

BASES: tuple[Accounts, Accounts] = (TOTAL_ISSUED, ISSUED_EXCLUDING_TREASURY)


def base_on(day: date) -> Accounts:
    """The accounts of the base of the 5 % test: issued shares, without treasury shares since 11 June 2024 (13.25A(4))."""
    return TOTAL_ISSUED if day < TREASURY_REGIME else ISSUED_EXCLUDING_TREASURY


def issued_of(position: Position, names: Accounts) -> int:
    """The shares of all classes in some accounts."""
    return sum(position.total(SHARES, code, *names) for code in position.terms.classes)


def issued_by(posted: Posted, names: Accounts) -> int:
    """By how many shares an entry changes those of all classes in some accounts."""
    return sum(
        move.quantity * ((move.target in names) - (move.source in names)) for move in posted.movements if move.book == SHARES
    )


def change_of(posted: Posted, item: Trigger, base: int) -> ShareChange | None:
    """The change that an entry makes, by the base before it; None if it touches no issued or treasury shares."""
    moved = posted.movements
    touched = {move.code for move in moved if move.book == SHARES and not _ISSUED.isdisjoint((move.source, move.target))}
    if not touched:
        return None
    more = sum(change(moved, SHARES, code, TOTAL_ISSUED) for code in touched)
    treasury = sum(change(moved, SHARES, code, (TREASURY,)) for code in touched)
    shares = max(abs(more), abs(treasury))
    return ShareChange(posted.entry, item, shares, -shares if more < 0 else shares, base)


_ISSUED = frozenset(TOTAL_ISSUED)

PARTS = 20
"""5 % is one part in twenty: compared as whole numbers, so that no share is lost to rounding."""


def reaches_five_percent(shares: int, base: int) -> bool:
    """Whether a number of shares is 5 % of a base or more."""
    return PARTS * shares >= base


@attrs.frozen
class Disclosure:
    """What the events of a day come to: whether a return is called for, through which, and the figures of the 5 % test.

    `events` are the (a) events of the day; `pending` the (b) events not yet in a return, of the day and before.
    """

    on: date
    events: tuple[ShareChange, ...]
    pending: tuple[ShareChange, ...]

    @property
    def gross(self) -> int:
        """The shares of all pending (b) events, added up whichever way they go."""
        return sum(each.shares for each in self.pending)

    @property
    def net(self) -> int:
        """What is left where shares that come and shares that leave are set off."""
        return abs(sum(each.net for each in self.pending))

    @property
    def base(self) -> int:
        """The issued shares immediately before the earliest pending (b) event; 0 if there is none."""
        return self.pending[0].base if self.pending else 0

    @property
    def needed(self) -> bool:
        """Whether a return is called for."""
        return bool(self.events) or reaches_five_percent(self.gross, self.base)

    @property
    def only_gross(self) -> bool:
        """Whether only the gross sum calls for it: set off, the events stay under 5 %. Not yet checked in the rule."""
        return not self.events and self.needed and not reaches_five_percent(self.net, self.base)


PublishedOn = Callable[[Entry], date | None]
"""The day on which a return that discloses a change was published; None if none was."""


def disclosures(changes: Iterable[ShareChange], published_on: PublishedOn) -> Iterator[Disclosure]:
    """Day by day, in order, what the changes on each day call for.

    A change is pending until it is in a return; one published on the day itself counts, as it is out before the day's own is
    due. A return that fell due is taken as made: what it had to disclose is not pending any longer.
    """
    pending: list[ShareChange] = []
    for day, group in groupby(changes, key=lambda each: each.on):
        today = list(group)
        pending = [each for each in pending if not _out_by(day, published_on(each.entry))]
        pending += [each for each in today if not each.item.always]
        found = Disclosure(day, tuple(each for each in today if each.item.always), tuple(pending))
        yield found
        if found.needed:
            pending = []


def _out_by(day: date, published_on: date | None) -> bool:
    return published_on is not None and published_on <= day
