"""Streams that cannot fail a command, and what it has done for good."""

from __future__ import annotations

import errno
import io
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from cli import session
from cli.session import clock_in_use, failure, lost, stands, system_clock, unfailing


def stream_to(descriptor: int) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedWriter(io.FileIO(descriptor, "wb", closefd=False)), encoding="ascii")


@pytest.fixture
def full():
    """A stream to a device that is full."""
    descriptor = os.open("/dev/full", os.O_WRONLY)
    yield unfailing(stream_to(descriptor), descriptor)
    os.close(descriptor)


@pytest.fixture
def left():
    """A stream to a reader that has left."""
    reader, writer = os.pipe()
    os.close(reader)
    yield unfailing(stream_to(writer), writer)
    os.close(writer)


def test_what_a_full_device_does_not_take_is_lost_without_an_error_and_the_first_reason_is_kept(full):
    for _ in range(2):
        full.write("recorded: entry 49\n")
        assert failure(full).errno == errno.ENOSPC
    assert lost(full).errno == errno.ENOSPC


def test_a_reader_that_has_left_loses_nothing(left, monkeypatch):
    left.write("recorded: entry 49\n")
    assert isinstance(failure(left), BrokenPipeError)
    assert lost(left) is None
    monkeypatch.setattr(sys, "stdout", left)
    assert session.reader_left()


def test_what_a_stream_takes_is_written_and_what_it_cannot_show_becomes_a_question_mark(tmp_path):
    descriptor = os.open(tmp_path / "out", os.O_WRONLY | os.O_CREAT)
    stream = unfailing(stream_to(descriptor), descriptor)
    stream.write("股 recorded\n")
    assert (failure(stream), lost(stream)) == (None, None)
    os.close(descriptor)
    assert Path(tmp_path / "out").read_bytes() == b"? recorded\n"


def test_a_stream_that_the_caller_closed_takes_everything_and_shows_nothing():
    with unfailing(None, 1) as stream:
        stream.write("recorded: entry 49\n")
        assert failure(stream).errno == errno.EBADF


def test_a_stream_that_is_no_file_stays_as_it_is():
    stream = io.StringIO()
    assert unfailing(stream, 1) is stream
    assert failure(stream) is None


def test_outside_of_a_command_line_the_clock_is_the_machines_and_nothing_is_kept_as_done():
    assert clock_in_use() is system_clock
    stands("entry 49 was recorded")
    assert abs(system_clock().timestamp() - time.time()) < 60


def test_within_a_command_line_the_clock_is_its_own_and_what_is_done_is_kept():
    own = session.Session(lambda: datetime(2025, 1, 21, tzinfo=UTC))
    with click.Context(click.Command("record"), obj=own):
        assert clock_in_use()() == datetime(2025, 1, 21, tzinfo=UTC)
        stands("entry 49 was recorded")
    assert own.done == "entry 49 was recorded"
