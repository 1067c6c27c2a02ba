"""What a general meeting voted on and what was counted, held against the shares in issue that day; the table of results.

Counts are in shares. What a share carries comes from its class, or is one vote on a reserved matter (rule 8A.24).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from domain import errors
from domain.capital.accounts import ClassBalance
from domain.events.votes import ClassVotes, Entitled, Polled, Resolution, check_whole, polled


@attrs.frozen
class MandateTerms:
    """A general mandate that a resolution grants when it is carried: `percent` of the issued shares at the meeting.

    `classes` are those whose shares count; all with votes where it is empty.
    """

    mandate: str
    purpose: str
    percent: Decimal
    classes: tuple[str, ...] = ()


@attrs.frozen
class Extension:
    """A resolution that adds what is repurchased under one mandate to a mandate to issue of the same meeting."""

    mandate: str
    extended_by: str


@attrs.frozen
class ScrutineerCount:
    """What the scrutineer counted of a class on one resolution, in shares.

    `votes_per_share` is None if the class decides it; `shares_voted` is the scrutineer's own total, where there is one.
    Raises ValueError for a number that is not whole or is negative.
    """

    share_class: str
    shares_for: int
    shares_against: int
    votes_per_share: int | None = None
    shares_voted: int | None = None

    def __attrs_post_init__(self) -> None:
        for name, least in (("shares_for", 0), ("shares_against", 0), ("votes_per_share", 1), ("shares_voted", 0)):
            if (value := getattr(self, name)) is not None:
                check_whole(name, value, least)


@attrs.frozen
class Motion:
    """A resolution as it was put to the meeting, with what was counted."""

    number: str
    subject: str
    counted: tuple[ScrutineerCount, ...]
    special: bool = False
    reserved: bool = False
    mandate: MandateTerms | None = None
    extension: Extension | None = None


@attrs.frozen
class Meeting:
    """A general meeting: its name, its day and its resolutions; and what rule 13.39(5) wants said beside them.

    `abstain_in_favour` are shares entitled to attend but required to abstain from voting in favour (rule 13.40),
    `abstain` shares required to abstain altogether, `annual` whether it is the annual general meeting; None if nobody said.
    """

    name: str
    on: date
    motions: tuple[Motion, ...]
    scrutineer: str | None = None
    abstain_in_favour: int | None = None
    abstain: int | None = None
    annual: bool | None = None


@attrs.frozen
class PollTable:
    """The results of a meeting, with the shares in issue and those entitled to vote, from the book at its day.

    Classes without votes are in issue and not entitled.
    """

    meeting: Meeting
    resolutions: tuple[Polled, ...]
    issued: tuple[ClassBalance, ...]
    entitled: tuple[Entitled, ...]

    @property
    def voting(self) -> tuple[str, ...]:
        """The codes of the classes with votes."""
        return tuple(dict.fromkeys(each.share_class for each in self.entitled))

    def base(self, classes: Collection[str] = ()) -> int:
        """The issued shares that a mandate is a percentage of: of some classes, or all with votes, excluding treasury shares."""
        counted = classes or self.voting
        return sum(balance.issued_excluding_treasury for balance in self.issued if balance.share_class in counted)

    @property
    def without_votes(self) -> int:
        """The shares in issue of classes without votes."""
        return sum(balance.total_issued for balance in self.issued if balance.share_class not in self.voting)


@attrs.frozen
class Objection:
    """Why a count cannot be: the resolution's number, and a sentence."""

    resolution: str
    message: str

    def __str__(self) -> str:
        return f"resolution {self.resolution}: {self.message}"


class NotCounted(errors.BadInput):
    """A count that the meeting cannot have given; `objections` has everything found, resolution by resolution."""

    def __init__(self, objections: Sequence[Objection]) -> None:
        super().__init__("; ".join(map(str, objections)))
        self.objections = tuple(objections)


def table(meeting: Meeting, issued: Sequence[ClassBalance], entitled: Sequence[Entitled]) -> PollTable:
    """The table of a meeting's results.

    Raises NotCounted with all objections: a class that did not exist, more votes than shares, votes that do not add up.
    """
    found = objections(meeting, entitled)
    if found:
        raise NotCounted(found)
    rates = by_rate(entitled)
    resolutions = tuple(polled(_resolution(motion, rates)) for motion in meeting.motions)
    return PollTable(meeting, resolutions, tuple(issued), tuple(each for each in entitled if each.votes_per_share))


