"""The description of the API (OpenAPI 3.1), made from its operations and the types of their answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec

from cli.web.operations import (
    BOOK,
    DOCUMENTS,
    DRY_RUN,
    ISSUER,
    MEDIA_TYPES,
    NUMBER,
    OPERATIONS,
    STORE_OPERATIONS,
    ApiParameter,
    Document,
    Operation,
    in_path,
)
from cli.web.problems import PROBLEM_TYPE, ProblemDetails
from cli.web.writing import KEY
from domain.events import EVENT_TYPES

Schema = dict[str, Any]


@cache
def description(*, writable: bool = False) -> Schema:
    """The whole document; with the operation that records only where the server is `writable`."""
    operations = (*STORE_OPERATIONS, *OPERATIONS)
    answers = [*(each.answer for each in operations), ProblemDetails]
    refs, schemas = msgspec.json.schema_components(answers, ref_template="#/components/schemas/{name}")
    paths = {each.path: {"get": _operation(each, _answer(each, ref))} for each, ref in zip(operations, refs, strict=False)}
    formats = {MEDIA_TYPES[name]: {"schema": _schema_of(name)} for name in MEDIA_TYPES if name != "csv"}
    documents = {each.path: {"get": _operation(each, formats)} for each in DOCUMENTS.values()}
    if writable:
        paths[f"{BOOK}/entries"]["post"] = _recording()
        paths[f"{BOOK}/entries/{{number}}/release"] = {"post": _releasing()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "captable",
            "version": version("captable"),
            "description": "The share capital of Hong Kong-listed issuers: entries, balances, mandates, deadlines, findings, "
            "returns. Not legal advice.",
        },
        "paths": {**paths, **documents},
        "components": {"schemas": schemas, "securitySchemes": _TOKENS},
        "security": [{}, {"token": []}, {"password": []}],
    }


def _answer(each: Operation, answer: Schema) -> Schema:
    csv = {MEDIA_TYPES["csv"]: {"schema": {"type": "string"}}} if each.rows else {}
    return {"application/json": {"schema": answer}, **csv}


def _operation(each: Operation | Document, content: Schema) -> Schema:
    return {
        "operationId": each.name,
        "summary": each.summary,
        "parameters": _parameters((*in_path(each.path), *each.query)),
        "responses": _responses(content),
    }


def _recording() -> Schema:
    record = {"type": "object", "required": ["event"], "properties": {"event": {"type": "string", "enum": _EVENTS}}}
    sent = {"anyOf": [record, {"type": "array", "items": record, "minItems": 1}]}
    return {
        "operationId": "record",
        "summary": "Record facts into the book: all of them or none. A record is as in a file; captable schema describes it.",
        "parameters": _parameters((ISSUER, _KEY, DRY_RUN)),
        "requestBody": {"required": True, "content": {"application/json": {"schema": sent}}},
        "responses": _written(WRITE_REFUSALS),
    }


def _releasing() -> Schema:
    return {
        "operationId": "release",
        "summary": "Release an entry that another person recorded: from then on it counts. Who releases is who holds the token.",
        "parameters": _parameters((ISSUER, NUMBER, _KEY, DRY_RUN)),
        "responses": _written({"409": WRITE_REFUSALS["409"]}),
    }


def _written(refusals: Mapping[str, str]) -> Schema:
    done = {"description": "What was recorded.", "content": {"application/json": {"schema": {"type": "object"}}}}
    again = {**done, "description": "Recorded already, or a dry run."}
    return {"200": again, "201": done, **_refused({**REFUSALS, **refusals})}


def _schema_of(name: str) -> Schema:
    return {"type": "object"} if name == "json" else {} if name in ("pdf", "xlsx") else {"type": "string"}


def _parameters(wanted: Iterable[ApiParameter]) -> list[Schema]:
    return [
        {"name": each.name, "in": each.where, "required": each.required, "description": each.meaning, "schema": each.schema}
        for each in wanted
    ]


_PROBLEM: Mapping[str, Any] = {PROBLEM_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}}}
_ETAG: Mapping[str, Any] = {"ETag": {"description": "The head of the book, and the day.", "schema": {"type": "string"}}}
_KEY = ApiParameter(
    KEY,
    "A new one for each request; sending it again records nothing twice.",
    {"type": "string", "minLength": 1, "maxLength": 150, "pattern": "^[!-~]+$"},
    "header",
    required=True,
)
_EVENTS = [kind.__name__ for kind in EVENT_TYPES]
_TOKENS: Mapping[str, Any] = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token of captable admin token create."},
    "password": {"type": "http", "scheme": "basic", "description": "The same as a password, under any name."},
}
WRITE_REFUSALS: Mapping[str, str] = {
    "408": "The request did not arrive in time.",
    "409": "The facts cannot stand in this book, or others keep writing to it.",
    "413": "The request is too long.",
    "415": "The request is not JSON.",
}
REFUSALS: Mapping[str, str] = {
    "400": "The address cannot be read.",
    "401": "A token is needed.",
    "403": "The token is not for this.",
    "404": "There is no such book, entry, rule or return.",
    "429": "Too many requests.",
}


def _responses(content: Schema) -> Schema:
    unchanged = {"description": "Unchanged since the answer that carried this ETag."}
    return {"200": {"description": "The answer.", "content": content, "headers": _ETAG}, "304": unchanged, **_refused(REFUSALS)}


def _refused(refusals: Mapping[str, str]) -> Schema:
    return {status: {"description": meaning, "content": _PROBLEM} for status, meaning in refusals.items()}
