"""Days without which there is no document, where they cannot be read: those that they mostly are, as a doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from domain.values import month_end_before
from infrastructure.files.published.cell import ReadCell, Tree


def with_days(tree: Tree, *, monthly: bool) -> Tree:
    """A return whose missing days are taken from its others; the doubts about them stay."""
    filled: dict[str, Any] = dict(tree)
    if monthly:
        submitted = _day(tree["submitted_on"])
        filled["month_end"] = _given(tree["month_end"], submitted and month_end_before(submitted))
    else:
        filled["sections"] = tuple(_section(section, _day(tree["submitted_on"])) for section in tree["sections"])
    others = [_day(filled["month_end"])] if monthly else [_day(section["closing"]["on"]) for section in filled["sections"]]
    filled["submitted_on"] = _given(tree["submitted_on"], *others)
    return filled


def _day(cell: ReadCell) -> date | None:
    day: date | None = cell.values[0]
    return day


def _given(cell: ReadCell, *others: date | None) -> ReadCell:
    """A cell with the first of some days that is known, where it has none itself."""
    known = next((day for day in others if day is not None), None)
    if _day(cell) is not None or known is None:
        return cell
    return attrs.evolve(cell, values=(known,), group=None, doubt=cell.doubt or "not found: taken from another day of the return")


def _section(section: Tree, submitted: date | None) -> Tree:
    """A closing balance is of the last event; an opening one is not later."""
    events = [*section["changes"], *section["pending"]]
    days = sorted((day for event in events if (day := _day(event["changed_on"])) is not None), reverse=True)
    opening, closing = section["opening"]["on"], section["closing"]["on"]
    closing = _given(closing, *days, submitted, _day(opening))
    opening = _given(opening, _day(closing))
    return {
        **section,
        "opening": {**section["opening"], "on": opening},
        "closing": {**section["closing"], "on": closing},
        "changes": _dated(section["changes"], closing),
        "pending": _dated(section["pending"], closing),
    }


def _dated(events: Sequence[Mapping[str, Any]], closing: ReadCell) -> tuple[Tree, ...]:
    return tuple({**event, "changed_on": _given(event["changed_on"], _day(closing))} for event in events)
