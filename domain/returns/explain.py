"""Where every figure of a return comes from: opening, movements, denominator, and the entries behind each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from domain.returns.documents import (
    AuthorisedCapital,
    BalanceLine,
    Change,
    ClassSection,
    Figure,
    IssuedShares,
    MonthlyReturn,
    NextDayReturn,
    Options,
    OtherMovements,
    Percentage,
    Return,
)


@attrs.frozen
class Explained:
    """A line of an explanation: what stands in the return, its value as printed, and why. A heading has no value."""

    label: str
    value: str = ""
    because: str = ""


def explanation(document: Return) -> list[Explained]:
    """The lines that explain a return, from its head to its last figure."""
    lines = _monthly(document) if isinstance(document, MonthlyReturn) else _next_day(document)
    return list(lines)


def explain(document: Return) -> list[str]:
    """The explanation of a return as aligned text."""
    lines = explanation(document)
    labels = max(len(line.label) for line in lines if line.value)
    values = max(len(line.value) for line in lines)
    return [
        f"{line.label:<{labels}}  {line.value:>{values}}  {line.because}".rstrip() if line.value else _heading(line) for line in lines
    ]


def _heading(line: Explained) -> str:
    return f"{line.label}  {line.because}".rstrip()


def entries(numbers: Iterable[int]) -> str:
    """Entry numbers in words, runs drawn together: entries 2, 5 to 9, 11."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    parts = [str(first) if first == last else f"{first} to {last}" for first, last in runs]
    plural = "entry" if len(runs) == 1 and runs[0][0] == runs[0][1] else "entries"
    return f"{plural} {', '.join(parts)}" if parts else "no entry"


def _figure(label: str, figure: Figure, because: str = "") -> Iterator[Explained]:
    if figure.value is not None:
        why = "; ".join(reason for reason in (because, entries(figure.entries) if figure.entries else "") if reason)
        yield Explained(label, f"{figure.value:,}", why)


# --- Next Day Disclosure Return -----------------------------------------------------------------------------------


def _next_day(document: NextDayReturn) -> Iterator[Explained]:
    yield Explained(f"{document.form}, {document.status}", because=f"the form in force on {document.submitted_on:%-d %B %Y}")
    for section in document.sections:
        yield Explained("")
        yield Explained(f"Class {section.heading.code}, {section.heading.class_label}")
        yield from _section(document, section)


def _section(document: NextDayReturn, section: ClassSection) -> Iterator[Explained]:
    yield from _figure("Opening balance", section.opening.issued, f"{section.opening.on:%-d %B %Y}, {document.opening_basis}")
    yield from _figure("  treasury shares", section.opening.treasury)
    for change in section.changes:
        yield from _change(change, document.form.code, section.heading.code)
    yield from _figure("Closing balance", section.closing.issued, f"{section.closing.on:%-d %B %Y}, opening and movements")
    yield from _figure("  treasury shares", section.closing.treasury)
    for tranche in section.pending:
        yield from _figure("Pending cancellation", tranche.shares, f"bought {tranche.changed_on:%-d %B %Y}")
        yield from _percent(tranche.percent, document.form.code, section.heading.code)


def _change(change: Change, form: str, code: str) -> Iterator[Explained]:
    words = [f"{change.changed_on:%-d %B %Y}", str(change.price) if change.price else "", change.text or ""]
    yield from _figure(change.category, change.issued, ", ".join(word for word in words if word))
    yield from _figure("  treasury shares", change.treasury)
    yield from _percent(change.percent, form, code)


DENOMINATORS_IN_WORDS = {
    "FF304": "issued shares of all classes before the event, those pending cancellation excluded (Note 4)",
    "FF305": "opening balance of class {code}, treasury excluded (Note 3)",
}


def _percent(percent: Percentage | None, form: str, code: str) -> Iterator[Explained]:
    if percent is not None:
        words = DENOMINATORS_IN_WORDS[form].format(code=code)
        yield Explained("% of existing", f"{percent} %", f"{abs(percent.shares):,} ÷ {percent.base:,}: {words}")


# --- Monthly Return -----------------------------------------------------------------------------------------------


def _monthly(document: MonthlyReturn) -> Iterator[Explained]:
    yield Explained(f"{document.form}, {document.status}", because=f"the form in force on {document.submitted_on:%-d %B %Y}")
    for authorised in document.authorised or ():
        yield from _authorised(authorised)
    for money in document.total_authorised_capital:
        yield Explained("Total authorised capital", f"{money.currency} {money.amount:,f}", "sum of the classes, number × par value")
    for issued in document.issued:
        yield from _issued(issued)
    for options in document.options:
        yield from _options(options)
    for other in document.other_movements:
        yield from _other(other)


def _block(part: str, code: str) -> Iterator[Explained]:
    yield Explained("")
    yield Explained(f"Part {part}, class {code}")


def _authorised(block: AuthorisedCapital) -> Iterator[Explained]:
    yield from _block("I", block.heading.code)
    yield from _figure("Authorised at close of preceding month", block.opening)
    yield from _figure("Increase / decrease (-)", block.movement)
    yield from _figure("Authorised at close of the month", block.closing)


def _issued(block: IssuedShares) -> Iterator[Explained]:
    yield from _block("II", block.heading.code)
    yield from _balance_line("Balance at close of preceding month", block.opening)
    yield from _balance_line("Increase / decrease (-)", block.movement)
    yield from _balance_line("Balance at close of the month", block.closing)


def _balance_line(label: str, line: BalanceLine) -> Iterator[Explained]:
    yield from _figure(label, line.issued)
    yield from _figure("  treasury shares", line.treasury)


def _options(block: Options) -> Iterator[Explained]:
    yield from _block("III(A)", block.heading.code)
    for row in block.rows:
        yield Explained(f"{row.number}). {row.particulars}")
        yield from _figure("Outstanding at close of preceding month", row.opening)
        for movement in row.movements:
            yield from _figure(f"{movement.label} {movement.word or ''}".strip(), movement.number)
        yield from _figure("Outstanding at close of the month", row.closing)
        yield from _figure("New shares issued (A1)", row.new_shares)
        yield from _figure("Treasury shares transferred (A2)", row.treasury_shares)


def _other(block: OtherMovements) -> Iterator[Explained]:
    yield from _block("III(E)", block.heading.code)
    for row in block.rows:
        words = [f"{row.occurred_on:%-d %B %Y}" if row.occurred_on else "", str(row.price) if row.price else ""]
        because = ", ".join(word for word in words if word)
        yield from _figure(row.category, row.issued, because)
        yield from _figure("  treasury shares", row.treasury, because)
        yield from _figure("  pending cancellation", row.pending)
    yield from _figure("Total of E1 (EE1)", block.issued, "sum of the rows")
    yield from _figure("Total of E2 (EE2)", block.treasury, "sum of the rows")
