"""Bringing a store of an earlier version on to the present one, in one transaction: whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from infrastructure import schema, store_url
from infrastructure.event_store import open_store

MIGRATIONS = str(Path(__file__).with_name("migrations"))


def upgraded(location: str, *, clock: Callable[[], datetime]) -> int:
    """Bring a store on to this version, and fill the tables that its books have not yet; the version that it had.

    Entries stay as they are, byte for byte. Raises StoreUnusable where the store cannot be opened or written.
    """
    before = _migrated(location)
    with open_store(location, clock=clock) as store:
        for issuer in store.issuers():
            if store.reach(issuer) < store.head(issuer).number:
                store.rebuild(issuer)
    return before


def _migrated(location: str) -> int:
    place = store_url.parsed(location)
    if place.kind == schema.SQLITE:
        from infrastructure.sqlite_database import altering
    else:
        from infrastructure.postgresql import altering
    with altering(place) as (connection, version):
        if version < schema.VERSION:
            (_migrate_file if place.kind == schema.SQLITE else migrate)(connection)
        return version


def _migrate_file(connection: Connection) -> None:
    """A file says its version in its header; alembic wants a table for it, which files of version 1 have not."""
    connection.exec_driver_sql(schema.VERSION_TABLE)
    connection.exec_driver_sql(f"INSERT INTO {schema.VERSION_TABLE_NAME} VALUES ('1')")  # noqa: S608
    migrate(connection)
    connection.exec_driver_sql(f"PRAGMA user_version = {schema.VERSION}")


def migrate(connection: Connection) -> None:
    """Run the migrations that a database has not seen, in the transaction given."""
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
