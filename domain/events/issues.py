"""Issues of shares, each of new or of treasury shares (Main Board Rule 13.25A(2)(a))."""

from __future__ import annotations

from datetime import date

from domain.events import fields
from domain.events.base import ClassMovement, Event, checked
from domain.values import Money


@checked
class IssueOfShares(ClassMovement):
    """Shares came into members' hands: new shares, or treasury shares transferred."""

    price: Money | None = fields.money("issue or selling price of one share", default=None)
    closing_market_price: Money | None = fields.money("closing price of the business day before, for FF304", default=None)
    mandate: str | None = fields.name("code of the general mandate it uses", default=None)
    agreement: str | None = fields.name("code of the agreement that it completes", default=None)
    general_meeting_on: date | None = fields.day("day of the general meeting that approved it, without a mandate", default=None)
    treasury_shares: bool = fields.flag("whether treasury shares were transferred rather than new shares issued", default=False)
    agreed_on: date | None = fields.day("day of the agreement", default=None)


@checked
class PlacingCompleted(IssueOfShares):
    """A placing or subscription was completed and its shares allotted."""


@checked
class GlobalOfferingCompleted(IssueOfShares):
    """The offer shares of a listing were allotted."""


@checked
class OverAllotmentOptionExercised(IssueOfShares):
    """Shares were allotted on the exercise of the over-allotment option of an offering."""


@checked
class ConsiderationSharesIssued(IssueOfShares):
    """Shares were issued in consideration for an acquisition."""


@checked
class RightsIssueCompleted(IssueOfShares):
    """Shares of a rights issue were allotted."""


@checked
class OpenOfferCompleted(IssueOfShares):
    """Shares of an open offer were allotted."""


@checked
class BonusIssueCompleted(IssueOfShares):
    """Bonus shares were allotted, credited as fully paid."""


@checked
class ScripDividendIssued(IssueOfShares):
    """Shares were allotted in place of a cash dividend."""


@checked
class OtherSharesIssued(IssueOfShares):
    """Shares were issued in a way that no other category of the forms names."""


EVENTS: tuple[type[Event], ...] = (
    PlacingCompleted,
    GlobalOfferingCompleted,
    OverAllotmentOptionExercised,
    ConsiderationSharesIssued,
    RightsIssueCompleted,
    OpenOfferCompleted,
    BonusIssueCompleted,
    ScripDividendIssued,
    OtherSharesIssued,
)
"""The events of this subject, in reading order."""
