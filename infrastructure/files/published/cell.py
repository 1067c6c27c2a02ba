"""A cell as it is read: the values that its text may have, before identities choose between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs


class Group:
    """Cells that are read together: to read one of them in another way is to read all of them so."""


@attrs.frozen(eq=False)
class ReadCell:
    """The values that a text may have, the likeliest first.

    Cells of one group have as many values each: the first of all belong together, and the second. `alone` says that it has a
    ruled cell of its own, so that nothing else could be meant; `doubt` why none of the values can be relied on.
    """

    values: tuple[Any, ...]
    raw: str = ""
    group: Group | None = None
    alone: bool = False
    doubt: str = ""


Tree = Mapping[str, Any]
"""The fields of a class of the document: cells, trees, and tuples of trees."""


def known(value: Any, raw: str = "", *, alone: bool = False) -> ReadCell:
    """A cell with one value."""
    return ReadCell((value,), raw, alone=alone)


BLANK = known(None)


def doubtful(value: Any, why: str, raw: str = "") -> ReadCell:
    """A cell whose value is not to be relied on."""
    return ReadCell((value,), raw, doubt=why)


def doubted(found: Any, why: str) -> Any:
    """The cells of a tree, none of which is to be relied on, but for the names of classes."""
    if isinstance(found, ReadCell):
        return attrs.evolve(found, doubt=found.doubt or why)
    if isinstance(found, Mapping):
        return {name: each if name == "heading" else doubted(each, why) for name, each in found.items()}
    return tuple(doubted(each, why) for each in found) if isinstance(found, tuple) else found


def together(readings: Sequence[Mapping[str, Any]], raw: Mapping[str, str] | str, *, alone: bool = False) -> dict[str, ReadCell]:
    """Cells by field from the ways in which a row may be read, the likeliest first."""
    group = Group() if len(readings) > 1 else None
    fields = dict.fromkeys(field for reading in readings for field in reading)
    return {
        field: ReadCell(
            tuple(reading.get(field) for reading in readings),
            raw if isinstance(raw, str) else raw.get(field, ""),
            group,
            alone,
        )
        for field in fields
    }
