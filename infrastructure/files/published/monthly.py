"""Monthly Returns: Parts I and II, the totals of Part III, and all parts put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from domain.returns.forms import Form
from infrastructure.files.published import details, figures, top, values
from infrastructure.files.published.cell import BLANK, Group, ReadCell, Tree, doubted, doubtful, known
from infrastructure.files.published.columns import ColumnTitles
from infrastructure.files.published.details import DOUBTS, KINDS, ClassTable
from infrastructure.files.published.headings import with_heads
from infrastructure.files.published.letters import letters_of
from infrastructure.files.published.outline import Block, CaptionedText, OutlinePart
from infrastructure.files.published.values import CURRENCY, NUMBER, Reading

_PART_OF = {
    "authorised": "part_1",
    "issued": "part_2",
    "options": "part_3a",
    "warrants": "part_3b",
    "convertibles": "part_3c",
    "agreements": "part_3d",
    "other_movements": "part_3e",
}
_TOTALS_OF = {"authorised": "total_authorised_capital", "issued": "totals"}
_LINES = {"balance_opening": "opening", "balance_movement": "movement", "balance_closing": "closing"}
_PART_NOT_FOUND = "the heading of this part was not found"
_MAY_BE_OF_THE_NEXT = "the heading of the next part was not found: this may belong to it"


def tree(parts: Mapping[str, OutlinePart], form: Form) -> Tree:
    """A Monthly Return as cells by the fields of its document."""
    found = {key: parts[key].blocks for key in _PART_OF.values() if key in parts}
    read = {"authorised": _authorised(found), "issued": _issued(found, parts, form)}
    for kind in KINDS:
        key = _PART_OF[kind.field]
        columns = ColumnTitles.of(parts[key].lines if key in parts else (), kind.titles)
        tables = [ClassTable(kind, columns, block, form) for block in found.get(key, ())]
        read[kind.field] = [(each.block, details.block(each)) for each in tables if each.block.head or details.rows_of(each)]
    unread = {field: top.NO_CLASS for field, key in _PART_OF.items() if not read[field] and top.has_figures(parts.get(key))}
    lost = {field: _PART_NOT_FOUND for field, key in _PART_OF.items() if key not in parts} | unread
    lost |= {totals: lost[field] for field, totals in _TOTALS_OF.items() if field in lost}
    # If a heading is lost, the part before it has the blocks of both.
    before_lost = {field: _MAY_BE_OF_THE_NEXT for (field, _), (_, after) in pairwise(_PART_OF.items()) if after not in parts}
    blocks = {
        field: tuple(doubted(each, before_lost[field]) for each in trees) if field in before_lost else trees
        for field, trees in with_heads(read, form).items()
    }
    return {
        **top.head(parts["head"], form),
        **blocks,
        "authorised": blocks["authorised"] or None,
        "total_authorised_capital": tuple(_totals_of_capital(found)),
        "totals": tuple(_month_totals(found.get("part_3e", ()), blocks["issued"], form)),
        "remarks": tuple(_standing_remarks(parts, blocks)),
        **_after_part_3(parts, form, [key for field, key in _PART_OF.items() if not blocks[field]]),
        DOUBTS: {**before_lost, **lost},
    }


# --- Part I -----------------------------------------------------------------------------------------------------------


def _authorised(found: Mapping[str, Sequence[Block]]) -> list[tuple[Block, Tree]]:
    return [(block, _capital(block)) for block in found.get("part_1", ()) if block.head or block.line("balance_opening")]


_NO_ROW = "this row was not found"


def _capital(block: Block) -> Tree:
    """Numbers, par values and amounts of the rows; only the number of the movement belongs to the document."""
    rows = {name: line for key, name in _LINES.items() if (line := block.line(key)) is not None}
    tokens = [token for line in rows.values() for token in figures.readings(line.body)[0]]
    currency = next((str(token.value) for token in tokens if token.kind == CURRENCY), None)
    read: dict[str, Any] = {}
    for name in _LINES.values():
        names = (name,) if name == "movement" else (name, f"{name}_par", f"{name}_capital")
        read |= _capital_row(rows[name], names, currency) if name in rows else dict.fromkeys(names, doubtful(None, _NO_ROW))
    return read


def _capital_row(line: CaptionedText, names: Sequence[str], currency: str | None) -> dict[str, ReadCell]:
    ways = [_number_par_capital(reading, currency)[: len(names)] for reading in figures.readings(line.body)]
    rows = list(dict.fromkeys(ways))
    group = Group() if len(rows) > 1 else None
    alone = figures.is_ruled(line.body)
    return {name: ReadCell(tuple(row[at] for row in rows), line.body.text.strip(), group, alone) for at, name in enumerate(names)}


def _number_par_capital(reading: Reading, currency: str | None) -> tuple[Any, Any, Any]:
    """The number stands before the first currency. An amount whose currency is lost is in that of the other rows."""
    first = next((token.start for token in reading if token.kind == CURRENCY), None)
    numbers = [token for token in reading if token.kind == NUMBER]
    number = numbers[:1] if first is None or (numbers and numbers[0].start < first) else []
    amounts: list[Any] = []
    for token in reading:
        if token.kind == CURRENCY:
            currency = str(token.value)
        elif token.kind == NUMBER and token not in number and currency is not None:
            amounts.append(values.money(currency, token))
    par, capital = (None, amounts[0]) if len(amounts) == 1 else (*amounts, None, None)[:2]
    return (values.whole(number[0]) if number else None), par, capital


def _totals_of_capital(found: Mapping[str, Sequence[Block]]) -> list[ReadCell]:
    total = [line for block in found.get("part_1", ()) for line in block.lines_of("total_authorised_capital")]
    return [cell for line in total for cell in figures.all_money_in(line.body)]


# --- Part II ------------------------------------------------------------------------------------------------------------

_COLUMNS = {"issued_number": "issued", "treasury_number": "treasury", "total_number": "total"}


def _issued(found: Mapping[str, Sequence[Block]], parts: Mapping[str, OutlinePart], form: Form) -> list[tuple[Block, Tree]]:
    if "part_2" not in parts:
        return []
    columns = ColumnTitles.of(parts["part_2"].lines, tuple(_COLUMNS))
    fields = {key: field for key, field in _COLUMNS.items() if key in form.captions}
    return [
        (block, _balances(block, columns, fields)) for block in found["part_2"] if block.head or block.line("balance_opening")
    ]


def _balances(block: Block, columns: ColumnTitles, fields: Mapping[str, str]) -> Tree:
    read: dict[str, Any] = {}
    for key, name in _LINES.items():
        line = block.line(key)
        empty = dict.fromkeys(fields.values(), doubtful(None, _NO_ROW))
        read[name] = empty if line is None else figures.counted(line, columns, fields)
    return read


# --- After the details --------------------------------------------------------------------------------------------------


def _month_totals(found: Sequence[Block], issued: Sequence[Tree], form: Form) -> list[Tree]:
    """The totals of Part III, each of the class that its line names, or of the next class where it names none that is known."""
    heads = [tree["heading"] for tree in issued]
    every = [line for block in found for line in block.lines if line.key.startswith("month_")]
    read: list[dict[str, Any]] = []
    for line in every:
        field = "issued" if line.key == "month_issued_total" else "treasury"
        if field == "issued" or not read:
            read.append({"heading": _named(line, heads, len(read))} | ({"treasury": _NOT_THERE} if form.treasury_shares else {}))
        read[-1][field] = figures.foot_in(line.body)
    return [{"issued": _NOT_THERE, **each} for each in read if each["heading"] is not None]


_NOT_THERE = doubtful(None, _NO_ROW)


def _named(line: CaptionedText, heads: Sequence[Tree], at: int) -> Tree | None:
    letters = letters_of(line.all.text)
    named = [head for head in heads if _letters_of_name(head) and _letters_of_name(head) in letters]
    best = max(named, key=lambda head: len(_letters_of_name(head)), default=None)
    if best is not None:
        return best
    return heads[min(at, len(heads) - 1)] if heads else None


def _letters_of_name(head: Tree) -> str:
    """How the feet of parts name a class: its label and its type."""
    label, kind = (head[field].values[0] or "" for field in ("class_label", "type_label"))
    return letters_of(label) if letters_of(kind) == "notapplicable" else letters_of(f"{label}{kind}")


def _after_part_3(parts: Mapping[str, OutlinePart], form: Form, empty: Sequence[str]) -> dict[str, Any]:
    confirmed = parts.get("confirmation")
    unfilled = [
        parts[key].span.first_cell(" \t\n)")
        for key in (*empty, *(("confirmation_title",) if confirmed is None else ()))
        if key in parts
    ]
    if not unfilled and "part_4" in parts and top.is_not_applicable(parts["part_4"].span.text):
        unfilled = [parts["part_4"].span]
    blank = top.word_for_blanks(unfilled)
    return {
        "depositary_receipts": _depositary_receipts(parts.get("part_4"), blank),
        "confirms": known(value=confirmed is not None),
        **top.struck_out(confirmed, form),
        "public_float": _public_float(parts),
        "not_applicable": blank,
        **top.signature(parts.get("submitted_by")),
    }


_PARTS_BY_NAME = {
    "I": ("part_1",),
    "II": ("part_2", "part_2_public_float"),
    **{f"III({key[-1].upper()})": (key,) for key in _PART_OF.values() if key.startswith("part_3")},
    "IV": ("part_4",),
    "V": ("confirmation_title", "confirmation"),
}


def _standing_remarks(parts: Mapping[str, OutlinePart], blocks: Mapping[str, Sequence[Tree]]) -> Iterator[Tree]:
    """Remarks under a part that has no block which they would end."""
    fields = {key: field for field, key in _PART_OF.items() if key.startswith("part_3")}
    for name, keys in _PARTS_BY_NAME.items():
        lines = [line for key in keys if key in parts and not blocks.get(fields.get(key, "")) for line in parts[key].lines]
        said = [str(cell.values[0]) for line in lines if line.key == "remarks" for cell in top.remarks(line.body)]
        if said:
            yield {"part": known(name), "text": known(" ".join(said))}


def _depositary_receipts(part: OutlinePart | None, blank: ReadCell) -> ReadCell:
    if part is None:
        return doubtful(None, _PART_NOT_FOUND)
    text = top.one_line(top.before_remarks(part).text).strip(" )(")
    blanks = not text or top.is_not_applicable(text) or text.casefold() == str(blank.values[0]).casefold()
    return BLANK if blanks else known(text, part.span.text)


def _public_float(parts: Mapping[str, OutlinePart]) -> ReadCell:
    part = parts.get("part_2_public_float") or parts.get("public_float")
    text = top.one_line(top.before_remarks(part).text) if part is not None else ""
    return known(text if text.strip("_ ") else None, text)
