"""The heads of the blocks of classes: how the form names a class, where it is listed, its stock codes and description."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from domain.events.structured import Counter
from domain.returns.forms import Form
from domain.values import CURRENCIES
from infrastructure.files.published.cell import BLANK, ReadCell, Tree, doubtful, known
from infrastructure.files.published.letters import latin, letters_of
from infrastructure.files.published.outline import Block, CaptionedText, Span

# The values that the form offers for the class of shares; their letters are enough to know one.
_CLASSES = (
    "Ordinary shares",
    "WVR ordinary shares",
    "Preference shares",
    "Other class (specify in description)",
    "Other type (specify in description)",
    "Not applicable",
)
_BY_LETTERS = {letters_of(name): name for name in _CLASSES}

_CODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_NO_CODE = re.compile(r"\bN\s*/?\s*A\b|\bnot applicable\b", re.IGNORECASE)
_SOME_CODE = re.compile(r"\d")
_CURRENCY = re.compile("|".join(sorted(CURRENCIES)))
_YES_OR_NO = re.compile(r"\b(yes|no)\b", re.IGNORECASE)
_LISTED_AFTER = re.compile(r"[\s\t]*(?:Shares issuable to be listed|Listed)\b.*", re.DOTALL)
_WORD = re.compile(r"\w{2}|[\u2e80-\u9fff]|^\w$")
# What an exhibit that was set by hand leaves between a head and its table.
_LEFT_OVER = re.compile(r"[☐☒□■¨]\s*(?:Manual input)?|Manual input|Add multi-counter stock code", re.IGNORECASE)

_HEADLESS = "the head of this class was not found"


def _label(span: Span) -> str | None:
    """What a class or a type is called, in Latin letters and without what overlapping cells repeat."""
    cells = [" ".join(cell.split()) for cell in _LISTED_AFTER.sub("", latin(span.text)).split("\t")]
    text = ""
    for cell in filter(None, cells):
        text = cell if letters_of(cell).startswith(letters_of(text)) else _joined(text, cell)
    return _BY_LETTERS.get(letters_of(text), text.strip(" ,.:•·")) or None


def _joined(text: str, cell: str) -> str:
    overlap = next((length for length in range(min(len(text), len(cell)), 0, -1) if text.endswith(cell[:length])), 0)
    return f"{text}{cell[overlap:]}" if overlap else f"{text} {cell}"


def heading(block: Block, form: Form) -> Tree:
    """The head of a block, cell by cell; blank cells are doubtful where the head was not found."""
    by_key: dict[str, CaptionedText] = {}
    for line in block.head:
        by_key.setdefault(line.key, line)
    names = [line for line in block.head if line.key in ("class_of_shares", "type_of_shares")]
    class_label = _named(names[0]) if names else doubtful(None, _HEADLESS)
    code = by_key.get("stock_code")
    return {
        "number": known(block.number),
        "class_label": class_label,
        "type_label": _type(names, form),
        "listed": _listed(by_key.get("listed"), code),
        "stock_code": _stock_code(code),
        "counters": tuple(_counters(block.head)),
        "description": _description(block.head),
    }


def _type(names: Sequence[CaptionedText], form: Form) -> ReadCell:
    """The second of the two names, whichever of them is the class. Some versions print a type as `Class B`."""
    if len(names) < 2:
        return doubtful(None, _HEADLESS)
    named = _named(names[1])
    before = form.captions["type_value_wvr"].partition("{")[0]
    return attrs.evolve(named, values=tuple(each.removeprefix(before) if each else None for each in named.values))


def _named(line: CaptionedText) -> ReadCell:
    """A name of a class; what stands in the next cell runs into it where its caption is lost."""
    name = _label(line.body)
    if name is not None and _YES_OR_NO.search(name):
        return doubtful(name, "another cell runs into this one", line.body.text)
    return known(name, line.body.text)


def _listed(line: CaptionedText | None, code: CaptionedText | None) -> ReadCell:
    found = _YES_OR_NO.search(latin(line.body.text)) if line is not None else None
    if found is not None and line is not None:
        return known(found[1].lower() == "yes", line.body.text)
    return doubtful(code is not None and bool(_CODE.search(code.body.text)), "whether it is listed was not found")


def _stock_code(line: CaptionedText | None) -> ReadCell:
    if line is None:
        return doubtful(None, _HEADLESS)
    text = line.body.text
    if code := _CODE.search(text):
        return known(code[0], text)
    if _SOME_CODE.search(text) and not _NO_CODE.search(text):
        return doubtful(None, "expected a stock code of five digits", text)
    return known(None, text)


def _counters(head: Sequence[CaptionedText]) -> Iterator[ReadCell]:
    for line in head:
        text = latin(line.body.text)
        code, currency = _CODE.search(text), _CURRENCY.search(text)
        if line.key == "multi_counter_stock_code" and code and currency:
            yield known(Counter(code[0], currency[0]), line.body.text)


def _description(head: Sequence[CaptionedText]) -> ReadCell:
    """The description beside the stock code; that of a further counter belongs to it."""
    keys = [line.key for line in head]
    at = keys.index("description") if "description" in keys else None
    if at is None or "multi_counter_stock_code" in keys[:at]:
        return BLANK
    text = _first_cell(head[at].body)
    bare = " ".join(_LEFT_OVER.sub(" ", text).split()).strip(" ,•·|")
    return known(bare if _WORD.search(bare) else None, text)


def _first_cell(span: Span) -> str:
    """The ruled cell beside a caption; where it is not ruled, the rest of its line."""
    beside = [(piece, start, stop) for piece, start, stop in span.stream.within(span.start, span.stop) if start > span.start]
    if beside and beside[0][0].ruled and span.text.startswith("\t"):
        return span.stream.text[beside[0][1] : beside[0][2]]
    return "" if beside and beside[0][0].ruled else span.text.strip(" :\t").split("\n")[0]


def with_heads(read: Mapping[str, Sequence[tuple[Block, Tree]]], form: Form) -> dict[str, tuple[Tree, ...]]:
    """The blocks of all parts, by their field, with the heads of their classes; one that prints no number has its place."""
    flat = [(field, tree, heading(block, form)) for field, pairs in read.items() for block, tree in pairs]
    heads = completed([head for _, _, head in flat])
    found: dict[str, list[Tree]] = {field: [] for field in read}
    for (field, each, _), head in zip(flat, heads, strict=True):
        number = head["number"].values[0] or len(found[field]) + 1
        found[field].append({**each, "heading": {**head, "number": known(number)}})
    return {field: tuple(trees) for field, trees in found.items()}


# --- All heads of a return ----------------------------------------------------------------------------------------------


def completed(heads: Sequence[Tree]) -> list[Tree]:
    """Heads of one return, each with what only others of the same class say: a part may print less, a cell may be lost."""
    return [_completed(head, number, heads) for number, head in enumerate(heads)]


def _completed(head: Tree, at: int, heads: Sequence[Tree]) -> Tree:
    others = [other for number, other in enumerate(heads) if number != at and _same_class(head, other)]
    filled: dict[str, Any] = dict(head)
    for field in ("class_label", "type_label", "stock_code"):
        if head[field].values[0] is None:
            filled[field] = _from_others(field, head[field], others)
    fullest = max(others, key=_how_full, default=None)
    if fullest is not None and _how_full(fullest) > _how_full(head) and not head["counters"] and not _said(head, "description"):
        filled |= {field: fullest[field] for field in ("counters", "description")}
    return filled


def _how_full(head: Tree) -> int:
    return len(head["counters"]) + _said(head, "description")


def _said(head: Tree, field: str) -> bool:
    return head[field].values[0] is not None


def _from_others(field: str, cell: ReadCell, others: Sequence[Tree]) -> ReadCell:
    found = dict.fromkeys(other[field].values[0] for other in others if _said(other, field))
    if len(found) != 1:
        return cell
    return doubtful(next(iter(found)), "blank here; taken from the other parts of the return", cell.raw)


def _same_class(head: Tree, other: Tree) -> bool:
    """Whether two heads name one class, as far as both say: by its stock code, or else by its names."""
    pairs: Mapping[str, tuple[Any, Any]] = {
        field: (head[field].values[0], other[field].values[0]) for field in ("class_label", "type_label", "stock_code", "number")
    }
    known_pairs = {field: pair for field, pair in pairs.items() if None not in pair}
    code = known_pairs.get("stock_code")
    if code is not None and code[0] == code[1]:
        return all(known_pairs[field][0] == known_pairs[field][1] for field in ("type_label",) if field in known_pairs)
    named = [field for field in ("class_label", "type_label") if field in known_pairs]
    return bool(named) and code is None and all(known_pairs[field][0] == known_pairs[field][1] for field in named)
