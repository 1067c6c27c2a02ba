"""Checks of an act that rest on the book: mandates, moratoria, blackout, listing, public float, schemes, what there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

from domain.capital.accounts import AGREEMENT, HELD, OUTSTANDING, SHARES, TREASURY, UNISSUED
from domain.capital.securities import of_classes
from domain.clearance.authority import granting
from domain.clearance.moratoria import AFTER_LISTING, barring
from domain.clearance.proposal import PURPOSE, Circumstances, Proposal
from domain.law.outcome import NO, NOT_CHECKED, OK, Outcome, within
from domain.law.parameters import MORATORIUM
from domain.mandates.financial_year import ANNUAL_RESULTS, ResultsDue, results_due, results_of
from domain.mandates.rules import ALLOWS
from domain.mandates.status import ISSUE, REPURCHASE, MandateStatus
from domain.public_float.status import (
    Held,
    InPublicHands,
    Threshold,
    alternative_open,
    base_of,
    highest_prescribed,
    in_public_hands,
    of_what,
    outcome,
    thresholds,
)
from domain.values import day_text, months_after

# --- mandates -----------------------------------------------------------------------------------------------------


def _mandate(circumstances: Circumstances) -> MandateStatus | Outcome:
    """The mandate that is meant: the one named, or the only one of its purpose in force; else why there is none."""
    proposal = circumstances.proposal
    standings = circumstances.entries.standings
    if proposal.mandate is not None:
        return standings[proposal.mandate]
    fitting = [
        each for each in standings.values() if each.mandate.purpose == PURPOSE[proposal.kind] and _over_class(each, proposal)
    ]
    allows = ALLOWS[PURPOSE[proposal.kind]]
    lasting = [each for each in fitting if each.ended is None]
    # A mandate that ends on this day may still be in force: the meeting may come later in the day.
    lasting = lasting or [each for each in fitting if each.ended is not None and each.ended.on >= proposal.on]
    if len(lasting) == 1:
        return lasting[0]
    if lasting:
        return NOT_CHECKED, f"several mandates {allows} are in force, {', '.join(each.code for each in lasting)}: name one"
    if not fitting:
        return NOT_CHECKED, f"no mandate {allows} is recorded"
    last = max(fitting, key=lambda each: each.mandate.granted_on)
    assert last.ended is not None  # noqa: S101
    return NO, f"no mandate {allows} is in force: {last.code} ended on {day_text(last.ended.on)} ({last.ended.why})"


def _over_class(standing: MandateStatus, proposal: Proposal) -> bool:
    """Whether a mandate may be about the class of an act: one to repurchase allows shares of the classes that it counts."""
    return standing.mandate.purpose != REPURCHASE or standing.mandate.counts(str(proposal.share_class))


def mandate_left(circumstances: Circumstances) -> Outcome:
    """The mandate's headroom covers the shares, whichever base is right where the recorded one and the book's differ."""
    found = _mandate(circumstances)
    if not isinstance(found, MandateStatus):
        return NOT_CHECKED, "there is no mandate to count against" if found[0] == NO else found[1]
    if found.mandate.uneven is not None:
        return NOT_CHECKED, found.mandate.uneven
    shares, left = circumstances.proposal.shares, found.headroom
    if left is None or found.limit is None:
        return NOT_CHECKED, f"{found.code}: {found.not_known[0]}"
    answer, words = within(found.code, found.limit, left, shares)
    if found.base_differs:
        recorded = found.limit_of(found.mandate.base)
        possible = [left, *(left + found.limit_of(base) - recorded for base in found.book_bases)]
        if found.mandate.scaled != 1 or min(possible) < shares <= max(possible):
            bases = " or ".join(f"{base:,}" for base in found.book_bases)
            return NOT_CHECKED, f"{words}; but its base is {found.mandate.base:,} as recorded and {bases} by the book"
    return answer, words


def mandate_in_force(circumstances: Circumstances) -> Outcome:
    """The mandate has been granted and has not ended; on the very day of a meeting it is not known which came first."""
    found, on = _mandate(circumstances), circumstances.proposal.on
    if not isinstance(found, MandateStatus):
        return found
    granted, ended = found.mandate.granted_on, found.ended
    if ended is not None and on > ended.on:
        return NO, f"{found.code} ended on {day_text(ended.on)} ({ended.why})"
    if ended is not None and on == ended.on:
        return NOT_CHECKED, f"{found.code} ends with the meeting of this day ({ended.why}): not known which comes first"
    if on == granted:
        return NOT_CHECKED, f"{found.code} is granted by the meeting of this day: not known which comes first"
    if found.in_doubt is not None:
        return NOT_CHECKED, f"{found.code} was granted on {day_text(granted)}: {found.in_doubt.why}"
    latest = f", by {day_text(found.latest_end)}" if found.latest_end else ""
    return OK, f"{found.code} was granted on {day_text(granted)}, until the conclusion of the next annual general meeting{latest}"


def mandate_purpose(circumstances: Circumstances) -> Outcome:
    """The mandate allows what would be done."""
    found, purpose = _mandate(circumstances), PURPOSE[circumstances.proposal.kind]
    if not isinstance(found, MandateStatus):
        return NOT_CHECKED, "there is no mandate to look at" if found[0] == NO else found[1]
    has = found.mandate.purpose
    if not _over_class(found, circumstances.proposal):
        return NO, f"{found.code} is a mandate {ALLOWS[has]} shares of {of_classes(found.mandate.classes)}"
    return (OK if has == purpose else NO), f"{found.code} is a mandate {ALLOWS[has]}"


def refreshed_mandate(circumstances: Circumstances) -> Outcome:
    """The annual general meeting granted the mandate, or no other was in force, or it was approved as a refreshed one must be."""
    found = _mandate(circumstances)
    if not isinstance(found, MandateStatus):
        return NOT_CHECKED, "there is no mandate to look at" if found[0] == NO else found[1]
    granted = granting(found, circumstances.entries.standings.values(), circumstances.recorded)
    if granted.annual:
        return OK, f"{found.code} was granted by the annual general meeting"
    if granted.approved:
        return OK, granted.words
    if granted.earlier is None and circumstances.starts is not None and found.mandate.granted_on <= circumstances.starts:
        return NOT_CHECKED, f"{found.code} is older than the book; whether the annual general meeting granted it is not recorded"
    if granted.earlier is None:
        return OK, f"no other mandate {ALLOWS[ISSUE]} was in force when {found.code} was granted"
    if granted.annual is None:
        return NOT_CHECKED, f"{granted.words}, nor whether the annual general meeting granted it"
    return (NOT_CHECKED if granted.approved is None else NO), granted.words


# --- days ---------------------------------------------------------------------------------------------------------


def blackout(begins: Callable[[date], date]) -> Callable[[Circumstances], Outcome]:
    """No dealing before results, from the day that `begins` gives until they are announced.

    It counts back from the earlier of the board meeting for the results and the deadline for publishing them, which follows
    from the issuer's financial year where it is not given. Where one of the two is not known, the other is enough to forbid and
    not to allow.
    """

    def check(circumstances: Circumstances) -> Outcome:
        on, given = circumstances.proposal.on, sorted(circumstances.proposal.results_on)
        meeting = next((day for day in given if day >= on), None)
        deadline = _deadline(circumstances, meeting)
        known = {day: words for day, words in ((deadline, "due by"), (meeting, "on")) if day is not None}
        if not known:
            return NOT_CHECKED, f"no results date given{f' on or after {day_text(on)}' if given else ''}"
        first = min(known)
        since, words = begins(first), f"results {known[first]} {day_text(first)}"
        if meeting is None and first < on:
            return NOT_CHECKED, f"{words}; when they are announced is not given"
        if since <= on:
            return NO, f"{words}: from {day_text(since)} until they are announced"
        if meeting is None:
            return NOT_CHECKED, f"{words}; the board meeting for them is not given, and may be earlier"
        if deadline is None:
            return NOT_CHECKED, f"{words}; the deadline for them may be earlier: neither it nor the financial year-end is known"
        if (earlier := _earlier_results(circumstances, meeting, begins)) is not None:
            return (
                NOT_CHECKED,
                f"{words}; those to {day_text(earlier.period_end)} come before, and when they are announced is not given",
            )
        return OK, f"the next {words}; the blackout begins on {day_text(since)}"

    return check


def _deadline(circumstances: Circumstances, meeting: date | None) -> date | None:
    """The deadline for the results that a board meeting approves: as given, or by the issuer's financial year.

    A given deadline is ignored if results were announced in the three months before it: it was for those.
    """
    proposal, given = circumstances.proposal, circumstances.proposal.deadline
    if given is not None and not any(months_after(given, -ANNUAL_RESULTS) < day < proposal.on for day in proposal.results_on):
        return given
    return None if meeting is None or circumstances.year_end is None else results_of(circumstances.year_end, meeting).by


def _earlier_results(circumstances: Circumstances, meeting: date, begins: Callable[[date], date]) -> ResultsDue | None:
    """Results due before those of the meeting whose blackout may have begun, and that are not given as announced.

    The board can meet for them on the day after their period ends at the earliest.
    """
    if circumstances.year_end is None:
        return None
    on, due = circumstances.proposal.on, results_due(circumstances.year_end, circumstances.proposal.on)
    announced = any(due.period_end < day < on for day in circumstances.proposal.results_on)
    begun = begins(due.period_end + timedelta(days=1)) <= on
    return due if begun and not announced and results_of(circumstances.year_end, meeting) != due else None


def thirty_days(day: date) -> date:
    """The first of the thirty days before a day."""
    return day - timedelta(days=30)


def one_month(day: date) -> date:
    """The first day of the month that ends before a day."""
    return months_after(day, -1)


def moratorium(*, bought: bool) -> Callable[[Circumstances], Outcome]:
    """Thirty days lie between a purchase and an issue or sale (`bought`), or between a sale on the Exchange and a purchase."""
    what = "bought back" if bought else "sold out of treasury on the Exchange"

    def check(circumstances: Circumstances) -> Outcome:
        on = circumstances.proposal.on
        last = barring([each for each in circumstances.traded if each.bought is bought], on)
        if last is not None:
            ends = day_text(last.on + MORATORIUM)
            return NO, f"shares were {what} on {day_text(last.on)} (entry {last.entry}): barred up to and including {ends}"
        if circumstances.starts is not None and circumstances.starts >= on - MORATORIUM:
            return (
                NOT_CHECKED,
                f"the book begins at close of {day_text(circumstances.starts)}: whether shares were {what} before is not known",
            )
        return OK, f"no shares were {what} since {day_text(on - MORATORIUM)}"

    return check


def since_listing(circumstances: Circumstances) -> Outcome:
    """Six months have passed since securities of the issuer were first dealt in."""
    listed, on = circumstances.listed, circumstances.proposal.on
    if listed is None:
        return NOT_CHECKED, "no listing is recorded"
    ends = months_after(listed.on, AFTER_LISTING)
    if on > ends:
        when = "on" if listed.exact else "by"
        return OK, f"listed {when} {day_text(listed.on)}; six months ended {when} {day_text(ends)}"
    if listed.exact:
        return NO, f"listed on {day_text(listed.on)}: barred up to and including {day_text(ends)}"
    return NOT_CHECKED, f"the day of listing is not recorded; the book has the class listed by {day_text(listed.on)}"


# --- shares there are ---------------------------------------------------------------------------------------------


def _enough(account: str, where: str) -> Callable[[Circumstances], Outcome]:
    def check(circumstances: Circumstances) -> Outcome:
        code, shares = str(circumstances.proposal.share_class), circumstances.proposal.shares
        there = circumstances.position.total(SHARES, code, account)
        words = f"{there:,} shares of class {code} are {where}"
        return (OK, words) if shares <= there else (NO, f"{words}, {shares - there:,} too few")

    return check


enough_held = _enough(HELD, "in members' hands")
enough_treasury = _enough(TREASURY, "in treasury")


def authorised(circumstances: Circumstances) -> Outcome:
    """Authorised and unissued shares cover the issue, beside those promised by agreements that have not completed."""
    position, code, shares = circumstances.position, str(circumstances.proposal.share_class), circumstances.proposal.shares
    if not position.terms.classes[code].authorised:
        return OK, f"class {code} has no authorised capital"
    if position.terms.classes[code].registered:
        return OK, f"the registered capital of class {code} equals the shares in issue, and grows with them"
    agreed = [name for name, agreement in position.terms.agreements.items() if agreement.share_class == code]
    promised = sum(position.total(AGREEMENT, name, OUTSTANDING) for name in agreed)
    left = position.total(SHARES, code, UNISSUED) - promised
    words = f"{max(left, 0):,} authorised shares of class {code} are unissued" + (
        f" and not promised ({promised:,} are)" if promised else ""
    )
    return (OK, words) if shares <= left else (NO, f"{words}, {shares - left:,} too few")


def public_float(*, ongoing: bool) -> Callable[[Circumstances], Outcome]:
    """The public still holds its minimum once the shares have been bought from it.

    `ongoing` is the test since 2026: of the listed class rather than of all, by the thresholds of `domain.public_float.status`.
    """

    def check(circumstances: Circumstances) -> Outcome:
        proposal, confirmed = (
            circumstances.proposal,
            in_public_hands(circumstances.ledger, str(circumstances.proposal.share_class), circumstances.proposal.on),
        )
        if proposal.public_float is None and isinstance(confirmed, str):
            return NOT_CHECKED, confirmed
        public, since = _in_public_hands(proposal, confirmed)
        if proposal.shares > public:
            return NO, f"the public holds {int(public):,} shares{since}, fewer than would be bought"
        left = public - proposal.shares
        price = None if isinstance(confirmed, str) else confirmed.price
        answer, words = (_ongoing_float if ongoing else _float_of_all)(circumstances, left, price)
        return answer, f"{int(left):,} shares would be in public hands{since}, {words}"

    return check


def _in_public_hands(proposal: Proposal, confirmed: InPublicHands | str) -> tuple[Fraction, str]:
    """The shares in public hands before the act, as given or as confirmed, and in words since when."""
    if proposal.public_float is not None or isinstance(confirmed, str):
        return Fraction(proposal.public_float or 0), ""
    return confirmed.shares, f" (confirmed for {day_text(confirmed.confirmed_on)})"


def _float_of_all(circumstances: Circumstances, left: Fraction, _: Fraction | None) -> Outcome:
    proposal, required = (
        circumstances.proposal,
        circumstances.position.terms.float_required.get(str(circumstances.proposal.share_class)),
    )
    prescribed = proposal.float_percent or (required.percent if required else None) or highest_prescribed(proposal.on)
    base = circumstances.position.issued(proposal.on) - proposal.shares
    return outcome(Held(_percent_of(left, base), None), (Threshold(Fraction(prescribed)),), f"{base:,} shares of all classes")


def _ongoing_float(circumstances: Circumstances, left: Fraction, price: Fraction | None) -> Outcome:
    proposal, code = circumstances.proposal, str(circumstances.proposal.share_class)
    base = base_of(circumstances.position, code, proposal.on)
    held = Held(None if base is None else _percent_of(left, base - proposal.shares), None if price is None else price * left)
    allowed = alternative_open(circumstances.listed, proposal.on, circumstances.calendar)
    required = circumstances.position.terms.float_required.get(code)
    enough = thresholds(required, proposal.on, proposal.float_percent, alternative=allowed)
    return outcome(held, enough, of_what(circumstances.position, code))


def _percent_of(part: Fraction, base: int) -> Fraction:
    return part * Fraction(100, base) if base > 0 else Fraction(0)
