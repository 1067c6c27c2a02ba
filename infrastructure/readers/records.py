"""Files of facts: JSON Lines and YAML, read record by record, every problem named with its file, line and field.

A record is flat: `event` names the event type, its fields stand beside it, and so does what the book says about the
writing (`source`, `replaces`, `recorded_by`, `command_id`). The formats are in `json_lines` and `yaml_records`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath
from typing import Any

import attrs

from domain import errors
from domain.capital.entries import Draft
from domain.events import fields
from infrastructure.readers import json_lines, names, values
from infrastructure.readers.rows import FileProblem, RecordRow

ENVELOPE = ("event", "source", "replaces", "recorded_by", "command_id")


@attrs.frozen
class Batch:
    """The drafts of a file with the place of each, and every problem found; drafts count only if there is none."""

    drafts: tuple[Draft, ...]
    places: tuple[str, ...]
    problems: tuple[FileProblem, ...]


class UnreadableFile(errors.BadInput):
    """A file that cannot be read as records at all."""


def read_records(name: str, content: bytes, *, recorded_by: str) -> Batch:
    """The drafts in a file of records; the format follows from its name, or from how it begins where that says nothing.

    Raises UnreadableFile if the file is no text in a format that is known.
    """
    drafts: list[Draft] = []
    places: list[str] = []
    problems: list[FileProblem] = []
    for row in rows(name, content, "expected a file named .jsonl, .yaml, .csv or .xlsx"):
        if isinstance(row, FileProblem):
            problems.append(row)
            continue
        draft, wrong = _draft(row, recorded_by)
        problems += wrong
        if draft is not None:
            drafts.append(draft)
            places.append(row.place)
    return Batch(tuple(drafts), tuple(places), tuple(problems))


def rows(name: str, content: bytes, expected: str, unnamed: str | None = None) -> Iterable[RecordRow | FileProblem]:
    """The records of a file. One without a suffix is `unnamed`, or what its text begins like. Raises UnreadableFile."""
    suffix = PurePath(name).suffix.lower()
    if suffix and suffix not in READERS:
        published = "; captable take-in reads a published return" if suffix in (".pdf", ".html", ".htm") else ""
        raise UnreadableFile(f"{name}: {expected}, got {suffix}{published}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"{name}:{line}: expected text in UTF-8") from None
    suffix = suffix or unnamed or (".yaml" if text.lstrip().startswith(("-", "#")) else ".jsonl")
    return READERS[suffix](name, text)


def _yaml(name: str, text: str) -> Iterable[RecordRow | FileProblem]:
    # Its library takes a while to load, and most commands read no YAML.
    from infrastructure.readers import yaml_records

    return yaml_records.read(name, text)


READERS: Mapping[str, Callable[[str, str], Iterable[RecordRow | FileProblem]]] = {
    ".jsonl": json_lines.read, ".ndjson": json_lines.read, ".json": json_lines.read,
    ".yaml": _yaml, ".yml": _yaml,
}  # fmt: skip


# --- from rows to drafts ----------------------------------------------------------------------------------------


def _draft(row: RecordRow, recorded_by: str) -> tuple[Draft | None, list[FileProblem]]:
    row, twice = _by_field(row)
    if twice:
        return None, [row.problem(name, "appears twice in this record") for name in twice]
    kind = names.event_type(row.written.get("event"))
    if kind is None:
        return None, [row.problem("event", errors.Worded(unknown_event, (row.written.get("event"),)))]
    said = {name: value for name, value in row.written.items() if name not in ENVELOPE}
    event, wrong = values.build(kind, said, beside=ENVELOPE[1:])
    around, wrong_around = envelope(row.written)
    if event is None or wrong_around:
        return None, [row.problem(field, message) for field, message in [*wrong, *wrong_around]]
    return Draft(event=event, **{"recorded_by": recorded_by, **around}), []


def _by_field(row: RecordRow) -> tuple[RecordRow, list[str]]:
    """A record with its fields named as events name them, and the fields that it has in two spellings."""
    written, twice = names.by_field(row.written)
    return attrs.evolve(row, written=written, places=names.by_field(row.places)[0]), twice


@attrs.frozen(kw_only=True)
class _Envelope:
    """What stands beside an event, checked as the words of events are: some of it is printed, all of it hashed."""

    source: str | None = fields.text("where the fact comes from", default=None)
    replaces: int | None = fields.whole("the entry that this one corrects", unit="an entry", default=None)
    recorded_by: str | None = fields.text("who recorded it", default=None)
    command_id: str | None = fields.identity("what distinguishes equal facts", default=None)


_PARSERS: Mapping[str, Callable[[object], Any]] = {
    "source": values.words, "replaces": values.whole, "recorded_by": values.words, "command_id": values.words,
}  # fmt: skip


def envelope(written: Mapping[str, object]) -> tuple[dict[str, Any], list[values.Wrong]]:
    """What is said beside an event, as far as it is given, and every problem with it as (field, message)."""
    read: dict[str, Any] = {}
    problems: list[values.Wrong] = []
    for name, parse in _PARSERS.items():
        if written.get(name) is not None:
            try:
                read[name] = parse(written[name])
                _Envelope(**{name: read[name]})
            except (values.UnreadableValue, fields.FieldError) as error:
                problems.append((name, str(error)))
    return read, problems


def unknown_event(name: object) -> str:
    """The message for an event type that is none, with the nearest one that is."""
    if name is None:
        return "missing; expected the name of an event such as PlacingCompleted"
    near = names.near_event(str(name))
    meant = f" Did you mean {near.__name__}?" if near else " captable schema lists them all."
    return f"unknown event {values.quoted(name)}.{meant}"
