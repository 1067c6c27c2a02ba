"""A run: the Monthly Returns of all issuers for one month. What is asked for, and the result of each issuer."""

from __future__ import annotations

from datetime import date
from typing import Literal

import attrs


@attrs.frozen
class Order:
    """What a run makes for every issuer; `drafts`: also the returns of books with findings, marked DRAFT."""

    month_end: date
    submitted_on: date
    formats: tuple[str, ...]
    drafts: bool = False


@attrs.frozen
class RunDocument:
    """A document of a run: the rendering it is in, the name of its file, and its SHA-256 in hexadecimal."""

    format: str
    file: str
    sha256: str


Reason = Literal["not prepared", "not rendered", "findings", "impossible", "damaged", "unexpected"]
"""Why a return was held back: the book does not allow it, or somebody has to look at it first."""


@attrs.frozen
class IssuerOutcome:
    """The result of one issuer: the documents made, or why they were held back (`said`, a line for each finding).

    `number` and `hash` are the head of the book that it was made from: while it stays there, so does the return.
    """

    issuer: str
    number: int
    hash: str
    documents: tuple[RunDocument, ...] = ()
    reason: Reason | None = None
    said: tuple[str, ...] = ()

    @property
    def made(self) -> bool:
        """Whether there are documents, be they drafts."""
        return bool(self.documents)
