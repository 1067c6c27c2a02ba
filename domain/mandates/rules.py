"""The rules about general mandates: in force when used, used for their purpose, of the right base and percentage."""

from __future__ import annotations

from collections.abc import Iterator

from domain import events
from domain.capital.accounts import HEADROOM, MANDATE
from domain.capital.balances import Posted
from domain.capital.granted import DRAWING, draws_on, takes_of
from domain.capital.position import Position
from domain.capital.securities import of_classes
from domain.law.parameters import TREASURY_REGIME
from domain.law.rule import MISMATCH, NOTICE, SECONDARY, UNVERIFIED, VERIFIED, Finding, Rule, View, rule_of
from domain.mandates.status import ISSUE, REPURCHASE, MandateHistory, MandateStatus, Use
from domain.values import count_of_shares

# The greatest percentage of a mandate to issue (13.36(2)(b)), and of one to repurchase (10.06(1)(c)).
GREATEST = {ISSUE: 20, REPURCHASE: 10}
ALLOWS = {ISSUE: "to issue", REPURCHASE: "to repurchase"}


def _over_time(view: View) -> Iterator[Finding]:
    """What the history of the mandates shows: HK303, HK305, HK320, HK321, HK322."""
    yield from _not_in_force(view.mandates)
    yield from _other_base(view.mandates)
    yield from _unevenly_scaled(view)
    yield from _not_known(view)


def _not_in_force(found: MandateHistory) -> Iterator[Finding]:
    for use in found.uses:
        rule = rule_of(RULES, "HK303", use.tested_on)
        standing = found.standings[use.mandate]
        granted, ended = standing.mandate.granted_on, standing.ended
        if use.tested_on < granted:
            message = f"{_said(use)}, before mandate {use.mandate} was granted on {granted:%-d %B %Y}"
            yield rule.finding(message, standing.entry, use.entry.number)
        elif ended is not None and use.tested_on > ended.on:
            message = f"{_said(use)}, after mandate {use.mandate} had ended on {ended.on:%-d %B %Y} ({ended.why})"
            yield rule.finding(message, *([ended.entry] if ended.entry else []), use.entry.number)


def _said(use: Use) -> str:
    event = use.entry.event
    was = "agreed" if event.agreed_on or isinstance(event, events.IssueAgreed) else "dealt with"
    return f"{event.shares:,} shares were {was} on {use.tested_on:%-d %B %Y}"


