"""Where every figure of a return comes from: opening, movements, denominator, and the entries behind each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import attrs

from domain.returns.cells import Figure, Percentage, PrintedPercentage
from domain.returns.documents import (
    Agreements,
    AuthorisedCapital,
    BalanceLine,
    Change,
    ClassSection,
    InstrumentRow,
    Instruments,
    IssuedShares,
    MonthlyReturn,
    NextDayReturn,
    Options,
    OtherMovements,
    PendingShares,
    Return,
    TradeReport,
)
from domain.values import grouped


@attrs.frozen
class Explained:
    """A line of an explanation: what stands in the return, its value as printed, why, and the entries it comes from.

    A heading has no value.
    """

    label: str
    value: str = ""
    because: str = ""
    entries: tuple[int, ...] = ()


def explanation(document: Return) -> list[Explained]:
    """The lines that explain a return, from its head to its last figure."""
    head = Explained(f"{document.form}, {document.status}", because=f"the form in force on {document.submitted_on:%-d %B %Y}")
    drafts = (Explained(f"DRAFT: {reason}") for reason in document.draft_reasons)
    return [head, *drafts, *(_monthly(document) if isinstance(document, MonthlyReturn) else _next_day(document))]


def explain(document: Return) -> list[str]:
    """The explanation of a return as aligned text."""
    lines = explanation(document)
    labels = max(len(line.label) for line in lines if line.value)
    values = max(len(line.value) for line in lines)
    return [_aligned(line, labels, values) for line in lines]


def _aligned(line: Explained, labels: int, values: int) -> str:
    if not line.value:
        return f"{line.label}  {line.because}".rstrip()
    why = "; ".join(reason for reason in (line.because, entries_in_words(line.entries)) if reason)
    return f"{line.label:<{labels}}  {line.value:>{values}}  {why}".rstrip()


def entries_in_words(numbers: Iterable[int]) -> str:
    """Entry numbers in words, runs drawn together: entries 2, 5 to 9, 11; nothing for none."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    parts = [str(first) if first == last else f"{first} to {last}" for first, last in runs]
    plural = "entry" if len(runs) == 1 and runs[0][0] == runs[0][1] else "entries"
    return f"{plural} {', '.join(parts)}" if parts else ""


def _figure(label: str, figure: Figure, because: str = "") -> Iterator[Explained]:
    if figure.value is not None:
        yield Explained(label, f"{figure.value:,}", because, figure.entries)


def _block(title: str) -> Iterator[Explained]:
    yield Explained("")
    yield Explained(title)


def _joined(*parts: object) -> str:
    return ", ".join(str(part) for part in parts if part)


# --- Next Day Disclosure Return -----------------------------------------------------------------------------------


def _next_day(document: NextDayReturn) -> Iterator[Explained]:
    for section in document.sections:
        yield from _block(f"Class {section.heading.code}, {section.heading.class_label}")
        yield from _section(document, section)
    for title, reports in (("Repurchase report", document.repurchases), ("Sales of treasury shares", document.treasury_sales)):
        for report in reports:
            yield from _block(f"{title}, class {report.heading.code}")
            yield from _report(report)


def _section(document: NextDayReturn, section: ClassSection) -> Iterator[Explained]:
    yield from _figure("Opening balance", section.opening.issued, f"{section.opening.on:%-d %B %Y}, {document.opening_basis}")
    yield from _figure("  treasury shares", section.opening.treasury)
    yield from _figure("  total issued", section.opening.total)
    for change in section.changes:
        yield from _change(change, document.denominator_basis)
    yield from _figure("Closing balance", section.closing.issued, f"{section.closing.on:%-d %B %Y}, opening and movements")
    yield from _figure("  treasury shares", section.closing.treasury)
    yield from _figure("  total issued", section.closing.total)
    for tranche in section.pending:
        yield from _pending(tranche, document.denominator_basis)


def _change(change: Change, denominator: str) -> Iterator[Explained]:
    because = _joined(f"{change.changed_on:%-d %B %Y}", change.price, change.text)
    if change.issued.value is None:
        yield Explained(change.category, because=because)
    yield from _figure(change.category, change.issued, because)
    yield from _figure("  treasury shares", change.treasury)
    yield from _percent(change.percent, denominator)


def _pending(tranche: PendingShares, denominator: str) -> Iterator[Explained]:
    yield from _figure(
        "Pending cancellation", tranche.shares, _joined(f"bought {tranche.changed_on:%-d %B %Y}", tranche.price, tranche.text)
    )
    yield from _percent(tranche.percent, denominator)


def _percent(percent: Percentage | PrintedPercentage | None, denominator: str) -> Iterator[Explained]:
    if isinstance(percent, Percentage):
        yield Explained("% of existing", f"{percent} %", f"{abs(percent.shares):,} ÷ {percent.base:,}: {denominator}")


def _report(report: TradeReport) -> Iterator[Explained]:
    for row in report.rows:
        prices = f"{row.price} to {row.lowest}" if row.lowest else row.price
        yield from _figure(
            "Traded",
            row.shares,
            _joined(
                f"{row.traded_on:%-d %B %Y}",
                row.method,
                prices,
                row.total and f"{grouped(row.total)} in all",
            ),
        )
    yield from _figure("Total", report.shares, "sum of the rows")
    yield from _figure("  for cancellation", report.for_cancellation)
    yield from _figure("  to be held in treasury", report.for_treasury)
    if report.mandate is not None:
        mandate = report.mandate
        if mandate.limit is not None and mandate.granted_on is not None:
            yield Explained("Mandate", f"{mandate.limit:,}", f"granted {mandate.granted_on:%-d %B %Y}")
        yield from _figure("  used", mandate.used)
        if isinstance(mandate.percent, Percentage):
            working = f"{mandate.percent.shares:,} ÷ {mandate.percent.base:,}: at the resolution"
            yield Explained("% of issued shares", f"{mandate.percent} %", working)


