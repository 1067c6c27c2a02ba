"""The parts of `SqlEventStore.verified` one by one, of one book: also of one whose entries do not fold."""

from __future__ import annotations

from domain.capital.head import Head
from infrastructure import book_reader
from infrastructure.event_store import SqlEventStore


def chain_verified(store: SqlEventStore, issuer: str) -> Head:
    """The head of a book after its rows were recomputed, and the database examined; nothing is folded."""
    store._database.examined()
    with store._database.reading() as connection:
        return book_reader.verified(connection, issuer)[0]


def positions_compared(store: SqlEventStore, issuer: str) -> int:
    """How many entries a book has, after the positions carried forward were compared with the fold."""
    return store._compared(issuer).number
