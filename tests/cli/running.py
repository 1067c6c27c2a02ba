"""Command lines run in this process, as the installed script runs them: what they print, and how they end."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs

from cli.main import main
from cli.session import Clock, system_clock

SCRIPT = Path(sys.executable).parent / "captable"
CODE = "00020"

_clock: ContextVar[Clock] = ContextVar("clock", default=system_clock)


def shown_on(terminal: int) -> str:
    """All that is shown on a terminal, given by its nearer end, until the last program at the other end is gone."""
    shown = b""
    # Linux says EIO then.
    with suppress(OSError):
        while part := os.read(terminal, 65_536):
            shown += part
    os.close(terminal)
    return shown.decode()


@contextmanager
def in_place_of(owner: Any, name: str, value: Any) -> Iterator[None]:
    """An attribute has another value for a while."""
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


@attrs.frozen
class Ran:
    """What a command printed and the exit code it ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def captable(*arguments: str, given: bytes = b"") -> Ran:
    """Run a command line in the working folder. No command may ever show a traceback."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    standard_input = io.TextIOWrapper(io.BytesIO(given), encoding="utf-8")
    with redirect_stdout(out), redirect_stderr(err), in_place_of(sys, "stdin", standard_input):
        try:
            main(list(arguments), _clock.get())
        except SystemExit as ended:
            code = ended.code
    ran = Ran(code if isinstance(code, int) else 0, text_of(out), text_of(err))
    assert "Traceback" not in ran.out + ran.err
    assert "captable: unexpected" not in ran.err, ran.err
    return ran


def text_of(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def done(*arguments: str, given: bytes = b"") -> Ran:
    """Run a command line that is expected to end well."""
    ran = captable(*arguments, given=given)
    assert ran.code == 0, ran.err
    return ran


@contextmanager
def at(moment: str) -> Iterator[None]:
    """The clock stands still. (A frozen `datetime` module would do as well, but its dates are none that JSON can hold.)"""
    now = datetime.fromisoformat(moment)
    before = _clock.set(lambda: now)
    try:
        yield
    finally:
        _clock.reset(before)


def script(
    arguments: Sequence[str], environment: Mapping[str, str] | None = None, **settings: Any
) -> subprocess.CompletedProcess[str]:
    """Run the installed script as a process of its own."""
    return subprocess.run(
        [str(SCRIPT), *arguments],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=60,
        **settings,
    )


def balances(*arguments: str) -> dict[str, dict[str, int]]:
    return {row["share_class"]: row for row in done("balances", "--json", *arguments).json["classes"]}


def head() -> Any:
    """The head of every book of the store in the working folder."""
    return done("verify", "--json").json


def write(name: str, *records: Mapping[str, Any]) -> str:
    """A file of JSON Lines in the working folder."""
    Path(name).write_text("".join(json.dumps(record) + "\n" for record in records))
    return name


def fact(event: str = "PlacingCompleted", **fields: Any) -> dict[str, Any]:
    """A record of a file; a placing of a thousand shares on 1 March 2024 unless asked otherwise."""
    base = {"effective_on": "2024-03-01", "share_class": "B", "shares": 1000} if event == "PlacingCompleted" else {}
    return {"event": event, **base, **fields}


FOUNDING = (
    fact("IssuerRegistered", effective_on="2024-01-02", issuer=CODE, name="Example Limited"),
    fact("ShareClassCreated", effective_on="2024-01-02", share_class="A", class_label="WVR ordinary shares", type_label="A"),
    fact("ShareClassCreated", effective_on="2024-01-02", share_class="B", class_label="WVR ordinary shares", type_label="B"),
    fact("AuthorisedCapitalIncreased", effective_on="2024-01-02", share_class="A", shares=10_000),
    fact("AuthorisedCapitalIncreased", effective_on="2024-01-02", share_class="B", shares=100_000),
    fact("BalanceBroughtForward", effective_on="2024-01-02", share_class="A", held=5_000),
    fact("BalanceBroughtForward", effective_on="2024-01-02", share_class="B", held=50_000),
    fact("SharesRepurchased", effective_on="2024-02-01", share_class="B", shares=700, intention="treasury"),
    fact("TreasurySharesSold", effective_on="2024-05-08", share_class="B", shares=700),
)
LAST = len(FOUNDING)
