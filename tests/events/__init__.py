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

Two more keys are for an event of which no other file of the tests speaks. `histories` makes shares of one class a step of the
random histories (tests/domain/histories.py): `at most` as many as are unissued, held or in treasury, each of which `changes`
sums of tests/domain/by_hand.py by +1 or -1. `scenario` is a scenario as in tests/scenarios.

A value is the text that is written; `~` stands for no value.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import yaml

from cli.event_options import command_name
from domain.events import EVENT_TYPES, Event

FOLDER = Path(__file__).parent
NEEDED = ("event", "sample", "same day", "movements", "stored as", "stored")
OPTIONAL = ("categories", "histories", "scenario")
PLACES = ("set-up", "reorganisation", "authority", "rights", "ordinary", "cancellation", "close")

Written = dict[str, Any]


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
    """A file of this folder; what is not written is empty."""

    name: str
    written: Mapping[str, Any]

    @property
    def sample(self) -> Written:
        return self.written.get("sample", {})

    @property
    def same_day(self) -> int | None:
        """The number of its place in a day; None if none is written that there is."""
        place = self.written.get("same day")
        return PLACES.index(place) if place in PLACES else None

    @property
    def movements(self) -> list[Movements]:
        rows = self.written.get("movements", [])
        if isinstance(rows, str):
            return _read(FOLDER / f"{rows.removeprefix('as ')}.yaml").movements
        return [Movements(row.get("with", {}), row["moves"]) for row in rows]

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
    assert changes.keys() <= {"issued", "treasury", "pending"}, changes
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


@cache
def _read(path: Path) -> EventFile:
    written = yaml.load(path.read_text(encoding="utf-8"), Loader=_Texts)
    return EventFile(written.get("event", path.stem), written)


def path_of(kind: type[Event]) -> Path:
    """Where the file of an event is, or is to be written."""
    return FOLDER / f"{command_name(kind)}.yaml"


EVENT_FILES = {kind: _read(path_of(kind)) for kind in EVENT_TYPES if path_of(kind).exists()}
"""The file of every event type that has one, in the order of EVENT_TYPES."""

WITH_SCENARIO = [path_of(kind) for kind, file in EVENT_FILES.items() if "scenario" in file.written]
"""The files that hold a scenario too."""

STEPS_OF_FILES: dict[type[Event], Written] = {
    kind: file.written["histories"] for kind, file in EVENT_FILES.items() if "histories" in file.written
}
"""What a step of random histories may take at most, and what it changes by hand, of the events whose files say so."""
