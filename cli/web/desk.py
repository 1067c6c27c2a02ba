"""What the page and the API ask of a book, each answer computed once for each head of the book."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import TypeVar

import attrs

from application import ask, prepare_return
from application import due as deadlines
from application.effects import OnceReleased, once_released
from application.issuers import BookSummary, books
from application.ports import Head
from application.recent import due_since, findings_since
from application.series import Series, series_from, series_of
from cli.web.asked import Asked
from cli.web.holders import WRITE, Holder
from cli.web.memory import Memory
from cli.web.shelf import Shelf
from domain import rulebook
from domain.capital.accounts import Movement
from domain.capital.entries import Entry, Viewpoint, in_effect, known
from domain.capital.ledger import LANDMARKS, Ledger
from domain.capital.position import Position
from domain.capital.securities import Issuer
from domain.disclosure.deadlines import Obligation
from domain.errors import Failure, NotFound
from domain.events import BalanceBroughtForward, Event, ReturnFiled
from domain.law.business_days import BEFORE_DEALINGS, HONG_KONG, Calendar
from domain.law.rule import Finding
from domain.mandates.status import MandateHistory, MandateStatus, history
from domain.returns.documents import MonthlyReturn, NextDayReturn, Return
from domain.returns.filed import Filing, filings
from domain.values import months_after
from infrastructure.contents import Contents

T = TypeVar("T")
SMALL = 2_000
"""Up to this many entries a book is gone through whole, and every answer is computed while the page waits for it."""
RECENT = timedelta(days=365)
"""Of a longer book findings, deadlines and every day are shown of so long before a day at first, or of as many entries."""
A_SECOND = 15_000
"""About how many entries are gone through in a second, where all of a book is asked for."""
STRIP, WINDOW = 240, 360
"""How many balances carried forward are drawn at most: of all days, and of those that a timeline shows."""
FOLDED = 5_000
"""The last days of a long book, of about so many entries, are gone through at once where balances change."""
ANSWERS, WHOLE_BOOKS = 8_192, 16
"""How many answers are kept in memory, and how many that are as long as a book."""
MONTHS = 24
"""How many months before the day of the viewpoint a timeline shows."""


@attrs.frozen(eq=False)
class Desk:
    """A store that is asked by many: its books, the clock, the trading days, and the answers given already.

    `only` are the books that may be asked for, None for all; `writer` is who may record there, None for nobody.
    """

    store: Shelf
    clock: Callable[[], datetime]
    calendar: Calendar
    only: frozenset[str] | None = None
    writer: str | None = None
    memory: Memory = attrs.field(factory=lambda: Memory(ANSWERS))
    whole_books: Memory = attrs.field(factory=lambda: Memory(WHOLE_BOOKS))

    def warm(self, stopped: Callable[[], bool]) -> None:
        """Compute what is asked for first, so that nobody waits for it: each book as of today, as known now, until stopped."""
        with suppress(Failure):
            for code in self.issuers():
                with suppress(Failure):
                    book = self.book(code, Asked())
                    for answer in (book.drawn, book.kinds, book.codes, book.due_recently, book.found_recently, book.mandates):
                        if stopped():
                            return
                        answer()

    def for_holder(self, holder: Holder, *, writable: bool = False) -> Desk:
        """The desk as somebody may ask it, and record there if it is `writable`."""
        writer = holder.name if writable and holder.scope == WRITE else None
        return attrs.evolve(self, only=holder.issuers, writer=writer)

    def issuers(self) -> list[str]:
        """The books that may be asked for."""
        return [code for code in self.store.issuers() if self.only is None or code in self.only]

    def allowed(self, issuer: str) -> str:
        """The code of a book that may be asked for. Raises NotFound, as for a book that is not there."""
        there = self.issuers()
        if issuer not in there:
            raise NotFound(f"no book of issuer {issuer}; this store has: {', '.join(there) or 'none'}")
        return issuer

    def book(self, issuer: str, asked: Asked) -> BookView:
        """The book of an issuer as an address asks for it. Raises NotFound."""
        code, now = self.allowed(issuer), self.clock()
        return BookView(self, code, self.store.head(code), asked.viewpoint(now), asked.instant(now))

    def books(self) -> list[BookSummary]:
        """Every book that may be asked for."""
        heads = tuple((code, self.store.head(code).hash) for code in self.store.issuers())
        everything = self.memory(("books", heads), lambda: books(self.store))
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
        """Whether an answer takes no time: the book is short, or it was given before. The names are those of the methods."""
        return not self.is_long or self.desk.memory.has(self._key(name, *self._depend(name)))

    def _depend(self, name: str) -> tuple[Hashable, ...]:
        """What an answer that takes long depends on, beside the book."""
        return {
            "findings": (self._pinned, self._deadlines),
            "found_recently": (self._pinned, self._deadlines),
            "obligations": (self.known_at, self._deadlines),
            "due_recently": (self.known_at, self._deadlines),
            "mandates": (self._pinned,),
        }[name]

    @property
    def is_long(self) -> bool:
        """Whether the book is too long to be gone through whole for a page."""
        return self.head.number > SMALL

    @property
    def seconds(self) -> int:
        """About how many seconds it takes to go through the whole book."""
        return self.head.number // A_SECOND + 1

    @property
    def contents(self) -> Contents:
        """What the book contains, as known at the viewpoint."""
        return self.desk.store.contents(self.issuer, self._last())

    def _last(self) -> int:
        if self.viewpoint.known_at is None:
            return self.head.number
        return self._once(
            lambda: self.desk.store.ledger(self.issuer, until=date.min, known_at=self.known_at).number, "last", self.known_at
        )

    def since(self) -> date:
        """The day from which findings, deadlines and every day are shown at first; of a short book the first of all days."""
        return max(self.as_of - RECENT, self.gone_through(self.as_of, SMALL)) if self.is_long else date.min

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

    def kinds(self) -> Set[type[Event]]:
        """The types of the events."""
        return self._once(self.contents.kinds, "kinds", self._last())

    def codes(self) -> Set[str]:
        """The codes of classes, schemes, mandates, instruments and agreements."""
        terms = self._at_the_end().terms
        return {*terms.classes, *terms.schemes, *terms.mandates, *terms.instruments, *terms.agreements}

    def line(self, number: int) -> ask.HistoryLine:
        """One entry, with what replaces it. Raises NotFound."""
        return ask.entry(self.desk.store, self.issuer, number, self.known_at)

    def numbered(self, numbers: Sequence[int]) -> Sequence[ask.HistoryLine]:
        """Some entries by their numbers, with what replaces them."""
        return ask.numbered(self.desk.store, self.issuer, numbers, self.known_at)

    def movements(self, entry: Entry) -> Sequence[Movement]:
        """What an entry moves; nothing if another one replaces it."""
        return ask.movements(self.desk.store, self.issuer, entry.number, entry.event.effective_on, self.known_at)

    def named(self) -> Issuer:
        """The issuer as the last entry known names it."""
        return self._at_the_end().terms.issuer or Issuer(self.issuer, self.issuer)

    def _at_the_end(self) -> Position:
        return self._once(
            lambda: self.desk.store.ledger(self.issuer, known_at=self.known_at).at(date.max), "at the end", self.known_at
        )

    def waiting(self) -> Sequence[Entry]:
        """The entries that wait for release."""
        return self._once(lambda: self.desk.store.waiting(self.issuer, self.known_at), "waiting", self.known_at)

    def once_released(self, entry: Entry) -> OnceReleased:
        """What the release of an entry that waits would change now."""
        return self._once(lambda: once_released(self.desk.store, self.issuer, entry), "once released", entry.number)

    def gone_through(self, until: date, entries: int | None = None) -> date:
        """The first of the last days until one, of about so many entries, that are gone through at once."""
        back = self.contents.reaching_back(until, entries or FOLDED)
        return back + timedelta(days=1) if back else date.min

    # --- balances -------------------------------------------------------------------------------------------------

    def balances(self) -> ask.KnownPosition:
        """Terms and totals at the viewpoint."""
        return self._once(lambda: ask.balances(self.desk.store, self.issuer, self._pinned), "balances", self._pinned)

    def series(self, known_at: datetime | None) -> Mapping[str, Series]:
        """The balances of each class over time, as known at an instant: every day of the book."""
        return self._whole(lambda: series_of(self.ordered(known_at)), "series", known_at)

    def series_of_days(self, since: date, until: date) -> Mapping[str, Series]:
        """The same of some days, with the balances in force on the first of them."""
        if since == date.min or not self.is_long:
            return self.series(self.known_at)
        return series_from(self._ledger(since, until, self.known_at), until=until)

    def series_at_once(self, since: date, until: date, begins: date) -> Mapping[str, Series]:
        """The same of every day since another; before that, the balances carried forward."""
        opening = [(since, ask.position(self.desk.store, self.issuer, Viewpoint(since, self.known_at)).totals)]
        carried = [(each.as_of, each.totals) for each in self.contents.carried(since, begins, WINDOW)]
        return series_from(self._ledger(begins, until, self.known_at), [*opening, *carried], until)

    def drawn(self, known_at: datetime | None = None, *, whole: bool = False) -> Mapping[str, Series]:
        """What a drawing shows, as known at an instant: every day; of a long book unless `whole` those since `since`.

        Of its days before and after that, the balances carried forward.
        """
        known_at = known_at or self.known_at
        if whole or not self.is_long:
            return self.series(known_at)
        return self._once(lambda: self._sketched(known_at), "sketched", known_at, self.as_of)

    def _sketched(self, known_at: datetime | None) -> Mapping[str, Series]:
        contents = self.desk.store.contents(self.issuer, self._last() if known_at == self.known_at else self.head.number)
        shown = months_after(self.as_of, -MONTHS)
        spans = ((date.min, shown, STRIP), (shown, self.as_of, WINDOW), (self.as_of, date.max, STRIP))
        carried = [(each.as_of, each.totals) for span in spans for each in contents.carried(*span)]
        return series_from(self._ledger(self.since(), self.as_of, known_at), carried, self.as_of)

    def _ledger(self, since: date, until: date, known_at: datetime | None) -> Ledger:
        return self.desk.store.ledger(self.issuer, since=since, until=until, known_at=known_at, types=[BalanceBroughtForward])

    # --- rules ----------------------------------------------------------------------------------------------------

    def mandates(self) -> Sequence[MandateStatus]:
        """Every mandate at the viewpoint."""
        found = self._once(self._mandates, "mandates", *self._depend("mandates"))
        return tuple(found.standings.values())

    def _mandates(self) -> MandateHistory:
        # What stands of a mandate is in the position carried forward: nothing before it is read but what establishes terms.
        day = self.as_of
        opened = self.desk.store.ledger(self.issuer, since=day, until=day, known_at=self.known_at, types=LANDMARKS)
        return history(opened, day)

    def obligations(self) -> Sequence[Obligation]:
        """Every obligation, by deadline."""
        return self._once(
            lambda: deadlines.due(self.desk.store, self.issuer, self.now, self.desk.calendar, self.known_at),
            "obligations", *self._depend("obligations"),
        )  # fmt: skip

    def due_recently(self) -> Sequence[Obligation]:
        """The obligations about the days since `since`."""
        if not self.is_long:
            return self.obligations()
        return self._once(
            lambda: due_since(self.desk.store, self.issuer, self.since(), self.now, self.desk.calendar, self.known_at),
            "due_recently", *self._depend("due_recently"),
        )  # fmt: skip

    def findings(self) -> Sequence[Finding]:
        """Every finding at the viewpoint."""
        return self._once(
            lambda: rulebook.check(
                self.entries(), self.as_of, self.known_at, now=self.now, calendar=self.desk.calendar
            ),
            "findings", *self._depend("findings"),
        )  # fmt: skip

    def found_recently(self) -> Sequence[Finding]:
        """The findings about entries of the days since `since`."""
        if not self.is_long:
            return self.findings()
        return self._once(lambda: self.findings_since(self.since()), "found_recently", *self._depend("found_recently"))

    def findings_since(self, since: date) -> Sequence[Finding]:
        """The findings that name an entry of the days since one, or none."""
        return findings_since(
            self.desk.store, self.issuer, since, self.as_of, self.known_at, now=self.now, calendar=self.desk.calendar
        )

    # --- returns --------------------------------------------------------------------------------------------------

    def filings(self) -> Sequence[Filing]:
        """The returns filed by the day of the viewpoint, as known at its instant."""
        found = self._once(self._filings, "filings", self.known_at)
        return [each for each in found if each.filed.submitted_on <= self.as_of]

    def _filings(self) -> Sequence[Filing]:
        return filings(known(self.desk.store.of_types(self.issuer, [ReturnFiled]), self.known_at))

    def monthly(self, year: int, month: int, submitted_on: date, *, explained: bool = False) -> MonthlyReturn:
        """The Monthly Return of a month. Raises NotPrepared or NoForm.

        Where it is to be `explained`, figures name every entry behind them, however long the book is.
        """
        return self._once(
            lambda: prepare_return.monthly_return(
                self.desk.store, self.issuer, year, month, submitted_on, self.known_at, explained=explained
            ),
            "monthly", year, month, submitted_on, self.known_at, explained,
        )  # fmt: skip

    def next_day(self, on: date, submitted_on: date, *, again: bool, explained: bool = False) -> NextDayReturn:
        """The Next Day Disclosure Return of what changed until a day, its figures as `monthly` has them.

        Raises NotPrepared or NoForm.
        """
        return self._once(
            lambda: prepare_return.next_day_return(
                self.desk.store, self.issuer, on, submitted_on, self.known_at, again=again, explained=explained
            ),
            "next-day", on, submitted_on, again, self.known_at, explained,
        )  # fmt: skip

    def is_to_be_disclosed(self, entry: Entry) -> bool:
        """Whether an entry is among those for which something is due about its own day."""
        on = entry.event.effective_on
        about = due_since(self.desk.store, self.issuer, on, deadlines.at_close(on), self.desk.calendar, self.known_at)
        return any(entry.number in each.entries for each in about if each.about == on)

    def findings_about(self, document: Return) -> Sequence[Finding]:
        """The findings for which a return is a draft, by all that the book knows."""
        known_now = self.head.recorded_at
        return prepare_return.findings_about(self.desk.store, self.issuer, document, known_now)


def boundary(now: datetime) -> datetime:
    """The start of the minute of an instant: how often a page that counts down is drawn again."""
    return datetime.combine(now.date(), time(now.hour, now.minute), now.tzinfo)
