"""Which reading of each cell is taken, and how well it is known.

Where the likeliest readings break an identity, others are tried: the reading is taken that breaks fewest. Two that do equally
well leave their cells doubtful. A cell is agreed if an identity that holds pins it. In the exchange's own PDF any other cell is
read; in a copy a number, a price or a day that nothing confirms is doubtful, for one wrong digit would not show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from domain.returns.documents import Return
from domain.returns.identities import Judged, identities, judged, values_of
from domain.returns.identity import Identity
from domain.returns.printed import AMOUNT, COUNT, DATE, MONEY, PERCENT, PrintedCell, cells, with_codes
from infrastructure.files.published.assemble import Assembly, Choice, assembled, value_of
from infrastructure.files.published.cell import ReadCell, Tree
from infrastructure.files.published.trial import Trial

AGREED, READ, DOUBTFUL = "agreed", "read", "doubtful"
FIGURES = frozenset((COUNT, MONEY, DATE, PERCENT, AMOUNT))


@attrs.frozen
class CellMark:
    """How well a cell is known: `agreed`, `read` or `doubtful`, then with the reason and the text that was there."""

    state: str
    reason: str = ""
    raw: str = ""


@attrs.frozen
class Settled:
    """The document, its marks by path, and its identities with whether they hold."""

    document: Return
    marks: Mapping[str, CellMark]
    identities: tuple[Judged, ...]


def settled(kind: type, tree: Tree, *, exact: bool, doubts: Mapping[str, str], **given: Any) -> Settled:
    """The document of a tree of cells. `doubts` are about lists, by their paths. Raises DayNotFound."""
    into = Assembly()
    document: Return = with_codes(assembled(kind, tree, {}, into, **given))
    trial = Trial.of(document, into)
    choice = trial.settled()
    if choice:
        document = with_codes(assembled(kind, tree, choice, **given))
    found = judged(into.sayable(identities(document)), values_of(document))
    marks = _Marks(into, trial, choice, found, exact=exact)
    every = {path: marks.of(path, cell) for path, cell in cells(document).items()}
    lists = _lists(document, {**into.doubts, **doubts}, found, exact=exact)
    return Settled(document, {**every, **lists}, found)


# --- Marks --------------------------------------------------------------------------------------------------------------


class _Marks:
    """What the identities say of each cell."""

    def __init__(self, into: Assembly, trial: Trial, choice: Choice, found: Sequence[Judged], *, exact: bool) -> None:
        self.read, self.choice, self.unclear, self.exact = into.cells, choice, trial.unclear, exact
        self.pinned, self.wrong = _judgement(found, trial.values)
        self.shaken = {cell.group: self.wrong[path] for path, cell in into.cells.items() if cell.group and path in self.wrong}

    def of(self, path: str, printed: PrintedCell) -> CellMark:
        """The mark of a cell."""
        cell = self.read.get(path, ReadCell((None,)))
        if path in self.choice:
            return CellMark(AGREED, "a digit was cut off at the edge of its cell", cell.raw)
        doubt = cell.doubt or self._unclear(cell) or self._not_confirmed(path, printed, cell)
        if doubt:
            return CellMark(DOUBTFUL, doubt, cell.raw)
        return CellMark(AGREED if path in self.pinned else READ, raw=cell.raw)

    def _unclear(self, cell: ReadCell) -> str:
        """Other readings of a cell that break no more identities than the one that is taken."""
        taken = value_of(cell, self.choice)
        others = [cell.values[number] for number in self.unclear.get(cell.group, ())] if cell.group is not None else []
        # A blank cell and one with 0 say the same.
        named = dict.fromkeys("blank" if value is None else str(value) for value in others if (value or None) != (taken or None))
        return f"may also be {', '.join(list(named)[:3])}" if named else ""

    def _not_confirmed(self, path: str, printed: PrintedCell, cell: ReadCell) -> str:
        if path in self.wrong:
            return f"does not hold: {self.wrong[path]}"
        if cell.group in self.shaken:
            # Numbers without columns: where one of a row is wrong, its others may stand in columns that are not theirs.
            return f"of a cell of its row it does not hold: {self.shaken[cell.group]}"
        figure = printed.kind in FIGURES or (path.endswith("stock_code") and printed.value is not None)
        if path in self.pinned or not figure or (self.exact and cell.alone):
            return ""
        return "blank, and nothing in the return confirms it" if printed.value is None else "nothing in the return confirms it"


def _judgement(found: Sequence[Judged], values: Mapping[str, Any]) -> tuple[Mapping[str, set[str]], Mapping[str, str]]:
    """What confirms each cell, and what speaks against it. An identity with a wrong cell confirms none of its others."""
    holding = [each.identity for each in found if each.holds]
    failing = [each.identity for each in found if each.holds is False and not each.identity.confirms]
    pinned = _pinned(holding, values)
    wrong: dict[str, str] = {}
    for identity in failing:
        weak = [path for path in identity.blames if len(pinned.get(path, ())) < _OUTWEIGHS]
        wrong |= dict.fromkeys(weak or identity.blames, identity.says)
    return _pinned([each for each in holding if wrong.keys().isdisjoint(each.cells)], values), wrong


_OUTWEIGHS = 2
"""So many identities that hold of a cell outweigh one that does not: another of its cells is wrong, unless all are so."""


def _pinned(holding: Sequence[Identity], values: Mapping[str, Any]) -> dict[str, set[str]]:
    """What confirms each cell. Blanks and zeros alone confirm nothing, unless all but one are known to be so, or their sum is."""
    pinned: dict[str, set[str]] = {}

    def known(path: str) -> bool:
        return path in pinned or values.get(path) is not None

    def confirm(chosen: Callable[[Identity], bool]) -> None:
        for identity in filter(chosen, holding):
            for path in identity.pins:
                pinned.setdefault(path, set()).add(identity.says)

    confirm(lambda identity: any(values.get(path) for path in identity.cells))
    confirm(lambda identity: known(identity.cells[0]) or sum(not known(path) for path in identity.cells) < 2)
    return pinned


def _lists(document: Return, doubts: Mapping[str, str], found: Sequence[Judged], *, exact: bool) -> dict[str, CellMark]:
    """A mark for each list of rows or blocks: whether all of them were found."""
    complete = {path for each in found if each.holds for path in each.identity.lists}
    broken = {path: each.identity.says for each in found if each.holds is False for path in each.identity.lists}
    marks = {}
    for path, count in _counted(document, ""):
        if path in doubts:
            marks[path] = CellMark(DOUBTFUL, doubts[path])
        elif path in broken:
            marks[path] = CellMark(DOUBTFUL, f"does not hold: {broken[path]}")
        elif path in complete and count:
            marks[path] = CellMark(AGREED)
        else:
            marks[path] = CellMark(READ) if exact or not count else CellMark(DOUBTFUL, "nothing confirms that none is missing")
    # Part I without a class is no list: whether there is none is as doubtful as a list would be.
    return {path: CellMark(DOUBTFUL, why) for path, why in doubts.items()} | marks


def _counted(value: Any, path: str) -> Iterator[tuple[str, int]]:
    """The lists of a document with how many items they have; remarks and the like are words."""
    if isinstance(value, tuple):
        if all(attrs.has(type(item)) or isinstance(item, tuple) for item in value) and not path.endswith(_WORDS):
            yield path, len(value)
        for number, item in enumerate(value):
            yield from _counted(item, f"{path}[{number}]")
    elif attrs.has(type(value)) and type(value).__module__.endswith("documents"):
        for field in attrs.fields(type(value)):
            yield from _counted(getattr(value, field.name), f"{path}.{field.name}" if path else field.name)


_WORDS = ("remarks", "struck_out", "counters", "draft_reasons", "funds_raised")
