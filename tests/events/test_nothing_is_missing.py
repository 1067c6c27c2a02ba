"""What an event still needs, and where it is to be written: one line for each event."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from domain import events
from domain.capital.accounts import TOTAL_ISSUED
from domain.capital.entries import SAME_DAY_PRECEDENCE
from domain.capital.postings import POSTINGS
from domain.disclosure.triggers import LISTED
from domain.events import EVENT_TYPES, Event
from domain.returns.categories import CATEGORIES, variant
from infrastructure.event_codec import TYPE_NAMES
from infrastructure.readers.values import build
from tests.domain.histories import types_made
from tests.events import EVENT_FILES, FOLDER, NEEDED, OPTIONAL, PLACES, EventFile, path_of
from tests.scenarios.test_scenarios import SCENARIOS, read

ROOT = FOLDER.parents[1]
# Where a book begins is no change of its shares, so that no return and no list names it.
NO_CHANGE = events.BalanceBroughtForward
_NAMED_IN: list[tuple[Mapping[type[Event], object], str]] = [
    (CATEGORIES, "a row in CATEGORIES of domain/returns/categories.py"),
    (LISTED, "a line in LISTS of domain/disclosure/triggers.py"),
]


def defined() -> list[type[Event]]:
    """Every class of events in the package, but those from which others are made."""
    modules = [importlib.import_module(f"domain.events.{found.name}") for found in pkgutil.iter_modules(events.__path__)]
    classes = {each for module in modules for each in vars(module).values() if isinstance(each, type) and issubclass(each, Event)}
    bases = {base for each in classes for base in each.__mro__[1:]}
    return sorted(classes - bases, key=lambda kind: kind.__name__)


def missing(kind: type[Event]) -> Iterator[str]:
    """What is missing of an event."""
    if kind not in EVENT_TYPES:
        yield f"EVENTS and __all__ at the end of {_path(kind)}: nothing lists it"
    elif kind not in EVENT_FILES:
        yield f"{', '.join(NEEDED)}: write them to {_relative(path_of(kind))} (tests/events/__init__.py says how)"
    else:
        yield from _in_its_file(kind, EVENT_FILES[kind])
        yield from _in_the_tables(kind, EVENT_FILES[kind])
        yield from _elsewhere(kind, EVENT_FILES[kind])


def _in_its_file(kind: type[Event], file: EventFile) -> Iterator[str]:
    path = _relative(path_of(kind))
    for key in NEEDED:
        if key not in file.written or file.written[key] == "":
            yield f"`{key}` in {path}"
    if unknown := file.written.keys() - {*NEEDED, *OPTIONAL}:
        yield f"a meaning of {', '.join(sorted(unknown))} in {path}"
    if file.name != kind.__name__ or file.stored_as not in (None, TYPE_NAMES[kind]):
        yield f"event: {kind.__name__}, stored as: {TYPE_NAMES[kind]} in {path}"
    if file.sample:
        yield from (f"sample: {field}: {said} in {path}" for field, said in build(kind, file.sample)[1])
    if file.same_day is None:
        yield f"same day: one of {', '.join(PLACES)} in {path}"
    elif file.same_day != SAME_DAY_PRECEDENCE.get(kind, PLACES.index("ordinary")):
        yield f"a row in SAME_DAY_PRECEDENCE of domain/capital/entries.py, or another `same day` in {path}"


def _in_the_tables(kind: type[Event], file: EventFile) -> Iterator[str]:
    moves = [move for row in file.movements for move in row.moves]
    if moves and kind not in POSTINGS:
        yield "a row in POSTINGS of domain/capital/postings.py"
    if kind in POSTINGS and not moves:
        yield f"`movements` in {_relative(path_of(kind))}"
    changes = any(_changes_shares(move) for move in moves) or any(any(row.moved) or row.pending for row in file.categories)
    for table, place in _NAMED_IN:
        if changes and kind not in table and kind is not NO_CHANGE:
            yield f"{place}, as it changes issued or treasury shares"
        if kind in table and not changes:
            yield f"nothing of {place}, as it changes no issued or treasury shares"
    facts = (build(kind, {"effective_on": "2025-01-02", **row.said})[0] for row in file.categories)
    for name in CATEGORIES.get(kind, {}).keys() - {variant(fact) for fact in facts if fact}:
        yield f"`categories` of {name} in {_relative(path_of(kind))}"


def _changes_shares(move: str) -> bool:
    book, _, accounts = move.partition(": ")
    source, _, target = accounts.rpartition(" ")[0].partition(" -> ")
    return book.startswith("shares ") and not {source, target}.isdisjoint(TOTAL_ISSUED)


@cache
def in_scenarios() -> set[type[Event]]:
    return {type(draft.event) for path in SCENARIOS for draft in read(path)[1]}


def _elsewhere(kind: type[Event], file: EventFile) -> Iterator[str]:
    name, path = kind.__name__, _relative(path_of(kind))
    if kind not in in_scenarios():
        yield f"a scenario: `scenario` in {path}, or tests/scenarios"
    if kind not in types_made() | {*events.BOOKKEEPING, events.ReleaseRequirementSet}:
        yield f"a step of the random histories: `histories` in {path}, or tests/domain/histories.py with tests/domain/by_hand.py"
    if f"\n### {name}\n" not in (ROOT / "docs" / "events.md").read_text(encoding="utf-8"):
        yield "docs/events.md: run python -m tests.update_docs"


def _path(kind: type[Event]) -> str:
    return _relative(Path(inspect.getfile(kind)))


def _relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("kind", defined(), ids=lambda kind: kind.__name__)
def test_nothing_is_missing_of_an_event(kind):
    found = list(missing(kind))
    assert not found, f"{kind.__name__} needs " + "; ".join(found)


def test_every_event_type_is_listed_once_and_each_file_is_of_one():
    assert len(set(EVENT_TYPES)) == len(EVENT_TYPES)
    assert set(EVENT_TYPES) <= set(defined())
    assert {path.name for path in FOLDER.glob("*.yaml")} <= {path_of(kind).name for kind in EVENT_TYPES}
    assert all(getattr(events, kind.__name__) is kind for each in EVENT_TYPES for kind in each.__mro__ if issubclass(kind, Event))
