"""From a row of FF301 Part III to the scheme, the warrants or the convertibles whose terms it prints."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from domain import events
from domain.events import Event
from domain.returns.documents import InstrumentRow, OptionsRow
from domain.returns.proposals import Known, code_of
from domain.values import Money


def scheme_adopted(row: OptionsRow, on: date, share_class: str, limit: int | None, known: Known) -> events.SchemeAdopted:
    """The scheme of a row of part (A). One that uses shares already in issue has no limit, and none is 0."""
    existing = bool(row.closing.value) and not row.may_be_issued.value
    return events.SchemeAdopted(
        effective_on=on,
        scheme=code_of(row.particulars, (each.scheme for each in known.of(events.SchemeAdopted))),
        share_class=share_class,
        particulars=row.particulars,
        general_meeting_on=row.general_meeting_on,
        limit=None if existing else limit or None,
        existing_shares=existing,
    )


def instrument_issued(
    row: InstrumentRow, field: str, on: date, share_class: str, number: Decimal, shares: int, known: Known
) -> Event | None:
    """The `warrants` or `convertibles` of a row, `number` of them over so many shares; None without their currency."""
    if field == "warrants":
        kind: type[Any] = events.WarrantsIssued
        amount: dict[str, Any] = {"warrants": int(number)}
    elif row.currency is not None:
        kind, amount = events.ConvertiblesIssued, {"amount": Money(row.currency, number)}
    else:
        return None
    issued: Event = kind(
        effective_on=on,
        instrument=code_of(row.description, (each.instrument for each in known.of(events.InstrumentIssued))),
        share_class=share_class,
        description=row.description,
        shares=shares,
        price=row.price,
        price_terms=row.price_terms,
        type_label=row.type_label,
        stock_code=row.stock_code,
        general_meeting_on=row.general_meeting_on,
        **amount,
    )
    return issued
