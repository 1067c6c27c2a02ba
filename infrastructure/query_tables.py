"""What a store says as tables for SQL: their columns with their meanings, and the rows that a book makes of each.

Every row comes from the entries, by the same functions that answer the other commands; nothing kept beside the entries is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import groupby

import attrs

from domain import rulebook
from domain.capital.accounts import SHARES, ClassBalance
from domain.capital.balances import Posted, apply, replay
from domain.capital.entries import Entry, in_effect
from domain.capital.opening import brought_forward
from domain.capital.position import Position
from domain.events import BOOKKEEPING, ShareClassAbolished
from domain.law.business_days import HONG_KONG, Calendar
from domain.mandates.status import history
from domain.returns.filed import filings
from domain.values import plain
from infrastructure.stamps import stamp

TEXT, INTEGER = "TEXT", "INTEGER"
Value = str | int | None
Row = tuple[Value, ...]


@attrs.frozen(eq=False)
class Seen:
    """The day and the instant from which mandates and findings are seen, and what makes the trading days; today by default."""

    as_of: date | None
    now: datetime
    calendar: Callable[[], Calendar]

    @property
    def day(self) -> date:
        """The day asked about, or the one it is in Hong Kong."""
        return self.as_of or self.now.astimezone(HONG_KONG).date()


@attrs.define(eq=False, slots=False)
class QueriedBook:
    """The entries of an issuer that are known, in order of number, and from where they are seen."""

    issuer: str
    entries: Sequence[Entry]
    seen: Seen

    @cached_property
    def in_effect(self) -> list[Entry]:
        """The entries that no other replaces, in effective order."""
        return in_effect(self.entries)


@attrs.frozen
class QueryColumn:
    """A column: its name, its type in SQL, and what it means."""

    name: str
    type: str
    meaning: str


@attrs.frozen(eq=False)
class QueryTable:
    """A table: what a row is, its columns, the first `key` of which name a row, and the rows that a book makes."""

    name: str
    meaning: str
    key: int
    columns: tuple[QueryColumn, ...]
    rows: Callable[[QueriedBook], Iterable[Row]]


# --- rows -----------------------------------------------------------------------------------------------------------


def _entries(book: QueriedBook) -> Iterator[Row]:
    # Reading the codec is what only this table needs.
    from infrastructure.event_codec import encode

    replaced_by = {entry.replaces: entry.number for entry in book.entries if entry.replaces is not None}
    for entry in book.entries:
        event, later = entry.event, replaced_by.get(entry.number)
        counts = int(later is None and not isinstance(event, BOOKKEEPING))
        payload = encode(event).decode()
        yield (
            book.issuer, entry.number, type(event).__name__, _day(event.effective_on), stamp(entry.recorded_at),
            entry.recorded_by, entry.source, entry.replaces, later, counts, payload, entry.command_id,
        )  # fmt: skip


def _movements(book: QueriedBook) -> Iterator[Row]:
    for posted in replay(book.in_effect, Position()):
        number, day = posted.entry.number, _day(posted.entry.event.effective_on)
        for place, move in enumerate(posted.movements, 1):
            yield book.issuer, number, place, day, *move


def _balances(book: QueriedBook) -> Iterator[Row]:
    """The balances of each class at the close of each day on which they changed, and how long they stood.

    Before a class is brought forward they are not known.
    """
    position = Position()
    begins = {code: each.event.effective_on for code, each in brought_forward(book.in_effect).items()}
    since: dict[str, tuple[date, ClassBalance | None]] = {}
    for day, entries in groupby(book.in_effect, key=lambda entry: entry.event.effective_on):
        for code in _touched([apply(position, entry) for entry in entries], position, since):
            if day < begins.get(code, day):
                continue
            begun, before = since.get(code, (day, None))
            balance = None if position.terms.classes[code].abolished_on else position.balance(code)
            if balance == before and code in since:
                continue
            if before is not None:
                yield _balance(book, begun, before, changed_on=day)
            since[code] = day, balance
    for begun, balance in since.values():
        if balance is not None:
            yield _balance(book, begun, balance, changed_on=None)


def _touched(posted: Sequence[Posted], position: Position, since: Mapping[str, object]) -> list[str]:
    """The classes that a day creates, moves or abolishes: a book may have thousands, and most days concern one."""
    codes = {move.code for each in posted for move in each.movements if move.book == SHARES}
    codes |= {each.entry.event.share_class for each in posted if isinstance(each.entry.event, ShareClassAbolished)}
    classes = position.terms.classes
    return sorted(codes | (classes.keys() - since.keys() if len(classes) > len(since) else set()))


def _balance(book: QueriedBook, begun: date, balance: ClassBalance, *, changed_on: date | None) -> Row:
    return book.issuer, balance.share_class, _day(begun), _day(changed_on), *attrs.astuple(balance)[1:]


def _mandates(book: QueriedBook) -> Iterator[Row]:
    for each in history(book.in_effect, book.seen.day).standings.values():
        mandate, ended, doubt = each.mandate, each.ended, each.in_doubt
        ended_on, ended_because = (_day(ended.on), ended.why) if ended else (None, None)
        yield (
            book.issuer, each.code, mandate.purpose, _day(mandate.granted_on), each.entry, plain(mandate.percent),
            mandate.base_now, each.extended, each.limit, each.reserved, each.used, each.headroom,
            ended_on, ended_because, doubt.why if doubt else None, _day(each.latest_end),
        )  # fmt: skip


def _filings(book: QueriedBook) -> Iterator[Row]:
    for each in filings(book.entries):
        filed = each.filed
        yield (
            book.issuer, each.entry.number, each.name, filed.kind, _day(filed.effective_on), _day(filed.submitted_on), filed.form,
            filed.status, filed.book_number, filed.rendering, filed.digest,
        )  # fmt: skip


def _findings(book: QueriedBook) -> Iterator[Row]:
    seen = book.seen
    found = rulebook.check(book.entries, seen.day, now=seen.now, calendar=seen.calendar())
    for place, each in enumerate(found, 1):
        numbers = json.dumps(each.entries)
        yield book.issuer, place, each.code, each.severity, each.message, numbers, each.citation, each.confidence, each.clears


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


# --- tables ---------------------------------------------------------------------------------------------------------

_ISSUER = QueryColumn("issuer", TEXT, "stock code of the issuer")
_ENTRY = QueryColumn("entry", INTEGER, "number of the entry, as in entries")
_CODE = QueryColumn("share_class", TEXT, "code of the class")

TABLES: tuple[QueryTable, ...] = (
    QueryTable(
        "entries",
        "An entry of a book, including replaced ones.",
        2,
        (
            _ISSUER,
            QueryColumn("number", INTEGER, "number of the entry, from 1 without gaps for each issuer"),
            QueryColumn("event", TEXT, "type of the event: PlacingCompleted"),
            QueryColumn("effective_on", TEXT, "day on which it took effect: 2024-12-17"),
            QueryColumn("recorded_at", TEXT, "time of recording, in UTC: 2024-12-18T00:30:00.000000Z"),
            QueryColumn("recorded_by", TEXT, "who recorded it"),
            QueryColumn("source", TEXT, "where the fact comes from"),
            QueryColumn("replaces", INTEGER, "the entry that it corrects or withdraws"),
            QueryColumn("replaced_by", INTEGER, "the entry that corrects or withdraws it"),
            QueryColumn("in_effect", INTEGER, "1 if it counts; 0 if it is replaced, waits, withdraws or releases"),
            QueryColumn("payload", TEXT, "the event as JSON; json_extract(payload, '$.shares') is one field"),
            QueryColumn("command_id", TEXT, "id of the fact: recorded again with it, the fact adds no entry"),
        ),
        _entries,
    ),
    QueryTable(
        "movements",
        "A quantity that an entry in effect moves from one account to another.",
        3,
        (
            _ISSUER,
            _ENTRY,
            QueryColumn("place", INTEGER, "1 for the entry's first movement, 2 for its second"),
            QueryColumn("effective_on", TEXT, "day on which it took effect"),
            QueryColumn("book", TEXT, "shares, scheme, mandate, instrument, issuable or agreement"),
            QueryColumn("code", TEXT, "code of the class, scheme, mandate, instrument or agreement"),
            QueryColumn("source", TEXT, "account that the quantity leaves: unissued, held, treasury"),
            QueryColumn("target", TEXT, "account that it joins"),
            QueryColumn("quantity", INTEGER, "shares, options or rights; hundredths of the currency of a convertible"),
        ),
        _movements,
    ),
    QueryTable(
        "balances",
        "The balances of a class, in shares, for the days from `as_of` until before `changed_on`; none before they are known.",
        3,
        (
            _ISSUER,
            _CODE,
            QueryColumn("as_of", TEXT, "first day, at close of which they hold"),
            QueryColumn("changed_on", TEXT, "next day on which they change, or the class ends; null where there is none"),
            QueryColumn("authorised", INTEGER, "authorised shares; null where the issuer has no authorised capital"),
            QueryColumn("issued_excluding_treasury", INTEGER, "issued shares, those pending cancellation included"),
            QueryColumn("treasury", INTEGER, "treasury shares"),
            QueryColumn("total_issued", INTEGER, "the two together"),
            QueryColumn("pending_cancellation", INTEGER, "repurchased or redeemed shares not cancelled yet"),
        ),
        _balances,
    ),
    QueryTable(
        "mandates",
        "A general mandate at the close of today, or of the day of --as-of.",
        2,
        (
            _ISSUER,
            QueryColumn("mandate", TEXT, "code of the mandate"),
            QueryColumn("purpose", TEXT, "issue or repurchase"),
            QueryColumn("granted_on", TEXT, "day of the meeting"),
            _ENTRY,
            QueryColumn("percent", TEXT, "percentage of the base, as an exact decimal"),
            QueryColumn("base", INTEGER, "issued shares that the percentage is of"),
            QueryColumn("extended", INTEGER, "shares that repurchases have added"),
            QueryColumn("share_limit", INTEGER, "all shares that it allows"),
            QueryColumn("reserved", INTEGER, "shares reserved by agreements to issue"),
            QueryColumn("used", INTEGER, "shares used"),
            QueryColumn("headroom", INTEGER, "shares left; null, like those above, if the book does not say"),
            QueryColumn("ended_on", TEXT, "day on which it ended"),
            QueryColumn("ended_because", TEXT, "why it ended"),
            QueryColumn("in_doubt", TEXT, "why it may have ended, though no end is recorded"),
            QueryColumn("latest_end", TEXT, "day by which it ends at the latest"),
        ),
        _mandates,
    ),
    QueryTable(
        "filings",
        "A filed return, unless it was withdrawn.",
        2,
        (
            _ISSUER,
            _ENTRY,
            QueryColumn("name", TEXT, "the return: Monthly Return for December 2024"),
            QueryColumn("kind", TEXT, "monthly or next-day"),
            QueryColumn("closed_on", TEXT, "day until which it discloses"),
            QueryColumn("submitted_on", TEXT, "day of submission"),
            QueryColumn("form", TEXT, "form and version: FF305 1.3.0"),
            QueryColumn("status", TEXT, "status as printed: New Submission"),
            QueryColumn("book_number", INTEGER, "last entry of the book that it was prepared from"),
            QueryColumn("rendering", TEXT, "rendering that was filed: pdf"),
            QueryColumn("digest", TEXT, "SHA-256 of the document, in hexadecimal"),
        ),
        _filings,
    ),
    QueryTable(
        "findings",
        "A finding of captable check.",
        2,
        (
            _ISSUER,
            QueryColumn("place", INTEGER, "place in the list of check, from 1"),
            QueryColumn("code", TEXT, "code of the rule: captable rule prints it"),
            QueryColumn("severity", TEXT, "breach, late, mismatch or notice"),
            QueryColumn("message", TEXT, "the breach or inconsistency"),
            QueryColumn("entries", TEXT, "numbers of the entries concerned, as a JSON list"),
            QueryColumn("citation", TEXT, "citation of the rule"),
            QueryColumn("confidence", TEXT, "verified, secondary or unverified"),
            QueryColumn("clears", TEXT, "what would clear it"),
        ),
        _findings,
    ),
)
"""The tables that `captable query` asks and `captable export --sqlite` writes."""
