"""Shares bought or redeemed for cancellation, tranche by tranche, until they are cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from domain import events
from domain.capital.accounts import PENDING_CANCELLATION, Movement
from domain.capital.lots import Lot, lots_of
from domain.capital.terms import DoesNotFit, Reorganised, scale
from domain.events import Event


@attrs.frozen
class PendingPurchase:
    """What is left of one purchase pending cancellation; `redeemed` distinguishes redemptions from repurchases."""

    entry: int
    bought_on: date
    lot: Lot
    redeemed: bool = False
    mandate: str | None = None

    @property
    def shares(self) -> int:
        """The number of shares left."""
        return self.lot.shares

    def part(self, shares: int) -> PendingPurchase:
        """Some of the shares, or all of them, with their part of what was paid."""
        return self if shares == self.shares else attrs.evolve(self, lot=self.lot.part(shares))


PendingPurchases = tuple[PendingPurchase, ...]


def follow(
    tranches: dict[str, list[PendingPurchase]], number: int, event: Event, movements: Iterable[Movement]
) -> PendingPurchases:
    """Keep the tranches of each class in step with their account; those that the event of an entry cancels. Raises DoesNotFit."""
    for _, code, source, target, quantity in movements:
        if target != PENDING_CANCELLATION and source != PENDING_CANCELLATION:
            continue
        held = tranches.setdefault(code, [])
        if isinstance(event, Reorganised):
            tranches[code] = _scaled(held, *scale(event))
        elif target == PENDING_CANCELLATION:
            held.extend(_bought(number, event, quantity))
        else:
            took, tranches[code] = _taken(held, event, quantity)
            return took
    return ()


def _bought(number: int, event: Event, shares: int) -> PendingPurchases:
    """The tranches that an event adds to those pending: one in each currency, or those that a book takes over."""
    if isinstance(event, events.BalanceBroughtForward) and event.tranches:
        oldest_first = sorted(event.tranches, key=lambda each: each.bought_on)
        return tuple(
            PendingPurchase(number, each.bought_on, Lot(each.shares, each.price), mandate=each.mandate) for each in oldest_first
        )
    redeemed, mandate = isinstance(event, events.SharesRedeemed), event.mandate
    return tuple(PendingPurchase(number, event.effective_on, lot, redeemed, mandate) for lot in lots_of(event, shares))


def _taken(tranches: Iterable[PendingPurchase], event: Event, shares: int) -> tuple[PendingPurchases, list[PendingPurchase]]:
    """What a cancellation takes, and what it leaves: the days it names, or the oldest first, bought or redeemed as it says.

    Raises Unfit if those hold fewer shares, or its price is in another currency than theirs.
    """
    named = event.bought_on if isinstance(event, events.RepurchasedSharesCancelled) else ()
    redeemed = isinstance(event, events.RedeemedSharesCancelled)
    took: list[PendingPurchase] = []
    left: list[PendingPurchase] = []
    untouched = iter(tranches)
    for tranche in untouched:
        meant = tranche.redeemed == redeemed and (not named or tranche.bought_on in named)
        part = min(tranche.shares, shares) if meant else 0
        shares -= part
        took += [tranche.part(part)] if part else []
        left += [tranche.part(tranche.shares - part)] if tranche.shares > part else []
        if not shares:
            break
    left.extend(untouched)
    if shares and (named or left):
        what = "redeemed" if redeemed else "bought on the days named" if named else "repurchased"
        raise DoesNotFit("bought_on" if named else "shares", f"shares {what} and not yet cancelled: {shares:,} too few")
    _check_currency(took, event)
    return tuple(took), left


def _check_currency(took: list[PendingPurchase], event: Event) -> None:
    price = event.price
    for tranche in took if price else []:
        cost = tranche.lot.total
        if price and cost and cost.currency != price.currency:
            raise DoesNotFit("price", f"expected {cost.currency}, in which the shares were bought, got {price.currency}")


def _scaled(tranches: Iterable[PendingPurchase], times: int, by: int) -> list[PendingPurchase]:
    """Tranches after a subdivision or consolidation, rounded so that they still add up to the account's balance.

    What was paid stays, so that the price of a share follows the ratio.
    """
    result: list[PendingPurchase] = []
    before, after = 0, 0
    for tranche in tranches:
        before += tranche.shares
        whole = before * times // by - after
        after += whole
        result += [attrs.evolve(tranche, lot=Lot(whole, None, tranche.lot.total))] if whole else []
    return result
