"""Every event type, and every field of it: recorded, corrected alone, taken out, withdrawn, exported and recorded again.

One test an event type, over the fields that its class has: a new event or field is covered by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import attrs
import pytest

from application.record import record
from cli.event_options import command_name, flag_of
from domain import events
from domain.capital.entries import Draft, Entry, in_effect
from domain.capital.position import Position
from domain.events import Event
from infrastructure.event_codec import encode
from infrastructure.event_store import SqlEventStore, open_store
from infrastructure.readers.names import EVENTS_BY_NAME
from infrastructure.readers.values import build, field_types, read
from tests.cli.running import CODE, captable, done
from tests.conftest import STARTED, ticking
from tests.domain.book_of import drafts
from tests.other_values import beginning, book_without, others, position_of, possible
from tests.samples import SAMPLES, sample

STORE, COPY = "captable.db", "copy.db"
# Entries about entries are not corrected, and once release is required a correction waits (tests/cases/maker-and-checker.yaml).
NAMES = [name for name in SAMPLES if name not in ("EntryWithdrawn", "EntryReleased", "FactProposed", "ReleaseRequirementSet")]
# The code of a book is what it is kept under: it is not a fact of it that could have been otherwise.
FIXED = {("IssuerRegistered", "issuer")}


@attrs.define
class Kept:
    """A store in the working folder, and the number of the entry that holds the event under test."""

    store: SqlEventStore
    number: int = 0

    def refresh(self) -> Event:
        """The event that stands last."""
        *_, last = self.store.entries(CODE, self.number and self.number - 1)
        self.number = last.number
        return last.event

    def put(self, event: Event) -> None:
        """The event again as it was, in the place of the last."""
        if self.refresh() == event:
            return
        withdrawn = events.EntryWithdrawn(effective_on=event.effective_on, reason="for the next field")
        first = [] if isinstance(event, events.IssuerRegistered) else [withdrawn]
        steps = [
            Draft(event=each, recorded_by="tests", replaces=number) for number, each in enumerate([*first, event], self.number)
        ]
        record(self.store, CODE, steps)
        self.refresh()


@pytest.fixture
def kept(folder: Path) -> Iterator[Kept]:
    opened = open_store(STORE, clock=ticking(), create=True)
    yield Kept(opened)
    opened.close()


def options(written: Mapping[str, Any]) -> list[str]:
    """Fields as the command line takes them: a list is an option given several times."""
    pairs = [(name, each) for name, value in written.items() for each in (value if isinstance(value, list) else [value])]
    return [part for name, value in pairs for part in (flag_of(name), value)]


def fields(name: str) -> list[Any]:
    return [each for each in attrs.fields(cast("Any", EVENTS_BY_NAME[name])) if (name, each.name) not in FIXED]


def corrected(event: Event, field: str, held: list[Event]) -> tuple[object, Event]:
    """Another value for a field, and the event with it and everything else as it was."""
    name = type(event).__name__
    for value in others(event, field, position_of(held)):
        wanted, _ = build(type(event), {field: value}, kept=event)
        if wanted is not None and wanted != event and possible([*held, wanted]):
            return value, wanted
    raise AssertionError(f"tests/other_values.py needs a row for {name}.{field}")


@pytest.mark.parametrize("name", NAMES)
def test_every_field_of_an_event_is_corrected_alone_and_all_else_is_kept(name, kept):
    held = book_without(name)
    if held:
        record(kept.store, CODE, drafts(*held))
    done("record", command_name(EVENTS_BY_NAME[name]), *options(SAMPLES[name]))
    assert kept.refresh() == sample(name)
    for field in fields(name):
        kept.put(start := beginning(name, field.name))
        value, wanted = corrected(start, field.name, held)
        done("correct", str(kept.number), *options({field.name: value}))
        assert kept.refresh() == wanted, field.name
        take_out(kept, field, held)
    kept.put(sample(name))
    withdraw(kept, held)
    record_again(kept)


@pytest.mark.parametrize("name", NAMES)
def test_one_field_of_an_event_that_says_all_it_can_is_corrected_and_all_else_is_kept(name):
    held = position_of(book_without(name))
    full = fullest(name, held)
    for field in fields(name):
        for value in others(full, field.name, held):
            found, problems = build(type(full), {field.name: value}, kept=full)
            kind = field_types(cast("Any", type(full)))[field.name]
            assert problems or found == attrs.evolve(cast("Any", full), **{field.name: read(kind, value)})
    exported = json.loads(encode(full))
    assert build(type(full), exported) == (full, [])


def fullest(name: str, held: Position) -> Event:
    """The sample of an event type with every further field that it can have beside the others."""
    event = sample(name)
    for field in fields(name):
        if getattr(event, field.name) == field.default:
            made = (build(type(event), {field.name: value}, kept=event)[0] for value in others(event, field.name, held))
            event = next((each for each in made if each is not None), event)
    return event


def take_out(kept: Kept, field: Any, held: list[Event]) -> None:
    """An empty value takes a field out, or is refused where the event, or the book, cannot do without it."""
    before = kept.refresh()
    without, problems = build(type(before), {field.name: None}, kept=before)
    ran = captable("correct", str(kept.number), flag_of(field.name), "")
    if without == before:
        assert (ran.code, f"entry {kept.number} already says that" in ran.err) == (2, True)
    elif isinstance(before, events.ReturnFiled) and before.digest:
        assert (ran.code, "file it again, as a resubmission" in ran.err) == (3, True)
    elif without is None:
        assert (ran.code, kept.refresh()) == (2, before)
        assert all(f"{flag_of(name)}: " in ran.err for name, _ in problems)
    elif not possible([*held, without]):
        assert (ran.code, f"{flag_of(field.name)}: " in ran.err, kept.refresh()) == (2, True, before)
    else:
        assert (ran.code, kept.refresh()) == (0, without), field.name


def withdraw(kept: Kept, held: list[Event]) -> None:
    """A withdrawn event leaves what there was without it; the one that begins the book cannot be."""
    ran = captable("withdraw", str(kept.number), "--reason", "it did not happen")
    left = [each.event for each in in_effect(kept.store.entries(CODE))]
    assert (ran.code, sorted(left, key=str)) == ((0, sorted(held, key=str)) if held else (3, [kept.refresh()]))


def record_again(kept: Kept) -> None:
    """What is exported makes a book of the same entries, so that every answer, which is a function of them, is the same."""
    Path("book.jsonl").write_text(done("export").out, encoding="utf-8")
    done("record", "--file", "book.jsonl", "--store", COPY)
    assert written(COPY) == written(STORE)


def written(place: str) -> list[Entry]:
    """The entries of a store, without the moment at which each was written there."""
    store = open_store(place, clock=ticking())
    entries = [attrs.evolve(each, recorded_at=STARTED) for each in store.entries(CODE)]
    store.close()
    return entries
