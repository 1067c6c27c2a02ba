"""captable as a library, for notebooks and programs: open a store, ask its books, prepare returns. It only reads.

`import captable` gives what stands here. Answers have the types and names of the API; days and moments may be given as text.
Every error is a `Failure`: `NotFound`, `BadInput` for what cannot be read, `StoreDamaged`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from html import escape
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import attrs

from application import ask
from application.issuers import BookSummary
from cli import wiring
from cli.session import system_clock
from cli.table import Table, fields_of
from cli.waiting import WaitingRow, plain_row
from cli.web import answers, returns
from cli.web.answers import ClassRow, FilingRow, LevelRow, MandateRow, ObligationRow
from cli.web.asked import Asked
from cli.web.desk import BookView, Desk
from cli.web.shelf import Shelf
from domain.capital.entries import Entry
from domain.errors import BadInput, Failure, NotFound, StoreDamaged
from domain.law.rule import Finding
from domain.returns.documents import Return
from domain.returns.explain import Explained, explanation
from infrastructure.opening import open_database
from infrastructure.renderers import render
from infrastructure.whole_file import put

__all__ = [
    "BadInput",
    "Book",
    "BookSummary",
    "ClassRow",
    "Entry",
    "Explained",
    "Failure",
    "FilingRow",
    "Finding",
    "LevelRow",
    "MandateRow",
    "NotFound",
    "ObligationRow",
    "PreparedReturn",
    "Store",
    "StoreDamaged",
    "Table",
    "WaitingRow",
    "open_store",
]

Day = date | str | None
"""A day, or the text of one such as 2024-12-17 or 17 Dec 2024; None for today."""

Moment = datetime | date | str | None
"""An instant, a day at its close, or the text of one; None for now."""

Format = Literal["text", "json", "html", "pdf", "xlsx"]


def open_store(
    location: str = "captable.db", *, calendar: str | None = None, clock: Callable[[], datetime] = system_clock
) -> Store:
    """The store at a path or URL, to be read. `calendar` is a file of trading days, `clock` says what time it is.

    Raises StoreUnusable if there is no store.
    """
    shelf = Shelf(open_database(location, create=False, writable=False), clock)
    return Store(Desk(shelf, clock, wiring.trading_days(calendar)), location, shelf.close)


@attrs.frozen(repr=False)
class Store:
    """An open store. It is closed by `close`, or at the end of `with`."""

    _desk: Desk
    location: str
    _close: Callable[[], None]

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store; it is not to be asked afterwards."""
        self._close()

    def issuers(self) -> Table[BookSummary]:
        """The books of the store, by stock code."""
        return Table("Issuers", tuple(self._desk.books()))

    def book(self, issuer: str | None = None) -> Book:
        """The book of an issuer, or the only one there is. Raises NotFound."""
        return Book(self._desk, ask.which_issuer(self._desk.store, issuer))

    def __repr__(self) -> str:
        return f"<captable store {self.location}: {', '.join(self._desk.issuers()) or 'empty'}>"


