"""Which findings mark a return as a DRAFT: those about what it prints, not those about what earlier returns were about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from domain import events
from domain.capital.codes import NEW_CODES, codes_named
from domain.capital.entries import Entry, in_effect
from domain.capital.opening_balances import by_what, is_held
from domain.events import Event, PrintedFact
from domain.law.rule import Finding
from domain.returns.documents import MonthlyReturn, NextDayReturn, Return, closing_of

PRINTED: tuple[type[Event], ...] = (
    events.IssuerRegistered,
    events.IssuerDetailsChanged,
    events.SignatoryAppointed,
    events.ReturnSettingsChanged,
    events.ShareClassCreated,
    events.ShareClassDetailsChanged,
    events.BalanceBroughtForward,
)
"""The standing facts that every return prints from: its issuer, signatory, habits, headings, and the balances it begins with."""


def about(document: Return, entries: Iterable[Entry], found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings about what a return prints.

    A finding about a dealing, an issue or a grant is about the return that lists it; where it names no dealing, it is about
    every return that prints one of the facts that it names: who the issuer is, a mandate or a scheme that what is listed is
    under, the last balance confirmed of a class. One about what a filed return closed at is about those that open there. One
    that names no entry is about the whole book.
    """
    until = _until(document, entries)
    listed = _listed(document, until)
    standing = _standing(document, until, listed)
    dealings = _dealings(until, listed)
    opening = opening_of(document)
    closed = {number: entry.event.effective_on for number, entry in until.items() if isinstance(entry.event, events.ReturnFiled)}

    def is_about(finding: Finding) -> bool:
        if closed_on := {closed[number] for number in finding.entries if number in closed}:
            return opening in closed_on
        named = {number for number in finding.entries if number in until}
        dealt = named & dealings
        return not finding.entries or not (listed if dealt else standing).isdisjoint(dealt or named)

    return tuple(filter(is_about, found))


def listed_facts(document: Return, entries: Iterable[Entry]) -> list[Entry]:
    """The entries that a return lists."""
    until = _until(document, entries)
    return [until[number] for number in sorted(_listed(document, until)) if number in until]


def standing_facts(document: Return, entries: Iterable[Entry]) -> list[Entry]:
    """The entries of the standing facts that a return prints or depends on."""
    until = _until(document, entries)
    return [until[number] for number in sorted(_standing(document, until, _listed(document, until)))]


def opening_of(document: Return) -> date:
    """The last day before those that a return is about."""
    return _first_day(document) - timedelta(days=1)


def _until(document: Return, entries: Iterable[Entry]) -> Mapping[int, Entry]:
    closed_on = closing_of(document)
    return {entry.number: entry for entry in in_effect(entries) if entry.event.effective_on <= closed_on}


def _dealings(until: Mapping[int, Entry], listed: set[int]) -> set[int]:
    """The entries of dealings, issues and grants; of opening balances those whose purchases are still pending."""
    pending = {number for number in listed if number in until and isinstance(until[number].event, events.BalanceBroughtForward)}
    # What an opening balance includes is listed in no return, and changes the balances of all.
    begun = by_what(until.values())
    return pending | {
        number for number, entry in until.items() if isinstance(entry.event, PrintedFact) and not is_held(entry, begun)
    }


def _first_day(document: Return) -> date:
    if isinstance(document, MonthlyReturn):
        return document.month_end.replace(day=1)
    return document.sections[0].opening.on + timedelta(days=1)


def _listed(document: Return, until: Mapping[int, Entry]) -> set[int]:
    """The entries of a return's own days, and those that its rows name: pending purchases, changes that no return had."""
    first = _first_day(document)
    return {*_named_in_rows(document), *(number for number, entry in until.items() if entry.event.effective_on >= first)}


def _named_in_rows(document: Return) -> Iterator[int]:
    if isinstance(document, NextDayReturn):
        for section in document.sections:
            for change in section.changes:
                yield from (*change.issued.entries, *change.treasury.entries)
            for tranche in section.pending:
                yield from tranche.shares.entries
        for report in (*document.repurchases, *document.treasury_sales):
            yield from report.shares.entries
    else:
        for block in document.other_movements:
            for row in block.rows:
                yield from row.pending.entries


def _standing(document: Return, until: Mapping[int, Entry], listed: set[int]) -> set[int]:
    """The entries of the standing facts that a return prints or depends on."""
    introduced: dict[tuple[str, str], Entry] = {}
    confirmed: dict[str, int] = {}
    for entry in until.values():
        kind = type(entry.event)
        if kind in NEW_CODES:
            introduced |= {(of, code): entry for field, of, code in codes_named(entry.event) if field == NEW_CODES[kind]}
        if isinstance(entry.event, events.BalanceConfirmed):
            confirmed[entry.event.share_class] = entry.number
    named = {each for number in listed if number in until for each in _named(until[number].event)}
    # What an agreement or an instrument names was approved for what comes of it, too.
    named |= {each for code in named if code in introduced for each in _named(introduced[code].event)}
    if isinstance(document, MonthlyReturn):
        named |= {code for code in introduced if code[0] == "scheme"}
    kinds = (*PRINTED, events.SchemeBalanceBroughtForward) if isinstance(document, MonthlyReturn) else PRINTED
    printed = {number for number, entry in until.items() if isinstance(entry.event, kinds)}
    return printed | {introduced[code].number for code in named if code in introduced} | set(confirmed.values())


def _named(event: Event) -> Iterator[tuple[str, str]]:
    """What an event names of what others introduced, and introduces itself, by kind and code."""
    return ((kind, code) for field, kind, code in codes_named(event) if field != "classes")
