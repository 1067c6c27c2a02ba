"""The same faults on PostgreSQL: writers killed, the server killed, and a standby that takes its place."""

from __future__ import annotations

import time
from collections.abc import Iterator
from random import Random

import pytest

from tests import postgresql
from tests.faults import books
from tests.faults.servers import Server, folders, followed, started
from tests.faults.test_killed import kill_again_and_again
from tests.faults.test_many_writers import write_at_once
from tests.faults.writers import Writers, writers


@pytest.mark.parametrize("kills", [4, pytest.param(100, marks=pytest.mark.heavy)])
def test_what_was_said_to_be_recorded_outlives_a_writer_to_a_server(kills):
    made: list[str] = []

    def new(number: int) -> str:
        made.append(postgresql.database())
        books.begin(made[-1])
        return made[-1]

    unanswered, kept = kill_again_and_again(new, kills, renewed=10)
    for url in made:
        postgresql.drop(url)
    print(f"PostgreSQL: {kills} kills, {kept:,} entries recorded by the killed, {unanswered} kills between commit and answer")
    assert kept


@pytest.mark.parametrize(("hired", "batches"), [(3, 4), pytest.param(16, 40, marks=pytest.mark.heavy)])
def test_processes_that_write_to_one_book_of_a_server_lose_nothing(tmp_path, server, hired, batches):
    books.begin(server)
    entries, gave_up = write_at_once(server, tmp_path / "start", hired, batches)
    print(f"PostgreSQL: {hired} processes recorded {entries} entries in one book; {gave_up} commands were asked to try again")
    assert entries


@pytest.fixture
def primary() -> Iterator[Server]:
    with folders() as place, started(place) as server:
        yield server


def recorded_until_killed(server: Server, hired: Writers, name: str, seconds: float) -> dict[str, int]:
    """What a writer said it had recorded on a server before that was killed."""
    hired.begin(location=server.url(), writer=name, batches=10**6, most=4, sales=False)
    said = [hired.heard()]
    time.sleep(seconds)
    server.kill()
    said += hired.until_the_end()
    assert said[-1] == {"ended": 0}
    assert "failed" in said[-2]
    assert "password" not in said[-2]["failed"]
    return {command: number for each in said for command, number in each.get("recorded", {}).items()}


@pytest.mark.parametrize("kills", [1, pytest.param(20, marks=pytest.mark.heavy)])
def test_what_was_said_to_be_recorded_outlives_the_server(primary, kills):
    books.begin(primary.url())
    random, said = Random(9), {}
    with writers() as hired:
        for number in range(kills):
            said |= recorded_until_killed(primary, hired, f"w{number}", random.uniform(0, 0.3))
            primary.start()
            held = {entry.command_id: entry.number for entry in books.found_whole(primary.url())}
            assert said.items() <= held.items()
    print(f"PostgreSQL: the server killed {kills} times, {len(said):,} entries said to be recorded, none lost")


@pytest.mark.parametrize("times", [1, pytest.param(5, marks=pytest.mark.heavy)])
def test_a_standby_that_takes_the_place_of_a_killed_primary_has_everything_that_was_said_to_be_recorded(times):
    lost = 0
    for number in range(times):
        with folders() as place, started(place) as primary, followed(primary, place) as standby, writers() as hired:
            books.begin(primary.url())
            said = recorded_until_killed(primary, hired, f"w{number}", 0.5)
            standby.run("SELECT pg_promote(true, 60)")
            held = {entry.command_id: entry.number for entry in books.found_whole(standby.url())}
            assert said.items() <= held.items()
            lost += len(said.items() - held.items())
            books.record_one_more(standby.url())
    print(f"PostgreSQL: a standby promoted {times} times, {len(said):,} entries said to be recorded in the last, {lost} lost")
