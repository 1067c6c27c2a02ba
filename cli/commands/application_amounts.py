"""`captable offering table` and `check`: what is payable on application, computed and compared with a published table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from cli import options, output
from cli.answers import Answer, answering
from cli.layout import TextTable
from cli.output import PrintedNumber
from cli.provenance import MONEY, SHARES, ValueType, finding_lines, finding_rows, sourced, sources, usage_errors
from domain.offerings import application_money as amounts
from domain.values import Money
from infrastructure.readers import values
from infrastructure.readers.amount_table import read_table
from infrastructure.taken_in import named


def _lots(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if not parts:
        raise values.UnreadableValue("expected numbers of shares such as 1,000; 2,000")
    return tuple(values.whole(part) for part in parts)


LOTS = ValueType(_lots, "lots")
price_option = click.option("--price", type=MONEY, required=True, metavar="'HKD 3.99'", help="Price of one share on application.")
rates_option = click.option("--on", type=options.Day(), required=True, help="The day whose rates apply.")


@click.command(short_help="What is payable on application, for every number of shares.")
@price_option
@rates_option
@click.option("--lots", type=LOTS, metavar="'1,000; 2,000'", help="The numbers of shares that may be applied for.")
@click.option(
    "--board-lot", type=SHARES, default="1,000", show_default=True, help="Without --lots: the usual steps of this board lot."
)
@click.option("--maximum", type=SHARES, help="Without --lots: the most shares (default: 10,000 board lots).")
@click.option("--shares", type=SHARES, help="Only this number of shares.")
@answering()
def table(
    price: Money, on: date, lots: tuple[int, ...] | None, board_lot: int, maximum: int | None, shares: int | None
) -> Answer:
    """What is payable on application for every number of shares, part by part, each rounded half up to the cent.

    \b
    Examples:
      captable offering table --price "HKD 3.99" --on 2021-12-20 --maximum 75,000,000
      captable offering table --price "HKD 3.99" --on 2021-12-20 --shares 2,000
    """
    with usage_errors():
        most = 10_000 * board_lot if maximum is None else maximum
        known = amounts.ladder(board_lot, most) if lots is None else lots
        one = () if shares is None else (amounts.amount_payable(shares, price, on, known),)
        rows = one or amounts.application_table(price, on, known)
    content = [_amount(row) for row in rows]
    return Answer(
        content=sourced({"price": str(price), "on": on, "rows": content}, amounts.CHARGES),
        rows=[_flat(row) for row in content],
        text=lambda: [
            f"Payable on application at {price} a share, rates of {output.day(on)}",
            TextTable(_heads(rows, price), [_cells(row) for row in rows]),
            *sources(amounts.CHARGES),
        ],
    )


def _heads(rows: Sequence[amounts.ApplicationAmount], price: Money) -> list[str]:
    charges = [f"{charge.parameter.title} {charge.rate} %" for charge in rows[0].charges if charge.rate]
    return ["shares", "price of the shares", *charges, f"payable {price.currency}"]


def _cells(row: amounts.ApplicationAmount) -> list[object]:
    charges = [charge.amount for charge in row.charges if charge.rate]
    return [row.shares, *(PrintedNumber(amounts.cents(each)) for each in (row.consideration, *charges, row.payable))]


def _amount(row: amounts.ApplicationAmount) -> dict[str, Any]:
    charges = {charge.parameter.code: _plain(charge.amount) for charge in row.charges}
    return {"shares": row.shares, "consideration": _plain(row.consideration), "charges": charges, "payable": _plain(row.payable)}


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    payable = {"payable": row["payable"]}
    return {**{name: value for name, value in row.items() if name not in ("charges", "payable")}, **row["charges"], **payable}


def _plain(amount: Money) -> str:
    return f"{amount.amount:.2f}"


@click.command(short_help="Recompute the table of a published text.")
@click.argument("file", metavar="FILE")
@price_option
@rates_option
@answering()
def check(file: str, price: Money, on: date) -> Answer:
    """Recompute the application-amount table in the text of an announcement. Exit code 1 if it differs.

    \b
    Example:
      captable offering check announcement.txt --price "HKD 3.99" --on 2021-12-20
    """
    name, content = named(file)
    if content.startswith(b"%PDF"):
        raise click.UsageError(f"{name} is a PDF; expected its text, as made by pdftotext -layout")
    with usage_errors():
        read = read_table(content.decode("utf-8", errors="replace"))
        checked = amounts.check_table(read.rows, price, on)
    found, good = amounts.misprints(checked), sum(row.agrees for row in checked)
    rows = [_checked(row) for row in checked]
    unread = [{"line": line, "text": text} for line, text in read.unread]
    result = {"rows": rows, "reproduced": good, "unread": unread, "findings": finding_rows(found)}
    return Answer(
        content=sourced(result, amounts.CHARGES),
        rows=rows,
        text=lambda: [
            f"{good} of {len(checked)} rows reproduce at {price} a share and the rates of {output.day(on)}",
            *finding_lines(found),
            *(f"line {line}: not read: {text[:100]}" for line, text in read.unread),
            *sources(amounts.CHARGES),
        ],
        aside="most rows differ: check the price and the day" if good * 2 < len(checked) else None,
        findings=[*found, *read.unread],
    )


def _checked(row: amounts.CheckedRow) -> dict[str, Any]:
    printed = row.printed
    said = {"line": printed.line, "shares": printed.shares, "printed": printed.text}
    read = None if printed.amount is None else str(printed.amount)
    return {**said, "read": read, "expected": row.expected and _plain(row.expected.payable), "agrees": row.agrees}
