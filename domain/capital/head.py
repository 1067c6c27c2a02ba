"""The book as its readers and writers meet it: the head of its hash chain, and what can go wrong with its store."""

from __future__ import annotations

from datetime import datetime

import attrs


@attrs.frozen
class Head:
    """The end of an issuer's hash chain: the last entry's number and time, and the hash over all up to it.

    A book without entries has number 0 and an empty hash. A head kept elsewhere shows that later entries were removed.
    """

    number: int
    hash: str
    recorded_at: datetime | None
