"""The rules of chapter 8A on weighted voting rights, and every breach of them that a book shows."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from domain import events
from domain.capital.accounts import HELD, SHARES
from domain.capital.entries import Viewpoint
from domain.law.rule import MISMATCH, NOTICE, UNVERIFIED, VERIFIED, Finding, Rule, View, rule_of
from domain.wvr.arithmetic import LARGEST_RATIO, LEAST_VOTES, Cancellation
from domain.wvr.history import Rise, WeightedHistory, outcomes, weighted_history


def breaches_in_view(view: View) -> Iterator[Finding]:
    """Every breach of chapter 8A in a book; none if no class ever had more than one vote a share."""
    if any(isinstance(entry.event, events.ShareClassCreated) and entry.event.votes_per_share > 1 for entry in view.entries):
        yield from breaches(weighted_history(view.entries, Viewpoint(view.as_of)))


def breaches(history: WeightedHistory) -> tuple[Finding, ...]:
    """Every breach that a history shows, and the tests that fail at its end."""
    codes = {LEAST_VOTES.citation: "HK501", LARGEST_RATIO.citation: "HK502"}
    failed = [test for test in outcomes(history) if not test.holds and test.citation in codes]
    return (
        *_more_lost_than_held(history),
        *(_found(codes[test.citation], test.confidence, test.working) for test in failed),
        *(_rise(each, history.confidence) for each in history.rises),
        *(_shortfall(each, history.confidence) for each in history.cancellations if not each.sufficed),
        *(_into_treasury(each) for each in history.into_treasury if not each.sufficed),
    )


def _found(code: str, confidence: str, message: str, *entries: int) -> Finding:
    return attrs.evolve(rule_of(RULES, code).finding(message, *entries), confidence=confidence)


def _more_lost_than_held(history: WeightedHistory) -> Iterator[Finding]:
    for share in history.classes:
        lasting = [each for each in history.holdings if each.until_on is None and each.share_class == share.code]
        lost, held = sum(each.shares for each in lasting if each.holder), history.position.total(SHARES, share.code, HELD)
        if lost > held:
            said = f"{lost:,} shares of class {share.code} are recorded as having lost weighted rights"
            yield _found("HK505", VERIFIED, f"{said}, {lost - held:,} more than there are")


def _rise(rise: Rise, confidence: str) -> Finding:
    message = (
        f"the proportion of weighted shares rose to {rise.closing.weighted:,} of {rise.closing.total:,} at close of "
        f"{rise.on:%-d %B %Y}, above {rise.cap.weighted:,} of {rise.cap.total:,}"
    )
    return _found("HK503", confidence, message, *rise.entries)


def _shortfall(each: Cancellation, confidence: str) -> Finding:
    message = (
        f"{each.cancelled:,} shares left on {each.on:%-d %B %Y}: at least {each.required:,} weighted shares had to be converted, "
        f"and {each.converted:,} were, {each.required - each.converted:,} too few"
    )
    return _found("HK504", confidence, message, *each.entries)


def _into_treasury(each: Cancellation) -> Finding:
    message = (
        f"{each.cancelled:,} shares were bought into treasury on {each.on:%-d %B %Y}: a cancellation would require that "
        f"{each.required:,} weighted shares are converted, and {each.converted:,} were"
    )
    return _found("HK506", UNVERIFIED, message, *each.entries)


RULES: tuple[Rule, ...] = (
    Rule(
        code="HK501",
        title="Votes without weighted rights",
        citation=LEAST_VOTES.citation,
        confidence=LEAST_VOTES.confidence,
        meaning="Holders without weighted rights must be able to cast at least a tenth of the eligible votes. Treasury shares "
        "and shares pending cancellation are left out, as carrying no votes (not verified).",
        example="400,000 shares of ten votes and 444,444 of one: 444,444 of 4,444,444 votes are one too few.",
        clears="Convert weighted shares, or correct the balances.",
        check=breaches_in_view,
    ),
    Rule(
        code="HK502",
        title="Votes of a weighted share",
        citation=LARGEST_RATIO.citation,
        confidence=LARGEST_RATIO.confidence,
        meaning="A weighted share has at most ten times the votes of an ordinary one, unless its class was in place before "
        "chapter 8A and is recorded as exempt.",
        example="Class A of eleven votes beside class B of one.",
        clears="Correct the votes of the class, or record why it is exempt (--votes-exemption).",
        check=breaches_in_view,
    ),
    Rule(
        code="HK503",
        title="Proportion of weighted shares",
        citation="Main Board Rule 8A.13",
        confidence=VERIFIED,
        meaning="The proportion of weighted shares among all shares in issue may not rise; where it falls, the lower figure is "
        "the new cap. It is taken at close of each day. Treasury shares are left out of it, which is not verified.",
        example="One weighted share is issued, and no ordinary one beside it.",
        clears="Convert weighted shares, or correct the entry that raised the proportion.",
        check=breaches_in_view,
    ),
    Rule(
        code="HK504",
        title="Conversion on a cancellation",
        citation="Main Board Rules 8A.13, 8A.15",
        confidence=VERIFIED,
        meaning="When shares are cancelled, weighted shares are converted on the same day so that their proportion does not "
        "rise: at least A x R / T, rounded up. Of several batches each is held to the lowest proportion before it. Once there "
        "were treasury shares, the lesser of the numbers with and without them is asked for.",
        example="31,775,000 of 33,500,700,000 shares are cancelled, 7,527,254,580 of them weighted: 7,139,508 must be converted.",
        clears="Record the conversion on the day of the cancellation, or correct its number.",
        check=breaches_in_view,
    ),
    Rule(
        code="HK505",
        title="More shares lost their rights than there are",
        citation="Main Board Rules 8A.17, 8A.18",
        confidence=VERIFIED,
        severity=MISMATCH,
        meaning="The shares recorded as having lost their weighted rights, and not converted since, are no more "
        "than the class has.",
        example="400,001 shares of a class of 400,000 are recorded as having lost their rights.",
        clears="Correct the number, or name the holder in the conversion as it was named when the rights ceased.",
        check=breaches_in_view,
    ),
    Rule(
        code="HK506",
        title="Conversion on a purchase into treasury",
        citation="Main Board Rule 8A.15, read for cancellations only",
        confidence=UNVERIFIED,
        severity=NOTICE,
        to_confirm="Read rule 8A.15: whether shares bought to be held in treasury reduce the number of shares in issue.",
        meaning="Rule 8A.15 speaks of a reduction of the shares in issue. Whether a purchase into treasury is "
        "one is not yet checked: review it if no weighted shares are converted with it.",
        example="10,000 of 1,000,000 shares, 400,000 of them weighted, are bought into treasury: a cancellation of as many would "
        "require that 4,000 are converted.",
        clears="Ask the Exchange or counsel, or record the conversion on the day of the purchase.",
        check=breaches_in_view,
    ),
)
"""The rules of this module."""
