"""`captable query` and `rebuild`: ask the store in SQL, and rebuild the positions that its books carry forward."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import click

from cli import options, output
from cli.seen_books import seen_books
from cli.wiring import opened, reads_from
from infrastructure.queries import ROWS, SECONDS, Answer, answered
from infrastructure.query_tables import TABLES

_HELP = """Ask the store in SQL. The tables are made in memory, from the entries: no query can read or change the store itself.

\b
Examples:
  captable query "select * from balances where changed_on is null"
  captable query "select event, count(*) as number from entries where in_effect = 1 group by event" --csv
  captable query --known-at 2024-12-18T08:30 "select source, target, sum(quantity) from movements group by 1, 2"

captable export --sqlite FILE writes the same tables for other programs.
"""


def _described() -> str:
    """The tables and their columns, for the help."""
    blocks = [
        "\n".join(["\b", f"{table.name}: {table.meaning}", *(f"  {each.name:<26}{each.meaning}" for each in table.columns)])
        for table in TABLES
    ]
    return "\n\n".join(blocks)


@click.command(help=f"{_HELP}\n{_described()}", short_help="Ask the store in SQL, which only reads.")
@click.argument("sql")
@click.option("--limit", type=click.IntRange(1), default=ROWS, show_default=True, help="At most this many rows.")
@click.option("--seconds", type=click.IntRange(1, 3600), default=SECONDS, show_default=True, help="At most this long.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the result as CSV.")
@click.option("--as-of", type=options.Day(), help="Mandates and findings at close of this day; of today where left out.")
@options.known_at
@options.calendar
@options.as_json
@options.issuer
@options.store
def query(
    sql: str, limit: int, seconds: int, as_csv: bool, as_of: date | None, known_at: datetime | None, calendar: str | None,
    as_json: bool, issuer: str | None, store: str | None,
) -> None:  # fmt: skip
    """Answer a query; its help is made above."""
    with opened(reads_from(store)) as books:
        found = answered(sql, seen_books(books, issuer, as_of, known_at, calendar), limit=limit, seconds=seconds)
    if as_json:
        output.as_json([dict(zip(found.columns, row, strict=True)) for row in found.rows])
    elif as_csv:
        click.echo(_csv(found), nl=False)
    else:
        numbers = [place for place in range(len(found.columns)) if any(isinstance(row[place], int) for row in found.rows)]
        output.table(found.columns, [[_shown(value) for value in row] for row in found.rows], right=numbers)
    if found.more:
        output.say(f"there are more rows; --limit gives more than {limit:,}")


def _csv(found: Answer) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(found.columns)
    writer.writerows(found.rows)
    return text.getvalue()


def _shown(value: object) -> str:
    # What a name holds besides letters must not steer the terminal.
    return "" if value is None else "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in str(value))


@click.command(short_help="Rebuild the positions carried forward.")
@options.issuer
@options.store
def rebuild(issuer: str | None, store: str | None) -> None:
    """Rebuild the positions carried forward from their entries, one book in one transaction.

    \b
    Example:
      captable rebuild
    """
    from application.ask import which_issuer

    with opened(store, writable=True) as books:
        codes = [which_issuer(books, issuer)] if issuer else books.issuers()
        for code in codes:
            click.echo(f"{code}: positions are carried forward from {books.rebuild(code):,} entries")
    if not codes:
        click.echo("the store is empty")
