"""Every answer, in every format: a command returns an `Answer`, and here it is written as text, JSON, CSV or XLSX.

A new format is one function and its row in `FORMATS`. Commas, "not known" and the names of months are of the text alone: the
other formats have whole numbers and ISO days.
"""

from __future__ import annotations

import codecs
import json
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any

import attrs
import click

from cli import options, output
from cli.errors import FINDINGS
from cli.layout import ENDLESS, Screen, TextTable, echo, laid_out, page
from domain.errors import BadInput

Row = Mapping[str, Any]


@attrs.frozen(kw_only=True)
class Answer:
    """What a command found.

    `content` is the whole as JSON has it; `rows` are its list, plain, and `columns` the heads that it has even if it is empty.
    `text` makes the tables and sentences for people, `aside` is said beside them on standard error, and `said` beside every
    format. With `findings` their number is said last. The exit code is 1 where there are some; `code` is another one, where
    something else decides; `name` is said of it when it is written to a file. `more` makes formats of the command's own.
    A text that is `paged` and longer than the terminal goes through the pager.
    """

    content: Any
    rows: Sequence[Row] = ()
    text: Callable[[], Iterable[str | TextTable]]
    columns: Sequence[str] = ()
    aside: str | None = None
    said: Sequence[str] = ()
    findings: Sequence[object] | None = None
    code: int | None = None
    name: str = "answer"
    paged: bool = False
    more: Mapping[str, Callable[[], Iterable[str]]] = attrs.field(factory=dict)

    @property
    def exit_code(self) -> int:
        """The code with which the command ends."""
        return (FINDINGS if self.findings else 0) if self.code is None else self.code


# --- the formats --------------------------------------------------------------------------------------------------


def as_text(answer: Answer, page: Screen = ENDLESS) -> str:
    """Tables and sentences, for people, laid out for a page."""
    return "".join(f"{line}\n" for line in laid_out(answer.text(), page))


def as_json(answer: Answer) -> str:
    """The whole answer, names in their own script."""
    return output.json_text(answer.content) + "\n"


def as_csv(answer: Answer) -> bytes:
    """The rows as CSV, in UTF-8 with the mark by which a spreadsheet knows it."""
    return csv_of(answer.rows, answer.columns)


def as_xlsx(answer: Answer) -> bytes:
    """The rows as a workbook of one sheet. Raises BadInput for what a sheet cannot hold."""
    from infrastructure.renderers.xlsx import table

    heads, cells = grid(answer.rows, answer.columns)
    try:
        return table(heads, cells)
    except ValueError as error:
        raise BadInput(f"{error}; --format csv holds it") from None


TEXT, JSON, CSV, XLSX = "text", "json", "csv", "xlsx"
FORMATS: Mapping[str, Callable[[Answer], str | bytes]] = {TEXT: as_text, JSON: as_json, CSV: as_csv, XLSX: as_xlsx}


# --- rows ---------------------------------------------------------------------------------------------------------


def grid(rows: Sequence[Row], columns: Sequence[str] = ()) -> tuple[list[str], list[list[str | int | None]]]:
    """The heads, which are all keys of the rows, and the cells under them."""
    heads = list(dict.fromkeys([*columns, *(key for row in rows for key in row)]))
    return heads, [[_cell(row.get(head)) for head in heads] for row in rows]


def _cell(value: object) -> str | int | None:
    """A value that a cell holds: a whole number, a text, or nothing. A list of values has spaces between them."""
    match value:
        case bool():
            return "true" if value else "false"
        case None | int():
            return value
        case str():
            return output.stored(value).decode()
        case date():
            return value.isoformat()
        case list() | tuple() if not any(isinstance(each, Mapping | list | tuple) for each in value):
            return " ".join(str(_cell(each)) for each in value)
        case Mapping() | list() | tuple():
            return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def csv_of(rows: Sequence[Row], columns: Sequence[str] = ()) -> bytes:
    """Rows with a head of all their keys. Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    import csv
    import io

    heads, cells = grid(rows, columns)
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([_harmless(cell) for cell in row] for row in cells)
    return target.getvalue().encode("utf-8-sig")


def _harmless(cell: str | int | None) -> str | int | None:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def instant(value: datetime | None) -> str | None:
    """An instant as JSON has it; null for now."""
    return value.isoformat() if value else None


# --- a command that answers ---------------------------------------------------------------------------------------


def format_options(known: Collection[str] = tuple(FORMATS)) -> tuple[options.Decorator, ...]:
    """The options that choose how an answer is written, in the order of the help."""
    return options.as_json, options.rendering(known, TEXT), options.output


def answering(*more: str) -> Callable[[Callable[..., Answer | None]], Callable[..., None]]:
    """The options --json, --format and -o of a command that returns its answer; `more` are formats of its own.

    A command that has written its result itself returns None.
    """
    known = (*FORMATS, *more)

    def decorated(command: Callable[..., Answer | None]) -> Callable[..., None]:
        @wraps(command)
        def run(*arguments: Any, as_json: bool, fmt: str | None, path: str | None, as_csv: bool = False, **given: Any) -> None:
            named = {"--json": as_json and JSON, "--csv": as_csv and CSV, f"--format {fmt}": fmt}
            asked = {option: each for option, each in named.items() if each}
            if len(set(asked.values())) > 1:
                raise click.UsageError(f"expected {' or '.join(asked)}, got both")
            chosen = output.format_of(next(iter(asked.values()), None), path, known, TEXT)
            output.check_place(chosen, path)
            answer = command(*arguments, **given)
            if answer is not None:
                deliver(answer, chosen, path)

        for option in reversed(format_options(known)):
            run = option(run)
        return run

    return decorated


def recording(command: Callable[..., Answer | None]) -> Callable[..., None]:
    """The options of a command that records into a book and returns its answer."""
    return options.by(options.dry_run(answering()(options.of_a_book(command))))


def _beside(answer: Answer, chosen: str) -> Iterator[str]:
    if answer.aside and chosen == TEXT:
        yield answer.aside
    yield from answer.said
    if answer.findings is not None:
        yield f"{len(answer.findings)} finding{'' if len(answer.findings) == 1 else 's'}"


def _overflows(content: str) -> bool:
    """Whether an answer is longer than the terminal on which it would be printed."""
    return sys.stdout.isatty() and content.count("\n") >= shutil.get_terminal_size().lines


def deliver(answer: Answer, chosen: str = TEXT, path: str | None = None) -> None:
    """Write an answer, say what is said beside it, and end the command with its exit code."""
    to_file = path not in (None, "-")
    if chosen in answer.more:
        content: str | bytes = "".join(f"{line}\n" for line in answer.more[chosen]())
    elif chosen == TEXT:
        content = as_text(answer, ENDLESS if to_file else page(sys.stdout))
    else:
        content = FORMATS[chosen](answer)
    if to_file:
        output.give(output.stored(content) if isinstance(content, str) else content, path, answer.name)
    elif isinstance(content, str):
        if answer.paged and chosen == TEXT and _overflows(content):
            click.echo_via_pager(content, color=True)
        else:
            click.echo(content, nl=False, color=True)
    else:
        # The mark is for programs that open a file; of a stream it would become part of the first head.
        output.give(content.removeprefix(codecs.BOM_UTF8), None, answer.name)
    echo(_beside(answer, chosen), err=True)
    if answer.exit_code:
        click.get_current_context().exit(answer.exit_code)
