"""A sheet of 100,000 rows, as CSV and as a workbook: the same facts, in seconds and in little memory."""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.running import SCRIPT, done

ROWS, DAYS = 100_000, 500
HEADS = ("Trade Date", "Settlement Date", "Side", "Quantity", "Price (HK$)", "Commission")


def fills():
    for at in range(ROWS):
        day = date(2024, 6, 3) + timedelta(days=at * DAYS // ROWS)
        yield day, 1 + at % 2, 250 + at % 13


def write_csv(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(HEADS)
        for day, shares, cents in fills():
            writer.writerow(
                [f"{day:%d/%m/%Y}", f"{day + timedelta(days=2):%d/%m/%Y}", "B", shares, f"{cents // 100}.{cents % 100:02}", 10]
            )


def write_xlsx(path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADS)
        for at, (day, shares, cents) in enumerate(fills(), 1):
            traded = datetime(day.year, day.month, day.day)
            page.write_datetime(at, 0, traded)
            page.write_datetime(at, 1, traded + timedelta(days=2))
            page.write_row(at, 2, ["B", shares, cents / 100, 10])


@pytest.mark.parametrize(("name", "write"), [("fills.csv", write_csv), ("fills.xlsx", write_xlsx)])
def test_a_hundred_thousand_fills_are_recorded_in_seconds(tmp_path, name, write):
    founding = [
        '{"event": "IssuerRegistered", "effective_on": "2024-01-02", "issuer": "02025", "name": "Example Harbour Limited"}',
        '{"event": "ShareClassCreated", "effective_on": "2024-01-02", "share_class": "ordinary", "class_label": "Ordinary shares"}',
        '{"event": "AuthorisedCapitalIncreased", "effective_on": "2024-01-02", "share_class": "ordinary", "shares": 2000000}',
        '{"event": "BalanceBroughtForward", "effective_on": "2024-01-02", "share_class": "ordinary", "held": 1000000}',
    ]
    Path("founding.jsonl").write_text("\n".join(founding))
    done("record", "--file", "founding.jsonl")
    write(Path(name))
    began = time.monotonic()
    command = [str(SCRIPT), "record", "--file", name, "--dates", "dmy", "--set", "intention=cancellation", "--yes"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, env=os.environ, check=False)
    seconds = time.monotonic() - began
    assert ran.returncode == 0, ran.stderr
    # 50,000 rows of one share and 50,000 of two.
    assert "ordinary pending cancellation  0 → 150,000" in ran.stdout
    trades = [trade for fact in done("history", "--all", "--json").json for trade in fact.get("trades", ())]
    assert len(trades) == DAYS
    assert sum(trade["shares"] for trade in trades) == 150_000
    cents = sum(shares * price for _, shares, price in fills())
    assert sum(Decimal(trade["paid"].removeprefix("HKD ")) for trade in trades) == Decimal(cents) / 100
    print(f"{name}: {seconds:.1f} s, {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB", file=sys.stderr)
