"""`captable rule`: what each rule says, how sure we are of it, and how a finding is cleared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import click

from cli import output
from cli.answers import Answer, answering
from cli.layout import TextTable
from cli.main import no_such
from cli.table import fields_of
from domain import rulebook
from domain.law.rule import COMMANDS, MAIN_BOARD_RULES, NO_ADVICE, Rule, UnknownRule


@click.command()
@click.argument("code", required=False)
@answering()
@click.pass_context
def rule(ctx: click.Context, code: str | None) -> Answer:
    """What a rule says, how sure we are of it, since when, and how a finding is cleared; without a code, all of them.

    \b
    Examples:
      captable rule
      captable rule HK302
    """
    chosen = rulebook.RULES if code is None else _versions(ctx, code)
    rows = [_plain(each) for each in chosen]
    return Answer(content=rows, rows=rows, text=lambda: _every() if code is None else _each(chosen), aside=NO_ADVICE)


def _every() -> list[TextTable]:
    latest = [rulebook.versions(each)[-1] for each in rulebook.codes()]
    return [TextTable(("rule", "title", "confidence", "citation"), [(r.code, r.title, r.confidence, r.citation) for r in latest])]


def _versions(ctx: click.Context, code: str) -> tuple[Rule, ...]:
    try:
        return rulebook.versions(code.upper())
    except UnknownRule:
        # Codes differ in their last digits: the nearest is one of the same subject, where there is one.
        same = [known for known in rulebook.codes() if known[:SUBJECT] == code.upper()[:SUBJECT]]
        ctx.fail(no_such("rule", code.upper(), same or rulebook.codes()) + " captable rule lists them all.")


# HK20, of HK201: rules of one subject begin alike.
SUBJECT = 4


def _plain(each: Rule) -> dict[str, object]:
    names = "code", "title", "severity", "citation", "confidence", "meaning", "example", "clears", "in_force_until"
    since = None if each.in_force_from == date.min else each.in_force_from
    beside = {"in_force_from": since, "not_checked_by": each.asked_by, "to_confirm": each.to_confirm}
    return {**fields_of(each, *names), **beside}


def _each(chosen: Sequence[Rule]) -> Iterator[str | TextTable]:
    for place, each in enumerate(reversed(chosen)):
        if place:
            yield ""
        yield f"{each.code}  {each.title}"
        yield f"  {each.meaning}"
        yield TextTable(("", ""), [(f"  {head}", text) for head, text in _heads(each).items()])


def _heads(each: Rule) -> dict[str, str]:
    asking = ", ".join(asked if asked in COMMANDS else f"can {asked}" for asked in each.asked_by)
    return {
        "In force": _in_force(each),
        "Source": f"{each.citation} ({each.confidence})",
        **({"To confirm": each.to_confirm} if each.to_confirm else {}),
        **({"Rulebook": MAIN_BOARD_RULES} if "Main Board" in each.citation else {}),
        "Severity": each.severity,
        **({"Not checked by": asking} if asking else {}),
        "Example": each.example,
        "To clear": each.clears,
    }


def _in_force(each: Rule) -> str:
    since = "" if each.in_force_from == date.min else f"since {output.day(each.in_force_from)}"
    until = "" if each.in_force_until is None else f"to {output.day(each.in_force_until - timedelta(days=1))}"
    return ", ".join(part for part in (since, until) if part) or "always, as far as this program goes back"
