"""Next Day Disclosure Returns: Section I class by class, and all sections put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from domain.returns.forms import Form
from infrastructure.files.published import events, reports, top
from infrastructure.files.published.categories import is_pending
from infrastructure.files.published.cell import Tree
from infrastructure.files.published.details import DOUBTS
from infrastructure.files.published.events import ReadEvent
from infrastructure.files.published.headings import with_heads
from infrastructure.files.published.outline import Block, OutlinePart, Span
from infrastructure.files.published.rows import RowAsRead, gap, numbered

_SECTIONS = {"repurchases": "section_2", "treasury_sales": "section_3"}
_NOT_FOUND = "the heading of this section was not found"


def tree(parts: Mapping[str, OutlinePart], form: Form) -> Tree:
    """A Next Day Disclosure Return as cells by the fields of its document."""
    # Where the heading of Section I is lost, its classes stand in what is before the next heading.
    first = parts.get("section_1") or attrs.evolve(parts["head"], key="section_1")
    classes = [block for block in first.blocks if block.line("opening_balance") or block.line("closing_balance")]
    read = {
        "sections": [(block, _section(block, form)) for block in classes],
        **{field: reports.reports(parts.get(section), section, form) for field, section in _SECTIONS.items()},
    }
    blocks = with_heads(read, form)
    asked = {field: section for field, section in _SECTIONS.items() if section in form.captions}
    return {
        **top.head(parts["head"], form),
        **blocks,
        "remarks": top.remarks(parts["remarks"].span if "remarks" in parts else None),
        **top.struck_out(parts.get("confirmation"), form),
        "not_applicable": top.word_for_blanks(list(_blanks(parts, classes, blocks))),
        **top.signature(parts.get("submitted_by")),
        DOUBTS: {
            **({} if classes else {"sections": "no class was found in Section I"}),
            **{field: _NOT_FOUND for field, section in asked.items() if section not in parts},
            **{
                field: top.NO_CLASS for field, section in asked.items() if not read[field] and top.has_figures(parts.get(section))
            },
        },
    }


# --- A class of Section I ------------------------------------------------------------------------------------------------


def _section(block: Block, form: Form) -> Tree:
    opening, opened = events.balance(block.line("opening_balance"), form)
    closing, closed = events.balance(block.line("closing_balance"), form)
    last, part_b = block.line("closing_balance"), block.line("part_b")
    start = opened or block.span.start
    changed = Span(block.span.stream, start, last.caption.start if last else part_b.caption.start if part_b else block.span.stop)
    waiting = Span(block.span.stream, part_b.body.start if part_b else closed or block.span.stop, block.span.stop)
    first, second = _events(changed, block, form), _events(waiting, block, form)
    changes = [each for each in first if not is_pending(each[1].category) or form.treasury_shares]
    pending = [each for each in first if each not in changes] + second
    doubts = {"changes": gap([row for row, _ in first]), "pending": gap([row for row, _ in second])}
    return {
        "opening": opening,
        "changes": tuple(events.change(event, row.number or at, form) for at, (row, event) in enumerate(changes, 1)),
        "closing": closing,
        "pending": tuple(events.pending(event, row.number or at) for at, (row, event) in enumerate(pending, 1)),
        DOUBTS: {field: why for field, why in doubts.items() if why},
    }


_TRAILING = re.compile(r"[^\W\d_]{2}")


def _events(region: Span, block: Block, form: Form) -> list[tuple[RowAsRead, ReadEvent]]:
    """The events of a table. Words that stand before the number of a row, behind the day of the one before, are its own."""
    rows = numbered(region) or _by_days(region, block)
    before = region.stream.text[region.start : rows[0].start] if rows else ""
    found = []
    for row in rows:
        own, after = _cut(row.span, block)
        found.append((row, events.event(attrs.evolve(row, span=own), before, form)))
        before = after
    return found


def _cut(span: Span, block: Block) -> tuple[Span, str]:
    """A row until the words that stand behind its day and its figures, and these words."""
    day = _end_of_day(span, block)
    words = _TRAILING.search(span.text, day - span.start) if day else None
    if words is None or _CURRENCY_OR_SIGN.search(span.text[words.start() :]):
        return span, ""
    return attrs.evolve(span, stop=span.start + words.start()), span.text[words.start() :]


_CURRENCY_OR_SIGN = re.compile(r"%|\b[A-Z]{3}\s*\d")


_YEAR = re.compile(r"\d{1,2}\s*[A-Z][a-z]+\s*\d{4}")


def _end_of_day(span: Span, block: Block) -> int | None:
    for line in block.lines_of("date_of_changes"):
        if span.start <= line.caption.start < span.stop:
            day = _YEAR.search(line.body.text)
            return line.body.start + day.end() if day else None
    return None


def _by_days(region: Span, block: Block) -> list[RowAsRead]:
    """Rows whose numbers were lost: each ends behind its day and its figures."""
    rows: list[RowAsRead] = []
    start = region.start
    for line in block.lines_of("date_of_changes"):
        if region.start <= line.caption.start < region.stop:
            rest = attrs.evolve(line.body, stop=min(line.body.stop, region.stop))
            day = _YEAR.search(rest.text)
            words = _TRAILING.search(rest.text, day.end() if day else 0)
            stop = rest.start + (words.start() if words else len(rest.text))
            rows.append(RowAsRead(None, start, Span(region.stream, start, stop)))
            start = stop
    return rows


# --- What is not applicable -----------------------------------------------------------------------------------------------


def _blanks(parts: Mapping[str, OutlinePart], classes: Sequence[Block], found: Mapping[str, Any]) -> Iterator[Span]:
    """Where the return prints the issuer's word for what is not applicable."""
    for field, section in _SECTIONS.items():
        if section in parts and not found[field]:
            for block in parts[section].blocks:
                line = block.line(section) or block.line(f"{section}_line")
                if line is not None:
                    yield line.body.first_cell()
    for block, section_tree in zip(classes, found["sections"], strict=True):
        part_b = block.line("part_b")
        if part_b is not None and not section_tree["pending"]:
            yield part_b.body.first_cell()
