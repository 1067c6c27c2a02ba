"""The operations of the API as rows: address, answer, parameters. Routes and the API's description both follow from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from application.entry_pages import LARGEST, SIZE
from cli.event_options import COMMANDS
from cli.web import answers, returns
from domain import rulebook
from domain.returns.documents import Return
from infrastructure.renderers import FORMATS


@attrs.frozen
class ApiParameter:
    """A parameter of an address: its name, what it means, and its JSON Schema."""

    name: str
    meaning: str
    schema: Mapping[str, Any]
    where: str = "query"
    required: bool = False


_DAY: Mapping[str, Any] = {"type": "string", "format": "date", "examples": ["2024-12-17"]}
_MOMENT: Mapping[str, Any] = {"type": "string", "examples": ["2024-12-18T08:30"]}
ISSUER = ApiParameter("code", "The issuer.", {"type": "string", "examples": ["00020"]}, "path", required=True)
NUMBER = ApiParameter("number", "The number of the entry.", {"type": "integer", "minimum": 1}, "path", required=True)
EVENT = {"type": "string", "examples": list(COMMANDS)}
"""An event type. Its names are examples: any spelling of one is accepted."""
_IN_PATHS = (
    ISSUER,
    NUMBER,
    ApiParameter("rule", "The code of the rule.", {"type": "string", "enum": list(rulebook.codes())}, "path", required=True),
    ApiParameter("month", "The month.", {"type": "string", "examples": ["2024-12"]}, "path", required=True),
    ApiParameter(
        "on", "The day until which it discloses.", {"type": "string", "examples": ["2024-12-17"]}, "path", required=True
    ),
)


def in_path(path: str) -> tuple[ApiParameter, ...]:
    """The parameters that stand in the path of an address."""
    return tuple(each for each in _IN_PATHS if f"{{{each.name}}}" in path)


AS_OF = ApiParameter("as_of", "At close of this day in Hong Kong (default: today).", _DAY)
KNOWN_AT = ApiParameter("known_at", "Using only entries recorded by then; all of them by default. Hong Kong time.", _MOMENT)
VIEWPOINT = (AS_OF, KNOWN_AT)

CSV = ApiParameter("format", "JSON by default, or CSV.", {"type": "string", "enum": ["json", "csv"]})
SUBMITTED_ON = ApiParameter("submitted_on", "The day of submission, which chooses the form (default: today).", _DAY)
AGAIN = ApiParameter("again", "Prepare the return of that day once more.", {"type": "boolean"})
DOCUMENT = ApiParameter("format", "Format (default: JSON).", {"type": "string", "enum": list(FORMATS)})

DRY_RUN = ApiParameter("dry_run", "Check everything, write nothing.", {"type": "boolean"})

_SINCE = ApiParameter("since", "From this day on.", _DAY)
_UNTIL = ApiParameter("until", "Until this day.", _DAY)
_RECENT = attrs.evolve(_SINCE, meaning="Only what is about entries of this day or later, or about none; all by default.")
_EVERY = ApiParameter("all", "All that is asked for of a long book, whatever time it takes.", {"type": "boolean"})
_FILTER = (
    ApiParameter("event", "Only this type of event, in either spelling: placing-completed, PlacingCompleted.", EVENT),
    ApiParameter("about", "Only entries that name this class, mandate, scheme or instrument.", {"type": "string"}),
    attrs.evolve(_SINCE, meaning="Effective on this day or later."),
    attrs.evolve(_UNTIL, meaning="Effective on this day or earlier."),
    ApiParameter("text", "Only entries that say this.", {"type": "string"}),
    ApiParameter("standing", "Without entries that another one replaces.", {"type": "boolean"}),
    ApiParameter("entries", "Only entries of these numbers.", {"type": "string", "examples": ["7,10-11"]}),
    ApiParameter("page", "The page, from 1.", {"type": "integer", "minimum": 1, "default": 1}),
    ApiParameter("size", "Entries a page.", {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": SIZE}),
    _EVERY,
)


@attrs.frozen
class Operation:
    """A question about a book. `rows` names the part of the answer that CSV has a row for each of; empty if there is none."""

    name: str
    path: str
    make: Callable[..., Any]
    answer: type
    parameters: tuple[ApiParameter, ...] = ()
    rows: str = ""

    @property
    def summary(self) -> str:
        """What it answers, in a sentence: the first of its function's docstring."""
        return (self.make.__doc__ or "").partition(" Raises")[0].partition("\n")[0]

    @property
    def query(self) -> tuple[ApiParameter, ...]:
        """The parameters that stand in the query of its address."""
        return (*self.parameters, CSV) if self.rows else self.parameters


BOOK = "/v1/issuers/{code}"

OPERATIONS: tuple[Operation, ...] = (
    Operation("balances", f"{BOOK}/balances", answers.balances, answers.Balances, VIEWPOINT, "classes"),
    Operation("series", f"{BOOK}/series", answers.series, answers.Levels, (KNOWN_AT, _SINCE, _UNTIL, _EVERY), "levels"),
    Operation("mandates", f"{BOOK}/mandates", answers.mandates, answers.Mandates, VIEWPOINT, "mandates"),
    Operation("due", f"{BOOK}/due", answers.due, answers.Due, (*VIEWPOINT, _SINCE), "due"),
    Operation("findings", f"{BOOK}/findings", answers.findings, answers.Findings, (*VIEWPOINT, _RECENT), "findings"),
    Operation("filings", f"{BOOK}/filings", answers.filings, answers.Filings, VIEWPOINT, "filings"),
    Operation("entries", f"{BOOK}/entries", answers.entries, answers.Entries, (KNOWN_AT, *_FILTER), "entries"),
    Operation("waiting", f"{BOOK}/waiting", answers.waiting, answers.Waiting, (KNOWN_AT, _EVERY), "waiting"),
    Operation("entry", f"{BOOK}/entries/{{number}}", answers.entry, answers.EntryRow, (KNOWN_AT,)),
)
"""What is asked of a book."""

STORE_OPERATIONS: tuple[Operation, ...] = (
    Operation("issuers", "/v1/issuers", answers.issuers, answers.Issuers, (), "issuers"),
    Operation("rule", "/v1/rules/{rule}", answers.rule, answers.Rules, (), "versions"),
)
"""What is asked of the store, or of no book at all."""


@attrs.frozen
class Document:
    """A return as a document, in any of the formats: as the book has it, or as it was filed."""

    name: str
    path: str
    make: Callable[..., Return]
    summary: str
    query: tuple[ApiParameter, ...]
    filed: bool = False


DOCUMENTS: Mapping[str, Document] = {
    each.name: each
    for each in (
        Document(
            "monthly_return", f"{BOOK}/returns/monthly/{{month}}", returns.monthly_document,
            "The Monthly Return of a month, as the book has it.", (KNOWN_AT, SUBMITTED_ON, DOCUMENT),
        ),
        Document(
            "next_day_return", f"{BOOK}/returns/next-day/{{on}}", returns.next_day_document,
            "The Next Day Disclosure Return of what changed until a day.", (KNOWN_AT, SUBMITTED_ON, AGAIN, DOCUMENT),
        ),
        Document(
            "filed_return", f"{BOOK}/filings/{{number}}", lambda book, number, _: returns.filed_document(book, number)[1],
            "A return as it was filed, from the entries that it was prepared from.", (DOCUMENT,), filed=True,
        ),
    )
}  # fmt: skip
"""The returns, by the names of their operations."""

MEDIA_TYPES: Mapping[str, str] = {
    "json": "application/json",
    "text": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
"""The media types of the formats."""
