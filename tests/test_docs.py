"""The documents are true: commands print what they show, names exist, links lead somewhere, nothing private is in a file."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

from cli.main import COMMANDS
from domain.events import EVENT_TYPES
from tests import update_docs
from tests.update_docs import ROOT, Run

STALE = "run python -m tests.update_docs, and read the difference"
DEMO = "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt . && .venv/bin/captable demo"
TESTS = "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[dev]' && .venv/bin/pytest"

DOCUMENTS = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md")))
CODE = ("domain", "application", "infrastructure", "cli", "tests")


@cache
def fresh() -> tuple[dict[Path, str], dict[Path, list[Run]]]:
    return update_docs.fresh()


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=named)


# --- README and the documents that are made ---------------------------------------------------------------------------


MADE = (
    update_docs.README, update_docs.TUTORIAL, update_docs.QUERIES, update_docs.PYTHON, update_docs.EXAMPLE, update_docs.EVENTS,
    update_docs.RULES, update_docs.FORMS_PAGE, update_docs.COMMANDS_PAGE,
)  # fmt: skip


@pytest.mark.parametrize("path", MADE, ids=named)
def test_what_is_made_from_the_program_is_as_the_program_makes_it_today(path):
    shown, made = text(path).splitlines(), fresh()[0][path].splitlines()
    assert shown == made, STALE


def test_every_command_of_the_readme_succeeds():
    runs = fresh()[1][update_docs.README]
    assert [run.command for run in runs if run.code] == []
    assert {"demo", "record", "correct", "balances", "return"} <= {run.command.split()[2] for run in runs}


def test_every_command_of_the_page_on_queries_succeeds():
    assert [run.command for run in fresh()[1][update_docs.QUERIES] if run.code] == []


def test_a_balance_of_the_readme_differs_between_its_two_viewpoints():
    now, then = (run.output for run in fresh()[1][update_docs.README] if run.command.startswith("$ captable balances"))
    # 36,393,336,530 at the end of 2024, and the placing: 102,000,000 as corrected, 120,000,000 as first recorded.
    assert "36,495,336,530" in now
    assert "36,513,336,530" in then


def test_the_two_set_up_lines_stand_alone_and_the_gate_runs_the_second():
    lines = text(update_docs.README).splitlines()
    for line in (DEMO, TESTS):
        place = lines.index(line)
        assert (lines[place - 1], lines[place + 1]) == ("```sh", "```")
    assert f'command="{TESTS}"\n' in text(ROOT / ".ci" / "run")
    assert '/run" --newest\n' in text(ROOT / ".ci" / "newest")


def test_a_constraint_is_a_name_and_a_version():
    lines = [line for line in text(ROOT / "constraints.txt").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+( ; python_version [<>=]+ \"3\.\d+\")?", line)] == []


def test_the_constraints_are_made_with_every_extra():
    """.ci/run checks that what the tests install is in them; a cluster is an extra that the tests do without."""
    extras = set(tomllib.loads(text(ROOT / "pyproject.toml"))["project"]["optional-dependencies"])
    pinned = re.search(r"install -q '\.\[(.+)\]'", text(ROOT / ".ci" / "pin"))
    assert pinned is not None
    assert set(pinned[1].split(",")) == extras


def test_the_extra_and_the_command_that_the_set_up_lines_name_exist():
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    assert "dev" in project["optional-dependencies"]
    assert "captable" in project["scripts"]


def test_every_command_is_on_the_page_of_commands():
    assert [name for name in COMMANDS if f"`captable {name}`" not in text(update_docs.COMMANDS_PAGE)] == []


@each_document
def test_every_command_that_a_document_names_exists(document):
    assert [name for name in re.findall(r"`captable ([a-z]+(?:-[a-z]+)*)", text(document)) if name not in COMMANDS] == []


def test_every_event_has_a_heading_of_its_own_and_every_field_a_meaning():
    headings = re.findall(r"^### (\w+)$", text(update_docs.EVENTS), re.MULTILINE)
    assert sorted(headings) == sorted(kind.__name__ for kind in EVENT_TYPES)
    assert re.findall(r"\| *\|$", text(update_docs.EVENTS), re.MULTILINE) == []


def test_every_code_in_the_program_has_a_row_in_the_rules_page_and_the_glossary_leads_there():
    codes = {code for path in ROOT.glob("domain/**/*.py") for code in re.findall(r'"(HK\d{3})"', text(path))}
    assert codes
    assert codes == set(re.findall(r"^\| (HK\d{3}) \|", text(update_docs.RULES), re.MULTILINE))
    assert "](rules.md)" in text(ROOT / "docs" / "glossary.md")


@each_document
def test_every_code_that_a_document_names_is_that_of_a_rule(document):
    assert [code for code in re.findall(r"\bHK\d{3}\b", text(document)) if f"| {code} |" not in text(update_docs.RULES)] == []


def test_the_changelog_knows_the_version():
    version = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]["version"]
    assert re.search(rf"^## .*\b{re.escape(version)}\b", text(ROOT / "CHANGELOG.md"), re.MULTILINE)


def test_every_decision_is_listed_once_answers_the_same_questions_and_fills_half_a_page():
    pages = sorted(path for path in (ROOT / "docs" / "decisions").glob("*.md") if path.name != "README.md")
    listed = re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", text(ROOT / "docs" / "decisions" / "README.md"))
    assert listed == [page.name for page in pages]
    for page in pages:
        parts = re.findall(r"^\*\*(.+?)\.\*\*", text(page), re.MULTILINE)
        assert parts == ["Decided", "Follows", "Set aside", "Code"], page.name
        assert len(text(page).splitlines()) <= 25, page.name


# --- links and names --------------------------------------------------------------------------------------------------


def anchors(path: Path) -> set[str]:
    """The anchors that headings make, as GitHub does: lower case, spaces to hyphens, other signs dropped."""
    headings = re.findall(r"^#+ (.+)$", text(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_document
def test_every_link_leads_somewhere(document):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text(document)):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        path = (document.parent / name).resolve() if name else document
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(target)
    assert broken == []


@each_document
def test_every_path_that_a_document_names_exists(document):
    paths = re.findall(rf"`((?:{'|'.join(CODE)}|docs|\.ci)/[\w./-]*)`", text(document))
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_architecture_page_names_every_room_of_the_house_and_fits_two_screens():
    page = text(ROOT / "docs" / "architecture.md")
    rooms = {path.parent for folder in CODE[:-1] for path in (ROOT / folder).rglob("*.py")}
    assert [named(room) for room in sorted(rooms) if f"`{named(room)}/`" not in page] == []
    assert len(page.splitlines()) <= 110


@each_document
def test_every_name_in_the_code_that_a_document_gives_exists(document):
    names = re.findall(rf"`((?:{'|'.join(CODE)})(?:\.\w+)+)`", text(document))
    assert [name for name in names if not _resolves(name)] == []


def _resolves(name: str) -> bool:
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


# --- what no file may hold --------------------------------------------------------------------------------------------

# Written so that they do not match themselves.
FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"(?<![\w.:/])/(?:home|Users|root|work|workspace)/\w"),
    "the address of a package registry": re.compile(
        r"pypi[.]org|pythonhosted[.]org|test[.]pypi|registry[.]npmjs|/simple[/](?!\w)|index[-]url"
    ),
    "a file beside the repository": re.compile(r"[.][.]/shared"),
}


def repository() -> list[Path]:
    """Every file that is or would be committed."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        found = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs git and a repository")
    return [path for name in found.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_no_file_names(kind):
    found = []
    for path in repository():
        content = path.read_bytes().decode("utf-8", "replace")
        found += [f"{named(path)}: {match[0]}" for match in FORBIDDEN[kind].finditer(content)]
        if kind == "a path of somebody's machine" and str(ROOT) in content:
            found.append(f"{named(path)}: where this repository is")
    assert found == []