# --- Monthly Return -----------------------------------------------------------------------------------------------


def _monthly(document: MonthlyReturn) -> Iterator[Explained]:
    for authorised in document.authorised or ():
        yield from _authorised(authorised)
    for money in document.total_authorised_capital:
        yield Explained("Total authorised capital", grouped(money), "sum of the classes, number × par value")
    for blocks, explained in _PARTS:
        for block in getattr(document, blocks):
            yield from explained(block)
    if document.remarks:
        yield from _block("Remarks that stand until they change")
    for remark in document.remarks:
        yield Explained(f"Part {remark.part}", remark.text, "return-remark-changed")


def _authorised(block: AuthorisedCapital) -> Iterator[Explained]:
    yield from _block(f"Part I, class {block.heading.code}")
    yield from _figure(
        "Authorised at close of preceding month", block.opening, _joined(block.opening_par and f"par value {block.opening_par}")
    )
    yield from _figure("Increase / decrease (-)", block.movement)
    yield from _figure(
        "Authorised at close of the month", block.closing, _joined(block.closing_par and f"par value {block.closing_par}")
    )


def _issued(block: IssuedShares) -> Iterator[Explained]:
    yield from _block(f"Part II, class {block.heading.code}")
    yield from _balance_line("Balance at close of preceding month", block.opening)
    yield from _balance_line("Increase / decrease (-)", block.movement)
    yield from _balance_line("Balance at close of the month", block.closing)


def _balance_line(label: str, line: BalanceLine) -> Iterator[Explained]:
    yield from _figure(label, line.issued)
    yield from _figure("  treasury shares", line.treasury)
    yield from _figure("  total issued", line.total)


def _feet(part: str, issued: Figure, treasury: Figure) -> Iterator[Explained]:
    yield from _figure(f"Increase in issued shares ({part}{part}1)", issued, "sum of the rows")
    word = "Change" if part == "E" else "Decrease"
    yield from _figure(f"{word} in treasury shares ({part}{part}2)", treasury, "sum of the rows")


def _options(block: Options) -> Iterator[Explained]:
    yield from _block(f"Part III(A), class {block.heading.code}")
    for row in block.rows:
        yield Explained(f"{row.number}). {row.particulars}")
        yield from _figure("Outstanding at close of preceding month", row.opening)
        for movement in row.movements:
            yield from _figure(_joined(movement.label, movement.word), movement.number)
        yield from _figure("Outstanding at close of the month", row.closing)
        yield from _figure("New shares issued (A1)", row.new_shares)
        yield from _figure("Treasury shares transferred (A2)", row.treasury_shares)
        yield from _figure("May be issued at close", row.may_be_issued)
        over = row.expired_on and f"nothing may be granted since {row.expired_on:%-d %B %Y}"
        yield from _figure("May be issued on options to be granted", row.may_be_granted, over or "")
    for money in block.funds_raised:
        yield Explained("Funds raised", grouped(money), "number × exercise price")
    yield from _feet("A", block.issued, block.treasury)


def _instruments(block: Instruments, part: str) -> Iterator[Explained]:
    yield from _block(f"Part {part}, class {block.heading.code}")
    for row in block.rows:
        yield from _instrument(row)
    yield from _feet(part[-2], block.issued, block.treasury)


def _instrument(row: InstrumentRow) -> Iterator[Explained]:
    def amount(label: str, value: Decimal | None) -> Explained:
        return Explained(label, "" if value is None else _joined(f"{row.currency or ''} {value:,f}".strip()))

    yield Explained(f"{row.number}). {row.description}", because=_joined(row.type_label))
    yield amount("Outstanding at close of preceding month", row.opening)
    for label, value in row.movements:
        yield amount(label, value)
    yield amount("Outstanding at close of the month", row.closing)
    yield from _figure("New shares issued", row.new_shares)
    yield from _figure("Treasury shares transferred", row.treasury_shares)
    yield from _figure("May be issued at close", row.may_be_issued, _joined(row.price, row.price_terms))


def _agreements(block: Agreements) -> Iterator[Explained]:
    yield from _block(f"Part III(D), class {block.heading.code}")
    for row in block.rows:
        yield Explained(f"{row.number}). {row.description}")
        yield from _figure("New shares issued (D1)", row.new_shares, _joined(row.price))
        yield from _figure("Treasury shares transferred (D2)", row.treasury_shares)
        yield from _figure("May be issued at close", row.may_be_issued, _joined(row.price_terms))
    yield from _feet("D", block.issued, block.treasury)


def _other(block: OtherMovements) -> Iterator[Explained]:
    yield from _block(f"Part III(E), class {block.heading.code}")
    for row in block.rows:
        because = _joined(row.occurred_on and f"{row.occurred_on:%-d %B %Y}", row.price)
        yield from _figure(row.category, row.issued, because)
        yield from _figure("  treasury shares", row.treasury, because)
        yield from _figure("  pending cancellation", row.pending, because)
    yield from _feet("E", block.issued, block.treasury)


_PARTS: tuple[tuple[str, Callable[[Any], Iterator[Explained]]], ...] = (
    ("issued", _issued),
    ("options", _options),
    ("warrants", partial(_instruments, part="III(B)")),
    ("convertibles", partial(_instruments, part="III(C)")),
    ("agreements", _agreements),
    ("other_movements", _other),
)
"""The parts of a Monthly Return by class, and how each is explained."""
