"""Columns that a table has only if the version of the form has a caption for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import attrs

from infrastructure.renderers.blocks import Captions
from infrastructure.renderers.cells import head
from infrastructure.renderers.layout import Cell

R = TypeVar("R")


@attrs.frozen
class LayoutColumn(Generic[R]):
    """A column: the key of its caption, its relative width, and the cell it draws for a row.

    `draw` takes the row, the beginning of the keys of the row's cells, and the number of lines that the cell spans.
    """

    caption: str
    width: int
    draw: Callable[[R, str, int], Cell]


def standing(columns: Iterable[LayoutColumn[R]], captions: Captions) -> tuple[LayoutColumn[R], ...]:
    """The columns that the version of the form has."""
    return tuple(column for column in columns if column.caption in captions)


def heads(columns: Iterable[LayoutColumn[R]], captions: Captions, rowspan: int = 1) -> tuple[Cell, ...]:
    """The heads of columns."""
    return tuple(head(captions[column.caption], rowspan=rowspan) for column in columns)


def drawn(columns: Iterable[LayoutColumn[R]], row: R, key: str, span: int = 1) -> tuple[Cell, ...]:
    """The cells of a row."""
    return tuple(column.draw(row, key, span) for column in columns)


def widths(columns: Iterable[LayoutColumn[R]]) -> tuple[int, ...]:
    """The widths of columns."""
    return tuple(column.width for column in columns)
