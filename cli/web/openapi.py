"""The description of the API (OpenAPI 3.1), made from its operations and the types of their answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec

from cli.web.operations import DOCUMENTS, MEDIA_TYPES, OPERATIONS, STORE_OPERATIONS, Document, Operation, Parameter
from cli.web.problems import PROBLEM_TYPE, ProblemDetails

Schema = dict[str, Any]


@cache
def description() -> Schema:
    """The whole document."""
    operations = (*STORE_OPERATIONS, *OPERATIONS)
    answers = [*(each.answer for each in operations), ProblemDetails]
    refs, schemas = msgspec.json.schema_components(answers, ref_template="#/components/schemas/{name}")
    paths = {each.path: {"get": _operation(each, ref)} for each, ref in zip(operations, refs, strict=False)}
    documents = {each.path: {"get": _document(each)} for each in DOCUMENTS.values()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "captable",
            "version": version("captable"),
            "description": "The share capital of Hong Kong-listed issuers: entries, balances, mandates, deadlines, findings, "
            "returns. A computation, not legal advice.",
        },
        "paths": {**paths, **documents},
        "components": {"schemas": schemas},
    }


def _operation(each: Operation, answer: Schema) -> Schema:
    csv = {MEDIA_TYPES["csv"]: {"schema": {"type": "string"}}} if each.rows else {}
    content = {"application/json": {"schema": answer}, **csv}
    return {
        "operationId": each.name,
        "summary": each.summary,
        "parameters": _parameters((*each.path_parameters, *each.query)),
        "responses": _responses(content),
    }


def _document(each: Document) -> Schema:
    content = {MEDIA_TYPES[name]: {"schema": _schema_of(name)} for name in MEDIA_TYPES if name != "csv"}
    return {
        "operationId": each.name,
        "summary": each.summary,
        "parameters": _parameters((*each.of_path, *each.parameters)),
        "responses": _responses(content),
    }


def _schema_of(name: str) -> Schema:
    return {"type": "object"} if name == "json" else {} if name in ("pdf", "xlsx") else {"type": "string"}


def _parameters(wanted: Iterable[Parameter]) -> list[Schema]:
    return [
        {"name": each.name, "in": each.where, "required": each.required, "description": each.meaning, "schema": each.schema}
        for each in wanted
    ]


_PROBLEM: Mapping[str, Any] = {PROBLEM_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}}}
_ETAG: Mapping[str, Any] = {"ETag": {"description": "The head of the book, and the day.", "schema": {"type": "string"}}}
REFUSALS: Mapping[str, str] = {
    "400": "The address cannot be read.",
    "401": "A token is needed.",
    "403": "The token is not for this.",
    "404": "There is no such book, entry, rule or return.",
    "429": "Too many requests.",
}


def _responses(content: Schema) -> Schema:
    refused = {status: {"description": meaning, "content": _PROBLEM} for status, meaning in REFUSALS.items()}
    unchanged = {"description": "Unchanged since the answer that carried this ETag."}
    return {"200": {"description": "The answer.", "content": content, "headers": _ETAG}, "304": unchanged, **refused}
