"""Files of facts: JSON Lines and YAML, read record by record, every problem named with its file, line and field.

A record is flat: `event` names the event type, its fields stand beside it, and so does what the book says about the
writing (`source`, `replaces`, `recorded_by`, `command_id`).
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

import attrs

from domain.events import EVENT_TYPES, Event
from domain.history import Draft
from infrastructure.event_codec import TYPE_NAMES, encode
from infrastructure.readers import values

LONGEST_LINE = 1_000_000
EVENTS_BY_NAME: Mapping[str, type[Event]] = {kind.__name__: kind for kind in EVENT_TYPES}
ENVELOPE = ("event", "source", "replaces", "recorded_by", "command_id")


@attrs.frozen
class Problem:
    """What is wrong, and where: `capital.jsonl:14: shares: expected …`."""

    place: str
    field: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.field}: {self.message}" if self.field else f"{self.place}: {self.message}"


@attrs.frozen
class Row:
    """One record as written, and where: `capital.jsonl:14`."""

    place: str
    written: Mapping[str, object]


@attrs.frozen
class Batch:
    """The drafts of a file with the place of each, and every problem found; drafts count only where there is none."""

    drafts: tuple[Draft, ...]
    places: tuple[str, ...]
    problems: tuple[Problem, ...]


class Unreadable(Exception):
    """A file that cannot be read as records at all."""


def read_records(name: str, content: bytes, *, recorded_by: str) -> Batch:
    """The drafts in a file of records; the format follows from its name, JSON Lines where it has none (`-`)."""
    rows, problems = _rows(name, content)
    drafts: list[Draft] = []
    places: list[str] = []
    seen: Counter[str] = Counter()
    for row in rows:
        built, wrong = _draft(row, recorded_by)
        problems += wrong
        if built is not None:
            drafts.append(identified(built, seen))
            places.append(row.place)
    return Batch(tuple(drafts), tuple(places), tuple(problems))


def _rows(name: str, content: bytes) -> tuple[list[Row], list[Problem]]:
    suffix = PurePath(name).suffix.lower()
    reader = READERS.get(suffix, None if suffix else _json_lines)
    if reader is None:
        raise Unreadable(f"{name}: expected a file named .jsonl, .yaml or .yml, got {suffix}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"{name}:{line}: expected text in UTF-8") from None
    rows: list[Row] = []
    problems: list[Problem] = []
    for found in reader(name, text):
        (rows if isinstance(found, Row) else problems).append(found)  # type: ignore[arg-type]
    return rows, problems


# --- JSON Lines -------------------------------------------------------------------------------------------------


def _json_lines(name: str, text: str) -> Iterator[Row | Problem]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _json_row(f"{name}:{number}", line)


def _json_row(place: str, line: str) -> Row | Problem:
    if len(line) > LONGEST_LINE:
        return Problem(place, None, f"expected a line of at most {LONGEST_LINE:,} characters, got {len(line):,}")
    try:
        # Numbers with a point or an exponent stay as written, so that nothing passes through a float.
        found = json.loads(line, parse_float=str, parse_constant=_no_constant, object_pairs_hook=_no_twice)
    except RecursionError:
        return Problem(place, None, "expected a flat record, got one nested too deeply")
    except ValueError as error:
        return Problem(place, None, f"expected a JSON object on one line: {error}")
    return Row(place, found) if isinstance(found, dict) else Problem(place, None, "expected a JSON object")


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is not a number")


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if twice:
        raise ValueError(f"field {twice[0]} stands twice")
    return dict(pairs)


# --- YAML -------------------------------------------------------------------------------------------------------


def _yaml(name: str, text: str) -> Iterator[Row | Problem]:
    import yaml

    try:
        root = yaml.compose(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        yield Problem(
            f"{name}:{mark.line + 1}" if mark else name, None, f"expected YAML: {getattr(error, 'problem', None) or error}"
        )
        return
    except RecursionError:
        yield Problem(name, None, "expected a list of flat records, got one nested too deeply")
        return
    if root is None:
        return
    if not isinstance(root, yaml.SequenceNode):
        yield Problem(f"{name}:{root.start_mark.line + 1}", None, "expected a list of records, each begun with a dash")
        return
    for node in root.value:
        yield _yaml_row(f"{name}:{node.start_mark.line + 1}", node)


def _yaml_row(place: str, node: Any) -> Row | Problem:
    import yaml

    if not isinstance(node, yaml.MappingNode):
        return Problem(place, None, "expected a record of fields, each with a name, a colon and a value")
    pairs = [(str(key.value), _yaml_value(value)) for key, value in node.value]
    try:
        return Row(place, _no_twice(pairs))
    except ValueError as error:
        return Problem(place, None, str(error))


def _yaml_value(node: Any) -> object:
    """Scalars as the text written, so that 00020 stays 00020; an empty value or ~ is none."""
    if node.id == "sequence":
        return [_yaml_value(item) for item in node.value]
    if node.id == "mapping":
        return {str(key.value): _yaml_value(value) for key, value in node.value}
    return None if node.style is None and node.value in ("", "~", "null") else node.value


READERS: dict[str, Callable[[str, str], Iterable[Row | Problem]]] = {
    ".jsonl": _json_lines, ".ndjson": _json_lines, ".json": _json_lines, ".yaml": _yaml, ".yml": _yaml,
}  # fmt: skip


# --- from rows to drafts ----------------------------------------------------------------------------------------


def _draft(row: Row, recorded_by: str) -> tuple[Draft | None, list[Problem]]:
    kind = EVENTS_BY_NAME.get(str(row.written.get("event")))
    if kind is None:
        return None, [Problem(row.place, "event", unknown_event(row.written.get("event")))]
    event, wrong = values.build(kind, {name: value for name, value in row.written.items() if name not in ENVELOPE})
    problems = [Problem(row.place, field, message) for field, message in wrong]
    envelope = _envelope(row, problems)
    if event is None or problems:
        return None, problems
    return Draft(event=event, **{"recorded_by": recorded_by, "command_id": "", **envelope}), []


def _envelope(row: Row, problems: list[Problem]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, parse in (
        ("source", values.words),
        ("replaces", values.whole),
        ("recorded_by", values.words),
        ("command_id", values.words),
    ):
        if row.written.get(name) is not None:
            try:
                read[name] = parse(row.written[name])
            except values.Unreadable as error:
                problems.append(Problem(row.place, name, str(error)))
    return read


def identified(draft: Draft, seen: Counter[str]) -> Draft:
    """A draft with an identity: its own, or one made of what it says; equal facts of one batch are told apart by count."""
    if draft.command_id:
        return draft
    said = f"{TYPE_NAMES[type(draft.event)]}|{draft.replaces}|".encode() + encode(draft.event)
    digest = hashlib.sha256(said).hexdigest()[:32]
    seen[digest] += 1
    return attrs.evolve(draft, command_id=digest if seen[digest] == 1 else f"{digest}-{seen[digest]}")


def unknown_event(name: object) -> str:
    """The message for an event type that is none, with the nearest one that is."""
    if name is None:
        return "missing; expected the name of an event such as PlacingCompleted"
    near = difflib.get_close_matches(str(name), EVENTS_BY_NAME, n=1, cutoff=0.5)
    return f"unknown event {str(name)[:60]!r}." + (f" Did you mean {near[0]}?" if near else " captable schema lists them all.")
