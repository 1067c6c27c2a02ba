"""YAML: a list of flat records, every value kept as the text that was written.

Only what a list of facts needs is read, event by event: names with a value or a list of values. Tags, references and
deeper nesting are refused unread, so a file cannot make objects, grow in memory, or reach the depth of the stack.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from yaml import events as parts

from infrastructure.readers.rows import FileProblem, RecordRow
from infrastructure.readers.values import quoted

_Parts = Iterator[Any]
_PARSER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NONE = ("", "~", "null")
STANDARD = "tag:yaml.org,2002:"


class _Unfit(Exception):
    """A value that a flat record cannot have; the message says what was expected."""


def read(name: str, text: str) -> Iterator[RecordRow | FileProblem]:
    """Every record of a YAML document, or what is wrong with it."""
    try:
        yield from _document(name, yaml.parse(text, Loader=_PARSER))
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        yield FileProblem(f"{name}:{line}", None, "expected text without control characters")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or "it cannot be read"
        yield FileProblem(f"{name}:{mark.line + 1}" if mark else name, None, f"expected YAML: {said}")


def _document(name: str, stream: _Parts) -> Iterator[RecordRow | FileProblem]:
    first = next((part for part in stream if not isinstance(part, parts.StreamStartEvent | parts.DocumentStartEvent)), None)
    if isinstance(first, parts.StreamEndEvent) or (isinstance(first, parts.ScalarEvent) and _scalar(first) is None):
        return
    if not isinstance(first, parts.SequenceStartEvent) or first.tag is not None:
        yield FileProblem(_place(name, first), None, "expected a list of records, each begun with a dash")
        return
    while not isinstance(item := next(stream), parts.SequenceEndEvent):
        yield from _record(name, item, stream)
    for part in stream:
        if isinstance(part, parts.DocumentStartEvent):
            yield FileProblem(_place(name, part), None, "expected one list of records, got a second document")
            return


def _record(name: str, first: Any, stream: _Parts) -> Iterator[RecordRow | FileProblem]:
    place = _place(name, first)
    if not isinstance(first, parts.MappingStartEvent) or first.tag is not None:
        _pass_over(first, stream)
        yield FileProblem(place, None, "expected a record of fields, each with a name, a colon and a value")
        return
    written: dict[str, object] = {}
    places: dict[str, str] = {}
    wrong: list[FileProblem] = []
    while not isinstance(key := next(stream), parts.MappingEndEvent):
        field, where = _field(key, stream), _place(name, key)
        try:
            value = _value(next(stream), stream)
        except _Unfit as error:
            wrong.append(FileProblem(where, field, str(error)))
            continue
        if field is None:
            wrong.append(FileProblem(where, None, "expected the name of a field"))
        elif field in written:
            wrong.append(FileProblem(where, quoted(field), "appears twice in this record"))
        else:
            written[field], places[field] = value, where
    if not wrong:
        yield RecordRow(place, written, places)
    yield from wrong


def _field(key: Any, stream: _Parts) -> str | None:
    if isinstance(key, parts.ScalarEvent) and key.tag is None:
        return str(key.value)
    _pass_over(key, stream)
    return None


def _value(first: Any, stream: _Parts) -> object:
    """A scalar as the text written, so that 00020 stays 00020, or a list of such."""
    if isinstance(first, parts.SequenceStartEvent) and first.tag is None:
        items: list[object] = []
        unfit: _Unfit | None = None
        while not isinstance(item := next(stream), parts.SequenceEndEvent):
            try:
                items.append(_one(item, stream))
            except _Unfit as error:
                unfit = error
        if unfit:
            raise unfit
        return items
    return _one(first, stream)


def _one(part: Any, stream: _Parts) -> str | None:
    if isinstance(part, parts.ScalarEvent) and part.tag is None:
        return _scalar(part)
    _pass_over(part, stream)
    if isinstance(part, parts.AliasEvent):
        raise _Unfit(f"expected the value itself, got a reference *{quoted(part.anchor)}")
    if part.tag is not None:
        raise _Unfit(f"expected a plain value, got the tag {quoted(part.tag.replace(STANDARD, '!!'))}")
    raise _Unfit("expected a value or a list of values, got one nested deeper")


def _scalar(part: Any) -> str | None:
    """The text of a scalar; None if nothing, ~ or null is written without quotation marks."""
    return None if part.implicit[0] and part.value in _NONE else part.value


def _pass_over(part: Any, stream: _Parts) -> None:
    """Read on until what this part begins has ended."""
    depth = 0
    while True:
        depth += isinstance(part, parts.CollectionStartEvent) - isinstance(part, parts.CollectionEndEvent)
        if depth == 0:
            return
        part = next(stream)


def _place(name: str, part: Any) -> str:
    return f"{name}:{part.start_mark.line + 1}"
