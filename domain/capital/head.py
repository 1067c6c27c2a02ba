"""The book as its readers and writers meet it: the head of its hash chain, and what can go wrong with its store."""

from __future__ import annotations

from datetime import datetime

import attrs


@attrs.frozen
class Head:
    """The end of an issuer's hash chain: the last entry's number and time, and the hash over all up to it.

    Number 0 and an empty hash stand for a book without entries. Kept elsewhere, a head shows a cut tail.
    """

    number: int
    hash: str
    recorded_at: datetime | None


class Conflict(Exception):
    """Somebody else wrote to the same book in between; read it again and try again."""


class StoreDamaged(Exception):
    """What the store holds is not what was written; the message names the entry where that shows."""


class StoreUnusable(Exception):
    """The store cannot be opened or written: it is missing, is not ours, or is read-only."""


class NoStore(StoreUnusable):
    """There is no store where one was meant."""


class NoBook(StoreUnusable):
    """There is no book yet where one was meant: the store is empty, or only the demo's is there."""
