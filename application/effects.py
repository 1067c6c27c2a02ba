"""What a recording changed: positions before and after it, and the findings that it brings about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import attrs

from domain.capital.accounts import HEADROOM, MANDATE, ClassBalance
from domain.capital.balances import position_at
from domain.capital.entries import Entry, Viewpoint
from domain.capital.position import Position
from domain.law.business_days import Calendar
from domain.law.rule import Finding
from domain.rulebook import check


@attrs.frozen
class Effect:
    """Balances of a class at close of a day, before and after a recording; `before` None where it is new."""

    on: date
    before: ClassBalance | None
    after: ClassBalance


@attrs.frozen
class HeadroomEffect:
    """The shares that a mandate still allows at close of a day, before and after a recording."""

    mandate: str
    before: int
    after: int


@attrs.frozen(eq=False)
class BeforeAndAfter:
    """The positions at close of the latest day that some entries are about, without them and with them."""

    on: date
    before: Position
    after: Position


def change(entries: Iterable[Entry], recorded: Sequence[Entry]) -> BeforeAndAfter:
    """What some of the entries of a book changed, at close of the latest day among them and those that they replace."""
    everything, numbers = list(entries), {entry.number for entry in recorded}
    replaced = {entry.replaces for entry in recorded}
    on = max(entry.event.effective_on for entry in everything if entry.number in numbers or entry.number in replaced)
    before = position_at([entry for entry in everything if entry.number not in numbers], Viewpoint(on))
    return BeforeAndAfter(on, before, position_at(everything, Viewpoint(on)))


def effects(changed: BeforeAndAfter) -> tuple[Effect, ...]:
    """The classes whose balances changed, in the order in which they were created."""
    before = {balance.share_class: balance for balance in changed.before.balances()}
    after = changed.after.balances()
    return tuple(Effect(changed.on, before.get(now.share_class), now) for now in after if before.get(now.share_class) != now)


def headroom_effects(changed: BeforeAndAfter) -> tuple[HeadroomEffect, ...]:
    """The mandates whose headroom changed, in shares."""
    accounts = [
        each for each in {**changed.before.totals, **changed.after.totals} if (each.book, each.name) == (MANDATE, HEADROOM)
    ]
    found = (HeadroomEffect(each.code, changed.before.total(*each), changed.after.total(*each)) for each in accounts)
    return tuple(each for each in found if each.before != each.after)


def new_findings(entries: Iterable[Entry], recorded: Sequence[Entry], calendar: Calendar | None = None) -> tuple[Finding, ...]:
    """The findings that the recorded entries bring about; with a calendar also those of days on which nothing is traded."""
    everything, numbers = list(entries), {entry.number for entry in recorded}
    earlier = set(check([entry for entry in everything if entry.number not in numbers], calendar=calendar))
    return tuple(finding for finding in check(everything, calendar=calendar) if finding not in earlier)
