"""General mandates as the reports of trades print them: the day of the resolution, the number allowed, what was used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from domain import events
from domain.returns.documents import MandateBlock, NextDayReturn, TradeReport
from domain.returns.proposals import Known, Proposed, code_of

Purpose = Literal["issue", "repurchase"]
PURPOSES: Mapping[str, Purpose] = {"repurchases": "repurchase", "treasury_sales": "issue"}
PERCENT: Mapping[Purpose, int] = {"repurchase": 10, "issue": 20}
"""What such mandates mostly allow, in per cent of the issued shares: a return prints the number of shares alone."""


def used_before(reports: Sequence[NextDayReturn], on: date, known: Known) -> list[Proposed]:
    """The mandates of the last reports before a book begins, with what was used until then."""
    last: dict[Purpose, Proposed] = {}
    for document in reports:
        for purpose, path, block, granted_on, _ in _blocks(document):
            granted = _granted(block, granted_on, purpose, known, used=block.used.value or 0, counted_on=on)
            last[purpose] = Proposed(granted, path, f"{_supposed(purpose)}, and nothing used after it until the book begins")
    return list(last.values())


def mandates(document: NextDayReturn, known: Known) -> Iterator[Proposed]:
    """The mandates that reports name and a book does not have; those for the same purpose granted before end with them."""
    for purpose, path, block, granted_on, report in _blocks(document):
        if known.mandate(purpose, granted_on) is None:
            yield from _ended(granted_on, purpose, path, known)
            yield Proposed(_mandate(block, granted_on, report, purpose, known), path, _supposed(purpose))


def _blocks(document: NextDayReturn) -> Iterator[tuple[Purpose, str, MandateBlock, date, TradeReport]]:
    for field, purpose in PURPOSES.items():
        for at, report in enumerate(getattr(document, field)):
            block = report.mandate
            if block is not None and block.granted_on is not None and block.limit:
                yield purpose, f"{field}[{at}].mandate", block, block.granted_on, report


def _supposed(purpose: Purpose) -> str:
    return f"supposed: {PERCENT[purpose]} % of its base"


def _ended(granted_on: date, purpose: Purpose, path: str, known: Known) -> Iterator[Proposed]:
    """The mandates for a purpose that were granted before and have not ended."""
    over = {fact.mandate for fact in known.of(events.MandateRevoked)}
    for granted in list(known.of(events.MandateGranted)):
        if granted.purpose == purpose and granted.mandate not in over and granted.effective_on < granted_on:
            ended = events.MandateRevoked(effective_on=granted_on, mandate=granted.mandate)
            yield Proposed(ended, path, "supposed to end where the next one is granted")


def _mandate(block: MandateBlock, granted_on: date, report: TradeReport, purpose: Purpose, known: Known) -> events.MandateGranted:
    """A mandate as a report prints it: of what was used, the report's own trades are recorded, and the rest came before."""
    if granted_on > known.begins_on:
        return _granted(block, granted_on, purpose, known)
    used = (block.used.value or 0) - (report.shares.value or 0) - _traded_since(report, purpose, known)
    return _granted(block, granted_on, purpose, known, used=max(0, used), counted_on=known.begins_on)


def _granted(
    block: MandateBlock, granted_on: date, purpose: Purpose, known: Known, used: int | None = None, counted_on: date | None = None
) -> events.MandateGranted:
    return events.MandateGranted(
        effective_on=granted_on,
        mandate=code_of(f"{purpose} {granted_on:%Y}", (each.mandate for each in known.of(events.MandateGranted))),
        purpose=purpose,
        percent=Decimal(PERCENT[purpose]),
        base=(block.limit or 0) * 100 // PERCENT[purpose],
        explanatory_statement_on=block.explanatory_statement_on if purpose == "repurchase" else None,
        used_before=used,
        counted_on=counted_on,
    )


def _traded_since(report: TradeReport, purpose: Purpose, known: Known) -> int:
    """What the book has of trades since it begins, before those of the report."""
    kind = events.SharesRepurchased if purpose == "repurchase" else events.TreasurySharesSold
    first = min((row.traded_on for row in report.rows), default=known.begins_on)
    share_class = known.share_class(report.heading)
    traded = (fact for fact in known.of(kind) if fact.share_class == share_class)
    return sum(fact.shares for fact in traded if known.begins_on < fact.effective_on < first)
