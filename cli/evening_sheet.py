"""The page for the evening before: what it says of a book, laid out to be printed and signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import attrs

from cli import output
from domain.clearance.prices import CAP, purchase_limit
from domain.clearance.proposal import ClearanceSheet
from domain.disclosure.deadlines import Obligation
from domain.law.business_days import HONG_KONG
from domain.law.outcome import NO, NOT_CHECKED, OK, SIGNS
from domain.law.rule import NO_ADVICE, Finding
from domain.mandates.status import REPURCHASE, MandateStatus
from domain.returns.documents import NextDayReturn
from domain.returns.filings import RESUBMISSION
from domain.values import Money, left_text, plain
from infrastructure.renderers.blocks import TO_FILL_IN
from infrastructure.renderers.cells import caption, head
from infrastructure.renderers.layout import Block, Cell, Heading, Layout, Page, Paragraph, RuledTable

MOST = 5
"""So many rows of each table stand on the page, and how many more there are: it is one page."""

_OF_MANDATES = ("mandate", "to", "granted", "left", "ends")


@attrs.frozen(kw_only=True)
class Evening:
    """What is known at close of a day for the next trading day.

    `draft` is the return that is due, or why there is none. `mandates` are as they stand on the next trading day.
    `clearance` says whether a share may be bought, or why that is not known; `closes` are the five closing prices, none if they
    were not given.
    """

    day: date
    tomorrow: date
    issuer: str
    name: str
    last_entry: int
    due: Sequence[Obligation]
    draft: NextDayReturn | str
    mandates: Sequence[MandateStatus]
    share_class: str | None
    closes: Sequence[Money]
    clearance: ClearanceSheet | str
    findings: Sequence[Finding]


def layout(evening: Evening) -> Layout:
    """The page."""
    tomorrow = output.day(evening.tomorrow)
    blocks: tuple[Block, ...] = (
        Heading(f"For 08:30 on {tomorrow}, prepared on the evening of {output.day(evening.day)}", level=1),
        Paragraph(f"{evening.name} ({evening.issuer}), the book to entry {evening.last_entry}. {NO_ADVICE}"),
        _table("Due by then", (18, 34, 48), ("by", "what", "because"), _due(evening.due), "nothing"),
        *_draft(evening.draft),
        _table("Mandates", (20, 14, 22, 22, 22), _OF_MANDATES, _mandates(evening.mandates), "none"),
        _table(f"To buy back on {tomorrow}", (22, 8, 70), ("", "", ""), _limits(evening), "nothing may be bought"),
        _table("Findings", (10, 90), ("rule", "what"), [(each.code, each.message) for each in evening.findings], "none"),
        RuledTable((16, 44, 10, 30), ((caption("Approved by"), Cell(TO_FILL_IN), caption("Date"), Cell(TO_FILL_IN)),)),
    )
    return Layout(
        title="Evening sheet",
        issuer=evening.name,
        form="",
        version_mark="",
        page_mark="Page {page} of {pages}",
        dated=evening.day,
        pages=(Page(blocks, "Evening sheet"),),
    )


def _table(title: str, widths: tuple[int, ...], heads: Sequence[str], rows: Iterable[Sequence[str]], none: str) -> RuledTable:
    """A table under its title; what is more than a page holds is counted."""
    found = list(rows)
    count = len(widths)
    shown = [tuple(Cell(text) for text in row) for row in found[:MOST]] or [(Cell(none, colspan=count),)]
    if len(found) > MOST:
        shown.append((Cell(f"and {len(found) - MOST:,} more", colspan=count),))
    titled = (Cell(title, colspan=count, bold=True, shaded=True),)
    headed = (tuple(head(text) for text in heads),) if any(heads) and found else ()
    return RuledTable(widths, (titled, *headed, *shown))


def _due(due: Iterable[Obligation]) -> Iterator[tuple[str, str, str]]:
    for each in due:
        at = each.due_at.astimezone(HONG_KONG)
        yield f"{at:%a %-d %b %Y %H:%M}", f"{each.name}, {each.status}", each.because


def _draft(draft: NextDayReturn | str) -> Iterator[Block]:
    if isinstance(draft, str) or draft.status == RESUBMISSION:
        why = draft if isinstance(draft, str) else "what changed until this day is in a return already"
        yield _table("Draft of the Next Day Disclosure Return", (100,), ("",), (), f"none: {why}")
        return
    rows = [
        (f"{section.heading.code}", f"{change.category}{f', {change.text}' if change.text else ''}", _number(change.issued.value),
         _number(change.treasury.value), f"{change.percent} %" if change.percent else "", str(change.price or ""))
        for section in draft.sections for change in section.changes if change.issued.value or change.treasury.value
    ]  # fmt: skip
    rows += [
        (section.heading.code, f"pending cancellation, bought {output.day(each.changed_on)}", _number(each.shares.value), "", "",
         str(each.price or ""))
        for section in draft.sections for each in section.pending
    ]  # fmt: skip
    heads = ("class", "what", "issued", "treasury", "%", "price")
    reasons = f": DRAFT, {'; '.join(draft.draft_reasons)}" if draft.draft_reasons else ""
    title = f"Draft of the Next Day Disclosure Return, {draft.form}, {draft.status}{reasons}"
    yield _table(title, (8, 44, 14, 12, 8, 14), heads, rows, "no row of Part A or B has a number")


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _mandates(found: Iterable[MandateStatus]) -> Iterator[tuple[str, ...]]:
    for each in found:
        if each.ended is None:
            left = "not known: " + "; ".join(each.not_known) if each.headroom is None else left_text(each.headroom)
            doubt = each.in_doubt.why if each.in_doubt else ""
            ends = f"by {output.day(each.latest_end)}" if each.latest_end else "not known"
            granted = output.day(each.mandate.granted_on)
            yield each.code, each.mandate.purpose, granted, left, "; ".join(filter(None, (ends, doubt)))


def _limits(evening: Evening) -> Iterator[tuple[str, str, str]]:
    """The highest price and number, then every check that does not say ok."""
    if isinstance(evening.clearance, str):
        yield "checks", "?", evening.clearance
        return
    yield "highest price", *_highest(evening.closes)
    yield "highest number", *_most(evening)
    for each in evening.clearance.answers:
        if each.answer != OK and each.rule != "HK301":
            yield f"{each.rule} {each.check}", SIGNS[each.answer], each.working


def _highest(closes: Sequence[Money]) -> tuple[str, str]:
    if not closes:
        return "?", "not known: no closing prices given (--closes)"
    limit = purchase_limit(closes)
    return "", f"below {limit.currency} {plain(limit.amount)} ({CAP} % of the average of five closes)"


def _most(evening: Evening) -> tuple[str, str]:
    """What is left of the mandates to repurchase that are in force."""
    recorded = [each for each in evening.mandates if each.mandate.purpose == REPURCHASE]
    if not recorded:
        return SIGNS[NOT_CHECKED], "not known: no mandate to repurchase is recorded"
    usable = [each for each in recorded if each.ended is None]
    counted = [each for each in usable if evening.share_class is None or each.mandate.counts(evening.share_class)]
    if not counted:
        return SIGNS[NO], "none: no mandate to repurchase is in force"
    if any(each.headroom is None or each.in_doubt is not None for each in counted):
        return SIGNS[NOT_CHECKED], "not known: what is left of the mandate is not known, or it may have ended"
    each = max(counted, key=lambda found: found.headroom or 0)
    if (each.headroom or 0) < 0:
        return SIGNS[NO], f"none: {each.code} is {left_text(each.headroom or 0)}"
    return "", f"{each.headroom:,} of class {evening.share_class}, left under {each.code}; the public float may allow fewer"
