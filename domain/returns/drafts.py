"""Why a return is a draft whatever the findings of its book: what it prints cannot be relied on, or it leaves something open.

A reason is one function of the document, listed in `REASONS`. It is printed as `DRAFT: reason` on every page, written to JSON
and given by `--explain`; nothing takes it away but the fact that is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from domain.capital.ledger import Period
from domain.returns.documents import MonthlyReturn, NextDayReturn, Return, closing_of


def left_out(period: Period) -> Iterator[str]:
    """What the book holds of a return's days, or of days before, that the return leaves out: it waits for release."""
    if period.waiting:
        yield f"entries that wait for release are left out: {', '.join(str(entry.number) for entry in period.waiting)}"


def draft_reasons(document: Return, of_the_book: Iterable[str] = ()) -> tuple[str, ...]:
    """The reasons, in the order of `REASONS`, then those that the book gives for what the document leaves open.

    None if the document's edition of the forms knows of none.
    """
    if not document.form.edition.reasons:
        return ()
    return (*(reason for reasons in REASONS for reason in reasons(document)), *of_the_book)


def _wording(document: Return) -> Iterator[str]:
    if document.form.always_draft:
        yield f"wording of {document.form} not verified"


def _signatory(document: Return) -> Iterator[str]:
    if document.submitted_by is None:
        yield "no signatory"


def _not_over(document: Return) -> Iterator[str]:
    """What is submitted before its last day says nothing of what may yet happen; no such filing can be recorded."""
    closes_on = closing_of(document)
    if document.submitted_on < closes_on:
        yield f"submitted before it closes on {closes_on:%-d %B %Y}"


def _methods(document: Return) -> Iterator[str]:
    """Sections II and III state for every trade how it was made and at which price; where nobody said so, the cell is left open.

    So is what was paid or raised in all, if one price is missing.
    """
    if isinstance(document, NextDayReturn):
        for what, reports in (("repurchase", document.repurchases), ("sale", document.treasury_sales)):
            rows = [row for report in reports for row in report.rows]
            for cell, days in (
                ("method", {row.traded_on for row in rows if row.method is None}),
                ("price", {row.traded_on for row in rows if row.total is None}),
            ):
                if days:
                    yield f"{cell} of {what} not stated for {', '.join(f'{day:%-d %B %Y}' for day in sorted(days))}"


def _unbounded(document: Return) -> Iterator[str]:
    """Parts III(B) and (C) ask how many shares may be issued; where nothing bounds them, the cell is left open."""
    if isinstance(document, MonthlyReturn):
        rows = (row for block in (*document.warrants, *document.convertibles) for row in block.rows)
        for row in rows:
            if row.may_be_issued.value is None:
                yield f"how many shares may be issued on {row.description} is not known: nothing bounds them"


REASONS: tuple[Callable[[Return], Iterator[str]], ...] = (_wording, _signatory, _not_over, _methods, _unbounded)
