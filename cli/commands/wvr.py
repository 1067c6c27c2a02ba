"""`captable wvr`: weighted voting rights under chapter 8A, with the working."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import attrs
import click

from application import ask
from cli import options, output
from cli.answers import Answer, answering
from cli.layout import TextTable
from cli.output import PrintedNumber
from cli.provenance import SHARES, finding_lines, finding_rows, named, sourced, usage_errors
from cli.wiring import book
from domain.capital.entries import Viewpoint
from domain.clearance.open_rules import RULES
from domain.law.parameters import UNVERIFIED
from domain.law.rule import NO_ADVICE, WVR, not_checked
from domain.wvr.arithmetic import PARAMETERS, Cancellation, HoldingVotes, Proportion
from domain.wvr.history import WeightedHistory, outcomes, planned, weighted_history
from domain.wvr.rules import breaches

FORMULA = "least whole number x with (A - x) / (T - R) <= A / T, which is A x R / T rounded up; rules 8A.13, 8A.15"


@click.command()
@click.option(
    "--cancel",
    "cancelled",
    type=SHARES,
    metavar="SHARES",
    help="The conversion required if this many ordinary shares are cancelled.",
)
@click.option("--count-treasury", is_flag=True, help="Count treasury shares among the shares in issue (default: leave them out).")
@options.as_of
@options.known_at
@answering()
@options.of_a_book
def wvr(cancelled: int | None, count_treasury: bool, as_of: date | None, known_at: datetime | None, at: options.BookAt) -> Answer:
    """Weighted voting rights: votes by class, the tests of chapter 8A, and the conversion that each cancellation required.

    \b
    Examples:
      captable wvr --as-of 2022-12-30
      captable wvr --as-of 2022-12-29 --cancel 31,775,000

    Exit code 1 if a test fails or a cancellation converted too little. Not legal advice.
    """
    viewpoint = Viewpoint(as_of or options.today(), known_at)
    with book(*at) as (books, code):
        ask.check_begun(books.entries(code), viewpoint)
        history = weighted_history(books.entries(code), viewpoint, treasury=count_treasury)
    if cancelled is not None:
        with usage_errors():
            plan = planned(history, cancelled)
        return _planned(plan, history)
    found = breaches(history)
    unknown = not_checked(RULES, history.as_of, WVR) if history.weighted else ()
    content = {"issuer": code, **_content(history), "findings": finding_rows(found), "not_checked": named(unknown)}
    return Answer(
        content=sourced(content, PARAMETERS),
        rows=content["holdings"],
        columns=("share_class", "holder"),
        text=lambda: [
            *_text(history, code, count_treasury=count_treasury),
            *finding_lines(found),
            *(f"not checked: {rule.code} {rule.title} [{rule.citation}; {rule.confidence}]" for rule in unknown),
            NO_ADVICE,
        ],
        findings=found,
    )


# --- as text ------------------------------------------------------------------------------------------------------


def _text(history: WeightedHistory, code: str, *, count_treasury: bool) -> Iterator[str | TextTable]:
    yield f"Weighted voting rights of {code} at close of {output.day(history.as_of)}"
    if not history.weighted:
        yield "no class has more votes a share than another: chapter 8A does not apply"
        return
    yield from _holdings(history)
    yield ""
    for test in outcomes(history):
        yield f"{'holds' if test.holds else 'FAILS'}: {test.working} [{test.citation}; {test.confidence}]"
    yield from _cancellations(history)
    if history.confidence == UNVERIFIED:
        counted = "counted in" if count_treasury else "left out of"
        yield f"Treasury shares are {counted} the shares in issue [{UNVERIFIED}]."
    if any(balance.treasury or balance.pending_cancellation for balance in history.position.balances()):
        yield f"Treasury shares and shares pending cancellation carry no votes [{UNVERIFIED}]."


def _holdings(history: WeightedHistory) -> Iterator[str | TextTable]:
    every = history.votes()
    lasting = [holding for holding in history.holdings if holding.until_on is None and holding.votes_per_share]
    rows = [_holding(holding, every) for holding in lasting]
    rows.append(["all", "", sum(each.shares for each in lasting), "", every, PrintedNumber("100 %") if every else "", ""])
    yield TextTable(("class", "holder", "shares that vote", "votes each", "votes", "of all votes", "since"), rows)
    for ended in (holding for holding in history.holdings if holding.until_on is not None):
        who = f"{ended.shares:,} shares of class {ended.share_class} of {ended.holder}"
        yield f"ended on {output.day(ended.until_on or history.as_of)}: {who}, {ended.votes_per_share:,} votes each"


def _holding(holding: HoldingVotes, every: int) -> list[object]:
    share = PrintedNumber(f"{Proportion(holding.votes, every).percent(4)} %") if every else ""
    numbers = (holding.shares, holding.votes_per_share, holding.votes, share)
    return [holding.share_class, holding.holder or "all others", *numbers, holding.from_on or "not known"]


def _cancellations(history: WeightedHistory) -> Iterator[str | TextTable]:
    yield ""
    if not history.cancellations:
        yield "No shares have left the shares in issue."
    else:
        yield f"Conversion on cancellation: {FORMULA} [{history.confidence}]"
        heads = ("day", "R cancelled", "A weighted before", "T in issue before", "exact", "required", "converted", "")
        yield TextTable(heads, [_conversion(each) for each in history.cancellations])
    for each in history.into_treasury:
        yield (
            f"Bought into treasury on {output.day(each.on)}: {each.cancelled:,} shares; a cancellation of as many would require "
            f"{each.required:,} conversions, and {each.converted:,} were made [Main Board Rule 8A.15; {UNVERIFIED}]"
        )


def _conversion(each: Cancellation) -> list[object]:
    figures = (each.cancelled, each.weighted, each.total, PrintedNumber(f"{each.exact():,}"), each.required, each.converted)
    return [each.on, *figures, "enough" if each.sufficed else "TOO FEW"]


def _planned(plan: Cancellation, history: WeightedHistory) -> Answer:
    def text() -> Iterator[str]:
        on = output.day(plan.on)
        yield f"Cancelling {plan.cancelled:,} shares after {on} requires converting {plan.required:,} weighted shares"
        yield f"  A {plan.weighted:,} weighted shares, T {plan.total:,} in issue, R {plan.cancelled:,}"
        yield f"  exact {plan.exact():,}, rounded up {plan.required:,}; more is allowed, one fewer is a breach"
        yield f"  {FORMULA} [{history.confidence}]"
        if plan.cap.weighted * plan.total != plan.weighted * plan.cap.total:
            yield f"  measured by the lowest proportion so far, {plan.cap.weighted:,} of {plan.cap.total:,}"
        yield NO_ADVICE

    requirement = _requirement(plan)
    return Answer(content=sourced({"confidence": history.confidence, **requirement}), rows=[requirement], text=text)


# --- as JSON ------------------------------------------------------------------------------------------------------


def _content(history: WeightedHistory) -> dict[str, Any]:
    return {
        "as_of": history.as_of,
        "weighted_classes": history.weighted,
        "holdings": [{**attrs.asdict(holding), "votes": holding.votes} for holding in history.holdings],
        "tests": [attrs.asdict(test) for test in outcomes(history)],
        "proportion": _proportion(history.proportion),
        "lowest": history.lowest and _proportion(history.lowest),
        "cancellations": [_cancellation(each) for each in history.cancellations],
        "into_treasury": [_cancellation(each) for each in history.into_treasury],
        "confidence": history.confidence,
    }


def _proportion(each: Proportion) -> dict[str, Any]:
    return {"weighted": each.weighted, "total": each.total, "percent": str(each.percent()), "on": each.on}


def _cancellation(each: Cancellation) -> dict[str, Any]:
    done = {"converted": each.converted, "sufficed": each.sufficed, "entries": each.entries}
    return {**_requirement(each), **done}


def _requirement(each: Cancellation) -> dict[str, Any]:
    return {
        "on": each.on,
        "cancelled": each.cancelled,
        "weighted_before": each.weighted,
        "total_before": each.total,
        "lowest_before": _proportion(each.cap),
        "exact": str(each.exact(4)),
        "required": each.required,
    }
