"""What all the forms share: the head of a class, a part that is not applicable, confirmations, notes, the signature."""

from __future__ import annotations

from collections import Counter as Counted
from collections.abc import Mapping, Sequence
from itertools import chain

import attrs

from domain.events.structured import Counter
from domain.returns.cells import ClassHeading
from domain.returns.documents import MonthlyReturn, Return
from infrastructure.renderers.cells import caption, long_date
from infrastructure.renderers.layout import Block, Cell, Heading, Layout, Page, Paragraph, Row, RuledTable

Captions = Mapping[str, str]

TO_FILL_IN = "____________"
"""A line for the issuer to fill in, where what stands there is not known."""

_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


def issuer_name(document: Return) -> str:
    """The issuer's name, with its Chinese name after it where it has one."""
    return " ".join(filter(None, (document.issuer_name, document.chinese_name)))


def laid_out(document: Return, captions: Captions, pages: tuple[Page, ...]) -> Layout:
    """Pages with the marks and the date of their return."""
    return Layout(
        title=captions["title"],
        issuer=issuer_name(document),
        form=document.form.code,
        version_mark=captions["version_mark"].format(version=document.form.version),
        page_mark=captions["page_mark"],
        dated=document.submitted_on,
        pages=pages,
        head=captions.get("page_head", ""),
        reasons=document.draft_reasons,
    )


def head_of_return(document: Return, first: Row, *more: Row) -> RuledTable:
    """The head of the first page: two cells beside the status, further rows, the issuer and the day of submission."""
    captions = document.form.captions
    return RuledTable(
        (18, 46, 14, 22),
        (
            (*first, caption(captions["status"]), Cell(document.status, bold=True)),
            *more,
            (caption(captions["issuer_name"]), Cell(issuer_name(document), colspan=3)),
            (caption(captions["date_submitted"]), Cell(long_date(document.submitted_on), colspan=3)),
        ),
    )


def class_head(heading: ClassHeading, captions: Captions, part: str = "") -> RuledTable:
    """The head of a class's block: how it is named, where it is listed, its stock codes and description.

    `part` begins the keys of the captions that a part of the form words in its own way; a part with a caption of its own
    for the stock code prints the code alone.
    """

    def worded(key: str) -> str:
        return captions.get(f"{part}_{key}", captions[key])

    code = Cell(heading.stock_code or captions["unlisted_stock_code"], colspan=2)
    named = (
        caption(f"{heading.number}. {worded('class_label')}"),
        Cell(heading.class_label, colspan=2, bold=True),
        caption(captions["type_label"]),
        Cell(type_value(heading, captions), bold=True),
        caption(worded("listed")),
        Cell(captions["yes"] if heading.listed else captions["no"]),
    )
    if f"{part}_stock_code" in captions:
        return RuledTable(_CLASS_HEAD, (named, (caption(worded("stock_code")), attrs.evolve(code, colspan=6))))
    described = (
        caption(captions["stock_code"]),
        code,
        caption(captions["description"]),
        Cell(heading.description or "", colspan=3),
    )
    return RuledTable(_CLASS_HEAD, (named, described, *(_counter(counter, captions) for counter in heading.counters)))


_CLASS_HEAD = (20, 12, 8, 14, 16, 22, 8)


def _counter(counter: Counter, captions: Captions) -> Row:
    return (
        caption(captions["multi_counter_stock_code"]),
        Cell(counter.stock_code),
        Cell(counter.currency),
        caption(captions["description"]),
        Cell(colspan=3),
    )


def type_value(heading: ClassHeading, captions: Captions) -> str:
    """The type of a class as the form prints it; some versions put `Class` before the type of a weighted voting share."""
    key = "type_value_wvr" if heading.class_label.startswith("WVR") else "type_value"
    return captions[key].format(type_label=heading.type_label)


def class_names(document: MonthlyReturn) -> Mapping[str, str]:
    """How the feet of parts name each class, by its code: `WVR ordinary shares B`, or its label alone where it has no type.

    Where two classes are labelled alike, their descriptions follow, or their numbers in the return stand before them.
    """
    headings = [block.heading for block in document.issued]
    labels = {heading.code: _label(heading, document.form.captions) for heading in headings}
    if not document.form.edition.names_in_full:
        return labels
    ways = (
        labels,
        {each.code: ", ".join(filter(None, (labels[each.code], each.description))) for each in headings},
        {each.code: f"{each.number}. {labels[each.code]}" for each in headings},
    )
    counted = [Counted(names.values()) for names in ways]
    return {
        code: next(names[code] for names, count in zip(ways, counted, strict=True) if count[names[code]] == 1) for code in labels
    }


def _label(heading: ClassHeading, captions: Captions) -> str:
    if heading.type_label == captions["not_applicable"]:
        return heading.class_label
    return f"{heading.class_label} {heading.type_label}"


def not_applicable(title: str, document: Return) -> RuledTable:
    """A part without entries: its title, and the issuer's text for blanks."""
    return RuledTable((78, 22), ((Cell(title, bold=True, shaded=True), Cell(document.not_applicable, align="center")),))


def remarks(texts: tuple[str, ...], captions: Captions) -> tuple[Block, ...]:
    """The remarks, a paragraph each; nothing if there are none."""
    if not texts:
        return ()
    return (Heading(captions["remarks"], level=3), *(Paragraph(text) for text in texts))


def with_remark(part: tuple[Block, ...], text: str | None, captions: Captions) -> tuple[Block, ...]:
    """A part followed by its remark, below any remarks of its last block."""
    if text is None:
        return part
    last = next((block for block in reversed(part) if not isinstance(block, Paragraph)), None)
    below = remarks((text,), captions)
    return (*part, *(below[1:] if last == below[0] else below))


def confirmations(document: Return, captions: Captions) -> tuple[Block, ...]:
    """The confirmation and its items (i) to (viii): those that do not apply struck out, or removed and the others renumbered."""
    items = list(enumerate(document.form.confirmations, start=1))
    struck = () if document.removed else document.struck_out
    if document.removed:
        items = list(enumerate(_relisted([item for number, item in items if number not in document.struck_out]), start=1))
    marked = (Paragraph(item, mark=f"({_NUMERALS[number - 1]})", struck=number in struck) for number, item in items)
    return (Paragraph(captions["confirmation"]), Paragraph(captions["confirmation_note"], align="center"), *marked)


def _relisted(items: Sequence[str]) -> list[str]:
    """The items kept of a list, punctuated as a list of that length."""
    ends = (*(";" for _ in items), "; and", ".")
    bare = (item.removesuffix(".").removesuffix(" and").removesuffix(";") for item in items)
    return [item + end for item, end in zip(bare, ends[-len(items) :], strict=False)]


def notes(document: Return, captions: Captions) -> tuple[Block, ...]:
    """The form's notes, numbered from 1."""
    marked = (Paragraph(text, mark=f"{number}.") for number, text in enumerate(document.form.notes, start=1))
    return (Heading(captions["notes_title"], level=2), *marked)


def signature(document: Return, captions: Captions) -> RuledTable:
    """Who submits the return, and the signatory's title; blank lines to sign where not known."""
    lines = (
        (captions["submitted_by"], document.submitted_by, captions.get("submitted_by_note")),
        (captions["signatory_title"], document.title, captions["signatory_title_note"]),
    )
    return RuledTable((20, 80), tuple(chain.from_iterable(_signed(*line) for line in lines)))


def _signed(label: str, value: str | None, note: str | None) -> tuple[Row, ...]:
    row = (caption(label, rowspan=2 if note else 1), Cell(value or "", bold=True))
    return (row, (Cell(note),)) if note else (row,)
