"""The state of a fold: terms, the total of every account, the purchases pending cancellation, and what is kept of mandates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

import attrs

from domain.capital.accounts import (
    AUTHORISED,
    AUTHORITY,
    ISSUED_EXCLUDING_TREASURY,
    SHARES,
    TOTAL_ISSUED,
    Account,
    ClassBalance,
    account_of,
    class_balance,
)
from domain.capital.granted import Grant, HeldMeeting
from domain.capital.pending_cancellation import PendingPurchase
from domain.capital.securities import Mandate
from domain.capital.terms import Terms
from domain.law.parameters import TREASURY_REGIME


@attrs.frozen
class MandateBefore:
    """A mandate at the opening of a day, what was used of it and what repurchases had added."""

    mandate: Mandate
    used: int
    extended: int


@attrs.frozen
class Reorganisations:
    """The reorganisations of one day: what was in issue and stood of each mandate before them, and each class's ratio so far."""

    on: date
    issued: Mapping[str, int]
    mandates: Mapping[str, MandateBefore]
    ratios: Mapping[str, Fraction]


@attrs.define(eq=False, repr=False, weakref_slot=False)
class Position:
    """Where a fold stands. Totals are in shares, options or hundredths of a currency; nothing here is ever shared.

    `reorganisations` are those of the last day on which there was one, `day` is that of the last entry, and `began_on` the last
    on which a balance was brought forward.
    """

    terms: Terms = attrs.field(factory=Terms)
    totals: dict[Account, int] = attrs.field(factory=dict)
    # Lists, so that a long row of purchases grows without being copied at each.
    tranches: dict[str, list[PendingPurchase]] = attrs.field(factory=dict)
    reorganisations: Reorganisations | None = None
    grants: dict[str, Grant] = attrs.field(factory=dict)
    meetings: dict[date, HeldMeeting] = attrs.field(factory=dict)
    day: date = date.min
    began_on: date = date.min

    def __repr__(self) -> str:
        issued = (f"{each.share_class} {each.total_issued:,} issued, {each.treasury:,} in treasury" for each in self.balances())
        return f"<Position at close of {self.day}: {'; '.join(issued) or 'no class'}>"

    def copy(self) -> Position:
        """An independent copy, to go on from."""
        tranches = {code: waiting.copy() for code, waiting in self.tranches.items()}
        return attrs.evolve(_with_its_own(self), terms=_with_its_own(self.terms), tranches=tranches)

    def balances(self) -> tuple[ClassBalance, ...]:
        """The balances of every class, in the order in which the classes were created."""
        existing = self.terms.existing.values()
        return tuple(class_balance(self.totals, share.code, authorised=share.authorised) for share in existing)

    def balance(self, code: str) -> ClassBalance:
        """The balances of one class. Raises KeyError if the class does not exist."""
        return class_balance(self.totals, code, authorised=self.terms.classes[code].authorised)

    def is_over(self, code: str) -> bool:
        """Whether a class is not there: not created yet, abolished, or without a share that is left of those once authorised."""
        if not self.terms.has("class", code):
            return True
        share = self.terms.classes[code]
        begun = account_of(SHARES, code, AUTHORITY) in self.totals
        return share.authorised and begun and not self.total(SHARES, code, *AUTHORISED)

    def total(self, book: str, code: str, *names: str) -> int:
        """The sum of some accounts of one book; an account never moved is zero."""
        return sum(self.totals.get(account_of(book, code, name), 0) for name in names)

    def issued(self, day: date, codes: Iterable[str] | None = None) -> int:
        """The issued shares that percentages are of on a day: all classes, or some; treasury excluded since 11 June 2024."""
        accounts = ISSUED_EXCLUDING_TREASURY if day >= TREASURY_REGIME else TOTAL_ISSUED
        return sum(self.total(SHARES, code, *accounts) for code in codes or self.terms.classes)


H = TypeVar("H", Position, Terms)


def _with_its_own(held: H) -> H:
    """The same with dictionaries of its own; what they hold is immutable, tranches aside."""
    own: dict[str, Any] = {name: each.copy() for name in held.__slots__ if isinstance(each := getattr(held, name), dict)}
    return attrs.evolve(held, **own)
