"""The tools as rows: what each answers, what it takes, and how it is answered. None of them writes.

Most follow from the operations of the API, so that both answer with the same words and numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs
import msgspec

from application.ask import which_issuer
from cli.event_options import EventKind
from cli.web import writing
from cli.web.asked import Asked, BadQuery, parameter
from cli.web.desk import BookView, Desk
from cli.web.operations import DOCUMENTS, EVENT, OPERATIONS, STORE_OPERATIONS, ApiParameter, Document, Operation, in_path
from domain.events import Event
from domain.returns.explain import explanation
from infrastructure.event_codec import TYPE_NAMES, json_schema
from infrastructure.renderers import render

Given = Mapping[str, Any]
Schema = Mapping[str, Any]


@attrs.frozen(kw_only=True)
class Tool:
    """A tool: its name, what it does, the JSON Schema of each thing that it takes, and what answers it."""

    name: str
    does: str
    takes: Mapping[str, Schema]
    needs: tuple[str, ...] = ()
    answer: Callable[[Desk, Given], Any]

    @property
    def schema(self) -> Schema:
        """The JSON Schema of what it takes."""
        return {
            "type": "object",
            "properties": self.takes,
            "required": list(self.needs),
            "additionalProperties": False,
        }


_TYPES: Mapping[str, type] = {"string": str, "integer": int, "boolean": bool, "array": list}
_NAMED: Mapping[type, str] = {
    str: "text in quotation marks",
    int: "a whole number",
    bool: "true or false",
    list: "a list of records",
}


def answered(tool: Tool, desk: Desk, given: Given) -> Any:
    """The answer of a tool as plain data. Raises BadQuery for an argument that it does not take, and the errors of the question.

    A null argument counts as left out.
    """
    given = {name: value for name, value in given.items() if value is not None}
    for name in given:
        if name not in tool.takes:
            raise BadQuery(name, f"{tool.name} has no such argument; its arguments: {', '.join(tool.takes) or 'nothing'}")
    for name in tool.needs:
        if name not in given:
            raise BadQuery(name, f"{tool.name} needs it")
    for name, value in given.items():
        takes = tool.takes[name]
        # In JSON true is not a number, and 41.0 is not the number of an entry.
        if type(value) is not (of := _TYPES[takes["type"]]):
            raise BadQuery(name, f"expected {_NAMED[of]}, got {json.dumps(value)[:40]}")
        allowed = takes.get("enum")
        if allowed is not None and value not in allowed:
            raise BadQuery(name, f"expected one of {', '.join(map(str, allowed))}, got {str(value)[:40]!r}")
    return msgspec.to_builtins(tool.answer(desk, given))


# --- questions about a book ---------------------------------------------------------------------------------------

ISSUER: Schema = {"type": "string", "description": "The issuer's stock code, where the store holds several books."}


def _issuer(desk: Desk, given: Given) -> str:
    return which_issuer(desk.store, given.get("issuer"))


def _book(desk: Desk, given: Given) -> BookView:
    return desk.book(_issuer(desk, given), Asked.of(_query(given)))


def _query(given: Given) -> Mapping[str, str]:
    """The arguments, as a query string has them."""
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in given.items()}


def _described(parameters: Iterable[ApiParameter]) -> Mapping[str, Schema]:
    return {each.name: {**each.schema, "description": each.meaning} for each in parameters}


def _in_path(each: Operation | Document) -> list[ApiParameter]:
    return [parameter for parameter in in_path(each.path) if parameter.name != "code"]


def _of_operation(each: Operation) -> Tool:
    path = _in_path(each)

    def answer(desk: Desk, given: Given) -> Any:
        named = {parameter.name: given[parameter.name] for parameter in path}
        return each.make(_book(desk, given), _query(given), **named)

    return Tool(
        name=each.name,
        does=each.summary,
        takes={"issuer": ISSUER, **_described([*path, *each.parameters])},
        needs=tuple(parameter.name for parameter in path),
        answer=answer,
    )


def _of_store(each: Operation) -> Tool:
    path = _in_path(each)
    names = tuple(parameter.name for parameter in path)

    def answer(desk: Desk, given: Given) -> Any:
        return each.make(*([given[name] for name in names] or [desk]))

    return Tool(name=each.name, does=each.summary, takes=_described(path), needs=names, answer=answer)


# --- returns ------------------------------------------------------------------------------------------------------


def _of_document(each: Document) -> Tool:
    path = _in_path(each)
    kept = [parameter for parameter in each.query if parameter.name != "format"]

    def answer(desk: Desk, given: Given) -> Any:
        book = _book(desk, given)
        document = each.make(book, *(str(given[parameter.name]) for parameter in path), _query(given))
        found = book.findings_about(document)
        return {
            "document": json.loads(render(document, "json", draft=bool(found))),
            "explained": explanation(document),
            "draft_reasons": [*document.draft_reasons, *(f"{one.code} {one.message}" for one in found)],
        }

    return Tool(
        name=each.name,
        does=f"{each.summary} Includes the source of each figure, and the reasons if it is a draft. Only a person files it.",
        takes={"issuer": ISSUER, **_described([*path, *kept])},
        needs=tuple(parameter.name for parameter in path),
        answer=answer,
    )


# --- proposals ----------------------------------------------------------------------------------------------------


def _event(_: Desk, given: Given) -> Any:
    """The fields of an event: meaning, unit and whether they must be given."""
    kind: type[Event] | None = parameter(given, "event", EventKind())
    if kind is None:
        raise BadQuery("event", "expected the name of an event, such as placing-completed")
    return {"event": kind.__name__, "schema": json_schema()["$defs"][TYPE_NAMES[kind]]}


_WHO = "a program, through a tool"


def _propose(desk: Desk, given: Given) -> Any:
    return writing.propose(desk, _issuer(desk, given), json.dumps(given["records"]).encode(), _WHO)


_RECORDS: Schema = {
    "type": "array",
    "items": {"type": "object", "properties": {"event": {"type": "string"}}, "required": ["event"]},
    "description": 'Facts, each with its event, the fields of that event, and if known its source: {"event": "PlacingCompleted", '
    '"share_class": "B", "shares": 500, "effective_on": "2025-01-20", "source": "announcement of 20 January 2025"}. To correct '
    'an entry, give its number as "replaces".',
}

OWN: tuple[Tool, ...] = (
    Tool(
        name="event",
        does="The fields of an event, with their meanings and units, for a proposal.",
        takes={"event": {**EVENT, "description": "Its name, in either spelling: placing-completed, PlacingCompleted."}},
        needs=("event",),
        answer=_event,
    ),
    Tool(
        name="propose",
        does="Try facts without recording them: the balances before and after, the findings, what would be due, and the "
        "filed returns that would differ. A person records them with captable record.",
        takes={"issuer": ISSUER, "records": _RECORDS},
        needs=("records",),
        answer=_propose,
    ),
)

TOOLS: Mapping[str, Tool] = {
    each.name: each
    for each in (
        *map(_of_store, STORE_OPERATIONS),
        *map(_of_operation, OPERATIONS),
        *(_of_document(each) for each in DOCUMENTS.values() if not each.filed),
        *OWN,
    )
}
"""Every tool by its name."""
