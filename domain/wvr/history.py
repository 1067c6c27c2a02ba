"""Weighted voting rights over a book: who votes how much, the proportion that may only fall, and what was converted.

The proportion is taken at close of each day: on one day a conversion and the cancellation that asks for it belong together.
It is taken twice, without treasury shares and with them. Rule 8A.15 was read for cancellations; for purchases into treasury
nothing was read. So a breach is what both figures show, and what only a purchase into treasury raises is a notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby

import attrs

from domain import events
from domain.capital.accounts import HELD, ISSUED_EXCLUDING_TREASURY, SHARES, TOTAL_ISSUED, TREASURY, account_of, change
from domain.capital.balances import apply
from domain.capital.entries import Entry, Viewpoint, in_effect
from domain.capital.position import Position
from domain.capital.securities import ShareClass
from domain.capital.terms import Reorganised, covered, scale
from domain.capital.weighted import fewest_votes, lasting_classes, weighted_classes
from domain.law.parameters import UNVERIFIED, VERIFIED
from domain.wvr.arithmetic import Cancellation, HoldingVotes, Proportion, WvrTest, largest_ratio, least_votes

Proportions = tuple[Proportion, Proportion]
"""As counted, and with treasury shares; the same where they are counted anyway."""


@attrs.frozen
class Rise:
    """A day at whose close the proportion stood above its lowest figure, without a cancellation that day."""

    on: date
    cap: Proportion
    closing: Proportion
    entries: tuple[int, ...]


@attrs.frozen
class WeightedHistory:
    """A book's weighted voting rights at close of a day, and how they came about.

    `classes` are those that are not over, `weighted` those with more votes a share than another with votes. `lowest` is None
    before anything was listed.
    `proportions` and `lows` are the proportion and the lowest one, as counted and with treasury shares. `into_treasury` are the
    days on which shares were bought into treasury, with what a cancellation of as many would have required. `confidence` is
    that of the proportions: unverified once treasury shares were left out of them, or counted.
    """

    as_of: date
    classes: tuple[ShareClass, ...]
    weighted: tuple[str, ...]
    holdings: tuple[HoldingVotes, ...]
    proportions: Proportions
    lows: tuple[Proportion | None, Proportion | None]
    cancellations: tuple[Cancellation, ...]
    into_treasury: tuple[Cancellation, ...]
    rises: tuple[Rise, ...]
    position: Position
    confidence: str

    @property
    def proportion(self) -> Proportion:
        """Weighted shares among those in issue, as counted."""
        return self.proportions[0]

    @property
    def lowest(self) -> Proportion | None:
        """The lowest proportion so far, which is the cap."""
        return self.lows[0]

    def votes(self, *, weighted: bool | None = None) -> int:
        """Votes at close of the day: all, or those with or without weighted rights."""
        least = fewest_votes(self.classes)
        lasting = (holding for holding in self.holdings if holding.until_on is None)
        return sum(each.votes for each in lasting if weighted in (None, each.votes_per_share > least))


class _Pass:
    """Where a pass over the book stands; a day's own figures begin again with each day."""

    def __init__(self, counted: tuple[str, ...], offered: Mapping[str, date]) -> None:
        self.position = Position()
        self.counted = counted
        self.offered = offered
        self.ceased: list[HoldingVotes] = []
        self.ended: list[HoldingVotes] = []
        self.lows: list[Proportion | None] = [None, None]
        self.cancellations: list[Cancellation] = []
        self.into_treasury: list[Cancellation] = []
        self.rises: list[Rise] = []
        self.confidence = VERIFIED

    def lost(self, code: str) -> int:
        """Shares of a class that have lost their weighted rights and are still of the class."""
        return sum(holding.shares for holding in self.ceased if holding.share_class == code)

    def issued(self, code: str, accounts: tuple[str, ...]) -> int:
        return sum(self.position.totals.get(account_of(SHARES, code, name), 0) for name in accounts)

    def proportions(self, on: date) -> Proportions:
        return self._proportion(on, self.counted), self._proportion(on, TOTAL_ISSUED)

    def _proportion(self, on: date, accounts: tuple[str, ...]) -> Proportion:
        weighted = sum(max(0, self.issued(code, accounts) - self.lost(code)) for code in weighted_classes(self.position))
        # Of all shares in issue, those without votes too: rule 8A.13 speaks of the issuer's shares.
        return Proportion(weighted, sum(self.issued(code, accounts) for code in self.position.terms.classes), on)

    def close(self, on: date, openings: Proportions, moves: _Moves) -> None:
        """Take the close of a day into account. Only what is listed is under the rules."""
        closings = self.proportions(on)
        if not closings[0].total or not self._listed(on):
            return
        if any(self.position.total(SHARES, code, TREASURY) for code in self.position.terms.classes):
            self.confidence = UNVERIFIED
        days = [
            _Day(opening, cap, closing)
            for opening, cap, closing in zip(openings, self.lows, closings, strict=True)
            if cap is not None
        ]
        if days and openings[0].weighted:
            self._judge(on, days, moves)
        for which, closing in enumerate(closings):
            cap = self.lows[which]
            # Nothing to hold down before there are weighted shares at all.
            if closing.weighted if cap is None else cap.exceeds(closing):
                self.lows[which] = closing

    def _listed(self, on: date) -> bool:
        """Whether a class is listed; dealings begin with its global offering where there is one."""
        listed = (share.code for share in self.position.terms.existing.values() if share.listed)
        return any(on >= self.offered.get(code, on) for code in listed)

    def _judge(self, on: date, days: list[_Day], moves: _Moves) -> None:
        if moves.cancelled:
            self.cancellations.append(
                min((day.with_(on, moves.cancelled, moves) for day in days), key=lambda each: each.required)
            )
        elif all(day.risen for day in days):
            self.rises.append(Rise(on, days[0].cap, days[0].closing, tuple(moves.entries)))
        if moves.into_treasury:
            self.into_treasury.append(days[0].with_(on, moves.into_treasury, moves))


