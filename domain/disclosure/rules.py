"""The rules about deadlines, and the findings where one was missed; by the version in force on the day of the event."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import cast

import attrs

from domain import events
from domain.disclosure.corrected import Correction, reopened
from domain.disclosure.deadlines import (
    FILED_LATE,
    MONTHLY_CONFIDENCE,
    NAMES,
    NIL_CONFIDENCE,
    NOT_NEEDED,
    OVERDUE,
    Obligation,
    obligations,
)  # fmt: skip
from domain.disclosure.register import MONTHLY, NEXT_DAY, Register
from domain.disclosure.triggers import PARTS, item_of
from domain.law.business_days import HONG_KONG
from domain.law.parameters import LOOK_BACK, TREASURY_REGIME
from domain.law.rule import LATE, MISMATCH, NOTICE, SECONDARY, UNVERIFIED, VERIFIED, Finding, Rule, View, rule_of

NEXT_DAY_RETURN, MONTHLY_RETURN, POLL_RESULTS, GROSS_OR_NET, BUSINESS_DAY = "HK601", "HK602", "HK603", "HK604", "HK605"
NIL_RETURN, IN_NO_RETURN, FIRST_RETURN, OPENS_ELSEWHERE = "HK616", "HK610", "HK611", "HK618"

SEVERE_WEATHER_TRADING = date(2024, 9, 23)
"""From this day the Exchange deals through typhoons and black rain."""


def deadlines(view: View) -> Iterator[Finding]:
    """Returns filed late or overdue, and those called for by a gross sum alone. Silent without an instant and a calendar.

    Those overdue by one version of a rule are one finding. Of a ledger that opens late, those about days from two months after
    its opening on.
    """
    if view.now is None or view.calendar is None:
        return
    opened = view.ledger.opened_on
    about = None if opened == date.min else opened + LOOK_BACK
    overdue = defaultdict[Rule, list[Obligation]](list)
    for each in obligations(view.ledger, view.now, view.calendar, about=about, passed=view.passed):
        if about is not None and each.about < about:
            continue
        if each.status == OVERDUE:
            overdue[_called_for_by(each)].append(each)
        if each.status == FILED_LATE:
            yield _called_for_by(each).finding(_late(each), cast("int", each.filed), *each.entries)
        if each.only_gross and each.status != NOT_NEEDED:
            message = f"{each.name} is called for by the gross sum alone: {each.because}"
            yield rule_of(RULES, GROSS_OR_NET, each.about).finding(message, *([each.filed] if each.filed else []), *each.entries)
    for rule, found in overdue.items():
        numbers = sorted({number for each in found for number in each.in_none})
        yield rule.finding(_late(found[0]) if len(found) == 1 else _all_overdue(found), *numbers)


def _called_for_by(each: Obligation) -> Rule:
    """The version of the rule that a return of some day is due by."""
    code = NEXT_DAY_RETURN if each.kind == NEXT_DAY else NIL_RETURN if each.nil else MONTHLY_RETURN
    return rule_of(RULES, code, each.about)


def _all_overdue(found: Sequence[Obligation]) -> str:
    """Several returns of one kind that are overdue, in a sentence: what is in none, on which days, and since when."""
    first, last = found[0], found[-1]
    what = NAMES[first.kind].partition(" for ")[0]
    since = f"the first was due {first.due_at:%a %-d %B %Y %H:%M} HKT"
    if first.kind == MONTHLY:
        return f"{len(found)} {what}s are overdue, {first.about:%B %Y} to {last.about:%B %Y}; {since}"
    days = ", ".join(f"{why} on {_days(count)}" for why, count in Counter(each.because for each in found).items())
    return f"{len(found)} {what}s are overdue: {days}, {first.about:%-d %B %Y} to {last.about:%-d %B %Y}, in none; {since}"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


def _late(each: Obligation) -> str:
    due = f"{each.name} was due {each.due_at:%a %-d %B %Y %H:%M} HKT"
    if each.filed_on is None:
        return f"{due}, and {each.lacking or 'no filing is recorded'}"
    at = f" at {each.filed_at}" if each.filed_at else ""
    days = (each.filed_on - each.due_at.date()).days
    late = f", {_days(days)} late" if days else ", late on the day itself"
    return f"{due}, and {each.lacking or f'was filed on {each.filed_on:%-d %B %Y}{at}'}{late}"


def in_no_return(view: View) -> Iterator[Finding]:
    """Changes recorded after the return of their day was prepared that no return lists. Silent without an instant."""
    if view.now is None:
        return
    register = Register.of(view.ledger.book, view.now.astimezone(HONG_KONG).date())
    for entry, filed in register.passed_over(view.entries):
        day, item = entry.event.effective_on, item_of(entry.event)
        what = f"{item.title} of {day:%-d %B %Y}" if item is not None else f"entry {entry.number}"
        message = f"{what} is in no return: the one filed on {filed.submitted_on:%-d %B %Y} was prepared before it was recorded"
        yield rule_of(RULES, IN_NO_RETURN, day).finding(message, filed.entry, entry.number)


def opens_elsewhere(view: View) -> Iterator[Finding]:
    """Returns at whose closing balances the next does not open, as the book was corrected since."""
    out_by = date.max if view.now is None else view.now.astimezone(HONG_KONG).date()
    unequal, not_compared = reopened(view.ledger, Register.of(view.ledger.book, out_by))
    for found in (each for each in unequal if each.filed.until <= view.as_of):
        filed = found.filed
        closed = " and ".join(f"{each.closed:,} {each.what}" for each in found.balances)
        opens = " and ".join(f"{each.opens:,}" for each in found.balances)
        message = (
            f"the {filed.name} filed on {filed.submitted_on:%-d %B %Y} closed at {closed}; the next return opens at {opens}: "
            f"{', '.join(map(_corrected, found.corrections))}"
        )
        numbers = (each.last.number for each in found.corrections)
        yield rule_of(RULES, OPENS_ELSEWHERE, filed.until).finding(message, filed.entry, *numbers)
    if not_compared and view.as_of >= view.ledger.last_day:
        first = not_compared[0]
        before = f"{len(not_compared)} returns before them" if len(not_compared) > 1 else "one return before them"
        message = f"facts of {before} were corrected since too, last of the {first.name}; they are not compared here"
        finding = rule_of(RULES, OPENS_ELSEWHERE, first.until).finding(message, *(each.entry for each in not_compared))
        yield attrs.evolve(finding, severity=NOTICE)


def _corrected(each: Correction) -> str:
    what = "withdrawn" if each.on is None else "corrected"
    return f"entry {each.was.number} was {what} since (entry {each.last.number})"


def first_return(view: View) -> Iterator[Finding]:
    """A book of a listed issuer that begins with balances and no return. Silent without an instant."""
    begun = [entry for entry in view.entries if isinstance(entry.event, events.BalanceBroughtForward)]
    if view.now is None or not begun:
        return
    last = begun[-1]
    starts_on, terms = last.event.effective_on, view.mandates.position.terms
    offered = any(isinstance(each.event, events.GlobalOfferingCompleted) for each in view.entries)
    filed = (each.event for each in view.entries if isinstance(each.event, events.ReturnFiled))
    recorded = any(each.effective_on >= starts_on for each in filed)
    if any(share.listed for share in terms.classes.values()) and not offered and not recorded:
        message = f"the book begins at close of {starts_on:%-d %B %Y}, and the return that its balances come from is not recorded"
        yield rule_of(RULES, FIRST_RETURN, starts_on).finding(message, last.number)


_FILE_IT = (
    "File the return and record it (captable file --due), or record the filing if it was made (captable record return-filed). "
    "Where the book does not record filings of that time, say from which day it does: captable correct ENTRY "
    "--filings-recorded-from DATE, ENTRY being that of the opening balance."
)
_LISTS = (
    "An event on the list (a) calls for a Next Day Disclosure Return by 08:30 on the next business day. Events on the list (b) "
    f"do once they come to {100 // PARTS} % of the issued shares, alone or with what else is undisclosed, and whenever an (a) "
    "event occurs while they are undisclosed. All returns that are overdue are one finding, with the entries that are in none."
)

RULES: tuple[Rule, ...] = (
    Rule(
        code=NEXT_DAY_RETURN,
        title="Next Day Disclosure Return",
        citation="Main Board Rule 13.25A, text to 10 June 2024; (3) not yet checked",
        confidence=SECONDARY,
        severity=LATE,
        meaning=f"{_LISTS} Treasury shares are not on these lists.",
        example="Cancelled and converted on 30 December 2022, a Friday: the conversion is an (a) event, so the "
        "cancellation is disclosed with it; due Tuesday 3 January 2023 08:30.",
        clears=_FILE_IT,
        in_force_until=TREASURY_REGIME,
        check=deadlines,
    ),
    Rule(
        code=NEXT_DAY_RETURN,
        title="Next Day Disclosure Return",
        citation="Main Board Rule 13.25A; (3)–(4) not yet checked",
        confidence=SECONDARY,
        severity=LATE,
        meaning=f"{_LISTS} Sales and cancellations of treasury shares are on the lists; issued shares are counted without them.",
        example="A placing completed on Tuesday 17 December 2024: due Wednesday 18 December 2024 08:30.",
        clears=_FILE_IT,
        in_force_from=TREASURY_REGIME,
        check=deadlines,
    ),
    Rule(
        code=MONTHLY_RETURN,
        title="Monthly Return",
        citation="Main Board Rule 13.25B",
        confidence=MONTHLY_CONFIDENCE,
        severity=LATE,
        meaning="A Monthly Return is due by 08:30 on the fifth business day after the end of a month. HK616 "
        "covers months in which nothing moved.",
        example="For December 2024: due Wednesday 8 January 2025 08:30.",
        clears=_FILE_IT,
        check=deadlines,
    ),
    Rule(
        code=NIL_RETURN,
        title="Nil Monthly Return",
        citation="Main Board Rule 13.25B",
        confidence=NIL_CONFIDENCE,
        severity=LATE,
        to_confirm="Read rule 13.25B: whether a return is due for a month in which nothing moved.",
        meaning="A Monthly Return is due by 08:30 on the fifth business day after a month's end even if nothing moved in it.",
        example="Nothing moved in October 2026: due Friday 6 November 2026 08:30.",
        clears=_FILE_IT,
        check=deadlines,
    ),
    Rule(
        code=POLL_RESULTS,
        title="Results of a poll",
        citation="Main Board Rule 13.39(5)",
        confidence=VERIFIED,
        severity=LATE,
        meaning="The results of a poll at a general meeting are announced by 08:30 on the next business day.",
        example="A meeting on Friday 23 June 2023: due Monday 26 June 2023 08:30.",
        clears="Announce the results. A book holds no record of announcements, so this rule makes no finding.",
    ),
    Rule(
        code=GROSS_OR_NET,
        title="5 % gross, not net",
        citation="Main Board Rule 13.25A(3); whether opposite changes are set off is not yet checked",
        confidence=UNVERIFIED,
        severity=NOTICE,
        to_confirm="Read rule 13.25A(3): whether changes that go opposite ways are added up or set off before the 5 % are "
        "reached.",
        meaning="Undisclosed (b) events are added up, increases and decreases alike. If only that gross sum "
        "reaches 5 %, and the net sum does not, a return is treated as due; review it.",
        example="30 issued on options and 25 cancelled, of 1,000: 55 gross is 5.5 %, 5 net is 0.5 %.",
        clears="Ask the Exchange or counsel which sum counts; file the return to be safe.",
        check=deadlines,
    ),
    Rule(
        code=BUSINESS_DAY,
        title="Business day",
        citation="Main Board Rule 1.01; closures in severe weather as the Exchange announced them",
        confidence=SECONDARY,
        severity=NOTICE,
        meaning="A day on which the Exchange is open for dealing, half days too. A day closed throughout by "
        "typhoon or black rain is not a business day; one that is open in part is.",
        example="Friday 1 September 2023 was closed by a typhoon and is no business day.",
        clears="If the calendar is wrong, correct it in a file: captable due --calendar FILE.",
        in_force_until=SEVERE_WEATHER_TRADING,
    ),
    Rule(
        code=BUSINESS_DAY,
        title="Business day",
        citation="Main Board Rule 1.01; severe-weather trading as law firms describe it",
        confidence=SECONDARY,
        severity=NOTICE,
        meaning="A day on which the Exchange is open for dealing, half days too; it deals through typhoons and black rain.",
        example="Thursday 14 November 2024 was open under typhoon signal 8, and is a business day.",
        clears="If the calendar is wrong, correct it in a file: captable due --calendar FILE.",
        in_force_from=SEVERE_WEATHER_TRADING,
    ),
    Rule(
        code=IN_NO_RETURN,
        title="Change in no return",
        citation="Main Board Rule 13.25A; Notes 1 and 2 of the form",
        confidence=VERIFIED,
        severity=LATE,
        meaning="A return discloses only what was recorded before it was prepared. A change that was recorded after the return "
        "of its day is listed by the next one; where a Monthly Return has counted it meanwhile, by the return of its own day.",
        example="Bought on 5 September and recorded on 6 September, when the return of 5 September was filed already.",
        clears="Prepare and file the next return, which lists the change, or that of its day once more (captable file next-day). "
        "Where a return recorded by hand had the change, say from which entries: captable correct ENTRY --book-number NUMBER.",
        check=in_no_return,
    ),
    Rule(
        code=OPENS_ELSEWHERE,
        title="Corrected since the last return",
        citation="Note 1 of the form",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning="A return opens where the last one closed. Where a fact that a filed return has was corrected or withdrawn "
        "since, the next one would open at another balance than was published. Issued shares are counted without treasury "
        "shares; those pending cancellation are listed again in each return. A filing recorded by hand is taken as prepared from "
        "what the book held then. In a long book the last returns of which something was corrected are compared, and the others "
        "named.",
        example="The return of 4 December closed at 499,900 issued shares; the purchase in it is corrected from 100 to 80 "
        "shares, so that the next return opens at 499,920.",
        clears="Submit that return once more and record it (captable file next-day --on DATE --status resubmission, or captable "
        "file monthly), or the Monthly Return of the same month. What differs: captable filings diff.",
        check=opens_elsewhere,
    ),
    Rule(
        code=FIRST_RETURN,
        title="Return before the book begins",
        citation="Note 1 of the form",
        confidence=VERIFIED,
        severity=NOTICE,
        meaning="A Next Day Disclosure Return opens where the last return closed. A book that begins with balances brought "
        "forward records the return that they come from; without it the opening date of the next return is assumed.",
        example="The book begins with the balances of 31 August 2024; the Monthly Return for August is not recorded.",
        clears="Record the return: captable record return-filed --on DATE --kind monthly --submitted-on DATE.",
        check=first_return,
    ),
)
"""The rules of this module."""
