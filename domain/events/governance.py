"""Mandates and what general meetings resolve."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from domain.events import fields
from domain.events.base import Event, checked
from domain.events.votes import ClassVotes, Polled, Resolution, polled

ANNUAL = "whether the meeting is the annual general meeting, at whose conclusion general mandates end"


@checked
class PollResultDeclared(Event):
    """The result of one resolution put to a poll at a general meeting, in shares of each class (rule 13.39(5))."""

    meeting: str = fields.text("the meeting: annual general meeting of 23 June 2023")
    resolution: str = fields.name("number of the resolution: 7")
    subject: str = fields.text("what was resolved, in a few words")
    votes: tuple[ClassVotes, ...] = fields.many(
        "shares of each class that voted, and the votes of each: A 1,000 for, 0 against at 10 votes; B 900 for, 100 against",
        ClassVotes,
        "shares voted by class",
    )
    annual: bool | None = fields.flag(ANNUAL, default=None)
    special: bool = fields.flag("whether it is a special resolution, passed by three fourths", default=False)
    reserved: bool = fields.flag("whether every share has one vote on it, whatever its class (rule 8A.24)", default=False)

    def __attrs_post_init__(self) -> None:
        if not self.votes:
            raise fields.FieldError("votes", "expected the votes of at least one class")
        try:
            self.result  # noqa: B018
        except ValueError as error:
            raise fields.FieldError("votes", str(error)) from None

    @property
    def result(self) -> Polled:
        """The votes by class and in total, and whether it is carried."""
        return polled(Resolution(self.resolution, self.subject, self.votes, self.special, self.reserved))


@checked
class VotingRightsCeased(Event):
    """Shares of a holder lost their weighted voting rights, though they are still of their class.

    Rights cease on death, on leaving the board, on incapacity or unsuitability (rule 8A.17), and on a transfer (rule 8A.18);
    the shares convert on a later day.
    """

    share_class: str = fields.name("code of the class of shares")
    holder: str = fields.text("whose shares, named as in the conversion that follows")
    shares: int = fields.whole("number of shares without weighted rights from this day")
    votes_per_share: int = fields.whole("votes that each of them carries from this day", unit="votes", default=1)
    reason: str | None = fields.text("why, in a few words", default=None)


@checked
class MandateGranted(Event):
    """A general meeting granted a mandate to issue (rule 13.36(2)(b)) or to repurchase shares (rule 10.06(1)(c))."""

    mandate: str = fields.name("code of the mandate in this book: issue-2024")
    purpose: Literal["issue", "repurchase"] = fields.choice("what the mandate allows", ("issue", "repurchase"))
    percent: Decimal = fields.percentage("percentage of the issued shares that it allows: 20")
    base: int = fields.whole("issued shares at the meeting, excluding treasury shares, of the classes that it counts")
    classes: tuple[str, ...] = fields.many(
        "codes of the classes that the base counts: H; all classes with votes if omitted", str, "class codes", default=()
    )
    extended_by: str | None = fields.name(
        "code of the repurchase mandate, recorded before it, whose repurchases a separate resolution added to it", default=None
    )
    explanatory_statement_on: date | None = fields.day(
        "date of the Explanatory Statement for a mandate to repurchase (rule 10.06(1)(b))", default=None
    )
    annual: bool | None = fields.flag(ANNUAL, default=None)
    independent_approval: bool | None = fields.flag(
        "whether the members approved it without the controlling holders, as a refreshment before the next annual general "
        "meeting needs (rule 13.36(4))",
        default=None,
    )
    used_before: int | None = fields.whole(
        "shares issued or repurchased under it before the book begins, for a mandate older than the book", minimum=0, default=None
    )
    reserved_before: int | None = fields.whole(
        "shares that agreements made before the book begins have yet to issue under it; each is recorded as issue-agreed",
        minimum=0,
        default=None,
    )
    extended_before: int | None = fields.whole(
        "shares that repurchases had added to it before the book begins", minimum=0, default=None
    )
    counted_on: date | None = fields.day(
        "day at whose close those numbers were counted, the one on which the book begins", default=None
    )

    def __attrs_post_init__(self) -> None:
        values = self.values()
        before = {name: values[name] for name in ("used_before", "reserved_before", "extended_before")}
        given = [name for name, number in before.items() if number is not None]
        if given and self.counted_on is None:
            raise fields.FieldError("counted_on", f"expected the day at whose close {given[0]} was counted")
        if self.counted_on is not None and not given:
            raise fields.FieldError("counted_on", "expected a number counted on that day, such as used_before")
        if self.counted_on is not None and self.counted_on < self.effective_on:
            raise fields.FieldError("counted_on", "expected the day on which the mandate was granted or a later one")
        if self.extended_before and self.extended_by is None:
            raise fields.FieldError("extended_before", "expected extended_by, the repurchase mandate that extends it")


@checked
class MandateRevoked(Event):
    """A mandate was revoked, or expired at the conclusion of the next annual general meeting."""

    mandate: str = fields.name("code of the mandate")


EVENTS: tuple[type[Event], ...] = (
    PollResultDeclared,
    MandateGranted,
    MandateRevoked,
    VotingRightsCeased,
)
"""The events of this subject, in reading order."""
