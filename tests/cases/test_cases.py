"""Small books of invented issuers, each with the commands a person would type and what they must answer.

A case has a `title`, a clock (`at`) where the day matters, and `steps` in order. A step records facts (`record`, in the words of
`record --file`) or runs a command (`run`), and gives its exit code (`exit`, 0 unless given), texts that stand in what it
printed on either stream (`prints`, white space counts once), and texts that must not (`never`).
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import folder  # noqa: F401
from tests.cli.running import at, captable, write
from tests.written import texts_of

CASES = sorted(Path(__file__).parent.glob("*.yaml"))
IDS = [path.stem for path in CASES]


def read(path: Path) -> Mapping[str, Any]:
    case: Mapping[str, Any] = texts_of(path)
    return case


def run(number: int, step: Mapping[str, Any]) -> None:
    if "record" in step:
        ran = captable("record", "--file", write(f"facts-{number}.jsonl", *step["record"]), "--by", "secretary")
    else:
        ran = captable(*shlex.split(step["run"]))
    printed = squeezed(ran.out + ran.err)
    assert ran.code == int(step.get("exit", 0)), printed
    for text in step.get("prints", ()):
        assert squeezed(text) in printed, f"{text!r} is not in:\n{ran.out}{ran.err}"
    for text in step.get("never", ()):
        assert squeezed(text) not in printed, f"{text!r} is in:\n{ran.out}{ran.err}"


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("path", CASES, ids=IDS)
def test_the_commands_of_a_case_answer_as_it_says(path):
    case = read(path)
    with at(case["at"]) if "at" in case else nullcontext():
        for number, step in enumerate(case["steps"], 1):
            run(number, step)


@pytest.mark.parametrize("path", CASES, ids=IDS)
def test_a_case_has_a_title_and_steps_that_each_say_what_they_answer(path):
    case = read(path)
    assert set(case) <= {"title", "at", "steps"}
    assert case["title"].strip()
    runs = [step for step in case["steps"] if "run" in step]
    assert runs
    assert all(set(step) <= {"record", "exit", "prints", "never"} for step in case["steps"] if "record" in step)
    assert all(set(step) <= {"run", "exit", "prints", "never"} and step.get("prints") for step in runs)
