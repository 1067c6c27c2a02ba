"""Shares bought or redeemed for cancellation, tranche by tranche, until they are cancelled, oldest first."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from domain.accounts import PENDING_CANCELLATION, SHARES, change
from domain.balances import Posted
from domain.history import Entry


@attrs.frozen
class Tranche:
    """What is left, in shares, of one purchase pending cancellation."""

    entry: Entry
    shares: int


def pending(posted: Iterable[Posted], code: str) -> tuple[Tranche, ...]:
    """The tranches of a class still pending after these postings; a cancellation takes the oldest first."""
    tranches: list[Tranche] = []
    for each in posted:
        delta = change(each.movements, SHARES, code, (PENDING_CANCELLATION,))
        if delta > 0:
            tranches.append(Tranche(each.entry, delta))
        elif delta < 0:
            tranches = _without_oldest(tranches, -delta)
    return tuple(tranches)


def _without_oldest(tranches: list[Tranche], cancelled: int) -> list[Tranche]:
    left = []
    for tranche in tranches:
        taken = min(tranche.shares, cancelled)
        cancelled -= taken
        if tranche.shares > taken:
            left.append(Tranche(tranche.entry, tranche.shares - taken))
    return left
