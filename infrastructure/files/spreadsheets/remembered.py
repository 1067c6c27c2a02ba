"""The columns that were confirmed by recording a sheet, kept by its heads for the next sheet with the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domain import errors
from infrastructure.files.spreadsheets.columns import Match, plain
from infrastructure.whole_file import put

FILE = "captable-columns.json"
"""Kept in the folder of the store, or in the working folder where the store is on a server."""

Heads = tuple[str, ...]
Remembered = Mapping[Heads, Mapping[str, str]]


def load(folder: Path) -> Remembered:
    """The columns by the heads of a sheet: the head of each field. Raises BadInput if the file is damaged."""
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {tuple(each["heads"]): dict(each["columns"]) for each in kept["sheets"]}
    except (ValueError, KeyError, TypeError) as error:
        raise errors.BadInput(
            [f"{path}: expected the columns of sheets as captable keeps them: {error}; remove the file"]
        ) from None


def keep(folder: Path, remembered: Remembered, match: Match) -> None:
    """Keep the columns of a sheet."""
    now = {each.field: plain(each.head) for each in match.columns if each.field is not None}
    if remembered.get(match.heads) == now:
        return
    sheets: list[dict[str, Any]] = [
        {"heads": list(heads), "columns": dict(columns)} for heads, columns in {**remembered, match.heads: now}.items()
    ]
    put(folder / FILE, (json.dumps({"sheets": sheets}, ensure_ascii=False, indent=2) + "\n").encode())
