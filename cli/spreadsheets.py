"""`captable record --file` with a spreadsheet: how its columns are understood is shown, and confirmed once for its heads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs

from application import ask
from application.same_day import SameDay, same_day
from cli import options, output
from cli.answers import Answer
from cli.event_options import command_name, no_event, words
from cli.layout import TextTable, echo
from cli.progress import waited, with_progress
from cli.recording import keep
from cli.wiring import location, opened
from domain.capital.entries import Viewpoint
from domain.errors import BadInput, Refused
from domain.events import EVENT_TYPES, Event
from domain.events.buy_backs import TradedShares
from infrastructure import store_url
from infrastructure.files.spreadsheets import remembered
from infrastructure.files.spreadsheets.concepts import FIELDS
from infrastructure.files.spreadsheets.fills import DayReport, average
from infrastructure.files.spreadsheets.reading import ReadSheet, read_facts
from infrastructure.files.spreadsheets.rows import CellProblem, Directions
from infrastructure.readers import names
from infrastructure.readers.records import Batch
from infrastructure.readers.values import types_of

MANY = 20
"""Beyond so many days, the others are counted."""

CELLS = 8
"""Beyond so many cells of one repair, the others are counted."""


@attrs.frozen(kw_only=True)
class Said:
    """What the options say of a spreadsheet, as they were written."""

    given: Sequence[str]
    stated: Sequence[str]
    kind: str | None
    order: str | None
    sheet: str | None
    yes: bool
    beside: bool


def record_sheet(
    name: str,
    content: bytes,
    said: Said,
    store: str | None,
    issuer: str | None,
    recorded_by: str,
    *,
    dry_run: bool,
) -> Answer:
    """Record the facts of a spreadsheet: at once where its columns were confirmed before, or are now with --yes."""
    folder = _folder(store)
    known = remembered.load(folder)
    read, held = _read(name, content, said, store, issuer, recorded_by, known)
    echo(_said_of(read), err=True)
    if read.problems:
        raise BadInput(list(_by_repair(read.problems)))
    if not read.drafts:
        raise BadInput([f"{read.sheet.file}: holds no facts below row {read.match.head_row + 1}"])
    if held:
        raise Refused([f"{read.sheet.file}: {_line_of(each)}" for each in held])
    columns, batch = read.match, Batch(read.drafts, read.places, ())
    confirmed = said.yes or columns.heads in known
    # The cells of a long sheet are no longer needed, and recording it needs room.
    del read, content
    with waited("recording"):
        answer = keep(batch, store, issuer, dry_run=dry_run or not confirmed)
    if confirmed and not dry_run:
        remembered.keep(folder, known, columns)
    return answer if confirmed else attrs.evolve(answer, said=(*answer.said, UNCONFIRMED))


UNCONFIRMED = "nothing was recorded: --yes records this, and remembers these columns for the next sheet with the same heads"


def _read(
    name: str,
    content: bytes,
    said: Said,
    store: str | None,
    issuer: str | None,
    recorded_by: str,
    known: remembered.Remembered,
) -> tuple[ReadSheet, tuple[SameDay, ...]]:
    """What a sheet says to the book that is meant, and the days of which that book has other trades."""
    with opened(store) as books:
        code = ask.which_issuer(books, issuer)
        classes = ask.position(books, code, Viewpoint(options.today())).terms.classes
        read = read_facts(
            name,
            content,
            _directions(said),
            recorded_by=recorded_by,
            classes={each.code: each.stock_code for each in classes.values() if each.abolished_on is None},
            remembered=known,
            progress=lambda rows, total: with_progress(rows, total, "rows"),
        )
        return read, () if said.beside else tuple(same_day(books, code, read.drafts))


def _folder(store: str | None) -> Path:
    place = store_url.parsed(location(store, create=False))
    return place.path.parent if place.path is not None else Path()


# --- options --------------------------------------------------------------------------------------------------------


def _directions(said: Said) -> Directions:
    fields = {each.name for each in FIELDS} | {field for kind in EVENT_TYPES for field in types_of(kind)}
    return Directions(
        given=_pairs("--map", said.given, fields),
        stated=_pairs("--set", said.stated, fields),
        kind=_kind(said.kind),
        order=said.order,
        sheet=said.sheet,
    )


def _pairs(option: str, written: Sequence[str], fields: Iterable[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for text in written:
        name, equals, value = text.partition("=")
        field = names.field(name.strip())
        if not equals or not value.strip():
            raise BadInput([f"{option}: expected a field and what it is, such as {_EXAMPLES[option]}, got {text}"])
        if field not in fields:
            near = names.near_field(field, tuple(sorted(fields)))
            raise BadInput([f"{option}: unknown field {field}." + (f" Did you mean {near}?" if near else "")])
        found[field] = value.strip()
    return found


_EXAMPLES = {"--map": '--map shares="Qty bought"', "--set": "--set intention=cancellation"}


def _kind(name: str | None) -> type[Event] | None:
    if name is None or (kind := names.event_type(name)) is not None:
        return None if name is None else kind
    raise BadInput([f"--event: {no_event(name)}"])


# --- what is understood ---------------------------------------------------------------------------------------------


def _said_of(read: ReadSheet) -> Iterator[str | TextTable]:
    yield f"{read.sheet.file}: {_many(read.rows, 'row')} below the heads in row {read.match.head_row + 1}"
    used = [each for each in read.match.columns if each.field is not None]
    yield TextTable(
        ("  column", "", "is", "because"), [[f"  {each.letters}", each.head, str(each.field), each.why] for each in used]
    )
    if passed_over := [each for each in read.match.columns if each.field is None]:
        yield TextTable(("  not used", "", "because"), [[f"  {each.letters}", each.head, each.why] for each in passed_over])
    if read.kind is not None and read.kind_because is not None:
        yield f"  every row is {command_name(read.kind)}: {read.kind_because}"
    for line in read.assumed:
        yield f"  assumed: {line}"
    reasons: dict[str, list[int]] = defaultdict(list)
    for left in read.left_out:
        reasons[left.why].append(left.row + 1)
    for why, rows in reasons.items():
        yield f"  left out: {_rows(rows)}: {why}"
    for report in read.reports[:MANY]:
        yield from _report(report)
    if len(read.reports) > MANY:
        yield f"  and {len(read.reports) - MANY:,} more days"


def _report(report: DayReport) -> Iterator[str]:
    try:
        trades = report.trades
    except ValueError:
        return
    for trade, fills in zip(trades, report.fills, strict=True):
        paid = f"{trade.paid.currency} {trade.paid.amount:,f}"
        at = (
            f"@ {trade.price}" if trade.price is not None else f"@ {trade.highest} to {trade.lowest}, on average {average(trade)}"
        )
        what = f"{words(report.kind)}, {trade.method}: {trade.shares:,} {at} = {paid}"
        yield f"  {output.day(report.on)}   {what} ({_many(fills, 'fill')})"


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _rows(rows: Sequence[int]) -> str:
    listed = ", ".join(map(str, rows[:CELLS]))
    more = f" and {len(rows) - CELLS:,} more" if len(rows) > CELLS else ""
    return f"row{'' if len(rows) == 1 else 's'} {listed}{more}"


# --- what is wrong --------------------------------------------------------------------------------------------------


def _by_repair(problems: Sequence[CellProblem]) -> Iterator[str]:
    """The cells that cannot be read, together where one repair puts them right."""
    repairs: dict[str, list[CellProblem]] = defaultdict(list)
    for problem in problems:
        repairs[problem.repair].append(problem)
    for repair, found in repairs.items():
        yield f"{repair} ({_many(len(found), 'cell')})"
        yield from (f"  {each.cell}: {each.field}: {each.message}" for each in found[:CELLS])
        if len(found) > CELLS:
            yield f"  and {len(found) - CELLS:,} more"


def _line_of(found: SameDay) -> str:
    event, held = found.event, found.entries
    numbers = " and ".join(str(entry.number) for entry in held)
    shares = " and ".join(f"{entry.event.shares:,}" for entry in held if isinstance(entry.event, TradedShares))
    return (
        f"{output.day(event.effective_on)}: {words(type(event)).lower()}: entry {numbers} has {shares}, "
        f"this sheet {event.shares:,}; correct the entry, or record both with --beside"
    )
