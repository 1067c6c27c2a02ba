"""Tens of thousands of command lines by an ordinary user in a folder that is thrown away: none ends otherwise than it says."""

from __future__ import annotations

import json
import subprocess
from collections import Counter

import pytest

from tests.cli.running import done
from tests.faults import ordinary
from tests.faults.servers import USER

NEEDED = ("click", "attrs", "msgspec", "sqlalchemy", "typst", "xlsxwriter", "psycopg", "holidays", "yaml", "rich")


def fuzzed(seed: int, number: int) -> Counter[str]:
    """So many lines as an ordinary user; how many ended with each exit code. Nothing may be at fault."""
    with ordinary.workplace() as folder:
        python = ordinary.python(NEEDED)
        if python is None:
            pytest.skip(f"needs a Python that the user {USER} may run")
        books = folder.parent / "demo.db"
        done("demo", "--store", str(books))
        books.chmod(0o644)
        ran = subprocess.run(
            [*python, "-m", "tests.faults.command_lines", str(seed), str(number), str(books)],
            cwd=folder, env=ordinary.environment(), user=USER, capture_output=True, text=True,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        beside = {path.name for path in folder.parent.iterdir()}
    assert beside == {"work", "demo.db"}
    report = json.loads(ran.stdout)
    assert (report["lines"], report["faults"]) == (number, [])
    return Counter(report["codes"])


@pytest.mark.parametrize(("seeds", "number"), [(1, 150), pytest.param(6, 5_000, marks=pytest.mark.heavy)])
def test_a_command_line_ends_as_it_says_whatever_is_in_it(seeds, number):
    codes = sum((fuzzed(seed, number) for seed in range(1, seeds + 1)), Counter[str]())
    print(
        f"{seeds * number:,} command lines: " + ", ".join(f"{times:,} ended with {code}" for code, times in sorted(codes.items()))
    )
    # Most are refused, or there would be nothing to try; some are taken, or nothing would be tried.
    assert 0 < codes["0"] < codes["2"]
