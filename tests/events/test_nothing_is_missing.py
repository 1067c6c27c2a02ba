"""What an event still needs, and where it is to be written: everything at once."""

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
from tests.events import EVENT_FILES, FOLDER, PLACES, WITH_SCENARIO, EventFile, file_of, path_of
from tests.scenarios.test_scenarios import SCENARIOS
from tests.written import texts_of

ROOT = FOLDER.parents[1]
# Where a book begins is no change of its shares, so that no return and no list names it.
NO_CHANGE = events.BalanceBroughtForward
_NAMED_IN: list[tuple[Mapping[type[Event], object], str]] = [
    (CATEGORIES, "a row in CATEGORIES of domain/returns/categories.py, and each of its wordings in `categories` of its file"),
    (LISTED, "a line in LISTS of domain/disclosure/triggers.py"),
]


def defined() -> list[type[Event]]:
    """Every class of events in the package, but those from which others are made."""
    modules = [importlib.import_module(f"domain.events.{found.name}") for found in pkgutil.iter_modules(events.__path__)]
    classes = {each for module in modules for each in vars(module).values() if isinstance(each, type) and issubclass(each, Event)}
    bases = {base for each in classes for base in each.__mro__[1:]}
    return sorted(classes - bases, key=lambda kind: kind.__name__)


def missing(kind: type[Event]) -> Iterator[str]:
    """What is missing of an event. What its file would say is asked for where there is none, so that nothing waits for it."""
    file = file_of(kind)
    if kind not in EVENT_TYPES:
        yield f"EVENTS at the end of {_path(kind)}: nothing lists it"
    yield from (f"{fault} in {_relative(path_of(kind))}" for fault in file.faults)
    yield from _in_its_file(kind, file)
    yield from _in_the_tables(kind, file)
    yield from _elsewhere(kind, file)


def _in_its_file(kind: type[Event], file: EventFile) -> Iterator[str]:
    path = _relative(path_of(kind))
    if kind in TYPE_NAMES and file.stored_as not in (None, TYPE_NAMES[kind]):
        yield f"stored as: {TYPE_NAMES[kind]} in {path}"
    place = SAME_DAY_PRECEDENCE.get(kind)
    if file.same_day is None and place is None:
        yield "a row in SAME_DAY_PRECEDENCE of domain/capital/entries.py, unless its place in a day is ordinary"
    elif file.same_day not in (None, PLACES.index("ordinary") if place is None else place):
        yield f"a row in SAME_DAY_PRECEDENCE of domain/capital/entries.py, or another `same day` in {path}"


def _in_the_tables(kind: type[Event], file: EventFile) -> Iterator[str]:
    path, moves = _relative(path_of(kind)), [move for row in file.movements for move in row.moves]
    unknown = "movements" not in file.written
    changes = any(_changes_shares(move) for move in moves) or any(any(row.moved) or row.pending for row in file.categories)
    if kind not in POSTINGS and (moves or unknown):
        yield f"a row in POSTINGS of domain/capital/postings.py{', if it moves anything' if unknown else ''}"
    if kind in POSTINGS and not (moves or unknown):
        yield f"`movements` in {path}"
    for table, place in _NAMED_IN:
        if kind not in table and (changes or unknown) and kind is not NO_CHANGE:
            yield f"{place}, {'if' if unknown else 'as'} it changes issued or treasury shares"
        if kind in table and not (changes or unknown):
            yield f"nothing of {place}, as it changes no issued or treasury shares"
    yield from _in_the_categories(kind, file)


def _in_the_categories(kind: type[Event], file: EventFile) -> Iterator[str]:
    path, wanted = _relative(path_of(kind)), dict(CATEGORIES.get(kind, {}))
    for row in file.categories:
        fact, _ = build(kind, {"effective_on": "2025-01-02", **row.said})
        found = wanted.pop(variant(fact), None) if fact else None
        if found and found.text != row.text:
            yield f"`text: {found.text or '~'}` of `categories` with {row.said} in {path}, or its text in CATEGORIES"
    yield from (f"`categories` of {name} in {path}" for name in wanted)


def _changes_shares(move: str) -> bool:
    book, _, accounts = move.partition(": ")
    source, _, target = accounts.rpartition(" ")[0].partition(" -> ")
    return book.startswith("shares ") and not {source, target}.isdisjoint(TOTAL_ISSUED)


@cache
def in_scenarios() -> set[str]:
    """The names of the events that scenarios record; one that cannot be read is a failure of its own test."""
    scenarios = [texts_of(path) for path in SCENARIOS if path not in WITH_SCENARIO]
    scenarios += [file.written["scenario"] for file in EVENT_FILES.values() if "scenario" in file.written]
    return {record["event"] for scenario in scenarios for record in scenario["given"]}


def _elsewhere(kind: type[Event], file: EventFile) -> Iterator[str]:
    name, path = kind.__name__, _relative(path_of(kind))
    if name not in in_scenarios():
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
    assert not found, "\n- ".join([f"{kind.__name__} needs", *found])


def test_every_event_type_is_listed_once_and_each_file_is_of_one():
    assert len(set(EVENT_TYPES)) == len(EVENT_TYPES)
    assert set(EVENT_TYPES) <= set(defined())
    assert {path.name for path in FOLDER.glob("*.yaml")} <= {path_of(kind).name for kind in EVENT_TYPES}
    assert all(getattr(events, kind.__name__) is kind for each in EVENT_TYPES for kind in each.__mro__ if issubclass(kind, Event))
