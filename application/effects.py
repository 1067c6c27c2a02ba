"""What a recording changed: positions before and after it, and the findings that it brings about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import attrs

from application.ask import opened
from application.ports import EventStore
from application.record import CannotStand, record
from application.release import releasing
from domain.capital.accounts import HEADROOM, MANDATE, ClassBalance
from domain.capital.entries import Entry
from domain.capital.ledger import Ledger, NotOpen, Passed
from domain.capital.position import Position
from domain.events import ReturnFiled
from domain.law.business_days import Calendar
from domain.law.rule import Finding
from domain.rulebook import check

if TYPE_CHECKING:
    from domain.returns.filed import Filing


@attrs.frozen
class Effect:
    """Balances of a class at close of a day, before and after a recording; `before` None if it is new."""

    on: date
    before: ClassBalance | None
    after: ClassBalance


@attrs.frozen(eq=False)
class BeforeAndAfter:
    """The positions at close of the latest day that some entries are about, without them and with them."""

    on: date
    before: Position
    after: Position


def passed_before(ledger: Ledger, recorded: Sequence[Entry]) -> Passed:
    """What had passed before the first day that the last entries of a ledger are about: the same without them and with them."""
    first = min(entry.event.effective_on for entry in _concerned(ledger, recorded))
    return ledger.passed(max(ledger.opened_on, first - timedelta(days=1)))


def _concerned(ledger: Ledger, recorded: Sequence[Entry]) -> Iterator[Entry]:
    numbers = {entry.number for entry in recorded} | {entry.replaces for entry in recorded}
    return (entry for entry in ledger if entry.number in numbers)


def before_and_after(entries: Iterable[Entry], recorded: Sequence[Entry], start: Passed | None = None) -> BeforeAndAfter:
    """What the last entries of a ledger changed, at close of the latest day among them and those that they replace."""
    ledger = Ledger.of(entries)
    start = start or passed_before(ledger, recorded)
    on = max(entry.event.effective_on for entry in _concerned(ledger, recorded))
    return BeforeAndAfter(on, _without(ledger, recorded).at(on, start), ledger.at(on, start))


def _without(ledger: Ledger, recorded: Sequence[Entry]) -> Ledger:
    numbers = {entry.number for entry in recorded}
    return ledger.only(lambda entry: entry.number not in numbers)


def effects(changed: BeforeAndAfter) -> tuple[Effect, ...]:
    """The classes whose balances changed, in the order in which they were created."""
    before = {balance.share_class: balance for balance in changed.before.balances()}
    after = changed.after.balances()
    return tuple(Effect(changed.on, before.get(now.share_class), now) for now in after if before.get(now.share_class) != now)


@attrs.frozen
class BalanceChange:
    """A balance or headroom before and after a recording, in shares: `name` is that of the balance, or HEADROOM of a mandate."""

    code: str
    name: str
    before: int
    after: int


def headroom_changes(changed: BeforeAndAfter) -> Iterator[BalanceChange]:
    """The mandates whose headroom changed."""
    for each in {**changed.before.totals, **changed.after.totals}:
        before, after = changed.before.total(*each), changed.after.total(*each)
        if (each.book, each.name) == (MANDATE, HEADROOM) and before != after:
            yield BalanceChange(each.code, HEADROOM, before, after)


def balance_changes(changed: BeforeAndAfter) -> Iterator[BalanceChange]:
    """Every balance of a class and headroom of a mandate that changed."""
    for effect in effects(changed):
        for name in BALANCES:
            before, after = getattr(effect.before, name, 0), getattr(effect.after, name)
            if before != after and after is not None:
                yield BalanceChange(effect.after.share_class, name, before or 0, after)
    yield from headroom_changes(changed)


BALANCES = ("authorised", "issued_excluding_treasury", "treasury", "pending_cancellation")


@attrs.frozen
class OnceReleased:
    """What the release of an entry would change now; `refused` says why the book as it is cannot take it, if so."""

    changes: tuple[BalanceChange, ...] = ()
    refused: str | None = None


def once_released(store: EventStore, issuer: str, entry: Entry) -> OnceReleased:
    """What would change if an entry were released now, by somebody who did not record it. Nothing is written."""
    release = releasing(store, issuer, entry.number, f"not {entry.recorded_by}")
    try:
        facts = record(store, issuer, [release], dry_run=True).facts
    except CannotStand as refused:
        return OnceReleased(refused=str(refused))
    replaced = store.numbered(issuer, [entry.replaces for entry in facts if entry.replaces is not None])
    ledger = store.ledger(issuer, since=min(entry.event.effective_on for entry in (*facts, *replaced))).with_entries(facts)
    return OnceReleased(tuple(balance_changes(before_and_after(ledger, facts))))


def ledger_with(store: EventStore, issuer: str, recorded: Sequence[Entry], *, dry_run: bool) -> Ledger:
    """The ledger in which some entries were recorded, opened as long before them as anything looks back.

    With `dry_run` the one in which they would be, once recorded and released.
    """
    replaced = store.numbered(issuer, [entry.replaces for entry in recorded if entry.replaces is not None])
    found = opened(store, issuer, min(entry.event.effective_on for entry in (*recorded, *replaced)))
    if not dry_run:
        return found
    first = min(entry.number for entry in recorded)
    return found.only(lambda entry: entry.number < first).with_entries(recorded)


def filings_touched(store: EventStore, issuer: str, ledger: Ledger, recorded: Sequence[Entry]) -> list[Filing]:
    """The filed returns that no longer match, after the last entries of a ledger."""
    if not any(isinstance(entry.event, ReturnFiled) for entry in ledger):
        return []
    # Imported here: returns take long to import, and few recordings follow one that was filed.
    from domain.returns.filed import touched

    numbers = [entry.number for entry in recorded]
    try:
        found = touched(ledger, numbers)
    except NotOpen:
        # A return can open long before what it lists.
        whole = store.ledger(issuer, since=date.min, number=ledger.number)
        found = touched(whole if whole.number == ledger.number else whole.with_entries(recorded), numbers)
    return [filing for filing, _ in found]


def new_findings(
    entries: Iterable[Entry], recorded: Sequence[Entry], calendar: Calendar | None = None, start: Passed | None = None
) -> tuple[Finding, ...]:
    """The findings that the last entries of a ledger bring about; with a calendar also those of days without dealings."""
    ledger = Ledger.of(entries)
    start = start or passed_before(ledger, recorded)
    earlier = set(check(_without(ledger, recorded), calendar=calendar, start=start))
    return tuple(finding for finding in check(ledger, calendar=calendar, start=start) if finding not in earlier)
