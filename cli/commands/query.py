"""`captable query` and `rebuild`: the tables that are derived from the books, asked in SQL and made anew."""

from __future__ import annotations

import csv
import io

import click

from cli import options, output
from cli.wiring import opened, reads_from
from infrastructure.queries import ROWS, SECONDS, Answer, answered


@click.command(short_help="Ask the store in SQL, which only reads.")
@click.argument("sql")
@click.option("--limit", type=click.IntRange(1), default=ROWS, show_default=True, help="At most this many rows.")
@click.option("--seconds", type=click.IntRange(1, 3600), default=SECONDS, show_default=True, help="At most this long.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the result as CSV.")
@options.as_json
@options.store
def query(sql: str, limit: int, seconds: int, as_csv: bool, as_json: bool, store: str | None) -> None:
    """Ask the store in SQL, which can only read: the views v_entries, v_postings, v_accounts_today and v_balances_today.

    \b
    Examples:
      captable query "select * from v_balances_today"
      captable query "select event, count(*) as number from v_entries where in_effect = 1 group by event" --csv
    """
    found = answered(reads_from(store), sql, limit=limit, seconds=seconds)
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


@click.command(short_help="Make the tables derived from the books anew.")
@options.issuer
@options.store
def rebuild(issuer: str | None, store: str | None) -> None:
    """Make the tables derived from the books anew from their entries, one book in one transaction.

    \b
    Example:
      captable rebuild
    """
    from application.ask import which_issuer

    with opened(store, writable=True) as books:
        codes = [which_issuer(books, issuer)] if issuer else books.issuers()
        for code in codes:
            click.echo(f"{code}: the tables say what {books.rebuild(code):,} entries make")
    if not codes:
        click.echo("the store is empty")
