"""Mandates and what general meetings resolve."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from domain import fields
from domain.events.base import Event, event


@event
class PollResultDeclared(Event):
    """The result of one resolution put to a poll at a general meeting, in votes (rule 13.39(5))."""

    meeting: str = fields.text("the meeting: annual general meeting of 23 June 2023")
    resolution: str = fields.name("number of the resolution: 7")
    subject: str = fields.text("what was resolved, in a few words")
    votes_for: int = fields.whole("votes for", unit="votes", minimum=0)
    votes_against: int = fields.whole("votes against", unit="votes", minimum=0)
    special: bool = fields.flag("whether it is a special resolution, passed by three fourths", default=False)


@event
class MandateGranted(Event):
    """A general meeting granted a mandate to issue (rule 13.36(2)(b)) or to repurchase shares (rule 10.06(1)(c))."""

    mandate: str = fields.name("code of the mandate in this book: issue-2024")
    purpose: Literal["issue", "repurchase"] = fields.choice("what the mandate allows", ("issue", "repurchase"))
    percent: Decimal = fields.percentage("percentage of the issued shares that it allows: 20")
    base: int = fields.whole("issued shares at the meeting, all classes, excluding treasury shares")


@event
class MandateRevoked(Event):
    """A mandate was revoked, or expired at the conclusion of the next annual general meeting."""

    mandate: str = fields.name("code of the mandate")
