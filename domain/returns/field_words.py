"""The fields of a return in the words of the forms, short enough for one line."""

from __future__ import annotations

from collections.abc import Mapping

PARTS: Mapping[str, str] = {
    "authorised": "Part I",
    "total_authorised_capital": "Part I, total",
    "issued": "Part II",
    "options": "Part III(A)",
    "warrants": "Part III(B)",
    "convertibles": "Part III(C)",
    "agreements": "Part III(D)",
    "other_movements": "Part III(E)",
    "totals": "Part III, total",
    "depositary_receipts": "Part IV",
    "confirms": "Part V",
    "sections": "Section I",
    "repurchases": "Section II",
    "treasury_sales": "Section III",
}
"""The parts of the forms, by the fields of a return that hold them."""

NAMES: Mapping[str, str] = {
    "month_end": "for the month ended",
    "issuer_name": "name of issuer",
    "chinese_name": "Chinese name of issuer",
    "class_label": "class of shares",
    "type_label": "type of shares",
    "listed": "listed on the Exchange",
    "counters": "multi-counter stock code",
    "submitted_on": "date submitted",
    "issued": "number of issued shares, treasury excluded",
    "treasury": "number of treasury shares",
    "total": "total number of issued shares",
    "on": "as at",
    "opening": "at close of preceding month",
    "closing": "at close of the month",
    "opening_par": "par value at opening",
    "closing_par": "par value at close",
    "opening_capital": "capital at opening",
    "closing_capital": "capital at close",
    "percent": "per cent of existing shares",
    "price": "price per share",
    "changed_on": "date of changes",
    "occurred_on": "date of event",
    "traded_on": "trading date",
    "lowest": "lowest price",
    "general_meeting_on": "general meeting approval date",
    "granted_on": "date of the resolution",
    "limit": "number authorised",
    "used": "number repurchased or sold under it",
    "moratorium_until": "moratorium up to",
    "explanatory_statement_on": "date of the Explanatory Statement",
    "for_cancellation": "of them for cancellation",
    "for_treasury": "of them to be held in treasury",
    "funds_raised": "total funds raised",
    "submitted_by": "submitted by",
    "pending": "repurchased or redeemed, not yet cancelled",
    "may_be_issued": "shares which may be issued at close",
    "may_be_granted": "shares which may be issued on options to be granted",
    "new_shares": "new shares issued",
    "treasury_shares": "treasury shares transferred",
}
"""Fields whose names on the forms are longer than ours."""

ROWS: Mapping[str, str] = {
    "changes": "event",
    "pending": "Part B, row",
    "rows": "row",
    "movements": "movement",
    "opening": "opening balance",
    "closing": "closing balance",
    "movement": "increase or decrease",
}
"""Rows, and lines of several fields."""


_OF_TRADES: Mapping[str, Mapping[str, str]] = {
    PARTS["repurchases"]: {
        "price": "repurchase price per share, or the highest",
        "total": "aggregate price paid",
        "totals": "aggregate price paid",
        "shares": "number of shares repurchased",
        "percent": "per cent of issued shares at the resolution",
    },
    PARTS["treasury_sales"]: {
        "price": "selling price per share, or the highest",
        "total": "aggregate amount of funds raised",
        "totals": "aggregate amount of funds raised",
        "shares": "number of treasury shares sold",
        "percent": "per cent of issued shares at the resolution",
    },
}
"""Cells of Sections II and III, which have other heads than those of Section I."""


def words_of(field: str, place: str = "", *, part: bool = False, rows: bool = False) -> str:
    """A field in words: as a part of the form, as rows or a line of several fields, or as a cell, of the part where it stands."""
    in_part = _OF_TRADES.get(place.partition(",")[0], {})
    named = {**NAMES, **(PARTS if part else ROWS if rows else {}), **in_part}
    return named.get(field, field.replace("_", " "))


def step(place: str, name: str) -> str:
    """A place with a step further in: `Part III(E)` and `row` with a comma, `row` and `1` with a space."""
    return f"{place}{' ' if name[:1].isdigit() else ', '}{name}" if place else name
