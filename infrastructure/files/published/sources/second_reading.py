"""The text of a PDF by a second library, to compare with the first.

It reads in a process of its own, which runs this file: pdf_oxide may stop with a panic on a damaged file, and that would end the
program, or print over its answer (decision 34).
"""

from __future__ import annotations

import atexit
import json
import struct
import subprocess
import sys
from contextlib import suppress
from threading import Lock, Timer
from typing import IO

LONGEST_SECONDS = 20
"""A return is read in a fiftieth of a second; a file that takes this long is no return."""

_LENGTH = struct.Struct("<Q")


class SecondReader:
    """The process, started when it is first needed and again after it has ended. One file is read at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def pages(self, content: bytes) -> list[str] | None:
        """The text of every page; None if the second library cannot read the file."""
        with self._lock, suppress(OSError, EOFError):
            process = self._running()
            too_long = Timer(LONGEST_SECONDS, process.kill)
            too_long.start()
            try:
                _send(process.stdin, content)
                found: list[str] | None = json.loads(_received(process.stdout))
                return found
            finally:
                too_long.cancel()
        return None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            # -P: the modules beside this file have names of the standard library.
            self._process = subprocess.Popen(  # noqa: S603 - this file, by this interpreter
                [sys.executable, "-P", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._process

    def close(self) -> None:
        """End the process, where there is one."""
        if self._process is not None:
            self._process.kill()
            # What it had not read is lost with it: a pipe that cannot be emptied any more is closed all the same.
            with suppress(OSError):
                self._process.communicate()
            self._process = None


SECOND_READER = SecondReader()
atexit.register(SECOND_READER.close)


def _send(pipe: IO[bytes] | None, content: bytes) -> None:
    assert pipe is not None  # noqa: S101 - opened with the process
    pipe.write(_LENGTH.pack(len(content)) + content)
    pipe.flush()


def _received(pipe: IO[bytes] | None) -> bytes:
    """What the other end sent. Raises EOFError if it has ended."""
    assert pipe is not None  # noqa: S101 - opened with the process
    head = pipe.read(_LENGTH.size)
    content = pipe.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""
    if not content:
        raise EOFError
    return content


# --- In the other process ---------------------------------------------------------------------------------------------


def _texts(content: bytes) -> list[str] | None:
    import pdf_oxide

    try:
        document = pdf_oxide.PdfDocument.from_bytes(content)
        return [document.extract_text(page) for page in range(document.page_count())]
    except BaseException:
        return None


if __name__ == "__main__":
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            _send(sys.stdout.buffer, json.dumps(_texts(_received(sys.stdin.buffer))).encode())
