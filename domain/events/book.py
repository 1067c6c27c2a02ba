"""Entries about the book itself: what it is held against, what was filed from it, what is withdrawn."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.events import fields
from domain.events.base import Event, checked


@checked
class BalanceConfirmed(Event):
    """What a filed return or a registrar's statement says of a class at close of a day; a mismatch is a finding."""

    share_class: str = fields.name("code of the class of shares")
    issued_excluding_treasury: int = fields.whole("issued shares excluding treasury shares", minimum=0)
    treasury: int | None = fields.whole("treasury shares", minimum=0, default=None)
    authorised: int | None = fields.whole("authorised shares", minimum=0, default=None)
    document: str = fields.text("the document that says so")


@checked
class ReturnFiled(Event):
    """A return was submitted to the exchange; the day in `effective_on` is its closing date or month end.

    `book_number` is the last entry of the book it was prepared from; with the form and the day of submission it is
    all that is needed to make the same document again; `digest` proves that it is the same.
    """

    kind: Literal["monthly", "next-day"] = fields.choice("which return", ("monthly", "next-day"))
    submitted_on: date = fields.day("day on which it was submitted")
    form: str | None = fields.text("form and version: FF305 1.3.0", default=None)
    status: str = fields.text("status as printed", default="New Submission")
    book_number: int | None = fields.whole("last entry of the book that it was prepared from", unit="entries", default=None)
    digest: str | None = fields.text("SHA-256 of the document filed, in hexadecimal", default=None)
    rendering: str | None = fields.text("rendering that the digest is of: pdf, json", default=None)
    edition: int = fields.whole(
        "edition of the forms, as this program lays them out, that it was prepared in", unit="editions", default=1
    )
    published_digest: str | None = fields.text("SHA-256 of the document as published, in hexadecimal", default=None)
    as_published: str | None = fields.text("why the published document is right although the book differs", default=None)
    submitted_at: str | None = fields.clock_time("time in Hong Kong at which it was submitted: 17:45", default=None)
    reference: str | None = fields.text("reference of the submission, as the Exchange's system confirmed it", default=None)


RECEIPT = frozenset({"submitted_at", "reference", "published_digest", "as_published"})
"""What is known of a return filed only after its submission: the confirmation, and the document as published."""


@checked
class EntryWithdrawn(Event):
    """The replaced entry is withdrawn: it records something that did not happen."""

    reason: str = fields.text("why it is withdrawn")


@checked
class ReleaseRequirementSet(Event):
    """From a day on, an entry takes effect only after another person releases it; or this is no longer required.

    Entries recorded before that day are not affected. While release is required, ending it must be released too.
    """

    required: bool = fields.flag("whether release by another person is required", default=True)


@checked
class FactProposed(Event):
    """A fact recorded while release is required, which waits for it; it moves nothing.

    `effective_on` is the day of the fact. Its release is an EntryReleased in its place, followed by the fact itself as the next
    entry.
    """

    fact: str = fields.fact("the fact, as it is stored once it is released")
    corrects: int | None = fields.whole("entry that the fact replaces once it is released", unit="entries", default=None)


@checked
class EntryReleased(Event):
    """Another person released the replaced entry, a fact that waited; the next entry is that fact."""


BOOKKEEPING = (EntryWithdrawn, FactProposed, EntryReleased)
"""Entries that say something of other entries only: none of them is ever in effect."""


EVENTS: tuple[type[Event], ...] = (
    BalanceConfirmed,
    ReturnFiled,
    EntryWithdrawn,
    ReleaseRequirementSet,
    FactProposed,
    EntryReleased,
)
"""The events of this subject, in reading order."""
