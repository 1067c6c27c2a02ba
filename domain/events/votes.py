"""Votes on a poll by class of shares, what carries a resolution, and percentages as the filings print them.

Everything is a whole number of shares or votes; the tests are exact. Rules 13.39(4) and (5), and 8A.24 for the matters on
which every share has one vote.
"""

from __future__ import annotations

from decimal import Decimal

import attrs

from domain.values import rounded_quotient

DECIMALS = 6
"""Decimal places of the percentages in a table of poll results, rounded half up."""


def check_whole(name: str, value: object, least: int) -> None:
    """Raises ValueError if a value is not a whole number of at least `least`."""
    if type(value) is not int or value < least:
        raise ValueError(f"expected {name} as a whole number of at least {least}, got {value}")


@attrs.frozen
class ClassVotes:
    """Shares of a class that voted on one resolution, for and against, and the votes that each of them carried.

    Abstentions are no votes cast and stand nowhere. Raises ValueError for a number that is not whole or is negative.
    """

    share_class: str
    shares_for: int
    shares_against: int
    votes_per_share: int = 1

    def __attrs_post_init__(self) -> None:
        check_whole("shares for", self.shares_for, 0)
        check_whole("shares against", self.shares_against, 0)
        check_whole("votes of a share", self.votes_per_share, 1)

    @property
    def shares_voted(self) -> int:
        """The shares that voted, either way."""
        return self.shares_for + self.shares_against

    @property
    def votes_for(self) -> int:
        """The votes in favour."""
        return self.shares_for * self.votes_per_share

    @property
    def votes_against(self) -> int:
        """The votes against."""
        return self.shares_against * self.votes_per_share


def passed(votes_for: int, votes_against: int, *, special: bool) -> bool:
    """Whether a resolution is carried: by more than half of the votes cast, a special one by at least three fourths.

    Where nobody voted, nothing is carried.
    """
    cast = votes_for + votes_against
    if special:
        return cast > 0 and 4 * votes_for >= 3 * cast
    return 2 * votes_for > cast


def percentage(part: int, whole: int, decimals: int = DECIMALS) -> Decimal:
    """A part of the votes as a percentage, half up; zero if there are no votes."""
    return rounded_quotient(Decimal(100 * part), whole, decimals) if whole else Decimal(0)


def printed_percentage(part: int, whole: int) -> str:
    """`99.998551%`; all of the votes is `100%` and none of them `0%`; blank if there are no votes.

    Only what is exact loses its decimals: one vote against in a thousand million leaves `100.000000%` in favour.
    """
    if not whole:
        return ""
    if part in (0, whole):
        return f"{100 * part // whole}%"
    return f"{percentage(part, whole)}%"


@attrs.frozen
class Resolution:
    """A resolution as the poll decided it. `reserved`: one vote a share, whatever its class (rule 8A.24).

    Raises ValueError if a reserved resolution has weighted votes.
    """

    number: str
    subject: str
    votes: tuple[ClassVotes, ...]
    special: bool = False
    reserved: bool = False

    def __attrs_post_init__(self) -> None:
        if self.reserved and (weighted := [votes for votes in self.votes if votes.votes_per_share != 1]):
            raise ValueError(
                f"expected one vote a share on a reserved matter (rule 8A.24), got {weighted[0].votes_per_share} for class "
                f"{weighted[0].share_class}"
            )


@attrs.frozen
class PollRow:
    """A row of the table: one class, or the total where `share_class` is None. `votes_per_share` is None in a total."""

    share_class: str | None
    votes_per_share: int | None
    votes_for: int
    votes_against: int
    shares_voted: int

    @property
    def votes_cast(self) -> int:
        """The total number of votes cast."""
        return self.votes_for + self.votes_against

    @property
    def percent_for(self) -> str:
        """The percentage in favour, as printed."""
        return printed_percentage(self.votes_for, self.votes_cast)

    @property
    def percent_against(self) -> str:
        """The percentage against, as printed."""
        return printed_percentage(self.votes_against, self.votes_cast)


@attrs.frozen
class Polled:
    """A resolution with its rows, the total of them, and whether it is carried."""

    resolution: Resolution
    rows: tuple[PollRow, ...]
    total: PollRow
    passed: bool


def polled(resolution: Resolution) -> Polled:
    """The rows and the result of a resolution."""
    rows = tuple(
        PollRow(votes.share_class, votes.votes_per_share, votes.votes_for, votes.votes_against, votes.shares_voted)
        for votes in resolution.votes
    )
    votes_for, votes_against = sum(row.votes_for for row in rows), sum(row.votes_against for row in rows)
    total = PollRow(None, None, votes_for, votes_against, sum(row.shares_voted for row in rows))
    return Polled(resolution, rows, total, passed(votes_for, votes_against, special=resolution.special))


@attrs.frozen
class Entitled:
    """Shares of a class whose holders may attend and vote, all with the same votes a share."""

    share_class: str
    votes_per_share: int
    shares: int
