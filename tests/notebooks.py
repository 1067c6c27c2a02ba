"""Notebooks read and run cell by cell, without a kernel: what each cell shows is the value of its last expression."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def code_of(notebook: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """The cells of code with their source."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            yield cell, "".join(cell["source"])


def shown(source: str, names: dict[str, Any]) -> str | None:
    """Run a cell; what a Python shell would print of its last expression, None if it is not one."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
    value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None  # type: ignore[attr-defined]
    if value is not None and hasattr(value, "_repr_html_"):
        assert value._repr_html_()
    return None if value is None else repr(value)


def run(text: str) -> str:
    """A notebook with what its cells show today."""
    notebook, names = json.loads(text), {"__name__": "__main__"}
    for count, (cell, source) in enumerate(code_of(notebook), 1):
        said = shown(source, names)
        cell["execution_count"] = count
        cell["outputs"] = [] if said is None else [_output(said, count)]
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _output(said: str, count: int) -> dict[str, Any]:
    lines = said.splitlines(keepends=True)
    return {"data": {"text/plain": lines}, "execution_count": count, "metadata": {}, "output_type": "execute_result"}


def made(path: Path, cells: list[tuple[str, str]]) -> None:
    """Write a notebook of cells: each `markdown` or `code`, and its source."""
    notebook = {
        "cells": [_cell(number, kind, source) for number, (kind, source) in enumerate(cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _cell(number: int, kind: str, source: str) -> dict[str, Any]:
    made = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": source.splitlines(keepends=True)}
    return made if kind == "markdown" else {**made, "execution_count": None, "outputs": []}
