"""A folder of its own for every test, with a small book in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.running import FOUNDING, done, write

FACTS = "founding.jsonl"


SETTINGS = ("CAPTABLE_STORE", "CAPTABLE_BY", "CAPTABLE_CALENDAR", "CAPTABLE_DEBUG", "COLUMNS", "NO_COLOR")


@contextmanager
def working_in(folder: Path) -> Iterator[Path]:
    """A working folder, and no settings of the person who runs the tests."""
    with pytest.MonkeyPatch.context() as change:
        for name in SETTINGS:
            change.delenv(name, raising=False)
        change.chdir(folder)
        yield folder


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    """An empty working folder."""
    with working_in(tmp_path):
        yield tmp_path


@pytest.fixture(scope="session")
def book_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book's store, with the file of its facts beside it, made once; tests copy both."""
    with working_in(tmp_path_factory.mktemp("book")) as made:
        done("record", "--file", write(FACTS, *FOUNDING), "--by", "the secretary")
    return made / "captable.db"


@pytest.fixture
def book(folder: Path, book_file: Path) -> Path:
    """captable.db in the working folder: nine entries, 700 treasury shares from February until May 2024; and their file."""
    shutil.copy(book_file.with_name(FACTS), folder)
    return Path(shutil.copy(book_file, folder))


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's store, made once; tests copy it."""
    with working_in(tmp_path_factory.mktemp("demo")) as made:
        done("demo", "--store", "captable.db")
    return made / "captable.db"


@pytest.fixture
def demo(folder: Path, demo_file: Path) -> Path:
    """captable.db in the working folder: the worked issuer's book."""
    return Path(shutil.copy(demo_file, folder))
