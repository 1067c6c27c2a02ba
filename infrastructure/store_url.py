"""Where a store is: a path, or a URL; and what messages may say of it, which is never any part of a password.

A URL that is broken says nothing certain of where its password begins and ends: of such a one messages show the scheme alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote

import attrs

from domain.errors import StoreUnusable
from infrastructure.schema import POSTGRESQL, SQLITE

EXPECTED = "expected a path, or a URL such as sqlite:///captable.db or postgresql://user@host/database"
ENCODED = "in the user, password and options of a URL, write @ as %40, : as %3A, / as %2F, ? as %3F and # as %23"
_KINDS = {
    "sqlite": SQLITE, "sqlite+pysqlite": SQLITE,
    "postgresql": POSTGRESQL, "postgresql+psycopg": POSTGRESQL, "postgres": POSTGRESQL,
}  # fmt: skip

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.]*):(?P<slashes>/*)")
_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[^][@:/?#,]*)(?::[0-9]*)?"
_SERVER = re.compile(
    rf"(?:(?P<user>[^:@/?#]*)(?::(?P<password>[^@?]*))?@)?(?P<hosts>{_HOST}(?:,{_HOST})*)/(?P<database>[^@/?#]+)(?:\?(?P<query>[^@?#]*))?"
)
_KEYS = re.compile(r"pass(w[a-z]*|file)\s*=", re.IGNORECASE)


@attrs.frozen
class Place:
    """Where a store is: its engine, the name that messages call it, and the path of a file or what a server is connected by."""

    kind: str
    name: str
    path: Path | None = None
    server: Mapping[str, str] = attrs.field(factory=dict, repr=False)

    @property
    def hosts(self) -> int:
        """Of how many servers one is connected to."""
        return len(self.server.get("host", "").split(","))


def parsed(location: str) -> Place:
    """The place that a path or URL means. Raises StoreUnusable, without showing a password, where it means none."""
    if not location or "\0" in location:
        raise StoreUnusable(f"expected the path of a store, got {shown(location)!r}")
    match = _SCHEME.match(location)
    if match is None and "://" in location:
        raise StoreUnusable(f"{EXPECTED}, got a URL that does not begin with the name of one")
    kind = _KINDS.get(match["scheme"].lower()) if match else None
    if match is None or (kind is None and "://" not in location):
        return _path(location)
    if kind is None or match["slashes"] not in ("//", "///", "////"):
        if kind == SQLITE and match["slashes"] == "":
            # A file may be called sqlite:notes; what looks like a URL may not.
            return _path(location)
        raise StoreUnusable(f"{EXPECTED}, got {match['scheme']}:…")
    rest = location[match.end("scheme") + len("://") :]
    return _file(rest) if kind == SQLITE else _server(rest)


def shown(location: str) -> str:
    """A location as messages show it: of what a password might stand in, nothing."""
    match = _SCHEME.match(location)
    if match and match["scheme"].lower() in _KINDS and match["slashes"]:
        return _named(location)
    # One that lost its beginning still holds its password: after a colon, with an @ to follow, or after a word for it.
    user, colon, rest = location.partition(":")
    location = f"{user}:…" if colon and "@" in rest else location
    said = _KEYS.search(location)
    return f"{location[: said.start()]}…" if said else location


def _named(location: str) -> str:
    try:
        return parsed(location).name
    except StoreUnusable:
        return f"{location.partition(':')[0]}:…"


def is_server(location: str) -> bool:
    """Whether a location is the URL of a database server rather than a file."""
    match = _SCHEME.match(location)
    return match is not None and bool(match["slashes"]) and _KINDS.get(match["scheme"].lower()) == POSTGRESQL


def _file(rest: str) -> Place:
    # sqlite:///relative, sqlite:////absolute
    path = rest.removeprefix("/")
    if not rest.startswith("/") or not path or "?" in path:
        raise StoreUnusable(f"{EXPECTED}, got sqlite://…")
    return _path(path)


def _path(path: str) -> Place:
    # What hides a password is no path, unless there is such a file: then it is a name like any other.
    if shown(path) != path and not Path(path).exists():
        raise StoreUnusable(f"{EXPECTED}, got {shown(path)}; {ENCODED}")
    return Place(SQLITE, path, Path(path))


def _server(rest: str) -> Place:
    match = _SERVER.fullmatch(rest)
    if match is None:
        raise StoreUnusable(f"{EXPECTED}, got postgresql://…; {ENCODED}")
    user, password, hosts, database, query = match.group("user", "password", "hosts", "database", "query")
    name = f"postgresql://{'' if user is None else f'{user}@'}{hosts}/{database}"
    options = _options(query, name)
    # Hosts stand before the database, as libpq writes them, or among the options, as SQLAlchemy does.
    among = [one for key, value in options if key == "host" for one in value.split(",")]
    each = [_host(one) for one in [*(hosts.split(",") if hosts else ()), *among]]
    said = {
        "user": user and unquote(user),
        "password": password and unquote(password),
        "host": ",".join(host for host, _ in each),
        "port": ",".join(port for _, port in each) if any(port for _, port in each) else None,
        "dbname": unquote(database),
    }
    server = {key: value for key, value in said.items() if value} | {key: value for key, value in options if key != "host"}
    return Place(POSTGRESQL, name, server=server)


def _host(one: str) -> tuple[str, str]:
    if one.startswith("/"):
        return one, ""
    host, _, port = one.rpartition("]") if one.startswith("[") else ("", "", one)
    name, _, port = port.partition(":")
    return (host.removeprefix("[") if host else unquote(name)), port


def _options(query: str | None, name: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query or "", keep_blank_values=True, strict_parsing=bool(query), separator="&")
    except ValueError:
        raise StoreUnusable(f"{name}: expected options such as ?sslmode=require&connect_timeout=5; {ENCODED}") from None
