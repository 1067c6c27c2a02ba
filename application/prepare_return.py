"""Prepare a return: the typed document of a form, from the book and a viewpoint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

import attrs

from application import ask
from application.ask import opened
from application.ports import EventStore
from domain.capital.entries import Entry, known
from domain.capital.ledger import LANDMARKS, TRACED, Ledger
from domain.disclosure.corrected import corrections
from domain.disclosure.register import Register
from domain.events import BalanceBroughtForward, ReturnFiled, TradedShares
from domain.law.rule import Finding
from domain.returns import monthly, next_day
from domain.returns.documents import MonthlyReturn, NextDayReturn, Return
from domain.returns.findings import about, listed_facts, opening_of, standing_facts
from domain.rulebook import entry_findings, findings
from domain.values import month_end_of


def monthly_return(
    store: EventStore,
    issuer: str,
    year: int,
    month: int,
    submitted_on: date,
    known_at: datetime | None = None,
    *,
    explained: bool = False,
) -> MonthlyReturn:
    """FF301 for a month, on the version in force on its submission date. Raises NotPrepared or NoForm.

    Where it is to be `explained`, figures name every entry behind them, however long the book is.
    """
    month_end = month_end_of(date(year, month, 1))
    return monthly.prepare(_of_month(store, issuer, month_end, known_at, explained=explained), month_end, submitted_on)


def _of_month(store: EventStore, issuer: str, month_end: date, known_at: datetime | None, *, explained: bool) -> Ledger:
    """The ledger that the Monthly Return of a month is prepared from."""
    whole = _whole_if(store, issuer, known_at, explained=explained)
    return whole or opened(store, issuer, monthly.opened_on(month_end), known_at)


def _whole_if(store: EventStore, issuer: str, known_at: datetime | None, *, explained: bool) -> Ledger | None:
    """The ledger of the whole book, if the figures of a return name all entries: it is to be explained, or the book is short."""
    if not explained and store.ledger(issuer, until=date.min, known_at=known_at).number > TRACED:
        return None
    return attrs.evolve(Ledger.of(store.entries(issuer), known_at), explained=explained)


def monthly_with_findings(
    store: EventStore, issuer: str, year: int, month: int, submitted_on: date, known_at: datetime | None = None
) -> tuple[MonthlyReturn, tuple[Finding, ...]]:
    """As `monthly_return`, and the findings about it by what is known now: a long book is read once."""
    month_end = month_end_of(date(year, month, 1))
    ledger = _of_month(store, issuer, month_end, known_at, explained=False)
    document = monthly.prepare(ledger, month_end, submitted_on)
    return document, findings_about(store, issuer, document, ledger=ledger if known_at is None else None)


def findings_about(
    store: EventStore, issuer: str, document: Return, known_at: datetime | None = None, ledger: Ledger | None = None
) -> tuple[Finding, ...]:
    """The findings about what a return prints, by what is known now, or was at an instant; see `domain.returns.findings.about`.

    `ledger` is that which the return was prepared from, if it knows all that was known then.
    """
    since = min([opening_of(document), *_days_corrected(store, issuer, opening_of(document), known_at)])
    if ledger is None or _too_late(ledger, since):
        ledger = opened(store, issuer, since, known_at)
    early = {each.number: each for each in standing_facts(document, ledger) if each.event.effective_on <= ledger.opened_on}
    found = [
        finding
        for day in sorted({each.event.effective_on for each in early.values()})
        for finding in entry_findings(store.ledger(issuer, since=day, until=day, number=ledger.number), day)
        if not early.keys().isdisjoint(finding.entries)
    ]
    found += findings(ledger)
    return about(document, ledger, (*_of_long_before(store, issuer, document, ledger, found, known_at), *found))


def _days_corrected(store: EventStore, issuer: str, opening: date, known_at: datetime | None) -> Iterator[date]:
    """The days of facts corrected since the return that closed at an opening was filed: the next may open at other balances."""
    register = Register.of(known(store.of_types(issuer, [ReturnFiled]), known_at))
    before = [each.prepared_from for each in register.returns if each.until == opening]
    end = store.ledger(issuer, until=date.min, known_at=known_at).number
    if before and end - min(before) <= FEW:
        recorded = store.numbered(issuer, range(min(before) + 1, end + 1))
        replaced = store.numbered(issuer, [each.replaces for each in recorded if each.replaces is not None])
        for each in corrections({entry.number: entry for entry in (*replaced, *recorded)}.values()):
            yield from each.days


def _of_long_before(
    store: EventStore, issuer: str, document: Return, ledger: Ledger, found: Sequence[Finding], known_at: datetime | None
) -> Iterator[Finding]:
    """The findings that name listed facts from which a ledger does not look back far enough, but for those in it already.

    A purchase that is still pending may be of years before: what is found of it lies within the time that rules look back.
    """
    early = {each.number: each.event.effective_on for each in listed_facts(document, ledger)}
    early = {number: day for number, day in early.items() if _too_late(ledger, day)}
    there = [(each.code, set(each.entries)) for each in found if not early.keys().isdisjoint(each.entries)]
    for first, last in _spans(early.values()):
        for each in findings(opened(store, issuer, first, known_at, until=last + ask.LOOK_BACK)):
            about_them = not early.keys().isdisjoint(each.entries)
            if about_them and not any(code == each.code and named.issuperset(each.entries) for code, named in there):
                yield each


def _spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """The first and the last of those days that lie so close together that rules about one look back to another."""
    spans: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        near = spans and day - spans[-1][1] <= ask.LOOK_BACK
        spans[-1:] = [(spans[-1][0], day)] if near else [*spans[-1:], (day, day)]
    return spans


def _too_late(ledger: Ledger, day: date) -> bool:
    """Whether a ledger opens within the time before a day that the rules look back to."""
    return ledger.opened_on > date.min and ledger.opened_on + ask.LOOK_BACK >= day


def next_day_return(
    store: EventStore,
    issuer: str,
    on: date,
    submitted_on: date,
    known_at: datetime | None = None,
    *,
    again: bool = False,
    explained: bool = False,
) -> NextDayReturn:
    """FF304 or FF305 for all changes until a day that no earlier return disclosed; `again` makes the return of that day again.

    Raises NotPrepared or NoForm. `explained` as for a Monthly Return.
    """
    whole = _whole_if(store, issuer, known_at, explained=explained)
    entries = whole or _since_the_last_return(store, issuer, on, submitted_on, known_at)
    return next_day.prepare(entries, on, submitted_on, None if whole else known_at, again=again)


FEW = 5_000
"""How many entries recorded since a return was prepared are looked at one by one."""


def _since_the_last_return(
    store: EventStore, issuer: str, on: date, submitted_on: date, known_at: datetime | None
) -> Iterable[Entry]:
    """The ledger from before the last return, and before whatever was recorded since it was prepared; else the whole book."""
    brought_forward = known(store.of_types(issuer, [BalanceBroughtForward]), known_at)
    if any(each.event.effective_on > on for each in brought_forward):
        # A ledger until the day would not show that the book begins later.
        return store.entries(issuer)
    register = Register.of(known(store.of_types(issuer, [ReturnFiled]), known_at), submitted_on)
    before, by_then = register.closing_by(on - timedelta(days=1)).last, register.closing_by(on).last
    out = [each for each in (before, by_then) if each is not None]
    opening = [min(each.until, each.submitted_on) for each in out] + ([] if before else [monthly.opened_on(on)])
    end = store.ledger(issuer, until=date.min, known_at=known_at).number
    later = range(min((each.prepared_from for each in out), default=end) + 1, end + 1)
    if len(later) > FEW:
        return store.entries(issuer)
    recorded = store.numbered(issuer, later)
    replaced = store.numbered(issuer, [each.replaces for each in recorded if each.replaces is not None])
    since = min([*opening, *(each.event.effective_on for each in (*recorded, *replaced))])
    ledger = store.ledger(issuer, since=since, until=on, known_at=known_at, types=LANDMARKS)
    # Sections II and III state what was traded under a mandate since it was granted.
    traded = {each.event.mandate for each in ledger if isinstance(each.event, TradedShares)}
    granted = [mandate.granted_on for code, mandate in ledger.opening.terms.mandates.items() if code in traded]
    return store.ledger(issuer, since=min(granted), until=on, known_at=known_at, types=LANDMARKS) if granted else ledger
