"""`captable reconcile`: published returns beside the book, or alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import click

from application.reconcile import reconciled
from cli import options, output
from cli.errors import EXIT_CODES, FINDINGS
from cli.published import doubts, read_all
from cli.wiring import book
from domain.returns.filings import NotPrepared
from domain.returns.reconcile import DIFFERENT, ONLY_HERE, ONLY_THERE, Difference, Reconciled
from domain.returns.succession import Break, breaks, name_of
from infrastructure.files.published import ReadReturn

Read = list[tuple[str, ReadReturn]]


@click.command(name="reconcile")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True), metavar="FILE…")
@click.option("--alone", is_flag=True, help="Use no book: check each return in itself, and from one to the next.")
@click.option("--doubtful", is_flag=True, help="List every cell that could not be read for sure, with the text that was there.")
@options.as_json
@options.issuer
@options.store
@click.pass_context
def reconcile(
    ctx: click.Context,
    files: tuple[str, ...],
    alone: bool,
    doubtful: bool,
    as_json: bool,
    issuer: str | None,
    store: str | None,
) -> None:
    """Compare published returns with the book: what is equal, what differs and the likely reason.

    FILE is a return in PDF, HTML or text, or a folder of them. Each is compared with the return that the book gives for the same
    day and the same submission. Exit code 0 where all are equal, 1 where one differs. An issuer's own words, such as remarks,
    may be other words.

    \b
    Examples:
      captable reconcile monthly-2024-12.pdf
      captable reconcile published/ --json
      captable reconcile published/ --alone
    """
    read = list(read_all(files))
    between = breaks([each.document for _, each in read])
    if alone:
        results: list[Reconciled | str | None] = [None] * len(read)
    else:
        with book(store, issuer) as (books, code):
            entries = list(books.entries(code))
        results = [_compared(entries, each) for _, each in read]
    if as_json:
        output.as_json(_as_json(read, results, between))
    else:
        _print(read, results, between, doubtful=doubtful)
    ctx.exit(EXIT_CODES[FINDINGS] if _differs(read, results, between, alone=alone) else 0)


def _compared(entries: Sequence[Any], read: ReadReturn) -> Reconciled | str:
    """What the comparison found, or why the book cannot give such a return."""
    try:
        return reconciled(entries, read.document)
    except NotPrepared as reason:
        return str(reason)


def _differs(read: Read, results: Sequence[Reconciled | str | None], between: Sequence[Break], *, alone: bool) -> bool:
    if alone:
        return bool(between) or any(each.broken for _, each in read)
    return any(not isinstance(result, Reconciled) or result.differences for result in results)


# --- Printed ------------------------------------------------------------------------------------------------------------


def _print(read: Read, results: Sequence[Reconciled | str | None], between: Sequence[Break], *, doubtful: bool) -> None:
    heads = ("file", "return", "form", "equal", DIFFERENT, ONLY_THERE, ONLY_HERE, "doubtful", "does not hold")
    rows = [_row(name, each, result) for (name, each), result in zip(read, results, strict=True)]
    shown = [at for at, _ in enumerate(heads) if not all(row[at] == "" for row in rows)]
    output.table([heads[at] for at in shown], [[row[at] for at in shown] for row in rows], right=range(3, len(shown)))
    for (name, each), result in zip(read, results, strict=True):
        _print_one(name, each, result, doubtful=doubtful)
    for broken in between:
        pair = f"{name_of(read[broken.before][1].document)} → {name_of(read[broken.after][1].document)}"
        click.echo(f"\n{pair}\n  does not hold: {broken.says}")
        click.echo(f"  {broken.where}: expected {broken.expected}, found {broken.found}")


def _row(name: str, read: ReadReturn, result: Reconciled | str | None) -> list[str]:
    counts = ["", "", "", ""]
    if isinstance(result, Reconciled):
        states = [each.state for each in result.found]
        counts = [str(result.equal), *(str(states.count(state)) for state in (DIFFERENT, ONLY_THERE, ONLY_HERE))]
    return [name, name_of(read.document), str(read.document.form), *counts, str(len(read.doubtful)), str(len(read.broken))]


def _print_one(name: str, read: ReadReturn, result: Reconciled | str | None, *, doubtful: bool) -> None:
    said: list[str] = []
    if isinstance(result, str):
        said.append(f"  the book has no such return: {result}")
    said += [f"  does not hold within the return: {each.says}" for each in read.broken]
    said += [f"  {note}" for note in read.notes]
    if isinstance(result, Reconciled) and result.worded_otherwise:
        said.append(f"  other words: {'; '.join(each.where for each in result.worded_otherwise)}")
    differences = result.differences if isinstance(result, Reconciled) else ()
    if said or differences or (doubtful and read.doubtful):
        click.echo(f"\n{name}")
        if differences:
            heads = ("  where", "", "published", "book", "likely reason")
            output.table(heads, [_difference(each) for each in differences])
        for line in said:
            click.echo(line)
        if doubtful and read.doubtful:
            rows = [[f"  {row[0]}", *row[1:]] for row in doubts(read.document, read.doubtful)]
            output.table(("  doubtful", "taken for", "why", "text"), rows)


def _difference(each: Difference) -> list[str]:
    return [f"  {each.where}", each.state, each.published or "blank", each.book or "blank", each.reason]


# --- As JSON ------------------------------------------------------------------------------------------------------------


def _as_json(read: Read, results: Sequence[Reconciled | str | None], between: Sequence[Break]) -> dict[str, Any]:
    return {
        "returns": [_one_as_json(name, each, result) for (name, each), result in zip(read, results, strict=True)],
        "between": [
            {**attrs.asdict(broken), "before": read[broken.before][0], "after": read[broken.after][0]} for broken in between
        ],
    }


def _one_as_json(name: str, read: ReadReturn, result: Reconciled | str | None) -> dict[str, Any]:
    compared: dict[str, Any] = {}
    if isinstance(result, str):
        compared = {"not_in_the_book": result}
    elif result is not None:
        compared = {
            "equal": result.equal,
            "differences": [attrs.asdict(each) for each in result.differences],
            "other_words": [attrs.asdict(each) for each in result.worded_otherwise],
        }
    return {
        "file": name,
        "return": name_of(read.document),
        "form": str(read.document.form),
        **compared,
        "does_not_hold": [each.says for each in read.broken],
        "doubtful": {path: {"reason": mark.reason, "text": mark.raw} for path, mark in read.doubtful.items()},
        "notes": list(read.notes),
    }
