"""`captable wvr`: weighted voting rights under chapter 8A, with the working."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import attrs
import click

from application import ask
from cli import options, output
from cli.provenance import NO_ADVICE, SHARES, finish, listed, named, print_findings, print_json, usage_errors
from cli.wiring import book
from domain.capital.entries import Viewpoint
from domain.clearance.open_rules import RULES
from domain.law.parameters import UNVERIFIED
from domain.law.rule import WVR, not_checked
from domain.wvr.arithmetic import PARAMETERS, Cancellation, HoldingVotes, Proportion
from domain.wvr.history import WeightedHistory, outcomes, planned, weighted_history
from domain.wvr.rules import findings

FORMULA = "least whole number x with (A - x) / (T - R) <= A / T, which is A x R / T rounded up; rules 8A.13, 8A.15"


@click.command()
@click.option("--cancel", "cancelled", type=SHARES, metavar="SHARES", help="What cancelling this many ordinary shares requires.")
@click.option("--count-treasury", is_flag=True, help="Count treasury shares among the shares in issue; left out otherwise.")
@options.as_of
@options.known_at
@options.as_json
@options.issuer
@options.store
@click.pass_context
def wvr(
    ctx: click.Context, /, cancelled: int | None, count_treasury: bool, as_of: date | None, known_at: datetime | None,
    as_json: bool, issuer: str | None, store: str | None,
) -> None:  # fmt: skip
    """Weighted voting rights: votes by class, the tests of chapter 8A, and what each cancellation had to convert.

    \b
    Examples:
      captable wvr --as-of 2022-12-30
      captable wvr --as-of 2022-12-29 --cancel 31,775,000

    Exit code 1 where a test fails or a cancellation converted too little. No legal advice.
    """
    viewpoint = Viewpoint(as_of or options.today(), known_at)
    with book(store, issuer) as (books, code):
        ask.check_begun(books.entries(code), viewpoint)
        history = weighted_history(books.entries(code), viewpoint, treasury=count_treasury)
    if cancelled is not None:
        with usage_errors():
            plan = planned(history, cancelled)
        _tell_plan(plan, history, as_json=as_json)
        return
    found = findings(history)
    unknown = not_checked(RULES, history.as_of, WVR) if history.weighted else ()
    if as_json:
        print_json({"issuer": code, **_content(history), "findings": listed(found), "not_checked": named(unknown)}, PARAMETERS)
    else:
        _print(history, code, count_treasury=count_treasury)
        print_findings(found)
        for rule in unknown:
            click.echo(f"not checked: {rule.code} {rule.title} [{rule.citation}; {rule.confidence}]")
        click.echo(NO_ADVICE)
    finish(ctx, found)


# --- as text ------------------------------------------------------------------------------------------------------


def _print(history: WeightedHistory, code: str, *, count_treasury: bool) -> None:
    click.echo(f"Weighted voting rights of {code} at close of {output.day(history.as_of)}")
    if not history.weighted:
        click.echo("no class has more votes a share than another: chapter 8A asks nothing of this issuer")
        return
    _print_holdings(history)
    click.echo()
    for test in outcomes(history):
        click.echo(f"{'holds' if test.holds else 'FAILS'}: {test.working} [{test.citation}; {test.confidence}]")
    _print_cancellations(history)
    if history.confidence == UNVERIFIED:
        counted = "counted in" if count_treasury else "left out of"
        click.echo(f"Treasury shares are {counted} the shares in issue [{UNVERIFIED}].")
    if any(balance.treasury or balance.pending_cancellation for balance in history.position.balances()):
        click.echo(f"Treasury shares and shares pending cancellation carry no votes [{UNVERIFIED}].")


def _print_holdings(history: WeightedHistory) -> None:
    every = history.votes()
    lasting = [holding for holding in history.holdings if holding.until_on is None and holding.votes_per_share]
    rows = [_holding(holding, every) for holding in lasting]
    rows.append(["all", "", f"{sum(each.shares for each in lasting):,}", "", f"{every:,}", "100 %" if every else "", ""])
    output.table(("class", "holder", "shares that vote", "votes each", "votes", "of all votes", "since"), rows, right=range(2, 6))
    for ended in (holding for holding in history.holdings if holding.until_on is not None):
        who = f"{ended.shares:,} shares of class {ended.share_class} of {ended.holder}"
        click.echo(f"ended on {output.day(ended.until_on or history.as_of)}: {who}, {ended.votes_per_share:,} votes each")


def _holding(holding: HoldingVotes, every: int) -> list[str]:
    share = f"{_percent(holding.votes, every)} %" if every else ""
    since = output.day(holding.from_on) if holding.from_on else "not known"
    numbers = [f"{holding.shares:,}", f"{holding.votes_per_share:,}", f"{holding.votes:,}", share]
    return [holding.share_class, holding.holder or "all others", *numbers, since]


def _percent(part: int, whole: int) -> str:
    return str(Proportion(part, whole).percent(4))


def _print_cancellations(history: WeightedHistory) -> None:
    if not history.cancellations:
        click.echo("\nNo shares have left the shares in issue.")
    else:
        _print_conversions(history)
    for each in history.into_treasury:
        click.echo(
            f"Bought into treasury on {output.day(each.on)}: {each.cancelled:,} shares; a cancellation of as many would require "
            f"{each.required:,} conversions, and {each.converted:,} were made [Main Board Rule 8A.15; {UNVERIFIED}]"
        )


def _print_conversions(history: WeightedHistory) -> None:
    click.echo(f"\nConversion on cancellation: {FORMULA} [{history.confidence}]")
    heads = ("day", "R cancelled", "A weighted before", "T in issue before", "exact", "required", "converted", "")
    rows = [
        [output.day(each.on), *_figures(each), f"{each.converted:,}", "enough" if each.sufficed else "TOO FEW"]
        for each in history.cancellations
    ]
    output.table(heads, rows, right=range(1, 7))


def _figures(each: Cancellation) -> tuple[str, ...]:
    return f"{each.cancelled:,}", f"{each.weighted:,}", f"{each.total:,}", f"{each.exact():,}", f"{each.required:,}"


def _tell_plan(plan: Cancellation, history: WeightedHistory, *, as_json: bool) -> None:
    if as_json:
        print_json({"confidence": history.confidence, **_requirement(plan)}, ())
        return
    on = output.day(plan.on)
    click.echo(
        f"Cancelling {plan.cancelled:,} shares after {on} requires converting {plan.required:,} weighted shares\n"
        f"  A {plan.weighted:,} weighted shares, T {plan.total:,} in issue, R {plan.cancelled:,}\n"
        f"  exact {plan.exact():,}, rounded up {plan.required:,}; more is as good, one fewer is a breach\n"
        f"  {FORMULA} [{history.confidence}]"
    )
    if plan.cap.weighted * plan.total != plan.weighted * plan.cap.total:
        click.echo(f"  held to the lowest proportion so far, {plan.cap.weighted:,} of {plan.cap.total:,}")
    click.echo(NO_ADVICE)


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
