"""Opening a database of either kind."""

from __future__ import annotations

from infrastructure import store_url
from infrastructure.database import Database
from infrastructure.schema import SQLITE


def open_database(location: str, *, create: bool, writable: bool) -> Database:
    """The database at a path or URL. Raises StoreUnusable or StoreDamaged if it is not a store."""
    place = store_url.parsed(location)
    # Each engine's module is imported where it is meant: the driver of PostgreSQL takes longer than a whole question.
    if place.kind == SQLITE:
        from infrastructure import sqlite_database

        return sqlite_database.opened(place, create=create, writable=writable)
    from infrastructure import postgresql

    return postgresql.opened(place, create=create, writable=writable)
