"""What a terminal shows of work that takes longer than a moment, mark by mark."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from contextlib import redirect_stderr

import pytest

from cli import progress


class Terminal(io.StringIO):
    """A terminal that keeps what it is sent."""

    def isatty(self) -> bool:
        return True


def shown(work: Callable[[], object]) -> list[str]:
    """What some work draws on a terminal, each in the place of what was there before."""
    with redirect_stderr(Terminal()) as terminal:
        work()
    return terminal.getvalue().split(progress.ERASED)


def a_reading_each(monkeypatch, seconds: float) -> None:
    readings = itertools.count(0, seconds)
    monkeypatch.setattr("time.monotonic", lambda: next(readings))


def test_the_bar_is_drawn_after_a_moment_and_erased_at_the_end(monkeypatch):
    """An item takes a second, of which the first is quiet: 2 of 4 are done after two seconds, and two more take as long."""
    a_reading_each(monkeypatch, 1)
    done = []
    assert shown(lambda: done.extend(progress.with_progress("abcd", 4, "returns"))) == [
        "",
        "returns [############            ] 2 of 4, 2 s left",
        "returns [##################      ] 3 of 4, 1 s left",
        "returns [########################] 4 of 4, 0 s left",
        "",
    ]
    assert done == list("abcd")


def test_the_bar_is_drawn_again_every_fifth_of_a_second_at_most(monkeypatch):
    """An item takes an eighth of a second: the ninth is done after 1.125 s, and every second one after it is drawn."""
    a_reading_each(monkeypatch, 0.125)
    drawn = shown(lambda: list(progress.with_progress(range(16), 16, "returns")))
    assert [part.partition("] ")[2].partition(" ")[0] for part in drawn[1:-1]] == ["9", "11", "13", "15"]


def test_more_items_than_were_expected_make_a_full_bar():
    assert progress.bar("files", 5, 4, 10.0) == "files [########################] 5 of 5, 0 s left"


def test_the_bar_is_erased_where_the_work_fails(monkeypatch):
    a_reading_each(monkeypatch, 2)

    def failing():
        yield 1
        raise OSError("the disk is full")

    def work():
        with pytest.raises(OSError, match="the disk is full"):
            list(progress.with_progress(failing(), 2, "files"))

    assert shown(work) == ["", "files [############            ] 1 of 2, 2 s left", ""]


class Ends:
    """Work that is over after some seconds."""

    def __init__(self, seconds: int) -> None:
        self.left = seconds

    def wait(self, _: float) -> bool:
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize(("seconds", "drawn"), [(0, [""]), (2, ["", "reading, 1 s", "reading, 2 s", ""])])
def test_work_of_unknown_length_shows_each_second_and_then_nothing(seconds, drawn):
    assert shown(lambda: progress._tick(Ends(seconds), "reading")) == drawn


def test_work_that_is_over_within_a_second_shows_nothing():
    def work():
        with progress.waited():
            pass

    assert shown(work) == [""]
