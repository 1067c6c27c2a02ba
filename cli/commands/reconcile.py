"""`captable reconcile`: published returns beside the book, or alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import click

from application.reconcile import reconciled
from cli import options, purchases
from cli.answers import Answer, answering
from cli.errors import FINDINGS
from cli.layout import TextTable
from cli.published import doubts, read_all
from cli.wiring import book
from domain.returns.filings import NotPrepared
from domain.returns.reconcile import DIFFERENT, ONLY_HERE, ONLY_THERE, Difference, Reconciled
from domain.returns.succession import Break, breaks, name_of
from infrastructure.files.published import ReadReturn

Read = list[tuple[str, ReadReturn]]


@click.command(name="reconcile")
@click.argument("files", nargs=-1, type=click.Path(exists=True), metavar="FILE…")
@click.option("--alone", is_flag=True, help="Without a book: check each return, and each against the one before.")
@click.option("--doubtful", is_flag=True, help="List every cell that was not read with certainty, with its text.")
@purchases.file("--repurchases", "The Exchange's daily list of share repurchases, as a workbook or CSV; several may be given.")
@purchases.file("--broker", "The broker's file of the same days, as a workbook or CSV; several may be given.")
@options.dates
@answering()
@options.of_a_book
def reconcile(
    files: tuple[str, ...],
    alone: bool,
    doubtful: bool,
    repurchases: tuple[str, ...],
    broker: tuple[str, ...],
    order: str | None,
    at: options.BookAt,
) -> Answer:
    """Compare published returns with the book: what is equal, what differs and the likely reason.

    FILE is a return in PDF, HTML or text, or a folder of them. Each is compared with the return that the book gives for the same
    day and the same submission. Exit code 0 if all are equal, 1 where one differs. Free text, such as remarks, may be worded
    differently.

    With --repurchases, or --broker, purchases are compared instead, day by day: bought, in the book, and in a return.

    \b
    Examples:
      captable reconcile monthly-2024-12.pdf
      captable reconcile published/ --json
      captable reconcile published/ --alone
      captable reconcile --repurchases list.xls --broker fills.csv
    """
    if repurchases or broker:
        purchases.check_alone(files, alone=alone, doubtful=doubtful)
        return purchases.reconciled(repurchases, broker, order, *at)
    if not files:
        raise click.UsageError("expected FILE…: a published return or a folder of them; or --repurchases FILE")
    return _returns(files, at, alone=alone, doubtful=doubtful)


def _returns(files: Sequence[str], at: options.BookAt, *, alone: bool, doubtful: bool) -> Answer:
    read = list(read_all(files))
    between = breaks([each.document for _, each in read])
    if alone:
        results: list[Reconciled | str | None] = [None] * len(read)
    else:
        with book(*at) as (books, code):
            entries = list(books.entries(code))
        results = [_compared(entries, each) for _, each in read]
    return Answer(
        content=_content(read, results, between),
        rows=_rows(read, results),
        columns=("file", "return", *(each.name for each in attrs.fields(Difference))),
        text=lambda: _text(read, results, between, doubtful=doubtful),
        code=FINDINGS if _differs(read, results, between, alone=alone) else 0,
    )


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


# --- as text ------------------------------------------------------------------------------------------------------------

_HEADS = ("file", "return", "form", "equal", DIFFERENT, ONLY_THERE, ONLY_HERE, "doubtful", "does not hold")


def _text(
    read: Read, results: Sequence[Reconciled | str | None], between: Sequence[Break], *, doubtful: bool
) -> Iterator[str | TextTable]:
    rows = [_row(name, each, result) for (name, each), result in zip(read, results, strict=True)]
    counted = [at for at, _ in enumerate(_HEADS) if not all(row[at] is None for row in rows)]
    yield TextTable([_HEADS[at] for at in counted], [[row[at] for at in counted] for row in rows])
    for (name, each), result in zip(read, results, strict=True):
        yield from _one(name, each, result, doubtful=doubtful)
    for broken in between:
        yield f"\n{name_of(read[broken.before][1].document)} → {name_of(read[broken.after][1].document)}"
        yield f"  does not hold: {broken.says}"
        yield f"  {broken.where}: expected {broken.expected}, found {broken.found}"


def _row(name: str, read: ReadReturn, result: Reconciled | str | None) -> list[object]:
    counts: list[int | None] = [None] * 4
    if isinstance(result, Reconciled):
        states = [each.state for each in result.found]
        counts = [result.equal, *(states.count(state) for state in (DIFFERENT, ONLY_THERE, ONLY_HERE))]
    return [name, name_of(read.document), str(read.document.form), *counts, len(read.doubtful), len(read.broken)]


def _one(name: str, read: ReadReturn, result: Reconciled | str | None, *, doubtful: bool) -> Iterator[str | TextTable]:
    said: list[str | TextTable] = []
    if isinstance(result, Reconciled) and result.differences:
        heads = ("  where", "", "published", "book", "likely reason")
        said.append(TextTable(heads, [_difference(each) for each in result.differences]))
    if isinstance(result, str):
        said.append(f"  the book has no such return: {result}")
    said += [f"  does not hold within the return: {each.says}" for each in read.broken]
    said += [f"  {note}" for note in read.notes]
    if isinstance(result, Reconciled) and result.worded_otherwise:
        said.append(f"  other words: {'; '.join(each.where for each in result.worded_otherwise)}")
    if doubtful and read.doubtful:
        said.append(doubts(read.document, read.doubtful))
    if said:
        yield f"\n{name}"
        yield from said


def _difference(each: Difference) -> list[str]:
    return [f"  {each.where}", each.state, each.published or "blank", each.book or "blank", each.reason]


# --- as JSON, and as rows -----------------------------------------------------------------------------------------------


def _content(read: Read, results: Sequence[Reconciled | str | None], between: Sequence[Break]) -> dict[str, Any]:
    return {
        "returns": [_one_as_json(name, each, result) for (name, each), result in zip(read, results, strict=True)],
        "between": [
            {**attrs.asdict(broken), "before": read[broken.before][0], "after": read[broken.after][0]} for broken in between
        ],
    }


def _rows(read: Read, results: Sequence[Reconciled | str | None]) -> list[dict[str, Any]]:
    return [
        {"file": name, "return": name_of(each.document), **attrs.asdict(difference)}
        for (name, each), result in zip(read, results, strict=True)
        for difference in (result.differences if isinstance(result, Reconciled) else ())
    ]


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
