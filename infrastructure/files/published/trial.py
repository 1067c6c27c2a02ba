"""Trying other readings where the likeliest ones break an identity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, product
from typing import Any

import attrs

from domain.returns.documents import Return
from domain.returns.identities import identities, values_of
from domain.returns.identity import Identity
from domain.values import Money
from infrastructure.files.published.assemble import Assembly, Choice, value_of
from infrastructure.files.published.cell import Group, ReadCell

MOST_TRIALS = 3_000
"""Readings are tried until one breaks no identity, and at most so many."""
_MOST_AT_ONCE = 2


@attrs.define
class Trial:
    """The cells that may be read in several ways, by group, and the identities that have to hold.

    `unclear` are, for the groups whose reading was changed, the readings that would do as well.
    """

    values: dict[str, Any]
    cells: Mapping[str, ReadCell]
    groups: Mapping[Group, Sequence[str]]
    required: Sequence[Identity]
    left: int = MOST_TRIALS
    unclear: dict[Group, set[int]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, document: Return, into: Assembly) -> Trial:
        """What can be tried for a document read at its likeliest."""
        groups: dict[Group, list[str]] = {}
        for path, cell in into.cells.items():
            if cell.group is not None:
                groups.setdefault(cell.group, []).append(path)
        return cls(
            values_of(document), into.cells, groups, [each for each in into.sayable(identities(document)) if not each.confirms]
        )

    def settled(self) -> Choice:
        """What to take otherwise than at its likeliest: readings of groups, and numbers whose cut digit is known."""
        choice = self._best()
        self.values = self._under(choice)
        completed = self._completed()
        self.values |= completed
        self._compare_others(choice)
        return {**choice, **completed}

    def _best(self) -> dict[Group, int]:
        """The choice that breaks fewest identities: one group is read otherwise at a time, then two."""
        choice: dict[Group, int] = {}
        for at_once in range(1, _MOST_AT_ONCE + 1):
            while self.left > 0 and (broken := self._broken(self._under(choice))):
                better = self._better(choice, broken, at_once)
                if not better:
                    break
                for other in better[1:]:
                    for group, number in other.items():
                        self.unclear.setdefault(group, set()).add(number)
                choice |= better[0]
        return choice

    def _compare_others(self, choice: Mapping[Group, int]) -> None:
        """Readings of each group that do as well as the one that is taken."""
        values = self.values
        for group, members in self.groups.items():
            near = [identity for identity in self.required if not set(members).isdisjoint(identity.cells)]
            now = sum(identity.holds(values) is False for identity in near)
            for number in range(len(self.cells[members[0]].values)):
                self.left -= 1
                other = {**values, **{path: self.cells[path].values[number] for path in members}}
                if number != choice.get(group, 0) and sum(identity.holds(other) is False for identity in near) <= now:
                    self.unclear.setdefault(group, set()).add(number)

    def _broken(self, values: Mapping[str, Any]) -> list[Identity]:
        return [identity for identity in self.required if identity.holds(values) is False]

    def _under(self, choice: Mapping[Group, int]) -> dict[str, Any]:
        changed = {path: value_of(self.cells[path], choice) for group in choice for path in self.groups[group]}
        return {**self.values, **changed}

    def _better(self, choice: Mapping[Group, int], broken: Sequence[Identity], at_once: int) -> list[dict[Group, int]]:
        """The ways to read some groups otherwise that break fewest identities, and fewer than now."""
        best, fewest = [], len(broken)
        for changed in self._changes(broken, at_once):
            if self.left <= 0:
                break
            self.left -= 1
            count = len(self._broken(self._under({**choice, **changed})))
            if count < fewest:
                best, fewest = [changed], count
            elif count == fewest and best:
                best.append(changed)
        return best

    def _changes(self, broken: Sequence[Identity], at_once: int) -> Iterator[dict[Group, int]]:
        """Other readings of the groups that stand in broken identities."""
        touched = {path for identity in broken for path in identity.cells}
        near = [group for group, members in self.groups.items() if touched.intersection(members)]
        for groups in combinations(near, at_once):
            others = (range(1, len(self.cells[self.groups[group][0]].values)) for group in groups)
            yield from (dict(zip(groups, numbers, strict=True)) for numbers in product(*others))

    # --- Digits that were cut off -----------------------------------------------------------------------------------

    def _completed(self) -> dict[str, Any]:
        """Numbers that lost one digit at the edge of their cell: what two identities say, both broken by what is left."""
        found: dict[str, Any] = {}
        broken = self._broken(self.values)
        for path, cell in self.cells.items():
            standing_in = [identity for identity in broken if path in identity.cells]
            if len(standing_in) > 1 and not cell.alone and "\t" in cell.raw:
                fitting = [
                    value
                    for value in _with_a_digit(self.values.get(path))
                    if all(identity.holds({**self.values, path: value}) for identity in standing_in)
                ]
                if len(fitting) == 1:
                    found[path] = fitting[0]
        return found


def _with_a_digit(value: Any) -> Iterator[Any]:
    """A whole number or amount with one more digit after its last or before its first."""
    if isinstance(value, Money) and value.amount == value.amount.to_integral_value():
        yield from (Money(value.currency, Decimal(number)) for number in _with_a_digit(int(value.amount)))
    elif isinstance(value, int) and value > 0:
        yield from (int(f"{value}{digit}") for digit in range(10))
        yield from (int(f"{digit}{value}") for digit in range(1, 10))
