"""The application-amount table in the text of a published announcement, however its columns were mangled.

The text of a PDF keeps the table's lines but not its columns: pairs of a number of shares and an amount, several to a line.
What cannot be read is handed on as it stands, never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import attrs

from domain.offerings.application_money import PrintedAmount
from infrastructure.readers.values import UnreadableValue

# Footnote marks stick to a number; a currency may stand before it.
_MARKS = r"(?:[\"'“”‘’*†‡#¹²³⁽⁾]|\([0-9]\))*"
_SHARES = re.compile(rf"([1-9][0-9]{{0,2}}(?:,[0-9]{{3}}){{1,12}}|[1-9][0-9]{{0,39}}){_MARKS}")
_AMOUNT = re.compile(rf"(?:HK)?\$?([0-9]{{1,3}}(?:,[0-9]{{3}}){{1,14}}\.[0-9]{{2}}|[0-9]{{1,45}}\.[0-9]{{2}}){_MARKS}")
_BROKEN = re.compile(r"(?<=[0-9][.,])\s+(?=[0-9])")
# A table that runs over a page leaves this many lines at most for what stands between.
_PAGE_BREAK = 12


@attrs.frozen
class AmountTable:
    """The rows that were read, in the text's order, and the lines of the table that were not, by number."""

    rows: tuple[PrintedAmount, ...]
    unread: tuple[tuple[int, str], ...]


def read_table(text: str) -> AmountTable:
    """The longest table of pairs of shares and amounts in a text. Raises UnreadableValue if there is none."""
    lines = text.splitlines()
    read = {number: rows for number, line in enumerate(lines, start=1) if (rows := _rows(line, number))}
    if not read:
        raise UnreadableValue("no table of numbers of shares and amounts payable found in the text")
    table = max(_runs(list(read)), key=lambda run: sum(len(read[number]) for number in run))
    between = (number for number in range(table[0], table[-1] + 1) if number not in read)
    unread = tuple(
        (number, lines[number - 1].strip()) for number in between if any(map(_AMOUNT.fullmatch, lines[number - 1].split()))
    )
    return AmountTable(tuple(row for number in table for row in read[number]), unread)


def _rows(line: str, number: int) -> tuple[PrintedAmount, ...]:
    """The pairs of a line, or none: every word holds a digit, they pair up, and one pair at least is whole."""
    words = _BROKEN.sub("", line).split()
    if len(words) % 2 or not all(any(letter in "0123456789" for letter in word) for word in words):
        return ()
    rows = tuple(_row(shares, amount, number) for shares, amount in zip(words[::2], words[1::2], strict=True))
    return rows if any(row.shares is not None and row.amount is not None for row in rows) else ()


def _row(shares: str, amount: str, number: int) -> PrintedAmount:
    read, payable = _SHARES.fullmatch(shares), _AMOUNT.fullmatch(amount)
    return PrintedAmount(
        shares_text=shares,
        text=amount,
        line=number,
        shares=int(read[1].replace(",", "")) if read else None,
        amount=Decimal(payable[1].replace(",", "")) if payable else None,
    )


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Line numbers parted where more than a page break lies between two of them."""
    runs = [[numbers[0]]]
    for number in numbers[1:]:
        if number - runs[-1][-1] > _PAGE_BREAK:
            runs.append([])
        runs[-1].append(number)
    return runs