def _wrong_purpose(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    event = posted.entry.event
    wanted = REPURCHASE if isinstance(event, events.SharesRepurchased) else ISSUE
    for code in draws_on(posted.entry, posted.movements):
        mandate = position.terms.mandates[code]
        if mandate.purpose != wanted:
            against = f"{event.shares:,} shares are counted against mandate {code}"
            yield rule.finding(f"{against}: one {ALLOWS[mandate.purpose]}, not {ALLOWS[wanted]}", posted.entry.number)
        elif isinstance(event, events.SharesRepurchased) and not mandate.counts(event.share_class):
            against = f"{event.shares:,} shares of class {event.share_class} are counted against mandate {code}"
            yield rule.finding(f"{against}: one to repurchase shares of {of_classes(mandate.classes)}", posted.entry.number)


def _other_base(found: MandateHistory) -> Iterator[Finding]:
    for standing in found.standings.values():
        if standing.base_differs:
            yield rule_of(RULES, "HK305", standing.mandate.granted_on).finding(other_base(standing), standing.entry)


def _unevenly_scaled(view: View) -> Iterator[Finding]:
    """Mandates that may still be used, or were used since, after a reorganisation of some of the classes they count."""
    for standing in view.mandates.standings.values():
        day, why = standing.mandate.uneven_on, standing.mandate.uneven
        if day is None or why is None:
            continue
        uses = (use.entry for use in view.mandates.uses if use.mandate == standing.code)
        since = [entry.number for entry in uses if entry.event.effective_on >= day]
        if standing.ended is None or since:
            yield rule_of(RULES, "HK322", day).finding(why, standing.entry, *since)


def _not_known(view: View) -> Iterator[Finding]:
    """What the book does not say of mandates that may be used, or were."""
    grants = view.mandates.position.grants
    for standing in view.mandates.standings.values():
        if standing.ended is None or grants[standing.code].drawn_on:
            for missing in standing.not_known:
                yield rule_of(RULES, "HK320", view.as_of).finding(missing, standing.entry)
        if (doubt := standing.in_doubt) is not None:
            message = f"whether mandate {standing.code} is in force is not known: {doubt.why}"
            yield rule_of(RULES, "HK321", view.as_of).finding(message, standing.entry, *([doubt.entry] if doubt.entry else []))


def other_base(standing: MandateStatus) -> str:
    """How the recorded base of a mandate differs from the book's, and what the limit would be by the book."""
    book = " or ".join(f"{base:,}" for base in standing.book_bases)
    limits = " or ".join(f"{standing.limit_of(base):,}" for base in standing.book_bases)
    return (
        f"the base of mandate {standing.code} is recorded as {standing.mandate.base:,}, the book has {book} of "
        f"{of_classes(standing.mandate.classes)} at the meeting of {standing.mandate.granted_on:%-d %B %Y}: a limit of {limits}, "
        f"not {standing.limit_of(standing.mandate.base):,}"
    )


def _above(rule: Rule, _: Position, posted: Posted) -> Iterator[Finding]:
    event = posted.entry.of(events.MandateGranted)
    if event.percent > GREATEST[event.purpose]:
        most = f"one {ALLOWS[event.purpose]} may allow {GREATEST[event.purpose]} %"
        yield rule.finding(f"mandate {event.mandate} allows {event.percent} % of the issued shares; {most}", posted.entry.number)


_BASE = (
    "The base of a mandate is the issued shares of the classes that it counts: all with votes unless it names some, as a mandate "
    "over the H shares of a company of the PRC does (19A.25, unverified)"
)
_BASE_CLEARS = (
    "Correct the base, or the classes that it counts: captable correct ENTRY --base NUMBER, --classes CODE; or find the movement "
    "before the meeting that the book lacks."
)


def _mandate_exceeded(rule: Rule, position: Position, posted: Posted) -> Iterator[Finding]:
    entry = posted.entry
    for code in takes_of(posted.movements):
        left = position.total(MANDATE, code, HEADROOM)
        if left < 0:
            message = f"mandate {code} is exceeded by {count_of_shares(-left)} on {entry.event.effective_on:%-d %B %Y}"
            yield rule.finding(message, entry.number)


# An agreement under a mandate may be adjusted to more shares than it has left.
_EXCEEDING = (*DRAWING, events.InstrumentTermsAdjusted)
_MANDATE_CLEARS = (
    "Correct the entry where its number or mandate is wrong (captable correct). Shares beyond a mandate need the members' "
    "approval or another mandate."
)

RULES: tuple[Rule, ...] = (
    Rule(
        code="HK302",
        title="Mandate exceeded",
        citation="Main Board Rules 13.36(2)(b), 10.06(1)(c)",
        confidence=SECONDARY,
        meaning="Issues under a general mandate, and repurchases under a repurchase mandate, stay within the shares that it "
        "allows.",
        example="A mandate over 20 % of 1,000 shares allows 200; a placing of 201 exceeds it by 1 share.",
        clears=_MANDATE_CLEARS,
        in_force_until=TREASURY_REGIME,
        of=_EXCEEDING,
        each=_mandate_exceeded,
    ),
    Rule(
        code="HK302",
        title="Mandate exceeded",
        citation="Main Board Rules 13.36(2)(b), 10.06(1)(c)",
        confidence=SECONDARY,
        meaning="Issues and sales of treasury shares under a general mandate, and repurchases under a repurchase mandate, stay "
        "within the shares that it allows; the base is without treasury shares.",
        example="A mandate over 20 % of 1,000 shares, treasury left out, allows 200; a placing of 201 exceeds it by 1 share.",
        clears=_MANDATE_CLEARS,
        in_force_from=TREASURY_REGIME,
        of=_EXCEEDING,
        each=_mandate_exceeded,
    ),
    Rule(
        code="HK303",
        title="Mandate not in force",
        citation="Main Board Rules 13.36(3), 10.06(1)(c)",
        confidence=SECONDARY,
        meaning="Issues and repurchases under a mandate are agreed while it is in force: after it was granted, "
        "and before the next annual general meeting ends or it is revoked. The day of the agreement "
        "counts; allotment may follow later.",
        example="A placing agreed on 21 June under a mandate that ends with the meeting of 26 June may be allotted on 28 June; "
        "one agreed on 27 June may not.",
        clears="Record the day of the agreement (agreed_on), or the agreement itself; correct the mandate that is named.",
        check=_over_time,
    ),
    Rule(
        code="HK304",
        title="Mandate for another purpose",
        citation="Main Board Rules 13.36(2)(b), 10.06(1)(c)",
        confidence=VERIFIED,
        meaning="Shares are issued, and treasury shares sold, under a mandate to issue; bought back under one to repurchase "
        "shares of their class.",
        example="A placing that names repurchase-2024.",
        clears="Correct the mandate that the entry names.",
        of=DRAWING,
        each=_wrong_purpose,
    ),
    Rule(
        code="HK305",
        title="Base of a mandate",
        citation="Main Board Rules 13.36(2)(b), 10.06(1)(c)",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning=f"{_BASE} on the day of the resolution, as the book has them. The number before or after that "
        "day's dealings is accepted.",
        example="The meeting's circular counts 33,468,925,000 shares, the book 33,468,925,001.",
        clears=_BASE_CLEARS,
        in_force_until=TREASURY_REGIME,
        check=_over_time,
    ),
    Rule(
        code="HK305",
        title="Base of a mandate",
        citation="Main Board Rules 13.36(2)(b), 10.06(1)(c)",
        confidence=SECONDARY,
        severity=MISMATCH,
        meaning=f"{_BASE}, treasury shares left out, on the day of the resolution, as the book has them. The "
        "number before or after that day's dealings is accepted.",
        example="The meeting's circular counts 1,000 shares of which 10 are in treasury; the base is 990.",
        clears=_BASE_CLEARS,
        in_force_from=TREASURY_REGIME,
        check=_over_time,
    ),
    Rule(
        code="HK306",
        title="Percentage of a mandate",
        citation="Main Board Rules 13.36(2)(b), 10.06(1)(c)",
        confidence=UNVERIFIED,
        to_confirm="Read rules 13.36(2)(b) and 10.06(1)(c): that the limits are 20 % and 10 % of the issued shares on the day"
        " of the resolution, without treasury shares.",
        meaning="A general mandate allows at most 20 % to be issued, one to repurchase at most 10 % to be bought back.",
        example="A mandate to issue 21 % of the issued shares.",
        clears="Correct the percentage.",
        of=(events.MandateGranted,),
        each=_above,
    ),
    Rule(
        code="HK320",
        title="Mandate older than the book",
        citation="Main Board Rules 13.36(2)(b), 10.06(1)(c)",
        confidence=VERIFIED,
        severity=NOTICE,
        meaning="What was used under a mandate before the book begins is recorded with the mandate, as counted on the day on "
        "which the book begins: for one to issue also what is reserved by agreements, and for an extended one what repurchases "
        "had added. Until then no figure of the mandate is known.",
        example="A mandate of 14 May 2025 in a book that begins with the balances of 31 October 2025.",
        clears="Correct the mandate: captable correct ENTRY --used-before NUMBER --counted-on DATE; with --reserved-before for "
        "one to issue, and with --extended-before for one that repurchases extend. A return filed then gives the number.",
        check=_over_time,
    ),
    Rule(
        code="HK321",
        title="End of a mandate",
        citation="Main Board Rules 13.36(3), 10.06(1)(c); six months for the annual general meeting: Appendix A1, 14(1)",
        confidence=UNVERIFIED,
        severity=NOTICE,
        to_confirm="Read rules 13.36(3) and 10.06(1)(c), and Appendix A1, paragraph 14(1), with the issuer's articles: when "
        "the next annual general meeting has to be held.",
        meaning="A mandate ends at the conclusion of the first annual general meeting after it was granted, at the latest when "
        "the period for holding that meeting is over. A meeting says whether it is the annual one; where none is recorded for "
        "twelve months, it is not known whether the mandate is in force.",
        example="A mandate of 14 May 2025, and no annual general meeting recorded by 15 May 2026.",
        clears="Record the poll results or the new mandates of the meeting with --annual or --no-annual, or record "
        "mandate-revoked. The issuer's --financial-year-end gives the last day for the meeting.",
        check=_over_time,
    ),
    Rule(
        code="HK322",
        title="Mandate after an uneven reorganisation",
        citation="Main Board Rules 13.36(2)(b), 10.06(1)(c): the same percentage before and after",
        confidence=UNVERIFIED,
        severity=NOTICE,
        to_confirm="Read rules 13.36(2)(b) and 10.06(1)(c), and the resolution itself: how a subdivision or consolidation "
        "changes the number of shares that the mandate allows.",
        meaning="A subdivision or consolidation leaves the percentage of a mandate as it was. Where it multiplies the classes "
        "that the mandate counts by different numbers, no percentage of their sum stays: what it allows is not known.",
        example="Class A is consolidated two for one, class B is not, and a mandate counts both.",
        clears="Record the reorganisation of the other classes on its day; or ask the Exchange before the mandate is used. The "
        "next mandate takes its place.",
        check=_over_time,
    ),
)
"""The rules of this module. That a mandate is not exceeded is HK302, which each entry is held against."""
