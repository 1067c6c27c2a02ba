"""Where a store is: a path, or a URL; and what messages may say of it, which is never a password."""

from __future__ import annotations

from pathlib import Path

import attrs

from domain.capital.head import StoreUnusable
from infrastructure.schema import POSTGRESQL, SQLITE

EXPECTED = "expected a path, or a URL such as sqlite:///captable.db or postgresql://user@host/database"
_KINDS = {
    "sqlite": SQLITE, "sqlite+pysqlite": SQLITE,
    "postgresql": POSTGRESQL, "postgresql+psycopg": POSTGRESQL, "postgres": POSTGRESQL,
}  # fmt: skip


@attrs.frozen
class Place:
    """Where a store is: its engine, the name that messages call it, and the path of a file or the URL of a server."""

    kind: str
    name: str
    path: Path | None = None
    url: str = attrs.field(default="", repr=False)


def parsed(location: str) -> Place:
    """The place that a path or URL means. Raises StoreUnusable, without showing a password, where it means none."""
    if "://" not in location:
        if not location or "\0" in location:
            raise StoreUnusable(f"expected the path of a store, got {location!r}")
        return Place(SQLITE, location, Path(location))
    scheme, _, rest = location.partition("://")
    kind = _KINDS.get(scheme)
    if kind is None:
        raise StoreUnusable(f"{EXPECTED}, got {scheme}://…")
    return _file(rest) if kind == SQLITE else _server(rest)


def is_server(location: str) -> bool:
    """Whether a location is the URL of a database server rather than a file."""
    return _KINDS.get(location.partition("://")[0]) == POSTGRESQL and "://" in location


def _file(rest: str) -> Place:
    # sqlite:///relative, sqlite:////absolute
    path = rest.removeprefix("/")
    if not rest.startswith("/") or not path or "?" in path:
        raise StoreUnusable(f"{EXPECTED}, got sqlite://{rest}")
    return Place(SQLITE, path, Path(path))


def _server(rest: str) -> Place:
    address, _, _ = rest.partition("?")
    user, at, host = address.rpartition("@")
    name = f"postgresql://{user.partition(':')[0]}{at}{host}"
    if "\0" in rest or not host.rpartition("/")[2]:
        raise StoreUnusable(f"{EXPECTED}, got {name}")
    return Place(POSTGRESQL, name, url=f"postgresql+psycopg://{rest}")
