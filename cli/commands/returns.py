"""`captable return`: the Monthly Return and the Next Day Disclosure Return, as documents or explained."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import attrs
import click

from application import prepare_return
from cli import options, output
from cli.answers import Answer, deliver
from cli.wiring import book
from domain.law.rule import Finding
from domain.returns.documents import Return
from domain.returns.explain import explain, explanation
from domain.returns.filings import RESUBMISSION, with_status
from infrastructure.renderers import FORMATS, SHEET_FORMATS, render, render_typing_sheet

SHEET = "sheet"
"""What to type into the e-form, as text, HTML or PDF by the suffix of the file."""


def _shared(command: Any) -> Any:
    for add in (
        options.of_a_book,
        options.known_at,
        click.option("--explain", "explained", is_flag=True, help="Explain every figure instead of printing the document."),
        click.option(
            "--final",
            is_flag=True,
            help="Omit the DRAFT mark for findings; one that gives its reason stays.",
        ),
        options.output,
        options.rendering((*FORMATS, SHEET), "text"),
        options.status,
        options.submitted_on(),
    ):
        command = add(command)
    return command


@click.group(name="return", invoke_without_command=True)
@click.pass_context
def returns(ctx: click.Context) -> None:
    """Draft a return for any date, as the book is now or was then.

    \b
    Examples:
      captable return monthly --month 2024-12 --submitted-on 2025-01-06
      captable return next-day --on 2024-12-17 --submitted-on 2024-12-18 --format pdf -o return.pdf
      captable return next-day --on 2024-12-17 --explain
      captable return next-day --on 2024-12-17 --format sheet -o sheet.pdf
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@returns.command(short_help="FF301, for a month (rule 13.25B).")
@click.option("--month", type=options.Month(), required=True, help="The month: 2024-12.")
@_shared
def monthly(
    month: tuple[int, int], submitted_on: date | None, known_at: datetime | None, at: options.BookAt, **shown: Any
) -> None:
    """The Monthly Return (FF301, rule 13.25B) of a month.

    \b
    Example:
      captable return monthly --month 2024-12 --submitted-on 2025-01-06 --format pdf -o monthly.pdf
    """
    with book(*at) as (books, code):
        submitted = submitted_on or options.today()
        if shown["explained"]:
            document = prepare_return.monthly_return(books, code, *month, submitted, known_at, explained=True)
            found = prepare_return.findings_about(books, code, document)
        else:
            document, found = prepare_return.monthly_with_findings(books, code, *month, submitted, known_at)
        _give(document, found, **shown)


@returns.command(name="next-day", short_help="FF305 (FF304 to 10 June 2024) for a day (rule 13.25A).")
@click.option(
    "--on", type=options.Day(), callback=options.say_ahead, required=True, help="Disclose what changed until close of this day."
)
@_shared
def next_day(
    on: date, status: str | None, submitted_on: date | None, known_at: datetime | None, at: options.BookAt, **shown: Any
) -> None:
    """The Next Day Disclosure Return (FF305; FF304 to 10 June 2024; rule 13.25A): changes to a day.

    It lists what no return filed before has, so that a second return of one day does not repeat the first. Where nothing is
    left to list, or with --status Resubmission, it is the return of that day once more.

    \b
    Examples:
      captable return next-day --on 2024-12-17 --submitted-on 2024-12-18 --explain
      captable return next-day --on 2024-12-17 --submitted-on 2024-12-19 --status resubmission
    """
    with book(*at) as (books, code):
        submitted = submitted_on or options.today()
        document = prepare_return.next_day_return(
            books, code, on, submitted, known_at, again=status == RESUBMISSION, explained=shown["explained"]
        )
        _give(document, prepare_return.findings_about(books, code, document), status=status, **shown)


def _format(fmt: str | None, path: str | None, explained: bool, **_: Any) -> str:
    typed = fmt == SHEET and not explained
    known = SHEET_FORMATS if typed else ("text", "json") if explained else FORMATS
    return output.format_of(None if typed else fmt, path, known, "text")


def _give(
    document: Return,
    found: tuple[Finding, ...],
    fmt: str | None,
    path: str | None,
    explained: bool,
    final: bool,
    status: str | None,
) -> None:
    document = with_status(document, status)
    typed = fmt == SHEET and not explained
    fmt = _format(fmt, path, explained)
    output.check_place(fmt, path)
    if explained and fmt not in ("text", "json"):
        raise click.UsageError(f"--explain answers in text or json, not as {fmt}")
    if found and not final:
        findings = f"{len(found)} finding{'' if len(found) == 1 else 's'} (captable check)"
        output.say(f"a draft for {findings}" if explained else f"marked DRAFT: {findings}; --final leaves the mark out")
    if not explained:
        output.drafts(document.draft_reasons)
    if explained:
        deliver(_explained(document), fmt, path)
    else:
        content = (render_typing_sheet if typed else render)(document, fmt, draft=bool(found) and not final)
        output.give(content, path, f"typing sheet of {document.form}" if typed else str(document.form))


def _explained(document: Return) -> Answer:
    rows = [attrs.asdict(line) for line in explanation(document)]
    return Answer(content=rows, rows=rows, text=lambda: explain(document), name=f"the explanation of {document.form}")
