"""What to type into the e-form of a return: every field in the order of the form, with what stands in it and where it comes from.

The cells are those of `printed.cells`, so that no field of a form is forgotten here that a published return is compared by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from domain.returns.cells import Figure
from domain.returns.documents import ClassSection, MonthlyReturn, Return
from domain.returns.field_words import PARTS, ROWS, words_of
from domain.returns.printed import PrintedCell, as_printed, at_path, cells, in_words


@attrs.frozen
class Field:
    """A field of the e-form: what it is called here, what to type, and the entries behind it. An empty value is left empty."""

    name: str
    value: str
    entries: tuple[int, ...] = ()


@attrs.frozen
class SheetPart:
    """A part of the form with its fields; none if the whole part stays empty."""

    title: str
    fields: tuple[Field, ...]


CONFIRMATIONS = "Confirmations"

_MONTHLY: tuple[tuple[str, str], ...] = (
    ("Head of the return", r"month_end|status|issuer_name|chinese_name"),
    ("I. Authorised or registered share capital", r"authorised|total_authorised_capital"),
    ("II. Issued shares and treasury shares", r"issued"),
    ("III(A). Share options", r"options"),
    ("III(B). Warrants", r"warrants"),
    ("III(C). Convertibles", r"convertibles"),
    ("III(D). Other agreements or arrangements", r"agreements"),
    ("III(E). Other movements", r"other_movements"),
    ("Totals of Part III", r"totals"),
    ("IV. Hong Kong Depositary Receipts", r"depositary_receipts"),
    (CONFIRMATIONS, ""),
    ("Public float", r"public_float"),
    ("Remarks", r"remarks"),
    ("Signature", r"submitted_by|title"),
)
_NEXT_DAY: tuple[tuple[str, str], ...] = (
    ("Head of the return", r"status|issuer_name|chinese_name"),
    ("Section I", r"sections"),
    (CONFIRMATIONS, ""),
    ("Section II. Repurchase report", r"repurchases"),
    ("Section III. On-market sale of treasury shares", r"treasury_sales"),
    ("Remarks", r"remarks"),
    ("Signature", r"submitted_by|title"),
)

_BLOCKS = "sections authorised issued options warrants convertibles agreements other_movements totals repurchases treasury_sales"
_ROWS: Mapping[str, str] = {
    **dict.fromkeys(_BLOCKS.split(), "class"),
    **ROWS,
}

_STEP = re.compile(r"([a-z_]+)((?:\[\d+\])*)")
_UNTYPED = re.compile(r"\.number$")
"""Rows are numbered by the e-form."""


def typing_sheet(document: Return) -> tuple[SheetPart, ...]:
    """The parts of the e-form in their order, each with its fields."""
    found = {path: cell for path, cell in cells(as_printed(document)).items() if not _UNTYPED.search(path)}
    parts = _MONTHLY if isinstance(document, MonthlyReturn) else _NEXT_DAY
    return tuple(
        SheetPart(title, tuple(_confirmed(document) if title == CONFIRMATIONS else _fields(document, found, tops)))
        for title, tops in parts
        if document.form.treasury_shares or tops != "treasury_sales"
    )


def _fields(document: Return, found: Mapping[str, PrintedCell], tops: str) -> Iterator[Field]:
    for path, cell in found.items():
        if re.fullmatch(tops, re.split(r"[.\[]", path, maxsplit=1)[0]):
            yield Field(_name(document, path), in_words(cell.value), _entries(document, path))
            if path.endswith(".closing.total") and document.form.treasury_shares and path.startswith("sections"):
                yield from _empty_part_b(at_path(document, path.removesuffix(".closing.total")))


def _empty_part_b(section: ClassSection) -> Iterator[Field]:
    if not section.pending:
        yield Field(f"class {section.heading.code}: Part B, shares pending cancellation", "")


def _confirmed(document: Return) -> Iterator[Field]:
    """The confirmations: which items do not apply; none if nothing is to be confirmed."""
    if isinstance(document, MonthlyReturn) and not document.confirms:
        return
    items = ", ".join(f"({number})" for number in document.struck_out)
    how = "removed, the others renumbered" if document.removed else "struck out"
    yield Field("items that do not apply, counted from 1", f"{items}: {how}" if items else "")


def _entries(document: Return, path: str) -> tuple[int, ...]:
    try:
        value = at_path(document, path)
    except (AttributeError, IndexError, TypeError):
        return ()
    return value.entries if isinstance(value, Figure) else ()


def _name(document: Return, path: str) -> str:
    """A field by the names of its block, row and cell: class B, event 1: price per share."""
    steps = _STEP.findall(path)
    *above, (name, numbers) = steps
    said = [_place(document, step, at) for step, at in above if step != "heading"]
    last = words_of(name, PARTS.get(steps[0][0], ""))
    last += "".join(f" {int(number) + 1}" for number in re.findall(r"\d+", numbers)) if numbers else ""
    return ": ".join(filter(None, (", ".join(filter(None, said)), last)))


def _place(document: Return, step: str, numbers: str) -> str:
    word = _ROWS.get(step, step.replace("_", " "))
    if not numbers:
        return word
    number = int(re.findall(r"\d+", numbers)[0])
    if word == "class":
        block: Any = at_path(document, f"{step}{numbers}")
        return f"class {block.heading.code}"
    return f"{word} {number + 1}"
