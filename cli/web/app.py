"""The application that a server runs: addresses, the pages behind them, and what every answer carries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from cli.web import api, returns, views, writing
from cli.web.asked import Asked
from cli.web.comparing import comparison
from cli.web.desk import Desk, boundary
from cli.web.drawing import draw
from cli.web.guards import Guard, Policy, from_a_page
from cli.web.holders import holder_of
from cli.web.memory import Memory
from cli.web.page import WebPage
from cli.web.problems import problem_of

Page = Callable[..., WebPage]

PAGES: Mapping[str, Page] = {
    "/": views.front,
    "/issuers/{code}": views.issuer,
    "/issuers/{code}/parts/{part}": views.part,
    "/issuers/{code}/entries": views.entries,
    "/issuers/{code}/entries/{number:int}": views.entry,
    "/issuers/{code}/filings/{number:int}": returns.filing,
    "/issuers/{code}/returns/monthly/{month}": returns.monthly,
    "/issuers/{code}/returns/next-day/{on}": returns.next_day,
    "/rules/{code}": views.rule,
}
"""The pages by their addresses."""

DRAWN = 512
"""How many pages are kept in memory as they were drawn."""


LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
"""The names of this machine for itself."""


def application(desk: Desk, policy: Policy | None = None, *, fixed: bool = False) -> ASGIApp:
    """The pages and the API of a store, for this machine alone unless the policy says more.

    With `fixed` the pages are drawn to be kept as files: without script, and without what asks for another viewpoint.
    """
    policy, drawn = policy or Policy(hosts=LOCAL), Memory(DRAWN)
    pages = [
        Route(path, partial(_page, desk, drawn, page, fixed, policy.writable), methods=["GET"]) for path, page in PAGES.items()
    ]
    static = Mount("/static", StaticFiles(packages=[("cli.web", "static")]))
    compare = Route("/issuers/{code}/compare", partial(_compare, desk), methods=["POST"])
    release = Route("/issuers/{code}/entries/{number:int}/release", partial(_release, desk), methods=["POST"])
    routes = [*pages, compare, *([release] if policy.writable else []), *api.routes(desk, writable=policy.writable), static]
    return Guard(Starlette(routes=routes, exception_handlers={HTTPException: _failed}), policy, _failed)


def _page(desk: Desk, drawn: Memory, page: Page, fixed: bool, writable: bool, request: Request) -> Response:
    """A page, drawn once a minute for each state of the books that it shows."""
    query, path = dict(request.query_params), request.url.path
    try:
        desk = desk.for_holder(holder_of(request), writable=writable)
        key = (
            path,
            tuple(sorted(query.items())),
            desk.only,
            desk.writer,
            _state(desk, request.path_params),
            boundary(desk.clock()),
        )
        content = drawn(key, lambda: draw(page(desk, **request.path_params, query=query), path, query, fixed=fixed))
    except Exception as error:
        return _failed(request, error)
    return Response(content, media_type="text/html; charset=utf-8", headers={"Cache-Control": "no-cache"})


async def _compare(desk: Desk, request: Request) -> Response:
    """A published return that was dropped on a page, beside the book: a part of a page, or problem details."""
    try:
        body, name = await request.body(), unquote(request.headers.get("x-file-name", "the file"))
        code = request.path_params["code"]
        view = await run_in_threadpool(comparison, desk.for_holder(holder_of(request)), code, body, name)
    except Exception as error:
        return api.refused(error)
    return Response(draw(view, request.url.path, {}), media_type="text/html; charset=utf-8")


async def _release(desk: Desk, request: Request) -> Response:
    """The release of an entry by a form of ours: then the page of the fact that it became."""
    try:
        from_a_page(request)
        holder, names = api.writer(request), request.path_params
        released = partial(writing.release, desk.for_holder(holder), **names)
        changed, _ = await run_in_threadpool(released, key="", by=holder.name, dry_run=False)
    except Exception as error:
        return _failed(request, error)
    # The fact follows its release.
    number = [*changed["recorded"], *(each + 1 for each in changed["already_recorded"])][-1]
    return RedirectResponse(f"/issuers/{names['code']}/entries/{number}", 303)


def _state(desk: Desk, names: Mapping[str, Any]) -> tuple[str, ...]:
    codes = desk.issuers()
    shown = [names["code"]] if names.get("code") in codes else codes
    return tuple(desk.store.head(code).hash for code in shown)


def _failed(request: Request, error: Exception) -> Response:
    """An error as a page, or as problem details to who asked the API."""
    if request.url.path.startswith("/v1/"):
        return api.refused(error)
    problem = problem_of(error)
    values = {"title": problem.title, "detail": problem.detail, "asked": Asked()}
    content = draw(WebPage("problem.html", values), request.url.path, {})
    return Response(content, problem.status, media_type="text/html; charset=utf-8", headers=problem.headers)
