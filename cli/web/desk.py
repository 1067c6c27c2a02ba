"""What the page and the API ask of a book, each answer computed once for each head of the book."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from contextlib import suppress
from datetime import date, datetime, time
from typing import TypeVar

import attrs

from application import ask, prepare_return
from application import due as deadlines
from application.entry_pages import codes_named
from application.issuers import BookSummary, listed
from application.ports import Head
from application.series import Series, series_of
from cli.web.asked import Asked
from cli.web.holders import Holder
from cli.web.memory import Memory
from domain import rulebook
from domain.capital.accounts import Movement
from domain.capital.entries import Entry, Viewpoint, in_effect
from domain.disclosure.deadlines import Obligation
from domain.errors import Failure
from domain.events import Event
from domain.law.business_days import BEFORE_DEALINGS, HONG_KONG, Calendar
from domain.law.rule import Finding
from domain.mandates.status import MandateHistory, MandateStatus, history
from domain.returns.documents import Return
from domain.returns.filed import Filing, filings
from domain.returns.findings import about
from domain.securities import Issuer
from infrastructure.event_store import SqlEventStore

T = TypeVar("T")
SMALL = 2_000
"""Up to this many entries every answer is computed while the page waits for it."""
ANSWERS, WHOLE_BOOKS = 8_192, 16
"""How many answers are kept in memory, and how many that are as long as a book."""


@attrs.frozen(eq=False)
class Desk:
    """A store that is asked by many: its books, the clock, the trading days, and the answers given already.

    `only` are the books that may be asked for; None for all.
    """

    store: SqlEventStore
    clock: Callable[[], datetime]
    calendar: Calendar
    only: frozenset[str] | None = None
    memory: Memory = attrs.field(factory=lambda: Memory(ANSWERS))
    whole_books: Memory = attrs.field(factory=lambda: Memory(WHOLE_BOOKS))

    def warm(self, stopped: Callable[[], bool]) -> None:
        """Compute what is asked for first, so that nobody waits for it: each book as of today, as known now, until stopped."""
        with suppress(Failure):
            for code in self.issuers():
                with suppress(Failure):
                    book = self.book(code, Asked())
                    answers = (
                        book.lines,
                        book.days,
                        book.kinds,
                        book.codes,
                        book.obligations,
                        book.findings,
                        book.mandates,
                        book.all_findings,
                    )
                    for answer in (lambda book=book: book.series(book.known_at), *answers):
                        if stopped():
                            return
                        answer()

    def for_holder(self, holder: Holder) -> Desk:
        """The desk as somebody may ask it."""
        return attrs.evolve(self, only=holder.issuers)

    def issuers(self) -> list[str]:
        """The books that may be asked for."""
        return [code for code in self.store.issuers() if self.only is None or code in self.only]

    def allowed(self, issuer: str) -> str:
        """The code of a book that may be asked for. Raises NotFound, as for a book that is not there."""
        there = self.issuers()
        if issuer not in there:
            raise ask.NotFound(f"no book of issuer {issuer}; this store has: {', '.join(there) or 'none'}")
        return issuer

    def book(self, issuer: str, asked: Asked) -> BookView:
        """The book of an issuer as an address asks for it. Raises NotFound."""
        code, now = self.allowed(issuer), self.clock()
        return BookView(self, code, self.store.head(code), asked.viewpoint(now), asked.instant(now))

    def books(self) -> list[BookSummary]:
        """Every book that may be asked for."""
        heads = tuple((code, self.store.head(code).hash) for code in self.store.issuers())
        everything = self.memory(("books", heads), lambda: listed(self.store))
        return [each for each in everything if self.only is None or each.issuer in self.only]


@attrs.frozen(eq=False)
class BookView:
    """A book from one viewpoint. `head` is where it ended when it was asked for, `now` the instant for deadlines.

    Every question is asked with what was known at the head, so that entries recorded meanwhile cannot enter half of an answer.
    """

    desk: Desk
    issuer: str
    head: Head
    viewpoint: Viewpoint
    now: datetime

    @property
    def as_of(self) -> date:
        """The day of the viewpoint."""
        return self.viewpoint.as_of

    @property
    def known_at(self) -> datetime | None:
        """The instant by which an entry must have been recorded."""
        return self.viewpoint.known_at or self.head.recorded_at

    @property
    def tag(self) -> str:
        """What names the state of the book and of the deadlines that an answer depends on."""
        day, passed = self._deadlines
        return f"{self.head.number}-{self.head.hash[:16]}-{day:%Y%m%d}{'b' if passed else 'a'}"

    @property
    def _deadlines(self) -> tuple[date, bool]:
        """What answers about deadlines depend on: the day, and whether its 08:30 has passed, when everything is due."""
        local = self.now.astimezone(HONG_KONG)
        return local.date(), local.timetz().replace(tzinfo=None) > BEFORE_DEALINGS

    @property
    def _pinned(self) -> Viewpoint:
        return Viewpoint(self.as_of, self.known_at)

    def _once(self, compute: Callable[[], T], name: str, *depends_on: Hashable) -> T:
        return self.desk.memory(self._key(name, *depends_on), compute)

    def _whole(self, compute: Callable[[], T], name: str, *depends_on: Hashable) -> T:
        """An answer as long as the book: few are kept."""
        return self.desk.whole_books(self._key(name, *depends_on), compute)

    def _key(self, name: str, *depends_on: Hashable) -> Hashable:
        return (name, self.issuer, self.head.number, self.head.hash, *depends_on)

    def is_ready(self, name: str) -> bool:
        """Whether an answer takes no time: the book is small, or it was given before. The names are those of the methods."""
        return self.head.number <= SMALL or self.desk.memory.has(self._key(name, *self._depend(name)))

    def _depend(self, name: str) -> tuple[Hashable, ...]:
        """What an answer that takes long depends on, beside the book."""
        return {
            "findings": (self._pinned, self._deadlines),
            "obligations": (self.known_at, self._deadlines),
            "mandates": (self._pinned,),
        }[name]

    # --- entries --------------------------------------------------------------------------------------------------

    def entries(self) -> Sequence[Entry]:
        """The entries of the book up to its head."""
        return list(self.desk.store.entries(self.issuer))[: self.head.number]

    def ordered(self, known_at: datetime | None) -> Sequence[Entry]:
        """The entries in effect at an instant, in effective order."""
        return self._whole(lambda: in_effect(self.entries(), known_at), "ordered", known_at)

    def lines(self) -> Sequence[ask.HistoryLine]:
        """Every entry known, with what replaces it."""
        return self._whole(lambda: ask.history(self.desk.store, self.issuer, self.known_at), "lines", self.known_at)

    def days(self) -> Sequence[date]:
        """The effective days of the entries, in order."""
        return self._once(lambda: sorted({line.entry.event.effective_on for line in self.lines()}), "days", self.known_at)

    def kinds(self) -> Set[type[Event]]:
        """The types of the events."""
        return self._once(lambda: {type(line.entry.event) for line in self.lines()}, "kinds", self.known_at)

    def codes(self) -> Set[str]:
        """The codes of classes, mandates, schemes and instruments that the entries name."""
        found = (codes_named(line.entry.event) for line in self.lines())
        return self._once(lambda: frozenset[str]().union(*found), "codes", self.known_at)

    def line(self, number: int) -> ask.HistoryLine:
        """One entry, with what replaces it. Raises NotFound."""
        lines = self.lines()
        if not 1 <= number <= len(lines):
            raise ask.NotFound(f"there is no entry {number} in the book of {self.issuer}; it ends at entry {len(lines)}")
        return lines[number - 1]

    def movements(self, entry: Entry) -> Sequence[Movement]:
        """What an entry moves; nothing if another one replaces it."""
        return ask.movements(self.desk.store, self.issuer, entry.number, entry.event.effective_on, self.known_at)

    def named(self) -> Issuer:
        """The issuer as the last entry known names it."""
        found = self._once(self._issuer, "issuer", self.known_at)
        return found or Issuer(self.issuer, self.issuer)

    def _issuer(self) -> Issuer | None:
        return self.desk.store.ledger(self.issuer, known_at=self.known_at).at(date.max).terms.issuer

    # --- balances -------------------------------------------------------------------------------------------------

    def balances(self) -> ask.KnownPosition:
        """Terms and totals at the viewpoint."""
        return self._once(lambda: ask.balances(self.desk.store, self.issuer, self._pinned), "balances", self._pinned)

    def series(self, known_at: datetime | None) -> Mapping[str, Series]:
        """The balances of each class over time, as known at an instant."""
        return self._whole(lambda: series_of(self.ordered(known_at)), "series", known_at)

    # --- rules ----------------------------------------------------------------------------------------------------

    def mandates(self) -> Sequence[MandateStatus]:
        """Every mandate at the viewpoint."""
        found = self._once(self._mandates, "mandates", *self._depend("mandates"))
        return tuple(found.standings.values())

    def _mandates(self) -> MandateHistory:
        # From the position carried forward: a long book is not folded for it.
        return history(ask.opened(self.desk.store, self.issuer, self.as_of, self.known_at), self.as_of)

    def obligations(self) -> Sequence[Obligation]:
        """Every obligation, by deadline."""
        return self._once(
            lambda: deadlines.due(self.desk.store, self.issuer, self.now, self.desk.calendar, self.known_at),
            "obligations", *self._depend("obligations"),
        )  # fmt: skip

    def findings(self) -> Sequence[Finding]:
        """Every finding at the viewpoint."""
        return self._once(
            lambda: rulebook.check(
                self.entries(), self.as_of, self.known_at, now=self.now, calendar=self.desk.calendar
            ),
            "findings", *self._depend("findings"),
        )  # fmt: skip

    # --- returns --------------------------------------------------------------------------------------------------

    def filings(self) -> Sequence[Filing]:
        """The returns filed by the day of the viewpoint, as known at its instant."""
        found = self._once(lambda: filings(line.entry for line in self.lines()), "filings", self.known_at)
        return [each for each in found if each.filed.submitted_on <= self.as_of]

    def monthly(self, year: int, month: int, submitted_on: date) -> Return:
        """The Monthly Return of a month. Raises NotPrepared or NoForm."""
        return self._once(
            lambda: prepare_return.monthly_return(
                self.desk.store, self.issuer, year, month, submitted_on, self.known_at
            ),
            "monthly", year, month, submitted_on, self.known_at,
        )  # fmt: skip

    def next_day(self, on: date, submitted_on: date, *, again: bool) -> Return:
        """The Next Day Disclosure Return of what changed until a day. Raises NotPrepared or NoForm."""
        return self._once(
            lambda: prepare_return.next_day_return(
                self.desk.store, self.issuer, on, submitted_on, self.known_at, again=again
            ),
            "next-day", on, submitted_on, again, self.known_at,
        )  # fmt: skip

    def findings_about(self, document: Return) -> Sequence[Finding]:
        """The findings for which a return is a draft."""
        return about(document, list(self.entries()), self.all_findings())

    def all_findings(self) -> Sequence[Finding]:
        """Every finding of the whole book, those about deadlines left out."""
        return self._once(lambda: rulebook.findings(self.entries()), "all findings")


def boundary(now: datetime) -> datetime:
    """The start of the minute of an instant: how often a page that counts down is drawn again."""
    return datetime.combine(now.date(), time(now.hour, now.minute), now.tzinfo)
