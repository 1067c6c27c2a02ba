"""The shape of the house: imports run one way, modules and functions stay small, no number passes through a float."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("domain", "application", "infrastructure", "cli")
LONGEST_MODULE, LONGEST_FUNCTION = 400, 40
STANDARD = sys.stdlib_module_names


def modules(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def nodes(*packages: str) -> Iterator[tuple[str, ast.AST]]:
    """Every part of the sources, with its file and line."""
    for path in modules(*packages):
        for node in ast.walk(tree(path)):
            yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}", node


def test_imports_run_one_way():
    """The contracts are those of pyproject.toml."""
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert "0 broken" in found.stdout


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by a relative name"
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize(
    ("package", "allowed"), [("domain", {"domain", "attrs"}), ("application", {"application", "domain", "attrs"})]
)
def test_what_lies_within_needs_attrs_and_the_standard_library_alone(package, allowed):
    for path in modules(package):
        assert set(imported(path)) - STANDARD <= allowed, path


@pytest.mark.parametrize("package", ["domain", "application"])
def test_what_lies_within_reads_no_clock_no_file_and_no_environment(package):
    outside = {"os", "io", "pathlib", "time", "random", "socket", "subprocess", "sqlite3", "logging", "secrets", "uuid", "sys"}
    for path in modules(package):
        assert not set(imported(path)) & outside, path
        called = {
            node.func.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert not called & {"today", "now", "utcnow"}, path


def test_a_module_has_at_most_four_hundred_lines():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules(*PACKAGES)}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_a_function_has_at_most_forty_lines():
    assert [
        f"{place} {node.name}"
        for place, node in nodes(*PACKAGES)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ] == []


def is_float(node: ast.AST) -> bool:
    return (
        (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
    )


def test_no_number_passes_through_a_float():
    """Nor is one written, named, or made by a division."""
    assert [place for place, node in nodes("domain", "application") if is_float(node)] == []


def test_whatever_is_public_says_what_it_means():
    said = (ast.Module, ast.FunctionDef, ast.ClassDef)
    assert [
        f"{path} {getattr(node, 'name', 'itself')}"
        for path in modules("domain", "application")
        for node in (tree(path), *tree(path).body)
        if isinstance(node, said) and not getattr(node, "name", "").startswith("_") and not ast.get_docstring(node)
    ] == []


def test_a_class_name_has_one_meaning():
    """A name for two things makes a reader look twice. `Answer` and the like would be taken again and again."""
    places: dict[str, list[str]] = {}
    for path in modules(*PACKAGES):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_an_event_has_a_class_and_is_asked_by_the_names_of_its_fields():
    """An event typed Any, or asked for a field by a string in the code, is out of the type checker's sight."""
    for place, node in nodes(*PACKAGES):
        if isinstance(node, ast.arg) and node.arg in ("event", "fact") and node.annotation is not None:
            assert ast.unparse(node.annotation) != "Any", f"{place} has an event of any type"
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "hasattr") and len(node.args) > 1:
            asked, name = node.args[:2]
            is_event = ast.unparse(asked).split(".")[-1] in ("event", "fact")
            assert not (is_event and isinstance(name, ast.Constant)), f"{place} asks an event by a string"
