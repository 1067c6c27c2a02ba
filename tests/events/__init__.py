"""One file an event: what one looks like, what it moves, how returns name it, how it stands in a store.

`tests/events/<its command>.yaml` has these keys; tests/events/test_nothing_is_missing.py says which an event still needs.

- `event`: the name of its class.
- `sample`: one such fact, as a person writes it. The samples together make one legal book (tests/samples.py).
- `same day`: where it stands among the facts of its day, one of PLACES.
- `movements`: the sample `with` some fields written otherwise `moves` these quantities, in the book of
  tests/domain/capital/test_postings.py; `[]` where it never moves any; `as <file>` where it moves what the event of another
  file does.
- `categories`, if it changes issued or treasury shares: the fact in the book of tests/domain/returns/test_category_rows.py,
  the part of FF301 III that it stands in, its line in the lists of rule 13.25A(2) and its wording, the `text` printed under
  it, the `mark` of how sure we are of that, and what it `changes`.
- `stored as`, `stored`: how it is stored, by rows as they stand in stores. Never edit a row, only add below: one that no
  longer reads, or reads and is written otherwise, is a store that no longer opens.

Two more keys are for an event that no other test file has. `histories` makes it a step of the random histories
(tests/domain/histories.py), `with` the fields that it needs; where it moves shares of one class, `at most` as many as are
unissued, held or in treasury, each of which `changes` sums of tests/domain/by_hand.py by +1 or -1. `scenario` is a scenario as
in tests/scenarios.

A value is the text that is written; `~` is no value. What is wrong in a file is reported by the test of its event and left out
elsewhere, so that all other tests run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import yaml

from cli.event_options import command_name
from domain.events import EVENT_TYPES, Event
from infrastructure.readers.values import build
from tests.events.shape import faults

FOLDER = Path(__file__).parent
PLACES = ("set-up", "reorganisation", "authority", "rights", "ordinary", "cancellation", "close")

Written = dict[str, Any]

_TEXT, _NUMBER, _FIELDS = ".+", "[+-]?[0-9]+", {"*": ""}
_MOVEMENTS = [{"with?": _FIELDS, "moves": ["[a-z]+ [^:]+: [a-z_]+ -> [a-z_]+ [0-9,]+"]}]
_CATEGORIES = [
    {
        "with": _FIELDS,
        "part": "A|B|C|D|E",
        "since June 2024": {"list": _TEXT, "wording": _TEXT},
        "before": {"list": _TEXT, "wording": _TEXT},
        "text?": _TEXT,
        "mark": "verified|unverified",
        "changes": {"issued?": _NUMBER, "treasury?": _NUMBER, "pending?": _NUMBER},
    }
]
SHAPE: dict[str, Any] = {
    "event": _TEXT,
    "sample": _FIELDS,
    "same day": "|".join(PLACES),
    "movements": _MOVEMENTS,
    "categories?": _CATEGORIES,
    "histories?": {"at most?": "unissued|held|treasury", "with?": _FIELDS, "changes?": _FIELDS},
    "scenario?": {"title": _TEXT, "known_at?": _TEXT, "given": [{"event": _TEXT, "*": ""}], "then": _FIELDS},
    "stored as": _TEXT,
    "stored": [_TEXT],
}


@attrs.frozen
class Movements:
    """Fields of the sample written otherwise, and the movements that it then makes."""

    fields: Written
    moves: list[str]


@attrs.frozen
class Named:
    """A fact as the returns name it, before June 2024 and now, and by how much it changes issued, treasury and pending."""

    name: str
    said: Written
    part: str
    now: str
    before: str
    listed: str
    listed_before: str
    mark: str
    moved: tuple[int, int]
    pending: int = 0
    text: str | None = None

    def __str__(self) -> str:
        return f"{self.name} {self.said}"


@attrs.frozen
class EventFile:
    """A file of this folder: what is right in it, by key, and what is wrong or missing; what is not written is empty."""

    name: str
    written: Mapping[str, Any]
    faults: tuple[str, ...]

    @property
    def sample(self) -> Written:
        return self.written.get("sample", {})

    @property
    def same_day(self) -> int | None:
        """The number of its place in a day; None if none is written."""
        return PLACES.index(self.written["same day"]) if "same day" in self.written else None

    @property
    def movements(self) -> list[Movements]:
        return [Movements(row.get("with", {}), row["moves"]) for row in self.written.get("movements", [])]

    @property
    def categories(self) -> list[Named]:
        return [_named(self.name, row) for row in self.written.get("categories", [])]

    @property
    def stored_as(self) -> str | None:
        return self.written.get("stored as")

    @property
    def stored(self) -> list[str]:
        return self.written.get("stored", [])


def _named(name: str, row: Mapping[str, Any]) -> Named:
    now, before = row["since June 2024"], row["before"]
    changes = {account: int(number) for account, number in row["changes"].items()}
    return Named(
        name=name,
        said=row["with"],
        part=row["part"],
        now=now["wording"],
        before=before["wording"],
        listed=now["list"],
        listed_before=before["list"],
        mark=row["mark"],
        moved=(changes.get("issued", 0), changes.get("treasury", 0)),
        pending=changes.get("pending", 0),
        text=row.get("text"),
    )


class _Texts(yaml.BaseLoader):
    """Every value the text that is written, `~` none."""

    def construct_scalar(self, node: yaml.ScalarNode) -> Any:
        return None if node.value == "~" and node.style is None else super().construct_scalar(node)


def path_of(kind: type[Event]) -> Path:
    """Where the file of an event is, or is to be written."""
    return FOLDER / f"{command_name(kind)}.yaml"


def step_fields(step: Written, day: date, code: str, number: int) -> Written:
    """The fields of the event that a step of the random histories records."""
    moved = {"share_class": code, "shares": str(number)} if "at most" in step else {}
    return {"effective_on": day.isoformat(), **moved, **step.get("with", {})}


def _loaded(path: Path) -> tuple[Written, list[str]]:
    """What a file has, or why it cannot be read."""
    if not path.exists():
        needed = ", ".join(key for key in SHAPE if not key.endswith("?"))
        return {}, [f"a file with {needed} (tests/events/__init__.py says how)"]
    try:
        written = yaml.load(path.read_bytes(), Loader=_Texts)
    except yaml.YAMLError as error:
        return {}, [" ".join(str(error).split())]
    return (written, []) if isinstance(written, dict) else ({}, [f"{written!r}; expected {', '.join(SHAPE)}"])


def _wrong(kind: type[Event], written: Written) -> Iterator[tuple[str, str]]:
    """Each place of a file that is wrong, and why."""
    wrong = list(faults(written, SHAPE | {"event": kind.__name__}))
    yield from wrong
    built = {"sample": lambda sample: sample, "histories": lambda step: step_fields(step, date(2024, 1, 2), "B", 1)}
    for key in built.keys() & (written.keys() - {_key(where) for where, _ in wrong}):
        yield from ((f"{key}: {field}", said) for field, said in build(kind, built[key](written[key]))[1])


def _key(where: str) -> str:
    return re.split(r"[.\[:]", where)[0]


@cache
def file_of(kind: type[Event]) -> EventFile:
    """The file of an event."""
    written, unreadable = _loaded(path_of(kind))
    if unreadable:
        return EventFile(kind.__name__, {}, tuple(unreadable))
    if isinstance(other := written.get("movements"), str):
        written["movements"] = _loaded(FOLDER / f"{other.removeprefix('as ')}.yaml")[0].get("movements", other)
    wrong = list(_wrong(kind, written))
    left_out = {_key(where) for where, _ in wrong}
    right = {key: value for key, value in written.items() if key not in left_out}
    return EventFile(kind.__name__, right, tuple(f"{where}: {said}" for where, said in wrong))


EVENT_FILES = {kind: file_of(kind) for kind in EVENT_TYPES if path_of(kind).exists()}
"""The file of every event type that has one, in the order of EVENT_TYPES."""

WITH_SCENARIO = [path_of(kind) for kind, file in EVENT_FILES.items() if "scenario" in file.written]
"""The files that hold a scenario too."""

STEPS_OF_FILES: dict[type[Event], Written] = {
    kind: file.written["histories"] for kind, file in EVENT_FILES.items() if "histories" in file.written
}
"""The steps of random histories that the files of events have."""
