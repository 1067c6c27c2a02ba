"""`captable export --site`: a folder that appears whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import dossier
from domain.errors import BadInput
from tests.cli.running import captable


def test_without_the_libraries_the_command_says_what_to_install(demo, monkeypatch):
    monkeypatch.setattr(dossier, "missing", lambda: ["starlette"])
    ran = captable("export", "--site", "site")
    assert (ran.code, "this needs starlette: pip install 'captable[web]'" in ran.err, Path("site").exists()) == (2, True, False)


def test_an_empty_folder_is_replaced_and_one_that_cannot_be_is_left_as_it_is(tmp_path):
    def write(place: Path) -> int:
        place.mkdir()
        (place / "index.html").write_text("page")
        return 1

    (tmp_path / "site").mkdir()
    assert dossier._whole(tmp_path / "site", write) == 1
    assert (tmp_path / "site" / "index.html").read_text() == "page"
    with pytest.raises(BadInput, match="cannot be written: Directory not empty"):
        dossier._whole(tmp_path / "site", write)
    assert [each.name for each in tmp_path.iterdir()] == ["site"]
