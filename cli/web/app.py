"""The application that a server runs: addresses, the pages behind them, and what every answer carries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from cli.web import api, returns, views
from cli.web.asked import Asked
from cli.web.desk import Desk, boundary
from cli.web.drawing import draw
from cli.web.memory import Memory
from cli.web.page import View
from cli.web.problems import problem_of

Page = Callable[..., View]

PAGES: Mapping[str, Page] = {
    "/": views.front,
    "/issuers/{code}": views.issuer,
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


def application(desk: Desk) -> Starlette:
    """The pages of a store."""
    drawn = Memory(DRAWN)
    pages = [Route(path, partial(_page, desk, drawn, page), methods=["GET"]) for path, page in PAGES.items()]
    static = Mount("/static", StaticFiles(packages=[("cli.web", "static")]))
    return Starlette(routes=[*pages, *api.routes(desk), static], exception_handlers={404: _failed, 405: _failed})


def _page(desk: Desk, drawn: Memory, page: Page, request: Request) -> Response:
    """A page, drawn once a minute for each state of the books that it shows."""
    query, path = dict(request.query_params), request.url.path
    try:
        key = (path, tuple(sorted(query.items())), _state(desk, request.path_params), boundary(desk.clock()))
        content = drawn(key, lambda: draw(page(desk, **request.path_params, query=query), path, query))
    except Exception as error:
        return _failed(request, error)
    return Response(content, media_type="text/html; charset=utf-8", headers={"Cache-Control": "no-cache"})


def _state(desk: Desk, names: Mapping[str, Any]) -> tuple[str, ...]:
    codes = desk.store.issuers()
    shown = [names["code"]] if names.get("code") in codes else codes
    return tuple(desk.store.head(code).hash for code in shown)


def _failed(request: Request, error: Exception) -> Response:
    """An error as a page, or as problem details to who asked the API."""
    if request.url.path.startswith("/v1/"):
        return api.refused(error)
    problem = problem_of(error)
    values = {"title": problem.title, "detail": problem.detail, "asked": Asked()}
    content = draw(View("problem.html", values), request.url.path, {})
    return Response(content, problem.status, media_type="text/html; charset=utf-8", headers=problem.headers)
