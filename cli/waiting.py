"""What waits for release as rows, which the command, the page, the API and the library show alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import attrs

from application.effects import BalanceChange, OnceReleased
from cli.entries import difference, fact_in, quantity_of, subject_of
from domain.capital.entries import Entry
from domain.events import FactProposed


@attrs.frozen(kw_only=True)
class WaitingRow:
    """An entry that waits for release, and what it is about; `number` is of shares, options or awards.

    `corrects` is the entry that it is to replace, `changes` what its release would change now. `refused` says why the book as it
    is cannot take it, if so. `changes` is null where they were not computed, as the fact reaches far back in a long book.
    """

    entry: int
    event: str
    effective_on: date
    about: str | None
    number: int | None
    corrects: int | None
    recorded_at: datetime
    recorded_by: str
    source: str | None
    changes: tuple[BalanceChange, ...] | None
    refused: str | None


def waiting_row(entry: Entry, once: OnceReleased | None) -> WaitingRow:
    """An entry that waits, as a row; without what its release would change where that is not computed."""
    return WaitingRow(
        entry=entry.number,
        event=type(fact_in(entry.event)).__name__,
        effective_on=entry.event.effective_on,
        about=subject_of(entry.event),
        number=quantity_of(entry.event),
        corrects=entry.of(FactProposed).corrects,
        recorded_at=entry.recorded_at,
        recorded_by=entry.recorded_by,
        source=entry.source,
        changes=once.changes if once else None,
        refused=once.refused if once else None,
    )


def changes_in_words(row: WaitingRow, between: str = "\n") -> str:
    """What a release would change, balance by balance; or why it cannot be."""
    if row.changes is None:
        return "not computed"
    return between.join(" ".join(difference(each)) for each in row.changes) or row.refused or "no balance"


def plain_row(row: WaitingRow) -> Mapping[str, Any]:
    """A row of a table, its changes in words."""
    fields = {field.name: getattr(row, field.name) for field in attrs.fields(WaitingRow)}
    return {**fields, "changes": changes_in_words(row)}