@attrs.frozen(repr=False)
class Book:
    """The book of an issuer. `as_of` is the day asked about, at its close; `known_at` what the book knew at a moment."""

    _desk: Desk
    issuer: str

    def balances(self, as_of: Day = None, known_at: Moment = None) -> Table[ClassRow]:
        """Authorised, issued, treasury and pending shares of every class, in shares."""
        view = self._view(as_of, known_at)
        return Table(f"Balances at close of {view.as_of:%-d %B %Y}", answers.balances(view, {}).classes)

    def series(self, since: Day = None, until: Day = None, known_at: Moment = None) -> Table[LevelRow]:
        """The balances of every class over time: a row for each day on which they changed."""
        found = answers.series(self._view(None, known_at), {**_given(since=since, until=until), "all": "true"})
        return Table("Balances over time", found.levels)

    def mandates(self, as_of: Day = None, known_at: Moment = None) -> Table[MandateRow]:
        """Every general mandate: base, limit, reserved, used, left, in shares, and when it ends."""
        view = self._view(as_of, known_at)
        return Table(f"Mandates at close of {view.as_of:%-d %B %Y}", answers.mandates(view, {}).mandates)

    def due(self, as_of: Day = None, known_at: Moment = None, *, since: Day = None) -> Table[ObligationRow]:
        """Filing deadlines and their status: those of the last 30 days, or since a day, the next 45, and whatever is open."""
        view = self._view(as_of, known_at)
        return Table(f"Due at {view.now:%Y-%m-%d %H:%M}", answers.due(view, _given(since=since)).due)

    def findings(self, as_of: Day = None, known_at: Moment = None) -> Table[Finding]:
        """Breaches and inconsistencies, by which rule, and how each is cleared."""
        view = self._view(as_of, known_at)
        return Table(f"Findings at close of {view.as_of:%-d %B %Y}", answers.findings(view, {}).findings)

    def waiting(self, known_at: Moment = None) -> Table[WaitingRow]:
        """The entries that wait for release by another person, the last first, with what each would change now."""
        return Table("Waiting for release", answers.waiting(self._view(None, known_at), {"all": "true"}).waiting, plain_row)

    def filings(self, as_of: Day = None, known_at: Moment = None) -> Table[FilingRow]:
        """The returns recorded as filed by a day."""
        return Table("Returns filed", answers.filings(self._view(as_of, known_at), {}).filings)

    def entries(self, known_at: Moment = None) -> Table[Entry]:
        """Every entry known, the first first; `event` of each is the fact that it records."""
        return Table("Entries", tuple(line.entry for line in self._view(None, known_at).lines()), _columns)

    def monthly_return(self, month: str, submitted_on: Day = None, known_at: Moment = None) -> PreparedReturn:
        """The Monthly Return of a month, 2024-12, on the form in force on its day of submission.

        Raises NotFound if there is no such return.
        """
        view = self._view(None, known_at)
        return _prepared(view, returns.monthly_document(view, month, _given(submitted_on=submitted_on)))

    def next_day_return(self, on: date | str, submitted_on: Day = None, known_at: Moment = None) -> PreparedReturn:
        """The Next Day Disclosure Return of what changed until a day.

        Raises NotFound if there is no such return.
        """
        view = self._view(None, known_at)
        return _prepared(view, returns.next_day_document(view, str(on), _given(submitted_on=submitted_on)))

    def filed_return(self, entry: int) -> PreparedReturn:
        """A return as it was filed, by the entry that records it. Raises NotFound."""
        return PreparedReturn(returns.filed_document(self._view(None, None), entry)[1], ())

    def _view(self, as_of: Day, known_at: Moment) -> BookView:
        return self._desk.book(self.issuer, Asked.of(_given(as_of=as_of, known_at=known_at)))

    def __repr__(self) -> str:
        view = self._view(None, None)
        return f"<book of {self.issuer} {view.named().name}: {view.head.number:,} entries>"


@attrs.frozen(repr=False)
class PreparedReturn:
    """A return: its typed `document`, and why it is a draft, if it is one."""

    document: Return
    draft_reasons: tuple[str, ...]

    @property
    def is_draft(self) -> bool:
        """Whether it is marked as a draft."""
        return bool(self.draft_reasons)

    def render(self, form: Format) -> bytes:
        """The document as text, JSON, HTML, PDF or a workbook."""
        return render(self.document, form, draft=self.is_draft)

    def save(self, path: str, form: Format) -> None:
        """Write the document to a file, whole or not at all. Raises NotWritten."""
        put(Path(path), self.render(form))

    def explained(self) -> Table[Explained]:
        """Where every figure comes from, with the entries behind it."""
        return Table("Where each figure comes from", tuple(explanation(self.document)))

    def __repr__(self) -> str:
        return self.render("text").decode()

    def _repr_html_(self) -> str:
        # In a frame of its own, so that neither the notebook nor the form changes how the other looks.
        shown = escape(self.render("html").decode())
        return f'<iframe title="{escape(str(self.document.form))}" srcdoc="{shown}" width="100%" height="600"></iframe>'


def _prepared(view: BookView, document: Return) -> PreparedReturn:
    found = (f"{each.code} {each.message}" for each in view.findings_about(document))
    return PreparedReturn(document, (*document.draft_reasons, *found))


def _given(**named: date | datetime | str | None) -> Mapping[str, str]:
    """What is given, as the address of a page writes it. Raises BadInput for what is neither text nor a date."""
    wrong = [
        f"{name}: expected a date or text, got {value!r}"
        for name, value in named.items()
        if not isinstance(value, date | str | None)
    ]
    if wrong:
        raise BadInput(wrong[0])
    return {name: value if isinstance(value, str) else value.isoformat() for name, value in named.items() if value is not None}


def _columns(entry: Entry) -> Mapping[str, Any]:
    """An entry as columns: what the book says of it, then the fields of its event."""
    about = {"entry": entry.number, "event": type(entry.event).__name__}
    beside = fields_of(entry, "recorded_at", "recorded_by", "source", "replaces")
    return {**about, **fields_of(entry.event), **beside}


def public() -> Sequence[type]:
    """The classes of the library that have methods, in the order in which the documentation lists them."""
    return (Store, Book, Table, PreparedReturn)
