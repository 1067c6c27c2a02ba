"""How often a damaged copy is read wrongly in silence: the measure of the readers, and the documents it is taken on."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

import attrs

from domain.returns.documents import Return, TradeRow
from domain.returns.printed import AMOUNT, COUNT, DATE, MONEY, PERCENT, as_printed, cells
from domain.values import Money
from infrastructure.files.published import DOUBTFUL, ReadReturn, read_return
from infrastructure.readers.values import UnreadableValue
from infrastructure.renderers import layout_of
from tests.infrastructure import full_documents as full
from tests.infrastructure import sample_documents as sample
from tests.infrastructure.published.damages import DAMAGES, MOVED
from tests.infrastructure.published.other_layouts import LAYOUTS, with_moved_cells


def returns() -> dict[str, Return]:
    """Returns of each form, published ones and others with every part filled."""
    return {
        "FF301 1.1.1, as published": sample.monthly_december_2024(),
        "FF304 1.2.4, as published": sample.next_day_december_2022(),
        "FF305 1.3.0, as published": sample.next_day_december_2024(),
        "FF301 1.1.1, every part filled": full.monthly(),
        "FF301 1.0.2, every part filled": full.monthly("1.0.2"),
        "FF305 1.3.0, every part filled": full.next_day(),
        "FF304 1.2.5, every part filled": full.next_day("FF304"),
    }


GROUPS: Mapping[str, str] = {COUNT: "counts", AMOUNT: "counts", MONEY: "prices", DATE: "dates", PERCENT: "percentages"}
MOST_DAMAGES = 3


@attrs.define
class Tally:
    """Cells of damaged copies, those that the damage reached, and those that were read wrongly without a doubt, by group."""

    copies: int = 0
    damages: int = 0
    unreadable: int = 0
    seen: Counter[str] = attrs.field(factory=Counter)
    hit: Counter[str] = attrs.field(factory=Counter)
    silent: Counter[str] = attrs.field(factory=Counter)
    by_damage: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    examples: list[str] = attrs.field(factory=list)


def damaged_copies(documents: Sequence[Return], count: int, seed: int) -> Iterator[tuple[Return, str, tuple[str, ...], str]]:
    """Copies with so many damages in all: the document, the layout of the copy, what was done to it, and the copy."""
    chance = random.Random(seed)
    layouts = {id(document): layout_of(document) for document in documents}
    left = count
    for document in cycle(documents):
        if left <= 0:
            return
        layout_name = chance.choice(list(LAYOUTS))
        layout = layouts[id(document)]
        names = [chance.choice([*DAMAGES, MOVED]) for _ in range(chance.randint(1, MOST_DAMAGES))]
        left -= len(names)
        for _ in range(names.count(MOVED)):
            layout = with_moved_cells(layout, chance)
        text = LAYOUTS[layout_name](layout)
        for name in names:
            if name != MOVED:
                text = DAMAGES[name](text, chance)
        yield document, layout_name, tuple(names), text


def measured(documents: Sequence[Return], count: int, seed: int) -> Tally:
    """Reads copies with so many damages and counts. An exception other than UnreadableValue comes through."""
    tally = Tally()
    whole: dict[tuple[int, str], ReadReturn] = {}
    for document, layout_name, names, text in damaged_copies(documents, count, seed):
        tally.copies += 1
        tally.damages += len(names)
        key = id(document), layout_name
        if key not in whole:
            whole[key] = read_return(LAYOUTS[layout_name](layout_of(document)).encode(), "whole")
        try:
            read = read_return(text.encode(), "damaged")
        except UnreadableValue:
            tally.unreadable += 1
            continue
        _count(tally, document, whole[key], read, (layout_name, names))
    return tally


def _count(tally: Tally, document: Return, whole: ReadReturn, read: ReadReturn, how: tuple[str, tuple[str, ...]]) -> None:
    truth, found, undamaged = _figures(as_printed(document)), _figures(read.document), _figures(whole.document)
    for key, (path, kind, value) in truth.items():
        group = GROUPS[kind]
        tally.seen[group] += 1
        there = found.get(key)
        if there is None:
            tally.hit[group] += 1
            wrong = bool(value) and not _list_is_doubtful(path, read)
        else:
            differs = (there[2] or None) != (value or None)
            before = undamaged.get(key)
            worse = before is not None and whole.marks[before[0]].state != read.marks[there[0]].state
            tally.hit[group] += differs or worse
            wrong = differs and read.marks[there[0]].state != DOUBTFUL and not _name_is_doubtful(path, read)
        if wrong:
            _note(tally, group, how, f"{key}: {value} read as {there and there[2]} ({there and read.marks[there[0]].state})")
    for key, (path, kind, value) in found.items():
        if key not in truth and value and read.marks[path].state != DOUBTFUL and not _list_is_doubtful(path, read):
            _note(tally, GROUPS[kind], how, f"{key}: nothing read as {value} ({read.marks[path].state})")


def _note(tally: Tally, group: str, how: tuple[str, tuple[str, ...]], what: str) -> None:
    tally.silent[group] += 1
    tally.by_damage[group, "+".join(sorted(set(how[1])))] += 1
    tally.examples.append(f"{group} | {how[0]} | {', '.join(how[1])} | {what}")


_ITEM = re.compile(r"\[(\d+)\]")


def _figures(document: Return) -> dict[str, tuple[str, str, Any]]:
    """The figures of a document by keys that name rows by their numbers and blocks by their classes, not by their places."""
    found = {}
    for path, cell in cells(document).items():
        if cell.kind in GROUPS:
            found[_key(document, path)] = (path, cell.kind, cell.value)
    return found


def _key(document: Any, path: str) -> str:
    key, value = [], document
    for step in re.findall(r"\.?([a-z_]+)|\[(\d+)\]", path):
        if step[0]:
            value = getattr(value, step[0])
            key.append(step[0])
        else:
            value = value[int(step[1])]
            heading = getattr(value, "heading", None)
            name = heading.code if heading is not None else getattr(value, "number", None)
            if isinstance(value, TradeRow):
                name = f"{value.traded_on} {value.method}"
            if isinstance(value, Money):
                name = value.currency
            key.append(f"[{name if isinstance(name, int | str) else step[1]}]")
    return ".".join(key)


_HEADED = re.compile(r"\w+\[\d+\]\.")
_OF_HEADS = re.compile(r"\w+\[\d+\]\.heading\.(?:class|type)_label$")


def _name_is_doubtful(path: str, read: ReadReturn) -> bool:
    """Whether a cell is of a class, and a class of the return has no sure name: which class a block is of is not known then."""
    return bool(_HEADED.match(path)) and any(mark.state == DOUBTFUL for at, mark in read.marks.items() if _OF_HEADS.match(at))


def _list_is_doubtful(path: str, read: ReadReturn) -> bool:
    """Whether a list on the way to a cell is doubtful, or its parent is missing altogether, or a class has no sure name."""
    if _name_is_doubtful(path, read):
        return True
    ends = [match.start() for match in _ITEM.finditer(path)]
    marks = [read.marks[path[:end]] for end in ends if path[:end] in read.marks]
    missing = any(path[:end] not in read.marks for end in ends)
    return any(mark.state == DOUBTFUL for mark in marks) or missing
