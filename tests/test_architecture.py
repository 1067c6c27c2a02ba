"""The shape of the house: imports run one way, modules and functions stay small, no number passes through a float."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("domain", "application", "infrastructure", "cli")
LONGEST_MODULE, LONGEST_FUNCTION = 400, 40
STANDARD = sys.stdlib_module_names


def modules(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


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


@pytest.mark.parametrize("path", modules(*PACKAGES), ids=names(modules(*PACKAGES)))
def test_a_module_has_at_most_four_hundred_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", modules(*PACKAGES), ids=names(modules(*PACKAGES)))
def test_a_function_has_at_most_forty_lines(path):
    functions = [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {
        node.name: node.end_lineno - node.lineno + 1 for node in functions if node.end_lineno - node.lineno >= LONGEST_FUNCTION
    }
    assert long == {}


@pytest.mark.parametrize("path", modules("domain", "application"), ids=names(modules("domain", "application")))
def test_no_number_passes_through_a_float(path):
    for node in ast.walk(tree(path)):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float | complex)), (
            f"{path}:{node.lineno} writes a float"
        )
        assert not (isinstance(node, ast.Name) and node.id == "float"), f"{path}:{node.lineno} names float"
        assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)), f"{path}:{node.lineno} divides into a float"


@pytest.mark.parametrize("path", modules("domain", "application"), ids=names(modules("domain", "application")))
def test_whatever_is_public_says_what_it_means(path):
    module = tree(path)
    assert ast.get_docstring(module)
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{path}: {node.name}"


@pytest.mark.parametrize("path", modules(*PACKAGES), ids=names(modules(*PACKAGES)))
def test_an_event_has_a_class_and_is_asked_by_the_names_of_its_fields(path):
    """An event typed Any, or asked for a field by a string in the code, is out of the type checker's sight."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.arg) and node.arg in ("event", "fact") and node.annotation is not None:
            assert ast.unparse(node.annotation) != "Any", f"{path}:{node.lineno} has an event of any type"
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "hasattr") and len(node.args) > 1:
            asked, name = node.args[:2]
            is_event = ast.unparse(asked).split(".")[-1] in ("event", "fact")
            assert not (is_event and isinstance(name, ast.Constant)), f"{path}:{node.lineno} asks an event by a string"