def by_rate(entitled: Iterable[Entitled]) -> dict[str, dict[int, int]]:
    """Shares by class and votes a share."""
    found: dict[str, dict[int, int]] = {}
    for part in entitled:
        shares = found.setdefault(part.share_class, {})
        shares[part.votes_per_share] = shares.get(part.votes_per_share, 0) + part.shares
    return found


def _resolution(motion: Motion, rates: Mapping[str, Mapping[int, int]]) -> Resolution:
    votes = tuple(
        ClassVotes(each.share_class, each.shares_for, each.shares_against, _rate(motion, each, rates)) for each in motion.counted
    )
    return Resolution(motion.number, motion.subject, votes, motion.special, motion.reserved)


def _rate(motion: Motion, counted: ScrutineerCount, rates: Mapping[str, Mapping[int, int]]) -> int:
    if motion.reserved:
        return 1
    return counted.votes_per_share or next(iter(rates[counted.share_class]))


def objections(meeting: Meeting, entitled: Sequence[Entitled]) -> tuple[Objection, ...]:
    """Everything that keeps the counts of a meeting from being counts of this meeting."""
    rates = by_rate(entitled)
    twice = [number for number, times in Counter(motion.number for motion in meeting.motions).items() if times > 1]
    found = [Objection(number, "stands twice") for number in twice]
    for motion in meeting.motions:
        messages = [] if motion.counted else ["expected votes of at least one class"]
        messages += [message for each in motion.counted for message in _of_a_count(motion, each, rates, meeting.on)]
        messages += _too_many(motion, rates)
        messages += _of_an_extension(motion, meeting)
        messages += _of_a_mandate(motion, rates, meeting.on)
        found += [Objection(motion.number, message) for message in messages]
    return tuple(found)


def _of_an_extension(motion: Motion, meeting: Meeting) -> Iterator[str]:
    purposes = {each.mandate.mandate: each.mandate.purpose for each in meeting.motions if each.mandate}
    if motion.extension and purposes.get(motion.extension.mandate) != "issue":
        yield f"extends {motion.extension.mandate}, and no resolution of this meeting grants a mandate to issue of that name"


def _of_a_mandate(motion: Motion, rates: Mapping[str, Mapping[int, int]], on: date) -> Iterator[str]:
    for code in motion.mandate.classes if motion.mandate else ():
        if code not in rates:
            yield _no_class(code, rates, on)


def _no_class(code: str, rates: Iterable[str], on: date) -> str:
    return f"class {code} did not exist at the meeting of {on:%-d %B %Y}; classes then: {', '.join(rates) or 'none'}"


def _of_a_count(motion: Motion, counted: ScrutineerCount, rates: Mapping[str, Mapping[int, int]], on: date) -> Iterator[str]:
    code, voted = counted.share_class, counted.shares_for + counted.shares_against
    if code not in rates:
        yield _no_class(code, rates, on)
        return
    if not any(rates[code]):
        yield f"class {code}: its shares carry no votes"
        return
    if counted.shares_voted not in (None, voted):
        yield (
            f"class {code}: {counted.shares_for:,} for and {counted.shares_against:,} against make {voted:,}, not the "
            f"{counted.shares_voted:,} said to have voted"
        )
    yield from _of_a_rate(motion, counted, rates[code])


def _of_a_rate(motion: Motion, counted: ScrutineerCount, rates: Mapping[int, int]) -> Iterator[str]:
    code, said, known = counted.share_class, counted.votes_per_share, " or ".join(f"{rate:,}" for rate in rates)
    if motion.reserved:
        if said not in (None, 1):
            yield f"class {code}: expected one vote a share on a reserved matter (rule 8A.24), got {said}"
    elif said is None and len(rates) > 1:
        yield f"class {code}: its shares carry {known} votes each; say of which these are, as in: at 10 votes"
    elif said is not None and said not in rates:
        yield f"class {code}: the votes of a share are {known}, not {said}"


def _too_many(motion: Motion, rates: Mapping[str, Mapping[int, int]]) -> Iterator[str]:
    voted: dict[tuple[str, int | None], int] = {}
    for each in motion.counted:
        if each.share_class in rates:
            key = each.share_class, None if motion.reserved else _rate(motion, each, rates)
            voted[key] = voted.get(key, 0) + each.shares_for + each.shares_against
    for (code, rate), shares in voted.items():
        there = sum(rates[code].values()) if rate is None else rates[code].get(rate, 0)
        if shares > there and (rate is None or rate in rates[code]):
            yield f"class {code}: {shares:,} shares voted, {shares - there:,} more than the {there:,} in issue that may vote"
