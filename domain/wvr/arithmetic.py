"""Weighted voting rights (chapter 8A of the Main Board Rules): the arithmetic, in whole shares and votes only.

A proportion is two whole numbers and is compared by multiplying across, so nothing is ever rounded before a test.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import attrs

from domain.events.votes import Entitled, percentage
from domain.law.parameters import EARLIER, UNVERIFIED, VERIFIED, Parameter
from domain.values import rounded_quotient

LARGEST_RATIO = Parameter(
    "wvr-ratio", "most votes of a weighted share", "times the votes of an ordinary share", ((EARLIER, 10),),
    "Main Board Rule 8A.10", VERIFIED,
)  # fmt: skip
LEAST_VOTES = Parameter(
    "wvr-least-votes", "least votes without weighted rights", "percent of the eligible votes", ((EARLIER, 10),),
    "Main Board Rule 8A.09", VERIFIED,
)  # fmt: skip
PARAMETERS = (LARGEST_RATIO, LEAST_VOTES)
"""What chapter 8A sets by number."""


@attrs.frozen
class HoldingVotes:
    """Shares of a class with the same votes each, and the days over which that held.

    `holder` None: all holders that the book does not name. `from_on` None: the day is not known.
    At close of `until_on` it held no more; None while it lasts. Rights can end long before the shares convert (rules
    8A.17, 8A.18).
    """

    holder: str | None
    share_class: str
    shares: int
    votes_per_share: int
    from_on: date | None
    until_on: date | None = None

    @property
    def votes(self) -> int:
        """The votes of the holding."""
        return self.shares * self.votes_per_share


def entitled(holdings: Iterable[HoldingVotes]) -> tuple[Entitled, ...]:
    """What lasts of the holdings, added up by class and votes a share, in the order of the holdings."""
    shares: dict[tuple[str, int], int] = {}
    for holding in holdings:
        if holding.until_on is None:
            key = holding.share_class, holding.votes_per_share
            shares[key] = shares.get(key, 0) + holding.shares
    return tuple(Entitled(code, votes, number) for (code, votes), number in shares.items())


@attrs.frozen
class WvrTest:
    """A test of chapter 8A: whether it holds, the working in numbers, its rule and how sure we are of it."""

    holds: bool
    working: str
    citation: str
    confidence: str


def least_votes(ordinary: int, every: int, on: date, *, unsure: bool = False) -> WvrTest:
    """Rule 8A.09: the votes without weighted rights against all eligible votes.

    `unsure`: some shares were left out as carrying no votes, which is not verified.
    """
    least = LEAST_VOTES.at(on)
    share = percentage(ordinary, every, 2)
    working = f"{ordinary:,} of {every:,} votes are without weighted rights, {share} %; at least {least} %"
    confidence = UNVERIFIED if unsure else LEAST_VOTES.confidence
    return WvrTest(100 * ordinary >= least * every, working, LEAST_VOTES.citation, confidence)


def largest_ratio(weighted: int, ordinary: int, on: date) -> WvrTest:
    """Rule 8A.10: votes of a weighted share against those of an ordinary one."""
    most = LARGEST_RATIO.at(on)
    working = f"{weighted:,} votes a weighted share, {ordinary:,} an ordinary one; at most {most:,} times as many"
    return WvrTest(weighted <= most * ordinary, working, LARGEST_RATIO.citation, LARGEST_RATIO.confidence)


@attrs.frozen
class Proportion:
    """Weighted shares among all shares in issue: A of T. Never rounded; `on` is the day at whose close it stood."""

    weighted: int
    total: int
    on: date | None = attrs.field(default=None, eq=False)

    def exceeds(self, other: Proportion) -> bool:
        """Whether it is above another, exactly: A × T' > A' × T."""
        return self.weighted * other.total > other.weighted * self.total

    def percent(self, decimals: int = 6) -> Decimal:
        """The percentage, half up, for reading only; zero if there are no shares."""
        return rounded_quotient(Decimal(100 * self.weighted), self.total, decimals) if self.total else Decimal(0)


def most_weighted(cap: Proportion, total: int) -> int:
    """The most weighted shares among a total that keep a proportion at or below another: floor(A₀ × T ÷ T₀)."""
    return cap.weighted * total // cap.total


def exact_conversion(weighted: int, cap: Proportion, total: int, decimals: int) -> Decimal:
    """A − A₀ × T ÷ T₀: what the conversion comes to before rounding up; half up to some decimals, for reading only."""
    return rounded_quotient(Decimal(weighted * cap.total - cap.weighted * total), cap.total, decimals)


@attrs.frozen
class Cancellation:
    """The cancellations of one day, the weighted shares converted on it, and the lowest proportion before it.

    `weighted` and `total` are the shares before, `closing` the proportion after. In case of several batches each is held to
    the lowest proportion of all days before: a batch that converted too little is made good by a later one. `entries` are
    the numbers of those that cancelled or converted.
    """

    on: date
    weighted: int
    total: int
    cancelled: int
    converted: int
    cap: Proportion
    closing: Proportion
    entries: tuple[int, ...]

    @property
    def required(self) -> int:
        """The least number of weighted shares to be converted on the day, for the proportion not to rise."""
        return max(0, self.closing.weighted + self.converted - most_weighted(self.cap, self.closing.total))

    @property
    def sufficed(self) -> bool:
        """Whether enough was converted; more than enough is no error."""
        return self.converted >= self.required

    def exact(self, decimals: int = 2) -> Decimal:
        """The required number before rounding up."""
        return exact_conversion(self.closing.weighted + self.converted, self.cap, self.closing.total, decimals)
