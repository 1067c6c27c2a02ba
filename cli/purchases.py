"""`captable reconcile --repurchases`: what was bought, by the broker's file, the book and the Exchange's list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import click

from application import ask
from application.reconcile import purchases
from cli import options
from cli.answers import Answer
from cli.errors import FINDINGS
from cli.layout import TextTable
from cli.wiring import book
from domain.capital.entries import Viewpoint
from domain.errors import BadInput
from domain.returns.purchases import BOOK, BROKER, PUBLISHED, Bought, ComparedDay, Day, PurchaseRecord, compared
from domain.values import Money, day_text, grouped
from infrastructure.files.spreadsheets.purchases import PurchaseSheet, read_purchases
from infrastructure.taken_in import content

HEADS = ("day", "class", BROKER, BOOK, PUBLISHED, "result")
RECORDS = {BROKER: "the broker's file", BOOK: "the book", PUBLISHED: "the Exchange's list"}
FIGURES = {
    "shares": "number of shares",
    "highest": "highest price",
    "lowest": "lowest price",
    "paid": "amount paid",
    "used": "shares bought under the mandate",
    "percent": "percentage of the issued shares",
}


def file(name: str, meaning: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option for a sheet of purchases."""
    return click.option(name, multiple=True, type=click.Path(exists=True, dir_okay=False), metavar="FILE", help=meaning)


def check_alone(files: Sequence[str], *, alone: bool, doubtful: bool) -> None:
    """Refuse what is said of returns beside purchases. Raises UsageError."""
    if files or alone or doubtful:
        raise click.UsageError("expected either published returns, or purchases with --repurchases and --broker")


def reconciled(
    published: Sequence[str], broker: Sequence[str], order: str | None, store: str | None, issuer: str | None
) -> Answer:
    """Compare the days' purchases in these files with each other and with the book. Raises BadInput, naming file and cell."""
    with book(store, issuer) as (books, code):
        classes = ask.position(books, code, Viewpoint(options.today())).terms.classes
        entries = list(books.entries(code))
    codes = {each.code: each.stock_code for each in classes.values()}
    sheets = {
        name: [_read(file, codes, order) for file in files] for name, files in ((BROKER, broker), (PUBLISHED, published)) if files
    }
    given = {day for read in sheets.values() for each in read for day in each.bought}
    records = {name: _record(name, read) for name, read in sheets.items()} | {BOOK: purchases(entries, given)}
    found = compared([records[name] for name in RECORDS if name in records])
    differing = [each for each in found if not each.agrees]
    return Answer(
        content={
            "files": {name: [each.file for each in read] for name, read in sheets.items()},
            "days": [_as_json(each) for each in found],
        },
        rows=[_row(each, str) for each in found],
        columns=HEADS,
        text=lambda: _text(sheets, found),
        code=FINDINGS if differing or not found else 0,
    )


def _read(file: str, codes: Mapping[str, str | None], order: str | None) -> PurchaseSheet:
    read = read_purchases(file, content(Path(file)), codes, order)
    if read.problems:
        raise BadInput([f"{each.cell}: {each.field}: {each.message}; {each.repair}" for each in read.problems])
    return read


def _record(name: str, sheets: Sequence[PurchaseSheet]) -> PurchaseRecord:
    """The sheets of one kind as one record: a day stands in one of them, or is the same in all."""
    said: dict[Day, Bought] = {}
    for sheet in sheets:
        for day, each in sheet.bought.items():
            if said.setdefault(day, each) != each:
                raise BadInput([f"{sheet.file}: {day_text(day[0])} {day[1]}: expected what another file says of this day"])
    return PurchaseRecord(name, said, frozenset().union(*(each.days for each in sheets)))


# --- as text, as rows, as JSON --------------------------------------------------------------------------------------


def _text(sheets: Mapping[str, Sequence[PurchaseSheet]], found: Sequence[ComparedDay]) -> Iterator[str | TextTable]:
    for name, read in sheets.items():
        for sheet in read:
            counts = f"days of this issuer {len(sheet.bought)}, rows of others {sheet.others}"
            yield f"{sheet.file}: {RECORDS[name]}, {_days(sheet)}; {counts}"
    if not found:
        yield "No purchase of this issuer is in the files, nor in the book on their days."
        return
    yield TextTable(HEADS, [[*_row(each, day_text).values()] for each in found])
    for each in found:
        for figure, values in each.differs.items():
            said = ", ".join(f"{RECORDS[name]} {in_words(value)}" for name, value in values.items())
            yield f"  {day_text(each.on)} {each.share_class}, {FIGURES[figure]}: {said}"
    agreeing = sum(each.agrees for each in found)
    yield f"days compared: {len(found)}; {agreeing} agree, {len(found) - agreeing} do not"


def _days(sheet: PurchaseSheet) -> str:
    first, last = (choose(sheet.days, default=None) for choose in (min, max))
    if first is None or last is None:
        return "no day"
    return day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"


def in_words(value: Any) -> str:
    """A figure as people write it: a number with commas, amounts, a percentage."""
    if isinstance(value, tuple):
        return " and ".join(map(grouped, value))
    return f"{value:,}"


def _row(each: ComparedDay, day: Callable[[Any], str]) -> dict[str, Any]:
    result = "; ".join((*each.missing, *(["different figures"] if each.differs else []))) or "equal"
    numbers = {name: said.shares if (said := each.bought.get(name)) is not None else None for name in (BROKER, BOOK, PUBLISHED)}
    return {"day": day(each.on), "class": each.share_class, **numbers, "result": result}


def _as_json(each: ComparedDay) -> dict[str, Any]:
    return {
        "day": each.on,
        "class": each.share_class,
        "result": _row(each, str)["result"],
        "records": {name: attrs.asdict(said, recurse=False, value_serializer=_plain) for name, said in each.bought.items()},
        "differs": {
            figure: {name: _plain(None, None, value) for name, value in said.items()} for figure, said in each.differs.items()
        },
    }


def _plain(_: Any, __: Any, value: Any) -> Any:
    if isinstance(value, tuple):
        return [str(each) if isinstance(each, Money) else each for each in value]
    return value
