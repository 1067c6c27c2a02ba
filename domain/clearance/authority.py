"""Rules about the authority for what is recorded: mandates and meetings, treasury shares that the law allows, trading days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import attrs

from domain import events
from domain.capital.accounts import TREASURY
from domain.capital.balances import Posted
from domain.capital.entries import Entry
from domain.capital.position import Position
from domain.capital.securities import Agreement
from domain.capital.terms import Terms
from domain.clearance.moratoria import on_the_exchange
from domain.clearance.rules import PLACING_PRICE
from domain.events import Event
from domain.law.business_days import Calendar, certainty
from domain.law.parameters import TREASURY_REGIME
from domain.law.rule import MISMATCH, NOTICE, SECONDARY, UNVERIFIED, VERIFIED, Finding, Rule, View, rule_of
from domain.mandates.rules import ALLOWS
from domain.mandates.status import ISSUE, MandateStatus
from domain.values import day_text

HONG_KONG_TREASURY = date(2025, 4, 17)
"""From this day companies incorporated in Hong Kong may hold treasury shares (Companies (Amendment) Ordinance 2025)."""


def _listed(position: Position) -> bool:
    # Asked at each issue: of thousands of classes without a listing, a loop asks faster than any() of a generator.
    for share in position.terms.classes.values():  # noqa: SIM110
        if share.listed and share.abolished_on is None:
            return True
    return False


def _without_authority(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    event = posted.entry.event
    agreement = position.terms.agreements.get(event.agreement or "")
    if not _has_authority(event) and not _has_authority(agreement) and _listed(position):
        done = f"{_DONE[type(event)].format(event)} on {day_text(event.effective_on)}"
        under = f"its agreement, {agreement.code}, names" if agreement else "the entry names"
        yield rule.finding(f"{done}: {under} no mandate and no meeting that approved it", posted.entry.number)


def _has_authority(what: Event | Agreement | None) -> bool:
    """Whether an event or an agreement names a general mandate, or a meeting that approved it."""
    return what is not None and (what.mandate is not None or what.general_meeting_on is not None)


_DONE: dict[type[Event], str] = {
    events.PlacingCompleted: "{0.shares:,} shares were placed",
    events.ConsiderationSharesIssued: "{0.shares:,} consideration shares were issued",
    events.OtherSharesIssued: "{0.shares:,} shares were issued",
    events.WarrantsIssued: "warrants over {0.shares:,} shares were issued",
    events.ConvertiblesIssued: "convertibles into {0.shares:,} shares were issued",
    events.TreasurySharesSold: "{0.shares:,} treasury shares were sold",
}
_ISSUES = tuple(kind for kind in _DONE if kind is not events.TreasurySharesSold)


def _without_a_mandate(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    event = posted.entry.of(events.SharesRepurchased)
    if _listed(position) and not _has_authority(event):
        message = f"{event.shares:,} shares were bought back on {day_text(event.effective_on)}, and no mandate is named"
        yield rule.finding(message, posted.entry.number)


def _two_on_one_day(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    event = posted.entry.of(events.MandateGranted)
    granted = position.terms.mandates[event.mandate]
    same = [
        each
        for each in position.terms.mandates.values()
        if each.granted_on == granted.granted_on and each.like(granted) and each.code != granted.code
    ]
    for other in same:
        granted_on = day_text(event.effective_on)
        message = f"two mandates {ALLOWS[event.purpose]} were granted on {granted_on}: {other.code} and {event.mandate}"
        yield rule.finding(message, posted.entry.number)


@attrs.frozen
class Granting:
    """How a mandate to issue was granted: while an earlier one was in force, if so, it is a refreshed one (rule 13.36(4)).

    `annual` is whether the annual general meeting granted it, `approved` whether the members did so without the controlling
    holders; None if that is not recorded.
    """

    mandate: MandateStatus
    earlier: MandateStatus | None
    annual: bool | None
    approved: bool | None

    @property
    def words(self) -> str:
        """Which mandate was granted, while which was in force, and what is known of its approval."""
        granted = f"{self.mandate.code} was granted on {day_text(self.mandate.mandate.granted_on)}"
        during = f" while {self.earlier.code} was in force" if self.earlier else ""
        approval = {None: "is not recorded", False: "was not given", True: "was given"}[self.approved]
        return f"{granted}{during}, and approval without the controlling holders {approval}"


def granting(standing: MandateStatus, standings: Iterable[MandateStatus], entries: Iterable[Entry]) -> Granting:
    """How a mandate was granted, from the mandates of a book and its entries."""
    day = standing.mandate.granted_on
    to_issue = (each for each in standings if each.mandate.purpose == ISSUE and each.mandate.like(standing.mandate))
    earlier = [each for each in to_issue if each.mandate.granted_on < day and (each.ended is None or each.ended.on >= day)]
    of_the_day = {entry.number: entry.event for entry in entries if entry.event.effective_on == day}
    event = of_the_day[standing.entry]
    assert isinstance(event, events.MandateGranted)  # noqa: S101
    # Poll results of that day may say what the mandate itself does not.
    annual = (
        True
        if any(
            isinstance(each, events.PollResultDeclared | events.MandateGranted) and each.annual for each in of_the_day.values()
        )
        else event.annual
    )
    return Granting(standing, earlier[-1] if earlier else None, annual, event.independent_approval)


def _refreshed(view: View) -> Iterator[Finding]:
    rule = rule_of(RULES, "HK315")
    standings = view.mandates.standings.values()
    days = {standing.mandate.granted_on for standing in standings}
    of_these_days = [entry for entry in view.entries if entry.event.effective_on in days]
    for granted in (granting(standing, standings, of_these_days) for standing in standings):
        if granted.earlier and granted.annual is False and not granted.approved:
            finding = rule.finding(f"mandate {granted.words}", granted.earlier.entry, granted.mandate.entry)
            yield finding if granted.approved is not None else attrs.evolve(finding, severity=NOTICE)


def _convertibles_for_cash(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    event = posted.entry.of(events.ConvertiblesIssued)
    if event.mandate is None or not event.for_cash or not _listed(position):
        return
    issued = f"convertibles into {event.shares:,} shares were issued for cash under mandate {event.mandate}"
    price, benchmark = event.price, event.benchmark_price
    if price is None or benchmark is None:
        missing = "no conversion price" if price is None else "no benchmark price"
        finding = rule.finding(f"{issued}, and {missing} is recorded, so the rule is not checked", posted.entry.number)
        yield attrs.evolve(finding, severity=NOTICE)
    elif price.amount < benchmark.amount:
        yield rule.finding(f"{issued} at {price}, below the benchmark of {benchmark}", posted.entry.number)


def _warrants_for_cash(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    event = posted.entry.of(events.WarrantsIssued)
    if event.mandate is not None and event.for_cash and _listed(position):
        message = f"warrants over {event.shares:,} shares were issued for cash under mandate {event.mandate}"
        yield rule.finding(message, posted.entry.number)


def _approved_later(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    event, number = posted.entry.event, posted.entry.number
    for day, what in _before_it(event, position.terms):
        if day is not None and day > event.effective_on:
            yield rule.finding(
                f"{what} {day_text(day)}, after the {day_text(event.effective_on)} on which it took effect", number
            )


def _before_it(event: Event, terms: Terms) -> Iterator[tuple[date | None, str]]:
    """The days that must not be later than what came of them."""
    yield event.general_meeting_on, "it was approved by the meeting of"
    yield event.agreed_on, "it was agreed on"
    yield (
        event.explanatory_statement_on if isinstance(event, events.MandateGranted) else None,
        "its Explanatory Statement is dated",
    )
    agreement = terms.agreements.get(event.agreement or "")
    yield agreement.general_meeting_on if agreement else None, "its agreement was approved by the meeting of"
    scheme = terms.schemes.get(event.scheme) if isinstance(event, _MEETS_A_SCHEME) else None
    yield scheme.general_meeting_on if scheme else None, "its scheme was approved by the meeting of"


_MEETS_A_SCHEME = (events.OptionsExercised, events.AwardsVested)
_APPROVED = (
    events.MandateGranted,
    *_MEETS_A_SCHEME,
    *(
        kind
        for kind in events.EVENT_TYPES
        # A scheme and an agreement may be made, and options granted, subject to the approval of a later meeting.
        if "general_meeting_on" in events.field_names(kind) and kind not in (events.SchemeAdopted, events.IssueAgreed)
    ),
)


def _held(rule: Rule, posted: Posted) -> Iterator[Finding]:
    for move in posted.movements:
        if move.target == TREASURY:
            held = f"{move.quantity:,} shares of class {move.code} are held in treasury"
            yield rule.finding(f"{held} from {day_text(posted.entry.event.effective_on)}", posted.entry.number)


def _held_too_early(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    yield from (found for found in _held(rule, posted) if _listed(position))


def _held_too_early_in_hong_kong(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    issuer = position.terms.issuer
    if issuer is not None and "hong kong" in (issuer.incorporated_in or "").lower():
        yield from _held(rule, posted)


def no_trading_day(view: View) -> Iterator[Finding]:
    """Dealings on days on which the Exchange was closed, on it or nobody says where.

    Silent without a calendar, and before the days that it knows.
    """
    calendar = view.calendar
    if calendar is None:
        return
    rule = rule_of(RULES, "HK345")
    for entry in view.entries:
        event, day = entry.event, entry.event.effective_on
        if not isinstance(event, events.TradedShares) or (event.trades and not on_the_exchange(event.trades)):
            continue
        if _is_closed(day, calendar):
            words = "bought back" if isinstance(event, events.SharesRepurchased) else "sold"
            closed = "on the Exchange on {}, and it was closed" if event.trades else "on {}, when the Exchange was closed"
            where = "" if event.trades else "; where is not recorded (--trades)"
            said = f"{closed.format(f'{day:%A %-d %B %Y}')}{_sure(day, calendar)}"
            yield rule.finding(f"shares were {words} {said}{where}", entry.number)


def closed_on(day: date, calendar: Calendar | None) -> str | None:
    """A sentence if the Exchange is closed on a day; None if it is open, or no calendar covers the day."""
    if calendar is None or not _is_closed(day, calendar):
        return None
    return f"the Exchange is closed on {day:%A %-d %B %Y}{_sure(day, calendar)}"


def _is_closed(day: date, calendar: Calendar) -> bool:
    return day >= calendar.known_from and not calendar.is_business_day(day)


def _sure(day: date, calendar: Calendar) -> str:
    return f" (calendar: {word})" if (word := certainty(day, calendar)) else ""


_TREASURY: dict[str, Any] = {
    "code": "HK344",
    "title": "Treasury shares",
    "confidence": SECONDARY,
    "clears": "Correct the day or the intention where it is wrong: shares bought for cancellation are not held in treasury.",
    "of": (events.SharesRepurchased, events.BalanceBroughtForward),
}
_NO_AUTHORITY: dict[str, Any] = {
    "code": "HK340",
    "title": "Issue without authority",
    "citation": "Main Board Rules 13.36(1)(a), 13.36(2)",
    "confidence": VERIFIED,
    "clears": "Name the mandate, the agreement that names it, or the day of the meeting that approved it: captable correct ENTRY "
    "--mandate CODE, --agreement CODE or --general-meeting-on DATE.",
}
_OFFERS = "Offers to all holders pro rata, bonus shares, scrip dividends, the listing itself and share schemes need none."

RULES: tuple[Rule, ...] = (
    Rule(
        **_NO_AUTHORITY,
        meaning="Shares, and rights to shares, are issued with the members' authority: a general mandate or their approval. "
        f"{_OFFERS}",
        example="A placing that names no mandate, no agreement and no meeting.",
        in_force_until=TREASURY_REGIME,
        of=_ISSUES,
        each=_without_authority,
    ),
    Rule(
        **_NO_AUTHORITY,
        meaning="Shares, and rights to shares, are issued and treasury shares are sold with the members' authority: a general "
        f"mandate or their approval. {_OFFERS}",
        example="A placing, or a sale of treasury shares, that names no mandate and no meeting.",
        in_force_from=TREASURY_REGIME,
        of=tuple(_DONE),
        each=_without_authority,
    ),
    Rule(
        code="HK341",
        title="Repurchase without a mandate",
        citation="Main Board Rule 10.06(1)(c)",
        confidence=VERIFIED,
        meaning="Shares are bought back under a mandate that a general meeting granted, a general or a specific one.",
        example="A purchase on the Exchange that names no mandate and no meeting.",
        clears="Name the mandate, or the day of the meeting that approved it: captable correct ENTRY --mandate CODE, or "
        "--general-meeting-on DATE.",
        of=(events.SharesRepurchased,),
        each=_without_a_mandate,
    ),
    Rule(
        code="HK342",
        title="Two mandates of one purpose",
        citation="Main Board Rules 13.36(2)(b), 10.06(1)(c)",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning="A meeting grants one general mandate to issue, which a separate resolution may extend by what is bought back, "
        "and one to repurchase; where they count some classes alone, one over each.",
        example="Two mandates to issue 20 % each, granted on one day.",
        clears="Withdraw the one that was recorded twice; an extension is recorded with the mandate to issue (extended_by).",
        of=(events.MandateGranted,),
        each=_two_on_one_day,
    ),
    Rule(
        code="HK343",
        title="Approved afterwards",
        citation="Main Board Rule 13.36(1)(a): prior approval",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning="An issue or another change of capital takes effect after the meeting that approves it, and after its agreement.",
        example="Shares issued on 1 August with the approval of a meeting of 2 August.",
        clears="Correct the day of the meeting, of the agreement or of the issue.",
        of=_APPROVED,
        each=_approved_later,
    ),
    Rule(
        **_TREASURY,
        citation="Main Board Rule 10.06(5), text until 10 June 2024",
        meaning="Shares that a listed issuer buys back are cancelled: it holds none in treasury.",
        example="Bought on 10 June 2024 to be held in treasury.",
        in_force_until=TREASURY_REGIME,
        each=_held_too_early,
    ),
    Rule(
        **_TREASURY,
        citation="Companies Ordinance, before the Companies (Amendment) Ordinance 2025",
        meaning="An issuer incorporated in Hong Kong holds no treasury shares; the law of its place of incorporation does not "
        "allow them before 17 April 2025.",
        example="An issuer incorporated in Hong Kong buys shares on 16 April 2025 to hold them in treasury.",
        in_force_from=TREASURY_REGIME,
        in_force_until=HONG_KONG_TREASURY,
        each=_held_too_early_in_hong_kong,
    ),
    Rule(
        code="HK345",
        title="Not a trading day",
        citation="the Exchange's trading days",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning="Shares are bought and sold, on the Exchange or at a place not stated, only on days on which it is open.",
        example="Bought on the Exchange on Saturday 12 July 2025.",
        clears="Correct the day, or how the shares were bought. If the calendar is wrong, correct it in a file: "
        "captable check --calendar FILE.",
        check=no_trading_day,
    ),
    Rule(
        code="HK315",
        title="Refreshed mandate",
        citation="Main Board Rule 13.36(4)",
        confidence=UNVERIFIED,
        to_confirm="Read rule 13.36(4): who abstains from the vote on a mandate that is refreshed before the annual general "
        "meeting.",
        meaning="A mandate that is refreshed before the next annual general meeting needs the approval of the members without "
        "the controlling holders, or where there are none without directors and the chief executive, and their associates.",
        example="A second mandate of the same year, granted by a meeting in October at which the controlling holder voted.",
        clears="Record who approved it: captable correct ENTRY --independent-approval; or that the meeting was the annual one.",
        check=_refreshed,
    ),
    Rule(
        code="HK316",
        title="Convertibles under a mandate",
        citation="Main Board Rule 13.36(6), read in its GEM twin 17.42C",
        confidence=VERIFIED,
        meaning="Convertible securities are issued for cash under a general mandate only where the initial conversion price is "
        "not below the benchmark of rule 13.36(5).",
        example="With a benchmark of HKD 1.60, bonds convertible at HKD 1.60 may be issued, and at HKD 1.59 not.",
        clears="Record the benchmark with the bonds: captable correct ENTRY --benchmark-price MONEY; or that they were not "
        "issued for cash (--no-for-cash).",
        in_force_from=PLACING_PRICE,
        of=(events.ConvertiblesIssued,),
        each=_convertibles_for_cash,
    ),
    Rule(
        code="HK317",
        title="Warrants under a mandate",
        citation="Main Board Rule 13.36(7)",
        confidence=SECONDARY,
        meaning="No warrants, options or similar rights are issued for cash under a general mandate.",
        example="Warrants that name the mandate issue-2026.",
        clears="Name the meeting that approved them, or say that they were not issued for cash: captable correct ENTRY "
        "--general-meeting-on DATE or --no-for-cash.",
        in_force_from=PLACING_PRICE,
        of=(events.WarrantsIssued,),
        each=_warrants_for_cash,
    ),
)
"""The rules of this module."""
