"""`captable annual`: the tables of an annual report about shares, beside the year's Monthly Returns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import click

from cli import options
from cli.answers import Answer, answering
from cli.errors import FINDINGS
from cli.event_options import words
from cli.layout import TextTable
from cli.wiring import book
from domain.capital.ledger import Ledger
from domain.errors import BadInput
from domain.mandates.financial_year import year_end_before
from domain.returns.annual import AnnualTables, CapitalLine, ClassYear, MonthAgreed, MonthOfPurchases, tables
from domain.returns.purchases import Amounts
from domain.values import day_text, grouped

MOVEMENTS, PURCHASES = "movements", "purchases"


@click.command()
@click.option(
    "--ends",
    type=options.Day(),
    callback=options.say_ahead,
    help="Last day of the financial year (default: the issuer's last one that has ended).",
)
@answering()
@options.of_a_book
def annual(ends: date | None, at: options.BookAt) -> Answer:
    """Movements of share capital over a financial year, and purchases month by month.

    The purchases are those that rule 10.06(4)(b) asks the annual report for. Each month is compared with its Monthly Return as it
    was filed; exit code 1 if one does not agree.

    \b
    Examples:
      captable annual --ends "31 Dec 2025"
      captable annual --ends 2025-12-31 --format xlsx -o annual.xlsx
    """
    with book(*at) as (books, code):
        ledger = Ledger.of(books.entries(code))
    found = tables(ledger, ends or _last_ended(ledger))
    return Answer(
        content=_content(found),
        rows=[*_movement_rows(found), *_purchase_rows(found)],
        columns=_COLUMNS,
        text=lambda: _text(found),
        code=FINDINGS if any(month.differs for month in found.months) else 0,
    )


def _last_ended(ledger: Ledger) -> date:
    today = options.today()
    issuer = ledger.at(today).terms.issuer
    if issuer is None or issuer.financial_year_end is None:
        raise BadInput("--ends: expected the last day of a financial year: the book does not say when the issuer's ends")
    return year_end_before(issuer.financial_year_end, today)


# --- as text ------------------------------------------------------------------------------------------------------------

_HEADS = ("", "issued excl. treasury", "treasury", "total", "entries")
_PURCHASE_HEADS = ("month", "class", "shares", "highest price", "lowest price", "paid in all", "entries")


def _text(found: AnnualTables) -> Iterator[str | TextTable]:
    for each in found.classes:
        first = found.opened_on + timedelta(days=1)
        yield f"Movements of class {each.share_class}, {day_text(first)} to {day_text(found.ends)}"
        yield TextTable(_HEADS, [_line(found, each, line) for line in _lines(each)])
    yield "Purchases of the issuer's own shares, month by month (rule 10.06(4)(b))"
    if found.purchases:
        yield TextTable(_PURCHASE_HEADS, [_purchase(each) for each in found.purchases])
    else:
        yield "  none"
    yield from _beside_the_returns(found.months)


def _lines(each: ClassYear) -> list[CapitalLine]:
    return [each.opening, *each.movements, each.closing]


def _name(found: AnnualTables, each: ClassYear, line: CapitalLine) -> str:
    if line.kind is not None:
        return words(line.kind)
    return f"At close of {day_text(found.opened_on if line is each.opening else found.ends)}"


def _line(found: AnnualTables, each: ClassYear, line: CapitalLine) -> list[object]:
    issued, treasury = line.issued.value or 0, line.treasury.value or 0
    entries = ", ".join(map(str, _entries(line))) if line.kind is not None else ""
    return [_name(found, each, line), issued, treasury, issued + treasury, entries]


def _entries(line: CapitalLine) -> list[int]:
    return sorted({*line.issued.entries, *line.treasury.entries})


def _purchase(each: MonthOfPurchases) -> list[object]:
    bought = each.bought
    amounts = [_in_words(amount) for amount in (bought.highest, bought.lowest, bought.paid)]
    return [f"{each.month_end:%B %Y}", each.share_class, bought.shares, *amounts, ", ".join(map(str, each.entries))]


def _in_words(amounts: Amounts | None) -> str:
    return " and ".join(map(grouped, amounts)) if amounts is not None else "not known"


def _beside_the_returns(months: tuple[MonthAgreed, ...]) -> Iterator[str]:
    compared = [month for month in months if month.not_compared is None]
    differing = sum(bool(month.differs) for month in compared)
    yield f"Monthly Returns: {len(compared) - differing} of {len(months)} agree with these movements, {differing} do not"
    for said, group in groupby(months, key=lambda month: (month.not_compared, month.differs)):
        alike = list(group)
        names = dict.fromkeys(f"{month.month_end:%B %Y}" for month in (alike[0], alike[-1]))
        for line in filter(None, (said[0], *said[1])):
            yield f"  {' to '.join(names)}: {line}"


# --- as JSON, and as rows -----------------------------------------------------------------------------------------------

_COLUMNS = ("table", "class", "line", "issued", "treasury", "shares", "highest", "lowest", "paid", "entries")


def _content(found: AnnualTables) -> dict[str, Any]:
    return {
        "opened_on": found.opened_on,
        "ends": found.ends,
        MOVEMENTS: list(_movement_rows(found)),
        PURCHASES: list(_purchase_rows(found)),
        "returns": [
            {"month_end": month.month_end, "not_compared": month.not_compared, "differs": month.differs} for month in found.months
        ],
    }


def _movement_rows(found: AnnualTables) -> Iterator[dict[str, Any]]:
    for each in found.classes:
        for line in _lines(each):
            figures = {"issued": line.issued.value or 0, "treasury": line.treasury.value or 0}
            entries = _entries(line) if line.kind is not None else []
            yield {"table": MOVEMENTS, "class": each.share_class, "line": _name(found, each, line), **figures, "entries": entries}


def _purchase_rows(found: AnnualTables) -> Iterator[dict[str, Any]]:
    for each in found.purchases:
        bought = each.bought
        amounts = {"highest": bought.highest, "lowest": bought.lowest, "paid": bought.paid}
        yield {
            "table": PURCHASES,
            "class": each.share_class,
            "line": f"{each.month_end:%Y-%m}",
            "shares": bought.shares,
            **{name: None if amount is None else " and ".join(map(str, amount)) for name, amount in amounts.items()},
            "entries": list(each.entries),
        }
