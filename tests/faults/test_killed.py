"""`kill -9` at random points of recording: what was said to be recorded is there, nothing is half there."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest

from domain.errors import StoreUnusable
from tests.faults import books
from tests.faults.writers import Writers, writers


def killed_while_writing(location: str, hired: Writers, name: str, random: Random) -> dict[str, int]:
    """What a writer said it had recorded before it was killed: mostly a moment after its first word, at times before."""
    process = hired.begin(location=location, writer=name, batches=10**6, most=6, sales=False)
    said = [hired.heard()] if random.random() < 0.9 else []
    time.sleep(random.uniform(0, 0.03))
    # It may be dead already: then it failed by itself, which the end shows.
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    said += hired.until_the_end()
    assert said[-1] == {"ended": -signal.SIGKILL}, said[-2:]
    assert not any("failed" in each for each in said)
    return {command: number for each in said for command, number in each.get("recorded", {}).items()}


def kill_again_and_again(make_location: Callable[[int], str], kills: int, renewed: int) -> tuple[int, int]:
    """Kill so many writers, of a new store each so many times; how many died before they could answer, and the entries kept."""
    random, unanswered, kept = Random(5), 0, 0
    with writers() as hired:
        said: dict[str, int] = {}
        for number in range(kills):
            if number % renewed == 0:
                location, said = make_location(number), {}
            said |= killed_while_writing(location, hired, f"w{number}", random)
            held = {entry.command_id: entry.number for entry in books.found_whole(location)[books.FOUNDING :]}
            assert said.items() <= held.items()
            # What is there and was not said to be: the writer died between the commit and its answer.
            unanswered += len(held) > len(said)
            kept += sum(command.startswith(f"w{number}/") for command in held)
            said = held
    return unanswered, kept


@pytest.mark.parametrize("kills", [6, pytest.param(300, marks=pytest.mark.heavy)])
def test_what_was_said_to_be_recorded_outlives_the_writer(tmp_path, kills):
    def made(number: int) -> str:
        location = str(tmp_path / f"{number}.db")
        books.begin(location)
        return location

    unanswered, kept = kill_again_and_again(made, kills, renewed=10)
    print(f"{kills} kills, {kept:,} entries recorded by the killed, {unanswered} kills between commit and answer")
    assert kept


def test_a_passing_name_that_a_killed_process_left_is_no_second_name(tmp_path):
    """A backup has its name by a link; killed before the passing name is removed, its process leaves both."""
    location, left = tmp_path / "book.db", tmp_path / f".captable-{2**22 + 1}-{'0' * 32}.part"
    books.begin(str(location))
    os.link(location, left)
    assert len(books.found_whole(str(location))) == books.FOUNDING
    assert not left.exists()


def test_a_second_name_that_somebody_gave_is_refused_still(tmp_path):
    books.begin(str(tmp_path / "book.db"))
    os.link(tmp_path / "book.db", tmp_path / "other.db")
    with pytest.raises(StoreUnusable, match="a second name"):
        books.found_whole(str(tmp_path / "book.db"))


def test_a_store_has_its_name_only_once_it_is_whole(tmp_path, monkeypatch):
    """What ends the making of a store leaves nothing under its name, and nothing beside it."""

    def ended(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("infrastructure.sqlite_file._use_write_ahead_log", ended)
    with pytest.raises(KeyboardInterrupt):
        books.begin(str(tmp_path / "book.db"))
    assert list(tmp_path.iterdir()) == []
