"""Where the cells of ruled tables are, from the rules alone.

The rules cut the page into small rectangles. Those with no rule between them make a cell; those that reach the edge of the
page make none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import attrs

MOST_SQUARES = 400_000
"""More rectangles than any return has on a page: a page of more has no tables that could be read."""


@attrs.frozen
class RuledLine:
    """A straight line: at a height or, standing, at a distance from the left, from one end to another."""

    at: float
    start: float
    end: float


@attrs.frozen
class Box:
    """A rectangle; `top` is smaller than `bottom`."""

    left: float
    top: float
    right: float
    bottom: float


def boxes(level: Sequence[RuledLine], upright: Sequence[RuledLine], apart: float = 0.5) -> list[Box]:
    """The cells, row by row. Edges nearer to each other than `apart` are the same; no cells where there are too many rules."""
    xs = _edges((*(rule.at for rule in upright), *(end for rule in level for end in (rule.start, rule.end))), apart)
    ys = _edges((*(rule.at for rule in level), *(end for rule in upright for end in (rule.start, rule.end))), apart)
    if len(xs) * len(ys) > MOST_SQUARES or len(xs) < 2 or len(ys) < 2:
        return []
    return _Grid(xs, ys, level, upright).boxes()


def _edges(values: Iterable[float], apart: float) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > apart:
            edges.append(value)
    return edges


class _Grid:
    """Squares numbered row by row with a margin of one around them; `below` and `beside` are those with a rule there."""

    def __init__(self, xs: list[float], ys: list[float], level: Sequence[RuledLine], upright: Sequence[RuledLine]) -> None:
        self.xs, self.ys = xs, ys
        self.width = len(xs) + 1
        self.count = self.width * (len(ys) + 1)
        self.below = {
            self._near(ys, rule.at) * self.width + column + 1
            for rule in level
            for column in range(self._near(xs, rule.start), self._near(xs, rule.end))
        }
        self.beside = {
            (row + 1) * self.width + self._near(xs, rule.at)
            for rule in upright
            for row in range(self._near(ys, rule.start), self._near(ys, rule.end))
        }

    @staticmethod
    def _near(edges: list[float], value: float) -> int:
        at = bisect_left(edges, value)
        return min((each for each in (at - 1, at) if 0 <= each < len(edges)), key=lambda each: abs(edges[each] - value))

    def boxes(self) -> list[Box]:
        """The rectangles around each group of squares that rules enclose."""
        seen = bytearray(self.count)
        self._group(0, seen)
        groups = (self._group(square, seen) for square in range(self.count) if not seen[square])
        return [self._box(group) for group in groups]

    def _group(self, first: int, seen: bytearray) -> list[int]:
        group, waiting = [], [first]
        seen[first] = 1
        while waiting:
            square = waiting.pop()
            group.append(square)
            for other in self._open_to(square):
                if not seen[other]:
                    seen[other] = 1
                    waiting.append(other)
        return group

    def _open_to(self, square: int) -> Iterable[int]:
        column = square % self.width
        if column and square - 1 not in self.beside:
            yield square - 1
        if column < self.width - 1 and square not in self.beside:
            yield square + 1
        if square >= self.width and square - self.width not in self.below:
            yield square - self.width
        if square < self.count - self.width and square not in self.below:
            yield square + self.width

    def _box(self, group: list[int]) -> Box:
        columns, rows = [square % self.width for square in group], [square // self.width for square in group]
        return Box(self.xs[min(columns) - 1], self.ys[min(rows) - 1], self.xs[max(columns)], self.ys[max(rows)])
