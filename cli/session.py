"""What outlasts a command's mistakes in reporting: streams that cannot fail it, and what it has done for good."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TextIO

import click

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The time now, in UTC, by this machine."""
    return datetime.now(UTC)


class Session:
    """One command line, and the clock it goes by.

    `done` says what stands, whatever goes wrong in reporting it; None while nothing does.
    """

    def __init__(self, clock: Clock = system_clock) -> None:
        self.clock = clock
        self.done: str | None = None


def clock_in_use() -> Clock:
    """The clock of this command line; that of the machine in a thread or process of its own."""
    context = click.get_current_context(silent=True)
    session = context.find_object(Session) if context else None
    return session.clock if session else system_clock


def stands(what: str) -> None:
    """Keep what this command has done for good: from here on no error of the command may deny it."""
    context = click.get_current_context(silent=True)
    session = context.find_object(Session) if context else None
    if session is not None:
        session.done = what


class Outlet(io.FileIO):
    """A stream's file. The first failure to write is kept, and whatever follows is thrown away, so that none ends a command."""

    failure: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Write some bytes, or throw them away; how many there were."""
        if self.failure is None:
            try:
                return super().write(data) or 0
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes


def unfailing(stream: TextIO | None, descriptor: int) -> TextIO:
    """A standard stream that never raises; one that the caller closed takes everything and shows nothing."""
    if stream is None:
        outlet = Outlet(os.devnull, "wb")
        outlet.failure = OSError(errno.EBADF, os.strerror(errno.EBADF))
        return io.TextIOWrapper(io.BufferedWriter(outlet), encoding="utf-8", errors="replace")
    # Where Python is asked not to buffer, the buffer is the file itself.
    if isinstance(stream, io.TextIOWrapper) and isinstance(getattr(stream.buffer, "raw", stream.buffer), io.FileIO):
        stream.flush()
        # What a terminal cannot show must not fail a command that has already recorded.
        buffer = io.BufferedWriter(Outlet(descriptor, "wb", closefd=False))
        return io.TextIOWrapper(buffer, stream.encoding, "replace", line_buffering=stream.line_buffering)
    return stream


def failure(stream: TextIO) -> OSError | None:
    """Why a stream did not take what was written to it, if it did not."""
    stream.flush()
    outlet = getattr(getattr(stream, "buffer", None), "raw", None)
    return outlet.failure if isinstance(outlet, Outlet) else None


def reader_left() -> bool:
    """Whether nobody takes the results any more (`| head`), so that a long answer may as well end."""
    return failure(sys.stdout) is not None


def lost(stream: TextIO) -> OSError | None:
    """The failure by which results were lost: not that their reader has left, which is its right."""
    found = failure(stream)
    return None if found is None or isinstance(found, BrokenPipeError) else found