@attrs.frozen
class _Day:
    """A proportion at opening, the cap, and the proportion at close of a day."""

    opening: Proportion
    cap: Proportion
    closing: Proportion

    @property
    def risen(self) -> bool:
        return self.closing.exceeds(self.cap) and self.closing.exceeds(self.opening)

    def with_(self, on: date, left: int, moves: _Moves) -> Cancellation:
        parts = (self.opening.weighted, self.opening.total, left, moves.converted)
        return Cancellation(on, *parts, self.cap, self.closing, tuple(moves.entries))


@attrs.define
class _Moves:
    """What a day cancelled, bought into treasury and converted so far, and by which entries."""

    cancelled: int = 0
    into_treasury: int = 0
    converted: int = 0
    entries: list[int] = attrs.Factory(list)


def weighted_history(entries: Iterable[Entry], viewpoint: Viewpoint, *, treasury: bool = False) -> WeightedHistory:
    """The weighted voting rights of a book at a viewpoint. `treasury`: whether treasury shares count in the proportion.

    That they do not is general knowledge (unverified); they never carry votes, nor do shares bought and pending cancellation.
    """
    known = in_effect(entries, viewpoint.known_at)
    reading = _Pass(TOTAL_ISSUED if treasury else ISSUED_EXCLUDING_TREASURY, _offered(known))
    seen = (entry for entry in known if entry.event.effective_on <= viewpoint.as_of)
    for on, day in groupby(seen, key=lambda entry: entry.event.effective_on):
        openings, moves = reading.proportions(on), _Moves()
        for entry in day:
            _take(reading, entry, moves)
            if isinstance(entry.event, events.Reorganisation):
                openings = reading.proportions(on)
        reading.close(on, openings, moves)
    position = reading.position
    return WeightedHistory(
        viewpoint.as_of, lasting_classes(position), weighted_classes(position), tuple(_holdings(reading)),
        reading.proportions(viewpoint.as_of), (reading.lows[0], reading.lows[1]), tuple(reading.cancellations),
        tuple(reading.into_treasury), tuple(reading.rises), position, reading.confidence,
    )  # fmt: skip


def _offered(ordered: Iterable[Entry]) -> Mapping[str, date]:
    """The day of the first global offering of each class that had one, from entries in effective order."""
    offered: dict[str, date] = {}
    for entry in ordered:
        if isinstance(entry.event, events.GlobalOfferingCompleted):
            offered.setdefault(entry.event.share_class, entry.event.effective_on)
    return offered


def _take(reading: _Pass, entry: Entry, moves: _Moves) -> None:
    posted, event = apply(reading.position, entry), entry.event
    if isinstance(event, events.VotingRightsCeased):
        _cease(reading, event)
        return
    if isinstance(event, Reorganised):
        _reorganise(reading, event)
        return
    # Over all classes together a conversion changes nothing; what is left is issued or cancelled.
    in_issue, counted = (
        sum(change(posted.movements, SHARES, code, accounts) for code in reading.position.terms.classes)
        for accounts in (TOTAL_ISSUED, reading.counted)
    )
    converted = _converted(reading, event) if isinstance(event, events.ClassAConvertedToB) else 0
    moves.cancelled += max(0, -in_issue)
    moves.into_treasury += max(0, in_issue - counted)
    moves.converted += converted
    if in_issue or counted or converted:
        moves.entries.append(entry.number)


def _cease(reading: _Pass, event: events.VotingRightsCeased) -> None:
    now = HoldingVotes(event.holder, event.share_class, event.shares, event.votes_per_share, event.effective_on)
    before = reading.position.terms.classes[event.share_class].votes_per_share
    reading.ceased.append(now)
    reading.ended.append(attrs.evolve(now, votes_per_share=before, from_on=None, until_on=event.effective_on))


