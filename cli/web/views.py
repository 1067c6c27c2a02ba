"""The pages: what each shows, as a template and its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from typing import Any

import attrs
import click

from application import due as deadlines
from application.ask import HistoryLine
from application.issuers import BookSummary
from cli.entries import fact_in, moved
from cli.event_options import attributes
from cli.web import charts, register
from cli.web.asked import Asked, parameter
from cli.web.charts import Gauge
from cli.web.desk import BookView, Desk
from cli.web.page import Query, WebPage, about
from cli.web.returns import filing_address, printed
from cli.web.tiles import tiles
from cli.web.waits import waiting_rows
from domain import rulebook
from domain.disclosure.deadlines import FILED, FILED_LATE, OPEN, OVERDUE, Obligation
from domain.errors import NotFound
from domain.events import Event
from domain.events.structured import Trade, amount_text
from domain.law.business_days import HONG_KONG
from domain.law.rule import UnknownRule
from domain.mandates.status import MandateStatus
from domain.returns.filed import Filing
from domain.values import Money

# --- all issuers --------------------------------------------------------------------------------------------------


@attrs.frozen
class Row:
    """A book on the front page: how many entries wait for release, what is overdue, what is due today, and what is due next."""

    listed: BookSummary
    waiting: int
    overdue: Sequence[Obligation]
    today: Sequence[Obligation]
    next: Obligation | None

    @property
    def urgency(self) -> tuple[int, int, datetime, str]:
        """What orders the rows: what is overdue first, then what is due soonest."""
        soonest = self.next.due_at if self.next else datetime.max.replace(tzinfo=HONG_KONG)
        return -bool(self.overdue), -bool(self.today), soonest, self.listed.issuer


def front(desk: Desk, query: Query) -> WebPage:
    """Every issuer of the store: what is due today, what is overdue."""
    asked = Asked.of(query)
    rows = [_row(desk, each, asked) for each in desk.books()]
    return WebPage("front.html", {"asked": asked, "rows": rows, "now": desk.clock()})


def _row(desk: Desk, each: BookSummary, asked: Asked) -> Row:
    if each.damage:
        return Row(each, 0, (), (), None)
    book = desk.book(each.issuer, asked)
    pressing = [found for found in book.due_recently() if deadlines.is_pressing(found)]
    today = book.now.astimezone(HONG_KONG).date()
    ahead = [found for found in pressing if found.status == OPEN]
    return Row(
        each,
        len(book.waiting()),
        [found for found in pressing if found.status == OVERDUE],
        [found for found in ahead if found.due_at.astimezone(HONG_KONG).date() == today],
        next(iter(ahead), None),
    )


# --- an issuer ----------------------------------------------------------------------------------------------------


@attrs.frozen
class MandateGauge:
    """A mandate with its gauge, and when it ends in words."""

    standing: MandateStatus
    gauge: Gauge
    until: str


def issuer(desk: Desk, code: str, query: Query) -> WebPage:
    """An issuer from a viewpoint."""
    asked, wanted = Asked.of(query), _whole(query)
    book = desk.book(code, asked)
    answers = {name: part.answer(name in wanted) for name, part in PARTS.items()}
    ready = [name for name, answer in answers.items() if query.get("wait") or query.get("all") == ALL or book.is_ready(answer)]
    return WebPage(
        "issuer.html",
        {
            **about(book, asked),
            **{key: value for name in ready for key, value in PARTS[name].values(book, name in wanted).items()},
            **_extent(book, wanted),
            "ready": ready,
            **_waiting(book, wanted),
            "tiles": list(tiles(book, asked, whole="days" in wanted)),
            "window": charts.window(book.as_of),
            "filings": [_filing_row(each, asked, book.issuer) for each in reversed(book.filings())],
            **_register(book, query),
        },
    )


ALL = "true"
"""Asks for all that a book has, whatever it takes."""


def _whole(query: Query) -> Set[str]:
    """What of a long book is asked for whole: findings, deadlines, days or what waits. Raises BadQuery."""
    asked = parameter(query, "all", click.Choice([ALL, *WHOLE]))
    return set(WHOLE) if asked == ALL else {asked}


WHOLE = ("findings", "due", "days", "waiting")


def _extent(book: BookView, wanted: Set[str]) -> dict[str, Any]:
    """How much of a long book is shown: since which day, what is whole, and how long the rest would take."""
    return {"since": book.since() if book.is_long else None, "wanted": wanted, "seconds": book.seconds}


@attrs.frozen
class Part:
    """A part of an issuer's page that comes on its own for a long book: its answer, the one for the whole book, its values."""

    recent: str
    every: str
    shown: Callable[[BookView, Any], Mapping[str, Any]]

    def answer(self, whole: bool) -> str:
        """The name of the answer."""
        return self.every if whole else self.recent

    def values(self, book: BookView, whole: bool) -> Mapping[str, Any]:
        """What the part shows."""
        return self.shown(book, getattr(book, self.answer(whole))())


PARTS: Mapping[str, Part] = {
    "due": Part("due_recently", "obligations", lambda book, due: {"due": deadlines.worth_showing(due, book.now)}),
    "findings": Part("found_recently", "findings", lambda _, found: {"findings": found}),
    "mandates": Part("mandates", "mandates", lambda _, found: {"mandates": [_mandate(each) for each in found]}),
}


