"""Prepare a return: the typed document of a form, from the book and a viewpoint."""

from __future__ import annotations

from datetime import date, datetime

from application.ask import opened
from application.ports import EventStore
from domain.capital.ledger import Ledger
from domain.law.rule import Finding
from domain.returns import monthly, next_day
from domain.returns.documents import MonthlyReturn, NextDayReturn, Return
from domain.returns.findings import about, listed_facts, opening_of, standing_facts
from domain.rulebook import entry_findings, findings


def monthly_return(
    store: EventStore,
    issuer: str,
    year: int,
    month: int,
    submitted_on: date,
    known_at: datetime | None = None,
    *,
    traced: bool = True,
) -> MonthlyReturn:
    """FF301 for a month, on the version in force on its submission date. Raises NotPrepared or NoForm.

    Unless `traced`, its figures lack the entries of long before, and the book is not read from its beginning.
    """
    month_end = monthly.month_end_of(year, month)
    entries = store.entries(issuer) if traced else opened(store, issuer, monthly.opened_on(month_end), known_at)
    return monthly.prepare(entries, month_end, submitted_on, known_at)


def monthly_with_findings(
    store: EventStore, issuer: str, year: int, month: int, submitted_on: date, known_at: datetime | None = None
) -> tuple[MonthlyReturn, tuple[Finding, ...]]:
    """As `monthly_return` that is not traced, and the findings about it by what is known now: the book is read once."""
    month_end = monthly.month_end_of(year, month)
    ledger = opened(store, issuer, monthly.opened_on(month_end), known_at)
    document = monthly.prepare(ledger, month_end, submitted_on)
    return document, findings_about(store, issuer, document, ledger=ledger if known_at is None else None)


def findings_about(
    store: EventStore, issuer: str, document: Return, known_at: datetime | None = None, ledger: Ledger | None = None
) -> tuple[Finding, ...]:
    """The findings about what a return prints, by what is known now, or was at an instant; see `domain.returns.findings.about`.

    `ledger` is that which the return was prepared from, if it knows all that was known then.
    """
    opening = opening_of(document)
    if ledger is None or ledger.opened_on >= opening:
        ledger = opened(store, issuer, opening, known_at)
    first = min((each.event.effective_on for each in listed_facts(document, ledger)), default=opening)
    if first < opening:
        # A purchase that is still pending may be of long before, and the rules look back from its day.
        ledger = opened(store, issuer, first, known_at)
    early = {each.number: each for each in standing_facts(document, ledger) if each.event.effective_on <= ledger.opened_on}
    found = [
        finding
        for day in sorted({each.event.effective_on for each in early.values()})
        for finding in entry_findings(_of_day(store, issuer, ledger, day), day)
        if not early.keys().isdisjoint(finding.entries)
    ]
    return about(document, ledger, (*found, *findings(ledger)))


def _of_day(store: EventStore, issuer: str, ledger: Ledger, day: date) -> Ledger:
    return store.ledger(issuer, since=day, until=day, number=ledger.number)


def next_day_return(
    store: EventStore, issuer: str, on: date, submitted_on: date, known_at: datetime | None = None, *, again: bool = False
) -> NextDayReturn:
    """FF304 or FF305 for all changes until a day that no earlier return disclosed; `again` makes the return of that day again.

    Raises NotPrepared or NoForm.
    """
    return next_day.prepare(store.entries(issuer), on, submitted_on, known_at, again=again)
