"""The page model between a return and its formats: pages of headings, paragraphs and ruled tables of plain text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import attrs

from domain import errors

Align = Literal["left", "center", "right"]

DRAFT = "DRAFT"
"""The word printed on every page of a draft."""


class NotPrintable(errors.BadInput, ValueError):
    """A text holds `characters` that the PDF's font does not have."""

    def __init__(self, said: str, characters: str = "") -> None:
        super().__init__(said)
        self.characters = characters


@attrs.frozen
class Cell:
    """A cell of a table. `shaded` cells are captions: the heads of their column or row.

    A newline in `text` starts a new line. `value` is the number that the text shows, for formats that keep numbers: `key`
    names it on its page, and `sum_of` are the keys, all on the same page, of the numbers it is the sum of, for formats that
    calculate. `entries` are the numbers of the entries that the value comes from, for formats that lead to them.
    """

    text: str = ""
    colspan: int = 1
    rowspan: int = 1
    align: Align = "left"
    bold: bool = False
    shaded: bool = False
    value: int | Decimal | None = None
    key: str = ""
    sum_of: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()


Row = tuple[Cell, ...]


@attrs.frozen
class RuledTable:
    """A ruled table over the width of the page.

    `columns` are relative widths. A row leaves out the places that a cell above or before it spans. The first
    `header_rows` rows are repeated where the table breaks across pages. `attached` tables stand directly under the
    table before them.
    """

    columns: tuple[int, ...]
    rows: tuple[Row, ...]
    header_rows: int = 0
    attached: bool = False


@attrs.frozen
class Heading:
    """A heading: level 1 the title of the form, 2 a part, 3 a division of a part."""

    text: str
    level: int = 2


@attrs.frozen
class Paragraph:
    """A paragraph; `mark` is the numeral before it, `(i)` or `1.`. Lines that begin with `- ` are its points.

    `struck` paragraphs print struck through: they do not apply.
    """

    text: str
    mark: str = ""
    align: Align = "left"
    struck: bool = False


Block = Heading | Paragraph | RuledTable


@attrs.frozen
class Page:
    """The blocks of a part that starts a new page; a part longer than a page of paper flows on.

    `name` is the part's short name, unique in the layout: `III(A)`.
    """

    blocks: tuple[Block, ...]
    name: str


@attrs.frozen
class Layout:
    """A return laid out. `page_mark` holds `{page}` and `{pages}` where the numbers stand; `dated` is the submission date.

    `head` stands at the head of each page; without one the form's code stands at the foot, beside the page mark. `reasons` say
    why the return is a draft.
    """

    title: str
    issuer: str
    form: str
    version_mark: str
    page_mark: str
    dated: date
    pages: tuple[Page, ...]
    head: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def beside_the_mark(self) -> str:
        """What stands at the foot of a page, beside its mark."""
        return "" if self.head else self.form

    @property
    def draft_lines(self) -> tuple[str, ...]:
        """What every page of a draft says for each of its reasons: `DRAFT: no signatory`."""
        return tuple(f"{DRAFT}: {reason}" for reason in self.reasons)

    def marked(self, page: int) -> str:
        """The page mark of a page, with the form's version: `Page 1 of 10 v 1.1.1`."""
        return f"{self.page_mark.format(page=page, pages=len(self.pages))} {self.version_mark}"
