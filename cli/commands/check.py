"""`captable check`: what a book shows by the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import attrs
import click

from application import ask
from application.due import at_close
from cli import options, wiring
from cli.answers import Answer, answering
from cli.wiring import book, trading_days
from domain import rulebook
from domain.capital import clock
from domain.capital.clock import Clock
from domain.capital.entries import Viewpoint, known
from domain.clearance.clear import checked_beforehand_only
from domain.law.rule import BREACH, CHECK, LATE, UNVERIFIED, Finding, not_checked

GITHUB = "github"


@click.command()
@options.as_of
@options.known_at
@answering(GITHUB)
@options.calendar
@options.of_a_book
def check(as_of: date | None, known_at: datetime | None, calendar: str | None, at: options.BookAt) -> Answer:
    """All breaches and inconsistencies that the rules find. Exit code 1 if there is one.

    \b
    Examples:
      captable check
      captable check --as-of 2024-12-31 --format github
    """
    now, day = at_close(as_of) if as_of else wiring.clock(), as_of or options.today()
    with book(*at) as (books, code):
        entries = list(books.entries(code))
        begins = ask.before_the_book(books, code, Viewpoint(day, known_at))
    found = rulebook.check(entries, day, known_at, now=now, calendar=trading_days(calendar))
    found = (*found, *clock.ahead_of_clock(known(entries, known_at), Clock(wiring.clock())))
    rows = [attrs.asdict(finding) for finding in found]
    return Answer(
        content=rows,
        rows=rows,
        columns=tuple(each.name for each in attrs.fields(Finding)),
        text=lambda: map(_line, found),
        more={GITHUB: lambda: map(_annotation, found)},
        said=(
            *begins,
            *unverified(found),
            _not_checked_here(day),
            _asked_before(day),
        ),
        findings=found,
    )


def unverified(found: Iterable[Finding]) -> Iterator[str]:
    """Where it is said what to read about the findings by rules that nobody held against the text."""
    codes = sorted({each.code for each in found if each.confidence == UNVERIFIED})
    if codes:
        code = codes[0] if len(codes) == 1 else "CODE"
        yield f"Unverified: {', '.join(codes)}. captable rule {code} says what to read and what to look for."


def _not_checked_here(day: date) -> str:
    """The rules that nothing checks, though one would expect to hear of them."""
    rules = not_checked(rulebook.RULES, day, CHECK)
    named = (f"{rule.code} {rule.title.lower()} ({_first(rule.citation)})" for rule in rules)
    return f"Not checked here: {', '.join(named)}. captable rule CODE prints each."


def _asked_before(day: date) -> str:
    """The rules that no book can be checked by, because they ask for prices, days and persons that it does not record."""
    named = (f"{rule.code} {rule.title.lower()}" for rule in checked_beforehand_only(day))
    return f"Asked only before a dealing or a grant (captable can): {', '.join(named)}."


def _line(finding: Finding) -> str:
    return f"{finding.code} {finding.message}{_named(finding.entries)} [{finding.citation}; {finding.confidence}]"


def _named(entries: tuple[int, ...]) -> str:
    numbers = ", ".join(map(str, entries))
    return f"  ({'entry' if len(entries) == 1 else 'entries'} {numbers})" if entries else ""


def _annotation(finding: Finding) -> str:
    """A finding as a workflow command: an error where a limit or a day was missed, else a warning."""
    kind = "error" if finding.severity in (BREACH, LATE) else "warning"
    message = f"{finding.message}{_named(finding.entries)} [{finding.citation}; {finding.confidence}]"
    for plain, escaped in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        message = message.replace(plain, escaped)
    return f"::{kind} title={finding.code}::{message}"


def _first(citation: str) -> str:
    """The first rule that a citation names: Rule 13.28."""
    named, more, _ = citation.removeprefix("Main Board ").partition(",")
    return named.replace("Rules ", "Rule ") if more else named
