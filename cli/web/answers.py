"""The answers of the API: their types, from which its description is made, and how each is made from a book.

A key that the commands print with --json too means the same. Shares are whole numbers; amounts and percentages are text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import attrs
import click
from msgspec import UNSET, UnsetType

from application import due as deadlines
from application.issuers import BookSummary
from cli import options
from cli.table import fields_of
from cli.waiting import WaitingRow
from cli.web import register
from cli.web.asked import BadQuery, parameter
from cli.web.desk import BookView, Desk
from cli.web.waits import waiting_rows
from domain import rulebook
from domain.capital.entries import Entry
from domain.law.rule import NO_ADVICE, Finding, Rule
from domain.mandates.status import MandateStatus
from domain.returns.filed import Filing
from domain.values import day_text, plain
from infrastructure.event_codec import encode

Query = Mapping[str, str]


@attrs.frozen(kw_only=True)
class Issuers:
    """The books of the store."""

    issuers: tuple[BookSummary, ...]


@attrs.frozen(kw_only=True)
class ClassRow:
    """The balances of a class of shares; null if they are not known before `known_from`, or do not apply."""

    share_class: str
    authorised: int | None = None
    issued_excluding_treasury: int | None = None
    treasury: int | None = None
    total_issued: int | None = None
    pending_cancellation: int | None = None
    known_from: date | None = None


@attrs.frozen(kw_only=True)
class Balances:
    """The share capital at close of a day, without what waits for release: `waiting` has the numbers of these entries."""

    issuer: str
    as_of: date
    known_at: datetime | None
    classes: tuple[ClassRow, ...]
    waiting: tuple[int, ...] | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class LevelRow:
    """The balances of a class from the close of a day on, and the entries that moved its shares on that day."""

    share_class: str
    on: date
    authorised: int | None
    issued_excluding_treasury: int
    treasury: int
    total_issued: int
    pending_cancellation: int
    entries: tuple[int, ...]


@attrs.frozen(kw_only=True)
class Levels:
    """The balances of every class over time.

    `every_day_since` is null if every day is there on which they changed. Otherwise a long book has only balances that it
    carried forward, after about every 250 entries, before that day.
    """

    issuer: str
    known_at: datetime | None
    every_day_since: date | None
    levels: tuple[LevelRow, ...]


@attrs.frozen(kw_only=True)
class MandateRow:
    """A mandate at close of a day, in shares. A number that is not known is null, and `not_known` says what is missing."""

    mandate: str
    purpose: str
    granted_on: date
    entry: int
    percent: str
    base: int
    extended: int | None
    limit: int | None
    reserved: int | None
    used: int | None
    headroom: int | None
    ended_on: date | None
    ended_because: str | None
    in_doubt: str | None
    latest_end: date | None
    not_known: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Mandates:
    """Every mandate of a book."""

    issuer: str
    as_of: date
    known_at: datetime | None
    mandates: tuple[MandateRow, ...]
    notice: str = NO_ADVICE


@attrs.frozen(kw_only=True)
class ObligationRow:
    """Something due to the Exchange: what, by when, its status, and the entry that records its filing."""

    kind: str
    name: str
    about: date
    due_at: datetime
    status: str
    because: str
    lacking: str
    citation: str
    confidence: str
    entries: tuple[int, ...]
    certainty: str | None
    filed: int | None
    filed_on: date | None
    filed_at: str | None


@attrs.frozen(kw_only=True)
class Due:
    """What is due at an instant."""

    issuer: str
    at: datetime
    due: tuple[ObligationRow, ...]
    notice: str = NO_ADVICE


@attrs.frozen(kw_only=True)
class Findings:
    """What is irregular in a book."""

    issuer: str
    as_of: date
    known_at: datetime | None
    findings: tuple[Finding, ...]
    notice: str = NO_ADVICE


@attrs.frozen(kw_only=True)
class FilingRow:
    """A return that was filed; `made_here` says whether the same document can be made again.

    The reference and the time are those of the submission, `published_digest` that of the document as published.
    """

    entry: int
    name: str
    kind: str
    effective_on: date
    submitted_on: date
    status: str
    form: str | None
    book_number: int | None
    digest: str | None
    made_here: bool
    submitted_at: str | None = None
    reference: str | None = None
    published_digest: str | None = None
    as_published: str | None = None


@attrs.frozen(kw_only=True)
class Filings:
    """The returns filed by the close of a day."""

    issuer: str
    as_of: date
    known_at: datetime | None
    filings: tuple[FilingRow, ...]


@attrs.frozen(kw_only=True)
class EntryRow:
    """An entry of a book. Beside these keys stand the fields of the event, by their names."""

    entry: int
    recorded_at: datetime
    recorded_by: str
    event: str
    effective_on: date
    source: str | None
    replaces: int | None
    replaced_by: int | None
    command_id: str


@attrs.frozen(kw_only=True)
class Entries:
    """A page of entries, the last recorded first; `total` is how many the filter keeps.

    In a long book a text or code is looked for in the last entries alone: then `searched` is their number, else null.
    """

    issuer: str
    known_at: datetime | None
    page: int
    pages: int
    size: int
    total: int
    searched: int | None
    entries: tuple[EntryRow, ...]


@attrs.frozen(kw_only=True)
class Waiting:
    """The entries that wait for release by another person, the last recorded first."""

    issuer: str
    known_at: datetime | None
    waiting: tuple[WaitingRow, ...]


@attrs.frozen(kw_only=True)
class RuleRow:
    """A version of a rule."""

    code: str
    title: str
    severity: str
    citation: str
    confidence: str
    meaning: str
    example: str
    clears: str
    in_force_from: date | None
    in_force_until: date | None


@attrs.frozen(kw_only=True)
class Rules:
    """The versions of a rule, the earliest first."""

    versions: tuple[RuleRow, ...]


# --- how each is made ---------------------------------------------------------------------------------------------


def issuers(desk: Desk) -> Issuers:
    """Every book of the store."""
    return Issuers(issuers=tuple(desk.books()))


def balances(book: BookView, _: Query) -> Balances:
    """Authorised, issued, treasury and pending shares of every class."""
    found = book.balances()
    known = [ClassRow(**attrs.asdict(each)) for each in found.position.balances() if each.share_class not in found.later]
    later = [ClassRow(share_class=code, known_from=each.event.effective_on) for code, each in found.later.items()]
    left_out = tuple(each.number for each in book.waiting() if each.event.effective_on <= book.as_of)
    return Balances(**_viewpoint(book), classes=(*known, *later), waiting=left_out or UNSET)


def series(book: BookView, query: Query) -> Levels:
    """The balances of every class, a row for each day on which they changed. Raises BadQuery."""
    since = parameter(query, "since", options.Day()) or date.min
    until = parameter(query, "until", options.Day()) or date.max
    if until < since:
        raise BadQuery("until", f"expected days in order, got {day_text(since)} to {day_text(until)}")
    everything = not book.is_long or bool(parameter(query, "all", click.BOOL))
    begins = since if everything else max(since, book.gone_through(until))
    found = book.series_of_days(since, until) if begins == since else book.series_at_once(since, until, begins)
    rows = (
        LevelRow(**attrs.asdict(level.balance), on=level.on, entries=level.entries)
        for each in found.values()
        for level in each.between(since, until)
    )
    every_day = None if begins == since else begins
    return Levels(issuer=book.issuer, known_at=book.viewpoint.known_at, every_day_since=every_day, levels=tuple(rows))


def mandates(book: BookView, _: Query) -> Mandates:
    """Every general mandate: base, limit, reserved, used, left, and when it ends."""
    return Mandates(**_viewpoint(book), mandates=tuple(map(_mandate_row, book.mandates())))


def _mandate_row(standing: MandateStatus) -> MandateRow:
    mandate, ended = standing.mandate, standing.ended
    return MandateRow(
        **fields_of(standing, "entry", "extended", "limit", "reserved", "used", "headroom", "latest_end", "not_known"),
        mandate=standing.code,
        purpose=mandate.purpose,
        granted_on=mandate.granted_on,
        percent=plain(mandate.percent),
        base=mandate.base_now,
        ended_on=ended.on if ended else None,
        ended_because=ended.why if ended else None,
        in_doubt=standing.in_doubt.why if standing.in_doubt else None,
    )


def due(book: BookView, query: Query) -> Due:
    """Filing deadlines and their status: those of the last 30 days and the next 45, and whatever is open or overdue."""
    since = parameter(query, "since", options.Day())
    shown = deadlines.worth_showing(book.obligations(), book.now, since)
    names = [field.name for field in attrs.fields(ObligationRow)]
    return Due(issuer=book.issuer, at=book.now, due=tuple(ObligationRow(**fields_of(each, *names)) for each in shown))


def findings(book: BookView, query: Query) -> Findings:
    """Breaches and inconsistencies, by which rule, and how each is cleared. Raises BadQuery."""
    since: date | None = parameter(query, "since", options.Day())
    found = book.findings() if since is None else book.findings_since(since)
    return Findings(**_viewpoint(book), findings=tuple(found))


def filings(book: BookView, _: Query) -> Filings:
    """The returns recorded as filed."""
    return Filings(**_viewpoint(book), filings=tuple(map(_filing_row, book.filings())))


def _filing_row(each: Filing) -> FilingRow:
    said = fields_of(each.filed, "kind", "effective_on", "submitted_on", "status", "form", "book_number", "digest")
    receipt = fields_of(each.filed, "submitted_at", "reference", "published_digest", "as_published")
    return FilingRow(entry=each.entry.number, name=each.name, made_here=each.made_here, **said, **receipt)


def entries(book: BookView, query: Query) -> dict[str, Any]:
    """A page of entries that a filter keeps, the last recorded first. Raises BadQuery."""
    page = register.page(book, query)
    about = {"issuer": book.issuer, "known_at": book.viewpoint.known_at}
    paged = {"page": page.number, "pages": page.pages, "size": page.size, "total": page.total, "searched": page.searched}
    return {**about, **paged, "entries": [entry_row(line.entry, line.replaced_by) for line in page.lines]}


def entry(book: BookView, query: Query, number: int) -> dict[str, Any]:  # noqa: ARG001
    """One entry. Raises NotFound."""
    line = book.line(number)
    return entry_row(line.entry, line.replaced_by)


def entry_row(entry: Entry, replaced_by: int | None) -> dict[str, Any]:
    """An entry with the fields of its event: what EntryRow describes."""
    return {
        "entry": entry.number,
        "recorded_at": entry.recorded_at,
        "event": type(entry.event).__name__,
        **json.loads(encode(entry.event)),
        **fields_of(entry, "source", "replaces", "recorded_by", "command_id"),
        "replaced_by": replaced_by,
    }


def waiting(book: BookView, query: Query) -> Waiting:
    """The entries that wait for release, by whom they were recorded, and what each would change now. Raises BadQuery."""
    found = waiting_rows(book, book.waiting()[::-1], whole=bool(parameter(query, "all", click.BOOL)))
    return Waiting(issuer=book.issuer, known_at=book.viewpoint.known_at, waiting=tuple(found))


def rule(code: str) -> Rules:
    """Every version of a rule. Raises NotFound."""
    return Rules(versions=tuple(map(_rule_row, rulebook.versions(code))))


def _rule_row(each: Rule) -> RuleRow:
    said = fields_of(each, *(field.name for field in attrs.fields(RuleRow)))
    return RuleRow(**{**said, "in_force_from": None if each.in_force_from == date.min else each.in_force_from})


def _viewpoint(book: BookView) -> dict[str, Any]:
    return {"issuer": book.issuer, "as_of": book.as_of, "known_at": book.viewpoint.known_at}
