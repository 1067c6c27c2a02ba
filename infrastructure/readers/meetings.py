"""Files of general meetings: a list of flat records, first the meeting, then its resolutions with the shares that voted.

    - meeting: annual general meeting of 23 June 2023
      on: 23 June 2023
      annual: yes
    - resolution: 6
      subject: Mandate to repurchase up to 10 % of the issued shares
      votes:
        - A 7,520,115,072 for, 0 against
        - B 9,040,397,120 for, 131,000 against

The formats are those of files of facts, and so are the messages: file, line, field, what was expected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import attrs

from domain.meetings.poll import Extension, MandateTerms, Meeting, Motion, ScrutineerCount
from infrastructure.readers import values
from infrastructure.readers.records import rows
from infrastructure.readers.rows import FileProblem, RecordRow


@attrs.frozen
class MeetingFile:
    """A meeting as a file has it, or every problem found; the meeting is None if there is one."""

    meeting: Meeting | None
    problems: tuple[FileProblem, ...]


def _counts(value: object) -> tuple[ScrutineerCount, ...]:
    read: tuple[ScrutineerCount, ...] = values.read(tuple[ScrutineerCount, ...], value)
    if not read:
        raise values.UnreadableValue(f"expected {values.SOME_VOTES}")
    return read


def _purpose(value: object) -> str:
    if value in ("issue", "repurchase"):
        return str(value)
    raise values.UnreadableValue(f"expected issue or repurchase, got {values.quoted(value)}")


def _percent(value: object) -> Decimal:
    if not 0 < (read := values.percent(value)) <= 100:
        raise values.UnreadableValue(f"expected a percentage above 0 and at most 100, got {read}")
    return read


def _number(value: object) -> str:
    return str(value) if type(value) is int else values.words(value).strip()


def _shares(value: object) -> int:
    if (read := values.whole(value)) < 0:
        raise values.UnreadableValue(f"expected a number of shares of zero or more, got {read:,}")
    return read


_Parsers = Mapping[str, Callable[[object], Any]]
_MEETING: _Parsers = {
    "meeting": values.words, "on": values.day, "scrutineer": values.words, "abstain_in_favour": _shares, "abstain": _shares,
    "annual": values.flag,
}  # fmt: skip
_RESOLUTION: _Parsers = {
    "resolution": _number, "subject": values.words, "votes": _counts, "special": values.flag, "reserved": values.flag,
    "mandate": values.words, "purpose": _purpose, "percent": _percent, "classes": partial(values.read, tuple[str, ...]),
    "extends": values.words, "extended_by": values.words,
}  # fmt: skip
_REQUIRED = {"meeting": ("meeting", "on"), "resolution": ("resolution", "subject", "votes")}
_OF_A_MANDATE = ("mandate", "purpose", "percent")
_OF_AN_EXTENSION = ("extends", "extended_by")


def read_meeting(name: str, content: bytes) -> MeetingFile:
    """The meeting of a file, or every problem with it. Raises UnreadableFile if the file is no text in a format known."""
    heads: list[dict[str, Any]] = []
    motions: list[Motion] = []
    problems: list[FileProblem] = []
    for row in rows(name, content, "expected a file named .yaml, .yml or .jsonl", unnamed=".yaml"):
        if isinstance(row, FileProblem):
            problems.append(row)
            continue
        kind = "resolution" if "resolution" in row.written else "meeting"
        said, wrong = _read(row, _RESOLUTION if kind == "resolution" else _MEETING, _REQUIRED[kind])
        problems += wrong
        if not wrong:
            (motions.append(_motion(said)) if kind == "resolution" else heads.append(said))
    if not problems and (len(heads) != 1 or not motions):
        problems = [FileProblem(name, None, f"expected one meeting and its resolutions, got {len(heads)} and {len(motions)}")]
    if problems:
        return MeetingFile(None, tuple(problems))
    head = heads[0]
    return MeetingFile(Meeting(head.pop("meeting"), head.pop("on"), tuple(motions), **head), ())


def _read(row: RecordRow, parsers: _Parsers, required: tuple[str, ...]) -> tuple[dict[str, Any], list[FileProblem]]:
    said: dict[str, Any] = {}
    known = ", ".join(parsers)
    strange = [name for name in row.written if name not in parsers]
    wrong = [row.problem(values.quoted(name), f"unknown field; expected one of {known}") for name in strange]
    wrong += [row.problem(name, "missing") for name in required if row.written.get(name) is None]
    for name, parse in parsers.items():
        if row.written.get(name) is not None:
            try:
                said[name] = parse(row.written[name])
            except values.UnreadableValue as error:
                wrong.append(row.problem(name, str(error)))
    wrong += [row.problem(*missing) for missing in _incomplete(row)]
    return said, wrong


def _incomplete(row: RecordRow) -> Iterator[tuple[str, str]]:
    for what, names in (("a mandate", _OF_A_MANDATE), ("an extension", _OF_AN_EXTENSION)):
        missing = [name for name in names if row.written.get(name) is None]
        if 0 < len(missing) < len(names):
            yield missing[0], f"missing; {what} is {', '.join(names)}"
    if row.written.get("classes") is not None and row.written.get("mandate") is None:
        yield "mandate", "missing; classes are those that a mandate counts"


def _motion(said: dict[str, Any]) -> Motion:
    return Motion(
        said["resolution"],
        said["subject"],
        said["votes"],
        said.get("special", False),
        said.get("reserved", False),
        MandateTerms(said["mandate"], said["purpose"], said["percent"], said.get("classes", ())) if "mandate" in said else None,
        Extension(*(said[name] for name in _OF_AN_EXTENSION)) if "extends" in said else None,
    )
