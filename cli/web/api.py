"""The API: answers as JSON or CSV, and returns as documents, for the operations that `operations` lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import click
import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cli.answers import csv_of
from cli.web import openapi, writing
from cli.web.asked import Asked, BadQuery, parameter
from cli.web.desk import BookView, Desk
from cli.web.holders import WRITE, Holder, holder_of
from cli.web.operations import (
    BOOK,
    DOCUMENTS,
    DRY_RUN,
    MEDIA_TYPES,
    OPERATIONS,
    STORE_OPERATIONS,
    ApiParameter,
    Document,
    Operation,
)
from cli.web.problems import PROBLEM_TYPE, details, problem_of
from infrastructure.renderers import render

Endpoint = Callable[[Request], Response]


def routes(desk: Desk, *, writable: bool = False) -> list[Route]:
    """The routes of every operation, and of the API's own description. Those that record are refused if it is not `writable`."""
    of_books = [(each.path, partial(_of_book, desk, each)) for each in OPERATIONS]
    of_store = [(each.path, partial(_of_store, desk, each)) for each in STORE_OPERATIONS]
    documents = [(each.path, partial(_document, desk, each)) for each in DOCUMENTS.values()]
    described = ("/v1/openapi.json", partial(_described, writable))
    answers: list[tuple[str, Endpoint]] = [*of_books, *of_store, *documents, described]
    reading = [Route(path.replace("{number}", "{number:int}"), _guarded(make), methods=["GET"]) for path, make in answers]
    return [*reading, *_recording(desk, writable=writable)]


def _guarded(make: Endpoint) -> Endpoint:
    """An endpoint whose errors are answered as problem details."""

    def answer(request: Request) -> Response:
        try:
            return make(request)
        except Exception as error:
            return refused(error)

    return answer


def refused(error: Exception) -> Response:
    """An error as problem details."""
    problem = problem_of(error)
    return Response(msgspec.json.encode(details(problem)), problem.status, media_type=PROBLEM_TYPE, headers=problem.headers)


def _described(writable: bool, _: Request) -> Response:
    return Response(msgspec.json.encode(openapi.description(writable=writable)), media_type="application/json")


# --- recording ----------------------------------------------------------------------------------------------------


def _recording(desk: Desk, *, writable: bool) -> list[Route]:
    """The routes that record. Each needs a header of its own, which a form of another site cannot send."""
    endpoints = {"entries": _record, "entries/{number:int}/release": _release}
    return [
        Route(f"{BOOK}/{path}", partial(each, desk) if writable else _only_reads, methods=["POST"])
        for path, each in endpoints.items()
    ]


def _only_reads(_: Request) -> Response:
    only_reads = "This server only reads. captable serve --allow-write lets the API record."
    return refused(HTTPException(405, only_reads, headers={"Allow": "GET, HEAD"}))


async def _record(desk: Desk, request: Request) -> Response:
    try:
        holder, code = writer(request), request.path_params["code"]
        _check_json(request)
        write = partial(writing.record, desk.for_holder(holder), code, await request.body(), by=holder.name)
        return await run_in_threadpool(_recorded, request, write)
    except Exception as error:
        return refused(error)


async def _release(desk: Desk, request: Request) -> Response:
    try:
        holder = writer(request)
        write = partial(writing.release, desk.for_holder(holder), **request.path_params, by=holder.name)
        return await run_in_threadpool(_recorded, request, write)
    except Exception as error:
        return refused(error)


def _check_json(request: Request) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "Expected application/json.")


def writer(request: Request) -> Holder:
    """Who records. Raises HTTPException if they may not."""
    holder = holder_of(request)
    if holder.scope != WRITE:
        raise HTTPException(403, "This token reads, and records nothing.")
    return holder


def _recorded(request: Request, write: Callable[..., tuple[Mapping[str, Any], bool]]) -> Response:
    query, key = _query(request, [DRY_RUN]), writing.key_of(request.headers.get(writing.KEY))
    dry_run = bool(parameter(query, DRY_RUN.name, click.BOOL))
    changed, new = write(key=key, dry_run=dry_run)
    return Response(msgspec.json.encode(changed), 201 if new and not dry_run else 200, media_type="application/json")


# --- answers ------------------------------------------------------------------------------------------------------


def _of_book(desk: Desk, operation: Operation, request: Request) -> Response:
    query, names = _query(request, operation.query), dict(request.path_params)
    book = desk.for_holder(holder_of(request)).book(names.pop("code"), Asked.of(query))
    if (unchanged := _unchanged(request, book)) is not None:
        return unchanged
    return _answer(operation, operation.make(book, query, **names), query, _tagged(book))


def _of_store(desk: Desk, operation: Operation, request: Request) -> Response:
    query = _query(request, operation.query)
    given = request.path_params.values() or (desk.for_holder(holder_of(request)),)
    return _answer(operation, operation.make(*given), query, {})


def _answer(operation: Operation, answer: Any, query: Mapping[str, str], headers: Mapping[str, str]) -> Response:
    if query.get("format") == "csv":
        content = csv_of(msgspec.to_builtins(answer)[operation.rows])
        named = {"Content-Disposition": f'attachment; filename="{operation.name}.csv"'}
        return Response(content, media_type=MEDIA_TYPES["csv"], headers={**headers, **named})
    return Response(msgspec.json.encode(answer), media_type=MEDIA_TYPES["json"], headers=headers)


def _query(request: Request, allowed: Iterable[ApiParameter]) -> dict[str, str]:
    """The query of an address, which may hold these parameters, each once and with a value that it takes. Raises BadQuery."""
    known = {each.name: each for each in allowed}
    for name, value in request.query_params.multi_items():
        if name not in known:
            raise BadQuery(name, f"there is no such parameter; there are: {', '.join(known) or 'none'}")
        if len(request.query_params.getlist(name)) > 1:
            raise BadQuery(name, "expected it once")
        values = known[name].schema.get("enum")
        if values is not None and value not in values:
            raise BadQuery(name, f"expected {in_words(values)}, got {value[:40]!r}")
    return dict(request.query_params)


def in_words(values: Sequence[str]) -> str:
    """A choice in words: json, text or pdf."""
    return " or ".join(filter(None, (", ".join(values[:-1]), values[-1])))


def _tagged(book: BookView) -> dict[str, str]:
    return {"ETag": f'"{book.tag}"', "Cache-Control": "private, no-cache"}


def _unchanged(request: Request, book: BookView) -> Response | None:
    """An answer without content, if the reader has this state of the book already."""
    held = {each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")}
    return Response(status_code=304, headers=_tagged(book)) if f'"{book.tag}"' in held else None


# --- documents ----------------------------------------------------------------------------------------------------


def _document(desk: Desk, operation: Document, request: Request) -> Response:
    query = _query(request, operation.query)
    code, *names = request.path_params.values()
    book = desk.for_holder(holder_of(request)).book(code, Asked.of({**query, "as_of": ""}))
    if (unchanged := _unchanged(request, book)) is not None:
        return unchanged
    document, fmt = operation.make(book, *names, query), query.get("format", "json")
    content = render(document, fmt, draft=not operation.filed and bool(book.findings_about(document)))
    name = f"{book.issuer}-{'-'.join(map(str, names))}-{document.form.code}.{'txt' if fmt == 'text' else fmt}"
    kept = {} if fmt == "json" else {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA_TYPES[fmt], headers={**_tagged(book), **kept})
