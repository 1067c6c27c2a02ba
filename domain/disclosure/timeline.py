"""What one fold of a book gathers for its deadlines: changes, polls, and when the issuer was listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from itertools import chain

import attrs

from domain import events
from domain.capital.accounts import MANDATE
from domain.capital.balances import Posted
from domain.capital.entries import Entry
from domain.capital.ledger import Ledger, Passed
from domain.capital.opening_balances import OPENING_BALANCES
from domain.disclosure.triggers import BASES, Accounts, ShareChange, base_on, change_of, issued_by, issued_of, item_of
from domain.law.business_days import HONG_KONG
from domain.values import month_end_of

NEVER = datetime.max.replace(tzinfo=HONG_KONG)


@attrs.frozen
class Listing:
    """A class was listed from a day until another; None if it still is. `offered`: it began with a global offering."""

    share_class: str
    since: date
    until: date | None = None
    offered: bool = False


@attrs.define
class DisclosureTimeline:
    """What one fold of the book gathers: changes, polls, and the days from and until which classes were listed.

    `printed` are the facts that a Monthly Return prints as movements, by the month end. `filings_from` is the day from which the
    book says that it records filings, the first of all days if it does not say.
    """

    changes: list[ShareChange] = attrs.Factory(list)
    printed: dict[date, list[Entry]] = attrs.Factory(lambda: defaultdict(list))
    polls: list[Entry] = attrs.Factory(list)
    listings: list[Listing] = attrs.Factory(list)
    starts_on: date = date.min
    begun_at: datetime = NEVER
    filings_from: date = date.min

    def listed_on(self, day: date) -> bool:
        """Whether the issuer was listed on a day and before it: what happens on the day of listing comes before dealings."""
        return any(each.since < day <= (each.until or date.max) for each in self.listings)

    def records(self, about: date, due_at: datetime) -> bool:
        """Whether the book would have the filing of a return about a day, if it was made.

        It has those due since the day that it states. Where it states none, it has those about the days after its opening, and
        those due since it was begun.
        """
        if self.filings_from > date.min:
            return due_at.date() >= self.filings_from
        return date.min < self.starts_on < about or self.begun_at <= due_at


def read(ledger: Ledger, today: date, since: date, passed: Passed | None = None) -> DisclosureTimeline:
    """One pass over a ledger until a day; changes until `since` are left out, as they cannot matter.

    What of it has `passed` before that day already is not posted again.
    """
    timeline, listed = DisclosureTimeline(), dict[str, bool]()
    timeline.begun_at = min((entry.recorded_at for entry in ledger.in_effect), default=timeline.begun_at)
    for entry in ledger.until(today):
        event = entry.event
        if isinstance(event, events.PollResultDeclared):
            timeline.polls.append(entry)
        elif isinstance(event, events.BalanceBroughtForward):
            timeline.starts_on = max(timeline.starts_on, event.effective_on)
            timeline.filings_from = max(timeline.filings_from, event.filings_recorded_from or date.min)
        elif isinstance(event, _Listed):
            _note_listing(timeline, listed, event)
    passed = passed if passed and passed.until <= today else ledger.passed(ledger.opened_on)
    following = ledger.passing(passed.position.copy(), today, passed.until)
    issued = {names: issued_of(ledger.opening, names) for names in BASES}
    for posted in chain(passed.postings, following):
        _take(timeline, posted, issued, since)
        for names in BASES:
            issued[names] += issued_by(posted, names)
    return timeline


def _take(timeline: DisclosureTimeline, posted: Posted, issued: Mapping[Accounts, int], since: date) -> None:
    event = posted.entry.event
    item = item_of(event) if event.effective_on > since else None
    if item is not None and (found := change_of(posted, item, 0 if item.always else issued[base_on(event.effective_on)])):
        timeline.changes.append(found)
    if any(move.book != MANDATE for move in posted.movements) and not isinstance(event, OPENING_BALANCES):
        timeline.printed[month_end_of(event.effective_on)].append(posted.entry)


_Listed = events.ShareClassCreated | events.ShareClassDetailsChanged | events.GlobalOfferingCompleted


def _note_listing(reading: DisclosureTimeline, listed: dict[str, bool], event: _Listed) -> None:
    code, day = event.share_class, event.effective_on
    said = None if isinstance(event, events.GlobalOfferingCompleted) else event.listed
    listed[code] = listed.get(code, False) if said is None else said
    open_ended = [each for each in reading.listings if each.share_class == code and each.until is None]
    if listed[code] and not open_ended:
        reading.listings.append(Listing(code, day))
    for each in open_ended:
        place = reading.listings.index(each)
        if not listed[code]:
            reading.listings[place] = attrs.evolve(each, until=day)
        elif isinstance(event, events.GlobalOfferingCompleted) and not each.offered:
            # Dealings begin with the offering, though the class was entered as listed on an earlier day.
            reading.listings[place] = attrs.evolve(each, since=day, offered=True)
