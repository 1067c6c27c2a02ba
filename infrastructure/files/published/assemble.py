"""From cells to the typed document: every field of its classes takes a value of its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import attrs

from domain.errors import BadInput
from domain.returns.cells import BLANK, Figure
from domain.returns.identity import Identity
from infrastructure.files.published.cell import ReadCell
from infrastructure.files.published.details import DOUBTS

Choice = Mapping[Any, Any]
"""For a group of cells the number of the reading that is chosen, the first where none is; for a path the value of its cell."""


class DayNotFound(BadInput, ValueError):
    """A day without which there is no such document could not be read."""


@attrs.frozen
class Assembly:
    """The cells of a document by their paths, and the doubts about its lists."""

    cells: dict[str, ReadCell] = attrs.field(factory=dict)
    doubts: dict[str, str] = attrs.field(factory=dict)

    def sayable(self, found: Iterable[Identity]) -> list[Identity]:
        """The identities of which something can be said: a cell that was not found is no blank one, and has no value."""
        lost = {path for path, cell in self.cells.items() if cell.doubt and cell.values[0] is None}
        return [identity for identity in found if lost.isdisjoint(identity.cells)]


def value_of(cell: ReadCell, choice: Choice) -> Any:
    """The value of a cell under a choice of readings."""
    return cell.values[choice.get(cell.group, 0)] if cell.group is not None else cell.values[0]


def assembled(
    kind: type, tree: Mapping[str, Any], choice: Choice, into: Assembly | None = None, path: str = "", **given: Any
) -> Any:
    """A document from a tree; `into` collects its cells by their paths. Raises DayNotFound."""
    fields = dict(given)
    for name, hint in _hints(kind).items():
        if name not in fields:
            fields[name] = _field(hint, tree.get(name), choice, into, f"{path}.{name}" if path else name)
    if into is not None:
        into.doubts.update({f"{path}.{name}" if path else name: why for name, why in tree.get(DOUBTS, {}).items()})
    return kind(**fields)


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in attrs.fields(kind)}


def _field(hint: Any, found: Any, choice: Choice, into: Assembly | None, path: str) -> Any:
    if isinstance(found, ReadCell):
        if into is not None:
            into.cells[path] = found
        return _value(hint, choice[path] if path in choice else value_of(found, choice), path)
    if isinstance(found, Mapping):
        return assembled(_class_in(hint), found, choice, into, path)
    if isinstance(found, tuple):
        item, places = _items(hint, len(found))
        return tuple(_field(item[at], each, choice, into, f"{path}[{at}]") for at, each in zip(places, found, strict=True))
    return _empty(hint, path)


def _class_in(hint: Any) -> type:
    """The class of the document in a hint, which may be optional."""
    kind: type = next(each for each in (hint, *get_args(hint)) if isinstance(each, type) and attrs.has(each))
    return kind


def _items(hint: Any, count: int) -> tuple[tuple[Any, ...], range]:
    """What the items of a tuple are: all of one kind, or each of its own."""
    if get_origin(hint) is UnionType:
        hint = next(each for each in get_args(hint) if get_origin(each) is tuple)
    kinds = get_args(hint)
    if kinds[-1] is Ellipsis:
        return (kinds[0],) * count, range(count)
    return kinds, range(count)


def _value(hint: Any, value: Any, path: str) -> Any:
    if hint is Figure:
        return BLANK if value is None else Figure(value)
    return _empty(hint, path) if value is None else value


def _empty(hint: Any, path: str) -> Any:
    """The value of a blank field."""
    if hint is Figure:
        return BLANK
    if NoneType in get_args(hint):
        return None
    if get_origin(hint) is tuple:
        return ()
    if hint is date:
        raise DayNotFound(path)
    return {str: "", bool: False, int: 0}.get(hint)
