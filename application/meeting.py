"""General meetings: the table of poll results, the facts that a meeting leaves, and published tables checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from application.ask import check_begun
from application.ports import EventStore
from domain import events
from domain.capital.entries import Draft, Viewpoint
from domain.events.votes import Entitled, Polled
from domain.law.rule import Finding
from domain.meetings import announcement, poll
from domain.meetings.announcement import PublishedPoll
from domain.meetings.poll import Meeting, PollTable
from domain.wvr.arithmetic import entitled
from domain.wvr.history import WeightedHistory, weighted_history


def poll_table(store: EventStore, issuer: str, meeting: Meeting, known_at: datetime | None = None) -> PollTable:
    """The results of a meeting, with the shares entitled to vote from the book at close of its day.

    Raises NotCounted with every objection: a class that did not exist, more votes than shares, votes that do not add up; and
    NotFound for a meeting before the book begins.
    """
    history = _history(store, issuer, Viewpoint(meeting.on, known_at))
    return poll.table(meeting, history.position.balances(), entitled(history.holdings))


def entitled_on(store: EventStore, issuer: str, on: date) -> tuple[Entitled, ...]:
    """The shares entitled to attend and vote at close of a day, by class and votes a share. Raises NotFound before the book."""
    return entitled(_history(store, issuer, Viewpoint(on)).holdings)


def _history(store: EventStore, issuer: str, viewpoint: Viewpoint) -> WeightedHistory:
    entries = list(store.entries(issuer))
    check_begun(entries, viewpoint)
    return weighted_history(entries, viewpoint)


def facts(table: PollTable, recorded_by: str, source: str | None = None) -> Iterator[tuple[Polled, Draft]]:
    """What a meeting leaves to be recorded: the result of each resolution, and the mandates that were carried.

    The base of a mandate is the issued shares at the meeting, excluding treasury shares, of the classes that it counts: those it
    names, or all with votes. Raises FieldError for a name or a text that an event cannot hold.
    """
    declared = ((result, _declared(table, result)) for result in table.resolutions)
    for result, event in (*declared, *_mandates(table)):
        yield result, Draft(event=event, recorded_by=recorded_by, source=source)


def _mandates(table: PollTable) -> Iterator[tuple[Polled, events.Event]]:
    """The mandates carried; one that another extends comes after it, as it has to be known by then."""
    motions = {motion.number: motion for motion in table.meeting.motions}
    carried = [result for result in table.resolutions if result.passed]
    extended = _extensions(table)
    terms = [(result, mandate) for result in carried if (mandate := motions[result.resolution.number].mandate) is not None]
    for result, mandate in sorted(terms, key=lambda each: each[1].mandate in extended):
        yield (
            result,
            events.MandateGranted(
                effective_on=table.meeting.on,
                mandate=mandate.mandate,
                purpose="issue" if mandate.purpose == "issue" else "repurchase",
                percent=mandate.percent,
                base=table.base(mandate.classes),
                classes=mandate.classes,
                extended_by=extended.get(mandate.mandate),
                annual=table.meeting.annual,
            ),
        )


def _extensions(table: PollTable) -> dict[str, str]:
    """By issue mandate, the repurchase mandate that extends it: where that resolution was carried, and the mandate itself."""
    lost = set(lost_mandates(table))
    carried = {result.resolution.number for result in table.resolutions if result.passed}
    extensions = [motion.extension for motion in table.meeting.motions if motion.extension and motion.number in carried]
    return {each.mandate: each.extended_by for each in extensions if each.extended_by not in lost}


def _declared(table: PollTable, result: Polled) -> events.PollResultDeclared:
    resolution = result.resolution
    return events.PollResultDeclared(
        effective_on=table.meeting.on,
        meeting=table.meeting.name,
        annual=table.meeting.annual,
        resolution=resolution.number,
        subject=resolution.subject,
        votes=resolution.votes,
        special=resolution.special,
        reserved=resolution.reserved,
    )


def lost_mandates(table: PollTable) -> tuple[str, ...]:
    """The codes of the mandates whose resolutions were not carried."""
    motions = {motion.number: motion.mandate for motion in table.meeting.motions}
    lost = (motions[result.resolution.number] for result in table.resolutions if not result.passed)
    return tuple(mandate.mandate for mandate in lost if mandate is not None)


def mistakes(
    poll: PublishedPoll, store: EventStore | None = None, issuer: str | None = None, on: date | None = None
) -> tuple[Finding, ...]:
    """What a published table has wrong in itself; against the book too where store, issuer and the meeting's day are given."""
    there = entitled_on(store, issuer, on) if store is not None and issuer is not None and on is not None else ()
    return announcement.mistakes(poll, there)
