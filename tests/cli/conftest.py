"""A folder of its own for every test, with a small book in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import FOUNDING, done, write


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and no settings of the person who runs the tests."""
    for name in ("CAPTABLE_STORE", "CAPTABLE_BY", "CAPTABLE_CALENDAR", "CAPTABLE_DEBUG", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def book(folder: Path) -> Path:
    """captable.db in the working folder: nine entries, 700 treasury shares from February until May 2024."""
    done("record", "--file", write("founding.jsonl", *FOUNDING), "--by", "the secretary")
    return folder / "captable.db"


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's store, made once; tests copy it."""
    path = tmp_path_factory.mktemp("demo") / "captable.db"
    done("demo", "--store", str(path))
    return path


@pytest.fixture
def demo(folder: Path, demo_file: Path) -> Path:
    """captable.db in the working folder: the worked issuer's book."""
    copy = folder / "captable.db"
    copy.write_bytes(demo_file.read_bytes())
    return copy
