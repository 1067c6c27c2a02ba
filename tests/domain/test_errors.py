"""Every error shown to a user derives from one of four, which carry the exit code."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest

import application
import cli
import domain
import infrastructure
from cli.errors import exit_code_of
from domain import errors

FOUR = (errors.BadInput, errors.NotFound, errors.Refused, errors.Damaged)


def exceptions() -> Iterator[type[BaseException]]:
    for package in (domain, application, infrastructure, cli):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" in found.name:
                continue
            for name, kind in inspect.getmembers(importlib.import_module(found.name), inspect.isclass):
                if issubclass(kind, BaseException) and kind.__module__ == found.name and not name.startswith("_"):
                    yield kind


PUBLIC = sorted(set(exceptions()) - {errors.Failure, errors.MayBeRecorded}, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", PUBLIC, ids=lambda kind: kind.__name__)
def test_an_error_derives_from_one_of_four(kind):
    assert sum(issubclass(kind, each) for each in FOUR) == 1


@pytest.mark.parametrize(
    ("kind", "code"),
    [(errors.BadInput, 2), (errors.NotFound, 2), (errors.Refused, 3), (errors.Damaged, 4), (errors.MayBeRecorded, 5)],
)
def test_an_error_carries_the_exit_code_it_ends_a_command_with(kind, code):
    class Derived(kind):
        """As any module may define."""

    assert exit_code_of(Derived("said")) == kind.exit_code == code


def test_a_failure_is_a_sentence_or_a_line_for_each_problem():
    assert (str(errors.BadInput("one sentence")), errors.BadInput("one sentence").lines) == ("one sentence", ())
    several = errors.Refused(["f.jsonl:1: no", "f.jsonl:2: no"])
    assert (str(several), several.lines) == ("f.jsonl:1: no\nf.jsonl:2: no", ("f.jsonl:1: no", "f.jsonl:2: no"))
