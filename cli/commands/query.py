"""`captable query` and `rebuild`: ask the store in SQL, and rebuild the positions that its books carry forward."""

from __future__ import annotations

from datetime import date, datetime

import click

from cli import options
from cli.answers import Answer, answering
from cli.layout import TextTable
from cli.output import PrintedNumber
from cli.seen_books import seen_books
from cli.wiring import opened, reads_from
from infrastructure.queries import ROWS, SECONDS, answered
from infrastructure.query_tables import TABLES

_HELP = """Run a read-only SQL query. The tables are made in memory from the entries; no query reads or changes the store itself.

\b
Examples:
  captable query "select * from balances where changed_on is null"
  captable query "select event, count(*) as number from entries where in_effect = 1 group by event" --csv
  captable query --known-at 2024-12-18T08:30 "select source, target, sum(quantity) from movements group by 1, 2"

captable export --sqlite FILE writes the same tables for other programs.
"""


def _described() -> str:
    blocks = [
        "\n".join(["\b", f"{table.name}: {table.meaning}", *(f"  {each.name:<26}{each.meaning}" for each in table.columns)])
        for table in TABLES
    ]
    return "\n\n".join(blocks)


@click.command(help=f"{_HELP}\n{_described()}", short_help="Run a read-only SQL query.")
@click.argument("sql")
@click.option("--limit", type=click.IntRange(1), default=ROWS, show_default=True, help="At most this many rows.")
@click.option("--seconds", type=click.IntRange(1, 3600), default=SECONDS, show_default=True, help="Time limit.")
@options.as_csv
@options.as_of
@options.known_at
@options.calendar
@answering()
@options.of_a_book
def query(
    sql: str, limit: int, seconds: int, as_of: date | None, known_at: datetime | None, calendar: str | None,
    at: options.BookAt,
) -> Answer:  # fmt: skip
    """Answer a query; its help is made above."""
    with opened(reads_from(at.store)) as books:
        found = answered(sql, seen_books(books, at.issuer, as_of, known_at, calendar), limit=limit, seconds=seconds)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    # A number as SQL has it: it may be a year.
    cells = [[PrintedNumber(value) if isinstance(value, int | float) else value for value in row] for row in found.rows]
    more = (f"there are more rows; --limit gives more than {limit:,}",) if found.more else ()
    return Answer(content=rows, rows=rows, columns=found.columns, text=lambda: [TextTable(found.columns, cells)], said=more)


@click.command(short_help="Rebuild the positions carried forward.")
@answering()
@options.of_a_book
def rebuild(at: options.BookAt) -> Answer:
    """Rebuild the positions carried forward from their entries, one book in one transaction.

    \b
    Example:
      captable rebuild
    """
    from application.ask import which_issuer

    with opened(at.store, writable=True) as books:
        codes = [which_issuer(books, at.issuer)] if at.issuer else books.issuers()
        rebuilt = {code: books.rebuild(code) for code in codes}
    said = [f"{code}: positions are carried forward from {entries:,} entries" for code, entries in rebuilt.items()]
    rows = [{"issuer": code, "entries": entries} for code, entries in rebuilt.items()]
    return Answer(content=rows, rows=rows, columns=("issuer", "entries"), text=lambda: said or ["the store is empty"])
