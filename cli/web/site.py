"""The pages as plain files, for those who look without a server: the application is asked page by page, as a browser would.

Every page that a link leads to is kept, from one viewpoint. What leads to anything else, as to another day, is no link any more.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import deque
from collections.abc import Iterator, Mapping
from html import escape, unescape
from pathlib import Path
from posixpath import relpath
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import attrs
from anyio.from_thread import start_blocking_portal
from starlette.types import ASGIApp

from cli.web.app import LOCAL, application
from cli.web.asked import Asked
from cli.web.desk import Desk
from cli.web.guards import Policy, Rate
from infrastructure.renderers import suffix_of

LONGEST = 60
"""How long the part of a file's name that comes from a query may be; a longer one is replaced by its digest."""
NO_LIMIT = 10**9

_LINK = re.compile(r' (?P<name>href|src)="(?P<address>/[^"]*)"')


@attrs.frozen
class Reply:
    """What the application answered."""

    status: int
    content: bytes
    is_page: bool


def written(desk: Desk, asked: Asked, folder: Path) -> int:
    """Write the pages of every book that may be asked for, from a viewpoint, to an empty folder; how many files there are."""
    site = Site(application(desk, Policy(hosts=LOCAL, rate=Rate(NO_LIMIT, NO_LIMIT)), fixed=True), asked)
    kept: dict[str, bool] = {}
    for address, answer in site.answers():
        kept[address] = answer.is_page
        place = folder / site.file_of(address)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(answer.content)
    for address in (address for address, is_page in kept.items() if is_page):
        place = folder / site.file_of(address)
        place.write_text(site.relinked(place.read_text(encoding="utf-8"), address, kept), encoding="utf-8")
    return len(kept)


class Site:
    """The pages from one viewpoint: which addresses belong to them, and in which file each is."""

    def __init__(self, app: ASGIApp, asked: Asked) -> None:
        self._app = app
        self._viewpoint = dict(parse_qsl(asked.query(lang=None).removeprefix("?")))

    def answers(self) -> Iterator[tuple[str, Reply]]:
        """Every page and file that can be reached from the front page, with its address; what is not there is left out."""
        waiting = deque([self.canonical("/")])
        seen = set(waiting)
        # In a thread with a loop of its own: the caller may have one already.
        with start_blocking_portal() as portal:
            while waiting:
                address = str(waiting.popleft())
                answer = portal.call(_got, self._app, address)
                if answer.status != 200:
                    continue
                yield address, answer
                page = answer.content.decode() if answer.is_page else ""
                links = (self.canonical(unescape(found["address"])) for found in _LINK.finditer(page))
                new = {link: None for link in links if link and link not in seen}
                seen.update(new)
                waiting.extend(new)

    def canonical(self, address: str) -> str | None:
        """The address under which a page is kept: with the viewpoint of the site; None if it is of another one."""
        parts = urlsplit(address)
        query = dict(parse_qsl(parts.query))
        if parts.path.startswith(("/static/", "/v1/")):
            return _joined(parts.path, query if parts.path.startswith("/v1/") else {})
        if any(query.get(name, value) != value for name, value in self._viewpoint.items()) or query.get("lang"):
            return None
        given = {name: value for name, value in query.items() if name not in ("entry", "as_of", "known_at")}
        if not self._viewpoint.get("known_at") and query.get("known_at"):
            return None
        whole = {"all": "true"} if re.fullmatch(r"/issuers/[^/]+", parts.path) else {}
        return _joined(parts.path, {**given, **self._viewpoint, **whole})

    def file_of(self, address: str) -> str:
        """The file of an address that is kept."""
        parts = urlsplit(address)
        query = {name: value for name, value in parse_qsl(parts.query) if name not in (*self._viewpoint, "all")}
        names = [re.sub(r"[^\w.-]", "-", unquote(each)) for each in parts.path.split("/") if each not in ("", ".", "..")]
        if names[:1] == ["static"]:
            return "/".join(names)
        ending = "html"
        if names[:1] == ["v1"]:
            ending = query.pop("format", "json")
            names[0] = "data"
        elif not names or (names[0] == "issuers" and names[2:] in ([], ["entries"])):
            names.append("index")
        beside = _slug(query)
        return f"{'/'.join(names)}{beside}.{suffix_of(ending)}"

    def relinked(self, page: str, address: str, kept: Mapping[str, Any]) -> str:
        """A page whose links lead from its file to other files; one that leads to nothing that is kept is no link any more."""
        here = self.file_of(address).rpartition("/")[0]

        def link(found: re.Match[str]) -> str:
            target = self.canonical(unescape(found["address"]))
            if target is None or target not in kept:
                return ""
            return f' {found["name"]}="{escape(quote(relpath(self.file_of(target), here or ".")))}"'

        return _LINK.sub(link, page)


def _joined(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(sorted(query.items()))}" if query else path


def _slug(query: Mapping[str, str]) -> str:
    """A query as part of a file's name; empty if nothing is asked."""
    said = "".join(f"-{name}-{value}" for name, value in sorted(query.items()))
    plain = re.sub(r"[^\w,.-]", "-", said)
    return plain if len(plain) <= LONGEST else f"-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


async def _got(app: ASGIApp, address: str) -> Reply:
    """What the application answers to a request for an address."""
    parts, said = urlsplit(address), dict[str, Any]()
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "root_path": "",
        "query_string": parts.query.encode(),
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 0),
        "server": ("localhost", 80),
    }

    async def receive() -> Any:
        if "asked" in said:
            # Until the answer is whole the reader stays.
            await asyncio.Event().wait()
        said["asked"] = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            said["status"] = message["status"]
            said["type"] = dict(message["headers"]).get(b"content-type", b"")
        else:
            said["body"] = said.get("body", b"") + message.get("body", b"")

    await app(scope, receive, send)
    is_page = bool(said["type"].startswith(b"text/html") and not parts.path.startswith("/v1/"))
    return Reply(said["status"], said.get("body", b""), is_page)
