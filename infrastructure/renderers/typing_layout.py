"""The typing sheet of a return laid out: a box to tick for each field, what to type, and where it comes from."""

from __future__ import annotations

from domain.returns.documents import Return
from domain.returns.typing_sheet import Field, SheetPart, typing_sheet
from infrastructure.renderers.blocks import issuer_name
from infrastructure.renderers.cells import caption, head
from infrastructure.renderers.layout import Block, Cell, Heading, Layout, Page, Paragraph, Row, RuledTable

BOX = "□"
EMPTY = "leave empty"
_WIDTHS = (4, 46, 36, 14)


def layout(document: Return, digest: str) -> Layout:
    """The sheet; `digest` is the SHA-256 of the return as JSON, which stands at its end."""
    title = f"What to type into the e-form {document.form}"
    parts = typing_sheet(document)
    blocks: list[Block] = [
        Heading(title, level=1),
        Paragraph(
            f"{issuer_name(document)}. Fields in the order of the form, one box each. Tick a box when its field is typed. "
            "Numbers, dates and money stand as the form prints them. What says leave empty stays empty."
        ),
    ]
    for part in parts:
        blocks += (Heading(part.title), _table(part))
    blocks.append(Paragraph(f"SHA-256 of the return as JSON: {digest}"))
    blocks.append(
        RuledTable((30, 40, 30), ((caption("Typed by"), Cell(), Cell("Date:")), (caption("Checked by"), Cell(), Cell("Date:"))))
    )
    return Layout(
        title=title,
        issuer=issuer_name(document),
        form=document.form.code,
        version_mark="",
        page_mark="Page {page} of {pages}",
        dated=document.submitted_on,
        pages=(Page(tuple(blocks), "Typing sheet"),),
        reasons=document.draft_reasons,
    )


def _table(part: SheetPart) -> RuledTable:
    if not part.fields:
        return RuledTable((4, 96), ((Cell(BOX), Cell("not applicable: the whole part stays empty")),))
    heads = (head(""), head("Field"), head("Type"), head("Entries"))
    return RuledTable(_WIDTHS, (heads, *(_row(field) for field in part.fields)), header_rows=1)


def _row(field: Field) -> Row:
    typed = Cell(field.value, bold=True) if field.value else Cell(EMPTY)
    return Cell(BOX, align="center"), Cell(field.name), typed, Cell(", ".join(map(str, field.entries)))
