"""Commands that write, with --json: they record what they record without it, and say what; a rehearsal records nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click
import pytest

from cli.main import cli
from infrastructure.event_store import open_store
from infrastructure.renderers import render
from tests.application.test_take_in import year_of_returns
from tests.cases import test_cases
from tests.cases.test_cases import read
from tests.cli.running import at, done, fact, write
from tests.cli.test_meeting import AGM
from tests.cli.test_new import options
from tests.cli.test_spreadsheets import ROWS, STATED, sheet
from tests.conftest import ticking

DAYS_FILING = Path(test_cases.__file__).with_name("a-days-filing.yaml")
"""A case in which a return is due on the day of its clock."""
PLACING = ["--class", "B", "--shares", "1,000", "--on", "2024-12-20", "--price", "HKD 1.5"]
LINES = {
    "record": ["--file", "facts.jsonl"],
    "record sheet": ["--file", "broker.csv", *STATED, "--yes"],
    "record placing-completed": PLACING,
    "correct": ["41", "--shares", "1,000"],
    "withdraw": ["41", "--reason", "it did not happen"],
    "meeting record": ["agm.yaml"],
    "release": ["50", "--by", "Chan"],
    "file": ["--due", "--yes"],
    "file monthly": ["--month", "2024-12", "--submitted-on", "2025-01-06"],
    "file next-day": ["--on", "2024-12-17", "--submitted-on", "2024-12-18"],
    "new": [*options(), "--yes"],
    "start": ["published/2.html", "--yes"],
    "take-in": ["published", "--yes"],
}


def commands(group: click.Group, *path: str) -> Iterator[str]:
    """The commands that write, and can say so as JSON."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        options = {each for parameter in command.params for each in parameter.opts}
        if "--json" in options and options & {"--yes", "--dry-run"}:
            yield " ".join([*path, name])
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


def test_every_command_that_writes_and_can_say_so_as_json_is_tried():
    events = {each for each in commands(cli) if each.startswith("record ")}
    assert set(commands(cli)) - events == {each.removesuffix(" sheet") for each in LINES} - events


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first three returns of 2025 of an invented issuer, and the next three."""
    folder = tmp_path_factory.mktemp("published")
    with open_store(str(folder / "original.db"), clock=ticking(), create=True) as store:
        for number, document in enumerate(year_of_returns(store)[:6]):
            (folder / f"{number}.html").write_bytes(render(document, "html"))
    (folder / "original.db").unlink()
    return folder


@pytest.fixture
def prepared(demo: Path, published: Path, name: str) -> Iterator[None]:
    """What the lines need: files, a store, or none."""
    write("facts.jsonl", fact(effective_on="2024-12-20"))
    Path("agm.yaml").write_text(AGM, encoding="utf-8")
    sheet(*ROWS)
    Path("published").symlink_to(published)
    if name in ("new", "start", "take-in", "file"):
        demo.unlink()
    if name == "release":
        done("record", "release-requirement-set", "--on", "2024-12-19", "--by", "Wong")
        done("record", "placing-completed", *PLACING, "--by", "Wong")
    if name == "take-in":
        done("start", "published/2.html", "--yes")
    with at("2024-09-09T09:00+08:00") if name == "file" else nullcontext():
        if name == "file":
            done("record", "--file", write("due.jsonl", *read(DAYS_FILING)["steps"][0]["record"]))
        yield


def entries() -> list[int]:
    return [each["entry"] for each in done("history", "--all", "--json").json] if Path("captable.db").exists() else []


def said_to_be_recorded(found: Any) -> list[int]:
    """The numbers of entries that an answer says were recorded; of returns, each its own."""
    if isinstance(found, dict):
        return found["recorded"]
    return [number for each in found for number in each.get("recorded", [each["entry"]] if each.get("entry") else [])]


@pytest.mark.parametrize("name", LINES)
def test_what_is_recorded_with_json_is_what_the_json_says(prepared, name):
    before = entries()
    ran = done(*name.removesuffix(" sheet").split(), *LINES[name], "--json")
    recorded = said_to_be_recorded(ran.json)
    assert recorded
    assert entries() == [*before, *recorded]
    assert "nothing was recorded" not in ran.err


@pytest.mark.parametrize("name", LINES)
def test_a_rehearsal_with_json_records_nothing_and_says_so(prepared, name):
    before = entries()
    # Where --yes confirms, leaving it out rehearses.
    line = [each for each in LINES[name] if each != "--yes"]
    rehearsed = [] if len(line) < len(LINES[name]) and name != "file" else ["--dry-run"]
    ran = done(*name.removesuffix(" sheet").split(), *line, *rehearsed, "--json")
    assert said_to_be_recorded(ran.json) == []
    assert entries() == before
