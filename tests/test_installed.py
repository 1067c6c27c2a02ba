"""What is installed from the wheel, in a fresh environment: the name that one imports, and the types that a checker sees."""

from __future__ import annotations

import importlib.util
import os
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# It is among what the tests need; where it is not installed yet, the rest of the suite still runs.
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("hatchling") is None and "CI" not in os.environ, reason="hatchling is not installed"
)

PROGRAM = """\
import captable

with captable.open_store("captable.db") as store:
    book = store.book("00020")
    reveal_type(book.balances(as_of="2024-12-17"))
    reveal_type(book.mandates()[0].headroom)
    reveal_type(book.due()[0].due_at)
    reveal_type(book.monthly_return("2024-12").document)
    book.balances(as_of=20241217)
"""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment in which the wheel is installed, and what it needs is found where these tests have it."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=False)
    packages = next((folder / "venv").glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as content:
        content.extractall(packages)
    # A path file within a folder that another one names is not read: so the project itself is not found this way.
    (packages / "needed.pth").write_text("\n".join(site.getsitepackages()))
    return folder / "venv" / "bin" / "python"


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MYPY", "COV"))}
    return subprocess.run([*command], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_the_wheel_has_each_package_once_with_its_types(fresh):
    packages = next(fresh.parent.parent.glob("lib/python*/site-packages"))
    for name in ("domain", "application", "infrastructure", "cli", "captable"):
        assert (packages / name / "py.typed").exists(), name
        assert (packages / name / "__init__.py").exists(), name
    assert not (packages / "cli" / "python").exists()


def test_the_library_is_imported_from_what_is_installed(fresh, tmp_path):
    ran = run(fresh, "-c", "import captable, cli.library; print(captable.__file__, cli.library.__file__)", folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert all(str(fresh.parent.parent) in path for path in ran.stdout.split())


def test_a_type_checker_sees_the_types_of_the_library(fresh, tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    kept = ROOT / ".mypy_cache" / "installed"
    checker = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", kept, "--python-executable", fresh, "program.py"]
    said = run(*checker, folder=tmp_path).stdout.splitlines()
    revealed = [line.partition('Revealed type is "')[2].rstrip('"') for line in said if "Revealed type" in line]
    assert [each.replace("cli.table.", "").replace("cli.web.answers.", "") for each in revealed] == [
        "Table[ClassRow]",
        "int | None",
        "datetime.datetime",
        "domain.returns.documents.MonthlyReturn | domain.returns.documents.NextDayReturn",
    ]
    errors = [line for line in said if ": error: " in line]
    assert len(errors) == 1, said
    assert errors[0].startswith('program.py:9: error: Argument "as_of" to "balances" of "Book" has incompatible type "int"')