def part(desk: Desk, code: str, part: str, query: Query) -> WebPage:
    """A part of an issuer's page. Raises NotFound."""
    asked, wanted = Asked.of(query), _whole(query)
    book = desk.book(code, asked)
    if part not in PARTS:
        raise NotFound(f"a page of an issuer has no part {part}; there are: {', '.join(PARTS)}")
    values = {**about(book, asked), **PARTS[part].values(book, part in wanted), **_extent(book, wanted)}
    return WebPage("part.html", {**values, "part": part})


def _filing_row(filing: Filing, asked: Asked, code: str) -> tuple[Filing, str]:
    return filing, filing_address(filing, asked, code)


def _mandate(standing: MandateStatus) -> MandateGauge:
    return MandateGauge(standing, charts.gauge(standing.limit, standing.used, standing.reserved), _until(standing))


def _until(standing: MandateStatus) -> str:
    if standing.ended is not None:
        return f"ended {standing.ended.on:%-d %B %Y}: {standing.ended.why}"
    if standing.in_doubt is not None:
        return f"not known: {standing.in_doubt.why}"
    latest = f", by {standing.latest_end:%-d %B %Y}" if standing.latest_end else ""
    return f"until the conclusion of the next annual general meeting{latest}"


# --- entries ------------------------------------------------------------------------------------------------------


def _register(book: BookView, query: Query) -> dict[str, Any]:
    everything = {"all": ALL} if query.get("all") == ALL else {}
    return {
        "page": register.page(book, query),
        "seconds": book.seconds,
        "kinds": register.kinds(book),
        "codes": register.codes(book),
        "given": {name: query.get(name, "") for name in FILTERS},
        "query": {name: query[name] for name in (*FILTERS, "size") if query.get(name)} | everything,
        "filtered": any(query.get(name) for name in FILTERS),
    }


FILTERS = ("event", "about", "since", "until", "text", "standing", "entries")
"""The parameters of an address that filter entries."""


def entries(desk: Desk, code: str, query: Query) -> WebPage:
    """The register of entries."""
    asked = Asked.of(query)
    book = desk.book(code, asked)
    return WebPage("entries.html", {**about(book, asked), **_register(book, query), **_waiting(book, _whole(query))})


SHOWN_WAITING = 10
"""Of how many entries that wait a page shows what their release would change; the API has all."""


def _waiting(book: BookView, wanted: Set[str], of: HistoryLine | None = None) -> dict[str, Any]:
    """What waits for release, all of it or an entry, and who may release it on the page."""
    left_out = [each for each in book.waiting() if of is None or each.number == of.entry.number]
    last = left_out[::-1][:SHOWN_WAITING]
    rows = list(zip(last, waiting_rows(book, last, whole="waiting" in wanted), strict=True))
    return {"left_out": left_out, "waiting": rows, "writer": book.desk.writer, "seconds": book.seconds}


def entry(desk: Desk, code: str, number: int, query: Query) -> WebPage:
    """An entry: what it says, what it moves, and where it is printed. Raises NotFound."""
    asked = Asked.of(query)
    book = desk.book(code, asked)
    line = book.line(number)
    moves = book.movements(line.entry)
    return WebPage(
        "entry.html",
        {
            **about(book, asked),
            "line": line,
            **_waiting(book, _whole(query), line),
            "fields": list(_fields(fact_in(line.entry.event))),
            "movements": [(move, moved(move, line.entry.event)) for move in moves],
            "printed": list(printed(book, line.entry, asked)) if moves else [],
        },
    )


def _fields(event: Event) -> Iterator[tuple[str, str]]:
    for field in attributes(type(event)):
        value = getattr(event, field.name)
        if value not in (None, "", (), False):
            yield field.name.replace("_", " "), shown(value)


def shown(value: object) -> str:
    """A value as a page prints it."""
    if isinstance(value, tuple):
        return "\n".join(shown(each) for each in value)
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    if isinstance(value, Money | Trade):
        return amount_text(value)
    return "yes" if value is True else f"{value:,}" if type(value) is int else str(value)


# --- rules --------------------------------------------------------------------------------------------------------


def rule(_: Desk, code: str, query: Query) -> WebPage:
    """A rule: what it says, how sure we are of it, and how a finding is cleared. Raises NotFound."""
    try:
        versions = rulebook.versions(code.upper())
    except UnknownRule:
        raise NotFound(f"there is no rule {code}") from None
    return WebPage("rule.html", {"asked": Asked.of(query), "versions": versions[::-1], "code": code.upper()})


# --- how long until -----------------------------------------------------------------------------------------------


def countdown(due_at: datetime, now: datetime) -> str:
    """How long until a deadline, or since: in 3 days, in 2 h 10 min, 5 days ago."""
    left = due_at - now
    ahead, span = left >= timedelta(0), abs(left)
    minutes = span // timedelta(minutes=1)
    if span >= timedelta(days=2):
        words_ = f"{span.days} days"
    elif minutes >= 60:
        words_ = f"{minutes // 60} h {minutes % 60} min"
    else:
        words_ = f"{minutes} min"
    return f"in {words_}" if ahead else f"{words_} ago"


SIGNS = {FILED: "✓", FILED_LATE: "!", OVERDUE: "!", OPEN: "○"}
"""A sign beside each state of an obligation, so that colour is never the only one."""
