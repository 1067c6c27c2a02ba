"""An ordinary user, for what root may not do or must not try: PostgreSQL refuses root, and a fuzzed line is to find closed doors.

The Python of the tests may lie where only root may go; then one of the system's is used, with the libraries of the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.faults.servers import USER, folders

ROOT = Path(__file__).parents[2]
PACKAGES = next((path for path in sys.path if path.endswith("site-packages")), "")


def environment() -> dict[str, str]:
    """What a program of this user finds in its environment: the tests and their libraries, and nothing of ours."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{PACKAGES}",
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def python(modules: Sequence[str]) -> tuple[str, ...] | None:
    """The words that run a Python with some modules, which this user may run; None if there is none."""
    for program in filter(None, (sys.executable, shutil.which("python3", path=os.defpath))):
        # Without the libraries of the system: they may not go together with those of the tests.
        words = (program, "-S")
        with suppress(OSError):
            command = [*words, "-c", f"import {', '.join(modules)}"]
            if subprocess.run(command, env=environment(), user=USER, cwd="/", capture_output=True).returncode == 0:
                return words
    return None


@contextmanager
def workplace() -> Iterator[Path]:
    """An empty folder of this user, in one that only root may write; removed afterwards."""
    with folders() as place:
        own = place / "work"
        own.mkdir()
        if USER is not None:
            shutil.chown(place, "root")
            place.chmod(0o755)
            shutil.chown(own, USER)
        yield own
