"""Entries about the book itself: what it is held against, what was filed from it, what is withdrawn."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain import fields
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
    everything that is needed to make the same document again, which `digest` proves.
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


@checked
class EntryWithdrawn(Event):
    """The replaced entry is withdrawn: it records something that did not happen."""

    reason: str = fields.text("why it is withdrawn")