def _converted(reading: _Pass, event: events.ClassAConvertedToB) -> int:
    """How many of the shares converted still had weighted rights; those of a holder who lost them go first."""
    weighted = weighted_classes(reading.position)
    if event.from_class not in weighted or event.to_class in weighted:
        return 0
    left, kept = event.shares, []
    for holding in reading.ceased:
        gone = min(left, holding.shares) if (holding.holder, holding.share_class) == (event.holder, event.from_class) else 0
        left -= gone
        if gone:
            reading.ended.append(attrs.evolve(holding, shares=gone, until_on=event.effective_on))
        if gone < holding.shares:
            kept.append(attrs.evolve(holding, shares=holding.shares - gone))
    reading.ceased = kept
    return left


def _reorganise(reading: _Pass, event: Reorganised) -> None:
    codes, (times, by) = covered(reading.position.terms, event), scale(event)
    reading.ceased = [
        attrs.evolve(each, shares=each.shares * times // by) if each.share_class in codes else each for each in reading.ceased
    ]


def _holdings(reading: _Pass) -> Iterator[HoldingVotes]:
    """The holdings that last, class by class, then those that ended."""
    for share in lasting_classes(reading.position):
        held = reading.position.total(SHARES, share.code, HELD)
        yield HoldingVotes(None, share.code, max(0, held - reading.lost(share.code)), share.votes_per_share, share.created_on)
        yield from (holding for holding in reading.ceased if holding.share_class == share.code)
    yield from reading.ended


# --- the tests of chapter 8A --------------------------------------------------------------------------------------


def outcomes(history: WeightedHistory) -> tuple[WvrTest, ...]:
    """The tests of rules 8A.09, 8A.10 and 8A.13 at close of the day; none if no class has weighted rights."""
    if not history.weighted:
        return ()
    unsure = any(balance.treasury or balance.pending_cancellation for balance in history.position.balances())
    held_down = _at_most_the_lowest(history)
    return (
        least_votes(history.votes(weighted=False), history.votes(), history.as_of, unsure=unsure),
        _largest_ratio(history.classes, history.as_of),
        *((held_down,) if held_down else ()),
    )


def _largest_ratio(classes: tuple[ShareClass, ...], on: date) -> WvrTest:
    """Rule 8A.10 over the classes that are not exempt from it; those that are, are named with their reason."""
    most, fewest = max(share.votes_per_share for share in classes), fewest_votes(classes)
    ruled = [share.votes_per_share for share in classes if share.votes_exemption is None]
    tested = largest_ratio(most, fewest, on)
    exempt = [f"class {share.code} is exempt: {share.votes_exemption}" for share in classes if share.votes_exemption is not None]
    holds = largest_ratio(max(ruled, default=0), fewest, on).holds
    return attrs.evolve(tested, holds=holds, working="; ".join([tested.working, *exempt]))


def _at_most_the_lowest(history: WeightedHistory) -> WvrTest | None:
    now, lowest = history.proportion, history.lowest
    if lowest is None:
        return None
    pairs = zip(history.proportions, history.lows, strict=True)
    holds = not all(low is not None and each.exceeds(low) for each, low in pairs)
    stood = f" at close of {lowest.on:%-d %B %Y}" if lowest.on else ""
    working = (
        f"{now.weighted:,} weighted shares of {now.total:,} in issue, {now.percent()} %; the lowest so far, which is the cap, is "
        f"{lowest.weighted:,} of {lowest.total:,}, {lowest.percent()} %{stood}"
    )
    if holds and now.exceeds(lowest):
        working = f"{working}; with treasury shares counted it is not above its lowest"
    return WvrTest(holds, working, "Main Board Rule 8A.13", history.confidence)


def planned(history: WeightedHistory, cancelled: int) -> Cancellation:
    """A cancellation of members' shares as it would be on the day, nothing converted with it: what it requires.

    As for one that is recorded, it is the lesser of the numbers without treasury shares and with them. Raises ValueError if
    no class has weighted rights, nothing is listed yet, or more would be cancelled than there is without them.
    """
    now = history.proportion
    if not history.weighted:
        raise ValueError(f"there are no weighted voting rights at close of {history.as_of:%-d %B %Y}")
    if history.lowest is None:
        raise ValueError(
            f"no proportion is held down at close of {history.as_of:%-d %B %Y}: nothing was listed with weighted votes"
        )
    ordinary = now.total - now.weighted
    if not 0 < cancelled <= ordinary:
        raise ValueError(f"expected to cancel from 1 to {ordinary:,} shares without weighted rights, got {cancelled:,}")
    plans = (
        Cancellation(
            history.as_of, *(each.weighted, each.total, cancelled, 0), low, Proportion(each.weighted, each.total - cancelled), ()
        )
        for each, low in zip(history.proportions, history.lows, strict=True)
        if low is not None
    )
    return min(plans, key=lambda each: each.required)
