"""A return as one self-contained HTML page, for the screen and for A4 landscape paper."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from infrastructure.renderers.layout import DRAFT, Block, Cell, Layout, RuledTable


def render(layout: Layout, *, draft: bool) -> bytes:
    """UTF-8; every text of the return is escaped."""
    page = _template().render(layout=layout, draft=DRAFT if draft or layout.reasons else "")
    return page.encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("infrastructure.renderers"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"kind": kind, "scope": scope}
    environment.globals |= {"columns": columns}
    return environment.get_template("return.html")


def kind(block: Block) -> str:
    """What a block is: heading, paragraph or table."""
    return type(block).__name__.lower()


def scope(cell: Cell, *, header: bool) -> str:
    """What a shaded cell heads: its column or columns, its row or rows."""
    span, one, many = (cell.colspan, "col", "colgroup") if header else (cell.rowspan, "row", "rowgroup")
    return many if span > 1 else one


def columns(table: RuledTable) -> list[str]:
    """The widths of the columns in per cent of the page, to two places."""
    total = sum(table.columns)
    return [f"{10000 * width // total // 100}.{10000 * width // total % 100:02d}%" for width in table.columns]
