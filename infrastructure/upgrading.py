"""Bringing a store of an earlier version on to the present one, in one transaction: whole or not at all."""

from __future__ import annotations

from infrastructure import book_reader, schema, store_url
from infrastructure.store import carried_forward


def upgraded(location: str) -> int:
    """Bring a store on to this version and carry the positions of its books forward; the version that it had.

    Entries stay as they are, byte for byte. Raises StoreUnusable if the store cannot be opened or written, and
    StoreDamaged where a book cannot be read.
    """
    place = store_url.parsed(location)
    if place.kind == schema.SQLITE:
        from infrastructure.sqlite_database import altering
    else:
        from infrastructure.postgresql import altering
    with altering(place) as (database, connection):
        if database.version < schema.VERSION:
            for statement in schema.steps(database.kind, database.version):
                connection.do(statement)
            for issuer in book_reader.issuers(connection):
                carried_forward.rebuilt(connection, issuer)
        return database.version
