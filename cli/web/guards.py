"""What is checked of every request before it is answered, and what every answer carries.

Each check is a function of the request and raises HTTPException; `CHECKS` lists them in order.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from urllib.parse import urlsplit

import attrs
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cli.web.holders import SOMEBODY, Holder, Holders, secret_of

LARGEST_BODY = 1_000_000
"""The most bytes that a request may send."""
PATIENCE = 10
"""Seconds within which each part of a request must arrive."""
A_MINUTE, AT_ONCE = 1_200, 300
"""How many requests a client may make in a minute, and at once."""
GUESSES = 10
"""How many wrong tokens a client may give in a minute."""
CLIENTS = 10_000
"""How many clients are remembered; the least recent are forgotten."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""What every answer carries, so that a browser runs no script but ours, and shows no page of ours in another's."""

_SAFE = ("GET", "HEAD", "OPTIONS")


class Rate:
    """How often each client may ask: a bucket of `at_once` requests that fills again by `a_minute`."""

    def __init__(self, a_minute: int, at_once: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_second, self._at_once, self._clock = a_minute / 60, at_once, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def allows(self, client: str) -> bool:
        """Whether a client may ask now; if so, it has one request less."""
        with self._lock:
            left, now = self._now(client)
            self._left[client] = (left - 1 if left >= 1 else left, now)
            self._left.move_to_end(client)
            if len(self._left) > CLIENTS:
                self._left.popitem(last=False)
        return left >= 1

    def has(self, client: str) -> bool:
        """Whether a client has a request left; it is not taken."""
        with self._lock:
            return self._now(client)[0] >= 1

    def _now(self, client: str) -> tuple[float, float]:
        now = self._clock()
        left, since = self._left.get(client, (float(self._at_once), now))
        return min(left + (now - since) * self._a_second, self._at_once), now


@attrs.frozen(kw_only=True)
class Policy:
    """What a server allows. `hosts` are the names under which it may be asked for; `writable` says whether facts may be recorded.

    `local` is who asks where no token is needed. Where `holders` is given, one is needed for everything but the style of the
    pages; `guesses` limits how often a client may give a wrong one.
    """

    hosts: frozenset[str]
    writable: bool = False
    local: Holder = SOMEBODY
    holders: Holders | None = None
    rate: Rate = attrs.field(factory=lambda: Rate(A_MINUTE, AT_ONCE))
    guesses: Rate = attrs.field(factory=lambda: Rate(GUESSES, GUESSES))


Check = Callable[[Policy, Request], None]


def host(policy: Policy, request: Request) -> None:
    """The request is meant for this server: a page of another name that leads here is turned away."""
    if host_of(request.headers.get("host", "")) not in policy.hosts:
        raise HTTPException(421, "This server does not answer under that name.")


def host_of(written: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return (urlsplit(f"//{written}").hostname or "").lower()
    except ValueError:
        return ""


def rate(policy: Policy, request: Request) -> None:
    """The client has not asked too often."""
    if not policy.rate.allows(_client(request)):
        raise HTTPException(429, "Too many requests; wait a little.", headers={"Retry-After": "5"})


def _client(request: Request) -> str:
    return request.client.host if request.client else ""


def token(policy: Policy, request: Request) -> None:
    """Who asks holds a token that is still good, where one is needed; the request's state says who it is."""
    request.state.holder = policy.local if policy.holders is None else _holder(policy, policy.holders, request)


def _holder(policy: Policy, holders: Holders, request: Request) -> Holder:
    if request.url.path.startswith("/static/"):
        return policy.local
    secret = secret_of(request)
    if secret is None:
        raise HTTPException(401, "A token is needed.", headers=_ASK)
    if not policy.guesses.has(_client(request)):
        raise HTTPException(429, "Too many wrong tokens; wait a minute.", headers={"Retry-After": "60"})
    if (found := holders(secret)) is None:
        policy.guesses.allows(_client(request))
        raise HTTPException(401, "The token is wrong, expired or revoked.", headers=_ASK)
    return found


_ASK = {"WWW-Authenticate": 'Bearer realm="captable", Basic realm="captable", charset="UTF-8"'}


def length(_: Policy, request: Request) -> None:
    """What is sent is not too long, as far as the request says."""
    said = request.headers.get("content-length", "0")
    if not said.isdecimal() or int(said) > LARGEST_BODY:
        raise too_long()


def too_long() -> HTTPException:
    """What is sent is too long."""
    return HTTPException(413, f"A request may send at most {LARGEST_BODY:,} bytes.")


def own_site(_: Policy, request: Request) -> None:
    """What changes something was not sent by a page of another site."""
    if request.method in _SAFE:
        return
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "none")
    if site not in ("same-origin", "none") or (origin is not None and urlsplit(origin).netloc != request.headers.get("host")):
        raise _ANOTHER_SITE


def from_a_page(request: Request) -> None:
    """A form says which page sends it, as every browser of today does: of one that does not, another site could be the author."""
    if "origin" not in request.headers and request.headers.get("sec-fetch-site") != "same-origin":
        raise _ANOTHER_SITE


_ANOTHER_SITE = HTTPException(403, "A page of another site may not send this.")


CHECKS: tuple[Check, ...] = (host, rate, token, length, own_site)


class Guard:
    """Answers a request only after every check; limits what it sends, and how slowly; adds the headers to every answer."""

    def __init__(self, app: ASGIApp, policy: Policy, refused: Callable[[Request, Exception], ASGIApp]) -> None:
        self._app, self._policy, self._refused = app, policy, refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As an ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, sending = Request(scope), _with_headers(send)
        try:
            for check in CHECKS:
                check(self._policy, request)
        except HTTPException as error:
            await self._refused(request, error)(scope, receive, sending)
            return
        await self._app(scope, _limited(receive), sending)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def _limited(receive: Receive) -> Receive:
    """Receives what a request sends, as long as it is not too much and does not take too long."""
    came, complete = 0, False

    async def receiving() -> Message:
        nonlocal came, complete
        if complete:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), PATIENCE)
        except TimeoutError:
            raise HTTPException(408, f"Nothing came for {PATIENCE} seconds.") from None
        came += len(message.get("body", b""))
        if came > LARGEST_BODY:
            raise too_long()
        complete = not message.get("more_body", False)
        return message

    return receiving
