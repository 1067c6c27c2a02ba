"""The Monthly Return laid out: FF301, a page for each part."""

from __future__ import annotations

from collections.abc import Callable

from domain.returns.documents import MonthlyReturn
from infrastructure.renderers import blocks, monthly_balances, monthly_details
from infrastructure.renderers.blocks import Captions
from infrastructure.renderers.cells import caption, long_date
from infrastructure.renderers.layout import Block, Cell, Heading, Layout, Page, Paragraph

Part = Callable[[MonthlyReturn, Captions], tuple[Block, ...]]


def layout(document: MonthlyReturn) -> Layout:
    """The pages of a Monthly Return."""
    captions = document.form.captions
    standing = {remark.part: remark.text for remark in document.remarks}
    parts = ((name, part(document, captions)) for name, part in _PARTS)
    remarked = ((name, blocks.with_remark(part, standing.get(name), captions)) for name, part in parts)
    # Below the remark under it, if there is one.
    signed = {"V": (blocks.signature(document, captions),)}
    pages = (Page((*part, *signed.get(name, ())), name) for name, part in remarked if part)
    return blocks.laid_out(document, captions, tuple(pages))


def _opening_page(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    month = caption(captions["month_ended"]), Cell(long_date(document.month_end), bold=True)
    addressee = caption(captions["to"]), Cell(captions["addressee"], colspan=3)
    head_of_return = blocks.head_of_return(document, month, addressee)
    return (Heading(captions["title"], level=1), head_of_return, *monthly_balances.authorised(document, captions))


def _depositary_receipts(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    title, text = captions["part_4"], document.depositary_receipts
    return (blocks.not_applicable(title, document),) if text is None else (Heading(title), Paragraph(text))


def _public_float(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    """The statement on the public float, only if it is given, on a form that has no place of its own for it."""
    if document.public_float is None or "part_2_public_float" in captions:
        return ()
    return (Heading(captions["public_float"]), Paragraph(document.public_float))


def _confirmations(document: MonthlyReturn, captions: Captions) -> tuple[Block, ...]:
    title = captions["confirmation_title"]
    if not document.confirms:
        return (blocks.not_applicable(title, document),)
    return (Heading(title), *blocks.confirmations(document, captions))


_PARTS: tuple[tuple[str, Part], ...] = (
    ("I", _opening_page),
    ("II", monthly_balances.issued),
    ("III(A)", monthly_details.options),
    ("III(B)", monthly_details.warrants),
    ("III(C)", monthly_details.convertibles),
    ("III(D)", monthly_details.agreements),
    ("III(E)", monthly_details.other_movements),
    ("IV", _depositary_receipts),
    ("Public float", _public_float),
    ("V", _confirmations),
    ("Notes", blocks.notes),
)
