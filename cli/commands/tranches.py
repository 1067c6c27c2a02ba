"""`captable offering reallocate` and `structure`: the tranches of an offering, and the facts that its completion records."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import click

from cli import options, output
from cli.answers import Answer, answering
from cli.layout import TextTable
from cli.output import PrintedNumber
from cli.provenance import MONEY, SHARES, ValueType, finding_lines, finding_rows, sourced, sources, usage_errors
from domain.clearance.open_rules import RULES
from domain.events.fields import FieldError
from domain.law.parameters import BOOKBUILDING, OVER_ALLOTMENT, POOL_A, STABILISATION, VOLUNTARY_REALLOCATION, Parameter
from domain.law.rule import OFFERING, not_checked
from domain.offerings import offering as rules
from domain.values import EXACT
from infrastructure.event_codec import encode
from infrastructure.readers import values


def _exercise(text: str) -> tuple[date, int]:
    day, _, shares = text.partition(":")
    return values.day(day), values.whole(shares.strip())


MULTIPLE, EXERCISE = ValueType(values.decimal, "multiple"), ValueType(_exercise, "exercise")


def _described(command: Any) -> Any:
    for add in (
        answering(),
        click.option("--board-lot", type=SHARES, default="1", show_default=True, help="Round a larger tranche up to these lots."),
        click.option(
            "--mechanism",
            type=click.Choice(list(rules.MECHANISMS)),
            help="Needed since 4 August 2025; PN18 before, unless it is 18C, that of chapter 18C.",
        ),
        click.option(
            "--on", "document_on", type=options.Day(), required=True, help="Day of the listing document: its rules apply."
        ),
        click.option("--international", type=SHARES, help="Shares initially international (default: the rest)."),
        click.option("--public", type=SHARES, required=True, help="Shares initially in the public tranche."),
        click.option("--shares", type=SHARES, required=True, help="Shares on offer, without the over-allotment option."),
    ):
        command = add(command)
    return command


def _offering(described: dict[str, Any]) -> rules.Offering:
    known = rules.mechanisms_on(described["document_on"])
    given = {name: value for name, value in described.items() if value is not None}
    others = {"mechanism": "PN18"} if "PN18" in known else {}
    if "mechanism" not in given and not others:
        raise FieldError("mechanism", f"expected {' or '.join(known)}")
    rest = {"international": described["shares"] - described["public"], **others}
    return rules.Offering(**{**rest, **given})


@click.command(short_help="The tranches after clawback, or after a voluntary reallocation.")
@_described
@click.option("--applied", type=SHARES, help="Shares validly applied for in the public offer.")
@click.option("--multiple", type=MULTIPLE, metavar="5.18", help="Instead: how many times the public tranche was applied for.")
@click.option(
    "--international-multiple", type=MULTIPLE, metavar="8.61", help="How many times the international tranche was applied for."
)
@click.option("--move", type=SHARES, help="Instead: shares moved to the public tranche other than by clawback.")
@click.option("--price", "offer_price", type=MONEY, metavar="'HKD 3.85'", help="With --move: the offer price.")
@click.option("--lowest-price", type=MONEY, metavar="'HKD 3.85'", help="With --move: the bottom of the price range.")
def reallocate(
    applied: int | None, multiple: Decimal | None, international_multiple: Decimal | None, move: int | None, **described: Any
) -> Answer:
    """The tranches after the clawback under PN18, Mechanism A or B or chapter 18C, or after a voluntary reallocation.

    A clawback asks for an international tranche that is fully subscribed; otherwise only a voluntary reallocation is open.

    \b
    Examples:
      captable offering reallocate --shares 1,500,000,000 --public 150,000,000 --on 2021-12-20 --multiple 50 \\
          --international-multiple 8.61
      captable offering reallocate --shares 400,000,000 --public 40,000,000 --on 2020-06-30 --applied 1,385,800,000
      captable offering reallocate --shares 1,500,000,000 --public 150,000,000 --on 2021-12-20 --move 150,000,000
    """
    if sum(given is not None for given in (applied, multiple, move)) != 1:
        raise click.UsageError("give one of --applied, --multiple and --move")
    with usage_errors():
        offered = _offering(described)
        if move is not None:
            result = rules.voluntarily_reallocated(offered, move)
        else:
            times = Fraction(multiple) if multiple is not None else rules.subscription_multiple(offered, applied or 0)
            international = None if international_multiple is None else Fraction(international_multiple)
            result = rules.reallocated(offered, times, international)
    unknown = _not_checked(offered) if move is not None else list(result.not_checked)
    tranches = _tranches(offered, result)
    return Answer(
        content=sourced({**tranches, "not_checked": unknown}, [result.rule]),
        rows=[tranches],
        text=lambda: [
            *_reallocation(offered, result),
            *finding_lines(result.findings),
            *(f"not checked: {what}" for what in unknown),
            *sources([result.rule]),
        ],
        findings=result.findings,
    )


def _not_checked(offered: rules.Offering) -> list[str]:
    price = [] if offered.offer_price and offered.lowest_price else ["the offer price: give --price and --lowest-price"]
    return [*price, "whether demand in the two tranches allows it"]


def _tranches(offered: rules.Offering, result: rules.Reallocation) -> dict[str, Any]:
    percent = None if result.percent is None else str(result.percent)
    multiple = None if result.multiple is None else str(result.multiple)
    after = {"public": result.public, "international": result.international, "moved": result.moved}
    return {
        "initially": offered.public,
        "multiple": multiple,
        "percent": percent,
        **after,
        "findings": finding_rows(result.findings),
    }


def _reallocation(offered: rules.Offering, result: rules.Reallocation) -> Iterator[str | TextTable]:
    if result.multiple is not None:
        # Rounded down: a multiple just below a step must not print as the step.
        times = Decimal(math.floor(result.multiple * 10_000)).scaleb(-4, EXACT)
        asked = f"at least {result.percent} % for the public" if result.percent is not None else "no clawback"
        yield f"{result.rule.title}: subscribed {times:,.4f} times, {asked}"
    else:
        yield f"{result.rule.title}: at most {rules.voluntary_limit(offered):,} shares for the public"
    rows = [("public", offered.public, result.public), ("international", offered.international, result.international)]
    cells = [(name, was, now, PrintedNumber(f"{offered.percent(now)} %")) for name, was, now in rows]
    yield TextTable(("tranche", "initially", "after", "of the offering"), cells)


@click.command(short_help="An offering's tranches, limits and days, and the facts it records.")
@_described
@click.option("--over-allotment", type=SHARES, help="Shares under the over-allotment option.")
@click.option("--bookbuilding", type=SHARES, help="Shares initially in the bookbuilding placing tranche.")
@click.option("--lowest-price", type=MONEY, metavar="'HKD 3.85'", help="Bottom of the price range.")
@click.option("--maximum-price", type=MONEY, metavar="'HKD 3.99'", help="Maximum offer price.")
@click.option("--offer-price", type=MONEY, metavar="'HKD 3.85'", help="Final offer price.")
@click.option("--applications-close-on", type=options.Day(), help="Last day for applications.")
@click.option("--listed-on", type=options.Day(), help="Day on which dealings begin.")
@click.option("--class", "share_class", metavar="CODE", help="Code of the class (default: B).")
@click.option(
    "--exercised",
    type=EXERCISE,
    multiple=True,
    metavar="'2022-01-21: 225,000,000'",
    help="Shares of the option, allotted on a day.",
)
@click.option("--facts", is_flag=True, help="Only the facts a completed offering records, as record --file takes them.")
def structure(exercised: tuple[tuple[date, int], ...], facts: bool, **described: Any) -> Answer | None:
    """An offering's tranches, limits and days, what is irregular about them, and the facts that its completion records.

    \b
    Examples:
      captable offering structure --shares 1,500,000,000 --public 150,000,000 --on 2021-12-20 --over-allotment 225,000,000
      captable offering structure --shares 1,500,000,000 --public 150,000,000 --on 2021-12-20 --over-allotment 225,000,000 \\
          --offer-price "HKD 3.85" --listed-on 2021-12-30 --exercised "2022-01-21: 225,000,000" --facts | captable record --file -
    """
    with usage_errors():
        offered = _offering(described)
        completed = offered.offer_price is not None and offered.listed_on is not None
        recorded = _facts(offered, exercised) if completed or facts or exercised else []
    if facts:
        for fact in recorded:
            click.echo(json.dumps(fact, ensure_ascii=False))
        return None
    found, used = rules.offering_findings(offered), _used(offered)
    asked = BOOKBUILDING.find(offered.document_on) is not None and offered.bookbuilding is None
    unknown = ["the bookbuilding tranche: give --bookbuilding"] if asked else []
    unknown += [*rules.not_verified(offered), *_open(offered)]
    figures, steps = _figures(offered), _steps(offered)
    content = {**dict(figures), "steps": steps, "findings": finding_rows(found), "not_checked": unknown, "facts": recorded}
    return Answer(
        content=sourced(content, used),
        rows=[dict(figures)],
        text=lambda: [
            TextTable(("", ""), [(name.replace("_", " "), _shown(offered, value)) for name, value in figures]),
            *(
                f"subscribed {step['multiple']} times or more: {step['public']:,} shares for the public ({step['percent']} %)"
                for step in steps
            ),
            *(f"records {json.dumps(fact, ensure_ascii=False)}" for fact in recorded),
            *finding_lines(found),
            *(f"not checked: {what}" for what in unknown),
            *sources(used),
        ],
        findings=found,
    )


def _open(offered: rules.Offering) -> list[str]:
    return [
        f"{rule.title.lower()} ({rule.code}, {rule.citation}; {rule.confidence})"
        for rule in not_checked(RULES, offered.document_on, OFFERING)
    ]


def _facts(offered: rules.Offering, exercised: Sequence[tuple[date, int]]) -> list[dict[str, Any]]:
    return [{"event": type(event).__name__, **json.loads(encode(event))} for event in rules.events_of(offered, exercised)]


def _figures(offered: rules.Offering) -> list[tuple[str, Any]]:
    day = offered.document_on
    voluntary = rules.voluntary_limit(offered) if VOLUNTARY_REALLOCATION.find(day) is not None else None
    ends = rules.stabilisation_ends_on(offered) if offered.applications_close_on else None
    figures = (
        ("shares", offered.shares),
        ("public", offered.public),
        ("international", offered.international),
        ("bookbuilding", offered.bookbuilding),
        ("largest_application", offered.pool),
        ("largest_public_by_voluntary_reallocation", voluntary),
        ("over_allotment", offered.over_allotment),
        ("over_allotment_limit", rules.over_allotment_limit(offered)),
        ("stabilisation_ends_on", ends),
    )
    return [(name, value) for name, value in figures if value is not None]


def _shown(offered: rules.Offering, value: Any) -> PrintedNumber:
    return PrintedNumber(output.day(value) if isinstance(value, date) else f"{value:,} ({offered.percent(value)} %)")


def _steps(offered: rules.Offering) -> list[dict[str, Any]]:
    steps = [
        (multiple, rules.reallocated(offered, Fraction(multiple))) for multiple, _ in rules.clawback_steps(offered) if multiple
    ]
    return [{"multiple": multiple, "percent": str(step.percent), "public": step.public} for multiple, step in steps]


def _used(offered: rules.Offering) -> list[Parameter[Any]]:
    used = [rules.MECHANISMS[offered.mechanism], POOL_A, VOLUNTARY_REALLOCATION, BOOKBUILDING, OVER_ALLOTMENT, STABILISATION]
    return [parameter for parameter in used if parameter.find(offered.document_on) is not None]
